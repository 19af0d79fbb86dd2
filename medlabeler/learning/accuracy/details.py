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


class Recorder:
    """A classifier that notes the probabilities it gives; a last column of X numbers the images.

    `cross_validate` clones its classifier for each fold; all clones write into the same notes.
    """

    def __init__(self, make: Callable[[], Any], notes: list[tuple[Any, Any, Any]] | None = None) -> None:
        self.make = make
        self.notes = [] if notes is None else notes
        self.model: Any = None

    def __sklearn_clone__(self) -> Recorder:
        return Recorder(self.make, self.notes)

    def fit(self, x: NDArray[np.float32], y: NDArray[np.integer[Any]]) -> Recorder:
        """Fit on x (n, d + 1) without its last column."""
        self.model = self.make().fit(x[:, :-1], y)
        return self

    def predict(self, x: NDArray[np.float32]) -> NDArray[Any]:
        """The most probable class ids (m,) of x (m, d + 1)."""
        shares = self.model.predict_proba(x[:, :-1])
        self.notes.append((x[:, -1].astype(np.int64), self.model.classes_, shares))
        return np.asarray(self.model.classes_[shares.argmax(axis=1)])


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
    `NotEnoughLabels` with a sentence where nothing can be measured. Added: "rows" scored, their "truth" and
    "predicted" as indices of "classes"; "calibration_error" and "reliability"; "prevalence", or None;
    "absent" names of classes that could not be measured; in "per_class" name, auroc, prevalence,
    predictive_value, negative_value.
    """
    from medlabeler.learning.accuracy.evaluation import cross_validate

    recorder = Recorder(make)
    numbered = np.column_stack([features, np.arange(len(features))]).astype(np.float32)
    found = cross_validate(
        numbered, labels, groups, recorder, seed, progress, blocks=blocks, fair=fair, names=names
    )
    ids = [int(c) for c in found.classes]
    place = {c: k for k, c in enumerate(ids)}
    shares = np.zeros((len(labels), len(ids)))
    known = np.zeros(len(labels), np.bool_)
    for index, classes, probabilities in recorder.notes:
        kept = [k for k, c in enumerate(classes) if int(c) in place]
        shares[np.ix_(index, [place[int(classes[k])] for k in kept])] = probabilities[:, kept]
        known[index] = True
    if found.scored == "random draws" and fair is not None:
        known &= fair
    scored = np.flatnonzero(known)
    out = _with_probabilities(found, shares[scored], names)
    out["rows"] = [int(r) for r in rows[scored]]
    out["truth"], out["predicted"] = found.truth.tolist(), found.predicted.tolist()
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
    found = score(truth, known[probabilities.argmax(axis=1)], known, groups, weights)
    ids = [int(c) for c in found.classes]
    shares = np.zeros((len(features), len(ids)))  # a class that was never learned has probability 0
    shares[:, [ids.index(int(c)) for c in known]] = probabilities
    out = _with_probabilities(found, shares, names)
    _state_prevalence(out, None if pool is None else _prevalence(model, ids, pool))
    return out


def _with_probabilities(found: Any, shares: NDArray[np.float64], names: Mapping[int, str]) -> dict[str, Any]:
    """The evaluation `found` as JSON, with names, AUROC and calibration from `shares` (m, C)."""
    from medlabeler.learning.accuracy.metrics import measure

    further = measure(found.truth, found.predicted, len(found.classes), shares, found.weights)
    out = evaluation_json(found, names)
    for k, entry in enumerate(out["per_class"]):
        entry["name"] = names.get(entry["class_id"], "")
        entry["auroc"] = number(further.auroc[k])
    out["absent"] = [names.get(int(c), "") for c in found.classes_absent]
    out["calibration_error"] = number(further.calibration_error)
    out["reliability"] = [asdict(b) for b in further.reliability]
    return out


def _state_prevalence(out: dict[str, Any], share: list[float] | None) -> None:
    out["prevalence"] = share
    if share is not None:
        state_predictive_values(out["per_class"], out["confusion"], share)


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
    per_class: Sequence[dict[str, Any]], confusion: Sequence[Sequence[int]], share: Sequence[float]
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
