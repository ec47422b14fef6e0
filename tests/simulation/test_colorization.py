"""The colorization problem, against finite differences, a sparse solver and step after step."""

import numpy as np
import pytest
from scipy.sparse import coo_matrix, csgraph

from simulation.colorization import CAT, colorization, colours, equations, loss, read_picture
from simulation.filters import heavy_ball_error
from simulation.trace import trace

PICTURE = read_picture()
PROBLEM = colorization()
N = len(PICTURE.pixels)


def test_the_picture_is_one_piece_of_some_hundred_pixels():
    assert 300 <= N <= 400
    assert len(PICTURE.coloured) == 2
    joined = coo_matrix((np.ones(len(PICTURE.edges)), PICTURE.edges.T), shape=(N, N))
    assert csgraph.connected_components(joined, directed=False)[0] == 1


def test_pixels_and_edges_are_those_of_the_drawing():
    lines = CAT.strip("\n").split("\n")
    for number, (i, j) in enumerate(PICTURE.pixels):
        assert lines[i][j] == ("o" if number in PICTURE.coloured else "#")
    assert sum(mark != " " for line in lines for mark in line) == N
    apart = np.abs(PICTURE.pixels[PICTURE.edges[:, 0]] - PICTURE.pixels[PICTURE.edges[:, 1]])
    assert np.all(apart.sum(axis=1) == 1)
    pairs = {(tuple(a), tuple(b)) for a in PICTURE.pixels for b in PICTURE.pixels if abs(a - b).sum() == 1}
    assert len(pairs) == 2 * len(PICTURE.edges)


def test_a_picture_without_colour_is_refused():
    with pytest.raises(ValueError, match="coloured"):
        read_picture("##")


def test_the_loss_by_loops_and_its_gradient_by_differences():
    w = np.random.default_rng(0).normal(size=N)
    total = sum((w[i] - 1) ** 2 for i in PICTURE.coloured) + sum((w[i] - w[j]) ** 2 for i, j in PICTURE.edges)
    assert loss(PICTURE, w) == pytest.approx(total / 2, rel=1e-12)
    A, b = equations(PICTURE)
    steps = 1e-5 * np.eye(N)
    differences = (loss(PICTURE, w + steps) - loss(PICTURE, w - steps)) / 2e-5
    np.testing.assert_allclose(A @ w - b, differences, atol=1e-8)


def test_the_optimum_is_all_ones():
    np.testing.assert_allclose(np.linalg.solve(*equations(PICTURE)), np.ones(N), rtol=1e-11)
    np.testing.assert_allclose(np.linalg.solve(*equations(PICTURE, 0.1)), np.ones(N), rtol=1e-11)
    np.testing.assert_allclose(PROBLEM.Q @ PROBLEM.x_star, np.ones(N), rtol=1e-11)
    assert loss(PICTURE, np.ones(N)) == 0


@pytest.mark.parametrize(("alpha_lam", "beta"), [(1.0, 0.0), (1.9, 0.0), (3.5, 0.9), (0.5, 0.97)])
def test_the_picture_at_step_k_is_the_run_step_by_step(alpha_lam, beta):
    A, b = equations(PICTURE)
    alpha, w, z = alpha_lam / PROBLEM.lams[-1], np.zeros(N), np.zeros(N)
    for k in range(151):
        if k in (0, 1, 2, 10, 150):
            np.testing.assert_allclose(colours(PROBLEM, alpha_lam, beta, k), w, atol=1e-11)
        z = beta * z + A @ w - b
        w = w - alpha * z


def test_colour_travels_one_pixel_a_step():
    distance = csgraph.shortest_path(
        coo_matrix((np.ones(len(PICTURE.edges)), PICTURE.edges.T), shape=(N, N)), directed=False, unweighted=True
    )[PICTURE.coloured].min(axis=0)
    for k in (1, 5, 20):
        w = colours(PROBLEM, 3.0, 0.9, k)
        assert np.max(np.abs(w[distance >= k]), initial=0) < 1e-12


def test_momentum_colours_the_tail_long_before_gradient_descent():
    root = np.sqrt(PROBLEM.lams[[0, -1]])
    beta = ((root[1] - root[0]) / (root[1] + root[0])) ** 2
    alpha_lam = (2 / (root[0] + root[1])) ** 2 * PROBLEM.lams[-1]
    tail = np.argmax(PICTURE.pixels[:, 1])
    assert colours(PROBLEM, 1.9, 0.0, 300)[tail] < 0.3
    assert colours(PROBLEM, alpha_lam, beta, 300)[tail] == pytest.approx(1, abs=0.05)
    np.testing.assert_allclose(colours(PROBLEM, 1.9, 0.0, 1_000_000), 1, rtol=1e-9)
    assert abs(heavy_ball_error(alpha_lam * PROBLEM.lams[0] / PROBLEM.lams[-1], beta, 300)) < 0.01


def test_the_picture_can_be_traced():
    program = trace(lambda alpha_lam, beta, k: colours(PROBLEM, alpha_lam, beta, k), alpha_lam=1.0, beta=0.0, k=1.0)
    assert max(len(c) for c in program.constants) == N * N
