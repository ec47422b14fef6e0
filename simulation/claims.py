"""What is often said of momentum elsewhere and does not hold, each claim measured beside what does hold.

The records are those of `simulation.errata`; their number is 0, for they are not the published article's.
"""

import numpy as np

from simulation.counterexample import slope, three_cycle
from simulation.errata import CLAIMS, Erratum, Kind, momentum_step, residual, update_matrix
from simulation.noise import stationary_variance
from simulation.rates import nesterov_rate, optimal_heavy_ball
from simulation.unrolled import geometric_sum
from simulation.update_rules import descend, heavy_ball
from simulation.words import significant


def claims():
    """Return the claims as a list of `Erratum`, measured now.

    >>> for claim in claims():
    ...     print(claim.name, "|", round(claim.residual_published, 3), claim.residual_correct < 1e-7)
    Fast on every convex function | 1.0 True
    The velocity as an average | 0.9 True
    Momentum against noise | 0.9 True
    The rate of Nesterov's method | 0.091 True
    """
    return [_everywhere(), _average(), _quieter(), _nesterov()]


def _everywhere():
    alpha, beta, rate = optimal_heavy_ball(1.0, 25.0)
    run, cycle = descend(heavy_ball(alpha, beta), slope, np.array([3.3]), 601)[599:, 0], three_cycle()
    points = r",\ ".join(f"{{{x:.3f}}}" for x in cycle)
    return _record(
        "Fast on every convex function",
        "The square root of the condition number is proved for quadratics; on other smooth, strongly convex functions the same "
        "parameters can circle for ever, as the published article tells in a footnote.",
        r"x^k \to 0 \ \text{ at the rate } \tfrac{\sqrt\kappa - 1}{\sqrt\kappa + 1}",
        rf"x^k \to ({points},\ \ldots)",
        (run, 3.3 * rate ** np.arange(599.0, 602), cycle),
    )


def _average():
    beta, z = 0.9, 0.0
    for _ in range(400):
        z = beta * z + 1.0
    return _record(
        "The velocity as an average",
        "It is a sum whose weights add up to 1/(1 - beta), and becomes an average only when it is multiplied by 1 - beta.",
        r"\sum_{i} \beta^i = 1",
        r"\sum_{i} \beta^i = \frac{1}{1 - \beta}",
        (z, 1.0, geometric_sum(beta, 400)),
    )


def _quieter():
    alpha, beta, measured = 0.02, 0.9, []
    for b in (0.0, beta):
        R, kick, covariance = update_matrix(momentum_step(alpha, b, 1.0)), np.array([1.0, -alpha]), np.zeros((2, 2))
        for _ in range(3000):
            covariance = R @ covariance @ R.T + np.outer(kick, kick)
        measured.append(covariance[1, 1])
    plain, momentum = stationary_variance(alpha, np.array([0.0, beta]), 1.0, 1.0)
    times = significant(momentum / plain, 2)
    opposite = next(number for number, name, *_ in CLAIMS if name == "Momentum and noise")
    with_momentum, without = (rf"\mathrm{{Var}}\,x \,|_{{\beta = {b:g}}}" for b in (beta, 0))
    return _record(
        "Momentum against noise",
        f"The opposite of number {opposite}, and no truer: at the same step-size a momentum of {beta} makes the variance "
        f"{times} times as large.",
        rf"{with_momentum} \le {without}",
        rf"{with_momentum} \approx {times} \; {without} \ \text{{ at the same }} \alpha",
        (measured[1] / measured[0], 1.0, momentum / plain),
    )


def _nesterov():
    kappa = 100.0
    root = np.sqrt(kappa)
    beta = (root - 1) / (root + 1)

    def look_ahead(lam):
        # alpha = 1/L, on eigenvalues from mu to L = 1: the gradient is that of the point which the velocity is about to reach.
        def step(z, x):
            z = beta * z + lam * (x - beta * z)
            return z, x - z

        return step

    rates = [np.abs(np.linalg.eigvals(update_matrix(look_ahead(lam)))).max() for lam in np.linspace(1 / kappa, 1, 200)]
    return _record(
        "The rate of Nesterov's method",
        "Its textbook parameters shrink the error by one minus the inverse root of the condition number, slower than heavy "
        "ball does on a quadratic.",
        r"\frac{\sqrt\kappa - 1}{\sqrt\kappa + 1}",
        r"1 - \frac{1}{\sqrt\kappa}",
        (max(rates), beta, nesterov_rate(kappa)),
    )


def _record(name, sentence, published, correct, values):
    truth, theirs, ours = values
    return Erratum(0, name, Kind.ELSEWHERE, sentence, published, correct, residual(theirs, truth), residual(ours, truth), ())
