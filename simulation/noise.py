"""Stochastic gradients on one eigenvalue: what of the loss is still to be travelled, and what the noise keeps stirring up.

The gradient of lam/2 x^2 is seen with an error: z <- beta z + lam x + s eps, x <- x - alpha z, with eps independent, of mean 0
and variance 1.
"""

from typing import Any, NamedTuple

import numpy as np

from simulation.iterate import iterate


class Eigenstate(NamedTuple):
    """Velocity z and position x on one eigenvector, of several runs at once."""

    z: Any
    x: Any


class ExpectedLoss(NamedTuple):
    """The two parts of E f over a run, each of shape (n_steps + 1,)."""

    deterministic: Any
    stochastic: Any


def draws(n_steps, runs, *, rng):
    """Return the errors eps of all runs, standard normal; shape (n_steps, runs).

    n_steps, runs : int
        How many steps, and how many runs beside each other.
    rng : numpy.random.Generator
        The same seed gives the same errors.

    >>> draws(150, 4, rng=np.random.default_rng(1)).shape
    (150, 4)
    """
    return rng.standard_normal((n_steps, runs))


def expected_loss(alpha, beta, lam, s, x0, n_steps):
    """Return E f(x^k) = E lam/2 (x^k)^2, split into its deterministic and its stochastic part.

    deterministic: lam/2 (e_2' R^k (0, x0)')^2; stochastic: lam s^2/2 sum_{i=1}^k (e_2' R^(k-i) (1, -alpha)')^2, zero at k = 0.
    (1, -alpha) is what an error of 1 does to (z, x) within its step; R carries it on.

    Parameters
    ----------
    alpha, beta, lam : float
        Step-size, momentum, eigenvalue.
    s : float
        Standard deviation of the error of the gradient.
    x0 : float
        Where the run starts, at rest.
    n_steps : int
        Number of steps.

    Returns
    -------
    ExpectedLoss

    Examples
    --------
    >>> expected_loss(0.5, 0.0, 1.0, 2.0, 8.0, 2)
    ExpectedLoss(deterministic=array([32.,  8.,  2.]), stochastic=array([0.   , 0.5  , 0.625]))

    Source: Goh 2017, section "Momentum with Stochastic Gradients" (with the square, the sum and E[eps^2] that are amiss
    there); Flammarion and Bach 2015.
    """

    def step(state):
        z = beta * state.z + lam * state.x
        return Eigenstate(z, state.x - alpha * z)

    # Two runs side by side: the one from x0, and the echo of a single error.
    start = Eigenstate(np.stack([0.0, 1.0]), np.stack([x0, -alpha]))
    x = iterate(step, start, n_steps).x
    echo = np.cumsum(x[:, 1] * x[:, 1], axis=0)
    stochastic = np.concatenate([np.zeros(1), echo[:-1]], axis=0)
    return ExpectedLoss(0.5 * lam * x[:, 0] * x[:, 0], 0.5 * lam * s * s * stochastic)


def runs_and_expected_loss(alpha, beta, lam, s, x0, eps):
    """Return the positions of all runs from x0 at rest, of shape (n_steps + 1, runs), E x, and `expected_loss`, from one loop.

    It carries along the run without errors, which is E x of shape (n_steps + 1,), and the echo of a single error.

    Parameters
    ----------
    alpha, beta, lam : float
        Step-size, momentum, eigenvalue.
    s : float
        Standard deviation of the error of the gradient.
    x0 : float
        Where all runs start.
    eps : array, shape (n_steps, runs)
        What `draws` returned. A step's error acts within that step, so there is none in x0.

    Examples
    --------
    >>> x, mean, expected = runs_and_expected_loss(0.5, 0.0, 1.0, 2.0, 8.0, np.array([[0.0, 1.0], [0.0, 0.0]]))
    >>> x.tolist()
    [[8.0, 8.0], [4.0, 3.0], [2.0, 1.5]]
    >>> mean
    array([8., 4., 2.])
    >>> expected
    ExpectedLoss(deterministic=array([32.,  8.,  2.]), stochastic=array([0.   , 0.5  , 0.625]))
    """

    def step(state, row):
        z, x, mean_z, mean_x, echo_z, echo_x = state
        z = beta * z + lam * x + row
        mean_z = beta * mean_z + lam * mean_x
        echo_z = beta * echo_z + lam * echo_x
        return z, x - alpha * z, mean_z, mean_x - alpha * mean_z, echo_z, echo_x - alpha * echo_z

    at_rest = np.zeros(eps.shape[1])
    start = (at_rest, at_rest + x0, 0.0, x0, 1.0, -alpha)
    _, x, _, mean, _, echo = iterate(step, start, eps.shape[0], s * eps)
    echo = np.concatenate([np.zeros(1), np.cumsum(echo * echo)[:-1]])
    return x, mean, ExpectedLoss(0.5 * lam * mean * mean, 0.5 * lam * s * s * echo)


def loss_spread(expected):
    """Return the standard deviation of f over the runs, sqrt(4 D S + 2 S^2) for normal errors; shape (n_steps + 1,).

    The mean of m runs lies within about two of these over sqrt(m) of D + S.

    expected : ExpectedLoss
        Its parts are D and S.

    >>> loss_spread(ExpectedLoss(np.array([1.0, 0.0]), np.array([0.0, 1.0]))).round(4)
    array([0.    , 1.4142])
    """
    return np.sqrt(4 * expected.deterministic * expected.stochastic + 2 * expected.stochastic * expected.stochastic)


def stationary_variance(alpha, beta, lam, s):
    """Return the variance of x in the long run, alpha s^2 (1 + beta) / (lam (1 - beta) (2 (1 + beta) - alpha lam)).

    At a fixed step-size alpha it grows with beta as 1/(1 - beta); at a fixed effective step-size alpha/(1 - beta) it hardly
    changes. Infinite where the run never settles, for it diverges or swings for ever, and at alpha = 0, where it never starts.

    Parameters
    ----------
    alpha, beta, lam : float or arrays that broadcast to shape (...)
        Step-size, momentum, eigenvalue.
    s : float
        Standard deviation of the error of the gradient.

    Returns
    -------
    array, shape (...)

    Examples
    --------
    >>> stationary_variance(0.02, np.array([0.0, 0.5, 0.9, 0.99]), 1.0, 1.0).round(4)
    array([0.0101, 0.0201, 0.1005, 1.0051])
    >>> beta = np.array([0.0, 0.5, 0.9, 0.99])
    >>> stationary_variance(0.02 * (1 - beta), beta, 1.0, 1.0).round(4)
    array([0.0101, 0.01  , 0.01  , 0.01  ])
    """
    room = lam * (1 - beta) * (2 * (1 + beta) - alpha * lam)
    stable = (alpha * lam > 0) & (beta < 1) & (room > 0)
    return np.where(stable, alpha * s * s * (1 + beta) / np.where(stable, room, 1.0), np.inf)
