"""Accuracy before the test set is labelled: cross-validation that says what it scored, and prequential."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.progress import Progress, SilentProgress
from medlabeler.learning.accuracy.learned_labels import NOTHING_HONEST, LearnedLabels, splits

Codes = NDArray[np.int64]
FitPredict = Callable[[NDArray[np.float32], Codes, NDArray[np.float32]], NDArray[np.floating[Any]]]
"""Train on X (n, d) and class codes (n,), return probabilities (m, C) of the third argument (m, d)."""

ENOUGH_PER_CLASS = 15
"""Randomly drawn, blindly given labels of every class from which on only these are scored."""


FOLDS = 5
"""Parts that the labels are dealt into. Never fewer for the sake of a rare class: all others would learn from
fewer labels, and seem worse than they are.
"""

MOST_REPEATS = 10
_IMAGES_DEALT = 3000


def repeats_for(n: int) -> int:
    """How often to cross-validate n labels: ten times up to 300, once from 3,000 on.

    How the folds fall moves the figure most where labels are few, and there a repeat costs least: the same
    671 labels gave .519 to .559 over four ways to deal the folds.
    """
    return max(1, min(MOST_REPEATS, _IMAGES_DEALT // max(n, 1)))


@dataclass(frozen=True)
class OutOfFold:
    """Probabilities (r, n, C) of every labelled image in each of r repeats, by a classifier that saw neither
    it nor its block. Rows of nan where that was impossible. `fold` (r, n) says in which fold an image was
    left out, -1 never.
    """

    probabilities: NDArray[np.float64]
    fold: Codes

    @property
    def predicted(self) -> Codes:
        """Most probable class codes (r, n), -1 where there is no prediction."""
        known = self.fold >= 0
        result = np.full(self.fold.shape, -1, np.int64)
        result[known] = self.probabilities[known].argmax(axis=1)
        return result

    @property
    def known(self) -> NDArray[np.bool_]:
        """Images (n,) that every repeat has predicted."""
        return np.asarray((self.fold >= 0).all(axis=0))


@dataclass(frozen=True)
class Scored:
    """Which out-of-fold predictions count: indices `rows` (m,), and the `sentence` that says why."""

    rows: NDArray[np.int64]
    unbiased: bool
    sentence: str


def grouped_folds(
    codes: Codes,
    blocks: NDArray[np.integer[Any]],
    folds: int,
    seed: int | Sequence[int],
    images: NDArray[np.integer[Any]] | None = None,
) -> Codes:
    """Fold (n,) of each image: blocks stay whole, classes are spread as evenly as that allows.

    Blocks are dealt out greedily, the most lopsided first, each to the fold where it leaves the classes most
    even (the idea of scikit-learn's StratifiedGroupKFold, here for counts relative to the class). A class of
    fewer blocks than folds is missing from some. `images` (n,) numbers that an image keeps whatever else is
    labelled, its place if None: chance goes by them, so that labels of a new rare class leave the images of
    all others in the folds where they were.
    """
    numbers = np.arange(len(codes)) if images is None else np.asarray(images, np.int64)
    chance = _chances(numbers, seed)
    unit = np.unique(np.asarray(blocks), return_inverse=True)[1]
    n_units = int(unit.max(initial=-1)) + 1
    if n_units == len(codes):
        return _dealt(codes, folds, chance)
    n_classes = int(codes.max(initial=0)) + 1
    counts = np.zeros((n_units, n_classes))
    np.add.at(counts, (unit, codes), 1)
    share = counts / np.maximum(counts.sum(axis=0), 1)
    # The chance of a block is that of its first image.
    first = np.full(n_units, np.iinfo(np.int64).max)
    np.minimum.at(first, unit, numbers)
    order = np.argsort(_chances(first, seed), kind="stable")
    order = order[np.argsort(-share[order].max(axis=1), kind="stable")]
    common = (counts > 0).sum(axis=0) >= folds
    filled = np.zeros((folds, n_classes))
    given = np.zeros(n_units, np.int64)
    for block in order:
        own = share[block] > 0
        after = filled + share[block]
        # Only the block's own classes matter; among equal folds the emptiest takes it. Rare classes count
        # for each other only: they must not push the common ones about.
        counted = common if (own & common).any() else np.ones(n_classes, np.bool_)
        cost = after[:, own].sum(axis=1) + 1e-3 * filled[:, counted].sum(axis=1)
        given[block] = int(cost.argmin())
        filled[given[block]] += share[block]
    return np.asarray(given[unit], dtype=np.int64)


def _dealt(codes: Codes, folds: int, chance: NDArray[np.uint64]) -> Codes:
    """Fold (n,) of images that may be dealt one by one, class by class, the most frequent class first, going
    on where the last ended.
    """
    frequency = np.bincount(codes)[codes]
    order = np.lexsort((chance, codes, -frequency))
    fold = np.empty(len(codes), np.int64)
    fold[order] = np.arange(len(codes)) % folds
    return fold


def _chances(numbers: NDArray[np.int64], seed: int | Sequence[int]) -> NDArray[np.uint64]:
    """A random number uint64 (n,) for each of `numbers`, the same whatever the others are (SplitMix64,
    Steele, Lea and Flood 2014).
    """
    start = np.random.SeedSequence(seed).generate_state(1, np.uint64)[0]
    with np.errstate(over="ignore"):
        z = start + (numbers.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(z ^ (z >> np.uint64(31)))


def sides(
    codes: Codes, blocks: NDArray[np.integer[Any]], folds: int, seed: int | Sequence[int]
) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Indices that train and indices that are left out, for each fold in which something can be learned."""
    fold = grouped_folds(codes, blocks, folds, seed)
    pairs = [(np.flatnonzero(fold != k), np.flatnonzero(fold == k)) for k in range(folds)]
    return [(train, out) for train, out in pairs if len(out) and len(np.unique(codes[train])) > 1]


def out_of_fold(
    X: NDArray[np.float32],
    codes: Codes,
    n_classes: int,
    fit_predict: FitPredict,
    *,
    blocks: NDArray[np.integer[Any]] | None = None,
    images: NDArray[np.integer[Any]] | None = None,
    teaching: NDArray[np.bool_] | None = None,
    folds: int = FOLDS,
    repeats: int = 1,
    seed: int = 0,
    progress: Progress | None = None,
    learned: LearnedLabels | None = None,
) -> OutOfFold:
    """Out-of-fold probabilities of the labelled images X (n, d) with class codes (n,), `repeats` times.

    `blocks` (n,) codes of what must stay together: groups joined with near-duplicates
    (`leakage.near_duplicate_blocks`); `images` (n,) as for `grouped_folds`. Images that only teach,
    `teaching` (n,), are never left out; they train except where their block is left out. Raises `UserError`
    where fewer than two blocks or classes exist. `progress.check` is called before each fold. Where the
    embedding `learned` from labels, only what `learned_labels` calls honest has values, by one repeat, and
    its blocks count.
    """
    progress = progress or SilentProgress()
    if learned is not None and learned.used.any():
        return _honest(X, codes, n_classes, fit_predict, learned, images, teaching, folds, seed, progress)
    unit = np.arange(len(codes)) if blocks is None else np.asarray(blocks)
    numbers = np.arange(len(codes)) if images is None else np.asarray(images)
    only = np.zeros(len(codes), np.bool_) if teaching is None else teaching
    judged, always = np.flatnonzero(~only), np.flatnonzero(only)
    n_blocks = len(np.unique(unit[judged]))
    if n_blocks < 2:
        raise UserError(
            tr(
                "All labelled images come from one group, so accuracy cannot be cross-validated; "
                "label images of other groups."
            )
        )
    if len(np.unique(codes)) < 2:
        raise UserError(tr("Only one class has labels; label images of a second class to measure accuracy."))
    folds = min(folds, n_blocks)
    fold = np.full((repeats, len(codes)), -1, np.int64)
    probabilities = np.full((repeats, len(codes), n_classes), np.nan)
    for repeat in range(repeats):
        dealt = grouped_folds(codes[judged], unit[judged], folds, (seed, repeat), numbers[judged])
        for k in range(folds):
            progress.check()
            progress.report(repeat * folds + k, repeats * folds, tr("Cross-validation"))
            out = judged[dealt == k]
            train = judged[dealt != k]
            if len(always):
                train = np.concatenate([train, always[~np.isin(unit[always], unit[out])]])
            if not len(out) or len(np.unique(codes[train])) < 2:
                continue
            fold[repeat, out] = k
            probabilities[repeat, out] = fit_predict(X[train], codes[train], X[out])
    progress.report(repeats * folds, repeats * folds, tr("Cross-validation"))
    return OutOfFold(probabilities, fold)


def _honest(
    X: NDArray[np.float32],
    codes: Codes,
    n_classes: int,
    fit_predict: FitPredict,
    learned: LearnedLabels,
    images: NDArray[np.integer[Any]] | None,
    teaching: NDArray[np.bool_] | None,
    folds: int,
    seed: int,
    progress: Progress,
) -> OutOfFold:
    """`out_of_fold` on an embedding that has learned from labels; `UserError` where nothing is honest."""
    numbers = np.arange(len(codes)) if images is None else np.asarray(images)
    judged = np.ones(len(codes), np.bool_) if teaching is None else ~teaching

    def deal(since: NDArray[np.int64]) -> Codes:
        return grouped_folds(codes[since], learned.blocks[since], folds, (seed, 0), numbers[since])

    fold = np.full((1, len(codes)), -1, np.int64)
    probabilities = np.full((1, len(codes), n_classes), np.nan)
    found = splits(learned, codes, judged, deal)
    if not found:
        raise UserError(NOTHING_HONEST)
    for k, (train, out, view) in enumerate(found):
        progress.check()
        progress.report(k, len(found), "Cross-validation")
        vectors = X if view is None else learned.views[view]
        fold[0, out] = k
        probabilities[0, out] = fit_predict(vectors[train], codes[train], vectors[out])
    return OutOfFold(probabilities, fold)


def enough_fair(codes: Codes, fair: NDArray[np.bool_]) -> bool:
    """Whether every class of `codes` (n,) has enough images that were drawn at random and labelled blind."""
    present = np.unique(codes)
    counts = np.bincount(codes[fair], minlength=int(codes.max(initial=0)) + 1)[present]
    return bool((counts >= ENOUGH_PER_CLASS).all())


def choose_scored(
    codes: Codes, known: NDArray[np.bool_], fair: NDArray[np.bool_], names: Sequence[str]
) -> Scored:
    """Score randomly drawn and blindly labelled images only, once every labelled class has enough of them.

    `known` (n,) the image has a prediction; `fair` (n,) it was drawn at random, not chosen by a strategy, a
    person or in bulk, and labelled without sight of a prediction. All images train either way.
    """
    fair = known & fair
    if enough_fair(codes, fair):
        n = int(fair.sum())
        return Scored(
            np.flatnonzero(fair),
            True,
            tr("Scored on {n} randomly drawn images that were labelled blind.", n=n),
        )
    present = np.unique(codes)
    counts = np.bincount(codes[fair], minlength=len(names))[present]
    least = int(present[counts.argmin()])
    return Scored(
        np.flatnonzero(known),
        False,
        tr(
            "Scored on all {sum} labels, chosen ones included, so the figure may be too "
            "high or too low: {names} has {min} randomly drawn, blindly given labels of "
            "the {enough_per_class} needed.",
            sum=int(known.sum()),
            names=names[least],
            min=int(counts.min()),
            enough_per_class=ENOUGH_PER_CLASS,
        ),
    )


@dataclass(frozen=True)
class Prequential:
    """Test-then-train accuracy: how often the prediction made before each label was right (0..1), with the
    exact 95 % interval, over `n` recent random draws; nan without any.
    """

    accuracy: float
    low: float
    high: float
    n: int


def prequential(
    predicted_before: NDArray[np.integer[Any]],
    labelled: NDArray[np.integer[Any]],
    random_draw: NDArray[np.bool_],
    window: int = 100,
) -> Prequential:
    """Accuracy of the predictions that stood before the labels came, (n,) in the order of labelling, -1 where
    none stood; only random draws count, the last `window` of them. Plain accuracy at the pool's prevalence.
    """
    from medlabeler.learning.accuracy.intervals import exact_limits

    use = np.flatnonzero(random_draw & (np.asarray(predicted_before) >= 0))[-window:]
    if len(use) == 0:
        return Prequential(float("nan"), 0.0, 1.0, 0)
    accuracy = float((np.asarray(predicted_before)[use] == np.asarray(labelled)[use]).mean())
    low, high = exact_limits(np.asarray(accuracy), np.asarray(float(len(use))), np.asarray(np.inf))
    return Prequential(accuracy, float(low), float(high), len(use))
