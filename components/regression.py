"""What the figures of polynomial regression share: ten observations to drag, and the plot of the curves that should meet them."""

import numpy as np
import param
from bokeh.models import Segment
from bokeh.models.glyphs import Line

from components import style
from components.overlay import Handle, Label
from simulation.polynomials import OBSERVATIONS, POSITIONS, eigenfeatures, optimum, regression

PROBLEM = regression()
N_OBSERVATIONS, N_FEATURES = PROBLEM.Z.shape
VIEW, TOP = 0.7, 4.0
"""How far the plot reaches to either side, and up and down."""
HIGHEST = 3.5
"""How far an observation can be dragged, up and down."""
START = np.array([-2.0, -2.0, 2.0, 2.0, 2.0, -2.0])
"""The weights of the monomials in the curve that a reader turns by hand, whichever the features, as it opens."""
XI = np.linspace(-VIEW, VIEW, 141)
FEATURES = eigenfeatures(PROBLEM, XI)
FAR = 50.0
"""Where a curve is cut off: far outside the view, well inside what a canvas can draw."""
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def _observation(i):
    return param.Number(
        OBSERVATIONS[i - 1].item(),
        bounds=(-HIGHEST, HIGHEST),
        step=0.01,
        label=f"d{i}".translate(SUBSCRIPTS),
        doc=f"What was observed at position {POSITIONS[i - 1]:g}.",
    )


class Observations(param.Parameterized):
    """What is observed at the ten positions."""

    d_1 = _observation(1)
    d_2 = _observation(2)
    d_3 = _observation(3)
    d_4 = _observation(4)
    d_5 = _observation(5)
    d_6 = _observation(6)
    d_7 = _observation(7)
    d_8 = _observation(8)
    d_9 = _observation(9)
    d_10 = _observation(10)


OBSERVED = tuple(f"d_{i}" for i in range(1, N_OBSERVATIONS + 1))
HANDLES = tuple(
    Handle("fit", None, name, f"Observation {i}", at=position.item())
    for i, (name, position) in enumerate(zip(OBSERVED, POSITIONS, strict=True), start=1)
)


def together(numbers, names):
    """Return the named numbers as one array."""
    return np.stack([numbers[name] for name in names])


def best_curve(d):
    """Return the curve that fits the observations best, at `XI`."""
    return np.clip(FEATURES @ optimum(PROBLEM, d), -FAR, FAR)


def cleared(x):
    """Return x with 0 for what is only rounding."""
    return np.where(np.abs(x) < 1e-6, 0.0, x)


def loss(fitted, d):
    """Return 1/2 the sum of the squared residuals."""
    return cleared(0.5 * np.sum((fitted - d) ** 2))


def residuals(fitted, d):
    """Return the table of the gaps between a curve and the observations."""
    return {"xi": POSITIONS, "d": d, "fitted": np.clip(fitted, -FAR, FAR)}


def draw_fit(figure, *, height, curves):
    """Return the plot of the curves of table `curves` over the residuals; `curves` maps column -> (role, options)."""
    ticks = [-0.6, -0.4, 0, 0.4, 0.6]
    plot = style.lean_plot((-VIEW, VIEW), (-TOP, TOP), height=height, x_axis="position ξ", y_axis="observed d", x_ticks=ticks)
    gaps = Segment(x0="xi", x1="xi", y0="fitted", y1="d", line_width=1)
    figure.draw(plot, "residuals", gaps, line_color="muted")
    for column, (role, options) in curves.items():
        figure.draw(plot, "curves", Line(x="xi", y=column, **options), line_color=role)
    return plot


def labels(*roles):
    """Return labels one under the other between the two clusters; table `said` holds their texts in columns `line_N`."""
    return tuple(
        Label("fit", "said", f"line_{i}", x=0.0, y=-TOP, dy=18 * (i - len(roles)) - 4, align="middle", role=role)
        for i, role in enumerate(roles)
    )
