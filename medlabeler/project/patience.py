"""Work on the disk, done by a thread of its own: who waits for it goes on when the disk does not answer."""

from __future__ import annotations

import threading
from collections.abc import Callable

from medlabeler.domain.language import tr


class NoAnswerError(OSError):
    """The disk did not come back in time; what it was asked for may be done yet, at any time."""


class Patience:
    """Does one thing at a time. A lock each way, for a click waits: a queue takes twice as long.

    What is out when it is closed stays out: the thread ends with the program.
    """

    def __init__(self) -> None:
        self._go, self._done = threading.Lock(), threading.Lock()
        self._go.acquire()
        self._done.acquire()
        self._work: Callable[[], None] | None = None
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="disk", daemon=True)
        self._thread.start()

    def do(self, work: Callable[[], None], seconds: float) -> None:
        """Do it and wait so long; whatever it raises, or `NoAnswerError`, and then `back` tells of it."""
        self._work = work
        self._go.release()
        self._wait(seconds)

    def back(self) -> None:
        """What was out came back meanwhile: whatever it raised; `NoAnswerError` while it is out."""
        self._wait(0.0)

    def _wait(self, seconds: float) -> None:
        if not self._done.acquire(timeout=seconds):
            raise NoAnswerError(tr("the disk does not answer"))
        if self._error is not None:
            error, self._error = self._error, None
            raise error

    def _run(self) -> None:
        while True:
            self._go.acquire()
            if self._work is None:
                return
            try:
                self._work()
            except BaseException as error:  # for who waits
                self._error = error
            self._work = None
            self._done.release()

    def close(self) -> None:
        """Let the thread end, if nothing is out."""
        if self._work is None:
            self._go.release()
            self._thread.join()
