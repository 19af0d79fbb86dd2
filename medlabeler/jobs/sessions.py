"""Compare the sessions of a project: how long, how many labels, how fast, and what it did to the accuracy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from medlabeler.domain.changes import Changes, JobResult
from medlabeler.domain.language import tr
from medlabeler.domain.progress import Progress
from medlabeler.domain.types import LabelSource
from medlabeler.export.stored_report import stored_report
from medlabeler.project.checkpoints import CROSS_VALIDATION, REFERENCE, measured_on_words
from medlabeler.project.history import Checkpoint
from medlabeler.project.project import Project
from medlabeler.project.sessions import AccuracyChange, Session, accuracy_changes, recorded_sessions

SOURCE_WORDS = {
    LabelSource.CLICK.value: tr("one by one"),
    LabelSource.QUEUE.value: "suggestions",
    LabelSource.BULK.value: "bulk",
    "second look": tr("second looks"),
}
"""How labels came about, as a person reads it, in the order in which they are drawn."""

NONE_YET = tr("No session with labels yet: label some images, and each session is listed here.")


@dataclass(frozen=True)
class Told:
    """A session with its accuracy: `accuracy` on the project's own yardstick, None if it was not measured;
    `further` on the others. `present`: it is the one that is open now.
    """

    session: Session
    accuracy: AccuracyChange | None
    further: tuple[AccuracyChange, ...]
    present: bool


def told(project: Project, *, only: int | None = None) -> list[Told]:
    """Every session in which somebody labelled, oldest first; `only` that of one session."""
    checkpoints = project.history.all()
    classifier = str(project.settings.get("classifier", "logistic"))
    reference = project.settings.get("measure", "labels") == "reference"
    yardstick = REFERENCE if reference else CROSS_VALIDATION
    out = []
    for session in recorded_sessions(project, only=only):
        changes = accuracy_changes(checkpoints, session.id, classifier)
        accuracy = changes.pop(yardstick, None)
        out.append(Told(session, accuracy, tuple(changes.values()), session.id == project.session_id))
    return out


def run(project: Project, params: object | None, progress: Progress) -> JobResult:
    """All sessions as JSON."""
    found = told(project)
    summary = {"project": str(project.path), "sessions": [told_json(project, entry) for entry in found]}
    return JobResult(Changes.NONE, summary, _sentence(found))


def told_json(project: Project, entry: Told) -> dict[str, Any]:
    """One session; times in seconds, shares 0..1, null where there is nothing to tell."""
    s = entry.session
    names = {c.id: c.name for c in project.classes.all()}
    return {
        "id": s.id,
        "started": s.started,
        "annotators": list(s.annotators),
        "program": s.program,
        "duration_s": round(s.elapsed_s, 1),
        "active_s": round(s.active_s, 1),
        "pauses": [{"after_active_s": round(p.at_s, 1), "seconds": round(p.seconds, 1)} for p in s.pauses],
        "n_labels": s.n_labels,
        "labels_per_minute": s.per_minute,
        "bins": [
            {
                "start_s": b.start_s,
                "seconds": round(b.seconds, 1),
                "labels": b.labels,
                "per_minute": b.per_minute,
            }
            for b in s.bins
        ],
        "by_source": s.by_source,
        "by_class": {names[class_id]: n for class_id, n in s.by_class.items()},
        "n_marked": s.n_marks,
        "n_read_again": s.n_readings,
        "n_undone": s.n_undone,
        "n_suggested": s.n_suggested,
        "n_accepted": s.n_accepted,
        "accepted": s.accepted,
        "clock_set_back": s.clock_set_back,
        "accuracy": _change_json(entry.accuracy),
        "further_accuracy": [_change_json(change) for change in entry.further],
    }


def _change_json(change: AccuracyChange | None) -> dict[str, Any] | None:
    if change is None:
        return None
    return {
        "measured_on": change.measured_on,
        "classifier": change.classifier,
        "start": None if change.start is None else _figure_json(change.start),
        "end": _figure_json(change.end),
    }


def _figure_json(point: Checkpoint) -> dict[str, Any]:
    report = stored_report(point)
    interval = report.interval
    return {
        "balanced_accuracy": point.balanced_accuracy,
        "interval": [interval.low, interval.high] if interval else None,
        "interval_sentence": None if interval else report.interval_sentence or None,
        "measured_on": measured_on_words(point.measured_on, point.n_images, report.learned),
        "scored": report.scored or None,
        "n_labels": point.n_labels,
        "time": point.time,
    }


def _sentence(found: list[Told]) -> str:
    if not found:
        return NONE_YET
    labels = sum(entry.session.n_labels for entry in found)
    hours = sum(entry.session.active_s for entry in found) / 3600
    sessions_ = tr("1 session") if len(found) == 1 else tr("{found:,} sessions", found=len(found))
    return tr(
        "{sessions}, {labels:,} labels by hand, {hours:.1f} hours of work.",
        sessions=sessions_,
        labels=labels,
        hours=hours,
    )
