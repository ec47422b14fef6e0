"""The momentum in the middle is the critical one: its root is double, and no other momentum is faster."""

import numpy as np
import pytest

from components.critical_damping import FACTOR, FIRST, LAST, N_STEPS, NEVER, CriticalDamping
from simulation.dynamics import iteration_matrix

DEFAULT = {"log_alpha_lam": -2.0, "beta_low": 0.05, "beta_high": 0.97, "k": 18}


def shown(**changes):
    return CriticalDamping.tables_and_words(**DEFAULT | changes)


@pytest.mark.parametrize("log_alpha_lam", [-3.0, -2.0, -1.398, -0.5, 0.0])
def test_the_middle_weight_has_a_double_root_and_no_momentum_is_faster(log_alpha_lam):
    alpha_lam = 10**log_alpha_lam
    taken = shown(log_alpha_lam=log_alpha_lam)[0]["taken"]
    roots = np.linalg.eigvals(iteration_matrix(alpha_lam, taken["beta"][1], 1.0))
    assert np.abs(roots[0] - roots[1]) < 1e-6
    others = np.linspace(0, 0.999, 2000)
    rates = np.abs(np.linalg.eigvals(iteration_matrix(alpha_lam, others, 1.0))).max(axis=1)
    best = np.maximum(np.log(100) / -np.log(np.maximum(rates, 1e-12)), 1).min()
    assert taken["steps"][1] <= best * (1 + 1e-9)
    cost = CriticalDamping.backdrop(log_alpha_lam)["cost"]
    assert cost["log_steps"].min() == pytest.approx(taken["log_steps"][1])


def test_each_weight_runs_by_the_update_rule():
    tables, _ = shown()
    betas, alpha_lam = (0.05, 0.97), 0.01
    drawn = tables["outer"]["x"].reshape(2, N_STEPS + 2)
    for beta, column in zip(betas, drawn, strict=True):
        z, x = 0.0, 1.0
        for k in range(N_STEPS):
            assert column[k] == pytest.approx(x, abs=1e-12)
            z = beta * z + x
            x = x - alpha_lam * z
        assert np.isnan(column[-1])


def test_the_run_is_that_of_a_weight_on_a_spring():
    x, beta, alpha_lam = shown()[0]["critical"]["x"][: N_STEPS + 1], 0.81, 0.01
    step = np.diff(x)
    np.testing.assert_allclose(step[1:], beta * step[:-1] - alpha_lam * x[1:-1], atol=1e-14)


@pytest.mark.parametrize("k", [0, 18, N_STEPS])
def test_the_weight_stands_as_high_as_its_curve_ends(k):
    tables, _ = shown(k=k)
    run, here = tables["critical"], tables["here"]
    assert here["u"][1] == pytest.approx(run["u"][k]) == pytest.approx(1 + FIRST + (LAST - FIRST) * k / N_STEPS)
    assert here["x"][1] == pytest.approx(run["so_far"][k])
    assert np.isfinite(run["so_far"]).sum() == k + 1
    assert np.nanmax(tables["springs"]["x"]) == pytest.approx(max(here["x"]))


@pytest.mark.parametrize(
    ("changes", "regimes"),
    [
        ({}, ("over-damped", "critical", "under-damped")),
        ({"beta_low": 0.9}, ("under-damped", "critical", "under-damped")),
        ({"beta_high": 0.5}, ("over-damped", "critical", "over-damped")),
        ({"beta_high": 1.0}, ("over-damped", "critical", "undamped")),
        ({"beta_low": 0.81}, ("critical", "critical", "under-damped")),
    ],
)
def test_each_weight_is_named_for_what_it_does(changes, regimes):
    tables, said = shown(**changes)
    assert tuple(tables["names"]["regime"]) == regimes
    assert ("no end" in said) == ("undamped" in regimes)


@pytest.mark.parametrize("log_alpha_lam", [-3.0, -2.4, -1.0])
def test_only_a_double_root_is_called_critical(log_alpha_lam):
    alpha_lam, critical = 10**log_alpha_lam, (1 - 10 ** (log_alpha_lam / 2)) ** 2
    for beta in critical + np.array([-1e-3, -5e-4, -1e-6, 0, 1e-6, 5e-4, 1e-3]):
        tables, said = shown(log_alpha_lam=log_alpha_lam, beta_low=beta)
        roots = np.linalg.eigvals(iteration_matrix(alpha_lam, beta, 1.0))
        split = np.abs(roots[0] - roots[1]) > 1e-5
        rings = split and np.abs(roots.imag).max() > 0
        assert tables["names"]["regime"][0] == ("critical" if not split else "under-damped" if rings else "over-damped")
        assert ("one turn" in said.partition(";")[0]) == rings


@pytest.mark.parametrize("log_alpha_lam", [-3.0, -2.0, -0.5, 0.0])
def test_the_cost_is_that_of_the_roots_and_has_no_end_without_friction(log_alpha_lam):
    cost = CriticalDamping.backdrop(log_alpha_lam)["cost"]
    assert np.all(np.diff(cost["beta"]) >= 0)
    assert (cost["beta"][-1], cost["log_steps"][-1]) == (1, NEVER)
    rates = np.abs(np.linalg.eigvals(iteration_matrix(10**log_alpha_lam, cost["beta"][:-1], 1.0))).max(axis=1)
    # A solver loses half the digits of a double root.
    steps = np.maximum(np.log(FACTOR) / -np.log(np.maximum(rates, 1e-300)), 1)
    np.testing.assert_allclose(10 ** cost["log_steps"][:-1], steps, rtol=1e-5)
    assert cost["log_steps"][:-1].max() < NEVER


def test_each_weight_says_the_steps_that_its_place_on_the_curve_means():
    for changes in ({}, {"log_alpha_lam": -3.0, "beta_high": 0.999}, {"beta_high": 1.0}, {"log_alpha_lam": 0.0}):
        tables, said = shown(**changes)
        for steps, text, log_steps in zip(
            *(tables["taken"]["steps"], tables["names"]["steps"], tables["taken"]["log_steps"]), strict=True
        ):
            assert text in said
            if np.isinf(steps):
                assert (text, log_steps) == ("no end", NEVER)
            else:
                assert text == (f"{np.ceil(steps):.0f} steps" if steps > 1 else "1 step")
                assert 10**log_steps == pytest.approx(steps)
