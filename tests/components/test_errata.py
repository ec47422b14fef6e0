"""The figure of the errata: what its sentence and its rows say is what the loops found."""

import numpy as np
import pytest

from app.errata import listing
from components.controls import as_number
from components.errata import FINE, FOLLOWED, N_STEPS, PUBLISHED, Errata, everything, places, title_of
from components.hero import Hero, Start
from simulation.courses import courses
from simulation.errata import Kind, residual
from simulation.objectives import curved_valley

DEFAULT = {name: as_number(p, p.default) for name, p in Errata.parameters().items()}


def shown(**values):
    with np.errstate(all="ignore"):
        return Errata.tables_and_words(**DEFAULT | values)


def test_every_number_of_the_list_is_there_and_every_followed_one_can_be_chosen():
    assert {one.number for one in everything()} == set(range(18))
    assert Errata.State.param.erratum.objects == [title_of(everything()[place].name) for place in places()]
    assert len(set(Errata.State.param.erratum.objects)) == len(FOLLOWED)


@pytest.mark.parametrize("i", range(len(FOLLOWED)))
def test_the_row_of_a_followed_one_is_its_residual_of_now(i):
    tables, _ = shown(erratum=i, alpha_lam=0.7, beta=0.4)
    course = courses(0.7, 0.4, N_STEPS)[FOLLOWED[i]]
    row = places()[i]
    assert tables["row"]["y"][0] == row
    assert tables["all"]["published"][row] == pytest.approx(np.log10(min(residual(course.published, course.truth), 1e3)))
    assert tables["all"]["correct"][row] == np.log10(FINE)


def test_the_other_rows_do_not_move():
    one, other = (shown(alpha_lam=a, beta=b)[0]["all"]["published"] for a, b in ((0.3, 0.6), (1.4, 0.2)))
    still = [row for row in range(len(one)) if row not in places()]
    np.testing.assert_array_equal(one[still], other[still])
    assert np.all(one[still] > -2)


@pytest.mark.parametrize("i", range(len(FOLLOWED)))
def test_the_sentence_tells_both_and_the_reason(i):
    tables, sentence = shown(erratum=i, k=7)
    published = PUBLISHED[everything()[places()[i]].kind]
    assert sentence.startswith(f"Step 7: {published} it is off by ")
    assert "as here by less than 10⁻¹⁰" in sentence
    assert tables["what"]["published"] == [f"dashed: {published}"]
    assert sentence.endswith(everything()[places()[i]].sentence)
    assert 10 ** tables["residual"]["published"][7] > 1e-4


def test_it_says_so_where_both_forms_agree():
    assert "here both forms agree with the truth" in shown(erratum=FOLLOWED.index("Modulus of complex roots"), k=0)[1]


def test_two_of_them_are_right_by_accident_without_momentum():
    off = shown(beta=0.0)[0]["all"]["published"][places()]
    assert [FOLLOWED[i] for i in np.flatnonzero(off <= -10)] == ["Modulus of complex roots", "The velocity as an average"]


def test_only_what_is_printed_is_called_printed():
    items = listing(everything()).split("\n- ")
    assert len(items) == len(everything())
    for one, item in zip(everything(), items, strict=True):
        assert ("As printed: " in item) == (one.kind == Kind.FORMULA)
    assert "dashed: as drawn" in shown(erratum=FOLLOWED.index("Colours of the legend"))[0]["what"]["published"]


def test_the_hero_reads_out_at_load_what_it_draws():
    hero = Hero()
    controls = hero.roots()
    read = {}
    for name in ("alpha", "beta"):
        slider, parameter = controls[f"control-{name}"], Start.param[name]
        assert slider.title == parameter.label
        read[name] = float(f"{slider.value:.{len(slider.format.partition('.')[2])}f}")
        assert read[name] == parameter.default
    w, z = np.array([Start.param.x.default, Start.param.y.default]), np.zeros(2)
    path = [w]
    for _ in range(Start.param.k.default):
        z = read["beta"] * z + curved_valley.grad(w)
        w = w - read["alpha"] * z
        path.append(w)
    drawn = hero.compute()[0]["path"]
    np.testing.assert_allclose(np.stack([drawn["x"], drawn["y"]], axis=1), path, rtol=1e-12)
    hero.close()
