"""The three ways to host, and the notebook: each recipe of the README, run."""

import functools
import http.server
import re
import shutil
import subprocess
import threading
from contextlib import contextmanager
from pathlib import Path

import nbformat
import pytest
from bokeh.document import Document
from bokeh.embed.bundle import Bundle
from bokeh.embed.elements import html_page_for_render_items
from bokeh.embed.util import standalone_docs_json_and_render_items
from bokeh.util.paths import bokehjs_path
from nbclient import NotebookClient

from app.page import SCRIPTS
from components import FIGURES, RateMap
from tests.conftest import ROOT, free_port, serving

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


@contextmanager
def static_host(folder):
    """Any web host: the folder as it is."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def drag(tab, by=60):
    handle = tab.page.locator(".noUi-handle").first
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    tab.page.mouse.move(x, y)
    tab.page.mouse.down()
    tab.page.mouse.move(x + by, y, steps=5)
    tab.page.mouse.up()


def test_a_static_host_serves_the_folder_as_it_is(open_tab, exported):
    with static_host(exported) as address:
        tab = open_tab().open(f"{address}/figures/rate_map.html?rate_map.beta=0.4")
        before = tab.words("rate_map")
        drag(tab)
        tab.wait_for("([words]) => momentumFigures.get('rate_map').sentence.text !== words", [before])
        assert tab.state("rate_map")["beta"] == 0.4


@contextmanager
def behind_nginx(folder):
    """Two processes behind Debian's nginx, with the configuration that the README names."""
    port = free_port()
    origin = ("--origin", f"127.0.0.1:{port}")
    with serving(*origin) as (one, _, _), serving(*origin) as (two, _, _):
        site = (ROOT / "app/nginx.conf").read_text(encoding="utf-8")
        site = site.replace("127.0.0.1:5006", one.removeprefix("http://")).replace("127.0.0.1:5007", two.removeprefix("http://"))
        site = site.replace("listen 127.0.0.1:8080", f"listen 127.0.0.1:{port}")
        paths = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        whole = f"pid {folder}/pid; error_log {folder}/error.log; events {{}} http {{ access_log {folder}/access.log; {paths} {site} }}"
        (folder / "nginx.conf").write_text(whole, encoding="utf-8")
        arguments = [
            NGINX,
            "-c",
            str(folder / "nginx.conf"),
            "-p",
            str(folder),
            "-e",
            str(folder / "error.log"),
            "-g",
            "daemon off;",
        ]
        process = subprocess.Popen(arguments)
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(10)


@pytest.mark.skipif(NGINX is None, reason="no nginx here: tests/browser.sh installs Debian's, where there is Debian")
def test_several_processes_behind_nginx(open_tab, tmp_path):
    with behind_nginx(tmp_path) as address:
        for i in range(4):
            tab = open_tab(user_agent=f"reader {i}").open(
                f"{address}/figures/error_decomposition?error_decomposition.alpha_lam=1"
            )
            assert tab.state("error_decomposition")["alpha_lam"] == 1
            before = tab.words("error_decomposition")
            drag(tab)
            tab.wait_for("([words]) => momentumFigures.get('error_decomposition').sentence.text !== words", [before])


def test_the_dockerfile_s_steps_are_the_readme_s():
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert 'CMD ["make", "serve", "HOST=0.0.0.0"]' in text
    (target,) = re.findall(r"RUN make (\S+)", text)
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert f"serve: $(VENV)/{Path(target).name}" in makefile


def test_a_figure_displays_in_a_notebook():
    cells = [nbformat.v4.new_code_cell("from components import RateMap; RateMap()")]
    notebook = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(ROOT)}}).execute()
    bundles = [output["data"] for output in cells[0]["outputs"] if "data" in output]
    kinds = {kind for bundle in bundles for kind in bundle}
    assert any("bokehjs_exec" in kind or "holoviews_exec" in kind for kind in kinds), kinds
    html = "".join(bundle.get("text/html", "") for bundle in bundles)
    assert "At the probe: ripples" in html
    assert not [output for output in cells[0]["outputs"] if output.get("name") == "stderr"]


def bare_page(layout):
    """Return a page with Bokeh's two scripts and this layout, and nothing of ours."""
    Document().add_root(layout)
    docs_json, items = standalone_docs_json_and_render_items([layout])
    bundle = Bundle(js_raw=[(bokehjs_path() / "js" / name).read_text(encoding="utf-8") for name in SCRIPTS])
    return html_page_for_render_items(bundle, docs_json, items, "alone")


@pytest.mark.parametrize("slug", FIGURES)
def test_a_figure_without_a_page_around_it_works(open_tab, tmp_path, slug):
    (tmp_path / "alone.html").write_text(bare_page(FIGURES[slug]().standing_alone()), encoding="utf-8")
    tab = open_tab()
    tab.page.goto(f"file://{tmp_path}/alone.html")
    tab.wait_for("([slug]) => window.momentumFigures?.has(slug)", [slug])
    name, parameter = next(iter(FIGURES[slug].parameters().items()))
    bounds = getattr(parameter, "bounds", None)
    if bounds:
        before = tab.words(slug)
        tab.set(slug, {name: bounds[0] if parameter.default != bounds[0] else bounds[1]})
        tab.wait_for("([slug, words]) => momentumFigures.get(slug).sentence.text !== words", [slug, before])


def test_a_notebook_s_figure_keeps_the_state_it_was_given():
    layout = RateMap(beta=0.3).standing_alone()
    values = [getattr(child, "value", None) for child in layout.children]
    assert 0.3 in values
