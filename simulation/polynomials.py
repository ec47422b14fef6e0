"""Polynomial regression: ten observations, six weights, and the directions in which they are hard to find.

The model is w_1 p_1(xi) + ... + w_n p_n(xi) with the monomials p_i(xi) = xi^(i-1). Its loss 1/2 ||Zw - d||^2 is a convex
quadratic with A = Z'Z and b = Z'd; in the eigenbasis of A, w = Qx, each weight x_i is found independently of the others.
"""

from typing import NamedTuple

import numpy as np

from simulation.eigenvectors import spectrum
from simulation.filters import steps_to

DEGREE = 5
POSITIONS = np.array([-0.6, -0.55, -0.5, -0.45, -0.4, 0.4, 0.45, 0.5, 0.55, 0.6])
"""Where the observations are made."""
OBSERVATIONS = np.array([-1.5, -2.0, -2.5, -1.5, -1.0, 0.5, 1.0, 1.5, 1.0, 0.5])
"""What is observed there."""
REMAINDER = 1e-3
"""A component counts as found once so much of its error is left."""


class Regression(NamedTuple):
    """Positions and monomials, seen in the eigenbasis of A = Z'Z: Z of shape (m, n), lams (n,) ascending, Q (n, n)."""

    Z: np.ndarray
    lams: np.ndarray
    Q: np.ndarray


def design_matrix(positions, degree=DEGREE):
    """Return Z, whose columns are the monomials 1, xi, ..., xi^degree at the positions; shape (m, degree + 1).

    >>> design_matrix([2.0, 3.0], 2)
    array([[1., 2., 4.],
           [1., 3., 9.]])
    """
    return np.asarray(positions, dtype=float)[:, None] ** np.arange(degree + 1)


def normal_equations(Z, d):
    """Return A = Z'Z and b = Z'd, with which 1/2 ||Zw - d||^2 = 1/2 w'Aw - b'w + 1/2 d'd.

    >>> normal_equations(np.array([[1.0, 0.0], [0.0, 2.0]]), np.array([3.0, 4.0]))
    (array([[1., 0.],
           [0., 4.]]), array([3., 8.]))
    """
    return Z.T @ Z, Z.T @ d


def regression(positions=POSITIONS, degree=DEGREE):
    """Return the `Regression` on the monomials up to a degree; each eigenvector's largest entry is positive.

    >>> regression().lams
    array([3.30797499e-05, 1.36507287e-04, 1.47104009e-02, 5.97975527e-02,
           2.75998232e+00, 1.07033163e+01])

    Source: Goh 2017, section "Example: Polynomial Regression".
    """
    Z = design_matrix(positions, degree)
    return Regression(Z, *spectrum(Z.T @ Z))


def eigenfeatures(problem, positions):
    """Return pbar_i(xi) = sum_j q_ji p_j(xi) at the positions, one eigenfeature a column; shape (len(positions), n).

    The model is sum_i x_i pbar_i(xi) = sum_j w_j p_j(xi) where w = Qx. On the observed positions pbar_i has the
    length sqrt(lam_i): the larger its eigenvalue, the more of it the observations see.

    >>> problem = regression()
    >>> (eigenfeatures(problem, POSITIONS) ** 2).sum(axis=0).round(4)
    array([0.00000e+00, 1.00000e-04, 1.47000e-02, 5.98000e-02, 2.76000e+00, 1.07033e+01])
    """
    return design_matrix(positions, len(problem.lams) - 1) @ problem.Q


def optimum(problem, d):
    """Return the weights x* in the eigenbasis that fit the observations best, x*_i = q_i'Z'd / lam_i; shape (n,).

    >>> problem = regression()
    >>> w_star = problem.Q @ optimum(problem, OBSERVATIONS)
    >>> w_star.round(2)
    array([   0.57,   -8.08,   -6.39,   90.62,    9.45, -177.26])
    """
    return (problem.Q.T @ problem.Z.T @ d) / problem.lams


def best_alone(A, b, w):
    """Return, for each weight, the value that minimises 1/2 w'Aw - b'w while all the others stay; shape (n,).

    w_i + (b - Aw)_i / A_ii: it depends on the other weights, unless A is diagonal.

    >>> best_alone(np.array([[2.0, 1.0], [1.0, 2.0]]), np.array([4.0, 4.0]), np.array([0.0, 1.0]))
    array([1.5, 2. ])

    Source: coordinate descent, the method of Gauss and Seidel.
    """
    return w + (b - A @ w) / A.diagonal()


def steps_per_eigenfeature(problem, alpha_lam_max, remainder=REMAINDER):
    """Return the steps after which gradient descent has left no more than the remainder of each component; shape (n,).

    >>> steps_per_eigenfeature(regression(), 1.8).round()
    array([1.241708e+06, 3.009000e+05, 2.789000e+03, 6.830000e+02,
           1.100000e+01, 3.100000e+01])
    """
    return steps_to(remainder, alpha_lam_max * (problem.lams / problem.lams[-1]))
