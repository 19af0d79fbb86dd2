"""Closing a project away from the GUI thread: its processes are given time to end by themselves."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from medlabeler.open_project.open_project import OpenProject
from medlabeler.open_project.threads.mailbox import Mailbox
from medlabeler.project.project import Project

WITHIN_S = 4.0
"""Whoever waits for a project to be closed waits no longer; of the five seconds that it may take, the rest
is for the window itself, where the machine is busy. Nothing is lost by it: labels are on the disk already, a
child whose window has gone ends by itself, and what a backup had begun is swept up by the next opening.
"""

log = logging.getLogger("medlabeler.window")


class Closing(QObject):
    """One project on its way out: nobody works with it any more, and a thread of its own lets go of it."""

    ended = Signal(object)  # what `summarise` made of it before it was closed, None if that failed

    def __init__(
        self, opened: OpenProject, summarise: Callable[[Project], Any], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._told = False
        self._found: list[Any] = []
        self._until = time.monotonic() + WITHIN_S
        self._thread = threading.Thread(
            target=_close,
            args=(opened.project, *opened.leave(), summarise, self._found, Mailbox(self._tell)),
            name="closing",
            daemon=True,
        )
        self._thread.start()

    def wait(self) -> None:
        """Until the project is closed, on any thread."""
        self._thread.join()

    def finish(self) -> None:
        """Wait as long as is bearable, and tell now; on the GUI thread."""
        self._thread.join(max(0.0, self._until - time.monotonic()))
        if self._thread.is_alive():
            log.error("the project is not closed after %.1f s; nobody waits any longer", WITHIN_S)
        self._tell()

    def _tell(self) -> None:
        if not self._told:
            self._told = True
            self.deleteLater()
            self.ended.emit(self._found[0] if self._found else None)


def _close(
    project: Project,
    end_children: Callable[[], None],
    close: Callable[[], None],
    summarise: Callable[[Project], Any],
    found: list[Any],
    arrived: Mailbox,
) -> None:
    # Children get their time while the session is summed up.
    ending = threading.Thread(target=end_children, name="ending", daemon=True)
    ending.start()
    try:
        found.append(summarise(project))
    except Exception:
        log.exception("what the session came to could not be told")
        found.append(None)
    ending.join()
    try:
        close()
    except Exception:
        log.exception("the project could not be closed as it should")
    arrived.post()
