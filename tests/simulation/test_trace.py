"""The tracer: what it writes, run by a real JavaScript engine, equals what NumPy computes."""

import math

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from simulation.decomposition import heavy_ball_components, last_step_above
from simulation.iterate import iterate
from simulation.objectives import curved_valley
from simulation.rates import critical_beta, optimal_heavy_ball, period, regime, worst_rate
from simulation.trace import ELEMENTWISE, FUNCTIONS, LOGICAL, REDUCTIONS, TraceError, trace
from simulation.update_rules import descend, heavy_ball
from simulation.words import choose, fixed, say, significant

SPECIAL = [0.0, -0.0, 1.0, -1.0, 0.1, 0.5, -0.5, 2.0, -2.5, 3.0, 7.3, -8.0, 1e9, 1e-9, 1e200, np.nan, np.inf, -np.inf]


@pytest.mark.parametrize("name", sorted(ELEMENTWISE))
def test_every_ufunc_agrees_on_special_numbers(javascript_engine, name):
    """Zeros of both signs, halves, huge, tiny, NaN, infinities, each with each: numbers alone, in arrays, and broadcast."""
    ufunc = getattr(np, name)
    given_bools = name.startswith("bitwise") or name == "invert"

    def columns(x, y, a, b):
        if given_bools:
            x, y, a, b = x > 0.5, y > 0.5, a > 0.5, b > 0.5
        if ufunc.nargs == 2:
            return {"array": ufunc(x), "number": ufunc(a)}
        return {"array": ufunc(x[:, None], y), "mixed": ufunc(x, b), "number": ufunc(a, b), "constant": ufunc(a, x[2])}

    inputs = [{"x": SPECIAL, "y": SPECIAL, "a": a, "b": b} for a in SPECIAL[::3] for b in (-0.0, 0.1, 3.0, np.nan, np.inf)]
    javascript_engine.check(columns, *inputs)


@pytest.mark.parametrize("operator", ["+", "-", "*", "/", "//", "%", "**", "<", "<=", ">", ">=", "==", "!="])
def test_every_operator_agrees_with_a_constant_on_either_side(javascript_engine, operator):
    """x @ c, c @ x and their in-between, for constants of all kinds."""
    constants = {"c": 0.3, "two": 2.0, "half": 0.5, "minus": -3.0, "inf": np.inf, "-inf": -np.inf, "nan": np.nan, "zero": -0.0}

    def columns(x, a):
        scope = {"x": x, "a": a, "two": 2, **{f"k{i}": c for i, c in enumerate(constants.values())}}
        cases = [(side, f"k{i}") for i in range(len(constants)) for side in "xa"] + [("x", "two"), ("a", "two"), ("x", "a")]
        return [eval(f"{left} {operator} {right}", scope) for one, two in cases for left, right in ((one, two), (two, one))]

    javascript_engine.check(columns, {"x": SPECIAL, "a": 0.7}, {"x": SPECIAL, "a": -2.0}, {"x": SPECIAL, "a": np.nan})


@pytest.mark.parametrize("name", sorted(REDUCTIONS))
def test_every_reduction_agrees_along_every_axis(javascript_engine, name):
    """Over one axis, several or all, kept or not, of short and long axes, also where NaN and infinity hide."""
    reduce = getattr(np, name)

    def columns(x, u):
        table = x[:, None] * u[None, :2]
        if name in LOGICAL:
            table = table > 0
        return {
            "all": reduce(table), "first": reduce(table, 0), "last": reduce(table, axis=-1), "both": reduce(table, axis=(0, 1)),
            "kept": reduce(table, axis=1, keepdims=True), "short": reduce(table[:3], axis=0), "one": reduce(table[:1]),
            "number": reduce(u[0]), "of bools": reduce(x > 0) * 1.0,
        }  # fmt: skip

    x = [0.5, -2.0, 3.0, 0.0, 1.5]
    inputs = [{"x": x, "u": [1.0, 2.0, 3.0]}, {"x": x, "u": [np.nan, 2.0, 3.0]}, {"x": [*x[:4], -np.inf], "u": [1.0, 0.0, 3.0]}]
    javascript_engine.check(columns, *inputs)


CALLS = {
    np.where: lambda x, m, a: [np.where(m > 1, m, x[:3]), np.where(x > 0, 1.0, a), np.where(a > 0, x, -1.0), np.where(x, 1, 2)],
    np.clip: lambda x, m, a: [np.clip(x, 0, a), np.clip(x, None, 1.0), np.clip(a, x, 9.0), np.clip(m, -1.0, 1.0)],
    np.stack: lambda x, m, a: [np.stack([x, x * 2]), np.stack([x, x * 2], axis=-1), np.stack([a, a + 1, 3.0]), np.stack([a])],
    np.concatenate: lambda x, m, a: [np.concatenate([x, [1.0, 2.0], x[:2]]), np.concatenate([m, m + 1], axis=1)],
    np.broadcast_to: lambda x, m, a: [np.broadcast_to(x, (2, 5)), np.broadcast_to(a, (3,)), np.broadcast_to(m[:, :1], (2, 4))],
    np.cumsum: lambda x, m, a: [np.cumsum(x), np.cumsum(m, 0), np.cumsum(m, axis=1), np.cumsum(x, axis=-1), np.cumsum(m)],
    np.mean: lambda x, m, a: [np.mean(x), np.mean(m, 0), np.mean(m, axis=-1), np.mean(a), np.mean(x > 0)],
    np.reshape: lambda x, m, a: [np.reshape(m, (3, 2)), np.reshape(m, -1), np.reshape(a, (1,)), np.reshape(x[:1], ())],
    np.ravel: lambda x, m, a: [np.ravel(m), np.ravel(m.T), np.ravel(a)],
    np.transpose: lambda x, m, a: [np.transpose(m), m.T, np.transpose(m[:, :, None], (2, 1, 0))[0], np.transpose(x)],
    np.expand_dims: lambda x, m, a: [np.expand_dims(x, 0), np.expand_dims(x, -1), np.expand_dims(a, 0)],
    np.zeros_like: lambda x, m, a: [np.zeros_like(m), np.zeros_like(a)],
    np.ones_like: lambda x, m, a: [np.ones_like(m), np.ones_like(a)],
    np.full_like: lambda x, m, a: [np.full_like(m, 2.5), np.full_like(x, a), np.full_like(a, 3.0)],
    np.dot: lambda x, m, a: [np.dot(x, x), np.dot(m, m.T), np.dot(m, x[:3]), m @ x[:3], x[:2] @ m, np.ones(5) @ x, np.dot(x, a)],
    np.shape: lambda x, m, a: [list(map(float, np.shape(m))), list(np.shape(a))],
    np.ndim: lambda x, m, a: [float(np.ndim(m)), float(np.ndim(a))],
    np.size: lambda x, m, a: [float(np.size(m)), float(np.size(a))],
}
"""One row a function that traced arrays answer."""


def test_every_function_has_a_row():
    """The table covers all that can be traced, but for the reductions, which have their own test."""
    assert set(CALLS) == set(FUNCTIONS) - {getattr(np, name) for name in REDUCTIONS}


@pytest.mark.parametrize("function", CALLS, ids=lambda function: function.__name__)
def test_every_function_agrees(javascript_engine, function):
    """In the forms in which NumPy allows a call, on a vector, a matrix and a number."""

    def columns(x, u, a):
        return CALLS[function](x, np.reshape(u, (2, 3)), a)

    u = [0.3, -1.0, 2.0, 5.0, 0.0, 1.5]
    tame, wild = [1.0, -2.0, 0.0, 4.0, 0.5], [np.nan, 0.0, -0.0, 1.0, np.inf]
    javascript_engine.check(columns, {"x": tame, "u": u, "a": 2.0}, {"x": wild, "u": u[::-1], "a": -1.0})


def test_every_way_to_index_agrees(javascript_engine):
    """Integers, slices of any stride, new axes, the ellipsis, and lists or masks that are known beforehand."""
    m_mask = np.arange(12).reshape(3, 4) % 5 == 1

    def columns(x, u):
        m, t = np.reshape(u, (3, 4)), np.reshape(u, (2, 3, 2))
        return [
            x[0], x[-1], x[1:], x[:-1], x[::2], x[::-1], x[4:0:-2], x[-3:], x[None, :], x[:, None], x[2:3], x[...],
            m[1], m[-1, -1], m[:, 1], m[..., 1], m[1:, ::-1], m[None, 1], m[1, None, :], m[::-1, 2:], m[1:][0, 1:][::-1],
            x[[3, 0, 0]], x[np.array([1, -1])], m[[2, 0]], m[:, [0, 3, 1, 2, 2]], x[np.array([True, False, True, True, False])],
            t[0], t[:, 1], t[..., 0], t[1, :, ::-1], t[0].T[1], m.T[1:, 0], np.reshape(m.T, (2, 6))[1], list(m[0]), [*x[1:3]],
            len(x) * x, m[np.int64(1)], x[-1:][0], m[[0, 2], [1, 3]], m[1, [0, 2]], t[0, :, [1, 0]], t[[1, 0], :, 1], m[m_mask],
            x[np.array([[0, 1], [2, 3]])], m[[[0], [2]], [1, 3]], m[:, None][[2, 0]][..., 1],
        ]  # fmt: skip

    javascript_engine.check(columns, {"x": np.arange(5.0) ** 2, "u": np.sin(np.arange(12.0))})


def test_constants_of_all_kinds_agree(javascript_engine):
    """Counting, strided, uniform, with NaN and infinity, integer and boolean, short and long, one axis and two."""
    rng = np.random.default_rng(0)
    tables = [
        np.arange(7), np.arange(7.0) * 3 - 4, np.arange(7.0) * 0.1, np.linspace(1, 0, 7), np.full(7, 2.5), -np.arange(7),
        np.array([0.0, np.inf, 1, 2, 3, 4, 5]), np.array([np.nan, 1, 2, 3, 4, 5, 6]), np.array([np.inf, np.inf, 1, 2, 3, 4, 5]),
        np.arange(7) > 3, np.zeros(7), rng.normal(size=7), np.arange(7) * 1e17, np.full(7, np.nan),
        np.array([-1e308, 1e308, 0, 1, 2, 3, 4]),
    ]  # fmt: skip

    def columns(x, u):
        planes = [x[:, None] * np.arange(5), x[:, None] + rng_plane, np.ones((5, 7)) * x, (np.arange(35) % 4).reshape(5, 7) + x]
        long = np.concatenate([[np.nan], np.sort(rng_line)]) * u
        return [[table * x for table in tables], [x * float(t[0]) + t for t in tables], planes, long]

    rng_plane, rng_line = rng.normal(size=(7, 5)), rng.normal(size=40)
    program = javascript_engine.check(columns, {"x": SPECIAL[:7], "u": 2.0}, {"x": [1.0] * 7, "u": np.nan})
    assert {c.size for c in program.constants} >= {41, 35}


def test_results_nest_as_those_of_the_function(javascript_engine):
    """Dicts, lists, tuples, numbers, texts, booleans and what does not depend on the inputs at all."""

    def columns(x, a):
        return {
            "table": {"x": x, "twice": [2 * x, (a, "text")]}, "number": a, "plane": x[:, None] * np.arange(3),
            "known": np.arange(3), "known plane": np.arange(6).reshape(2, 3), "long": np.linspace(0, 1, 20),
            "large plane": np.arange(20.0).reshape(4, 5), "yes": a > 0, "each": x > 0, 'qu"ote\n': 1.5, "int": 3, "bool": True,
            "highest": np.max(x > 0) * 1.0,
            "either": np.where(a > 0, 1.0, x[0] > 0) * 1.0, "word": choose(a > 0, "</script>", 'b"\\'),
        }  # fmt: skip

    program = javascript_engine.check(columns, {"x": [1.0, -2.0], "a": 3.0}, {"x": [-1.0, -2.0], "a": -3.0})
    assert "</script" not in program.javascript


def test_booleans_count_as_numbers(javascript_engine):
    """A yes is 1: in sums, products, comparisons, maxima, and in words."""

    def columns(x, a):
        yes, one = x > 0, a > 0
        return [
            yes * 2.0, yes == 1.0, one == 1, one != 1, 1 * one == one, np.sum(yes) * 1.0, np.where(one, 1.0, 0.0) == one,
            np.max(yes), np.min(yes), np.max(x > 9), np.where(one, yes[0], yes[1]), np.where(one, 2.5, yes[1]), yes & one,
            yes | ~one, fixed(one, 0), significant(np.max(yes)), np.isfinite(yes), np.isfinite(one), np.isnan(one), np.any(yes),
            np.all(yes), choose(np.any(yes), "some", "none"), np.maximum(one, 0.5), -(one * 1.0), np.stack([one, one]),
            np.minimum(yes, one), yes + one, 2.0 * (yes + one), yes * one, np.concatenate([yes, yes]) & one,
            np.logical_and(one, True), one + 1.0, yes + np.ones(3), np.logical_or(yes, np.zeros(3) > 1) + np.zeros(3),
        ]  # fmt: skip

    javascript_engine.check(columns, {"x": [1.0, -2.0, 0.0], "a": 3.0}, {"x": [-1.0, np.nan, 0.0], "a": -3.0})


def test_a_yes_and_a_one_are_two_constants(javascript_engine):
    """A yes plus True is a yes, a yes plus 1.0 is 2, whichever of the two constants comes first."""
    javascript_engine.check(lambda a: [(a > 0) + True, (a > 0) + 1.0], {"a": 3.0}, {"a": -3.0})
    javascript_engine.check(lambda a: [(a > 0) + 1.0, (a > 0) + True], {"a": 3.0}, {"a": -3.0})


def test_three_axes_are_no_result():
    """A browser's tables have columns, and images rows of columns."""
    with pytest.raises(ValueError, match="at most two axes, not 3"):
        trace(lambda x: np.reshape(x, (1, 2, 2)), x=np.zeros(4))


@given(st.text())
@example('</script> & "quotes" \\ \r\n\u2028 ${x} ☃')
@settings(max_examples=60)
def test_every_text_arrives_unharmed(javascript_engine, template):
    """Whatever a text holds, the page shows the same; nothing in it can end a script."""
    assume("{" not in template and "}" not in template)

    def words(a):
        return [say("{}" + template + "{}" + template, fixed(a, 1), template), template, choose(a > 0, template, "")]

    program = javascript_engine.check(words, {"a": 1.5}, {"a": -1.5})
    assert "</" not in program.javascript


def numbers_to_write():
    """Return halves, carries, edges, huge, tiny and random numbers, of both signs."""
    rng = np.random.default_rng(5)
    numbers = [
        *(n / 8 for n in range(90)), *(n / 1000 + 0.0005 for n in range(40)), 1.005, 2.675, 0.125, 1e-4, 9.9996e-5, 1e-5,
        9.5, 9.95, 9.995, 99.95, 99.5, 999.5, 99950.0, 999499.5, 999500.0, 999999.5, 1e6, 1234567.0, 999999.99999,
        5e-324, 2.2e-308, 1.5e-7, 1e20, 1e21, 1.5e21, 123456789012345680000.0, 1e22, 9.87e45, 1.7976931348623157e308,
        *10.0 ** rng.uniform(-8, 9, 150), *rng.uniform(0, 1, 50), *rng.integers(0, 2000, 50) / 16, np.nan, np.inf,
    ]  # fmt: skip
    return numbers + [-x for x in numbers]


def test_numbers_in_words_read_alike(javascript_engine):
    """`fixed` and `significant` write the same text in NumPy and in the browser, at every number of digits."""

    def words(x):
        return [[fixed(x, d) for d in (0, 1, 2, 3, 7, 10)], [significant(x, d) for d in (1, 2, 3, 4, 6, 9)], significant(x)]

    javascript_engine.check(words, *({"x": x} for x in numbers_to_write()))


@settings(max_examples=40)
@given(st.lists(st.floats(), min_size=20, max_size=20))
def test_any_number_reads_alike(javascript_engine, xs):
    """As above, for whatever floats there are."""
    javascript_engine.check(lambda x: [fixed(x, 3), fixed(x, 0), significant(x, 2), significant(x, 5)], *({"x": x} for x in xs))


def test_sentences_agree(javascript_engine):
    """Texts chosen, nested, and filled with other texts."""

    def words(a, b):
        size = choose(a > b, "more", choose(np.equal(a, b), "as much", say("{} less", fixed(b - a, 1))))
        return {
            "size": size, "twice": say("{}, {}", size, size), "plain": say("{} is 100%", "this"), "regime": regime(a, b),
            "none": choose(np.isnan(a), "", "number"), "digits": say("{}/{}", fixed(a, 0), fixed(b, 0)),
            "both": choose((a > 0) & ~(b > 0), "yes", "no"),
        }  # fmt: skip

    pairs = [(1.0, 2.0), (2.0, 1.0), (1.0, 1.0), (0.15, 0.9), (2.5, 0.235), (np.nan, 1.0), (1.0, 0.0), (0.0, 0.5), (3.0, 0.5)]
    javascript_engine.check(words, *({"a": a, "b": b} for a, b in pairs))


def test_a_map_of_rates_agrees(javascript_engine):
    """A plane of rates with its critical curve and optimum, as a figure's table."""

    def columns(kappa):
        alpha_lam = (np.arange(24) + 0.5) * (4 / 24 + 0.0 * kappa)
        beta = (np.arange(15) + 0.5) * (1 / 15 + 0.0 * kappa)
        best, along = optimal_heavy_ball(1.0 / kappa, 1.0), np.linspace(0, 4, 33)
        return {
            "rate": worst_rate(alpha_lam[None, :], beta[:, None], np.stack([1.0 / kappa, 1.0 + 0.0 * kappa])),
            "critical": {"x": along, "y": critical_beta(along / kappa)}, "period": period(alpha_lam[:15], beta),
            "optimum": {"x": np.reshape(best.alpha, (1,)), "y": np.reshape(best.beta, (1,)), "rate": best.rate},
        }  # fmt: skip

    javascript_engine.check(columns, *({"kappa": kappa} for kappa in (1.0, 1.5, 10.0, 100.0)))


def test_a_decomposition_agrees(javascript_engine):
    """The stacked losses of three components and their counts, inside and outside the region of stability."""
    lams = np.array([0.01, 0.1, 1.0])

    def columns(alpha_lam, beta):
        losses = heavy_ball_components(alpha_lam, beta, lams, 150)
        finite = np.where(np.isfinite(losses), np.clip(losses, 0, 1e3), 1e3)
        top = np.cumsum(finite, axis=1)
        steps = last_step_above(losses, 0.01)
        labels = [fixed(steps[i], 0) for i in range(3)]
        return {"top": np.reshape(top, (-1,)), "steps": steps, "labels": labels, "peak": np.max(top)}

    pairs = [(3.306, 0.669), (1.98, 0.0), (0.0, 0.5), (3.9, 0.99), (4.0, 0.1), (1.0, 1.0)]
    javascript_engine.check(columns, *({"alpha_lam": a, "beta": b} for a, b in pairs))


def test_a_run_down_the_valley_agrees(javascript_engine):
    """150 steps of momentum on a curved valley, settling, swinging and flying apart."""

    def columns(alpha, beta, x, y, k):
        w = descend(heavy_ball(alpha, beta), curved_valley.grad, np.stack([x, y]), 150)
        steps = np.arange(151)
        path = np.clip(w, -1e3, 1e3)
        end = np.sum(np.where((steps == k)[:, None], path, 0.0), axis=0)
        seen = np.where(steps <= k, 1.0, np.nan)
        return {"x": path[:, 0] * seen, "y": path[:, 1], "f": curved_valley.f(end), "all": curved_valley.f(w)}

    start = {"x": -1.21, "y": 0.853, "k": 150}
    runs = [(0.003, 0.74), (0.003, 0.99), (0.003, 0.0), (0.006, 0.99), (0.0, 0.5)]
    javascript_engine.check(columns, *({"alpha": a, "beta": b, **start, "k": 150 - 30 * i} for i, (a, b) in enumerate(runs)))


def test_rows_and_structures_of_loops_agree(javascript_engine):
    """Noise step by step, states of several shapes, starts that grow, no steps at all, and what a loop leaves unread."""
    noise = np.random.default_rng(1).normal(size=(30, 4))

    def columns(alpha, u):
        noisy = iterate(lambda w, e: w - alpha * (w + e), np.zeros(4), 30, noise)
        ages = iterate(lambda w, t: 0.5 * w + t, alpha, 6, np.arange(6.0))
        waves = iterate(lambda w, t: w + np.sin(t), alpha, 4, u * np.arange(5.0)[:4, None])
        grown = iterate(lambda w: w * alpha + u, 1.0, 3)
        table = iterate(lambda w: w @ w, np.stack([np.stack([alpha, 0.5]), [0.1, 0.2]]), 3)
        pair = iterate(lambda s: (s[1], s[0] + s[1], np.logical_or(s[2], s[1] > 2)), (0.0, alpha, 0.0), 9)
        return [
            noisy[:, 0], noisy[-1], np.reshape(noisy, (31, 4)), ages, waves, grown, table[-1], pair[1], pair[2],
            iterate(np.sin, alpha, 0), iterate(lambda w: w + u, u, 0), iterate(lambda s: (s[0] + 1, 2 * s[1]), (alpha, u), 4)[0],
        ]  # fmt: skip

    javascript_engine.check(columns, {"alpha": 0.3, "u": [1.0, 2.0, 3.0]}, {"alpha": 1.5, "u": [0.0, -1.0, np.nan]})


def test_loops_in_loops_in_loops_agree(javascript_engine):
    """Each loop's statements land in that loop, whichever of the states around it they read."""

    def columns(a):
        def outer(x):
            def middle(y):
                fixed_here = np.exp(-y * y)
                inner = iterate(lambda z: np.sin(z + fixed_here), y, 3)
                other = iterate(lambda z: np.cos(z + fixed_here * x), y + x, 2)
                alone = iterate(lambda z: z / 2 + a, a, 2)
                return np.tanh(inner[-1] + other[1] + alone[-1] * y)

            return np.mean(iterate(middle, x, 4)) + np.sum(iterate(lambda y: y / 2, x, 3)) / 9

        vector = iterate(lambda v: iterate(lambda w: np.tanh(w + v), np.sin(v), 2)[-1] * 0.9, np.stack([a, 2 * a]), 3)
        return iterate(outer, a, 5), vector

    for _ in range(8):
        javascript_engine.check(columns, {"a": 0.3}, {"a": -1.2})


def source(function, **inputs):
    """Return the source of a trace."""
    return trace(function, **inputs).javascript


def test_only_shapes_matter():
    """The values that a function is traced with leave no mark, and tracing twice gives the same source."""

    def columns(x, a):
        return iterate(lambda w: np.sum(iterate(lambda v: v * w + x, x, 3)[-1]) * a, a, 4)

    one = source(columns, x=[1.0, 2.0], a=0.0)
    assert one == source(columns, x=[np.nan, 7.0], a=-3.0) == source(columns, x=np.zeros(2), a=1)
    assert one != source(columns, x=[1.0, 2.0, 3.0], a=0.0)


def test_a_shared_expression_appears_once():
    """Equal expressions are one, however they were reached: as numbers, in arrays, in views and in loops."""
    assert source(lambda a: np.exp(a) + np.exp(a) * np.exp(a), a=1.0).count("Math.exp") == 1
    assert source(lambda x: np.exp(x)[1:] - np.exp(x)[:-1], x=np.zeros(9)).count("Math.exp") == 1
    assert source(lambda x, a: [np.exp(a) + x, np.sum(np.exp(a) * x)], x=np.zeros(9), a=1.0).count("Math.exp") == 1
    assert source(lambda a: iterate(lambda w: np.exp(w) + np.exp(w) ** 2, a, 5), a=1.0).count("Math.exp") == 1

    def twice(x):
        return np.sin(x) + 1

    assert source(lambda x: twice(x) * twice(x), x=np.zeros(9)).count("Math.sin") == 1


def test_a_chain_of_array_operations_is_one_loop():
    """What only one expression reads is computed on the way, without an array of its own."""
    text = source(lambda x: np.sqrt(np.abs(2 * x + 1) ** 3) - 1, x=np.zeros(50))
    assert text.count("for (") == 1
    assert text.count("Float64Array") == 1


def test_what_a_larger_array_reads_is_computed_beforehand():
    """Nine exponentials for a table of nine columns, not one for each of its cells: they get an array of their own."""
    text = source(lambda x, y: np.exp(x) * np.reshape(y, (20, 9)), x=np.zeros(9), y=np.zeros(180))
    assert text.count("Float64Array(9)") == 1
    rows = text.index("i0 < 20")
    assert text.index("Math.exp") < rows


def test_iterate_is_one_loop_of_any_length():
    """The step is written once: the source is as long for four hundred steps as for a hundred."""

    def columns(n_steps):
        return lambda alpha, beta: descend(heavy_ball(alpha, beta), curved_valley.grad, np.array([1.0, 2.0]), n_steps)[:, 0]

    short, long = (source(columns(n), alpha=0.1, beta=0.5) for n in (100, 400))
    assert len(short) == len(long)
    numbers = source(lambda a: iterate(lambda s: (s[1], a * s[0]), (1.0, 2.0), 77)[0], a=0.1)
    assert numbers.count("for (") == 1
    assert "< 77" in numbers


def test_what_no_state_changes_stays_outside_the_loop():
    """An expression of the inputs alone is computed once, before the loop."""
    text = source(lambda a: iterate(lambda w: w * np.exp(a), 1.0, 5), a=0.1)
    assert text.count("Math.exp") == 1
    assert text.index("Math.exp") < text.index("for (")


def test_tables_are_shipped_beside_the_source():
    """Many numbers go with the program as one array; a few, and those that count, are written down."""
    table = np.random.default_rng(0).normal(size=200)
    program = trace(lambda a: [table * a, table + a, np.arange(200) * a], a=1.0)
    assert len(program.constants) == 1
    np.testing.assert_array_equal(program.constants[0], table)
    assert len(program.javascript) < 900


def no_value(pattern):
    """Expect a `TraceError` whose message names the remedy."""
    return pytest.raises(TraceError, match=pattern)


def branch(x):
    return x if x > 0 else -x


def assign(x):
    x[0] = 1


def subtract_in_place(x):
    known = np.zeros(4)
    known -= x


@pytest.mark.parametrize(
    ("function", "remedy"),
    [
        (
            lambda x: branch(x[0]),
            r"np\.where\(condition, a, b\) .* simulation\.words\.choose .* simulation\.iterate\.iterate for loops",
        ),
        (lambda x: x[0] > 0 and x[1] > 0, r"np\.where"),
        (lambda x: max(x[0], x[1]), r"np\.where"),
        (lambda x: x in [x + 1], r"np\.where"),
        (lambda x: float(x[0]), r"keep to NumPy's functions \(np\.sqrt, not math\.sqrt or float\)"),
        (lambda x: int(x[0]), r"keep to NumPy's functions"),
        (lambda x: math.sqrt(x[0]), r"np\.sqrt, not math\.sqrt"),
        (lambda x: f"{x[0]:.3f}", r"write it with simulation\.words: fixed, significant"),
        (lambda x: f"x = {x[0]}", r"write it with simulation\.words"),
        (assign, r"cannot be assigned into; build it with np\.where, np\.stack or np\.concatenate"),
        (subtract_in_place, r"np\.subtract.*out="),
        (lambda x: x[x[0]], r"cannot be an index; select with np\.sum\(np\.where\(np\.arange\(n\) == i, x, 0\)\)"),
        (lambda x: np.arange(9)[x[0]], r"select with np\.sum\(np\.where"),
        (lambda x: [1, 2, 3][x[0]], r"cannot be an index or a count; select with np\.sum"),
        (lambda x: range(x[0]), r"a number of steps that is known"),
        (lambda x: x[x > 0], r"cannot be an index"),
        (lambda x: np.sort(x), r"np\.sort cannot be traced; these can: .*concatenate, cumsum"),
        (lambda x: np.linalg.norm(x), r"np\.norm cannot be traced; these can: "),
        (lambda x: np.linspace(0, x[0], 5), r"np\.linspace cannot be traced; these can: "),
        (lambda x: np.dot(x, np.ones((2, 4, 3))), r"np\.dot of more than two axes cannot be traced; use a @ b"),
        (lambda x: np.fabs(x), r"np\.fabs cannot be traced; these can: absolute, add"),
        (lambda x: np.add.reduce(x), r"np\.add\.reduce"),
        (lambda x: np.array([x[0], x[1]]), r"np\.stack or np\.concatenate, not np\.array"),
        (lambda x: np.asarray(x), r"np\.stack or np\.concatenate"),
        (lambda x: x + np.array([1j, 2, 3, 4]), r"an array of complex128; only real numbers"),
        (lambda x: fixed(x, 2), r"fixed: an array of shape \(4,\) is not one number"),
        (lambda x: significant(x), r"significant: an array of shape \(4,\) is not one number"),
        (lambda x: choose(x > 0, "yes", "no"), r"choose: the condition has shape \(4,\)"),
        (lambda x: say("{}", x[0]), r"say: a number needs fixed\(x, digits\) or significant\(x, digits\) first"),
        (lambda x: fixed(x[0], 1) + 1, r"of a text; texts are made by simulation\.words"),
    ],
)
def test_what_cannot_be_traced_names_the_remedy(function, remedy):
    """No trace is wrong in silence: each such call ends in an error that says what to write instead."""
    with no_value(remedy):
        trace(function, x=np.ones(4))


@pytest.mark.parametrize(
    ("function", "error", "message"),
    [
        (lambda x: x + np.ones(3), ValueError, "broadcast"),
        (lambda x: x[4], IndexError, "out of bounds"),
        (lambda x: x[0, 0], IndexError, "indices"),
        (lambda x: np.reshape(x, (3, 2)), ValueError, "cannot take the shape"),
        (lambda x: np.concatenate([x, np.ones((2, 2)) * x[0]]), ValueError, "dimensions"),
        (lambda x: np.stack([x, x[:2]]), ValueError, "same shape"),
        (lambda x: np.concatenate([x[:, None], x[:2, None] * np.ones(3)], axis=0), ValueError, "dimensions"),
        (lambda x: x @ np.ones(3), ValueError, "mismatch|broadcast|aligned"),
        (lambda x: np.sum(x, axis=1), ValueError, "axis 1 is out of bounds"),
        (lambda x: say("{} {}", fixed(x[0], 1)), ValueError, "1 texts for 2 places"),
        (lambda x: len(x[0]), TypeError, "len"),
    ],
)
def test_what_numpy_refuses_a_trace_refuses(function, error, message):
    """Shapes that do not fit fail as they do in NumPy, when the function is traced."""
    with pytest.raises(error, match=message):
        trace(function, x=np.ones(4))
    with pytest.raises((error, TypeError, IndexError)):
        function(np.ones(4))
