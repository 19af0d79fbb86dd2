"""Everything a person may want to know of predictions beside balanced accuracy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.progress import Progress, SilentProgress

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

    `support` plain counts of the truth. `confusion` float64 (C, C), rows the truth, columns the prediction:
    weighted counts, means over the repeats if images were predicted repeatedly. All figures come from it,
    weighted. `auroc` of each class against the rest and `calibration_error` are nan without probabilities.
    """

    balanced_accuracy: float
    accuracy: float
    macro_f1: float
    precision: Array
    recall: Array
    f1: Array
    support: NDArray[np.int64]
    confusion: Array
    auroc: Array
    calibration_error: float
    reliability: tuple[ReliabilityBin, ...]


def measure(
    truth: NDArray[np.integer[Any]],
    predicted: NDArray[np.integer[Any]],
    n_classes: int,
    probabilities: NDArray[np.floating[Any]] | None = None,
    weights: NDArray[np.floating[Any]] | None = None,
    bins: int = 10,
    progress: Progress | None = None,
) -> Metrics:
    """Metrics of class codes `predicted` (m,) or, by r repeats, (r, m) against `truth` (m,), codes in
    0..n_classes-1; scikit-learn's.

    `probabilities` (m, C) or (r, m, C), rows sum to 1; `weights` (m,) inverse inclusion probabilities.
    Classes without true images do not enter the means (balanced accuracy, macro F1); a class that is never
    predicted has precision nan and F1 0. `progress.check` is called often and may raise: with probabilities
    of many classes and repeats it takes most of a second.
    """
    truth, said = np.asarray(truth, np.int64), np.atleast_2d(np.asarray(predicted, np.int64))
    support = np.bincount(truth, minlength=n_classes).astype(np.int64)
    unknown = np.full(n_classes, np.nan)
    if not len(truth):
        return Metrics(
            np.nan, np.nan, np.nan, unknown, unknown, unknown, support, np.zeros((n_classes, n_classes)),
            unknown, np.nan, (),
        )  # fmt: skip
    import sklearn.metrics as theirs

    repeats = len(said)
    once = np.ones(len(truth)) if weights is None else np.asarray(weights, np.float64)
    every, w, flat = np.tile(truth, repeats), np.tile(once, repeats) / repeats, said.ravel()
    precision, recall, f1, _ = theirs.precision_recall_fscore_support(
        every, flat, labels=np.arange(n_classes), sample_weight=w, zero_division=np.nan
    )
    f1[support == 0] = np.nan
    auroc, error = unknown, float("nan")
    reliability: tuple[ReliabilityBin, ...] = ()
    if probabilities is not None:
        shares = np.asarray(probabilities).reshape(repeats, len(truth), n_classes)
        check = (progress or SilentProgress()).check
        auroc = np.array([_auroc(truth == c, shares[:, :, c], once, check) for c in range(n_classes)])
        top = shares.max(axis=2).ravel()
        error, reliability = calibration(every == flat, top, w, bins, repeats)
    return Metrics(
        balanced_accuracy=_mean(recall),
        accuracy=float(theirs.accuracy_score(every, flat, sample_weight=w)),
        macro_f1=_mean(f1),
        precision=precision,
        recall=recall,
        f1=f1,
        support=support,
        confusion=theirs.confusion_matrix(every, flat, labels=np.arange(n_classes), sample_weight=w),
        auroc=auroc,
        calibration_error=error,
        reliability=reliability,
    )


def _auroc(
    positive: NDArray[np.bool_],
    scores: NDArray[np.floating[Any]],
    weights: Array,
    check: Callable[[], None],
) -> float:
    """Mean over the repeats `scores` (r, m); nan if there is no positive or no negative."""
    from sklearn.metrics import roc_auc_score

    if positive.all() or not positive.any():
        return float("nan")
    found = []
    for one in scores:
        check()
        found.append(roc_auc_score(positive, one, sample_weight=weights))
    return float(np.mean(found))


def calibration(
    right: NDArray[np.bool_],
    confidence: NDArray[np.floating[Any]],
    weights: Array,
    bins: int = 10,
    repeats: int = 1,
) -> tuple[float, tuple[ReliabilityBin, ...]]:
    """Expected calibration error (Guo et al. 2017, equal-width bins) and the bins that have images.

    All (m,); of images that were predicted in several `repeats` a bin holds the mean number, rounded up.
    """
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
            -(-int(images[b]) // repeats),
            float(sure[b] / total[b]),
            float(correct[b] / total[b]),
        )
        for b in range(bins)
        if images[b]
    )
    return error, shown


def _mean(values: Array) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")
