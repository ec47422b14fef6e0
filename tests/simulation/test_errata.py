"""Every slip of the published article fails against the truth, and our form holds."""

import numpy as np
import pytest
from latex2mathml.converter import convert

from simulation.errata import errata, residual
from simulation.noise import stationary_variance
from simulation.objectives import curved_valley
from simulation.update_rules import descend, heavy_ball

ERRATA = errata()
EACH = pytest.mark.parametrize("erratum", ERRATA, ids=lambda erratum: f"{erratum.number}-{erratum.name}")


def test_all_eighteen_are_there_in_order():
    numbers = [erratum.number for erratum in ERRATA]
    assert numbers == sorted(numbers)
    assert set(numbers) == set(range(1, 19))
    assert len({erratum.name for erratum in ERRATA}) == len(ERRATA)


@EACH
def test_the_published_form_fails(erratum):
    assert erratum.residual_published > 1e-3


@EACH
def test_ours_holds(erratum):
    assert erratum.residual_correct < 1e-9


@EACH
def test_it_is_told_in_one_sentence_and_two_formulas(erratum):
    assert erratum.sentence.endswith(".")
    assert erratum.sentence[0].isupper()
    assert ". " not in erratum.sentence
    assert "$" not in erratum.sentence
    assert "\\" not in erratum.sentence
    for formula in (erratum.published, erratum.correct):
        assert convert(formula).startswith("<math")
    assert erratum.published != erratum.correct


def test_the_residual_is_relative_to_the_largest_true_value():
    assert residual([2.0, 1.0], [4.0, 1.0]) == 0.5
    assert residual(3.0, 2.0) == 0.5


def test_the_numbers_behind_the_advice_on_momentum():
    ends = {
        beta: curved_valley.f(descend(heavy_ball(0.003, beta), curved_valley.grad, np.array([-1.21, 0.853]), 150)[-1])
        for beta in (0.0, 0.74, 0.99)
    }
    assert ends[0.99] == pytest.approx(6.5, abs=0.05)
    assert ends[0.0] == pytest.approx(1.18, abs=0.005)
    assert ends[0.74] == pytest.approx(0.0091, abs=5e-5)


def test_the_numbers_behind_momentum_and_noise():
    beta = np.array([0.0, 0.5, 0.9, 0.99])
    growth = stationary_variance(0.02, beta, 1.0, 1.0) / stationary_variance(0.02, 0.0, 1.0, 1.0)
    np.testing.assert_allclose(growth, 1 / (1 - beta), rtol=0.02)
