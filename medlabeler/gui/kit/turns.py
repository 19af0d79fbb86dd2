"""Long work of the GUI thread in steps, so that the window has its turn in between.

In one turn of Qt's loop come all posted events, paints among them, then all timers that are due: a timer of
no time at all runs behind a long paint in the same turn, and the person waits for the sum of both.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator

from PySide6.QtCore import QAbstractEventDispatcher, QCoreApplication, QEvent, QObject, QTimer, QTimerEvent
from PySide6.QtWidgets import QWidget

ROOM_MS = 8
"""Who can wait begins nothing more in a turn that has lasted so long."""
MOST = 20
"""Turns that are let by: what waits comes up in a loop that is always busy, too."""
PAINTS_LET_BY = 2
"""The same for a paint, behind each of some keys that come at once."""


class _Turn(QObject):
    """When the turn of the loop that runs now began, and what the thread had worked before the last one."""

    def __init__(self) -> None:
        super().__init__()
        self.began = time.perf_counter()
        self._worked = self.worked_before = time.thread_time()
        dispatcher = QAbstractEventDispatcher.instance()
        if dispatcher is not None:
            dispatcher.awake.connect(self._begin)

    def _begin(self) -> None:
        self.began = time.perf_counter()
        self.worked_before, self._worked = self._worked, time.thread_time()


_turn: list[_Turn] = []


def _this_turn() -> _Turn:
    if not _turn:
        _turn.append(_Turn())
    return _turn[0]


def _lasted_ms() -> float:
    """How long this turn has lasted."""
    return 1000 * (time.perf_counter() - _this_turn().began)


def _worked_ms() -> float:
    """Processor time of this turn and of the one before; what was waited for an event is none of it."""
    return 1000 * (time.thread_time() - _this_turn().worked_before)


class Patient(QTimer):
    """A timer that fires once, in a turn in which nothing long happened before it; it lets by `most`."""

    def __init__(
        self, parent: QObject, call: Callable[[], object], interval: int = 0, most: int = MOST
    ) -> None:
        super().__init__(parent, interval=interval, singleShot=True)
        self._let_by, self._most = 0, most
        self.timeout.connect(call)
        _lasted_ms()  # from now on it is known when turns begin

    def timerEvent(self, event: QTimerEvent) -> None:
        if _lasted_ms() > ROOM_MS and self._let_by < self._most:
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


class Paints(QObject):
    """Has a window painted behind the timers that are due, where something long happened just before.

    Qt paints ahead of all timers: what a key does and what that changes on the screen would hold them for the
    sum of both. Qt asks a window once for all that is to be painted, and goes on collecting until it is.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._now = False
        self._later = Patient(self, self._paint, most=PAINTS_LET_BY)

    def put_off(self, event: QEvent) -> bool:
        """Asked by the window of each of its events: whether it is to paint, and does so later."""
        if event.type() != QEvent.Type.UpdateRequest or self._now:
            return False
        if not self._later.isActive():
            if _worked_ms() <= ROOM_MS:
                return False
            self._later.start()
        return True

    def _paint(self) -> None:
        self._now = True
        QCoreApplication.sendEvent(self._window, QEvent(QEvent.Type.UpdateRequest))
        self._now = False
