"""Going back and forth over many steps at once, without holding up the window."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from medlabeler.domain.changes import Changes
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.words import count
from medlabeler.open_project.large_steps import LargeSteps
from medlabeler.open_project.state import OpenProjectState
from medlabeler.project.journal import Step

TURN_S = 0.02
"""How long steps are taken before the window has its turn; each step is on disk by itself."""


class HistoryWalk(QObject):
    """Undoes or does again one step after the other; what a person does meanwhile ends it."""

    changed = Signal()  # it began or ended

    def __init__(
        self, opened: OpenProjectState, large: LargeSteps, refresh: Callable[[Changes], None]
    ) -> None:
        """`refresh` is told, at the end, what changed; `large` takes back what is about many images."""
        super().__init__(opened)
        self._opened, self._large, self._refresh = opened, large, refresh
        self._waits = False
        self._left = self._done = 0
        self._changes = Changes.NONE
        self._word = ""
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._turn)

    @property
    def running(self) -> bool:
        """Whether it is on its way."""
        return self._timer.isActive() or self._waits

    def go(self, steps: int) -> None:
        """Take back so many steps, or, if negative, do so many again."""
        self.stop()
        self._large.finish()
        if steps:
            self._left, self._done, self._changes = steps, 0, Changes.NONE
            self._word = tr("taken back") if steps > 0 else tr("done again")
            self._timer.start()
            self.changed.emit()

    def stop(self) -> None:
        """End here; nothing happens if it is not on its way."""
        if self._waits:
            self._large.finish()
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
                if self._large.takes(self._n_images()):
                    self._timer.stop()
                    self._waits = True
                    self._large.begin(self._step, self._taken)
                    return
                if not self._count(self._step()):
                    break
            else:
                if self._left:
                    return
        except UserError as error:
            self._opened.failed.emit(str(error))
        self.stop()

    def _taken(self, found: object) -> None:
        """What came of a step that a thread took."""
        self._waits = False
        self._timer.start()  # it is on its way until `stop`
        if isinstance(found, UserError):
            self._opened.failed.emit(str(found))
        elif isinstance(found, BaseException):
            self.stop()
            raise found
        if not self._count(found if isinstance(found, Step) else None) or not self._left:
            self.stop()

    def _count(self, step: Step | None) -> bool:
        """Whether there was a step."""
        if step is None:
            return False
        self._changes |= step.changes
        self._done += 1
        self._left -= 1 if self._left > 0 else -1
        return True

    def _n_images(self) -> int:
        journal = self._opened.project.journal
        return journal.n_to_undo() if self._left > 0 else journal.n_to_redo()

    def _step(self) -> Step | None:
        journal = self._opened.project.journal
        return journal.undo() if self._left > 0 else journal.redo()
