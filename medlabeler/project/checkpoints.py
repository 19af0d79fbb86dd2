"""An evaluation as a checkpoint of the history, and what it was measured on in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from medlabeler.domain.checked_json import stored
from medlabeler.domain.language import count, tr
from medlabeler.domain.types import ClassDef
from medlabeler.project.history import Checkpoint, MeasuredClass

CROSS_VALIDATION, TEST_LABELS, REFERENCE = "cross-validation", "test labels", "reference"
"""What a number may have been measured on, as the history stores it."""

LEVEL_WORDS = tr("95 % interval")


FACTS = ("accuracy", "macro_f1", "interval", "interval_sentence", "scored", "scored_sentence")
"""What of a report goes into `Checkpoint.facts`; that of MORE_FACTS as well, where there is such."""

MORE_FACTS = (
    "folds_sentence", "repeats", "n_ungrouped", "n_brought",
    "relabelled", "calibration_error", "reliability", "rates", "absent", "pool_sentence",
    "learned",
)  # fmt: skip


def checkpoint(
    report: Mapping[str, Any],
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
    seed: int | None = None,
    n_embedded: int | None = None,
) -> Checkpoint:
    """The `Checkpoint` to add to the history of a `learning.accuracy.report.Report`, as a mapping.

    `n_labels` in `n_classes` classes is what the classifier learned from. `seed` dealt the folds, and
    `n_embedded` images had a vector: without them the measurement cannot be repeated.
    """
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
        n_images=report["n_images"],
        n_groups=report["n_groups"],
        balanced_accuracy=report["balanced_accuracy"],
        per_class=tuple(
            stored(MeasuredClass, {**entry, "name": names.get(entry["class_id"], "")})
            for entry in report["per_class"]
        ),
        confusion=report["confusion"],
        embedding=embedding,
        note=note,
        facts={name: report[name] for name in FACTS}
        | {name: report[name] for name in MORE_FACTS if report[name] not in (None, (), "")}
        | {name: value for name, value in (("seed", seed), ("n_embedded", n_embedded)) if value is not None},
    )


def measured_on_words(measured_on: str, n_images: int, learned: str = "") -> str:
    """What a figure was measured on, for a person: never just "accuracy". `learned` as in `Report`."""
    images = tr("{n_images:,} images", n_images=n_images)
    training = count(n_images, "training image")
    if measured_on == REFERENCE:
        return tr("the reference labels of {images} of the test set, which came with the data", images=images)
    if measured_on == TEST_LABELS:
        return tr("the labels of {images} of the test set", images=images)
    if learned:
        return tr("labels of {images} that the image model had not learned from", images=training)
    return tr("the labels of {images}, by cross-validation", images=training)


def origin_note(n_came: int, n: int) -> str:
    """That labels measured on were not given by an annotator here; empty where all were."""
    if not n_came:
        return ""
    which = tr("They were") if n_came == n else tr("{n_came:,} of them were", n_came=n_came)
    return tr("{which} adopted from the reference or read from a file, not given here.", which=which)


def interval_words(low: float, high: float) -> str:
    """The interval in brackets, with a space before."""
    return tr(
        " ({level_words} {interval:.3f} to {interval2:.3f})",
        level_words=LEVEL_WORDS,
        interval=low,
        interval2=high,
    )


def groups_note(n_groups: int | None, n_ungrouped: int, shared: int | None = None) -> str:
    """Whether images of one patient, slide or lesion may have been on both sides.

    `n_groups` known groups of the images, None if none is known, and `n_ungrouped` of the images without a
    group; `shared`: groups of the test images that also hold labelled images, None in a cross-validation.
    """
    if n_groups is None:
        return tr(
            "No groups are known: images of one patient may have been both learned from and measured on, "
            "which makes the figure optimistic."
        )
    groups = tr("1 group") if n_groups == 1 else tr("{n_groups:,} groups", n_groups=n_groups)
    if shared:
        text = tr(
            "{shared:,} of the {groups} also {holds} images learned from, ",
            shared=shared,
            groups=groups,
            holds=tr("holds") if shared == 1 else tr("hold"),
        )
        text += tr("which is optimistic.")
    else:
        text = tr("The images come from {groups}; none was both learned from and measured on.", groups=groups)
    if n_ungrouped:
        them = (
            tr("1 image has")
            if n_ungrouped == 1
            else tr("{n_ungrouped:,} images have", n_ungrouped=n_ungrouped)
        )
        text += tr(
            " {them} no group and may be of any patient; the interval takes them for one group.", them=them
        )
    return text
