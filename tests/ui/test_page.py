"""The page around the figures: links, notices, theme, play, embedding, accessibility, layout."""

import json
import re
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from components import FIGURES, style
from components.controls import describe
from tests.ui.test_parity import random_states

WAYS = ("python", "browser", "export")
DEFAULTS = {slug: {name: p.default for name, p in figure.parameters().items()} for slug, figure in FIGURES.items()}


@pytest.fixture(params=WAYS)
def article(request, served, exported):
    """Return the address of the article, in each way."""
    return f"file://{exported}/index.html" if request.param == "export" else f"{served[request.param]}/"


@pytest.fixture
def page_alone(served):
    return lambda slug: f"{served['browser']}/figures/{slug}"


def notices(tab):
    return tab.page.locator("#notices li").all_inner_texts()


def test_a_link_reproduces_what_the_sender_saw(open_tab, article):
    sender = open_tab(permissions=["clipboard-read", "clipboard-write"]).open(article)
    sender.set("momentum_decomposition", {"alpha_lam": 2.345, "beta": 0.512})
    sender.page.locator("#momentum_decomposition").get_by_role("button", name="Copy link").click()
    sender.wait_for("() => document.querySelector('#momentum_decomposition .figure-notice').textContent")
    notice = sender.page.locator("#momentum_decomposition .figure-notice")
    if notice.locator("textarea").count():
        link = notice.locator("textarea").input_value()
    else:
        link = sender.page.evaluate("navigator.clipboard.readText()")
    assert "momentum_decomposition.alpha_lam=2.345" in link
    reader = open_tab().open(link)
    assert reader.state("momentum_decomposition") == sender.state("momentum_decomposition")
    assert reader.words("momentum_decomposition") == sender.words("momentum_decomposition")
    assert reader.state("hero") == DEFAULTS["hero"]


def test_the_address_follows_the_figures_without_a_reload(open_tab, article):
    tab = open_tab().open(article)
    tab.page.evaluate("window.sameVisit = true")
    tab.set("hero", {"beta": 0.5})
    tab.wait_for("() => location.search === '?hero.beta=0.5'")
    tab.page.locator("#hero").get_by_role("button", name="Reset").click()
    tab.wait_for("() => location.search === ''")
    assert tab.page.evaluate("window.sameVisit")


HOSTILE = [
    ("hero.beta=2", "outside 0 to 0.99"),
    ("hero.beta=NaN", "is not a finite number"),
    ("hero.beta=1e999", "is not a finite number"),
    ("hero.beta=Infinity", "is not a finite number"),
    ("hero.beta=", "is not a finite number"),
    ("hero.beta=0x1", "is not a finite number"),
    ("hero.k=3.5", "is not a whole number"),
    ("hero.beta=0.1&hero.beta=0.2", "more than once"),
    ("hero.gamma=1", "nothing that can be set"),
    ("hero.constructor=1", "nothing that can be set"),
    ("hero.__proto__=1", "nothing that can be set"),
    ("nothing.beta=1", "a figure that is not here"),
    ("hero.beta=" + quote("<img src=x onerror=alert(1)>"), "is not a finite number"),
    ("hero.beta=" + "9" * 4000, "is not a finite number"),
    (quote("<script>alert(1)</script>") + ".x=1", "a figure that is not here"),
]


@pytest.mark.parametrize(("query", "said"), HOSTILE, ids=range(len(HOSTILE)))
def test_a_bad_link_says_so_and_keeps_the_default(open_tab, exported, query, said):
    tab = open_tab()
    tab.page.on("dialog", lambda dialog: pytest.fail(f"a script of the link ran: {dialog.message}"))
    tab.open(f"file://{exported}/index.html?{query}")
    assert tab.state("hero") == DEFAULTS["hero"]
    (notice,) = notices(tab)
    assert said in notice
    assert len(notice) < 250
    assert tab.page.locator("#notices img, #notices script").count() == 0
    tab.page.get_by_role("button", name="Close").click()
    assert notices(tab) == []


def test_good_values_beside_bad_ones_are_kept(open_tab, article):
    tab = open_tab().open(article + "?hero.beta=7&hero.alpha=0.001&error_decomposition.alpha_lam=1")
    assert tab.state("hero")["alpha"] == 0.001
    assert tab.state("hero")["beta"] == DEFAULTS["hero"]["beta"]
    assert tab.state("error_decomposition")["alpha_lam"] == 1
    assert len(notices(tab)) == 1


def test_queries_that_hypothesis_makes_never_break_the_page(browser, exported):
    page = browser.new_page()
    page.goto(f"file://{exported}/index.html")
    page.wait_for_selector("html[data-ready]", state="attached")
    names = [f"{slug}.{name}" for slug, figure in FIGURES.items() for name in figure.parameters()]
    keys = st.one_of(st.sampled_from(names), st.text(max_size=20))
    texts = st.one_of(st.floats(allow_nan=True).map(repr), st.integers(-10, 10).map(str), st.text(max_size=30))
    pairs = st.lists(st.tuples(keys, texts), max_size=6)

    @settings(max_examples=60, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(pairs)
    def check(given_pairs):
        query = "?" + "&".join(f"{quote(k, safe='')}={quote(v, safe='')}" for k, v in given_pairs)
        answer = json.loads(
            page.evaluate(
                """query => { momentumPage.apply(query, {resetOthers: true});
                const {errors} = momentumPage.read(query, new Map([...momentumFigures].map(([s, f]) => [s, f.spec])));
                return JSON.stringify([errors.length, Object.fromEntries([...momentumFigures].map(([s, f]) => [s, f.get()]))]) }""",
                query,
            )
        )
        n_errors, states = answer
        expected = {slug: dict(values) for slug, values in DEFAULTS.items()}
        bad = 0
        seen = {}
        for key, text in given_pairs:
            seen.setdefault(key, []).append(text)
        for key, given_texts in seen.items():
            slug, _, name = key.partition(".")
            known = name in DEFAULTS.get(slug, {})
            bad += len(given_texts) - 1
            if not known:
                bad += "." in key
                continue
            facts = describe(FIGURES[slug].parameters()[name])
            value = parse(facts, given_texts[0])
            bad += value is None
            if value is not None and len(given_texts) == 1:
                expected[slug][name] = value
        assert n_errors == bad, query
        assert states == expected, query

    check()
    page.close()


def parse(facts, text):
    """Return the value that a link means, or None: the rules of the links, stated a second time for the test alone."""
    if facts["kind"] == "choice":
        return text if text in facts["options"] else None
    if facts["kind"] == "boolean":
        return {"true": True, "false": False}.get(text)
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", text, re.IGNORECASE | re.ASCII):
        return None
    value = float(text)
    if not facts["low"] <= value <= facts["high"] or (facts["kind"] == "integer" and value != int(value)):
        return None
    return value


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation(open_tab, served, scheme):
    tab = open_tab(color_scheme=scheme).open(served["python"] + "/")
    violations = Axe().run(tab.page).response["violations"]
    assert [(violation["id"], [node["target"] for node in violation["nodes"]]) for violation in violations] == []


def test_axe_finds_no_violation_on_a_figure_s_own_page(open_tab, exported):
    tab, found = open_tab(color_scheme="light"), {}
    for slug in FIGURES:
        tab.open(f"file://{exported}/figures/{slug}.html")
        # A page that is a file may not read its stylesheet as a text.
        violations = Axe().run(tab.page, options={"preload": False}).response["violations"]
        found[slug] = [(violation["id"], [node["target"] for node in violation["nodes"]]) for violation in violations]
    assert found == {slug: [] for slug in FIGURES}


KEYBOARD = """(() => {
  const inside = (root) => [...root.querySelectorAll("*")].flatMap((e) => [e, ...(e.shadowRoot ? inside(e.shadowRoot) : [])])
  const shown = (e) => e.checkVisibility({visibilityProperty: true}) && e.getBoundingClientRect().width > 0
  const focused = () => { let e = document.activeElement; while (e?.shadowRoot?.activeElement) e = e.shadowRoot.activeElement; return e }
  const look = (e) => [null, "::before", "::after"].map((part) => { const s = getComputedStyle(e, part)
    return [s.outlineStyle, s.outlineColor, s.outlineWidth, s.borderColor, s.boxShadow, s.backgroundColor].join() }).join(";")
  const name = (e) => e.getAttribute("aria-label") || e.labels?.[0]?.textContent.trim() || e.textContent.trim()
  const wanted = (scope) => inside(scope).filter((e) =>
    e.matches("button, select, input, textarea, summary, a[href], [role=slider]") && shown(e) && !e.disabled)
  const seen = new Map()
  // Once more round the page ends where it began; what had the focus before shows how it looks without.
  const step = () => {
    const e = focused()
    for (const [other, facts] of seen) facts.unfocused ??= other == e ? null : look(other)
    if (e == null || e == document.body || seen.has(e)) return null
    seen.set(e, {name: name(e), handle: e.matches(".handle"), focused: look(e)})
    return name(e)
  }
  window.keyboard = {step, report: (scope) => ({
    unnamed: [...seen].filter(([e, {name}]) => !name).map(([e]) => e.outerHTML),
    unseen: [...seen.values()].filter(({focused, unfocused}) => focused === unfocused).map(({name}) => name),
    missed: wanted(document.querySelector(scope)).filter((e) => !seen.has(e)).map((e) => name(e) || e.outerHTML),
    names: [...seen.values()].map(({name}) => name),
    handles: [...seen.values()].filter(({handle}) => handle).length,
  })}
})()"""


def walk(tab, scope, until=None):
    """Press Tab from the top of the page to its end, or to the control named `until`; return what was met in `scope`."""
    tab.page.evaluate(KEYBOARD)
    for _ in range(200):
        tab.page.keyboard.press("Tab")
        name = tab.page.evaluate("keyboard.step()")
        if name is None or name == until:
            break
    tab.page.evaluate("document.activeElement.blur(); keyboard.step()")
    return tab.page.evaluate("scope => keyboard.report(scope)", scope)


@pytest.mark.parametrize("slug", ["hero", "graphs", "errata"])
def test_tab_reaches_all_that_can_be_moved_and_shows_where_it_is(open_tab, exported, slug):
    figure, tab = FIGURES[slug], open_tab(reduced_motion="reduce").open(f"file://{exported}/figures/{slug}.html")
    met = walk(tab, "main")
    assert (met["missed"], met["unnamed"], met["unseen"]) == ([], [], [])
    assert met["handles"] == len(figure.handles)
    labels = {p.label for name, p in figure.parameters().items() if name not in figure.unseen}
    assert labels | {"Reset", "Copy link", "Embed"} <= set(met["names"])


def test_tab_reaches_all_of_the_first_screen(open_tab, exported):
    tab = open_tab(reduced_motion="reduce").open(f"file://{exported}/index.html")
    met = walk(tab, "header.top, .opening", until="Contents")
    assert met["names"][:2] == ["Skip to the text", "Switch to the dark theme"]
    assert (met["missed"], met["unnamed"], met["unseen"]) == ([], [], [])
    assert {"Step-size α", "Momentum β", "Play", "Steps shown", "Contents"} <= set(met["names"])


def test_the_theme_follows_the_system_and_the_switch(open_tab, article):
    tab = open_tab(color_scheme="light").open(article)
    colour = "() => getComputedStyle(document.body).backgroundColor"
    accents = "() => JSON.stringify([...momentumFigures.values()].map((f) => f.painted[0][0][f.painted[0][1]]))"
    light, drawn = tab.page.evaluate(colour), tab.page.evaluate(accents)
    tab.page.emulate_media(color_scheme="dark")
    tab.wait_for(f"([before]) => ({colour})() !== before", [light])
    assert tab.page.evaluate(accents) != drawn
    tab.page.get_by_role("button", name="Switch to the light theme").click()
    assert tab.page.evaluate(colour) == light
    assert tab.page.evaluate(accents) == drawn
    tab.page.reload()
    tab.page.wait_for_selector("html[data-ready]", state="attached")
    assert tab.page.evaluate(colour) == light


def test_play_runs_to_the_end_and_pauses(open_tab, article):
    tab = open_tab().open(article)
    hero = tab.page.locator("#hero")
    hero.get_by_role("button", name="Play").click()
    tab.wait_for("() => { const {k} = momentumFigures.get('hero').get(); return k > 5 && k < 150 }")
    hero.get_by_role("button", name="Pause").click()
    paused = tab.state("hero")["k"]
    assert 5 < paused < 150
    tab.page.wait_for_timeout(200)
    assert tab.state("hero")["k"] == paused
    hero.get_by_role("button", name="Play").click()
    tab.wait_for("() => momentumFigures.get('hero').get().k === 150")
    hero.get_by_role("button", name="Play").wait_for()


def test_time_can_be_moved_by_hand(open_tab, article):
    tab = open_tab().open(article)
    scrub = tab.page.locator("#hero").get_by_role("slider", name="Steps shown")
    scrub.fill("40")
    tab.wait_for("() => momentumFigures.get('hero').get().k === 40")
    scrub.press("ArrowRight")
    tab.wait_for("() => momentumFigures.get('hero').get().k === 41")
    tab.page.locator("#hero").get_by_role("button", name="Play").click()
    tab.wait_for("() => document.querySelector('#hero .scrub').valueAsNumber > 45")
    scrub.fill("10")
    tab.page.locator("#hero").get_by_role("button", name="Play").wait_for()
    assert tab.state("hero")["k"] == 10


def test_play_shows_a_few_still_pictures_where_motion_is_reduced(open_tab, exported):
    tab = open_tab(reduced_motion="reduce").open(f"file://{exported}/index.html")
    tab.page.evaluate(
        "() => { window.seen = new Set(); momentumFigures.get('hero').listeners.add((f) => window.seen.add(f.get().k)) }"
    )
    tab.page.locator("#hero").get_by_role("button", name="Play").click()
    tab.wait_for("() => window.seen.size > 2 && momentumFigures.get('hero').get().k === 150")
    assert tab.page.evaluate("window.seen.size") <= 8


def test_caption_links_set_the_figure(open_tab, article):
    tab = open_tab().open(article)
    link = tab.page.locator("#hero figcaption a").first
    link.click()
    assert tab.state("hero")["beta"] == 0
    assert "changed" in tab.page.locator("#hero").get_attribute("class")
    tab.page.locator("#error_decomposition .tick", has_text="2").last.click()
    assert tab.state("error_decomposition")["alpha_lam"] == 2


def test_an_optimum_that_is_clicked_acts(open_tab, article):
    tab = open_tab().open(article + "?momentum_decomposition.alpha_lam=1&momentum_decomposition.beta=0.2")
    tab.page.locator("#momentum_decomposition").get_by_role("button", name="set to the optimum").click()
    state = tab.state("momentum_decomposition")
    assert state == pytest.approx(DEFAULTS["momentum_decomposition"], abs=1e-12)


def test_an_embedded_figure_tells_its_height_and_keeps_its_state(open_tab, exported, tmp_path):
    tab = open_tab().open(f"file://{exported}/figures/rate_map.html?rate_map.beta=0.4")
    tab.page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject() }")
    tab.page.get_by_role("button", name="Embed").click()
    code = tab.page.locator(".figure-notice textarea").input_value()
    assert "rate_map.beta=0.4" in code
    host = tmp_path / "host.html"
    host.write_text(f"<!DOCTYPE html><title>host</title>{code.replace('height:', 'height:10px;--was:')}", encoding="utf-8")
    other = open_tab()
    other.page.goto(f"file://{host}")
    other.wait_for("() => document.querySelector('iframe').getBoundingClientRect().height > 300")
    frame = other.page.frames[1]
    frame.wait_for_selector("html[data-ready]", state="attached")
    assert frame.evaluate("momentumFigures.get('rate_map').get().beta") == 0.4
    height = other.page.evaluate("document.querySelector('iframe').getBoundingClientRect().height")
    assert abs(height - frame.evaluate("document.documentElement.getBoundingClientRect().height")) < 3


@pytest.mark.parametrize("width", [360, 390, 760, 1280, 1920])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wider_than_the_window(open_tab, exported, width, scheme):
    tab = open_tab(viewport={"width": width, "height": 800}, color_scheme=scheme).open(f"file://{exported}/index.html")
    assert tab.page.evaluate("document.documentElement.scrollWidth") <= width


OVERLAPS = """slug => {
  const figure = momentumFigures.get(slug), found = []
  for (const plot of Object.values(figure.plots)) {
    const root = figure.view(plot).canvas_view.shadow_el
    const texts = [...root.querySelectorAll(".mark, .label, .axis .tick, .axis .title")].filter((e) =>
      e.textContent.trim() && getComputedStyle(e).visibility != "hidden").map((e) => {
        const range = document.createRange(); range.selectNodeContents(e); return [e.textContent, range.getBoundingClientRect()] })
    texts.forEach(([a, r], i) => texts.slice(i + 1).forEach(([b, s]) => {
      const w = Math.min(r.right, s.right) - Math.max(r.left, s.left), h = Math.min(r.bottom, s.bottom) - Math.max(r.top, s.top)
      if (w > 1 && h > 3) found.push(`${a} | ${b}`)
    }))
  }
  return found
}"""


def written(parameter, number):
    """Return the value of a Parameter that a number stands for."""
    facts = describe(parameter)
    return facts["options"][int(number)] if facts["kind"] == "choice" else bool(number) if facts["kind"] == "boolean" else number


@pytest.mark.parametrize("slug", FIGURES)
@pytest.mark.parametrize("width", [390, 1280])
def test_annotations_never_overlap(open_tab, page_alone, slug, width):
    figure = FIGURES[slug]
    tab = open_tab(viewport={"width": width, "height": 900}).open(page_alone(slug))
    tab.page.evaluate("document.fonts.ready")
    states = [{}]
    for name, p in figure.parameters().items():
        facts = describe(p)
        if facts["kind"] in ("number", "integer"):
            low, high = facts["low"], facts["high"]
            middle = (low + high) / 2
            states += [{name: low}, {name: high}, {name: round(middle) if facts["kind"] == "integer" else middle}]
        elif facts["kind"] == "choice":
            states += [{name: option} for option in facts["options"]]
    states += [{name: written(p, state[name]) for name, p in figure.parameters().items()} for state in random_states(figure, 12)]
    for state in states:
        tab.set(slug, DEFAULTS[slug] | state)
        tab.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        assert tab.page.evaluate(OVERLAPS, slug) == [], state


def test_print_is_light_and_without_buttons(open_tab, exported):
    tab = open_tab(color_scheme="dark").open(f"file://{exported}/index.html")
    tab.page.emulate_media(media="print")
    assert tab.page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--page').trim()") == "#fcfcfa"
    assert not tab.page.locator("#hero").get_by_role("button", name="Reset").is_visible()


PAINTED = """() => [...momentumFigures].flatMap(([slug, {painted}]) => painted.map(([model, name, role]) => [role, model[name].value ?? model[name]]))"""
HERO = """() => { const f = momentumFigures.get("hero"); return Object.values(f.plots).map((p) =>
  f.view(p).canvas_view.primary.canvas.toDataURL()) }"""
HANDLES = """() => [...momentumFigures.values()].flatMap((f) => Object.values(f.plots).flatMap((p) =>
  [...f.view(p).canvas_view.shadow_el.querySelectorAll(".handle:not(.hollow)")].map((h) => getComputedStyle(h, "::before").backgroundColor)))"""


def test_paper_is_painted_in_light_with_nothing_folded_away(open_tab, exported):
    address = f"file://{exported}/index.html"
    light, dark = (open_tab(color_scheme=scheme).open(address) for scheme in ("light", "dark"))
    for tab in (light, dark):
        tab.page.evaluate("document.fonts.ready.then(() => new Promise((done) => setTimeout(done, 300)))")
    folded = dark.page.locator("details:not([open])").count()
    assert folded > 1
    before = [dark.page.evaluate(script) for script in (PAINTED, HERO, HANDLES)]
    dark.page.emulate_media(media="print")
    # Read within the same task: no frame comes between the event and the paper.
    printed = dark.page.evaluate(f"() => {{ dispatchEvent(new Event('beforeprint')); return ({HERO})() }}")
    assert printed == light.page.evaluate(HERO) != before[1]
    assert dark.page.evaluate(PAINTED) == [[role, style.palettes()["light"][role]] for role, _ in before[0]]
    assert dark.page.evaluate(HANDLES) == light.page.evaluate(HANDLES) != before[2]
    assert dark.page.locator("details:not([open])").count() == 0
    dark.page.emulate_media(media="screen")
    dark.page.evaluate("dispatchEvent(new Event('afterprint'))")
    dark.wait_for(f"(was) => JSON.stringify(({HERO})()) === JSON.stringify(was)", before[1])
    assert [dark.page.evaluate(script) for script in (PAINTED, HANDLES)] == [before[0], before[2]]
    assert dark.page.locator("details:not([open])").count() == folded


def test_where_motion_is_reduced_a_still_mark_shows_what_changed(open_tab, exported):
    tab = open_tab(reduced_motion="reduce").open(f"file://{exported}/index.html")
    mark = "() => getComputedStyle(document.querySelector('#hero .figure-words')).boxShadow"
    assert tab.page.evaluate(mark) == "none"
    tab.page.locator("#hero figcaption a").first.click()
    shown = tab.page.evaluate(mark)
    assert shown != "none"
    tab.page.wait_for_timeout(400)
    assert tab.page.evaluate(mark) == shown
    tab.wait_for(f"() => ({mark})() === 'none'")


CURRENT = """() => [...document.querySelectorAll("nav")].map((nav) => [...nav.querySelectorAll("[aria-current]")].map((a) => a.hash.slice(1)))"""


@pytest.mark.parametrize("width", [390, 1280, 1600])
def test_the_contents_follow_the_reader(open_tab, exported, width):
    tab = open_tab(viewport={"width": width, "height": 800}, reduced_motion="reduce").open(f"file://{exported}/index.html")
    slugs = tab.page.evaluate("[...document.querySelectorAll('nav.contents a')].map((a) => a.hash.slice(1))")
    assert len(slugs) > 10
    line = tab.page.locator(".contents-narrow summary")
    assert line.is_visible() != tab.page.locator("nav.contents").is_visible()
    for slug in (*slugs, *slugs[::-4]):
        tab.page.evaluate("slug => document.getElementById(slug).scrollIntoView()", slug)
        assert tab.until(lambda slug=slug: tab.page.evaluate(CURRENT) == [[slug], [slug]], 3), slug
    tab.page.evaluate("scrollTo(0, 0)")
    assert tab.until(lambda: tab.page.evaluate(CURRENT) == [[], []])
    if not line.is_visible():
        return
    tab.page.evaluate("slug => document.getElementById(slug).scrollIntoView()", slugs[2])
    title = tab.page.locator(f"#{slugs[2]} h2").inner_text()
    tab.until(lambda: title in line.inner_text())
    assert (line.bounding_box()["y"], line.bounding_box()["height"]) == (0, 40)
    assert title in line.inner_text()
    line.press("Enter")
    link = tab.page.locator(f".contents-narrow a[href='#{slugs[5]}']")
    link.press("Escape")
    assert not link.is_visible()
    line.click()
    link.click()
    assert not link.is_visible()
    # The heading that was asked for does not lie behind the line.
    assert tab.until(lambda: 40 <= tab.page.locator(f"#{slugs[5]} h2").bounding_box()["y"] < 200)


WATCH_LOADING = """(() => {
  window.seen = {shift: 0, ready: [], frames: 0}
  new PerformanceObserver((list) => { for (const e of list.getEntries()) seen.shift += e.value }).observe({type: "layout-shift", buffered: true})
  const tick = () => { seen.frames++; requestAnimationFrame(tick) }
  requestAnimationFrame(tick)
  addEventListener("figureready", ({detail}) => seen.ready.push([detail, seen.frames]), true)
})()"""


def test_nothing_jumps_while_it_loads_and_the_first_figure_waits_for_no_other(open_tab, article):
    tab = open_tab()
    tab.page.add_init_script(WATCH_LOADING)
    tab.open(article)
    seen = tab.page.evaluate("seen")
    assert seen["shift"] < 0.02
    (first, at_first), (_, at_last) = seen["ready"][0], seen["ready"][-1]
    assert first == "hero"
    # Whole frames lie between: a hand could play with the first while the others were built.
    assert at_last - at_first > 5


def test_notes_open_in_place(open_tab, exported):
    tab = open_tab().open(f"file://{exported}/index.html")
    note = tab.page.locator("button.note").first
    text = tab.page.locator(f"#{note.get_attribute('popovertarget')}")
    assert not text.is_visible()
    note.click()
    assert text.is_visible()
    tab.page.keyboard.press("Escape")
    assert not text.is_visible()
