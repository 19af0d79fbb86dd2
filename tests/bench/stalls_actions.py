"""Every action of the menus and every key, in the project of the stalls: nothing is left out by choice."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog

from medlabeler.gui.window.actions import SPECS
from medlabeler.gui.window.main_window import MainWindow
from medlabeler.gui.window.modes import Mode

Of = Callable[..., None]
"""`Stalls.of`: name, action, and milliseconds to settle."""

LEFT_OUT = ("quit", "close", "sample")
"""They end the project that is measured; its closing is measured with the day's work."""
KEYS = {
    **{chr(code): Qt.Key(code) for code in (*range(ord("0"), ord("9") + 1), *range(ord("A"), ord("Z") + 1))},
    **{
        name: getattr(Qt.Key, f"Key_{name}")
        for name in (
            *("Left", "Right", "Up", "Down", "Home", "End", "PageUp", "PageDown", "Return", "Space", "Tab"),
            *("Backtab", "Delete", "Backspace", "Plus", "Minus", "Period", "Slash", "Question", "Escape"),
        )
    },
}
SETTLE_MS, KEY_MS, BETWEEN_MS = 1500, 500, 300


def every_action(window: MainWindow, of: Of) -> None:
    """Each once where images are labelled and once on the map; what can be switched on is switched off."""
    for mode in (Mode.LABEL, Mode.EXPLORE):
        for name, spec in SPECS.items():
            action = window.actions_[name]
            if name in LEFT_OUT:
                continue
            _back(window, mode)
            if not action.isEnabled():
                continue
            of(f"{mode}: {name}", action.trigger, SETTLE_MS)
            _agree(window, of, f"{mode}: {name}, agreed to")
            if spec.checkable and not name.startswith("mode_"):
                of(f"{mode}: {name} again", action.trigger, SETTLE_MS)


def every_key(window: MainWindow, of: Of) -> None:
    """Each where it goes when the mode has just been chosen."""
    for mode in Mode:
        for name, key in KEYS.items():
            _back(window, mode)
            of(f"{mode}: key {name}", lambda key=key: _press(window, key), KEY_MS)
            _agree(window, of, f"{mode}: key {name}, agreed to")


def _press(window: MainWindow, key: Qt.Key) -> None:
    QTest.keyClick(window.focusWidget() or window, key)


def _agree(window: MainWindow, of: Of, name: str) -> None:
    opened = window.opened
    if opened is not None and opened.question is not None:
        of(name, opened.answer_question, 2 * SETTLE_MS)


def _back(window: MainWindow, mode: Mode) -> None:
    """To `mode`, with nothing open."""
    for top in QApplication.topLevelWidgets():
        if top is not window and (isinstance(top, QDialog) or top is window.help) and top.isVisible():
            top.close()
    page, opened = window.page, window.opened
    assert page is not None
    assert opened is not None
    opened.drop_question()
    if opened.blind:
        window.actions_["blind"].trigger()
    page.choose_mode(mode)
    window.activateWindow()
    page.take_focus()
    QTest.qWait(BETWEEN_MS)
