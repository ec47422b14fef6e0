"""The best step-size is where the ends of the spectrum cross: by search, and against the run itself."""

import numpy as np
import pytest

from components.step_size import FAR, N_LAMS, StepSize
from simulation.decomposition import gradient_descent_errors


def tables(alpha_lam, kappa):
    return StepSize.columns(alpha_lam, np.log10(kappa))


@pytest.mark.parametrize("kappa", [1.0, 2.0, 5.0, 100.0, 1000.0])
def test_no_step_size_beats_the_optimum(kappa):
    best = tables(1.0, kappa)["optimum"]
    grid = np.linspace(0, FAR, 4401)
    lams = np.geomspace(1 / kappa, 1, 50)
    rates = np.abs(1 - grid[:, None] * lams).max(axis=1)
    assert best["y"][0] <= rates.min() + 1e-12
    assert rates.min() - best["y"][0] < 1e-3
    assert best["x"][0] == pytest.approx(grid[rates.argmin()], abs=1e-3)


@pytest.mark.parametrize("kappa", [1.0, 3.0, 40.0, 1000.0])
def test_the_band_lies_on_the_highest_line_and_the_lines_on_the_factors(kappa):
    drawn = tables(1.0, kappa)
    lams = np.geomspace(1 / kappa, 1, N_LAMS)
    grid = np.linspace(0, FAR, 500)
    factors = np.abs(1 - grid[:, None] * lams)
    lines = [np.interp(grid, drawn["factors"][f"x_{i}"], drawn["factors"][f"y_{i}"]) for i in range(N_LAMS)]
    np.testing.assert_allclose(np.transpose(lines), factors, atol=1e-12)
    np.testing.assert_allclose(np.interp(grid, drawn["rate"]["x"], drawn["rate"]["y"]), factors.max(axis=1), atol=1e-12)


@pytest.mark.parametrize(("alpha_lam", "kappa"), [(1.0, 5.0), (1.667, 5.0), (1.9, 30.0), (0.3, 4.0)])
def test_the_steps_are_those_of_a_run(alpha_lam, kappa):
    said = int(tables(alpha_lam, kappa)["cost"]["here"][0])
    worst = np.abs(gradient_descent_errors(alpha_lam, np.array([1 / kappa, 1.0]), np.ones(2), 2000)).max(axis=1)
    assert said == np.argmax(worst <= 0.01)


def test_one_per_cent_beyond_the_best_of_a_hundred_is_the_limit_itself():
    best = float(tables(1.0, 100.0)["optimum"]["x"][0])
    assert 1.01 * best == pytest.approx(2, rel=1e-12)
    assert "never shrinks" in StepSize.tables_and_words(alpha_lam=2.0, log_kappa=2.0)[1]
    assert "233 steps" in StepSize.tables_and_words(alpha_lam=0.99 * best, log_kappa=2.0)[1]
    assert "231 steps" in StepSize.tables_and_words(alpha_lam=best, log_kappa=2.0)[1]


def test_a_timid_step_is_the_fault_of_the_flattest_direction_and_not_of_both():
    """At a step-size near 0 both factors are near 1, and yet one of them costs a thousand times as much."""
    said = StepSize.tables_and_words(alpha_lam=0.001, log_kappa=3.0)[1]
    assert said.startswith("Rate 1 − 1×10⁻⁶, set by the flattest direction: 4,605,168 steps for each factor of 100.")
    assert np.ceil(np.log(0.01) / np.log1p(-1e-6)) == 4_605_168
    assert np.ceil(np.log(0.01) / np.log1p(-1e-3)) == 4_603


@pytest.mark.parametrize("alpha_lam", [1.667, 1.66, 1.68])
def test_both_ends_are_blamed_where_the_lines_cross(alpha_lam):
    said = StepSize.tables_and_words(alpha_lam=alpha_lam, log_kappa=np.log10(5))[1]
    steps = np.log(0.01) / np.log(np.abs(1 - alpha_lam * np.array([0.2, 1.0])))
    assert ("both ends alike" in said) == (max(steps) < 1.02 * min(steps))


def test_never_is_drawn_above_every_number_of_steps():
    drawn = {steps: tables(*at)["cost"]["steps"][0] for steps, at in {"most": (0.001, 1000.0), "never": (2.0, 1000.0)}.items()}
    assert drawn["most"] == pytest.approx(np.log10(4_605_167.9), abs=1e-6)
    assert drawn["never"] > drawn["most"] + 1
    plot = StepSize().plots["cost"]
    ticks = {name: at for at, name in plot.tags[0]["y"]["ticks"]}
    assert ticks["∞"] == drawn["never"] < plot.y_range.end
    with np.errstate(divide="ignore"):
        assert tables(0.0, 5.0)["cost"]["here"] == tables(2.2, 5.0)["cost"]["here"] == ["never"]
