"""The live refit: a classifier that follows every label and predicts every image again, in tens of milliseconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from medlabeler.learning import formulas


@dataclass(frozen=True)
class LivePrediction:
    """What a classifier says of all n images.

    `class_id` int32 (n,), NO_CLASS where an image has no embedding; `confidence` float32 (n,), the top probability,
    nan there; `probabilities` float32 (n, C) in the order of `classes` int32 (C,), zero there; times in milliseconds.
    """

    class_id: NDArray[np.int32]
    confidence: NDArray[np.float32]
    probabilities: NDArray[np.float32]
    classes: NDArray[np.int32]
    fit_ms: float
    predict_ms: float


class LiveClassifier(Protocol):
    """What the two live classifiers have in common."""

    def set_labels(self, rows: NDArray[np.integer[Any]], class_ids: NDArray[np.integer[Any]]) -> bool:
        """Refit to the labels `class_ids` of the images `rows`; False (and no prediction) below two classes."""
        ...

    def predict(self) -> LivePrediction | None:
        """Predict all images with the latest fit; None below two classes."""
        ...


class LiveLogistic:
    """See the commit that follows."""

    def __init__(
        self,
        X: NDArray[np.float32],
        present: NDArray[np.bool_] | None = None,
        *,
        C: float = formulas.LOGISTIC_C,
    ) -> None:
        raise NotImplementedError

    def set_labels(self, rows: NDArray[np.integer[Any]], class_ids: NDArray[np.integer[Any]]) -> bool:
        """Refit, warm-started."""
        raise NotImplementedError

    def predict(self) -> LivePrediction | None:
        """Predict all images."""
        raise NotImplementedError


class LiveKNN:
    """See the commit that follows."""

    def __init__(
        self, X: NDArray[np.float32], present: NDArray[np.bool_] | None = None, *, k: int = formulas.KNN_K
    ) -> None:
        raise NotImplementedError

    def set_k(self, k: int) -> None:
        """Change the number of neighbours."""
        raise NotImplementedError

    def set_labels(self, rows: NDArray[np.integer[Any]], class_ids: NDArray[np.integer[Any]]) -> bool:
        """Update incrementally."""
        raise NotImplementedError

    def predict(self) -> LivePrediction | None:
        """Predict all images."""
        raise NotImplementedError
