"""Momentum unrolled, against the run itself and sums term by term."""

import mpmath as mp
import numpy as np
import pytest

from simulation.objectives import curved_valley, quadratic
from simulation.trace import trace
from simulation.unrolled import geometric_sum, unrolled_run, unrolled_weights
from simulation.update_rules import descend, gradient_descent, heavy_ball


@pytest.mark.parametrize("beta", [0.0, 1e-12, 0.3, 0.99, 1 - 1e-12, 1.0])
def test_the_sum_of_powers(beta):
    with mp.workdps(40):
        expected = [float(mp.fsum(mp.mpf(beta) ** j for j in range(m))) for m in range(60)]
    np.testing.assert_allclose(geometric_sum(beta, np.arange(60)), expected, rtol=1e-12)
    np.testing.assert_array_equal(geometric_sum(beta, np.array([-5, 0])), 0)


@pytest.mark.parametrize("beta", [0.0, 0.5, 0.74, 0.99, 1.0])
@pytest.mark.parametrize(
    ("objective", "w0", "alpha"), [(curved_valley, [-1.21, 0.853], 0.003), (quadratic([1.0, 100.0]), [1.0, 1.0], 0.01)]
)
def test_the_run_from_its_gradients(objective, w0, alpha, beta):
    points = descend(heavy_ball(alpha, beta), objective.grad, np.array(w0), 80)
    unrolled = unrolled_run(np.array(w0), alpha, beta, objective.grad(points[:-1]))
    np.testing.assert_allclose(unrolled, points, atol=1e-11)


def test_gradient_descent_counts_every_gradient_alike():
    np.testing.assert_allclose(unrolled_weights(0.0, 6), np.tri(7, 6, -1), atol=1e-15)
    points = descend(gradient_descent(0.1), lambda w: 2 * w, np.array([1.0, 2.0]), 6)
    np.testing.assert_allclose(unrolled_run(points[0], 0.1, 0.0, 2 * points[:-1]), points, atol=1e-14)


def test_an_old_gradient_counts_up_to_the_effective_step_size():
    for beta in (0.5, 0.9):
        counts = unrolled_weights(beta, 400)[-1]
        assert counts[-1] == pytest.approx(1)
        assert counts[0] == pytest.approx(1 / (1 - beta), rel=1e-12)
        assert np.all(np.diff(counts) <= 0)


def test_the_weights_can_be_traced():
    program = trace(lambda beta, g: unrolled_run(np.zeros(1), 0.1, beta, np.reshape(g, (5, 1)))[:, 0], beta=0.9, g=np.zeros(5))
    assert "Math.expm1" in program.javascript
