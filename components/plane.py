"""The plane of step-size and momentum: a shared control, drawn the same wherever it appears."""

import numpy as np
from bokeh.models import Scatter, Segment
from bokeh.models.glyphs import Line

from simulation.rates import fate, stability_limit
from simulation.words import say, significant

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


def lasting(alpha_lam, beta, settled, *, still=None, edge=None, frozen=None, corner=None, gone=None):
    """Return what becomes of a run at these parameters: `settled` where it dies out, else why it does not; pure and traceable.

    Each of the other five sentences (see `simulation.rates.fate`) has words that suit every problem, and can be given others.
    """
    limit = significant(stability_limit(beta), 4)
    said = {
        "still": "No step-size, no movement: the error stays where it starts.",
        "edge": say("At the limit αλ = 2 + 2β = {} itself the steepest direction swings from side to side for ever.", limit),
        "frozen": "With β = 1 nothing is ever lost: the error swings for ever.",
        "corner": "At αλ = 4 with β = 1 the steepest direction swings wider at every step, by as much each time.",
        "gone": say("Divergence: beyond αλ = 2 + 2β = {} the steepest direction grows without end.", limit),
    }
    given = {"still": still, "edge": edge, "frozen": frozen, "corner": corner, "gone": gone}
    return fate(alpha_lam, beta, settled, **said | {name: text for name, text in given.items() if text is not None})


def draw_plane(figure, plot, *, optimum):
    """Draw the boundary of stability, the cross-hair and the optimum's dot on a plot of the plane.

    What is drawn has a rim of the page's colour, so that it stands out from whatever lies beneath it.
    """
    beta = np.linspace(*BETA_RANGE, 2)
    figure.add_source("boundary", x=stability_limit(beta), y=beta)
    figure.draw(plot, "boundary", Line(x="x", y="y", line_width=5), line_color="page")
    figure.draw(plot, "boundary", Line(x="x", y="y", line_width=1.5), line_color="boundary")
    figure.draw(
        plot,
        "crosshair",
        Segment(x0="x0", y0="y0", x1="x1", y1="y1", line_width=1, line_dash="dotted"),
        line_color="accent",
    )
    figure.draw(plot, optimum, Scatter(x="x", y="y", size=8, line_width=1.5), fill_color="text", line_color="page")
