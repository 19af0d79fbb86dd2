"""What keeps a project whole while it is open: copies to go back to, when a session begins and every ten
minutes of work, and a look at the vectors on disk.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from medlabeler.domain.errors import UserError
from medlabeler.open_project.threads.background import in_background
from medlabeler.open_project.threads.mailbox import Mailbox
from medlabeler.processes.examiner import altered_by_another_process
from medlabeler.processes.supervisor import Supervisor
from medlabeler.project.backups import START, WORK
from medlabeler.project.project import Project
from medlabeler.project.vectors import VectorStore

SHOWN_S = 4.0
SETTLED_S = 10.0
EVERY_S = 10 * 60.0


class KeepingWhole(QObject):
    """Asks for backups, hands on what the project tells while it is open, and finds damaged vectors."""

    told = Signal(str)
    damaged = Signal(str, object)  # key of the embedding in use, names of its damaged shards

    def __init__(self, project: Project, supervisor: Supervisor, parent: QObject) -> None:
        super().__init__(parent)
        self._project = project
        elsewhere = project.settings.get("backup_folder")
        project.backups.elsewhere = Path(elsewhere) / project.path.name if elsewhere else None
        project.listen(Mailbox(self._hear).post)
        self._over = over = threading.Event()
        self._found = Mailbox(self._tell_damaged)
        self._timers: list[QTimer] = []
        self._later(0, lambda: self._back_up(START))
        key = project.settings.get("embedding")
        if key:
            # A store of its own: the project's is the GUI thread's.
            store, found = VectorStore(project.vectors.folder), self._found
            self._later(SHOWN_S, lambda: in_background(lambda: _look(store, key, found)))
        self._later(SETTLED_S, lambda: in_background(lambda: _compare(project, supervisor, over)))
        self._later(EVERY_S, lambda: self._back_up(WORK), again=True)

    def _later(self, seconds: float, action: Callable[[], None], *, again: bool = False) -> None:
        """Not while a person waits for the project; 0: when the window is there."""
        timer = QTimer(self, interval=round(1000 * seconds), singleShot=not again)
        timer.timeout.connect(action)
        timer.start()
        self._timers.append(timer)

    def stop(self) -> None:
        """The project is about to be closed."""
        for timer in self._timers:
            timer.stop()
        self._over.set()

    def _back_up(self, why: str) -> None:
        if not self._project.read_only:
            self._project.backups.begin(why)

    def _hear(self, sentence: str) -> None:
        self.told.emit(sentence)

    def _tell_damaged(self, key: str, names: list[str]) -> None:
        self.damaged.emit(key, names)


def _compare(project: Project, supervisor: Supervisor, over: threading.Event) -> None:
    """Hold the database against its second copy, once the window has settled."""
    sentence = altered_by_another_process(supervisor, project.database, over)
    if sentence and not over.is_set():
        project.tell(sentence)


def _look(store: VectorStore, key: str, found: Mailbox) -> None:
    """Read all vectors, once the window is there: of a million it takes a core for seconds."""
    try:
        names = store.damaged(key)
    except UserError:
        return  # told when the project was opened
    if names:
        found.post(key, names)
