"""A small file that is written by a thread: who changes it waits a moment for the disk, and not for ever."""

from __future__ import annotations

import atexit
import threading
from pathlib import Path

WAIT_S, CLOSING_S = 0.5, 2.0
"""How long a change waits for the disk, and the end of the program for all that it has not taken yet."""


class LateFile:
    """The latest content counts: of several that the disk keeps waiting it gets the last.

    One that cannot be written is left as it was, and nobody is told.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._content: str | None = None
        self._lock = threading.Lock()
        self._is_out = False
        self._here = threading.Event()
        self._here.set()

    @property
    def waiting(self) -> str | None:
        """What the disk has not taken yet."""
        with self._lock:
            return self._content

    def write(self, content: str) -> None:
        """Let this be the content; on the disk when it returns, where that answers as usual."""
        with self._lock:
            self._content = content
            stalled, self._is_out = self._is_out, True
            self._here.clear()
        if not stalled:
            threading.Thread(target=self._write, name="settings", daemon=True).start()
            self._here.wait(WAIT_S)

    def wait(self, seconds: float) -> None:
        """Until it is on the disk, and no longer than that."""
        self._here.wait(seconds)

    def _write(self) -> None:
        while (content := self.waiting) is not None:
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                temporary = self._path.with_suffix(".tmp")
                temporary.write_text(content, encoding="utf-8")
                temporary.replace(self._path)
            except OSError:
                pass  # what one prefers is not worth an interruption
            with self._lock:
                if self._content == content:
                    self._content, self._is_out = None, False
                    self._here.set()


_files: dict[Path, LateFile] = {}


def late_file(path: Path) -> LateFile:
    """The one of this path, whoever asks."""
    return _files.setdefault(path, LateFile(path))


@atexit.register
def _at_the_end() -> None:
    for file in _files.values():
        file.wait(CLOSING_S)
