"""Accuracy on the last random draws, in figures and in a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from medlabeler.domain.language import tr
from medlabeler.domain.words import between, percent

ENOUGH = 10
"""Draws from which on a figure is stated."""


@dataclass(frozen=True)
class RecentDraws:
    """`n` draws of the last `window`; figures in 0 to 1, None below `ENOUGH` draws."""

    n: int
    window: int
    accuracy: float | None
    low: float | None
    high: float | None
    sentence: str


def summary(draws: Sequence[Sequence[int]], grouped: bool, window: int) -> RecentDraws:
    """What [predicted, labelled] class ids tell; `window`: how many of the last draws there are at most."""
    from medlabeler.learning.accuracy.cross_validation import prequential

    n = len(draws)
    if n < ENOUGH:
        sentence = tr(
            "Predicted before labelled: {n} of the {enough} random draws needed whose "
            "prediction was shown; the queue hides it by default, and cross-validation "
            "scores such draws.",
            n=n,
            enough=ENOUGH,
        )
        return RecentDraws(n, window, None, None, None, sentence)
    said, came = np.array(draws, np.int64).T
    found = prequential(said, came, np.ones(n, np.bool_), window)
    sentence = tr(
        "Predicted before labelled: {sum} of the last {n} random draws predicted "
        "right, accuracy {accuracy}, 95 % interval {between} "
        "(exact{images_of_a_group_ta}). You saw the predictions.",
        sum=int((said == came).sum()),
        n=n,
        accuracy=percent(found.accuracy),
        between=between(found.low, found.high),
        images_of_a_group_ta=tr(", images of a group taken as independent") if grouped else "",
    )
    return RecentDraws(n, window, found.accuracy, found.low, found.high, sentence)
