r"""What the published article gets wrong, each error measured beside its correction.

Goh's article of 2017 contains slips that its readers reported and that this one must not repeat. Each is stated here once, in a
sentence and in two formulas, and evaluated: the published form and ours are both compared with what a loop, a solver or a
simulation says, and the relative error of each is the record's proof. The numbers 1 to 18 follow our list; one number may hold
several slips.
"""

from typing import NamedTuple

import numpy as np

from simulation.colorization import equations as colorization_equations
from simulation.colorization import read_picture
from simulation.counterexample import slope, three_cycle
from simulation.dynamics import iteration_matrix, iteration_matrix_power, roots
from simulation.eigenvectors import spectrum
from simulation.filters import tikhonov_filter
from simulation.graphs import conditioning, grid, laplacian
from simulation.noise import draws, expected_loss, stationary_variance
from simulation.objectives import curved_valley
from simulation.oracle import equations as path_equations
from simulation.oracle import finite_kappa, gradient, loss, optimum
from simulation.polynomials import OBSERVATIONS, POSITIONS, design_matrix, eigenfeatures, regression
from simulation.quadratic import ConvexQuadratic
from simulation.rates import heavy_ball_rate, optimal_heavy_ball
from simulation.unrolled import unrolled_run
from simulation.update_rules import descend, heavy_ball

ALPHA, BETA, LAM = 0.3, 0.6, 1.2
"""An ordinary run, for the errors in formulas: any would do."""
CLAIMS = []
"""Every slip, in order: number, name, sentence, threads, both formulas, and the function that measures them."""


class Erratum(NamedTuple):
    """A slip: what it is, both formulas as TeX, and how far each is from the truth, relatively."""

    number: int
    name: str
    sentence: str
    published: str
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
    for number, name, sentence, threads, published, correct, measure in CLAIMS:
        truth, theirs, ours = measure()
        found.append(Erratum(number, name, sentence, published, correct, residual(theirs, truth), residual(ours, truth), threads))
    return found


def residual(claimed, truth):
    """Return the largest deviation, relative to the largest true value.

    >>> float(residual([1.0, 3.0], [1.0, 2.0]))
    0.5
    """
    truth = np.asarray(truth)
    return float(np.max(np.abs(np.asarray(claimed) - truth)) / np.max(np.abs(truth)))


def claim(number, name, sentence, published, correct, threads=()):
    """Register the function below as the measure of a slip; it returns the truth, the published value, and ours."""

    def register(measure):
        CLAIMS.append((number, name, sentence, threads, published, correct, measure))
        return measure

    return register


@claim(
    1,
    "Modulus of complex roots",
    "Where the two roots are complex, the error shrinks by the square root of beta a step; a factor of one half was lost.",
    r"|\sigma_1| = |\sigma_2| = 2\sqrt{\beta}",
    r"|\sigma_1| = |\sigma_2| = \sqrt{\beta}",
)
def _modulus():
    return np.abs(np.linalg.eigvals(iteration_matrix(ALPHA, BETA, LAM))), 2 * np.sqrt([BETA, BETA]), np.sqrt([BETA, BETA])


@claim(
    2,
    "Power of the iteration matrix",
    "Each root must be paired with the matrix that removes the other one; the two matrices are exchanged.",
    r"R^k = \sigma_1^k R_1 - \sigma_2^k R_2",
    r"R^k = \sigma_1^k R_2 - \sigma_2^k R_1",
    (102,),
)
def _power():
    R, k = iteration_matrix(ALPHA, BETA, LAM), 7
    one, two = roots(ALPHA * LAM, BETA)
    R1, R2 = ((R - sigma * np.eye(2)) / (one - two) for sigma in (one, two))
    return np.linalg.matrix_power(R, k), one**k * R1 - two**k * R2, one**k * R2 - two**k * R1


@claim(
    3,
    "Decomposition of the loss",
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
    "The iteration matrix acts on velocity over position; with the two exchanged it does something else.",
    r"\binom{y^{k}}{x^{k}} = R^{k} \binom{x^0}{y^0}",
    r"\binom{y^{k}}{x^{k}} = R^{k} \binom{y^0}{x^0}",
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
    "The noise enters by the mean of its square, which is its variance; the mean of the noise itself is zero.",
    r"\tfrac{\lambda}{2}\, \mathbf{E}[\epsilon] \sum_{i=1}^k \gamma_i^2 = 0",
    r"\tfrac{\lambda}{2}\, \mathbf{E}[\epsilon^2] \sum_{i=1}^k \gamma_i^2",
)
def _strength():
    parts = expected_loss(ALPHA, BETA, LAM, 0.7, 0.0, 9)
    return _expected_by_covariance(0.7, 0.0, 9), 0.0, parts.stochastic[-1]


@claim(
    6,
    "Noise before the first step",
    "The start is known exactly: no gradient has been seen at step 0, so there is no noise in it.",
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
    "At the start all of the loss is deterministic, but the legend gives that colour to the stochastic part.",
    r"\text{deterministic share at } k = 0:\ 0",
    r"\text{deterministic share at } k = 0:\ 1",
)
def _legend():
    parts = [part[0] for part in expected_loss(0.01, 0.9, 1.0, 3.0, np.sqrt(3), 5)]
    truth = (0.5 * np.sqrt(3) ** 2) / _expected_by_covariance(3.0, np.sqrt(3), 0, lam=1.0)
    return truth, parts[1] / sum(parts), parts[0] / sum(parts)


@claim(
    7,
    "Linear term of Tikhonov regression",
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
    "Tikhonov's penalty leaves large eigenvalues nearly alone and suppresses the small ones, as early stopping does.",
    r"\text{most suppressed: } \lambda_n",
    r"\text{most suppressed: } \lambda_1",
)
def _suppressed():
    problem, eta = regression(), 0.1
    A, b = problem.Z.T @ problem.Z, problem.Z.T @ OBSERVATIONS
    kept = (problem.Q.T @ np.linalg.solve(A + eta * np.eye(6), b)) / (problem.Q.T @ np.linalg.solve(A, b))
    return problem.lams[np.argmin(kept)], problem.lams[-1], problem.lams[np.argmin(tikhonov_filter(problem.lams, eta))]


@claim(
    8,
    "Weights in the eigenbasis",
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
    "An eigenfeature gathers the entries of one eigenvector, a column of Q and not a row.",
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
    "The text numbers eigenvalues from the smallest up, the figures from the largest down.",
    r"\lambda_1 = \max_i \lambda_i \quad \text{in the figures}",
    r"\lambda_1 = \min_i \lambda_i \quad \text{everywhere}",
)
def _numbering():
    found = np.linalg.svd(design_matrix(POSITIONS), compute_uv=False) ** 2
    return np.sort(found), regression().lams[::-1], regression().lams


@claim(
    10,
    "The colorizer as vectors",
    "The linear term of a squared distance carries a factor 2; without it every pixel ends at one half.",
    r"\tfrac12 \sum_{i\in D} \left( x^T e_i e_i^T x - e_i^T x \right)",
    r"\tfrac12 \sum_{i\in D} \left( x^T e_i e_i^T x - 2 e_i^T x \right)",
)
def _colorizer():
    A, b = colorization_equations(read_picture())
    return np.ones(len(b)), np.linalg.solve(A, b / 2), np.linalg.solve(A, b)


@claim(
    10,
    "Weight of the colorizer",
    "The figure pulls ten times more weakly than its text says, towards 100 instead of 1, which makes another problem of it, "
    "several times worse conditioned.",
    r"\tfrac{0.1}{2} \sum_{i\in D} (w_i - 100)^2 \quad \text{in the figure}",
    r"\tfrac12 \sum_{i\in D} (w_i - 1)^2 \quad \text{in text and figure}",
)
def _pull():
    text, figure = (colorization_equations(read_picture(), weight)[0] for weight in (1.0, 0.1))
    theirs, ours = (ConvexQuadratic(A).kappa for A in (figure, text))
    return np.linalg.cond(text), theirs, ours


@claim(
    11,
    "Conditioning of a graph",
    "It is a ratio of eigenvalues; eigenvectors, all of length one, have no such ratio.",
    r"\frac{\|q_2\|}{\|q_n\|} = 1",
    r"\frac{\lambda_n}{\lambda_2}",
)
def _graph():
    L = laplacian(36, grid().edges)
    lams, Q = spectrum(L)
    singular = np.linalg.svd(L, compute_uv=False)
    return singular[0] / singular[-2], np.linalg.norm(Q[:, 1]) / np.linalg.norm(Q[:, -1]), conditioning(lams)


@claim(
    12,
    "Condition number of the path",
    "The 1000 of the formula belongs to an infinitely long path; the figure's, with 25 weights and its far end held, has 214.6.",
    r"\kappa(f^{25}) = 1000",
    r"\kappa(f^{25}) = 214.6",
)
def _path():
    return np.linalg.cond(path_equations(25, 1000.0, held=True)[0]), 1000.0, finite_kappa(25, 1000.0, held=True)


@claim(
    12,
    "Optimum of the path",
    "The pure powers are the optimum of the infinitely long path; a finite one sends back a reflection.",
    r"w^\star_i = q^i",
    r"w^\star_i = \frac{q^i + q^{2n+1-i}}{1 + q^{2n+1}}",
)
def _path_optimum():
    i, q = np.arange(1, 26), (np.sqrt(1000) - 1) / (np.sqrt(1000) + 1)
    return np.linalg.solve(*path_equations(25, 1000.0)), q**i, optimum(25, 1000.0)


@claim(
    12,
    "Length of the path",
    "A path of n weights has n - 1 links; the sum as printed needs a weight that is not there.",
    r"\tfrac12 \sum_{i=1}^{n} (w_i - w_{i+1})^2",
    r"\tfrac12 \sum_{i=1}^{n-1} (w_i - w_{i+1})^2",
)
def _links():
    w, n = np.random.default_rng(6).normal(size=9), 9
    e = np.eye(n)
    truth = [(loss(w + e[i], 50.0) - loss(w - e[i], 50.0)) / 2 for i in range(n)]
    return truth, gradient(w, 50.0, held=True), gradient(w, 50.0)


@claim(
    13,
    "Where gradient descent ends",
    "It may stop at a saddle: started on a ridge, it never leaves it, and the loss stays above both minima.",
    r"f(w^k) \to \text{a local minimum}",
    r"\nabla f(w^k) \to 0",
)
def _saddle():
    # f = x^2/2 + (y^2 - 1)^2/4 has minima 0 at (0, +-1) and a saddle of height 1/4 between them.
    w = descend(heavy_ball(0.1, 0.0), lambda w: np.stack([w[0], w[1] ** 3 - w[1]]), np.array([1.0, 0.0]), 400)[-1]
    return w[0] ** 2 / 2 + (w[1] ** 2 - 1) ** 2 / 4, 0.0, 0.25


@claim(
    13,
    "When a quadratic has a minimum",
    "An invertible matrix is not enough: with a negative eigenvalue the stationary point is no minimum.",
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
    "With momentum the iterates ring before they alternate: both roots are negative only beyond a larger step-size.",
    r"\alpha\lambda_i > 1",
    r"\alpha\lambda_i > (1 + \sqrt{\beta})^2",
)
def _flips():
    low, high = 0.0, 2 + 2 * BETA
    for _ in range(80):
        middle = (low + high) / 2
        sigma = np.linalg.eigvals(iteration_matrix(middle, BETA, 1.0))
        low, high = (low, middle) if np.all(np.isreal(sigma)) and sigma.real.max() < 0 else (middle, high)
    return high, 1.0, (1 + np.sqrt(BETA)) ** 2


@claim(
    15,
    "How much momentum",
    "As close to 1 as you can is good advice only for hopeless conditioning: at condition number 100 the best beta is 0.669, and "
    "0.99 takes forty times as many steps.",
    r"\beta = 0.99:\ \text{rate } \tfrac{\sqrt\kappa - 1}{\sqrt\kappa + 1} = 0.818",
    r"\beta = 0.99:\ \text{rate } \sqrt{0.99} = 0.995",
)
def _close_to_one():
    lams, beta = np.array([0.01, 1.0]), 0.99
    steps = np.linspace(0.01, 3.98, 400)
    measured = min(max(np.abs(np.linalg.eigvals(iteration_matrix(a, beta, lam))).max() for lam in lams) for a in steps)
    ours = min(np.max(heavy_ball_rate(a * lams, beta)) for a in steps)
    return measured, optimal_heavy_ball(*lams).rate, ours


@claim(
    16,
    "Labels at load",
    "The first figure opens with labels that its run does not follow; with the values they name, it would diverge.",
    r"\alpha = 0.02,\ \beta = 0.99",
    r"\alpha = 0.003,\ \beta = 0.74",
    (90,),
)
def _labels():
    def steps_survived(alpha, beta):
        w, z = np.array([-1.21, 0.853]), np.zeros(2)
        for k in range(150):
            z = beta * z + curved_valley.grad(w)
            w = w - alpha * z
            if curved_valley.f(w) > 1e6:
                return k + 1
        return 150

    path = descend(heavy_ball(0.003, 0.74), curved_valley.grad, np.array([-1.21, 0.853]), 150)
    return steps_survived(0.003, 0.74), steps_survived(0.02, 0.99), np.sum(curved_valley.f(path[1:]) < 1e6)


@claim(
    17,
    "Momentum and noise",
    "Momentum makes errors compound only because it also lengthens the steps; at a fixed effective step-size alpha/(1 - beta) it "
    "leaves the noise as it is.",
    r"\mathrm{Var}\,x \propto \frac{1}{1 - \beta}",
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
    return measured, measured[0] / (1 - beta), stationary_variance(alpha, beta, 1.0, 1.0)


@claim(
    18,
    "Speed-up beyond quadratics",
    "The parameters that are best for every quadratic of the same curvatures can circle for ever on a smooth, strongly convex "
    "function.",
    r"x^k \to 0 \ \text{ at the rate } \tfrac{\sqrt\kappa - 1}{\sqrt\kappa + 1}",
    r"x^k \to (2.116,\ 0.647,\ {-1.802},\ 2.116,\ \ldots)",
)
def _cycle():
    alpha, beta, rate = optimal_heavy_ball(1.0, 25.0)
    run = descend(heavy_ball(alpha, beta), slope, np.array([3.3]), 600)[:, 0]
    return run[598:], 3.3 * rate ** np.arange(598.0, 601), np.roll(three_cycle(), 1)


def _quadratic():
    M = np.random.default_rng(8).normal(size=(4, 4))
    return ConvexQuadratic(M @ M.T + np.eye(4), np.array([1.0, 2.0, -1.0, 0.5]))


def _expected_by_covariance(s, x0, k, lam=LAM):
    """Return E lam/2 (x^k)^2 by carrying mean and covariance of (z, x) along, step after step."""
    mean, covariance = np.array([0.0, x0]), np.zeros((2, 2))
    R, kick = iteration_matrix(ALPHA, BETA, lam), np.array([1.0, -ALPHA])
    for _ in range(k):
        mean, covariance = R @ mean, R @ covariance @ R.T + s * s * np.outer(kick, kick)
    return lam / 2 * (mean[1] ** 2 + covariance[1, 1])
