"""Pairs of nodes that a reader joins or cuts: several at once, kept in whole numbers that a link can carry.

A pair (a, b) with a < b is written with two digits a node, 631 for the nodes 6 and 31; up to four pairs stand behind each other
in one number, the latest in front: 20210631 keeps 6 and 31, and 20 and 21. Nodes are numbered from 1. All of it can be traced.
"""

import numpy as np

DIGITS = 10_000
"""The place of the next pair in a number."""
KEPT = 4
"""Pairs in a number: of four, it is still below 2^53, and a double holds it exactly."""


def pair_code(a, b):
    """Return the pair as a number, its smaller node first.

    >>> int(pair_code(31, 6))
    631
    """
    return 100 * np.minimum(a, b) + np.maximum(a, b)


def unpacked(*numbers):
    """Return the pairs that are kept in the numbers, one code each, 0 where there is none; shape (4 times as many,).

    >>> unpacked(20210631)
    array([ 631., 2021.,    0.,    0.])
    """
    places = float(DIGITS) ** np.arange(KEPT)
    return np.concatenate([np.remainder(np.floor(number / places), DIGITS) for number in numbers])


def packed(codes):
    """Return the number that keeps these pairs, four at most.

    >>> int(packed(np.array([631.0, 2021.0, 0.0, 0.0])))
    20210631
    """
    return np.sum(codes * float(DIGITS) ** np.arange(KEPT))


def toggled(codes, code):
    """Return the pairs without this one if it is among them, and with it in the first free place if not.

    codes : array, shape (m,)
        With no free place, no 0, it stays as it is.
    code : float
        0, no pair, changes nothing.

    >>> toggled(np.array([631.0, 0.0]), 2021.0), toggled(np.array([631.0, 2021.0]), 631.0)
    (array([ 631., 2021.]), array([   0., 2021.]))
    """
    same, free = codes == code, codes == 0
    first = free & (np.cumsum(np.where(free, 1.0, 0.0)) == 1)
    return np.where(np.any(same), np.where(same, 0.0, codes), np.where(first, code, codes))


def rewired(joined, codes):
    """Return the adjacency with each pair joined if it was not, and cut if it was; a pair that comes twice is left alone.

    Parameters
    ----------
    joined : array, shape (n, n)
        Zeros and ones.
    codes : array, shape (m,)
        The pairs. A node with itself, or a node that there is not, changes nothing.

    Returns
    -------
    array, shape (n, n)

    Examples
    --------
    >>> rewired(np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]]), np.array([102.0, 203.0, 303.0, 109.0]))
    array([[0., 0., 0.],
           [0., 0., 1.],
           [0., 1., 0.]])
    """
    one, other = ends(codes, joined.shape[0])
    times = one.T @ other + other.T @ one
    return np.where(np.remainder(times, 2) > 0, 1.0 - joined, joined)


def ends(codes, n):
    """Return which node each pair begins with, and which it ends with; two arrays of zeros and ones of shape (m, n).

    >>> ends(np.array([103.0]), 3)
    (array([[1., 0., 0.]]), array([[0., 0., 1.]]))
    """
    nodes, first = np.arange(1, n + 1), np.floor(codes / 100)
    return tuple(np.where(nodes == end[:, None], 1.0, 0.0) for end in (first, codes - 100 * first))
