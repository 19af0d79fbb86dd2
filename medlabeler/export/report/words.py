"""What a report says in sentences: the headline, what the figures do not tell, the paragraph on methods.

All of it is in the language in use, numbers and days as well. What the project stored in words when it was
measured stays as it was stored.
"""

from __future__ import annotations

import re
from datetime import datetime
from itertools import groupby

from medlabeler.domain.language import number_text, tr
from medlabeler.domain.model_names import shown_name
from medlabeler.domain.retelling import retold
from medlabeler.domain.words import count, duration
from medlabeler.export.report.contents import (
    UNNAMED,
    Contents,
    DataFacts,
    DrawFacts,
    Figure,
    ModelFacts,
    Table,
)
from medlabeler.learning.accuracy.report import ClassReport, Report
from medlabeler.learning.classifiers.registry import CLASSIFIERS
from medlabeler.project.checkpoints import groups_note, origin_note

NOT_A_DEVICE = tr(
    "A research tool, not a medical device: it is neither made nor approved for diagnosis or treatment, and "
    "nothing it says is a diagnosis."
)
INTENDED_USE = tr(
    "Research on images like those it learned from: of the same kind, from the same source, prepared in the "
    "same way. A person who knows such images looks at what it says before anything follows from it. "
    "Not intended: any use for the care of a patient, images of another modality, stain, scanner or site "
    "without a new test set, and images of none of its classes."
)
NO_TEST = tr(
    "There is no figure on a test set. Cross-validation tells of the labelled images, which were not drawn "
    "at random where they were chosen or suggested."
)
FROM_ELSEWHERE = tr(
    "The labels came with the data or from a file; who gave them, and how far two readers would agree, is "
    "not recorded here."
)
SCALE = tr("Whole images are made small before they are compared: what only full resolution shows is lost.")
MEASURED_ON = {
    "cross-validation": tr("cross-validation"),
    "test set": tr("test set"),
    "reference labels": tr("reference labels"),
}
"""What a point of the history was measured on, by the name under which a report states it."""
SEEDS = {
    "order of the embedding": tr("order in which the image model looks"),
    "folds of the cross-validation": tr("folds of the cross-validation"),
    "map": tr("map"),
    "none: another map each time": tr("none: another map each time"),
}
"""Names of seeds, and a seed that is none, by what a report states; `draw 2 of the test set` beside them."""
_NUMBER = re.compile(r"[+\-−]?\d|–$")
_SAME = {"counts": 2}
"""How many cells at the beginning are the same in several rows, by kind of table."""
FEW = 20
"""A recall that rests on fewer images than these is named among the limits."""


def share(value: float | None) -> str:
    """'91.2 %' of a share in 0..1; '–' where it is not known."""
    return "–" if value is None else f"{number_text(100 * value, '.1f')} %"


def limits(low: float | None, high: float | None) -> str:
    """'86.0 to 94.8 %'; '–' where they are not known."""
    if low is None or high is None:
        return "–"
    return tr("{low:.1f} to {high:.1f} %", low=100 * low, high=100 * high)


def number(value: int) -> str:
    """'1,234'."""
    return number_text(value, ",")


def day(time: str) -> str:
    """'2026-11-26' of a time as it is stored; as it is where it is none."""
    try:
        return datetime.fromisoformat(time).strftime(tr("%Y-%m-%d"))
    except ValueError:
        return time


def pace(per_minute: float | None) -> str:
    """Labels a minute."""
    return "–" if per_minute is None else number_text(per_minute, ".1f")


def person(name: str) -> str:
    """An annotator as the report names them."""
    return tr("no name") if name in ("", UNNAMED) else name


def persons(names: tuple[str, ...]) -> str:
    """Several of them, or that there is no name."""
    return ", ".join(map(person, names)) or tr("no name")


def seed_name(name: str) -> str:
    """What a seed was for."""
    if name in SEEDS:
        return SEEDS[name]
    draw, _, rest = name.partition(" ")
    return tr("draw {at} of the test set", at=rest.partition(" ")[0]) if draw == "draw" else name


def with_interval(report: Report) -> str:
    """'91.2 % (95 % interval 86.0 to 94.8 %)', or the figure with why it has no interval."""
    figure = share(report.balanced_accuracy)
    if report.interval is None:
        return tr("{figure} (no interval)", figure=figure)
    return tr(
        "{figure} ({level:.0f} % interval {limits})",
        figure=figure,
        level=100 * report.interval.level,
        limits=limits(report.interval.low, report.interval.high),
    )


def main_figure(contents: Contents) -> Figure | None:
    """The figure a reader should remember: on the test set, if there is one."""
    return contents.test or contents.reference or contents.labels


def headline(contents: Contents) -> str:
    """The figure a reader should remember, with what it was measured on."""
    figure = main_figure(contents)
    if figure is None:
        return tr("No accuracy is known. {refusal}", refusal=contents.refusal).strip()
    return tr(
        "Balanced accuracy {figure}, measured on {on}, of a classifier that learned from {labels} in "
        "{classes}.",
        figure=with_interval(figure.report),
        on=figure.on,
        labels=count(figure.n_labels, "label"),
        classes=_classes(n_learned(contents)),
    )


def n_learned(contents: Contents) -> int:
    """Classes with a label to learn from."""
    return sum(known.n_pool > 0 for known in contents.classes)


def _classes(n: int) -> str:
    return tr("1 class") if n == 1 else tr("{n:,} classes", n=n)


def balanced(figure: Figure) -> str:
    """The main figure of one measurement."""
    return tr("Balanced accuracy {figure}", figure=with_interval(figure.report))


def measured_on(figure: Figure) -> str:
    """What stands behind `balanced`: what it was measured on, when, and the other figures."""
    report = figure.report
    said = tr(
        "measured on {on}, {day}, by a classifier that had learned from {labels}. Accuracy "
        "{accuracy}, mean F1 "
        "{f1}",
        on=figure.on,
        day=day(figure.time),
        labels=count(figure.n_labels, "label"),
        accuracy=share(report.accuracy),
        f1=share(report.macro_f1),
    )
    if report.calibration_error is not None:
        said += tr(", expected calibration error {error}", error=share(report.calibration_error))
    return f"{said}."


def notes(figure: Figure) -> list[str]:
    """What belongs beside a figure, each a sentence, none twice."""
    report = figure.report
    said = [
        origin_note(report.n_brought, report.n_images),
        report.interval_sentence,
        report.scored_sentence,
        report.folds_sentence,
        retold(report.relabelled.sentence) if report.relabelled is not None else "",
        report.pool_sentence,
        retold(figure.note) or groups_note(report.n_groups, report.n_ungrouped),
    ]
    return list(dict.fromkeys(sentence for sentence in said if sentence))


def images(data: DataFacts) -> list[str]:
    """How many images there are, of how many groups, how large, and what became of some, each a sentence."""
    there = count(data.n_images, "image")
    if data.n_groups is None:
        said = [tr("{images}; no groups are known.", images=there)]
    else:
        of = tr(
            "{images} of {groups} (such as patients, slides or lesions)",
            images=there,
            groups=count(data.n_groups, "group"),
        )
        if data.n_ungrouped:
            of = tr("{images}, {n:,} of them without a group", images=of, n=data.n_ungrouped)
        said = [f"{of}."]
    (narrow, usual, wide), (low, middle, high) = data.width, data.height
    if (narrow, low) == (wide, high):
        said.append(tr("All are {wide:,} x {high:,} pixels.", wide=wide, high=high))
    else:
        said.append(
            tr(
                "Size {narrow:,} to {wide:,} pixels wide (median {usual:,}), {low:,} to {high:,} high "
                "(median {middle:,}).",
                narrow=narrow,
                wide=wide,
                usual=usual,
                low=low,
                high=high,
                middle=middle,
            )
        )
    if data.n_left_out:
        files = count(data.n_left_out, "file")
        said.append(tr("Left out because they could not be used: {files}.", files=files))
    _, unsure, bad = data.n_marks
    if unsure or bad:
        said.append(tr("Marked as not sure: {unsure:,}, as bad images: {bad:,}.", unsure=unsure, bad=bad))
    return said


def card_images(data: DataFacts) -> str:
    """The same in short, by side."""
    there = _of_groups(data.n_images, data.n_groups)
    sides = tr("{pool:,} for training, {test:,} in the test set", pool=data.n_pool, test=data.n_test)
    if data.n_held_back:
        sides = tr("{sides}, {n:,} held back", sides=sides, n=data.n_held_back)
    return f"{there}: {sides}."


def drawn(draw: DrawFacts, *, grouped: bool) -> str:
    """How a part of the test set was drawn."""
    units = count(draw.n_units, "group" if grouped else "image")
    said = tr(
        "{day}: {wanted} wanted, {n:,} of {units} drawn at random",
        day=day(draw.time),
        wanted=count(draw.n_wanted, "image"),
        n=draw.n_drawn,
        units=units,
    )
    if draw.per_group is not None:
        said += tr(", at most {images} of each", images=count(draw.per_group, "image"))
    if draw.rare_factor != 1:
        said += tr(", rare-looking images {factor:g} times as likely", factor=draw.rare_factor)
    return said + tr("; seed {seed}.", seed=str(draw.seed))


def annotators(contents: Contents) -> str:
    """Who labelled."""
    who = contents.annotators
    return tr("{annotators}: {names}.", annotators=count(len(who), "annotator"), names=persons(who))


def looked_at(n: int) -> str:
    """How often the test set was opened."""
    if n == 1:
        return tr("The test set was looked at once.")
    return tr("The test set was looked at {n:,} times.", n=n)


def of_curve(contents: Contents) -> str:
    """What the learning curve is, and what it says."""
    curve = contents.curve
    if curve is None:
        return ""
    said = tr(
        "By cross-validation on {draws} of the labels; the band is one standard deviation.",
        draws=count(curve.repeats, "random draw"),
    )
    return " ".join([said, *(series.sentence for series in curve.series if series.sentence)])


def model_title(model: ModelFacts) -> str:
    """The image model and its licence."""
    if not model.licence:
        return shown_name(model.title)
    return tr("{title}, licence {licence}", title=shown_name(model.title), licence=model.licence)


def classifier(model: ModelFacts) -> str:
    """What learned from the embedding."""
    known = CLASSIFIERS.get(model.classifier)
    return model.classifier if known is None else known.words


def not_told(contents: Contents) -> list[str]:
    """What the figures of this report do not tell, each a sentence."""
    said = [_of_the_labels(contents), *_of_the_test_set(contents), *_of_the_classes(contents)]
    if contents.model is not None and contents.model.note:
        said.append(retold(contents.model.note))
    if contents.data.n_groups is None:
        said.append(groups_note(None, 0))
    classes = ", ".join(known.name for known in contents.classes if known.n_pool)
    if classes:
        said.append(
            tr(
                "It knows these classes and no other: {classes}. An image of anything else is given one of "
                "them.",
                classes=classes,
            )
        )
    said.append(SCALE)
    return [sentence for sentence in said if sentence]


def _of_the_labels(contents: Contents) -> str:
    who = len(contents.annotators)
    if not who:
        return FROM_ELSEWHERE if sum(known.n_pool for known in contents.classes) else ""
    said = tr(
        "Right is what {people} said: accuracy is measured against their labels.",
        people=count(who, "person"),
    )
    known = [one.share for one in contents.agreement if one.share is not None]
    if known:
        more = tr(
            "Readings of the same images agree in {share}: no classifier can be shown to be better than that "
            "here.",
            share=share(min(known)),
        )
    else:
        more = tr(
            "How far two readers would agree was not measured, and with it the best that can be reached."
        )
    return f"{said} {more}"


def _of_the_test_set(contents: Contents) -> list[str]:
    figure = contents.test or contents.reference
    if figure is None:
        return [NO_TEST]
    said = []
    there = sum(known.n_pool for known in contents.classes)
    if figure.n_labels != there:
        said.append(
            tr(
                "The test set was measured on when the classifier had learned from {labels}; now there are "
                "{there:,}.",
                labels=count(figure.n_labels, "label"),
                there=there,
            )
        )
    if contents.n_looks > 1:
        said.append(
            tr(
                "The test set was looked at {n:,} times: what was decided after a look makes later "
                "figures too "
                "good.",
                n=contents.n_looks,
            )
        )
    return said


def _of_the_classes(contents: Contents) -> list[str]:
    figure = main_figure(contents)
    if figure is None:
        return []
    report, said = figure.report, []
    few = [f"{one.name} ({number(one.support)})" for one in report.per_class if 0 < one.support < FEW]
    if few:
        said.append(tr("The recall of these classes rests on few images: {few}.", few=", ".join(few)))
    absent = [name for name in report.absent or () if name]
    absent += [one.name for one in report.per_class if not one.support]
    if absent:
        names = ", ".join(dict.fromkeys(absent))
        said.append(tr("Not measured at all, for want of images: {names}.", names=names))
    return said


def confused(report: Report) -> list[tuple[ClassReport, list[tuple[int, int]]]]:
    """Rows of the confusion matrix: a class, and for each prediction the images and their shade, 0..10."""
    rows = []
    for entry, counts in zip(report.per_class, report.confusion, strict=True):
        total = max(1, sum(counts))
        rows.append((entry, [(n, -(-10 * n // total)) for n in counts]))
    return rows


def numeric(table: Table) -> list[bool]:
    """Which columns of a table hold numbers in every row, its first never."""
    columns = list(zip(*table.rows, strict=True))
    return [at > 0 and all(_NUMBER.match(text) for text in column) for at, column in enumerate(columns)]


def in_parts(table: Table, *, paged: bool) -> list[tuple[int, list[tuple[str, ...]]]]:
    """The rows of a table in parts that begin with the same cells, and how many these are: they stand once.

    On paper they stand in each row: a part may go on on the next page.
    """
    n = 0 if paged else _SAME.get(table.kind, 0)
    return [(n, list(rows)) for _, rows in groupby(table.rows, key=lambda row: row[:n])]


def methods(contents: Contents) -> str:
    """A paragraph for the methods section of a paper."""
    return " ".join(part for part in (_collected(contents), _embedded(contents), _labelled(contents),
                                      _measured(contents), _software(contents)) if part)  # fmt: skip


def _of_groups(n_images: int, n_groups: int | None) -> str:
    there = count(n_images, "image")
    if n_groups is None:
        return there
    return tr("{images} of {groups}", images=there, groups=count(n_groups, "group"))


def _collected(contents: Contents) -> str:
    data = contents.data
    there = _of_groups(data.n_images, data.n_groups)
    if not data.n_test:
        return tr("Images collected: {images}.", images=there)
    draws = [draw for draw in contents.draws if draw.n_drawn]
    kept = _of_groups(data.n_test, data.n_test_groups)
    if not draws:
        return tr(
            "Images collected: {images}; {kept} were given as the test set and never trained on.",
            images=there,
            kept=kept,
        )
    seeds = ", ".join(str(draw.seed) for draw in draws)
    unit = tr("of images") if data.n_groups is None else tr("of whole groups")
    unit = tr("of images within groups") if any(draw.per_group for draw in draws) else unit
    return tr(
        "Images collected: {images}; {kept} were reserved as a test set by a random draw {unit} "
        "(seed {seeds}) "
        "and never trained on.",
        images=there,
        kept=kept,
        unit=unit,
        seeds=seeds,
    )


def _embedded(contents: Contents) -> str:
    model = contents.model
    if model is None:
        return ""
    how = tr("learned without labels") if model.self_supervised else tr("not self-supervised")
    if model.weights_sha256:
        how = tr("{how}; weights SHA-256 {weights}…", how=how, weights=model.weights_sha256[:16])
    return tr(
        "Each image was turned into {dim:,} numbers by {title} ({how}, pooling {pooling}); these "
        "were centred "
        "and mildly whitened on the training images, and scaled to length 1.",
        dim=model.dim,
        title=shown_name(model.title),
        how=how,
        pooling=model.pooling,
    )


def _labelled(contents: Contents) -> str:
    there = sum(known.n_pool for known in contents.classes)
    if not there:
        return ""
    what = tr(
        "{images} in {classes}",
        images=count(there, "training image"),
        classes=_classes(n_learned(contents)),
    )
    tested = sum(known.n_test for known in contents.classes)
    if tested:
        what = tr("{training} and {test}", training=what, test=count(tested, "test image"))
    who = len(contents.annotators)
    if not who:
        said = tr("{images} had labels that came with the data or from a file.", images=what)
    elif not contents.sittings:
        said = tr("{images} were labelled by {people}.", images=what, people=count(who, "annotator"))
    else:
        said = tr(
            "{images} were labelled by {people} in {sessions} ({time} at work).",
            images=what,
            people=count(who, "annotator"),
            sessions=count(len(contents.sittings), "session"),
            time=duration(sum(one.active_s for one in contents.sittings)),
        )
    words = classifier(contents.model) if contents.model is not None else ""
    if not words:
        return said
    fitted = tr("A classifier ({words}) was fitted on the labelled training images.", words=words)
    return f"{said} {fitted}"


def _measured(contents: Contents) -> str:
    said = []
    for figure in (contents.labels, contents.test, contents.reference):
        if figure is None:
            continue
        on = figure.on
        if figure.seed is not None:
            on = tr("{on} (seed {seed})", on=on, seed=str(figure.seed))
        said.append(
            tr(
                "Balanced accuracy (mean recall of the classes) on {on} was {figure}.",
                on=on,
                figure=with_interval(figure.report),
            )
        )
    found = next(
        (f.report.interval for f in (contents.test, contents.labels) if f and f.report.interval), None
    )
    if found is not None and found.method:
        said.append(tr("Intervals: {method}.", method=found.method.rstrip(".")))
    return " ".join(said)


def _software(contents: Contents) -> str:
    versions = contents.versions
    others = [f"{name} {version}" for name, version in versions.items() if name != "MedLabeler"]
    return f"MedLabeler {versions.get('MedLabeler', '')} ({', '.join(others)})."
