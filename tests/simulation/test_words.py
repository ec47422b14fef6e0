"""Numbers in words, against exact fractions and Python's own formatting."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from simulation.words import LARGEST, SMALLEST, choose, fixed, grouped, say, significant

finite = st.floats(allow_nan=False, allow_infinity=False)
everyday = st.floats(-1e7, 1e7) | st.integers(-(10**6), 10**6).map(lambda n: n / 8) | finite


def half_away(x, unit):
    """Return the multiple of the unit nearest to x, as a fraction, halves away from zero."""
    steps = abs(Fraction(x)) / unit + Fraction(1, 2)
    return (1 if x > 0 else -1) * (steps.numerator // steps.denominator) * unit


def read(text):
    """Return the number that a text says, as a fraction."""
    mantissa, _, exponent = text.replace("−", "-").partition("×10")
    digits = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
    return Fraction(Decimal(mantissa)) * Fraction(10) ** int(exponent.translate(digits) or 0)


@given(everyday, st.integers(0, 12))
@example(0.5, 0)
@example(2.5, 0)
@example(-2.5, 0)
@example(0.125, 2)
@example(-0.001, 1)
@example(0.0, 8)
@example(1e-8, 8)
@example(1e30, 3)
@example(-1.7976931348623157e308, 12)
@example(5e-324, 12)
def test_fixed_is_the_nearest_decimal(x, digits):
    """So many digits after the point, nearest to the exact value of the float; where Python need not break a tie, its text."""
    text = fixed(x, digits)
    assert read(text) == half_away(x, Fraction(1, 10**digits))
    assert len(text.partition(".")[2]) == digits
    scaled = abs(Fraction(x)) * 10**digits
    if (2 * scaled).denominator != 1 or scaled.denominator == 1:
        python = f"{x:.{digits}f}"
        assert text == (python.replace("-", "−") if read(python) else python.lstrip("-"))


@given(everyday, st.integers(1, 9))
@example(9.995, 3)
@example(99.95, 3)
@example(0.25, 1)
@example(-0.35, 1)
@example(999999.7, 3)
@example(0.00099996, 2)
@example(1e-4, 3)
@example(9.9996e-5, 3)
@example(9.99e22, 2)
@example(5e-324, 3)
@example(1e6, 3)
@example(123456.0, 3)
def test_significant_is_the_nearest_number_of_so_many_digits(x, digits):
    """So many digits from the first that is not zero, without trailing zeros; a power of ten only for large and small."""
    assume(x != 0)
    text = significant(x, digits)
    exponent = Decimal(x).adjusted()
    assert read(text) == half_away(x, Fraction(10) ** (exponent - digits + 1))
    mantissa, power, _ = text.lstrip("−").partition("×10")
    assert bool(power) == (not SMALLEST <= abs(x) < LARGEST)
    if power:
        assert 1 <= Fraction(Decimal(mantissa)) < 10
    assert not ("." in mantissa and mantissa[-1] in "0.")
    assert len(mantissa.replace(".", "").strip("0")) <= digits
    assert text.startswith("−") == (x < 0)


@given(everyday, st.integers(1, 9))
def test_significant_agrees_with_python(x, digits):
    """Python's `e` format rounds the same digits, but for exact halves."""
    assume(x != 0)
    python = f"{x:.{digits - 1}e}"
    unit = Fraction(10) ** (Decimal(x).adjusted() - digits + 1)
    assume((Fraction(x) / unit * 2).denominator != 1 or (Fraction(x) / unit).denominator == 1)
    assert read(significant(x, digits)) == Fraction(Decimal(python))


@pytest.mark.parametrize(("x", "text"), [(np.nan, "not a number"), (np.inf, "∞"), (-np.inf, "−∞")])
def test_what_is_no_finite_number_has_a_name(x, text):
    """NaN and the infinities, in both ways of writing."""
    assert fixed(x, 2) == significant(x) == text


@pytest.mark.parametrize("x", [0.0, -0.0, -1e-9])
def test_zero_has_no_sign(x):
    """What rounds to zero is written as zero."""
    assert fixed(x, 2) == "0.00"
    assert significant(0.0 * x) == "0"


def test_numbers_of_numpy_read_as_those_of_python():
    """A NumPy float, an integer and a shapeless array are numbers, too."""
    for one in (np.float64(2.5), 2.5, np.array(2.5)):
        assert (fixed(one, 1), significant(one)) == ("2.5", "2.5")
    for one in (np.int64(12), 12):
        assert (fixed(one, 0), significant(one)) == ("12", "12")


def test_choose_and_say():
    """A text by condition, and texts in their places."""
    assert choose(np.float64(2) > 1, "more", "less") == "more"
    assert choose(np.False_, "more", "less") == "less"
    assert say("{} of {}", fixed(1, 0), "two") == "1 of two"
    assert say("nothing to fill") == "nothing to fill"


@pytest.mark.parametrize("x", [0, 7, 999, 1000, 1001, 45_678, 999_999, 1_000_000, 1_020_003, 123_456_789])
def test_grouped_sets_the_thousands_apart(x):
    assert grouped(x) == grouped(np.float64(x)) == grouped(x + 0.4) == f"{x:,}"
