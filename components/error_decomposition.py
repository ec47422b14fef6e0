"""Figure: the error of gradient descent, one eigen-component at a time."""

import param

from components.decomposition import LAMS, N_STEPS, STEP_LABELS, draw_stack, draw_steps, stack, steps, steps_in_words
from components.figure import Figure
from simulation.decomposition import gradient_descent_components
from simulation.rates import gradient_descent_rate, optimal_gradient_descent
from simulation.words import choose, say, significant

OPTIMUM = optimal_gradient_descent(LAMS[0], LAMS[-1])
BEST_ALPHA_LAM = float(OPTIMUM.alpha * LAMS[-1])


class StepSize(param.Parameterized):
    """The one thing to choose in gradient descent."""

    alpha_lam = param.Number(
        BEST_ALPHA_LAM, bounds=(0, 2), step=0.001, label="Step-size αλ₃", doc="Step-size times the largest eigenvalue."
    )


def columns(alpha_lam):
    """Return the stacked contributions of the eigen-components, and the steps each one takes."""
    losses = gradient_descent_components(alpha_lam, LAMS, N_STEPS)
    return {"stack": stack(losses), "steps": steps(losses)}


def words(tables, alpha_lam):
    """Say the rate, and which direction holds it back."""
    slow, fast = (gradient_descent_rate(alpha_lam * lam / LAMS[-1]) for lam in (LAMS[0], LAMS[-1]))
    rate = choose(slow > fast, significant(slow, 3), significant(fast, 3))
    culprit = choose(
        slow > fast + 5e-4, "the flattest direction", choose(fast > slow + 5e-4, "the steepest direction", "both ends")
    )
    return say("Rate {} a step, set by {}. {}", rate, culprit, steps_in_words(tables["steps"]))


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
        """Draw the stack over the steps, and the steps of each component."""
        return {"stack": draw_stack(self, height=300, top=1.5), "steps": draw_steps(self, height=300)}
