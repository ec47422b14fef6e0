"""The closed forms of a run after k steps, against recurrences in sixty digits."""

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.dynamics import iteration_matrix_power
from simulation.filters import (
    CEILING,
    gradient_descent_filter,
    heavy_ball_error,
    heavy_ball_filter,
    heavy_ball_steps,
    steps_of,
    steps_to,
    tikhonov_filter,
)
from simulation.trace import trace

MILLIONS = 1_300_000


def exact_gradient_descent(alpha_lam, k):
    with mp.workdps(60):
        return (1 - mp.mpf(alpha_lam)) ** k


def exact_heavy_ball(alpha_lam, beta, k):
    """x_k / x_0 from the matrix of (x_k, x_{k-1}), squared again and again."""
    with mp.workdps(60):
        a, b = mp.mpf(alpha_lam), mp.mpf(beta)
        square, power = mp.matrix([[1 + b - a, -b], [1, 0]]), mp.eye(2)
        while k:
            power, square, k = power * square if k % 2 else power, square * square, k // 2
        return power[0, 0] + power[0, 1]


def assert_heavy_ball(alpha_lam, beta, k, tolerance=1e-10):
    truth = exact_heavy_ball(alpha_lam, beta, k)
    if abs(truth) > mp.exp(CEILING - 20):
        assert abs(heavy_ball_error(alpha_lam, beta, k)) > 1e250
        return
    scale = max(1, abs(truth))
    assert abs(heavy_ball_error(alpha_lam, beta, k) - truth) <= tolerance * scale
    assert abs(heavy_ball_filter(alpha_lam, beta, k) - (1 - truth)) <= tolerance * scale


@pytest.mark.parametrize("k", [0, 1, 2, 7, 49, 10_000, MILLIONS - 1, MILLIONS])
@pytest.mark.parametrize("alpha_lam", [0.0, 1e-20, 5.56e-6, 0.3, 1.0, 1 + 1e-9, 1.8, 2 - 1e-9, 2 - 1e-6, 2.0, 2.5])
def test_gradient_descent_after_millions_of_steps(alpha_lam, k):
    error = exact_gradient_descent(alpha_lam, k)
    if abs(error) > mp.exp(CEILING):
        assert abs(gradient_descent_filter(alpha_lam, k)) > 1e250
        return
    with mp.workdps(60):
        share = 1 - error
    assert abs(gradient_descent_filter(alpha_lam, k) - share) <= 1e-13 * max(abs(share), abs(error))


@given(st.integers(0, MILLIONS))
def test_a_logarithmic_scale_reaches_every_number_of_steps(k):
    assert steps_of(np.log10(k + 1)) == k


def test_a_small_share_keeps_its_digits():
    assert gradient_descent_filter(1e-18, 1000) == pytest.approx(1e-15, rel=1e-12)


@settings(max_examples=150, deadline=None)
@given(st.floats(0, 4), st.floats(0, 0.9999), st.integers(0, MILLIONS))
def test_heavy_ball_anywhere_in_the_plane(alpha_lam, beta, k):
    assert_heavy_ball(alpha_lam, beta, k)


@pytest.mark.parametrize("k", [0, 1, 2, 3, 10, 137, 5000, MILLIONS])
@pytest.mark.parametrize("beta", [0.0, 1e-20, 0.05, 0.25, 0.669, 0.81, 0.99, 0.9999])
@pytest.mark.parametrize("side", [-1, 1])
def test_the_repeated_root_and_its_neighbourhood(beta, side, k):
    critical = (1 + side * np.sqrt(beta)) ** 2
    for distance in (0, 1e-17, 1e-15, 1e-12, 1e-9, 1e-6, 1e-3):
        for sign in (-1, 1):
            assert_heavy_ball(critical * (1 + sign * distance), beta, k)


@pytest.mark.parametrize("beta", [0.0, 0.3, 0.9, 0.9999])
@pytest.mark.parametrize("distance", [1e-12, 1e-8, 1e-4])
def test_the_edges_of_stability(beta, distance):
    for k in (3, 1000, MILLIONS):
        assert_heavy_ball(distance, beta, k)
        assert_heavy_ball(2 + 2 * beta - distance, beta, k)
        assert_heavy_ball(1 + beta, beta, k)


@pytest.mark.parametrize("alpha_lam", [0.0, 1e-5, 0.7, 2.0, 3.9, 4.0])
def test_without_friction(alpha_lam):
    for k in (1, 100, 100_000):
        assert_heavy_ball(alpha_lam, 1.0, k)


def test_no_momentum_is_gradient_descent():
    a, k = np.linspace(0, 2.2, 45)[:, None], np.array([0, 1, 2, 17, 100])
    np.testing.assert_allclose(heavy_ball_error(a, 0.0, k), (1 - a) ** k, rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(gradient_descent_filter(a, k), 1 - (1 - a) ** k, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize(("alpha", "beta", "lam"), [(0.02, 0.9, 1.0), (1.5, 0.1, 0.8), (3.3, 0.669, 1.0), (0.3, 0.2, 0.1)])
def test_it_is_an_entry_of_the_power_of_the_iteration_matrix(alpha, beta, lam):
    for k in (0, 1, 5, 40):
        R = np.linalg.matrix_power(iteration_matrix_power(alpha, beta, lam, 1), k)
        assert heavy_ball_error(alpha * lam, beta, k) == pytest.approx(R[1, 1], abs=1e-12)


def test_steps_to_a_fraction():
    a = np.array([1e-6, 0.1, 0.999, 1.3, 1.98])
    steps = steps_to(0.001, a)
    np.testing.assert_allclose(np.abs(1 - a) ** np.ceil(steps) <= 0.001, True)
    np.testing.assert_allclose(np.abs(1 - a) ** (np.ceil(steps) - 1) > 0.001, True)
    assert np.isinf(steps_to(0.5, np.array([0.0, 2.0, 2.5]))).all()


@settings(max_examples=100, deadline=None)
@given(st.floats(1e-3, 0.99), st.floats(0, 0.98), st.floats(1e-4, 0.5))
def test_steps_of_momentum_to_a_fraction(place, beta, fraction):
    alpha_lam = place * (2 + 2 * beta)
    steps = float(heavy_ball_steps(fraction, alpha_lam, beta))
    errors = np.abs(list(recurrence(alpha_lam, beta, int(steps) + 200)))
    needed = np.max(np.flatnonzero(errors > fraction), initial=-1) + 1
    assert needed <= np.ceil(steps + 1e-6)
    if (1 + beta - alpha_lam) ** 2 >= 4 * beta:
        assert steps <= needed + 1e-6
        return
    turn = np.arccos(min(abs(1 + beta - alpha_lam) / 2 / np.sqrt(beta), 1 - 1e-6))
    assert steps <= needed + np.pi / turn + np.log(1.5) / -np.log(np.sqrt(beta)) + 1


def recurrence(alpha_lam, beta, k):
    x, before = 1.0, 1.0
    for _ in range(k + 1):
        yield x
        x, before = (1 + beta - alpha_lam) * x - beta * before, x


def test_steps_of_momentum_without_ringing_are_exact():
    for alpha_lam, beta in ((0.3, 0.0), (0.01, 0.2), (0.01, 0.81), (1.7, 0.05), (2.3, 0.2)):
        k = heavy_ball_steps(0.01, alpha_lam, beta)
        assert abs(exact_heavy_ball(alpha_lam, beta, int(np.ceil(k)))) <= 0.01
        assert abs(exact_heavy_ball(alpha_lam, beta, int(np.ceil(k)) - 1)) > 0.01


def test_a_run_that_does_not_settle_has_no_number_of_steps():
    assert np.isinf(heavy_ball_steps(0.1, np.array([0.0, 2.7, 3.9, 1.0]), np.array([0.5, 0.3, 0.5, 1.0]))).all()


def test_tikhonov_solves_the_penalised_problem():
    rng = np.random.default_rng(3)
    Z, d = rng.normal(size=(9, 4)), rng.normal(size=9)
    lams, Q = np.linalg.eigh(Z.T @ Z)
    for eta in (0.0, 0.1, 10.0):
        penalised = np.linalg.lstsq(np.vstack([Z, np.sqrt(eta) * np.eye(4)]), np.r_[d, np.zeros(4)], rcond=None)[0]
        filtered = Q @ (tikhonov_filter(lams, eta) / lams * (Q.T @ Z.T @ d))
        np.testing.assert_allclose(filtered, penalised, atol=1e-12)


def test_large_eigenvalues_pass_and_small_ones_are_held_back():
    lams = np.logspace(-6, 0, 40)
    for share in (gradient_descent_filter(lams, 50), heavy_ball_filter(lams[:30], 0.2, 50), tikhonov_filter(lams, 0.01)):
        assert np.all(np.diff(share) >= -1e-12)


def test_the_filters_can_be_traced():
    program = trace(
        lambda alpha_lam, beta, k: [
            heavy_ball_filter(alpha_lam * np.array([0.1, 1.0]), beta, k),
            gradient_descent_filter(alpha_lam, k),
            steps_to(0.01, alpha_lam),
            tikhonov_filter(alpha_lam, beta),
        ],
        alpha_lam=1.0,
        beta=0.5,
        k=10.0,
    )
    assert "Math.expm1" in program.javascript
