"""The classifier whose predictions are on the screen."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ClassifierState:
    """The classifier whose predictions are on screen."""

    revision: int
    classifier: str
    """`logistic` or `knn`."""
    n_labels: int
    fit_ms: float
    predict_ms: float
    total_ms: float
