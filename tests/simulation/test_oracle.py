"""The resisting oracle, against dense matrices, loops and differences."""

import numpy as np
import pytest

from simulation.oracle import (
    equations,
    extreme_eigenvalues,
    fading,
    finite_kappa,
    gradient,
    heavy_ball_run,
    largest_error,
    loss,
    lower_bound,
    optimum,
)
from simulation.rates import optimal_heavy_ball
from simulation.trace import trace

ENDS = pytest.mark.parametrize("held", [False, True])
SIZES = pytest.mark.parametrize(("n", "kappa"), [(25, 1000.0), (2, 5.0), (40, 12.0), (7, 1e6)])


def by_loops(w, kappa, held):
    n = len(w)
    f = 0.5 * (w[0] - 1) ** 2 + sum(0.5 * (w[i] - w[i + 1]) ** 2 for i in range(n - 1)) + 2 / (kappa - 1) * (w @ w)
    return f + (0.5 * w[-1] ** 2 if held else 0)


@ENDS
@SIZES
def test_the_loss_its_gradient_and_its_matrix(n, kappa, held):
    A, b = equations(n, kappa, held=held)
    for w in np.random.default_rng(0).normal(size=(3, n)):
        assert loss(w, kappa, held=held) == pytest.approx(by_loops(w, kappa, held), rel=1e-12)
        assert 0.5 * w @ A @ w - b @ w + 0.5 == pytest.approx(by_loops(w, kappa, held), rel=1e-12)
        np.testing.assert_allclose(gradient(w, kappa, held=held), A @ w - b, atol=1e-12)


@ENDS
@SIZES
def test_the_optimum_is_exact(n, kappa, held):
    w_star = optimum(n, kappa, held=held)
    np.testing.assert_allclose(w_star, np.linalg.solve(*equations(n, kappa, held=held)), rtol=1e-9)
    assert np.all(np.diff(w_star) < 0)
    assert np.all(w_star > 0)


@ENDS
@SIZES
def test_the_spectrum_of_the_finite_problem(n, kappa, held):
    lams = np.linalg.eigvalsh(equations(n, kappa, held=held)[0])
    np.testing.assert_allclose(extreme_eigenvalues(n, kappa, held=held), lams[[0, -1]], rtol=1e-9)
    assert finite_kappa(n, kappa, held=held) == pytest.approx(lams[-1] / lams[0], rel=1e-9)
    assert finite_kappa(n, kappa, held=held) < kappa


def test_the_figure_of_the_article_holds_its_far_end():
    assert finite_kappa(25, 1000.0, held=True) == pytest.approx(214.6, abs=0.05)
    assert finite_kappa(25, 1000.0) == pytest.approx(511.6, abs=0.05)


@ENDS
def test_only_a_long_path_has_the_condition_number_and_the_optimum_of_the_formula(held):
    assert finite_kappa(3000, 1000.0, held=held) == pytest.approx(1000, rel=1e-3)
    np.testing.assert_allclose(optimum(3000, 1000.0, held=held)[:50], fading(1000.0) ** np.arange(1, 51), rtol=1e-12)
    assert abs(optimum(25, 1000.0, held=held)[-1] / fading(1000.0) ** 25 - 1) > 0.5


@ENDS
def test_the_run_by_a_dense_matrix(held):
    A, b = equations(25, 1000.0, held=held)
    w, z = np.zeros(25), np.zeros(25)
    run = heavy_ball_run(25, 1000.0, 0.8, 0.81, 52, held=held)
    for k in range(53):
        np.testing.assert_allclose(run[k], w, atol=1e-13)
        z = 0.81 * z + A @ w - b
        w = w - 0.8 * z


@ENDS
@pytest.mark.parametrize("n", [1, 2, 6, 9])
def test_weights_beyond_the_path_stay_zero(n, held):
    run = heavy_ball_run(n, 50.0, 0.7, 0.6, 30, size=9, held=held)
    np.testing.assert_allclose(run[:, :n], heavy_ball_run(n, 50.0, 0.7, 0.6, 30, held=held), atol=1e-14)
    np.testing.assert_array_equal(run[:, n:], 0)
    w_star = optimum(n, 50.0, size=9, held=held)
    np.testing.assert_allclose(w_star[:n], optimum(n, 50.0, held=held), rtol=1e-14)
    np.testing.assert_array_equal(w_star[n:], 0)
    np.testing.assert_allclose(loss(run, 50.0, n, held=held), loss(run[:, :n], 50.0, held=held), rtol=1e-12)


@pytest.mark.parametrize(("alpha", "beta"), [(0.9, 0.81), (0.25, 0.0), (0.95, 0.95), (0.99, 0.2)])
def test_the_dead_zone_and_the_lower_bound(alpha, beta):
    run, w_star = heavy_ball_run(25, 1000.0, alpha, beta, 52), optimum(25, 1000.0)
    for k in range(53):
        np.testing.assert_array_equal(run[k, k:], 0)
    error, bound = largest_error(run, w_star), lower_bound(w_star, 52)
    assert len(error) == len(bound) == 53
    assert np.all(error >= bound - 1e-12)
    for k in range(25):
        assert bound[k] == np.max(np.abs(w_star[k:]))
        assert error[k] == pytest.approx(max(abs(run[k, i] - w_star[i]) for i in range(25)))
    np.testing.assert_array_equal(bound[25:], 0)


def test_the_best_momentum_comes_within_a_constant_of_the_bound_as_long_as_it_holds():
    alpha, beta, rate = optimal_heavy_ball(*extreme_eigenvalues(200, 1000.0))
    run, w_star = heavy_ball_run(200, 1000.0, alpha, beta, 150), optimum(200, 1000.0)
    assert np.all(largest_error(run, w_star)[:151] <= 150 * rate ** np.arange(151))
    assert np.all(largest_error(run, w_star) >= lower_bound(w_star, 150))


def test_length_condition_number_and_parameters_can_be_traced():
    def columns(n, kappa, alpha, beta):
        run, w_star = heavy_ball_run(n, kappa, alpha, beta, 52, size=40), optimum(n, kappa, size=40)
        return [run, largest_error(run, w_star), lower_bound(w_star, 52), finite_kappa(n, kappa), loss(run, kappa, n)]

    assert trace(columns, n=25.0, kappa=1000.0, alpha=0.9, beta=0.81).javascript.count("for (let k") == 1
