"""Fits the logistic regression: L-BFGS that starts where the last fit ended, in numpy.

The function minimised is C times the weighted sum of cross-entropies plus half the squared length of the
weights, as in scikit-learn's `LogisticRegression(C=C, class_weight="balanced")` with several classes; the
bias is not penalised.

Two things make it fast enough to follow every click. L-BFGS (Liu and Nocedal 1989) is preconditioned by the
inverse of one curvature matrix shared by all classes, in the spirit of Böhning's bound (Böhning 1992,
"Multinomial logistic regression algorithm"): a third to a quarter of the iterations. And weights, curvature
and preconditioner are kept from fit to fit, since one more label hardly changes them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.learning.classifiers.formulas import LOGISTIC_C, class_weights

TOLERANCE = 2e-4
"""Length of the last preconditioned gradient, the estimated distance of a class's weights from the optimum.

Prepared vectors have length 1, so this bounds the error of a score; probabilities then agree to better than
1e-4.
"""

NEARLY = 0.004
"""So far from the optimum, in the same measure, what is waited for most may be told of: two scores are off by
no more than this each, and so a probability by a quarter of their sum, .002.
"""

_MAX_ITERATIONS = 500
_MEMORY = 12
_MANY = 20_000
_NEAR = 0.03
_PATIENCE = 25  # iterations without progress after which float32 has given what it can
_REFRESH = 1.15  # the preconditioner is built anew when the number of labels has changed by this factor

Floats = NDArray[np.float32]
Product = Callable[[Floats, Floats], Floats]
"""A matrix product; both factors and the result lie line after line in memory."""


@dataclass
class Fit:
    """The state of a fit: `theta` float32 (d + 1, C), its last row the bias, and what the next can use."""

    theta: Floats
    iterations: int
    converged: bool
    preconditioner: Floats
    n_labels: int

    @property
    def weights(self) -> Floats:
        """Float32 (d, C)."""
        weights: Floats = self.theta[:-1]
        return weights

    @property
    def bias(self) -> Floats:
        """Float32 (C,)."""
        bias: Floats = self.theta[-1]
        return bias


def fit_logistic(
    X: Floats,
    codes: NDArray[np.integer[Any]],
    n_classes: int,
    *,
    C: float = LOGISTIC_C,
    start: Fit | None = None,
    tolerance: float = TOLERANCE,
    max_iterations: int = _MAX_ITERATIONS,
    check: Callable[[], None] | None = None,
    product: Product = np.matmul,
    nearly: Callable[[Fit], None] | None = None,
) -> Fit:
    """Fit on prepared X (n, d) and `codes` (n,) in 0..n_classes-1, each class present at least once.

    `start` is an earlier fit of the same d and classes. The optimum does not depend on it, only the time
    does. `check` is called before each iteration, and may raise. `product` multiplies all labels with the
    weights, which is most of the work. `nearly` gets the fit as it is when it is `NEARLY` there, once, unless
    it ends before.
    """
    # Small products: threads of BLAS gain little on an idle machine and lose a lot on a busy one.
    with _blas().limit(limits=1 if len(X) < _MANY else None, user_api="blas"):
        problem = _Problem(X, codes, n_classes, C, product)
        return _fit(problem, start, tolerance, max_iterations, check, nearly)


@dataclass(frozen=True)
class Solution:
    """What a fit found: `weights` float32 (d, C), `bias` float32 (C,), and the `iterations` it took."""

    weights: Floats
    bias: Floats
    iterations: int


def solve_logistic(
    X: Floats,
    codes: NDArray[np.integer[Any]],
    n_classes: int,
    *,
    C: float = LOGISTIC_C,
    tolerance: float = TOLERANCE,
    check: Callable[[], None] | None = None,
) -> Solution:
    """As `fit_logistic` from nothing, for a fit that no later one starts from.

    The best weights lie in the span of the labelled vectors: with fewer labels than columns the fit runs in
    as many coordinates as there are labels, which takes a tenth of the time at 200 labels of 1,280 numbers.
    """
    n, d = X.shape
    if n >= d:
        fit = fit_logistic(X, codes, n_classes, C=C, tolerance=tolerance, check=check)
        return Solution(np.ascontiguousarray(fit.weights), fit.bias.copy(), fit.iterations)
    with _blas().limit(limits=1, user_api="blas"):
        axes, coordinates = np.linalg.qr(np.asarray(X, np.float64).T)
    small = np.ascontiguousarray(coordinates.T, dtype=np.float32)
    fit = fit_logistic(small, codes, n_classes, C=C, tolerance=tolerance, check=check)
    return Solution(np.asarray(axes @ fit.weights, np.float32), fit.bias.copy(), fit.iterations)


@lru_cache(maxsize=1)
def _blas() -> Any:
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def _fit(
    problem: _Problem,
    start: Fit | None,
    tolerance: float,
    max_iterations: int,
    check: Callable[[], None] | None,
    nearly: Callable[[Fit], None] | None,
) -> Fit:
    # One class per line from here on: what goes over the classes then runs along whole cache lines.
    n, shape = len(problem.A), (problem.n_classes, problem.A.shape[1])

    def so_far(converged: bool) -> Fit:
        found = np.ascontiguousarray(theta.T)
        return Fit(found, iteration, converged, P, start.n_labels if start is not None and keep else n)

    theta = np.zeros(shape, np.float32) if start is None else np.ascontiguousarray(start.theta.T)
    value, gradient, doubt = problem.evaluate(theta)
    keep = start is not None and 1 / _REFRESH < n / start.n_labels < _REFRESH
    P = start.preconditioner if start is not None and keep else problem.preconditioner(doubt)
    steps: list[Floats] = []
    changes: list[Floats] = []
    products: list[float] = []
    scale = 1.0
    preconditioned = gradient @ P
    # Far from the optimum the curvature is another one: such a preconditioner is built once more on the way.
    rough = not keep and _longest_line(preconditioned) > _NEAR
    iteration = best_at = 0
    best = np.inf
    while True:
        remaining = _longest_line(preconditioned)
        if rough and remaining <= _NEAR:
            rough = False
            P = problem.preconditioner(doubt)
            preconditioned = gradient @ P
            remaining = _longest_line(preconditioned)
        if remaining < 0.99 * best:
            best, best_at = remaining, iteration
        converged = remaining <= tolerance
        if converged or iteration == max_iterations or iteration - best_at > _PATIENCE:
            break
        if nearly is not None and remaining <= NEARLY:
            nearly(so_far(False))
            nearly = None
        if check is not None:
            check()
        iteration += 1
        direction = _two_loops(gradient, P, scale, steps, changes, products)
        slope = _dot(gradient, direction)
        if slope >= 0:
            # Rounding has spoilt the memory; the preconditioned gradient always descends.
            steps, changes, products = [], [], []
            direction, slope = -preconditioned, -_dot(gradient, preconditioned)
        length = 1.0
        for _ in range(25):
            candidate = theta + np.float32(length) * direction
            new_value, new_gradient, doubt = problem.evaluate(candidate)
            # The last term is the rounding of float32: close to the optimum it is larger than the gain.
            if new_value <= value + 1e-4 * length * slope + 2e-7 * abs(value):
                break
            length /= 2
        step, change = candidate - theta, new_gradient - gradient
        new_preconditioned = new_gradient @ P
        product = _dot(step, change)
        if product > 1e-12:
            scale = product / max(_dot(change, new_preconditioned - preconditioned), 1e-30)
            steps.append(step)
            changes.append(change)
            products.append(product)
            if len(steps) > _MEMORY:
                del steps[0], changes[0], products[0]
        theta, value, gradient, preconditioned = candidate, new_value, new_gradient, new_preconditioned
    return so_far(converged)


class _Problem:
    """Value and gradient of the penalised loss."""

    def __init__(
        self, X: Floats, codes: NDArray[np.integer[Any]], n_classes: int, C: float, product: Product
    ) -> None:
        n, d = X.shape
        self.A = np.empty((n, d + 1), np.float32)
        self.A[:, :d] = X
        self.A[:, d] = 1
        self._across = np.ascontiguousarray(self.A.T)
        self._product = product
        self.n_classes = n_classes
        self.rows = np.arange(n)
        self.codes = codes
        counts = np.bincount(codes, minlength=n_classes)
        self.weight = (C * class_weights(counts))[codes].astype(np.float32)

    def evaluate(self, theta: Floats) -> tuple[float, Floats, Floats]:
        """The loss, its gradient (C, d + 1), and each label's mean p (1 - p) over the classes."""
        P = self._product(theta, self._across)
        P -= P.max(axis=0)
        own = P[self.codes, self.rows]
        np.exp(P, out=P)
        total = P.sum(axis=0)
        loss = np.dot(self.weight, (np.log(total) - own).astype(np.float64))
        P /= total
        doubt = (1 - np.einsum("ij,ij->j", P, P)) / len(P)
        P[self.codes, self.rows] -= 1
        P *= self.weight
        gradient = self._product(P, self.A)
        gradient[:, :-1] += theta[:, :-1]
        penalty = 0.5 * float(np.square(theta[:, :-1], dtype=np.float64).sum())
        return float(loss) + penalty, gradient, doubt

    def preconditioner(self, doubt: Floats) -> Floats:
        """Inverse of identity + sum of weight x doubt x a a', float32 (d + 1, d + 1)."""
        B = self.A * np.sqrt(self.weight * np.maximum(doubt, 1e-3))[:, None]
        H = (B.T @ B).astype(np.float64)
        diagonal = np.arange(len(H))
        H[diagonal, diagonal] += 1
        return np.asarray(np.linalg.inv(H), np.float32)


def _two_loops(
    gradient: Floats,
    P: Floats,
    scale: float,
    steps: list[Floats],
    changes: list[Floats],
    products: list[float],
) -> Floats:
    """The direction of descent: minus the approximate inverse Hessian times the gradient."""
    q = gradient.copy()
    factors = []
    for step, change, product in zip(reversed(steps), reversed(changes), reversed(products), strict=True):
        factor = _dot(step, q) / product
        factors.append(factor)
        q -= np.float32(factor) * change
    direction: Floats = np.float32(scale) * (q @ P)
    for step, change, product, factor in zip(steps, changes, products, reversed(factors), strict=True):
        direction += np.float32(factor - _dot(change, direction) / product) * step
    return -direction


def _dot(a: Floats, b: Floats) -> float:
    return float(np.vdot(a, b))


def _longest_line(a: Floats) -> float:
    return float(np.sqrt(np.einsum("ij,ij->i", a, a).max()))
