"""Opening a project away from the GUI thread, which goes on meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from medlabeler.export.stored_report import retell
from medlabeler.open_project.threads.mailbox import Mailbox
from medlabeler.project.project import Project


class Opening(QObject):
    """One project on its way: read in a thread of its own, handed over to the GUI thread when it is ready.

    A project that is no longer wanted is closed again as soon as it is open.
    """

    ended = Signal(object)  # the open Project, or the exception that says why there is none

    def __init__(self, make: Callable[[], Project], parent: QObject | None = None) -> None:
        """`make` opens the project, or makes one; in the thread."""
        super().__init__(parent)
        self._wanted = True
        self._arrived = Mailbox(self._deliver)
        threading.Thread(target=_open, args=(make, self._arrived), daemon=True).start()

    def abandon(self) -> None:
        """The project is not wanted any more; nothing is told."""
        self._wanted = False

    def _deliver(self, found: Project | BaseException) -> None:
        self.deleteLater()
        if self._wanted:
            self.ended.emit(found)
        elif isinstance(found, Project):
            found.close()


def _open(make: Callable[[], Project], arrived: Mailbox) -> None:
    found: Project | BaseException
    try:
        found = project = make()
        _look_up(project)
    except BaseException as error:
        found = error
    arrived.post(found)


def _look_up(project: Project) -> None:
    """Have at hand what the window asks first."""
    key = str(project.settings.get("embedding", "") or "")
    if key:
        project.vectors.missing(key, project.catalog.digest)
    for checkpoint in project.history.all()[-1:]:
        retell(checkpoint)
