"""Going back and forth over many steps at once, without holding up the window."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from medlabeler.domain.changes import Changes
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.words import count
from medlabeler.open_project.state import OpenProjectState
from medlabeler.project.journal import Step

TURN_S = 0.02
"""How long steps are taken before the window has its turn; each step is on disk by itself."""


class HistoryWalk(QObject):
    """Undoes or does again one step after the other; what a person does meanwhile ends it."""

    changed = Signal()  # it began or ended

    def __init__(self, opened: OpenProjectState, refresh: Callable[[Changes], None]) -> None:
        """`refresh` is told, at the end, what changed."""
        super().__init__(opened)
        self._opened, self._refresh = opened, refresh
        self._left = self._done = 0
        self._changes = Changes.NONE
        self._word = ""
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._turn)

    @property
    def running(self) -> bool:
        """Whether it is on its way."""
        return self._timer.isActive()

    def go(self, steps: int) -> None:
        """Take back so many steps, or, if negative, do so many again."""
        self.stop()
        self._opened.project.database.wait_turn()
        if steps:
            self._left, self._done, self._changes = steps, 0, Changes.NONE
            self._word = tr("taken back") if steps > 0 else tr("done again")
            self._timer.start()
            self.changed.emit()

    def stop(self) -> None:
        """End here; nothing happens if it is not on its way."""
        if not self.running:
            return
        self._timer.stop()
        self._refresh(self._changes)
        self._opened.message.emit(f"{count(self._done, 'step')} {self._word}.")
        self.changed.emit()

    def _turn(self) -> None:
        until = time.perf_counter() + TURN_S
        try:
            while self._left and time.perf_counter() < until:
                step = self._step()
                if step is None:
                    break
                self._changes |= step.changes
                self._done += 1
                self._left -= 1 if self._left > 0 else -1
            else:
                if self._left:
                    return
        except UserError as error:
            self._opened.failed.emit(str(error))
        self.stop()

    def _step(self) -> Step | None:
        journal = self._opened.project.journal
        return journal.undo() if self._left > 0 else journal.redo()
