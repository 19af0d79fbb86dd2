"""An evaluation as JSON, as a checkpoint of the history, and in words: for the engine and the jobs alike."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.types import ClassDef, Split

CROSS_VALIDATION, TEST_LABELS, REFERENCE = "cross-validation", "test labels", "reference"
"""What a number may have been measured on, as the history stores it."""

LEVEL_WORDS = "95 % interval"

CHOSEN = (
    "No interval: it would cover chance only, and labels that were chosen rather than drawn at random can "
    "mislead by more."
)
"""Why a cross-validation scored on all labels has no interval."""


def evaluation_json(evaluation: Any, names: Mapping[int, str] | None = None) -> dict[str, Any]:
    """A `learning.evaluate.Evaluation` as JSON.

    Class ids in "classes"; null where a class has no image to tell. "interval": {"low", "high", "level",
    "method"} of the balanced accuracy, or null with "interval_sentence" saying why. "scored": "test set",
    "random draws" or "all labels", explained in "scored_sentence". "per_class" entries: class_id, recall,
    support, precision, f1, and the exact limits "low" and "high" of the recall. `names` of the classes are
    for the sentences.
    """
    from medlabeler.learning.intervals import LEVEL, balanced_accuracy_interval
    from medlabeler.learning.metrics import measure

    classes = [int(c) for c in evaluation.classes]
    recall = [_number(r) for r in evaluation.recall]
    support = [int(s) for s in evaluation.support]
    weights = evaluation.weights
    metrics = measure(evaluation.truth, evaluation.predicted, len(classes), weights=weights)
    found = balanced_accuracy_interval(
        evaluation.truth,
        evaluation.truth == evaluation.predicted,
        [(names or {}).get(c, f"class {c}") for c in classes],
        evaluation.groups,
        weights,
        image="test image" if evaluation.scored == "test set" else "scored image",
    )
    known, sentence = not math.isnan(found.low), found.sentence
    if known and evaluation.scored == "all labels":
        # Chosen labels mislead by more than chance: up to 36 points, see resources/results/active_bias.md.
        known, sentence = False, CHOSEN
    return {
        "balanced_accuracy": _number(evaluation.balanced_accuracy),
        "accuracy": _number(metrics.accuracy),
        "macro_f1": _number(metrics.macro_f1),
        "interval": (
            {"low": found.low, "high": found.high, "level": LEVEL, "method": found.method} if known else None
        ),
        "interval_sentence": sentence,
        "scored": evaluation.scored,
        "scored_sentence": evaluation.scored_sentence,
        "n_images": int(evaluation.n_images),
        "n_groups": None if evaluation.n_groups is None else int(evaluation.n_groups),
        "classes": classes,
        "recall": recall,
        "support": support,
        "per_class": [
            {
                "class_id": classes[i],
                "recall": recall[i],
                "support": support[i],
                "precision": _number(metrics.precision[i]),
                "f1": _number(metrics.f1[i]),
                "low": _number(found.classes[i].low) if support[i] else None,
                "high": _number(found.classes[i].high) if support[i] else None,
            }
            for i in range(len(classes))
        ],
        "confusion": [[int(v) for v in row] for row in evaluation.confusion],
        "classes_absent": [int(c) for c in evaluation.classes_absent],
    }


FACTS = ("accuracy", "macro_f1", "interval", "interval_sentence", "scored", "scored_sentence", "classes")
"""What of an evaluation goes into `Checkpoint.facts`; that of MORE_FACTS as well, where there is such."""

MORE_FACTS = ("relabelled", "calibration_error", "reliability", "prevalence", "absent")


def draw_weights(project: Any) -> NDArray[np.float64] | None:
    """Inverse probability (n,) with which each image came into the test set, scaled to mean 1.

    None when all test images weigh the same, see `test_set.weights_of`.
    """
    from medlabeler.project.test_set import weights_of

    test = project.catalog.split == Split.TEST
    found = weights_of(project.catalog.inclusion()[test])
    if found is None:
        return None
    weights = np.ones(len(test))
    weights[test] = found
    return weights


def relabelled_json(before: float | None, now: float | None, n: int) -> dict[str, Any]:
    """The figure with the labels that `n` test images had before their prediction was seen, and the sentence
    that tells both.
    """
    labels = "1 test label was" if n == 1 else f"{n:,} test labels were"
    sentence = f"{labels} changed after the prediction had been seen"
    if before is not None and now is not None:
        sentence += f": balanced accuracy {before:.3f} before, {now:.3f} with the labels as they are now"
    return {"n": n, "balanced_accuracy_before": before, "sentence": sentence + "."}


def result_of(evaluation: dict[str, Any] | None, sentence: str, classifier: str) -> dict[str, Any]:
    """One entry of the "results" of the engine's `evaluated` and `tested`: numbers, or why there are none."""
    return {"classifier": classifier, "evaluation": evaluation, "sentence": sentence}


def checkpoint(
    evaluation: dict[str, Any],
    *,
    classifier: str,
    measured_on: str,
    classes: Iterable[ClassDef],
    session: int,
    revision: int,
    n_labels: int,
    n_classes: int,
    embedding: str,
    note: str = "",
) -> Any:
    """The `Checkpoint` to add to the history; `n_labels` in `n_classes` classes is what the classifier
    learned from.
    """
    from medlabeler.project.history import Checkpoint

    names = {c.id: c.name for c in classes}
    return Checkpoint(
        id=0,
        time=datetime.now(UTC).isoformat(timespec="milliseconds"),
        session=session,
        revision=revision,
        n_labels=n_labels,
        labels_per_class=n_labels / max(1, n_classes),
        classifier=classifier,
        measured_on=measured_on,
        n_images=evaluation["n_images"],
        n_groups=evaluation["n_groups"],
        balanced_accuracy=evaluation["balanced_accuracy"],
        per_class=[{**entry, "name": names.get(entry["class_id"], "")} for entry in evaluation["per_class"]],
        confusion=evaluation["confusion"],
        embedding=embedding,
        note=note,
        facts={name: evaluation[name] for name in (*FACTS, *MORE_FACTS) if name in evaluation},
    )


def measured_on_words(measured_on: str, n_images: int) -> str:
    """What a figure was measured on, for a person: never just "accuracy"."""
    images = f"{n_images:,} images"
    if measured_on == REFERENCE:
        return f"the reference labels of {images} of the test set, which came with the data"
    if measured_on == TEST_LABELS:
        return f"the annotator's labels of {images} of the test set"
    return f"the annotator's labels of {images} of the pool, by cross-validation"


def interval_words(interval: dict[str, Any] | None) -> str:
    """The interval in brackets, with a space before; empty without one."""
    if interval is None:
        return ""
    return f" ({LEVEL_WORDS} {interval['low']:.3f} to {interval['high']:.3f})"


def groups_note(n_groups: int | None, shared: int | None = None) -> str:
    """Whether images of one patient, slide or lesion may have been on both sides.

    `shared`: groups of the test images that also hold labelled images, None in a cross-validation.
    """
    if n_groups is None:
        return (
            "The project has no groups: images of one patient may have been both learned from and measured "
            "on, "
            "which makes the figure optimistic."
        )
    if shared:
        return f"{shared:,} of the {n_groups:,} groups also hold images learned from, which is optimistic."
    return f"The images come from {n_groups:,} groups; none was both learned from and measured on."


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
