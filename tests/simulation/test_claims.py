"""What is often said elsewhere fails against the truth, and our form holds."""

import numpy as np
import pytest
from latex2mathml.converter import convert

from simulation.claims import claims
from simulation.errata import Kind, errata

CLAIMS = {claim.name: claim for claim in claims()}
# At its flattest eigenvalue the two roots coincide, and such a pair is known to the root of the rounding alone.
LIMITS = {name: 1e-7 if name == "The rate of Nesterov's method" else 1e-9 for name in CLAIMS}


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS)
def test_the_claim_fails_and_ours_holds(claim):
    assert claim.residual_published > 1e-2
    assert claim.residual_correct < LIMITS[claim.name]
    assert claim.number == 0
    assert claim.kind == Kind.ELSEWHERE
    assert claim.sentence.endswith(".")
    assert ". " not in claim.sentence
    assert convert(claim.published) != convert(claim.correct)


def test_none_is_one_of_the_errata_and_the_one_referred_to_is():
    names = {erratum.name: erratum.number for erratum in errata()}
    assert not names.keys() & CLAIMS.keys()
    assert f"The opposite of number {names['Momentum and noise']}" in CLAIMS["Momentum against noise"].sentence


def test_the_cycle_is_printed_from_its_largest_point():
    assert CLAIMS["Fast on every convex function"].correct == r"x^k \to ({2.116},\ {0.647},\ {-1.802},\ \ldots)"


def test_a_run_of_nesterovs_method_has_the_rate_that_holds():
    beta, lam, z, x, sizes = 9 / 11, 0.01, 0.0, 1.0, []
    for _ in range(3000):
        z = beta * z + lam * (x - beta * z)
        x = x - z
        sizes.append(abs(x))
    # The roots coincide, so the error is k times a power, and two stretches tell the power.
    assert (sizes[-1] / sizes[-1001]) ** (1 / 1000) == pytest.approx(0.9, rel=1e-3)
    assert np.all(np.diff(sizes) < 0)
