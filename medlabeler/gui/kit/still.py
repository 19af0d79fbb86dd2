"""The picture of a window stands still while what lies behind it changes over several turns."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid


class Still:
    """The windows that stand still, the first that was asked for last."""

    def __init__(self, windows: list[QWidget]) -> None:
        self._windows = windows
        for window in windows:
            window.setUpdatesEnabled(False)

    def let_go(self) -> Iterator[None]:
        """Let them be painted, one in each turn."""
        while self._windows:
            window = self._windows.pop()
            if isValid(window):
                _ask_for_parts(window)
                window.setUpdatesEnabled(True)
                # A paint asked for before it stood still came to nothing, and for what is known to be dirty
                # Qt asks no second time.
                QCoreApplication.postEvent(window, QEvent(QEvent.Type.UpdateRequest))
            yield


def _ask_for_parts(window: QWidget) -> None:
    """Ask for a paint of what lies in `window` ahead of its own.

    Qt takes who asked in turn. If the window is the first, it is painted with all that is transparent in it,
    and then what is transparent once more; behind a part it is painted together with the parts, once.
    """
    off = Qt.WidgetAttribute.WA_UpdatesDisabled
    for part in window.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
        if part.isVisible() and not part.isWindow() and part.testAttribute(off):
            part.setAttribute(off, False)
            part.update()
            part.setAttribute(off)


@contextlib.contextmanager
def still(window: QWidget) -> Iterator[Still]:
    """Paint nothing of `window` and of the windows that belong to it until the end; then paint all of it."""
    tops = QApplication.topLevelWidgets()
    held = Still([*(top for top in tops if top.isVisible() and belongs(top, window)), window])
    try:
        yield held
    finally:
        for _ in held.let_go():
            pass


def belongs(top: QWidget, window: QWidget) -> bool:
    """Whether `window` is above `top`; Qt's own question ends at the edge of a window."""
    above: QObject | None = top.parent()
    while above is not None and above is not window:
        above = above.parent()
    return above is window
