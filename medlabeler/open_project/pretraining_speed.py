"""A few steps in a process of their own, to learn how long a run would take."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.jobs import pretrain
from medlabeler.open_project.own_images import LearningSpeed, going
from medlabeler.open_project.run_start import RunStart
from medlabeler.open_project.threads.polling import Polling
from medlabeler.processes import pretraining
from medlabeler.project import pretraining_runs

EVERY_MS = 700


class Measuring(QObject):
    """At most one measurement at a time; it ends by itself, or when asked to."""

    told = Signal(str)  # how far it is
    measured = Signal(object, object)  # what was asked for, what was found
    ended = Signal(str)  # it has ended, its process is gone; why, if it failed

    def __init__(self, parent: QObject, found: Callable[[Path], Any]) -> None:
        """`found` reads what the process found from its folder; `UserError` if that is nothing."""
        super().__init__(parent)
        self._found = found
        self._folder: Path | None = None
        self._asked: Any = None
        self._polling: Polling | None = None
        self._unwanted = False
        """It was asked to end before its process was there."""
        self._start = RunStart(self)
        self._start.started.connect(self._look)
        self._start.refused.connect(lambda sentence: self._take(("ended", sentence)))

    @property
    def running(self) -> bool:
        """Whether one is going on."""
        return self._folder is not None

    def start(self, plan: Callable[[], Path], asked: Any) -> None:
        """Let the run of `plan` measure what was `asked` for; `UserError` and `OSError` as `plan`."""
        self._folder = self._start.begin(plan)  # first: what was refused does not run
        self._asked, self._unwanted = asked, False

    def _look(self, folder: Path) -> None:
        if self._unwanted:
            pretraining.stop(folder)
        self._polling = Polling(lambda: _ask(folder, self._found), EVERY_MS, self)
        self._polling.seen.connect(self._take)
        self._polling.failed.connect(lambda sentence: self._take(("ended", sentence)))
        self._polling.start()

    def stop(self) -> None:
        """Ask it to end; `ended` tells when it has."""
        self._unwanted = True
        if self._folder is not None and self._polling is not None and self._folder.is_dir():
            pretraining.stop(self._folder)

    def _take(self, answer: tuple[str, Any]) -> None:
        kind, value = answer
        if self._folder is None:
            return
        if kind == "told":
            self.told.emit(value)
            return
        self._folder = None
        if self._polling is not None:
            self._polling.stop()
            self._polling.deleteLater()
            self._polling = None
        if kind == "measured":
            self.measured.emit(self._asked, value)
            value = ""
        self.ended.emit(value)


def _ask(folder: Path, found: Callable[[Path], Any]) -> tuple[str, Any]:
    """The signal to give and its value, by what the measuring process wrote; away from the GUI thread."""
    run = pretraining_runs.status(folder)
    if going(run):
        steps = tr("Measuring: step {step} of {steps}", step=run.step, steps=run.steps)
        counts = run.state == "running" and not run.sharpens
        return "told", steps if counts else tr("Measuring: {sentence}", sentence=run.sentence)
    try:
        if run.state == "done":
            return "measured", found(folder)
    except UserError as error:
        return "ended", str(error)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return "ended", "" if run.state == "stopped" else run.sentence


def speed_of_learning(folder: Path) -> LearningSpeed:
    """What a run of `jobs.pretrain` measured."""
    found = pretrain.verdict(folder)
    return LearningSpeed(found.images_per_s, found.device)
