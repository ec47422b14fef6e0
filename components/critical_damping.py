"""Figure: critical damping. Three weights on one spring, from too much friction to too little, and the one in between."""

import numpy as np
import param
from bokeh.models import Scatter, Segment
from bokeh.models.glyphs import Line

from components import style
from components.figure import Figure
from components.overlay import Handle, Label, Play
from components.paths import shade
from simulation.dynamics import discriminant, trajectory
from simulation.rates import critical_beta, critical_rate, heavy_ball_rate, period, steps_for
from simulation.words import choose, fixed, say, significant

N_STEPS, LANES = 100, 3
FLOOR, TOP = -2.3, 2.6
"""Where the springs stand, and how high the lanes are drawn."""
SPRING, FIRST, LAST = 0.13, 0.26, 0.96
"""Within a lane: the spring, and the first and the last step of the curve beside it."""
COILS = 9
REACH, FAST = 0.41, 1.25
"""Half the width of a portrait within its lane, for a position of 1; and the velocities drawn."""
FACTOR, NEVER = 100.0, 4.5
"""What the steps are counted for; and where their axis, which counts powers of ten, has its infinity."""
ROUNDING = 1e-9
"""A momentum so close to the critical one is the critical one."""


class Damping(param.Parameterized):
    """The spring, and the momentum of the two outer weights; the one in the middle follows the spring."""

    log_alpha_lam = param.Number(
        -2.0, bounds=(-3, 0), step=0.001, label="Step-size αλ", doc="Step-size times eigenvalue, as a power of ten."
    )
    beta_low = param.Number(0.05, bounds=(0, 1), step=0.001, label="Momentum β, left", doc="Momentum of the first weight.")
    beta_high = param.Number(0.97, bounds=(0, 1), step=0.001, label="Momentum β, right", doc="Momentum of the last weight.")
    k = param.Integer(18, bounds=(0, N_STEPS), step=1, label="Step k", doc="The step at which the weights are drawn.")


def columns(log_alpha_lam, beta_low, beta_high, k):
    """Return each weight's curve and portrait with its place at step k, the springs, and what each momentum costs."""
    alpha_lam = 10.0**log_alpha_lam
    # With alpha = lam a swing is as fast as it is wide: its portrait is round whatever the spring.
    half = np.sqrt(alpha_lam)
    beta = np.stack([beta_low, critical_beta(alpha_lam), beta_high])
    z, x = trajectory(half, beta, half, 0 * beta, 0 * beta + 1, N_STEPS)
    steps, lane = np.arange(N_STEPS + 1), np.arange(LANES)
    here_x, here_v = (np.sum(np.where((steps == k)[:, None], value, 0.0), axis=0) for value in (x, -z))
    taken = steps_for(FACTOR, np.where(lane == 1, critical_rate(alpha_lam), heavy_ball_rate(alpha_lam, beta)))
    return {
        "outer": _runs(x, -z, k, (0, 2)),
        "critical": _runs(x, -z, k, (1,)),
        "here": {
            "spring": lane + SPRING,
            "u": lane + FIRST + (LAST - FIRST) * k / N_STEPS,
            "x": here_x,
            "pu": lane + 0.5 + REACH * here_x,
            "v": here_v,
        },
        "springs": _springs(here_x),
        "names": {
            "u": lane + 0.5,
            "beta": [say("β = {}", significant(beta[i], 4)) for i in range(LANES)],
            "regime": [_regime(alpha_lam, beta[i]) for i in range(LANES)],
            "steps": [_counted(taken[i]) for i in range(LANES)],
        },
        "taken": {"beta": beta, "steps": taken, "log_steps": _log(taken)},
        "middle": {"beta": beta[1:2], "log_steps": _log(taken)[1:2]},
    }


def _runs(x, v, k, lanes):
    """Return the runs of some lanes as columns of one line each for curve, its part up to step k, and portrait."""
    steps, gap = np.arange(N_STEPS + 1), np.array([np.nan])

    def joined(of):
        return np.concatenate([part for lane in lanes for part in (of(lane), gap)])

    curve = joined(lambda i: x[:, i])
    return {
        "u": joined(lambda i: i + FIRST + (LAST - FIRST) * steps / N_STEPS),
        "x": curve,
        "so_far": curve * np.where(joined(lambda i: steps + 0.0) <= k, 1.0, np.nan),
        "pu": joined(lambda i: i + 0.5 + REACH * x[:, i]),
        "v": joined(lambda i: v[:, i]),
        "shade": joined(lambda i: shade(N_STEPS)),
    }


def _springs(x):
    """Return the three springs under their weights as columns of one line."""
    along = np.concatenate([[0, 0.08], np.linspace(0.08, 0.92, 2 * COILS + 1)[1:-1], [0.92, 1, np.nan]])
    side = np.concatenate([[0, 0], np.resize([0.05, -0.05], 2 * COILS - 1), [0, 0, np.nan]])
    lane = np.arange(LANES)[:, None]
    height = FLOOR + (x[:, None] - FLOOR) * along
    return {"u": np.reshape(lane + SPRING + side, (-1,)), "x": np.reshape(height, (-1,))}


def backdrop(log_alpha_lam):
    """Return the steps that every momentum takes with this spring, as powers of ten, with the tip of the notch."""
    alpha_lam = 10.0**log_alpha_lam
    tip, share = critical_beta(alpha_lam), np.linspace(0, 1, 80)
    below = tip * share[:-1]
    beta = np.concatenate([below, tip + (0.999 - tip) * share, np.ones(1)])
    rate = np.where(np.arange(len(beta)) == len(below), critical_rate(alpha_lam), heavy_ball_rate(alpha_lam, beta))
    return {"cost": {"beta": beta, "log_steps": _log(steps_for(FACTOR, rate))}}


def _log(steps):
    ends = np.isfinite(steps)
    return np.where(ends, np.log10(np.where(ends, steps, 1.0)), NEVER)


def _counted(steps):
    """Return the first whole number of steps in words."""
    count = choose(steps > 1, say("{} steps", fixed(np.ceil(steps), 0)), "1 step")
    return choose(np.isfinite(steps), count, "no end")


def _critical(alpha_lam, beta):
    return np.abs(beta - critical_beta(alpha_lam)) < ROUNDING


def _regime(alpha_lam, beta):
    """Return the name of what a weight does."""
    swings = choose(beta >= 1, "undamped", "under-damped")
    named = choose(discriminant(alpha_lam, beta) < 0, swings, "over-damped")
    return choose(_critical(alpha_lam, beta), "critical", named)


def words(tables, log_alpha_lam, beta_low, beta_high, k):
    """Say what each weight does, and how long it takes."""
    alpha_lam, names = 10.0**log_alpha_lam, tables["names"]

    def deed(i):
        beta = tables["taken"]["beta"][i]
        # The repeated root itself may come out as a pair, by the last digit.
        swings = (discriminant(alpha_lam, beta) < 0) & ~_critical(alpha_lam, beta)
        turn = choose(swings, say(", one turn in {} steps", fixed(period(alpha_lam, beta), 0)), "")
        return say("{}{}, {}", names["regime"][i], turn, names["steps"][i])

    return say("For each factor of 100, from left to right: {}; {}; {}.", *map(deed, range(LANES)))


def readouts(log_alpha_lam):
    """Return step-size times eigenvalue, to be read instead of its logarithm."""
    return {"log_alpha_lam": significant(10.0**log_alpha_lam, 3)}


class CriticalDamping(Figure):
    """Less friction swings, more friction creeps; between them one momentum arrives first."""

    title = "Critical damping"
    State = Damping
    columns = staticmethod(columns)
    words = staticmethod(words)
    backdrop = staticmethod(backdrop)
    readouts = staticmethod(readouts)
    handles = tuple(Handle("cost", f"beta_{end}", None, f"{name} weight") for end, name in (("low", "Left"), ("high", "Right")))
    labels = (
        Label("lanes", "names", "regime", x="u", y=TOP, dy=0, align="middle"),
        Label("lanes", "names", "beta", x="u", y=TOP, dy=17, align="middle", role="muted"),
        Label("lanes", "names", "steps", x="u", y=TOP, dy=34, align="middle", role="muted"),
    )
    play = Play("k", seconds=6)
    unseen = ("k",)
    ticks = {"log_alpha_lam": {-3.0: "0.001", -2.0: "0.01", -1.0: "0.1", 0.0: "1"}}
    layout = '"lanes cost" auto "portraits cost" auto / 2fr 1fr'

    def build(self):
        """Draw the weights on their springs with their curves, their portraits, and what each momentum costs."""
        return {"lanes": self._lanes(), "portraits": self._portraits(), "cost": self._cost()}

    def _lanes(self):
        ticks = {lane + FIRST + (LAST - FIRST) * share: f"{share * N_STEPS:g}" for lane in range(LANES) for share in (0, 1)}
        plot = style.lean_plot(
            (0, LANES), (FLOOR, TOP), height=260, x_axis="step k", y_axis="position x", x_ticks=ticks, y_ticks=[-1, 0, 1]
        )
        self.add_source("rest", x0=np.arange(LANES) + 0.03, x1=np.arange(LANES) + LAST)
        self.draw(plot, "rest", Segment(x0="x0", x1="x1", y0=0, y1=0, line_width=1), line_color="rule")
        self.draw(plot, "springs", Line(x="u", y="x", line_width=1.5, line_join="round"), line_color="muted")
        for table, role in (("outer", "accent"), ("critical", "text")):
            self.draw(plot, table, Line(x="u", y="x", line_width=1.5, line_alpha=0.3), line_color=role)
            self.draw(plot, table, Line(x="u", y="so_far", line_width=2), line_color=role)
        self.draw(plot, "here", Scatter(x="spring", y="x", size=20, marker="square", line_color=None), fill_color="text")
        self.draw(plot, "here", Scatter(x="u", y="x", size=8, line_color=None), fill_color="text")
        return plot

    def _portraits(self):
        ticks = {lane + 0.5 + REACH * x: f"{x}" for lane in range(LANES) for x in (0, 1)}
        plot = style.lean_plot(
            (0, LANES), (-FAST, FAST), height=210, x_axis="position x", y_axis="velocity −z", x_ticks=ticks, y_ticks=[-1, 0, 1]
        )
        lane, arm = np.arange(LANES) + 0.5, 1.08 * REACH
        self.add_source(
            "crosses",
            x0=np.concatenate([lane - arm, lane]), y0=np.repeat([0, -FAST], LANES),
            x1=np.concatenate([lane + arm, lane]), y1=np.repeat([0, FAST], LANES),
        )  # fmt: skip
        self.draw(plot, "crosses", Segment(x0="x0", y0="y0", x1="x1", y1="y1", line_width=1), line_color="rule")
        for table, role in (("outer", "accent"), ("critical", "text")):
            self.draw(plot, table, Line(x="pu", y="v", line_width=1, line_alpha=0.5), line_color=role)
            self.draw(plot, table, Scatter(x="pu", y="v", size=4, fill_alpha="shade", line_color=None), fill_color=role)
        self.draw(plot, "here", Scatter(x="pu", y="v", size=11, fill_color=None, line_width=2), line_color="text")
        return plot

    def _cost(self):
        plot = style.lean_plot(
            (-0.02, 1.02), (-0.08, NEVER + 0.15), height=486, x_axis="momentum β", y_axis="steps for a factor of 100",
            x_ticks=[0, 0.5, 1], y_ticks={0: "1", 1: "10", 2: "100", 3: "10³", 4: "10⁴", NEVER: "∞"},
        )  # fmt: skip
        self.draw(plot, "cost", Line(x="beta", y="log_steps", line_width=2), line_color="muted")
        stem = Segment(x0="beta", x1="beta", y0=0, y1="log_steps", line_width=1, line_dash="dotted")
        self.draw(plot, "taken", stem, line_color="muted")
        self.draw(plot, "taken", Scatter(x="beta", y="log_steps", size=9, line_color=None), fill_color="accent")
        self.draw(plot, "middle", Scatter(x="beta", y="log_steps", size=9, line_color=None), fill_color="text")
        return plot
