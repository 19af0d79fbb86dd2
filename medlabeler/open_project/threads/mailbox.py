"""How what other threads found reaches the GUI thread.

No thread but the GUI's enters Qt. Qt lets any thread emit a signal, but the emission takes locks of Qt's,
and the GUI thread may hold such a lock while it waits for Python's interpreter lock: then each waits for the
other, for ever. Threads that emit faster than the window works also starve it, since it delivers until
nothing is left. A thread that fills a queue and writes a byte to a socket can do neither, nor can it drop the
last reference to a widget.
"""

from __future__ import annotations

import contextlib
import socket
import sys
import weakref
from collections import deque
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication, QSocketNotifier
from shiboken6 import isValid


class Mailbox:
    """Takes values from any thread and hands them to a method of a QObject, on the GUI thread, in order.

    The owner is held weakly: what arrives after it has gone, or after Qt has deleted it, is dropped.
    """

    def __init__(self, deliver: Callable[..., None]) -> None:
        """`deliver` is a bound method of a QObject; made on the GUI thread."""
        self._deliver = weakref.WeakMethod(deliver)
        self._office = _Office.of_application()

    def post(self, *values: Any) -> None:
        """Let `deliver(*values)` be called soon; returns at once."""
        self._office.take(self, values)

    def hand_over(self, values: tuple[Any, ...]) -> None:
        """Deliver now; only the office calls it, on the GUI thread."""
        deliver: Any = self._deliver()
        if deliver is not None and isValid(deliver.__self__):
            deliver(*values)


class _Office:
    """The queue of all mailboxes and the bell that wakes the GUI thread: one for the whole program.

    Not a QObject itself: threads hold it.
    """

    _only: _Office | None = None

    def __init__(self, application: QCoreApplication) -> None:
        self._waiting: deque[tuple[Mailbox, tuple[Any, ...]]] = deque()
        self._here, self._there = socket.socketpair()
        for end in (self._here, self._there):
            end.setblocking(False)
        self._bell = QSocketNotifier(self._here.fileno(), QSocketNotifier.Type.Read, application)
        self._bell.activated.connect(self._open)

    @classmethod
    def of_application(cls) -> _Office:
        """The office of the application that runs."""
        application = QCoreApplication.instance()
        if application is None:
            raise RuntimeError("A mailbox needs an application.")
        if cls._only is None or not isValid(cls._only._bell):
            cls._only = cls(application)
        return cls._only

    def take(self, mailbox: Mailbox, values: tuple[Any, ...]) -> None:
        """On any thread: nothing of Qt may be touched here."""
        self._waiting.append((mailbox, values))
        # A full socket rings already; a closed one has nobody left to ring for.
        with contextlib.suppress(OSError):
            self._there.send(b"!")

    def _open(self, *_: Any) -> None:
        # What is posted from now on rings again, so that the window gets its turn in between.
        with contextlib.suppress(OSError):
            self._here.recv(65536)
        for _turn in range(len(self._waiting)):
            if not self._waiting:  # a delivery that waited for something has emptied it
                return
            mailbox, values = self._waiting.popleft()
            try:
                mailbox.hand_over(values)
            except Exception:
                # One failing receiver must not hold back the post of the others.
                sys.excepthook(*sys.exc_info())
