"""Figure: a change of basis. One run of gradient descent, seen as it is given and along its eigenvectors."""

import numpy as np
import param
from bokeh.models import LinearColorMapper, Patches, Scatter, Segment
from bokeh.models.glyphs import Line

from components import style
from components.figure import Figure
from components.overlay import Handle, Label, Play
from components.paths import shade
from simulation.decomposition import gradient_descent_errors
from simulation.rates import optimal_gradient_descent, rate_in_words
from simulation.words import choose, fixed, say, significant

LAMS = np.array([1.0, 100.0])
Q = np.array([[1.0, -1.0], [1.0, 1.0]]) * np.sqrt(0.5)
"""Eigenvectors, one a column: turned by 45 degrees, the flattest first."""
A = Q @ np.diag(LAMS) @ Q.T
N_STEPS = 300
WIDE, HIGH = 3.0, 2.5
X_1, X_2 = 2.8, 2.3
"""How far a start may lie from the minimum along each eigenvector, so that both pictures hold it."""
BEST_ALPHA_LAM = float(optimal_gradient_descent(LAMS[0], LAMS[-1]).alpha * LAMS[-1])


class Run(param.Parameterized):
    """The step-size, and where the run starts: one point, whichever picture it is dragged in."""

    alpha_lam = param.Number(1.8, bounds=(0, 2), step=0.001, label="Step-size αλ₂", doc="Step-size times the largest eigenvalue.")
    x_1 = param.Number(-2.5, bounds=(-X_1, X_1), step=0.001, label="Start x₁", doc="First error along the flattest eigenvector.")
    x_2 = param.Number(1.0, bounds=(-X_2, X_2), step=0.001, label="Start x₂", doc="First error along the steepest eigenvector.")
    k = param.Integer(N_STEPS, bounds=(0, N_STEPS), step=1, label="Steps shown", doc="How much of the run is drawn.")


def columns(alpha_lam, x_1, x_2, k):
    """Return the run in both bases, its shade from light to dark in time, and the point at step k.

    A step's `place` is k + 1: on a logarithmic axis it leaves room for the first steps, and has all of them.
    """
    x = gradient_descent_errors(alpha_lam, LAMS, np.stack([x_1, x_2]), N_STEPS)
    w = x @ Q.T
    steps = np.arange(N_STEPS + 1)
    both = {"w_1": w[:, 0], "w_2": w[:, 1], "x_1": x[:, 0], "x_2": x[:, 1]}
    seen = np.where(steps <= k, 1.0, np.nan)
    here = {name: np.reshape(np.sum(np.where(steps == k, column, 0.0)), (1,)) for name, column in both.items()}
    run = {name: column * seen for name, column in both.items()}
    return {
        "run": {"place": steps + 1, "shade": shade(N_STEPS)} | run,
        "here": {"place": np.reshape(k, (1,)) + 1.0} | here,
    }


def confine(x_1, x_2):
    """Return the start brought back into both pictures, straight towards the minimum."""
    w = Q @ np.stack([x_1, x_2])
    out = np.maximum(np.max(np.abs(w)) / X_2, np.maximum(np.abs(x_1) / X_1, np.abs(x_2) / X_2))
    return {"x_1": x_1 / np.maximum(out, 1), "x_2": x_2 / np.maximum(out, 1)}


def words(tables, alpha_lam, x_1, x_2, k):
    """Say what a step does along each eigenvector, and how far the run has come."""
    flat, steep = 1 - alpha_lam * LAMS[0] / LAMS[1], 1 - alpha_lam
    sides = choose(
        alpha_lam >= 2,
        ", from wall to wall for ever",
        choose(
            steep < 0, ", so that it changes sides", choose(steep > 0, ", so that it keeps to its side", ", so that x₂ is done")
        ),
    )
    left = significant(np.hypot(tables["here"]["x_1"][0], tables["here"]["x_2"][0]), 2)
    moving = say(
        "Each step multiplies x₁ by {} and x₂ by {}{}. At step {} the run is {} from the minimum, in either picture.",
        rate_in_words(flat), significant(steep, 3), sides, fixed(k, 0), left,
    )  # fmt: skip
    idle = say("No step-size, no movement: the run stays {} from the minimum, in either picture.", left)
    return choose(alpha_lam > 0, moving, idle)


def _hills():
    """Return the level sets of f, the widest first, as polygons in the eigenbasis; shape (levels, points, 2)."""
    angle = np.linspace(0, 2 * np.pi, 120, endpoint=False)
    circle = np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    levels = np.geomspace(0.5 * LAMS[1] * (WIDE**2 + HIGH**2), 0.02, style.CONTOUR_LEVELS)
    return np.sqrt(2 * levels)[:, None, None] * circle / np.sqrt(LAMS)


class ChangeOfBasis(Figure):
    """Along the eigenvectors the directions do not talk to each other: each error shrinks by a factor of its own."""

    title = "One run, seen from two sides"
    State = Run
    columns = staticmethod(columns)
    words = staticmethod(words)
    confine = staticmethod(confine)
    handles = (
        Handle("given", "x_1", "x_2", "Start, as it is given", turn=tuple(map(tuple, Q.tolist()))),
        Handle("eigen", "x_1", "x_2", "Start, along the eigenvectors"),
    )
    labels = (
        Label("given", "names", "given", x=WIDE, y=0, dx=-8, dy=-8, align="end"),
        Label("eigen", "names", "eigen", x=WIDE, y=HIGH, dx=-8, dy=4, align="end"),
        *(
            Label(plot, f"arms_{plot}", name, x=f"{end}{name}_x", y=f"{end}{name}_y", dx=dx, dy=dy, role=role)
            for plot, name, end, dx, dy, role in (
                ("given", "x_1", "", 8, 4, "component_1"),
                ("given", "x_2", "minus_", 8, -20, "component_3"),
                ("eigen", "x_1", "", -18, 6, "component_1"),
                ("eigen", "x_2", "", 8, 4, "component_3"),
            )
        ),
        # Above their plots, which the curves may fill.
        *(
            Label(plot, "names", name, x=N_STEPS, y=WIDE, dx=dx, dy=-18, align="end", role=role)
            for plot, name, dx, role in (
                ("given_steps", "w_1", -84, "text"),
                ("given_steps", "w_2", 0, "muted"),
                ("eigen_steps", "x_1", -84, "component_1"),
                ("eigen_steps", "x_2", 0, "component_3"),
            )
        ),
    )
    play = Play("k", seconds=6)
    unseen = ("x_1", "x_2", "k")
    ticks = {"alpha_lam": {BEST_ALPHA_LAM: "optimum"}}
    layout = '"given eigen" auto "given_steps eigen_steps" auto / 1fr 1fr'

    def build(self):
        """Draw the two pictures of the run, and under each its coordinates over the steps."""
        self.add_source(
            "names", given=["as it is given"], eigen=["along the eigenvectors"],
            w_1=["w₁"], w_2=["w₂, dashed"], x_1=["x₁, λ = 1"], x_2=["x₂, λ = 100"],
        )  # fmt: skip
        return {
            "given": self._picture("given", Q, "w"),
            "given_steps": self._steps("w", ("text", "muted")),
            "eigen": self._picture("eigen", np.eye(2), "x"),
            "eigen_steps": self._steps("x", ("component_1", "component_3")),
        }

    def _picture(self, name, basis, letter):
        """Return the valley with the run in one basis: `basis` takes the eigenbasis into it."""
        plot = style.lean_plot((-WIDE, WIDE), (-HIGH, HIGH), aspect=round(WIDE / HIGH, 4))
        hills = _hills() @ basis.T
        self.add_source(f"hills_{name}", xs=list(hills[:, :, 0]), ys=list(hills[:, :, 1]), level=np.arange(len(hills))[::-1])
        mapper = self.paint(LinearColorMapper(low=0, high=len(hills) - 1), palette="contour")
        fill = {"field": "level", "transform": mapper}
        self.draw(plot, f"hills_{name}", Patches(xs="xs", ys="ys", fill_color=fill, line_color=None))
        # Each eigenvector's line runs to the edge of the picture, and is named there.
        ends = [q * min(WIDE / max(abs(q[0]), 1e-9), HIGH / max(abs(q[1]), 1e-9)) for q in basis.T]
        arms = {f"x_{i + 1}_{axis}": [end[j]] for i, end in enumerate(ends) for j, axis in enumerate("xy")}
        self.add_source(f"arms_{name}", x_1=["x₁"], x_2=["x₂"], **arms, **{f"minus_{key}": [-v[0]] for key, v in arms.items()})
        for arm, role in (("x_1", "component_1"), ("x_2", "component_3")):
            line = Segment(x0=f"minus_{arm}_x", y0=f"minus_{arm}_y", x1=f"{arm}_x", y1=f"{arm}_y", line_width=1)
            self.draw(plot, f"arms_{name}", line, line_color=role)
        x, y = f"{letter}_1", f"{letter}_2"
        self.draw(plot, "run", Line(x=x, y=y, line_width=1.5, line_alpha=0.55), line_color="accent")
        # Time fills the dots, whose outlines are as strong from the first to the last.
        dots = Scatter(x=x, y=y, size=5, fill_alpha="shade", line_width=1)
        self.draw(plot, "run", dots, fill_color="accent", line_color="accent")
        self.draw(plot, "here", Scatter(x=x, y=y, size=12, fill_color=None, line_width=2), line_color="accent")
        return plot

    def _steps(self, letter, roles):
        """Return the plot of the two coordinates of one basis over the steps."""
        ticks = {k + 1: str(k) for k in (0, 1, 3, 10, 30, 100, N_STEPS)}
        plot = style.lean_plot(
            (0.95, 1.05 * (N_STEPS + 1)), (-WIDE, WIDE), height=150, x_axis="step k", y_axis="", x_ticks=ticks,
            y_ticks=[-2, 0, 2], x_scale="log",
        )  # fmt: skip
        for i, role in enumerate(roles):
            name = f"{letter}_{i + 1}"
            line = Line(x="place", y=name, line_width=1.5, line_dash="dashed" if role == "muted" else "solid")
            self.draw(plot, "run", line, line_color=role)
            self.draw(plot, "here", Scatter(x="place", y=name, size=7, line_color=None), fill_color=role)
        return plot
