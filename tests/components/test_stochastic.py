"""The stochastic figure: its bands hold what they promise, its phases are counted right, its line is what it says."""

import re

import numpy as np
import pytest

from components.controls import as_number
from components.momentum_decomposition import BEST_ALPHA_LAM, BEST_BETA
from components.stochastic import DRAWN, LAM, N_STEPS, START, STEEPEST, Stochastic
from simulation.dynamics import iteration_matrix
from simulation.noise import stationary_variance

DEFAULT = {name: as_number(p, p.default) for name, p in Stochastic.parameters().items()}
DRAWS = range(1, 61)


def tables(**values):
    return Stochastic.columns(**DEFAULT | values)


def sentence(**values):
    with np.errstate(all="ignore"):
        return Stochastic.tables_and_words(**DEFAULT | values)[1]


def test_it_opens_at_the_optimum_of_the_same_plane():
    assert (DEFAULT["alpha_lam"], DEFAULT["beta"]) == (pytest.approx(BEST_ALPHA_LAM), pytest.approx(BEST_BETA))


@pytest.mark.parametrize("runs", [1, 10, 64])
def test_the_mean_lies_within_its_band_as_often_as_it_should(runs):
    inside = []
    for draw in DRAWS:
        loss = tables(runs=runs, draw=draw)["loss"]
        inside.append(((loss["low"] <= loss["mean"]) & (loss["mean"] <= loss["high"]))[1:])
    assert 0.93 < np.mean(inside) < 0.98


def test_nineteen_of_twenty_runs_lie_within_theirs():
    inside = []
    for draw in DRAWS:
        found = tables(draw=draw)
        x = found["runs"]["x"].reshape(DRAWN, N_STEPS + 2)[:, 1:-1]
        inside.append((found["band"]["low"][1:] <= x) & (x <= found["band"]["high"][1:]))
    assert np.mean(inside) == pytest.approx(0.95, abs=0.015)


@pytest.mark.parametrize(("alpha_lam", "beta"), [(3.306, 0.669), (0.3, 0.9), (1.0, 0.0), (2.5, 0.97)])
def test_the_transient_phase_ends_where_noise_takes_over_for_good(alpha_lam, beta):
    R, kick = iteration_matrix(alpha_lam / STEEPEST, beta, LAM), np.array([1.0, -alpha_lam / STEEPEST])
    mean, covariance, last = np.array([0.0, START]), np.zeros((2, 2)), 0
    for k in range(N_STEPS + 1):
        last = k if mean[1] ** 2 > covariance[1, 1] else last
        mean, covariance = R @ mean, R @ covariance @ R.T + 9 * np.outer(kick, kick)
    assert tables(alpha_lam=alpha_lam, beta=beta)["phase"]["k"][0] == last + 0.5


def test_fewer_runs_are_drawn_than_there_are_when_there_are_few():
    assert np.isfinite(tables(runs=3)["runs"]["x"]).sum() == 3 * (N_STEPS + 1)


def test_along_the_dashed_line_the_effective_step_size_is_the_same():
    road = tables(alpha_lam=0.8, beta=0.6)["road"]
    for share in (0.25, 0.5, 0.9):
        a, beta = ((1 - share) * road[axis][0] + share * road[axis][1] for axis in "xy")
        assert a / (1 - beta) == pytest.approx(0.8 / 0.4)


def test_the_floor_rises_with_momentum_at_a_fixed_step_size_alone():
    floors = [tables(alpha_lam=1.0, beta=beta)["here"]["y"][0] for beta in (0.0, 0.5, 0.9)]
    np.testing.assert_allclose(np.array(floors) / floors[0], [1, 2, 10], rtol=0.01)
    together = [tables(alpha_lam=1.5 * (1 - beta), beta=beta)["here"]["y"][0] for beta in (0.0, 0.5, 0.9)]
    np.testing.assert_allclose(together, together[0], rtol=0.01)
    assert floors[0] == pytest.approx(0.5 * LAM * float(stationary_variance(0.01, 0.0, LAM, 3.0)))


def test_the_words_know_where_the_run_is():
    assert re.match(r"After \d+ steps noise outweighs the way still to go; at step 150 ", sentence())
    assert sentence(alpha_lam=0.2, beta=0.0).startswith("Within 150 steps noise does not outweigh the way still to go; ")
    assert "less than 1 % of it noise" in sentence(alpha_lam=0.1, beta=0.0)
    assert sentence(s=0.0).startswith("Without noise all of the loss is way still to go")
    assert "steepest direction, which is not drawn, diverges" in sentence(alpha_lam=2.5, beta=0.1)
    assert "steepest direction, which is not drawn, never comes to rest" in sentence(alpha_lam=2.0, beta=0.0)
    assert "nothing is ever forgotten" in sentence(beta=1.0)
    assert "every run swings for ever" in sentence(alpha_lam=4.0, beta=1.0, s=0.0)
    assert sentence(alpha_lam=0.0).startswith("No step-size, no movement")
    assert "The mean of 1 run ends" in sentence(runs=1)


def test_what_is_said_of_the_end_is_not_cut_off_as_what_is_drawn():
    assert "noise holds the loss at 360." in sentence(alpha_lam=3.99, beta=0.999, s=6.0)
    floor = 0.5 * LAM * stationary_variance(0.0399, 0.999, LAM, 6.0)
    assert floor == pytest.approx(360, rel=0.01)


@pytest.mark.parametrize("alpha_lam", [0.001, 0.01, 0.1, 1.0, 1.9])
@pytest.mark.parametrize("s", [0.1, 1.0, 6.0])
def test_the_two_ends_of_what_is_to_be_expected_differ(alpha_lam, s):
    low, high = re.search(r"where (\S+) to (\S+) is", sentence(alpha_lam=alpha_lam, beta=0.0, s=s)).groups()
    assert low != high
