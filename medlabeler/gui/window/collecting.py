"""Python's search for cycles of garbage, on the GUI thread alone.

Python searches on whatever thread happens to allocate. A cycle that holds widgets, found by a thread that
opens a project, is then destroyed on that thread, and Qt does not survive that: the program ends with a
segmentation fault.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 1000


class Collector(QObject):
    """Takes the search over for as long as it lives; small ones each second, the whole heap rarely."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        # What the program itself is made of is no garbage: looking through it would hold up the window.
        gc.freeze()
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    def collect(self) -> None:
        """Search as far as Python itself would, had it been let."""
        grown = [count > most for count, most in zip(gc.get_count(), gc.get_threshold(), strict=True)]
        if grown[0]:
            gc.collect(2 if grown[2] else 1 if grown[1] else 0)

    def stop(self) -> None:
        """Leave the search to Python again."""
        self._timer.stop()
        gc.enable()
