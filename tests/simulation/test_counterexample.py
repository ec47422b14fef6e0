"""The three-cycle of heavy ball, against runs and differences."""

import numpy as np
import pytest

from simulation.counterexample import slope, three_cycle, value
from simulation.rates import optimal_heavy_ball
from simulation.trace import trace
from simulation.update_rules import descend, heavy_ball

X = np.linspace(-4, 5, 901)


def test_the_slope_by_differences():
    np.testing.assert_allclose(slope(X), (value(X + 1e-6) - value(X - 1e-6)) / 2e-6, atol=2e-5)


def test_it_is_smooth_and_strongly_convex():
    curvature = np.diff(slope(X)) / np.diff(X)
    assert curvature.min() == pytest.approx(1, rel=1e-9)
    assert curvature.max() == pytest.approx(25, rel=1e-9)
    assert value(np.array([0.0])) == 0
    assert np.all(value(X[X != 0]) >= 0)


def test_heavy_ball_circles_with_the_parameters_that_are_best_on_quadratics():
    alpha, beta, _ = optimal_heavy_ball(1.0, 25.0)
    assert (alpha, beta) == pytest.approx((1 / 9, 4 / 9))
    run = descend(heavy_ball(alpha, beta), slope, np.array([3.3]), 300)[:, 0]
    np.testing.assert_allclose(sorted(run[-3:]), [-1.8024, 0.6465, 2.1159], atol=5e-5)
    np.testing.assert_allclose(run[298:], np.roll(three_cycle(), 1), atol=1e-12)


def test_the_cycle_is_one_and_lies_where_its_equations_say():
    p, q, r = three_cycle()
    assert q < 1
    assert r < 1
    assert p > 2
    for before, now, after in ((r, p, q), (p, q, r), (q, r, p)):
        assert now - slope(now) / 9 + 4 / 9 * (now - before) == pytest.approx(after, abs=1e-13)


@pytest.mark.parametrize("x0", [3.3, -2.0, 2.1159])
def test_the_look_ahead_gradient_converges(x0):
    alpha, beta = 1 / 25, (5 - 1) / (5 + 1)
    x, z = x0, 0.0
    for _ in range(200):
        z = beta * z + slope(x - alpha * beta * z)
        x = x - alpha * z
    assert abs(x) < 1e-9


def test_it_can_be_traced():
    assert "?" in trace(lambda x: [value(x), slope(x)], x=1.0).javascript
