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


def random_geometric(n=36, slack=1.15, *, rng):
    """Return points strewn over the square, joined where they are close: as close as connects them all, and a bit more.

    n : int
        Nodes.
    slack : float
        The distance that joins, over the smallest one that leaves no node apart; at least 1.
    rng : numpy.random.Generator
        Each point is the one, out of several drawn, that keeps furthest from those before it.

    >>> from simulation.eigenvectors import spectrum
    >>> graph = random_geometric(rng=np.random.default_rng(0))
    >>> bool(spectrum(laplacian(36, graph.edges)).lams[1] > 0.01)
    True

    Source: Penrose 2003, "Random Geometric Graphs"; Mitchell 1991 (best candidate).
    """
    points = rng.random((1, 2))
    while len(points) < n:
        drawn = rng.random((12, 2))
        points = np.vstack([points, drawn[np.argmax(_distances(drawn, points).min(axis=1))]])
    apart = _distances(points, points)
    i, j = np.triu_indices(n, 1)
    close = apart[i, j] <= slack * _connecting_distance(apart)
    return Graph(points, in_order(np.stack([i[close], j[close]], axis=1)))


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


def pairs(n):
    """Return all pairs of n nodes in the order in which `laplacian_of_pairs` weighs them; shape (n (n - 1)/2, 2).

    >>> pairs(3).tolist()
    [[0, 1], [0, 2], [1, 2]]
    """
    return np.stack(np.triu_indices(n, 1), axis=1)


def pair_weights(n, edges):
    """Return 1 for each of the `pairs` that is an edge, 0 for the others; shape (n (n - 1)/2,).

    >>> pair_weights(3, [(0, 1), (1, 2)])
    array([1., 0., 1.])
    """
    joined = np.zeros((n, n))
    edges = in_order(edges)
    joined[edges[:, 0], edges[:, 1]] = 1
    return joined[np.triu_indices(n, 1)]


def laplacian_of_pairs(n, weights):
    """Return L_G from one weight for each of the `pairs`; made of operations that can be traced.

    n : int
        Number of nodes.
    weights : array, shape (n (n - 1)/2,)
        Zero where two nodes are not joined.

    >>> laplacian_of_pairs(3, np.array([1.0, 0.0, 1.0]))
    array([[ 1., -1.,  0.],
           [-1.,  2., -1.],
           [ 0., -1.,  1.]])
    """
    # Each entry of the matrix looks its weight up; the diagonal finds the zero behind the last one.
    place = np.full((n, n), n * (n - 1) // 2)
    i, j = np.triu_indices(n, 1)
    place[i, j] = place[j, i] = np.arange(len(i))
    joined = np.reshape(np.concatenate([weights, np.zeros(1)])[place.ravel()], (n, n))
    return np.where(np.eye(n) > 0, np.sum(joined, axis=1)[:, None], 0.0) - joined


def fiedler_vector(lams_and_Q):
    """Return the eigenvector of the second smallest eigenvalue: the slowest pattern, which parts the graph in two.

    lams_and_Q : Spectrum
        Of a Laplacian.

    >>> from simulation.eigenvectors import spectrum
    >>> fiedler_vector(spectrum(laplacian(2, [(0, 1)]))).round(4)
    array([ 0.7071, -0.7071])

    Source: Fiedler 1973, "Algebraic connectivity of graphs".
    """
    return lams_and_Q.Q[:, 1]


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


def _distances(p, q):
    return np.linalg.norm(p[:, None] - q[None], axis=-1)


def _connecting_distance(apart):
    """Return the longest edge of the shortest tree through all points (Prim)."""
    reach, left, longest = apart[0].copy(), np.ones(len(apart), bool), 0.0
    left[0] = False
    while left.any():
        new = np.flatnonzero(left)[np.argmin(reach[left])]
        longest = max(longest, reach[new])
        left[new] = False
        reach = np.minimum(reach, apart[new])
    return longest
