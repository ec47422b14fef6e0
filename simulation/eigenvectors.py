"""Eigenvectors with a fixed sign, and eigenvalues of a matrix that is known only in the browser."""

from typing import Any, NamedTuple

import numpy as np

from simulation.iterate import iterate


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


def spectrum_by_rotations(A, sweeps=12):
    """Return the `Spectrum` of a symmetric matrix, made of operations that can be traced.

    Jacobi's method: plane rotations make pairs of off-diagonal entries zero, over and over. The n/2 pairs of a round share
    no index, and n - 1 rounds, arranged like a tournament, bring every pair together once; that is a sweep.

    Parameters
    ----------
    A : array, shape (n, n)
        Symmetric.
    sweeps : int
        Twelve reach rounding error for n up to a hundred, repeated eigenvalues included; generic matrices need eight.

    Returns
    -------
    Spectrum

    Examples
    --------
    >>> lams, Q = spectrum_by_rotations(np.array([[2.0, 1.0], [1.0, 2.0]]))
    >>> lams.round(12), Q.round(4)
    (array([1., 3.]), array([[ 0.7071,  0.7071],
           [-0.7071,  0.7071]]))

    Source: Brent and Luk 1985, "The solution of singular-value and symmetric eigenvalue problems on multiprocessor arrays".
    """
    n = A.shape[0]
    size = n + n % 2
    if size > n:
        # The odd one out meets a guest: all its entries are zero, so nothing is ever rotated into it.
        A = np.concatenate([np.concatenate([A, np.zeros((n, 1))], axis=1), np.zeros((1, size))], axis=0)
    seats = _next_seats(size)

    def rotate(state):
        B, V = state
        flat = np.reshape(B, (-1,))
        diagonal, off = flat[:: size + 1], flat[1 :: 2 * (size + 1)]
        gap = diagonal[1::2] - diagonal[0::2]
        # The smaller of the two angles that make `off` zero; the floor serves pairs that are zero and equal already.
        tangent = 2 * off / np.maximum(np.abs(gap) + np.sqrt(gap * gap + 4 * off * off), 1e-300) * np.where(gap < 0, -1.0, 1.0)
        cosine = 1 / np.sqrt(1 + tangent * tangent)
        sine = tangent * cosine
        B = _rotated(_rotated(B, cosine, sine, seats).T, cosine, sine, seats)
        return B, _rotated(V, cosine, sine, seats)

    def sweep(state):
        B, V = iterate(rotate, state, size - 1)
        return B[-1], V[-1]

    B, V = iterate(sweep, (A, np.eye(size)), sweeps)
    lams = np.reshape(B[-1], (-1,))[:: size + 1][:n]
    return _sorted(lams, V[-1][:n, :n])


def _next_seats(n):
    """Return who moves to each seat after a round: seat 0 stays, the others go round, and n - 1 moves bring all back."""
    circle = [*range(2, n, 2), *range(n - 1, 0, -2)]
    seats = np.arange(n)
    seats[circle[1:] + circle[:1]] = circle
    return seats


def _rotated(X, cosine, sine, seats):
    """Return X with its pairs of columns (0, 1), (2, 3), ... rotated, and then seated for the next round."""
    one, two = X[:, 0::2], X[:, 1::2]
    halves = np.concatenate([one * cosine - two * sine, one * sine + two * cosine], axis=1)
    return halves[:, seats // 2 + (seats % 2) * (len(seats) // 2)]


def _sorted(lams, Q):
    """Return the spectrum in ascending order: the place of each eigenvalue is the number of those before it."""
    places = np.arange(len(lams))
    before = (lams[None, :] < lams[:, None]) | ((lams[None, :] == lams[:, None]) & (places[None, :] < places[:, None]))
    rank = np.sum(np.where(before, 1.0, 0.0), axis=1)
    chosen = np.where(rank[:, None] == places[None, :], 1.0, 0.0)
    return Spectrum(lams @ chosen, oriented(Q @ chosen))
