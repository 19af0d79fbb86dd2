"""The figures of a project as text: what stands in Results, to be pasted elsewhere."""

from __future__ import annotations

from medlabeler.domain.language import tr
from medlabeler.domain.model_names import shown_name
from medlabeler.domain.words import between, count, percent
from medlabeler.export.stored_report import stored_report
from medlabeler.gui.accuracy import history_series
from medlabeler.gui.accuracy import words as accuracy_words
from medlabeler.open_project.look_at_test_set import found_sentence
from medlabeler.open_project.open_project import OpenProject
from medlabeler.project.history import Checkpoint


def report_text(opened: OpenProject) -> str:
    """The newest accuracy of the classifier in use, each class, the test set; empty while there is none."""
    checkpoints = opened.project.history.all()
    embedding = opened.project.settings.get("embedding", None)
    shown = history_series.headline(
        checkpoints, classifier=opened.classifier, measure=opened.measure, embedding=embedding
    )
    if shown is None:
        return ""
    lines = [_headline(opened, shown), *_classes(opened, shown)]
    mine = [point for point in checkpoints if not embedding or point.embedding == embedding]
    test = history_series.newest_test(mine, opened.classifier)
    if test is None:
        lines.append(tr("The test set was not measured on."))
    else:
        lines.append(found_sentence(stored_report(test), opened.project.history.looks()))
    return "\n".join(lines)


def _headline(opened: OpenProject, shown: Checkpoint) -> str:
    info = opened.embedding_info
    model = tr("Image model: {title}.", title=shown_name(info.title)) if info is not None else ""
    report = stored_report(shown)
    sure = accuracy_words.interval_words(report) or report.interval_sentence
    said = history_series.in_words(shown, bool(opened.project.catalog.has_groups))
    return " ".join(part for part in (f"{said}.", f"{sure.rstrip('.')}." if sure else "", model) if part)


def _classes(opened: OpenProject, shown: Checkpoint) -> list[str]:
    names = {c.id: c.name for c in opened.classes}
    lines = []
    for entry in stored_report(shown).per_class:
        if not entry.support or entry.recall is None:
            continue
        told = {
            "names": names.get(entry.class_id, entry.name),
            "recall": percent(entry.recall),
            "images": count(entry.support, "image"),
        }
        if entry.low is None or entry.high is None:  # an earlier version measured none
            lines.append(tr("{names}: {recall} recognised, of {images}", **told))
        else:
            limits = between(entry.low, entry.high)
            lines.append(
                tr(
                    "{names}: {recall} recognised (95 % interval {limits}), of {images}",
                    **told,
                    limits=limits,
                )
            )
    return lines
