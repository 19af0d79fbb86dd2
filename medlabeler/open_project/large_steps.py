"""Steps about many images: a thread writes them while the window goes on, and the window's shows them."""

from __future__ import annotations

import queue
import sys
import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject

from medlabeler.open_project.threads.mailbox import Mailbox
from medlabeler.project.database import Database

LARGE = 5_000
"""Images from which on a step takes longer to write than a window may stand still on a slow machine."""
Show = Callable[[], Any]
_TURN_S = 0.0005
"""How long the thread that writes keeps the interpreter to itself: the window asks for it many times in a
paint, and waits as long each time.
"""


class LargeSteps(QObject):
    """One at a time. What is written next, large or not, waits until the last is on the disk and shown: a
    step never overtakes another, and nobody sees a label that is not stored.
    """

    def __init__(self, database: Database, parent: QObject) -> None:
        super().__init__(parent)
        self._here = threading.get_ident()
        self._writer: threading.Thread | None = None
        self._then: Callable[[Any], object] | None = None
        self._posted: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._bell = Mailbox(self._look)
        self._showing = False
        self._turn_s = sys.getswitchinterval()
        database.wait_turn = self.finish
        database.shown_by = self._shown

    @property
    def running(self) -> bool:
        """Whether one is on its way to the disk."""
        return self._then is not None

    def takes(self, n_images: int) -> bool:
        """Whether a step about so many images is large."""
        return n_images >= LARGE

    def begin(self, action: Callable[[], Any], then: Callable[[Any], object]) -> None:
        """Have `action`, a call of the journal, done by a thread; `then` gets what it returned, or the
        exception that it raised.
        """
        self.finish()
        self._then = then
        sys.setswitchinterval(_TURN_S)
        # A daemon: where the program ends without closing the project nobody is left to show anything.
        self._writer = threading.Thread(target=self._run, args=(action,), name="large step", daemon=True)
        self._writer.start()

    def finish(self) -> None:
        """Wait for the one that is on its way, and show it; the thread that writes it does not wait."""
        while self._then is not None and not self._showing and threading.get_ident() == self._here:
            self._posted.get()()

    def _run(self, action: Callable[[], Any]) -> None:
        try:
            found: Any = action()
        except BaseException as error:  # the window's thread tells it, or raises it
            found = error
        self._post(lambda: self._end(found))

    def _post(self, call: Callable[[], None]) -> None:
        self._posted.put(call)
        self._bell.post()

    def _look(self) -> None:
        try:
            call = self._posted.get_nowait()
        except queue.Empty:  # who waited has done it
            return
        call()

    def _end(self, found: Any) -> None:
        then, self._then, self._writer = self._then, None, None
        sys.setswitchinterval(self._turn_s)
        if then is not None:
            then(found)

    def _shown(self, show: Show) -> Any:
        """What `show` returns; of what the thread here writes it is done on the window's."""
        if threading.current_thread() is not self._writer:
            return show()
        answer: queue.SimpleQueue[tuple[Any, BaseException | None]] = queue.SimpleQueue()
        self._post(lambda: self._show(show, answer))
        found, error = answer.get()
        if error is not None:
            raise error
        return found

    def _show(self, show: Show, answer: queue.SimpleQueue[tuple[Any, BaseException | None]]) -> None:
        self._showing = True
        try:
            answer.put((show(), None))
        except BaseException as error:
            answer.put((None, error))
        finally:
            self._showing = False
