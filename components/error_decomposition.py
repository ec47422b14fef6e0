"""Figure: the error of gradient descent, one eigen-component at a time."""

import numpy as np
import param

from components.decomposition import LAMS, N_STEPS, STEP_LABELS, draw_stack, draw_steps, stack, steps, steps_in_words
from components.figure import Figure
from components.plane import lasting
from simulation.decomposition import gradient_descent_components
from simulation.rates import cost_alike, gradient_descent_rate, optimal_gradient_descent, rate_in_words
from simulation.words import choose, say

OPTIMUM = optimal_gradient_descent(LAMS[0], LAMS[-1])
BEST_ALPHA_LAM = float(OPTIMUM.alpha * LAMS[-1])


class StepSize(param.Parameterized):
    """The one thing to choose in gradient descent."""

    alpha_lam = param.Number(
        BEST_ALPHA_LAM, bounds=(0, 2), step=0.001, label="Step-size αλ₃", doc="Step-size times the largest eigenvalue."
    )


def columns(alpha_lam):
    """Return the stacked contributions of the eigen-components, and the last step of each above the tolerance."""
    losses = gradient_descent_components(alpha_lam, LAMS, N_STEPS)
    return {"stack": stack(losses), "steps": steps(losses)}


def words(tables, alpha_lam):
    """Say the rate, and which direction holds it back."""
    slow, fast = (gradient_descent_rate(alpha_lam * lam / LAMS[-1]) for lam in (LAMS[0], LAMS[-1]))
    culprit = choose(cost_alike(slow, fast), "both ends", choose(slow > fast, "the flattest direction", "the steepest direction"))
    rate = rate_in_words(np.maximum(slow, fast))
    settled = say("Rate {} a step, set by {}. {}", rate, culprit, steps_in_words(tables["steps"]))
    edge = say("Rate 1: the steepest direction jumps from side to side for ever. {}", steps_in_words(tables["steps"]))
    return lasting(alpha_lam, 0.0, settled, edge=edge)


class ErrorDecomposition(Figure):
    """Each direction shrinks at its own pace: the largest and the smallest eigenvalue fight over one step-size."""

    title = "Decomposing the error"
    labels = STEP_LABELS
    State = StepSize
    columns = staticmethod(columns)
    words = staticmethod(words)
    ticks = {"alpha_lam": {BEST_ALPHA_LAM: "optimum"}}
    layout = '"stack steps" / 2fr 1fr'

    def build(self):
        """Draw the stack over the steps, and the last step of each component."""
        return {"stack": draw_stack(self, height=300, top=1.5), "steps": draw_steps(self, height=300)}
