"""Figure: colorization. Two coloured pixels, and a picture that has to hear of them from neighbour to neighbour."""

import numpy as np
import param
from bokeh.models import Scatter, Segment, VBar
from bokeh.models.glyphs import Line

from components import style
from components.figure import Figure
from components.overlay import Handle, Label, Mark, Play
from components.picture import ROOM, draw_paper, on_paper, outline, pitch, place, size
from components.plane import ALPHA_LAM_RANGE, BETA_RANGE, confined, crosshair, draw_plane, lasting
from simulation.colorization import colorization, colours
from simulation.filters import heavy_ball_steps, steps_of, steps_to
from simulation.rates import optimal_gradient_descent, optimal_heavy_ball, stability_limit
from simulation.words import choose, fixed, say, significant

PROBLEM = colorization()
# As exact as a picture needs, and a quarter of the size to send: whole multiples of a power of two, none of them -0.
PROBLEM = PROBLEM._replace(Q=np.round(PROBLEM.Q * 2**15) / 2**15 + 0.0)
LAMS = PROBLEM.lams
N = len(LAMS)
TOLERANCE = 0.01
PLAIN = float(optimal_gradient_descent(LAMS[0], LAMS[-1]).alpha * LAMS[-1])
OPTIMUM = optimal_heavy_ball(LAMS[0], LAMS[-1])
BEST = (float(OPTIMUM.alpha * LAMS[-1]), float(OPTIMUM.beta))
TIP = int(np.argmax(np.abs(PROBLEM.Q[:, 0])))
"""The pixel that hears of the colour last."""
MOST = float(np.log10(10_001))
"""How far the slider of steps goes; it counts powers of ten, from k + 1 = 1."""
TOP, ROOF = 4.6, 5.1
"""How far the bars reach, as a power of ten, and the room above them."""
NAMED = slice(235, 335)
"""The bars that their name stands above."""
FAR = 3.0
HEIGHT, WIDTH = size(PROBLEM.picture)
MIDDLE, ABOVE = WIDTH / 2, HEIGHT + ROOM / 2
"""Where a picture's name stands."""


class Colouring(param.Parameterized):
    """How the colour travels, for how long, and which eigenvector to look at."""

    alpha_lam = param.Number(
        BEST[0], bounds=ALPHA_LAM_RANGE, step=0.001, label="Step-size αλₙ", doc="Step-size times the largest eigenvalue."
    )
    beta = param.Number(BEST[1], bounds=BETA_RANGE, step=0.001, label="Momentum β", doc="Share of the velocity that is kept.")
    log_k = param.Number(
        2.004, bounds=(0, MOST), step=0.001, label="Steps k", doc="Number of steps, as the power of ten that is k + 1."
    )
    eigenvector = param.Integer(
        1, bounds=(1, N), step=1, label="Eigenvector", doc="The eigenvector that is shown, from the smallest eigenvalue."
    )


def columns(alpha_lam, beta, log_k, eigenvector):
    """Return both pictures at step k with the shares of their far tips, the eigenvector chosen, and the cross-hair."""
    k = steps_of(log_k)
    plain = colours(PROBLEM, PLAIN, 0.0, k)
    momentum = np.clip(colours(PROBLEM, alpha_lam, beta, k), -FAR, FAR)
    chosen = np.where(np.arange(N) == eigenvector - 1, 1.0, 0.0)
    q = PROBLEM.Q @ chosen
    lam = np.sum(LAMS * chosen)
    x, y = place(PROBLEM.picture, TIP)
    return {
        "pictures": {"w": on_paper(PROBLEM.picture, plain, momentum)},
        "tips": {
            "x": np.array([x, x + pitch(PROBLEM.picture)]),
            "y": np.array([y, y]),
            "text": [_share(plain), _share(momentum)],
        },
        "eigenvector": {"q": on_paper(PROBLEM.picture, q / np.max(np.abs(q)))},
        "chosen": {
            "i": np.reshape(eigenvector, (1,)),
            "name": [say("eigenvector {}, λ = {}", fixed(eigenvector, 0), fixed(lam, 4))],
            "lam": np.reshape(lam, (1,)),
        },
        "crosshair": crosshair(alpha_lam, beta),
    }


def backdrop(alpha_lam, beta):
    """Return the steps that each eigenvector takes, as powers of ten, and where to write their names."""
    momentum = _log_steps(heavy_ball_steps(TOLERANCE, alpha_lam * (LAMS / LAMS[-1]), beta))
    plain = _log_steps(steps_to(TOLERANCE, PLAIN * (LAMS / LAMS[-1])))
    beyond = np.where(momentum >= TOP, TOP + 0.1, np.nan)
    return {
        "steps": {"i": np.arange(1.0, N + 1), "momentum": momentum, "plain": plain, "beyond": beyond},
        "curve": {"x": np.array([NAMED.stop]), "y": np.stack([np.max(momentum[NAMED])]), "name": ["momentum"]},
    }


def _share(w):
    return choose(np.abs(w[TIP]) < FAR, say("{} %", fixed(100 * w[TIP], 0)), "far off")


def _log_steps(steps):
    return np.log10(np.clip(steps, 1, 10**TOP))


def words(tables, alpha_lam, beta, log_k, eigenvector):
    """Say how far the colour has come, and what the eigenvector chosen costs each method."""
    ratio, k = tables["chosen"]["lam"][0] / LAMS[-1], steps_of(log_k)
    plain, momentum = tables["tips"]["text"]
    cost = say(
        "Eigenvector {} is within 1 % of its goal by step {}, and with momentum by step {}.",
        fixed(eigenvector, 0),
        _whole(steps_to(TOLERANCE, PLAIN * ratio)),
        _whole(heavy_ball_steps(TOLERANCE, alpha_lam * ratio, beta)),
    )
    return say(
        "After {} {} of gradient descent at its best the tip of the tail has {} of its colour; with momentum, {}. {}",
        fixed(k, 0), choose(k == 1, "step", "steps"), plain, momentum,
        lasting(
            alpha_lam, beta, cost,
            still="Without a step-size no colour moves.",
            edge="At αλₙ = 2 + 2β itself the finest pattern swings for ever.",
            frozen="With β = 1 nothing is lost, and the colours swing for ever.",
            corner="At αλₙ = 4 with β = 1 the finest pattern swings wider at every step.",
            gone=say("The picture flies apart: αλₙ is beyond 2 + 2β = {}.", significant(stability_limit(beta), 4)),
        ),
    )  # fmt: skip


def _whole(steps):
    return choose(steps < 1e6, fixed(np.ceil(steps), 0), significant(steps, 3))


def readouts(log_k):
    """Return the number of steps, to be read instead of its logarithm."""
    return {"log_k": fixed(steps_of(log_k), 0)}


class Colorization(Figure):
    """Colour moves one pixel a step and averages as it goes; momentum lets it arrive."""

    title = "Colour from two pixels"
    State = Colouring
    columns = staticmethod(columns)
    words = staticmethod(words)
    backdrop = staticmethod(backdrop)
    confine = staticmethod(confined)
    readouts = staticmethod(readouts)
    handles = (
        Handle("plane", "alpha_lam", "beta", "Step-size and momentum"),
        Handle("steps", "eigenvector", None, "Eigenvector", at=0.22),
    )
    marks = (
        Mark("plane", "optimum", "optimum", "alpha_lam", "beta"),
        Mark("plane", "optimum", "gradient descent", "alpha_lam", "beta", 1),
    )
    labels = (
        Label("pictures", "names", "name", align="middle", dy=-8),
        Label("pictures", "tips", "text", align="middle", dy=-28),
        Label("eigenvector", "chosen", "name", x=MIDDLE, y=ABOVE, align="middle", dy=-8),
        Label("steps", "curve", "name", dy=-22, align="end", role="accent"),
        Label("steps", "plain", "name", dx=6, dy=-22, role="deterministic"),
    )
    play = Play("log_k", seconds=8)
    ticks = {"log_k": {0: "0"} | {float(np.round(np.log10(k + 1), 4)): f"{k:,}" for k in (10, 100, 1000)} | {MOST: "10,000"}}
    layout = '"plane pictures" auto "eigenvector steps" auto / 1fr 2.1fr'

    def build(self):
        """Draw the plane, both pictures, the eigenvector chosen, and the steps of each eigenvector."""
        self.add_source("optimum", x=[BEST[0], PLAIN], y=[BEST[1], 0.0])
        self.add_source(
            "names",
            x=MIDDLE + np.array([0, pitch(PROBLEM.picture)]),
            y=[ABOVE] * 2,
            name=["gradient descent, at its best", "momentum"],
        )
        plane = style.lean_plot(ALPHA_LAM_RANGE, BETA_RANGE, height=300, x_axis="step-size αλₙ", y_axis="momentum β")
        draw_plane(self, plane, optimum="optimum")
        pictures = self._pictures()
        eigenvector = draw_paper(self, PROBLEM.picture, "eigenvector", "q", ramp="signed", low=-1, high=1)
        return {"plane": plane, "pictures": pictures, "eigenvector": eigenvector, "steps": self._steps()}

    def _pictures(self):
        picture = PROBLEM.picture
        self.add_source("outline", **outline(picture, 2))
        plot = draw_paper(self, picture, "pictures", "w", ramp="paint", low=-0.5, high=1.5, drawings=2)
        x, y = place(picture, picture.coloured)
        self.add_source("eyes", x=np.append(x, x + pitch(picture)), y=np.tile(y, 2))
        self.draw(plot, "eyes", Scatter(x="x", y="y", size=7, line_color=None), fill_color="text").level = "overlay"
        return plot

    def _steps(self):
        plot = style.lean_plot(
            (-3, N + 4), (0, ROOF), height=340,
            x_axis="eigenvector, by rising eigenvalue", x_ticks=[1, 100, 200, 300, N],
            y_axis="steps to 1 % (at the top: more, or never)", y_ticks={0: "1", 1: "10", 2: "100", 3: "10³", 4: "10⁴"},
        )  # fmt: skip
        self.add_source("plain", x=[1], y=[TOP], name=["gradient descent"])
        bars = VBar(x="i", width=1, bottom=0, top="momentum", fill_alpha=0.35, line_color=None)
        self.draw(plot, "steps", bars, fill_color="accent")
        self.draw(plot, "steps", Line(x="i", y="momentum", line_width=2), line_color="accent")
        self.draw(plot, "steps", Line(x="i", y="plain", line_width=2), line_color="deterministic")
        self.draw(plot, "steps", Scatter(x="i", y="beyond", marker="triangle", size=6, line_color=None), fill_color="accent")
        rule = Segment(x0="i", x1="i", y0=0, y1=ROOF, line_width=1, line_dash="dotted")
        self.draw(plot, "chosen", rule, line_color="text")
        return plot
