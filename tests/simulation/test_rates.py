"""Rates, stability and optimal parameters, against eigenvalues from numpy.linalg and against measured runs."""

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from scipy.optimize import brentq

from simulation.rates import (
    cost_alike,
    critical_beta,
    critical_rate,
    fate,
    gradient_descent_rate,
    heavy_ball_rate,
    is_stable,
    optimal_gradient_descent,
    optimal_heavy_ball,
    period,
    rate_in_words,
    regime,
    stability_limit,
    worst_rate,
)

step_sizes = st.floats(0.001, 4)
momenta = st.floats(0, 0.999)
conditions = st.floats(1.1, 1e4)
spectra = st.lists(st.floats(0.01, 10), min_size=2, max_size=20).map(np.sort)


def spectral_radius(alpha_lam, beta):
    """Return the largest modulus of the eigenvalues of one update, built by updating unit vectors; arrays broadcast."""
    alpha_lam, beta = np.broadcast_arrays(np.asarray(alpha_lam, float), beta)
    columns = []
    for z, x in ((1.0, 0.0), (0.0, 1.0)):
        new_z = beta * z + x
        columns.append(np.stack([new_z, x - alpha_lam * new_z], axis=-1))
    return np.abs(np.linalg.eigvals(np.stack(columns, axis=-1))).max(axis=-1)


def run(alpha_lam, beta, n_steps):
    """Return x_k of one eigen-coordinate from x = 1 at rest, by a plain loop."""
    z, x, xs = 0.0, 1.0, [1.0]
    for _ in range(n_steps):
        z = beta * z + x
        x = x - alpha_lam * z
        xs.append(x)
    return np.array(xs)


def log_norms(alpha_lam, beta, n_steps):
    """Return log |(z, x)_k| of a run that is scaled back to length one after each step."""
    z, x, total, logs = 0.3, 1.0, 0.0, []
    for _ in range(n_steps):
        z = beta * z + x
        x = x - alpha_lam * z
        size = np.hypot(z, x)
        z, x, total = z / size, x / size, total + np.log(size)
        logs.append(total)
    return np.array(logs)


@given(step_sizes, momenta)
@example(1.0, 0.0)
@example(0.25, 0.25)
def test_the_rate_is_the_spectral_radius(alpha_lam, beta):
    """Real or complex roots: the larger modulus; an eigenvalue solver loses half its digits where they meet."""
    gap = np.sqrt(abs((1 + beta - alpha_lam) ** 2 - 4 * beta))
    assert heavy_ball_rate(alpha_lam, beta) == pytest.approx(spectral_radius(alpha_lam, beta), abs=1e-13 / max(gap, 1e-6) + 1e-12)


@pytest.mark.parametrize("beta", [0.0, 0.2, 0.7, 0.95])
@pytest.mark.parametrize("alpha_lam", [0.02, 0.3, 0.9, 1.9, 2.2, 3.8])
def test_the_measured_decay_is_the_rate(alpha_lam, beta):
    """The slope of log |(z, x)_k| over the tail of a run is the logarithm of the rate, growing or shrinking."""
    logs = log_norms(alpha_lam, beta, 3000)
    k = np.arange(1000, 3000)
    slope = np.polyfit(k, logs[k], 1)[0]
    assert np.exp(slope) == pytest.approx(heavy_ball_rate(alpha_lam, beta), rel=1e-4)


@given(step_sizes)
def test_without_momentum_the_rate_is_that_of_gradient_descent(alpha_lam):
    """beta = 0: |1 - alpha lam|, what one step leaves of x."""
    assert gradient_descent_rate(alpha_lam) == pytest.approx(abs(run(alpha_lam, 0.0, 1)[1]), abs=1e-15)
    assert heavy_ball_rate(alpha_lam, 0.0) == pytest.approx(gradient_descent_rate(alpha_lam), abs=1e-12)


@given(st.floats(0.001, 3.999))
def test_at_the_critical_beta_the_roots_meet(alpha_lam):
    """One root, |1 - sqrt a|, and no other beta gives that eigenvalue a smaller rate."""
    assume(abs(alpha_lam - 1) > 1e-3)
    beta = critical_beta(alpha_lam)
    one, two = np.linalg.eigvals(np.array([[beta, 1.0], [-alpha_lam * beta, 1 - alpha_lam]]))
    assert abs(one - two) < 1e-6
    assert critical_rate(alpha_lam) == pytest.approx(np.sqrt(abs(one * two)), abs=1e-9)
    assert heavy_ball_rate(alpha_lam, beta) == pytest.approx(abs(1 - np.sqrt(alpha_lam)), abs=1e-7)
    betas = np.linspace(0, 1, 401)
    assert (spectral_radius(alpha_lam, betas) > abs(1 - np.sqrt(alpha_lam)) - 1e-6).all()


def test_at_the_critical_beta_the_error_behaves_like_k_times_a_power():
    """The repeated root is defective: after x_k / sigma^k the rest grows linearly in k."""
    alpha_lam = 0.09
    rest = run(alpha_lam, critical_beta(alpha_lam), 400) / 0.7 ** np.arange(401)
    k = np.arange(401)
    slope, start = np.polyfit(k, rest, 1)
    assert slope > 0.1
    np.testing.assert_allclose(rest, start + slope * k, rtol=1e-6)


def test_the_stability_region_has_no_mismatch():
    """On a grid, is_stable = (spectral radius < 1); and 2 + 2 beta is where a root crosses -1."""
    alpha_lam, beta = np.meshgrid(np.linspace(-0.5, 4.5, 251), np.linspace(0, 1.2, 122))
    radius = spectral_radius(alpha_lam, beta)
    clear = np.abs(radius - 1) > 1e-6
    assert clear.mean() > 0.9
    np.testing.assert_array_equal(is_stable(alpha_lam, beta)[clear], (radius < 1)[clear])
    # Where the radius is one to rounding, the point lies on an edge of the region, which is open.
    edge = ~clear
    on_edge = (np.abs(alpha_lam) < 1e-9) | (np.abs(alpha_lam - 2 - 2 * beta) < 1e-6) | (np.abs(beta - 1) < 1e-9)
    assert on_edge[edge].all()
    assert not is_stable(np.array([0.0, 3.0, 2.0]), np.array([0.5, 0.5, 1.0])).any()
    for b in (0.0, 0.3, 0.9):
        limit = brentq(lambda a, b=b: spectral_radius(a, b) - 1, 1.0 + b, 5.0)
        assert stability_limit(b) == pytest.approx(limit, abs=1e-9)


def test_momentum_widens_what_is_stable_runs_show_it():
    """Just inside the limit a long run dies out, just outside it explodes."""
    for beta in (0.0, 0.4, 0.8):
        assert abs(run(0.99 * stability_limit(beta), beta, 5000)[-1]) < 1e-6
        assert abs(run(1.01 * stability_limit(beta), beta, 5000)[-1]) > 1e6


def test_the_map_of_rates_is_the_maximum_over_the_spectrum():
    """400 x 400 pairs over 100 eigenvalues in one call, though it looks at the two ends alone, = brute force over all."""
    rng = np.random.default_rng(3)
    lams = np.sort(rng.uniform(0.02, 1, 100))
    alpha_lam, beta = np.linspace(0.005, 4, 400), np.linspace(0, 0.9975, 400)
    rates = worst_rate(alpha_lam[None, :], beta[:, None], lams)
    assert rates.shape == (400, 400)
    rows, columns = rng.integers(0, 400, size=(2, 500))
    every = spectral_radius(alpha_lam[columns, None] * lams / lams[-1], beta[rows, None])
    np.testing.assert_allclose(rates[rows, columns], every.max(axis=1), atol=1e-7)
    ends = np.maximum(every[:, 0], every[:, -1])
    np.testing.assert_allclose(every.max(axis=1), ends, atol=1e-7)


@given(spectra, st.floats(0.001, 4.5), momenta)
def test_the_ends_of_a_spectrum_decide(lams, alpha_lam_max, beta):
    """No eigenvalue between the smallest and the largest is slower than both."""
    every = spectral_radius(alpha_lam_max * lams / lams[-1], beta)
    assert worst_rate(alpha_lam_max, beta, lams) == pytest.approx(every.max(), abs=1e-6)
    assert every.max() <= max(every[0], every[-1]) + 1e-6


@given(st.floats(0.01, 100), conditions)
def test_the_best_step_size_of_gradient_descent(lam_min, kappa):
    """Both ends shrink at the optimal rate (kappa - 1)/(kappa + 1), every other eigenvalue faster, other step-sizes slower."""
    lams = np.linspace(lam_min, lam_min * kappa, 50)
    best = optimal_gradient_descent(lams[0], lams[-1])
    left = np.abs([run(best.alpha * lam, 0.0, 1)[1] for lam in lams])
    np.testing.assert_allclose(left[[0, -1]], best.rate, rtol=1e-9)
    assert left.max() <= best.rate + 1e-12
    alphas = np.linspace(0, 3 / lams[-1], 500)
    worst = np.abs(1 - alphas[:, None] * lams).max(axis=1)
    assert worst.min() >= best.rate - 1e-12
    assert best.beta == 0


@given(st.floats(0.01, 100), conditions)
def test_the_best_pair_gives_every_eigenvalue_the_same_rate(lam_min, kappa):
    """At the optimum every eigenvalue of the spectrum, not only the worst, has the rate (sqrt kappa - 1)/(sqrt kappa + 1)."""
    lams = np.geomspace(lam_min, lam_min * kappa, 50)
    best = optimal_heavy_ball(lams[0], lams[-1])
    # The roots at both ends are repeated; an eigenvalue solver knows them to half its digits.
    np.testing.assert_allclose(spectral_radius(best.alpha * lams, best.beta), best.rate, atol=1e-6)
    np.testing.assert_allclose(heavy_ball_rate(best.alpha * lams, best.beta), best.rate, atol=1e-6)
    assert worst_rate(best.alpha * lams[-1], best.beta, lams) == pytest.approx(best.rate, abs=1e-6)


@pytest.mark.parametrize("kappa", [1.5, 10.0, 100.0, 1000.0])
def test_no_pair_on_a_grid_beats_the_optimum(kappa):
    """Brute force over step-sizes and momenta, coarse everywhere and fine around the optimum."""
    lams = np.array([1.0, np.sqrt(kappa), kappa])
    best = optimal_heavy_ball(1.0, kappa)
    grids = [
        (np.linspace(0.01, 4.2, 150), np.linspace(0, 1, 150)),
        (best.alpha * kappa * np.linspace(0.95, 1.05, 101), np.clip(best.beta + np.linspace(-0.03, 0.03, 101), 0, 1)),
    ]
    for alpha_lam, beta in grids:
        radius = spectral_radius(alpha_lam[None, :, None] * lams / kappa, beta[:, None, None]).max(axis=-1)
        assert radius.min() > best.rate - 1e-6
    assert best.rate < optimal_gradient_descent(1.0, kappa).rate


def test_the_rates_at_kappa_100():
    """Gradient descent .980, momentum .818 at beta .669; beta .99 gives .995, so closer to one is not better."""
    assert round(optimal_gradient_descent(1.0, 100.0).rate, 3) == 0.980
    best = optimal_heavy_ball(1.0, 100.0)
    assert (round(float(best.beta), 3), round(float(best.rate), 3)) == (0.669, 0.818)
    assert round(float(worst_rate(best.alpha * 100, 0.99, np.array([1.0, 100.0]))), 3) == 0.995


@pytest.mark.parametrize(("alpha_lam", "beta"), [(0.01, 0.95), (0.15, 0.9), (1.0, 1.0), (1.0, 0.4), (2.0, 0.9), (3.5, 0.95)])
def test_the_period_is_what_a_run_shows(alpha_lam, beta):
    """Two sign changes a period, counted over a long run, and the peak of its spectrum."""
    n_steps = 4000
    z, x, xs = 0.0, 1.0, []
    for _ in range(n_steps):
        xs.append(x)
        z = beta * z + x
        x = x - alpha_lam * z
        # Keep the run at its first size: its roots shrink it by sqrt(beta) a step.
        z, x = z / np.sqrt(beta), x / np.sqrt(beta)
    signs = np.sign(np.array(xs)[np.abs(xs) > 1e-9])
    crossings = np.count_nonzero(np.diff(signs))
    turn = float(period(alpha_lam, beta))
    assert 2 * n_steps / crossings == pytest.approx(turn, rel=0.01)
    peak = np.argmax(np.abs(np.fft.rfft(np.array(xs) * np.hanning(n_steps)))) / n_steps
    assert 1 / peak == pytest.approx(turn, rel=0.01)


@given(step_sizes, momenta)
def test_the_period_is_a_full_turn_of_the_root(alpha_lam, beta):
    """2 pi over the angle of the complex root that numpy.linalg finds; infinite for real roots."""
    sigma = np.linalg.eigvals(np.array([[beta, 1.0], [-alpha_lam * beta, 1 - alpha_lam]]))
    angle = np.abs(np.angle(sigma)).max()
    gap = abs(sigma[0] - sigma[1])
    assume(gap > 1e-5)
    if np.iscomplex(sigma).any():
        assert period(alpha_lam, beta) == pytest.approx(2 * np.pi / angle, rel=1e-6)
    else:
        assert period(alpha_lam, beta) == np.inf


@given(st.floats(-0.5, 4.5), st.floats(0, 1.2))
def test_every_point_of_the_plane_has_its_regime(alpha_lam, beta):
    """The regime follows from the eigenvalues: their modulus, whether they are complex, and their sign."""
    sigma = np.linalg.eigvals(np.array([[beta, 1.0], [-alpha_lam * beta, 1 - alpha_lam]]))
    radius = np.abs(sigma).max()
    assume(abs(sigma[0] - sigma[1]) > 1e-5)
    assume(abs(radius - 1) > 1e-9)
    name = regime(alpha_lam, beta)
    if alpha_lam <= 0:
        assert name == "standing still"
    elif radius > 1:
        assert name == "divergence"
    elif np.iscomplex(sigma).any():
        assert name == "ripples"
    else:
        assert name == ("monotone decay" if sigma[np.argmax(np.abs(sigma))].real > 0 else "oscillation")


@pytest.mark.parametrize(("alpha_lam", "beta"), [(3.0, 0.5), (2.0, 0.0), (2.0, 1.0), (0.5, 1.0)])
def test_on_the_edge_a_run_swings_for_ever(alpha_lam, beta):
    """At the limit, or with all of the velocity kept, a run neither dies out nor grows."""
    xs = np.abs(run(alpha_lam, beta, 4000))
    assert xs[3900:].max() == pytest.approx(xs[100:200].max(), rel=0.01)
    assert regime(alpha_lam, beta) == "endless swinging"


def test_the_corner_of_the_plane_diverges():
    """Where both edges meet, alpha lam = 4 and beta = 1, the repeated root -1 makes the run grow with k."""
    xs = run(4.0, 1.0, 400)
    assert abs(xs[400]) == pytest.approx(2 * abs(xs[200]), rel=0.01)
    assert regime(4.0, 1.0) == "divergence"


TEXTS = {name: name for name in ("still", "edge", "frozen", "corner", "gone")}


@given(st.integers(0, 1000), st.integers(-3, 3))
def test_the_edge_is_met_by_every_pair_a_slider_can_have(thousandths, steps):
    """On the line 2 + 2 beta in steps of 0.001, however rounded, one root is -1; a step beside it, none."""
    beta = thousandths / 1000
    alpha_lam = (2000 + 2 * thousandths + steps) / 1000
    sigma = np.linalg.eigvals(np.array([[beta, 1.0], [-alpha_lam * beta, 1 - alpha_lam]]))
    on_line = np.abs(sigma + 1).min() < 1e-6
    found = fate(alpha_lam, beta, "settles", **TEXTS)
    assert (found in ("edge", "corner")) == on_line
    if not on_line:
        assert found == ("gone" if np.abs(sigma).max() > 1 + 1e-9 else "settles" if beta < 1 else "frozen")


@pytest.mark.parametrize("beta", [0.0, 0.3, 0.653, 0.999])
def test_beside_the_edge_a_run_dies_out_or_flies_apart(beta):
    """A thousandth before the limit the last of a long run is smaller than what came before; a thousandth beyond, larger."""
    for step, name, sign in ((-1e-3, "settles", -1), (1e-3, "gone", 1)):
        xs = np.abs(run(stability_limit(beta) + step, beta, 20_000))
        assert sign * (xs[-100:].max() - xs[10_000:10_100].max()) > 0
        assert fate(stability_limit(beta) + step, beta, "settles", **TEXTS) == name


@pytest.mark.parametrize("beta", [0.1, 0.5, 0.9])
def test_signs_flip_at_every_step_only_beyond_the_second_critical_step_size(beta):
    """Not from alpha > 1/lam on: a root is real and negative only beyond a = (1 + sqrt beta)^2."""
    beyond = (1 + np.sqrt(beta)) ** 2
    for alpha_lam in np.linspace(1.01, beyond - 0.01, 20):
        assert regime(alpha_lam, beta) == "ripples"
        xs = run(alpha_lam, beta, 60)
        assert not (np.diff(np.sign(xs)) != 0).all()
    assert regime((beyond + stability_limit(beta)) / 2, beta) == "oscillation"


@given(st.floats(0, 3))
def test_a_rate_in_words_is_1_only_where_it_is_and_on_its_side_of_it(rate):
    """What is said, read as a number, is near the rate, and as far as the rate from 1 to within a few per cent."""
    assume(rate == 0 or rate > 1e-3)
    assume(rate == 1 or abs(rate - 1) > 1e-12)
    first, sign, gap = rate_in_words(rate).partition(" ")
    gap = gap.replace("×10⁻", "e-").translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")).replace(" ", "")
    said = float(first) + (float(gap.replace("−", "-")) if sign else 0)
    assert said == pytest.approx(rate, rel=6e-3)
    assert np.sign(said - 1) == np.sign(rate - 1)
    assert said - 1 == pytest.approx(rate - 1, rel=0.51, abs=1e-15)


@given(st.floats(1e-4, 0.9999), st.floats(1e-4, 0.9999))
def test_rates_cost_alike_where_their_steps_are_within_two_per_cent(one, other):
    """Against the logarithms that count the steps; of rates far from 1 the words may be off by a little."""
    steps = [np.log(100) / -np.log(rate) for rate in (one, other)]
    ratio = max(steps) / min(steps)
    assume(max(one, other) > 0.9)
    assume(not 1.015 < ratio < 1.025)
    assert cost_alike(one, other) == (ratio < 1.02)
