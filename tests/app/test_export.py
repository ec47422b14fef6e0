"""The export: small, whole, and silent on the network."""

import gzip

import pytest

from app.export import export
from components import FIGURES

MB, KB = 1e6, 1e3
CAT = 800 * KB
"""The cat brings its 343 eigenvectors along, of 343 pixels each."""


def sizes(path):
    data = path.read_bytes()
    return len(data), len(gzip.compress(data, 6))


@pytest.fixture(scope="module")
def single(tmp_path_factory):
    out = tmp_path_factory.mktemp("single")
    lines = []
    export(out, single_file=True, progress=lines.append)
    return out, lines


def test_it_writes_the_article_and_each_figure_and_says_so(exported, single):
    for out in (exported, single[0]):
        assert (out / "index.html").exists()
        assert {path.stem for path in (out / "figures").iterdir()} == set(FIGURES)
    assert (exported / "assets" / "bokeh.min.js").exists()
    assert not (single[0] / "assets").exists()
    assert len(single[1]) == len(FIGURES) + 1


def test_the_single_files_are_small(single):
    out, _ = single
    raw, zipped = sizes(out / "index.html")
    assert raw <= 4.5 * MB
    assert zipped <= 1400 * KB
    for slug in FIGURES:
        raw, zipped = sizes(out / "figures" / f"{slug}.html")
        assert raw <= 2.2 * MB, slug
        assert zipped <= (CAT if slug == "colorization" else 650 * KB), slug


@pytest.mark.parametrize("which", ["folder", "single"])
def test_with_the_network_blocked_nothing_is_asked_for_and_everything_moves(open_tab, exported, single, which):
    out = exported if which == "folder" else single[0]
    for name in ("index.html", "figures/hero.html"):
        tab = open_tab()
        tab.context.set_offline(True)
        tab.context.route("http*://**", lambda route: route.abort())
        tab.open(f"file://{out / name}")
        allowed = ("file:", "data:", "blob:")
        tab.requests.clear()
        tab.set("hero", {"beta": 0.3})
        assert "After 150 steps" in tab.words("hero")
        tab.page.mouse.wheel(0, 4000)
        tab.page.wait_for_timeout(300)
        assert tab.requests == []
        everything = tab.page.evaluate("performance.getEntriesByType('resource').map((r) => r.name)")
        assert all(address.startswith(allowed) for address in everything), everything
        if which == "single":
            assert [address for address in everything if address.startswith("file:")] == []


@pytest.mark.parametrize("name", ["index", *FIGURES])
def test_a_page_as_one_file_asks_for_no_other(open_tab, single, name):
    path = single[0] / ("index.html" if name == "index" else f"figures/{name}.html")
    tab = open_tab()
    tab.context.route("http*://**", lambda route: route.abort())
    tab.open(f"file://{path}")
    assert tab.page.evaluate("document.fonts.ready.then((fonts) => [...fonts].every((font) => font.status !== 'error'))")
    asked = [url for url in tab.requests if not url.startswith(("data:", "blob:"))]
    assert asked == [f"file://{path}"]


def test_only_the_figures_named_are_written(tmp_path):
    export(tmp_path, figures=["hero"])
    assert [path.name for path in (tmp_path / "figures").iterdir()] == ["hero.html"]
    assert not (tmp_path / "index.html").exists()


def test_an_external_address_stops_the_build(tmp_path, monkeypatch):
    monkeypatch.setattr("app.export.build", _with_an_external_image)
    with pytest.raises(ValueError, match="refers to an external address"):
        export(tmp_path, figures=["hero"])


def _with_an_external_image(document, **options):
    from app.page import build

    figures = build(document, **options)
    document.template_variables["caption"] = "<img src='https://example.org/x.png'>"
    return figures


def test_a_file_in_the_place_of_the_folder_is_an_error_that_names_it(tmp_path):
    (tmp_path / "out").write_text("", encoding="utf-8")
    with pytest.raises(NotADirectoryError, match=r"out: .* is a file, not a folder"):
        export(tmp_path / "out")


def test_an_unknown_figure_is_an_error_that_names_it_before_anything_is_written(tmp_path):
    with pytest.raises(ValueError, match=r"figures: 'nope' not among hero, .*errata"):
        export(tmp_path / "site", figures=["hero", "nope"])
    assert not (tmp_path / "site").exists()
