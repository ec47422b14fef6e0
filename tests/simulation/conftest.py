"""A JavaScript engine, to run what the tracer writes."""

import json

import numpy as np
import pytest
from hypothesis import settings

from simulation.trace import trace

# The same examples on every run, however slow the machine.
settings.register_profile("simulation", deadline=None, derandomize=True)
settings.load_profile("simulation")

RELATIVE = 1e-9
EVALUATE = """(sources) => {
  const plain = (value) =>
    typeof value === "number" && !Number.isFinite(value) ? { number: String(value) }
    : value === undefined ? { number: "undefined" }
    : ArrayBuffer.isView(value) ? { array: Array.from(value, plain) }
    : Array.isArray(value) ? value.map(plain)
    : value !== null && typeof value === "object" ? { object: Object.entries(value).map(([k, v]) => [k, plain(v)]) }
    : value;
  return JSON.stringify(sources.map((source) => {
    try { return { results: plain((0, eval)(source)) }; } catch (error) { return { error: String(error) }; }
  }));
}"""


@pytest.fixture(scope="session")
def javascript_engine(browser):
    """Run traced programs on a page of the suite's browser, one for the session."""
    page = browser.new_page()
    yield Engine(page)
    page.close()


class Engine:
    """Runs the programs of the tracer on a page, and compares them with NumPy."""

    def __init__(self, page):
        self.page = page

    def run(self, program, *inputs):
        """Return the program's results for each dict of inputs, in one visit to the page."""
        constants = ", ".join(f"new Float64Array({json.dumps(c.tolist())})" for c in program.constants)
        # NaN and Infinity read alike in both languages.
        values = json.dumps([{name: np.asarray(v, dtype=float).tolist() for name, v in one.items()} for one in inputs])
        source = f"{values}.map((inputs) => ({program.javascript})(inputs, [{constants}]))"
        (answer,) = json.loads(self.page.evaluate(EVALUATE, [source]), object_hook=_decode)
        if "error" in answer:
            raise AssertionError(f"{answer['error']}\n{program.javascript}")
        return answer["results"]

    def check(self, function, *inputs):
        """Assert that the traced function gives what NumPy gives for each dict of inputs; return its program."""
        program = trace(function, **inputs[0])
        for got, one in zip(self.run(program, *inputs), inputs, strict=True):
            with np.errstate(all="ignore"):
                expected = function(**{name: np.asarray(value, dtype=float)[()] for name, value in one.items()})
            assert_same(got, expected)
        return program


def assert_same(got, expected):
    """Assert that a result nests as NumPy's, texts equal, numbers to 1e-9 relative, NaN and infinities in the same places."""
    if isinstance(expected, dict):
        assert list(got) == list(expected)
        got, expected = list(got.values()), list(expected.values())
    if isinstance(expected, list | tuple):
        assert len(got) == len(expected)
        for one, other in zip(got, expected, strict=True):
            assert_same(one, other)
    elif isinstance(expected, str):
        assert got == expected
    else:
        expected = np.asarray(expected, dtype=float)
        kinds = {0: (int, float), 1: np.ndarray, 2: list}
        assert isinstance(got, kinds[expected.ndim])
        assert not isinstance(got, bool)
        np.testing.assert_allclose(np.asarray(got, dtype=float).reshape(expected.shape), expected, rtol=RELATIVE)


def _decode(entry):
    if "number" in entry:
        return None if entry["number"] == "undefined" else float(entry["number"].replace("Infinity", "inf"))
    if "array" in entry:
        return np.array(entry["array"], dtype=float)
    return dict(entry["object"]) if "object" in entry else entry
