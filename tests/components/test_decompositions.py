"""The two decompositions of the error: what is said of their runs, against plain loops."""

import re

import numpy as np
import pytest

from components.decomposition import LAMS, N_STEPS, TOLERANCE
from components.error_decomposition import BEST_ALPHA_LAM, ErrorDecomposition
from components.momentum_decomposition import OPTIMUM, MomentumDecomposition


def losses(alpha_lam, beta, n_steps=N_STEPS):
    """Return the loss of each part, one number at a time, without any cut."""
    rows = []
    z, x = np.zeros(3), LAMS**-0.5
    for _ in range(n_steps + 1):
        rows.append(LAMS * x * x / 2)
        z = beta * z + LAMS * x
        x = x - alpha_lam * z
    return np.array(rows)


def sentence(figure, **values):
    with np.errstate(all="ignore"):
        return figure.tables_and_words(**values)[1]


PLACES = [
    ("gradient descent at its best", ErrorDecomposition, {"alpha_lam": BEST_ALPHA_LAM}, [97, 8, 97]),
    (
        "momentum at its best",
        MomentumDecomposition,
        {"alpha_lam": float(OPTIMUM.alpha), "beta": float(OPTIMUM.beta)},
        [16, 6, 29],
    ),
    ("gradient descent at 1.2", ErrorDecomposition, {"alpha_lam": 1.2}, ["not within 150", 15, 1]),
]


@pytest.mark.parametrize(("figure", "values", "said"), [row[1:] for row in PLACES], ids=[row[0] for row in PLACES])
def test_the_counts_are_the_last_steps_above_the_tolerance(figure, values, said):
    """At the step that is said the part is above; at every later one it is not."""
    run = losses(values["alpha_lam"], values.get("beta", 0.0))
    assert f"Last step above {TOLERANCE:g}, flattest direction first: {', '.join(map(str, said))}." in sentence(figure, **values)
    for count, column in zip(said, run.T, strict=True):
        if count == f"not within {N_STEPS}":
            assert column[-1] > TOLERANCE
        else:
            assert column[count] > TOLERANCE
            assert (column[count + 1 :] <= TOLERANCE).all()
    tables, _ = figure.tables_and_words(**values)
    assert [label.rpartition(": ")[2] for label in tables["steps"]["label"]] == [str(count) for count in said]


@pytest.mark.parametrize(
    ("alpha_lam", "beta"),
    [(float(OPTIMUM.alpha), float(OPTIMUM.beta)), (3.306, 0.653 + 0.01), (3.997, 0.999), (3.2, 0.95), (2.9, 0.8), (3.9, 0.97)],
)
def test_the_climb_is_the_one_of_the_loss_however_high(alpha_lam, beta):
    """Not of the bars, which are cut off far above the picture."""
    total = losses(alpha_lam, beta).sum(axis=1) / 1.5
    said = re.search(
        r"The loss climbs to ([\d.,]+) times its start, at step (\d+)\.",
        sentence(MomentumDecomposition, alpha_lam=alpha_lam, beta=beta),
    )
    assert float(said[1].replace(",", "")) == pytest.approx(total.max(), rel=0.03 if total.max() < 99 else 1e-3)
    assert int(said[2]) == total.argmax()


def test_a_loss_that_does_not_climb_is_not_said_to():
    assert losses(1.0, 0.3).sum(axis=1).argmax() == 0
    assert "climbs" not in sentence(MomentumDecomposition, alpha_lam=1.0, beta=0.3)


@pytest.mark.parametrize("beta", [0.0, 0.5])
def test_without_a_step_size_both_say_that_nothing_moves(beta):
    for figure, values in ((ErrorDecomposition, {}), (MomentumDecomposition, {"beta": beta})):
        said = sentence(figure, alpha_lam=0.0, **values)
        assert said == "No step-size, no movement: the error stays where it starts."


@pytest.mark.parametrize(
    ("alpha_lam", "beta", "said"),
    [
        (2.0, 0.0, "swings from side to side for ever"),
        (3.306, 0.653, "swings from side to side for ever"),
        (1.0, 1.0, "the error swings for ever"),
        (4.0, 1.0, "swings wider at every step, by as much each time"),
        (2.1, 0.0, "Divergence: beyond αλ = 2 + 2β = 2 the steepest direction grows without end"),
    ],
)
def test_where_momentum_does_not_settle_it_says_what_the_steepest_direction_does(alpha_lam, beta, said):
    assert said in sentence(MomentumDecomposition, alpha_lam=alpha_lam, beta=beta)
    x = np.sqrt(losses(alpha_lam, beta, 2000)[:, -1] * 2)
    early, late = x[1000:1200].max(), x[-200:].max()
    if "for ever" in said:
        assert late == pytest.approx(early, rel=0.01)
    elif "as much" in said:
        np.testing.assert_allclose(np.diff(x), 2, rtol=1e-6)
    else:
        assert late > 1e6 * early


def test_the_first_step_just_beyond_the_limit_still_makes_the_error_smaller():
    """So it cannot be said that beyond the limit every step makes it larger."""
    total = losses(2.001, 0.0).sum(axis=1)
    assert total[1] < total[0]
    assert total[-1] < total[0]


@pytest.mark.parametrize(
    ("alpha_lam", "said"),
    [
        (0.001, "Rate 0.99999 a step, set by the flattest direction. At step 150 all parts are still above 0.01."),
        (1.98, "set by both ends"),
        (1.99, "set by the steepest direction"),
        (2.0, "Rate 1: the steepest direction jumps from side to side for ever"),
    ],
)
def test_the_sentence_of_gradient_descent(alpha_lam, said):
    assert said in sentence(ErrorDecomposition, alpha_lam=alpha_lam)
    ends = losses(alpha_lam, 0.0)[-1, ::2]
    slowest = {"flattest": ends[0] > 1.3 * ends[1], "steepest": ends[1] > 1.3 * ends[0], "both": 0.9 < ends[1] / ends[0] < 1.1}
    assert slowest[re.search(r"flattest|steepest|both", said)[0]]
