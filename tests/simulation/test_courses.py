"""The slips over a run: ours agrees with the loops at every step-size and momentum, what was printed does not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.claims import claims
from simulation.courses import LAMS, A, Q, courses, loops, position, ratio_of_powers
from simulation.dynamics import iteration_matrix
from simulation.errata import errata, residual
from simulation.trace import trace

N = 30
NAMES = list(courses(0.3, 0.6, N))


@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(st.floats(1e-3, 2.0), st.floats(0.0, 0.99))
def test_ours_is_what_the_loops_find(alpha_lam, beta):
    with np.errstate(all="ignore"):
        found = courses(alpha_lam, beta, N)
    for name, course in found.items():
        assert residual(course.correct, course.truth) < 1e-10, name


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("alpha_lam", "beta"), [(0.3, 0.6), (1.2, 0.3), (0.04, 0.64), (0.25, 0.25)])
def test_the_published_form_fails(name, alpha_lam, beta):
    course = courses(alpha_lam, beta, N)[name]
    assert residual(course.published, course.truth) > 1e-3


def test_each_is_one_of_the_errata_or_of_the_claims_in_their_order():
    known = [erratum.name for erratum in [*errata(), *claims()]]
    assert [name for name in known if name in NAMES] == NAMES


@pytest.mark.parametrize(("alpha", "beta"), [(0.3, 0.6), (0.25, 0.25), (1.9, 0.1), (1.0, 0.0), (0.01, 0.5)])
def test_positions_are_those_of_powers_of_the_matrix(alpha, beta):
    powers = [np.linalg.matrix_power(iteration_matrix(alpha, beta, 0.8), k) for k in range(N + 1)]
    p = ratio_of_powers(0.8 * alpha, beta, N + 1)
    np.testing.assert_allclose(position(alpha, beta, 0.8, p, 0.4, 1.0), [(R @ [0.4, 1.0])[1] for R in powers], atol=1e-13)


def test_the_swapped_form_is_the_one_with_the_two_matrices_exchanged():
    alpha, beta, R = 0.3, 0.6, iteration_matrix(0.3, 0.6, 1.0)
    one, two = np.linalg.eigvals(R)
    R1, R2 = ((R - sigma * np.eye(2)) / (one - two) for sigma in (one, two))
    expected = [((one**k * R1 - two**k * R2) @ [0.4, 1.0])[1].real for k in range(N + 1)]
    p = ratio_of_powers(alpha, beta, N + 1)
    np.testing.assert_allclose(position(alpha, beta, 1.0, p, 0.4, 1.0, swapped=True), expected, atol=1e-13)


def test_the_covariances_are_those_of_the_matrix():
    R, kick, covariance = iteration_matrix(0.3, 0.6, 1.0), np.array([1.0, -0.3]), np.zeros((2, 2))
    found = loops(0.3, 0.6, N)
    for k in range(N + 1):
        assert found.xx[k] == pytest.approx(covariance[1, 1], rel=1e-12)
        covariance = R @ covariance @ R.T + 0.25 * np.outer(kick, kick)


def test_the_two_directions_are_turned():
    np.testing.assert_allclose(Q.T @ Q, np.eye(2), atol=1e-15)
    np.testing.assert_allclose(np.linalg.eigvalsh(A), LAMS)
    assert not np.allclose(Q, Q.T)


def test_they_can_be_traced():
    program = trace(lambda alpha_lam, beta: [list(c) for c in courses(alpha_lam, beta, N).values()], alpha_lam=0.3, beta=0.6)
    assert sum(constant.nbytes for constant in program.constants) < 40_000
