"""What stands behind the headline: ranking, calibration and what a prediction is worth, class by class.

For a cross-validation image by image, with the same folds, classifier and seed as the engine's figure, so
that the numbers agree with the one on screen; and for the images of a test set.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.progress import Progress
from medlabeler.learning.accuracy.evaluation import Evaluation, cross_validate, score
from medlabeler.learning.accuracy.learned_labels import LearnedLabels
from medlabeler.learning.accuracy.pool_values import NO_DRAW
from medlabeler.learning.accuracy.report import Report, number, report


@dataclass(frozen=True)
class ImageByImage:
    """A cross-validation with the images behind its figures, all (m,).

    `rows` are the images scored, `truth` and `predicted`, as which each was most often, index
    `report.per_class`.
    """

    report: Report
    rows: tuple[int, ...]
    truth: tuple[int, ...]
    predicted: tuple[int, ...]


def cross_validated(
    features: NDArray[np.float32],
    labels: NDArray[np.int32],
    groups: NDArray[np.int32] | None,
    rows: NDArray[np.int64],
    make: Callable[[], Any],
    *,
    seed: int,
    names: Mapping[int, str],
    blocks: NDArray[np.int64] | None = None,
    fair: NDArray[np.bool_] | None = None,
    brought: NDArray[np.bool_] | None = None,
    n_pool: int | None = None,
    learned: LearnedLabels | None = None,
    progress: Progress | None = None,
) -> ImageByImage:
    """A cross-validation with all that is known of it.

    `features` (n, d) prepared, `labels` (n,) class ids, `groups` (n,) or None, `rows` (n,) the images'
    numbers in the project, `make` an untrained classifier with `predict_proba`, `blocks`, `fair` (n,),
    `n_pool` and `learned` see `evaluate.cross_validate`, `brought` (n,) see `report`. Raises
    `NotEnoughLabels` with a sentence where nothing can be measured.
    """
    found = cross_validate(
        features,
        labels,
        groups,
        make(),
        seed,
        progress,
        blocks=blocks,
        images=rows,
        fair=fair,
        names=names,
        n_pool=n_pool,
        learned=learned,
    )
    told = _with_probabilities(found, names, brought)
    return ImageByImage(
        told, tuple(rows[found.rows].tolist()), tuple(found.truth.tolist()), tuple(found.usual.tolist())
    )


def on_test_images(
    model: Any,
    features: NDArray[np.float32],
    truth: NDArray[np.int32],
    groups: NDArray[np.int32] | None,
    weights: NDArray[np.float64] | None,
    *,
    names: Mapping[int, str],
    brought: NDArray[np.bool_] | None = None,
    draw_problem: str = NO_DRAW,
) -> Report:
    """How well test images are predicted, with what probabilities tell beside it.

    `model` is fitted and has `predict_proba`; `features` (m, d) prepared, `truth` (m,) class ids, `groups`
    (m,) or None, `weights` (m,) inverse inclusion probabilities or None, `brought` (m,) see `report`.
    `draw_problem` says why the images are no random draw from the pool, empty if they are.
    """
    known = np.asarray(model.classes_)
    probabilities = model.predict_proba(features)
    every = np.concatenate([known, np.setdiff1d(truth, known)])
    shares = np.zeros((1, len(features), len(every)))  # a class that was never learned has probability 0
    shares[0, :, : len(known)] = probabilities
    found = score(truth, known[probabilities.argmax(axis=1)], every, groups, weights, shares, draw_problem)
    return _with_probabilities(found, names, brought)


def _with_probabilities(
    found: Evaluation, names: Mapping[int, str], brought: NDArray[np.bool_] | None
) -> Report:
    """The report of `found` with AUROC and calibration."""
    told, figures = report(found, names, brought), found.figures
    total = figures.confusion.sum(axis=1, keepdims=True)
    rates = figures.confusion / np.where(total > 0, total, 1)
    return replace(
        told,
        per_class=tuple(
            replace(entry, auroc=number(figures.auroc[k])) for k, entry in enumerate(told.per_class)
        ),
        absent=tuple(names.get(c, "") for c in told.classes_absent),
        calibration_error=number(figures.calibration_error),
        reliability=figures.reliability,
        rates=tuple(map(tuple, rates.tolist())),
    )
