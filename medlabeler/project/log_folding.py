"""The write-ahead log of a database is folded into its file by a thread of its own.

SQLite does that in the commit that finds the log long. There a person would wait until pages and log are
synced, and for ever where the disk does not answer.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from pathlib import Path

EVERY = 500
"""Rows changed since the last time; about a thousand pages of single labels, as SQLite itself has it."""
LEAVE_S = 1.0


class LogFolding:
    """Has a connection of its own while it folds; what it cannot fold now waits for the next time."""

    def __init__(self, path: Path) -> None:
        # Not made anew where it is gone: a folder may have been renamed.
        self._source = f"{path.absolute().as_uri()}?mode=rw"
        self._changed = 0
        self._over = False
        self._wake = threading.Event()
        self._thread = threading.Thread(target=self._run, name="log folding", daemon=True)
        self._thread.start()

    def count(self, changes: int) -> None:
        """So many rows were changed by a transaction that is committed."""
        self._changed += changes
        if self._changed >= EVERY:
            self._changed = 0
            self._wake.set()

    def close(self) -> None:
        """No more; a disk that does not answer is not waited for."""
        self._over = True
        self._wake.set()
        self._thread.join(LEAVE_S)

    def _run(self) -> None:
        while True:
            self._wake.wait()
            self._wake.clear()
            if self._over:
                return
            with contextlib.suppress(sqlite3.Error):  # a full disk, say: the owner tells of it
                self._fold()

    def _fold(self) -> None:
        connection = sqlite3.connect(self._source, uri=True, isolation_level=None, timeout=0)
        with contextlib.closing(connection):
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
