"""Update rules, each a pair of pure functions: the state at the start, and one update."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np  # noqa: F401 (the doctests speak it)

from simulation.iterate import iterate


class UpdateRule(NamedTuple):
    """`init(w) -> state`; `update(grad, state, w) -> (step, state)`, where the next point is w + step."""

    init: Callable
    update: Callable


class NoState(NamedTuple):
    """The state of a rule that remembers nothing."""


class Velocity(NamedTuple):
    """The state of a rule that remembers its velocity z, shape of w."""

    z: Any


def gradient_descent(alpha):
    """Return gradient descent, w <- w - alpha grad f(w).

    alpha : float
        Step-size.

    >>> descend(gradient_descent(0.5), lambda w: w, np.array([8.0]), 3)[:, 0]
    array([8., 4., 2., 1.])
    """
    return UpdateRule(lambda w: NoState(), lambda grad, state, w: (-alpha * grad, state))


def heavy_ball(alpha, beta):
    """Return momentum, z <- beta z + grad f(w), w <- w - alpha z, started at rest.

    alpha : float
        Step-size.
    beta : float
        Momentum; 0 is gradient descent.

    >>> descend(heavy_ball(0.5, 0.5), lambda w: w, np.array([8.0]), 3)[:, 0]
    array([ 8.,  4.,  0., -2.])

    Source: Polyak 1964; Goh 2017, section "Momentum".
    """

    def update(grad, state, w):
        z = beta * state.z + grad
        return -alpha * z, Velocity(z)

    return UpdateRule(lambda w: Velocity(0 * w), update)


def descend(rule, grad, w0, n_steps):
    """Return the points of a run, shape (n_steps + 1, ...), entry 0 the start `w0`."""
    names = type(rule.init(w0))

    def step(state):
        w, *memory = state
        move, memory = rule.update(grad(w), names(*memory), w)
        return (w + move, *memory)

    return iterate(step, (w0, *rule.init(w0)), n_steps)[0]
