"""The one loop of the project."""

import numpy as np

from simulation.trace import find_traced


def iterate(step, state, n_steps, xs=None):
    """Return the history of `state <- step(state)`, `n_steps` times.

    Parameters
    ----------
    step : callable
        `step(state)`, or `step(state, x)` with the rows of `xs`; returns a state of the same structure.
    state : float, array of shape (m,), or a (named) tuple of these
        The state before the first step.
    n_steps : int
        How many steps; known beforehand, for arrays have a length.
    xs : array of shape (n_steps, ...), optional
        What each step is given besides the state (noise, step-sizes).

    Returns
    -------
    history
        As `state`, each leaf with a new first axis of length n_steps + 1; entry 0 is the initial state. With traced
        arrays anywhere, the step is traced once and the loop becomes a loop in the browser.

    Examples
    --------
    >>> iterate(lambda x: 0.5 * x, 8.0, 3)
    array([8., 4., 2., 1.])
    """
    leaves, rebuild = _flatten(state)
    rows = () if xs is None else (xs[0],)
    probe = step(rebuild(leaves), *rows) if n_steps else ()
    found = find_traced((leaves, rows, probe))
    if found is not None:
        return rebuild(_record(found.graph, step, leaves, rebuild, n_steps, xs))
    history = [[leaf] for leaf in leaves]
    for k in range(n_steps):
        state = step(state) if xs is None else step(state, xs[k])
        for column, leaf in zip(history, _flatten(state)[0], strict=True):
            column.append(leaf)
    return rebuild([_column(rows) for rows in history])


def _column(rows):
    """Return the rows as one array; the first may still have to take the shape of the others."""
    if len(rows) > 1 and np.shape(rows[0]) != np.shape(rows[1]):
        rows[0] = np.broadcast_to(rows[0], np.shape(rows[1]))
    return np.array(rows, dtype=float)


def _flatten(state):
    """Return the leaves of a state, and the function that puts leaves back into its structure."""
    if not isinstance(state, tuple):
        return [state], lambda leaves: leaves[0]
    make = type(state)._make if hasattr(state, "_make") else tuple
    return list(state), make


def _record(graph, step, leaves, rebuild, n_steps, xs):
    """Return the traced histories of the leaves: the step is traced once, on placeholders."""
    initial = [graph.lift(leaf) for leaf in leaves]
    rows = None if xs is None else graph.lift(xs)
    while True:
        loop = Loop(n_steps)
        inside = frozenset((loop,))
        before = [graph.node("state", (), (loop, i), leaf.shape, loops=inside) for i, leaf in enumerate(initial)]
        given = () if rows is None else (graph.node("row", (rows,), (loop,), rows.shape[1:], loops=inside),)
        after = [graph.lift(leaf) for leaf in _flatten(step(rebuild(before), *given))[0]]
        shapes = [np.broadcast_shapes(b.shape, a.shape) for b, a in zip(before, after, strict=True)]
        if all(b.shape == shape for b, shape in zip(before, shapes, strict=True)):
            break
        initial = [np.broadcast_to(leaf, shape) for leaf, shape in zip(initial, shapes, strict=True)]
        initial = [graph.lift(leaf) for leaf in initial]
    loop.initial, loop.before, loop.after = initial, before, after
    outside = frozenset().union(*(n.loops for n in (*initial, *after, *(() if rows is None else (rows,))))) - inside
    loop.outside = outside
    return [graph.node("history", (), (loop, i), (n_steps + 1, *leaf.shape), loops=outside) for i, leaf in enumerate(initial)]


class Loop:
    """A traced loop: the states before and after one step, and the loops around it."""

    def __init__(self, n_steps):
        self.n_steps = n_steps
        self.initial, self.before, self.after, self.outside = [], [], [], frozenset()
