"""The two by two matrix of momentum: its roots and powers, against brute force and high precision."""

import mpmath
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from simulation.dynamics import discriminant, iteration_matrix, iteration_matrix_power, roots
from simulation.rates import critical_beta

step_sizes = st.floats(1e-4, 4)
momenta = st.floats(0, 1)
eigenvalues = st.floats(1e-3, 1e3)
powers = st.integers(0, 200)


def iterated(alpha, beta, lam, k):
    """Return R^k, column by column, by doing k updates from (1, 0) and from (0, 1)."""
    columns = []
    for z, x in ((1.0, 0.0), (0.0, 1.0)):
        for _ in range(k):
            z = beta * z + lam * x
            x = x - alpha * z
        columns.append((z, x))
    return np.array(columns).T


def exact_power(alpha, beta, lam, k):
    """Return R^k in 60 digits."""
    with mpmath.workdps(60):
        alpha, beta, lam = map(mpmath.mpf, (alpha, beta, lam))
        R = mpmath.matrix([[beta, lam], [-alpha * beta, 1 - alpha * lam]]) ** k
        return np.array([[float(R[i, j]) for j in range(2)] for i in range(2)])


def relative_error(got, exact):
    """Return the largest error of an entry, as a share of the largest entry."""
    scale = np.abs(exact).max()
    return np.abs(got - exact).max() / scale if scale > 1e-280 else 0.0


@given(step_sizes, momenta, eigenvalues)
def test_the_matrix_is_one_update(alpha_lam, beta, lam):
    """R (z, x) is what one step of z <- beta z + lam x, x <- x - alpha z does; det R = beta, trace R = 1 + beta - a."""
    R = iteration_matrix(alpha_lam / lam, beta, lam)
    np.testing.assert_allclose(R, iterated(alpha_lam / lam, beta, lam, 1), rtol=1e-12, atol=1e-15)
    assert np.linalg.det(R) == pytest.approx(beta, abs=1e-12)
    assert np.trace(R) == pytest.approx(1 + beta - alpha_lam, abs=1e-12)


@pytest.mark.parametrize("shape", [(), (1,), (4,), (1, 1), (2, 1, 3)])
def test_matrices_come_in_batches(shape):
    """Parameters of shape (...) give matrices of shape (..., 2, 2), each the matrix of its parameters."""
    rng = np.random.default_rng(0)
    alpha, beta, lam = rng.uniform(0.1, 1, size=(3, *shape))
    R = iteration_matrix(alpha, beta, lam)
    assert R.shape == (*shape, 2, 2)
    for i in np.ndindex(shape):
        np.testing.assert_array_equal(R[i], iteration_matrix(alpha[i], beta[i], lam[i]))
    assert iteration_matrix(0.1, beta, 2.0).shape == (*shape, 2, 2)


@given(step_sizes, momenta)
def test_the_roots_are_the_eigenvalues(alpha_lam, beta):
    """sigma_1, sigma_2 are the eigenvalues of R: numpy.linalg finds the same sum, product and values."""
    R = iteration_matrix(alpha_lam, beta, 1.0)
    sigma = roots(alpha_lam, beta)
    found = np.linalg.eigvals(R)
    gap = abs(sigma[0] - sigma[1])
    # An eigenvalue solver loses half its digits where the roots meet.
    tolerance = 1e-13 / max(gap, 1e-7) + 1e-12
    assert min(np.abs(sigma - found).max(), np.abs(sigma - found[::-1]).max()) < tolerance
    assert sigma.prod() == pytest.approx(beta, abs=1e-12)
    assert sigma.sum() == pytest.approx(1 + beta - alpha_lam, abs=1e-12)
    assert (discriminant(alpha_lam, beta) < 0) == (sigma[0].imag != 0)


def test_complex_roots_have_modulus_root_beta():
    """Where the roots are complex |sigma| = sqrt(beta), not 2 sqrt(beta) as published."""
    rng = np.random.default_rng(1)
    alpha_lam, beta = rng.uniform(0, 4, 2000), rng.uniform(0, 1, 2000)
    found = np.linalg.eigvals(iteration_matrix(alpha_lam, beta, np.ones(2000)))
    ringing = np.abs(found[:, 0].imag) > 1e-6
    assert 500 < ringing.sum() < 1500
    moduli = np.abs(found[ringing])
    np.testing.assert_allclose(np.abs(roots(alpha_lam, beta)[ringing]), moduli, rtol=1e-9)
    np.testing.assert_allclose(moduli, np.sqrt(beta[ringing])[:, None] * [1, 1], rtol=1e-9)
    assert (np.abs(moduli - 2 * np.sqrt(beta[ringing])[:, None]) > 1e-3).all()


@pytest.mark.parametrize("alpha_lam", [0.01, 0.3, 1.7, 2.5, 3.9])
def test_the_roots_are_complex_between_two_step_sizes(alpha_lam):
    """Bisection on eigenvalues from numpy.linalg: roots turn complex where beta passes (1 - sqrt a)^2."""
    low, high = 0.0, 1.0
    for _ in range(60):
        beta = (low + high) / 2
        rings = np.iscomplex(np.linalg.eigvals(iteration_matrix(alpha_lam, beta, 1.0))).any()
        low, high = (low, beta) if rings else (beta, high)
    assert low == pytest.approx(critical_beta(alpha_lam), abs=1e-7)


@given(step_sizes, momenta, eigenvalues, powers)
@example(0.5, 0.9, 2.0, 50)
@example(0.1, 0.01, 2.0, 50)
@example(3.5, 0.05, 1.0, 50)
@example(1.0, 0.0, 1.0, 3)
@example(1 - 1e-8, 0.0, 1.0, 3)
@example(1.0, 1e-16, 1.0, 4)
@example(0.25, 0.25, 4.0, 100)
@example(4.0, 1.0, 1.0, 100)
def test_the_closed_form_is_the_iteration(alpha_lam, beta, lam, k):
    """R^k in closed form = k updates, for complex, real and repeated roots; exact in 60 digits as the judge."""
    alpha = alpha_lam / lam
    exact = exact_power(alpha, beta, lam, k)
    closed = iteration_matrix_power(alpha, beta, lam, k)
    assert closed.dtype == float
    # How far rounding carries plain iteration from the exact power shows how well conditioned the question is.
    allowed = 1e-7 + 100 * relative_error(iterated(alpha, beta, lam, k), exact)
    assert relative_error(closed, exact) < allowed


@pytest.mark.parametrize("offset", [0.0, *(sign * 10.0**-e for e in range(3, 17) for sign in (1, -1))])
@pytest.mark.parametrize("k", [1, 2, 10, 100, 1000])
def test_nearly_repeated_roots_lose_few_digits(offset, k):
    """Around the critical beta, where the plain formula divides zero by zero, eight digits of R^k remain."""
    for alpha_lam in (0.01, 0.3, 0.9, 1.5, 2.5):
        for lam in (1.0, 0.2, 7.0):
            alpha = alpha_lam / lam
            beta = critical_beta(alpha * lam) * (1 + offset)
            got, exact = iteration_matrix_power(alpha, beta, lam, k), exact_power(alpha, beta, lam, k)
            assert relative_error(got, exact) < 2e-8


@pytest.mark.parametrize(("alpha_lam", "beta"), [(0.15, 0.9), (0.15, 0.1), (2.6, 0.1)])
def test_the_published_projections_are_swapped(alpha_lam, beta):
    """R^k = sigma_1^k R_2 - sigma_2^k R_1 with R_j = (R - sigma_j I)/(sigma_1 - sigma_2); with R_1 and R_2 swapped it fails."""
    R, k = iteration_matrix(alpha_lam, beta, 1.0), 7
    one, two = np.linalg.eigvals(R)
    R_1, R_2 = (R - one * np.eye(2)) / (one - two), (R - two * np.eye(2)) / (one - two)
    ours, truth = iteration_matrix_power(alpha_lam, beta, 1.0, k), np.linalg.matrix_power(R, k)
    np.testing.assert_allclose(ours, truth, atol=1e-12)
    np.testing.assert_allclose(one**k * R_2 - two**k * R_1, truth, atol=1e-12)
    assert np.abs(one**k * R_1 - two**k * R_2 - truth).max() > 0.1


def test_the_zeroth_power_is_the_identity_and_negative_ones_are_refused():
    """R^0 = I, whatever the roots; k counts steps."""
    for parameters in ((0.5, 0.9, 1.0), (1.0, 0.0, 1.0), (0.25, 0.25, 1.0)):
        np.testing.assert_array_equal(iteration_matrix_power(*parameters, 0), np.eye(2))
    with pytest.raises(ValueError, match="k: expected a number of steps, got -1"):
        iteration_matrix_power(0.5, 0.5, 1.0, -1)
