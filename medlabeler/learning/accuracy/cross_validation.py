"""Accuracy before the test set is labelled: cross-validation that says what it scored, and prequential."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.errors import UserError
from medlabeler.domain.progress import Progress, SilentProgress

Codes = NDArray[np.int64]
FitPredict = Callable[[NDArray[np.float32], Codes, NDArray[np.float32]], NDArray[np.floating[Any]]]
"""Train on X (n, d) and class codes (n,), return probabilities (m, C) of the third argument (m, d)."""

ENOUGH_PER_CLASS = 15
"""Randomly drawn, blindly given labels of every class from which on only these are scored."""


@dataclass(frozen=True)
class OutOfFold:
    """Probabilities (n, C) of every labelled image by a classifier that saw neither it nor its block.

    Rows of nan where that was impossible. `fold` (n,) says in which fold an image was left out, -1 never.
    """

    probabilities: NDArray[np.float64]
    fold: Codes

    @property
    def predicted(self) -> Codes:
        """Most probable class codes (n,), -1 where there is no prediction."""
        known = self.fold >= 0
        result = np.full(len(self.fold), -1, np.int64)
        result[known] = self.probabilities[known].argmax(axis=1)
        return result


@dataclass(frozen=True)
class Scored:
    """Which out-of-fold predictions count: indices `rows` (m,), and the `sentence` that says why."""

    rows: NDArray[np.int64]
    unbiased: bool
    sentence: str


def grouped_folds(codes: Codes, blocks: NDArray[np.integer[Any]], folds: int, seed: int) -> Codes:
    """Fold (n,) of each image: blocks stay whole, classes are spread as evenly as that allows.

    Blocks are dealt out greedily, the most lopsided first, each to the fold where it leaves the classes most
    even (the idea of scikit-learn's StratifiedGroupKFold, here for counts relative to the class).
    """
    unit = np.unique(np.asarray(blocks), return_inverse=True)[1]
    n_classes = int(codes.max(initial=0)) + 1
    counts = np.zeros((int(unit.max(initial=-1)) + 1, n_classes))
    np.add.at(counts, (unit, codes), 1)
    share = counts / np.maximum(counts.sum(axis=0), 1)
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(share))
    order = order[np.argsort(-share[order].max(axis=1), kind="stable")]
    filled = np.zeros((folds, n_classes))
    given = np.zeros(len(share), np.int64)
    for block in order:
        after = filled + share[block]
        # Only the block's own classes matter; among equal folds the emptiest takes it.
        cost = (after * (share[block] > 0)).sum(axis=1) + 1e-3 * filled.sum(axis=1)
        given[block] = int(cost.argmin())
        filled[given[block]] += share[block]
    return np.asarray(given[unit], dtype=np.int64)


def out_of_fold(
    X: NDArray[np.float32],
    codes: Codes,
    n_classes: int,
    fit_predict: FitPredict,
    *,
    blocks: NDArray[np.integer[Any]] | None = None,
    folds: int = 5,
    seed: int = 0,
    progress: Progress | None = None,
) -> OutOfFold:
    """Out-of-fold probabilities of the labelled images X (n, d) with class codes (n,).

    `blocks` (n,) codes of what must stay together: groups joined with near-duplicates
    (`leakage.near_duplicate_blocks`). Raises `UserError` where fewer than two blocks or classes exist.
    """
    progress = progress or SilentProgress()
    unit = np.arange(len(codes)) if blocks is None else np.asarray(blocks)
    n_blocks = len(np.unique(unit))
    if n_blocks < 2:
        raise UserError(
            "All labelled images come from one group, so accuracy cannot be cross-validated; "
            "label images of other groups."
        )
    if len(np.unique(codes)) < 2:
        raise UserError("Only one class has labels; label images of a second class to measure accuracy.")
    fold = grouped_folds(codes, unit, min(folds, n_blocks), seed)
    probabilities = np.full((len(codes), n_classes), np.nan)
    n_folds = int(fold.max()) + 1
    for k in range(n_folds):
        progress.check()
        progress.report(k, n_folds, "Cross-validation")
        out = fold == k
        if not out.any():
            continue
        if len(np.unique(codes[~out])) < 2:
            fold[out] = -1
            continue
        probabilities[out] = fit_predict(X[~out], codes[~out], X[out])
    return OutOfFold(probabilities, fold)


def choose_scored(
    codes: Codes,
    out: OutOfFold,
    random_draw: NDArray[np.bool_],
    blind: NDArray[np.bool_],
    names: Sequence[str],
) -> Scored:
    """Score randomly drawn and blindly labelled images only, once every labelled class has enough of them.

    `random_draw` (n,) the image was drawn at random, not chosen by a strategy, a person or in bulk; `blind`
    (n,) it was labelled without sight of a prediction. All images train either way.
    """
    known = out.fold >= 0
    fair = known & random_draw & blind
    present = np.unique(codes)
    counts = np.bincount(codes[fair], minlength=len(names))[present]
    if (counts >= ENOUGH_PER_CLASS).all():
        n = int(fair.sum())
        return Scored(
            np.flatnonzero(fair), True, f"Scored on {n} randomly drawn images that were labelled blind."
        )
    least = int(present[counts.argmin()])
    return Scored(
        np.flatnonzero(known),
        False,
        f"Scored on all {int(known.sum())} labels, chosen ones included, so the figure may be too high or "
        f"too low: {names[least]} has {int(counts.min())} randomly drawn, blindly given labels of the "
        f"{ENOUGH_PER_CLASS} needed.",
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
