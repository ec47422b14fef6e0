"""The ends of a graph's spectrum by squaring, against LAPACK; the layouts, against their plain definitions."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.connectivity import condition_number, connectivity, inverse, projection
from simulation.graphs import grid, laplacian, path_with_chords, random_cycles
from simulation.layouts import CHORDS, CORNER, REACH, N, adjacency, laplacian_of, layouts, turned


def agree(L):
    found, lams = connectivity(L), np.linalg.eigvalsh(L)
    assert found.slowest == pytest.approx(lams[1], rel=1e-4, abs=1e-9)
    assert found.fastest == pytest.approx(lams[-1], rel=1e-4)
    # An eigenvector, or a mean of those that are nearly as slow.
    residual = np.linalg.norm(L @ found.pattern - found.slowest * found.pattern) / np.linalg.norm(found.pattern)
    assert residual < 3e-3 * max(lams[1], 1e-3)
    assert abs(found.pattern.sum()) < 1e-6
    assert np.abs(found.pattern).max() == pytest.approx(1)


@pytest.mark.parametrize("edges", [
    grid().edges, path_with_chords().edges, path_with_chords(36, []).edges, path_with_chords(36, [(0, 35)]).edges,
    random_cycles(rng=np.random.default_rng(1)).edges, np.argwhere(np.triu(np.ones((36, 36)), 1)),
])  # fmt: skip
def test_known_graphs(edges):
    agree(laplacian(36, edges))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2), st.floats(0.06, 0.94), st.floats(0.06, 0.94), st.integers(0, N - 1), st.integers(0, N - 1))
def test_graphs_that_a_reader_can_make(graph, x, y, a, b):
    layout = layouts()[graph]
    xs, ys = (np.where(np.arange(N) == 0, at, c) for at, c in zip((x, y), layout.positions.T, strict=True))
    joined = adjacency(layout.joined, xs, ys)
    assert joined[0].sum() >= 1
    L = laplacian_of(turned(joined, a, b))
    assert np.linalg.eigvalsh(L)[2] > 1e-3, "three parts"
    agree(L)


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


def test_turning_a_pair_twice_changes_nothing():
    joined = adjacency(layouts()[1].joined, *layouts()[1].positions.T)
    once = turned(joined, 3, 30)
    assert np.abs(once - joined).sum() == 2
    np.testing.assert_array_equal(turned(once, 30, 3), joined)
    np.testing.assert_array_equal(turned(joined, 5, 5), joined)
