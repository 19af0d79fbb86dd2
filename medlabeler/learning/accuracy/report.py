"""An evaluation as JSON, with the sentences that belong to its figures."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from medlabeler.learning.accuracy.intervals import LEVEL, balanced_accuracy_interval

CHOSEN = (
    "No interval: it would cover chance only, and labels that were chosen rather than drawn at random can "
    "mislead by more."
)
"""Why a cross-validation scored on all labels has no interval."""


def evaluation_json(evaluation: Any, names: Mapping[int, str] | None = None) -> dict[str, Any]:
    """A `learning.accuracy.evaluation.Evaluation` as JSON.

    Class ids in "classes"; null where a class has no image to tell. "interval": {"low", "high", "level",
    "method"} of the balanced accuracy, or null with "interval_sentence" saying why. "scored": "test set",
    "random draws" or "all labels", explained in "scored_sentence"; a cross-validation in
    "folds_sentence", done "repeats" times. "n_groups" known groups of the images, null if none is, and
    "n_ungrouped" images without. "confusion": images by the class they were predicted as most often.
    "per_class" entries: class_id, recall, support, precision, f1, and the exact limits "low" and "high"
    of the recall. `names` of the classes are for the sentences.
    """
    classes = [int(c) for c in evaluation.classes]
    recall = [_number(r) for r in evaluation.recall]
    support = [int(s) for s in evaluation.support]
    metrics = evaluation.figures
    found = balanced_accuracy_interval(
        evaluation.truth,
        (evaluation.truth == evaluation.predicted).mean(axis=0),
        [(names or {}).get(c, f"class {c}") for c in classes],
        evaluation.groups,
        evaluation.weights,
        image="test image" if evaluation.scored == "test set" else "scored image",
    )
    known, sentence = not math.isnan(found.low), found.sentence
    if known and evaluation.scored == "all labels":
        # Chosen labels mislead by more than chance: up to 35 points, see resources/results/active_bias.md.
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
        "folds_sentence": evaluation.folds_sentence,
        "repeats": len(evaluation.predicted),
        "n_images": int(evaluation.n_images),
        "n_groups": evaluation.n_groups,
        "n_ungrouped": evaluation.n_ungrouped,
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


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
