"""Figure: eigenfeatures. The same curve from features that do not meddle with each other, from robust to fragile."""

import numpy as np
import param

from components import features
from components.features import N_POINTS, Basis
from components.figure import Figure
from components.regression import (
    FEATURES,
    N_FEATURES,
    N_OBSERVATIONS,
    OBSERVED,
    PROBLEM,
    START,
    SUBSCRIPTS,
    Observations,
    together,
)
from simulation.polynomials import eigenfeatures
from simulation.words import say, significant

REACH = 1.5
WIDE = 0.64
"""How far a lane reaches to either side: a little beyond the observations, where the fragile features leave any frame."""
ORDER = np.arange(N_FEATURES)[::-1]
"""From the largest eigenvalue to the smallest."""
LAMS = PROBLEM.lams[ORDER]
UNITS = np.sqrt(N_OBSERVATIONS / LAMS)
"""The weight that gives each eigenfeature a root mean square of 1 over the observed positions: the height 1 of its fader."""
DIGITS = 4
"""Of a height: the weights of the fragile features are told apart by so many."""
OPENING = dict(zip(ORDER.tolist(), ((PROBLEM.Q.T @ START)[ORDER] / UNITS).round(DIGITS).tolist(), strict=True))
"""The heights with which the curve is the one of the monomials, w = Qx."""
ERROR = 0.1
"""How much each observation may be off, where the words say what that does."""


def _scaled(values):
    return values[:, ORDER] * UNITS


BASIS = Basis(
    at_observations=_scaled(eigenfeatures(PROBLEM, PROBLEM.Z[:, 1])),
    on_view=_scaled(FEATURES),
    in_lane=_scaled(eigenfeatures(PROBLEM, np.linspace(-WIDE, WIDE, N_POINTS))),
    wide=WIDE,
    units=UNITS,
    from_eigenweights=np.eye(N_FEATURES)[ORDER],
    reach=REACH,
    parameters=tuple(f"height_{i + 1}" for i in ORDER),
    weights=tuple(f"x{i + 1}".translate(SUBSCRIPTS) for i in ORDER),
    names=tuple(f"p̄{i + 1}".translate(SUBSCRIPTS) for i in ORDER),
    notes=tuple(f"{f'λ{i + 1}'.translate(SUBSCRIPTS)} = {significant(PROBLEM.lams[i])}" for i in ORDER),
    shapes=True,
)


def _height(i):
    return param.Number(
        OPENING[i - 1],
        bounds=(-REACH, REACH),
        step=10.0**-DIGITS,
        label=f"Weight x{i}".translate(SUBSCRIPTS),
        doc=f"Weight of eigenfeature {i}, as the root mean square of its term over the observed positions.",
    )


class Heights(Observations):
    """The weight of each eigenfeature, from the most robust to the most fragile, and the observations."""

    height_6 = _height(6)
    height_5 = _height(5)
    height_4 = _height(4)
    height_3 = _height(3)
    height_2 = _height(2)
    height_1 = _height(1)


def columns(**numbers):
    """Return the sum of the eigenfeatures among the observations, each of them, and where its weight is best."""
    return features.columns(BASIS, together(numbers, BASIS.parameters), together(numbers, OBSERVED))


def words(tables, **numbers):
    """Say how good the curve is, the one move of a fader that helps most, and what an error of the observations does."""
    firm, weak = (significant(ERROR / np.sqrt(lam), 2) for lam in (LAMS[0], LAMS[-1]))
    fragile = say(
        "If each observation is off by about {}, {} is off by {}, and {} by {}.",
        f"{ERROR:g}",
        BASIS.weights[0],
        firm,
        BASIS.weights[-1],
        weak,
    )
    return say("{} {}", features.words(BASIS, tables), fragile)


def readouts(height_6, height_5, height_4, height_3, height_2, height_1):
    """Return the weights themselves, to be read instead of their heights."""
    heights = (height_6, height_5, height_4, height_3, height_2, height_1)
    return {
        name: significant(height * unit, 3) for name, height, unit in zip(BASIS.parameters, heights, UNITS.tolist(), strict=True)
    }


class Eigenfeatures(Figure):
    """In the eigenbasis each weight has its own best value, whatever the others do; the fragile ones hear every error."""

    title = "The same curve from six eigenfeatures"
    State = Heights
    columns = staticmethod(columns)
    words = staticmethod(words)
    readouts = staticmethod(readouts)
    handles = features.handles(BASIS)
    marks = features.marks(BASIS)
    labels = features.labels(BASIS)
    unseen = OBSERVED
    ticks = {
        name: {height: significant(height * unit, 3) for height in (-REACH, 0.0, REACH)}
        for name, unit in zip(BASIS.parameters, UNITS.tolist(), strict=True)
    }

    def build(self):
        """Draw the curve among the observations, and the eigenfeatures that it is the sum of."""
        return features.draw(self, BASIS)
