"""Where momentum never arrives: a smooth, strongly convex function on which heavy ball circles for ever."""

import numpy as np


def value(x):
    """Return f(x) = 25/2 x^2 below 1, x^2/2 + 24x - 12 up to 2, 25/2 x^2 - 24x + 36 beyond; its minimum is 0, at 0.

    Its curvature is 25, 1 and 25 again, so kappa = 25, as of a quadratic with eigenvalues 1 and 25.

    >>> value(np.array([0.0, 1.0, 2.0, 3.0]))
    array([ 0. , 12.5, 38. , 76.5])
    """
    return np.where(x < 1, 12.5 * x * x, np.where(x < 2, 0.5 * x * x + 24 * x - 12, 12.5 * x * x - 24 * x + 36))


def slope(x):
    """Return f'(x) = 25x below 1, x + 24 up to 2, 25x - 24 beyond.

    >>> slope(np.array([-1.0, 1.0, 2.0, 3.0]))
    array([-25.,  25.,  26.,  51.])

    Source: Lessard, Recht and Packard 2016, "Analysis and design of optimization algorithms via integral quadratic
    constraints".
    """
    return np.where(x < 1, 25 * x, np.where(x < 2, x + 24, 25 * x - 24))


def three_cycle():
    """Return the three points that heavy ball with alpha = 1/9, beta = 4/9 visits in turn, for ever.

    These are the best parameters for a quadratic with eigenvalues 1 and 25. On the cycle the slopes are 25x - 24, 25x and
    25x, which makes its points the solution of three linear equations.

    >>> three_cycle().round(4)
    array([ 2.1159,  0.6465, -1.8024])
    """
    # 9 x_{k+1} = 9 x_k - slope(x_k) + 4 (x_k - x_{k-1}) at the points p > 2 and q, r < 1.
    step = np.array([[-12.0, -9.0, -4.0], [-4.0, -12.0, -9.0], [-9.0, -4.0, -12.0]])
    return np.linalg.solve(step, np.array([-24.0, 0.0, 0.0]))
