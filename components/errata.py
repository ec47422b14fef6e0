"""Figure: what we do not repeat. Slips of the published article, followed over a run beside a loop that knows the truth."""

from functools import lru_cache

import numpy as np
import param
from bokeh.models import HBar, Scatter, Segment
from bokeh.models.glyphs import Line

from components import style
from components.figure import Figure
from components.overlay import Handle, Label
from simulation.claims import claims
from simulation.courses import courses
from simulation.errata import CLAIMS, Kind, errata
from simulation.words import choose, fixed, say, significant

N_STEPS = 30
FAR = 50.0
"""Where a course is cut off: far outside the view, well inside what a canvas can draw."""
FINE, COARSE = 1e-10, 1e3
"""Residuals below are rounding, and drawn as so small; those beyond are drawn at the edge."""
SIZES = {-10: "10⁻¹⁰", -6: "10⁻⁶", -3: "10⁻³", 0: "1", 3: "10³"}
"""Ticks for residuals, by their decimal logarithm."""
PUBLISHED = {Kind.FORMULA: "as printed", Kind.WORDS: "as said", Kind.FIGURE: "as drawn", Kind.ELSEWHERE: "as told elsewhere"}
"""How a form was published, by its kind."""
NUMBERS = {name: number for number, name, *_ in CLAIMS}


def title_of(name):
    """Return the name of a slip with its number; a claim of other sources has none."""
    return f"{NUMBERS[name]}. {name}" if name in NUMBERS else name


FOLLOWED = list(courses(0.3, 0.6, 2))
"""Names of the slips that can be followed over a run, in order."""


@lru_cache
def everything():
    """Return all slips and claims, measured once; not while importing, for it takes its time."""
    return (*errata(), *claims())


@lru_cache
def places():
    """Return where the followed ones stand in the list of all."""
    return [i for i, one in enumerate(everything()) if one.name in FOLLOWED]


class Doubt(param.Parameterized):
    """Which slip to look at, on which run."""

    erratum = param.Selector(
        objects=[title_of(name) for name in FOLLOWED],
        default=title_of(FOLLOWED[1]),
        label="Formula",
        doc="The form that is put to the test.",
    )
    alpha_lam = param.Number(
        0.3,
        bounds=(0, 2),
        step=0.001,
        label="Step-size αλ",
        doc="Step-size times the eigenvalue; up to 2 every momentum is stable.",
    )
    beta = param.Number(0.6, bounds=(0, 0.99), step=0.001, label="Momentum β", doc="Share of the velocity that is kept.")
    k = param.Integer(5, bounds=(0, N_STEPS), step=1, label="Step k", doc="The step that the sentence speaks of.")


def columns(erratum, alpha_lam, beta, k):
    """Return the chosen quantity over the run, how far off both forms are at each step, and how far all slips are off."""
    found = list(courses(alpha_lam, beta, N_STEPS).values())
    truth, published, correct = (np.stack([course[i] for course in found]) for i in (1, 2, 3))
    # A course that is nothing at all has no scale of its own.
    scale = np.maximum(np.max(np.abs(truth), axis=1), 1e-9)[:, None]
    off = [_size(np.abs(form - truth) / scale) for form in (published, correct)]
    chosen = np.arange(len(found))[:, None] == erratum

    def of_chosen(rows):
        return np.sum(np.where(chosen, rows, 0.0), axis=0)

    steps = np.arange(N_STEPS + 1)
    return {
        "course": {"k": steps} | {
            name: of_chosen(np.clip(rows / scale, -FAR, FAR))
            for name, rows in (("truth", truth), ("published", published), ("correct", correct))
        },
        "residual": {"k": steps, "published": of_chosen(off[0]), "correct": of_chosen(off[1])},
        "now": {"k": np.reshape(k * 1.0, (1,)), "top": np.array([4.0]), "bottom": np.array([-11.0])},
        "what": {
            "quantity": [_of(erratum, [course.quantity for course in found])],
            "published": [say("dashed: {}", _published(erratum))],
        },
        "all": _all([np.max(sizes, axis=1) for sizes in off]),
        "row": {"y": np.reshape(np.sum(np.where(chosen[:, 0], places(), 0)), (1,))},
    }  # fmt: skip


def _of(erratum, texts):
    """Return the text that belongs to the chosen slip."""
    chosen = ""
    for i, text in enumerate(texts):
        chosen = choose(erratum == i, text, chosen)
    return chosen


def _published(erratum):
    """Return how the chosen form was published."""
    return _of(erratum, [PUBLISHED[everything()[place].kind] for place in places()])


def _size(residual):
    """Return the decimal logarithm of a residual, within what is drawn."""
    return np.log10(np.clip(residual, FINE, COARSE))


def _all(live):
    """Return the table of all slips: those of a run as they are now, the others as they were measured."""
    known = [_size(np.array([getattr(one, f"residual_{form}") for one in everything()])) for form in ("published", "correct")]
    for i, now in zip(range(2), live, strict=True):
        rows = [now[places().index(row)] if row in places() else known[i][row] for row in range(len(everything()))]
        known[i] = np.stack(rows)
    return {"y": np.arange(len(everything())), "published": known[0], "correct": known[1]}


def words(tables, erratum, alpha_lam, beta, k):
    """Say how far the published form is off at this step, how far ours, and what went wrong."""
    at = np.arange(N_STEPS + 1) == k
    published, correct = (10 ** np.sum(np.where(at, tables["residual"][form], 0.0)) for form in ("published", "correct"))
    theirs = choose(published >= COARSE, "more than a thousand", significant(published, 2))
    ours = choose(correct > 1.01 * FINE, say("by {}", significant(correct, 2)), "by less than 10⁻¹⁰")
    form = _published(erratum)
    wrong = say("Step {}: {} it is off by {} times the largest true value, as here {}.", fixed(k, 0), form, theirs, ours)
    same = say("Step {}: here both forms agree with the truth; another step or another momentum tells them apart.", fixed(k, 0))
    reason = _of(erratum, [everything()[place].sentence for place in places()])
    return say("{} {}", choose(published > 1.01 * FINE, wrong, same), reason)


class Errata(Figure):
    """Each published form that fails, beside the truth and the form that holds."""

    title = "What we do not repeat"
    State = Doubt
    columns = staticmethod(columns)
    words = staticmethod(words)
    handles = (Handle("residual", "k", None, "Step", at=-10.0),)
    labels = (
        Label("course", "names", "truth", x=N_STEPS, y=2.7, dx=-4, dy=2, align="end"),
        Label("course", "names", "correct", x=N_STEPS, y=2.7, dx=-4, dy=20, align="end", role="deterministic"),
        Label("course", "what", "published", x=N_STEPS, y=2.7, dx=-4, dy=38, align="end", role="stochastic"),
        Label("course", "what", "quantity", x=N_STEPS, y=-1.7, dx=-4, dy=-20, align="end", role="muted"),
        Label("all", "live", "title", x=-9.7, y="y", dy=-8),
        Label("all", "measured", "title", x=-9.7, y="y", dy=-8, role="muted"),
    )
    layout = '"course all" 270px "residual all" auto / 1fr 1fr'

    def build(self):
        """Draw the course of the chosen quantity, both residuals along it, and those of all slips."""
        titles = [title_of(one.name) for one in everything()]
        others = [row for row in range(len(titles)) if row not in places()]
        for table, rows in (("live", places()), ("measured", others)):
            self.add_source(table, y=rows, title=[titles[row] for row in rows])
        self.add_source(
            "names",
            truth=["dots: the truth, from a loop"],
            correct=["line: as here"],
        )
        return {"course": self._course(), "residual": self._residual(), "all": self._all(len(titles))}

    def _course(self):
        plot = style.lean_plot(
            (0, N_STEPS), (-1.7, 2.7), height=260, x_axis="step k", y_axis="largest truth = 1", y_ticks=[-1, 0, 1]
        )
        self._now(plot)
        self.draw(plot, "course", Line(x="k", y="published", line_width=2, line_dash="dashed"), line_color="stochastic")
        self.draw(plot, "course", Line(x="k", y="correct", line_width=2), line_color="deterministic")
        self.draw(plot, "course", Scatter(x="k", y="truth", size=5, line_color=None), fill_color="text")
        return plot

    def _residual(self):
        plot = style.lean_plot(
            (0, N_STEPS), (-11, 3.5), height=260, x_axis="step k", y_axis="off by",
            y_ticks={size: SIZES[size] for size in (-10, 0, 3)},
        )  # fmt: skip
        self._now(plot)
        for form, role, dash in (("published", "stochastic", "dashed"), ("correct", "deterministic", "solid")):
            self.draw(plot, "residual", Line(x="k", y=form, line_width=2, line_dash=dash), line_color=role)
        return plot

    def _now(self, plot):
        rule = Segment(x0="k", x1="k", y0="bottom", y1="top", line_width=1, line_dash="dotted")
        self.draw(plot, "now", rule, line_color="accent")

    def _all(self, rows):
        plot = style.lean_plot((-10.6, 3.6), (rows - 0.4, -0.6), height=60 + 16 * rows, x_axis="off by at most", x_ticks=SIZES)
        band = HBar(y="y", left=-10.6, right=3.6, height=1, fill_alpha=0.18, line_color=None)
        self.draw(plot, "row", band, fill_color="accent")
        self.draw(plot, "all", Scatter(x="published", y="y", size=8, marker="x", line_width=2), line_color="stochastic")
        self.draw(plot, "all", Scatter(x="correct", y="y", size=6, line_color=None), fill_color="deterministic")
        return plot
