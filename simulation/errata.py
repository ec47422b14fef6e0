r"""What the published article gets wrong, each error measured beside its correction.

Goh's article of 2017 contains slips that its readers reported and that this one must not repeat. Each is stated here once, in a
sentence and in two formulas, and evaluated: the published form and ours are both compared with what a loop, a solver or a
simulation says, and the relative error of each is the record's proof. Not all of them are formulas: some are said in words, some
are in a figure or its code, and each record tells which. The numbers follow our list; one number may hold several slips.
"""

from enum import StrEnum
from itertools import product
from typing import NamedTuple

import numpy as np

from simulation.colorization import equations as colorization_equations
from simulation.colorization import read_picture
from simulation.dynamics import iteration_matrix, iteration_matrix_power, roots
from simulation.eigenvectors import spectrum
from simulation.filters import tikhonov_filter
from simulation.graphs import conditioning, grid, laplacian
from simulation.noise import draws, expected_loss, stationary_variance
from simulation.objectives import curved_valley
from simulation.oracle import fading, finite_kappa, gradient, optimum
from simulation.polynomials import OBSERVATIONS, POSITIONS, design_matrix, eigenfeatures, regression
from simulation.quadratic import ConvexQuadratic
from simulation.rates import optimal_heavy_ball, worst_rate
from simulation.unrolled import unrolled_run
from simulation.update_rules import descend, gradient_descent, heavy_ball
from simulation.words import significant

ALPHA, BETA, LAM = 0.3, 0.6, 1.2
"""An ordinary run, for the errors in formulas: any would do."""
PATH_N, PATH_KAPPA = 25, 1000.0
"""The published path: its weights, and the number in its formula."""
ENDS, HIGH = np.array([0.01, 1.0]), 0.99
"""The published spectrum, from end to end, and the momentum recommended there."""
DRAWN, LABELLED = (0.003, 0.74), (0.02, 0.99)
"""The published hero at load: the step-size and momentum that it draws, and those that its labels name."""
PATH_KAPPA_HELD = finite_kappa(PATH_N, PATH_KAPPA, held=True)
BEST = optimal_heavy_ball(*ENDS)
DEARER = np.log(BEST.rate) / np.log(worst_rate(1.0, HIGH, ENDS))
"""How many steps the recommended momentum takes for one with the best."""
CLAIMS = []
"""Every slip, in order: number, name, kind, sentence, threads, both formulas, and the function that measures them."""


class Kind(StrEnum):
    """Where a claim is made: in a formula, in words, in a figure or its code, or in another source."""

    FORMULA = "formula"
    WORDS = "words"
    FIGURE = "figure"
    ELSEWHERE = "elsewhere"


class Erratum(NamedTuple):
    """A slip: what it is, both forms as TeX, and how far each is from the truth, relatively."""

    number: int
    name: str
    kind: Kind
    sentence: str
    published: str
    """As it is printed, where it is a formula; what was said or drawn, put as one, where it is not."""
    correct: str
    residual_published: float
    residual_correct: float
    threads: tuple
    """Numbers of the threads in the article's repository in which readers reported it."""


def errata():
    """Return all slips as a list of `Erratum`, measured now.

    >>> first = errata()[0]
    >>> first.name, round(first.residual_published, 12), round(first.residual_correct, 12)
    ('Modulus of complex roots', 1.0, 0.0)

    Source: Goh 2017, and the threads of its repository.
    """
    found = []
    for number, name, kind, sentence, threads, published, correct, measure in CLAIMS:
        truth, theirs, ours = measure()
        off = residual(theirs, truth), residual(ours, truth)
        found.append(Erratum(number, name, kind, sentence, published, correct, *off, threads))
    return found


def residual(claimed, truth):
    """Return the largest deviation, relative to the largest true value.

    >>> float(residual([1.0, 3.0], [1.0, 2.0]))
    0.5
    """
    truth = np.asarray(truth)
    return float(np.max(np.abs(np.asarray(claimed) - truth)) / np.max(np.abs(truth)))


def claim(number, name, kind, sentence, published, correct, threads=()):
    """Register the function below as the measure of a slip; it returns the truth, the published value, and ours."""

    def register(measure):
        CLAIMS.append((number, name, kind, sentence, threads, published, correct, measure))
        return measure

    return register


def update_matrix(step):
    """Return the matrix of a linear update (z, x) -> step(z, x), column by column from what it does to (1, 0) and (0, 1).

    >>> update_matrix(lambda z, x: (0.5 * z + x, x - 0.1 * (0.5 * z + x)))
    array([[ 0.5 ,  1.  ],
           [-0.05,  0.9 ]])
    """
    return np.stack([step(*unit) for unit in np.eye(2)], axis=1)


def momentum_step(alpha, beta, lam):
    """Return the update of momentum on one eigenvalue, (z, x) -> (beta z + lam x, x - alpha (beta z + lam x)).

    >>> momentum_step(0.5, 0.5, 1.0)(0.0, 8.0)
    (8.0, 4.0)
    """

    def step(z, x):
        z = beta * z + lam * x
        return z, x - alpha * z

    return step


@claim(
    1,
    "Modulus of complex roots",
    Kind.FORMULA,
    "Where the two roots are complex, the error shrinks by the square root of beta a step; a factor of one half was lost.",
    r"|\sigma_1| = |\sigma_2| = 2\sqrt{\beta}",
    r"|\sigma_1| = |\sigma_2| = \sqrt{\beta}",
)
def _modulus():
    sigma = np.linalg.eigvals(update_matrix(momentum_step(ALPHA, BETA, LAM)))
    return np.abs(sigma), 2 * np.sqrt([BETA, BETA]), np.sqrt([BETA, BETA])


@claim(
    2,
    "Power of the iteration matrix",
    Kind.FORMULA,
    "Each root must be paired with the matrix that removes the other one; the two matrices are exchanged.",
    r"R^k = \sigma_1^k R_1 - \sigma_2^k R_2",
    r"R^k = \sigma_1^k R_2 - \sigma_2^k R_1",
    (102,),
)
def _power():
    R, k = iteration_matrix(ALPHA, BETA, LAM), 7
    one, two = roots(ALPHA * LAM, BETA)
    R1, R2 = ((R - sigma * np.eye(2)) / (one - two) for sigma in (one, two))
    truth = np.linalg.matrix_power(update_matrix(momentum_step(ALPHA, BETA, LAM)), k)
    return truth, one**k * R1 - two**k * R2, one**k * R2 - two**k * R1


@claim(
    3,
    "Decomposition of the loss",
    Kind.FORMULA,
    "The loss of a quadratic is half the weighted sum of squared errors; the half is missing.",
    r"f(w^k) - f(w^\star) = \sum_i (1 - \alpha\lambda_i)^{2k} \lambda_i [x_i^0]^2",
    r"f(w^k) - f(w^\star) = \tfrac12 \sum_i (1 - \alpha\lambda_i)^{2k} \lambda_i [x_i^0]^2",
    (98, 104),
)
def _loss():
    f, w0, alpha, k = _quadratic(), np.ones(4), 0.1, 5
    w = descend(heavy_ball(alpha, 0.0), f.grad, w0, k)[-1]
    parts = (1 - alpha * f.lams) ** (2 * k) * f.lams * f.eigen_coordinates(w0) ** 2
    return f.value(w) - f.value(f.w_star), parts.sum(), 0.5 * parts.sum()


@claim(
    4,
    "Change of basis",
    Kind.FORMULA,
    "Coordinates along the eigenvectors come from the transposed matrix; with the matrix itself the components do not separate.",
    r"x^k = Q(w^k - w^\star), \quad y^k = Qz^k",
    r"x^k = Q^T(w^k - w^\star), \quad y^k = Q^T z^k",
    (105, 107),
)
def _basis():
    f, w, z = _quadratic(), np.ones(4), np.array([1.0, -1.0, 2.0, 0.5])
    after = BETA * z + f.grad(w)
    theirs, ours = (B.T @ (BETA * B @ z + f.lams * (B @ (w - f.w_star))) for B in (f.Q, f.Q.T))
    return after, theirs, ours


@claim(
    4,
    "Order of the state",
    Kind.FORMULA,
    "The iteration matrix acts on velocity over position; a footnote exchanges the two, and so has it do something else.",
    r"\binom{y^{k+1}}{x^{k+1}} = R^{k+1} \binom{x^0}{y^0}",
    r"\binom{y^{k+1}}{x^{k+1}} = R^{k+1} \binom{y^0}{x^0}",
)
def _order():
    y, x, k = 0.4, 1.0, 6
    Rk, start = iteration_matrix_power(ALPHA, BETA, LAM, k), np.array([y, x])
    for _ in range(k):
        y = BETA * y + LAM * x
        x = x - ALPHA * y
    return [y, x], Rk @ start[::-1], Rk @ start


@claim(
    5,
    "Momentum unrolled",
    Kind.FORMULA,
    "Gradients are subtracted from the start, not added to it.",
    r"w^{k+1} = w^0 + \alpha \sum_{i=0}^k \frac{1 - \beta^{k+1-i}}{1 - \beta} \nabla f(w^i)",
    r"w^{k+1} = w^0 - \alpha \sum_{i=0}^k \frac{1 - \beta^{k+1-i}}{1 - \beta} \nabla f(w^i)",
)
def _unrolled():
    f, w0 = _quadratic(), np.ones(4)
    points = descend(heavy_ball(0.1, BETA), f.grad, w0, 12)
    theirs, ours = (unrolled_run(w0, alpha, BETA, f.grad(points[:-1]))[-1] for alpha in (-0.1, 0.1))
    return points[-1], theirs, ours


@claim(
    6,
    "Noisy iterates",
    Kind.FORMULA,
    "Every step has an error of its own, so the errors belong inside the sum, each with its own power of the matrix.",
    r"\epsilon^k \sum_{j=1}^k R^{k-j} \binom{1}{-\alpha}",
    r"\sum_{j=1}^k \epsilon^j R^{k-j} \binom{1}{-\alpha}",
    (88,),
)
def _noisy():
    k = 9
    eps, z, x = draws(k, 1, rng=np.random.default_rng(4))[:, 0], 0.0, 1.0
    kicks = [iteration_matrix_power(ALPHA, BETA, LAM, k - j) @ [1, -ALPHA] for j in range(1, k + 1)]
    smooth = iteration_matrix_power(ALPHA, BETA, LAM, k) @ [0, 1]
    for e in eps:
        z = BETA * z + LAM * x + e
        x = x - ALPHA * z
    return [z, x], smooth + eps[-1] * np.sum(kicks, axis=0), smooth + eps @ kicks


@claim(
    6,
    "Deterministic part of the loss",
    Kind.FORMULA,
    "The loss squares the position; the deterministic term lost its square.",
    r"\tfrac{\lambda}{2}\, e_2^T R^k \binom{y^0}{x^0}",
    r"\tfrac{\lambda}{2} \left( e_2^T R^k \binom{y^0}{x^0} \right)^2",
)
def _deterministic():
    k, s, x0 = 9, 0.7, 2.0
    parts = expected_loss(ALPHA, BETA, LAM, s, x0, k)
    x = (iteration_matrix_power(ALPHA, BETA, LAM, k) @ [0, x0])[1]
    return _expected_by_covariance(s, x0, k), LAM / 2 * x + parts.stochastic[-1], parts.deterministic[-1] + parts.stochastic[-1]


@claim(
    6,
    "Strength of the noise",
    Kind.FORMULA,
    "The noise enters by the mean of its square, which is its variance; the mean of the noise itself is zero.",
    r"\tfrac{\lambda}{2}\, \mathbf{E}[\epsilon] \sum_{i=1}^k \gamma_i^2",
    r"\tfrac{\lambda}{2}\, \mathbf{E}[\epsilon^2] \sum_{i=1}^k \gamma_i^2",
)
def _strength():
    # Errors of one size and either sign: all their sequences are few enough to be run, and their mean is no estimate.
    k = 9
    eps = 0.7 * np.array(list(product((-1.0, 1.0), repeat=k)))
    z = x = np.zeros(len(eps))
    for e in eps.T:
        z = BETA * z + LAM * x + e
        x = x - ALPHA * z
    gammas = [(iteration_matrix_power(ALPHA, BETA, LAM, k - i) @ [1, -ALPHA])[1] for i in range(1, k + 1)]
    theirs, ours = (LAM / 2 * strength * np.square(gammas).sum() for strength in (eps.mean(), np.square(eps).mean()))
    return np.mean(LAM / 2 * x * x), theirs, ours


@claim(
    6,
    "Noise before the first step",
    Kind.FIGURE,
    "The start is known exactly: no gradient has been seen at step 0, so there is no noise in it, but the figure's code counts a "
    "term too many at every step.",
    r"\sum_{i=0}^{k} \gamma_i^2 \quad \text{at step } k",
    r"\sum_{i=1}^{k} \gamma_i^2 \quad \text{at step } k, \text{ and } 0 \text{ at } k = 0",
)
def _before():
    truth = [_expected_by_covariance(0.7, 0.0, k) for k in range(9)]
    noise = expected_loss(ALPHA, BETA, LAM, 0.7, 0.0, 9).stochastic
    return truth, noise[1:], noise[:-1]


@claim(
    6,
    "Colours of the legend",
    Kind.FIGURE,
    "At the start all of the loss is deterministic, but the legend gives that colour to the stochastic part.",
    r"\text{all of the loss at } k = 0:\ \text{stochastic}",
    r"\text{all of the loss at } k = 0:\ \text{deterministic}",
)
def _legend():
    parts = [part[0] for part in expected_loss(0.01, 0.9, 1.0, 3.0, np.sqrt(3), 5)]
    truth = (0.5 * np.sqrt(3) ** 2) / _expected_by_covariance(3.0, np.sqrt(3), 0, lam=1.0)
    return truth, parts[1] / sum(parts), parts[0] / sum(parts)


@claim(
    7,
    "Linear term of Tikhonov regression",
    Kind.FORMULA,
    "Observations meet the transposed design matrix; the matrix times the observations does not even have the right length.",
    r"(Z^TZ + \eta I)^{-1} (Zd)",
    r"(Z^TZ + \eta I)^{-1} (Z^Td)",
)
def _tikhonov():
    rng, eta = np.random.default_rng(2), 0.3
    Z, d = rng.normal(size=(5, 5)), rng.normal(size=5)
    truth = np.linalg.lstsq(np.vstack([Z, np.sqrt(eta) * np.eye(5)]), np.concatenate([d, np.zeros(5)]), rcond=None)[0]
    penalised = Z.T @ Z + eta * np.eye(5)
    return truth, np.linalg.solve(penalised, Z @ d), np.linalg.solve(penalised, Z.T @ d)


@claim(
    7,
    "What regularisation holds back",
    Kind.WORDS,
    "Tikhonov's penalty leaves large eigenvalues nearly alone and suppresses the small ones, as early stopping does: so the text "
    "has it, and a footnote has it the other way round.",
    r"\text{decayed: the largest eigenvalues}",
    r"\text{decayed: the smallest eigenvalues}",
)
def _suppressed():
    problem, eta = regression(), 0.1
    A, b = problem.Z.T @ problem.Z, problem.Z.T @ OBSERVATIONS
    kept = (problem.Q.T @ np.linalg.solve(A + eta * np.eye(6), b)) / (problem.Q.T @ np.linalg.solve(A, b))
    return problem.lams[np.argmin(kept)], problem.lams[-1], problem.lams[np.argmin(tikhonov_filter(problem.lams, eta))]


@claim(
    8,
    "Weights in the eigenbasis",
    Kind.WORDS,
    "The weights w are Qx, so it is the transposed matrix that turns w into x.",
    r"x = Qw",
    r"w = Qx, \quad x = Q^Tw",
)
def _weights():
    problem, w = regression(), np.array([-2.0, -2.0, 2.0, 2.0, 2.0, -2.0])
    features = eigenfeatures(problem, POSITIONS)
    return np.polynomial.polynomial.polyval(POSITIONS, w), features @ (problem.Q @ w), features @ (problem.Q.T @ w)


@claim(
    8,
    "Eigenfeatures",
    Kind.FORMULA,
    "With q_ij in row i and column j of Q, the sum runs along a row, but an eigenfeature gathers one eigenvector, which is a "
    "column.",
    r"\bar p_i = \sum_j q_{ij} p_j",
    r"\bar p_i = \sum_j q_{ji} p_j",
)
def _features():
    problem, w = regression(), np.array([-2.0, -2.0, 2.0, 2.0, 2.0, -2.0])
    theirs, ours = (design_matrix(POSITIONS) @ B @ (problem.Q.T @ w) for B in (problem.Q.T, problem.Q))
    return np.polynomial.polynomial.polyval(POSITIONS, w), theirs, ours


@claim(
    9,
    "Numbering of the eigenvalues",
    Kind.FIGURE,
    "The text numbers eigenvalues from the smallest up, the figures of the regression from the largest down.",
    r"\lambda_1 = \max_i \lambda_i",
    r"\lambda_1 = \min_i \lambda_i \quad \text{everywhere}",
)
def _numbering():
    problem = regression()
    A = problem.Z.T @ problem.Z

    def curvature(apply):
        v = np.ones(len(A))
        for _ in range(100):
            v = apply(v)
            v = v / np.linalg.norm(v)
        return v @ A @ v

    # The first and the last by what each is: applying the inverse leaves the flattest direction, applying A the steepest.
    truth = [curvature(lambda v: np.linalg.solve(A, v)), curvature(lambda v: A @ v)]
    return truth, problem.lams[[-1, 0]], problem.lams[[0, -1]]


@claim(
    10,
    "The colorizer as vectors",
    Kind.FORMULA,
    "The linear term of a squared distance carries a factor 2; without it every pixel ends at one half.",
    r"\tfrac12 \sum_{i\in D} \left( x^T e_i e_i^T x - e_i^T x \right)",
    r"\tfrac12 \sum_{i\in D} \left( x^T e_i e_i^T x - 2 e_i^T x \right)",
)
def _colorizer():
    A, b = colorization_equations(read_picture())
    return np.linalg.lstsq(*_wishes(read_picture()), rcond=None)[0], np.linalg.solve(A, b / 2), np.linalg.solve(A, b)


@claim(
    10,
    "Weight of the colorizer",
    Kind.FIGURE,
    "The figure pulls ten times more weakly than its text says, and towards 100 instead of 1, which makes another problem of it, "
    "with another optimum and a worse condition number.",
    r"\tfrac{0.1}{2} \sum_{i\in D} (w_i - 100)^2",
    r"\tfrac12 \sum_{i\in D} (w_i - 1)^2 \quad \text{in text and figure}",
)
def _pull():
    rows, sides = _wishes(read_picture())
    kappa, colour = np.linalg.cond(rows) ** 2, np.linalg.lstsq(rows, sides, rcond=None)[0].mean()

    def compared(weight, target):
        A, b = colorization_equations(read_picture(), weight)
        f = ConvexQuadratic(A, target * b)
        return f.kappa / kappa, f.w_star.mean() / colour

    return np.ones(2), compared(0.1, 100.0), compared(1.0, 1.0)


@claim(
    11,
    "Conditioning of a graph",
    Kind.WORDS,
    "It is a ratio of eigenvalues; vectors have no ratio but that of their lengths, and these are all one.",
    r"q_2 : q_n",
    r"\lambda_n : \lambda_2",
)
def _graph():
    lams, Q = spectrum(laplacian(36, grid().edges))
    # A six by six grid from scratch, and of it what is left when all nodes may not move together.
    L = np.zeros((36, 36))
    for i in range(36):
        for j in range(i):
            if abs(i // 6 - j // 6) + abs(i % 6 - j % 6) == 1:
                L[[i, j], [i, j]] += 1
                L[[i, j], [j, i]] -= 1
    apart = np.linalg.qr(np.column_stack([np.ones(36), np.eye(36)[:, 1:]]))[0][:, 1:]
    return np.linalg.cond(apart.T @ L @ apart), np.linalg.norm(Q[:, 1]) / np.linalg.norm(Q[:, -1]), conditioning(lams)


@claim(
    12,
    "Condition number of the path",
    Kind.FIGURE,
    f"The text says rightly that kappa is only approached as the path grows; the figure puts {PATH_KAPPA:g} into the formula, "
    f"and its path of {PATH_N} weights with the far end held has {significant(PATH_KAPPA_HELD, 4)}.",
    rf"\kappa(f^{{{PATH_N}}}) = {PATH_KAPPA:g}",
    rf"\kappa(f^{{{PATH_N}}}) = {significant(PATH_KAPPA_HELD, 4)}",
)
def _path():
    return np.linalg.cond(_path_by_loops(held=True)[0]), PATH_KAPPA, PATH_KAPPA_HELD


@claim(
    12,
    "Optimum of the path",
    Kind.FORMULA,
    "The pure powers are the optimum of the infinitely long path; a finite one sends back a reflection.",
    r"w^\star_i = q^i",
    r"w^\star_i = \frac{q^i + q^{2n+1-i}}{1 + q^{2n+1}}",
)
def _path_optimum():
    published = fading(PATH_KAPPA) ** np.arange(1, PATH_N + 1)
    return np.linalg.solve(*_path_by_loops()), published, optimum(PATH_N, PATH_KAPPA)


@claim(
    12,
    "Length of the path",
    Kind.FORMULA,
    "A path of n weights has n - 1 links; the sum as printed needs one weight more, which the figure keeps at zero.",
    r"\tfrac12 \sum_{i=1}^{n} (w_i - w_{i+1})^2",
    r"\tfrac12 \sum_{i=1}^{n-1} (w_i - w_{i+1})^2",
)
def _links():
    w = np.random.default_rng(6).normal(size=PATH_N)
    A, b = _path_by_loops()
    return A @ w - b, gradient(w, PATH_KAPPA, held=True), gradient(w, PATH_KAPPA)


@claim(
    13,
    "Where gradient descent ends",
    Kind.WORDS,
    "It may stop at a saddle: started on a ridge, it never leaves it, and the loss stays above both minima.",
    r"f(w^k) \to \text{a local minimum}",
    r"\nabla f(w^k) \to 0",
)
def _saddle():
    # Two minima with a saddle between them.
    def f(w):
        return w[0] ** 2 / 2 + (w[1] ** 2 - 1) ** 2 / 4

    def end(y):
        return descend(gradient_descent(0.1), lambda w: np.stack([w[0], w[1] ** 3 - w[1]]), np.array([1.0, y]), 400)[-1]

    stopped, minimum = end(0.0), max(f(end(y)) for y in (-0.01, 0.01))
    slopes = [(f(stopped + h) - f(stopped - h)) / 0.002 for h in 0.001 * np.eye(2)]
    # Both say that the slopes vanish; of the height ours says nothing.
    return [*slopes, f(stopped)], [0.0, 0.0, minimum], [0.0, 0.0, f(stopped)]


@claim(
    13,
    "When a quadratic has a minimum",
    Kind.WORDS,
    "Invertible is enough only with the word convex of the sentence before; by itself it admits a negative eigenvalue, and then "
    "the stationary point is no minimum.",
    r"A \text{ symmetric and invertible} \Rightarrow w^\star = A^{-1}b",
    r"A \text{ symmetric and positive definite} \Rightarrow w^\star = A^{-1}b",
)
def _definite():
    b, box = np.array([1.0, 1.0]), np.linspace(-2, 2, 41)
    w = np.stack(np.meshgrid(box, box), axis=-1)
    lowest, stationary = [], []
    for lams in ([1.0, -2.0], [1.0, 2.0]):
        f = 0.5 * np.sum(lams * w * w, axis=-1) - w @ b
        w_star = b / lams
        lowest.append(f.min())
        stationary.append(0.5 * np.sum(lams * w_star * w_star) - w_star @ b)
    # How far the stationary point lies above the lowest point around it, in units of the latter.
    heights = 1 + (np.array(stationary) - lowest) / np.abs(lowest)
    return 1.0, heights[0], heights[1]


@claim(
    14,
    "Where the sign flips at every step",
    Kind.FORMULA,
    "With momentum the iterates ring before they alternate: both roots are negative only beyond a larger step-size.",
    r"\alpha > 1/\lambda_i",
    r"\alpha > (1 + \sqrt{\beta})^2/\lambda_i",
)
def _flips():
    def alternates(alpha):
        sigma = np.linalg.eigvals(update_matrix(momentum_step(alpha, BETA, LAM)))
        return np.all(np.isreal(sigma)) and sigma.real.max() < 0

    return _threshold(alternates, 0.0, (2 + 2 * BETA) / LAM), 1 / LAM, (1 + np.sqrt(BETA)) ** 2 / LAM


@claim(
    15,
    "How much momentum",
    Kind.WORDS,
    f"As close to 1 as you can is good advice only for hopeless conditioning: at condition number {ENDS[1] / ENDS[0]:g} the best "
    f"beta is {significant(BEST.beta)}, and {HIGH:g} takes {significant(DEARER, 2)} times as many steps.",
    r"\beta \text{ as close to } 1 \text{ as you can}",
    r"\beta = \left( \tfrac{\sqrt\kappa - 1}{\sqrt\kappa + 1} \right)^2",
)
def _close_to_one():
    def rings(alpha, beta, lam):
        return np.all(np.iscomplex(np.linalg.eigvals(update_matrix(momentum_step(alpha, beta, lam)))))

    def highest(beta):
        return _threshold(lambda alpha: not rings(alpha, beta, ENDS[1]), (1 + beta) / ENDS[1], (2 + 2 * beta) / ENDS[1])

    # Where both ends ring, the rate is the root of beta: the best is the least momentum for which some step-size does that.
    return _threshold(lambda beta: rings(highest(beta), beta, ENDS[0]), 0.0, 1.0), HIGH, BEST.beta


@claim(
    16,
    "Labels at load",
    Kind.FIGURE,
    "The first figure opens with labels that its run does not follow; with the values they name it would leave the picture at "
    "once.",
    r"\alpha = {:g},\ \beta = {:g}".format(*LABELLED),
    r"\alpha = {:g},\ \beta = {:g}".format(*DRAWN),
    (90,),
)
def _labels():
    start = np.array([-1.21, 0.853])

    def end(alpha, beta):
        w, z = start, np.zeros(2)
        for _ in range(150):
            z = beta * z + curved_valley.grad(w)
            w = w - alpha * z
            # The edge of the picture, beyond which a run can no longer be seen.
            if abs(w[0]) > 2:
                break
        return w

    return end(*DRAWN), end(*LABELLED), descend(heavy_ball(*DRAWN), curved_valley.grad, start, 150)[-1]


@claim(
    17,
    "Momentum and noise",
    Kind.WORDS,
    "More momentum makes the errors compound at a fixed step-size, for there it also lengthens the steps; at a fixed effective "
    "step-size alpha/(1 - beta) it leaves the noise as it is.",
    r"\mathrm{Var}\,x \text{ grows with } \beta",
    r"\mathrm{Var}\,x = \frac{\alpha s^2 (1 + \beta)}{\lambda (1 - \beta)(2(1 + \beta) - \alpha\lambda)}",
)
def _compounding():
    beta = np.array([0.0, 0.5, 0.9, 0.99])
    alpha = 0.02 * (1 - beta)
    measured = []
    for a, b in zip(alpha, beta, strict=True):
        z, x, total = 1.0, -a, 0.0
        for _ in range(8000):
            total += x * x
            z = b * z + x
            x = x - a * z
        measured.append(total)
    return measured, stationary_variance(alpha[0], beta, 1.0, 1.0), stationary_variance(alpha, beta, 1.0, 1.0)


def _quadratic():
    M = np.random.default_rng(8).normal(size=(4, 4))
    return ConvexQuadratic(M @ M.T + np.eye(4), np.array([1.0, 2.0, -1.0, 0.5]))


def _expected_by_covariance(s, x0, k, lam=LAM):
    """Return E lam/2 (x^k)^2 by carrying mean and covariance of (z, x) along, step after step."""
    mean, covariance = np.array([0.0, x0]), np.zeros((2, 2))
    R, kick = update_matrix(momentum_step(ALPHA, BETA, lam)), np.array([1.0, -ALPHA])
    for _ in range(k):
        mean, covariance = R @ mean, R @ covariance @ R.T + s * s * np.outer(kick, kick)
    return lam / 2 * (mean[1] ** 2 + covariance[1, 1])


def _threshold(beyond, low, high):
    """Return where `beyond` begins to hold between the two, by halving."""
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if beyond(middle) else (middle, high)
    return high


def _wishes(picture):
    """Return the colorizer's problem as rows and right sides of least squares: one a coloured pixel, one an edge."""
    n, coloured = len(picture.pixels), len(picture.coloured)
    rows = np.zeros((coloured + len(picture.edges), n))
    for row, i in zip(rows, picture.coloured, strict=False):
        row[i] = 1
    for row, (i, j) in zip(rows[coloured:], picture.edges, strict=True):
        row[i], row[j] = 1, -1
    return rows, np.repeat([1.0, 0.0], [coloured, len(picture.edges)])


def _path_by_loops(*, held=False):
    """Return A and b of the published path, gathered link by link."""
    A = 4 / (PATH_KAPPA - 1) * np.eye(PATH_N)
    A[0, 0] += 1
    for i in range(PATH_N - 1):
        A[[i, i + 1], [i, i + 1]] += 1
        A[[i, i + 1], [i + 1, i]] -= 1
    A[-1, -1] += held
    return A, np.eye(PATH_N)[0]
