"""Everything a person may want to know of predictions beside balanced accuracy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class ReliabilityBin:
    """Images whose confidence lies in (low, high]: mean confidence, and how often the class was right."""

    low: float
    high: float
    images: int
    confidence: float
    accuracy: float


@dataclass(frozen=True)
class Metrics:
    """Measurements on m images of C classes; arrays are (C,), nan where a class has no image to tell.

    `confusion` int64 (C, C), rows the truth, columns the prediction, plain counts. All else is weighted.
    `support` plain counts. `auroc` of each class against the rest and `calibration_error` are nan without
    probabilities.
    """

    balanced_accuracy: float
    accuracy: float
    macro_f1: float
    precision: Array
    recall: Array
    f1: Array
    support: NDArray[np.int64]
    confusion: NDArray[np.int64]
    auroc: Array
    calibration_error: float
    reliability: tuple[ReliabilityBin, ...]

    def row_normalised(self) -> Array:
        """Confusion matrix whose rows sum to 1; nan rows for classes without image."""
        with np.errstate(invalid="ignore"):
            return np.asarray(self.confusion / self.confusion.sum(axis=1, keepdims=True))


def measure(
    truth: NDArray[np.integer[Any]],
    predicted: NDArray[np.integer[Any]],
    n_classes: int,
    probabilities: NDArray[np.floating[Any]] | None = None,
    weights: NDArray[np.floating[Any]] | None = None,
    bins: int = 10,
) -> Metrics:
    """Metrics of class codes `predicted` (m,) against `truth` (m,), codes in 0..n_classes-1.

    `probabilities` (m, C) rows sum to 1; `weights` (m,) inverse inclusion probabilities. Classes without
    true images do not enter the means (balanced accuracy, macro F1); a class that is never predicted has
    precision nan and F1 0.
    """
    truth, predicted = np.asarray(truth, np.int64), np.asarray(predicted, np.int64)
    w = np.ones(len(truth)) if weights is None else np.asarray(weights, np.float64)
    cell = truth * n_classes + predicted
    counts = np.bincount(cell, minlength=n_classes**2).reshape(n_classes, n_classes)
    weighted = np.bincount(cell, weights=w, minlength=n_classes**2).reshape(n_classes, n_classes)
    right, actual, said = np.diag(weighted), weighted.sum(axis=1), weighted.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        recall = right / actual
        precision = right / said
        f1 = np.where(actual > 0, 2 * right / (actual + said), np.nan)
    auroc = np.full(n_classes, np.nan)
    error = float("nan")
    reliability: tuple[ReliabilityBin, ...] = ()
    if probabilities is not None and len(truth):
        auroc = np.array([one_vs_rest_auroc(truth == c, probabilities[:, c], w) for c in range(n_classes)])
        error, reliability = calibration(truth == predicted, probabilities.max(axis=1), w, bins)
    return Metrics(
        balanced_accuracy=_mean(recall),
        accuracy=float(right.sum() / w.sum()) if len(truth) else float("nan"),
        macro_f1=_mean(f1),
        precision=precision,
        recall=recall,
        f1=f1,
        support=counts.sum(axis=1).astype(np.int64),
        confusion=counts.astype(np.int64),
        auroc=auroc,
        calibration_error=error,
        reliability=reliability,
    )


def one_vs_rest_auroc(positive: NDArray[np.bool_], score: NDArray[np.floating[Any]], weights: Array) -> float:
    """Probability that a weighted random positive scores above a negative, ties counting half; nan if either
    is missing.
    """
    order = np.argsort(score, kind="stable")
    sorted_score, wp = np.asarray(score)[order], np.where(positive, weights, 0.0)[order]
    wn = np.where(positive, 0.0, weights)[order]
    if wp.sum() == 0 or wn.sum() == 0:
        return float("nan")
    starts = np.flatnonzero(np.r_[True, np.diff(sorted_score) > 0])
    p, n = np.add.reduceat(wp, starts), np.add.reduceat(wn, starts)
    below = np.cumsum(n) - n
    return float((p * (below + n / 2)).sum() / (wp.sum() * wn.sum()))


def calibration(
    right: NDArray[np.bool_], confidence: NDArray[np.floating[Any]], weights: Array, bins: int = 10
) -> tuple[float, tuple[ReliabilityBin, ...]]:
    """Expected calibration error (Guo et al. 2017, equal-width bins) and the bins that have images."""
    edges = np.linspace(0, 1, bins + 1)
    index = np.clip(np.ceil(np.asarray(confidence) * bins).astype(int) - 1, 0, bins - 1)
    total = np.bincount(index, weights=weights, minlength=bins)
    sure = np.bincount(index, weights=weights * confidence, minlength=bins)
    correct = np.bincount(index, weights=weights * right, minlength=bins)
    images = np.bincount(index, minlength=bins)
    error = float(np.abs(sure - correct).sum() / total.sum())
    shown = tuple(
        ReliabilityBin(
            float(edges[b]),
            float(edges[b + 1]),
            int(images[b]),
            float(sure[b] / total[b]),
            float(correct[b] / total[b]),
        )
        for b in range(bins)
        if images[b]
    )
    return error, shown


def predictive_values(confusion: NDArray[Any], prevalence: Array) -> Array:
    """Share of the images predicted as class c that are of class c, at a `prevalence` (C,) of the truth.

    `confusion` (C, C) counts, rows the truth. Rows are scaled to the prevalence (Bayes' rule), so that a
    test set balanced by hand still tells what a prediction is worth in the pool. Nan where a class is never
    predicted, and for all if a class with prevalence has no test image.
    """
    rows = np.asarray(confusion, np.float64)
    support = rows.sum(axis=1, keepdims=True)
    share = np.asarray(prevalence, np.float64) / np.sum(prevalence)
    if np.any((support[:, 0] == 0) & (share > 0)):
        return np.full(len(rows), np.nan)
    joint = np.where(support > 0, rows / np.maximum(support, 1), 0) * share[:, None]
    with np.errstate(invalid="ignore"):
        return np.asarray(np.diag(joint) / joint.sum(axis=0))


def estimated_prevalence(
    probabilities: NDArray[np.floating[Any]], trained_prior: Array, rounds: int = 200, tolerance: float = 1e-7
) -> Array:
    """Prevalence of the classes in the pool, (C,), from a classifier's probabilities of all its images.

    The EM of Saerens, Latinne and Decaestecker (2002): `probabilities` (n, C) were learned under
    `trained_prior` (C,) - 1/C each with balanced class weights - and are re-weighted until the prior
    agrees with the mean of the posterior. It trusts the probabilities: calibrate them first.
    """
    prior = np.asarray(trained_prior, np.float64) / np.sum(trained_prior)
    p = np.maximum(np.asarray(probabilities, np.float64), 1e-12)
    estimate = prior.copy()
    for _ in range(rounds):
        posterior = p * (estimate / prior)
        posterior /= posterior.sum(axis=1, keepdims=True)
        new = posterior.mean(axis=0)
        moved = np.abs(new - estimate).max()
        estimate = new
        if moved < tolerance:
            break
    return np.asarray(estimate)


def reweighted(probabilities: NDArray[np.floating[Any]], trained_prior: Array, prior: Array) -> Array:
    """Probabilities (n, C) learned under `trained_prior` (C,), stated for images of another `prior` (C,)."""
    p = np.asarray(probabilities, np.float64) * (np.asarray(prior) / np.asarray(trained_prior))
    return np.asarray(p / p.sum(axis=1, keepdims=True))


def _mean(values: Array) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")
