"""Confirming a page: all of it one step, and a few of its images noted to be asked again."""

from __future__ import annotations

from medlabeler.domain.errors import UserError
from medlabeler.domain.types import LabelSource
from medlabeler.gui.bulk_page import Decision
from medlabeler.gui.session import Session
from medlabeler.jobs.bulk import ask_again_later
from medlabeler.project.journal import Step


def confirm(session: Session, decision: Decision, name: str) -> Step | None:
    """Record `decision` as one step to undo, `name`; None where there is nothing, or the disk refused."""
    project = session.project
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
        session.failed.emit(str(error))
        step = None
    if step is not None:
        session.refresh(step.changes)
    return step
