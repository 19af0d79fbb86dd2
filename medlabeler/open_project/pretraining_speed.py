"""Twenty steps in a process of their own, to learn how long a run would take."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.jobs import pretrain
from medlabeler.open_project.own_images import LearningSpeed, going
from medlabeler.open_project.threads.polling import Polling
from medlabeler.processes import pretraining
from medlabeler.project import pretraining_runs
from medlabeler.project.project import Project

EVERY_MS = 700


class Measuring(QObject):
    """At most one measurement at a time; it ends by itself, or when asked to."""

    told = Signal(str)  # how far it is
    measured = Signal(object, object)  # Params, LearningSpeed
    ended = Signal(str)  # it has ended, its process is gone; why, if it failed

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._folder: Path | None = None
        self._params = pretrain.Params()
        self._polling: Polling | None = None

    @property
    def running(self) -> bool:
        """Whether one is going on."""
        return self._folder is not None

    def start(self, project: Project, params: pretrain.Params) -> None:
        """Measure these settings; `UserError` if they cannot be run."""
        self._folder = folder = pretrain.plan(project, params, measure=True)
        self._params = params
        pretraining.start(folder)
        self._polling = Polling(lambda: _ask(folder), EVERY_MS, self)
        self._polling.seen.connect(self._take)
        self._polling.failed.connect(lambda sentence: self._take(("ended", sentence)))
        self._polling.start()

    def stop(self) -> None:
        """Ask it to end; `ended` tells when it has."""
        if self._folder is not None and self._folder.is_dir():
            pretraining.stop(self._folder)

    def _take(self, answer: tuple[str, Any]) -> None:
        kind, value = answer
        if self._folder is None or self._polling is None:
            return
        if kind == "told":
            self.told.emit(value)
            return
        self._folder = None
        self._polling.stop()
        self._polling.deleteLater()
        self._polling = None
        if kind == "measured":
            self.measured.emit(self._params, value)
            value = ""
        self.ended.emit(value)


def _ask(folder: Path) -> tuple[str, Any]:
    """The signal to give and its value, by what the measuring process wrote; away from the GUI thread."""
    run = pretraining_runs.status(folder)
    if going(run):
        steps = tr("Measuring: step {step} of {steps}", step=run.step, steps=run.steps)
        return "told", steps if run.state == "running" else tr("Measuring: {sentence}", sentence=run.sentence)
    try:
        if run.state == "done":
            found = pretrain.verdict(folder)
            return "measured", LearningSpeed(found["images_per_s"], found["device"])
    except UserError as error:
        return "ended", str(error)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return "ended", "" if run.state == "stopped" else run.sentence
