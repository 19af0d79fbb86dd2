"""A window and what belongs to it stand still while they change."""

from __future__ import annotations

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
