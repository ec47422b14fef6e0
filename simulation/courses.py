"""The slips of the published article over a whole run: what a loop finds, what stands there, and what is printed here.

`errata` measures each slip once; here those that speak of a run are followed step by step, at any step-size and momentum. One
eigenvalue of 1, so that alpha is alpha lam; where a slip needs two directions, the other eigenvalue is a quarter. The truths are
loops of the update rule alone; the forms that they are compared with use no loop.
"""

from typing import Any, NamedTuple

import numpy as np

from simulation.iterate import iterate
from simulation.random_numbers import normals
from simulation.unrolled import geometric_sum, unrolled_weights

Y0, X0 = 0.4, 1.0
"""Where the run of one coordinate starts: velocity and position."""
LAMS = np.array([0.25, 1.0])
Q = np.array([[0.8, 0.6], [-0.6, 0.8]])
A = Q @ np.diag(LAMS) @ Q.T
ERROR = np.array([0.9, -0.5])
"""Where the run of two coordinates starts, seen from the minimum, at rest."""
S = 0.5
"""Standard deviation of the noise."""
SEED = 4


class Course(NamedTuple):
    """A quantity over the steps of a run: what it is, and three opinions of it, each of shape (n_steps + 1,)."""

    quantity: str
    truth: Any
    published: Any
    correct: Any


class Loops(NamedTuple):
    """What the loops carry along; histories of all of it are the truth."""

    z: Any
    """Velocities of three runs: from (1, 0), from (0, 1), from (Y0, X0)."""
    x: Any
    v: Any
    """Velocity of the run of two coordinates, as given."""
    w: Any
    noisy_z: Any
    noisy_x: Any
    zz: Any
    """Covariances of velocity and position that the noise builds up."""
    zx: Any
    xx: Any
    pushed: Any
    """Velocity under a gradient of 1 at every step."""


def loops(alpha, beta, n_steps):
    """Return the histories of the update rule in all the runs that are needed.

    >>> loops(0.5, 0.5, 2).x[:, 2]
    array([ 1. ,  0.4, -0.1])
    """

    def step(s, eps):
        z = beta * s.z + s.x
        v = beta * s.v + A @ s.w
        noisy_z = beta * s.noisy_z + s.noisy_x + S * eps
        zz = beta * beta * s.zz + 2 * beta * s.zx + s.xx + S * S
        zx = beta * s.zx + s.xx - alpha * zz
        xx = s.xx - 2 * alpha * (beta * s.zx + s.xx) + alpha * alpha * zz
        return Loops(
            z, s.x - alpha * z, v, s.w - alpha * v, noisy_z, s.noisy_x - alpha * noisy_z, zz, zx, xx, beta * s.pushed + 1
        )

    start = Loops(np.array([1.0, 0.0, Y0]), np.array([0.0, 1.0, X0]), np.zeros(2), ERROR, 0.0, X0, 0.0, 0.0, 0.0, 0.0)
    return iterate(step, start, n_steps, errors(n_steps))


def errors(n_steps):
    """Return the errors that the noisy run meets, shape (n_steps,)."""
    return normals(SEED, n_steps, 2)[:, 0]


def ratio_of_powers(alpha_lam, beta, n):
    """Return p_k = (sigma_1^k - sigma_2^k)/(sigma_1 - sigma_2), k = 0..n, of the roots of the iteration matrix; shape (n + 1,).

    Complex roots: sqrt(beta)^(k-1) sin(k theta)/sin(theta). Real roots: the sum of sigma_1^j sigma_2^(k-1-j), which equal roots
    do not mind.

    >>> ratio_of_powers(0.5, 0.0, 3)
    array([0.  , 1.  , 0.5 , 0.25])
    """
    k, j = np.arange(1, n + 1), np.arange(n)
    trace = 1 + beta - alpha_lam
    gap = trace * trace - 4 * beta
    theta = np.arctan2(np.sqrt(np.maximum(-gap, 1e-300)), trace)
    ringing = np.sqrt(beta) ** j * np.sin(k * theta) / np.sin(theta)
    one, two = ((trace + sign * np.sqrt(np.maximum(gap, 0))) / 2 for sign in (1, -1))
    # Column j of row k holds sigma_1^j sigma_2^(k-1-j).
    real = np.sum(np.where(j < k[:, None], (one**j) * two ** np.maximum(k[:, None] - 1 - j, 0), 0.0), axis=1)
    return np.concatenate([np.zeros(1), np.where(gap < 0, ringing, real)])


def position(alpha, beta, lam, p, y0, x0, *, swapped=False):
    """Return x^k = e_2' R^k (y0, x0)', k = 0..n, in closed form; shape (n + 1,).

    R^k = sigma_1^k R_2 - sigma_2^k R_1 = p_k R - sigma_1 sigma_2 p_(k-1) I. With R_1 and R_2 swapped, it is p_k R - p_(k+1) I.

    p : array, shape (n + 2,)
        What `ratio_of_powers` returned for alpha lam and beta.

    >>> position(0.5, 0.0, 1.0, ratio_of_powers(0.5, 0.0, 4), 0.0, 8.0)
    array([8., 4., 2., 1.])
    """
    identity = p[1:] if swapped else np.concatenate([-np.ones(1), beta * p[:-2]])
    return p[:-1] * (-alpha * beta * y0 + (1 - alpha * lam) * x0) - identity * x0


def courses(alpha_lam, beta, n_steps):
    """Return {name of the erratum: `Course`} of a run at this step-size and momentum.

    alpha_lam : float, from 0 to 2
        Step-size times the largest eigenvalue; up to 2 every momentum is stable.
    beta : float, from 0 to less than 1
        Momentum.
    n_steps : int

    >>> course = courses(0.3, 0.6, 5)["Modulus of complex roots"]
    >>> course.published[:3], course.correct[:3]
    (array([1.  , 2.4 , 5.76]), array([1.  , 0.6 , 0.36]))

    Source: Goh 2017, and `simulation.errata`.
    """
    alpha, k = alpha_lam, np.arange(n_steps + 1)
    true = loops(alpha, beta, n_steps)
    rest = X0 * true.x[:, 1]
    flat, steep = (ratio_of_powers(alpha * lam, beta, n_steps + 1) for lam in LAMS)

    def closed(y0, x0, **options):
        return position(alpha, beta, LAMS[1], steep, y0, x0, **options)

    def components(start):
        return position(alpha, beta, LAMS[0], flat, 0.0, start[0]), closed(0.0, start[1])

    ours, theirs = components(Q.T @ ERROR), components(Q @ ERROR)
    energy = LAMS[0] * ours[0] * ours[0] + LAMS[1] * ours[1] * ours[1]
    moved = alpha * (unrolled_weights(beta, n_steps) @ rest[:-1])
    mean, push = closed(0.0, X0), closed(1.0, -alpha)
    eps = errors(n_steps)
    noise = 0.5 * S * S * np.concatenate([np.zeros(1), np.cumsum(push * push)])
    way, observed = 0.5 * mean * mean, 0.5 * true.xx + 0.5 * rest * rest
    share = way / (way + noise[:-1])
    return {
        "Modulus of complex roots": Course(
            "what k steps leave of an area of (y, x)", _area(true), (2 * np.sqrt(beta)) ** (2 * k), np.sqrt(beta) ** (2 * k)
        ),
        "Power of the iteration matrix": Course("position x", true.x[:, 2], closed(Y0, X0, swapped=True), closed(Y0, X0)),
        "Decomposition of the loss": Course(
            "loss f(w) − f(w*)", 0.5 * np.sum(true.w * (true.w @ A), axis=1), energy, 0.5 * energy
        ),
        "Change of basis": Course(
            "first coordinate of w",
            true.w[:, 0],
            Q[0, 0] * theirs[0] + Q[1, 0] * theirs[1],
            Q[0, 0] * ours[0] + Q[0, 1] * ours[1],
        ),
        "Order of the state": Course("position x", true.x[:, 2], closed(X0, Y0), closed(Y0, X0)),
        "Momentum unrolled": Course("position x", rest, X0 + moved, X0 - moved),
        "Noisy iterates": Course(
            "position x of a noisy run",
            true.noisy_x,
            mean + S * np.concatenate([np.zeros(1), eps * np.cumsum(push[:-1])]),
            mean + S * (_delayed(push) @ eps),
        ),
        "Deterministic part of the loss": Course("expected loss", observed, 0.5 * mean + noise[:-1], way + noise[:-1]),
        "Strength of the noise": Course("expected loss, from the minimum", 0.5 * true.xx, np.zeros(n_steps + 1), noise[:-1]),
        "Noise before the first step": Course("expected loss, from the minimum", 0.5 * true.xx, noise[1:], noise[:-1]),
        "Colours of the legend": Course("deterministic share of the loss", 0.5 * rest * rest / observed, 1 - share, share),
        "The velocity as an average": Course("velocity z, each gradient 1", true.pushed, 1 - beta**k, geometric_sum(beta, k)),
    }


def _area(true):
    """Return by how much k steps shrink an area of (z, x): the determinant of R^k, from its columns."""
    return true.z[:, 0] * true.x[:, 1] - true.z[:, 1] * true.x[:, 0]


def _delayed(push):
    """Return the matrix of push_(k-j), k = 0..n, j = 1..n, 0 where j > k; push of shape (n + 1,)."""
    n = push.shape[0] - 1
    delay = np.arange(n + 1)[:, None] - np.arange(1, n + 1)
    return np.where(delay >= 0, np.reshape(push[np.maximum(delay, 0).ravel()], delay.shape), 0.0)
