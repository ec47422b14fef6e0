"""What is often said of momentum elsewhere and does not hold, each claim measured beside what does hold.

The records are those of `simulation.errata`; their number is 0, for they are not the published article's.
"""

import numpy as np

from simulation.dynamics import iteration_matrix
from simulation.errata import Erratum, errata, residual
from simulation.noise import stationary_variance
from simulation.unrolled import geometric_sum


def claims():
    """Return the claims as a list of `Erratum`, measured now.

    >>> for claim in claims():
    ...     print(claim.name, "|", round(claim.residual_published, 3), claim.residual_correct < 1e-9)
    Fast on every convex function | 1.0 True
    The velocity as an average | 0.9 True
    Momentum against noise | 0.9 True
    The rate of Nesterov's method | 0.091 True
    """
    return [_everywhere(), _average(), _quieter(), _nesterov()]


def _everywhere():
    cycle = next(erratum for erratum in errata() if erratum.name == "Speed-up beyond quadratics")
    return cycle._replace(
        number=0,
        name="Fast on every convex function",
        sentence="The square root of the condition number is proved for quadratics; on other smooth, strongly convex functions "
        "the same parameters can circle for ever.",
        threads=(),
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
    alpha, measured = 0.02, []
    for beta in (0.0, 0.9):
        R, kick, covariance = iteration_matrix(alpha, beta, 1.0), np.array([1.0, -alpha]), np.zeros((2, 2))
        for _ in range(3000):
            covariance = R @ covariance @ R.T + np.outer(kick, kick)
        measured.append(covariance[1, 1])
    plain, momentum = stationary_variance(alpha, np.array([0.0, 0.9]), 1.0, 1.0)
    return _record(
        "Momentum against noise",
        "At the same step-size a momentum of 0.9 makes the variance ten times as large, and at the same effective step-size it "
        "leaves it as it is.",
        r"\mathrm{Var}\,x \,|_{\beta = 0.9} \le \mathrm{Var}\,x \,|_{\beta = 0}",
        r"\mathrm{Var}\,x \,|_{\beta = 0.9} \approx 10 \; \mathrm{Var}\,x \,|_{\beta = 0} \ \text{ at the same } \alpha",
        (measured[1] / measured[0], 1.0, momentum / plain),
    )


def _nesterov():
    kappa = 100.0
    root = np.sqrt(kappa)
    beta = (root - 1) / (root + 1)
    # One step with the gradient at the look-ahead point, alpha = 1/L, on eigenvalues from mu to L = 1.
    rates = []
    for lam in np.linspace(1 / kappa, 1, 200):
        step = np.array([[beta * (1 - lam), lam], [-beta * (1 - lam), 1 - lam]])
        # The two are complex, or coincide, and so have one size; their product is precise even where they coincide.
        rates.append(np.sqrt(np.abs(np.linalg.eigvals(step)).prod()))
    return _record(
        "The rate of Nesterov's method",
        "Its textbook parameters shrink the error by one minus the inverse root of the condition number, slower than heavy "
        "ball does on a quadratic.",
        r"\frac{\sqrt\kappa - 1}{\sqrt\kappa + 1}",
        r"1 - \frac{1}{\sqrt\kappa}",
        (max(rates), beta, 1 - 1 / root),
    )


def _record(name, sentence, published, correct, values):
    truth, theirs, ours = values
    return Erratum(0, name, sentence, published, correct, residual(theirs, truth), residual(ours, truth), ())
