"""One thing done in a thread of its own while its owner waits for another, such as two files for one disk."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable
from queue import SimpleQueue

_LEAVE_S = 2.0


class Meanwhile:
    """`begin` something, do something else, then `end`, which waits; one at a time."""

    def __init__(self) -> None:
        self._wanted: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._done: SimpleQueue[BaseException | None] = SimpleQueue()
        self._thread: threading.Thread | None = None

    def begin(self, what: Callable[[], None]) -> None:
        """Let the thread do it; the first call starts the thread."""
        if self._thread is None:
            self._thread = threading.Thread(
                target=_run, args=(self._wanted, self._done), name="meanwhile", daemon=True
            )
            self._thread.start()
            weakref.finalize(self, self._wanted.put, None)  # whoever forgets to close it leaves no thread
        self._wanted.put(what)

    def end(self) -> None:
        """Wait until it is done; raises what it raised."""
        if (error := self._done.get()) is not None:
            raise error

    def close(self) -> None:
        """End the thread."""
        if self._thread is not None:
            self._wanted.put(None)
            self._thread.join(_LEAVE_S)


def _run(wanted: SimpleQueue[Callable[[], None] | None], done: SimpleQueue[BaseException | None]) -> None:
    while (what := wanted.get()) is not None:
        error: BaseException | None = None
        try:
            what()
        except BaseException as raised:  # it is raised again where it was begun
            error = raised
        del what
        done.put(error)
