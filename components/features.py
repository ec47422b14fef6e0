"""Features side by side: each in a lane of its own, with a fader for its weight. What the two figures of features share."""

from typing import NamedTuple

import numpy as np
from bokeh.models import Scatter, Segment
from bokeh.models.glyphs import Line

from components import regression, style
from components.overlay import Handle, Label, Mark
from components.regression import FAR, HANDLES, N_FEATURES, PROBLEM, XI, best_curve, cleared, draw_fit, loss, residuals
from simulation.polynomials import POSITIONS, best_alone, normal_equations, optimum
from simulation.words import choose, say, significant

ROWS = {"first": (0, 3), "second": (3, 6)}
"""The plots of the lanes, and which lanes they show."""
ROOM = (0.08, 0.54)
"""The part of a lane where the feature is drawn."""
FADER = 0.61
"""Where in a lane the fader stands."""
ASIDE = 0.06
"""How far the lanes are moved to the left, so that a phone has room for what stands beside the last fader."""
ABOVE, BELOW = 1.6, 1.68
"""How far a lane reaches up and down, in heights of a fader."""
BEYOND = 1.33
"""Where the arrow stands, in heights of a fader, if the best place lies beyond its end."""
SHAPE = 0.6
"""How high the dotted shapes are, in heights of a fader."""
N_POINTS = 57
"""Points of a feature in its lane."""


class Basis(NamedTuple):
    """Features, each scaled so that the height of its fader is the height of its graph.

    at_observations (m, n), on_view (len(XI), n) and in_lane (N_POINTS, n) hold the scaled features' values, in_lane at the
    positions from -wide to wide. units (n,) turn heights into weights, from_eigenweights (n, n) those of the eigenfeatures
    into weights. `reach` is the height of a fader; each feature has a Parameter, a weight, a name and perhaps a note. With
    `shapes`, each is drawn dotted behind its term, too, so that it can be seen while its term is too small.
    """

    at_observations: np.ndarray
    on_view: np.ndarray
    in_lane: np.ndarray
    wide: float
    units: np.ndarray
    from_eigenweights: np.ndarray
    reach: float
    parameters: tuple
    weights: tuple
    names: tuple
    notes: tuple = ("",) * N_FEATURES
    shapes: bool = False


def columns(basis, heights, d):
    """Return the curve and the best fit, the residuals, the terms in their lanes, and where each weight alone is best."""
    A, b = normal_equations(basis.at_observations, d)
    targets = cleared(best_alone(A, b, heights))
    fitted = basis.at_observations @ heights
    lanes = np.arange(N_FEATURES)
    places = np.mean(ROOM) + POSITIONS * (ROOM[1] - ROOM[0]) / 2 / basis.wide
    weights, fit = heights * basis.units, cleared(basis.from_eigenweights @ optimum(PROBLEM, d))
    yours, least = loss(fitted, d), loss(PROBLEM.Z @ PROBLEM.Q @ optimum(PROBLEM, d), d)
    return {
        "curves": {"xi": XI, "model": np.clip(basis.on_view @ heights, -FAR, FAR), "best": best_curve(d)},
        "residuals": residuals(fitted, d),
        "terms": _graphs(basis, heights),
        "seen": {"x": np.ravel(lanes[:, None] + places), "y": np.ravel(np.transpose(basis.at_observations * heights))},
        "targets": {
            "x": lanes + FADER,
            "y": np.clip(targets, -basis.reach, basis.reach),
            "bar": np.where(_beyond(basis, targets), np.nan, targets),
            "gain": _gains(A, heights, targets, basis.reach),
        },
        **{row: _said(basis, weights, fit, targets, *ends) for row, ends in ROWS.items()},
        "said": {
            "loss": np.reshape(yours, (1,)),
            "least": np.reshape(least, (1,)),
            "line_0": [say("your curve: loss {}", significant(yours, 3))],
            "line_1": [say("best fit: loss {}", significant(least, 3))],
        },
    }


def _graphs(basis, heights):
    """Return the features at these heights, each in its lane, as columns of one line."""
    along = np.append(np.linspace(*ROOM, N_POINTS), np.nan)
    graphs = np.clip(np.transpose(basis.in_lane * heights), -FAR, FAR)
    lift = np.full((N_FEATURES, 1), np.nan)
    return {
        "x": np.ravel(np.arange(N_FEATURES)[:, None] + along),
        "y": np.ravel(np.concatenate([graphs, lift], axis=1)),
    }


def _beyond(basis, targets):
    """Return which faders end before their best place."""
    return np.abs(targets) > basis.reach * (1 + 1e-9)


def _said(basis, weights, fit, targets, first, last):
    """Return the table of a row's texts: each term, its weight in the best fit, and its best weight if that is out of reach."""
    lanes, beyond, up = np.arange(first, last), _beyond(basis, targets), targets[first:last] > 0
    place = np.where(up, BEYOND, -BEYOND) * basis.reach
    return {
        "x": lanes + ROOM[0],
        "fader": lanes + FADER,
        "place": place,
        "arrow": np.where(beyond[first:last], place, np.nan),
        "turn": np.where(up, 0.0, np.pi),
        "beyond": [choose(beyond[i], significant(targets[i] * basis.units[i], 3), "") for i in range(first, last)],
        "term": [_term(weights[i], i, basis.names[i]) for i in range(first, last)],
        "fit": [say("best fit {}", significant(fit[i], 3)) for i in range(first, last)],
        "note": list(basis.notes[first:last]),
    }


def _term(weight, i, name):
    """Return the term as it stands in the sum."""
    sign = choose(weight < 0, "", "+") if i else ""
    return say("{}{} {}", sign, significant(weight, 3), name)


def _gains(A, heights, targets, reach):
    """Return what the loss loses if one fader alone goes as close to its target as it can."""
    left = np.clip(targets, -reach, reach) - targets
    return 0.5 * A.diagonal() * ((heights - targets) ** 2 - left * left)


def words(basis, tables):
    """Say the losses, the one move that would help most, and the best places that are out of reach."""
    targets, gain = tables["targets"]["y"] * basis.units, tables["targets"]["gain"]
    most = np.max(gain)
    best = ""
    for i, name in enumerate(basis.weights):
        best = choose(gain[i] >= most, say("{} to {}", name, significant(targets[i], 3)), best)
    yours, least = (significant(tables["said"][name][0], 3) for name in ("loss", "least"))
    helps = say("The one move that helps most is {}, which takes {} off.", best, significant(most, 2))
    done = "No change of a single weight within its fader makes it better by as much as 0.001."
    said = say("The loss of your curve is {}, that of the best fit {}. {}", yours, least, choose(most < 1e-3, done, helps))
    beyond = np.isnan(tables["targets"]["bar"])
    places = [text for row in ROWS for text in tables[row]["beyond"]]
    found = ""
    for i, (name, place) in enumerate(zip(basis.weights, places, strict=True)):
        comma = choose(np.any(beyond[:i]), ", ", "") if i else ""
        found = choose(beyond[i], say("{}{}{} at {}", found, comma, name, place), found)
    return choose(np.any(beyond), say("{} Best places beyond the ends of their faders: {}.", said, found), said)


def _row(i):
    return next(row for row, (first, last) in ROWS.items() if first <= i < last)


def handles(basis):
    """Return the handles of the observations and of the faders."""
    faders = (Handle(_row(i), None, name, "Fader", at=i + FADER) for i, name in enumerate(basis.parameters))
    return (*HANDLES, *faders)


def marks(basis):
    """Return a mark at the best place of each fader, which a click sends it to."""
    return tuple(Mark(_row(i), "targets", "best", sets_y=name, row=i) for i, name in enumerate(basis.parameters))


def _room(basis):
    """Return the room for the notes under a row, in heights of a fader."""
    return 0.35 if any(basis.notes) else 0.0


def _y_range(basis):
    return -(BELOW + _room(basis)) * basis.reach, ABOVE * basis.reach


def labels(basis):
    """Return the labels of the lanes and of the two curves."""
    bottom, top = _y_range(basis)
    terms = [Label(row, row, "term", y=top, dy=-6, role="accent") for row in ROWS]
    lines = (("fit", -28), ("note", -11)) if _room(basis) else (("fit", -11),)
    under = [Label(row, row, text, y=bottom, dy=dy, role="muted") for row in ROWS for text, dy in lines]
    beyond = [Label(row, row, "beyond", x="fader", y="place", dx=10, dy=-8) for row in ROWS]
    return (*terms, *under, *beyond, *regression.labels("accent", "muted"))


def draw(figure, basis):
    """Return the plots: the curve among the observations, and the two rows of lanes."""
    curves = {
        "best": ("muted", {"line_width": 1.5, "line_dash": "dashed"}),
        "model": ("accent", {"line_width": 2}),
    }
    lanes = np.arange(N_FEATURES)
    if basis.shapes:
        figure.add_source("shapes", **_graphs(basis, SHAPE * basis.reach / np.abs(basis.in_lane).max(axis=0)))
    figure.add_source("floors", x0=lanes + ROOM[0], x1=lanes + ROOM[1], y=0 * lanes)
    figure.add_source("tracks", x=lanes + FADER, y0=0 * lanes - basis.reach, y1=0 * lanes + basis.reach)
    return {"fit": draw_fit(figure, height=300, curves=curves)} | {
        row: _draw_row(figure, basis, row, ends) for row, ends in ROWS.items()
    }


def _draw_row(figure, basis, row, ends):
    bottom, top = _y_range(basis)
    plot = style.lean_plot(
        (ends[0] + ASIDE, ends[1] + ASIDE), (bottom, top), height=round(14 + 52 * (top - bottom) / basis.reach)
    )
    figure.draw(plot, "floors", Segment(x0="x0", x1="x1", y0="y", y1="y", line_width=1), line_color="rule")
    figure.draw(plot, "tracks", Segment(x0="x", x1="x", y0="y0", y1="y1", line_width=3), line_color="rule")
    if basis.shapes:
        figure.draw(plot, "shapes", Line(x="x", y="y", line_width=1, line_dash="dotted"), line_color="muted")
    figure.draw(plot, "terms", Line(x="x", y="y", line_width=1.5), line_color="accent")
    figure.draw(plot, "seen", Scatter(x="x", y="y", size=5, line_color=None), fill_color="accent")
    figure.draw(plot, "targets", Scatter(x="x", y="bar", marker="dash", size=22, line_width=2.5), line_color="text")
    arrow = Scatter(x="fader", y="arrow", angle="turn", marker="triangle", size=10, line_color=None)
    figure.draw(plot, row, arrow, fill_color="text")
    return plot
