"""Objectives: gradients against finite differences, minima against a general-purpose minimiser."""

import numpy as np
import pytest
from scipy.optimize import minimize

from simulation import objectives
from simulation.objectives import Objective, curved_valley, quadratic
from simulation.quadratic import ConvexQuadratic

OBJECTIVES = [
    *(value for value in vars(objectives).values() if isinstance(value, Objective)),
    quadratic([1.0, 100.0]),
    quadratic([0.25]),
    quadratic([0.01, 0.1, 1.0]),
]
each_objective = pytest.mark.parametrize("objective", OBJECTIVES, ids=lambda o: f"{o.name} {len(o.minimum)}d")


def points(objective, *shape):
    """Return random points around the minimum."""
    return np.random.default_rng(4).uniform(-2, 2, size=(*shape, len(objective.minimum)))


@each_objective
def test_the_gradient_is_the_slope(objective):
    """Each partial derivative is the central difference of f, to the order of the difference."""
    h = 1e-5
    for w in points(objective, 50):
        slope = [(objective.f(w + h * e) - objective.f(w - h * e)) / (2 * h) for e in np.eye(len(w))]
        np.testing.assert_allclose(objective.grad(w), slope, rtol=1e-6, atol=1e-6)


@each_objective
def test_the_difference_converges_to_the_gradient_at_second_order(objective):
    """Forward differences err by O(h): halving h halves the error, down to the gradient itself."""
    for w in points(objective, 10):
        errors = [np.abs((objective.f(w + h * w) - objective.f(w)) / h - objective.grad(w) @ w) for h in (1e-3, 5e-4)]
        assert errors[0] / errors[1] == pytest.approx(2, rel=0.02)


@each_objective
def test_the_minimum_is_where_a_minimiser_ends(objective):
    """The gradient vanishes at the minimum, f is 0 there, and BFGS from elsewhere finds the same point."""
    minimum = np.array(objective.minimum)
    assert objective.f(minimum) == pytest.approx(0, abs=1e-15)
    np.testing.assert_allclose(objective.grad(minimum), 0, atol=1e-13)
    found = minimize(objective.f, minimum + 0.7, method="BFGS", tol=1e-10)
    np.testing.assert_allclose(found.x, minimum, atol=1e-5)
    assert (objective.f(points(objective, 1000)) > 0).all()


@each_objective
def test_points_may_come_in_batches(objective):
    """A batch of points gives what its points give one by one."""
    batch = points(objective, 3, 2)
    assert objective.f(batch).shape == (3, 2)
    assert objective.grad(batch).shape == batch.shape
    for i in np.ndindex(3, 2):
        assert objective.f(batch)[i] == pytest.approx(objective.f(batch[i]), rel=1e-12)
        np.testing.assert_allclose(objective.grad(batch)[i], objective.grad(batch[i]), rtol=1e-12)


def test_a_quadratic_is_the_convex_quadratic_of_its_diagonal():
    """f(x) = 1/2 x' diag(lams) x."""
    lams = np.array([0.3, 2.0, 7.0])
    f, g = quadratic(lams), ConvexQuadratic(np.diag(lams))
    for x in points(f, 20):
        assert f.f(x) == pytest.approx(g.value(x), rel=1e-12)
        np.testing.assert_allclose(f.grad(x), g.grad(x), rtol=1e-12)


def test_the_valley_is_curved():
    """Along the parabola y = x^2/3 only the slope towards x = 1 is left, f = (1 - x)^2; a step aside costs 180 y^2."""
    x = np.linspace(-2, 2, 9)
    floor = np.stack([x, x * x / 3], axis=-1)
    np.testing.assert_allclose(curved_valley.f(floor), (1 - x) ** 2, atol=1e-12)
    aside = curved_valley.f(floor + np.array([0, 0.1])) - curved_valley.f(floor)
    np.testing.assert_allclose(aside, 20 * 0.3**2, rtol=1e-9)
