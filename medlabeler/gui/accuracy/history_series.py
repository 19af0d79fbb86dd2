"""The accuracy history as series to draw and as words to read. No widget."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from medlabeler.domain.language import tr
from medlabeler.domain.words import percent
from medlabeler.export.stored_report import stored_report
from medlabeler.learning.classifiers.registry import CLASSIFIERS
from medlabeler.project.checkpoints import CROSS_VALIDATION, REFERENCE, TEST_LABELS
from medlabeler.project.history import Checkpoint

MAX_POINTS = 48
"""Points drawn per series; the first and the last are always among them."""
FOLDS = 5


@dataclass(frozen=True)
class CurvePoint:
    """One checkpoint of the history, as drawn."""

    x: float
    """Mean number of labels per class, at least 1."""
    y: float
    """Balanced accuracy, 0 to 1."""
    checkpoint: Checkpoint


@dataclass(frozen=True)
class Series:
    """The checkpoints of one classifier on one yardstick, by number of labels."""

    classifier: str
    measured_on: str
    points: tuple[CurvePoint, ...]

    @property
    def stretches(self) -> list[tuple[CurvePoint, ...]]:
        """The points that a line may join: the mean over other classes is another figure."""
        runs = groupby(self.points, lambda point: measured_classes(point.checkpoint))
        return [tuple(points) for _, points in runs]

    @property
    def on_test_set(self) -> bool:
        """Whether it was measured on reserved images, not by cross-validation."""
        return self.measured_on != CROSS_VALIDATION


def series_of(checkpoints: Iterable[Checkpoint], *, measure: str, embedding: str | None) -> list[Series]:
    """What to draw: checkpoints of the embedding in use; in the mode "reference" only those against it.

    Of several checkpoints with the same number of labels the latest counts.
    """
    latest: dict[tuple[str, str], dict[int, Checkpoint]] = {}
    for checkpoint in checkpoints:
        if embedding and checkpoint.embedding and checkpoint.embedding != embedding:
            continue
        if (checkpoint.measured_on == REFERENCE) != (measure == "reference"):
            continue
        if checkpoint.balanced_accuracy is None or math.isnan(checkpoint.balanced_accuracy):
            continue
        key = (checkpoint.classifier, checkpoint.measured_on)
        latest.setdefault(key, {})[checkpoint.n_labels] = checkpoint
    out = []
    for (classifier, measured_on), by_labels in sorted(latest.items()):
        ordered = [by_labels[n] for n in sorted(by_labels)]
        points = [CurvePoint(max(1.0, c.labels_per_class), c.balanced_accuracy, c) for c in ordered]
        out.append(Series(classifier, measured_on, tuple(thinned(points))))
    return out


def measured_classes(checkpoint: Checkpoint) -> frozenset[int]:
    """Ids of the classes that a balanced accuracy is the mean over."""
    return frozenset(entry.class_id for entry in checkpoint.per_class if entry.support > 0)


def thinned(points: Sequence[CurvePoint], most: int = MAX_POINTS) -> list[CurvePoint]:
    """At most `most` of `points`, spread evenly over the logarithm of x; both ends stay."""
    if len(points) <= most:
        return list(points)
    low, high = math.log(points[0].x), math.log(points[-1].x)
    step = (high - low) / (most - 1) or 1.0
    kept, bin_before = [points[0]], 0
    for point in points[1:-1]:
        place = int((math.log(point.x) - low) / step)
        if place > bin_before and len(kept) < most - 1:
            kept.append(point)
            bin_before = place
    return [*kept, points[-1]]


def headline(
    checkpoints: Sequence[Checkpoint], *, classifier: str, measure: str, embedding: str | None
) -> Checkpoint | None:
    """The checkpoint shown large: the newest of the classifier in use on the yardstick chosen."""
    wanted = REFERENCE if measure == "reference" else CROSS_VALIDATION
    mine = [c for c in checkpoints if not embedding or not c.embedding or c.embedding == embedding]
    mine = [c for c in mine if c.balanced_accuracy is not None and not math.isnan(c.balanced_accuracy)]
    mine = [c for c in mine if c.measured_on == wanted]
    same = [c for c in mine if c.classifier == classifier]
    return next(reversed(same or mine), None)


def newest_test(checkpoints: Sequence[Checkpoint], classifier: str) -> Checkpoint | None:
    """The last time the test set was opened with the clinician's labels."""
    found = [c for c in checkpoints if c.measured_on == TEST_LABELS]
    mine = [c for c in found if c.classifier == classifier]
    return next(reversed(mine or found), None)


def classifier_name(classifier: str) -> str:
    """As a person reads it."""
    known = CLASSIFIERS.get(classifier)
    return classifier if known is None else known.title


def yardstick(checkpoint: Checkpoint) -> str:
    """What the figure was measured on, in words."""
    n = tr("{n_images:,}", n_images=checkpoint.n_images)
    if checkpoint.measured_on == REFERENCE:
        return tr("against the reference labels of {n} test images", n=n)
    if checkpoint.measured_on == TEST_LABELS:
        return tr("against the labels of {n} test images{brought}", n=n, brought=_brought(checkpoint))
    if learned := stored_report(checkpoint).learned:
        return learned.rstrip(".") + _brought(checkpoint)
    repeats = stored_report(checkpoint).repeats
    often = tr(", {repeats} times,", repeats=repeats) if repeats > 1 else ""
    return tr(
        "{folds}-fold cross-validation{often} on {n} labels{brought}",
        folds=FOLDS,
        n=n,
        often=often,
        brought=_brought(checkpoint),
    )


def _brought(checkpoint: Checkpoint) -> str:
    """How many of the labels nobody gave here; empty where none, or where that was not counted yet."""
    n = stored_report(checkpoint).n_brought
    which = tr("all") if n == checkpoint.n_images else tr("{n:,}", n=n)
    return tr(", {which} of them adopted or read from a file", which=which) if n else ""


def caution(checkpoint: Checkpoint, has_groups: bool) -> str:
    """What could make the figure too good; empty if groups were kept apart."""
    if not has_groups or not checkpoint.n_groups:
        return tr("no groups known, so images of one patient may be on both sides")
    groups = (
        tr("1 group") if checkpoint.n_groups == 1 else tr("{n_groups:,} groups", n_groups=checkpoint.n_groups)
    )
    loose = stored_report(checkpoint).n_ungrouped
    return tr("{groups}, none on both sides", groups=groups) + (
        tr("; {loose:,} images without a group", loose=loose) if loose else ""
    )


def in_words(checkpoint: Checkpoint, has_groups: bool) -> str:
    """The headline as one sentence."""
    parts = [
        tr(
            "{classifier_name} {balanced_accuracy} balanced accuracy",
            classifier_name=classifier_name(checkpoint.classifier),
            balanced_accuracy=percent(checkpoint.balanced_accuracy),
        ),
        yardstick(checkpoint),
    ]
    warned = caution(checkpoint, has_groups)
    return " · ".join([*parts, warned] if warned else parts)
