"""Accuracy on the last random draws, as JSON and in a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

ENOUGH = 10
"""Draws from which on a figure is stated."""


def summary(draws: Sequence[Sequence[int]], grouped: bool, window: int) -> dict[str, Any]:
    """JSON of [predicted, labelled] class ids: "n", "window", "sentence"; "accuracy", "low", "high", None
    below `ENOUGH` draws. `window`: how many of the last draws there are at most.
    """
    from medlabeler.learning.accuracy.cross_validation import prequential

    n = len(draws)
    out: dict[str, Any] = {"n": n, "window": window, "accuracy": None, "low": None, "high": None}
    if n < ENOUGH:
        out["sentence"] = (
            f"Before their label came: {n} of the {ENOUGH} random draws needed whose prediction was shown; "
            "the queue hides it by default, and cross-validation scores such draws."
        )
        return out
    said, came = np.array(draws, np.int64).T
    found = prequential(said, came, np.ones(n, np.bool_), window)
    out.update(accuracy=found.accuracy, low=found.low, high=found.high)
    out["sentence"] = (
        f"Before their label came: {int((said == came).sum())} of the last {n} random draws predicted right, "
        f"accuracy {found.accuracy:.3f}, 95 % interval {found.low:.3f} to {found.high:.3f} (exact"
        f"{', images of a group taken as independent' if grouped else ''}). You saw the predictions."
    )
    return out
