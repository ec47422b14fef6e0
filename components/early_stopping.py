"""Figure: early stopping. Gradient descent finds one eigenfeature after the other; to stop is to leave out the fragile ones."""

import numpy as np
import param
from bokeh.models import HBar, Scatter, Segment, VArea, VBar
from bokeh.models.glyphs import Line

from components import regression, style
from components.figure import Figure
from components.overlay import Handle, Label, Mark, Play
from components.regression import FAR, FEATURES, N_FEATURES, PROBLEM, SUBSCRIPTS, XI, Observations
from simulation.filters import gradient_descent_filter, steps_of, tikhonov_filter
from simulation.polynomials import POSITIONS, optimum, steps_per_eigenfeature
from simulation.words import choose, fixed, grouped, say, significant

ALPHA_LAM = 1.8
"""Step-size times the largest eigenvalue."""
LAMS = PROBLEM.lams
ALPHA = ALPHA_LAM / LAMS[-1]
STEPS = np.ceil(steps_per_eigenfeature(PROBLEM, ALPHA_LAM))
"""The first step at which each eigenfeature is found to three digits."""
NOISE = 0.25
"""How much each observation may be off, about as much as the best fit misses it by."""
MOST = np.log10(1.3e6 + 1).item()
"""How far the slider of steps goes; it counts powers of ten, from k + 1 = 1."""
LOG_ETA = (-6.0, 2.0)
LOG_LAMS = np.log10(LAMS)
ALONG = np.linspace(LOG_ETA[0], LOG_LAMS[-1], 120)
INSIDE = np.abs(XI) <= POSITIONS[-1] + 1e-9
ROWS = np.arange(N_FEATURES)[::-1]
"""The row of each eigenfeature, the most robust on top."""
WIDTH = 0.17
"""Of a bar of the filters, in powers of ten."""
TOP, BOTTOM = -1.6, N_FEATURES - 0.4
STROKES = np.array([[TOP, *(ROWS - 0.22)], [-0.7, *(ROWS + 0.22)]])
"""The line of the present step, from and to: through its handle and each bar, but not through the bars' names."""


class Stopping(Observations):
    """When to stop, how hard to penalise instead, and what is observed."""

    log_k = param.Number(
        np.log10(50).round(4).item(), bounds=(0, MOST), step=0.001, label="Steps k",
        doc="Number of steps of gradient descent, as the power of ten that is k + 1.",
    )  # fmt: skip
    log_eta = param.Number(-1.0, bounds=LOG_ETA, step=0.01, label="Tikhonov’s η", doc="Weight of the penalty, as a power of ten.")


def columns(log_k, log_eta, **observed):
    """Return the two curves with the band of the first, the shares they let through, and how far the run has come."""
    d, k, eta = regression.together(observed, regression.OBSERVED), steps_of(log_k), 10.0**log_eta
    x_star = optimum(PROBLEM, d)
    stopped, penalised = gradient_descent_filter(ALPHA * LAMS, k), tikhonov_filter(LAMS, eta)
    curve, reach = _curve(stopped, x_star), np.minimum(2 * _spread(stopped), FAR)
    seen = PROBLEM.Z @ PROBLEM.Q
    shares = {"stopped": stopped, "penalised": penalised, "best": np.ones(N_FEATURES)}
    losses = {name: regression.loss(seen @ (share * x_star), d) for name, share in shares.items()}
    # Without a step, no penalty is strong enough: the mark is not drawn.
    match = np.where(k < 1, np.nan, -np.log10(ALPHA * np.maximum(k, 1)))
    return {
        "curves": {"xi": XI, "stopped": curve, "penalised": _curve(penalised, x_star), "best": regression.best_curve(d)},
        "band": {"xi": XI, "low": curve - reach, "high": curve + reach},
        "residuals": regression.residuals(seen @ (stopped * x_star), d),
        "filters": {
            "x": ALONG,
            "stopped": gradient_descent_filter(ALPHA * 10.0**ALONG, k),
            "penalised": tikhonov_filter(10.0**ALONG, eta),
        },
        "shares": {
            "x_stopped": LOG_LAMS - 0.55 * WIDTH,
            "x_penalised": LOG_LAMS + 0.55 * WIDTH,
            "stopped": stopped,
            "penalised": penalised,
        },
        "match": {"x": np.reshape(match, (1,)), "y": np.array([0.5])},
        "progress": {
            "row": ROWS,
            "running": np.where(k < STEPS, log_k + 0.0 * STEPS, 0.0),
            "found": np.where(k < STEPS, 0.0, np.log10(STEPS + 1)),
            "text": [_progress(i, k) for i in range(N_FEATURES)],
        },
        "now": {"x": np.full(STROKES.shape[1], 1.0) * log_k, "y0": STROKES[0], "y1": STROKES[1]},
        "said": {
            **{f"loss_{name}": np.reshape(value, (1,)) for name, value in losses.items()},
            **{
                f"spread_{name}": np.reshape(np.max(np.where(INSIDE, _spread(share), 0.0)), (1,))
                for name, share in shares.items()
            },
            "line_0": [say("gradient descent, {}", _counted(k))],
            "line_1": [say("Tikhonov, η = {}", significant(eta, 2))],
            "line_2": ["best fit"],
        },
    }


def _counted(k):
    return say("{} {}", grouped(k), choose(k == 1, "step", "steps"))


def _curve(shares, x_star):
    return np.clip(FEATURES @ (shares * x_star), -FAR, FAR)


def _spread(shares):
    """Return how far a curve typically moves at `XI`, if each observation is off by `NOISE`."""
    return NOISE * np.sqrt((FEATURES * FEATURES / LAMS) @ (shares * shares))


def _progress(i, k):
    """Return what is said of an eigenfeature's bar."""
    name = f"λ{i + 1}".translate(SUBSCRIPTS)
    steps = say("{} = {}: {} steps", name, significant(LAMS[i].item()), f"{int(STEPS[i]):,}")
    return choose(k < STEPS[i], steps, say("{}, found", steps))


def words(tables, log_k, log_eta, **observed):
    """Say what has been found, how well each curve meets the observations, and how much it depends on their errors."""
    said = {name: column[0] for name, column in tables["said"].items()}
    found = np.sum(np.where(steps_of(log_k) >= STEPS, 1.0, 0.0))

    def of_each(what, digits):
        return [significant(said[f"{what}_{name}"], digits) for name in ("stopped", "penalised", "best")]

    return say(
        "After {} {} of {} eigenfeatures {} found, and the loss is {}; Tikhonov’s curve has {}, the best fit {}. "
        "If each observation is off by about {}, these curves are off by about {}, {} and {} where they suffer most.",
        _counted(steps_of(log_k)), choose(found > 0, fixed(found, 0), "none"), str(N_FEATURES), choose(found == 1, "is", "are"),
        *of_each("loss", 3), f"{NOISE:g}", *of_each("spread", 2),
    )  # fmt: skip


def readouts(log_k, log_eta):
    """Return the steps and the penalty, to be read instead of their logarithms."""
    return {"log_k": grouped(steps_of(log_k)), "log_eta": significant(10.0**log_eta, 2)}


class EarlyStopping(Figure):
    """The longer the run, the better the fit and the more it depends on every error: to stop is to regularise."""

    title = "Stopping early"
    State = Stopping
    columns = staticmethod(columns)
    words = staticmethod(words)
    readouts = staticmethod(readouts)
    handles = (
        *regression.HANDLES,
        Handle("filters", "log_eta", None, "Penalty", at=0.5),
        Handle("steps", "log_k", None, "When to stop", at=-1.1),
    )
    marks = (Mark("filters", "match", "η = 1/(αk)", sets_x="log_eta"),)
    labels = (
        *regression.labels("accent", "component_2", "muted"),
        Label("steps", "progress", "text", x=0.0, y="row", dx=0, dy=-25),
    )
    play = Play("log_k", seconds=12)
    unseen = regression.OBSERVED
    ticks = {
        "log_k": {0.0: "0"} | {np.log10(k + 1).round(4).item(): f"{k:,.0f}" for k in STEPS[[2, 5]]} | {MOST: "1.3×10⁶"},
        "log_eta": {-6.0: "10⁻⁶", -4.0: "10⁻⁴", -2.0: "0.01", 0.0: "1", 2.0: "100"},
    }
    layout = '"fit fit" auto "filters steps" auto / 1fr 1fr'

    def build(self):
        """Draw the curves among the observations, the two filters, and the progress on each eigenfeature."""
        curves = {
            "best": ("muted", {"line_width": 1.5, "line_dash": "dotted"}),
            "penalised": ("component_2", {"line_width": 2, "line_dash": "dashed"}),
            "stopped": ("accent", {"line_width": 2.5}),
        }
        fit = regression.draw_fit(self, height=300, curves=curves)
        self.draw(fit, "band", VArea(x="xi", y1="low", y2="high", fill_alpha=0.18), fill_color="accent")
        return {"fit": fit, "filters": self._filters(), "steps": self._steps()}

    def _filters(self):
        names = {x: f"λ{i + 1}".translate(SUBSCRIPTS) for i, x in enumerate(LOG_LAMS.tolist())}
        plot = style.lean_plot(
            LOG_ETA, (0, ALPHA_LAM + 0.1), height=300, x_axis="eigenvalue", y_axis="share let through", x_ticks=names,
            y_ticks=[0, 0.5, 1, 1.5],
        )  # fmt: skip
        for column, role, dash in (("stopped", "accent", "solid"), ("penalised", "component_2", "dashed")):
            bars = VBar(x=f"x_{column}", width=WIDTH, bottom=0, top=column, line_color=None)
            self.draw(plot, "shares", bars, fill_color=role)
            self.draw(plot, "filters", Line(x="x", y=column, line_width=1.5, line_dash=dash), line_color=role)
        self.draw(plot, "match", Scatter(x="x", y="y", size=11, fill_color=None, line_width=1.5), line_color="text")
        return plot

    def _steps(self):
        ticks = {
            np.log10(k + 1).item(): name
            for k, name in ((0, "0"), (10, "10"), (100, "100"), (1e3, "10³"), (1e4, "10⁴"), (1e5, "10⁵"), (1e6, "10⁶"))
        }
        plot = style.lean_plot((0, MOST), (BOTTOM, TOP), height=300, x_axis="steps until three digits are right", x_ticks=ticks)
        self.add_source("tracks", row=ROWS, steps=np.log10(STEPS + 1))
        self.draw(plot, "tracks", HBar(y="row", height=0.3, left=0, right="steps", line_color=None), fill_color="rule")
        for column, role in (("running", "accent"), ("found", "muted")):
            self.draw(plot, "progress", HBar(y="row", height=0.3, left=0, right=column, line_color=None), fill_color=role)
        self.draw(plot, "now", Segment(x0="x", x1="x", y0="y0", y1="y1", line_width=2), line_color="accent")
        return plot
