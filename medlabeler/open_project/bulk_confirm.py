"""Confirming a page: all of it one step, and a few of its images noted to be asked again."""

from __future__ import annotations

from medlabeler.domain.errors import UserError
from medlabeler.domain.types import LabelSource
from medlabeler.open_project.bulk_errors import ask_again_later
from medlabeler.open_project.bulk_page import Decision
from medlabeler.open_project.open_project import OpenProject
from medlabeler.project.journal import Step


def confirm(opened: OpenProject, decision: Decision, name: str) -> Step | None:
    """Record `decision` as one step to undo, `name`; None where there is nothing, or the disk refused."""
    project = opened.project
    try:
        step = project.journal.decide(
            decision.rows,
            decision.kinds,
            decision.class_ids,
            name=name,
            source=LabelSource.BULK,
            shown_class=decision.shown_class,
            shown_confidence=decision.shown_confidence,
            model_revision=decision.model_revision,
        )
        if step is not None:
            ask_again_later(project, decision.rows[: decision.n_confirmed])
    except UserError as error:
        opened.failed.emit(str(error))
        step = None
    if step is not None:
        opened.refresh(step.changes)
    return step
