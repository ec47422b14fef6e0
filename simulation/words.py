"""Numbers in words: one way to write them, in NumPy and in the browser."""

from decimal import ROUND_HALF_UP, Context, Decimal

import numpy as np

from simulation.trace import Traced, TraceError, find_traced

SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
SMALLEST, LARGEST = 1e-4, 1e6
"""Outside these, `significant` writes a power of ten."""


def _special(x):
    return "not a number" if np.isnan(x) else "∞" if x > 0 else "−∞"


def _signed(text):
    """Write the minus sign as one, and zero without it."""
    return text.removeprefix("-") if not text.strip("-0.") else text.replace("-", "−", 1)


def fixed(x, digits):
    """Return `x` with so many digits after the point, halves rounded away from zero.

    >>> fixed(-1.005, 1), fixed(12, 0)
    ('−1.0', '12')
    """
    if isinstance(x, Traced):
        return _node("fixed", x, digits)
    if not np.isfinite(x):
        return _special(x)
    # Room for the 309 digits of the largest number before the point.
    rounded = Decimal(float(x)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP, Context(prec=320 + digits))
    return _signed(f"{rounded:f}")


def significant(x, digits=3):
    """Return `x` with so many significant digits, without trailing zeros.

    >>> significant(0.00912, 2), significant(97.0), significant(1234567.0), significant(3.2e-5, 2)
    ('0.0091', '97', '1.23×10⁶', '3.2×10⁻⁵')
    """
    if isinstance(x, Traced):
        return _node("significant", x, digits)
    if not np.isfinite(x):
        return _special(x)
    if x == 0:
        return "0"
    exact = Decimal(float(x))
    unit = Decimal(1).scaleb(exact.adjusted() - digits + 1)
    rounded = exact.quantize(unit, ROUND_HALF_UP)
    if SMALLEST <= abs(x) < LARGEST:
        return _signed(_trimmed(f"{rounded:f}"))
    exponent = rounded.adjusted()
    return _signed(_trimmed(f"{rounded.scaleb(-exponent):f}")) + "×10" + str(exponent).translate(SUPERSCRIPTS)


def _trimmed(text):
    return text.rstrip("0").rstrip(".") if "." in text else text


def choose(condition, a, b):
    """Return the text `a` where the condition holds, `b` elsewhere.

    >>> choose(1 > 2, "more", "less")
    'less'
    """
    found = find_traced((condition, a, b))
    if found is None:
        return a if condition else b
    nodes = [found.graph.lift(v) for v in (condition, a, b)]
    if nodes[0].shape:
        raise TraceError(f"choose: the condition has shape {nodes[0].shape}; a text needs a single yes or no")
    return found.graph.node("choose", nodes, kind="text")


def say(template, *parts):
    """Return the template with the texts in the places of its `{}`.

    >>> say("rate {} a step", significant(0.98))
    'rate 0.98 a step'
    """
    found = find_traced(parts)
    if found is None:
        return template.format(*parts)
    pieces = template.split("{}")
    if len(pieces) != len(parts) + 1:
        raise ValueError(f"say: {len(parts)} texts for {len(pieces) - 1} places in {template!r}")
    nodes = [found.graph.lift(part) for part in parts]
    if any(node.kind != "text" for node in nodes):
        raise TraceError("say: a number needs fixed(x, digits) or significant(x, digits) first")
    return found.graph.node("say", nodes, tuple(pieces), kind="text")


def grouped(x):
    """Return `x`, from 0 to a billion, rounded to a whole number, its thousands apart.

    >>> grouped(49), grouped(2789.2), grouped(1241708.0), grouped(1e6)
    ('49', '2,789', '1,241,708', '1,000,000')
    """
    millions, thousands, ones = _above(x, 6), _above(x, 3), _above(x, 0)
    low, middle = _three(ones - 1000 * thousands), _three(thousands - 1000 * millions)
    short = choose(thousands > 0, say("{},{}", fixed(thousands, 0), low), fixed(ones, 0))
    return choose(millions > 0, say("{},{},{}", fixed(millions, 0), middle, low), short)


def _above(x, digits):
    """Return what is left of x, rounded, without its last digits."""
    return np.floor(np.floor(x + 0.5) / 10**digits)


def _three(x):
    return say("{}{}", choose(x < 10, "00", choose(x < 100, "0", "")), fixed(x, 0))


def _node(op, x, digits):
    if x.shape:
        raise TraceError(f"{op}: an array of shape {x.shape} is not one number")
    return x.graph.node(op, (x,), (int(digits),), kind="text")
