"""The one loop, against itertools and plain Python."""

from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.iterate import iterate


class Pair(NamedTuple):
    """Two leaves of different shapes."""

    z: Any
    x: Any


@given(st.floats(-10, 10), st.floats(-1.5, 1.5), st.integers(0, 30))
def test_the_history_is_what_accumulate_gives(start, factor, n_steps):
    """Entry k is the step applied k times."""
    history = iterate(lambda x: factor * x + 1, start, n_steps)
    expected = list(accumulate(range(n_steps), lambda x, _: factor * x + 1, initial=start))
    np.testing.assert_array_equal(history, expected)
    assert history.dtype == float


def test_the_state_keeps_its_structure():
    """A named tuple gives a named tuple of histories, a tuple a tuple, an array an array with a new first axis."""
    start = Pair(np.zeros((2, 3)), 1.0)
    history = iterate(lambda s: Pair(s.z + s.x, s.x / 2), start, 4)
    assert isinstance(history, Pair)
    assert (history.z.shape, history.x.shape) == ((5, 2, 3), (5,))
    np.testing.assert_array_equal(history.z[:, 1, 2], [0, 1, 1.5, 1.75, 1.875])
    plain = iterate(lambda s: (s[0] + s[1], s[1] / 2), tuple(start), 4)
    assert type(plain) is tuple
    np.testing.assert_array_equal(plain[0], history.z)
    assert iterate(lambda x: x, np.ones(3), 4).shape == (5, 3)


def test_all_leaves_step_at_once():
    """Each step sees the state before it: Fibonacci, not powers of two."""
    a, b = iterate(lambda s: (s[1], s[0] + s[1]), (0.0, 1.0), 10)
    np.testing.assert_array_equal(a, [0, 1, 1, 2, 3, 5, 8, 13, 21, 34, 55])
    np.testing.assert_array_equal(b[:-1], a[1:])


@given(st.lists(st.tuples(st.floats(-1, 1), st.floats(-1, 1)), min_size=1, max_size=12))
def test_each_step_is_given_its_row(rows):
    """With xs, step k gets row k: a running sum."""
    history = iterate(lambda s, row: s + row, np.zeros(2), len(rows), np.array(rows))
    expected = [np.zeros(2)]
    for row in rows:
        expected.append(expected[-1] + row)
    np.testing.assert_array_equal(history, expected)


def test_the_start_takes_the_shape_of_the_steps():
    """A number that becomes an array is broadcast at step 0."""
    history = iterate(lambda x: x * np.array([1.0, 2.0]), 3.0, 2)
    np.testing.assert_array_equal(history, [[3, 3], [3, 6], [3, 12]])


def test_no_steps_leave_the_start():
    """The history of zero steps is the start alone, and the step is never taken."""

    def never(state):
        raise AssertionError(state)

    np.testing.assert_array_equal(iterate(never, 5.0, 0), [5.0])
    z, x = iterate(never, Pair(np.ones(2), 1.0), 0)
    assert (z.shape, x.shape) == ((1, 2), (1,))


def test_the_start_is_not_changed():
    """The history is a copy: neither the start nor later arrays are shared with it."""
    start = np.ones(3)
    history = iterate(lambda x: 2 * x, start, 3)
    history[0] = 7
    np.testing.assert_array_equal(start, np.ones(3))


def test_a_step_that_drops_a_leaf_is_refused():
    """A state must keep its number of leaves."""
    with pytest.raises(ValueError, match="zip"):
        iterate(lambda s: (s[0],), (1.0, 2.0), 3)


def test_loops_nest():
    """A loop inside a step: 0 + s + 2s + 3s is six times the state."""

    def outer(s):
        return np.sum(iterate(lambda x: x + s, 0.0, 3))

    np.testing.assert_array_equal(iterate(outer, 1.0, 3), [1, 6, 36, 216])
