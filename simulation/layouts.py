"""Graphs of 36 nodes laid out in the unit square so that the first node of each can be carried about.

Wherever that node lies, it is joined to every node within reach. In the corner it starts from, this makes the grid a grid and
the path a path.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from simulation.graphs import grid, laplacian, path_with_chords, random_cycles

N = 36
CORNER = 0.08
"""Where the first node starts, both ways."""
REACH = 0.2
"""How far the first node reaches: beyond a neighbour, not as far as the next one."""
CHORDS = ((6, 10), (21, 31), (24, 28))


class Layout(NamedTuple):
    """Where the nodes lie, shape (n, 2), and which of them are joined, the first to none, shape (n, n) of zeros and ones."""

    positions: np.ndarray
    joined: np.ndarray


def scattered(n=N, *, rng, candidates=14):
    """Return points strewn evenly, the first in the corner; shape (n, 2).

    n : int
        Number of points.
    rng : numpy.random.Generator
        Each point is the one, out of several drawn, that keeps furthest from those before it.

    >>> scattered(3, rng=np.random.default_rng(0))[0]
    array([0.08, 0.08])

    Source: Mitchell 1991, "Spectrally optimal sampling for distribution ray tracing" (best candidate).
    """
    points = np.full((1, 2), CORNER)
    while len(points) < n:
        drawn = 0.06 + 0.88 * rng.random((candidates, 2))
        apart = np.linalg.norm(drawn[:, None] - points[None], axis=-1).min(axis=1)
        points = np.vstack([points, drawn[np.argmax(apart)]])
    return points


def winding(rows=4, columns=9):
    """Return points along a path that turns at the end of each row, with rows that swing a little; shape (n, 2).

    >>> winding(2, 2).round(3).tolist()
    [[0.08, 0.08], [0.92, 0.08], [0.92, 0.92], [0.08, 0.92]]
    """
    along = np.linspace(CORNER, 1 - CORNER, columns)
    swing = 0.02 * np.sin(np.linspace(0, 3 * np.pi, columns))
    lanes = [
        np.stack([along, y + swing], axis=1)[:: 1 - 2 * (i % 2)] for i, y in enumerate(np.linspace(CORNER, 1 - CORNER, rows))
    ]
    return np.concatenate(lanes)


@lru_cache
def layouts():
    """Return the `Layout` of the random graph, of the grid, and of the path with chords."""
    random = random_cycles(N - 1, rng=np.random.default_rng(4)).edges + 1
    path = path_with_chords(N, CHORDS).edges
    return (
        Layout(scattered(rng=np.random.default_rng(52)), _joined(random)),
        Layout(grid().positions, _joined(grid().edges)),
        Layout(winding(), _joined(path)),
    )


@lru_cache
def edge_tables():
    """Return of each of the `layouts` where its edges stand in its matrix, row by row, and their ends x0, y0, x1, y1.

    All are as long as the longest; behind the edges stands the diagonal, where nothing is joined.

    >>> [(int((places > 0).sum()), ends.shape) for places, ends in edge_tables()]
    [(69, (69, 4)), (58, (69, 4)), (37, (69, 4))]
    """
    longest = max(int(layout.joined.sum()) // 2 for layout in layouts())
    tables = []
    for layout in layouts():
        i, j = np.nonzero(np.triu(layout.joined))
        i, j = (np.append(nodes, np.zeros(longest - len(i), dtype=int)) for nodes in (i, j))
        tables.append((N * i + j, np.hstack([layout.positions[i], layout.positions[j]])))
    return tables


def adjacency(joined, x, y):
    """Return which nodes are joined once the first one lies where it does; shape (n, n); traceable.

    joined : array, shape (n, n)
        How the others are joined.
    x, y : arrays, shape (n,)
        Where all nodes lie.

    >>> adjacency(np.zeros((3, 3)), np.array([0.0, 0.1, 0.5]), np.zeros(3))
    array([[0., 1., 0.],
           [1., 0., 0.],
           [0., 0., 0.]])
    """
    first = np.where(np.arange(joined.shape[0]) == 0, 1.0, 0.0)
    reached = np.where(np.hypot(x - x[0], y - y[0]) <= REACH, 1.0 - first, 0.0)
    return joined + first[:, None] * reached[None, :] + reached[:, None] * first[None, :]


def laplacian_of(joined):
    """Return the Laplacian of an adjacency matrix.

    >>> laplacian_of(np.array([[0.0, 1.0], [1.0, 0.0]]))
    array([[ 1., -1.],
           [-1.,  1.]])
    """
    return np.where(np.eye(joined.shape[0]) > 0, np.sum(joined, axis=1)[:, None], 0.0) - joined


def _joined(edges):
    """Return the adjacency matrix of all edges but those of the first node."""
    kept = edges[edges[:, 0] > 0]
    L = laplacian(N, kept)
    return np.where(np.eye(N) > 0, 0.0, -L)
