"""What becomes of a run anywhere in the plane, in words: against the run itself."""

import numpy as np
import pytest

from components.plane import lasting

LAMS = np.array([0.01, 0.1, 1.0])


def run(alpha_lam, beta, n_steps):
    """Return |x_k| of every direction, by a plain loop."""
    z, x = np.zeros(3), np.ones(3)
    xs = [x]
    for _ in range(n_steps):
        z = beta * z + LAMS * x
        x = x - alpha_lam * z
        xs.append(x)
    return np.abs(xs)


def behaviour(alpha_lam, beta):
    """Return what a long run does, by looking at its points."""
    with np.errstate(all="ignore"):
        xs = run(alpha_lam, beta, 4000)
    if (xs == 1).all():
        return "No movement"
    early, late = xs[1000:1200].max(axis=0), xs[-200:].max(axis=0)
    if not (late <= 1.1 * early).all():
        return "wider" if late[-1] < 5 * early[-1] else "grows without end"
    return "settled" if late.max() < 1e-3 else "for ever"


SAID = {
    "No movement": "No step-size, no movement",
    "wider": "wider at every step",
    "grows without end": "Divergence: beyond",
    "for ever": "for ever",
    "settled": "settled",
}


@pytest.mark.parametrize("beta", [0.0, 0.235, 0.5, 0.9, 1.0])
@pytest.mark.parametrize("alpha_lam", [0.0, 0.9, 2.0, 2.47, 2.6, 3.0, 3.8, 4.0])
def test_the_sentence_says_what_a_run_does(alpha_lam, beta):
    said = lasting(alpha_lam, beta, "settled")
    assert SAID[behaviour(alpha_lam, beta)] in said
    if said.startswith("Divergence"):
        assert f"= {2 + 2 * beta:g} " in said


def test_a_figure_can_have_words_of_its_own():
    corners = {"still": (0.0, 0.5), "edge": (3.0, 0.5), "frozen": (1.0, 1.0), "corner": (4.0, 1.0), "gone": (3.5, 0.5)}
    for name, place in corners.items():
        assert lasting(*place, "settled", **{name: "mine"}) == "mine"
        assert lasting(*place, "settled") not in ("mine", "settled")
