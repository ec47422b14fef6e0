"""Early stopping: the run, step by step; the penalised fit; and the band, by trying other errors."""

import numpy as np
import pytest

from components.early_stopping import ALPHA_LAM, NOISE, EarlyStopping
from simulation.filters import steps_of
from simulation.polynomials import OBSERVATIONS, POSITIONS, design_matrix

DEFAULT = {name: p.default for name, p in EarlyStopping.parameters().items()}
Z = design_matrix(POSITIONS)
A = Z.T @ Z
ALPHA = ALPHA_LAM / np.linalg.eigvalsh(A)[-1]


def run(d, k):
    w = np.zeros(6)
    for _ in range(k):
        w = w - ALPHA * (A @ w - Z.T @ d)
    return w


@pytest.mark.parametrize("k", [0, 1, 2, 3, 11, 12, 30, 31, 49, 683, 684, 5000, 300_900, 1_241_708, 1_299_999])
def test_the_slider_reaches_every_number_of_steps(k):
    assert steps_of(np.log10(k + 1)) == k
    assert EarlyStopping.readouts(np.log10(k + 1), -1.0)["log_k"] == f"{k:,}"


def test_it_starts_after_49_steps():
    assert steps_of(DEFAULT["log_k"]) == 49


@pytest.mark.parametrize("k", [0, 1, 2, 49, 3000])
def test_the_curve_is_that_of_gradient_descent_step_by_step(k):
    tables = EarlyStopping.columns(**DEFAULT | {"log_k": np.log10(k + 1)})
    w = run(OBSERVATIONS, k)
    np.testing.assert_allclose(tables["curves"]["stopped"], design_matrix(tables["curves"]["xi"]) @ w, atol=1e-9)
    assert tables["said"]["loss_stopped"][0] == pytest.approx(0.5 * np.sum((Z @ w - OBSERVATIONS) ** 2))


@pytest.mark.parametrize("log_eta", [-6.0, -3.0, -1.0, 2.0])
def test_the_other_curve_is_the_penalised_fit(log_eta):
    tables = EarlyStopping.columns(**DEFAULT | {"log_eta": log_eta})
    w = np.linalg.solve(A + 10**log_eta * np.eye(6), Z.T @ OBSERVATIONS)
    np.testing.assert_allclose(tables["curves"]["penalised"], design_matrix(tables["curves"]["xi"]) @ w, atol=1e-6)


def test_the_bars_are_the_published_ones_and_say_when_they_are_full():
    before, after = (EarlyStopping.columns(**DEFAULT | {"log_k": np.log10(k + 1)})["progress"] for k in (30, 31))
    assert before["text"][-1] == "λ₆ = 10.7: 31 steps"
    assert after["text"][-1] == "λ₆ = 10.7: 31 steps, found"
    assert after["text"][0] == "λ₁ = 3.31×10⁻⁵: 1,241,708 steps"
    assert (before["found"][-1], after["running"][-1]) == (0, 0)
    assert before["running"][-1] < after["found"][-1] == pytest.approx(np.log10(32))


@pytest.mark.parametrize("k", [12, 49, 1000])
def test_the_band_holds_19_of_20_curves(k):
    rng = np.random.default_rng(k)
    noisy = OBSERVATIONS + rng.normal(0, NOISE, (4000, 10))
    # A run is linear in the observations: one run for each of them says all.
    weights = np.stack([run(unit, k) for unit in np.eye(10)])
    tables = EarlyStopping.columns(**DEFAULT | {"log_k": np.log10(k + 1)})
    curves = noisy @ weights @ design_matrix(tables["curves"]["xi"]).T
    inside = (curves >= tables["band"]["low"]) & (curves <= tables["band"]["high"])
    np.testing.assert_allclose(inside.mean(axis=0), 0.9545, atol=0.02)


@pytest.mark.parametrize("k", [49, 5000, 200_000])
def test_where_both_are_set_equal_small_eigenvalues_are_shrunk_alike(k):
    match = EarlyStopping.columns(**DEFAULT | {"log_k": np.log10(k + 1)})["match"]["x"][0]
    assert 10**match == pytest.approx(1 / (ALPHA * k))
    filters = EarlyStopping.columns(**DEFAULT | {"log_k": np.log10(k + 1), "log_eta": match})["filters"]
    small = filters["x"] < match - 2
    np.testing.assert_allclose(filters["stopped"][small], filters["penalised"][small], rtol=0.01)
    assert np.all(np.diff(filters["penalised"]) > 0), "a penalty shrinks small eigenvalues, not large ones"


def test_the_longer_the_run_the_lower_the_loss_and_the_wider_the_band():
    said = [EarlyStopping.columns(**DEFAULT | {"log_k": log_k})["said"] for log_k in np.linspace(1.7, 6, 30)]
    assert np.all(np.diff([table["loss_stopped"][0] for table in said]) < 0)
    assert np.all(np.diff([table["spread_stopped"][0] for table in said]) > 0)


def test_before_the_first_step_no_penalty_is_equal_and_after_it_the_mark_is_within_reach():
    low, high = EarlyStopping.parameters()["log_eta"].bounds
    match = [EarlyStopping.columns(**DEFAULT | {"log_k": np.log10(k + 1)})["match"]["x"][0] for k in (0, 1, 2, 1_299_999)]
    assert np.isnan(match[0])
    assert all(low <= place <= high for place in match[1:])


@pytest.mark.parametrize(
    ("k", "said", "found"),
    [
        (0, "0 steps", "none of 6 eigenfeatures are"),
        (1, "1 step", "none of 6 eigenfeatures are"),
        (13, "13 steps", "1 of 6 eigenfeatures is"),
        (49, "49 steps", "2 of 6 eigenfeatures are"),
    ],
)
def test_one_step_and_one_eigenfeature_are_named_as_one(k, said, found):
    tables, sentence = EarlyStopping.tables_and_words(**DEFAULT | {"log_k": np.log10(k + 1)})
    assert sentence.startswith(f"After {said} {found} found,")
    assert tables["said"]["line_0"] == [f"gradient descent, {said}"]


def test_the_line_of_the_present_step_crosses_every_bar_and_no_name():
    now, progress = (EarlyStopping.columns(**DEFAULT)[name] for name in ("now", "progress"))
    assert set(now["x"]) == {DEFAULT["log_k"]}
    for row in progress["row"]:
        crossed = (now["y0"] <= row) & (row <= now["y1"])
        # A name is written in the half of the row above the bar.
        named = (now["y0"] < row - 0.3) & (row - 0.7 < now["y1"])
        assert crossed.sum() == 1
        assert not named.any()
