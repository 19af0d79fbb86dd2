"""What stands behind the headline: ranking, calibration and what a prediction is worth, class by class.

For a cross-validation image by image, with the same folds, classifier and seed as the engine's figure, so
that the numbers agree with the one on screen; and for the images of a test set.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.errors import UserError
from medlabeler.domain.progress import Progress
from medlabeler.learning.accuracy.report import evaluation_json

POOL_SAMPLE = 20_000
"""Images of the pool that the prevalence is estimated from, at most."""


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
    pool: NDArray[np.float32] | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """`evaluation.evaluation_json` of a cross-validation, and more.

    `features` (n, d) prepared, `labels` (n,) class ids, `groups` (n,) or None, `rows` (n,) the images'
    numbers in the project, `make` an untrained classifier with `predict_proba`, `blocks` and `fair` (n,)
    see `evaluate.cross_validate`, `pool` (m, d) images of the pool for the prevalence, or None. Raises
    `NotEnoughLabels` with a sentence where nothing can be measured. Added: "rows" scored, their "truth"
    and "predicted", as which each was most often, as indices of "classes"; "calibration_error" and
    "reliability"; "rates" (C, C), the share of the images of each class predicted as each; "prevalence",
    or None; "absent" names of classes that could not be measured; in "per_class" name, auroc, prevalence,
    predictive_value, negative_value.
    """
    from medlabeler.learning.accuracy.evaluation import cross_validate

    found = cross_validate(
        features, labels, groups, make(), seed, progress, blocks=blocks, fair=fair, names=names
    )
    out = _with_probabilities(found, names)
    out["rows"] = [int(r) for r in rows[found.rows]]
    out["truth"], out["predicted"] = found.truth.tolist(), found.usual.tolist()
    ids = [int(c) for c in found.classes]
    _state_prevalence(out, None if pool is None else _prevalence(make().fit(features, labels), ids, pool))
    return out


def on_test_images(
    model: Any,
    features: NDArray[np.float32],
    truth: NDArray[np.int32],
    groups: NDArray[np.int32] | None,
    weights: NDArray[np.float64] | None,
    *,
    names: Mapping[int, str],
    pool: NDArray[np.float32] | None = None,
) -> dict[str, Any]:
    """`evaluation.evaluation_json` of test images, with what probabilities tell beside it.

    `model` is fitted and has `predict_proba`; `features` (m, d) prepared, `truth` (m,) class ids, `groups`
    (m,) or None, `weights` (m,) inverse inclusion probabilities or None, `pool` images for the prevalence.
    Added are the keys of `cross_validated` except those that name single images.
    """
    from medlabeler.learning.accuracy.evaluation import score

    known = np.asarray(model.classes_)
    probabilities = model.predict_proba(features)
    every = np.concatenate([known, np.setdiff1d(truth, known)])
    shares = np.zeros((1, len(features), len(every)))  # a class that was never learned has probability 0
    shares[0, :, : len(known)] = probabilities
    found = score(truth, known[probabilities.argmax(axis=1)], every, groups, weights, shares)
    ids = [int(c) for c in found.classes]
    out = _with_probabilities(found, names)
    _state_prevalence(out, None if pool is None else _prevalence(model, ids, pool))
    return out


def _with_probabilities(found: Any, names: Mapping[int, str]) -> dict[str, Any]:
    """The evaluation `found` as JSON, with names, AUROC and calibration."""
    out, figures = evaluation_json(found, names), found.figures
    for k, entry in enumerate(out["per_class"]):
        entry["name"] = names.get(entry["class_id"], "")
        entry["auroc"] = number(figures.auroc[k])
    out["absent"] = [names.get(int(c), "") for c in found.classes_absent]
    out["calibration_error"] = number(figures.calibration_error)
    out["reliability"] = [asdict(b) for b in figures.reliability]
    total = figures.confusion.sum(axis=1, keepdims=True)
    out["rates"] = (figures.confusion / np.where(total > 0, total, 1)).tolist()
    return out


def _state_prevalence(out: dict[str, Any], share: list[float] | None) -> None:
    out["prevalence"] = share
    if share is not None:
        state_predictive_values(out["per_class"], out["rates"], share)


def pool_sample(pool: NDArray[np.int64]) -> NDArray[np.int64]:
    """At most POOL_SAMPLE of the rows `pool`, drawn with a fixed seed, in ascending order."""
    if len(pool) <= POOL_SAMPLE:
        return pool
    return np.sort(np.random.default_rng(0).choice(pool, POOL_SAMPLE, replace=False))


def _prevalence(model: Any, ids: list[int], pool: NDArray[np.float32]) -> list[float] | None:
    """Estimated share of each of `ids` in the pool; None where the model learned other classes."""
    from medlabeler.learning.accuracy.metrics import estimated_prevalence

    if not len(pool) or [int(c) for c in model.classes_] != ids:
        return None
    # Both classifiers weigh the classes alike, whatever the number of their labels.
    prior = np.full(len(ids), 1 / len(ids))
    return [float(p) for p in estimated_prevalence(model.predict_proba(pool), prior)]


def state_predictive_values(
    per_class: Sequence[dict[str, Any]], confusion: Sequence[Sequence[float]], share: Sequence[float]
) -> None:
    """Add "prevalence", "predictive_value" (PPV) and "negative_value" (NPV), at these shares."""
    from medlabeler.learning.accuracy.metrics import predictive_values

    counts, prior = np.array(confusion, np.float64), np.array(share, np.float64)
    values = predictive_values(counts, prior)
    joint = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1) * (prior / prior.sum())[:, None]
    for k, entry in enumerate(per_class):
        others = np.delete(joint, k, axis=1)
        total = others.sum()
        measured = not ((counts.sum(axis=1) == 0) & (prior > 0)).any()
        entry["prevalence"], entry["predictive_value"] = float(share[k]), number(values[k])
        entry["negative_value"] = float(1 - others[k].sum() / total) if measured and total > 0 else None


def refused(error: UserError) -> dict[str, Any]:
    """Details that are only a sentence."""
    return {"sentence": str(error)}


def number(value: Any) -> float | None:
    """A JSON number, None for nan."""
    return None if math.isnan(value) else float(value)
