"""The error of a run on a quadratic, split into its eigen-components."""

from typing import Any, NamedTuple

import numpy as np

from simulation.iterate import iterate


class Eigenstate(NamedTuple):
    """Velocity z and error x in the eigenbasis, each of shape (n,)."""

    z: Any
    x: Any


def component_losses(x, lams):
    """Return 1/2 lams x^2, what each eigen-component adds to f(w) - f(w*); shape of x, components last.

    >>> component_losses(np.array([2.0, 1.0]), np.array([1.0, 10.0]))
    array([2., 5.])

    Source: Goh 2017, section "Decomposing the Error" (with the 1/2 that is missing there).
    """
    return 0.5 * lams * x * x


def gradient_descent_errors(alpha_lam, lams, x0, n_steps):
    """Return the errors of a run of gradient descent, x_i^k = (1 - alpha lam_i)^k x_i^0; shape (n_steps + 1, n).

    Parameters
    ----------
    alpha_lam : float
        Step-size times the largest eigenvalue.
    lams : array, shape (n,)
        Eigenvalues, from smallest to largest.
    x0 : array, shape (n,)
        The first error, in the eigenbasis.
    n_steps : int

    Examples
    --------
    >>> gradient_descent_errors(1.5, np.array([0.5, 1.0]), np.array([8.0, 8.0]), 2)
    array([[ 8. ,  8. ],
           [ 2. , -4. ],
           [ 0.5,  2. ]])

    Source: Goh 2017, section "First Steps: Gradient Descent".
    """
    k = np.arange(n_steps + 1.0)
    return (1 - alpha_lam * (lams / lams[-1])) ** k[:, None] * x0


def gradient_descent_components(alpha_lam, lams, n_steps):
    """Return each component's loss over a run of gradient descent, 1/2 (1 - alpha lam)^{2k}; shape (n_steps + 1, n).

    Parameters
    ----------
    alpha_lam : float
        Step-size times the largest eigenvalue.
    lams : array, shape (n,)
        Eigenvalues, from smallest to largest; every component starts with the loss 1/2, at x = 1/sqrt(lam).
    n_steps : int

    Examples
    --------
    >>> gradient_descent_components(1.0, np.array([0.5, 1.0]), 2)
    array([[0.5    , 0.5    ],
           [0.125  , 0.     ],
           [0.03125, 0.     ]])
    """
    return heavy_ball_components(alpha_lam, 0.0, lams, n_steps)


def heavy_ball_components(alpha_lam, beta, lams, n_steps):
    """Return each component's loss over a run of momentum, started at rest; shape (n_steps + 1, n).

    Parameters as in `gradient_descent_components`, and `beta`, the momentum.

    Examples
    --------
    >>> heavy_ball_components(1.0, 0.5, np.array([1.0]), 3)[:, 0]
    array([0.5    , 0.     , 0.125  , 0.03125])
    """
    ratio = lams / lams[-1]

    def step(state):
        z = beta * state.z + ratio * state.x
        return Eigenstate(z, state.x - alpha_lam * z)

    start = Eigenstate(np.zeros(len(lams)), 1 / np.sqrt(lams))
    return component_losses(iterate(step, start, n_steps).x, lams)


def last_step_above(losses, tolerance):
    """Return the last step at which each column is still above the tolerance: from the next one on, it stays below.

    Parameters
    ----------
    losses : array, shape (n_steps + 1, ...)
    tolerance : float

    Returns
    -------
    array, shape (...)
        0 if no later step is above; n_steps if the run ends first. A value that is not finite counts as above.

    Examples
    --------
    >>> last_step_above(np.array([0.5, 0.1, 0.02, 0.001]), 0.01)
    np.float64(2.0)
    """
    k = np.reshape(np.arange(float(losses.shape[0])), (-1,) + (1,) * (losses.ndim - 1))
    return np.max(np.where(losses <= tolerance, 0.0, k), axis=0)
