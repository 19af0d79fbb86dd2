"""What lies in the dialogs beside a window is out of them while the window is dressed: Qt dresses all that
belongs to a window in one turn, windows of their own included.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from PySide6.QtWidgets import QApplication, QDialog, QWidget
from shiboken6 import isValid

from medlabeler.gui.kit.still import belongs


class Undressed:
    """The contents of dialogs, which `take_out` puts aside."""

    def __init__(self, main: QWidget) -> None:
        self._main = main
        self._aside: list[tuple[QDialog, QWidget, QWidget | None]] = []

    def take_out(self) -> Iterator[None]:
        """Empty each dialog; its picture must stand still meanwhile."""
        for top in QApplication.topLevelWidgets():
            if isinstance(top, QDialog) and top.isVisible() and belongs(top, self._main):
                layout = top.layout()
                if layout is not None:
                    focus, holder = top.focusWidget(), QWidget()
                    holder.setLayout(layout)
                    self._aside.append((top, holder, focus))
                    yield

    def put_back(self) -> Iterator[None]:
        """Fill each again, which dresses what comes in; one that is gone takes its contents with it."""
        while self._aside:
            dialog, holder, focus = self._aside.pop()
            layout = holder.layout()
            if isValid(dialog) and layout is not None:
                dialog.setLayout(layout)
                if focus is not None and isValid(focus):
                    focus.setFocus()
            holder.deleteLater()
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
