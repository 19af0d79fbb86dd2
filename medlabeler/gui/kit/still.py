"""The picture of a window stands still while what lies behind it changes over several turns."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid


@contextlib.contextmanager
def still(window: QWidget) -> Iterator[None]:
    """Paint nothing of `window` and of the windows that belong to it until the end; then paint all of it."""
    tops = QApplication.topLevelWidgets()
    held = [window, *(top for top in tops if top.isVisible() and window.isAncestorOf(top))]
    for one in held:
        one.setUpdatesEnabled(False)
    try:
        yield
    finally:
        for one in held:
            if isValid(one):
                one.setUpdatesEnabled(True)
