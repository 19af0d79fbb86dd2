"""F1 in a dialog opens the page of the guide that is about it."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from medlabeler.gui.help.pages import PAGE_OF, page_of
from medlabeler.gui.help.window import GuideWindow
from medlabeler.gui.window.main_window import MainWindow


def guide_window() -> GuideWindow:
    """The one in sight."""
    (found,) = _guides()
    return found


def _guides() -> list[GuideWindow]:
    windows = QApplication.topLevelWidgets()
    return [one for one in windows if isinstance(one, GuideWindow) and one.isVisible()]


def not_helped(shown: QWidget, window: MainWindow) -> Iterator[str]:
    """What F1 opens in a dialog that has a page, if it is not that one alone."""
    if shown is window or isinstance(shown, GuideWindow) or type(shown).__name__ not in PAGE_OF:
        return
    shown.activateWindow()
    QTest.qWaitForWindowActive(shown)
    if QApplication.focusWidget() is None:
        shown.setFocus()
    QTest.keyClick(QApplication.focusWidget() or shown, Qt.Key.Key_F1)
    pages = [guide.page for guide in _guides()]
    if pages != [page_of(shown)]:
        yield f"F1 opens {pages}"
    for guide in _guides():
        guide.close()
