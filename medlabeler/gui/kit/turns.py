"""Long work of the GUI thread in steps, so that the window has its turn in between.

In one turn of Qt's loop come all posted events, paints among them, then all timers that are due: a timer of
no time at all runs behind a long paint in the same turn, and the person waits for the sum of both.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator

from PySide6.QtCore import QAbstractEventDispatcher, QObject, QTimer, QTimerEvent

ROOM_MS = 8
"""Who can wait begins nothing more in a turn that has lasted so long."""
MOST = 20
"""Turns that are let by: what waits comes up in a loop that is always busy, too."""


class _Turn(QObject):
    """When the turn of the loop that runs now began."""

    def __init__(self) -> None:
        super().__init__()
        self.began = time.perf_counter()
        dispatcher = QAbstractEventDispatcher.instance()
        if dispatcher is not None:
            dispatcher.awake.connect(self._begin)

    def _begin(self) -> None:
        self.began = time.perf_counter()


_turn: list[_Turn] = []


def _lasted_ms() -> float:
    """How long this turn has lasted."""
    if not _turn:
        _turn.append(_Turn())
    return 1000 * (time.perf_counter() - _turn[0].began)


class Patient(QTimer):
    """A timer that fires once, in a turn in which nothing long happened before it."""

    def __init__(self, parent: QObject, call: Callable[[], object], interval: int = 0) -> None:
        super().__init__(parent, interval=interval, singleShot=True)
        self._let_by = 0
        self.timeout.connect(call)
        _lasted_ms()  # from now on it is known when turns begin

    def timerEvent(self, event: QTimerEvent) -> None:
        if _lasted_ms() > ROOM_MS and self._let_by < MOST:
            self._let_by += 1
            self.start()  # else one that fires once would be over
            return
        self._let_by = 0
        super().timerEvent(event)


class Turns(QObject):
    """Takes one step after the other of what was begun last."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._steps: Iterator[None] = iter(())
        # Begun anew behind each step: one that repeats is due before all that became due during the step.
        self._timer = Patient(self, self._take)

    def begin(self, steps: Iterator[None]) -> None:
        """Take the first step now, the others by and by; what was under way is left where it is."""
        self._steps = steps
        self._take()

    def _take(self) -> None:
        self._timer.stop()
        steps = self._steps
        with contextlib.suppress(StopIteration):
            next(steps)
            if self._steps is steps:  # else a step began others, which have their turn
                self._timer.start()
