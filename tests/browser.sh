#!/bin/sh
# Makes sure of a Chromium, and of nginx for the hosting test: Debian's packages, or Playwright's browser where that works.
set -eu
bin=$1
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }
missing=""
command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 || [ -n "${CHROMIUM:-}" ] || missing="chromium"
command -v nginx >/dev/null 2>&1 || [ -x /usr/sbin/nginx ] || missing="$missing nginx-light"
[ -n "$missing" ] || exit 0
if command -v apt-get >/dev/null 2>&1; then
  # shellcheck disable=SC2086
  if as_root apt-get update -qq && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null; then
    exit 0
  fi
fi
case "$missing" in
  *chromium*) "$bin/python" -m playwright install --with-deps chromium || "$bin/python" -m playwright install chromium ;;
esac
