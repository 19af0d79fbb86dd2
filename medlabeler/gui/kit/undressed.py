"""What lies in the dialogs beside a window is out of them while the window is dressed: Qt dresses all that
belongs to a window in one turn, windows of their own included.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtWidgets import QApplication, QDialog, QWidget
from shiboken6 import isValid

from medlabeler.gui.kit.still import belongs


@dataclass(frozen=True)
class _Aside:
    """The contents of `dialog`, in `holder`: which had the focus, and all in the order of the tab key."""

    dialog: QDialog
    holder: QWidget
    focus: QWidget | None
    by_tab: list[QWidget]


def _by_tab(dialog: QDialog) -> list[QWidget]:
    found: list[QWidget] = []
    at = dialog.nextInFocusChain()
    while at is not None and at is not dialog:
        if dialog.isAncestorOf(at):
            found.append(at)
        at = at.nextInFocusChain()
    return found


class Undressed:
    """The contents of dialogs, which `take_out` puts aside."""

    def __init__(self, main: QWidget) -> None:
        self._main = main
        self._aside: list[_Aside] = []

    def take_out(self) -> Iterator[None]:
        """Empty each dialog; its picture must stand still meanwhile."""
        for top in QApplication.topLevelWidgets():
            if isinstance(top, QDialog) and top.isVisible() and belongs(top, self._main):
                layout = top.layout()
                if layout is not None:
                    aside = _Aside(top, QWidget(), top.focusWidget(), _by_tab(top))
                    aside.holder.setLayout(layout)
                    self._aside.append(aside)
                    yield

    def put_back(self) -> Iterator[None]:
        """Fill each again, which dresses what comes in; one that is gone takes its contents with it."""
        while self._aside:
            aside = self._aside.pop()
            layout = aside.holder.layout()
            if isValid(aside.dialog) and layout is not None:
                aside.dialog.setLayout(layout)
                # What comes in again stands in the order of the layout.
                for one, following in pairwise(filter(isValid, aside.by_tab)):
                    QWidget.setTabOrder(one, following)
                if aside.focus is not None and isValid(aside.focus):
                    aside.focus.setFocus()
            aside.holder.deleteLater()
            yield


@contextlib.contextmanager
def undressed(main: QWidget) -> Iterator[Undressed]:
    """At the end whatever was taken out is in its place again."""
    held = Undressed(main)
    try:
        yield held
    finally:
        for _ in held.put_back():
            pass
