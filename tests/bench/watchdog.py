"""How long the GUI thread was held up, not counting what other programs took of the cores."""

from __future__ import annotations

import time
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer

BEAT_MS = 5


class Watchdog(QObject):
    """A timer that should fire every 5 ms; a longer gap is a stall.

    On Linux the time this thread was ready but waited for a core (schedstat's second number) is taken off,
    so that a busy machine is not mistaken for a busy GUI thread. Waits for the interpreter lock, the disk and
    for locks stay in; `work_ms`, the processor time of the thread in the busiest gap, leaves these out, too.
    Must be started on the GUI thread.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._longest_ms = 0.0
        self.work_ms = 0.0
        self._timer = QTimer(self, interval=BEAT_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._last = self._waited = self._worked = 0.0

    def start(self) -> None:
        """Begin to watch, forgetting what was seen."""
        self._longest_ms = self.work_ms = 0.0
        self._last, self._waited, self._worked = time.perf_counter(), _waited_s(), time.thread_time()
        self._timer.start()

    def stop(self) -> float:
        """End, and return the longest stall in milliseconds, the one that is going on included."""
        self._beat()
        self._timer.stop()
        return self._longest_ms

    def _beat(self) -> None:
        now, waited, worked = time.perf_counter(), _waited_s(), time.thread_time()
        gap = now - self._last - (waited - self._waited) - BEAT_MS / 1000
        self._longest_ms = max(self._longest_ms, 1000 * gap)
        self.work_ms = max(self.work_ms, 1000 * (worked - self._worked))
        self._last, self._waited, self._worked = now, waited, worked


def _waited_s() -> float:
    """Seconds this thread was ready to run but had no core; 0 where the system does not tell."""
    try:
        return int(Path("/proc/thread-self/schedstat").read_text().split()[1]) / 1e9
    except (OSError, IndexError, ValueError):
        return 0.0
