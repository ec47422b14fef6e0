"""Objectives: functions to descend, each with its gradient. Points have their coordinates on the last axis."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np


class Objective(NamedTuple):
    """A function f of points of shape (..., n), its gradient of the same shape, and where its minimum is."""

    name: str
    f: Callable
    grad: Callable
    minimum: tuple


def _valley(w):
    x, y = w[..., 0], w[..., 1]
    return (1 - x) ** 2 + 20 * (3 * y - x * x) ** 2


ALONG_X, ALONG_Y = np.array([2.0, 0.0]), np.array([0.0, 120.0])
OFF_X = np.array([80.0, 0.0])


def _valley_grad(w):
    # Both coordinates at once: a run takes hundreds of gradients, and joining two arrays costs more than all else.
    x, y = w[..., :1], w[..., 1:]
    off = 3 * y - x * x
    return off * (ALONG_Y - OFF_X * x) + ALONG_X * (x - 1)


curved_valley = Objective("curved valley", _valley, _valley_grad, (1.0, 1 / 3))
"""f(x, y) = (1 - x)^2 + 20 (3y - x^2)^2, a banana with its minimum 0 at (1, 1/3).

>>> float(curved_valley.f(np.array([1.0, 1 / 3]))), float(curved_valley.f(np.array([0.0, 1.0])))
(0.0, 181.0)

Source: Rosenbrock 1960, rescaled.
"""


def quadratic(lams):
    """Return f(x) = 1/2 sum_i lams_i x_i^2, a quadratic in its own eigenbasis.

    >>> float(quadratic([1.0, 100.0]).f(np.array([1.0, 1.0])))
    50.5
    """
    lams = np.asarray(lams, dtype=float)
    return Objective(
        "quadratic",
        lambda x: 0.5 * np.sum(lams * x * x, axis=-1),
        lambda x: lams * x,
        (0.0,) * len(lams),
    )
