"""Figure: the map of rates. Every pair of step-size and momentum, its rate, and what its run looks like."""

import numpy as np
import param
from bokeh.models import LinearColorMapper, Scatter
from bokeh.models.glyphs import Image, Line

from components import style
from components.figure import Figure, Handle, Label, Mark
from components.plane import ALPHA_LAM_RANGE, BETA_RANGE, crosshair, draw_plane
from simulation.iterate import iterate
from simulation.rates import critical_beta, optimal_heavy_ball, period, regime, worst_rate
from simulation.words import choose, fixed, say, significant

N_STEPS = 40
FAR = 50.0
PIXELS = (240, 150)
PROBES = {
    "ripples": (0.15, 0.9),
    "monotone": (0.15, 0.125),
    "one step": (1.0, 0.0),
    "oscillation": (2.0, 0.05),
    "divergence": (2.5, 0.235),
}
"""Five places worth a visit: name -> (alpha_lam, beta)."""


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

    def step(state):
        z, x = state
        z = beta * z + x
        return z, x - alpha_lam * z

    return np.clip(iterate(step, (0.0 * alpha_lam, 1.0 + 0.0 * alpha_lam), N_STEPS)[1], -FAR, FAR)


def columns(alpha_lam, beta, kappa):
    """Return the probe's run on the largest and the smallest eigenvalue, and its cross-hair."""
    return {
        "run": {"k": np.arange(N_STEPS + 1), "largest": run(alpha_lam, beta), "smallest": run(alpha_lam / kappa, beta)},
        "crosshair": crosshair(alpha_lam, beta),
    }


def backdrop(kappa):
    """Return the map of the worst rate over the spectrum, the critical curves of its two ends, and the optimum."""
    # Tied to kappa, so that the browser computes the grid, too, instead of being sent what does not depend on it.
    alpha_lam = (np.arange(PIXELS[0]) + 0.5) * (ALPHA_LAM_RANGE[1] / PIXELS[0] + 0.0 * kappa)
    beta = (np.arange(PIXELS[1]) + 0.5) * (BETA_RANGE[1] / PIXELS[1] + 0.0 * kappa)
    rate = worst_rate(alpha_lam[None, :], beta[:, None], np.stack([1.0 / kappa, 1.0 + 0.0 * kappa]))
    along = np.linspace(*ALPHA_LAM_RANGE, 161)
    best = optimal_heavy_ball(1.0 / kappa, 1.0)
    return {
        "map": {"rate": rate},
        "critical": {"x": along, "largest": critical_beta(along), "smallest": critical_beta(along / kappa)},
        "optimum": {"x": np.reshape(best.alpha, (1,)), "y": np.reshape(best.beta, (1,))},
    }


def words(tables, alpha_lam, beta, kappa):
    """Name the regime at the probe, with its rate and what to expect of the run."""
    rate = worst_rate(alpha_lam, beta, np.stack([1.0 / kappa, 1.0 + 0.0 * kappa]))
    steps = np.log(0.01) / np.log(rate)
    arrival = choose(rate < 1e-3, "it arrives at once", say("about {} steps for each factor of 100", fixed(np.ceil(steps), 0)))
    pace = choose(
        rate < 1 - 1e-9, say("rate {}: {}", significant(rate, 3), arrival), say("rate {}: it never settles", significant(rate, 3))
    )
    name = regime(alpha_lam, beta)
    rings = np.isfinite(period(alpha_lam, beta))
    ringing = choose(rings, say(" (period {} steps)", fixed(period(alpha_lam, beta), 1)), "")
    one = say("At the probe: {}{}, {}.", name, ringing, pace)
    both = say("Steepest direction: {}{}; flattest: {}. Worst {}.", name, ringing, regime(alpha_lam / kappa, beta), pace)
    return choose(kappa > 1, both, one)


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
        *(Mark("map", "probes", name, "alpha_lam", "beta", row) for row, name in enumerate(PROBES)),
    )
    labels = (Label("gallery", "lanes", "name", y=-1.9, align="middle"),)
    layout = '"map map" "run gallery" / 1fr 1fr'

    def build(self):
        """Draw the map with its curves, the probe's run, and the five runs worth a visit."""
        self.add_source("probes", x=[p[0] for p in PROBES.values()], y=[p[1] for p in PROBES.values()])
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
            self.draw(plot, "critical", Line(x="x", y=end, line_width=1.2, line_dash="dashed"), line_color="page")
        draw_plane(self, plot, optimum="optimum")
        self.draw(plot, "probes", Scatter(x="x", y="y", size=7, line_width=1.5), fill_color="text", line_color="page")
        return plot

    def _run(self):
        plot = style.lean_plot(
            (-0.5, N_STEPS + 0.5), (-1.6, 1.6), height=220, x_axis="step k", y_axis="x at the probe", y_ticks=[-1, 0, 1]
        )
        for name, role in (("smallest", "component_1"), ("largest", "accent")):
            self.draw(plot, "run", Line(x="k", y=name, line_width=1.2, line_alpha=0.6), line_color=role)
            self.draw(plot, "run", Scatter(x="k", y=name, size=4.5, line_color=None), fill_color=role)
        return plot

    def _gallery(self):
        """Draw the five runs side by side, each in a lane of its own."""
        lanes = len(PROBES)
        plot = style.lean_plot((0, lanes), (-2, 1.4), height=220)
        k = np.arange(N_STEPS + 1)
        with np.errstate(all="ignore"):
            runs = [np.asarray(run(*probe)) for probe in PROBES.values()]
        # One line for all lanes, lifted off the paper between them.
        gap = [np.nan]
        ks = [np.concatenate([lane + 0.08 + 0.84 * k / N_STEPS, gap]) for lane in range(lanes)]
        xs = [np.concatenate([np.where(np.abs(x) < 1.4, x, np.nan), gap]) for x in runs]
        self.add_source("gallery", k=np.concatenate(ks), x=np.concatenate(xs))
        self.draw(plot, "gallery", Line(x="k", y="x", line_width=1), line_color="muted")
        self.draw(plot, "gallery", Scatter(x="k", y="x", size=3, line_color=None), fill_color="text")
        self.add_source("lanes", x=np.arange(lanes) + 0.5, name=list(PROBES))
        return plot
