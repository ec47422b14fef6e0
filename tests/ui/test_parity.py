"""One definition, two engines: what a real browser computes equals what NumPy computes, for every figure."""

import json
import random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from components import FIGURES
from components.controls import as_number, describe
from components.figure import TAP, arguments

RTOL = 1e-9
ROUNDING = 1e-14
"""Columns of nothing but this, in figures of order one, are the last bits of a difference, not numbers."""
EVALUATE = """([slug, part, states]) => {
  const plain = (v) => typeof v == "number" && !Number.isFinite(v) ? {number: String(v)}
    : ArrayBuffer.isView(v) || Array.isArray(v) ? Array.from(v, plain)
    : v !== null && typeof v == "object" ? Object.fromEntries(Object.entries(v).map(([k, x]) => [k, plain(x)])) : v
  const figure = momentumFigures.get(slug)
  return JSON.stringify(states.map((state) => plain(figure.run(part, state))))
}"""


def decode(entry):
    return float(entry["number"].replace("Infinity", "inf")) if set(entry) == {"number"} else entry


def assert_same(ours, theirs, where):
    """Numbers to 1e-9 of the largest in their column, NaN and infinities in the same places, texts equal."""
    if isinstance(ours, dict):
        assert set(ours) == set(theirs), where
        for key in ours:
            assert_same(ours[key], theirs[key], f"{where}.{key}")
    elif isinstance(ours, str) or (isinstance(ours, list | tuple) and any(isinstance(v, str | dict) for v in ours)):
        if isinstance(ours, str):
            assert ours == theirs, where
        else:
            for i, (a, b) in enumerate(zip(ours, theirs, strict=True)):
                assert_same(a, b, f"{where}[{i}]")
    else:
        a, b = np.asarray(ours, dtype=float), np.asarray(theirs, dtype=float)
        assert a.shape == b.shape, where
        finite = np.abs(a[np.isfinite(a)])
        np.testing.assert_allclose(b, a, rtol=RTOL, atol=max(ROUNDING, RTOL * finite.max(initial=0)), err_msg=where)


def values_of(parameter):
    facts = describe(parameter)
    if facts["kind"] == "choice":
        return list(range(len(facts["options"])))
    if facts["kind"] == "boolean":
        return [0, 1]
    low, high = facts["low"], facts["high"]
    if facts["kind"] == "integer":
        return [low, (low + high) // 2, high]
    return [low, low + (high - low) / 3, (low + high) / 2, high]


def states_of(figure, n_random=25):
    """Return the default, every value of each Parameter alone, all at both ends, and random states."""
    parameters = figure.parameters()
    default = {name: float(as_number(p, p.default)) for name, p in parameters.items()}
    grid = [default | {name: float(v)} for name, p in parameters.items() for v in values_of(p)]
    ends = [{name: float(values_of(p)[end]) for name, p in parameters.items()} for end in (0, -1)]
    return [default, *grid, *ends, *random_states(figure, n_random)]


def random_states(figure, n):
    """Return `n` states within the bounds, the same in every run."""
    draw = random.Random(figure.slug)

    def any_of(p):
        facts = describe(p)
        if facts["kind"] in ("choice", "boolean"):
            return float(draw.choice(values_of(p)))
        value = draw.uniform(facts["low"], facts["high"])
        return float(round(value)) if facts["kind"] == "integer" else value

    return [{name: any_of(p) for name, p in figure.parameters().items()} for _ in range(n)]


@pytest.fixture(scope="module")
def engine(browser, exported):
    """Return `run(slug, part, states)`: what the exported page computes."""
    pages = {}

    def run(slug, part, states):
        if slug not in pages:
            pages[slug] = browser.new_page()
            pages[slug].goto(f"file://{exported}/figures/{slug}.html")
            pages[slug].wait_for_selector("html[data-ready]", state="attached")
        return json.loads(pages[slug].evaluate(EVALUATE, [slug, part, states]), object_hook=decode)

    yield run
    for page in pages.values():
        page.close()


def tapped_states(figure, states):
    """Return the states with a place that is tapped in each: anywhere in the plot, and exactly at its corners."""
    draw = random.Random(figure.slug)
    view = figure()
    corners = []
    for name in figure.taps:
        plot = view.plots[name]
        x, y = ((r.start, r.end) for r in (plot.x_range, plot.y_range))
        corners.append((x, y))
    view.close()
    tapped = []
    for i, state in enumerate(states):
        for x, y in corners:
            place = (x[i // 2 % 2], y[i % 2]) if i < 4 else (draw.uniform(*x), draw.uniform(*y))
            tapped.append(state | dict(zip(TAP, place, strict=True)))
    return tapped


def compare(engine, figure, part, states):
    function = getattr(figure, part)
    names = arguments(function)
    for state, theirs in zip(states, engine(figure.slug, part, states), strict=True):
        with np.errstate(all="ignore"):
            ours = function(**({name: state[name] for name in names} if names else state))
        assert_same(ours, theirs, f"{part}({state})")


@pytest.mark.parametrize("slug", FIGURES)
@pytest.mark.parametrize("part", ["tables_and_words", "backdrop", "confine", "readouts", "tapped"])
def test_the_browser_computes_what_numpy_computes(engine, slug, part):
    figure = FIGURES[slug]
    if getattr(figure, part) is None:
        assert part != "tables_and_words"
        return
    states = states_of(figure)
    if part == "backdrop":
        names = arguments(figure.backdrop)
        states = list({tuple(state[name] for name in names): state for state in states}.values())[:12]
    if part == "tapped":
        states = tapped_states(figure, states)
    compare(engine, figure, part, states)


@pytest.mark.parametrize("slug", FIGURES)
def test_so_it_does_on_states_that_hypothesis_finds(engine, slug):
    figure = FIGURES[slug]

    def one(p):
        facts = describe(p)
        if facts["kind"] in ("choice", "boolean"):
            return st.sampled_from([float(v) for v in values_of(p)])
        if facts["kind"] == "integer":
            return st.integers(facts["low"], facts["high"]).map(float)
        return st.floats(facts["low"], facts["high"])

    state = st.fixed_dictionaries({name: one(p) for name, p in figure.parameters().items()})

    @settings(max_examples=4, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(state, min_size=12, max_size=12))
    def check(states):
        compare(engine, figure, "tables_and_words", states)

    check()
