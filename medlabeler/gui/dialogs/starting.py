"""Starting a job from a dialog: a refusal is said in the dialog, which stays open."""

from __future__ import annotations

from typing import Any

from medlabeler.gui.dialogs.parts import Sentence
from medlabeler.gui.session import Session


def start_or_tell(session: Session, job: str, params: Any, problem: Sentence) -> bool:
    """Start `job`; if it is refused, `problem` shows the sentence."""
    sentences: list[str] = []
    session.failed.connect(sentences.append)
    try:
        started = session.start_job(job, params) is not None
    finally:
        session.failed.disconnect(sentences.append)
    problem.say("" if started else " ".join(sentences) or "This cannot be started now.")
    return started
