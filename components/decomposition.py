"""What the two decompositions of the error share: the stack of contributions, and how long each one lasts."""

import numpy as np
from bokeh.models import HBar, LinearColorMapper, Quad

from components import style
from components.overlay import Label
from simulation.decomposition import last_step_above
from simulation.words import choose, fixed, say

LAMS = np.array([0.01, 0.1, 1.0])
N_STEPS = 150
TOLERANCE = 0.01
"""Each part starts at 1/2."""
BAR = 0.8
"""Width of a bar, in steps."""
FAR = 1e3
"""Where a diverging bar is cut off: far outside the view, well inside what a canvas can draw."""


def stack(losses):
    """Return the table of bars, one a step and component, each on top of the one before; shape (n, 3) -> 3 n rows."""
    finite = np.where(np.isfinite(losses), np.clip(losses, 0, FAR), FAR)
    top = np.stack([finite[:, 0], finite[:, 0] + finite[:, 1], finite[:, 0] + finite[:, 1] + finite[:, 2]], axis=1)
    n = losses.shape[0]
    k = np.repeat(np.arange(n), len(LAMS))
    return {
        "left": k - BAR / 2,
        "right": k + BAR / 2,
        "bottom": np.reshape(top - finite, (-1,)),
        "top": np.reshape(top, (-1,)),
        "component": np.tile(np.arange(len(LAMS)), n),
    }


def steps(losses):
    """Return the table of the last step at which each component is above the tolerance, with its label."""
    taken = last_step_above(losses, TOLERANCE)
    return {
        "component": np.arange(len(LAMS)),
        "steps": taken,
        "label": [say("λ = {}: {}", f"{lam:g}", _count(taken[i])) for i, lam in enumerate(LAMS)],
    }


def _count(taken):
    return choose(taken >= N_STEPS, f"not within {N_STEPS}", fixed(taken, 0))


def steps_in_words(table):
    """Return the sentence about the last steps of the three components."""
    last, tolerance = table["steps"], f"{TOLERANCE:g}"
    counts = [_count(last[i]) for i in range(len(LAMS))]
    settling = say("Last step above {}, flattest direction first: {}, {}, {}.", tolerance, *counts)
    return choose(np.min(last) >= N_STEPS, f"At step {N_STEPS} all parts are still above {tolerance}.", settling)


def draw_stack(figure, *, height, top):
    """Return the plot of the stacked contributions over the steps."""
    plot = style.lean_plot((-1, N_STEPS + 1), (0, top), height=height, x_axis="step k", y_axis="loss of each part, stacked")
    bars = Quad(left="left", right="right", bottom="bottom", top="top", line_color=None, fill_color=_by_component(figure))
    figure.draw(plot, "stack", bars)
    return plot


def draw_steps(figure, *, height):
    """Return the plot of the last step of each component above the tolerance; `STEP_LABELS` names the bars."""
    plot = style.lean_plot((0, N_STEPS), (2.4, -0.6), height=height, x_axis=f"last step above {TOLERANCE:g}")
    bars = HBar(y="component", height=0.2, left=0, right="steps", line_color=None, fill_color=_by_component(figure))
    figure.draw(plot, "steps", bars)
    return plot


STEP_LABELS = (Label("steps", "steps", "label", x=0, y="component", dy=-27),)


def _by_component(figure):
    mapper = figure.paint(LinearColorMapper(low=0, high=len(LAMS) - 1), palette="components")
    return {"field": "component", "transform": mapper}
