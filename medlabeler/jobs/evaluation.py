"""An evaluation as JSON, and in words. Used by the engine, the evaluate job and the export alike."""

from __future__ import annotations

import math
from typing import Any

MEASURED_ON = {
    "cross-validation": "cross-validation on the labels",
    "test labels": "the labels of the test set",
    "reference": "the reference labels of the test set",
}
"""What a number may have been measured on, in words a person reads."""


def evaluation_json(evaluation: Any) -> dict[str, Any]:
    """A `learning.evaluate.Evaluation` as JSON: class ids in "classes", recall null where a class has no
    image.
    """
    return {
        "balanced_accuracy": _number(evaluation.balanced_accuracy),
        "n_images": int(evaluation.n_images),
        "n_groups": None if evaluation.n_groups is None else int(evaluation.n_groups),
        "classes": [int(c) for c in evaluation.classes],
        "recall": [_number(r) for r in evaluation.recall],
        "support": [int(s) for s in evaluation.support],
        "confusion": [[int(v) for v in row] for row in evaluation.confusion],
        "classes_absent": [int(c) for c in evaluation.classes_absent],
    }


def result_of(evaluation: dict[str, Any] | None, sentence: str, classifier: str) -> dict[str, Any]:
    """One entry of the "results" of the engine's `evaluated` and `tested`: numbers, or a sentence why there
    are none.
    """
    return {"classifier": classifier, "evaluation": evaluation, "sentence": sentence}


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
