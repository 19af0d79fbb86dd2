"""Lines that libraries write to standard error by themselves, caught so that JSON lines stay JSON lines.

C libraries know the descriptor 2 only; what Python prints goes to a copy of it meanwhile.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from typing import TextIO


class StrayLines:
    """Between `catch` and `release` each line written to descriptor 2 is given to `tell`, on a thread."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._python: TextIO | None = None
        self._own: TextIO | None = None
        self._thread: threading.Thread | None = None

    def catch(self) -> None:
        """Begin; does nothing where standard error is not the process's own, as in tests."""
        try:
            if sys.stderr.fileno() != 2:
                return
            kept = os.dup(2)
        except (OSError, ValueError, AttributeError):
            return
        self._python = sys.stderr
        self._own = os.fdopen(
            kept, "w", encoding=sys.stderr.encoding, errors="backslashreplace", buffering=1, newline="\n"
        )
        sys.stderr = self._own
        reading, writing = os.pipe()
        os.dup2(writing, 2)
        os.close(writing)
        self._thread = threading.Thread(target=self._read, args=(reading,), name="stray-lines", daemon=True)
        self._thread.start()

    def release(self) -> None:
        """Give descriptor 2 back, once all that was written to it has been told."""
        if self._own is None or self._python is None or self._thread is None:
            return
        self._own.flush()
        os.dup2(self._own.fileno(), 2)  # closes the pipe's last writing end
        self._thread.join(timeout=5)
        sys.stderr = self._python
        self._own.close()
        self._own = self._python = self._thread = None

    def _read(self, pipe: int) -> None:
        with os.fdopen(pipe, "r", encoding="utf-8", errors="replace") as lines:
            for line in lines:
                if line.strip():
                    self._tell(line.rstrip())
