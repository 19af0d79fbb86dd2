"""What stands behind the headline: ranking, calibration and what a prediction is worth, class by class.

For a cross-validation image by image, with the same folds, classifier and seed as the engine's figure, so
that the numbers agree with the one on screen; and for the images of a test set.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.progress import Progress
from medlabeler.learning.accuracy.evaluation import Evaluation, cross_validate, score
from medlabeler.learning.accuracy.metrics import estimated_prevalence, predictive_values
from medlabeler.learning.accuracy.report import ClassReport, Report, number, report

POOL_SAMPLE = 20_000
"""Images of the pool that the prevalence is estimated from, at most."""


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
    pool: NDArray[np.float32] | None = None,
    progress: Progress | None = None,
) -> ImageByImage:
    """A cross-validation with all that is known of it.

    `features` (n, d) prepared, `labels` (n,) class ids, `groups` (n,) or None, `rows` (n,) the images'
    numbers in the project, `make` an untrained classifier with `predict_proba`, `blocks` and `fair` (n,)
    see `evaluate.cross_validate`, `brought` (n,) see `report`, `pool` (m, d) images of the pool for the
    prevalence, or None. Raises `NotEnoughLabels` with a sentence where nothing can be measured.
    """
    found = cross_validate(
        features, labels, groups, make(), seed, progress, blocks=blocks, images=rows, fair=fair, names=names
    )
    told = _with_probabilities(found, names, brought)
    if pool is not None:
        told = _at_prevalence(told, make().fit(features, labels), pool)
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
    pool: NDArray[np.float32] | None = None,
) -> Report:
    """How well test images are predicted, with what probabilities tell beside it.

    `model` is fitted and has `predict_proba`; `features` (m, d) prepared, `truth` (m,) class ids, `groups`
    (m,) or None, `weights` (m,) inverse inclusion probabilities or None, `brought` (m,) see `report`, `pool`
    images for the prevalence.
    """
    known = np.asarray(model.classes_)
    probabilities = model.predict_proba(features)
    every = np.concatenate([known, np.setdiff1d(truth, known)])
    shares = np.zeros((1, len(features), len(every)))  # a class that was never learned has probability 0
    shares[0, :, : len(known)] = probabilities
    found = score(truth, known[probabilities.argmax(axis=1)], every, groups, weights, shares)
    told = _with_probabilities(found, names, brought)
    return told if pool is None else _at_prevalence(told, model, pool)


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


def _at_prevalence(told: Report, model: Any, pool: NDArray[np.float32]) -> Report:
    """`told` with the shares of the classes in the pool, where `model` learned just the classes measured."""
    share = _prevalence(model, [entry.class_id for entry in told.per_class], pool)
    if share is None:
        return told
    return replace(
        told,
        prevalence=tuple(share),
        per_class=with_predictive_values(told.per_class, told.rates, share),
    )


def pool_sample(pool: NDArray[np.int64]) -> NDArray[np.int64]:
    """At most POOL_SAMPLE of the rows `pool`, drawn with a fixed seed, in ascending order."""
    if len(pool) <= POOL_SAMPLE:
        return pool
    return np.sort(np.random.default_rng(0).choice(pool, POOL_SAMPLE, replace=False))


def _prevalence(model: Any, ids: list[int], pool: NDArray[np.float32]) -> list[float] | None:
    """Estimated share of each of `ids` in the pool; None where the model learned other classes."""
    if not len(pool) or [int(c) for c in model.classes_] != ids:
        return None
    # Both classifiers weigh the classes alike, whatever the number of their labels.
    prior = np.full(len(ids), 1 / len(ids))
    return [float(p) for p in estimated_prevalence(model.predict_proba(pool), prior)]


def with_predictive_values(
    per_class: Sequence[ClassReport], confusion: Sequence[Sequence[float]], share: Sequence[float]
) -> tuple[ClassReport, ...]:
    """The classes with prevalence, PPV and NPV at these shares (C,); `confusion` (C, C) counts or rates."""
    counts, prior = np.array(confusion, np.float64), np.array(share, np.float64)
    values = predictive_values(counts, prior)
    joint = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1) * (prior / prior.sum())[:, None]
    measured = not ((counts.sum(axis=1) == 0) & (prior > 0)).any()
    stated = []
    for k, entry in enumerate(per_class):
        others = np.delete(joint, k, axis=1)
        total = others.sum()
        negative = float(1 - others[k].sum() / total) if measured and total > 0 else None
        stated.append(
            replace(
                entry,
                prevalence=float(share[k]),
                predictive_value=number(values[k]),
                negative_value=negative,
            )
        )
    return tuple(stated)
