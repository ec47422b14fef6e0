"""Figure: the hero. Momentum rolls down a curved valley; the reader drags where it starts."""

from functools import lru_cache

import numpy as np
import param
from bokeh.models import LinearColorMapper, MultiPolygons, Scatter
from bokeh.models.glyphs import Line
from bokeh.plotting.contour import contour_data

from components import style
from components.figure import Figure
from components.overlay import Handle, Mark, Play
from components.paths import shade, within
from simulation.objectives import curved_valley
from simulation.update_rules import descend, heavy_ball
from simulation.words import choose, fixed, say, significant

N_STEPS = 150
X_RANGE, Y_RANGE = (-2.0, 2.0), (-0.27, 1.07)


class Start(param.Parameterized):
    """Where the run starts and how it moves."""

    alpha = param.Number(0.003, bounds=(0, 0.006), step=1e-5, label="Step-size α", doc="Step-size of each update.")
    beta = param.Number(0.74, bounds=(0, 0.99), step=0.001, label="Momentum β", doc="Share of the velocity that is kept.")
    x = param.Number(-1.21, bounds=X_RANGE, step=0.001, label="Start x", doc="First coordinate of the starting point.")
    y = param.Number(0.853, bounds=Y_RANGE, step=0.001, label="Start y", doc="Second coordinate of the starting point.")
    k = param.Integer(N_STEPS, bounds=(0, N_STEPS), step=1, label="Steps shown", doc="How much of the run is drawn.")


def columns(alpha, beta, x, y, k):
    """Return the path, its shade from light to dark in time, and its last point."""
    w = descend(heavy_ball(alpha, beta), curved_valley.grad, np.stack([x, y]), N_STEPS)
    steps = np.arange(N_STEPS + 1)
    seen = np.where(steps <= k, 1.0, np.nan)
    path = within(w)
    end = np.sum(np.where((steps == k)[:, None], path, 0.0), axis=0)
    return {
        "path": {"x": path[:, 0] * seen, "y": path[:, 1] * seen, "shade": shade(N_STEPS)},
        "end": {"x": end[0:1], "y": end[1:2], "f": np.reshape(curved_valley.f(end), (1,))},
    }


def words(tables, alpha, beta, x, y, k):
    """Say where the run ended and how low."""
    f = significant(tables["end"]["f"][0], 2)
    end_x, end_y = tables["end"]["x"][0], tables["end"]["y"][0]
    best = curved_valley.minimum
    optimum = f"the optimum is f = 0 at ({significant(best[0])}, {significant(best[1])})"
    when = choose(k > 1, say("After {} steps", fixed(k, 0)), choose(k > 0, "After 1 step", "At the start"))
    inside = say("{} f = {}, at ({}, {}); {}.", when, f, fixed(end_x, 2), fixed(end_y, 2), optimum)
    gone = say("{} the run has diverged: from this start, this step-size and momentum together are too much.", when)
    idle = say("No step-size, no movement: f stays {}; {}.", f, optimum)
    moving = choose(np.maximum(np.abs(end_x), np.abs(end_y)) < 100.0, inside, gone)
    return choose(alpha > 0, moving, idle)


@lru_cache
def _contours():
    """Return the valley's filled contours as polygon coordinates: the same for every reader."""
    x, y = np.linspace(*X_RANGE, 97), np.linspace(*Y_RANGE, 65)
    f = curved_valley.f(np.stack(np.meshgrid(x, y), axis=-1))
    levels = np.concatenate([[0.0], np.geomspace(0.05, f.max() * 1.001, style.CONTOUR_LEVELS)])
    fill = contour_data(x, y, f, levels, want_line=False).fill_data
    # Far finer than a pixel still, and half the bytes.
    return [
        [[[ring.astype(np.float32) for ring in polygon] for polygon in level] for level in side] for side in (fill.xs, fill.ys)
    ]


class Hero(Figure):
    """A path on a curved valley: what step-size and momentum do before any theory."""

    title = "Roll down the valley"
    State = Start
    columns = staticmethod(columns)
    words = staticmethod(words)
    handles = (Handle("valley", "x", "y", "Starting point"),)
    marks = (Mark("valley", "optimum", "optimum"), Mark("valley", "end", "solution"))
    play = Play("k", seconds=4)
    unseen = ("x", "y", "k")

    def build(self):
        """Draw the contours, the path, and the three named points."""
        plot = style.lean_plot(X_RANGE, Y_RANGE, height=420)
        xs, ys = _contours()
        mapper = self.paint(LinearColorMapper(low=0, high=len(xs) - 1), palette="contour")
        self.add_source("hills", xs=xs, ys=ys, level=np.arange(len(xs)))
        fill = MultiPolygons(xs="xs", ys="ys", fill_color={"field": "level", "transform": mapper}, line_color=None)
        self.draw(plot, "hills", fill)
        self.draw(plot, "path", Line(x="x", y="y", line_width=1.5, line_alpha=0.55), line_color="accent")
        # Time fills the dots, whose outlines are as strong from the first to the last.
        dots = Scatter(x="x", y="y", size=5, fill_alpha="shade", line_width=1)
        self.draw(plot, "path", dots, fill_color="accent", line_color="accent")
        ring = Scatter(x="x", y="y", size=12, fill_color=None, line_width=2)
        self.draw(plot, "end", ring, line_color="accent")
        self.add_source("optimum", x=[curved_valley.minimum[0]], y=[curved_valley.minimum[1]])
        self.draw(plot, "optimum", Scatter(x="x", y="y", size=16, fill_color=None, line_width=1.5), line_color="text")
        return {"valley": plot}
