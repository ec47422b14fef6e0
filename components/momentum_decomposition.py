"""Figure: the error of momentum, one eigen-component at a time, with step-size and momentum in one plane."""

import numpy as np
import param

from components import style
from components.decomposition import LAMS, N_STEPS, STEP_LABELS, draw_stack, draw_steps, stack, steps, steps_in_words
from components.figure import Figure
from components.overlay import Handle, Mark
from components.plane import ALPHA_LAM_RANGE, BETA_RANGE, confined, crosshair, draw_plane, lasting
from simulation.decomposition import heavy_ball_components
from simulation.rates import optimal_heavy_ball, rate_in_words, worst_rate
from simulation.words import choose, fixed, grouped, say, significant

OPTIMUM = optimal_heavy_ball(LAMS[0], LAMS[-1])
BEST_ALPHA_LAM = float(OPTIMUM.alpha * LAMS[-1])
BEST_BETA = float(OPTIMUM.beta)


class Tuning(param.Parameterized):
    """Step-size and momentum, to be chosen together."""

    alpha_lam = param.Number(
        BEST_ALPHA_LAM, bounds=ALPHA_LAM_RANGE, step=0.001, label="Step-size αλ₃", doc="Step-size times the largest eigenvalue."
    )
    beta = param.Number(BEST_BETA, bounds=BETA_RANGE, step=0.001, label="Momentum β", doc="Share of the velocity that is kept.")


def columns(alpha_lam, beta):
    """Return the stacked contributions, their highest sum, the last step of each above the tolerance, and the cross-hair."""
    losses = heavy_ball_components(alpha_lam, beta, LAMS, N_STEPS)
    total = np.sum(losses, axis=1)
    peak = np.max(total)
    k = np.min(np.where(total >= peak, np.arange(N_STEPS + 1), N_STEPS))
    return {
        "stack": stack(losses),
        "steps": steps(losses),
        "peak": {"k": np.reshape(k, (1,)), "times": np.reshape(peak / total[0], (1,))},
        "crosshair": crosshair(alpha_lam, beta),
    }


def words(tables, alpha_lam, beta):
    """Say the rate, how high the loss climbs, and the last steps."""
    times, k = tables["peak"]["times"][0], tables["peak"]["k"][0]
    high = choose(times < 99.5, significant(times, 2), grouped(times))
    climbs = say("The loss climbs to {} times its start, at step {}. ", high, fixed(k, 0))
    settled = say(
        "Rate {} a step. {}{}",
        rate_in_words(worst_rate(alpha_lam, beta, LAMS)), choose(times > 1.005, climbs, ""), steps_in_words(tables["steps"]),
    )  # fmt: skip
    return lasting(alpha_lam, beta, settled)


class MomentumDecomposition(Figure):
    """With two knobs the ends of the spectrum no longer fight: one pair serves both, after a first climb."""

    title = "Decomposing the error, with momentum"
    labels = STEP_LABELS
    State = Tuning
    columns = staticmethod(columns)
    words = staticmethod(words)
    confine = staticmethod(confined)
    handles = (Handle("plane", "alpha_lam", "beta", "Step-size and momentum"),)
    marks = (Mark("plane", "optimum", "optimum", "alpha_lam", "beta"),)
    layout = '"plane stack" 260px "steps stack" auto / 1fr 2fr'

    def build(self):
        """Draw the plane, the stack over the steps, and the last step of each component."""
        self.add_source("optimum", x=[BEST_ALPHA_LAM], y=[BEST_BETA])
        plane = style.lean_plot(ALPHA_LAM_RANGE, BETA_RANGE, height=250, x_axis="step-size αλ₃", y_axis="momentum β")
        draw_plane(self, plane, optimum="optimum")
        return {"plane": plane, "stack": draw_stack(self, height=440, top=8), "steps": draw_steps(self, height=180)}
