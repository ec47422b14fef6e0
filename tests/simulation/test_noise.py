"""Stochastic gradients, against many runs, matrix powers and the Lyapunov equation."""

import numpy as np
import pytest
from scipy.linalg import solve_discrete_lyapunov

from simulation.dynamics import iteration_matrix
from simulation.noise import draws, expected_loss, loss_spread, runs_and_expected_loss, stationary_variance
from simulation.trace import trace

SETTINGS = [(0.02, 0.0), (0.02, 0.9), (0.03, 0.669), (0.5, 0.3), (1.9, 0.05)]


def run_by_run(alpha, beta, lam, s, x0, eps):
    """The positions of all runs, one number after the other."""
    x = np.zeros((len(eps) + 1, eps.shape[1]))
    for run, errors in enumerate(eps.T):
        velocity, position = 0.0, x0
        x[0, run] = position
        for k, error in enumerate(errors, start=1):
            velocity = beta * velocity + lam * position + s * error
            position -= alpha * velocity
            x[k, run] = position
    return x


@pytest.mark.parametrize(("alpha", "beta"), SETTINGS)
def test_the_parts_are_those_of_powers_of_the_matrix(alpha, beta):
    lam, s, x0, n = 1.3, 3.0, np.sqrt(3), 40
    expected = expected_loss(alpha, beta, lam, s, x0, n)
    R = iteration_matrix(alpha, beta, lam)
    for k in range(n + 1):
        Rk = np.linalg.matrix_power(R, k)
        assert expected.deterministic[k] == pytest.approx(lam / 2 * (Rk @ [0, x0])[1] ** 2, rel=1e-9, abs=1e-14)
        kicks = [(np.linalg.matrix_power(R, k - i) @ [1, -alpha])[1] ** 2 for i in range(1, k + 1)]
        assert expected.stochastic[k] == pytest.approx(lam * s * s / 2 * sum(kicks), rel=1e-9)
    assert expected.stochastic[0] == 0


@pytest.mark.parametrize(("alpha", "beta"), SETTINGS)
def test_many_runs_average_to_the_expectation(alpha, beta):
    lam, s, x0, n, runs = 1.0, 3.0, np.sqrt(3), 150, 20_000
    x, *_ = runs_and_expected_loss(alpha, beta, lam, s, x0, draws(n, runs, rng=np.random.default_rng(11)))
    f = lam / 2 * x * x
    expected = expected_loss(alpha, beta, lam, s, x0, n)
    spread = loss_spread(expected)
    assert np.all(np.abs(f.mean(axis=1) - sum(expected)) <= 5 * spread / np.sqrt(runs) + 1e-12)
    np.testing.assert_allclose(f.std(axis=1), spread, rtol=0.06, atol=1e-9)


@pytest.mark.parametrize(("alpha", "beta"), SETTINGS)
@pytest.mark.parametrize("lam", [0.1, 1.0])
def test_the_stationary_variance_solves_the_lyapunov_equation(alpha, beta, lam):
    s, kick = 2.0, np.array([1.0, -alpha])
    covariance = solve_discrete_lyapunov(iteration_matrix(alpha, beta, lam), s * s * np.outer(kick, kick))
    assert stationary_variance(alpha, beta, lam, s) == pytest.approx(covariance[1, 1], rel=1e-9)


def test_a_long_run_reaches_the_stationary_variance():
    expected = expected_loss(0.05, 0.9, 1.0, 3.0, 1.0, 3000)
    assert 2 * expected.stochastic[-1] == pytest.approx(float(stationary_variance(0.05, 0.9, 1.0, 3.0)), rel=1e-9)
    assert expected.deterministic[-1] < 1e-30


def test_the_noise_compounds_only_at_a_fixed_step_size():
    beta = np.array([0.0, 0.5, 0.9, 0.99])
    fixed_alpha = stationary_variance(0.02, beta, 1.0, 1.0)
    fixed_effect = stationary_variance(0.02 * (1 - beta), beta, 1.0, 1.0)
    np.testing.assert_allclose(fixed_alpha, [0.0101, 0.0201, 0.1005, 1.005], rtol=6e-3)
    np.testing.assert_allclose(fixed_effect, [0.0101, 0.0100, 0.0100, 0.0100], rtol=6e-3)


def test_where_the_run_diverges_there_is_no_variance():
    assert np.isinf(stationary_variance(np.array([0.0, 2.1, 3.5, 0.1]), np.array([0.5, 0.0, 0.7, 1.0]), 1.0, 1.0)).all()


def test_the_same_seed_is_the_same_noise():
    one, same, other = (draws(20, 3, rng=np.random.default_rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert not np.array_equal(one, other)


def test_without_noise_all_runs_are_the_deterministic_one():
    x, *_ = runs_and_expected_loss(0.3, 0.5, 1.0, 0.0, 2.0, draws(30, 3, rng=np.random.default_rng(0)))
    np.testing.assert_allclose(0.5 * x[:, 1] ** 2, expected_loss(0.3, 0.5, 1.0, 0.0, 2.0, 30).deterministic, atol=1e-15)


@pytest.mark.parametrize(("alpha", "beta"), SETTINGS)
def test_one_loop_gives_all_three(alpha, beta):
    eps = draws(60, 5, rng=np.random.default_rng(2))
    x, mean, expected = runs_and_expected_loss(alpha, beta, 1.3, 3.0, 2.0, eps)
    np.testing.assert_allclose(x, run_by_run(alpha, beta, 1.3, 3.0, 2.0, eps), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(0.65 * mean * mean, expected.deterministic)
    assert mean[0] == 2
    for ours, theirs in zip(expected, expected_loss(alpha, beta, 1.3, 3.0, 2.0, 60), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12)


def test_runs_and_parts_can_be_traced():
    eps = draws(10, 4, rng=np.random.default_rng(0))

    def columns(alpha, beta, s):
        x, mean, expected = runs_and_expected_loss(alpha, beta, 1.0, s, np.sqrt(3), eps)
        return [x, mean, *expected, *expected_loss(alpha, beta, 1.0, s, np.sqrt(3), 10), loss_spread(expected)]

    assert trace(columns, alpha=0.02, beta=0.9, s=3.0).javascript.count("for (let k") == 2
