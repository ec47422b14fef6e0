"""The ends of a graph's spectrum by squaring, against LAPACK; the layouts, against their plain definitions."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.connectivity import condition_number, connectivity, inverse, projection
from simulation.graphs import grid, laplacian, path_with_chords, random_cycles
from simulation.layouts import CHORDS, CORNER, REACH, N, adjacency, edge_tables, laplacian_of, layouts
from simulation.rewiring import rewired


def agree(L):
    found, lams = connectivity(L), np.linalg.eigvalsh(L)
    assert found.slowest == pytest.approx(lams[1], rel=1e-4, abs=1e-9)
    assert found.fastest == pytest.approx(lams[-1], rel=1e-4)
    # An eigenvector, or a mean of those that are nearly as slow.
    residual = np.linalg.norm(L @ found.pattern - found.slowest * found.pattern) / np.linalg.norm(found.pattern)
    assert residual < 3e-3 * max(lams[1], 1e-3)
    equal, apart = lams[1:] < lams[1] + 1e-7, lams[1:] > 1.01 * lams[1] + 1e-4
    if np.all(equal | apart):
        assert found.alike == pytest.approx(equal.sum(), rel=1e-4)
    assert abs(found.pattern.sum()) < 1e-6
    assert np.abs(found.pattern).max() == pytest.approx(1)


@pytest.mark.parametrize("edges", [
    grid().edges, path_with_chords().edges, path_with_chords(36, []).edges, path_with_chords(36, [(0, 35)]).edges,
    random_cycles(rng=np.random.default_rng(1)).edges, np.argwhere(np.triu(np.ones((36, 36)), 1)),
])  # fmt: skip
def test_known_graphs(edges):
    agree(laplacian(36, edges))


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 2), st.floats(0.06, 0.94), st.floats(0.06, 0.94),
    st.lists(st.tuples(st.integers(1, N), st.integers(1, N)), min_size=9, max_size=9),
)  # fmt: skip
def test_graphs_that_a_reader_can_make(graph, x, y, pairs):
    layout = layouts()[graph]
    xs, ys = (np.where(np.arange(N) == 0, at, c) for at, c in zip((x, y), layout.positions.T, strict=True))
    joined = adjacency(layout.joined, xs, ys)
    assert joined[0].sum() >= 1
    agree(laplacian_of(rewired(joined, np.array([100.0 * a + b for a, b in pairs]))))


def test_a_graph_in_two_parts_is_found_out_and_parted():
    edges = [e for e in path_with_chords(36, []).edges.tolist() if e != [20, 21]]
    found = connectivity(laplacian(36, edges))
    assert condition_number(found) == np.inf
    assert len(set(np.sign(found.pattern[:21]))) == len(set(np.sign(found.pattern[21:]))) == 1
    assert found.pattern[0] * found.pattern[-1] < 0


def test_the_inverse_and_the_projection():
    rng = np.random.default_rng(0)
    B = rng.normal(size=(12, 12))
    A = B @ B.T + np.eye(12)
    np.testing.assert_allclose(inverse(A), np.linalg.inv(A), atol=1e-9)
    q = np.linalg.eigh(A)[1][:, -1]
    np.testing.assert_allclose(projection(A), np.outer(q, q), atol=1e-9)


def test_at_home_the_layouts_are_their_graphs():
    random, grid_, path = (adjacency(layout.joined, *layout.positions.T) for layout in layouts())
    np.testing.assert_array_equal(laplacian_of(grid_), laplacian(N, grid().edges))
    np.testing.assert_array_equal(laplacian_of(path), laplacian(N, path_with_chords(N, CHORDS).edges))
    tours = laplacian(N - 1, random_cycles(N - 1, rng=np.random.default_rng(4)).edges)
    np.testing.assert_array_equal(laplacian_of(random[1:, 1:]), tours)
    for layout in layouts():
        assert layout.positions[0].tolist() == [CORNER, CORNER]
        gaps = np.linalg.norm(layout.positions[1:] - CORNER, axis=1)
        assert np.abs(gaps - REACH).min() > 0.005, "a neighbour at the very end of the reach"


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, N - 2), min_size=1, max_size=9, unique=True))
def test_the_parts_of_a_path_that_is_cut_are_counted(cuts):
    path = laplacian_of(rewired(np.zeros((N, N)), np.array([100.0 * i + i + 1 for i in range(1, N) if i - 1 not in cuts])))
    found = connectivity(path)
    assert condition_number(found) == np.inf
    assert found.alike == pytest.approx(len(cuts), rel=1e-6)
    agree(path)


def test_the_tables_of_edges_are_the_edges():
    for layout, (places, ends) in zip(layouts(), edge_tables(), strict=True):
        i, j = np.divmod(places[places > 0], N)
        joined = np.zeros((N, N))
        joined[i, j] = joined[j, i] = 1
        np.testing.assert_array_equal(joined, layout.joined)
        np.testing.assert_array_equal(ends[places > 0], np.hstack([layout.positions[i], layout.positions[j]]))
