"""When the window stands still, what every thread was doing goes to a file: nothing else can tell later."""

from __future__ import annotations

import contextlib
import faulthandler
import platform
from datetime import UTC, datetime
from typing import TextIO

from PySide6.QtCore import QObject, QTimer, qVersion

from medlabeler import __version__
from medlabeler.domain.settings import home

BEAT_MS = 5_000
PATIENCE_S = 60.0
"""Nothing that works holds the window up for so long."""
KEEP = 20
HEADING = (
    f"If stacks follow, the window stood still for {PATIENCE_S:.0f} s. "
    f"MedLabeler {__version__}, Python {platform.python_version()}, Qt {qVersion()}\n"
)
"""A program that is killed leaves this line alone."""


class FreezeWatch(QObject):
    """Writes the stacks of all threads to `crash-reports/frozen-*.txt` when the event loop has not turned for
    `patience_s` seconds.

    The interpreter's own watchdog does it, which needs neither Qt nor the interpreter lock. The stacks name
    files and lines of the program and of its libraries, and nothing of the project.
    """

    def __init__(self, parent: QObject, *, beat_ms: int = BEAT_MS, patience_s: float = PATIENCE_S) -> None:
        super().__init__(parent)
        self._patience_s = patience_s
        self._file: TextIO | None = None
        self._timer = QTimer(self, interval=beat_ms)
        self._timer.timeout.connect(self._beat)
        folder = home() / "crash-reports"
        self._path = folder / f"frozen-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}.txt"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for old in sorted(folder.glob("frozen-*.txt"))[: -KEEP + 1]:
                old.unlink()
            self._path.write_text(HEADING, encoding="utf-8")
            self._file = self._path.open("a", encoding="utf-8")
        except OSError:  # the program works without
            return
        self._beat()
        self._timer.start()

    def _beat(self) -> None:
        if self._file is not None:
            faulthandler.dump_traceback_later(self._patience_s, file=self._file)

    def close(self) -> None:
        """End the watch; the file stays only if stacks were written."""
        if self._file is None:
            return
        self._timer.stop()
        faulthandler.cancel_dump_traceback_later()
        self._file.close()
        self._file = None
        with contextlib.suppress(OSError):
            if self._path.stat().st_size <= len(HEADING.encode()) + 1:
                self._path.unlink()
