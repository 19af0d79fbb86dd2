"""Looks after the folder of an open project: whether it is still where it was, and whether there is room
again after there was none.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from medlabeler.open_project.threads.polling import Polling
from medlabeler.project.project import Project

EVERY_MS = 2000
LITTLE = 200 * 2**20
"""A disk with less free than this counts as full when something fails on it."""
MORE = 16 * 2**20
"""What must have become free for that to be tried again."""


@dataclass(frozen=True)
class Seen:
    """What a look found: a sentence if the folder is not where it was, else bytes that are free."""

    gone: str
    free: int


class DiskWatch(QObject):
    """Asks the disk every two seconds, never on the GUI thread."""

    gone = Signal(str)  # the folder is not where it was: a sentence
    back = Signal()  # it is there again
    there = Signal()  # a look found the folder where it was, every two seconds
    room_again = Signal()  # something failed for want of room, and now there is some

    def __init__(self, project: Project, parent: QObject) -> None:
        super().__init__(parent)
        self._seen = Seen("", 0)
        self._short_at: int | None = None
        database, path = project.database, project.path
        self._polling = Polling(lambda: Seen(database.place.fault(), _free(path)), EVERY_MS, self)
        self._polling.seen.connect(self._on_seen)
        self._polling.start()

    def something_failed(self, _sentence: str = "") -> None:
        """Tell by `room_again` when there is room, if the reason was that there is none."""
        if self._short_at is None and self._seen.free < LITTLE:
            self._short_at = self._seen.free
            # What was seen may be of before it was full: with that as the measure, what becomes free might
            # never be enough.
            self._polling.look()

    def stop(self) -> None:
        """The project is about to be closed."""
        self._polling.stop()

    def _on_seen(self, seen: Seen) -> None:
        before, self._seen = self._seen, seen
        if seen.gone and not before.gone:
            self.gone.emit(seen.gone)
        elif before.gone and not seen.gone:
            self.back.emit()
        if not seen.gone:
            self.there.emit()
        if self._short_at is None or seen.gone:
            return
        if seen.free >= self._short_at + MORE:
            self._short_at = None
            self.room_again.emit()
        else:
            self._short_at = min(self._short_at, seen.free)


def _free(path: Path) -> int:
    try:
        return shutil.disk_usage(path).free
    except OSError:
        return 0
