"""The numbers in the prose: each comes from the simulation, never from a keyboard."""

from functools import cache

import numpy as np

from app.errata import listing
from components.colorization import PLAIN, TIP, Colorization
from components.colorization import PROBLEM as PICTURE
from components.critical_damping import FACTOR, Damping
from components.critical_damping import N_STEPS as DAMPED_STEPS
from components.decomposition import LAMS, N_STEPS, TOLERANCE
from components.early_stopping import ALPHA, ALPHA_LAM, NOISE, STEPS, EarlyStopping
from components.graphs import NAMES, Graphs
from components.hero import N_STEPS as HERO_STEPS
from components.hero import Start
from components.phase_portraits import N_STEPS as PORTRAIT_STEPS
from components.polynomial_features import PolynomialFeatures
from components.rate_map import PROBES, Probe
from components.regression import PROBLEM
from components.resisting_oracle import ResistingOracle
from components.stochastic import LAM, STEEPEST, Stochastic
from simulation.claims import claims
from simulation.colorization import hops
from simulation.decomposition import gradient_descent_components, heavy_ball_components, last_step_above
from simulation.dynamics import trajectory
from simulation.errata import errata
from simulation.filters import steps_to
from simulation.layouts import CHORDS, CORNER
from simulation.layouts import N as N_NODES
from simulation.objectives import curved_valley
from simulation.oracle import extreme_eigenvalues, finite_kappa
from simulation.polynomials import OBSERVATIONS, optimum
from simulation.rates import (
    critical_beta,
    heavy_ball_rate,
    nesterov_rate,
    optimal_gradient_descent,
    optimal_heavy_ball,
    stability_limit,
    steps_for,
    worst_rate,
)
from simulation.rewiring import KEPT, packed, pair_code
from simulation.update_rules import descend, heavy_ball
from simulation.words import significant

HIGH_BETA = 0.99
"""A momentum that is too much for both problems it is tried on."""
CROSSING = 5.0
"""The condition number at which the prose looks for the best step-size."""
STOP, STOP_LATE = 49, 1.25e6
"""An early step to stop at, and a late one."""
REWIRED = {
    "tied": ("path", (6, 31)),
    "wrong": ("path", (8, 11)),
    "cut": ("path", (20, 21)),
    "diagonal": ("grid", (1, 36)),
    "corners": ("grid", (1, 36), (6, 31)),
}
"""Graphs, and pairs of nodes that the prose joins or cuts."""
CLICKS = 20
"""How often the prose lets a reader mend the worst of six weights."""


def _query(slug, **state):
    """Return the query of a link that sets a figure."""
    return "&".join(f"{slug}.{name}={value:g}" for name, value in state.items())


def _steps(losses):
    first, second, third = (f"{step:.0f}" for step in last_step_above(losses, TOLERANCE))
    return f"{first}, {second} and {third}"


def _hero():
    """What the hero reaches, with its momentum, without, and with too much."""

    def reached(beta):
        start = np.array([Start.param.x.default, Start.param.y.default])
        path = descend(heavy_ball(Start.param.alpha.default, beta), curved_valley.grad, start, HERO_STEPS)
        return significant(float(curved_valley.f(path[-1])), 2)

    return {
        "hero_steps": HERO_STEPS,
        "hero_f_default": reached(Start.param.beta.default),
        "hero_f_plain": reached(0.0),
        "hero_f_high": reached(HIGH_BETA),
        "hero_beta": Start.param.beta.default,
        "hero_beta_high": HIGH_BETA,
    }


def _gradient_descent():
    """Gradient descent at its best on the three eigenvalues."""
    best = optimal_gradient_descent(LAMS[0], LAMS[-1])
    return {
        "kappa": significant(LAMS[-1] / LAMS[0]),
        "gd_steps": _steps(gradient_descent_components(best.alpha * LAMS[-1], LAMS, N_STEPS)),
        "gd_rate": significant(best.rate),
        "gd_left_after_100": f"{100 * best.rate**100:.0f} per cent",
        "gd_best_alpha_lam": significant(best.alpha * LAMS[-1]),
        "tolerance": TOLERANCE,
        "lams": "{:g}, {:g} and {:g}".format(*LAMS),
        "cross_query": _query(
            "step_size",
            alpha_lam=round(optimal_gradient_descent(1.0, CROSSING).alpha * CROSSING, 3),
            log_kappa=round(np.log10(CROSSING), 3),
        ),
        "gd_best_alpha_lam_exact": repr(float(best.alpha * LAMS[-1])),
        "gd_one_below_exact": repr(round(float(0.99 * best.alpha * LAMS[-1]), 9)),
        "gd_one_above_exact": repr(round(float(1.01 * best.alpha * LAMS[-1]), 9)),
    }


def _momentum():
    """Momentum at its best on the three eigenvalues, and beyond."""
    best = optimal_heavy_ball(LAMS[0], LAMS[-1])
    losses = heavy_ball_components(best.alpha * LAMS[-1], best.beta, LAMS, N_STEPS)
    total, off = losses.sum(axis=1), 0.05
    return {
        "hb_steps": _steps(losses),
        "hb_rate": significant(best.rate),
        "hb_peak": significant(total.max() / total[0], 2),
        "hb_best_beta": significant(best.beta),
        "hb_best_alpha_lam_exact": repr(float(best.alpha * LAMS[-1])),
        "hb_best_beta_exact": repr(float(best.beta)),
        "rate_at_high_beta": significant(float(worst_rate(best.alpha * LAMS[-1], HIGH_BETA, LAMS))),
        "high_beta": HIGH_BETA,
        "hb_off": off,
        "hb_beta_below": f"{best.beta - off:.3f}",
        "hb_beta_above": f"{best.beta + off:.3f}",
    }


def _probes():
    """The places on the map of rates that the prose visits."""
    best = optimal_heavy_ball(1.0, Probe.param.kappa.bounds[1])
    # Rounded towards the region where both ends ring.
    top = np.floor(100 * best.alpha * Probe.param.kappa.bounds[1]) / 100
    spectrum = _query("rate_map", kappa=Probe.param.kappa.bounds[1], alpha_lam=top, beta=np.ceil(100 * best.beta) / 100)
    return {"probe_spectrum": spectrum} | {
        f"probe_{name.replace(' ', '_')}": _query("rate_map", alpha_lam=alpha_lam, beta=beta, kappa=1)
        for name, (alpha_lam, beta) in PROBES.items()
    }


def _damping():
    """The length of a portrait, and one spring of `critical_damping`: in the long run, and until a hundredth for good."""
    alpha_lam = 10.0**Damping.param.log_alpha_lam.default
    critical, more = float(critical_beta(alpha_lam)), 0.84

    def in_the_long_run(beta):
        return f"{np.ceil(steps_for(FACTOR, heavy_ball_rate(alpha_lam, beta))):.0f}"

    def for_good(beta):
        x = trajectory(alpha_lam, beta, 1.0, 0.0, 1.0, 3 * DAMPED_STEPS)[1]
        return f"{last_step_above(np.abs(x), 1 / FACTOR) + 1:.0f}"

    return {
        "portrait_steps": PORTRAIT_STEPS,
        "damping_alpha_lam": significant(alpha_lam),
        "damping_log_stiffer": f"{np.log10(4 * alpha_lam):.3f}",
        "damping_log_stiffest": f"{np.log10(100 * alpha_lam):g}",
        "damping_plain_steps": in_the_long_run(0.0),
        "damping_critical_steps": in_the_long_run(critical),
        "damping_critical_arrival": for_good(critical),
        "damping_more_beta": significant(more),
        "damping_more_arrival": for_good(more),
        "damping_more_steps": in_the_long_run(more),
    }


def _noise():
    """Momentum with stochastic gradients, as the figure opens, and as the links of its caption set it."""
    default = {name: p.default for name, p in Stochastic.parameters().items()}

    def floors(alpha_lam):
        found = (Stochastic.columns(**default | {"alpha_lam": alpha_lam(beta), "beta": beta})["here"]["y"][0] for beta in betas)
        first, second, third = (significant(float(floor), 2) for floor in found)
        return f"{first}, {second} and {third}"

    betas, alpha_lam, effective = (0.0, 0.5, 0.9), 1.0, 1.5
    at_once = Stochastic.columns(**default)
    return {
        "noise_alpha_lam": f"{alpha_lam:g}",
        "noise_lam": f"{LAM:g}",
        "noise_steepest": f"{STEEPEST:g}",
        "noise_transient": f"{at_once['phase']['k'][0] - 0.5:.0f}",
        "noise_floor": significant(float(at_once["here"]["y"][0]), 2),
        "noise_floors_same_alpha": floors(lambda beta: alpha_lam),
        "noise_floors_same_effect": floors(lambda beta: effective * (1 - beta)),
    } | {
        f"noise_same_{what}_{i}": _query("stochastic", alpha_lam=chosen, beta=beta)
        for i, beta in enumerate(betas, start=1)
        for what, chosen in (("alpha", alpha_lam), ("effect", effective * (1 - beta)))
    }


def _onwards():
    """What the theory beyond the quadratic is compared with."""
    alpha, beta = 0.01, 0.9
    kappa = LAMS[-1] / LAMS[0]
    return {
        "nesterov_rate": f"{nesterov_rate(kappa):.3f}",
        "edge_alpha": alpha,
        "edge_beta": beta,
        "edge_plain": significant(stability_limit(0.0) / alpha),
        "edge_alpha_lam": f"{stability_limit(beta):g}",
    }


def _errata():
    """Every slip of the published article, and claims of other sources, measured."""
    slips, others = errata(), claims()
    return {
        "errata_count": len(slips),
        "errata_closest": significant(min(one.residual_published for one in slips), 2),
        "errata_ours": significant(max(one.residual_correct for one in slips), 1),
        "errata_list": listing(slips),
        "claims_count": ("No", "One", "Two", "Three", "Four", "Five", "Six")[len(others)],
        "claims_list": listing(others),
    } | {f"errata_{kind}": sum(one.kind == kind for one in slips) for kind in {one.kind for one in slips}}


def _regression():
    """A curve through ten points: weights that one turns by hand, and weights that a run finds."""
    monomials = {name: p.default for name, p in PolynomialFeatures.parameters().items()}
    x_star = optimum(PROBLEM, OBSERVATIONS)
    w_star, A = PROBLEM.Q @ x_star, PROBLEM.Z.T @ PROBLEM.Z
    first = PolynomialFeatures.columns(**monomials)
    after = monomials | {"w_2": first["targets"]["y"][1]}
    tried = monomials
    for _ in range(CLICKS):
        targets = PolynomialFeatures.columns(**tried)["targets"]
        most = int(np.argmax(targets["gain"]))
        tried = tried | {f"w_{most + 1}": targets["y"][most]}
    heights = np.round(x_star * np.sqrt(PROBLEM.lams / len(OBSERVATIONS)), 4)
    ends = {name: EarlyStopping.columns(**_stopping(k))["said"] for name, k in (("early", STOP), ("late", STOP_LATE))}
    return {
        "poly_loss": significant(first["said"]["loss"][0]),
        "poly_loss_best": significant(first["said"]["least"][0]),
        "poly_loss_after": significant(PolynomialFeatures.columns(**after)["said"]["loss"][0]),
        "poly_n": len(w_star),
        "poly_w2_exact": f"{after['w_2']:.2f}",
        "poly_clicks": CLICKS,
        "poly_loss_clicked": significant(PolynomialFeatures.columns(**tried)["said"]["loss"][0], 2),
        "poly_w6_best": significant(w_star[-1]),
        "poly_w6_bound": f"{PolynomialFeatures.State.param.w_6.bounds[1]:g}",
        "poly_likeness": significant(A[2, 4] / np.sqrt(A[2, 2] * A[4, 4]), 2),
        "poly_kappa": f"{float(f'{PROBLEM.lams[-1] / PROBLEM.lams[0]:.2g}'):,.0f}",
        "eigen_best_query": "&".join(f"eigenfeatures.height_{i}={height}" for i, height in enumerate(heights.tolist(), start=1)),
        "stop_steps_first": f"{STEPS[-1]:,.0f}",
        "stop_steps_second": f"{STEPS[-2]:,.0f}",
        "stop_steps_last": f"{STEPS[0]:,.0f}",
        "stop_alpha_lam": ALPHA_LAM,
        "stop_noise": NOISE,
        "stop_k": STOP,
        "stop_log_k": f"{np.log10(STOP + 1):.3f}",
        "stop_log_k_late": f"{np.log10(STOP_LATE + 1):.3f}",
        "stop_log_eta": f"{np.log10(1 / (ALPHA * STOP)):.2f}",
    } | {
        f"stop_{what}_{name}": significant(said[f"{what}_stopped"][0], digits)
        for name, said in ends.items()
        for what, digits in (("loss", 3), ("spread", 2))
    }  # fmt: skip


def _stopping(k):
    default = {name: p.default for name, p in EarlyStopping.parameters().items()}
    return default | {"log_k": np.log10(k + 1)}


def _colour():
    """How far the colour comes, and what its slowest pattern costs each method."""
    k = 100
    state = {name: p.default for name, p in Colorization.parameters().items()} | {"log_k": float(np.round(np.log10(k + 1), 4))}
    plain, momentum = (text.replace(" %", " per cent") for text in Colorization.columns(**state)["tips"]["text"])
    away = hops(PICTURE.picture)[TIP]
    steps = 10 ** Colorization.backdrop(state["alpha_lam"], state["beta"])["steps"]["momentum"][0]
    return {
        "colour_n": len(PICTURE.lams),
        "colour_hops": int(away),
        "colour_first_step": int(away) + 1,
        "colour_lam_1": significant(PICTURE.lams[0], 2),
        "colour_lam_n": significant(PICTURE.lams[-1], 2),
        "colour_kappa": f"{PICTURE.lams[-1] / PICTURE.lams[0]:.0f}",
        "colour_gd_steps": f"{np.ceil(steps_to(0.01, PLAIN * PICTURE.lams[0] / PICTURE.lams[-1])):.0f}",
        "colour_hb_steps": f"{np.ceil(steps):.0f}",
        "colour_k_momentum": k,
        "colour_log_k_momentum": repr(state["log_k"]),
        "colour_log_k_last": repr(Colorization.State.param.log_k.bounds[1]),
        "colour_k_last": f"{10 ** Colorization.State.param.log_k.bounds[1] - 1:,.0f}",
        "colour_alpha_lam_exact": repr(state["alpha_lam"]),
        "colour_beta_exact": repr(state["beta"]),
        "colour_plain_exact": repr(PLAIN),
        "colour_share_plain": plain,
        "colour_share_momentum": momentum,
    }


def _graphs():
    """The condition numbers of the graphs, as they are found and with pairs changed; a link for each."""
    default = {name: p.default for name, p in Graphs.parameters().items()}
    home = f"graphs.turn=false&graphs.picked=0&graphs.pairs_2=0&graphs.x={CORNER}&graphs.y={CORNER}"

    def seen(name, *pairs):
        kept = np.zeros(KEPT)
        kept[: len(pairs)] = [pair_code(*pair) for pair in pairs]
        code = int(packed(kept))
        kappa = Graphs.columns(**default | {"graph": NAMES.index(name), "pairs_1": code})["steps"]["kappa"][0]
        ends = "".join(f"&graphs.{end}={node}" for pair in pairs[:1] for end, node in zip("ab", pair, strict=True))
        return significant(kappa), f"graphs.graph={name}&graphs.pairs_1={code}{ends}&{home}"

    places = {name: seen(name) for name in NAMES} | {what: seen(name, *pairs) for what, (name, *pairs) in REWIRED.items()}
    return {f"graph_kappa_{what}": kappa for what, (kappa, _) in places.items() if what not in ("cut", "diagonal")} | {
        **{f"graph_link_{what}": link for what, (_, link) in places.items()},
        "graph_nodes": N_NODES,
        "graph_changes": 2 * KEPT,
        "graph_chords": len(CHORDS),
    }


def _oracle():
    """What the resisting oracle leaves to momentum, and to gradient descent."""
    default = {name: p.default for name, p in ResistingOracle.parameters().items()}
    n, kappa = default["n"], 10 ** default["log_kappa"]
    low, high = extreme_eigenvalues(n, kappa)
    plain = float(np.round(optimal_gradient_descent(low, high).alpha * high, 4))
    k = 50

    def error(**changes):
        return significant(ResistingOracle.columns(**default | {"k": k} | changes)["here"]["error"][0], 2)

    return {
        "oracle_n": n,
        "oracle_kappa_nominal": significant(kappa),
        "oracle_kappa": significant(finite_kappa(n, kappa)),
        "oracle_kappa_held": significant(finite_kappa(n, kappa, held=True), 4),
        "oracle_alpha_lam_exact": repr(default["alpha_lam"]),
        "oracle_beta_exact": repr(default["beta"]),
        "oracle_plain_exact": repr(plain),
        "oracle_log_kappa_exact": repr(default["log_kappa"]),
        "oracle_k": k,
        "oracle_error_momentum": error(),
    }


@cache
def numbers():
    """Return every number that the prose takes from the mathematics, written as the reader sees it."""
    parts = (
        _hero,
        _gradient_descent,
        _momentum,
        _probes,
        _damping,
        _noise,
        _onwards,
        _errata,
        _regression,
        _colour,
        _graphs,
        _oracle,
    )
    return {name: value for part in parts for name, value in part().items()}
