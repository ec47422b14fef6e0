"""Convex quadratics, seen in the basis of their eigenvectors."""

import numpy as np


class ConvexQuadratic:
    """f(w) = 1/2 w'Aw - b'w with A symmetric positive definite.

    Parameters
    ----------
    A : array, shape (n, n)
        The Hessian.
    b : array, shape (n,), optional
        The linear part; zero if left out.

    Attributes
    ----------
    lams : array, shape (n,)
        Eigenvalues of A, from smallest to largest.
    Q : array, shape (n, n)
        Orthonormal eigenvectors, one a column: A = Q diag(lams) Q'.
    w_star : array, shape (n,)
        The optimum, A w_star = b.

    Raises
    ------
    ValueError
        If A is not square, finite, symmetric and positive definite, or b does not fit.

    Examples
    --------
    >>> f = ConvexQuadratic([[1.0, 0.0], [0.0, 100.0]], [1.0, 100.0])
    >>> f.lams, f.w_star, f.kappa
    (array([  1., 100.]), array([1., 1.]), 100.0)

    Source: Goh 2017, section "First Steps: Gradient Descent".
    """

    def __init__(self, A, b=None):
        A = np.asarray(A, dtype=float)
        if A.ndim != 2 or A.shape[0] != A.shape[1] or not A.size:
            raise ValueError(f"A: expected a square matrix, got shape {A.shape}")
        b = np.zeros(len(A)) if b is None else np.asarray(b, dtype=float)
        if b.shape != (len(A),):
            raise ValueError(f"b: expected shape ({len(A)},), got {b.shape}")
        if not (np.isfinite(A).all() and np.isfinite(b).all()):
            raise ValueError("A, b: every entry must be finite")
        if not np.allclose(A, A.T, rtol=1e-10, atol=1e-12 * np.abs(A).max(initial=0)):
            raise ValueError("A: expected a symmetric matrix")
        self.A, self.b = A, b
        self.lams, self.Q = np.linalg.eigh(A)
        if self.lams[0] <= 0:
            raise ValueError(f"A: expected positive eigenvalues, the smallest is {self.lams[0]:.3g}")
        self.w_star = self.from_eigen(self.Q.T @ b / self.lams, shift=False)

    @property
    def kappa(self):
        """Condition number, largest over smallest eigenvalue."""
        return float(self.lams[-1] / self.lams[0])

    def value(self, w):
        """Return f(w); w of shape (..., n)."""
        w = np.asarray(w, dtype=float)
        return 0.5 * np.sum(w * (w @ self.A), axis=-1) - w @ self.b

    def grad(self, w):
        """Return the gradient Aw - b; shape of w, (..., n)."""
        return np.asarray(w, dtype=float) @ self.A - self.b

    def eigen_coordinates(self, w):
        """Return x = Q'(w - w_star), shape of w."""
        return (np.asarray(w, dtype=float) - self.w_star) @ self.Q

    def from_eigen(self, x, *, shift=True):
        """Return w = Qx + w_star, shape of x; without `shift`, the direction Qx."""
        w = np.asarray(x, dtype=float) @ self.Q.T
        return w + self.w_star if shift else w
