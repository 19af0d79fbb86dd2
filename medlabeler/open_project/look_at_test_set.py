"""What a look at the test set costs and brings, told before it; and what it found."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.types import LabelKind, Split
from medlabeler.domain.words import count
from medlabeler.learning.accuracy.quantiles import exact_interval
from medlabeler.learning.accuracy.report import Report
from medlabeler.open_project.state import OpenProjectState
from medlabeler.project.checkpoints import CROSS_VALIDATION

USUAL = 0.8
"""What is taken for the accuracy where none is known yet."""


def look_sentence(opened: OpenProjectState) -> str:
    """What measuring on the test set would cost, and what interval to expect, before it is done."""
    test = opened.split == Split.TEST
    labels = opened.label[test & (opened.kind == LabelKind.LABEL)]
    n, total = len(labels), int(test.sum())
    looks = opened.project.history.looks()
    each = np.unique(labels, return_counts=True)[1]
    known = _known(opened)
    grouped = bool(opened.project.catalog.has_groups)
    stop = "" if grouped else "."
    told = [
        f"Measure on the test set? Labelled: {n:,} of its {count(total, 'image')}.",
        f"A look is recorded (this is number {looks + 1}) and spends the test set:",
        "once you have chosen by its figure, the figure flatters.",
        f"If {_percent(known or USUAL)} are right{' as the cross-validation says' if known else ''}, the",
        f"95 % interval will be about {interval_words(*expected_interval(known or USUAL, each))}{stop}",
        *(["(wider where images of a group are alike)."] if grouped else []),
    ]
    if n < total:
        told.append("Label more of it first, and it is narrower.")
    return " ".join(told)


def expected_interval(accuracy: float, each: NDArray[np.int64]) -> tuple[float, float]:
    """95 % limits to expect of a balanced accuracy from `each` (C,) labelled test images of a class.

    Every class counts alike, so the class with the fewest images decides most: the variance is that of as
    many images as the harmonic mean of the classes tells.
    """
    effective = len(each) ** 2 / float((1 / each).sum()) if len(each) else 0.0
    return exact_interval(accuracy, effective)


def found_sentence(report: Report, look: int) -> str:
    """'Test set, look number 1: 45 % balanced accuracy (95 % interval 30 to 61 %); 5 of 11 images right.'"""
    figure = (
        "no balanced accuracy"
        if report.balanced_accuracy is None
        else (f"{_percent(report.balanced_accuracy)} balanced accuracy")
    )
    found = report.interval
    sure = (
        f" ({100 * found.level:.0f} % interval {interval_words(found.low, found.high)})"
        if found is not None
        else ""
    )
    right, of = sum(row[i] for i, row in enumerate(report.confusion)), sum(map(sum, report.confusion))
    counts = f"{right:,} of {count(of, 'image')} right"
    sentence = f"Test set, look number {look}: {figure}{sure}; {counts}."
    if found is None and report.interval_sentence:
        sentence += f" {report.interval_sentence}"
    return sentence


def interval_words(low: float, high: float) -> str:
    """'30 to 61 %'."""
    return f"{100 * low:.0f} to {100 * high:.0f} %"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _known(opened: OpenProjectState) -> float | None:
    """The latest balanced accuracy of the classifier in use on the embedding in use, by cross-validation."""
    key = opened.project.settings.get("embedding", None)
    for one in reversed(opened.project.history.all()):
        if (one.classifier, one.measured_on, one.embedding) == (opened.classifier, CROSS_VALIDATION, key):
            return one.balanced_accuracy
    return None
