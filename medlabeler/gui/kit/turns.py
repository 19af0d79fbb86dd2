"""Long work of the GUI thread in steps, so that the window has its turn in between."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from PySide6.QtCore import QObject, QTimer


class Turns(QObject):
    """Takes one step after the other of what was begun last."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._steps: Iterator[None] = iter(())
        # Begun anew behind each step: one that repeats is due before all that became due during the step.
        self._timer = QTimer(self, interval=0, singleShot=True)
        self._timer.timeout.connect(self._take)

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
