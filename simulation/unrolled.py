"""Momentum unrolled: every point of a run as the start minus a weighted sum of the gradients seen on the way."""

import numpy as np


def geometric_sum(beta, m):
    """Return 1 + beta + ... + beta^(m-1) = (1 - beta^m)/(1 - beta), m where beta = 1; 0 for m <= 0.

    A gradient m - 1 steps old has by now moved the point m times, each time by beta less.

    Parameters
    ----------
    beta : float or array, shape (...)
        Momentum, 0 <= beta <= 1.
    m : int or array, shape (...)
        Number of terms.

    Returns
    -------
    array, shape (...)

    Examples
    --------
    >>> geometric_sum(0.5, np.arange(5)), geometric_sum(1.0, np.arange(3)), geometric_sum(0.0, np.arange(3))
    (array([0.   , 1.   , 1.5  , 1.75 , 1.875]), array([0., 1., 2.]), array([0., 1., 1.]))
    """
    # 1 - beta is exact near 1, and the floor under it turns the ratio into m at 1.
    gap = np.minimum(np.maximum(1 - beta, 1e-30), 1 - 1e-16)
    return -np.expm1(np.log1p(-gap) * np.maximum(m, 0)) / gap


def unrolled_weights(beta, n_steps):
    """Return what each gradient counts in each point, (1 - beta^(k+1-i))/(1 - beta); shape (n_steps + 1, n_steps).

    Row k belongs to w^k, column i to grad f(w^i); gradients of the future count 0. beta = 0, gradient descent, counts all alike.

    >>> unrolled_weights(0.5, 2)
    array([[0. , 0. ],
           [1. , 0. ],
           [1.5, 1. ]])
    """
    return geometric_sum(beta, np.arange(n_steps + 1)[:, None] - np.arange(n_steps))


def unrolled_run(w0, alpha, beta, grads):
    """Return the points of a run of momentum from its gradients alone.

    w^(k+1) = w^0 - alpha sum_{i=0}^k (1 - beta^(k+1-i))/(1 - beta) grad f(w^i), with z^0 = 0.

    Parameters
    ----------
    w0 : array, shape (n,)
        The start.
    alpha, beta : float
        Step-size, momentum.
    grads : array, shape (n_steps, n)
        grad f(w^0), ..., the gradients at the points of the run.

    Returns
    -------
    array, shape (n_steps + 1, n)

    Examples
    --------
    >>> unrolled_run(np.array([8.0]), 0.5, 0.5, np.array([[8.0], [4.0], [0.0]]))[:, 0]
    array([ 8.,  4.,  0., -2.])

    Source: Goh 2017, section "Adventures in Algorithmic Space" (with the minus sign that is a plus there).
    """
    return w0 - alpha * (unrolled_weights(beta, grads.shape[0]) @ grads)
