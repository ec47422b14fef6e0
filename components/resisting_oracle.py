"""Figure: the resisting oracle. A path so long that no method can hear of its far end in time."""

import numpy as np
import param
from bokeh.models import LinearColorMapper, Segment
from bokeh.models.glyphs import Image, Line, Patch, VArea

from components import style
from components.figure import Figure
from components.overlay import Handle, Label, Mark, Play
from components.plane import ALPHA_LAM_RANGE, BETA_RANGE, confined, crosshair, draw_plane, lasting
from simulation.oracle import extreme_eigenvalues, heavy_ball_run, largest_error, lower_bound, optimum
from simulation.rates import optimal_heavy_ball, stability_limit, worst_rate
from simulation.words import choose, fixed, say, significant

SIZE, N_STEPS = 25, 52
KAPPA = 1000.0
LOWEST, HIGHEST = -4.0, 0.7
"""How far the error is drawn, in powers of ten."""
NAMED = -1.5
"""How high the name of the bound stands."""
FAR = 1e3
"""Where a diverging weight is cut off."""


def best(n, kappa):
    """Return (alpha_lam, beta) of the fastest rate on the finite problem; traceable."""
    low, high = extreme_eigenvalues(n, kappa)
    found = optimal_heavy_ball(low, high)
    return found.alpha * high, found.beta


class Oracle(param.Parameterized):
    """How long and how narrow the path is, how the run moves, and which step to look at."""

    alpha_lam = param.Number(
        float(best(SIZE, KAPPA)[0]), bounds=ALPHA_LAM_RANGE, step=0.001, label="Step-size αλₙ",
        doc="Step-size times the largest eigenvalue.",
    )  # fmt: skip
    beta = param.Number(
        float(best(SIZE, KAPPA)[1]), bounds=BETA_RANGE, step=0.001, label="Momentum β", doc="Share of the velocity that is kept."
    )
    k = param.Integer(12, bounds=(0, N_STEPS), step=1, label="Step k", doc="The step that is looked at.")
    log_kappa = param.Number(
        float(np.log10(KAPPA)), bounds=(1, 4), step=0.01, label="Condition number κ",
        doc="Condition number of the infinitely long problem, as a power of ten.",
    )  # fmt: skip
    n = param.Integer(SIZE, bounds=(5, SIZE), step=1, label="Weights n", doc="How many weights the path has.")


def columns(alpha_lam, beta, k, log_kappa, n):
    """Return the weights and their errors over the run, the largest error with its bound, and the edge of the light cone."""
    kappa = 10.0**log_kappa
    high = extreme_eigenvalues(n, kappa)[1]
    w_star = optimum(n, kappa, SIZE)
    w = heavy_ball_run(n, kappa, alpha_lam / high, beta, N_STEPS, SIZE)
    error, bound = largest_error(w, w_star), lower_bound(w_star, N_STEPS)
    at = np.where(np.arange(N_STEPS + 1) == k, 1.0, 0.0)
    here = [np.reshape(np.sum(np.where(at > 0, column, 0.0)), (1,)) for column in (error, bound)]
    used = np.where(np.arange(1, SIZE + 1) <= n, 1.0, np.nan)
    moment = np.reshape(k, (1,))
    alpha_best, beta_best = best(n, kappa)
    return {
        "weights": {"w": np.clip(w * used, -FAR, FAR).T},
        "errors": {"e": np.clip((w - w_star) * used, -FAR, FAR).T},
        "curve": {"k": np.arange(N_STEPS + 1), "error": _log(error), "bound": np.maximum(_log(bound), LOWEST - 1)},
        "here": {"k": moment, "error": here[0], "bound": here[1]},
        "cone": _cone(n),
        **_names(n, bound),
        "crosshair": crosshair(alpha_lam, beta),
        "optimum": {"x": np.reshape(alpha_best, (1,)), "y": np.reshape(beta_best, (1,))},
    }  # fmt: skip


def _log(error):
    return np.log10(np.clip(error, 1e-12, 1e12))


def _cone(n):
    """Return the outline of the zone that no step has reached: the staircase i = k, and the two edges of the map."""
    stairs = np.repeat(np.arange(SIZE) + 0.5, 2)
    x = np.concatenate([np.array([-0.5]), stairs, np.array([-0.5])])
    y = np.concatenate([stairs, np.array([SIZE + 0.5, SIZE + 0.5])])
    return {"x": np.minimum(x, n - 0.5), "y": np.minimum(y, n + 0.5)}


def _names(n, bound):
    """Return where the names stand: in what they name while it is wide enough, else beside it."""
    wide = n > 22
    reach = np.sum(np.where(_log(bound) > NAMED, 1.0, 0.0))
    return {
        "zone": {"y": np.stack([np.where(wide, n + 0.5, n + 3.0)]), "name": ["not reached yet"]},
        "ray": {"x": np.stack([0.7 * n]), "y": np.stack([0.7 * n + 1]), "name": [choose(n > 19, "light cone", "")]},
        "limit": {
            "x": np.stack([np.where(reach > 16, 0.0, reach)]),
            "name": [choose(reach > 16, "out of reach", "◂ out of reach for every method")],
        },
    }


def words(tables, alpha_lam, beta, k, log_kappa, n):
    """Say what is known at step k, what that leaves at least, and what this run leaves."""
    error, bound = tables["here"]["error"][0], tables["here"]["bound"][0]
    low, high = extreme_eigenvalues(n, 10.0**log_kappa)
    rate = worst_rate(alpha_lam, beta, np.stack([low, high]))
    untouched = say("At step {} weights {} to {} are still 0", fixed(k, 0), fixed(k + 1, 0), fixed(n, 0))
    last = say("At step {} weight {} is still 0", fixed(k, 0), fixed(n, 0))
    unreached = say(
        "{}, so no method that follows gradients has an error below {}. ",
        choose(k + 1 < n, untouched, last),
        significant(bound, 3),
    )
    reached = say("At step {} every weight has been reached, and the bound has nothing left to say. ", fixed(k, 0))
    left = choose(error <= 1.001 * bound, "has just that", say("has {}", significant(error, 3)))
    run = say(
        "This run {}; its rate is {}, and this finite path has κ = {}.", left, significant(rate, 3), significant(high / low, 3)
    )
    here = say("its error is {}", significant(error, 3))
    fate = lasting(
        alpha_lam, beta, run,
        still="This run has no step-size and stays where it is.",
        edge=say("This run, at αλₙ = 2 + 2β itself, swings for ever: {}.", here),
        frozen=say("This run, with β = 1, never settles: {}.", here),
        corner=say("This run, with αλₙ = 4 and β = 1, swings wider at every step: {}.", here),
        gone=say("This run diverges, for αλₙ is beyond 2 + 2β = {}: {}.", significant(stability_limit(beta), 4), here),
    )  # fmt: skip
    return say("{}{}", choose(k < n, unreached, reached), fate)


def readouts(log_kappa):
    """Return the condition number, to be read instead of its logarithm."""
    return {"log_kappa": significant(10.0**log_kappa, 3)}


class ResistingOracle(Figure):
    """News moves one weight a step, whatever the method; the far end sets a limit that no tuning can break."""

    title = "The resisting oracle"
    State = Oracle
    columns = staticmethod(columns)
    words = staticmethod(words)
    confine = staticmethod(confined)
    readouts = staticmethod(readouts)
    handles = (
        Handle("plane", "alpha_lam", "beta", "Step-size and momentum"),
        Handle("curve", "k", None, "Step", at=LOWEST + 0.25),
    )
    marks = (Mark("plane", "optimum", "optimum", "alpha_lam", "beta"),)
    labels = (
        Label("weights", "titles", "weights", x=-0.5, y=SIZE + 0.5, dy=-24),
        Label("errors", "titles", "errors", x=-0.5, y=SIZE + 0.5, dy=-24),
        Label("weights", "zone", "name", x=0, dx=4, dy=6),
        Label("weights", "ray", "name", dx=-8, dy=-8, align="end"),
        Label("curve", "titles", "error", x=N_STEPS, y=HIGHEST, dx=-4, dy=2, align="end", role="accent"),
        Label("curve", "limit", "name", y=NAMED, dx=6),
    )
    play = Play("k", seconds=8)
    unseen = ("k",)
    ticks = {"log_kappa": {1: "10", 2: "100", 3: "1,000", 4: "10⁴"}}
    layout = (
        '"plane plane curve curve curve curve" auto "weights weights weights errors errors errors" auto / 1fr 1fr 1fr 1fr 1fr 1fr'
    )

    def build(self):
        """Draw the plane, the error with its bound, and the maps of weights and errors."""
        self.add_source(
            "titles", weights=["weight wᵢ"], errors=["error wᵢ − wᵢ*"], error=["largest error of this run"],
        )  # fmt: skip
        plane = style.lean_plot(ALPHA_LAM_RANGE, BETA_RANGE, height=280, x_axis="step-size αλₙ", y_axis="momentum β")
        draw_plane(self, plane, optimum="optimum")
        weights = self._map("weights", "w", ramp="paint", low=-0.5, high=1.5)
        errors = self._map("errors", "e", ramp="signed", low=-1, high=1)
        return {"plane": plane, "curve": self._curve(), "weights": weights, "errors": errors}

    def _curve(self):
        ticks = dict(zip(range(-4, 1), ("10⁻⁴", "10⁻³", "10⁻²", "0.1", "1"), strict=True))
        plot = style.lean_plot((-0.5, N_STEPS + 0.5), (LOWEST, HIGHEST), height=280, x_axis="step k", y_axis="", y_ticks=ticks)
        self._now(plot, LOWEST, HIGHEST)
        self.draw(plot, "curve", VArea(x="k", y1=LOWEST, y2="bound", fill_alpha=0.22), fill_color="muted")
        self.draw(plot, "curve", Line(x="k", y="bound", line_width=1), line_color="text")
        self.draw(plot, "curve", Line(x="k", y="error", line_width=2), line_color="accent")
        return plot

    def _map(self, table, column, *, ramp, low, high):
        plot = style.lean_plot(
            (-0.5, N_STEPS + 0.5),
            (0.5, SIZE + 2.5),
            height=320,
            x_axis="step k",
            y_axis="weight i",
            y_ticks=[1, 5, 10, 15, 20, 25],
        )
        mapper = self.paint(LinearColorMapper(low=low, high=high, nan_color=(0, 0, 0, 0)), palette=ramp)
        self.draw(plot, table, Image(image=column, x=-0.5, y=0.5, dw=N_STEPS + 1, dh=SIZE, color_mapper=mapper))
        self.draw(plot, "cone", Patch(x="x", y="y", fill_alpha=0, line_width=2), line_color="text")
        self._now(plot, 0.5, SIZE + 0.5)
        return plot

    def _now(self, plot, bottom, top):
        rule = Segment(x0="k", x1="k", y0=bottom, y1=top, line_width=1, line_dash="dotted")
        self.draw(plot, "here", rule, line_color="accent")
