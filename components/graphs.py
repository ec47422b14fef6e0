"""Figure: graphs. How well a graph hangs together is how well its quadratic is conditioned; the reader rewires it."""

from functools import lru_cache

import numpy as np
import param
from bokeh.models import Circle, HBar, LinearColorMapper, Rect, Scatter, Segment
from bokeh.models.glyphs import Image

from components import style
from components.figure import Figure
from components.overlay import Handle, Label
from simulation.connectivity import condition_number, connectivity
from simulation.layouts import CORNER, REACH, N, adjacency, edge_tables, laplacian_of, layouts
from simulation.rates import optimal_gradient_descent, optimal_heavy_ball, steps_for
from simulation.rewiring import KEPT, ends, packed, pair_code, rewired, toggled, unpacked
from simulation.words import choose, fixed, say, significant

NAMES = ("random", "grid", "path")
CALLED = ("The random graph", "The grid", "The path with chords")
INSIDE = (0.06, 0.94)
"""How far the first node can be carried: never out of reach of all others."""
NEAR = 0.07
"""How far from a node a tap still means it."""
NODES = np.arange(1, N + 1)
LAST = int(packed(np.full(KEPT, pair_code(N - 1, N))))
"""The largest number of pairs kept."""
FACTOR = 100.0
"""What the steps are counted for."""
TOP = 3.6
"""How far the bars reach, as a power of ten of steps."""
METHODS = ("gradient descent", "momentum")


class Wiring(param.Parameterized):
    """A graph, where its first node lies, the pairs of nodes that are joined or cut, and one pair at hand."""

    graph = param.Selector(default="path", objects=list(NAMES), label="Graph", doc="The graph to start from; path has chords.")
    x = param.Number(CORNER, bounds=INSIDE, step=0.002, label="Node 1, x", doc="Where the first node lies, from the left.")
    y = param.Number(CORNER, bounds=INSIDE, step=0.002, label="Node 1, y", doc="Where the first node lies, from below.")
    a = param.Integer(6, bounds=(1, N), step=1, label="Pair: node", doc="One node of the pair at hand.")
    b = param.Integer(31, bounds=(1, N), step=1, label="and node", doc="The other node of the pair at hand.")
    turn = param.Boolean(
        False, label="Join this pair, or cut it", doc="Whether the pair at hand is joined if it was not, cut if it was."
    )
    picked = param.Integer(0, bounds=(0, N), step=1, label="Node picked", doc="The node that waits for another; 0 for none.")
    pairs_1 = param.Integer(
        0, bounds=(0, LAST), step=1, label="Pairs changed", doc="Up to four pairs, two digits a node: 20210631 is 6-31 and 20-21."
    )
    pairs_2 = param.Integer(0, bounds=(0, LAST), step=1, label="More pairs changed", doc="Up to four more.")


def _of(graph, choices):
    """Return the array of the graph chosen."""
    return sum(np.where(graph == i, choice, 0.0) for i, choice in enumerate(choices))


def _places(graph, x, y):
    """Return where all nodes lie."""
    homes = (_of(graph, [layout.positions[:, i] for layout in layouts()]) for i in range(2))
    return [np.where(NODES == 1, at, home) for at, home in zip((x, y), homes, strict=True)]


def columns(graph, x, y, a, b, turn, picked, pairs_1, pairs_2):
    """Return the nodes with their colours, all edges, the pairs changed and at hand, the Laplacian, and the steps."""
    xs, ys = _places(graph, x, y)
    before = adjacency(_of(graph, [layout.joined for layout in layouts()]), xs, ys)
    codes = np.concatenate([unpacked(pairs_1, pairs_2), np.stack([np.where(turn > 0, pair_code(a, b), 0.0)])])
    joined = rewired(before, codes)
    L = laplacian_of(joined)
    found = connectivity(L)
    yours = np.where(before[0] * joined[0] > 0, 1.0, np.nan)
    pair, hand = (np.where(np.stack(nodes)[:, None] == NODES, 1.0, 0.0) for nodes in ((a, b), (picked,)))
    link = np.sum((pair[0] @ joined) * pair[1])
    return {
        "nodes": {"x": xs, "y": ys, "pattern": found.pattern},
        "reach": {"x": np.reshape(x, (1,)), "y": np.reshape(y, (1,))},
        "edges": _edges(graph, joined),
        "yours": {"x0": x * yours, "y0": y * yours, "x1": xs * yours, "y1": ys * yours},
        "changes": _changes(xs, ys, before, joined, codes),
        "pair": {"x": pair @ xs, "y": pair @ ys, "link": np.stack([link, link]), "name": [fixed(a, 0), fixed(b, 0)]},
        "picked": {"x": np.where(picked > 0, hand @ xs, np.nan), "y": hand @ ys, "name": [_number(picked)]},
        "matrix": {"L": L},
        "steps": _steps(found),
    }


def _number(node):
    return choose(node > 0, fixed(node, 0), "")


def _edges(graph, joined):
    """Return the edges among all nodes but the first, as they were found, that have not been cut."""
    there = np.ravel(joined)
    left = _of(graph, [np.where(there[places][:, None] > 0, both, np.nan) for places, both in edge_tables()])
    return {name: left[:, i] for i, name in enumerate(("x0", "y0", "x1", "y1"))}


def _changes(xs, ys, before, joined, codes):
    """Return the pairs that are not as they were: from where to where, tied or loose, and their cell of the matrix."""
    one, other = ends(codes, N)
    was, now = (np.sum((one @ links) * other, axis=1) for links in (before, joined))
    x0 = one @ xs
    return {
        "tied": np.where(now > was, x0, np.nan), "loose": np.where(now < was, x0, np.nan), "y0": one @ ys,
        "x1": other @ xs, "y1": other @ ys, "i": np.where(now != was, one @ NODES, np.nan), "j": other @ NODES,
    }  # fmt: skip


def _steps(found):
    """Return each method's rate and steps to 1 %, and its bar, drawn in powers of ten."""
    kappa = condition_number(found)
    whole = np.isfinite(kappa)
    high = np.where(whole, kappa, 1e12)
    rates = [optimal_gradient_descent(1.0, high).rate, optimal_heavy_ball(1.0, high).rate]
    steps = [steps_for(FACTOR, rate) for rate in rates]
    logs = [np.where(whole, np.clip(np.log10(s), 0, TOP), TOP) for s in steps]
    told = [
        say("{}: {} steps, rate {}", name, fixed(np.ceil(s), 0), significant(r, 3))
        for name, s, r in zip(METHODS, steps, rates, strict=True)
    ]
    return {
        "method": np.arange(2),
        "plain": np.stack([logs[0], np.nan]),
        "momentum": np.stack([np.nan, logs[1]]),
        "steps": np.stack(steps),
        "kappa": np.stack([kappa, kappa]),
        "alike": np.stack([found.alike, found.alike]),
        "label": [choose(whole, text, f"{name}: never") for name, text in zip(METHODS, told, strict=True)],
    }


def backdrop(graph):
    """Return the steps that the graph takes as it was found."""
    return {"found": {"method": np.arange(2), "log": _of(graph, _found())}}


@lru_cache
def _found():
    """Return the steps of both methods on each graph as it was found, as powers of ten."""
    tables = [_steps(connectivity(laplacian_of(adjacency(found.joined, *found.positions.T)))) for found in layouts()]
    return [np.array([table["plain"][0], table["momentum"][1]]) for table in tables]


def tapped(px, py, graph, x, y, a, b, turn, picked, pairs_1, pairs_2):
    """Return what a tap leaves: the first node is picked, the second joined to it or cut off; so is a cell of the matrix."""
    away = np.hypot(*(places - at for places, at in zip(_places(graph, x, y), (px, py), strict=True)))
    node = np.max(np.where((away <= np.min(away)) & (away < NEAR), NODES, 0))
    # The matrix begins where the drawing ends, but for its first cell, which is no pair.
    on_matrix = (px > 1) | (py > 1)
    i, j = (np.where(on_matrix, np.floor(at + 0.5), node) for at, node in ((px, picked), (py, node)))
    is_pair = (np.minimum(i, j) >= 1) & (np.maximum(i, j) <= N) & (i != j)
    # One place more than can be kept: what is found there had no room.
    codes = toggled(np.concatenate([unpacked(pairs_1, pairs_2), np.zeros(1)]), pair_code(i, j))
    done = is_pair & (codes[-1] < 1)
    # The pair at hand follows, unless the box holds it.
    follows = done & (turn < 1)
    return {
        "picked": np.where(on_matrix | (picked > 0), 0, node),
        "a": np.where(follows, i, a),
        "b": np.where(follows, j, b),
        "pairs_1": np.where(done, packed(codes[:KEPT]), pairs_1),
        "pairs_2": np.where(done, packed(codes[KEPT:-1]), pairs_2),
    }


def words(tables, graph, x, y, a, b, turn, picked, pairs_1, pairs_2):
    """Say what was changed, how the graph is conditioned, what that costs, how its slowest pattern parts it, what is at hand."""
    steps, pattern, changes = tables["steps"], tables["nodes"]["pattern"], tables["changes"]
    alike = steps["alike"][0]
    now = say(
        "{}{}{}{}",
        choose(graph < 1, CALLED[0], choose(graph < 2, CALLED[1], CALLED[2])),
        choose(np.hypot(x - CORNER, y - CORNER) > 1e-9, ", node 1 elsewhere", ""),
        *(_counted(changes[column], done) for column, done in (("tied", "added"), ("loose", "cut"))),
    )
    # A node that symmetry keeps at 0 belongs to neither side.
    sides = [np.sum(np.where(sign * pattern > 1e-6, 1.0, 0.0)) for sign in (1, -1)]
    whole = say(
        "{}: λₙ/λ₂ = {}, so {} steps of gradient descent or {} of momentum for each factor of 100. "
        "The slowest pattern{} sets {} nodes against {}.",
        now, significant(steps["kappa"][0], 3), *(fixed(np.ceil(steps["steps"][i]), 0) for i in range(2)),
        choose(alike > 1.5, say(", one of {} equally slow,", fixed(alike, 0)), ""), *(fixed(side, 0) for side in sides),
    )  # fmt: skip
    apart = say(
        "{}: it falls apart into {} parts, λ₂ = 0. Nothing can pass from one to another, and no method helps.",
        now, fixed(1 + alike, 0),
    )  # fmt: skip
    pair = say("Nodes {} and {} are {}joined.", fixed(a, 0), fixed(b, 0), choose(tables["pair"]["link"][0] > 0, "", "not "))
    waiting = say("Node {} is picked: pick another, and the two are joined, or cut apart.", fixed(picked, 0))
    is_full = np.min(unpacked(pairs_1, pairs_2)) > 0
    return say(
        "{} {}{}",
        choose(np.isfinite(steps["kappa"][0]), whole, apart),
        choose(picked > 0, waiting, choose(a == b, "A pair needs two nodes.", pair)),
        choose(is_full, f" All {2 * KEPT} changes that can be kept are made.", ""),
    )


def _counted(found, done):
    n = np.sum(np.where(np.isfinite(found), 1.0, 0.0))
    return choose(n < 1, "", say(", {} {} {}", fixed(n, 0), choose(n < 2, "edge", "edges"), done))


class Graphs(Figure):
    """Long detours make a graph slow: one edge in the right place is worth more than many in the wrong one."""

    title = "The conditioning of a graph"
    State = Wiring
    columns = staticmethod(columns)
    words = staticmethod(words)
    backdrop = staticmethod(backdrop)
    tapped = staticmethod(tapped)
    taps = ("drawing", "matrix")
    handles = (Handle("drawing", "x", "y", "Node 1"), Handle("matrix", "a", "b", "Pair of nodes"))
    labels = (
        Label("drawing", "pair", "name", dx=-7, dy=-27, align="end", role="accent"),
        Label("drawing", "picked", "name", dx=9, dy=7, role="accent"),
        Label("matrix", "titles", "matrix", x=0.5, y=0.5, dy=-21),
        Label("steps", "steps", "label", x=0, y="method", dy=-29),
    )
    unseen = ("x", "y", "picked", "pairs_1", "pairs_2")
    layout = '"drawing matrix" auto "drawing steps" 1fr / 1.5fr 1fr'

    def build(self):
        """Draw the graph, its Laplacian, and the steps of both methods."""
        self.add_source("titles", matrix=["the Laplacian, node by node"])
        return {"drawing": self._drawing(), "matrix": self._matrix(), "steps": self._steps()}

    def _drawing(self):
        plot = style.lean_plot((0, 1), (0, 1), aspect=1)
        circle = Circle(x="x", y="y", radius=REACH, fill_alpha=0.06, line_width=1, line_dash="dotted")
        self.draw(plot, "reach", circle, line_color="accent", fill_color="accent")
        for table, start, role, look in (
            ("edges", "x0", "muted", {"line_width": 1.2, "line_alpha": 0.75}),
            ("yours", "x0", "accent", {"line_width": 2}),
            ("changes", "tied", "accent", {"line_width": 2.5}),
            ("changes", "loose", "accent", {"line_width": 2, "line_dash": [1, 5]}),
        ):
            self.draw(plot, table, Segment(x0=start, y0="y0", x1="x1", y1="y1", **look), line_color=role)
        for table, size, width in (("pair", 22, 2), ("picked", 26, 4)):
            self.draw(plot, table, Scatter(x="x", y="y", size=size, fill_color=None, line_width=width), line_color="accent")
        mapper = self.paint(LinearColorMapper(low=-1, high=1), palette="signed")
        nodes = Scatter(x="x", y="y", size=14, line_width=1, fill_color={"field": "pattern", "transform": mapper})
        self.draw(plot, "nodes", nodes, line_color="text")
        return plot

    def _matrix(self):
        plot = style.lean_plot((0.5, N + 0.5), (N + 0.5, -2.5), aspect=36 / 39)
        mapper = self.paint(LinearColorMapper(low=-1, high=1), palette="signed")
        self.draw(plot, "matrix", Image(image="L", x=0.5, y=0.5, dw=N, dh=N, color_mapper=mapper))
        for row, column in (("j", "i"), ("i", "j")):
            self.draw(
                plot, "changes", Rect(x=column, y=row, width=1, height=1, fill_color=None, line_width=2), line_color="accent"
            )
        return plot

    def _steps(self):
        plot = style.lean_plot(
            (0, TOP), (1.5, -0.6), height=200, x_axis="steps for a factor of 100",
            x_ticks={0: "1", 1: "10", 2: "100", 3: "1,000"},
        )  # fmt: skip
        for right, role in (("plain", "deterministic"), ("momentum", "accent")):
            self.draw(plot, "steps", HBar(y="method", height=0.24, left=0, right=right, line_color=None), fill_color=role)
        found = Scatter(x="log", y="method", marker="dash", angle=np.pi / 2, size=22, line_width=2)
        self.draw(plot, "found", found, line_color="text")
        return plot
