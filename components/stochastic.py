"""Figure: stochastic gradients. What is left of the way, and what the noise keeps stirring up."""

import numpy as np
import param
from bokeh.models import Scatter, Segment, VArea
from bokeh.models.glyphs import Line

from components import style
from components.figure import Figure
from components.overlay import Handle, Label, Mark, Play
from components.plane import ALPHA_LAM_RANGE, BETA_RANGE, confined, crosshair, draw_plane, lasting
from simulation.noise import loss_spread, runs_and_expected_loss, stationary_variance
from simulation.random_numbers import normals
from simulation.rates import optimal_heavy_ball, stability_limit
from simulation.words import choose, fixed, say, significant

LAM, STEEPEST = 1.0, 100.0
"""The direction that is drawn, the flattest; and the steepest one, which limits the step-size."""
START = np.sqrt(3)
N_STEPS, MOST_RUNS, DRAWN = 150, 64, 8
FAR = 50.0
"""Where a run is cut off: far outside the view, well inside what a canvas can draw."""
OPTIMUM = optimal_heavy_ball(LAM, STEEPEST)
TOP, WIDE, HIGH = 2.5, 4.5, 1.5
"""How far the loss, the position and the floors are drawn."""


class Noise(param.Parameterized):
    """Step-size and momentum, and the noise that they have to cope with."""

    alpha_lam = param.Number(
        float(OPTIMUM.alpha * STEEPEST), bounds=ALPHA_LAM_RANGE, step=0.001, label="Step-size αλₙ",
        doc="Step-size times the largest eigenvalue, 100.",
    )  # fmt: skip
    beta = param.Number(
        float(OPTIMUM.beta), bounds=BETA_RANGE, step=0.001, label="Momentum β", doc="Share of the velocity that is kept."
    )
    s = param.Number(3.0, bounds=(0, 6), step=0.1, label="Noise s", doc="Standard deviation of the gradient's error.")
    runs = param.Integer(30, bounds=(1, MOST_RUNS), step=1, label="Number of runs", doc="How many runs the mean is taken of.")
    draw = param.Integer(1, bounds=(1, 60), step=1, label="Draw of the noise", doc="Which random numbers the runs meet.")


def columns(alpha_lam, beta, s, runs, draw):
    """Return the parts of the expected loss, the runs and their mean, the bands around them, and the floors of the noise."""
    alpha = alpha_lam / STEEPEST
    x, path, expected = runs_and_expected_loss(alpha, beta, LAM, s, START, normals(draw, N_STEPS, MOST_RUNS))
    total = expected.deterministic + expected.stochastic
    margin = 2 * loss_spread(expected) / np.sqrt(runs)
    mean = np.sum(np.where(np.arange(MOST_RUNS) < runs, 0.5 * LAM * x * x, 0.0), axis=1) / runs
    k, gap = np.arange(N_STEPS + 1), np.full((1, DRAWN), np.nan)
    lines = np.concatenate([np.where(np.arange(DRAWN) < runs, np.clip(x[:, :DRAWN], -FAR, FAR), np.nan), gap])
    reach = np.minimum(2 * np.sqrt(2 * expected.stochastic / LAM), FAR)
    last = np.max(np.where(expected.deterministic > expected.stochastic, k, 0))
    loss = {
        "stochastic": expected.stochastic, "total": total, "mean": mean,
        "low": np.maximum(total - margin, 0), "high": total + margin,
    }  # fmt: skip
    return {
        "loss": {"k": k} | {name: np.minimum(column, FAR) for name, column in loss.items()},
        "end": {name: column[-1:] for name, column in loss.items()} | {"floor": np.stack([_sustained(alpha, beta, s)])},
        "band": {"k": k, "low": path - reach, "high": path + reach, "path": path},
        "runs": {"k": np.tile(np.append(k, np.nan), DRAWN), "x": np.ravel(np.transpose(lines))},
        "first": {"k": k, "x": lines[:-1, 0]},
        "phase": _phase(last),
        "floors": _floors(alpha, beta, s),
        "here": {"x": np.reshape(beta, (1,)), "y": np.reshape(_floor(alpha, beta, s), (1,))},
        "crosshair": crosshair(alpha_lam, beta),
        # Every pair on this line has the same alpha / (1 - beta).
        "road": {"x": np.stack([alpha_lam / np.maximum(1 - beta, 1e-3), 0.0]), "y": np.array([0.0, 1.0])},
    }


def _phase(last):
    """Return the table of the rule between the two phases, and their names where there is room for them."""
    early, late = last < 36, last > 110
    return {
        "k": np.reshape(last + 0.5, (1,)),
        "bottom": np.array([-WIDE]),
        "top": np.array([WIDE]),
        "before": [choose(early, "", "transient")],
        "after": [choose(late, "", choose(early, "transient ends, fine-tuning begins", "fine-tuning"))],
    }


def _sustained(alpha, beta, s):
    """Return the loss that the noise sustains in the long run."""
    return 0.5 * LAM * stationary_variance(alpha, beta, LAM, s)


def _floor(alpha, beta, s):
    """Return that loss as it is drawn; not where it has no bound."""
    loss = _sustained(alpha, beta, s)
    return np.where(np.isfinite(loss), np.minimum(loss, FAR), np.nan)


def _floors(alpha, beta, s):
    """Return the table of the floor over momentum: at this step-size, and at this effective step-size."""
    along = np.linspace(0, 0.995, 200)
    together = alpha * (1 - along) / np.maximum(1 - beta, 1e-3)
    allowed = together * STEEPEST <= stability_limit(along) + 1e-9
    same_effect = np.where(allowed, _floor(together, along, s), np.nan)
    return {"beta": along, "same_alpha": _floor(alpha, along, s), "same_effect": same_effect}


def words(tables, alpha_lam, beta, s, runs, draw):
    """Say how much of the loss is noise, when it took over, and whether the mean of the runs agrees."""
    end = {name: column[0] for name, column in tables["end"].items()}
    last = tables["phase"]["k"][0] - 0.5
    mean = say(
        "The mean of {} {} ends at {}, where {} to {} is to be expected.",
        fixed(runs, 0), choose(runs > 1, "runs", "run"), *_told_apart(end["mean"], end["low"], end["high"]),
    )  # fmt: skip
    after = say("After {} steps noise outweighs the way still to go", fixed(last, 0))
    takeover = choose(last >= N_STEPS, f"Within {N_STEPS} steps noise does not outweigh the way still to go", after)
    share = end["stochastic"] / end["total"]
    settled = say(
        "{}; at step {} the expected loss is {}, {} % of it noise. {} In the long run noise holds the loss at {}.",
        takeover, f"{N_STEPS}", significant(end["total"], 2), choose(share < 0.005, "less than 1", fixed(100 * share, 0)),
        mean, significant(end["floor"], 2),
    )  # fmt: skip
    quiet = say(
        "Without noise all of the loss is way still to go: {} after {} steps.", significant(end["total"], 2), f"{N_STEPS}"
    )
    swinging = "With β = 1 nothing is ever lost: without noise every run swings for ever."
    stirred = say("With β = 1 nothing is ever forgotten, the noise least of all: the expected loss grows without end. {}", mean)
    frozen = choose(s > 0, stirred, swinging)
    limit = significant(stability_limit(beta), 4)
    return lasting(
        alpha_lam, beta, choose(s > 0, settled, quiet),
        still="No step-size, no movement: nothing is gained, and no noise comes in.",
        edge=say("At the limit αλₙ = {} itself the steepest direction, which is not drawn, never comes to rest.", limit),
        frozen=frozen, corner=frozen,
        gone=say(
            "Too far: beyond αλₙ = {} the steepest direction, which is not drawn, diverges, however this flat one fares.", limit
        ),
    )  # fmt: skip


def _told_apart(x, low, high):
    """Return three numbers in words, with as many digits as tell the last two apart: two at least, seven at most."""
    share = (high - low) / np.maximum(high, 1e-300)
    words = [significant(value, 7) for value in (x, low, high)]
    for digits in range(6, 1, -1):
        words = [
            choose(share > 10.0 ** (1 - digits), significant(value, digits), word)
            for value, word in zip((x, low, high), words, strict=True)
        ]
    return words


class Stochastic(Figure):
    """Momentum shortens the way; what it does to the noise depends on what one holds fixed."""

    title = "Stochastic gradients"
    State = Noise
    columns = staticmethod(columns)
    words = staticmethod(words)
    confine = staticmethod(confined)
    handles = (Handle("plane", "alpha_lam", "beta", "Step-size and momentum"),)
    marks = (Mark("plane", "optimum", "optimum", "alpha_lam", "beta"),)
    labels = (
        Label("loss", "phase", "before", x="k", y=TOP, dx=-6, dy=2, align="end"),
        Label("loss", "phase", "after", x="k", y=TOP, dx=6, dy=2),
        Label("loss", "names", "deterministic", x=N_STEPS, y=TOP, dx=-4, dy=26, align="end", role="deterministic"),
        Label("loss", "names", "stochastic", x=N_STEPS, y=TOP, dx=-4, dy=44, align="end", role="stochastic"),
        Label("loss", "names", "mean", x=N_STEPS, y=TOP, dx=-4, dy=62, align="end", role="accent"),
        Label("runs", "names", "runs", x=N_STEPS, y=WIDE, dx=-4, dy=2, align="end", role="accent"),
        Label("runs", "names", "path", x=N_STEPS, y=WIDE, dx=-4, dy=20, align="end", role="deterministic"),
        Label("runs", "names", "band", x=N_STEPS, y=WIDE, dx=-4, dy=38, align="end", role="stochastic"),
        Label("floor", "names", "same_alpha", x=0, y=HIGH, dx=6, dy=2, role="stochastic"),
        Label("floor", "names", "same_effect", x=0, y=HIGH, dx=6, dy=20),
    )
    play = Play("draw", seconds=20)
    layout = '"plane loss" 260px "floor runs" auto / 1fr 2fr'

    def build(self):
        """Draw the plane, the expected loss with the mean of the runs, the runs themselves, and the floors."""
        self.add_source("optimum", x=[OPTIMUM.alpha * STEEPEST], y=[OPTIMUM.beta])
        self.add_source(
            "names", deterministic=["deterministic: the way still to go"], stochastic=["stochastic: stirred up by the noise"],
            mean=["mean of the runs, and where it should lie"], runs=["one run, and others"], path=["their expectation"],
            band=["where 19 of 20 lie"], same_alpha=["at the same α"], same_effect=["dashed: at the same α/(1−β)"],
        )  # fmt: skip
        return {"plane": self._plane(), "loss": self._loss(), "floor": self._floor(), "runs": self._runs()}

    def _plane(self):
        plot = style.lean_plot(ALPHA_LAM_RANGE, BETA_RANGE, height=250, x_axis="step-size αλₙ", y_axis="momentum β")
        self.draw(plot, "road", Line(x="x", y="y", line_width=1.2, line_dash="dashed"), line_color="text")
        draw_plane(self, plot, optimum="optimum")
        return plot

    def _steps(self, y_range, y_axis, **options):
        plot = style.lean_plot((0, N_STEPS), y_range, height=250, x_axis="step k", y_axis=y_axis, **options)
        rule = Segment(x0="k", x1="k", y0="bottom", y1="top", line_width=1, line_dash="dotted")
        self.draw(plot, "phase", rule, line_color="text")
        return plot

    def _loss(self):
        plot = self._steps((0, TOP), "expected loss, stacked")
        self.draw(plot, "loss", VArea(x="k", y1=0, y2="stochastic", fill_alpha=0.45), fill_color="stochastic")
        self.draw(plot, "loss", VArea(x="k", y1="stochastic", y2="total", fill_alpha=0.45), fill_color="deterministic")
        for edge, role in (("total", "deterministic"), ("stochastic", "stochastic")):
            self.draw(plot, "loss", Line(x="k", y=edge, line_width=1.5), line_color=role)
        for edge in ("low", "high"):
            self.draw(plot, "loss", Line(x="k", y=edge, line_width=1, line_dash="dotted"), line_color="accent")
        self.draw(plot, "loss", Line(x="k", y="mean", line_width=2), line_color="accent")
        return plot

    def _runs(self):
        plot = self._steps((-WIDE, WIDE), "position x", y_ticks=[-4, -2, 0, 2, 4])
        self.draw(plot, "band", VArea(x="k", y1="low", y2="high", fill_alpha=0.25), fill_color="stochastic")
        self.draw(plot, "band", Line(x="k", y="path", line_width=2), line_color="deterministic")
        self.draw(plot, "runs", Line(x="k", y="x", line_width=1, line_alpha=0.7), line_color="muted")
        self.draw(plot, "first", Line(x="k", y="x", line_width=2), line_color="accent")
        return plot

    def _floor(self):
        plot = style.lean_plot((0, 1), (0, HIGH), height=250, x_axis="momentum β", y_axis="loss in the long run")
        self.draw(plot, "floors", Line(x="beta", y="same_alpha", line_width=2), line_color="stochastic")
        self.draw(plot, "floors", Line(x="beta", y="same_effect", line_width=1.5, line_dash="dashed"), line_color="text")
        self.draw(plot, "here", Scatter(x="x", y="y", size=9, line_color=None), fill_color="accent")
        return plot
