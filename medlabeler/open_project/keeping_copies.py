"""Copies to go back to while a project is open: when a session begins, and every ten minutes of work."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from medlabeler.open_project.threads.mailbox import Mailbox
from medlabeler.project.backups import START, WORK
from medlabeler.project.project import Project

EVERY_MS = 10 * 60 * 1000


class KeepingCopies(QObject):
    """Asks for the backups, and hands on what the project tells while it is open."""

    told = Signal(str)

    def __init__(self, project: Project, parent: QObject) -> None:
        super().__init__(parent)
        self._project = project
        elsewhere = project.settings.get("backup_folder")
        project.backups.elsewhere = Path(elsewhere) / project.path.name if elsewhere else None
        project.listen(Mailbox(self._hear).post)
        project.backups.begin(START)
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self._work)
        self._timer.start()

    def stop(self) -> None:
        """The project is about to be closed."""
        self._timer.stop()

    def _work(self) -> None:
        self._project.backups.begin(WORK)

    def _hear(self, sentence: str) -> None:
        self.told.emit(sentence)
