"""Plays a person who labels what a query strategy suggests, always rightly, to see what strategies buy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.types import NO_CLASS
from medlabeler.learning.classifiers.formulas import logistic_probabilities
from medlabeler.learning.classifiers.logistic_regression import Fit, fit_logistic
from medlabeler.learning.curves.learning_curve import recall_by_class, refuse_overlap
from medlabeler.learning.query.situation import Floats, Graph, Rows, Situation
from medlabeler.learning.query.suggest import RANDOM_SHARE, suggest
from medlabeler.learning.query.typicality import exact_graph


@dataclass(frozen=True)
class Play:
    """One play: what was labelled, and how good the classifier was on the way.

    `labels` int64 (b,): labels given when measured, `balanced_accuracy` float64 (b,) in 0..1 on the test
    images, `predicted` (b, m) class codes of the test images, NO_CLASS before there is a classifier; `rows`
    (t,) in the order they were labelled and `strategies` (t,), what chose each of them.
    """

    labels: NDArray[np.int64]
    balanced_accuracy: NDArray[np.float64]
    predicted: NDArray[np.int32]
    rows: Rows
    strategies: tuple[str, ...]


def play(
    features: Floats,
    truth: NDArray[np.integer[Any]],
    pool: Rows,
    test: Rows,
    strategy: str,
    *,
    budgets: Sequence[int],
    batch: int,
    seed: int,
    groups: NDArray[np.int32] | None = None,
    graph: Graph | None = None,
    random_share: float = RANDOM_SHARE,
    spread_groups: bool = False,
    names: Mapping[int, str] | None = None,
) -> Play:
    """Label images of `pool` by `strategy`, `batch` at a time, and measure on `test` at each of `budgets`.

    `features` float32 (n, d), prepared; `truth` (n,) class codes 0..C-1, those of test images are only used
    for measuring; `pool` and `test` rows; `budgets` ascending numbers of labels, those beyond the pool are
    left out, and a batch is cut to meet one; `graph` as in `Situation`, computed from the pool if None. The
    classifier is the product's default. The same seed plays the same. Raises `BugError` when pool and test
    overlap or share a group.
    """
    refuse_overlap(pool, test, groups)
    graph = graph or exact_graph(features, np.sort(pool))
    codes: NDArray[np.int32] = np.asarray(truth, np.int32)
    n_classes = int(codes.max()) + 1
    wanted = [int(b) for b in budgets if b <= len(pool)]
    is_free = np.zeros(len(features), np.bool_)
    is_free[pool] = True
    learner = SpanLearner(features, np.union1d(pool, test))
    rows: list[int] = []
    strategies: list[str] = []
    accuracy, predicted = [], []
    draws = np.random.default_rng(seed)
    for budget in wanted:
        while len(rows) < budget:
            labelled = np.array(rows, np.int64)
            situation = Situation(
                features,
                np.flatnonzero(is_free),
                labelled,
                codes[labelled],
                learner.probabilities,
                learner.classes,
                names or {},
                graph,
                groups,
                weights=learner.weights(),
            )
            found = suggest(
                strategy,
                situation,
                min(batch, budget - len(rows)),
                int(draws.integers(2**31)),
                random_share=random_share,
                spread_groups=spread_groups,
            )
            for suggestion in found:
                is_free[suggestion.row] = False
                rows.append(suggestion.row)
                strategies.append(suggestion.strategy)
            learner.fit(np.array(rows, np.int64), codes[rows])
        guess = learner.predict(test)
        predicted.append(guess)
        recall = recall_by_class(codes[test].astype(np.int64), guess, n_classes)
        accuracy.append(float(np.nanmean(recall)))
    return Play(
        np.array(wanted, np.int64),
        np.array(accuracy),
        np.array(predicted, np.int32).reshape(len(wanted), len(test)),
        np.array(rows, np.int64),
        tuple(strategies),
    )


class SpanLearner:
    """The product's logistic regression, refitted from where it stood, in few coordinates.

    The best weights lie in the span of the labelled images. An orthonormal basis of it grows with the
    labels; as long as it is smaller than d, fits are as much faster as it is smaller, and the same.
    """

    def __init__(self, features: Floats, rows: Rows) -> None:
        """Of the images only `rows` are predicted."""
        n, d = features.shape
        self._features = features
        self._rows = rows
        self._basis = np.empty((0, d), np.float32)
        self._coordinates = np.empty((n, 0), np.float32)
        self._known = 0
        self._fit: Fit | None = None
        self.classes: NDArray[np.int32] | None = None
        self.probabilities: Floats | None = None

    def fit(self, rows: Rows, codes: NDArray[np.int32]) -> None:
        """Fit on all labels; `rows` begins with those of the last call."""
        self._grow(self._features[rows[self._known :]])
        self._known = len(rows)
        classes, numbers = np.unique(codes, return_inverse=True)
        if len(classes) < 2:
            return
        Z = self._coordinates
        self._fit = fit_logistic(Z[rows], numbers, len(classes), start=self._start(classes, Z.shape[1]))
        self.classes = classes
        self.probabilities = np.zeros((len(Z), len(classes)), np.float32)
        self.probabilities[self._rows] = logistic_probabilities(
            Z[self._rows], self._fit.weights, self._fit.bias
        )

    def weights(self) -> tuple[Floats, Floats] | None:
        """Weights (d, C) and biases (C,) on the features themselves."""
        return None if self._fit is None else (self._basis.T @ self._fit.weights, self._fit.bias)

    def _grow(self, new: Floats) -> None:
        """Take the part of `new` (m, d) that the basis cannot express into it."""
        room = self._basis.shape[1] - len(self._basis)
        if room <= 0:
            return
        rest = new.copy()
        for _ in range(2):  # once leaves rounding errors of the size of what it removes
            rest -= (rest @ self._basis.T) @ self._basis
        values, vectors = np.linalg.eigh(rest @ rest.T)
        keep = np.flatnonzero(values > 1e-6)[-room:]
        added = ((vectors[:, keep].T @ rest) / np.sqrt(values[keep])[:, None]).astype(np.float32)
        self._basis = np.concatenate([self._basis, added])
        more = np.zeros((len(self._coordinates), len(added)), np.float32)
        more[self._rows] = self._features[self._rows] @ added.T
        self._coordinates = np.concatenate([self._coordinates, more], axis=1)

    def _start(self, classes: NDArray[np.int32], d: int) -> Fit | None:
        """The last fit with zeros for new coordinates and classes."""
        last = self._fit
        if last is None or self.classes is None:
            return None
        before, at = len(last.weights), np.searchsorted(classes, self.classes)
        theta = np.zeros((d + 1, len(classes)), np.float32)
        theta[:before, at] = last.weights
        theta[-1, at] = last.bias
        # A new coordinate is of one image: about as curved by its label as by the penalty.
        P = np.diag(np.full(d + 1, 0.5, np.float32))
        old = np.append(np.arange(before), d)
        P[np.ix_(old, old)] = last.preconditioner
        return Fit(theta, 0, False, P, last.n_labels)

    def predict(self, rows: Rows) -> NDArray[np.int32]:
        """Class codes of `rows`, NO_CLASS before there is a classifier."""
        if self.classes is None or self.probabilities is None:
            return np.full(len(rows), NO_CLASS, np.int32)
        return np.asarray(self.classes[self.probabilities[rows].argmax(axis=1)], np.int32)
