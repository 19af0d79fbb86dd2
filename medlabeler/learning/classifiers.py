"""The classifiers as scikit-learn estimators: a cold fit of the very definition that the live refit follows."""

from __future__ import annotations

import warnings
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin

from medlabeler.learning import formulas

ClassifierName = Literal["logistic", "knn"]
CLASSIFIERS: tuple[ClassifierName, ...] = ("logistic", "knn")


class LogisticClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Multinomial logistic regression with an L2 penalty and balanced class weights.

    Minimises C times the weighted sum of cross-entropies plus half the squared length of the weights; the bias is not
    penalised. Expects prepared vectors (`standardise.prepare`). Fitted: `classes_` (C,), `coef_` float32 (d, C) and
    `intercept_` float32 (C,), both centred so that they sum to zero over the classes.
    """

    def __init__(self, C: float = formulas.LOGISTIC_C, tol: float = 1e-5, max_iter: int = 2000) -> None:
        self.C = C
        self.tol = tol
        self.max_iter = max_iter

    def fit(self, X: NDArray[np.float32], y: NDArray[np.integer[Any]]) -> LogisticClassifier:
        """Fit on X (n, d) and class ids y (n,); `ValueError` with fewer than two classes."""
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.linear_model import LogisticRegression

        self.classes_ = np.unique(y)
        # With two classes scikit-learn fits one weight vector, the difference of the two: its penalty counts double.
        C = self.C * (2 if len(self.classes_) == 2 else 1)
        cold = LogisticRegression(C=C, class_weight="balanced", tol=self.tol, max_iter=self.max_iter)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            cold.fit(np.asarray(X, dtype=np.float64), y)
        if len(self.classes_) == 2:
            W = np.vstack([-cold.coef_ / 2, cold.coef_ / 2])
            b = np.concatenate([-cold.intercept_ / 2, cold.intercept_ / 2])
        else:
            W, b = cold.coef_ - cold.coef_.mean(axis=0), cold.intercept_ - cold.intercept_.mean()
        self.coef_ = np.ascontiguousarray(W.T, dtype=np.float32)
        self.intercept_ = b.astype(np.float32)
        return self

    def predict_proba(self, X: NDArray[np.float32]) -> NDArray[np.float32]:
        """Probabilities float32 (n, C) in the order of `classes_`."""
        return formulas.logistic_probabilities(np.asarray(X, np.float32), self.coef_, self.intercept_)

    def predict(self, X: NDArray[np.float32]) -> NDArray[Any]:
        """The most probable class id of each row."""
        return np.asarray(self.classes_[self.predict_proba(X).argmax(axis=1)])


class KNNClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Similarity-weighted votes of the nearest labelled images; see `formulas.knn_probabilities`.

    Expects prepared vectors. Fitted: `classes_` (C,), `vectors_` float32 (m, d), `codes_` (m,) indices of `classes_`.
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


def make(name: str) -> LogisticClassifier | KNNClassifier:
    """A fresh classifier with the settings that the live refit uses; `ValueError` for an unknown name."""
    if name == "logistic":
        return LogisticClassifier()
    if name == "knn":
        return KNNClassifier()
    raise ValueError(f"unknown classifier {name!r}")
