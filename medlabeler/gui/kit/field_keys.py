"""Keys that a focused field takes stay with it: they never travel on to what labels.

Qt hands a key that a widget does not use to the widget around it, up to the window, where Enter confirms a
prediction; and a text field reports Return as unused after it has acted on it. Keys that are shortcuts of the
window do not even reach a box of choices that would search by them. In a dialog Enter on a button that is not
its main one would press the main one: Cancel would write.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QTextEdit,
    QToolButton,
    QWidget,
)
from shiboken6 import isValid

LABELS_BY_KEYS = "labels_by_keys"
"""Property of a list whose own keys label what is picked in it."""

_TYPED_IN = (QLineEdit, QAbstractSpinBox, QComboBox, QTextEdit, QPlainTextEdit)
_PRESSED = (QPushButton, QToolButton)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_GO_ON = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Escape)
_SHIFTED = Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier


class FieldKeys(QObject):
    """Watches whichever field of `window` has the focus, and in dialogs whichever button has it."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._field: QWidget | None = None
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._follow)

    def _follow(self, _old: QWidget | None, new: QWidget | None) -> None:
        if self._field is not None and isValid(self._field):  # else it goes with its window
            self._field.removeEventFilter(self)
            self._field.destroyed.disconnect(self._forget)
        self._field = None
        if new is not None and self._watches(new):
            self._field = new
            new.installEventFilter(self)
            new.destroyed.connect(self._forget)

    def _watches(self, widget: QWidget) -> bool:
        if isinstance(widget.window(), QDialog):
            return isinstance(widget, _PRESSED)
        return widget.window() is self._window and is_field(widget)

    def _forget(self) -> None:
        self._field = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or not isinstance(watched, QWidget) or not takes(watched, event):
            return False
        if event.type() == QEvent.Type.KeyPress:
            if event.key() in _ENTER and isinstance(watched, _PRESSED):
                watched.click()
            else:
                watched.event(event)
        elif event.type() != QEvent.Type.ShortcutOverride:
            return False
        event.accept()
        return True


def keeps(event: QEvent, own: Callable[[QKeyEvent], bool]) -> bool:
    """Take a key, for a widget whose `own` it is, before the window's shortcuts do; whether it was taken.

    To be asked first in the widget's `event`; the press itself follows as usual.
    """
    asked = event.type() == QEvent.Type.ShortcutOverride
    if not (asked and isinstance(event, QKeyEvent) and own(event)):
        return False
    event.accept()
    return True


def is_field(widget: QWidget) -> bool:
    """Whether keys mean something of its own to `widget`, other than labelling."""
    if isinstance(widget, QAbstractItemView):
        return not widget.property(LABELS_BY_KEYS)
    return isinstance(widget, (*_TYPED_IN, QAbstractButton))


def takes(field: QWidget, key: QKeyEvent) -> bool:
    """Whether `key` is the field's: whatever is typed, for one that is typed in; else Enter."""
    if key.modifiers() & ~_SHIFTED or key.key() in _GO_ON:
        return False
    function_key = Qt.Key.Key_F1 <= key.key() <= Qt.Key.Key_F35
    return key.key() in _ENTER or (isinstance(field, _TYPED_IN) and not function_key)
