"""Writing what was decided: one transaction, with the checks that are drawn from it."""

from __future__ import annotations

from medlabeler.open_project.bulk_errors import ask_again_later
from medlabeler.open_project.decide import Entry
from medlabeler.project.journal import Step
from medlabeler.project.project import Project


def write(project: Project, entry: Entry) -> Step | None:
    """Store `entry` as one step; None if there was nothing to decide. `UserError` if the disk refuses: then
    nothing of it is stored.
    """
    confirmed, classes = entry.confirmed, entry.class_ids[: len(entry.confirmed)]
    followed = entry.suggestion
    return project.journal.decide(
        entry.rows,
        entry.kinds,
        entry.class_ids,
        name=entry.name,
        source=entry.source,
        strategy=followed.strategy if followed else None,
        inclusion_probability=followed.inclusion_probability if followed else None,
        shown_class=entry.shown.class_id,
        shown_confidence=entry.shown.confidence,
        model_revision=entry.shown.revision,
        blind=entry.blind,
        alongside=ask_again_later(project, confirmed, classes) if len(confirmed) else None,
    )
