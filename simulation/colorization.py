"""The colorization problem: colour seeps from two pixels into a picture, at the pace of its flattest eigenvector.

f(w) = 1/2 sum_{i in D} (w_i - 1)^2 + 1/2 sum_{(i, j) in E} (w_i - w_j)^2 is a convex quadratic, A = L_G + diag(1_D), b = 1_D;
the coloured pixels D pull towards 1, the edges E smooth, and all pixels 1 is the optimum.
"""

from typing import NamedTuple

import numpy as np

from simulation.eigenvectors import spectrum
from simulation.filters import heavy_ball_filter
from simulation.graphs import in_order, laplacian

CAT = """
 ##        ##
 ###      ###
 ####    ####
 ############
##############
##############
###o######o###      ##
##############     ####
 ############      #####
  ##########        ####
   ########          ###
  ##########         ###
 ############        ###
 #############      ####
################   ####
#################  ####
######################
#####################
###################
##################
##################
 ####  ####  #####
 ####  ####  ####
"""
"""A picture: `#` a pixel, `o` a coloured one. The eyes are coloured; the tip of the tail is the last to learn of it."""


class Picture(NamedTuple):
    """The pixels of a drawing, row by row from its top."""

    pixels: np.ndarray
    """Row and column of each pixel, shape (n, 2)."""
    edges: np.ndarray
    """Pairs of pixels that share a side, shape (m, 2)."""
    coloured: np.ndarray
    """The numbers of the coloured pixels."""


class Colorization(NamedTuple):
    """The problem on a picture, in its eigenbasis: lams of shape (n,) ascending, Q (n, n), x_star = Q'w* (n,)."""

    picture: Picture
    lams: np.ndarray
    Q: np.ndarray
    x_star: np.ndarray


def read_picture(drawing=CAT):
    r"""Return the `Picture` of a drawing in characters.

    Raises
    ------
    ValueError
        If nothing is drawn, or no pixel is coloured.

    Examples
    --------
    >>> read_picture("o#\n #").pixels.tolist(), read_picture("o#\n #").edges.tolist()
    ([[0, 0], [0, 1], [1, 1]], [[0, 1], [1, 2]])
    """
    lines = drawing.strip("\n").split("\n")
    marks = {(i, j): mark for i, line in enumerate(lines) for j, mark in enumerate(line) if mark != " "}
    coloured = np.array([n for n, mark in enumerate(marks.values()) if mark == "o"], dtype=int)
    if not len(coloured):
        raise ValueError("drawing: expected at least one coloured pixel, an 'o'")
    number = {place: n for n, place in enumerate(marks)}
    neighbours = [(n, number.get(place)) for (i, j), n in number.items() for place in ((i, j + 1), (i + 1, j))]
    return Picture(np.array(list(number)), in_order([pair for pair in neighbours if None not in pair]), coloured)


def hops(picture):
    """Return how many edges away the nearest coloured pixel is: the colour first arrives one step later; shape (n,).

    >>> hops(read_picture("o##")).tolist()
    [0.0, 1.0, 2.0]
    """
    away = np.full(len(picture.pixels), np.inf)
    away[picture.coloured] = 0
    i, j = picture.edges.T
    for _ in picture.pixels:
        np.minimum.at(away, j, away[i] + 1)
        np.minimum.at(away, i, away[j] + 1)
    return away


def equations(picture, weight=1.0):
    """Return A = L_G + weight diag(1_D) and b = weight 1_D.

    >>> equations(read_picture("o#"))
    (array([[ 2., -1.],
           [-1.,  1.]]), array([1., 0.]))
    """
    n = len(picture.pixels)
    b = np.zeros(n)
    b[picture.coloured] = weight
    return laplacian(n, picture.edges) + np.diag(b), b


def loss(picture, w):
    """Return f(w), the sum of what the coloured pixels and the edges want; w of shape (..., n).

    >>> float(loss(read_picture("o#"), np.array([0.0, 0.0]))), float(loss(read_picture("o#"), np.array([1.0, 0.0])))
    (0.5, 0.5)
    """
    i, j = picture.edges.T
    pull = np.sum((w[..., picture.coloured] - 1) ** 2, axis=-1)
    return 0.5 * pull + 0.5 * np.sum((w[..., i] - w[..., j]) ** 2, axis=-1)


def colorization(picture=None):
    """Return the `Colorization` of a picture, the cat if none is given.

    >>> problem = colorization(read_picture("o#"))
    >>> problem.lams.round(4)
    array([0.382, 2.618])

    Source: Goh 2017, section "Example: The Colorization Problem"; Levin, Lischinski and Weiss 2004.
    """
    picture = read_picture() if picture is None else picture
    lams, Q = spectrum(equations(picture)[0])
    return Colorization(picture, lams, Q, Q.T @ np.ones(len(lams)))


def colours(problem, alpha_lam_max, beta, k):
    """Return the picture after k steps of momentum, started from nothing, w^0 = 0; beta = 0 is gradient descent.

    Parameters
    ----------
    problem : Colorization
        The n pixels, and their eigenvectors.
    alpha_lam_max : float
        Step-size times the largest eigenvalue.
    beta : float
        Momentum.
    k : float
        Number of steps; millions cost as much as one.

    Returns
    -------
    array, shape (n,)
        1 is the full colour; below and beyond it, momentum may be under way.

    Examples
    --------
    >>> problem = colorization(read_picture("o#"))
    >>> np.abs(colours(problem, problem.lams[-1], 0.0, 2).round(12))
    array([0., 1.])
    """
    return problem.Q @ (heavy_ball_filter(alpha_lam_max * (problem.lams / problem.lams[-1]), beta, k) * problem.x_star)
