"""The pipelines of Nielsen et al. 2023 (Bioengineering 10(8):895), fitted anew on each draw, but quickly.

PowerTransformer -> PCA with all components -> SVM, nearest neighbours or logistic regression; beside them a
linear layer on the raw embedding ("LL"). The results are those of scikit-learn's own pipeline up to rounding:

- The Yeo-Johnson exponents of all columns are found at once (`yeo_johnson`).
- PCA with all components is a rotation, and all three classifiers are blind to rotations. With more columns
  than images it also drops what of a test image lies outside the span of the training images, which matters
  for distances; it is found from the products of the images with each other, of which there are few.
- The transform and these products are shared by the classifiers instead of made once for each.
- Everything runs on one thread. The matrices are small, so threads of BLAS would mostly wait for each other:
  two of them on two cores took six times the processor time of one.
"""

from __future__ import annotations

import inspect
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.learning.classifiers.yeo_johnson import YeoJohnson

Array = NDArray[np.float64]
Codes = NDArray[np.int64]

SVM_PLATT = "SVM (Platt, as published)"
SVM_DECISION = "SVM (decision)"
KNN = "kNN"
LOGISTIC = "LR"
LINEAR_LAYER = "LL"
NAMES = (SVM_PLATT, SVM_DECISION, LOGISTIC, LINEAR_LAYER, KNN)

SVM_C = 1.0
LOGISTIC_C = 2.5
LOGISTIC_MAX_ITER = 10_000
NEIGHBOURS_PER_CLASS = 5

_RANK = 1e-10
_CHUNK = 4096


@dataclass(frozen=True)
class Space:
    """Training and test images after the power transform and PCA, up to a rotation.

    `train` (n, r) and `test` (m, r) scores, `products` (m, n) = test @ train.T, `gram` (n, n), and squared
    lengths `train_square` (n,), `test_square` (m,).
    """

    train: Array
    test: Array
    gram: Array
    products: Array
    train_square: Array
    test_square: Array

    def squared_distances(self) -> Array:
        """Between test and training images, (m, n)."""
        result = self.products * -2.0
        result += self.test_square[:, None]
        result += self.train_square[None, :]
        return np.maximum(result, 0, out=result)


def paper_space(X: NDArray[Any], X_test: NDArray[Any]) -> Space:
    """PowerTransformer and PCA fitted on X (n, d), applied to both; n at least 2."""
    power = YeoJohnson()
    train, test = power.fit_transform(X), power.transform(X_test)
    n, d = train.shape
    gram = train @ train.T
    products = test @ train.T
    if n <= d:
        # Of the directions without spread in training PCA keeps one that rounding chose. It is left out here:
        # it moves a test image away from all training images alike, by about one part in d of what lies
        # outside their span.
        values, vectors = np.linalg.eigh(gram)
        keep = values > _RANK * max(values[-1], np.finfo(np.float64).tiny)
        length = np.sqrt(values[keep])
        train = vectors[:, keep] * length
        test = (products @ vectors[:, keep]) / length
    square = np.einsum("ij,ij->i", train, train)
    return Space(train, test, gram, products, square, np.einsum("ij,ij->i", test, test))


class PaperPipelines:
    """All classifiers of the paper on one draw; see `learning_curve.Learner`.

    `wanted` are names out of `NAMES`. "SVM (Platt, as published)" needs `SVC(probability=True)`, which
    scikit-learn will remove in 1.11; where it is gone, `names` does not have it.
    """

    def __init__(self, wanted: tuple[str, ...] = NAMES) -> None:
        unknown = set(wanted) - set(NAMES)
        if unknown:
            raise ValueError(f"unknown classifiers {sorted(unknown)}")
        self.names = tuple(name for name in wanted if name != SVM_PLATT or platt_exists())

    def fit_predict(
        self, X: NDArray[Any], codes: Codes, X_test: NDArray[Any], n_classes: int, seed: int
    ) -> dict[str, Codes]:
        """Predicted class codes (m,) by classifier name.

        X (n, d) raw embeddings with class codes (n,) in 0..n_classes-1, X_test (m, d); `seed` decides what
        scikit-learn leaves to chance (the folds of Platt scaling).
        """
        present = np.unique(codes)
        if len(present) < 2:
            return {name: np.full(len(X_test), present[0], np.int64) for name in self.names}
        with one_thread():
            result = self._said(X, codes, X_test, n_classes, seed)
        return {name: result[name] for name in self.names}

    def _said(
        self, X: NDArray[Any], codes: Codes, X_test: NDArray[Any], n_classes: int, seed: int
    ) -> dict[str, Codes]:
        result: dict[str, Codes] = {}
        if set(self.names) - {LINEAR_LAYER}:
            space = paper_space(X, X_test)
            if KNN in self.names:
                result[KNN] = nearest_neighbours(space, codes, n_classes)
            if LOGISTIC in self.names:
                result[LOGISTIC] = logistic(space, codes)
            if {SVM_PLATT, SVM_DECISION} & set(self.names):
                svm = support_vectors(space, codes, seed, platt=SVM_PLATT in self.names)
                result |= {name: svm[name] for name in self.names if name in svm}
        if LINEAR_LAYER in self.names:
            result[LINEAR_LAYER] = linear_layer(X, codes, X_test, n_classes)
        return result


def one_thread() -> Any:
    """A context in which BLAS, numpy's and scipy's alike, uses the calling thread alone."""
    import scipy.linalg  # noqa: F401 - it brings a BLAS of its own, which must be there to be limited
    from threadpoolctl import threadpool_limits

    return threadpool_limits(limits=1, user_api="blas")


def platt_exists() -> bool:
    """Whether the installed scikit-learn still offers Platt scaling inside its SVM."""
    from sklearn.svm import SVC

    return "probability" in inspect.signature(SVC).parameters


def nearest_neighbours(space: Space, codes: Codes, n_classes: int) -> Codes:
    """KNeighborsClassifier(weights="distance", n_neighbors=min(5 x classes, n))."""
    n = len(codes)
    k = min(NEIGHBOURS_PER_CLASS * n_classes, n)
    one_hot = np.eye(n_classes)[codes]
    squares = space.squared_distances()
    result = np.empty(len(squares), np.int64)
    for start in range(0, len(squares), _CHUNK):
        part = squares[start : start + _CHUNK]
        if k < n:
            nearest = np.argpartition(part, k - 1, axis=1)[:, :k]
            distance = np.sqrt(np.take_along_axis(part, nearest, axis=1))
            weight = _inverse(distance)
            votes = np.zeros((len(part), n_classes))
            np.add.at(votes, (np.arange(len(part))[:, None], codes[nearest]), weight)
        else:
            votes = _inverse(np.sqrt(part)) @ one_hot
        result[start : start + _CHUNK] = votes.argmax(axis=1)
    return result


def _inverse(distance: Array) -> Array:
    """1 / distance; where an image has neighbours at distance 0, these alone count."""
    with np.errstate(divide="ignore"):
        weight = 1.0 / distance
    endless = np.isinf(weight)
    some = endless.any(axis=1)
    weight[some] = endless[some]
    return np.asarray(weight)


def logistic(space: Space, codes: Codes) -> Codes:
    """LogisticRegression(C=2.5, class_weight="balanced", max_iter=10000)."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=LOGISTIC_C, class_weight="balanced", max_iter=LOGISTIC_MAX_ITER)
    return np.asarray(model.fit(space.train, codes).predict(space.test), dtype=np.int64)


def support_vectors(space: Space, codes: Codes, seed: int, *, platt: bool) -> dict[str, Codes]:
    """SVC(rbf, C=1, gamma="scale", class_weight="balanced") by its decision and by the top Platt probability.

    gamma="scale" is 1 / (columns x variance of all scores); the scores are centred, so it is n over their
    sum of squares.
    """
    from sklearn.svm import SVC

    total = float(space.train_square.sum())
    gamma = len(codes) / total if total > 0 else 1.0
    inner = space.gram * -2.0
    inner += space.train_square[:, None] + space.train_square[None, :]
    kernel = np.exp(-gamma * np.maximum(inner, 0))
    across = space.squared_distances()
    across *= -gamma
    np.exp(across, out=across)
    options: dict[str, Any] = {"probability": True, "random_state": seed} if platt else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        model = SVC(kernel="precomputed", C=SVM_C, class_weight="balanced", **options).fit(kernel, codes)
        result = {SVM_DECISION: np.asarray(model.predict(across), dtype=np.int64)}
        if platt:
            top = model.predict_proba(across).argmax(axis=1)
            result[SVM_PLATT] = np.asarray(model.classes_[top], dtype=np.int64)
    return result


LAYER_STEPS = 300
LAYER_RATE = 0.01


def linear_layer(X: NDArray[Any], codes: Codes, X_test: NDArray[Any], n_classes: int) -> Codes:
    """The paper's "LL": one linear layer on the raw embedding, trained by gradient descent.

    The paper leaves the optimiser open. Here: weighted cross-entropy (balanced), Adam (Kingma and Ba 2015)
    with a rate of 0.01 falling to 0 along a cosine, 300 passes over all images, no weight decay, start at
    zero. The embedding is divided by its root mean square, one number, so that the rate fits any backbone.
    """
    scale = float(np.sqrt(np.mean(np.square(X, dtype=np.float64)))) or 1.0
    train = np.asarray(X, np.float32) / np.float32(scale)
    n, d = train.shape
    counts = np.bincount(codes, minlength=n_classes)
    weight = (1.0 / np.maximum(counts, 1) / np.count_nonzero(counts))[codes].astype(np.float32)
    one_hot = np.eye(n_classes, dtype=np.float32)[codes]
    # The bias is one more weight, of a column of ones.
    train = np.hstack([train, np.ones((n, 1), np.float32)])
    W = np.zeros((d + 1, n_classes), np.float32)
    first, second = np.zeros_like(W), np.zeros_like(W)
    absent = counts == 0
    for step in range(1, LAYER_STEPS + 1):
        scores = train @ W
        scores[:, absent] = -np.inf
        scores -= scores.max(axis=1, keepdims=True)
        np.exp(scores, out=scores)
        scores /= scores.sum(axis=1, keepdims=True)
        scores -= one_hot
        scores *= weight[:, None]
        gradient = train.T @ scores
        first += 0.1 * (gradient - first)
        second += 0.001 * (gradient * gradient - second)
        rate = LAYER_RATE * 0.5 * (1 + np.cos(np.pi * (step - 1) / LAYER_STEPS))
        W -= rate * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
    scores = np.asarray(X_test, np.float32) / np.float32(scale) @ W[:-1] + W[-1]
    scores[:, absent] = -np.inf
    return np.asarray(scores.argmax(axis=1), dtype=np.int64)
