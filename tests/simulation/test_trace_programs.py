"""Random programs: what the tracer writes for them, run by a JavaScript engine, equals what NumPy computes."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.iterate import iterate
from simulation.trace import ELEMENTWISE, LOGICAL, REDUCTIONS, trace

INEXACT = frozenset((
    "power", "exp", "expm1", "log", "log1p", "log2", "log10", "sin", "cos", "tan", "arcsin", "arccos", "arctan", "sinh", "cosh",
    "tanh", "arctan2", "hypot", "cbrt", "sum", "prod", "mean", "cumsum", "dot",
))  # fmt: skip
"""What two good implementations may round differently; all else must agree to the last bit, and so at every tie."""
UNSIGNED = frozenset(("minimum", "maximum", "min", "max", "clip", "floor_divide", "sum", "mean", "cumsum", "dot"))
"""Whose zeros may be of either sign."""
UNARY = sorted(n for n in ELEMENTWISE - LOGICAL if getattr(np, n).nargs == 2)
BINARY = sorted(n for n in ELEMENTWISE - LOGICAL if getattr(np, n).nargs == 3)
PREDICATES = ["greater", "greater_equal", "less", "less_equal", "equal", "not_equal", "isfinite", "isnan", "isinf"]
CONNECTIVES = ["logical_and", "logical_or", "logical_not", "bitwise_and", "bitwise_or", "invert", "equal", "add", "multiply"]
CONSTANTS = [
    np.array(0.7), np.array(-2.0), np.array([1.0, -1.0, 0.5]), np.arange(5.0), np.linspace(-1, 1, 12).reshape(4, 3),
    np.ones((2, 1)), np.array([0.3, np.nan, 2.0, np.inf, -1.0]),
]  # fmt: skip
LARGEST = 60
"""No value of a random program has more elements."""


class Step(NamedTuple):
    """One line of a program: a function of the values at some places; a tuple it returns is several values."""

    name: str
    function: Callable
    places: tuple

    def __repr__(self):
        return f"{self.name}{self.places}"


def run(steps, values, rounded=lambda value: value):
    """Return all values of a program, those given and those of its steps; `rounded` sees what rounding may touch."""
    values = list(values)
    for step in steps:
        arguments = [values[i] for i in step.places]
        if step.name == "loop":
            values += step.function(*arguments, rounded=rounded)
        else:
            result = step.function(*arguments)
            # Adding a no takes the sign of a zero, and changes neither numbers nor truths.
            result = result + False if step.name in UNSIGNED else result
            values.append(rounded(result) if step.name in INEXACT else result)
    return values


class Choice:
    """What the next step may draw: the values so far, known for one choice of the inputs."""

    def __init__(self, draw, values, depth):
        self.draw, self.values, self.depth = draw, values, depth
        # The last ones, so that programs grow deep rather than wide.
        self.numbers = [i for i, v in enumerate(values) if v.dtype == float][-9:]
        self.truths = [i for i, v in enumerate(values) if v.dtype == bool]

    def of(self, options):
        return self.draw(st.sampled_from(options))

    def number(self):
        return self.of(self.numbers)

    def truth(self):
        return self.of(self.truths or self.numbers)

    def anything(self):
        return self.of(range(len(self.values)))

    def axis(self, place, *, more=0):
        ndim = self.values[place].ndim + more
        return self.draw(st.integers(-ndim, ndim - 1)) if ndim else None


def unary(choose):
    name = choose.of(UNARY)
    return Step(name, getattr(np, name), (choose.number(),))


def binary(choose):
    name = choose.of(BINARY)
    return Step(name, getattr(np, name), choose.of([(choose.number(), choose.anything()), (choose.anything(), choose.number())]))


def with_constant(choose):
    name, constant = choose.of(BINARY), choose.of(CONSTANTS)
    ufunc, left = getattr(np, name), choose.of([True, False])
    return Step(name, lambda v: ufunc(constant, v) if left else ufunc(v, constant), (choose.number(),))


def predicate(choose):
    name = choose.of(PREDICATES)
    return Step(name, getattr(np, name), tuple(choose.anything() for _ in range(getattr(np, name).nargs - 1)))


def connective(choose):
    name = choose.of(CONNECTIVES if choose.truths else CONNECTIVES[:3])
    return Step(name, getattr(np, name), tuple(choose.truth() for _ in range(getattr(np, name).nargs - 1)))


def where(choose):
    return Step("where", np.where, (choose.truth(), choose.anything(), choose.anything()))


def reduction(choose):
    place, name = choose.anything(), choose.of([*sorted(REDUCTIONS), "mean"])
    options = {"axis": choose.of([None, choose.axis(place)])}
    if name != "mean":
        options["keepdims"] = choose.of([True, False])
    reduce = getattr(np, name)
    # Truths are counted in whole numbers, which have a division of their own: leave them at once.
    return Step(name, lambda v: 1.0 * reduce(v, **options) if name in ("sum", "prod") else reduce(v, **options), (place,))


def index(choose):
    place = choose.anything()
    shape = choose.values[place].shape
    key = [choose.draw(st.integers(-n, n - 1) | st.slices(n)) for n in shape]
    if shape and choose.of([True, False]):
        key[-1] = choose.draw(st.lists(st.integers(-shape[-1], shape[-1] - 1), min_size=1, max_size=4))
        key[:-1] = [slice(None, None, -1)] * (len(shape) - 1)
    key.insert(choose.draw(st.integers(0, len(key))), choose.of([None, Ellipsis, slice(None)]))
    return Step(f"index{key}", lambda v: v[tuple(key)], (place,))


def shape(choose):
    place = choose.anything()
    n = choose.values[place].size
    name, function = choose.of(
        [
            ("ravel", np.ravel), ("transpose", np.transpose), ("T", lambda v: v.T), ("column", lambda v: np.reshape(v, (n, 1))),
            ("halves", lambda v: np.reshape(v, (2, -1))), ("thirds", lambda v: np.reshape(v, (-1, 3))),
            ("expand", lambda v: np.expand_dims(v, -1)), ("twice", lambda v: np.broadcast_to(v, (2, *np.shape(v)))),
        ]
    )  # fmt: skip
    return Step(name, function, (place,))


def join(choose):
    place = choose.number()
    alike = [i for i in choose.numbers if choose.values[i].shape == choose.values[place].shape]
    places = (place, *(choose.of(alike) for _ in range(choose.of([1, 2]))))
    if choose.values[place].ndim and choose.of([True, False]):
        axis = choose.axis(place)
        return Step("concatenate", lambda *v: np.concatenate(v, axis=axis), places)
    axis = choose.axis(place, more=1)
    return Step("stack", lambda *v: np.stack(v, axis=axis), places)


def call(choose):
    place, other = choose.number(), choose.number()
    axis = choose.of([None, choose.axis(place)])
    name, function, places = choose.of(
        [("cumsum", lambda v: np.cumsum(v, axis=axis), (place,)), ("clip", lambda v, low: np.clip(v, low, 2.0), (place, other)),
         ("dot", lambda v, w: np.dot(v, w) if v.ndim and w.ndim else v * w, (place, other)),
         ("dot", lambda v, w: v @ w if v.ndim and w.ndim else v * w, (place, other))]
    )  # fmt: skip
    return Step(name, function, places)


def loop(choose):
    """A loop over one or two states, whose step is a random program of all values, the states and a row."""
    small = [i for i in choose.numbers if choose.values[i].size <= 6 and choose.values[i].ndim <= 2]
    if not small:
        return unary(choose)
    starts = [choose.of(small) for _ in range(choose.of([1, 2]))]
    n_steps = choose.draw(st.integers(0, 4))
    long = [i for i in choose.numbers if choose.values[i].shape[:1] >= (max(n_steps, 1),)]
    rows = choose.of([None, *long])
    clock = np.linspace(0, 1, n_steps) if n_steps and rows is None and choose.of([True, False]) else None

    def given_rows(values):
        return clock if rows is None else values[rows]

    first = [] if given_rows(choose.values) is None else [given_rows(choose.values)[0]]
    inside = [*choose.values, *(choose.values[i] for i in starts), *first]
    steps = choose.draw(programs(inside, choose.depth + 1))
    after = Choice(choose.draw, run(steps, inside), choose.depth)
    ends = [after.number() for _ in starts]

    def function(*values, rounded):
        def step(state, *row):
            inside = run(steps, [*values, *state, *row], rounded)
            return tuple(rounded(settled(s, inside[i])) for s, i in zip(state, ends, strict=True))

        return list(iterate(step, tuple(values[i] for i in starts), n_steps, given_rows(values)))

    return Step("loop", function, tuple(range(len(choose.values))))


def settled(state, value):
    """Return a next state of the same shape, between -1 and 1."""
    return np.tanh(0.5 * state + (value if np.shape(value) == np.shape(state) else np.mean(value)))


MAKERS = [unary, binary, binary, with_constant, predicate, connective, where, reduction, index, shape, join, call, loop]


@st.composite
def programs(draw, values, depth=0):
    """Return the steps of a random program on the values; what NumPy refuses, for its shapes do not fit, is left out."""
    values, steps = list(values), []
    for _ in range(draw(st.integers(5, 14) if depth == 0 else st.integers(1, 4))):
        make = draw(st.sampled_from(MAKERS if depth < 3 else MAKERS[:-1]))
        step = make(Choice(draw, values, depth))
        try:
            after = run([step], values)
        except (ValueError, IndexError):
            continue
        if all(0 < v.size <= LARGEST and v.ndim <= 3 for v in after[len(values) :]):
            steps.append(step)
            values = after
    return steps


numbers = st.sampled_from([0.0, 1.0, -1.0, 0.5, -2.5, 3.0, np.nan, np.inf]) | st.floats(-4, 4)


@st.composite
def examples(draw):
    """Return inputs, a program on them, and which of its values it returns."""
    arrays = {name: np.array(draw(st.lists(numbers, min_size=n, max_size=n))) for name, n in (("u", 3), ("v", 5), ("w", 6))}
    inputs = {"a": np.float64(draw(numbers)), "b": np.float64(draw(numbers)), **arrays}
    with np.errstate(all="ignore"):
        steps = draw(programs(inputs.values()))
    n = len(inputs) + sum(2 if step.name == "loop" else 1 for step in steps)
    return inputs, steps, draw(st.lists(st.integers(1, n), min_size=1, max_size=3))


@settings(max_examples=200)
@given(examples())
def test_a_random_program_agrees(javascript_engine, example):
    """Nested ufuncs, broadcasting, slices, reductions, joins and loops in loops give NumPy's numbers to 1e-9."""
    inputs, steps, outputs = example

    def function(rounded=lambda value: value, **given_):
        values = run(steps, given_.values(), rounded)
        return [1.0 * np.reshape(values[-min(i, len(values))], (-1,)) for i in outputs]

    rng = np.random.default_rng(0)
    with np.errstate(all="ignore"):
        (got,) = javascript_engine.run(trace(function, **inputs), inputs)
        expected = function(**inputs)
        # Roundings of 1e-14 show which results hang on the last bits, and how far these may move.
        nudged = [function(lambda v: v * (1 + 1e-14 * rng.uniform(-1, 1, np.shape(v))), **inputs) for _ in range(4)]
        for i, (one, truth) in enumerate(zip(got, expected, strict=True)):
            others = np.array([n[i] for n in nudged])
            same_kind = np.where(np.isfinite(truth), np.isfinite(others), (others == truth) | np.isnan(others) & np.isnan(truth))
            sure = same_kind.all(axis=0)
            jitter = np.abs(others - truth).max(axis=0)
            close = np.abs(one - truth) <= 1e-9 * np.abs(truth) + 10 * jitter
            off = ~(close | (one == truth) | np.isnan(one) & np.isnan(truth))
            assert not (off & sure).any(), f"{one}\n{truth}\n{trace(function, **inputs).javascript}"
