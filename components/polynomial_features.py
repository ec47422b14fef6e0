"""Figure: polynomial features. Six monomials, six weights, and no way to turn one without spoiling the others."""

import numpy as np
import param

from components import features
from components.features import N_POINTS, Basis
from components.figure import Figure
from components.regression import OBSERVED, PROBLEM, START, SUBSCRIPTS, XI, Observations, together
from simulation.polynomials import DEGREE, design_matrix

REACH = 6.0
POWERS = ("", "ξ", "ξ²", "ξ³", "ξ⁴", "ξ⁵")
BASIS = Basis(
    at_observations=PROBLEM.Z,
    on_view=design_matrix(XI, DEGREE),
    # Up to ξ = 1, where each monomial is 1: its graph ends as high as its fader.
    in_lane=design_matrix(np.linspace(-1, 1, N_POINTS), DEGREE),
    wide=1.0,
    units=np.ones(DEGREE + 1),
    from_eigenweights=PROBLEM.Q,
    reach=REACH,
    parameters=tuple(f"w_{i}" for i in range(1, DEGREE + 2)),
    weights=tuple(f"w{i}".translate(SUBSCRIPTS) for i in range(1, DEGREE + 2)),
    names=POWERS,
)


def _weight(i):
    return param.Number(
        START[i - 1].item(),
        bounds=(-REACH, REACH),
        step=0.01,
        label=f"Weight w{i}".translate(SUBSCRIPTS),
        doc=f"Weight of the monomial of degree {i - 1}.",
    )


class Weights(Observations):
    """The weight of each monomial, and the observations."""

    w_1 = _weight(1)
    w_2 = _weight(2)
    w_3 = _weight(3)
    w_4 = _weight(4)
    w_5 = _weight(5)
    w_6 = _weight(6)


def columns(**numbers):
    """Return the sum of the monomials among the observations, each monomial, and where its weight alone would be best."""
    return features.columns(BASIS, together(numbers, BASIS.parameters), together(numbers, OBSERVED))


def words(tables, **numbers):
    """Say how good the curve is, and the one move of a fader that helps most."""
    return features.words(BASIS, tables)


class PolynomialFeatures(Figure):
    """Monomials resemble each other where the data lie: whatever one weight mends, the others must mend again."""

    title = "A curve from six monomials"
    State = Weights
    columns = staticmethod(columns)
    words = staticmethod(words)
    handles = features.handles(BASIS)
    marks = features.marks(BASIS)
    labels = features.labels(BASIS)
    unseen = OBSERVED
    ticks = {name: {-REACH: "−6", 0: "0", REACH: "6"} for name in BASIS.parameters}

    def build(self):
        """Draw the curve among the observations, and the monomials that it is the sum of."""
        return features.draw(self, BASIS)
