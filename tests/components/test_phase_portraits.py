"""The table's springs do what the roots of their iteration matrix say, and the words say it."""

import numpy as np
import pytest

from components.phase_portraits import ALPHA, BETAS, LAMS, N_STEPS, X0, Z0, PhasePortraits
from simulation.dynamics import iteration_matrix, iteration_matrix_power

CELLS = [(damping, force) for damping in range(len(BETAS)) for force in range(len(LAMS))]


def shown(damping, force):
    return PhasePortraits.tables_and_words(damping=damping, force=force, k=N_STEPS)


@pytest.mark.parametrize(("damping", "force"), CELLS)
def test_the_enlarged_run_is_the_power_of_its_matrix(damping, force):
    run = shown(damping, force)[0]["run"]
    for k in (0, 1, 17, N_STEPS):
        z, x = iteration_matrix_power(ALPHA, BETAS[damping], LAMS[force], k) @ (Z0, X0)
        np.testing.assert_allclose((run["v"][k], run["x"][k]), (-z, x), rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize(("damping", "force"), CELLS)
def test_the_words_name_the_regime_of_the_roots(damping, force):
    beta, lam = BETAS[damping], LAMS[force]
    roots = np.linalg.eigvals(iteration_matrix(ALPHA, beta, lam))
    said = shown(damping, force)[1]
    if lam == 0:
        assert said.startswith("Neither force nor friction" if beta == 1 else "No force")
    elif beta == 1:
        assert said.startswith("No friction")
    else:
        assert said.startswith("Under-damped" if np.abs(roots.imag).max() > 1e-9 else "Over-damped")


def test_without_friction_a_swing_keeps_its_size_and_comes_round_when_the_words_say():
    tables, said = shown(0, LAMS.tolist().index(0.25))
    x, v = tables["run"]["x"], tables["run"]["v"]
    turn = int(said.split(" in ")[1].split(" ")[0])
    assert np.hypot(x[turn] - x[0], ALPHA * (v[turn] - v[0])) < 0.05
    # What this update keeps: lam x^2 + alpha z^2 + alpha lam x z.
    kept = 0.25 * x**2 + ALPHA * v**2 - ALPHA * 0.25 * x * v
    np.testing.assert_allclose(kept, kept[0], rtol=1e-9)


@pytest.mark.parametrize(("damping", "force"), CELLS)
def test_a_weight_that_creeps_passes_rest_as_often_as_the_words_say(damping, force):
    """With real roots a run changes its sign at most once, and a push can make it: ten times as many steps are enough to see."""
    said = shown(damping, force)[1]
    if not said.startswith("Over-damped"):
        return
    z, x, passed = Z0, X0, 0
    for _ in range(10 * N_STEPS):
        z = BETAS[damping] * z + LAMS[force] * x
        x, before = x - ALPHA * z, x
        passed += x * before < 0
    assert passed == ("passes rest once" in said)
    assert ("never passes rest" in said) != ("passes rest once" in said)


def test_the_push_carries_one_of_those_that_creep_past_rest():
    creeping = [said for cell in CELLS if (said := shown(*cell)[1]).startswith("Over-damped")]
    assert len(creeping) == 9
    assert sum("passes rest once" in said for said in creeping) == 1


@pytest.mark.parametrize(("damping", "force"), CELLS)
def test_the_words_do_not_promise_a_turn_that_is_not_drawn(damping, force):
    said = shown(damping, force)[1]
    if "one turn in" in said:
        turn = 2 * np.pi / np.abs(np.angle(np.linalg.eigvals(iteration_matrix(ALPHA, BETAS[damping], LAMS[force]))[0]))
        assert ("more than this run has" in said) == (turn > N_STEPS)
    assert "keeps 0 %" not in said


def test_a_turn_keeps_the_share_of_the_swing_that_the_words_say():
    _, said = shown(1, 3)
    turn = 2 * np.pi / np.angle(np.linalg.eigvals(iteration_matrix(ALPHA, BETAS[1], LAMS[3]))[0].item())
    share = np.sqrt(BETAS[1]) ** abs(turn)
    assert f"one turn in {abs(turn):.0f} steps" in said
    assert f"keeps {100 * share:.0f} %" in said


def test_a_weight_without_a_force_stops_where_the_friction_leaves_it():
    x = shown(2, 0)[0]["run"]["x"]
    # The first step already loses its share of the velocity.
    assert x[-1] == pytest.approx(X0 - ALPHA * Z0 * BETAS[2] / (1 - BETAS[2]), rel=1e-2)
