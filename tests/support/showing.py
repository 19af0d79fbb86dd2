"""Showing one window after the other, and waiting for what it reads."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from shiboken6 import isValid

from medlabeler.gui.window.main_window import MainWindow
from medlabeler.gui.window.project_page import ProjectPage

PATIENCE_S, PAINTED_S = 60, 2
Shown = TypeVar("Shown", bound=QWidget)
State = tuple[str, QWidget]


def newest(kind: type[Shown]) -> Shown:
    settle()
    found = [w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible()]
    found = [w for w in found if isinstance(w, QDialog)]
    assert found, f"no {kind.__name__} is shown"
    return found[-1]


def and_closed(name: str, shown: QWidget) -> Iterator[State]:
    yield name, shown
    if isValid(shown):
        shown.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    settle()


def wait(until: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not until():
        assert time.monotonic() < end, "waited in vain"
        QTest.qWait(20)


def settle() -> None:
    """Let happen what was begun; a page that was brought up is painted in a turn of its own, soon."""
    QCoreApplication.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QCoreApplication.processEvents()
    end = time.monotonic() + PAINTED_S
    while _waits_to_be_painted() and time.monotonic() < end:
        QTest.qWait(5)


def _waits_to_be_painted() -> bool:
    tops = [top for top in QApplication.topLevelWidgets() if top.isVisible()]
    return any(not page.updatesEnabled() for top in tops for page in top.findChildren(ProjectPage))


def by_action(window: MainWindow, name: str, kind: type[Shown]) -> Shown:
    """What an action of the window shows."""
    window.actions_[name].trigger()
    return newest(kind)
