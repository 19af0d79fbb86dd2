"""Closing a project away from the GUI thread: its processes are given time to end by themselves."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from medlabeler.open_project.open_project import OpenProject
from medlabeler.open_project.threads.mailbox import Mailbox
from medlabeler.project.project import Project

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
        self._thread = threading.Thread(
            target=_close,
            args=(opened.project, opened.leave(), summarise, self._found, Mailbox(self._tell)),
            name="closing",
            daemon=True,
        )
        self._thread.start()

    def wait(self) -> None:
        """Until the project is closed, on any thread."""
        self._thread.join()

    def finish(self) -> None:
        """Wait, and tell now; on the GUI thread."""
        self.wait()
        self._tell()

    def _tell(self) -> None:
        if not self._told:
            self._told = True
            self.deleteLater()
            self.ended.emit(self._found[0])


def _close(
    project: Project,
    let_go: Callable[[], None],
    summarise: Callable[[Project], Any],
    found: list[Any],
    arrived: Mailbox,
) -> None:
    try:
        found.append(summarise(project))
    except Exception:
        log.exception("what the session came to could not be told")
        found.append(None)
    try:
        let_go()
    except Exception:
        log.exception("the project could not be closed as it should")
    arrived.post()
