"""Polynomial features: no weight can be mended without spoiling others; eigenfeatures: every weight by itself."""

import itertools

import numpy as np
import pytest
from numpy.polynomial import Polynomial

from components import eigenfeatures, polynomial_features
from components.eigenfeatures import BASIS, ERROR, Eigenfeatures
from components.polynomial_features import PolynomialFeatures
from simulation.polynomials import OBSERVATIONS, POSITIONS

FIGURES = (PolynomialFeatures, Eigenfeatures)


def default(figure):
    return {name: p.default for name, p in figure.parameters().items()}


def faders(figure):
    return [name for name in figure.parameters() if not name.startswith("d_")]


def loss(figure, state):
    return figure.columns(**state)["said"]["loss"][0]


def test_the_curve_is_the_polynomial_of_the_weights():
    state = default(PolynomialFeatures)
    polynomial = Polynomial([state[name] for name in faders(PolynomialFeatures)])
    tables = PolynomialFeatures.columns(**state)
    np.testing.assert_allclose(tables["curves"]["model"], polynomial(tables["curves"]["xi"]), rtol=1e-12)
    assert loss(PolynomialFeatures, state) == pytest.approx(0.5 * np.sum((polynomial(POSITIONS) - OBSERVATIONS) ** 2))


def test_both_open_with_the_same_curve():
    w = np.array([default(PolynomialFeatures)[name] for name in faders(PolynomialFeatures)])
    Z = POSITIONS[:, None] ** np.arange(6)
    _, Q = np.linalg.eigh(Z.T @ Z)
    for i, q in enumerate(Q.T, start=1):
        q = q * np.sign(q[np.argmax(np.abs(q))])
        # The height of a fader is the root mean square of its term over the positions, with the sign of its weight.
        height = (q @ w) * np.sqrt(np.mean((Z @ q) ** 2))
        step = Eigenfeatures.parameters()[f"height_{i}"].step
        assert default(Eigenfeatures)[f"height_{i}"] == pytest.approx(height, abs=step / 2 * 1.001)
    one, two = (figure.columns(**default(figure)) for figure in FIGURES)
    np.testing.assert_allclose(two["curves"]["model"], one["curves"]["model"], atol=1e-3)
    np.testing.assert_array_equal(two["said"]["line_0"], one["said"]["line_0"])


@pytest.mark.parametrize("figure", FIGURES)
def test_the_best_curve_is_the_least_squares_fit(figure):
    best = Polynomial.fit(POSITIONS, OBSERVATIONS, 5)
    tables = figure.columns(**default(figure))
    np.testing.assert_allclose(tables["curves"]["best"], best(tables["curves"]["xi"]), atol=1e-6)
    assert tables["said"]["least"][0] == pytest.approx(0.5 * np.sum((best(POSITIONS) - OBSERVATIONS) ** 2))


@pytest.mark.parametrize("figure", FIGURES)
def test_a_fader_sent_to_its_best_place_gains_what_was_said(figure):
    state = default(figure)
    targets = figure.columns(**state)["targets"]
    for i, name in enumerate(faders(figure)):
        tried = state | {name: targets["y"][i]}
        assert loss(figure, state) - loss(figure, tried) == pytest.approx(targets["gain"][i], abs=1e-9)
        for aside in (-0.05, 0.05):
            low, high = figure.parameters()[name].bounds
            assert loss(figure, state | {name: np.clip(targets["y"][i] + aside, low, high)}) >= loss(figure, tried)


@pytest.mark.parametrize(("figure", "module"), [(PolynomialFeatures, polynomial_features), (Eigenfeatures, eigenfeatures)])
@pytest.mark.parametrize("change", [{}, {"w_2": 2.19}, {"w_2": -6.0}, {f"d_{i}": 3.5 - 7 * (i > 5) for i in range(1, 11)}])
def test_a_best_place_beyond_its_fader_says_where_it_is(figure, module, change):
    basis = module.BASIS
    state = default(figure) | {name: value for name, value in change.items() if name in figure.parameters()}
    tables, sentence = figure.tables_and_words(**state)
    d = np.array([state[f"d_{i}"] for i in range(1, 11)])
    terms = basis.at_observations * [state[name] for name in faders(figure)]
    for i, name in enumerate(faders(figure)):
        # Least squares in one unknown: what the other terms leave to this one.
        alone = np.linalg.lstsq(basis.at_observations[:, [i]], d - np.delete(terms, i, axis=1).sum(axis=1), rcond=None)[0].item()
        beyond = abs(alone) > figure.parameters()[name].bounds[1]
        row, j = ("first", i) if i < 3 else ("second", i - 3)
        bar, said, arrow = tables["targets"]["bar"][i], tables[row]["beyond"][j], tables[row]["arrow"][j]
        assert (said != "") == beyond == np.isnan(bar) == np.isfinite(arrow)
        assert (f"{basis.weights[i]} at " in sentence) == beyond
        if beyond:
            best = float(f"{alone * basis.units[i]:.3g}")
            assert float(said.replace("−", "-")) == pytest.approx(best)
            assert f"{basis.weights[i]} at {said}" in sentence
            assert np.sign(arrow) == np.sign(alone) == (-1 if tables[row]["turn"][j] else 1)
        else:
            assert bar == pytest.approx(alone, abs=1e-6)


def test_a_monomial_that_is_mended_spoils_the_others_of_its_kind():
    state = default(PolynomialFeatures)
    before = PolynomialFeatures.columns(**state)["targets"]["y"]
    after = PolynomialFeatures.columns(**state | {"w_2": before[1]})["targets"]["y"]
    # Its own place does not depend on it, and even powers are perpendicular to odd ones on these positions.
    assert np.flatnonzero(np.abs(after - before) > 1e-9).tolist() == [3, 5]


def test_an_eigenfeature_that_is_moved_moves_no_other_best_place():
    state = default(Eigenfeatures)
    before = Eigenfeatures.columns(**state)["targets"]["y"]
    for name in faders(Eigenfeatures):
        np.testing.assert_allclose(Eigenfeatures.columns(**state | {name: -1.5})["targets"]["y"], before, atol=1e-9)


def test_six_turns_in_any_order_are_the_best_fit():
    names = faders(Eigenfeatures)
    for order in itertools.islice(itertools.permutations(range(6)), 0, 720, 97):
        state = default(Eigenfeatures)
        for i in order:
            state |= {names[i]: Eigenfeatures.columns(**state)["targets"]["y"][i]}
        said = Eigenfeatures.columns(**state)["said"]
        assert said["loss"][0] == pytest.approx(said["least"][0], abs=1e-9)
    assert "No change of a single weight" in Eigenfeatures.tables_and_words(**state)[1]


def test_the_readouts_are_the_weights_of_the_curve():
    state = default(Eigenfeatures)
    heights = {name: state[name] for name in faders(Eigenfeatures)}
    said = Eigenfeatures.readouts(**heights)
    x = np.array([heights[name] for name in BASIS.parameters]) * BASIS.units
    assert said["height_1"] == f"{x[-1]:.3g}".replace("-", "−")
    np.testing.assert_allclose(np.sqrt(np.mean((BASIS.at_observations * 0.25) ** 2, axis=0)), 0.25, rtol=1e-9)


def test_what_an_error_of_the_observations_does_to_the_weights():
    rng = np.random.default_rng(3)
    fits = [np.linalg.lstsq(BASIS.at_observations, rng.normal(0, ERROR, 10), rcond=None)[0] * BASIS.units for _ in range(3000)]
    spread = np.std(fits, axis=0)
    sentence = Eigenfeatures.tables_and_words(**default(Eigenfeatures))[1]
    said = sentence.partition("x₆ is off by ")[2]
    assert float(said.partition(",")[0]) == pytest.approx(spread[0], rel=0.05)
    assert float(said.partition("by ")[2].rstrip(".")) == pytest.approx(spread[-1], rel=0.05)


@pytest.mark.parametrize("figure", FIGURES)
def test_the_words_name_the_one_change_that_helps_most(figure):
    state = default(figure)
    tables, sentence = figure.tables_and_words(**state)
    losses = [loss(figure, state | {name: tables["targets"]["y"][i]}) for i, name in enumerate(faders(figure))]
    best = faders(figure)[int(np.argmin(losses))][-1]
    assert f"is {'wx'[figure is Eigenfeatures]}{'₁₂₃₄₅₆'[int(best) - 1]} to " in sentence
