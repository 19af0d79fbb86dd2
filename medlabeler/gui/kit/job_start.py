"""Starting a job from a dialog: a refusal is said in the dialog, which stays open."""

from __future__ import annotations

from medlabeler.domain.language import tr
from medlabeler.gui.kit.form import Sentence
from medlabeler.open_project.open_project import OpenProject


def start_or_tell(opened: OpenProject, job: str, params: object, problem: Sentence) -> bool:
    """Start `job`; if it is refused, `problem` shows the sentence."""
    sentences: list[str] = []
    opened.failed.connect(sentences.append)
    try:
        started = opened.start_job(job, params) is not None
    finally:
        opened.failed.disconnect(sentences.append)
    problem.say("" if started else " ".join(sentences) or tr("This cannot be started now."))
    return started
