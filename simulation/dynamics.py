"""Momentum on one eigenvector: a two by two matrix, applied again and again."""

import numpy as np

from simulation.iterate import iterate


def iteration_matrix(alpha, beta, lam):
    """Return R with (z, x)^{k+1} = R (z, x)^k, for z <- beta z + lam x, x <- x - alpha z.

    R = [[beta, lam], [-alpha beta, 1 - alpha lam]], so det R = beta and trace R = 1 + beta - alpha lam.

    Parameters
    ----------
    alpha, beta, lam : float or arrays that broadcast to shape (...)
        Step-size, momentum, eigenvalue.

    Returns
    -------
    array, shape (..., 2, 2)

    Examples
    --------
    >>> iteration_matrix(0.5, 0.25, 2.0)
    array([[ 0.25 ,  2.   ],
           [-0.125,  0.   ]])

    Source: Goh 2017, section "The Dynamics of Momentum"; Flammarion and Bach 2015.
    """
    alpha, beta, lam = np.broadcast_arrays(alpha, beta, lam)
    return np.stack([np.stack([beta, lam], -1), np.stack([-alpha * beta, 1 - alpha * lam], -1)], -2)


def discriminant(alpha_lam, beta):
    """Return (1 + beta - alpha_lam)^2 - 4 beta: negative where the roots are complex and the run rings.

    >>> discriminant(1.0, 0.0), discriminant(1.0, 1.0)
    (0.0, -3.0)
    """
    return (1 + beta - alpha_lam) ** 2 - 4 * beta


def roots(alpha_lam, beta):
    """Return the eigenvalues sigma_1, sigma_2 of R, complex, shape (..., 2).

    sigma = 1/2 (1 + beta - alpha_lam +- sqrt(discriminant)); where they are complex, |sigma| = sqrt(beta).

    >>> np.abs(roots(1.0, 0.25))
    array([0.5, 0.5])
    """
    trace = np.asarray(1 + beta - alpha_lam, dtype=complex)
    root = np.sqrt(np.asarray(discriminant(alpha_lam, beta), dtype=complex))
    return np.stack([(trace + root) / 2, (trace - root) / 2], axis=-1)


def iteration_matrix_power(alpha, beta, lam, k):
    """Return R^k in closed form.

    Distinct roots: R^k = sigma_1^k R_1' + sigma_2^k R_2' with R_1' = (R - sigma_2 I)/(sigma_1 - sigma_2) and
    R_2' = (R - sigma_1 I)/(sigma_2 - sigma_1). A repeated root: sigma^(k-1) (k R - (k - 1) sigma I) for k > 0, at
    sigma = 0, too.

    Parameters
    ----------
    alpha, beta, lam : float
        Step-size, momentum, eigenvalue.
    k : int, not negative

    Returns
    -------
    array, shape (2, 2)

    Raises
    ------
    ValueError
        If k is negative.

    Examples
    --------
    >>> iteration_matrix_power(0.5, 0.0, 1.0, 3)
    array([[0.   , 0.25 ],
           [0.   , 0.125]])

    Source: Williams 1992, "The nth power of a 2 x 2 matrix".
    """
    if k < 0:
        raise ValueError(f"k: expected a number of steps, got {k}")
    R, I = iteration_matrix(alpha, beta, lam), np.eye(2)
    one, two = roots(alpha * lam, beta)
    if k == 0:
        return I
    # Nearly equal roots cancel in the first form; below this distance the second is the more accurate.
    if abs(one - two) <= 1e-7 * abs(one):
        sigma = ((one + two) / 2).real
        return R if k == 1 else sigma ** (k - 1) * (k * R - (k - 1) * sigma * I)
    power = (one**k * (R - two * I) - two**k * (R - one * I)) / (one - two)
    return power.real


def trajectory(alpha, beta, lam, z0, x0, n_steps):
    """Return the run z <- beta z + lam x, x <- x - alpha z from (z0, x0): histories (z, x), each (n_steps + 1, ...).

    Parameters
    ----------
    alpha, beta, lam : float or arrays that broadcast to shape (...)
        Step-size, momentum, eigenvalue.
    z0, x0 : float or array, shape (...)
        Velocity and position at the start; shape as the result's.
    n_steps : int

    Examples
    --------
    >>> z, x = trajectory(0.5, 0.5, 1.0, 0.0, 8.0, 3)
    >>> z, x
    (array([0., 8., 8., 4.]), array([ 8.,  4.,  0., -2.]))
    """

    def step(state):
        z, x = state
        z = beta * z + lam * x
        return z, x - alpha * z

    return iterate(step, (z0, x0), n_steps)
