"""A file of lines that only grows: what is written at its end is on the disk, or nothing of it is left."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path

_FLAGS = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


class Lines:
    """The lines are the caller's, each with its end."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._size = 0
        self._whole_until = -1

    def append(self, lines: Iterable[bytes]) -> None:
        """Write lines at the end and onto the disk; of a failure nothing is left. `OSError`."""
        rest = memoryview(b"".join(lines))
        # Opened anew each time: a file that was moved away in between is not the one to write to.
        file = os.open(self._path, _FLAGS, 0o600)
        try:
            self._size = os.lseek(file, 0, os.SEEK_END)
            try:
                if self._size not in (0, self._whole_until):
                    os.lseek(file, -1, os.SEEK_END)
                    if os.read(file, 1) != b"\n":
                        os.write(file, b"\n")  # a line that a crash tore stays alone
                while rest:
                    rest = rest[os.write(file, rest) :]
                _synced(file)
            except OSError:
                with contextlib.suppress(OSError):
                    self.take_back()
                raise
            self._whole_until = os.lseek(file, 0, os.SEEK_CUR)
        finally:
            os.close(file)

    def take_back(self) -> None:
        """The file is what it was before the last `append`, on the disk, too; `OSError`."""
        file = os.open(self._path, _FLAGS, 0o600)
        try:
            os.ftruncate(file, self._size)
            _synced(file)
        finally:
            os.close(file)


def _synced(file: int) -> None:
    """On the disk with its size; when it was written to is of no account."""
    getattr(os, "fdatasync", os.fsync)(file)
