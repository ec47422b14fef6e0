"""The figure of graphs: what it says is what the Laplacian's eigenvalues say."""

import numpy as np
import pytest

from components.graphs import LAST, Graphs, columns, tapped, words
from simulation.graphs import grid, laplacian
from simulation.layouts import layouts
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


def said(**changes):
    state = HOME | changes
    with np.errstate(all="ignore"):
        return words(columns(**state), **state)


def test_the_words_count_what_was_changed():
    assert said().startswith("The path with chords: λₙ/λ₂ = 446, so ")
    assert said().endswith("Nodes 6 and 31 are not joined.")
    assert said(turn=True).startswith("The path with chords, 1 edge added: λₙ/λ₂ = ")
    assert said(turn=True).endswith("Nodes 6 and 31 are joined.")
    assert said(turn=True, pairs_1=2021, pairs_2=836).startswith("The path with chords, 2 edges added, 1 edge cut: ")
    assert said(graph=1, x=0.5).startswith("The grid, node 1 elsewhere: ")
    # A node and itself, a pair turned twice, and nodes that there are not: nothing has changed.
    for nothing in ({"turn": True, "a": 4, "b": 4}, {"turn": True, "pairs_1": 631}, {"pairs_1": LAST}, {"pairs_1": 98_99_00_40}):
        assert said(**nothing).startswith("The path with chords: λₙ/λ₂ = 446, so ")
    assert said(turn=True, a=4, b=4).endswith("A pair needs two nodes.")
    assert said(picked=9).endswith("Node 9 is picked: pick another, and the two are joined, or cut apart.")
    assert said(pairs_1=LAST, pairs_2=LAST).endswith("All 8 changes that can be kept are made.")


def test_the_words_know_of_patterns_that_are_equally_slow_and_of_parts():
    assert "The slowest pattern, one of 2 equally slow, sets 15 nodes against 15." in said(graph=1)
    assert "1 edge cut: it falls apart into 2 parts, λ₂ = 0." in said(turn=True, a=20, b=21)
    assert "3 edges cut: it falls apart into 4 parts" in said(turn=True, a=1, b=2, pairs_1=2021_1516)


def segments(table, start="x0"):
    drawn = np.isfinite(table[start])
    return list(zip(table[start][drawn], table["y0"][drawn], table["x1"][drawn], table["y1"][drawn], strict=True))


@pytest.mark.parametrize(
    "changes", [{}, {"pairs_1": 2021_0631, "pairs_2": 102}, {"x": 0.5, "y": 0.4, "turn": True, "a": 1, "b": 36}]
)
@pytest.mark.parametrize("graph", [0, 1, 2])
def test_every_edge_is_drawn_once(graph, changes):
    table = columns(**HOME | {"graph": graph} | changes)
    L, at = table["matrix"]["L"], np.stack([table["nodes"]["x"], table["nodes"]["y"]], axis=1)
    expected = [frozenset((tuple(at[i]), tuple(at[j]))) for i, j in np.argwhere(np.triu(L, 1) < 0)]
    drawn = segments(table["edges"]) + segments(table["yours"])
    added = segments(table["changes"], "tied")
    # What is added to the first node lies over an edge of its own.
    pairs = {frozenset(((x0, y0), (x1, y1))) for x0, y0, x1, y1 in drawn + added}
    assert pairs == set(expected)
    assert len(drawn) == len({frozenset(((x0, y0), (x1, y1))) for x0, y0, x1, y1 in drawn})
    for x0, y0, x1, y1 in segments(table["changes"], "loose"):
        assert frozenset(((x0, y0), (x1, y1))) not in set(expected)


def tap(state, *place):
    return state | {name: float(value) for name, value in tapped(*place, **state).items()}


def node(i, graph=2):
    return layouts()[graph].positions[i - 1]


def joined(state, a, b):
    return columns(**state)["matrix"]["L"][a - 1, b - 1] == -1


def test_two_taps_join_two_nodes_and_two_more_cut_them_again():
    once = tap(HOME, *node(6) + 0.02)
    assert once == HOME | {"picked": 6}
    twice = tap(once, *node(31) - 0.02)
    assert twice == HOME | {"pairs_1": 631}
    assert joined(twice, 6, 31)
    assert tap(tap(twice, *node(31)), *node(6)) == HOME | {"a": 31, "b": 6}


def test_taps_add_up_and_each_can_be_undone():
    state, made = HOME, [(6, 31), (20, 21), (2, 9), (3, 30), (4, 29), (5, 28), (10, 20), (11, 24)]
    for a, b in made:
        state = tap(tap(state, *node(a)), *node(b))
        assert (state["a"], state["b"], state["picked"]) == (a, b, 0)
    assert all(joined(state, a, b) != joined(HOME, a, b) for a, b in made)
    assert said(**state).startswith("The path with chords, 7 edges added, 1 edge cut: ")
    # There is no room for a ninth; one undone makes room.
    assert tap(tap(state, *node(12)), *node(30)) == state
    undone = tap(tap(state, *node(3)), *node(30))
    assert not joined(undone, 3, 30)
    assert joined(tap(tap(undone, *node(12)), *node(30)), 12, 30)


def test_taps_and_the_box_do_not_disturb_each_other():
    state = tap(tap(HOME | {"turn": True}, *node(20)), *node(21))
    assert state == HOME | {"turn": True, "pairs_1": 2021}
    assert joined(state, 6, 31)
    assert not joined(state, 20, 21)
    # Turned by both, a pair is as it was found.
    assert not joined(tap(tap(HOME | {"turn": True}, *node(6)), *node(31)), 6, 31)


def test_a_pick_is_let_go():
    picked = HOME | {"picked": 6}
    for place in (node(6), (0.5, 0.52)):
        assert tap(picked, *place) == HOME
    assert tap(HOME, 0.5, 0.52) == HOME


def test_a_cell_of_the_matrix_is_a_pair():
    state = tap(HOME, 31.3, 5.8)
    assert state == HOME | {"a": 31, "b": 6, "pairs_1": 631}
    assert tap(state, 6.0, 31.0) == HOME
    for nowhere in ((12.0, 12.0), (20.0, -1.0)):
        assert tap(HOME, *nowhere) == HOME


def test_two_edges_help_the_grid_that_one_cannot():
    corners = {"pairs_1": 631, "turn": True, "a": 1, "b": 36}
    assert kappa(graph=1, **corners) < 0.6 * kappa(graph=1)
