"""Random numbers that are the same wherever they are drawn: a small multiplicative generator, for figures.

Every product stays below 2^52, so that a double holds it exactly and NumPy and a browser draw the same uniform numbers, to the
last bit; the normal ones pass through log, cos and sin, and agree to rounding. The number of step k in run r comes straight from
k, r and the seed; there is no hidden state.
"""

from functools import lru_cache

import numpy as np

MODULUS = 67108859
"""The largest prime below 2^26."""
DOWN, ACROSS = 49315662, 59060932
"""From step to step, and from run to run: primitive roots whose lattices in two to five dimensions have no coarse planes."""
SCATTER, OFFSET = 41358513, 15485863


def residue(x):
    """Return x mod m, m = 2^26 - 5, exact for whole x with 0 <= x < m^2.

    x/m lies at least 1/m > 2^-26 below the next whole number, or is one; rounding it to a double cannot take it there.

    >>> residue(np.array([7.0, 67108860.0, 67108858.0**2]))
    array([7., 1., 1.])
    """
    return x - MODULUS * np.floor(x / MODULUS)


@lru_cache
def _powers(root, n):
    return np.array([pow(root, i, MODULUS) for i in range(n)], dtype=float)


def uniforms(seed, rows, columns):
    """Return numbers spread evenly over (0, 1), independent for all that a figure can tell; shape (rows, columns).

    u = (down^row across^column start mod m) / m, with start a scattered function of the seed.

    Parameters
    ----------
    seed : int from 0 to 10^6
        Another seed, other numbers.
    rows, columns : int
        Fewer of them are the beginning of more.

    Returns
    -------
    array, shape (rows, columns)

    Examples
    --------
    >>> uniforms(1, 2, 3).round(6)
    array([[0.277926, 0.407893, 0.053542],
           [0.817527, 0.964979, 0.051512]])

    Source: L'Ecuyer 1999, "Tables of linear congruential generators of different sizes and good lattice structure".
    """
    start = residue(seed * SCATTER + OFFSET)
    # Its cube: the numbers of neighbouring seeds would otherwise be multiples of each other.
    start = residue(residue(start * start) * start)
    first_row = residue(_powers(ACROSS, columns) * start)
    return residue(_powers(DOWN, rows)[:, None] * first_row) / MODULUS


@lru_cache(maxsize=8)
def normals(seed, n_steps, runs):
    """Return numbers of the standard normal distribution; shape (n_steps, runs), `runs` even.

    Box and Muller: sqrt(-2 log u) (cos 2 pi v, sin 2 pi v) is a pair of them, for runs r and r + runs/2.

    The last ones drawn are kept, for what a reader changes is rarely the seed.

    >>> normals(1, 1, 4).round(4)
    array([[1.5105, 1.1899, 0.5282, 0.6146]])

    Source: Box and Muller 1958, "A note on the generation of random normal deviates".
    """
    u = uniforms(seed, n_steps, runs)
    length = np.sqrt(-2 * np.log(u[:, : runs // 2]))
    angle = 2 * np.pi * u[:, runs // 2 :]
    return np.concatenate([length * np.cos(angle), length * np.sin(angle)], axis=1)
