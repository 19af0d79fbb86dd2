"""The classifiers as scikit-learn estimators: a cold fit of the definition that the live refit follows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin

from medlabeler.learning.classifiers import formulas, logistic_regression
from medlabeler.learning.classifiers.registry import info_of


class LogisticClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # comes without types
    """Multinomial logistic regression with an L2 penalty and balanced class weights.

    Minimises C times the weighted sum of cross-entropies plus half the squared length of the weights; the
    bias is not penalised: scikit-learn's `LogisticRegression(C=C, class_weight="balanced")`, except that two
    classes are treated like many. Without a `C` it follows from the number of labels
    (`formulas.inverse_penalty`). Expects prepared vectors (`shaping.Shaping`). Fitted: `classes_` (C,),
    `coef_` float32 (d, C), `intercept_` float32 (C,), `n_iter_`.
    """

    check: Callable[[], None] | None = None
    """Called between the iterations of `fit`, and may raise; no parameter, so a clone has none."""

    def __init__(self, C: float | None = None, tol: float = logistic_regression.TOLERANCE) -> None:
        self.C = C
        self.tol = tol

    def fit(self, X: NDArray[np.float32], y: NDArray[np.integer[Any]]) -> LogisticClassifier:
        """Fit on X (n, d) and class ids y (n,); `ValueError` with fewer than two classes."""
        self.classes_, codes = np.unique(y, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError("logistic regression needs labels of at least two classes")
        C = formulas.inverse_penalty(len(codes), len(self.classes_)) if self.C is None else self.C
        found = logistic_regression.solve_logistic(
            np.asarray(X, np.float32),
            codes,
            len(self.classes_),
            C=C,
            tolerance=self.tol,
            check=self.check,
        )
        self.coef_, self.intercept_ = found.weights, found.bias
        self.n_iter_ = found.iterations
        return self

    def predict_proba(self, X: NDArray[np.float32]) -> NDArray[np.float32]:
        """Probabilities float32 (n, C) in the order of `classes_`."""
        return formulas.logistic_probabilities(np.asarray(X, np.float32), self.coef_, self.intercept_)

    def predict(self, X: NDArray[np.float32]) -> NDArray[Any]:
        """The most probable class id of each row."""
        return np.asarray(self.classes_[self.predict_proba(X).argmax(axis=1)])


class KNNClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # comes without types
    """Similarity-weighted votes of the nearest labelled images; see `formulas.knn_probabilities`.

    Expects prepared vectors. Fitted: `classes_` (C,), `vectors_` float32 (m, d), `codes_` (m,) indices of
    `classes_`.
    """

    def __init__(
        self, k: int = formulas.KNN_K, temperature: float = formulas.KNN_TEMPERATURE, balanced: bool = True
    ) -> None:
        self.k = k
        self.temperature = temperature
        self.balanced = balanced

    def fit(self, X: NDArray[np.float32], y: NDArray[np.integer[Any]]) -> KNNClassifier:
        """Keep X (m, d) and class ids y (m,)."""
        self.classes_, self.codes_ = np.unique(y, return_inverse=True)
        self.vectors_ = np.ascontiguousarray(X, dtype=np.float32)
        return self

    def predict_proba(self, X: NDArray[np.float32]) -> NDArray[np.float32]:
        """Probabilities float32 (n, C) in the order of `classes_`."""
        return formulas.knn_probabilities(
            np.asarray(X, np.float32),
            self.vectors_,
            self.codes_,
            len(self.classes_),
            self.k,
            self.temperature,
            self.balanced,
        )

    def predict(self, X: NDArray[np.float32]) -> NDArray[Any]:
        """The most probable class id of each row."""
        return np.asarray(self.classes_[self.predict_proba(X).argmax(axis=1)])


def make(name: str) -> Any:
    """A fresh classifier with the settings that the live refit uses; `ValueError` for an unknown name."""
    return info_of(name).load_estimator()()
