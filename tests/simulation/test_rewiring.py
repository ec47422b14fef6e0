"""Pairs kept in numbers, against lists of pairs."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from simulation.rewiring import KEPT, ends, packed, pair_code, rewired, toggled, unpacked

NODES = st.integers(1, 36)
PAIRS = st.tuples(NODES, NODES).filter(lambda pair: pair[0] != pair[1])


def code_of(pair):
    return int(f"{min(pair):02d}{max(pair):02d}")


@given(st.lists(PAIRS, max_size=2 * KEPT))
def test_a_number_keeps_the_pairs_that_were_put_in(pairs):
    codes = [code_of(pair) for pair in pairs] + [0] * (2 * KEPT - len(pairs))
    numbers = packed(np.array(codes[:KEPT], float)), packed(np.array(codes[KEPT:], float))
    assert all(number < 2**53 for number in numbers)
    assert numbers[0] == int("".join(f"{code:04d}" for code in codes[:KEPT][::-1]))
    assert unpacked(*numbers).tolist() == codes
    assert [pair_code(*pair) for pair in pairs] == codes[: len(pairs)]


@given(st.lists(PAIRS, max_size=20))
def test_a_pair_that_is_turned_twice_is_gone(pairs):
    codes, kept = np.zeros(2 * KEPT), set()
    for pair in pairs:
        code = code_of(pair)
        if code in kept or len(kept) < 2 * KEPT:
            kept ^= {code}
        codes = toggled(codes, float(code))
        assert sorted(codes[codes > 0]) == sorted(kept)


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=12))
def test_rewiring_turns_each_pair(pairs):
    before = np.triu(np.random.default_rng(0).integers(0, 2, (9, 9)), 1)
    before, expected = before + before.T, (before + before.T).copy()
    for a, b in pairs:
        if a != b and min(a, b) >= 1 and max(a, b) <= 9:
            expected[a - 1, b - 1] = expected[b - 1, a - 1] = 1 - expected[a - 1, b - 1]
    codes = np.array([100.0 * a + b for a, b in pairs])
    np.testing.assert_array_equal(rewired(before, codes), expected)
    one, other = ends(codes, 9)
    assert one.shape == other.shape == (len(pairs), 9)
    assert one.sum() == sum(1 <= a <= 9 for a, _ in pairs)
