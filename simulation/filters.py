"""Where a run stands after k steps, without running it: what each method leaves of an error, and what it has recovered.

On a quadratic every method started from 0 multiplies the i-th component of the optimum by a number, its filter, that
depends on the eigenvalue alone. The closed forms here serve any k, up to millions, and any shapes that broadcast.
"""

from typing import Any, NamedTuple

import numpy as np

from simulation.iterate import iterate
from simulation.rates import is_stable

CEILING = 650.0
"""A diverging power stops growing at exp(650), about 1e282, so that sums and products of it stay finite."""
TINY = 1e-300


def power(log_base, k):
    """Return base^k from the logarithm of the base, never overflowing.

    >>> float(power(0.0, 1e6)), float(power(700.0, 2)) == float(power(800.0, 2))
    (1.0, True)
    """
    return np.exp(np.minimum(log_base * k, CEILING))


def alternating(k):
    """Return (-1)^k: 1 for even k, -1 for odd; a fraction of a step does not count.

    >>> alternating(np.array([0, 1, 2.5]))
    array([ 1., -1.,  1.])
    """
    return 1.0 - 2.0 * np.remainder(np.floor(k), 2)


def gradient_descent_log_rate(alpha_lam):
    """Return log |1 - alpha_lam|, exact to the last digits near alpha_lam = 0 and 2; about -700 for the logarithm of 0.

    >>> float(gradient_descent_log_rate(1e-20)), float(gradient_descent_log_rate(1.0))
    (-1e-20, -700.0)
    """
    # |1 - a| = 1 - min(a, 2 - a), and neither side of that minimum is rounded where it is small.
    gap = np.minimum(alpha_lam, 2 - alpha_lam)
    return np.where(gap < 1, np.log1p(-np.minimum(gap, 1 - 1e-16)), -700.0)


def gradient_descent_filter(alpha_lam, k):
    """Return 1 - (1 - alpha_lam)^k, the share of a component that k steps of gradient descent from 0 have recovered.

    Parameters
    ----------
    alpha_lam : float or array, shape (...)
        Step-size times eigenvalue.
    k : int, float or array, shape (...)
        Number of steps, not negative.

    Returns
    -------
    array, shape (...)
        Small shares are as accurate as large ones.

    Examples
    --------
    >>> float(gradient_descent_filter(1e-20, 1)), float(gradient_descent_filter(0.5, 3))
    (1e-20, 0.875)

    Source: Goh 2017, section "Example: Polynomial Regression"; Hansen 1998, "Rank-Deficient and Discrete Ill-Posed Problems".
    """
    exponent = np.minimum(gradient_descent_log_rate(alpha_lam) * k, CEILING)
    sign = _signed(alpha_lam > 1, k)
    return np.where(sign > 0, -np.expm1(exponent), 1 + np.exp(exponent))


def tikhonov_filter(lam, eta):
    """Return lam / (lam + eta), the share of a component that the penalty eta/2 ||w||^2 lets through.

    lam : float or array, shape (...)
        Eigenvalue.
    eta : float or array, shape (...)
        Weight of the penalty, not negative.

    Large eigenvalues pass, small ones are held back.

    >>> tikhonov_filter(np.array([0.01, 1.0, 100.0]), 1.0).round(4)
    array([0.0099, 0.5   , 0.9901])
    """
    return lam / (lam + eta)


def heavy_ball_error(alpha_lam, beta, k):
    r"""Return x_k / x_0, what k steps of momentum, started at rest, leave of an error.

    x_k / x_0 = C_k + (1 - beta - alpha_lam)/2 S_k, where C_k = (sigma_1^k + sigma_2^k)/2,
    S_k = (sigma_1^k - sigma_2^k)/(sigma_1 - sigma_2), and sigma_1, sigma_2 are the roots of
    sigma^2 - (1 + beta - alpha_lam) sigma + beta. A complex pair r exp(+-i theta) makes them r^k cos(k theta) and
    r^k sin(k theta)/(r sin theta); a repeated root makes S_k = k sigma^(k-1).

    Parameters
    ----------
    alpha_lam : float or array, shape (...)
        Step-size times eigenvalue.
    beta : float or array, shape (...)
        Momentum, 0 <= beta <= 1.
    k : int, float or array, shape (...)
        Number of steps, not negative.

    Returns
    -------
    array, shape (...)
        To 1e-10 of max(1, |x_k / x_0|) for k up to 1.3 million and beta up to .9999, around the repeated root
        and at it; at beta = 1 the phase k theta itself is known only to about 1e-9.

    Examples
    --------
    >>> heavy_ball_error(1.0, 0.25, np.arange(4)).round(12)
    array([ 1.    ,  0.    , -0.25  , -0.0625])
    >>> round(float(heavy_ball_error(0.25, 0.25, 3)), 12)  # a repeated root at 1/2: 1/8 + 1/4 * 3/4
    0.3125

    Source: Goh 2017, section "The Dynamics of Momentum"; Williams 1992.
    """
    pair = _roots(alpha_lam, beta)
    real = power(pair.log_sigma, k) * _real_sum(pair, k)
    turned = pair.theta * k
    complex_ = power(pair.log_r, k) * (np.cos(turned) + pair.weight * np.sin(turned) / np.maximum(pair.half_gap, TINY))
    return _signed(pair.flipped, k) * np.where(pair.ringing, complex_, real)


def heavy_ball_filter(alpha_lam, beta, k):
    """Return 1 - x_k / x_0, the share of a component that k steps of momentum from rest at 0 have recovered.

    Parameters as in `heavy_ball_error`; beta = 0 is gradient descent. Above 1 the component has been overshot.

    >>> heavy_ball_filter(1.0, 0.25, np.arange(4)).round(12)
    array([0.    , 1.    , 1.25  , 1.0625])
    """
    return 1 - heavy_ball_error(alpha_lam, beta, k)


def steps_of(log_k):
    """Return the whole number of steps k for which log10(k + 1) comes nearest to `log_k`: a scale that begins with 0 steps.

    >>> steps_of(np.log10([1, 50, 1_300_001]))
    array([0.0e+00, 4.9e+01, 1.3e+06])
    """
    return np.floor(10.0**log_k - 0.5)


def steps_to(fraction, alpha_lam):
    """Return the number of steps after which gradient descent leaves a fraction of an error, log(fraction)/log|1 - alpha_lam|.

    Parameters
    ----------
    fraction : float
        Between 0 and 1.
    alpha_lam : float or array, shape (...)
        Step-size times eigenvalue.

    Returns
    -------
    array, shape (...)
        Not rounded: the first whole step below the fraction is the next integer. Infinite where the error never shrinks.

    Examples
    --------
    >>> steps_to(0.001, np.array([0.5, 1.8, 2.0])).round(2)
    array([ 9.97, 30.96,   inf])
    """
    slope = gradient_descent_log_rate(alpha_lam)
    shrinks = slope < 0
    return np.where(shrinks, np.log(fraction) / np.where(shrinks, slope, -1.0), np.inf)


def heavy_ball_steps(fraction, alpha_lam, beta):
    """Return the number of steps after which momentum from rest leaves no more than a fraction of an error, and never more again.

    Where it does not ring, the closed form itself is solved for k, by substitution. A ringing run stays under r^k times the
    smaller of 1 + c k/r and (1 + (c/(r sin theta))^2)^(1/2), c = |1 - beta - alpha_lam|/2, and that is solved: the answer is
    never too small, and larger than need be by about half a turn, or by a little more if the steps keep missing the crests.

    Parameters
    ----------
    fraction : float
        Between 0 and 1.
    alpha_lam : float or array, shape (...)
        Step-size times eigenvalue.
    beta : float or array, shape (...)
        Momentum, 0 <= beta <= 1.

    Returns
    -------
    array, shape (...)
        Not rounded. Infinite where the error does not die out.

    Examples
    --------
    >>> heavy_ball_steps(0.001, np.array([0.01, 4.0]), 0.81).round(1)
    array([87.1,  inf])
    """
    pair = _roots(alpha_lam, beta)
    widest = np.sqrt(1 + (pair.weight / np.maximum(pair.half_gap, 1e-150)) ** 2)
    slope = np.where(pair.ringing, pair.log_r, pair.log_sigma)
    dies = is_stable(alpha_lam, beta) & (slope < 0)
    slope = np.where(dies, slope, -1.0)

    def substitute(k):
        ringing = np.minimum(1 + np.abs(pair.weight) * k / np.sqrt(np.maximum(beta, TINY)), widest)
        return np.log(fraction / np.where(pair.ringing, ringing, _real_sum(pair, k))) / slope

    return np.where(dies, iterate(substitute, np.log(fraction) / slope, 30)[-1], np.inf)


def _signed(alternates, k):
    return np.where(alternates, alternating(k), 1.0)


class _Roots(NamedTuple):
    """The two roots, of positive sum if need be after sigma -> -sigma: the pair real, sigma and sigma (1 - gap), or ringing."""

    flipped: Any
    ringing: Any
    weight: Any
    half_gap: Any
    sigma: Any
    log_sigma: Any
    gap: Any
    log_r: Any
    theta: Any


def _roots(alpha_lam, beta):
    # sigma -> -sigma maps alpha_lam to 2 + 2 beta - alpha_lam: it is enough to know the half where the sum is positive.
    flipped = alpha_lam > 1 + beta
    a = np.where(flipped, (2 - alpha_lam) + 2 * beta, alpha_lam)
    weight = np.where(flipped, -1.0, 1.0) * (1 - beta - alpha_lam) / 2
    # ((sigma_1 - sigma_2)/2)^2, in factors: near the repeated root the difference of squares would lose every digit.
    r = np.sqrt(beta)
    square = (((1 - beta) / (1 + r)) ** 2 - a) * ((1 + r) ** 2 - a) / 4
    half_gap = np.sqrt(np.abs(square))
    split = np.where(square < 0, 0.0, half_gap)
    # sigma = 1 - delta; delta from the product (1 - sigma_1)(1 - sigma_2) = a, which is exact for a slow root.
    delta = 2 * a / np.maximum(1 - beta + a + 2 * split, TINY)
    sigma = np.maximum(1 - delta, 1e-200)
    return _Roots(
        flipped=flipped,
        ringing=square < 0,
        weight=weight,
        half_gap=half_gap,
        sigma=sigma,
        log_sigma=np.where(delta < 1, np.log1p(-np.minimum(delta, 1 - 1e-16)), -700.0),
        # The floor turns (1 - (1 - gap)^k)/gap into k, as the repeated root wants it.
        gap=np.maximum(2 * split / sigma, 1e-30),
        log_r=np.log(np.maximum(beta, TINY)) / 2,
        theta=np.arctan2(np.maximum(half_gap, TINY), (1 + beta - a) / 2),
    )


def _real_sum(pair, k):
    """Return x_k / x_0 over sigma^k for real roots: (1 + q^k)/2 + weight/sigma (1 - q^k)/(1 - q), where q = 1 - gap."""
    parted = -np.expm1(np.log1p(-np.minimum(pair.gap, 1 - 1e-16)) * k)
    return 1 - parted / 2 + pair.weight / pair.sigma * (parted / pair.gap)
