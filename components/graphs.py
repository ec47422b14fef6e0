"""Figure: graphs. How well a graph hangs together is how well its quadratic is conditioned; the reader rewires it."""

from functools import lru_cache

import numpy as np
import param
from bokeh.models import Circle, HBar, LinearColorMapper, Scatter, Segment
from bokeh.models.glyphs import Image

from components import style
from components.figure import Figure, Handle, Label
from simulation.connectivity import condition_number, connectivity
from simulation.layouts import CORNER, REACH, N, adjacency, laplacian_of, layouts, turned
from simulation.rates import optimal_gradient_descent, optimal_heavy_ball
from simulation.words import choose, fixed, say, significant

NAMES = ("random", "grid", "path")
CALLED = ("The random graph", "The grid", "The path with chords")
INSIDE = (0.06, 0.94)
"""How far the first node can be carried: never out of reach of all others."""
TOLERANCE = 0.01
TOP = 3.6
"""How far the bars reach, as a power of ten of steps."""
METHODS = ("gradient descent", "momentum")


class Wiring(param.Parameterized):
    """A graph, where its first node lies, and a pair of nodes to join or to part."""

    graph = param.Selector(default="path", objects=list(NAMES), label="Graph", doc="The graph to start from; path has chords.")
    x = param.Number(CORNER, bounds=INSIDE, step=0.002, label="Node 1, x", doc="Where the first node lies, from the left.")
    y = param.Number(CORNER, bounds=INSIDE, step=0.002, label="Node 1, y", doc="Where the first node lies, from below.")
    a = param.Integer(6, bounds=(1, N), step=1, label="Pair: node", doc="One node of the pair.")
    b = param.Integer(31, bounds=(1, N), step=1, label="and node", doc="The other node of the pair.")
    turn = param.Boolean(False, label="Join this pair, or cut it", doc="Whether the pair is joined if it was not, cut if it was.")


def _of(graph, choices):
    """Return the array of the graph chosen."""
    return sum(np.where(graph == i, choice, 0.0) for i, choice in enumerate(choices))


def columns(graph, x, y, a, b, turn):
    """Return the nodes with their colours, the edges of the first node, the pair, the Laplacian, and the steps."""
    first = np.arange(N) == 0
    xs = np.where(first, x, _of(graph, [layout.positions[:, 0] for layout in layouts()]))
    ys = np.where(first, y, _of(graph, [layout.positions[:, 1] for layout in layouts()]))
    before = adjacency(_of(graph, [layout.joined for layout in layouts()]), xs, ys)
    joined = np.where(turn > 0, turned(before, a - 1, b - 1), before)
    L = laplacian_of(joined)
    found = connectivity(L)
    near = before[0] > 0
    return {
        "nodes": {"x": xs, "y": ys, "pattern": found.pattern},
        "reach": {"x": np.reshape(x, (1,)), "y": np.reshape(y, (1,))},
        "yours": {
            "x0": np.where(near, xs[0], np.nan),
            "y0": np.where(near, ys[0], np.nan),
            "x1": np.where(near, xs, np.nan),
            "y1": np.where(near, ys, np.nan),
        },
        "pair": _pair(xs, ys, joined, a, b),
        "matrix": {"L": L},
        "cell": {"x": np.reshape(a, (1,)), "y": np.reshape(b, (1,))},
        "steps": _steps(found),
    }


def _pair(xs, ys, joined, a, b):
    """Return the ends of the pair, its line if it is joined and where it would be if not, and its names."""
    one, other = (np.where(np.arange(1, N + 1) == node, 1.0, 0.0) for node in (a, b))
    link = np.sum(one[:, None] * joined * other[None, :])
    x, y = (np.stack([np.sum(one * c), np.sum(other * c)]) for c in (xs, ys))
    tied, loose = np.where(link > 0, 1.0, np.nan), np.where(link > 0, np.nan, 1.0)
    return {
        "x": x, "y": y, "x1": x[::-1], "y1": y[::-1], "tied": x * tied, "loose": x * loose,
        "link": np.stack([link, link]), "name": [fixed(a, 0), fixed(b, 0)],
    }  # fmt: skip


def _steps(found):
    """Return each method's rate and steps to 1 %, and its bar, drawn in powers of ten."""
    kappa = condition_number(found)
    whole = np.isfinite(kappa)
    high = np.where(whole, kappa, 1e12)
    rates = [optimal_gradient_descent(1.0, high).rate, optimal_heavy_ball(1.0, high).rate]
    steps = [np.log(TOLERANCE) / np.log(rate) for rate in rates]
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
        "label": [choose(whole, text, f"{name}: never") for name, text in zip(METHODS, told, strict=True)],
    }


def backdrop(graph):
    """Return the edges that stay as they are, and the steps that the graph takes as it was found."""
    longest = max(len(_ends(i)) for i in range(len(NAMES)))
    ends = [np.vstack([_ends(i), np.full((longest - len(_ends(i)), 4), np.nan)]) for i in range(len(NAMES))]
    chosen = np.where(graph == 0, ends[0], np.where(graph == 1, ends[1], ends[2]))
    logs = _of(graph, _found())
    return {
        "edges": {name: chosen[:, i] for i, name in enumerate(("x0", "y0", "x1", "y1"))},
        "found": {"method": np.arange(2), "log": logs},
    }


@lru_cache
def _found():
    """Return the steps of both methods on each graph as it was found, as powers of ten."""
    tables = [_steps(connectivity(laplacian_of(adjacency(found.joined, *found.positions.T)))) for found in layouts()]
    return [np.array([table["plain"][0], table["momentum"][1]]) for table in tables]


@lru_cache
def _ends(graph):
    """Return the ends of the edges among all nodes but the first, one edge a row: x0, y0, x1, y1."""
    layout = layouts()[graph]
    i, j = np.nonzero(np.triu(layout.joined))
    return np.hstack([layout.positions[i], layout.positions[j]])


def words(tables, graph, x, y, a, b, turn):
    """Say how the graph is conditioned, what that costs, and how its slowest pattern parts it."""
    steps, pattern = tables["steps"], tables["nodes"]["pattern"]
    kappa = steps["kappa"][0]
    name = choose(graph < 1, CALLED[0], choose(graph < 2, CALLED[1], CALLED[2]))
    # A node that symmetry keeps at 0 belongs to neither side.
    sides = [np.sum(np.where(sign * pattern > 1e-6, 1.0, 0.0)) for sign in (1, -1)]
    whole = say(
        "{}{}: λₙ/λ₂ = {}, so {} steps of gradient descent or {} of momentum for each factor of 100. "
        "The slowest pattern sets {} nodes against {}.",
        name, choose(turn > 0, ", with one pair changed", ""), significant(kappa, 3), fixed(np.ceil(steps["steps"][0]), 0),
        fixed(np.ceil(steps["steps"][1]), 0), fixed(sides[0], 0), fixed(sides[1], 0),
    )  # fmt: skip
    apart = say("{} falls apart, λ₂ = 0: nothing can pass from one part to the other, and no method helps.", name)
    return choose(np.isfinite(kappa), whole, apart)


class Graphs(Figure):
    """Long detours make a graph slow: one edge in the right place is worth more than many in the wrong one."""

    title = "The conditioning of a graph"
    State = Wiring
    columns = staticmethod(columns)
    words = staticmethod(words)
    backdrop = staticmethod(backdrop)
    handles = (Handle("drawing", "x", "y", "Node 1"), Handle("matrix", "a", "b", "Pair of nodes"))
    labels = (
        Label("drawing", "pair", "name", dx=-7, dy=-27, align="end", role="accent"),
        Label("matrix", "titles", "matrix", x=0.5, y=0.5, dy=-21),
        Label("steps", "steps", "label", x=0, y="method", dy=-29),
    )
    unseen = ("x", "y")
    layout = '"drawing matrix" auto "drawing steps" 1fr / 1.5fr 1fr'

    def build(self):
        """Draw the graph, its Laplacian, and the steps of both methods."""
        self.add_source("titles", matrix=["the Laplacian, node by node"])
        return {"drawing": self._drawing(), "matrix": self._matrix(), "steps": self._steps()}

    def _drawing(self):
        plot = style.lean_plot((0, 1), (0, 1), aspect=1)
        lines = Segment(x0="x0", y0="y0", x1="x1", y1="y1", line_width=1.2, line_alpha=0.75)
        self.draw(plot, "edges", lines, line_color="muted")
        circle = Circle(x="x", y="y", radius=REACH, fill_alpha=0.06, line_width=1, line_dash="dotted")
        self.draw(plot, "reach", circle, line_color="accent", fill_color="accent")
        self.draw(plot, "yours", Segment(x0="x0", y0="y0", x1="x1", y1="y1", line_width=2), line_color="accent")
        # A pair that was cut is wiped out before it is drawn as open.
        self.draw(plot, "pair", Segment(x0="loose", y0="y", x1="x1", y1="y1", line_width=4), line_color="page")
        dots = Segment(x0="loose", y0="y", x1="x1", y1="y1", line_width=2, line_dash=[1, 5])
        self.draw(plot, "pair", dots, line_color="accent")
        self.draw(plot, "pair", Segment(x0="tied", y0="y", x1="x1", y1="y1", line_width=2.5), line_color="accent")
        self.draw(plot, "pair", Scatter(x="x", y="y", size=22, fill_color=None, line_width=2), line_color="accent")
        mapper = self.paint(LinearColorMapper(low=-1, high=1), palette="signed")
        nodes = Scatter(x="x", y="y", size=14, line_width=1, fill_color={"field": "pattern", "transform": mapper})
        self.draw(plot, "nodes", nodes, line_color="text")
        return plot

    def _matrix(self):
        plot = style.lean_plot((0.5, N + 0.5), (N + 0.5, -2.5), aspect=36 / 39)
        mapper = self.paint(LinearColorMapper(low=-1, high=1), palette="signed")
        self.draw(plot, "matrix", Image(image="L", x=0.5, y=0.5, dw=N, dh=N, color_mapper=mapper))
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
