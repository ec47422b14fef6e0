"""Every slip of the published article fails against the truth, and our form holds."""

import numpy as np
import pytest
from latex2mathml.converter import convert

from simulation.dynamics import iteration_matrix
from simulation.errata import (
    BETA,
    DRAWN,
    ENDS,
    HIGH,
    LABELLED,
    PATH_KAPPA,
    PATH_N,
    Kind,
    errata,
    momentum_step,
    residual,
    update_matrix,
)
from simulation.noise import stationary_variance
from simulation.objectives import curved_valley
from simulation.oracle import finite_kappa
from simulation.update_rules import descend, heavy_ball

ERRATA = errata()
EACH = pytest.mark.parametrize("erratum", ERRATA, ids=lambda erratum: f"{erratum.number}-{erratum.name}")


NAMED = {erratum.name: erratum for erratum in ERRATA}


def test_all_seventeen_are_there_in_order():
    numbers = [erratum.number for erratum in ERRATA]
    assert numbers == sorted(numbers)
    assert set(numbers) == set(range(1, 18))
    assert len(NAMED) == len(ERRATA)


def test_what_is_called_printed_is_a_formula_and_nothing_else():
    assert {erratum.kind for erratum in ERRATA} == {Kind.FORMULA, Kind.WORDS, Kind.FIGURE}
    for erratum in ERRATA:
        if erratum.kind == Kind.FORMULA:
            assert "\\text" not in erratum.published


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


def test_the_matrix_of_the_update_is_the_iteration_matrix():
    np.testing.assert_allclose(update_matrix(momentum_step(0.3, 0.6, 1.2)), iteration_matrix(0.3, 0.6, 1.2), rtol=1e-15)


def test_the_best_momentum_is_the_best_of_many_and_the_recommended_one_dearer():
    def rate(alpha, beta):
        return max(np.abs(np.linalg.eigvals(iteration_matrix(alpha, beta, lam))).max() for lam in ENDS)

    rates = {beta: min(rate(alpha, beta) for alpha in np.linspace(1, 4, 150)) for beta in (*np.arange(0.5, 0.9, 0.02), HIGH)}
    best = min(rates, key=rates.get)
    sentence = NAMED["How much momentum"].sentence
    assert best == pytest.approx(0.669, abs=0.02)
    assert "at condition number 100 the best beta is 0.669" in sentence
    assert np.log(rates[best]) / np.log(rates[HIGH]) == pytest.approx(40, rel=0.06)
    assert "0.99 takes 40 times as many steps" in sentence


def test_the_published_path_has_the_eigenvalues_that_its_figure_was_given():
    smallest, largest = 4.6419172286987305, 996.3580932617188
    assert finite_kappa(PATH_N, PATH_KAPPA, held=True) == pytest.approx(largest / smallest, rel=1e-5)
    for text in (NAMED["Condition number of the path"].sentence, NAMED["Condition number of the path"].correct):
        assert "214.6" in text


def test_with_its_labels_the_published_hero_would_leave_the_picture_at_once():
    start = np.array([-1.21, 0.853])
    labelled, drawn = (descend(heavy_ball(*pair), curved_valley.grad, start, 1)[1] for pair in (LABELLED, DRAWN))
    assert np.abs(labelled[0]) > 2
    assert np.abs(drawn[0]) < 2


@pytest.mark.parametrize(("lead", "alternates"), [(0.98, False), (1.02, True)])
def test_with_momentum_a_run_alternates_only_beyond_the_larger_step_size(lead, alternates):
    alpha, z, x, signs = lead * (1 + np.sqrt(BETA)) ** 2, 0.0, 1.0, []
    for _ in range(200):
        z, x = momentum_step(alpha, BETA, 1.0)(z, x)
        signs.append(np.sign(x))
    assert (np.abs(np.diff(signs[100:])) == 2).all() == alternates
