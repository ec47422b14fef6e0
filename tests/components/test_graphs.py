"""The figure of graphs: what it says is what the Laplacian's eigenvalues say."""

import numpy as np
import pytest

from components.graphs import Graphs, backdrop, columns, words
from simulation.graphs import grid, laplacian
from simulation.quadratic import ConvexQuadratic
from simulation.rates import optimal_gradient_descent, optimal_heavy_ball
from simulation.update_rules import descend, heavy_ball

HOME = {name: p.default for name, p in Graphs.parameters().items()} | {"graph": 2}


def kappa(**changes):
    lams = np.linalg.eigvalsh(columns(**HOME | changes)["matrix"]["L"])
    return lams[-1] / lams[1]


def test_the_grid_is_the_grid():
    L = columns(**HOME | {"graph": 1})["matrix"]["L"]
    np.testing.assert_array_equal(L, laplacian(36, grid().edges))


@pytest.mark.parametrize("graph", [0, 1, 2])
def test_the_condition_number_and_the_steps(graph):
    steps = columns(**HOME | {"graph": graph})["steps"]
    assert steps["kappa"][0] == pytest.approx(kappa(graph=graph), rel=1e-4)
    assert np.ceil(np.log(0.01) / np.log(optimal_gradient_descent(1, kappa(graph=graph)).rate)) == np.ceil(steps["steps"][0])
    assert np.ceil(np.log(0.01) / np.log(optimal_heavy_ball(1, kappa(graph=graph)).rate)) == np.ceil(steps["steps"][1])


@pytest.mark.parametrize("momentum", [False, True])
def test_a_run_smooths_the_graph_at_that_rate(momentum):
    """Averaging with the neighbours: what is left after many steps shrinks as the bar says."""
    table = columns(**HOME | {"graph": 1})
    L = table["matrix"]["L"]
    # The mean never moves; a weight on it makes the quadratic definite and leaves the other eigenvalues alone.
    f = ConvexQuadratic(L + np.ones((36, 36)) / 36)
    lams = np.linalg.eigvalsh(L)
    best = (optimal_heavy_ball if momentum else optimal_gradient_descent)(lams[1], lams[-1])
    start = np.random.default_rng(0).normal(size=36)
    left = np.linalg.norm(descend(heavy_ball(best.alpha, best.beta), f.grad, start - start.mean(), 400), axis=1)
    slope = -np.log(left[400 if not momentum else 60] / left[200 if not momentum else 30]) / (200 if not momentum else 30)
    assert np.log(100) / slope == pytest.approx(table["steps"]["steps"][int(momentum)], rel=0.01 if not momentum else 0.25)


def test_one_edge_in_the_right_place_is_worth_more_than_another():
    assert kappa(turn=True, a=6, b=31) < 0.25 * kappa()
    assert kappa(turn=True, a=2, b=4) > 0.9 * kappa()
    # The grid has two slowest patterns: no single edge helps against both.
    best = min(kappa(graph=1, turn=True, a=a, b=b) for a in range(1, 37, 5) for b in range(2, 37, 3) if a != b)
    assert best > kappa(graph=1) * (1 - 1e-9)


def test_cutting_the_path_leaves_two_parts():
    state = HOME | {"turn": True, "a": 20, "b": 21}
    assert "falls apart" in words(columns(**state), **state)
    assert np.isnan(columns(**state)["pair"]["tied"]).all()


def test_every_edge_is_drawn_once():
    for graph in range(3):
        table = columns(**HOME | {"graph": graph})
        drawn = np.isfinite(backdrop(graph)["edges"]["x0"]).sum() + np.isfinite(table["yours"]["x0"]).sum()
        assert drawn == np.trace(table["matrix"]["L"]) / 2
