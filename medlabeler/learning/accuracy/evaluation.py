"""How good a classifier is: balanced accuracy on labels it has not seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.errors import UserError
from medlabeler.domain.progress import Progress, SilentProgress
from medlabeler.learning.accuracy.cross_validation import OutOfFold, Scored, choose_scored

SAME = 0.999
"""Cosine similarity of prepared embeddings of one and the same picture, saved anew perhaps."""

COMMON = 0.1
"""Pairs per image from which on a similarity is no longer a sign of near-duplicates."""

_CHUNK = 1024


class NotEnoughLabels(UserError):  # noqa: N818 - a state of the labelling, shown as a sentence
    """There are too few labels to measure anything yet."""


@dataclass(frozen=True)
class Evaluation:
    """A measurement on images whose class is known.

    `classes` int32 (C,) are the class ids measured; `recall` float64 (C,) in 0..1, nan for a class without
    image; `support` int64 (C,) images of each; `confusion` int64 (C, C), rows the truth, columns the
    prediction, in the order of `classes`; `balanced_accuracy` the mean recall of the classes that have
    images, nan if none has; `n_groups` how many groups the images come from, None without groups;
    `classes_absent` ids that are known but have no image to be measured on (or, in cross-validation, too
    few). The images scored, one by one: `truth` and `predicted` int64 (m,) index `classes`, `groups` (m,)
    codes or None, `weights` (m,) or None. `scored` and `scored_sentence` say which images these are and what
    that means.
    """

    balanced_accuracy: float
    n_images: int
    n_groups: int | None
    classes: NDArray[np.int32]
    recall: NDArray[np.float64]
    support: NDArray[np.int64]
    confusion: NDArray[np.int64]
    classes_absent: tuple[int, ...]
    truth: NDArray[np.int64]
    predicted: NDArray[np.int64]
    groups: NDArray[np.int64] | None
    weights: NDArray[np.float64] | None = None
    scored: Literal["test set", "random draws", "all labels"] = "test set"
    scored_sentence: str = ""


def score(
    y_true: NDArray[np.integer[Any]],
    y_pred: NDArray[np.integer[Any]],
    classes: NDArray[np.integer[Any]],
    groups: NDArray[np.integer[Any]] | None = None,
    weights: NDArray[np.floating[Any]] | None = None,
) -> Evaluation:
    """Compare class ids `y_pred` with `y_true`, both (n,).

    `classes` are all known class ids; ids that occur in the data only are added. A class without true
    images does not enter the balanced accuracy, but predictions of it count as wrong. `groups` are codes
    (n,), -1 for an image without group, which then counts as its own. `weights` (n,), inverse inclusion
    probabilities of the images, weigh the recalls; `support` and `confusion` stay plain counts.
    """
    y_true = np.asarray(y_true, np.int64)
    y_pred = np.asarray(y_pred, np.int64)
    known = np.asarray(classes, np.int64)
    extra = np.setdiff1d(np.concatenate([y_true, y_pred]), known)
    ids = np.concatenate([known, extra])
    order = np.argsort(ids)
    code_true = order[np.searchsorted(ids, y_true, sorter=order)]
    code_pred = order[np.searchsorted(ids, y_pred, sorter=order)]
    cell, w = code_true * len(ids) + code_pred, None if weights is None else np.asarray(weights, np.float64)
    confusion = np.bincount(cell, minlength=len(ids) ** 2).reshape(len(ids), -1)
    weighted = np.bincount(cell, weights=w, minlength=len(ids) ** 2).reshape(len(ids), -1)
    support = confusion.sum(axis=1)
    recall = np.full(len(ids), np.nan)
    present = support > 0
    recall[present] = np.diag(weighted)[present] / weighted.sum(axis=1)[present]
    return Evaluation(
        balanced_accuracy=float(recall[present].mean()) if present.any() else float("nan"),
        n_images=len(y_true),
        n_groups=None if groups is None else count_groups(groups),
        classes=ids.astype(np.int32),
        recall=recall,
        support=support.astype(np.int64),
        confusion=confusion.astype(np.int64),
        classes_absent=tuple(int(c) for c in ids[~present]),
        truth=np.asarray(code_true, np.int64),
        predicted=np.asarray(code_pred, np.int64),
        groups=None if groups is None else np.asarray(groups, np.int64),
        weights=w,
    )


def count_groups(groups: NDArray[np.integer[Any]]) -> int:
    """Number of different groups; images without group (-1) are their own."""
    groups = np.asarray(groups)
    return int(len(np.unique(groups[groups >= 0])) + np.count_nonzero(groups < 0))


def cross_validate(
    X: NDArray[np.float32],
    y: NDArray[np.integer[Any]],
    groups: NDArray[np.integer[Any]] | None,
    classifier: Any,
    seed: int,
    progress: Progress | None = None,
    folds: int = 5,
    blocks: NDArray[np.integer[Any]] | None = None,
    fair: NDArray[np.bool_] | None = None,
    names: Mapping[int, str] | None = None,
) -> Evaluation:
    """Balanced accuracy of `classifier` by stratified cross-validation on labelled images.

    X float32 (n, d) prepared, y class ids (n,), groups codes (n,) or None. `classifier` is "logistic",
    "knn", or a scikit-learn estimator, which is cloned for each fold. With groups, all images of a group
    fall into the same fold; `blocks` (n,) may say instead what must stay together, see `fold_blocks`. Each
    image is predicted once, by a classifier that has seen neither it nor its
    group. Classes with fewer than two labels (or, with groups, labels in fewer than two groups) cannot be
    measured: they stay in training, are left out of the figure and are named in `classes_absent`. The
    number of folds shrinks to the size of the smallest class that can be measured. All labels train; where
    `fair` (n,) holds enough images that were drawn at random and labelled blind, only these are scored, see
    `crossval.choose_scored`. `names` of the classes are for the sentences. Raises `NotEnoughLabels` when
    fewer than two classes can be measured.
    """
    from sklearn.base import clone
    from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

    from medlabeler.learning.classifiers.estimators import make

    progress = progress or SilentProgress()
    y = np.asarray(y, np.int64)
    if blocks is None and groups is not None:
        blocks = _blocks(groups)
    ids, counts = np.unique(y, return_counts=True)
    if blocks is not None:
        counts = np.array([len(np.unique(blocks[y == c])) for c in ids])
    measured = ids[counts >= 2]
    if len(measured) < 2:
        raise NotEnoughLabels(
            "Label at least two images of two classes to measure the accuracy."
            if groups is None
            else "Label images of at least two groups in two classes to measure the accuracy."
        )
    folds = int(max(2, min(folds, counts[counts >= 2].min())))
    inside = np.flatnonzero(np.isin(y, measured))
    always = np.flatnonzero(~np.isin(y, measured))
    if blocks is None:
        splits = StratifiedKFold(folds, shuffle=True, random_state=seed).split(inside, y[inside])
    else:
        splits = StratifiedGroupKFold(folds, shuffle=True, random_state=seed).split(
            inside, y[inside], blocks[inside]
        )
    predicted = np.full(len(y), -1, np.int64)
    for fold, (train, test) in enumerate(splits):
        progress.check()
        progress.report(fold, folds, "Measuring accuracy")
        rows = np.concatenate([inside[train], always])
        if blocks is not None:
            rows = rows[~np.isin(blocks[rows], blocks[inside[test]])]
        if len(np.unique(y[rows])) < 2 or len(test) == 0:
            continue
        model = make(classifier) if isinstance(classifier, str) else clone(classifier)
        model.fit(X[rows], y[rows])
        predicted[inside[test]] = model.predict(X[inside[test]])
    progress.report(folds, folds, "Measuring accuracy")
    if not (predicted[inside] >= 0).any():
        raise NotEnoughLabels("Too few groups carry labels to measure the accuracy.")
    chosen = _scored(y, predicted, measured, fair, names)
    rows = chosen.rows
    result = score(y[rows], predicted[rows], measured, None if groups is None else np.asarray(groups)[rows])
    absent = sorted({*result.classes_absent, *(int(c) for c in np.setdiff1d(ids, measured))})
    return replace(
        result,
        classes_absent=tuple(absent),
        scored="random draws" if chosen.unbiased else "all labels",
        scored_sentence=chosen.sentence,
    )


def _scored(
    y: NDArray[np.integer[Any]],
    predicted: NDArray[np.int64],
    measured: NDArray[np.integer[Any]],
    fair: NDArray[np.bool_] | None,
    names: Mapping[int, str] | None,
) -> Scored:
    """Which predicted images count, as rows of `y`: those of measured classes that a fold has predicted."""
    inside = np.flatnonzero(np.isin(y, measured))
    drawn = np.zeros(len(y), np.bool_) if fair is None else np.asarray(fair, np.bool_)
    fold = np.where(predicted[inside] >= 0, 0, -1).astype(np.int64)
    known_names = [(names or {}).get(int(c), f"class {c}") for c in measured]
    found = choose_scored(
        np.searchsorted(measured, y[inside]),
        OutOfFold(np.empty((len(inside), 0)), fold),
        drawn[inside],
        drawn[inside],
        known_names,
    )
    return replace(found, rows=inside[found.rows])


def fold_blocks(
    X: NDArray[np.float32], groups: NDArray[np.integer[Any]] | None, progress: Progress | None = None
) -> NDArray[np.int64] | None:
    """What must not be torn apart by folds, as codes (n,): groups, joined where they share near-duplicates.

    X float32 (n, d) prepared, of length 1. Near-duplicates have a cosine similarity of `leakage.CLOSE`, or of
    `SAME` where `CLOSE` is common: in a set of tight classes it tells the class, not the image. None where
    every image stands alone. `progress.check` is called often.
    """
    from medlabeler.learning.accuracy.leakage import CLOSE, near_duplicate_blocks

    progress = progress or SilentProgress()
    pairs = _pairs(X, CLOSE, int(COMMON * len(X)), progress)
    if pairs is None:
        pairs = _pairs(X, SAME, None, progress) or []
    if not pairs:
        return None if groups is None else _blocks(groups)
    return near_duplicate_blocks(len(X), pairs, groups)


def _pairs(
    X: NDArray[np.float32], threshold: float, at_most: int | None, progress: Progress
) -> list[tuple[int, int]] | None:
    """Pairs of rows at least as similar as `threshold`; None if there are more than `at_most`.

    Without `at_most` each row is paired with the next such row only: enough to join what is the same.
    """
    pairs: list[tuple[int, int]] = []
    for start in range(0, len(X), _CHUNK):
        progress.check()
        close = np.triu(X[start : start + _CHUNK] @ X[start:].T >= threshold, 1)
        if at_most is None:
            first = np.flatnonzero(close.any(axis=1))
            second = close[first].argmax(axis=1)
        elif len(pairs) + np.count_nonzero(close) > at_most:
            return None
        else:
            first, second = np.nonzero(close)
        pairs += zip((first + start).tolist(), (second + start).tolist(), strict=True)
    return pairs


def _blocks(groups: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
    """Group codes with a code of its own for every image without group."""
    blocks = np.asarray(groups, np.int64).copy()
    alone = blocks < 0
    blocks[alone] = (blocks.max(initial=-1) + 1) + np.arange(np.count_nonzero(alone))
    return blocks
