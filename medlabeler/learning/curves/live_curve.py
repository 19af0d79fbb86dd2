"""The learning curve of the labels at hand, by cross-validation, in small steps that can be abandoned."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.learning.accuracy.cross_validation import FOLDS, sides
from medlabeler.learning.curves.learning_curve import (
    NO_PREDICTION,
    SIZES,
    Codes,
    Learner,
    nested_draws,
    recall_by_class,
)


@dataclass(frozen=True)
class LivePoint:
    """Balanced accuracy of one repeat at one size: every scored image was predicted once, by a classifier
    trained on `per_class` labels of each class (all where there are fewer) of other folds.
    """

    classifier: str
    seed: int
    per_class: int
    n_labels: float
    balanced_accuracy: float


def live_curve(
    X: NDArray[np.float32],
    codes: Codes,
    n_classes: int,
    learners: Sequence[Learner],
    *,
    blocks: NDArray[np.integer[Any]] | None = None,
    scored: NDArray[np.int64] | None = None,
    sizes: Sequence[int] = SIZES,
    folds: int = FOLDS,
    repeats: int | None = 10,
) -> Iterator[list[LivePoint]]:
    """Points of all learners at one size of one repeat, sizes ascending, repeat after repeat.

    X (n, d) and class codes (n,) of the labelled images; `blocks` (n,) what must stay in one fold
    (`leakage.near_duplicate_blocks`); `scored` indices that count (`cross_validation.choose_scored`), all
    if None; `repeats` None goes on for ever. Nothing is yielded when fewer than two classes or blocks
    have labels. The caller stops by dropping the iterator; no step takes longer than one size of one
    repeat.
    """
    unit = np.arange(len(codes)) if blocks is None else np.asarray(blocks)
    folds = min(folds, len(np.unique(unit)))
    if folds < 2 or len(np.unique(codes)) < 2:
        return
    counted = np.zeros(len(codes), bool)
    counted[np.arange(len(codes)) if scored is None else scored] = True
    for seed in count() if repeats is None else range(repeats):
        pairs = sides(codes, unit, folds, seed)
        tests = [(test, X[test]) for _, test in pairs]
        draws = [
            {d.per_class: d for d in nested_draws(codes, train, sizes, [seed], n_classes)}
            for train, _ in pairs
        ]
        for size in sorted(set().union(*draws)):
            predicted: dict[str, Codes] = {}
            labels = []
            for (test, X_test), of_size in zip(tests, draws, strict=True):
                draw = of_size.get(size) or of_size[max(of_size)]
                labels.append(len(draw.rows))
                for learner in learners:
                    said = learner.fit_predict(X[draw.rows], codes[draw.rows], X_test, n_classes, seed)
                    for name, values in said.items():
                        predicted.setdefault(name, np.full(len(codes), NO_PREDICTION))[test] = values
            yield [
                LivePoint(
                    name, seed, size, float(np.mean(labels)), _balanced(codes, values, counted, n_classes)
                )
                for name, values in predicted.items()
            ]


def _balanced(codes: Codes, predicted: Codes, counted: NDArray[np.bool_], n_classes: int) -> float:
    use = counted & (predicted != NO_PREDICTION)
    recall = recall_by_class(codes[use], predicted[use], n_classes)
    return float(np.nanmean(recall)) if (~np.isnan(recall)).any() else float("nan")
