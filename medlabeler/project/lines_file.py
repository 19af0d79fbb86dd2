"""A file of lines that only grows: what is written at its end is on the disk, or nothing of it is left."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from medlabeler.domain.durable import sync_folder
from medlabeler.domain.language import tr
from medlabeler.project.patience import NoAnswerError, Patience

PATIENCE_S, BYTES_PER_S = 4.0, 1_000_000
"""How long a person waits for the disk that is to take a few lines, and how much it takes at the least."""
_FLAGS = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


class Lines:
    """The lines are the caller's, each with its end.

    `too_long`: what the last `append` wrote should not be there, but the disk refused to take it back; the
    next `append` begins with that. `late`: it is still on its way, and is taken back when it arrives.
    """

    def __init__(self, path: Path) -> None:
        self.too_long = self.late = self._asked = False
        self._patience: Patience | None = None
        self._path, self._name = path, str(path)
        self._size = 0
        self._whole_until = -1

    def be_patient(self) -> None:
        """From here on wait some seconds for the disk, and not for ever."""
        if self._patience is None:
            self._patience = Patience()

    def close(self) -> None:
        """Nothing more is written; what is late is taken out, though the disk may hear of that later."""
        if self._patience is None:
            return
        if self.late:
            with contextlib.suppress(OSError):
                os.truncate(self._name, self._size)
        self._patience.close()

    def append(self, lines: Iterable[bytes]) -> None:
        """Write lines at the end and onto the disk; of a failure nothing is left.

        `OSError`, also once where the file is shorter than it was: it is not the one whose lines the caller
        counts on. `NoAnswerError` where the disk does not answer, see `be_patient`.
        """
        content = b"".join(lines)
        if self._patience is None:
            self._append(content)
            return
        self._wait_for_late(self._patience)
        try:
            self._patience.do(partial(self._append, content), PATIENCE_S + len(content) / BYTES_PER_S)
        except NoAnswerError:
            self.late = True
            raise

    def ask(self, seconds: float) -> None:
        """`NoAnswerError` where the disk does not answer within so long, or is not back yet from before;
        nothing is asked of one that nobody is patient with.
        """
        if self._patience is None:
            return
        self._wait_for_late(self._patience)
        try:
            self._patience.do(self._touch, seconds)
        except NoAnswerError:
            self._asked = True
            raise

    def _wait_for_late(self, patience: Patience) -> None:
        if not (self.late or self._asked):
            return
        try:
            patience.back()
            self.too_long = self.too_long or self.late  # nobody counts on it any more
        except NoAnswerError:
            raise
        except OSError:
            pass  # it left nothing
        self.late = self._asked = False

    def _touch(self) -> None:
        """Bring something to the disk that changes nothing of what is read; a refusal is an answer."""
        with contextlib.suppress(OSError):
            file = os.open(self._name, os.O_RDWR)
            try:
                os.utime(file)
                os.fsync(file)
            finally:
                os.close(file)

    def _append(self, content: bytes) -> None:
        rest = memoryview(content)
        if self.too_long:
            self.take_back()
        # Opened anew each time: a file that was moved away in between is not the one to write to.
        file = os.open(self._name, _FLAGS, 0o600)
        try:
            self._size = os.lseek(file, 0, os.SEEK_END)
            if self._size < self._whole_until:
                self._whole_until = -1
                raise OSError(tr("it was replaced or cut short"))
            try:
                if self._size not in (0, self._whole_until):
                    os.lseek(file, -1, os.SEEK_END)
                    if os.read(file, 1) != b"\n":
                        os.write(file, b"\n")  # a line that a crash tore stays alone
                while rest:
                    rest = rest[os.write(file, rest) :]
                synced(file)
            except OSError:
                with contextlib.suppress(OSError):
                    self.take_back()
                raise
            self._whole_until = os.lseek(file, 0, os.SEEK_CUR)
        finally:
            os.close(file)
        if not self._size:
            sync_folder(self._path.parent)  # its name is new

    def take_back(self) -> None:
        """The file is what it was before the last `append`, on the disk, too; `OSError`."""
        self.too_long = True
        file = os.open(self._path, _FLAGS, 0o600)
        try:
            if os.lseek(file, 0, os.SEEK_END) > self._size:
                os.ftruncate(file, self._size)
            synced(file)
        finally:
            os.close(file)
        self.too_long = False
        self._whole_until = -1


def synced(file: int) -> None:
    """On the disk with its size; when it was written to is of no account. `OSError`."""
    getattr(os, "fdatasync", os.fsync)(file)
