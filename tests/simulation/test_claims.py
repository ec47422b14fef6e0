"""What is often said elsewhere fails against the truth, and our form holds."""

import pytest
from latex2mathml.converter import convert

from simulation.claims import claims


@pytest.mark.parametrize("claim", claims(), ids=lambda claim: claim.name)
def test_the_claim_fails_and_ours_holds(claim):
    assert claim.residual_published > 1e-2
    assert claim.residual_correct < 1e-9
    assert claim.number == 0
    assert claim.sentence.endswith(".")
    assert ". " not in claim.sentence
    assert convert(claim.published) != convert(claim.correct)
