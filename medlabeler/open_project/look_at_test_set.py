"""What a look at the test set costs and brings, told before it; and what it found."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.language import tr
from medlabeler.domain.types import LabelKind, Split
from medlabeler.domain.words import count
from medlabeler.learning.accuracy.intervals import MIN_EFFECTIVE
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
    told = [
        tr("Measure on the test set? Labelled: {n:,} of its {images}.", n=n, images=count(total, "image")),
        tr("A look is recorded (this is number {looks}) and spends the test set:", looks=looks + 1),
        tr("once you have chosen by its figure, the figure flatters."),
    ]
    each = np.unique(labels, return_counts=True)[1]
    if refused := bool(len(each)) and each.min() < MIN_EFFECTIVE:
        told.append(_no_interval(opened, labels))
    else:
        told.append(_interval_to_expect(opened, each))
    if n < total:
        told.append(
            tr("Label more of it first.") if refused else tr("Label more of it first, and it is narrower.")
        )
    return " ".join(told)


def _no_interval(opened: OpenProjectState, labels: NDArray[np.int32]) -> str:
    """That there will be none, which measuring would say only once the test set is spent."""
    found, each = np.unique(labels, return_counts=True)
    return tr(
        "There will be no interval for the balanced accuracy: each class needs {needed} labelled test "
        "images, and {name} has {n}.",
        needed=MIN_EFFECTIVE,
        name=opened.class_name(int(found[each.argmin()])),
        n=int(each.min()),
    )


def _interval_to_expect(opened: OpenProjectState, each: NDArray[np.int64]) -> str:
    known = _known(opened)
    grouped = bool(opened.project.catalog.has_groups)
    stop = "" if grouped else "."
    told = [
        tr(
            "If {percent} are right{as_the_cross_validat}, the",
            percent=_percent(known or USUAL),
            as_the_cross_validat=tr(" as the cross-validation says") if known else "",
        ),
        tr(
            "95 % interval will be about {interval_words}{stop}",
            interval_words=interval_words(*expected_interval(known or USUAL, each)),
            stop=stop,
        ),
        *([tr("(wider where images of a group are alike).")] if grouped else []),
    ]
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
        tr("no balanced accuracy")
        if report.balanced_accuracy is None
        else (tr("{percent} balanced accuracy", percent=_percent(report.balanced_accuracy)))
    )
    found = report.interval
    sure = (
        tr(
            " ({level:.0f} % interval {interval_words})",
            level=100 * found.level,
            interval_words=interval_words(found.low, found.high),
        )
        if found is not None
        else ""
    )
    right, of = sum(row[i] for i, row in enumerate(report.confusion)), sum(map(sum, report.confusion))
    counts = tr("{right:,} of {images} right", right=right, images=count(of, "image"))
    sentence = tr(
        "Test set, look number {look}: {figure}{sure}; {counts}.",
        look=look,
        figure=figure,
        sure=sure,
        counts=counts,
    )
    if found is None and report.interval_sentence:
        sentence += f" {report.interval_sentence}"
    return sentence


def interval_words(low: float, high: float) -> str:
    """'30 to 61 %'."""
    return tr("{low:.0f} to {high:.0f} %", low=100 * low, high=100 * high)


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _known(opened: OpenProjectState) -> float | None:
    """The latest balanced accuracy of the classifier in use on the embedding in use, by cross-validation."""
    key = opened.project.settings.get("embedding", None)
    for one in reversed(opened.project.history.all()):
        if (one.classifier, one.measured_on, one.embedding) == (opened.classifier, CROSS_VALIDATION, key):
            return one.balanced_accuracy
    return None
