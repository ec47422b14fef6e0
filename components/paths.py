"""How a run is drawn: darker as time goes on, and cut off far outside the picture."""

import numpy as np

FAINTEST = 0.3
"""How far the first dot is filled; the last one is full."""
FAR = 1e3
"""Where a diverging path is cut off: far outside the view, well inside what a canvas can draw."""


def shade(n_steps):
    """Return how far each dot of a run is filled, from light to dark in time; shape (n_steps + 1,)."""
    return np.linspace(FAINTEST, 1, n_steps + 1)


def within(x):
    """Return coordinates cut off where they leave the picture for good."""
    return np.clip(x, -FAR, FAR)
