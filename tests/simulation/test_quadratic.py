"""Convex quadratics against NumPy's solvers, explicit sums and finite differences."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.quadratic import ConvexQuadratic

eigenvalues = st.lists(st.floats(1e-3, 1e3), min_size=1, max_size=6)
seeds = st.integers(0, 2**32 - 1)


def random_hessian(lams, seed):
    """Return a symmetric matrix with these eigenvalues, a linear part and a point."""
    rng = np.random.default_rng(seed)
    Q, _ = np.linalg.qr(rng.normal(size=(len(lams), len(lams))))
    A = Q @ np.diag(lams) @ Q.T
    return (A + A.T) / 2, rng.normal(size=len(lams)), rng.normal(size=len(lams))


@given(eigenvalues, seeds)
def test_the_spectrum_is_found_and_sorted(lams, seed):
    """A = Q diag(lams) Q' with Q orthonormal and lams ascending; kappa is the condition number."""
    A, b, _ = random_hessian(lams, seed)
    f = ConvexQuadratic(A, b)
    scale = max(lams)
    np.testing.assert_allclose(f.lams, sorted(lams), rtol=1e-9, atol=1e-12 * scale)
    np.testing.assert_allclose(f.Q @ np.diag(f.lams) @ f.Q.T, A, atol=1e-12 * scale)
    np.testing.assert_allclose(f.Q.T @ f.Q, np.eye(len(lams)), atol=1e-12)
    assert f.kappa == pytest.approx(np.linalg.cond(A), rel=1e-6)


@given(eigenvalues, seeds)
def test_the_optimum_solves_the_linear_system(lams, seed):
    """A w_star = b, and no nearby point is lower."""
    A, b, step = random_hessian(lams, seed)
    f = ConvexQuadratic(A, b)
    np.testing.assert_allclose(f.w_star, np.linalg.solve(A, b), rtol=1e-6, atol=1e-9 * np.abs(f.w_star).max())
    np.testing.assert_allclose(f.grad(f.w_star), 0, atol=1e-9 * max(lams) * max(1, np.abs(f.w_star).max()))
    for size in (1.0, -1.0):
        assert f.value(f.w_star + size * step) > f.value(f.w_star)


@given(eigenvalues, seeds)
def test_the_value_is_the_double_sum(lams, seed):
    """f(w) = 1/2 sum_ij w_i A_ij w_j - sum_i b_i w_i, term by term."""
    A, b, w = random_hessian(lams, seed)
    n = len(w)
    total = sum(w[i] * A[i, j] * w[j] for i in range(n) for j in range(n)) / 2 - sum(b[i] * w[i] for i in range(n))
    assert ConvexQuadratic(A, b).value(w) == pytest.approx(total, rel=1e-9, abs=1e-9 * max(lams))


@given(eigenvalues, seeds)
def test_the_gradient_is_the_slope(lams, seed):
    """The gradient is what central differences of the value give; they are exact on a quadratic but for rounding."""
    A, b, w = random_hessian(lams, seed)
    f = ConvexQuadratic(A, b)
    h = 1e-3
    slope = [(f.value(w + h * e) - f.value(w - h * e)) / (2 * h) for e in np.eye(len(w))]
    np.testing.assert_allclose(f.grad(w), slope, atol=1e-9 * max(1, max(lams)))


@given(eigenvalues, seeds)
def test_in_eigen_coordinates_the_axes_part(lams, seed):
    """x = Q'(w - w_star) is undone by w = Qx + w_star, and f(w) - f(w_star) = 1/2 sum_i lam_i x_i^2."""
    A, b, w = random_hessian(lams, seed)
    f = ConvexQuadratic(A, b)
    x = f.eigen_coordinates(w)
    size = max(1, np.abs(f.w_star).max())
    np.testing.assert_allclose(f.from_eigen(x), w, atol=1e-12 * size)
    np.testing.assert_allclose(f.from_eigen(x, shift=False), w - f.w_star, atol=1e-12 * size)
    for i in range(len(lams)):
        assert x[i] == pytest.approx(np.dot(f.Q[:, i], w - f.w_star), abs=1e-12 * size)
    excess = sum(lam * xi**2 for lam, xi in zip(f.lams, x, strict=True)) / 2
    assert f.value(w) - f.value(f.w_star) == pytest.approx(excess, rel=1e-7, abs=1e-12 * max(lams) * size**2)


def test_points_may_come_in_batches():
    """A batch of shape (2, 3, n) gives what its points give one by one."""
    A, b, _ = random_hessian([0.5, 2.0, 9.0, 9.0], 1)
    f = ConvexQuadratic(A, b)
    points = np.random.default_rng(2).normal(size=(2, 3, 4))
    for function, shape in ((f.value, (2, 3)), (f.grad, points.shape), (f.eigen_coordinates, points.shape)):
        batch = function(points)
        assert batch.shape == shape
        for i in np.ndindex(2, 3):
            np.testing.assert_allclose(batch[i], function(points[i]), rtol=1e-12)


def test_left_out_the_linear_part_is_zero():
    """Without b the optimum is the origin."""
    f = ConvexQuadratic([[2.0, 1.0], [1.0, 2.0]])
    np.testing.assert_array_equal(f.w_star, np.zeros(2))
    np.testing.assert_allclose(f.lams, [1, 3])


@pytest.mark.parametrize(
    ("A", "b", "message"),
    [
        (np.ones(3), None, r"A: expected a square matrix, got shape \(3,\)"),
        (np.ones((2, 3)), None, r"A: expected a square matrix, got shape \(2, 3\)"),
        (np.zeros((0, 0)), None, r"A: expected a square matrix, got shape \(0, 0\)"),
        (np.eye(2), np.ones(3), r"b: expected shape \(2,\), got \(3,\)"),
        (np.eye(2), 1.0, r"b: expected shape \(2,\), got \(\)"),
        ([[np.nan, 0], [0, 1]], None, "every entry must be finite"),
        ([[np.inf, 0], [0, 1]], None, "every entry must be finite"),
        (np.eye(2), [0, np.inf], "every entry must be finite"),
        ([[1, 2], [0, 5]], None, "A: expected a symmetric matrix"),
        ([[1, 1e-3], [1e-3 + 1e-9, 5]], None, "A: expected a symmetric matrix"),
        ([[1, 0], [0, -1]], None, "A: expected positive eigenvalues, the smallest is -1"),
        ([[1, 2], [2, 1]], None, "A: expected positive eigenvalues, the smallest is -1"),
        (np.zeros((2, 2)), None, "A: expected positive eigenvalues, the smallest is 0"),
    ],
)
def test_what_is_no_convex_quadratic_is_refused(A, b, message):
    """Only square, finite, symmetric, positive definite matrices, with a b that fits."""
    with pytest.raises(ValueError, match=message):
        ConvexQuadratic(A, b)
