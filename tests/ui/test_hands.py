"""Every figure moves by mouse, by keyboard and by touch, in every way the article is read."""

import numpy as np
import pytest

from components import FIGURES
from components.controls import as_number, describe

# The browser engine does the same whether its page is served or exported; `test_page` reads it served, too.
WAYS = ("python", "export")
SETTLED = """([slug, name, from]) => momentumFigures.get(slug).get()[name] !== from"""


def address(way, slug, served, exported):
    """Return the address of a figure's own page, as it is read this way."""
    return f"file://{exported}/figures/{slug}.html" if way == "export" else f"{served[way]}/figures/{slug}"


def assert_drawn(tab, figure):
    """Assert that what is drawn, and said, is what NumPy computes for the state on the page; wait for a server to answer."""
    state = tab.state(figure.slug)
    numbers = {name: float(as_number(p, state[name])) for name, p in figure.parameters().items()}
    with np.errstate(all="ignore"):
        tables, sentence = figure.tables_and_words(**numbers)
    tab.wait_for("([slug, words]) => momentumFigures.get(slug).sentence.text === words", [figure.slug, sentence])
    # Two neighbours may say the same in words: wait for the newest of them.
    tab.until(lambda: differences(tables, tab.tables(figure.slug)) == [])
    assert differences(tables, tab.tables(figure.slug)) == []


def differences(tables, drawn):
    """Return the columns that are drawn otherwise than computed."""
    wrong = []
    for name, table in tables.items():
        for column, expected in table.items():
            values = drawn[name][column]
            if isinstance(expected, list):
                same = values == expected
            else:
                exact = 1e-6 if np.ndim(expected) == 2 else 1e-9  # an image is drawn in single precision
                expected = np.ravel(np.asarray(expected, dtype=float))
                got = np.array([float(str(v).replace("Infinity", "inf")) for v in np.ravel(values)])
                scale = np.abs(expected[np.isfinite(expected)]).max(initial=0)
                same = np.allclose(got, expected, rtol=exact, atol=exact * scale, equal_nan=True)
            if not same:
                wrong.append(f"{name}.{column}")
    return wrong


def shown_sliders(figure):
    return [
        name
        for name, p in figure.parameters().items()
        if name not in figure.unseen and describe(p)["kind"] in ("number", "integer")
    ]


def middle(locator):
    locator.scroll_into_view_if_needed()
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def nudge(figure, name):
    """Return pixels to move a slider's handle by: towards the middle, whatever the default is."""
    p = figure.parameters()[name]
    facts = describe(p)
    far = 100 if is_coarse(facts) else 60
    return far if p.default < (facts["low"] + facts["high"]) / 2 else -far


def is_coarse(facts):
    """Return whether a Parameter has so few steps that a small move leaves it where it is."""
    return facts["step"] > (facts["high"] - facts["low"]) / 10


def stride(figure, handle):
    """Return pixels to the right that move a handle, whichever its steps are: a coarse Parameter snaps to its own."""
    p = figure.parameters()[handle.x or handle.y]
    facts = describe(p)
    return (80 if p.default < (facts["low"] + facts["high"]) / 2 else -80) if is_coarse(facts) else 17


def slider(tab, figure, name):
    label = figure.parameters()[name].label
    return tab.page.get_by_role("slider", name=label, exact=True)


@pytest.mark.parametrize("slug", FIGURES)
@pytest.mark.parametrize("way", WAYS)
def test_mouse(open_tab, served, exported, way, slug):
    figure, tab = FIGURES[slug], open_tab()
    tab.open(address(way, slug, served, exported))
    for name in shown_sliders(figure)[:3]:
        before = tab.state(slug)[name]
        x, y = middle(slider(tab, figure, name))
        tab.page.mouse.move(x, y)
        tab.page.mouse.down()
        tab.page.mouse.move(x + nudge(figure, name), y, steps=4)
        tab.page.mouse.up()
        tab.wait_for(SETTLED, [slug, name, before])
        assert_drawn(tab, figure)
    for i, handle in enumerate(figure.handles[:2]):
        before = tab.state(slug)
        x, y = middle(tab.page.locator("button.handle").nth(i))
        tab.page.mouse.move(x, y)
        tab.page.mouse.down()
        tab.page.mouse.move(x + stride(figure, handle), y - 13, steps=4)
        tab.page.mouse.up()
        assert any(tab.state(slug)[name] != before[name] for name in (handle.x, handle.y) if name), handle
        assert_drawn(tab, figure)
    tab.page.get_by_role("button", name="Reset").click()
    assert tab.state(slug) == {name: p.default for name, p in figure.parameters().items()}
    assert_drawn(tab, figure)


@pytest.mark.parametrize("slug", FIGURES)
def test_keyboard(open_tab, served, exported, slug):
    figure, tab = FIGURES[slug], open_tab()
    tab.open(address("export", slug, served, exported))
    for name in shown_sliders(figure):
        p = figure.parameters()[name]
        low, high = p.bounds
        slider(tab, figure, name).focus()
        for key, end in (("Home", low), ("End", high)):
            tab.page.keyboard.press(key)
            assert tab.state(slug)[name] == end
        tab.page.keyboard.press("ArrowLeft")
        assert low <= tab.state(slug)[name] < high
    assert_drawn(tab, figure)
    tab.page.get_by_role("button", name="Reset").press("Enter")
    for i, handle in enumerate(figure.handles[:2]):
        button = tab.page.locator("button.handle").nth(i)
        button.focus()
        for name, keys in ((handle.x, ("ArrowRight", "ArrowLeft")), (handle.y, ("ArrowUp", "ArrowDown"))):
            if name is None:
                continue
            before = tab.state(slug)[name]
            tab.page.keyboard.press(keys[0])
            if tab.state(slug)[name] == before:
                tab.page.keyboard.press(keys[1])
            assert tab.state(slug)[name] != before
        assert figure.parameters()[handle.x or handle.y].label in button.get_attribute("aria-label")
    assert_drawn(tab, figure)


def touch(session, kind, *points):
    session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})


@pytest.mark.parametrize("slug", FIGURES)
def test_touch(open_tab, served, exported, slug):
    figure = FIGURES[slug]
    tab = open_tab(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    tab.open(address("export", slug, served, exported))
    session = tab.context.new_cdp_session(tab.page)
    grips = [(slider(tab, figure, name), name, nudge(figure, name)) for name in shown_sliders(figure)[:1]]
    grips += [(tab.page.locator("button.handle").nth(i), h.x or h.y, stride(figure, h)) for i, h in enumerate(figure.handles[:1])]
    for locator, name, dx in grips:
        before = tab.state(slug)[name]
        x, y = middle(locator)
        touch(session, "touchStart", (x, y))
        for share in (0.3, 0.6, 1.0):
            touch(session, "touchMove", (x + dx * share, y + (12 * share if locator.get_attribute("data-handle") else 0)))
        touch(session, "touchEnd")
        tab.wait_for(SETTLED, [slug, name, before])
        assert_drawn(tab, figure)
    assert tab.page.evaluate("document.documentElement.scrollWidth") <= 390
    # A finger on a plot, away from its handles, scrolls the page.
    styles = tab.page.evaluate(
        "slug => Object.values(momentumFigures.get(slug).plots).map((p) => momentumFigures.get(slug).view(p).canvas_view.events_el.style.touchAction)",
        slug,
    )
    assert set(styles) == {"pan-y"}


@pytest.mark.parametrize("way", WAYS)
def test_two_taps_on_a_graph_join_its_nodes_and_two_more_cut_them(open_tab, served, exported, way):
    figure = FIGURES["graphs"]
    tab = open_tab().open(address(way, "graphs", served, exported))
    before = tab.words("graphs")
    places = tab.page.evaluate(
        """() => { const f = momentumFigures.get("graphs"), v = f.view(f.plots.drawing), box = v.canvas_view.el.getBoundingClientRect()
        const {x, y} = f.sources.nodes.data
        return [5, 30].map((i) => [box.left + v.frame.x_scale.compute(x[i]), box.top + v.frame.y_scale.compute(y[i])]) }"""
    )
    for what in ("1 edge added", None):
        for x, y in places:
            tab.page.mouse.click(x, y)
            assert_drawn(tab, figure)
        assert tab.words("graphs") == before if what is None else what in tab.words("graphs")
    assert tab.state("graphs")["picked"] == 0
