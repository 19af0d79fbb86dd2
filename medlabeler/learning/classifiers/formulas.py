"""The definition of the two classifiers, in numpy: from prepared vectors to probabilities.

Everything else (the live refit, the scikit-learn style estimators, the bundle) is held to these functions
by tests. Vectors are prepared by `shaping.Shaping`: shaped by the pool, then of length 1.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.learning.at_once import rows_at_once

LOGISTIC_C = 30.0
"""Inverse strength of the penalty of the logistic regression, as scikit-learn counts it, up to `MANY` labels
per class; see `inverse_penalty`.

Prepared vectors have length 1, so only long weights make a sure prediction, and a strong penalty keeps all
predictions near indifference. Within the training side of `pbc` balanced accuracy moves by no more than 0.6
points from C = 10 to 300, at 5, 25 and 100 labels per class alike; at C = 3 it loses up to 1.3.
"""

MANY = 100
"""Labels per class, mean over the classes, above which the penalty is made stronger."""

KNN_K = 20
"""Number of neighbours that vote."""

KNN_TEMPERATURE = 0.1
"""A neighbour at cosine similarity s votes with weight exp((s - 1) / temperature)."""

_CHUNK = 4096


def class_weights(counts: NDArray[np.integer[Any]]) -> NDArray[np.float64]:
    """Weight of a label of each class so that classes weigh the same: n / (number of classes x count)."""
    counts = np.asarray(counts, dtype=np.float64)
    return np.asarray(counts.sum() / (len(counts) * counts))


def inverse_penalty(n_labels: int, n_classes: int) -> float:
    """C for so many labels: `LOGISTIC_C`, above `MANY` per class less by the square of what is more.

    The loss is a sum over labels, so with the same C the penalty counts for less and less. Where classes
    overlap, many labels are then learned by heart; where they do not, C hardly matters. What cross-validation
    within the labels chooses, and what it brings: `resources/decisions/penalty-by-count.md`.
    """
    return LOGISTIC_C * min(1.0, (MANY * n_classes / max(n_labels, 1)) ** 2)


def logistic_probabilities(
    X: NDArray[np.float32], weights: NDArray[np.float32], bias: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Softmax of `X @ weights + bias`: X (n, d), weights (d, C), bias (C,) -> float32 (n, C)."""
    scores = X @ weights + bias
    scores -= scores.max(axis=1, keepdims=True)
    np.exp(scores, out=scores)
    scores /= scores.sum(axis=1, keepdims=True)
    return np.asarray(scores, dtype=np.float32)


def knn_probabilities(
    X: NDArray[np.float32],
    labelled: NDArray[np.float32],
    codes: NDArray[np.integer[Any]],
    n_classes: int,
    k: int = KNN_K,
    temperature: float = KNN_TEMPERATURE,
    balanced: bool = True,
) -> NDArray[np.float32]:
    """Similarity-weighted votes of the k nearest labelled vectors.

    X (n, d), labelled (m, d), codes (m,) in 0..n_classes-1 -> float32 (n, C). The min(k, m) labelled
    vectors of the largest cosine similarity s vote exp((s - 1) / temperature) each for their class; with
    `balanced` the votes of a class are divided by its number of labels; votes are then scaled to sum to 1.
    An image that is labelled itself is its own nearest neighbour.
    """
    m = len(labelled)
    k = min(k, m)
    counts = np.bincount(codes, minlength=n_classes).astype(np.float64)
    per_class = np.where(counts > 0, 1 / np.maximum(counts, 1), 0) if balanced else np.ones(n_classes)
    result = np.empty((len(X), n_classes), np.float32)
    together = rows_at_once(m, _CHUNK)
    for start in range(0, len(X), together):
        similarity = X[start : start + together] @ labelled.T
        nearest = (
            np.argpartition(-similarity, k - 1, axis=1)[:, :k]
            if k < m
            else np.tile(np.arange(m), (len(similarity), 1))
        )
        s = np.take_along_axis(similarity, nearest, axis=1).astype(np.float64)
        # Relative to the nearest, so that far images do not underflow; the factor cancels.
        vote = np.exp((s - s.max(axis=1, keepdims=True)) / temperature)
        votes = np.zeros((len(s), n_classes))
        np.add.at(votes, (np.arange(len(s))[:, None], codes[nearest]), vote)
        votes *= per_class
        result[start : start + together] = votes / votes.sum(axis=1, keepdims=True)
    return result
