"""What the prose claims: its update rules are the ones that run, and its links do what their words say."""

import re
from urllib.parse import parse_qsl

import numpy as np
import pytest

from app import article
from app.numbers import numbers
from components import FIGURES
from components.controls import as_number
from components.decomposition import LAMS, N_STEPS
from components.early_stopping import ALPHA
from components.hero import N_STEPS as HERO_STEPS
from components.hero import Start
from simulation.objectives import curved_valley
from simulation.update_rules import descend, gradient_descent, heavy_ball

RULE = re.compile(r"^\$\$(.+?)\$\$$", re.MULTILINE | re.DOTALL)


def program(tex):
    """Return a displayed update rule as Python, which makes `z_next`, `w_next` of `z`, `w`, `alpha`, `beta` and `grad`."""
    tex = re.sub(r"\\(begin|end)\{align\*\}|&", "", tex).replace(r"\\ ", "\n").replace(r"\nabla f(w^k)", "grad(w)")
    tex = re.sub(r"([xyzw])(?:_i)?\^\{k\+1\}", r"\1_next", tex)
    tex = re.sub(r"([xyzw])(?:_i)?\^k", r"\1", tex)
    tex = re.sub(r"\\(alpha|beta)", r"\1", tex).replace(r"\lambda_i", "lam")
    lines = [line.strip(" .,\n") for line in tex.splitlines()]
    return "\n".join(re.sub(r"(?<=[\w)])\s+(?=[a-z(])", " * ", line) for line in lines if line)


def rules(section):
    """Return the update rules that a section displays, as programs."""
    text = (article.TEXT / f"{section}.md").read_text(encoding="utf-8")
    return [program(tex) for tex in RULE.findall(text) if re.match(r"[^=]*\^\{k\+1\} &?=", tex)]


def run(code, n_steps, what, **values):
    """Return the values of `what` after each step of a program."""
    path = []
    for _ in range(n_steps):
        exec(code, {}, values)
        values |= {name: values.pop(f"{name}_next") for name in "xyzw" if f"{name}_next" in values}
        path.append(values[what])
    return np.array(path)


def test_the_rules_shown_are_the_rules_that_run():
    start, alpha, beta = np.array([-1.2, 0.8]), 0.002, 0.7
    plain, momentum = rules("10_beyond_the_ball")
    values = {"w": start, "z": np.zeros(2), "alpha": alpha, "beta": beta, "grad": curved_valley.grad}
    for shown, rule in ((plain, gradient_descent(alpha)), (momentum, heavy_ball(alpha, beta))):
        ours = descend(rule, curved_valley.grad, start, 20)[1:]
        np.testing.assert_allclose(run(shown, 20, "w", **values), ours, rtol=1e-12)


def test_the_rule_shown_in_the_eigenbasis_is_the_same_rule():
    alpha, beta, lam = 0.3, 0.6, 0.8
    (shown,) = rules("40_dynamics_of_momentum")
    seen = run(shown, 20, "x", x=1.0, y=0.0, alpha=alpha, beta=beta, lam=lam)
    ours = descend(heavy_ball(alpha, beta), lambda w: lam * w, np.array([1.0]), 20)[1:, 0]
    np.testing.assert_allclose(seen, ours, rtol=1e-12)


def links(section):
    """Return {words: query} of a section's links, numbers filled in."""
    return dict(re.findall(r"\[([^\]]+)\]\(\?([^)]+)\)", article._file(section)[1]))


def state(query):
    """Return the figure that a query sets, and its state as `columns()` takes it."""
    pairs = parse_qsl(query, strict_parsing=True)
    figure = FIGURES[pairs[0][0].partition(".")[0]]
    values = {name: as_number(p, p.default) for name, p in figure.parameters().items()}
    return figure, values | {key.partition(".")[2]: float(text) for key, text in pairs}


def columns(query):
    figure, values = state(query)
    with np.errstate(all="ignore"):
        return figure.columns(**values)


def test_less_momentum_is_a_disaster_and_more_is_no_mistake():
    section = links("50_optimal_parameters")
    best, less, more = (columns(section[words])["steps"]["steps"] for words in ("At the optimum", "Take it off", "add it"))
    assert np.max(less) >= N_STEPS
    assert np.max(more) <= np.max(best)


def test_a_smaller_step_size_gains_most_where_it_was_least_expected():
    section = links("30_decomposing_the_error")
    best, smaller = (columns(section[words])["steps"]["steps"] for words in ("At the optimum", "look"))
    changed = np.abs(smaller - best)
    assert np.argmax(changed) == len(LAMS) - 1
    assert np.min(changed) <= 1


def test_where_the_two_cross_they_cross():
    _, values = state(links("35_choosing_a_step_size")["where the two cross"])
    flattest = abs(1 - values["alpha_lam"] / 10 ** values["log_kappa"])
    assert flattest == pytest.approx(abs(1 - values["alpha_lam"]), abs=1e-3)


def test_the_two_filters_are_set_equal():
    k = numbers()["stop_k"]
    _, values = state(links("38_early_stopping")[f"Set them equal at {k} steps"])
    assert 10 ** values["log_eta"] * ALPHA * k == pytest.approx(1, abs=0.02)


def test_the_springs_are_as_stiff_as_the_words_say():
    section = links("45_critical_damping")
    default = float(numbers()["damping_alpha_lam"])
    for words, times in (("four times as stiff", 4), ("a hundred times", 100)):
        assert 10 ** state(section[words])[1]["log_alpha_lam"] / default == pytest.approx(times, rel=1e-3)


def test_the_hero_comes_as_far_as_its_caption_says():
    start, goal = np.array([Start.param.x.default, Start.param.y.default]), curved_valley.minimum[0]

    def share(query):
        beta = state(query)[1]["beta"]
        x = descend(heavy_ball(Start.param.alpha.default, beta), curved_valley.grad, start, HERO_STEPS)[:, 0]
        return (x - start[0]) / (goal - start[0])

    none, good, nearly_all = map(share, links("00_opening").values())
    assert none[-1] == pytest.approx(0.5, abs=0.1)
    assert good[-1] == pytest.approx(1, abs=0.06)
    assert np.sum(np.diff(np.sign(nearly_all - 1)) != 0) >= 3


def test_equal_rates_can_look_unequal():
    section = links("40_dynamics_of_momentum")
    runs = [section[words] for words in ("go to the first", "to the second")]
    assert len({state(query)[1]["beta"] for query in runs}) == 1
    slow, quick = (np.sum(np.diff(np.sign(columns(query)["run"]["largest"])) != 0) for query in runs)
    assert quick > 3 * slow
