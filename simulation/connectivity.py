"""The two ends of a graph's spectrum, by operations that can be traced: for a graph that the reader is still drawing.

Squaring a positive matrix over and over leaves the projection on its largest eigenvalue, repeated or not. The Laplacian
itself gives its largest eigenvalue so; its inverse, once the constant vector is out of the way, the smallest that counts.
"""

from typing import Any, NamedTuple

import numpy as np

from simulation.iterate import iterate

SQUARINGS = 12
"""The 4096th power. Of two eigenvalues closer than some thousandths a mean is taken, which is off by 7e-5 of them at most."""
LIFT = 1e-4
"""Added to every eigenvalue before the inverse is taken, so that a graph in several parts has one, too."""
APART = 1e-6
"""A graph whose second eigenvalue is smaller falls apart."""


class Connectivity(NamedTuple):
    """How well a graph hangs together."""

    slowest: Any
    """lam_2, the algebraic connectivity: 0 if the graph falls apart."""
    fastest: Any
    """lam_n."""
    pattern: Any
    """The Fiedler vector, eigenvector of lam_2, scaled to a largest entry of 1; shape (n,)."""
    alike: Any
    """How many eigenvalues are as small as lam_2; of a graph that falls apart, one less than its parts."""


def inverse(A):
    """Return the inverse of a symmetric positive definite matrix, by one sweep over its pivots.

    >>> inverse(np.array([[2.0, 1.0], [1.0, 1.0]]))
    array([[ 1., -1.],
           [-1.,  2.]])

    Source: Goodnight 1979, "A tutorial on the SWEEP operator".
    """

    def sweep(X, e):
        column, row = X @ e, e @ X
        return X - (column - e)[:, None] * (row + e)[None, :] / np.sum(row * e)

    return iterate(sweep, A, A.shape[0], np.eye(A.shape[0]))[-1]


def projection(A):
    """Return the projection on the eigenvectors of the largest eigenvalue, divided by their number.

    A : array, shape (n, n)
        Symmetric, without negative eigenvalues.

    >>> projection(np.diag([1.0, 3.0, 3.0])).round(12)
    array([[0. , 0. , 0. ],
           [0. , 0.5, 0. ],
           [0. , 0. , 0.5]])
    """
    unit = np.eye(A.shape[0])

    def square(X):
        X = X @ X
        return X / np.sum(X * unit)

    return iterate(square, A / np.sum(A * unit), SQUARINGS)[-1]


def connectivity(L):
    """Return the `Connectivity` of a graph's Laplacian.

    Parameters
    ----------
    L : array, shape (n, n)
        Of a graph, whole or in parts.

    Returns
    -------
    Connectivity
        Of a repeated lam_2, the pattern is the one that is largest at a single node; its sign grows with the nodes' numbers.

    Examples
    --------
    >>> found = connectivity(np.array([[1.0, -1.0, 0.0], [-1.0, 2.0, -1.0], [0.0, -1.0, 1.0]]))
    >>> found.slowest.round(9), found.fastest.round(9), found.pattern.round(9), found.alike.round(9)
    (np.float64(1.0), np.float64(3.0), array([-1.,  0.,  1.]), np.float64(1.0))

    Source: Fiedler 1973, "Algebraic connectivity of graphs".
    """
    n = L.shape[0]
    unit = np.eye(n)
    low = projection(inverse(L + np.sum(L * unit) / n + LIFT * unit))
    high = projection(L)
    # Equal by symmetry is common, so that the larger number decides where rounding would.
    weight = np.sum(low * unit, axis=1) * (1 + 1e-3 * np.arange(n))
    most = np.where(weight >= np.max(weight), 1.0, 0.0)
    pattern = low @ most
    pattern = pattern / np.max(np.abs(pattern))
    sign = np.where(np.sum(pattern * (np.arange(n) - (n - 1) / 2)) < -1e-6, -1.0, 1.0)
    # The squares of a projection on m eigenvectors, divided by m, add up to 1/m.
    return Connectivity(np.maximum(np.sum(low * L), 0.0), np.sum(high * L), sign * pattern, 1 / np.sum(low * low))


def condition_number(found):
    """Return lam_n / lam_2, infinite for a graph that falls apart.

    found : Connectivity

    >>> float(condition_number(Connectivity(0.5, 4.0, None, 1))), float(condition_number(Connectivity(0.0, 4.0, None, 1)))
    (8.0, inf)
    """
    whole = found.slowest > APART
    return np.where(whole, found.fastest / np.where(whole, found.slowest, 1.0), np.inf)
