"""Rates: by what factor a step shrinks the error, and which step-size and momentum shrink it fastest.

A rate is a spectral radius; `alpha_lam` is the step-size times an eigenvalue, a pure number. Everything broadcasts.
"""

from typing import Any, NamedTuple

import numpy as np

from simulation.dynamics import discriminant
from simulation.words import choose, grouped, say, significant

EDGE = 1e-12
"""How near to a limit a number is on it: what rounding may have moved."""


class Optimum(NamedTuple):
    """The best parameters for a spectrum, and the rate they reach."""

    alpha: Any
    beta: Any
    rate: Any


def gradient_descent_rate(alpha_lam):
    """Return |1 - alpha_lam|, the rate of gradient descent on one eigenvalue.

    >>> float(gradient_descent_rate(0.5))
    0.5
    """
    return np.abs(1 - alpha_lam)


def heavy_ball_rate(alpha_lam, beta):
    """Return the spectral radius of R: sqrt(beta) where the roots are complex, the larger modulus of the real ones
    elsewhere.

    Source: Goh 2017, section "The Dynamics of Momentum" (with |sigma| = sqrt(beta), which is 2 sqrt(beta) there).

    >>> float(heavy_ball_rate(1.0, 0.25)), float(heavy_ball_rate(0.5, 0.0))
    (0.5, 0.5)
    """
    gap = discriminant(alpha_lam, beta)
    real = (np.abs(1 + beta - alpha_lam) + np.sqrt(np.maximum(gap, 0))) / 2
    return np.where(gap < 0, np.sqrt(beta), real)


def stability_limit(beta):
    """Return 2 + 2 beta, the value that alpha_lam must stay below.

    >>> stability_limit(0.5)
    3.0
    """
    return 2 + 2 * beta


def is_stable(alpha_lam, beta):
    """Return whether the error dies out: 0 < alpha_lam < 2 + 2 beta and 0 <= beta < 1.

    >>> bool(is_stable(2.5, 0.3)), bool(is_stable(2.5, 0.2))
    (True, False)
    """
    return (alpha_lam > 0) & (alpha_lam < stability_limit(beta)) & (beta >= 0) & (beta < 1)


def critical_beta(alpha_lam):
    """Return (1 - sqrt(alpha_lam))^2, the momentum at which the two roots meet.

    Not a number where alpha_lam is negative: there is no such momentum.

    >>> float(critical_beta(0.01))
    0.81
    >>> with np.errstate(invalid="ignore"):
    ...     float(critical_beta(-1.0))
    nan
    """
    return critical_rate(alpha_lam) ** 2


def critical_rate(alpha_lam):
    """Return |1 - sqrt(alpha_lam)|, the rate at the critical momentum, exact where the roots of a rounded one would not be.

    >>> float(critical_rate(0.25)), float(heavy_ball_rate(0.25, critical_beta(0.25)))
    (0.5, 0.5)
    """
    return np.abs(1 - np.sqrt(alpha_lam))


def worst_rate(alpha_lam_max, beta, lams):
    """Return the slowest rate over a spectrum.

    Parameters
    ----------
    alpha_lam_max : float or array, shape (...)
        Step-size times the largest eigenvalue.
    beta : float or array, shape (...)
        Momentum.
    lams : array, shape (n,)
        Eigenvalues, from smallest to largest.

    Returns
    -------
    array, shape (...)
        At fixed momentum the rate first falls and then rises with the eigenvalue, so the two ends of the spectrum decide,
        however many eigenvalues lie between.

    Examples
    --------
    >>> float(worst_rate(1.0, 0.0, np.array([0.25, 1.0])))
    0.75
    """
    return np.maximum(heavy_ball_rate(alpha_lam_max, beta), heavy_ball_rate(alpha_lam_max * (lams[0] / lams[-1]), beta))


def optimal_gradient_descent(lam_min, lam_max):
    """Return the best step-size 2/(lam_min + lam_max) and its rate (kappa - 1)/(kappa + 1).

    >>> optimal_gradient_descent(1.0, 3.0)
    Optimum(alpha=0.5, beta=0.0, rate=0.5)
    """
    return Optimum(2 / (lam_min + lam_max), 0.0, (lam_max - lam_min) / (lam_max + lam_min))


def optimal_heavy_ball(lam_min, lam_max):
    """Return the parameters with the best asymptotic rate on a spectrum.

    alpha = (2/(sqrt lam_min + sqrt lam_max))^2, beta = rate^2, rate = (sqrt kappa - 1)/(sqrt kappa + 1). Not numbers where
    an eigenvalue is negative: no step-size and momentum serve both signs.

    >>> alpha, beta, rate = optimal_heavy_ball(1.0, 9.0)
    >>> float(alpha), float(beta), float(rate)
    (0.25, 0.25, 0.5)
    >>> with np.errstate(invalid="ignore"):
    ...     float(optimal_heavy_ball(-1.0, 1.0).rate)
    nan

    Source: Polyak 1964; Goh 2017, section "Optimal parameters".
    """
    low, high = np.sqrt(lam_min), np.sqrt(lam_max)
    rate = (high - low) / (high + low)
    return Optimum((2 / (low + high)) ** 2, rate**2, rate)


def nesterov_rate(kappa):
    """Return 1 - 1/sqrt(kappa): what a step of Nesterov's method, with its textbook parameters, leaves of the error.

    >>> float(nesterov_rate(100.0))
    0.9

    Source: Lessard, Recht and Packard 2016, table 1; `simulation.claims` measures it.
    """
    return 1 - 1 / np.sqrt(kappa)


def cost_alike(rate, other):
    """Return whether two rates cost the same number of steps, to about 2 %.

    >>> bool(cost_alike(0.98, 0.9802)), bool(cost_alike(0.99999, 0.999))
    (True, False)
    """
    return np.abs(rate - other) <= 0.02 * (1 - np.maximum(rate, other))


def rate_in_words(rate):
    """Return a rate with three digits, and with more where they would not tell it from 1.

    >>> [rate_in_words(rate) for rate in (0.98019, 0.99999, 1.0, 1 - 1e-6, 1.0012, 1.25)]
    ['0.98', '0.99999', '1', '1 − 1×10⁻⁶', '1.001', '1.25']
    """
    gap, beyond = np.abs(rate - 1), rate > 1
    shown = choose(beyond & (gap < 5e-3), significant(rate, 4), significant(rate, 3))
    close = choose(beyond, significant(rate, 6), significant(rate, 5))
    closer = choose(beyond, say("1 + {}", significant(gap, 2)), say("1 − {}", significant(gap, 2)))
    return choose(gap < EDGE, "1", choose(gap < 5e-6, closer, choose(gap < 5e-4, close, shown)))


def steps_for(factor, rate):
    """Return the steps in which an error shrinks by a factor in the long run, log(factor)/log(1/rate); at least one.

    Infinite at a rate of 1 and beyond, where there is no end of it.

    >>> steps_for(100.0, np.array([0.1, 0.9, 1.0])).round(3)
    array([ 2.   , 43.709,    inf])
    """
    shrinks = rate < 1
    slope = np.log(np.where(shrinks, np.maximum(rate, 1e-300), 0.5))
    return np.where(shrinks, np.maximum(-np.log(factor) / slope, 1), np.inf)


def steps_in_words(steps):
    """Return a number of steps in words, rounded up to whole ones.

    >>> [steps_in_words(steps) for steps in (1.0, 230.2, 4605167.8, np.inf)]
    ['a single step', '231 steps', '4,605,168 steps', 'more than a billion steps']
    """
    return choose(steps > 1, say("{} steps", whole_in_words(steps)), "a single step")


def whole_in_words(steps):
    """Return a number, rounded up to a whole one, in digits as far as a billion.

    >>> whole_in_words(230.2), whole_in_words(np.inf)
    ('231', 'more than a billion')
    """
    few = steps < 1e9
    return choose(few, grouped(np.ceil(np.where(few, steps, 0))), "more than a billion")


def period(alpha_lam, beta):
    """Return the steps that a ringing run takes for one turn, 2 pi / arg(sigma); infinite where it does not ring.

    >>> round(float(period(1.0, 1.0)), 9)
    6.0
    """
    cosine = (1 + beta - alpha_lam) / (2 * np.sqrt(np.maximum(beta, 1e-300)))
    angle = np.arccos(np.clip(cosine, -1, 1))
    rings = discriminant(alpha_lam, beta) < 0
    return np.where(rings, 2 * np.pi / np.where(rings, angle, 1.0), np.inf)


def fate(alpha_lam, beta, settles, *, still, edge, frozen, corner, gone):
    """Return the text that is true of a run on one eigenvalue in the long run, of six.

    Parameters
    ----------
    alpha_lam, beta : float
        Step-size times the eigenvalue, and momentum; 0 <= beta.
    settles : str
        The error dies out: 0 < alpha_lam < 2 + 2 beta and beta < 1.
    still : str
        Without a step-size nothing moves.
    edge : str
        At alpha_lam = 2 + 2 beta one root is -1: the error neither dies out nor grows, and changes sides at every step.
    frozen : str
        At beta = 1 and alpha_lam < 4 both roots have the modulus 1: it swings, and neither dies out nor grows.
    corner : str
        At alpha_lam = 4 and beta = 1 the roots meet at -1: it grows, but only in proportion to k.
    gone : str
        Beyond, it grows by a factor at every step, in the long run.

    Examples
    --------
    >>> texts = {name: name for name in ("still", "edge", "frozen", "corner", "gone")}
    >>> [fate(a, b, "settles", **texts) for a, b in ((1, 0.5), (0, 0.5), (3, 0.5), (1, 1), (4, 1), (3.1, 0.5))]
    ['settles', 'still', 'edge', 'frozen', 'corner', 'gone']
    """
    gap = alpha_lam - stability_limit(beta)
    inside, on_edge = gap < -EDGE, np.abs(gap) <= EDGE
    lossy = choose(inside, settles, choose(on_edge, edge, gone))
    lossless = choose(inside, frozen, choose(on_edge, corner, gone))
    return choose(alpha_lam <= 0, still, choose(beta < 1, lossy, choose(beta > 1, gone, lossless)))


def regime(alpha_lam, beta):
    """Return the name of what a run does on one eigenvalue, in words.

    >>> regime(0.15, 0.9), regime(0.15, 0.125), regime(1.0, 0.0), regime(2.0, 0.05), regime(2.5, 0.235)
    ('ripples', 'monotone decay', 'one step', 'oscillation', 'divergence')
    """
    rings = discriminant(alpha_lam, beta) < 0
    creeping = choose(1 + beta - alpha_lam > 0, "monotone decay", "oscillation")
    at_once = (np.abs(alpha_lam - 1) < 1e-9) & (beta < 1e-9)
    settling = choose(at_once, "one step", choose(rings, "ripples", creeping))
    swinging, growing = "endless swinging", "divergence"
    return fate(alpha_lam, beta, settling, still="standing still", edge=swinging, frozen=swinging, corner=growing, gone=growing)
