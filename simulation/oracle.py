"""The resisting oracle: a path so long that no method can know its far end in time.

The convex Rosenbrock function f(w) = 1/2 (w_1 - 1)^2 + 1/2 sum_{i=1}^{n-1} (w_i - w_{i+1})^2 + 2/(kappa - 1) ||w||^2 couples
each weight to its neighbours alone, so from w^0 = 0 a method that moves along gradients it has seen reaches one more weight a
step. The far end is free; `held=True` adds 1/2 w_n^2, a neighbour that is kept at 0. Everything but `equations` can be traced,
and `n` may be smaller than the arrays, whose entries beyond it stay 0.
"""

import numpy as np

from simulation.iterate import iterate
from simulation.rates import optimal_heavy_ball


def penalty(kappa):
    """Return 4/(kappa - 1), the smallest eigenvalue of the infinitely long problem; the largest is 4 more.

    >>> penalty(1001.0)
    0.004
    """
    return 4 / (kappa - 1)


def fading(kappa):
    """Return q = (sqrt kappa - 1)/(sqrt kappa + 1), momentum's best rate; the infinitely long problem's optimum is w*_i = q^i.

    >>> float(fading(9.0))
    0.5
    """
    return optimal_heavy_ball(1.0, kappa).rate


def equations(n, kappa, *, held=False):
    """Return A, of shape (n, n), and b, of shape (n,), with f(w) = 1/2 w'Aw - b'w + 1/2.

    >>> equations(3, 5.0)
    (array([[ 3., -1.,  0.],
           [-1.,  3., -1.],
           [ 0., -1.,  2.]]), array([1., 0., 0.]))
    """
    diagonal = np.full(n, 2 + penalty(kappa))
    diagonal[-1] -= 0 if held else 1
    return np.diag(diagonal) - np.eye(n, k=1) - np.eye(n, k=-1), np.eye(n)[0]


def loss(w, kappa, n=None, *, held=False):
    """Return f(w); w of shape (..., size) gives (...). Parameters as in `gradient`.

    >>> float(loss(np.zeros(3), 5.0)), float(loss(np.ones(3), 5.0)), float(loss(np.ones(3), 5.0, held=True))
    (0.5, 1.5, 2.0)
    """
    n = w.shape[-1] if n is None else n
    onward = _to_the_next(w, n - 1 + held)
    return 0.5 * ((w[..., 0] - 1) ** 2 + np.sum(onward * onward, axis=-1) + penalty(kappa) * np.sum(w * w, axis=-1))


def gradient(w, kappa, n=None, *, held=False):
    """Return the gradient: each entry depends on its own weight and the two beside it.

    Parameters
    ----------
    w : array, shape (size,)
        The weights, 0 beyond the n-th.
    kappa : float
        Condition number of the infinitely long problem.
    n : float, optional
        Number of weights in use; all of them where left out.
    held : bool
        Whether the far end is tied to 0.

    Returns
    -------
    array, shape (size,)

    Examples
    --------
    >>> gradient(np.array([1.0, 0.0, 0.0]), 5.0)
    array([ 2., -1.,  0.])
    """
    n = w.shape[0] if n is None else n
    back = np.concatenate([np.stack([w[0] - 1]), -_to_the_next(w, n - 1)[:-1]], axis=0)
    return _to_the_next(w, n - 1 + held) + back + penalty(kappa) * w


def optimum(n, kappa, size=None, *, held=False):
    """Return w*, the exact optimum of the finite problem: w*_i = (q^i + q^(2n+1-i)) / (1 + q^(2n+1)).

    A wave that fades by q = `fading(kappa)` a weight, and its reflection at the far end. A held end reflects it upside down,
    w*_i = (q^i - q^(2n+2-i)) / (1 - q^(2n+2)).

    Parameters
    ----------
    n : float
        Number of weights in use.
    kappa : float
        Condition number of the infinitely long problem.
    size : int, optional
        Length of the result, n where left out.
    held : bool
        Whether the far end is tied to 0.

    Returns
    -------
    array, shape (size,)
        0 beyond the n-th entry.

    Examples
    --------
    >>> A, b = equations(3, 5.0)
    >>> bool(np.abs(A @ optimum(3, 5.0) - b).max() < 1e-15)
    True
    """
    i = np.arange(1.0, (n if size is None else size) + 1)
    way, sign, log_q = 2 * n + 1 + held, 1 - 2 * held, np.log(fading(kappa))
    wave = np.exp(log_q * i) + sign * np.exp(log_q * np.maximum(way - i, 0))
    return np.where(i <= n, wave / (1 + sign * np.exp(log_q * way)), 0.0)


def extreme_eigenvalues(n, kappa, *, held=False):
    """Return the smallest and the largest eigenvalue of A.

    2 - 2 cos((2j - 1) pi/(2n + 1)) + 4/(kappa - 1) at j = 1 and n; with the far end held, 2 - 2 cos(j pi/(n + 1)) instead.

    >>> low, high = extreme_eigenvalues(25, 1000.0)
    >>> round(float(low), 6), round(float(high), 4)
    (0.007797, 3.9888)
    """
    turn = np.pi / (2 * n + 1 + held)
    bottom, top = (1 + held) * turn, (2 * n - 1 + held) * turn
    return 2 - 2 * np.cos(bottom) + penalty(kappa), 2 - 2 * np.cos(top) + penalty(kappa)


def finite_kappa(n, kappa, *, held=False):
    """Return the condition number of the finite problem; it approaches kappa only as n grows.

    >>> round(float(finite_kappa(25, 1000.0)), 1), round(float(finite_kappa(25, 1000.0, held=True)), 1)
    (511.6, 214.6)
    """
    low, high = extreme_eigenvalues(n, kappa, held=held)
    return high / low


def heavy_ball_run(n, kappa, alpha, beta, n_steps, size=None, *, held=False):
    """Return the weights over a run of momentum from w^0 = 0, at rest; shape (n_steps + 1, size).

    Parameters
    ----------
    n : float
        Number of weights in use.
    kappa : float
        Condition number of the infinitely long problem.
    alpha, beta : float
        Step-size, momentum.
    n_steps : int
        Number of steps.
    size : int, optional
        Length of the arrays, n where left out.
    held : bool
        Whether the far end is tied to 0.

    Examples
    --------
    >>> heavy_ball_run(3, 5.0, 0.25, 0.5, 2)
    array([[0.    , 0.    , 0.    ],
           [0.25  , 0.    , 0.    ],
           [0.4375, 0.0625, 0.    ]])

    Source: Goh 2017, section "The Resisting Oracle"; Nesterov 2004, "Introductory Lectures on Convex Optimization", 2.1.4.
    """
    size = n if size is None else size

    def step(state):
        w, z = state
        z = beta * z + gradient(w, kappa, n, held=held)
        return w - alpha * z, z

    return iterate(step, (np.zeros(size), np.zeros(size)), n_steps)[0]


def lower_bound(w_star, n_steps):
    """Return max_{i > k} |w*_i| for k = 0 ... n_steps, an error that no method beats in k steps.

    That is: none that starts at 0 and moves along gradients it has seen, each weight by a step-size of its own if it likes.

    w_star : array, shape (size,)
        The optimum, which fades along the path, so that its (k + 1)-th entry is the largest not yet reached.
    n_steps : int
        From the n-th step on, every weight has been reached and the bound is 0.

    >>> lower_bound(np.array([0.5, 0.25]), 3)
    array([0.5 , 0.25, 0.  , 0.  ])
    """
    missing = n_steps + 1 - w_star.shape[0]
    return np.concatenate([w_star, np.zeros(missing)], axis=0) if missing > 0 else w_star[: n_steps + 1]


def largest_error(w, w_star):
    """Return ||w^k - w*||_inf; w of shape (n_steps + 1, size) gives (n_steps + 1,).

    >>> largest_error(np.array([[0.0, 0.0], [0.5, 0.0]]), np.array([0.5, 0.25]))
    array([0.5 , 0.25])
    """
    return np.max(np.abs(w - w_star), axis=-1)


def _to_the_next(w, links):
    """Return w_i - w_{i+1} along the path for the first `links` weights, 0 for the others; 0 follows the last weight."""
    after = np.concatenate([w[..., 1:], np.zeros_like(w[..., :1])], axis=-1)
    return np.where(np.arange(w.shape[-1]) < links, w - after, 0.0)
