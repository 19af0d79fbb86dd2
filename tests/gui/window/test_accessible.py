"""Every control has a name for a screen reader and can be reached by keys."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from every_window import every_menu, every_sight
from filled_project import filled_project
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QScrollBar,
    QTabBar,
    QTabWidget,
    QWidget,
)
from shown_window import shown_window

from medlabeler.gui.kit.hovering import Hovering
from medlabeler.gui.window.main_window import MainWindow

PARTS = (QScrollBar, QHeaderView, QMenu, QLabel, QTabWidget)
CONTROLS = (
    QAbstractButton, QAbstractItemView, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit, QTabBar,
    Hovering,
)  # fmt: skip
BY_OTHER_KEYS = {"Lists of second looks": "Page Up and Page Down", "Image": "the buttons below it"}
"""Controls that Tab leaves out, with the keys that work them from wherever the focus is."""


@pytest.fixture
def window(qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    with shown_window(filled_project(tmp_path), monkeypatch, size=(1440, 900), lively=True) as shown:
        yield shown


def is_control(widget: QWidget) -> bool:
    if isinstance(widget, PARTS) or widget.objectName().startswith("qt_"):
        return False
    if isinstance(widget.parent(), (QComboBox, QAbstractScrollArea, QAbstractSpinBox, QTabBar, QLineEdit)):
        return False  # a part of the control around it
    return isinstance(widget, CONTROLS) or widget.focusPolicy() != Qt.FocusPolicy.NoFocus


def described(widget: QWidget) -> str:
    chain: list[str] = []
    at: QWidget | None = widget
    while at is not None and len(chain) < 3:
        chain.append(type(at).__name__)
        at = at.parentWidget()
    return " in ".join(chain)


def name_of(widget: QWidget) -> str:
    found: QAccessibleInterface | None = QAccessible.queryAccessibleInterface(widget)
    return found.text(QAccessible.Text.Name) if found is not None else ""


def test_every_control_of_every_sight_has_a_name_and_is_reached_by_keys(window: MainWindow) -> None:
    """One walk through all that is ever shown; each fault says which of the four claims it is against."""
    faults: list[str] = []
    looked_at = 0
    for where, shown in every_sight(window):
        looked_at += sum(is_control(one) and one.isVisible() for one in shown.findChildren(QWidget))
        for claim in (nameless, out_of_reach, doubled_letters, lost_by_tab):
            faults += [f"{where}: {fault}" for fault in claim(shown, window)]
    assert looked_at > 100
    assert not faults, "\n".join(faults)


def nameless(shown: QWidget, window: MainWindow) -> Iterator[str]:
    if not name_of(shown):
        yield "the window itself has no name"
    for widget in shown.findChildren(QWidget):
        if is_control(widget) and widget.isVisible() and not name_of(widget).strip():
            yield f"{described(widget)} has no name"


def out_of_reach(shown: QWidget, window: MainWindow) -> Iterator[str]:
    shown.activateWindow()
    for widget in shown.findChildren(QWidget):
        if not is_control(widget) or not widget.isVisible() or not widget.isEnabled():
            continue
        if name_of(widget) in BY_OTHER_KEYS:
            continue
        if isinstance(widget, QAbstractButton) and (has_key(widget, window) or by_arrows(widget)):
            continue
        if not widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            yield f"{described(widget)} {name_of(widget)!r} takes no focus"
        elif not in_chain(shown, widget):
            yield f"{described(widget)} is left out by Tab"


def by_arrows(button: QAbstractButton) -> bool:
    """Whether arrows lead to it from another choice of its group: Qt lets Tab come to one of them."""
    group = button.group()
    one = group is not None and group.exclusive()
    return one and any(other.focusPolicy() & Qt.FocusPolicy.TabFocus for other in group.buttons())


def has_key(button: QAbstractButton, window: MainWindow) -> bool:
    """Whether a menu or a shortcut does what the button does."""
    action = getattr(button, "defaultAction", lambda: None)()
    in_menus = {one for menu in window.menuBar().findChildren(QMenu) for one in menu.actions()}
    return (action is not None and action in in_menus) or not button.shortcut().isEmpty()


def in_chain(window: QWidget, widget: QWidget) -> bool:
    """Whether Tab comes to `widget`, or to what has the focus for it."""
    wanted = widget.focusProxy() or widget
    at = window.nextInFocusChain()
    for _ in range(5000):
        if at is wanted:
            return True
        if at is window:
            return False
        at = at.nextInFocusChain()
    return False


def can_take_focus(widget: QWidget) -> bool:
    return widget.isVisible() and widget.isEnabled() and bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)


def lost_by_tab(shown: QWidget, window: MainWindow) -> Iterator[str]:
    """Tab walks through a dialog and comes back."""
    if shown is window or not any(can_take_focus(widget) for widget in shown.findChildren(QWidget)):
        return
    shown.activateWindow()
    QTest.qWaitForWindowActive(shown)
    seen: list[QWidget | None] = []
    for _ in range(300):
        QTest.keyClick(QApplication.focusWidget() or shown, Qt.Key.Key_Tab)
        focus = QApplication.focusWidget()
        if focus in seen:
            break
        seen.append(focus)
    if None in seen:
        yield "the focus got lost"
    if len(seen) == 300:
        yield "Tab never comes back"


def mnemonic(text: str) -> str:
    """The letter that a single & marks."""
    plain = text.replace("&&", "")
    at = plain.find("&")
    return plain[at + 1].lower() if 0 <= at < len(plain) - 1 else ""


def doubled_letters(shown: QWidget, window: MainWindow) -> Iterator[str]:
    buttons = [one for one in shown.findChildren(QAbstractButton) if one.isVisible()]
    counted = Counter(mnemonic(one.text()) for one in buttons)
    counted.pop("", None)
    yield from (f"{letter!r} stands for {n} buttons" for letter, n in counted.items() if n > 1)


def test_menus_open_by_alt_and_a_letter_of_their_own(window: MainWindow) -> None:
    letters = [mnemonic(action.text()) for action in window.menuBar().actions()]
    assert all(letters)
    assert len(set(letters)) == len(letters), letters


def test_no_letter_stands_for_two_entries_of_a_menu(window: MainWindow) -> None:
    lists = window.menuBar().findChildren(QMenu)
    assert lists
    for name, menu in every_menu(window):
        counted = Counter(mnemonic(action.text()) for action in menu.actions() if not action.isSeparator())
        counted.pop("", None)
        doubled = {letter for letter, n in counted.items() if n > 1}
        assert not doubled, f"{name}: {doubled}"


def test_every_entry_of_a_menu_of_the_window_has_a_letter(window: MainWindow) -> None:
    lacking = []
    for top in window.menuBar().actions():
        menu = top.menu()
        assert isinstance(menu, QMenu)
        menu.aboutToShow.emit()
        entries = [action for action in menu.actions() if not action.isSeparator()]
        lacking += [action.text() for action in entries if not mnemonic(action.text())]
    assert lacking == []
