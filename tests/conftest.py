"""What the tests share: one Chromium, the article served by each engine, and the article exported."""

import asyncio
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parent.parent
ENGINES = ("python", "browser")


def chromium_path():
    """Return where Chromium is: Debian's or another on the path; None for Playwright's own."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()


@contextmanager
def serving(*arguments, env=None):
    """Run `python -m app serve` on a free port; yield (address, process, lines printed so far)."""
    command = [sys.executable, "-m", "app", "serve", "--port", "0", *arguments]
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={**os.environ, **(env or {})}
    )
    lines, ready = [], threading.Event()

    def read():
        for line in process.stdout:
            lines.append(line.rstrip())
            if "http://" in line:
                ready.set()
        ready.set()

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    try:
        assert ready.wait(60), lines
        found = [re.search(r"http://\S+", line) for line in lines]
        address = next((match[0] for match in found if match), None)
        assert address, lines
        yield address.rstrip("/"), process, lines
    finally:
        process.terminate()
        process.wait(20)
        reader.join(5)
        process.stdout.close()


def free_port():
    """Return a port that nothing listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@contextmanager
def in_this_process(make_server, finish=lambda: None):
    """Serve from a thread of this process, with a loop of its own, so that what the server holds can be looked at; yield its address."""
    started, box = threading.Event(), {}

    def run():
        asyncio.set_event_loop(asyncio.new_event_loop())
        running = box["server"] = make_server()
        running.start()
        running.io_loop.add_callback(started.set)
        running.io_loop.start()
        running.stop()
        finish()

    thread = threading.Thread(target=run)
    thread.start()
    assert started.wait(30)
    try:
        yield f"http://127.0.0.1:{box['server'].port}/"
    finally:
        box["server"].io_loop.add_callback(box["server"].io_loop.stop)
        thread.join(20)


@pytest.fixture(scope="session")
def served():
    """Addresses of the served article, by engine."""
    with serving() as (python, _, _), serving("--engine", "browser") as (javascript, _, _):
        yield dict(zip(ENGINES, (python, javascript), strict=True))


@pytest.fixture(scope="session")
def exported(tmp_path_factory):
    """The folder of the exported article."""
    from app.export import export

    out = tmp_path_factory.mktemp("site")
    export(out)
    return out


class Tab:
    """A page whose console must stay empty, with the figures' runtime at hand."""

    def __init__(self, context):
        self.context, self.page, self.messages, self.requests = context, context.new_page(), [], []
        self.page.on("console", lambda m: self.messages.append(m.text) if m.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda error: self.messages.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))

    def open(self, url):
        """Go there and wait until every figure on the page has registered; return self."""
        self.page.goto(url)
        self.page.wait_for_selector("html[data-ready]", state="attached", timeout=60000)
        return self

    def state(self, slug):
        """Return the figure's Parameters as the browser has them."""
        return self.page.evaluate("slug => momentumFigures.get(slug).get()", slug)

    def set(self, slug, values):
        """Set Parameters as a reader's hand would."""
        self.page.evaluate("([slug, values]) => momentumFigures.get(slug).set(values)", [slug, values])

    def words(self, slug):
        """Return what the figure says."""
        return self.page.evaluate("slug => momentumFigures.get(slug).sentence.text", slug)

    def tables(self, slug):
        """Return the figure's tables as drawn: {table: {column: list}}; what is not finite as text."""
        return self.page.evaluate(
            """slug => Object.fromEntries(Object.entries(momentumFigures.get(slug).sources).map(([name, source]) => [name,
            Object.fromEntries(Object.entries(source.data).map(([column, values]) => [column, [...values].map((v) =>
            typeof v == "number" && !Number.isFinite(v) ? String(v) : v?.shape != null ? [...v] : v)]))]))""",
            slug,
        )

    def until(self, condition, seconds=20):
        """Return whether `condition()` becomes true in time; the page goes on meanwhile."""
        deadline = time.monotonic() + seconds
        while not (met := condition()) and time.monotonic() < deadline:
            self.page.wait_for_timeout(20)
        return met

    def wait_for(self, script, argument=None):
        """Wait until the script is true."""
        self.page.wait_for_function(script, arg=argument, timeout=20000)


@pytest.fixture
def open_tab(browser):
    """Return a function that opens tabs; when the test ends, none of their consoles may hold a message."""
    tabs = []

    def make(**options):
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        tabs.append(Tab(context))
        return tabs[-1]

    yield make
    messages = [message for tab in tabs for message in tab.messages]
    for tab in tabs:
        tab.context.close()
    assert messages == []
