"""Long work of the GUI thread in steps, so that the window has its turn in between."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QObject, QTimer


class Turns(QObject):
    """Takes one step after the other of what was begun last."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._steps: Iterator[None] = iter(())
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._take)

    def begin(self, steps: Iterator[None]) -> None:
        """Take the first step now, the others by and by; what was under way is left where it is."""
        self._steps = steps
        self._timer.start()
        self._take()

    def _take(self) -> None:
        try:
            next(self._steps)
        except StopIteration:
            self._timer.stop()
        except BaseException:
            self._timer.stop()
            raise
