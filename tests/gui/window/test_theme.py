"""The theme reaches all windows, those opened before and after it was chosen."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QWidget

from medlabeler.gui.kit import theme
from medlabeler.gui.kit.theme import DARK, LIGHT
from medlabeler.gui.window.app import make_application
from medlabeler.gui.window.main_window import MainWindow


@pytest.fixture
def window(qtbot: Any) -> MainWindow:
    shown = MainWindow()
    make_application(shown.settings)
    qtbot.addWidget(shown)
    shown.show()
    return shown


def dialog(parent: QWidget) -> QPushButton:
    """A button in a window of its own, as the windows beside the main one are."""
    beside = QDialog(parent)
    button = QPushButton("", beside)
    button.setGeometry(0, 0, 80, 40)
    beside.show()
    return button


def ground(button: QPushButton) -> QColor:
    return button.grab().toImage().pixelColor(40, 20)


def test_a_theme_reaches_windows_opened_before_and_after(window: MainWindow, qtbot: Any) -> None:
    window.set_theme("light")
    before = dialog(window.stack)
    qtbot.waitUntil(lambda: ground(before) == QColor(LIGHT.base))
    window.set_theme("dark")
    after = dialog(window.stack)
    qtbot.waitUntil(lambda: [ground(before), ground(after)] == [QColor(DARK.base)] * 2)
    window.set_theme("light")
    qtbot.waitUntil(lambda: [ground(before), ground(after)] == [QColor(LIGHT.base)] * 2)


def test_the_application_has_no_sheet_which_every_widget_would_take_many_times(
    window: MainWindow, qtbot: Any
) -> None:
    window.set_theme("dark")
    qtbot.waitUntil(lambda: window.styleSheet() == theme.sheet(DARK))
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    assert app.styleSheet() == ""


def test_icons_follow_the_theme(window: MainWindow, qtbot: Any) -> None:
    window.set_theme("light")
    qtbot.wait(1)
    light = window.actions_["open"].icon().pixmap(18).toImage()
    window.set_theme("dark")
    qtbot.waitUntil(lambda: window.actions_["open"].icon().pixmap(18).toImage() != light)
