"""Learning curves: the same nested random draws for every classifier, so that differences are paired.

For each seed the training images of every class are shuffled once; the draw of n labels per class takes the
first n of each class (all of a class that has fewer). Draws of one seed are therefore nested, and all
classifiers see the same draws. Training and test images never share a group.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.errors import BugError, UserError
from medlabeler.domain.language import tr
from medlabeler.domain.progress import Progress, SilentProgress
from medlabeler.learning.accuracy.resampling import resampled_means
from medlabeler.learning.curves.sizes import SIZES as SIZES

Codes = NDArray[np.int64]
Rows = NDArray[np.int64]

NO_PREDICTION = -1


class Learner(Protocol):
    """One or several classifiers that share work on a draw."""

    names: tuple[str, ...]

    def fit_predict(
        self, X: NDArray[Any], codes: Codes, X_test: NDArray[Any], n_classes: int, seed: int
    ) -> dict[str, Codes]:
        """Train on embeddings X (n, d) with class codes (n,), predict the codes (m,) of X_test by name."""
        ...


class PictureLearner(Protocol):
    """Like `Learner`, of the images themselves: it is told which, and gets their pixels on its own."""

    names: tuple[str, ...]

    def fit_predict(
        self,
        rows: Rows,
        codes: Codes,
        test_rows: Rows,
        groups: NDArray[np.integer[Any]] | None,
        n_classes: int,
        seed: int,
    ) -> dict[str, Codes]:
        """Train on the images `rows` (n,) with class codes (n,), predict the codes (m,) of `test_rows` by
        name; `groups` codes by row, -1 none, or None.
        """
        ...


@dataclass(frozen=True)
class Draw:
    """A training set: `rows` of the images, `per_class` labels of each class as far as there are as many."""

    seed: int
    per_class: int
    rows: Rows


@dataclass(frozen=True)
class Point:
    """One classifier on one draw.

    `per_class` is nominal, `n_labels` the absolute count; seconds cover fit and prediction of the whole
    learner.
    """

    classifier: str
    seed: int
    per_class: int
    n_labels: int
    balanced_accuracy: float
    accuracy: float
    recall: tuple[float, ...]
    seconds: float


@dataclass
class Curve:
    """All points of a curve, and what each classifier said of each test image.

    `truth` int64 (m,) class codes of the test images, `groups` (m,) their group codes, or None; `classes`
    names of the classes; `predictions` maps (classifier, per_class, seed) to int16 codes (m,).
    """

    truth: Codes
    groups: NDArray[np.int64] | None
    classes: tuple[str, ...]
    points: list[Point]
    predictions: dict[tuple[str, int, int], NDArray[np.int16]]

    def sizes(self) -> list[int]:
        """Numbers of labels per class that have points, ascending."""
        return sorted({p.per_class for p in self.points})

    def classifiers(self) -> list[str]:
        """Names in the order in which they came."""
        return list(dict.fromkeys(p.classifier for p in self.points))

    def values(self, classifier: str, per_class: int) -> NDArray[np.float64]:
        """Balanced accuracies over the seeds, in the order of the seeds."""
        found = [
            (p.seed, p.balanced_accuracy)
            for p in self.points
            if p.classifier == classifier and p.per_class == per_class
        ]
        return np.array([value for _, value in sorted(found)])

    def n_labels(self, per_class: int) -> float:
        """Mean absolute number of labels of the draws of this size."""
        return float(np.mean([p.n_labels for p in self.points if p.per_class == per_class]))


def nested_draws(
    codes: Codes, rows: Rows, sizes: Sequence[int], seeds: Sequence[int], n_classes: int
) -> Iterator[Draw]:
    """Draws from the images `rows`, whose class codes are `codes[rows]`; sizes outside, seeds inside.

    A size is left out when no class has more images than the size before it, for it would repeat that draw.
    """
    counts = np.bincount(codes[rows], minlength=n_classes)
    shuffled = {
        seed: [rng.permutation(rows[codes[rows] == c]) for c in range(n_classes)]
        for seed in seeds
        for rng in [np.random.default_rng(seed)]
    }
    before = 0
    for size in sorted(sizes):
        if counts.max(initial=0) <= before:
            return
        before = size
        for seed in seeds:
            yield Draw(seed, size, np.concatenate([part[:size] for part in shuffled[seed]]))


def large_classes(codes: Codes, rows: Rows, n_classes: int, minimum: int) -> NDArray[np.int64]:
    """Codes of the classes with at least `minimum` training images (the paper's second figure uses 250)."""
    return np.flatnonzero(np.bincount(codes[rows], minlength=n_classes) >= minimum)


def measure_curve(
    X: NDArray[Any],
    codes: Codes,
    classes: Sequence[str],
    train: Rows,
    test: Rows,
    learners: Sequence[Learner],
    *,
    on_pictures: Sequence[PictureLearner] = (),
    groups: NDArray[np.integer[Any]] | None = None,
    sizes: Sequence[int] = SIZES,
    seeds: Sequence[int] = (0, 1, 2),
    minimum_class_size: int = 0,
    progress: Progress | None = None,
) -> Curve:
    """Fit every learner on every draw and predict all test images.

    X (n, d) embeddings (memory map allowed), codes (n,) class codes, `train` and `test` rows that have one;
    groups (n,) codes, -1 none. `on_pictures` learn from the images of the same draws. With
    `minimum_class_size`, classes with fewer training images take no part, neither in training nor in the
    test. Classes without training images stay in the test and count as missed. Reports a partial result
    after each draw. Raises `BugError` if a group, or an image, is on both sides, `UserError` if fewer than
    two classes are left or nothing can be tested.
    """
    progress = progress or SilentProgress()
    refuse_overlap(train, test, groups)
    if minimum_class_size:
        kept = large_classes(codes, train, len(classes), minimum_class_size)
        new = np.full(len(classes), NO_PREDICTION, np.int64)
        new[kept] = np.arange(len(kept))
        codes = np.where(codes >= 0, new[codes], NO_PREDICTION)
        train, test = train[codes[train] >= 0], test[codes[test] >= 0]
        classes = [classes[c] for c in kept]
    if len(np.unique(codes[train])) < 2:
        raise UserError(
            tr("A learning curve needs labelled images of at least two classes")
            + (
                tr(" with {minimum_class_size} or more of them.", minimum_class_size=minimum_class_size)
                if minimum_class_size
                else "."
            )
        )
    if len(test) == 0:
        raise UserError(tr("A learning curve needs test images whose class is known, and there are none."))
    truth = codes[test]
    X_test = np.asarray(X[test], dtype=np.float32)
    curve = Curve(
        truth, None if groups is None else np.asarray(groups)[test].astype(np.int64), tuple(classes), [], {}
    )
    draws = list(nested_draws(codes, train, sizes, seeds, len(classes)))
    for done, draw in enumerate(draws):
        progress.check()
        progress.report(
            done,
            len(draws),
            tr("{per_class} labels per class, draw {seed}", per_class=draw.per_class, seed=draw.seed),
        )
        X_draw = np.asarray(X[draw.rows], dtype=np.float32)
        of_draw, C = codes[draw.rows], len(classes)
        for fit_predict in [
            *(partial(learner.fit_predict, X_draw, of_draw, X_test) for learner in learners),
            *(partial(learner.fit_predict, draw.rows, of_draw, test, groups) for learner in on_pictures),
        ]:
            started = time.perf_counter()
            said = fit_predict(C, draw.seed)
            seconds = time.perf_counter() - started
            for name, predicted in said.items():
                point = _point(name, draw, truth, predicted, len(classes), seconds)
                curve.points.append(point)
                curve.predictions[name, draw.per_class, draw.seed] = predicted.astype(np.int16)
    progress.report(len(draws), len(draws), tr("Learning curve"))
    return curve


def refuse_overlap(train: Rows, test: Rows, groups: NDArray[np.integer[Any]] | None) -> None:
    """Raise `BugError` if an image or a group (codes (n,), -1 none) is in `train` and in `test`."""
    if len(np.intersect1d(train, test)):
        raise BugError("An image is in the training and in the test part of a learning curve.")
    if groups is not None:
        groups = np.asarray(groups)
        shared = np.intersect1d(groups[train], groups[test])
        if (shared >= 0).any():
            raise BugError("A group is in the training and in the test part of a learning curve.")


def recall_by_class(truth: Codes, predicted: NDArray[np.integer[Any]], n_classes: int) -> NDArray[np.float64]:
    """Share of each class's images that were predicted right, (C,), nan for a class without image."""
    support = np.bincount(truth, minlength=n_classes)
    right = np.bincount(truth[truth == predicted], minlength=n_classes)
    return np.where(support > 0, right / np.maximum(support, 1), np.nan)


def _point(name: str, draw: Draw, truth: Codes, predicted: Codes, n_classes: int, seconds: float) -> Point:
    recall = recall_by_class(truth, predicted, n_classes)
    return Point(
        classifier=name,
        seed=draw.seed,
        per_class=draw.per_class,
        n_labels=len(draw.rows),
        balanced_accuracy=float(np.nanmean(recall)),
        accuracy=float((truth == predicted).mean()),
        recall=tuple(float(r) for r in recall),
        seconds=seconds,
    )


@dataclass(frozen=True)
class Difference:
    """Balanced accuracy of one classifier minus that of another on the same draws, with a 95 % interval."""

    per_class: int
    mean: float
    low: float
    high: float
    n_seeds: int


def paired_difference(
    curve: Curve, first: str, second: str, per_class: int, *, resamples: int = 2000, seed: int = 0
) -> Difference:
    """Difference `first` - `second` at one size, averaged over seeds.

    The interval resamples test groups (images, where none is known) and seeds together, see
    `resampled_means`, 2.5 % to 97.5 % of `resamples` bootstrap means: both the test images and the draws are
    a sample. Within one resample all seeds meet the same test groups, as they did in truth.
    """
    seeds = sorted(s for name, size, s in curve.predictions if name == first and size == per_class)
    predicted = np.stack([[curve.predictions[name, per_class, s] for s in seeds] for name in (first, second)])
    observed, values = resampled_means(
        predicted, curve.truth, curve.groups, len(curve.classes), resamples=resamples, seed=seed
    )
    low, high = np.quantile(values[:, 0] - values[:, 1], [0.025, 0.975])
    return Difference(per_class, float(observed[0] - observed[1]), float(low), float(high), len(seeds))


def codes_of(class_ids: NDArray[np.integer[Any]], ids: Sequence[int]) -> NDArray[np.int64]:
    """Position in `ids` of each class id (n,), -1 for NO_CLASS and for classes that are not there."""
    table = {class_id: code for code, class_id in enumerate(ids)}
    unique, inverse = np.unique(class_ids, return_inverse=True)
    return np.array([table.get(int(c), -1) for c in unique], np.int64)[inverse]
