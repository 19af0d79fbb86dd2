"""How good a classifier is: balanced accuracy on labels it has not seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.progress import Progress, SilentProgress
from medlabeler.learning.accuracy.cross_validation import (
    FOLDS,
    FitPredict,
    choose_scored,
    out_of_fold,
    repeats_for,
)
from medlabeler.learning.accuracy.learned_labels import LearnedLabels
from medlabeler.learning.accuracy.metrics import Metrics, measure
from medlabeler.learning.accuracy.pool_values import (
    MOST_CHOSEN,
    MOST_LABELS,
    NO_DRAW,
    NOTHING,
    OUT_OF_FOLD_LEVEL,
    TOO_MANY_CHOSEN,
    UNMEASURED,
    InPool,
    in_pool,
)
from medlabeler.learning.accuracy.resampling import count_groups, own_groups
from medlabeler.learning.at_once import rows_at_once

SAME = 0.999
"""Cosine similarity of prepared embeddings of one and the same picture, saved anew perhaps."""

COMMON = 0.1
"""Pairs per image from which on a similarity is no longer a sign of near-duplicates."""

ScoredOn = Literal["test set", "random draws", "nearly all", "all labels"]

NEARLY_ALL = 0.95
"""Share of the pool from which on its labels count as all of it: what chose them left hardly any out."""

_CHUNK = 1024


class NotEnoughLabels(UserError):  # noqa: N818 - a state of the labelling, shown as a sentence
    """There are too few labels to measure anything yet."""


@dataclass(frozen=True)
class Evaluation:
    """A measurement on images whose class is known.

    `classes` int32 (C,) are the class ids measured; `figures` the metrics, arrays in the order of `classes`,
    nan for a class without image; `n_groups` how many known groups the images come from, None where none of
    them has one, `n_ungrouped` images without group; `classes_absent` ids that are known but have no image to
    be measured on (or, in cross-validation, too few). The images scored, one by one: `truth` int64 (m,) and
    `predicted` (r, m) index `classes`, by r repeats of a cross-validation or once; `shares` (r, m, C) are the
    probabilities, if known; `groups` (m,) codes or None, `weights` (m,) or None; `rows` (m,) their places
    among what was given. `scored` and `scored_sentence` say which images these are and what that means;
    `folds_sentence` how a cross-validation was done. `in_pool` (C,) what the `n_draws` images among all known
    ones that were drawn at random say of each class in the pool; `draw_problem`: why they say nothing.
    `learned`: how it was measured if the embedding has learned from labels, else empty.
    """

    n_images: int
    n_groups: int | None
    n_ungrouped: int
    classes: NDArray[np.int32]
    figures: Metrics
    classes_absent: tuple[int, ...]
    truth: NDArray[np.int64]
    predicted: NDArray[np.int64]
    groups: NDArray[np.int64] | None
    weights: NDArray[np.float64] | None
    rows: NDArray[np.int64]
    shares: NDArray[np.float64] | None = None
    scored: ScoredOn = "test set"
    scored_sentence: str = ""
    folds_sentence: str = ""
    in_pool: tuple[InPool, ...] = ()
    n_draws: int = 0
    draw_problem: str = ""
    learned: str = ""

    @property
    def balanced_accuracy(self) -> float:
        """The mean recall of the classes that have images, nan if none has."""
        return self.figures.balanced_accuracy

    @property
    def recall(self) -> NDArray[np.float64]:
        """Recall of each class, float64 (C,) in 0..1, nan for a class without image."""
        return self.figures.recall

    @property
    def support(self) -> NDArray[np.int64]:
        """Images of each class, int64 (C,)."""
        return self.figures.support

    @property
    def usual(self) -> NDArray[np.int64]:
        """The class each image was predicted as most often, int64 (m,), indices of `classes`."""
        if len(self.predicted) == 1:
            return np.asarray(self.predicted[0])
        votes = np.zeros((len(self.truth), len(self.classes)))
        np.add.at(votes, (np.arange(len(votes))[None, :], self.predicted), 1)
        if self.shares is not None:  # of two classes said as often the more probable one
            votes += self.shares.mean(axis=0) / 2
        return np.asarray(votes.argmax(axis=1))

    @property
    def confusion(self) -> NDArray[np.int64]:
        """Images int64 (C, C) by true class and by the class they were `usual`ly predicted as."""
        n = len(self.classes)
        cells = np.bincount(self.truth * n + self.usual, minlength=n * n)
        return np.asarray(cells.reshape(n, n), dtype=np.int64)


def score(
    y_true: NDArray[np.integer[Any]],
    y_pred: NDArray[np.integer[Any]],
    classes: NDArray[np.integer[Any]],
    groups: NDArray[np.integer[Any]] | None = None,
    weights: NDArray[np.floating[Any]] | None = None,
    shares: NDArray[np.float64] | None = None,
    draw_problem: str = NO_DRAW,
    progress: Progress | None = None,
) -> Evaluation:
    """Compare class ids `y_pred` (n,), or (r, n) by r repeats, with `y_true` (n,).

    `classes` are all known class ids; ids that occur in the data only are added. A class without true
    images does not enter the balanced accuracy, but predictions of it count as wrong. `groups` are codes
    (n,), -1 for an image without group. `weights` (n,), inverse inclusion probabilities of the images, weigh
    the figures; support and confusion stay plain counts. `shares` (r, n, C) probabilities by `classes`, to
    which nothing may then have to be added. `draw_problem`: why the images are no random draw from the
    pool, with `weights`; empty if they are. `progress.check` is called often.
    """
    truth, said = np.asarray(y_true, np.int64), np.atleast_2d(np.asarray(y_pred, np.int64))
    known = np.asarray(classes, np.int64)
    ids = np.concatenate([known, np.setdiff1d(np.concatenate([truth, said.ravel()]), known)])
    order = np.argsort(ids)
    code_true = np.asarray(order[np.searchsorted(ids, truth, sorter=order)], np.int64)
    code_said = np.asarray(order[np.searchsorted(ids, said, sorter=order)], np.int64)
    w = None if weights is None else np.asarray(weights, np.float64)
    figures = measure(code_true, code_said, len(ids), shares, w, progress=progress)
    n_groups, n_ungrouped = count_groups(groups, len(truth))
    return Evaluation(
        n_images=len(truth),
        n_groups=n_groups,
        n_ungrouped=n_ungrouped,
        classes=ids.astype(np.int32),
        figures=figures,
        classes_absent=tuple(int(c) for c in ids[figures.support == 0]),
        truth=code_true,
        predicted=code_said,
        groups=None if groups is None else np.asarray(groups, np.int64),
        weights=w,
        rows=np.arange(len(truth)),
        shares=shares,
        in_pool=(NOTHING,) * len(ids) if draw_problem else in_pool(code_true, code_said, len(ids), groups, w),
        n_draws=0 if draw_problem else len(truth),
        draw_problem=draw_problem,
    )


def cross_validate(
    X: NDArray[np.float32],
    y: NDArray[np.integer[Any]],
    groups: NDArray[np.integer[Any]] | None,
    classifier: Any,
    seed: int,
    progress: Progress | None = None,
    folds: int = FOLDS,
    blocks: NDArray[np.integer[Any]] | None = None,
    images: NDArray[np.integer[Any]] | None = None,
    fair: NDArray[np.bool_] | None = None,
    names: Mapping[int, str] | None = None,
    repeats: int | None = None,
    n_pool: int | None = None,
    learned: LearnedLabels | None = None,
) -> Evaluation:
    """Accuracy of `classifier` by repeated, stratified cross-validation on labelled images.

    X float32 (n, d) prepared, y class ids (n,), groups codes (n,) or None. `classifier` is "logistic",
    "knn", or an estimator with `predict_proba`, which is cloned for each fold. With groups, all images of
    a group fall into the same fold; `blocks` (n,) may say instead what must stay together, see
    `fold_blocks`; `images` (n,) are the numbers that chance deals them by, see `grouped_folds`. In each
    of the `repeats` (`repeats_for` if None) every image is predicted once, by a classifier that has seen
    neither it nor its group; the figures are means over the repeats and of no more images for it. Classes
    with fewer than two labels (or, with groups, labels in fewer than two groups) cannot be measured: they
    stay in training, are left out of the figure and are named in `classes_absent`. A class that is rarer
    than there are folds leaves their number as it is, and is named in `folds_sentence`. All labels train;
    where `fair` (n,) holds enough images that were drawn at random and labelled blind, only these are
    scored, see `cross_validation.choose_scored`. `names` of the classes are for the sentences. The images
    `fair` also tell what the pool holds, as long as few of its `n_pool` images were labelled by choice. Where
    nearly all of these are labelled, their labels are no choice of anybody's either.
    `learned`: what the embedding has seen of the labels itself, see `learned_labels`; `folds_sentence` says
    what the figure rests on then.
    Raises `NotEnoughLabels` when fewer than two classes can be measured.
    """
    progress = progress or SilentProgress()
    y = np.asarray(y, np.int64)
    ids, codes = np.unique(y, return_inverse=True)
    unit = blocks if blocks is not None else own_groups(groups, len(y))
    if learned is not None:
        unit = learned.blocks
    in_blocks = np.array([len(np.unique(unit[codes == c])) for c in range(len(ids))])
    measured = np.flatnonzero(in_blocks >= 2)
    if len(measured) < 2:
        raise NotEnoughLabels(
            tr("Label at least two images of two classes to measure the accuracy.")
            if groups is None
            else tr("Label images of at least two groups in two classes to measure the accuracy.")
        )
    teaching = ~np.isin(codes, measured)
    repeats = repeats_for(len(y)) if repeats is None else repeats
    try:
        out = out_of_fold(
            X, codes, len(ids), _fitted(classifier, len(ids), progress),
            blocks=unit, images=images, teaching=teaching, folds=folds, repeats=repeats, seed=seed,
            progress=progress, learned=learned,
        )  # fmt: skip
    except UserError as error:
        raise NotEnoughLabels(str(error)) from error
    if not out.known.any():
        raise NotEnoughLabels(tr("Too few groups carry labels to measure the accuracy."))
    known_names = [(names or {}).get(int(c), f"class {c}") for c in ids]
    inside = np.flatnonzero(~teaching)
    drawn = np.zeros(len(y), np.bool_) if fair is None else np.asarray(fair, np.bool_)
    chosen = choose_scored(codes[inside], out.known[inside], drawn[inside], known_names)
    rows = inside[chosen.rows]
    # Of the classes that cannot be measured those stay that images were taken for.
    said = out.predicted[:, rows]
    kept = np.union1d(measured, said)
    result = score(
        y[rows],
        ids[said],
        ids[kept],
        None if groups is None else np.asarray(groups)[rows],
        shares=out.probabilities[:, rows][:, :, kept],
        progress=progress,
    )
    progress.check()
    tell = np.flatnonzero(drawn)
    why = ""
    if n_pool is not None and len(y) - len(tell) > MOST_CHOSEN * n_pool:
        why = TOO_MANY_CHOSEN
    elif len(y) > MOST_LABELS:
        why = UNMEASURED
    of_pool = in_pool(
        codes[tell],
        out.predicted[:, tell],
        len(ids),
        None if groups is None else np.asarray(groups)[tell],
        level=OUT_OF_FOLD_LEVEL,
    )
    scored: ScoredOn = "random draws" if chosen.unbiased else "all labels"
    told = chosen.sentence
    if not chosen.unbiased and n_pool is not None and len(y) >= NEARLY_ALL * n_pool:
        scored = "nearly all"
        told = tr(
            "Scored on all {n:,} labels: {share:.0f} % of the training images, so hardly any was left out.",
            n=len(rows),
            share=min(100.0, 100 * len(y) / n_pool),
        )
    absent = sorted({*result.classes_absent, *(int(c) for c in np.delete(ids, measured))})
    rare = [c for c in measured.tolist() if in_blocks[c] < folds]
    by = _folds_sentence(
        int(out.fold.max()) + 1, repeats, [known_names[c] for c in rare], len(np.unique(unit)) < len(y)
    )
    honest = learned.sentence(rows) if learned is not None and learned.used.any() else ""
    return replace(
        result,
        rows=rows,
        classes_absent=tuple(absent),
        in_pool=(NOTHING,) * len(kept) if why else tuple(of_pool[c] for c in kept.tolist()),
        n_draws=len(tell),
        draw_problem=why,
        scored=scored,
        scored_sentence=told,
        folds_sentence=honest or by,
        learned=honest,
    )


def _fitted(classifier: Any, n_classes: int, progress: Progress) -> FitPredict:
    """Probabilities by a fresh `classifier`, 0 for classes that it has not learned. A fold of many labels
    takes a tenth of a second, and somebody's click may wait for it: `progress.check` is called within it.
    """
    from sklearn.base import clone

    from medlabeler.learning.classifiers.estimators import LogisticClassifier, make

    def fit_predict(
        train: NDArray[np.float32], codes: NDArray[np.int64], wanted: NDArray[np.float32]
    ) -> NDArray[np.float64]:
        model = make(classifier) if isinstance(classifier, str) else clone(classifier)
        if isinstance(model, LogisticClassifier):
            model.check = progress.check
        model.fit(train, codes)
        shares = np.zeros((len(wanted), n_classes))
        shares[:, model.classes_] = model.predict_proba(wanted)
        return shares

    return fit_predict


def _folds_sentence(folds: int, repeats: int, rare: Sequence[str], blocks: bool) -> str:
    """How the cross-validation was done, and for which classes a fold is missing."""
    often = (
        tr("The mean of {repeats} cross-validations", repeats=repeats)
        if repeats > 1
        else tr("One cross-validation")
    )
    text = tr("{often} with {folds} folds.", often=often, folds=folds)
    if not rare:
        return text
    which = ", ".join(rare[:3]) + (
        tr(" and {rare} more classes", rare=len(rare) - 3) if len(rare) > 3 else ""
    )
    what = tr("labels that can be told apart") if blocks else "labels"
    verb, recall = ("is", tr("its recall rests")) if len(rare) == 1 else ("are", tr("their recalls rest"))
    return tr(
        "{text} With fewer {what} than folds, {which} {verb} missing from some: {recall} on very little.",
        text=text,
        what=what,
        which=which,
        verb=verb,
        recall=recall,
    )


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
        return None if groups is None else own_groups(groups, len(X))
    return near_duplicate_blocks(len(X), pairs, groups)


def _pairs(
    X: NDArray[np.float32], threshold: float, at_most: int | None, progress: Progress
) -> list[tuple[int, int]] | None:
    """Pairs of rows at least as similar as `threshold`; None if there are more than `at_most`.

    Without `at_most` each row is paired with the next such row only: enough to join what is the same.
    """
    pairs: list[tuple[int, int]] = []
    together = rows_at_once(len(X), _CHUNK)
    for start in range(0, len(X), together):
        progress.check()
        close = X[start : start + together] @ X[start:].T >= threshold
        close[:, :together] = np.triu(close[:, :together], 1)
        if at_most is None:
            first = np.flatnonzero(close.any(axis=1))
            second = close[first].argmax(axis=1)
        elif len(pairs) + np.count_nonzero(close) > at_most:
            return None
        else:
            first, second = np.nonzero(close)
        pairs += zip((first + start).tolist(), (second + start).tolist(), strict=True)
    return pairs
