"""Figure: the map of rates. Every pair of step-size and momentum, its rate, and what its run looks like."""

import numpy as np
import param
from bokeh.models import LinearColorMapper, Scatter
from bokeh.models.glyphs import Image, Line

from components import style
from components.figure import Figure
from components.overlay import Handle, Label, Mark
from components.paths import within
from components.plane import ALPHA_LAM_RANGE, BETA_RANGE, crosshair, draw_plane
from simulation.dynamics import trajectory
from simulation.rates import (
    critical_beta,
    fate,
    optimal_heavy_ball,
    period,
    rate_in_words,
    regime,
    steps_for,
    steps_in_words,
    worst_rate,
)
from simulation.words import choose, fixed, say

N_STEPS = 40
HIGH = 2.2
"""How far the runs are drawn; one that flies apart leaves the picture there."""
PIXELS = (240, 150)
PROBES = {
    "ripples": (0.15, 0.9),
    "monotone": (0.15, 0.125),
    "one step": (1.0, 0.0),
    "oscillation": (2.0, 0.05),
    "divergence": (2.5, 0.235),
}
"""Five places worth a visit, on a single eigenvalue: name -> (alpha_lam, beta)."""


class Probe(param.Parameterized):
    """Where to look on the map, and how ill-conditioned the problem is."""

    alpha_lam = param.Number(
        0.15, bounds=ALPHA_LAM_RANGE, step=0.001, label="Step-size αλₙ", doc="Step-size times the largest eigenvalue."
    )
    beta = param.Number(0.9, bounds=BETA_RANGE, step=0.001, label="Momentum β", doc="Share of the velocity that is kept.")
    kappa = param.Number(
        1.0, bounds=(1, 100), step=0.1, label="Condition number κ",
        doc="Largest over smallest eigenvalue; at 1 there is a single eigenvalue.",
    )  # fmt: skip


def run(alpha_lam, beta):
    """Return x_k, k = 0..N_STEPS, of heavy ball on one eigenvalue, from x = 1 at rest; shape (N_STEPS + 1,)."""
    return within(trajectory(alpha_lam, beta, 1.0, 0.0, 1.0, N_STEPS)[1])


def columns(alpha_lam, beta, kappa):
    """Return the probe's run on the largest and the smallest eigenvalue, and its cross-hair."""
    return {
        "run": {"k": np.arange(N_STEPS + 1), "largest": run(alpha_lam, beta), "smallest": run(alpha_lam / kappa, beta)},
        "names": {"flat": [choose(kappa > 1, "flattest direction", "")], "steep": [choose(kappa > 1, "steepest direction", "")]},
        "crosshair": crosshair(alpha_lam, beta),
    }


def backdrop(kappa):
    """Return the map of the worst rate over the spectrum, the critical curves of its two ends, and the named points.

    The probes bear the names of what one eigenvalue does, and its optimum is one of them: they make way for the optimum
    of a spectrum.
    """
    # Tied to kappa, so that the browser computes the grid, too, instead of being sent what does not depend on it.
    alpha_lam = (np.arange(PIXELS[0]) + 0.5) * (ALPHA_LAM_RANGE[1] / PIXELS[0] + 0.0 * kappa)
    beta = (np.arange(PIXELS[1]) + 0.5) * (BETA_RANGE[1] / PIXELS[1] + 0.0 * kappa)
    rate = worst_rate(alpha_lam[None, :], beta[:, None], np.stack([1.0 / kappa, 1.0 + 0.0 * kappa]))
    along = np.linspace(*ALPHA_LAM_RANGE, 161)
    best = optimal_heavy_ball(1.0 / kappa, 1.0)
    x, y = np.transpose(list(PROBES.values()))
    return {
        "map": {"rate": rate},
        "critical": {"x": along, "largest": critical_beta(along), "smallest": critical_beta(along / kappa)},
        "optimum": {"x": np.reshape(np.where(kappa > 1, best.alpha, np.nan), (1,)), "y": np.reshape(best.beta, (1,))},
        "probes": {"x": np.where(kappa > 1, np.nan, x), "y": y},
    }


def words(tables, alpha_lam, beta, kappa):
    """Name the regime at the probe, with its rate and what to expect of the run."""
    rate = worst_rate(alpha_lam, beta, np.stack([1.0 / kappa, 1.0 + 0.0 * kappa]))
    said = say("rate {}", rate_in_words(rate))
    shrinks, grows = (steps_in_words(steps_for(100.0, factor)) for factor in (rate, 1 / np.maximum(rate, 1)))
    pace = fate(
        alpha_lam,
        beta,
        choose(rate < 1e-3, say("{}: it arrives at once", said), say("{}: about {} for each factor of 100", said, shrinks)),
        still="nothing moves without a step-size",
        edge=say("{}: it neither dies out nor grows", said),
        frozen=say("{}: it neither dies out nor grows", said),
        corner=say("{}, and yet it grows, by as much at every step", said),
        gone=say("{}: it grows a hundredfold in about {}", said, grows),
    )
    rings = np.isfinite(period(alpha_lam, beta))
    ringing = choose(rings, say(" (period {} steps)", fixed(period(alpha_lam, beta), 1)), "")
    steepest = say("{}{}", regime(alpha_lam, beta), ringing)
    both = say("Steepest direction: {}; flattest: {}. Worst {}.", steepest, regime(alpha_lam / kappa, beta), pace)
    return choose((kappa > 1) & (alpha_lam > 0), both, say("At the probe: {}, {}.", steepest, pace))


class RateMap(Figure):
    """Where a run rings, creeps, flips or flies apart: one map for every step-size and momentum."""

    title = "The map of rates"
    State = Probe
    columns = staticmethod(columns)
    words = staticmethod(words)
    backdrop = staticmethod(backdrop)
    handles = (Handle("map", "alpha_lam", "beta", "Probe"),)
    marks = (
        Mark("map", "optimum", "optimum", "alpha_lam", "beta"),
        # The lowest are named first: there is the least room.
        *(
            Mark("map", "probes", name, "alpha_lam", "beta", list(PROBES).index(name))
            for name in sorted(PROBES, key=lambda name: PROBES[name][1])
        ),
    )
    labels = tuple(
        Label("run", "names", name, x=N_STEPS, y=HIGH, dy=dy, align="end", role=role)
        for name, dy, role in (("steep", 0, "accent"), ("flat", 16, "component_1"))
    )
    layout = '"map map" "run gallery" / 1fr 1fr'

    def build(self):
        """Draw the map with its curves, the probe's run, and the five runs worth a visit."""
        return {"map": self._map(), "run": self._run(), "gallery": self._gallery()}

    def _map(self):
        plot = style.lean_plot(
            ALPHA_LAM_RANGE, BETA_RANGE, height=400, x_axis="step-size αλₙ", y_axis="momentum β",
            bar={"ramp": "rate", "ticks": {0: "rate 0", 0.5: "0.5", 1: "1"}},
        )  # fmt: skip
        mapper = self.paint(LinearColorMapper(low=0, high=1), palette="rate", high_color="diverged")
        (width, height) = ALPHA_LAM_RANGE[1], BETA_RANGE[1]
        self.draw(plot, "map", Image(image="rate", x=0, y=0, dw=width, dh=height, color_mapper=mapper))
        for end in ("largest", "smallest"):
            for width, role in ((3.5, "page"), (1.2, "text")):
                self.draw(plot, "critical", Line(x="x", y=end, line_width=width, line_dash=[6, 6]), line_color=role)
        draw_plane(self, plot, optimum="optimum")
        self.draw(plot, "probes", Scatter(x="x", y="y", size=7, line_width=1.5), fill_color="text", line_color="page")
        return plot

    def _run(self):
        plot = style.lean_plot(
            (-0.5, N_STEPS + 0.5), (-HIGH, HIGH), height=220, x_axis="step k", y_axis="x at the probe", y_ticks=range(-2, 3)
        )
        for name, role in (("smallest", "component_1"), ("largest", "accent")):
            self.draw(plot, "run", Line(x="k", y=name, line_width=1.2, line_alpha=0.6), line_color=role)
            self.draw(plot, "run", Scatter(x="k", y=name, size=4.5, line_color=None), fill_color=role)
        return plot

    def _gallery(self):
        """Draw the five runs side by side, each in a lane of its own."""
        # Each lane is as wide as its name, and a little more.
        widths = np.array([len(name) + 2 for name in PROBES])
        starts = np.cumsum(widths) - widths
        names = dict(zip((starts + widths / 2).tolist(), PROBES, strict=True))
        title = f"{N_STEPS} steps of one eigenvalue"
        plot = style.lean_plot((0, sum(widths)), (-HIGH, HIGH), height=220, x_axis=title, x_ticks=names)
        across = np.linspace(0.08, 0.92, N_STEPS + 1)
        # One line for all lanes, lifted off the paper between them.
        gap = [np.nan]
        ks = [np.concatenate([start + width * across, gap]) for start, width in zip(starts, widths, strict=True)]
        xs = [np.concatenate([run(*probe), gap]) for probe in PROBES.values()]
        self.add_source("gallery", k=np.concatenate(ks), x=np.concatenate(xs))
        self.draw(plot, "gallery", Line(x="k", y="x", line_width=1), line_color="muted")
        self.draw(plot, "gallery", Scatter(x="k", y="x", size=3, line_color=None), fill_color="text")
        return plot
