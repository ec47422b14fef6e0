"""The two pictures show one run: the update rule in the given coordinates, and its errors along the eigenvectors."""

import numpy as np
import pytest

from components.change_of_basis import HIGH, LAMS, N_STEPS, WIDE, A, ChangeOfBasis, Q
from simulation.quadratic import ConvexQuadratic
from simulation.update_rules import descend, gradient_descent

DEFAULT = {"alpha_lam": 1.8, "x_1": -2.5, "x_2": 1.0, "k": N_STEPS}


def test_the_basis_is_the_one_of_the_matrix():
    f = ConvexQuadratic(A)
    np.testing.assert_allclose(f.lams, LAMS, rtol=1e-12)
    np.testing.assert_allclose(np.abs(f.Q.T @ Q), np.eye(2), atol=1e-12)


@pytest.mark.parametrize("alpha_lam", [0.0, 0.5, 1.0, 1.8, 2.0])
def test_the_left_picture_is_the_update_rule_itself(alpha_lam):
    run = ChangeOfBasis.columns(**DEFAULT | {"alpha_lam": alpha_lam})["run"]
    start = Q @ np.array([-2.5, 1.0])
    path = descend(gradient_descent(alpha_lam / LAMS[-1]), ConvexQuadratic(A).grad, start, N_STEPS)
    np.testing.assert_allclose(np.stack([run["w_1"], run["w_2"]], axis=1), path, atol=1e-12)
    np.testing.assert_allclose(np.stack([run["x_1"], run["x_2"]], axis=1), path @ Q, atol=1e-12)


def test_the_hand_of_the_left_picture_turns_as_the_run_does():
    given, eigen = ChangeOfBasis.handles
    np.testing.assert_array_equal(given.turn, Q)
    np.testing.assert_allclose(Q.T @ Q, np.eye(2), atol=1e-15)
    np.testing.assert_array_equal(eigen.turn, np.eye(2))


def test_a_hand_keeps_the_start_inside_both_pictures_on_the_same_ray():
    rng = np.random.default_rng(1)
    for x in rng.uniform(-4, 4, (200, 2)):
        kept = ChangeOfBasis.confine(*x)
        kept = np.array([kept["x_1"], kept["x_2"]])
        assert (np.abs(kept) < (WIDE, HIGH)).all()
        assert (np.abs(Q @ kept) < (WIDE, HIGH)).all()
        assert x[0] * kept[1] == pytest.approx(x[1] * kept[0])
        assert kept @ x > 0


@pytest.mark.parametrize(
    ("alpha_lam", "said"),
    [
        (0, "No step-size"),
        (0.5, "keeps to its side"),
        (1, "and x₂ by 0, so that x₂ is done"),
        (1.5, "changes sides"),
        (2, "from wall to wall for ever"),
    ],
)
def test_the_words_name_what_the_steep_direction_does(alpha_lam, said):
    assert said in ChangeOfBasis.tables_and_words(**DEFAULT | {"alpha_lam": alpha_lam})[1]


def test_without_a_step_size_the_run_stays_where_it_is():
    said = ChangeOfBasis.tables_and_words(**DEFAULT | {"alpha_lam": 0})[1]
    assert said == "No step-size, no movement: the run stays 2.7 from the minimum, in either picture."
    assert np.hypot(-2.5, 1.0) == pytest.approx(2.7, abs=0.05)


@pytest.mark.parametrize("k", [0, 1, 60, 299, N_STEPS])
def test_the_curves_hold_every_step_that_play_runs_through(k):
    """The point at step k lies on the axis, on the curve, and under its tick."""
    tables = ChangeOfBasis.columns(**DEFAULT | {"k": k})
    plot = ChangeOfBasis().plots["eigen_steps"]
    place = tables["here"]["place"][0]
    assert plot.x_range.start < place < plot.x_range.end
    assert place == tables["run"]["place"][k]
    assert tables["here"]["x_2"][0] == tables["run"]["x_2"][k]
    for at, name in plot.tags[0]["x"]["ticks"]:
        assert tables["run"]["place"][int(name)] == at
