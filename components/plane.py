"""The plane of step-size and momentum: a shared control, drawn the same wherever it appears."""

import numpy as np
from bokeh.models import Scatter, Segment
from bokeh.models.glyphs import Line

from simulation.rates import stability_limit

ALPHA_LAM_RANGE = (0.0, 4.0)
BETA_RANGE = (0.0, 1.0)
EDGE = 1e-3
"""How far inside the boundary a handle is kept."""


def crosshair(alpha_lam, beta):
    """Return the table of the two lines that meet at the handle; pure and traceable."""
    return {
        "x0": np.stack([alpha_lam, alpha_lam * 0 + ALPHA_LAM_RANGE[0]]),
        "y0": np.stack([beta * 0 + BETA_RANGE[0], beta]),
        "x1": np.stack([alpha_lam, alpha_lam]),
        "y1": np.stack([beta, beta]),
    }


def confined(alpha_lam, beta):
    """Return the nearest parameters inside the stability trapezoid, at the same momentum; pure and traceable."""
    return {"alpha_lam": np.minimum(alpha_lam, stability_limit(beta) - EDGE), "beta": beta}


def draw_plane(figure, plot, *, optimum):
    """Draw the boundary of stability, the cross-hair and the optimum's dot on a plot of the plane."""
    beta = np.linspace(*BETA_RANGE, 2)
    figure.add_source("boundary", x=stability_limit(beta), y=beta)
    figure.draw(plot, "boundary", Line(x="x", y="y", line_width=1.5), line_color="boundary")
    figure.draw(
        plot,
        "crosshair",
        Segment(x0="x0", y0="y0", x1="x1", y1="y1", line_width=1, line_dash="dotted"),
        line_color="accent",
    )
    figure.draw(plot, optimum, Scatter(x="x", y="y", size=7, line_color=None), fill_color="text")
