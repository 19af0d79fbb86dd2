"""Opens the guide where it is asked for: by F1 from any window of the program, or from the menu."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from medlabeler.gui.help.pages import page_of
from medlabeler.gui.kit import theme


class HelpDesk(QObject):
    """Belongs to the main window `window`, whose action takes F1 there; dialogs are listened to.

    `otherwise` names the page where what has the focus has none: that of the mode, or the first one.
    """

    def __init__(self, window: QWidget, otherwise: Callable[[], str]) -> None:
        super().__init__(window)
        self._window, self._otherwise = window, otherwise
        self._guide: QWidget | None = None
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._listen)

    def show_page(self, page: str) -> None:
        """Open the guide at a page."""
        from medlabeler.gui.help.window import GuideWindow

        if not isinstance(self._guide, GuideWindow):
            self._guide = GuideWindow()
        theme.dress(self._guide)
        self._guide.show_page(page)
        self._guide.show()
        self._guide.raise_()
        self._guide.activateWindow()

    def show_for_focus(self) -> None:
        """Open it at the page of what has the focus."""
        self.show_page(page_of(QApplication.focusWidget() or self._window) or self._otherwise())

    def close(self) -> None:
        """Close the guide for good."""
        if self._guide is not None:
            self._guide.close()
            self._guide.deleteLater()
            self._guide = None

    def _listen(self, _old: QWidget | None, new: QWidget | None) -> None:
        """F1 of a dialog arrives at its window, unless what has the focus takes it."""
        if new is not None and new.window() is not self._window:
            new.window().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or not isinstance(watched, QWidget):
            return False
        if event.type() != QEvent.Type.KeyPress or event.key() != Qt.Key.Key_F1:
            return False
        self.show_page(page_of(QApplication.focusWidget() or watched) or self._otherwise())
        return True
