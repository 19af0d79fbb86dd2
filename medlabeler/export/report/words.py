"""What a report says in sentences: the headline, what the figures do not tell, the paragraph on methods."""

from __future__ import annotations

from datetime import datetime

from medlabeler.domain.words import count, duration
from medlabeler.export.report.contents import Contents, Figure
from medlabeler.learning.accuracy.report import ClassReport, Report
from medlabeler.learning.classifiers.registry import CLASSIFIERS
from medlabeler.project.checkpoints import groups_note, origin_note

NOT_A_DEVICE = (
    "A research tool, not a medical device: it is neither made nor approved for diagnosis or treatment, and "
    "nothing it says is a diagnosis."
)
INTENDED_USE = (
    "Research on images like those it learned from: of the same kind, from the same source, prepared in the "
    "same way. A person who knows such images looks at what it says before anything follows from it. "
    "Not intended: any use for the care of a patient, images of another modality, stain, scanner or site "
    "without a new test set, and images of none of its classes."
)
NO_TEST = (
    "There is no figure on a test set. Cross-validation tells of the labelled images, which were not drawn "
    "at random where they were chosen or suggested."
)
FROM_ELSEWHERE = (
    "The labels came with the data or from a file; who gave them, and how far two readers would agree, is "
    "not recorded here."
)
FEW = 20
"""A recall that rests on fewer images than these is named among the limits."""


def share(value: float | None) -> str:
    """'91.2 %' of a share in 0..1; '–' where it is not known."""
    return "–" if value is None else f"{100 * value:.1f} %"


def limits(low: float | None, high: float | None) -> str:
    """'86.0 to 94.8 %'; '–' where they are not known."""
    return "–" if low is None or high is None else f"{100 * low:.1f} to {100 * high:.1f} %"


def number(value: int) -> str:
    """'1,234'."""
    return f"{value:,}"


def day(time: str) -> str:
    """'2026-11-26' of a time as it is stored; as it is where it is none."""
    try:
        return datetime.fromisoformat(time).strftime("%Y-%m-%d")
    except ValueError:
        return time


def pace(per_minute: float | None) -> str:
    """Labels a minute."""
    return "–" if per_minute is None else f"{per_minute:.1f}"


def with_interval(report: Report) -> str:
    """'91.2 % (95 % interval 86.0 to 94.8 %)', or the figure with why it has no interval."""
    figure = share(report.balanced_accuracy)
    if report.interval is None:
        return f"{figure} (no interval)"
    between = limits(report.interval.low, report.interval.high)
    return f"{figure} ({100 * report.interval.level:.0f} % interval {between})"


def main_figure(contents: Contents) -> Figure | None:
    """The figure a reader should remember: on the test set, if there is one."""
    return contents.test or contents.reference or contents.labels


def headline(contents: Contents) -> str:
    """The figure a reader should remember, with what it was measured on."""
    figure = main_figure(contents)
    if figure is None:
        return f"No accuracy is known. {contents.refusal}".strip()
    return (
        f"Balanced accuracy {with_interval(figure.report)}, measured on {figure.on}, of a classifier that "
        f"learned from {count(figure.n_labels, 'label')} in {n_learned(contents):,} classes."
    )


def n_learned(contents: Contents) -> int:
    """Classes with a label to learn from."""
    return sum(known.n_pool > 0 for known in contents.classes)


def notes(figure: Figure) -> list[str]:
    """What belongs beside a figure, each a sentence, none twice."""
    report = figure.report
    said = [
        origin_note(report.n_brought, report.n_images),
        report.interval_sentence,
        report.scored_sentence,
        report.folds_sentence,
        report.relabelled.sentence if report.relabelled is not None else "",
        report.pool_sentence,
        figure.note or groups_note(report.n_groups, report.n_ungrouped),
    ]
    return list(dict.fromkeys(sentence for sentence in said if sentence))


def not_told(contents: Contents) -> list[str]:
    """What the figures of this report do not tell, each a sentence."""
    said = [_of_the_labels(contents), *_of_the_test_set(contents), *_of_the_classes(contents)]
    if contents.model is not None and contents.model.note:
        said.append(contents.model.note)
    if contents.data.n_groups is None:
        said.append(groups_note(None, 0))
    classes = ", ".join(known.name for known in contents.classes if known.n_pool)
    if classes:
        said.append(
            f"It knows these classes and no other: {classes}. An image of anything else is given one of them."
        )
    said.append(
        "Whole images are made small before they are compared: what only full resolution shows is lost."
    )
    return [sentence for sentence in said if sentence]


def _of_the_labels(contents: Contents) -> str:
    who = len(contents.annotators)
    people = "one person" if who == 1 else f"{who:,} persons"
    if not who:
        return FROM_ELSEWHERE if sum(known.n_pool for known in contents.classes) else ""
    said = f"Right is what {people} said: accuracy is measured against their labels."
    known = [one.share for one in contents.agreement if one.share is not None]
    if known:
        return (
            f"{said} Readings of the same images agree in {share(min(known))}: no classifier can be shown to "
            "be better than that here."
        )
    return (
        f"{said} How far two readers would agree was not measured, and with it the best that can be reached."
    )


def _of_the_test_set(contents: Contents) -> list[str]:
    figure = contents.test or contents.reference
    if figure is None:
        return [NO_TEST]
    said = []
    there = sum(known.n_pool for known in contents.classes)
    if figure.n_labels != there:
        said.append(
            f"The test set was measured on when the classifier had learned from {figure.n_labels:,} labels; "
            f"now there are {there:,}."
        )
    if contents.n_looks > 1:
        said.append(
            f"The test set was looked at {contents.n_looks:,} times: what was decided after a look makes "
            "later figures too good."
        )
    return said


def _of_the_classes(contents: Contents) -> list[str]:
    figure = main_figure(contents)
    if figure is None:
        return []
    report, said = figure.report, []
    few = [f"{one.name} ({one.support:,})" for one in report.per_class if 0 < one.support < FEW]
    if few:
        said.append(f"The recall of these classes rests on few images: {', '.join(few)}.")
    absent = [name for name in report.absent or () if name]
    absent += [one.name for one in report.per_class if not one.support]
    if absent:
        said.append(f"Not measured at all, for want of images: {', '.join(dict.fromkeys(absent))}.")
    return said


def confused(report: Report) -> list[tuple[ClassReport, list[tuple[int, int]]]]:
    """Rows of the confusion matrix: a class, and for each prediction the images and their shade, 0..10."""
    rows = []
    for entry, counts in zip(report.per_class, report.confusion, strict=True):
        total = max(1, sum(counts))
        rows.append((entry, [(n, -(-10 * n // total)) for n in counts]))
    return rows


def methods(contents: Contents) -> str:
    """A paragraph for the methods section of a paper."""
    return " ".join(part for part in (_collected(contents), _embedded(contents), _labelled(contents),
                                      _measured(contents), _software(contents)) if part)  # fmt: skip


def _collected(contents: Contents) -> str:
    data = contents.data
    said = f"{data.n_images:,} images"
    said += "" if data.n_groups is None else f" of {count(data.n_groups, 'group')}"
    if not data.n_test:
        return f"{said} were collected."
    draws = [draw for draw in contents.draws if draw.n_drawn]
    kept = f"{data.n_test:,} images"
    kept += "" if data.n_test_groups is None else f" of {count(data.n_test_groups, 'group')}"
    if not draws:
        return f"{said} were collected; {kept} were given as the test set and never trained on."
    seeds = ", ".join(str(draw.seed) for draw in draws)
    unit = "images" if data.n_groups is None else "whole groups"
    unit = "images within groups" if any(draw.per_group for draw in draws) else unit
    return (
        f"{said} were collected; {kept} were reserved as a test set by a random draw of {unit} "
        f"(seed {seeds}) and never trained on."
    )


def _embedded(contents: Contents) -> str:
    model = contents.model
    if model is None:
        return ""
    how = "learned without labels" if model.self_supervised else "not self-supervised"
    weights = f"weights SHA-256 {model.weights_sha256[:16]}…, " if model.weights_sha256 else ""
    return (
        f"Each image was turned into {model.dim:,} numbers by {model.title} ({how}; {weights}pooling "
        f"{model.pooling}); these were centred and mildly whitened on the training images, and "
        "scaled to length 1."
    )


def _labelled(contents: Contents) -> str:
    there = sum(known.n_pool for known in contents.classes)
    if not there:
        return ""
    tested = sum(known.n_test for known in contents.classes)
    hours = sum(one.active_s for one in contents.sittings)
    said = f"{there:,} training images in {n_learned(contents):,} classes"
    said += f" and {tested:,} test images" if tested else ""
    who = len(contents.annotators)
    people = "one annotator" if who == 1 else f"{who:,} annotators"
    said += f" were labelled by {people}" if who else " had labels that came with the data or from a file"
    if contents.sittings:
        said += f" in {count(len(contents.sittings), 'session')} ({duration(hours)} at work)"
    classifier = contents.model.classifier if contents.model is not None else ""
    words = CLASSIFIERS[classifier].words if classifier in CLASSIFIERS else classifier
    fitted = f" A classifier ({words}) was fitted on the labelled training images." if words else ""
    return f"{said}.{fitted}"


def _measured(contents: Contents) -> str:
    said = []
    for figure in (contents.labels, contents.test, contents.reference):
        if figure is not None:
            seed = "" if figure.seed is None else f" (seed {figure.seed})"
            said.append(
                f"Balanced accuracy (mean recall of the classes) on {figure.on}{seed} was "
                f"{with_interval(figure.report)}."
            )
    found = next(
        (f.report.interval for f in (contents.test, contents.labels) if f and f.report.interval), None
    )
    if found is not None and found.method:
        said.append(f"Intervals: {found.method.rstrip('.')}.")
    return " ".join(said)


def _software(contents: Contents) -> str:
    versions = contents.versions
    others = [f"{name} {version}" for name, version in versions.items() if name != "MedLabeler"]
    return f"MedLabeler {versions.get('MedLabeler', '')} ({', '.join(others)})."
