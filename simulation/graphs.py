"""Graphs and their Laplacians: how well a graph is connected is how well its quadratic is conditioned."""

from typing import NamedTuple

import numpy as np


class Graph(NamedTuple):
    """Nodes in the unit square, shape (n, 2), and edges (i, j) with i < j, shape (m, 2), each once, in order."""

    positions: np.ndarray
    edges: np.ndarray


def in_order(edges):
    """Return each edge once, its smaller node first, sorted.

    >>> in_order([(2, 1), (0, 1), (1, 2)])
    array([[0, 1],
           [1, 2]])
    """
    return np.unique(np.sort(np.reshape(np.asarray(edges, dtype=int), (-1, 2)), axis=1), axis=0)


def grid(rows=6, columns=6):
    """Return the grid in which every node is joined to its neighbours, row by row.

    >>> grid(2, 2).edges.tolist()
    [[0, 1], [0, 2], [1, 3], [2, 3]]
    """
    nodes = np.arange(rows * columns).reshape(rows, columns)
    edges = [*zip(nodes[:, :-1].flat, nodes[:, 1:].flat, strict=True), *zip(nodes[:-1].flat, nodes[1:].flat, strict=True)]
    x, y = np.meshgrid(_spread(columns), _spread(rows))
    return Graph(np.stack([x.ravel(), y.ravel()], axis=1), in_order(edges))


def path_with_chords(n=36, chords=((2, 7), (13, 19), (27, 33))):
    """Return a path laid along an open ring, with chords that shorten the way between their ends; without any, the path.

    >>> path_with_chords(4, [(0, 3)]).edges.tolist()
    [[0, 1], [0, 3], [1, 2], [2, 3]]
    """
    return Graph(_ring(n, opening=0.08), in_order([*zip(range(n - 1), range(1, n), strict=True), *chords]))


def random_cycles(n=36, cycles=2, *, rng):
    """Return the union of closed tours through all nodes, each in an order of its own: a sparse graph without bottlenecks.

    n, cycles : int
        Nodes, and tours; every node has about 2 `cycles` neighbours wherever they lie.
    rng : numpy.random.Generator
        The first tour is the ring the nodes are laid on; it draws the others.

    >>> len(random_cycles(rng=np.random.default_rng(0)).edges) > 60
    True

    Source: Hoory, Linial and Wigderson 2006, "Expander graphs and their applications".
    """
    tours = [np.arange(n), *(rng.permutation(n) for _ in range(cycles - 1))]
    return Graph(_ring(n), in_order([edge for tour in tours for edge in zip(tour, np.roll(tour, -1), strict=True)]))


def laplacian(n, edges, weights=None):
    """Return L_G with w'L_G w = sum over edges of weight (w_i - w_j)^2; shape (n, n).

    Parameters
    ----------
    n : int
        Number of nodes.
    edges : array, shape (m, 2)
        Pairs of nodes, each once.
    weights : array, shape (m,), optional
        One where left out: then the diagonal holds the number of neighbours, and -1 stands where two are joined.

    Examples
    --------
    >>> laplacian(3, [(0, 1), (1, 2)])
    array([[ 1., -1.,  0.],
           [-1.,  2., -1.],
           [ 0., -1.,  1.]])

    Source: Goh 2017, section "Example: The Colorization Problem".
    """
    edges = np.reshape(np.asarray(edges, dtype=int), (-1, 2))
    differences = np.zeros((len(edges), n))
    differences[np.arange(len(edges)), edges[:, 0]] = 1
    differences[np.arange(len(edges)), edges[:, 1]] = -1
    weights = np.ones(len(edges)) if weights is None else np.asarray(weights, dtype=float)
    return 0.0 + differences.T @ (weights[:, None] * differences)


def conditioning(lams):
    """Return lam_n / lam_2 of a Laplacian; infinite if the graph falls apart.

    lams : array, shape (n,)
        Eigenvalues, from smallest to largest; the first is 0, with all nodes alike.

    >>> float(conditioning(np.array([0.0, 0.5, 4.0]))), float(conditioning(np.array([0.0, 0.0, 2.0])))
    (8.0, inf)
    """
    connected = lams[1] > 1e-9 * lams[-1]
    return np.where(connected, lams[-1] / np.where(connected, lams[1], 1.0), np.inf)


def _spread(n):
    return np.linspace(0.08, 0.92, n) if n > 1 else np.array([0.5])


def _ring(n, opening=0.0):
    turn = opening / 2 + (1 - opening) * np.arange(n) / (n - 1 if opening else n)
    angle = 2 * np.pi * turn - np.pi / 2
    return 0.5 + 0.42 * np.stack([np.cos(angle), np.sin(angle)], axis=1)
