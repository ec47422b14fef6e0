"""The hero's sentence says what its run does, and blames nothing that may be innocent."""

import numpy as np
import pytest

from components.hero import N_STEPS, Hero, Start
from components.paths import FAINTEST
from simulation.objectives import curved_valley

DEFAULT = {name: Start.param[name].default for name in ("alpha", "beta", "x", "y", "k")}


def said(**changes):
    with np.errstate(all="ignore"):
        return Hero.tables_and_words(**DEFAULT | changes)[1]


def run(alpha, beta, x, y, n_steps):
    """Return the last point, by a plain loop."""
    z, w = np.zeros(2), np.array([x, y])
    for _ in range(n_steps):
        z = beta * z + curved_valley.grad(w)
        w = w - alpha * z
    return w


def test_a_run_that_diverges_is_blamed_on_all_three():
    """Of the same run, a smaller step-size, less momentum or another start settles: none of them alone is to blame."""
    beyond = {"alpha": 0.004, "beta": 0.99}
    assert "has diverged: from this start, this step-size and momentum together are too much" in said(**beyond)
    with np.errstate(all="ignore"):
        assert not np.abs(run(**{k: v for k, v in (DEFAULT | beyond).items() if k != "k"}, n_steps=N_STEPS)).max() < 100
    for change in ({"alpha": 0.003}, {"beta": 0.74}, {"x": 0.5, "y": 0.1}):
        assert "diverged" not in said(**beyond | change)


@pytest.mark.parametrize(("k", "when"), [(0, "At the start f"), (1, "After 1 step f"), (2, "After 2 steps f")])
def test_the_steps_are_counted_in_good_english(k, when):
    assert said(k=k).startswith(when)


def test_without_a_step_size_nothing_moves():
    assert said(alpha=0).startswith("No step-size, no movement: f stays 29;")
    assert curved_valley.f(np.array([DEFAULT["x"], DEFAULT["y"]])) == pytest.approx(29, abs=0.5)


def test_time_runs_from_light_to_dark():
    shade = Hero.columns(**DEFAULT)["path"]["shade"]
    assert (shade[0], shade[-1]) == (FAINTEST, 1)
    assert (np.diff(shade) > 0).all()
