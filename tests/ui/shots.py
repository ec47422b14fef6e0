"""Screenshots of every figure: `make shots`; light and dark, 1280 and 390 px wide, and the article's first screen."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from app.export import export
from components import FIGURES
from tests.conftest import chromium_path

SIZES = ((1280, 900), (390, 844))
READY = "html[data-ready]"


def shoot(out):
    """Write the screenshots under `out`; return their number."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        export(folder)
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox"])
        for scheme in ("light", "dark"):
            for width, height in SIZES:
                page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
                for slug in FIGURES:
                    page.goto(f"file://{folder}/figures/{slug}.html")
                    page.wait_for_selector(READY, state="attached")
                    page.wait_for_timeout(300)
                    page.screenshot(path=out / f"{slug}-{width}-{scheme}.png", full_page=True)
                page.goto(f"file://{folder}/index.html")
                page.wait_for_selector(READY, state="attached")
                page.wait_for_timeout(300)
                page.screenshot(path=out / f"article-{width}-{scheme}.png")
                page.close()
        browser.close()
    return len(list(out.glob("*.png")))


if __name__ == "__main__":
    target = Path(sys.argv[1] if len(sys.argv) > 1 else "build/shots")
    shoot(target)
