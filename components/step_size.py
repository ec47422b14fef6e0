"""Figure: choosing a step-size. Each eigenvalue's factor over the step-size, and the worst of them."""

import numpy as np
import param
from bokeh.models import Scatter, Segment
from bokeh.models.glyphs import Line

from components import style
from components.figure import Figure
from components.overlay import Handle, Label, Mark
from components.plane import lasting
from simulation.filters import steps_to
from simulation.rates import (
    cost_alike,
    gradient_descent_rate,
    optimal_gradient_descent,
    rate_in_words,
    steps_in_words,
    whole_in_words,
)
from simulation.words import choose, grouped, say, significant

FAR, HIGH = 2.2, 1.35
"""How far the step-size and the factors are drawn."""
ROOM = 0.03
"""What is left beside the ends of the step-size, so that a ring there is whole."""
N_LAMS = 5
"""Eigenvalues drawn, from the smallest to the largest in equal ratios."""
FRACTION = 0.01
MOST_KAPPA, MOST_STEPS = 3.0, 7.0
"""Ends of the two logarithmic axes, as powers of ten."""
NEVER = 8.0
"""Where on that axis no number of steps is enough."""


class Choice(param.Parameterized):
    """The step-size, and how far apart the ends of the spectrum are."""

    alpha_lam = param.Number(
        1.0, bounds=(0, FAR), step=0.001, label="Step-size αλₙ", doc="Step-size times the largest eigenvalue."
    )
    log_kappa = param.Number(
        0.699, bounds=(0, MOST_KAPPA), step=0.001, label="Condition number κ",
        doc="Largest over smallest eigenvalue, as a power of ten.",
    )  # fmt: skip


def columns(alpha_lam, log_kappa):
    """Return the factor of every eigenvalue over the step-size, the worst of them, and what it costs."""
    kappa = 10.0**log_kappa
    ratio = 10.0 ** (-log_kappa * np.linspace(1, 0, N_LAMS))
    # A factor is straight but for its turn at 1/lam: three points draw it.
    tip = np.minimum(1 / ratio, FAR)
    x = np.stack([0 * tip, tip, 0 * tip + FAR])
    y = gradient_descent_rate(x * ratio)
    best = optimal_gradient_descent(1 / kappa, 1.0)
    ends = np.stack([0 * kappa, best.alpha, 0 * kappa + FAR])
    here = gradient_descent_rate(alpha_lam * ratio)
    rate, steps = np.max(here), _steps(alpha_lam, kappa)
    said, left = say("rate {}", rate_in_words(rate)), alpha_lam <= FAR / 2
    return {
        "factors": {f"{axis}_{i}": values[:, i] for i in range(N_LAMS) for axis, values in (("x", x), ("y", y))},
        "rate": {"x": ends, "y": _worst(ends, kappa)},
        "optimum": {"x": np.reshape(best.alpha, (1,)), "y": np.reshape(best.rate, (1,))},
        "here": {"x": alpha_lam + 0 * here, "y": here},
        "worst": {
            "x": np.reshape(alpha_lam, (1,)),
            "y": np.reshape(rate, (1,)),
            "left": [choose(left, said, "")],
            "right": [choose(left, "", said)],
        },
        "names": {
            "x": np.array([FAR, FAR]),
            "y": np.stack([y[2, 0], y[2, -1]]),
            "name": [choose(kappa > 1.05, "λ₁", ""), choose(kappa > 1.05, "λₙ", "λ")],
        },
        "cost": {
            "kappa": np.reshape(log_kappa, (1,)),
            "steps": np.reshape(_log_steps(steps), (1,)),
            "here": [choose(np.isfinite(steps), whole_in_words(steps), "never")],
            "inside": np.reshape(np.clip(log_kappa, 0.1, MOST_KAPPA - 0.4), (1,)),
        },
        "least": {"kappa": np.reshape(log_kappa, (1,)), "steps": np.reshape(_log_steps(_steps(best.alpha, kappa)), (1,))},
    }


def _worst(alpha_lam, kappa):
    """Return the rate: of the factors, the two ends of the spectrum always hold the largest."""
    return np.maximum(gradient_descent_rate(alpha_lam), gradient_descent_rate(alpha_lam / kappa))


def _steps(alpha_lam, kappa):
    """Return the steps for each factor of 100; infinite where there is no end of it."""
    return np.maximum(np.maximum(steps_to(FRACTION, alpha_lam), steps_to(FRACTION, alpha_lam / kappa)), 1)


def _log_steps(steps):
    return np.where(np.isfinite(steps), np.minimum(np.log10(steps), MOST_STEPS + 0.5), NEVER)


def readouts(log_kappa):
    """Return the condition number, to be read instead of its logarithm."""
    kappa = 10.0**log_kappa
    return {"log_kappa": choose(kappa < 999.5, significant(kappa, 3), grouped(kappa))}


def words(tables, alpha_lam, log_kappa):
    """Say the rate, who sets it, what it costs, and what would be best."""
    kappa = 10.0**log_kappa
    flat, steep = gradient_descent_rate(alpha_lam / kappa), gradient_descent_rate(alpha_lam)
    rate = rate_in_words(np.maximum(flat, steep))
    culprit = choose(
        cost_alike(flat, steep),
        choose(kappa > 1, "both ends alike", "the one eigenvalue"),
        choose(flat > steep, "the flattest direction", "the steepest direction"),
    )
    count = steps_in_words(_steps(alpha_lam, kappa))
    best = optimal_gradient_descent(1 / kappa, 1.0)
    moving = lasting(
        alpha_lam,
        0.0,
        say("Rate {}, set by {}: {} for each factor of 100.", rate, culprit, count),
        still="No step-size, no movement: rate 1.",
        edge="Rate 1: the steepest direction jumps from wall to wall and never shrinks.",
        gone=say("Rate {}: the steepest direction grows at every step.", rate),
    )
    return say(
        "{} For κ = {} the best is αλₙ = {}, with rate {}.",
        moving, readouts(log_kappa)["log_kappa"], significant(best.alpha, 4), significant(best.rate, 3),
    )  # fmt: skip


class StepSize(Figure):
    """The ends of the spectrum decide: the best step-size is where their two lines cross."""

    title = "Choosing a step-size"
    State = Choice
    columns = staticmethod(columns)
    words = staticmethod(words)
    readouts = staticmethod(readouts)
    handles = (
        Handle("factors", "alpha_lam", None, "Step-size"),
        Handle("cost", "log_kappa", None, "Condition number"),
    )
    marks = (Mark("factors", "optimum", "optimum", sets_x="alpha_lam"),)
    labels = (
        Label("factors", "names", "name", dx=5, dy=-8),
        Label("factors", "worst", "left", y=HIGH, dx=6, dy=-4, role="accent"),
        Label("factors", "worst", "right", y=HIGH, dx=-6, dy=-4, align="end", role="accent"),
        Label("cost", "notes", "least", x=MOST_KAPPA, y=1, dx=-4, dy=-8, align="end", role="muted"),
        Label("cost", "cost", "here", x="inside", y="steps", dy=-28, align="middle", role="accent"),
    )
    ticks = {"alpha_lam": {1.0: "1", 2.0: "limit"}, "log_kappa": {0.0: "1", 1.0: "10", 2.0: "100", MOST_KAPPA: "1,000"}}
    layout = '"factors cost" / 2fr 1fr'

    def build(self):
        """Draw the factors with the worst of them, and the steps that it costs."""
        self.add_source("notes", least=["at the best step-size"])
        return {"factors": self._factors(), "cost": self._cost()}

    def _factors(self):
        plot = style.lean_plot(
            (-ROOM, FAR + ROOM), (0, HIGH), height=340, x_axis="step-size αλₙ",
            y_axis="factor |1 − αλ| of one step; 1 is no gain", x_ticks=[0, 0.5, 1, 1.5, 2], y_ticks=[0, 0.5, 1],
        )  # fmt: skip
        self.add_source("limit", x=[0, FAR], y=[1, 1])
        self.draw(plot, "limit", Line(x="x", y="y", line_width=1, line_dash="dotted"), line_color="muted")
        self.draw(plot, "rate", Line(x="x", y="y", line_width=9, line_alpha=0.25, line_join="round"), line_color="accent")
        roles = ["component_1", *["muted"] * (N_LAMS - 2), "component_3"]
        for i, role in enumerate(roles):
            width = 1 if role == "muted" else 2.5
            self.draw(plot, "factors", Line(x=f"x_{i}", y=f"y_{i}", line_width=width), line_color=role)
        stem = Segment(x0="x", x1="x", y0=0, y1=HIGH, line_width=1, line_dash="dotted")
        self.draw(plot, "worst", stem, line_color="accent")
        self.draw(plot, "here", Scatter(x="x", y="y", size=5, line_color=None), fill_color="text")
        self.draw(plot, "optimum", Scatter(x="x", y="y", size=8, line_color=None), fill_color="text")
        self.draw(plot, "worst", Scatter(x="x", y="y", size=12, fill_color=None, line_width=2), line_color="accent")
        return plot

    def _cost(self):
        kappa = np.linspace(0, MOST_KAPPA, 61)
        steps = [_log_steps(_steps(optimal_gradient_descent(10.0**-k, 1.0).alpha, 10.0**k)) for k in kappa]
        self.add_source("bound", kappa=kappa, steps=np.array(steps))
        plot = style.lean_plot(
            (-0.15, MOST_KAPPA + 0.15), (0, NEVER + 0.8), height=340,
            x_axis="condition number κ", y_axis="steps for a factor of 100",
            x_ticks={0: "1", 1: "10", 2: "100", 3: "1,000"},
            y_ticks={0: "1", 1: "10", 2: "100", 3: "10³", 4: "10⁴", 5: "10⁵", 6: "10⁶", 7: "10⁷", NEVER: "∞"},
        )  # fmt: skip
        self.draw(plot, "bound", Line(x="kappa", y="steps", line_width=2), line_color="text")
        self.draw(plot, "least", Scatter(x="kappa", y="steps", size=8, line_color=None), fill_color="text")
        self.draw(plot, "cost", Scatter(x="kappa", y="steps", size=12, fill_color=None, line_width=2), line_color="accent")
        return plot
