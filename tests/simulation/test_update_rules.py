"""Every update rule on every objective, from one table; and what is known of their runs."""

from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.dynamics import iteration_matrix_power
from simulation.objectives import Objective, curved_valley, quadratic
from simulation.quadratic import ConvexQuadratic
from simulation.update_rules import UpdateRule, descend, gradient_descent, heavy_ball


class Rule(NamedTuple):
    """A rule at a step-size, and the share of the last move it should repeat."""

    name: str
    at: callable
    repeats: float


class Problem(NamedTuple):
    """An objective, where to start, a step-size that suits it, and a number of steps that is plenty."""

    objective: Objective
    start: tuple
    alpha: float
    n_steps: int


RULES = [
    Rule("gradient descent", gradient_descent, 0.0),
    Rule("heavy ball at rest", lambda alpha: heavy_ball(alpha, 0.0), 0.0),
    Rule("heavy ball", lambda alpha: heavy_ball(alpha, 0.74), 0.74),
]
"""One row a rule."""
PROBLEMS = [
    Problem(curved_valley, (-1.21, 0.853), 0.002, 3000),
    Problem(quadratic([1.0]), (3.0,), 0.3, 60),
    Problem(quadratic([1.0, 20.0]), (1.0, -2.0), 0.06, 200),
    Problem(quadratic([0.01, 0.1, 1.0]), (1.0, 2.0, 3.0), 1.1, 400),
]
"""One row an objective."""
each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
each_problem = pytest.mark.parametrize("problem", PROBLEMS, ids=lambda p: f"{p.objective.name} {len(p.start)}d")


def run(rule, problem, start=None, n_steps=None):
    """Return the points of a rule's run on a problem."""
    start = np.array(problem.start) if start is None else start
    return descend(rule.at(problem.alpha), problem.objective.grad, start, problem.n_steps if n_steps is None else n_steps)


def two_term(grad, w, alpha, repeats, n_steps):
    """Return the points of w^{k+1} = w^k - alpha grad f(w^k) + repeats (w^k - w^{k-1}), which knows no velocity."""
    points = [w, w - alpha * grad(w)]
    while len(points) <= n_steps:
        points.append(points[-1] - alpha * grad(points[-1]) + repeats * (points[-1] - points[-2]))
    return np.array(points)


@each_rule
@each_problem
def test_a_run_repeats_its_last_move(rule, problem):
    """The rule with its velocity = Polyak's form with the two last points."""
    n_steps = 60
    expected = two_term(problem.objective.grad, np.array(problem.start), problem.alpha, rule.repeats, n_steps)
    np.testing.assert_allclose(run(rule, problem, n_steps=n_steps), expected, rtol=1e-9, atol=1e-12)


@each_rule
@each_problem
def test_a_run_arrives(rule, problem):
    """With a suitable step-size the run ends lower than it started by a factor of a hundred, near the minimum."""
    w = run(rule, problem)
    assert w.shape == (problem.n_steps + 1, len(problem.start))
    np.testing.assert_array_equal(w[0], problem.start)
    assert problem.objective.f(w[-1]) < 0.01 * problem.objective.f(w[0])
    distances = np.linalg.norm(w[[0, -1]] - problem.objective.minimum, axis=1)
    assert distances[1] < 0.1 * distances[0]


@each_rule
@each_problem
def test_the_minimum_is_a_resting_place(rule, problem):
    """Started at the minimum, a run stays."""
    w = run(rule, problem, start=np.array(problem.objective.minimum), n_steps=30)
    np.testing.assert_allclose(w, np.tile(problem.objective.minimum, (31, 1)), atol=1e-13)


@each_rule
@each_problem
def test_many_starts_may_run_together(rule, problem):
    """A batch of starts gives what each start gives alone."""
    starts = np.array(problem.start) * np.linspace(0.5, 1, 6).reshape(3, 2, 1)
    together = run(rule, problem, starts, n_steps=20)
    assert together.shape == (21, 3, 2, len(problem.start))
    for i in np.ndindex(3, 2):
        np.testing.assert_allclose(together[(slice(None), *i)], run(rule, problem, starts[i], n_steps=20), rtol=1e-12)


@each_rule
def test_a_rule_is_a_pair_of_pure_functions(rule):
    """`init` and `update` change none of their arguments, and the same arguments give the same answer."""
    rule = rule.at(0.1)
    assert isinstance(rule, UpdateRule)
    w, grad = np.array([1.0, 2.0]), np.array([3.0, -4.0])
    state = rule.init(w)
    first = rule.update(grad, state, w)
    second = rule.update(grad, state, w)
    np.testing.assert_array_equal(first[0], second[0])
    for one, two in zip(first[1], second[1], strict=True):
        np.testing.assert_array_equal(one, two)
    np.testing.assert_array_equal(w, [1, 2])
    np.testing.assert_array_equal(grad, [3, -4])
    assert all((leaf == 0).all() for leaf in state)


@each_problem
def test_without_momentum_heavy_ball_is_gradient_descent(problem):
    """beta = 0: the same points, to the last bit."""
    w0 = np.array(problem.start)
    ours = descend(heavy_ball(problem.alpha, 0.0), problem.objective.grad, w0, 50)
    np.testing.assert_array_equal(ours, descend(gradient_descent(problem.alpha), problem.objective.grad, w0, 50))


def random_problem(lams, seed):
    """Return a random convex quadratic with these eigenvalues, and a start."""
    rng = np.random.default_rng(seed)
    Q, _ = np.linalg.qr(rng.normal(size=(len(lams), len(lams))))
    A = Q @ np.diag(lams) @ Q.T
    return ConvexQuadratic((A + A.T) / 2, rng.normal(size=len(lams))), rng.normal(size=len(lams))


spectra = st.lists(st.floats(0.01, 10), min_size=1, max_size=5)
seeds = st.integers(0, 2**32 - 1)


@given(spectra, seeds, st.floats(0.05, 1.95))
def test_gradient_descent_shrinks_each_eigen_component_by_itself(lams, seed, alpha_lam):
    """x_i^k = (1 - alpha lam_i)^k x_i^0 for a run in the original basis."""
    f, w0 = random_problem(lams, seed)
    alpha = alpha_lam / f.lams[-1]
    w = descend(gradient_descent(alpha), f.grad, w0, 40)
    x = f.eigen_coordinates(w)
    size = np.abs(w).max()
    for k in (1, 2, 17, 40):
        expected = [(1 - alpha * lam) ** k * xi for lam, xi in zip(f.lams, x[0], strict=True)]
        np.testing.assert_allclose(x[k], expected, atol=1e-11 * size)


@given(spectra, seeds, st.floats(0.05, 3.5), st.floats(0, 0.99))
def test_momentum_acts_on_each_eigen_component_as_a_matrix_power(lams, seed, alpha_lam, beta):
    """(y, x)_i^k = R_i^k (0, x_i^0), with R^k in closed form, for a run in the original basis."""
    f, w0 = random_problem(lams, seed)
    alpha = alpha_lam / f.lams[-1]
    k = 25
    w = descend(heavy_ball(alpha, beta), f.grad, w0, k)
    x = f.eigen_coordinates(w)
    y = (w[k - 1] - w[k]) / alpha @ f.Q
    for i, lam in enumerate(f.lams):
        expected = iteration_matrix_power(alpha, beta, lam, k) @ (0.0, x[0, i])
        size = np.abs(w).max() * max(1, 1 / alpha)
        np.testing.assert_allclose((y[i], x[k, i]), expected, atol=1e-8 * size)


def test_the_unrolled_sum_is_subtracted():
    """w^{k+1} = w^0 - alpha sum_i (1 - beta^{k+1-i})/(1 - beta) grad f(w^i); with the published plus it fails."""
    alpha, beta, k = 0.003, 0.74, 40
    w = descend(heavy_ball(alpha, beta), curved_valley.grad, np.array([-1.21, 0.853]), k + 1)
    total = sum((1 - beta ** (k + 1 - i)) / (1 - beta) * curved_valley.grad(w[i]) for i in range(k + 1))
    np.testing.assert_allclose(w[k + 1], w[0] - alpha * total, rtol=1e-10)
    assert np.abs(w[0] + alpha * total - w[k + 1]).min() > 0.5


@pytest.mark.parametrize(("beta", "f_end"), [(0.74, 0.0091), (0.99, 6.5), (0.0, 1.18)])
def test_the_first_run_of_the_article(beta, f_end):
    """150 steps in the valley at alpha = .003 from (-1.21, .853), also by a loop over plain floats."""
    alpha = 0.003
    w = descend(heavy_ball(alpha, beta), curved_valley.grad, np.array([-1.21, 0.853]), 150)
    x, y, u, v = -1.21, 0.853, 0.0, 0.0
    for _ in range(150):
        h = 1e-6
        slope = [
            (curved_valley.f(np.array([x + dx, y + dy])) - curved_valley.f(np.array([x - dx, y - dy]))) / (2 * h)
            for dx, dy in ((h, 0.0), (0.0, h))
        ]
        u, v = beta * u + slope[0], beta * v + slope[1]
        x, y = x - alpha * u, y - alpha * v
    np.testing.assert_allclose(w[-1], (x, y), atol=1e-3)
    # As the article says it: to the digits it prints.
    assert f"{float(curved_valley.f(w[-1])):.{4 if f_end < 1 else 1 if f_end > 2 else 2}f}" == str(f_end)
