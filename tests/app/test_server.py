"""The server: addresses, errors, origins, and how it ends."""

import base64
import gc
import http.client
import itertools
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial

import pytest
from bokeh.client import pull_session
from bokeh.core.has_props import HasProps
from bokeh.document import Document
from bokeh.models import ColumnDataSource
from bokeh.server.views.ws import WSHandler

from app import page, server
from components import FIGURES
from components.figure import Figure
from tests.conftest import ROOT, free_port, in_this_process, serving


def fetch(address):
    with urllib.request.urlopen(address, timeout=30) as answer:
        return answer.status, answer.read().decode()


def run(*arguments, env=None):
    return subprocess.run(
        [sys.executable, "-m", "app", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, **(env or {})},
    )


def test_the_article_and_each_figure_have_an_address(served):
    for address in served.values():
        status, text = fetch(address + "/")
        assert status == 200
        for slug in FIGURES:
            assert f'data-figure="{slug}"' in text
            alone = fetch(f"{address}/figures/{slug}")[1]
            assert alone.count('<figure class="figure') == 1


def test_health(served):
    assert fetch(served["python"] + "/health")[0] == 200


@pytest.mark.parametrize("path", ["/figures/nonsense", "/nowhere", "/figures/", "/%3Cscript%3E"])
def test_an_unknown_address_is_a_404_that_lists_the_figures(served, path):
    with pytest.raises(urllib.error.HTTPError) as caught:
        fetch(served["python"] + path)
    assert caught.value.code == 404
    text = caught.value.read().decode()
    assert "<script>" not in text
    for slug in FIGURES:
        assert f"figures/{slug}" in text


def test_the_links_of_the_404_lead_to_figures(open_tab, served):
    tab = open_tab()
    tab.page.goto(served["python"] + "/figures/nonsense")
    tab.page.get_by_role("link", name="hero").click()
    tab.page.wait_for_selector("html[data-ready]", state="attached")
    tab.messages.clear()  # the 404 itself


def test_a_port_in_use_is_said_plainly(served):
    port = served["python"].rpartition(":")[2]
    done = run("serve", "--port", port)
    assert done.returncode == 1
    assert (
        done.stderr.strip()
        == f"error: cannot listen on 127.0.0.1 port {port}: Address already in use; choose another with --port"
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("serve", "--port", "70000"), "argument --port: '70000' is not a port: a whole number from 0 to 65535"),
        (("serve", "--port", "x"), "argument --port: 'x' is not a port"),
        (("serve", "--engine", "abacus"), "argument --engine: invalid choice: 'abacus'"),
        (("export",), "the following arguments are required: --out"),
        (("export", "--out", "x", "--figure", "nonsense"), "argument --figure: invalid choice: 'nonsense'"),
        (("export", "--out", "README.md"), "error: out: README.md is a file, not a folder"),
        (("export", "--out", "README.md/site"), "error: [Errno 20] Not a directory: 'README.md/site"),
        (("serve", "--host", "203.0.113.7"), "error: cannot listen on 203.0.113.7"),
        (("serve", "--port", "0", "--origin", "a:b:c"), "error: "),
    ],
)
def test_bad_arguments_are_named(arguments, said):
    done = run(*arguments)
    assert done.returncode != 0
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_an_engine_from_the_environment_is_taken_and_checked(monkeypatch):
    monkeypatch.setenv("MOMENTUM_ENGINE", "browser")
    assert server.chosen_engine() == "browser"
    monkeypatch.setenv("MOMENTUM_ENGINE", "abacus")
    with pytest.raises(ValueError, match="engine: 'abacus' is not one of python, browser"):
        server.chosen_engine()
    assert "error: engine: 'abacus' is not one of" in run("serve", env={"MOMENTUM_ENGINE": "abacus"}).stderr


@pytest.mark.parametrize(
    ("given", "environment", "expected"),
    [
        ((), {}, ""),
        ((), {"HOST": "x86_64-conda-linux-gnu", "ENGINE": "unity"}, ""),
        ((), {"PORT": "8000"}, "--port 8000"),
        (("HOST=0.0.0.0", "PORT=8000", "ENGINE=browser"), {}, "--host 0.0.0.0 --port 8000 --engine browser"),
        (("HOST=0.0.0.0",), {"HOST": "x86_64-conda-linux-gnu"}, "--host 0.0.0.0"),
    ],
)
def test_make_serve_passes_on_what_it_is_given_and_no_shell_s_own_host(given, environment, expected):
    # The variables of a make that runs these tests are not ours.
    clean = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MFLAGS", "HOST", "PORT", "ENGINE")}
    command = ["make", "--no-print-directory", "--dry-run", "--assume-old=.venv/.installed", "serve", *given]
    said = subprocess.run(command, cwd=ROOT, env=clean | environment, capture_output=True, text=True, check=True).stdout
    assert said.split("python -m app serve")[1].split() == expected.split()


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_cleanly(sign):
    with serving() as (_, process, lines):
        process.send_signal(sign)
        assert process.wait(15) == 0
    assert not any("Traceback" in line for line in lines)


def test_plain_panel_serve_works(open_tab):
    command = [sys.executable, "-m", "panel", "serve", "app", "--port", "0"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        for line in process.stdout:
            if "http://" in line:
                address = line.strip().rpartition(" ")[2]
                break
        tab = open_tab().open(address)
        # It has no page for a figure alone: none is offered.
        assert tab.page.locator("[data-act=copy-link]").count() == len(FIGURES)
        assert tab.page.locator("[data-act=embed], [data-url]").count() == 0
        tab.set("error_decomposition", {"alpha_lam": 1})
        tab.wait_for("() => momentumFigures.get('error_decomposition').sentence.text.includes('0.99')")
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()


def test_what_bokeh_is_remembered_to_have_said_it_says():
    document = Document()
    page.build(document, asset=str, figure_url=str, article_url="./")
    remembered = HasProps._overridden_defaults.__func__
    asked = set()
    for model in document.models:
        cls = type(model)
        if cls in asked:
            continue
        asked.add(cls)
        assert cls._overridden_defaults() == remembered.__wrapped__(cls)
        for descriptor in map(cls.lookup, cls.properties()):
            said = descriptor.property._may_have_unstable_default() or descriptor.is_unstable(
                cls.__overridden_defaults__.get(descriptor.name)
            )
            assert descriptor.has_unstable_default(model) == said, (cls, descriptor)
    assert len(asked) > 20


def elsewhere(act):
    """Return what `act` returns, run in a thread of its own: Playwright's loop runs in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(act).result()


def answer_to(address, origin):
    """Return the status with which the server answers a page of `origin` that asks for a websocket."""
    host, _, path = address.removeprefix("http://").partition("/")
    connection = http.client.HTTPConnection(host, timeout=30)
    key = base64.b64encode(bytes(16)).decode()
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": key}
    connection.request("GET", f"/{path}", headers=upgrade | {"Origin": origin, "Sec-WebSocket-Protocol": "bokeh, x"})
    with closing(connection):
        return connection.getresponse().status


@pytest.mark.parametrize("port", ["any", "given"])
def test_pages_of_its_own_and_of_named_hosts_may_connect_and_no_others(port):
    arguments = () if port == "any" else ("--port", str(free_port()))
    with serving("--origin", "good.example", "--origin", "near.example:8443", *arguments) as (address, _, _):
        port = address.rpartition(":")[2]
        own = [f"http://{name}:{port}" for name in ("127.0.0.1", "localhost")]
        for origin in (*own, "http://good.example", "https://good.example", "https://near.example:8443"):
            assert answer_to(address + "/ws", origin) == 101, origin
        for origin in ("http://evil.example", "http://near.example", "http://127.0.0.1", "http://good.example.evil.example"):
            assert answer_to(address + "/ws", origin) == 403, origin


def test_under_a_prefix_everything_is_where_its_links_say(open_tab):
    with serving("--prefix", "/m") as (address, _, _):
        assert address.endswith("/m")
        assert fetch(address + "/health")[0] == 200
        tab = open_tab().open(address + "/")
        tab.set("hero", {"beta": 0.3})
        tab.wait_for("() => momentumFigures.get('hero').get().beta === 0.3")
        own = [url for url in tab.requests if url.startswith("http")]
        assert all(url.startswith(address + "/") for url in own), own
        tab.page.goto(address + "/figures/rate_map")
        tab.page.wait_for_selector("html[data-ready]", state="attached")
        for path in ("/nowhere", "/figures/nonsense", "/figures/a/b"):
            tab.page.goto(address + path)
            links = tab.page.eval_on_selector_all("a", "links => links.map((link) => link.href)")
            assert links == [address + "/", *(f"{address}/figures/{slug}" for slug in FIGURES)]
        tab.messages.clear()  # the 404s themselves


def alive():
    """Return how many figures, states and sources there are."""
    gc.collect()
    kinds = (Figure, ColumnDataSource, *(figure.State for figure in FIGURES.values()))
    return sum(isinstance(thing, kinds) for thing in gc.get_objects())


def visit(address):
    """Open a session and close it."""
    session = pull_session(url=address)
    assert session.document.roots
    session.close()


def test_small_messages_are_not_held_back():
    def delays(address):
        session = pull_session(url=address + "figures/hero")
        handlers = [thing for thing in gc.get_objects() if isinstance(thing, WSHandler) and thing.ws_connection]
        found = [h.ws_connection.stream.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) for h in handlers]
        session.close()
        return found

    with in_this_process(partial(server.make_server, port=0)) as address:
        found = elsewhere(lambda: delays(address))
    assert found
    assert all(found)


def test_thirty_readers_come_and_go_and_nothing_of_them_stays():
    before = alive()
    with in_this_process(partial(server.make_server, port=0)) as address:
        pages = itertools.cycle(["", *(f"figures/{slug}" for slug in FIGURES)])
        elsewhere(lambda: [visit(address + path) for path in itertools.islice(pages, 30)])
        deadline = time.monotonic() + 60
        while alive() > before and time.monotonic() < deadline:
            time.sleep(1)
        assert alive() == before
