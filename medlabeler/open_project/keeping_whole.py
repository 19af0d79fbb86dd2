"""What keeps a project whole while it is open: copies to go back to, when a session begins and every ten
minutes of work, and a look at the vectors on disk.
"""

from __future__ import annotations

import threading
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
EVERY_MS = 10 * 60 * 1000


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
        if not project.read_only:
            project.backups.begin(START)
        self._over = over = threading.Event()
        self._found = Mailbox(self._tell_damaged)
        key = project.settings.get("embedding")
        if key:
            # A store of its own: the project's is the GUI thread's.
            store, found = VectorStore(project.vectors.folder), self._found
            in_background(lambda: _look(store, key, found, over))
        in_background(lambda: _compare(project, supervisor, over))
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self._work)
        self._timer.start()

    def stop(self) -> None:
        """The project is about to be closed."""
        self._timer.stop()
        self._over.set()

    def _work(self) -> None:
        if not self._project.read_only:
            self._project.backups.begin(WORK)

    def _hear(self, sentence: str) -> None:
        self.told.emit(sentence)

    def _tell_damaged(self, key: str, names: list[str]) -> None:
        self.damaged.emit(key, names)


def _compare(project: Project, supervisor: Supervisor, over: threading.Event) -> None:
    """Hold the database against its second copy, once the window has settled."""
    if over.wait(SETTLED_S):
        return
    sentence = altered_by_another_process(supervisor, project.database, over)
    if sentence and not over.is_set():
        project.tell(sentence)


def _look(store: VectorStore, key: str, found: Mailbox, over: threading.Event) -> None:
    """Read all vectors, once the window is there: of a million it takes a core for seconds."""
    if over.wait(SHOWN_S):
        return
    try:
        names = store.damaged(key)
    except UserError:
        return  # told when the project was opened
    if names:
        found.post(key, names)
