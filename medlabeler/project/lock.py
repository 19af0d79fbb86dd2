"""One process at a time: the lock of a project, and who has it.

Two files are locked: `.lock`, which is there for that, and the database itself, in a byte that SQLite uses
for nothing. Whoever deletes the first lets nobody in.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import struct
import sys
from pathlib import Path
from typing import IO

import filelock

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr

LOCK, OWNER = ".lock", ".owner"
_BYTE = 0x40000000 + 2048
"""SQLite never stores anything in the page that begins at 2^30, and locks its first 512 bytes alone."""
_HELD = frozenset({errno.EACCES, errno.EAGAIN})


class ProjectLock:
    """Both locks of one project, held by this process until `release`.

    The operating system lets go of them when a process dies, however it dies.
    """

    def __init__(self, path: Path, database: Path) -> None:
        """`UserError` if another process has the project, or none can take it here; `OSError` where the
        folder cannot be written to.
        """
        self._path, self._database = path, database
        self._file: IO[bytes] | None = None
        self._lock = filelock.FileLock(path / LOCK, timeout=0, thread_local=False)
        try:
            self._lock.acquire()
        except filelock.Timeout:
            raise self._taken() from None
        except NotImplementedError:
            raise UserError(
                tr(
                    "{path} lies on a disk that cannot lock files, where two windows could "
                    "damage it; move it.",
                    path=path,
                )
            ) from None

    def hold_database(self) -> None:
        """Lock the database, too: before SQLite opens it. `UserError` if another process has it."""
        self._lock_database()
        with contextlib.suppress(OSError):
            (self._path / OWNER).write_text(json.dumps({"process": os.getpid()}), encoding="utf-8")

    def _lock_database(self) -> None:
        if (
            sys.platform != "linux"
        ):  # Windows deletes no file that is open; elsewhere SQLite's locks would suffer
            return
        import fcntl

        try:
            self._file = self._database.open("r+b", buffering=0)
        except OSError:
            return  # there is none yet, or none that can be written to: SQLite says so
        # Locks of an open file, not of the process: SQLite's are not let go of when this one is closed.
        wanted = struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, _BYTE, 1, 0)
        try:
            fcntl.fcntl(self._file, fcntl.F_OFD_SETLK, wanted)
        except OSError as error:
            if error.errno not in _HELD:
                return  # a disk that has no such locks
            self.release()
            raise self._taken() from None

    @property
    def held(self) -> bool:
        """Whether the project is this process's."""
        return bool(self._lock.is_locked)

    def release(self) -> None:
        """Let others open the project."""
        if self._file is not None:
            self._file.close()
            self._file = None
        self._lock.release()

    def _taken(self) -> UserError:
        return UserError(
            tr(
                "{path} is already open in {who}; close it there first.",
                path=self._path,
                who=_who(self._path / OWNER),
            )
        )


def _who(owner: Path) -> str:
    try:
        process = int(json.loads(owner.read_text(encoding="utf-8"))["process"])
    except (OSError, ValueError, KeyError, TypeError):
        return tr("another MedLabeler")
    return (
        tr("this MedLabeler")
        if process == os.getpid()
        else tr("another MedLabeler (process {process})", process=process)
    )
