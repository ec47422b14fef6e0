"""A drawing in pixels: values on its pixels as an image, one drawing beside the other, with their outline."""

import numpy as np
from bokeh.models import LinearColorMapper, Segment
from bokeh.models.glyphs import Image

from components import style

GAP, ROOM = 2, 3
"""Between two drawings, and above them, in pixels."""


def size(picture):
    """Return (height, width) of a picture, in pixels."""
    return tuple(int(n) for n in picture.pixels.max(axis=0) + 1)


def pitch(picture):
    """Return how far to the right of a drawing the next one lies."""
    return size(picture)[1] + GAP


def place(picture, pixel):
    """Return x and y of the middle of a pixel of the first drawing: the first row is at the top."""
    row, column = picture.pixels[pixel].T
    return column + 0.5, size(picture)[0] - row - 0.5


def on_paper(picture, *values):
    """Return drawings side by side as the rows of an image, from the bottom; NaN where nothing is drawn; traceable.

    values : arrays, shape (n,)
        One number for each pixel, one array a drawing.
    """
    (height, _), n = size(picture), len(picture.pixels)
    row, column = picture.pixels.T
    at = np.full((height, len(values) * pitch(picture) - GAP), len(values) * n)
    for i in range(len(values)):
        at[height - 1 - row, column + i * pitch(picture)] = np.arange(n) + i * n
    return np.reshape(np.concatenate([*values, np.array([np.nan])])[at.ravel()], at.shape)


def outline(picture, drawings=1):
    """Return the sides of pixels where the drawings end, as columns x0, y0, x1, y1."""
    height, width = size(picture)
    drawn = np.zeros((height + 2, width + 2), bool)
    row, column = picture.pixels.T
    drawn[height - row, column + 1] = True
    y, x = np.nonzero(drawn[:, 1:] != drawn[:, :-1])
    v, u = np.nonzero(drawn[1:] != drawn[:-1])
    ends = [np.append(x, u - 1), np.append(y - 1, v), np.append(x, u), np.append(y, v)]
    shift = np.repeat(np.arange(drawings) * pitch(picture), len(ends[0]))
    x0, y0, x1, y1 = (np.tile(end, drawings) for end in ends)
    return {"x0": x0 + shift, "y0": y0, "x1": x1 + shift, "y1": y1}


def draw_paper(figure, picture, table, column, *, ramp, low, high, drawings=1):
    """Return the plot of an image made by `on_paper`; the figure's table `outline` is drawn over it."""
    (height, _), across = size(picture), drawings * pitch(picture) - GAP
    plot = style.lean_plot((-0.5, across + 0.5), (-0.5, height + ROOM), aspect=round((across + 1) / (height + ROOM + 0.5), 4))
    mapper = figure.paint(LinearColorMapper(low=low, high=high, nan_color=(0, 0, 0, 0)), palette=ramp)
    figure.draw(plot, table, Image(image=column, x=0, y=0, dw=across, dh=height, color_mapper=mapper))
    # A pixel at 0 is nearly as pale as the page.
    sides = Segment(x0="x0", y0="y0", x1="x1", y1="y1", line_width=1)
    figure.draw(plot, "outline", sides, line_color="muted").level = "overlay"
    return plot
