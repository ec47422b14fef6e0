"""What lies over a plot, as data: handles to drag, names that act, labels, and time to play. `overlay.js` carries it out."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Handle:
    """A point of a plot that the reader drags; it moves the Parameters `x` and `y` (None: that axis is fixed).

    `turn` is an orthogonal matrix, for a plot that shows the Parameters in another basis: its point is turn @ (x, y).
    A `hollow` handle shows itself on hover and focus alone, for a plot that marks the place in its own way.
    """

    plot: str
    x: str | None
    y: str | None
    label: str
    at: float = 0.0
    turn: tuple[tuple[float, float], tuple[float, float]] = ((1.0, 0.0), (0.0, 1.0))
    hollow: bool = False


@dataclass(frozen=True)
class Mark:
    """A named point of a plot, at a row of `table`'s columns `x` and `y`; a click sets `sets_x` and `sets_y` to it.

    Where it sets nothing it is a name alone; where the point is not a number, no name is shown. The browser places the
    names so that none covers another or a point.
    """

    plot: str
    table: str
    label: str
    sets_x: str | None = None
    sets_y: str | None = None
    row: int = 0
    x: str = "x"
    y: str = "y"


@dataclass(frozen=True)
class Label:
    """Texts beside the points of a table: column `text` at the columns (or fixed values) `x` and `y`, moved by (dx, dy) px.

    `align` is where the text hangs on its point: "start", "middle" or "end"; `role` is its colour.
    """

    plot: str
    table: str
    text: str
    x: str | float = "x"
    y: str | float = "y"
    dx: float = 0
    dy: float = 0
    align: str = "start"
    role: str = "text"


@dataclass(frozen=True)
class Play:
    """A Parameter that stands for time, swept from its lower to its upper bound in so many seconds."""

    parameter: str
    seconds: float = 4.0
