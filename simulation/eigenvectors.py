"""Eigenvalues in ascending order, and eigenvectors with a fixed sign."""

from typing import Any, NamedTuple

import numpy as np


class Spectrum(NamedTuple):
    """Eigenvalues from smallest to largest, shape (n,), and orthonormal eigenvectors, one a column, shape (n, n)."""

    lams: Any
    Q: Any


def oriented(Q):
    """Return the eigenvectors, each with the sign that makes its largest entry positive.

    An eigenvector is known up to its sign, and libraries differ. Of entries that are equally large to one in a million
    the first decides, so that rounding does not.

    Q : array, shape (n, m)
        One vector a column.

    >>> oriented(np.array([[-0.8, 0.6], [0.6, 0.8]]))
    array([[ 0.8,  0.6],
           [-0.6,  0.8]])
    """
    large = np.abs(Q) >= (1 - 1e-6) * np.max(np.abs(Q), axis=0)
    first = large & (np.cumsum(np.where(large, 1.0, 0.0), axis=0) == 1)
    return Q * np.where(np.sum(np.where(first, Q, 0.0), axis=0) < 0, -1.0, 1.0)


def spectrum(A):
    """Return the `Spectrum` of a symmetric matrix of numbers, eigenvectors `oriented`.

    >>> lams, Q = spectrum(np.array([[2.0, 1.0], [1.0, 2.0]]))
    >>> lams.round(12), Q.round(4)
    (array([1., 3.]), array([[ 0.7071,  0.7071],
           [-0.7071,  0.7071]]))
    """
    lams, Q = np.linalg.eigh(A)
    return Spectrum(lams, oriented(Q))
