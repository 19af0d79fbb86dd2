"""One line in the status bar while a backbone learns from the project's images; a click opens its window."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton, QWidget

from medlabeler.domain.language import tr
from medlabeler.open_project import own_images
from medlabeler.open_project.open_project import OpenProject
from medlabeler.open_project.threads.polling import Polling
from medlabeler.processes.pretraining_pulse import RunWatch
from medlabeler.project.pretraining_runs import RunStatus
from medlabeler.project.settings import ProjectSettings

EVERY_MS = 3000
SEEN = "pretraining_seen"


def acknowledge(settings: ProjectSettings, run: RunStatus) -> None:
    """A person has seen how this run stands: the hint need not tell any more."""
    seen = [run.name, run.state]
    if settings.get(SEEN, []) != seen:
        settings.keep(SEEN, seen)


class PretrainingHint(QToolButton):
    """Hidden while there is nothing to tell."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.sharpens = False
        """Whether the run that it tells of learns from labels."""
        self._opened: OpenProject | None = None
        self._polling: Polling | None = None
        self.hide()

    def follow(self, opened: OpenProject | None) -> None:
        """Tell about the runs of this open project's project from now on."""
        if self._polling is not None:
            self._polling.stop()
            self._polling.deleteLater()
            self._polling = None
        self._opened = opened
        self.hide()
        if opened is not None:
            self._polling = Polling(RunWatch(opened.project.path).look, EVERY_MS, self)
            self._polling.seen.connect(self._show)
            self._polling.failed.connect(opened.failed)
            self._polling.start()

    def _show(self, seen: tuple[list[RunStatus], str]) -> None:
        opened, (runs, sentence) = self._opened, seen
        if opened is None or opened.closed:
            return
        if sentence:
            opened.failed.emit(sentence)
        self.sharpens = bool(runs) and runs[0].sharpens
        self.setToolTip(
            tr("Open Sharpen with my labels") if self.sharpens else tr("Open Learn from my images")
        )
        text = own_images.hint(runs, opened.project.settings.get(SEEN, []))
        self.setText(text)
        self.setVisible(bool(text))
