"""A window and what belongs to it stand still while they change."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QDialog, QWidget
from pytestqt.qtbot import QtBot

from medlabeler.gui.kit.still import still


def window_and_dialog(qtbot: QtBot) -> tuple[QWidget, QDialog]:
    """A dialog that belongs to a part of the window, as those of a project do."""
    window = QWidget()
    qtbot.addWidget(window)
    dialog = QDialog(QWidget(window))
    window.show()
    dialog.show()
    return window, dialog


def test_the_windows_that_belong_to_one_stand_still_with_it(qtbot: QtBot) -> None:
    window, dialog = window_and_dialog(qtbot)
    with still(window):
        assert [one.updatesEnabled() for one in (window, dialog)] == [False, False]
    assert [one.updatesEnabled() for one in (window, dialog)] == [True, True]


def test_they_are_let_go_one_by_one(qtbot: QtBot) -> None:
    window, dialog = window_and_dialog(qtbot)
    seen = []
    with still(window) as standing:
        for _ in standing.let_go():
            seen.append([one.updatesEnabled() for one in (window, dialog)])
    assert seen == [[True, False], [True, True]]


class Painted(QWidget):
    """Counts its paints."""

    times = 0

    def paintEvent(self, _event: QPaintEvent) -> None:
        self.times += 1


def test_what_was_to_be_painted_before_is_painted_behind_it(qtbot: QtBot) -> None:
    """Fails before: a paint that came due while the window stood still was lost, and every one after it."""
    window = Painted()
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: window.times > 0)
    qtbot.wait(20)
    window.times = 0
    window.update()
    with still(window):
        QCoreApplication.sendPostedEvents()
        assert not window.times
    qtbot.waitUntil(lambda: window.times > 0)


def test_what_is_transparent_is_painted_once(qtbot: QtBot) -> None:
    """Fails before: the window was painted with all that is in it, and then the transparent of that again."""
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(300, 200)
    part = QWidget(window)
    part.resize(300, 200)
    painted = Painted(part)
    painted.resize(200, 100)
    window.show()
    qtbot.waitUntil(lambda: painted.times > 0)
    qtbot.wait(20)
    painted.times = 0
    with still(window):
        QCoreApplication.sendPostedEvents()
    qtbot.waitUntil(lambda: painted.times > 0)
    qtbot.wait(20)
    assert painted.times == 1
