"""The colorization figure, against a loop over the pixels and their neighbours."""

import re

import numpy as np
import pytest

from components.colorization import BEST, LAMS, MOST, PLAIN, PROBLEM, TIP, TOLERANCE, TOP, backdrop, columns, words
from components.picture import on_paper, outline, pitch, size
from components.wire import compact
from simulation.colorization import colorization, colours
from simulation.filters import steps_of
from simulation.rates import worst_rate


def neighbours():
    found = [[] for _ in LAMS]
    for i, j in PROBLEM.picture.edges:
        found[i].append(j)
        found[j].append(i)
    return found


def by_loops(alpha_lam, beta, k):
    """The picture after k steps, pixel by pixel."""
    around, coloured = neighbours(), set(PROBLEM.picture.coloured.tolist())
    alpha = alpha_lam / LAMS[-1]
    w, z = np.zeros(len(LAMS)), np.zeros(len(LAMS))
    for _ in range(k):
        pull = [sum(w[i] - w[j] for j in around[i]) + (w[i] - 1 if i in coloured else 0) for i in range(len(w))]
        z = beta * z + np.array(pull)
        w = w - alpha * z
    return w


def drawn(alpha_lam, beta, k):
    """The two pictures of the figure."""
    image = columns(alpha_lam, beta, np.log10(k + 1), 1)["pictures"]["w"]
    row, column = PROBLEM.picture.pixels.T
    below = size(PROBLEM.picture)[0] - 1 - row
    return image[below, column], image[below, column + pitch(PROBLEM.picture)]


@pytest.mark.parametrize("k", [0, 1, 7, 100])
@pytest.mark.parametrize(("alpha_lam", "beta"), [BEST, (PLAIN, 0.0), (2.5, 0.9)])
def test_the_pictures_are_the_run(alpha_lam, beta, k):
    plain, momentum = drawn(alpha_lam, beta, k)
    np.testing.assert_allclose(plain, by_loops(PLAIN, 0.0, k), atol=1e-3)
    np.testing.assert_allclose(momentum, by_loops(alpha_lam, beta, k), atol=1e-3)


def test_eigenvectors_that_travel_in_two_bytes_paint_the_same_picture():
    exact = colorization()
    assert compact(PROBLEM.Q)[0].dtype == np.int16
    for k in (0, 1, 30, 100, 1000, 10_000):
        for alpha_lam, beta in (BEST, (PLAIN, 0.0), (2.5, 0.9), (3.99, 0.999), (1.0, 1.0)):
            np.testing.assert_allclose(colours(PROBLEM, alpha_lam, beta, k), colours(exact, alpha_lam, beta, k), atol=1e-3)
    shape = exact.Q / np.abs(exact.Q).max(axis=0)
    assert np.abs(PROBLEM.Q / np.abs(PROBLEM.Q).max(axis=0) - shape).max() < 1e-3


def test_colour_walks_one_pixel_a_step():
    around, hops = neighbours(), np.full(len(LAMS), np.inf)
    hops[PROBLEM.picture.coloured] = 1
    for _ in LAMS:
        hops = np.minimum(hops, [1 + min(hops[j] for j in near) for near in around])
    for k in (1, 5, 20):
        for w in drawn(*BEST, k):
            assert np.abs(w[hops > k]).max() < 1e-3
    assert hops[TIP] >= hops.max() - 1


def test_the_bars_are_the_steps_of_a_run():
    alpha_lam, beta = 3.2, 0.9
    steps = 10 ** backdrop(alpha_lam, beta)["steps"]["momentum"]
    assert np.isnan(backdrop(alpha_lam, beta)["steps"]["beyond"]).all()
    for i in (0, 3, 40, 200, 342):
        a, z, x, history = alpha_lam * LAMS[i] / LAMS[-1], 0.0, 1.0, []
        for _ in range(4000):
            z = beta * z + x
            x -= a * z
            history.append(abs(x))
        last = 1 + np.flatnonzero(np.array(history) > TOLERANCE).max(initial=-1)
        ring = np.pi / np.arccos((1 + beta - a) / (2 * np.sqrt(beta))) if (1 + beta - a) ** 2 < 4 * beta else 1
        assert last <= steps[i] + 1e-9 <= last + 2 * ring + 6


def test_bars_that_end_at_the_top_say_so():
    for alpha_lam, beta in ((0.001, 0.5), (0.0, 0.5), (3.0, 0.2), (2.0, 0.0)):
        steps = backdrop(alpha_lam, beta)["steps"]
        assert np.isfinite(steps["beyond"]).any()
        np.testing.assert_array_equal(np.isfinite(steps["beyond"]), steps["momentum"] == TOP)


def test_the_best_pair_is_the_best():
    best = worst_rate(*BEST, LAMS)
    for change in (-0.02, 0.02):
        assert worst_rate(BEST[0] + change, BEST[1], LAMS) > best
        assert worst_rate(BEST[0], BEST[1] + change, LAMS) > best
        assert worst_rate(PLAIN + change, 0.0, LAMS) > worst_rate(PLAIN, 0.0, LAMS)


def test_the_slider_counts_whole_steps():
    assert [steps_of(np.log10(k + 1)) for k in (0, 1, 9, 100, 9_999)] == [0, 1, 9, 100, 9_999]
    assert steps_of(MOST) == 10_000


def test_the_words():
    def said(alpha_lam, beta, k):
        with np.errstate(all="ignore"):
            state = {"alpha_lam": alpha_lam, "beta": beta, "log_k": np.log10(k + 1), "eigenvector": 1}
            return words(columns(**state), **state)

    tip = 100 * by_loops(*BEST, 100)[TIP]
    assert said(*BEST, 100).startswith(
        f"After 100 steps of gradient descent at its best the tip of the tail has 0 % of its colour; with momentum, {tip:.0f} %."
    )
    assert said(*BEST, 100).endswith("Eigenvector 1 is within 1 % of its goal by step 8280, and with momentum by step 199.")
    assert said(*BEST, 1).startswith("After 1 step of gradient descent")
    assert "flies apart: αλₙ is beyond 2 + 2β = 3." in said(3.5, 0.5, 10)
    assert "2 + 2β itself the finest pattern swings for ever" in said(2.0, 0.0, 10)
    assert "the colours swing for ever" in said(1.0, 1.0, 10)
    assert "wider at every step" in said(4.0, 1.0, 10)
    assert "no colour moves" in said(0.0, 0.5, 10)


def test_the_words_promise_no_step_too_early():
    """The bound for momentum, where the run rings and where it does not."""
    for alpha_lam, beta in (BEST, (3.8, 0.95), (1.0, 0.99), (0.5, 0.2)):
        state = {"alpha_lam": alpha_lam, "beta": beta, "log_k": 2.0, "eigenvector": 1}
        plain, momentum = map(int, re.findall(r"by step (\d+)", words(columns(**state), **state)))
        a, z, x = alpha_lam * LAMS[0] / LAMS[-1], 0.0, 1.0
        for k in range(1, 40_000):
            z = beta * z + x
            x -= a * z
            assert k < momentum or abs(x) <= TOLERANCE * (1 + 1e-9)
        assert (1 - PLAIN * LAMS[0] / LAMS[-1]) ** np.array([plain - 1, plain]) == pytest.approx(TOLERANCE, rel=1e-3)


def test_the_outline_closes_and_the_paper_is_bare_elsewhere():
    image = on_paper(PROBLEM.picture, np.ones(len(LAMS)))
    assert np.nansum(image) == len(LAMS)
    ends = outline(PROBLEM.picture)
    points = [(x, y) for a, b in (("x0", "y0"), ("x1", "y1")) for x, y in zip(ends[a], ends[b], strict=True)]
    assert all(points.count(point) % 2 == 0 for point in set(points))
