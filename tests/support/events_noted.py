"""Counting what Qt tells its widgets, to see what is done in one turn of the loop."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject
from shiboken6 import getCppPointer


class Noted(QObject):
    """How often each of `watched` was told `kind`, by its address; the application tells of all."""

    def __init__(self, kind: QEvent.Type, watched: Iterable[QObject]) -> None:
        super().__init__()
        self._kind, self._watched = kind, list(watched)
        self.times: Counter[int] = Counter()
        for one in self._watched:
            one.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == self._kind:
            self.times[getCppPointer(watched)[0]] += 1
        return False

    def take(self) -> tuple[int, int]:
        """How many were told, and how often in all, since the last time."""
        taken = len(self.times), sum(self.times.values())
        self.times.clear()
        return taken

    def end(self) -> None:
        """Watch no more."""
        for one in self._watched:
            one.removeEventFilter(self)
