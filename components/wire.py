"""What travels to the browser: tables and constants, as few bytes and as few messages as they can be."""

import numpy as np

SMALL = (np.int8, np.int16)
"""Types that hold whole numbers in fewer bytes than a float; the browser multiplies them by their unit."""


def as_columns(table):
    """Return a table as Bokeh wants it: texts as a list, an image as a list of one two-dimensional array."""

    def as_column(column):
        if isinstance(column, list):
            return column
        # An image is only ever coloured: half the bytes show the same.
        return [np.asarray(column, dtype=np.float32)] if np.ndim(column) == 2 else np.asarray(column, dtype=float)

    return {name: as_column(column) for name, column in table.items()}


def without_rows(table):
    """Return the columns of a table that the browser is going to compute itself: none of its rows need travel."""
    # One pixel, for an image: it tells the browser in which kind of array Bokeh keeps images.
    return {name: [np.full((1, 1), np.nan, np.float32)] if np.ndim(column) == 2 else [] for name, column in table.items()}


def packed(tables, sentence):
    """Return tables and sentence as one row of a source, all numbers in one array: one message with one buffer.

    Bokeh sends each array in frames of its own, and each frame is a system call: twenty for a handful of columns.
    """
    columns = [column for table in tables.values() for column in table.values()]
    numbers = np.concatenate([np.ravel(np.asarray(column, dtype=float)) for column in columns if not isinstance(column, list)])
    texts = [text for column in columns if isinstance(column, list) for text in column]
    return {"tables": [list(tables)], "numbers": [numbers], "texts": [[*texts, sentence]]}


def layout(tables):
    """Return how `packed` lays out each table: {table: [[column, shape], ...]}; a column of texts has the shape None, n."""
    return {
        name: [[key, [None, len(column)] if isinstance(column, list) else np.shape(column)] for key, column in table.items()]
        for name, table in tables.items()
    }


def compact(values):
    """Return (array, unit) with `array * unit` equal to `values` to the last bit, the array in the smallest type that can.

    >>> compact(np.array([0.25, -1.5, 3.0]))
    (array([ 1, -6, 12], dtype=int8), 0.25)
    >>> compact(np.array([0.5, 0.1]))
    (array([0.5, 0.1]), 1.0)
    """
    unit = _unit(values)
    if unit:
        whole = values / unit
        for kind in SMALL:
            if np.abs(whole).max() <= np.iinfo(kind).max:
                return whole.astype(kind), unit
    short = values.astype(np.float32)
    return (short if np.array_equal(short, values, equal_nan=True) else values), 1.0


def _unit(values):
    """Return the largest power of two of which all values are whole multiples; 0 where there is none, or a -0 to keep."""
    if not values.size or not np.isfinite(values).all() or np.any((values == 0) & np.signbit(values)):
        return 0.0
    parts = values[values != 0]
    if not parts.size:
        return 1.0
    share, exponent = np.frexp(parts)
    digits = np.abs(np.ldexp(share, 53)).astype(np.int64)
    lowest = int(np.min(exponent - 53 + np.log2(digits & -digits).astype(int)))
    return float(np.ldexp(1.0, lowest)) if lowest > -1000 else 0.0
