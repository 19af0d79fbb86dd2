"""What a test of the window leaves behind: threads, running timers, windows."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from weakref import WeakSet

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QTimer
from PySide6.QtWidgets import QApplication, QWidget

PATIENCE_S = 5.0
"""How long a thread that was told to end may take; closing a project promises no more."""

TIMER_S = 2.0
"""Less for a timer, which ends with its owner: what is waited for here is waited for in each test."""


def _remembering(timers: WeakSet[QTimer]) -> Callable[..., None]:
    make = QTimer.__init__

    def remember(timer: QTimer, *args: Any, **options: Any) -> None:
        make(timer, *args, **options)
        timers.add(timer)

    return remember


_TIMERS: WeakSet[QTimer] = WeakSet()
# Qt lists an object's children, but not the timers that have no parent.
QTimer.__init__ = _remembering(_TIMERS)  # type: ignore[method-assign]  # another one in its place


OF_THE_PROCESS = "reader-watch"
"""A thread that belongs to no window: it watches over all readers of pictures and ends by itself a second
after the last answer, which `test_apart` holds it to. Waiting for that second took half the time of such a
test.
"""


def _threads() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if thread.is_alive() and thread.name != OF_THE_PROCESS}


def _timers() -> set[QTimer]:
    return {timer for timer in list(_TIMERS) if shiboken6.isValid(timer) and timer.isActive()}


def _windows() -> set[QWidget]:
    if not isinstance(QApplication.instance(), QApplication):
        return set()
    # The label that tooltips are shown in is Qt's own and stays.
    return {
        window for window in QApplication.topLevelWidgets() if window.metaObject().className() != "QTipLabel"
    }


def _let_go() -> None:
    """Delete what is to be deleted later, as the event loop would."""
    if QCoreApplication.instance() is not None:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QCoreApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _owner(timer: QTimer) -> str:
    names = []
    parent = timer.parent()
    while parent is not None:
        names.append(type(parent).__name__)
        parent = parent.parent()
    return " in ".join(names) or "nothing"


def _left(before: tuple[set[threading.Thread], set[QTimer], set[QWidget]]) -> list[str]:
    threads, timers, windows = before
    out = [f"the thread {thread.name} runs on" for thread in _threads() - threads]
    out += [
        f"a timer of {_owner(timer)} is running (every {timer.interval()} ms)" for timer in _timers() - timers
    ]
    for window in _windows() - windows:
        kind, title = type(window).__name__, window.windowTitle() or window.objectName()
        out.append(f"the window {kind} {title!r} is there ({'shown' if window.isVisible() else 'hidden'})")
    return sorted(out)


@contextmanager
def nothing_left_behind() -> Iterator[None]:
    """Fail at the end if there are threads, running timers or windows that were not there before."""
    before = (_threads(), _timers(), _windows())
    yield
    _let_go()
    left = _left(before)
    if left:
        gc.collect()
        _let_go()
    begun = time.monotonic()
    while left := _left(before):
        patience = min(TIMER_S, PATIENCE_S) if _timers() - before[1] else PATIENCE_S
        if time.monotonic() - begun > patience:
            break
        time.sleep(0.02)
        _let_go()
    assert not left, "left behind: " + "; ".join(left)
