"""Figure: phase portraits. Momentum as a weight on a spring: what friction and force make of one and the same push."""

from functools import lru_cache

import numpy as np
import param
from bokeh.models import Quad, Scatter, Segment
from bokeh.models.glyphs import Line

from components import style
from components.figure import Figure
from components.overlay import Handle, Label, Play
from components.paths import shade
from simulation.dynamics import discriminant, trajectory
from simulation.rates import critical_beta, heavy_ball_rate, period
from simulation.words import choose, fixed, say, significant

ALPHA = 0.02
LAMS = np.array([0.0, 0.02, 0.1, 0.25])
BETAS = np.array([1.0, 0.985, 0.95, 0.9, 0.85, 0.8])
N_STEPS = 150
X0, Z0 = -0.7, -2.0
"""Where every run starts, and its velocity there: the position moves by -alpha z a step, so a negative z moves it up."""
LEFT, RIGHT, FAST = -1.1, 2.3, 3.4
"""How far positions and velocities are drawn."""
ROOM = 0.92
"""Share of a cell that its portrait fills, rest in the middle."""


class Spring(param.Parameterized):
    """Which of the springs to look at, and for how long."""

    damping = param.Integer(
        1, bounds=(0, len(BETAS) - 1), step=1, label="Momentum β", doc="Row of the table: which momentum, from 1 downwards."
    )
    force = param.Integer(
        3, bounds=(0, len(LAMS) - 1), step=1, label="Eigenvalue λ", doc="Column of the table: which eigenvalue, from 0 upwards."
    )
    k = param.Integer(N_STEPS, bounds=(0, N_STEPS), step=1, label="Steps shown", doc="How much of the run is drawn.")


def chosen(damping, force):
    """Return the momentum and the eigenvalue of a cell."""
    beta = np.sum(np.where(np.arange(len(BETAS)) == damping, BETAS, 0.0))
    return beta, np.sum(np.where(np.arange(len(LAMS)) == force, LAMS, 0.0))


def columns(damping, force, k):
    """Return the run of the chosen cell, shaded in time, the point at step k, how often the run passes rest, and the frame."""
    beta, lam = chosen(damping, force)
    z, x = trajectory(ALPHA, beta, lam, Z0 + 0 * beta, X0 + 0 * beta, N_STEPS)
    steps = np.arange(N_STEPS + 1)
    seen = np.where(steps <= k, 1.0, np.nan)
    here = {name: np.reshape(np.sum(np.where(steps == k, v, 0.0)), (1,)) for name, v in (("x", x), ("v", -z))}
    passes = np.reshape(np.sum(np.where(x[1:] * x[:-1] < 0, 1.0, 0.0)), (1,))
    row, column = np.reshape(damping, (1,)), np.reshape(force, (1,))
    return {
        "run": {"k": steps, "x": x * seen, "v": -z * seen, "shade": shade(N_STEPS)},
        "here": {"k": np.reshape(k, (1,)) + 0.0, "passes": passes} | here,
        "cell": {"left": column - 0.48, "right": column + 0.48, "bottom": row + 0.47, "top": row - 0.47},
    }


def readouts(damping, force):
    """Return the momentum and the eigenvalue, to be read instead of their places in the table."""
    beta, lam = chosen(damping, force)
    return {"damping": significant(beta, 3), "force": significant(lam, 2)}


def words(tables, damping, force, k):
    """Name what the spring does, with the numbers that tell it from its neighbours."""
    beta, lam = chosen(damping, force)
    alpha_lam = ALPHA * lam
    turn = period(alpha_lam, beta)
    turns = say("one turn in {} steps{}", fixed(turn, 0), choose(turn > N_STEPS, ", more than this run has", ""))
    kept = significant(100 * heavy_ball_rate(alpha_lam, beta) ** turn, 2)
    rings = say("Under-damped: it swings, {}, and each turn keeps {} % of the swing.", turns, kept)
    creeps = say(
        "Over-damped: it {}, and in the long run each step leaves {} % of the way. From β = {} upwards it would swing.",
        choose(tables["here"]["passes"][0] > 0, "passes rest once and creeps back", "creeps home and never passes rest"),
        significant(100 * heavy_ball_rate(alpha_lam, beta), 3), significant(critical_beta(alpha_lam), 3),
    )  # fmt: skip
    for_ever = say("No friction: it swings for ever, {}, and loses nothing.", turns)
    coasts = say(
        "No force: friction takes {} % of the velocity at each step, and the weight stops where that leaves it.",
        significant(100 * (1 - beta), 2),
    )  # fmt: skip
    flies = "Neither force nor friction: the velocity stays as it is, and the position runs away."
    swinging = choose(beta >= 1, for_ever, choose(discriminant(alpha_lam, beta) < 0, rings, creeps))
    return choose(lam > 0, swinging, choose(beta >= 1, flies, coasts))


@lru_cache
def _table():
    """Return all the portraits, cell after cell, as columns of one line: u, v and the shade; half a step of ink each."""
    beta, lam = (a.ravel() for a in np.meshgrid(BETAS, LAMS, indexing="ij"))
    z, x = trajectory(ALPHA, beta, lam, np.full(beta.size, Z0), np.full(beta.size, X0), N_STEPS)
    row, column = np.divmod(np.arange(beta.size), len(LAMS))
    u = column + ROOM * x / (2 * RIGHT)
    v = row + ROOM * z / (2 * FAST)
    inside = np.where(x < RIGHT, 1, np.nan)
    lift = np.full((1, beta.size), np.nan)
    lines = [np.concatenate([(a * inside)[::2], lift]).T.ravel().astype(np.float32) for a in (u, v)]
    return (*lines, np.tile(np.linspace(0.1, 1, len(x[::2]) + 1), beta.size).astype(np.float32))


class PhasePortraits(Figure):
    """Friction and force decide the shape: from swinging for ever to creeping home."""

    title = "A weight on a spring"
    State = Spring
    columns = staticmethod(columns)
    words = staticmethod(words)
    readouts = staticmethod(readouts)
    handles = (Handle("table", "force", "damping", "Spring", hollow=True),)
    labels = (
        Label("portrait", "rest", "name", dx=10, dy=10, role="muted"),
        Label("portrait", "start", "name", dx=0, dy=-24, align="middle"),
    )
    play = Play("k", seconds=6)
    unseen = ("k",)
    ticks = {
        "damping": {float(i): f"{beta:g}" for i, beta in enumerate(BETAS)},
        "force": {float(i): f"{lam:g}" for i, lam in enumerate(LAMS)},
    }
    layout = '"table portrait" auto "table steps" auto / 1fr 1fr'

    def build(self):
        """Draw the table of portraits, the chosen one enlarged, and its position over the steps."""
        self.add_source("rest", x=[0.0], y=[0.0], name=["rest"])
        self.add_source("start", x=[X0], y=[-Z0], name=["start"])
        self.add_source("cross", x0=[LEFT, 0.0], y0=[0.0, -FAST], x1=[RIGHT, 0.0], y1=[0.0, FAST])
        return {"table": self._all(), "portrait": self._portrait(), "steps": self._steps()}

    def _all(self):
        plot = style.lean_plot(
            (-0.5, len(LAMS) - 0.5), (len(BETAS) - 0.5, -0.5), height=460, x_axis="", y_axis="",
            x_ticks={i: f"λ = {lam:g}" for i, lam in enumerate(LAMS)},
            y_ticks={i: f"{beta:g}" if i else f"β = {beta:g}" for i, beta in enumerate(BETAS)},
        )  # fmt: skip
        edge = len(BETAS) - 0.5
        across, down = np.arange(len(BETAS)), np.arange(len(LAMS))
        self.add_source(
            "rests",
            x0=np.concatenate([0 * across - 0.5, down]), y0=np.concatenate([across, 0 * down - 0.5]),
            x1=np.concatenate([0 * across + len(LAMS) - 0.5, down]), y1=np.concatenate([across, 0 * down + edge]),
        )  # fmt: skip
        self.draw(plot, "rests", Segment(x0="x0", y0="y0", x1="x1", y1="y1", line_width=1), line_color="rule")
        u, v, shade = _table()
        self.add_source("table", u=u, v=v, shade=shade)
        self.draw(plot, "table", Line(x="u", y="v", line_width=1, line_alpha=0.35), line_color="text")
        self.draw(plot, "table", Scatter(x="u", y="v", size=2.5, fill_alpha="shade", line_color=None), fill_color="text")
        frame = Quad(left="left", right="right", bottom="bottom", top="top", fill_color=None, line_width=1.5)
        self.draw(plot, "cell", frame, line_color="accent")
        return plot

    def _portrait(self):
        plot = style.lean_plot((LEFT, RIGHT), (-FAST, FAST), height=300, x_axis="position x", y_axis="velocity −z")
        self.draw(plot, "cross", Segment(x0="x0", y0="y0", x1="x1", y1="y1", line_width=1), line_color="rule")
        self.draw(plot, "start", Scatter(x="x", y="y", size=6, line_color=None), fill_color="text")
        self.draw(plot, "run", Line(x="x", y="v", line_width=1, line_alpha=0.5), line_color="accent")
        self.draw(plot, "run", Scatter(x="x", y="v", size=5, fill_alpha="shade", line_color=None), fill_color="accent")
        self.draw(plot, "here", Scatter(x="x", y="v", size=12, fill_color=None, line_width=2), line_color="accent")
        return plot

    def _steps(self):
        plot = style.lean_plot(
            (0, N_STEPS + 2), (LEFT, RIGHT), height=160, x_axis="step k", y_axis="position x", y_ticks=[-1, 0, 1, 2]
        )
        self.add_source("zero", k=[0, N_STEPS], x=[0.0, 0.0])
        self.draw(plot, "zero", Line(x="k", y="x", line_width=1), line_color="rule")
        self.draw(plot, "run", Line(x="k", y="x", line_width=2), line_color="accent")
        self.draw(plot, "here", Scatter(x="k", y="x", size=8, line_color=None), fill_color="accent")
        return plot
