"""The random numbers, against whole-number arithmetic and against what chance would do."""

import numpy as np
import pytest
from scipy import stats

from simulation.random_numbers import ACROSS, DOWN, MODULUS, OFFSET, SCATTER, normals, residue, uniforms
from simulation.trace import trace

SEEDS = [0, 1, 2, 17, 100]


def test_the_residue_is_exact_up_to_the_square_of_the_modulus():
    rng = np.random.default_rng(0)
    whole = [int(q) * MODULUS + d for q in rng.integers(0, MODULUS - 1, 5000) for d in (0, 1, MODULUS - 1)]
    np.testing.assert_array_equal(residue(np.array(whole, dtype=float)), [x % MODULUS for x in whole])
    assert (MODULUS - 1) ** 2 < 2**52


def test_they_are_those_of_whole_numbers():
    for seed in (0, 3, 10**6):
        u = uniforms(seed, 4, 5)
        for row in range(4):
            for column in range(5):
                start = pow(seed * SCATTER + OFFSET, 3, MODULUS)
                whole = pow(DOWN, row, MODULUS) * pow(ACROSS, column, MODULUS) * start % MODULUS
                assert u[row, column] == whole / MODULUS


def test_the_multipliers_visit_every_number():
    for root in (DOWN, ACROSS):
        assert pow(root, MODULUS - 1, MODULUS) == 1
        assert all(pow(root, (MODULUS - 1) // factor, MODULUS) != 1 for factor in (2, 479, 70051))


@pytest.mark.parametrize("root", [DOWN, ACROSS])
@pytest.mark.parametrize(("dimension", "hermite"), [(2, (4 / 3) ** 0.25), (3, 2 ** (1 / 6)), (4, 2**0.25), (5, 2**0.3)])
def test_no_planes_are_much_coarser_than_they_must_be(root, dimension, hermite):
    """The spectral test: families of planes h.u = whole that hold all points lie 1/|h| apart; no h is short."""
    shortest = 0.7 * hermite * MODULUS ** (1 / dimension)
    side = np.arange(-int(shortest), int(shortest) + 1)
    powers = [pow(root, i, MODULUS) for i in range(1, dimension)]
    rest = np.meshgrid(*[side] * (dimension - 2), indexing="ij") if dimension > 2 else []
    for h in range(int(shortest) + 1):
        others = [np.array(h), *rest]
        total = sum(one * power for one, power in zip(others, powers, strict=True)) % MODULUS
        first = np.minimum(total, MODULUS - total)
        squares = first**2 + sum(one**2 for one in others)
        assert np.all((squares == 0) | (squares >= shortest**2))


def test_no_seed_of_a_figure_starts_at_zero():
    starts = (np.arange(1001) * SCATTER + OFFSET) % MODULUS
    assert np.all(starts > 0)
    assert len(set(starts)) == len(starts)


@pytest.mark.parametrize("seed", SEEDS)
def test_they_are_spread_evenly_alone_and_in_pairs(seed):
    u = uniforms(seed, 150, 100)
    assert u.min() > 0
    assert u.max() < 1
    assert stats.kstest(u.ravel(), "uniform").pvalue > 1e-3
    for a, b in ((u[1:], u[:-1]), (u[:, 1:], u[:, :-1]), (u[:, 50:], u[:, :50]), (u, uniforms(seed + 1, 150, 100))):
        cells = np.histogram2d(a.ravel(), b.ravel(), bins=12, range=[[0, 1], [0, 1]])[0]
        assert stats.chisquare(cells.ravel()).pvalue > 1e-3


@pytest.mark.parametrize("seed", SEEDS)
def test_the_normals_have_the_moments_and_the_shape_of_normals(seed):
    eps = normals(seed, 150, 100)
    n = eps.size
    assert abs(eps.mean()) < 4 / np.sqrt(n)
    assert abs(eps.var() - 1) < 4 * np.sqrt(2 / n)
    assert abs((eps**3).mean()) < 4 * np.sqrt(15 / n)
    assert abs((eps**4).mean() - 3) < 4 * np.sqrt(96 / n)
    assert stats.kstest(eps.ravel(), "norm").pvalue > 1e-3


@pytest.mark.parametrize("seed", SEEDS)
def test_steps_and_runs_do_not_know_of_each_other(seed):
    eps, bound = normals(seed, 150, 100), 4.5 / np.sqrt(150 * 50)
    for lag in (1, 2, 3, 7, 50):
        assert abs((eps[lag:] * eps[:-lag]).mean()) < bound
        assert abs((eps[:, lag:] * eps[:, :-lag]).mean()) < bound
    assert abs((eps * normals(seed + 1, 150, 100)).mean()) < bound


def test_means_over_steps_of_all_seeds_are_normal_again():
    """What a figure averages: a hidden pattern between steps or seeds would show here."""
    means = np.concatenate([normals(seed, 150, 100).mean(axis=0) for seed in range(60)]) * np.sqrt(150)
    assert stats.kstest(means, "norm").pvalue > 1e-3


def test_fewer_of_them_are_the_beginning_of_more():
    np.testing.assert_array_equal(uniforms(5, 20, 8), uniforms(5, 30, 12)[:20, :8])


def test_they_can_be_traced():
    program = trace(lambda seed: normals(seed, 150, 100), seed=1.0)
    assert sum(constant.nbytes for constant in program.constants) < 5000
