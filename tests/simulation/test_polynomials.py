"""Polynomial regression in the eigenbasis, against least squares and step after step of gradient descent."""

import numpy as np
import pytest
from numpy.polynomial import Polynomial

from simulation.filters import gradient_descent_filter, tikhonov_filter
from simulation.polynomials import (
    OBSERVATIONS,
    POSITIONS,
    best_alone,
    design_matrix,
    eigenfeatures,
    normal_equations,
    optimum,
    regression,
    steps_per_eigenfeature,
)
from simulation.trace import trace

GRID = np.linspace(-1, 1, 41)


def stopped(problem, d, alpha_lam, k):
    return gradient_descent_filter(alpha_lam * problem.lams / problem.lams[-1], k) * optimum(problem, d)


def penalised(problem, d, eta):
    return tikhonov_filter(problem.lams, eta) * optimum(problem, d)


def test_the_published_eigenvalues():
    np.testing.assert_allclose(regression().lams, [3.3e-5, 1.37e-4, 0.0147, 0.0598, 2.76, 10.7], rtol=4e-3)
    np.testing.assert_allclose(regression().lams, np.linalg.svd(np.vander(POSITIONS, 6))[1][::-1] ** 2, rtol=1e-9)


def test_the_published_bars_are_the_steps_to_one_in_a_thousand():
    steps = np.ceil(steps_per_eigenfeature(regression(), 1.8))
    np.testing.assert_array_equal(steps[[0, -1]], [1_241_708, 31])
    rates = np.abs(1 - 1.8 * regression().lams / regression().lams[-1])
    assert np.all(rates**steps <= 1e-3)
    assert np.all(rates ** (steps - 1) > 1e-3)


def test_the_normal_equations_are_the_loss():
    Z, rng = design_matrix(POSITIONS), np.random.default_rng(1)
    A, b = normal_equations(Z, OBSERVATIONS)
    for w in rng.normal(size=(5, 6)):
        loss = 0.5 * np.sum((Z @ w - OBSERVATIONS) ** 2)
        assert 0.5 * w @ A @ w - b @ w + 0.5 * OBSERVATIONS @ OBSERVATIONS == pytest.approx(loss, rel=1e-12)


def test_the_optimum_is_the_least_squares_fit():
    problem = regression()
    w_star = problem.Q @ optimum(problem, OBSERVATIONS)
    np.testing.assert_allclose(w_star, Polynomial.fit(POSITIONS, OBSERVATIONS, 5).convert().coef, rtol=1e-7)


def test_eigenfeatures_are_the_same_model_in_other_words():
    problem, x = regression(), np.random.default_rng(2).normal(size=6)
    np.testing.assert_allclose(eigenfeatures(problem, GRID) @ x, Polynomial(problem.Q @ x)(GRID), atol=1e-12)
    observed = eigenfeatures(problem, POSITIONS)
    np.testing.assert_allclose(observed.T @ observed, np.diag(problem.lams), atol=1e-13)


def test_each_eigenfeature_is_a_sum_over_the_columns_of_the_eigenvectors():
    problem = regression()
    for i in range(6):
        pbar = sum(problem.Q[j, i] * GRID**j for j in range(6))
        np.testing.assert_allclose(eigenfeatures(problem, GRID)[:, i], pbar, atol=1e-13)


def test_the_fragile_features_amplify_what_is_observed():
    problem = regression()
    unit_observations = np.linalg.svd(problem.Z)[0][:, 5::-1]
    for i, d in enumerate(unit_observations.T):
        x = optimum(problem, d)
        assert abs(x[i]) == pytest.approx(1 / np.sqrt(problem.lams[i]), rel=1e-9)
        np.testing.assert_allclose(np.delete(x, i), 0, atol=1e-7)


def test_the_best_weight_alone_is_found_by_trying():
    A, b = normal_equations(design_matrix(POSITIONS), OBSERVATIONS)
    w = np.array([-2.0, -2, 2, 2, 2, -2])
    for i, best in enumerate(best_alone(A, b, w)):
        tried = best + np.linspace(-1, 1, 201)
        ws = np.where(np.arange(6) == i, tried[:, None], w)
        losses = 0.5 * np.einsum("ti,ij,tj->t", ws, A, ws) - ws @ b
        assert tried[np.argmin(losses)] == pytest.approx(best, abs=1e-9)


def test_in_the_eigenbasis_the_best_weight_alone_is_the_best_of_all():
    problem = regression()
    for x in (np.zeros(6), np.ones(6)):
        found = best_alone(np.diag(problem.lams), problem.Q.T @ problem.Z.T @ OBSERVATIONS, x)
        np.testing.assert_allclose(found, optimum(problem, OBSERVATIONS), rtol=1e-9)


@pytest.mark.parametrize("k", [0, 1, 2, 49, 3000])
@pytest.mark.parametrize("alpha_lam", [0.3, 1.8])
def test_the_filter_is_gradient_descent(alpha_lam, k):
    problem = regression()
    A, b = normal_equations(problem.Z, OBSERVATIONS)
    w, alpha = np.zeros(6), alpha_lam / problem.lams[-1]
    for _ in range(k):
        w = w - alpha * (A @ w - b)
    found = problem.Q @ stopped(problem, OBSERVATIONS, alpha_lam, k)
    np.testing.assert_allclose(found, w, atol=1e-9)


def test_millions_of_steps_end_at_the_fit():
    problem = regression()
    np.testing.assert_allclose(stopped(problem, OBSERVATIONS, 1.8, 1e8), optimum(problem, OBSERVATIONS), rtol=1e-12)


@pytest.mark.parametrize("eta", [1e-6, 0.01, 1.0, 100.0])
def test_tikhonov_is_the_penalised_fit(eta):
    problem = regression()
    w = np.linalg.solve(problem.Z.T @ problem.Z + eta * np.eye(6), problem.Z.T @ OBSERVATIONS)
    np.testing.assert_allclose(problem.Q @ penalised(problem, OBSERVATIONS, eta), w, rtol=1e-7)


def test_the_observations_can_be_traced():
    problem = regression()
    program = trace(lambda d, k, eta: [stopped(problem, d, 1.8, k), penalised(problem, d, eta)], d=OBSERVATIONS, k=49.0, eta=0.1)
    assert 'inputs["d"]' in program.javascript
