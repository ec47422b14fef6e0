"""The error of a run, component by component, against runs in the original basis and plain loops."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.decomposition import component_losses, gradient_descent_components, heavy_ball_components, last_step_above
from simulation.quadratic import ConvexQuadratic
from simulation.rates import optimal_gradient_descent, optimal_heavy_ball
from simulation.update_rules import descend, gradient_descent, heavy_ball

LAMS = np.array([0.01, 0.1, 1.0])
TOLERANCE, N_STEPS = 0.01, 150

spectra = st.lists(st.floats(0.01, 10), min_size=1, max_size=5)
seeds = st.integers(0, 2**32 - 1)


def random_quadratic(lams, seed):
    """Return a random convex quadratic with these eigenvalues."""
    rng = np.random.default_rng(seed)
    Q, _ = np.linalg.qr(rng.normal(size=(len(lams), len(lams))))
    A = Q @ np.diag(lams) @ Q.T
    return ConvexQuadratic((A + A.T) / 2, rng.normal(size=len(lams)))


def losses_by_loop(alpha, beta, lams, n_steps):
    """Return each component's loss, one number at a time."""
    table = []
    for lam in lams:
        z, x = 0.0, lam**-0.5
        column = [lam * x * x / 2]
        for _ in range(n_steps):
            z = beta * z + lam * x
            x = x - alpha * z
            column.append(lam * x * x / 2)
        table.append(column)
    return np.array(table).T


@given(spectra, seeds, st.floats(0.1, 1.9), st.floats(0, 0.99))
def test_the_losses_of_the_components_add_up(lams, seed, alpha_lam, beta):
    """f(w^k) - f(w*) = 1/2 sum_i lam_i (x_i^k)^2 for a run in the original basis."""
    f = random_quadratic(lams, seed)
    w0 = f.w_star + np.random.default_rng(seed + 1).normal(size=len(lams))
    w = descend(heavy_ball(alpha_lam / f.lams[-1], beta), f.grad, w0, 30)
    excess = f.value(w) - f.value(f.w_star)
    parts = component_losses(f.eigen_coordinates(w), f.lams)
    size = f.lams[-1] * np.abs(w).max() ** 2
    np.testing.assert_allclose(parts.sum(axis=1), excess, rtol=1e-7, atol=1e-12 * size)
    # Without the 1/2, as published, the sum is twice the excess.
    wrong = np.sum(f.lams * f.eigen_coordinates(w[0]) ** 2)
    assert wrong == pytest.approx(2 * excess[0], rel=1e-6)
    assert abs(wrong - excess[0]) > 0.5 * excess[0]


@given(spectra, seeds, st.floats(0.1, 3.5), st.floats(0, 0.99))
def test_components_are_a_run_that_starts_with_equal_losses(lams, seed, alpha_lam, beta):
    """From x_i = 1/sqrt(lam_i), each part starts at 1/2; in a rotated basis the run has the same parts."""
    f = random_quadratic(lams, seed)
    start = f.from_eigen(1 / np.sqrt(f.lams))
    w = descend(heavy_ball(alpha_lam / f.lams[-1], beta), f.grad, start, 25)
    parts = heavy_ball_components(alpha_lam, beta, f.lams, 25)
    assert parts.shape == (26, len(lams))
    np.testing.assert_allclose(parts[0], 0.5, rtol=1e-12)
    excess = f.value(w) - f.value(f.w_star)
    size = f.lams[-1] * np.abs(w).max() ** 2 + parts.max()
    np.testing.assert_allclose(parts.sum(axis=1), excess, rtol=1e-6, atol=1e-11 * size)


@given(spectra, st.floats(0.1, 3.5))
def test_gradient_descent_components_are_powers(lams, alpha_lam):
    """1/2 (1 - alpha lam_i)^{2k}: repeated multiplication, also by `descend` on the eigen-coordinates."""
    lams = np.sort(lams)
    parts = gradient_descent_components(alpha_lam, lams, 20)
    alpha = alpha_lam / lams[-1]
    x = descend(gradient_descent(alpha), lambda x: lams * x, 1 / np.sqrt(lams), 20)
    np.testing.assert_allclose(parts, component_losses(x, lams), rtol=1e-9, atol=1e-13)
    for i, lam in enumerate(lams):
        left = 0.5
        for k in range(21):
            assert parts[k, i] == pytest.approx(left, rel=1e-9, abs=1e-13)
            left *= (1 - alpha * lam) ** 2


def test_steps_of_gradient_descent_at_its_optimum():
    """At its best step-size the flattest and the steepest direction need 97 steps each, the one between 8."""
    best = optimal_gradient_descent(LAMS[0], LAMS[-1])
    losses = losses_by_loop(best.alpha, 0.0, LAMS, N_STEPS)
    np.testing.assert_allclose(gradient_descent_components(best.alpha * LAMS[-1], LAMS, N_STEPS), losses, rtol=1e-9, atol=1e-15)
    steps = [max(k for k in range(N_STEPS + 1) if losses[k, i] > TOLERANCE) for i in range(3)]
    assert steps == [97, 8, 97]
    np.testing.assert_array_equal(last_step_above(losses, TOLERANCE), steps)


def test_steps_of_momentum_at_its_optimum():
    """At the best pair they need 16, 6 and 29 steps: six times fewer, after the total first climbs to 7.23 from 1.5."""
    best = optimal_heavy_ball(LAMS[0], LAMS[-1])
    losses = losses_by_loop(best.alpha, best.beta, LAMS, N_STEPS)
    np.testing.assert_allclose(
        heavy_ball_components(best.alpha * LAMS[-1], best.beta, LAMS, N_STEPS), losses, rtol=1e-9, atol=1e-15
    )
    steps = [max(k for k in range(N_STEPS + 1) if losses[k, i] > TOLERANCE) for i in range(3)]
    assert steps == [16, 6, 29]
    np.testing.assert_array_equal(last_step_above(losses, TOLERANCE), steps)
    total = heavy_ball_components(best.alpha * LAMS[-1], best.beta, LAMS, N_STEPS).sum(axis=1)
    assert total[0] == pytest.approx(1.5)
    assert (total.argmax(), round(total.max(), 2)) == (4, 7.23)
    assert losses.sum(axis=1).max() == pytest.approx(total.max(), rel=1e-12)


numbers = st.one_of(st.floats(0, 1), st.sampled_from([0.0, 0.01, np.nan, np.inf]))


@given(st.lists(st.tuples(numbers, numbers), min_size=1, max_size=20))
def test_from_the_next_step_on_it_stays_below(rows):
    """The last step above the tolerance, found by walking back from the end; what is not finite is above."""
    losses = np.array(rows)
    found = last_step_above(losses, TOLERANCE)
    assert found.shape == (2,)
    for i in range(2):
        k = len(rows) - 1
        while k > 0 and rows[k][i] <= TOLERANCE:
            k -= 1
        assert found[i] == k
        assert last_step_above(losses[:, i], TOLERANCE) == k


def test_a_run_that_never_settles_ends_above():
    """Beyond the stability limit every component's count is the length of the run, or its loss has left the numbers."""
    with np.errstate(all="ignore"):
        losses = heavy_ball_components(4.5, 0.9, np.array([1.0]), 3000)
    assert not np.isfinite(losses[-1, 0])
    assert last_step_above(losses, TOLERANCE)[0] == 3000
