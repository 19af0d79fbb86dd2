"""What every control of a window keeps: a name for a screen reader, and keys that lead to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

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

from medlabeler.gui.kit.hovering import Hovering
from medlabeler.gui.window.main_window import MainWindow

PARTS = (QScrollBar, QHeaderView, QMenu, QLabel, QTabWidget)
CONTROLS = (
    QAbstractButton, QAbstractItemView, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit, QTabBar,
    Hovering,
)  # fmt: skip
BY_OTHER_KEYS = {"Lists of second looks": "Page Up and Page Down", "Image": "the buttons below it"}
"""Controls that Tab leaves out, with the keys that work them from wherever the focus is."""


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
