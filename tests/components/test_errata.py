"""The figure of the errata: what its sentence and its rows say is what the loops found."""

import numpy as np
import pytest

from components.controls import as_number
from components.errata import FINE, FOLLOWED, N_STEPS, Errata, everything, places, title_of
from simulation.courses import courses
from simulation.errata import residual

DEFAULT = {name: as_number(p, p.default) for name, p in Errata.parameters().items()}


def shown(**values):
    with np.errstate(all="ignore"):
        return Errata.tables_and_words(**DEFAULT | values)


def test_every_number_of_the_list_is_there_and_every_followed_one_can_be_chosen():
    assert {one.number for one in everything()} == set(range(19))
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
    assert sentence.startswith("Step 7: the printed form is off by ")
    assert "ours by less than 10⁻¹⁰" in sentence
    assert sentence.endswith(everything()[places()[i]].sentence)
    assert 10 ** tables["residual"]["published"][7] > 1e-4


def test_it_says_so_where_both_forms_agree():
    assert "here both forms agree with the truth" in shown(erratum=FOLLOWED.index("Modulus of complex roots"), k=0)[1]


def test_two_of_them_are_right_by_accident_without_momentum():
    off = shown(beta=0.0)[0]["all"]["published"][places()]
    assert [FOLLOWED[i] for i in np.flatnonzero(off <= -10)] == ["Modulus of complex roots", "The velocity as an average"]
