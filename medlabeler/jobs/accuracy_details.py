"""What stands behind the headline: the predictions of a cross-validation image by image, and what follows.

The same folds, classifier and seed as the engine's figure, so that the numbers agree with the one on screen.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.errors import UserError
from medlabeler.domain.progress import Progress

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

    def fit(self, X: NDArray[np.float32], y: NDArray[np.integer[Any]]) -> Recorder:
        """Fit on X (n, d + 1) without its last column."""
        self.model = self.make().fit(X[:, :-1], y)
        return self

    def predict(self, X: NDArray[np.float32]) -> NDArray[Any]:
        """The most probable class ids (m,) of X (m, d + 1)."""
        shares = self.model.predict_proba(X[:, :-1])
        self.notes.append((X[:, -1].astype(np.int64), self.model.classes_, shares))
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
    pool: NDArray[np.float32] | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Details of a cross-validation as JSON.

    `features` (n, d) prepared, `labels` (n,) class ids, `groups` (n,) or None, `rows` (n,) the images'
    numbers in the project, `make` an untrained classifier with `predict_proba`, `pool` (m, d) unlabelled and
    labelled images of the pool for the prevalence, or None. Raises `NotEnoughLabels` with a sentence where
    nothing can be measured. "truth" and "predicted" index "classes"; "rows" are what was scored.
    """
    from medlabeler.learning.evaluate import cross_validate

    recorder = Recorder(make)
    numbered = np.column_stack([features, np.arange(len(features))]).astype(np.float32)
    evaluation = cross_validate(numbered, labels, groups, recorder, seed, progress)
    ids = evaluation.classes.astype(np.int64)
    place = {int(c): k for k, c in enumerate(ids)}
    predicted = np.full(len(labels), -1, np.int64)
    shares = np.zeros((len(labels), len(ids)))
    for index, classes, probabilities in recorder.notes:
        columns = [place[int(c)] for c in classes if int(c) in place]
        kept = [k for k, c in enumerate(classes) if int(c) in place]
        shares[np.ix_(index, columns)] = probabilities[:, kept]
        predicted[index] = [place[int(c)] for c in classes[probabilities.argmax(axis=1)]]
    scored = np.flatnonzero(predicted >= 0)
    truth = np.array([place[int(c)] for c in labels[scored]], np.int64)
    out = described(
        truth,
        predicted[scored],
        shares[scored],
        ids,
        names,
        None if groups is None else groups[scored],
    )
    absent = [c for c in evaluation.classes_absent if int(c) not in {e["class_id"] for e in out["per_class"]}]
    out["absent"] = [names.get(int(c), "") for c in absent] + out["absent"]
    out["rows"] = [int(r) for r in rows[scored]]
    out["truth"], out["predicted"] = truth.tolist(), predicted[scored].tolist()
    out["prevalence"] = None if pool is None else _prevalence(make, features, labels, ids, pool)
    if out["prevalence"] is not None:
        _state_predictive_values(out)
    return out


def described(
    truth: NDArray[np.int64],
    predicted: NDArray[np.int64],
    shares: NDArray[np.float64],
    ids: NDArray[np.int64],
    names: Mapping[int, str],
    groups: NDArray[np.int32] | None,
) -> dict[str, Any]:
    """All figures of predictions `predicted` (m,) against `truth` (m,), codes of `ids` (C,), as JSON."""
    from medlabeler.learning.evaluate import count_groups
    from medlabeler.learning.intervals import balanced_accuracy_interval
    from medlabeler.learning.metrics import measure

    found = measure(truth, predicted, len(ids), shares)
    words = [names.get(int(c), f"class {c}") for c in ids]
    interval = balanced_accuracy_interval(truth, truth == predicted, words, groups)
    per_class = [
        {
            "class_id": int(ids[k]),
            "name": words[k],
            "support": int(found.support[k]),
            "recall": number(found.recall[k]),
            "precision": number(found.precision[k]),
            "f1": number(found.f1[k]),
            "auroc": number(found.auroc[k]),
            "low": number(interval.classes[k].low) if found.support[k] else None,
            "high": number(interval.classes[k].high) if found.support[k] else None,
        }
        for k in range(len(ids))
    ]
    known = not math.isnan(interval.low)
    return {
        "n_images": len(truth),
        "n_groups": None if groups is None else count_groups(groups),
        "classes": [int(c) for c in ids],
        "balanced_accuracy": number(found.balanced_accuracy),
        "interval": {"low": interval.low, "high": interval.high, "method": interval.method} if known else None,
        "interval_sentence": interval.sentence,
        "accuracy": number(found.accuracy),
        "macro_f1": number(found.macro_f1),
        "per_class": per_class,
        "confusion": found.confusion.tolist(),
        "absent": [words[k] for k in range(len(ids)) if not found.support[k]],
        "calibration_error": number(found.calibration_error),
        "reliability": [
            {"low": b.low, "high": b.high, "images": b.images, "confidence": b.confidence,
             "accuracy": b.accuracy}
            for b in found.reliability
        ],
    }  # fmt: skip


def _prevalence(
    make: Callable[[], Any],
    features: NDArray[np.float32],
    labels: NDArray[np.int32],
    ids: NDArray[np.int64],
    pool: NDArray[np.float32],
) -> list[float] | None:
    """Estimated share of each of `ids` in the pool; None where a class that trains is not among them."""
    from medlabeler.learning.metrics import estimated_prevalence

    model = make().fit(features, labels)
    if not len(pool) or [int(c) for c in model.classes_] != [int(c) for c in ids]:
        return None
    # Both classifiers weigh the classes alike, whatever the number of their labels.
    prior = np.full(len(ids), 1 / len(ids))
    return [float(p) for p in estimated_prevalence(model.predict_proba(pool), prior)]


def _state_predictive_values(out: dict[str, Any]) -> None:
    """Add "prevalence" and "predictive_value" to each class."""
    from medlabeler.learning.metrics import predictive_values

    share = np.array(out["prevalence"])
    values = predictive_values(np.array(out["confusion"]), share)
    for k, entry in enumerate(out["per_class"]):
        entry["prevalence"], entry["predictive_value"] = float(share[k]), number(values[k])


def refused(error: UserError) -> dict[str, Any]:
    """Details that are only a sentence."""
    return {"sentence": str(error)}


def number(value: Any) -> float | None:
    """A JSON number, None for nan."""
    return None if math.isnan(value) else float(value)
