"""Laplacians and their conditioning, against loops over the edges and known spectra."""

from itertools import combinations

import numpy as np
import pytest

from simulation.eigenvectors import spectrum
from simulation.graphs import (
    conditioning,
    grid,
    in_order,
    laplacian,
    path_with_chords,
    random_cycles,
)


def make(name):
    rng = np.random.default_rng(7)
    return {
        "grid": grid,
        "path": lambda: path_with_chords(36, []),
        "path with chords": path_with_chords,
        "cycles": lambda: random_cycles(rng=rng),
    }[name]()


NAMES = ["grid", "path", "path with chords", "cycles"]


def all_pairs(n):
    return list(combinations(range(n), 2))


def components(n, edges):
    label = np.arange(n)
    for _ in range(n):
        for i, j in edges:
            label[i] = label[j] = min(label[i], label[j])
    return len(set(label.tolist()))


@pytest.mark.parametrize("name", NAMES)
def test_a_graph_is_thirty_six_nodes_in_the_unit_square_all_connected(name):
    positions, edges = make(name)
    assert positions.shape == (36, 2)
    assert positions.min() >= 0
    assert positions.max() <= 1
    assert np.all(edges[:, 0] < edges[:, 1])
    assert len(np.unique(edges, axis=0)) == len(edges)
    assert components(36, edges) == 1
    gaps = np.linalg.norm(positions[:, None] - positions[None], axis=-1)[np.triu_indices(36, 1)]
    assert gaps.min() > 0.03


@pytest.mark.parametrize("name", NAMES)
def test_the_laplacian_sums_squared_differences(name):
    edges = make(name).edges
    L = laplacian(36, edges)
    for w in np.random.default_rng(0).normal(size=(3, 36)):
        assert w @ L @ w == pytest.approx(sum((w[i] - w[j]) ** 2 for i, j in edges), rel=1e-12)
    np.testing.assert_allclose(L @ np.ones(36), 0, atol=1e-13)


def test_weighted_edges():
    rng = np.random.default_rng(3)
    edges, w = all_pairs(9), rng.normal(size=9)
    weights = rng.random(36)
    L = laplacian(9, edges, weights)
    assert w @ L @ w == pytest.approx(sum(c * (w[i] - w[j]) ** 2 for c, (i, j) in zip(weights, edges, strict=True)))


def test_known_spectra():
    k = np.arange(36)
    np.testing.assert_allclose(np.linalg.eigvalsh(laplacian(36, make("path").edges)), 2 - 2 * np.cos(np.pi * k / 36), atol=1e-12)
    one = 2 - 2 * np.cos(np.pi * np.arange(6) / 6)
    np.testing.assert_allclose(np.linalg.eigvalsh(laplacian(36, grid().edges)), np.sort((one[:, None] + one).ravel()), atol=1e-12)
    np.testing.assert_allclose(np.linalg.eigvalsh(laplacian(36, all_pairs(36))), np.r_[0, np.full(35, 36)], atol=1e-12)


def test_wiry_graphs_condition_poorly_and_well_connected_ones_well():
    kappas = {name: float(conditioning(spectrum(laplacian(36, make(name).edges)).lams)) for name in NAMES}
    assert kappas["path"] > kappas["path with chords"] > 3 * kappas["cycles"]
    assert kappas["grid"] > 2 * kappas["cycles"]
    assert kappas["cycles"] < 15


def test_one_more_edge_never_connects_less():
    graph = path_with_chords(36, [])
    before = np.linalg.eigvalsh(laplacian(36, graph.edges))
    after = np.linalg.eigvalsh(laplacian(36, in_order([*graph.edges.tolist(), (0, 35)])))
    assert np.all(after >= before - 1e-12)
    assert after[1] > 3 * before[1]


def test_cutting_a_bridge_leaves_no_conditioning():
    edges = [edge for edge in path_with_chords(36, []).edges.tolist() if edge != [17, 18]]
    assert np.isinf(conditioning(np.linalg.eigvalsh(laplacian(36, edges))))


def test_the_fiedler_vector_of_a_path_runs_from_end_to_end():
    v = spectrum(laplacian(36, make("path").edges)).Q[:, 1]
    assert np.all(np.diff(v) < 0)
    assert np.array_equal(v[:18] > 0, np.full(18, True))
    np.testing.assert_allclose(v, np.cos(np.pi * (np.arange(36) + 0.5) / 36) * np.sqrt(2 / 36), atol=1e-10)


def test_random_graphs_are_their_seed():
    one, same, other = (random_cycles(rng=np.random.default_rng(seed)).edges for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert not np.array_equal(one, other)
