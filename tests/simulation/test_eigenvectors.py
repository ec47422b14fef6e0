"""Eigenvectors: their matrix, rebuilt from them, and their signs."""

import numpy as np
import pytest

from simulation.eigenvectors import oriented, spectrum


def symmetric(n, seed=0):
    M = np.random.default_rng(seed).normal(size=(n, n))
    return M + M.T


@pytest.mark.parametrize("A", [np.zeros((4, 4)), np.eye(5), np.ones((6, 6)), np.diag([3.0, 1.0, 2.0, 2.0])])
def test_repeated_eigenvalues(A):
    lams, Q = spectrum(A)
    np.testing.assert_allclose(Q.T @ Q, np.eye(len(A)), atol=1e-12)
    np.testing.assert_allclose(Q * lams @ Q.T, A, atol=1e-12)


def test_a_spectrum_rebuilds_its_matrix():
    A = symmetric(20)
    lams, Q = spectrum(A)
    assert np.all(np.diff(lams) >= 0)
    np.testing.assert_allclose(Q * lams @ Q.T, A, atol=1e-12)


def test_the_sign_depends_on_the_direction_alone():
    Q = np.linalg.qr(np.random.default_rng(5).normal(size=(7, 7)))[0]
    flips = np.array([1, -1, 1, -1, -1, 1, -1])
    np.testing.assert_array_equal(oriented(Q), oriented(Q * flips))
    assert np.all(np.max(oriented(Q), axis=0) == np.max(np.abs(Q), axis=0))


def test_rounding_does_not_decide_between_equal_entries():
    v = np.array([[0.5], [-0.5], [0.5], [-0.5]])
    for noise in (1e-15, -1e-15):
        assert oriented(v + noise)[0, 0] > 0
