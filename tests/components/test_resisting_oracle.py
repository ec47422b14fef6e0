"""The resisting oracle's figure: the dead zone is dead whatever the run, and the bound holds for methods that are not ours."""

import numpy as np
import pytest

from components.resisting_oracle import N_STEPS, SIZE, Oracle, best, columns, words
from simulation.oracle import equations, finite_kappa
from simulation.rates import worst_rate

BEST = dict(zip(("alpha_lam", "beta"), map(float, best(SIZE, 1000.0)), strict=True))
STATE = BEST | {"k": 12, "log_kappa": 3.0, "n": SIZE}


@pytest.mark.parametrize(
    "changes", [{}, {"alpha_lam": 4.0, "beta": 0.1}, {"alpha_lam": 1.0, "beta": 0.0}, {"n": 9}, {"log_kappa": 1.0}]
)
def test_nothing_moves_ahead_of_the_cone(changes):
    state = STATE | changes
    tables = columns(**state)
    w, n = tables["weights"]["w"], state["n"]
    assert w.shape == (SIZE, N_STEPS + 1)
    for k in range(N_STEPS + 1):
        assert np.all(w[k:n, k] == 0)
        assert k == 0 or k > n or w[k - 1, k] != 0
    assert np.isnan(w[n:]).all()


@pytest.mark.parametrize("n", [5, 17, SIZE])
def test_the_outline_is_the_dead_zone(n):
    x, y = (np.asarray(column) for column in columns(**STATE | {"n": n})["cone"].values())
    area = 0.5 * abs(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1)))
    assert area == pytest.approx(n * (n + 1) / 2), "one cell for each weight i and step k < i"
    assert set(np.unique(x)) == {k - 0.5 for k in range(n + 1)}
    assert (x.min(), x.max(), y.min(), y.max()) == (-0.5, n - 0.5, 0.5, n + 0.5)


def test_conjugate_gradients_cannot_beat_the_bound_either():
    """The best of all methods, in its own norm, and a stranger to this project."""
    A, b = equations(SIZE, 1000.0)
    w_star = np.linalg.solve(A, b)
    bound = 10 ** columns(**STATE)["curve"]["bound"]
    w, r = np.zeros(SIZE), b.copy()
    p = r.copy()
    for k in range(SIZE):
        assert np.abs(w - w_star).max() >= bound[k] * (1 - 1e-12)
        step = r @ r / (p @ A @ p)
        w = w + step * p
        new = r - step * (A @ p)
        p, r = new + (new @ new) / (r @ r) * p, new


def test_momentum_at_its_best_stays_on_the_bound_until_the_end_is_reached():
    curve = columns(**STATE)["curve"]
    np.testing.assert_allclose(curve["error"][:SIZE], curve["bound"][:SIZE], atol=0.02)
    plain = columns(**STATE | {"alpha_lam": 2 / (1 + 1 / finite_kappa(SIZE, 1000.0)), "beta": 0.0})["curve"]
    assert plain["error"][-1] > curve["error"][-1] + 0.5


def test_the_dot_is_the_best_pair():
    lams = np.linalg.eigvalsh(equations(12, 100.0)[0])
    alpha_lam, beta = best(12, 100.0)
    rate = worst_rate(alpha_lam, beta, lams)
    assert rate == pytest.approx(np.sqrt(beta))
    for change in (-0.01, 0.01):
        assert worst_rate(alpha_lam + change, beta, lams) > rate
        assert worst_rate(alpha_lam, beta + change, lams) > rate


def test_the_words():
    def said(**changes):
        state = STATE | changes
        with np.errstate(all="ignore"):
            return words(columns(**state), **state)

    assert Oracle().k == 12
    assert said().startswith(
        "At step 12 weights 13 to 25 are still 0, so no method that follows gradients has an error below 0.5"
    )
    assert "this finite path has κ = 512" in said()
    assert "At step 24 weight 25 is still 0" in said(k=24)
    assert "every weight has been reached" in said(k=25)
    assert "diverges, for αλₙ is beyond 2 + 2β = 2.4: its error is " in said(alpha_lam=4.0, beta=0.2)
    assert "swings for ever" in said(alpha_lam=2.0, beta=0.0)
    assert "swings wider at every step" in said(alpha_lam=4.0, beta=1.0)
    assert "never settles" in said(beta=1.0)
    assert "stays where it is" in said(alpha_lam=0.0)
