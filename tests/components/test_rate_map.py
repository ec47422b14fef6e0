"""The map of rates: the named points, the runs that are drawn, and what is said of them, against plain loops."""

import re

import numpy as np
import pytest

from components import style
from components.paths import FAR
from components.plane import ALPHA_LAM_RANGE
from components.rate_map import HIGH, N_STEPS, PROBES, RateMap
from simulation.rates import regime


def run(alpha_lam, beta, n_steps):
    """Return x_k from x = 1 at rest."""
    z, x, xs = 0.0, 1.0, [1.0]
    for _ in range(n_steps):
        z = beta * z + x
        x = x - alpha_lam * z
        xs.append(x)
    return np.array(xs)


def sentence(alpha_lam, beta, kappa=1.0):
    with np.errstate(all="ignore"):
        return RateMap.tables_and_words(alpha_lam=alpha_lam, beta=beta, kappa=kappa)[1]


def behaviour(alpha_lam, beta):
    """Return what a run does, by looking at its points."""
    xs = run(alpha_lam, beta, 60)
    if abs(xs[1:]).max() < 1e-12:
        return "one step"
    if abs(xs[-1]) > 10 and abs(xs[-1]) > 2 * abs(xs[30]):
        return "divergence"
    assert abs(xs[-1]) < 0.1
    flips = np.diff(np.sign(xs[np.abs(xs) > 1e-12])) != 0
    if not flips.any():
        return "monotone"
    return "oscillation" if flips.all() else "ripples"


@pytest.mark.parametrize("name", PROBES)
def test_every_probe_does_what_it_is_called(name):
    """A run of 60 steps behaves as its name says."""
    assert behaviour(*PROBES[name]) == name
    assert regime(*PROBES[name]).removesuffix(" decay") == name


def test_the_gallery_holds_the_first_steps_of_every_probe():
    """Four of the five stay in the picture; the fifth is drawn beyond its edge on both sides, and so leaves it."""
    x = np.array(RateMap().sources["gallery"].data["x"]).reshape(len(PROBES), N_STEPS + 2)[:, :-1]
    for drawn, (name, probe) in zip(x, PROBES.items(), strict=True):
        np.testing.assert_allclose(drawn, run(*probe, N_STEPS), rtol=1e-12)
        assert (np.abs(drawn) < HIGH).all() == (name != "divergence")
    assert (x[-1].min(), x[-1].max()) < (-HIGH, FAR)
    assert x[-1].max() > HIGH


@pytest.mark.parametrize("kappa", [1.0, 1.1, 100.0])
def test_the_probes_are_named_where_their_names_hold_and_the_optimum_elsewhere(kappa):
    """The five names are those of one eigenvalue, whose optimum is the one step."""
    behind = RateMap.backdrop(kappa)
    seen = {name: (behind[name]["x"] >= ALPHA_LAM_RANGE[0]).tolist() for name in ("probes", "optimum")}
    assert seen == {"probes": [kappa == 1] * len(PROBES), "optimum": [kappa > 1]}
    if kappa == 1:
        np.testing.assert_array_equal(np.transpose([behind["probes"]["x"], behind["probes"]["y"]]), list(PROBES.values()))
    assert [mark.label for mark in RateMap.marks if mark.table == "probes"] == sorted(PROBES, key=lambda name: PROBES[name][1])
    assert all(list(PROBES)[mark.row] == mark.label for mark in RateMap.marks if mark.table == "probes")


@pytest.mark.parametrize(("alpha_lam", "beta"), [PROBES["divergence"], (4.0, 0.0), (3.2, 0.5)])
def test_a_run_that_flies_apart_grows_a_hundredfold_in_the_steps_that_are_said(alpha_lam, beta):
    steps = int(re.search(r"a hundredfold in about (\d+) steps", sentence(alpha_lam, beta))[1])
    xs = np.abs(run(alpha_lam, beta, steps + 40))
    assert 100 <= xs[steps + 40] / xs[40] < 100 * xs[42] / xs[40]


@pytest.mark.parametrize(
    ("alpha_lam", "beta", "said"),
    [
        (0.0, 0.5, "standing still, nothing moves"),
        (2.0, 0.0, "endless swinging, rate 1: it neither dies out nor grows"),
        (3.306, 0.653, "endless swinging, rate 1: it neither dies out nor grows"),
        (1.0, 1.0, "endless swinging (period 6.0 steps), rate 1: it neither dies out nor grows"),
        (4.0, 1.0, "divergence, rate 1, and yet it grows, by as much at every step"),
        (1.0, 0.0, "one step, rate 0: it arrives at once"),
    ],
)
def test_the_sentence_at_the_edges_of_the_plane(alpha_lam, beta, said):
    assert said in sentence(alpha_lam, beta)
    xs = run(alpha_lam, beta, 3000)
    if "neither" in said:
        assert np.abs(xs[2900:]).max() == pytest.approx(np.abs(xs[1000:1100]).max(), rel=0.01)
    if "as much" in said:
        np.testing.assert_allclose(np.diff(np.abs(xs)), 2, rtol=1e-9)


def test_a_slow_rate_is_not_said_to_be_one():
    said = sentence(0.001, 0.0, 100.0)
    assert "flattest: monotone decay. Worst rate 0.99999: about 460,515 steps" in said


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return np.dot([0.2126, 0.7152, 0.0722], [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts])


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("role", ["boundary", "text"])
def test_lines_and_dots_stand_out_from_every_colour_of_the_map(theme, role):
    """Each is drawn on a rim of the page's colour: one of the two is 3:1 at least against what lies beneath."""
    palette = style.palettes()[theme]

    def contrast(one, other):
        low, high = sorted((luminance(one), luminance(other)))
        return (high + 0.05) / (low + 0.05)

    for beneath in [*palette["rate"], palette["diverged"]]:
        assert max(contrast(palette["page"], beneath), contrast(palette[role], beneath)) >= 3
