"""Keys that label: 1 to 9 and 0, then a full stop or comma before the digit for the next twenty."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from medlabeler.domain.types import ClassDef, LabelKind, LabelSource
from medlabeler.gui.kit.field_keys import LABELS_BY_KEYS

DIGITS = "1234567890"
PREFIXES = (".", ",")
PATIENCE_MS = 2500
"""How long a prefix waits for its digit."""
MARKS = {"u": LabelKind.SKIP, "n": LabelKind.NOT_SURE, "x": LabelKind.BAD_IMAGE}
_NO_KEYS = Qt.KeyboardModifier.NoModifier


def key_hint(position: int) -> tuple[str, ...]:
    """The keys of the class at `position` (from 0); empty beyond the thirtieth class."""
    ten, digit = divmod(position, 10)
    if ten == 0:
        return (DIGITS[digit],)
    return (PREFIXES[ten - 1], DIGITS[digit]) if ten <= len(PREFIXES) else ()


class KeyReader:
    """Turns typed characters into class positions, remembering a prefix until its digit comes."""

    def __init__(self) -> None:
        self._offset = 0

    def read(self, text: str, n_classes: int) -> int | None:
        """The position meant by `text` after what was typed before, None while there is no whole answer."""
        if text in PREFIXES and len(text) == 1:
            offset = 10 * (PREFIXES.index(text) + 1)
            self._offset = offset if n_classes > offset else 0
            return None
        offset, self._offset = self._offset, 0
        if len(text) != 1 or text not in DIGITS:
            return None
        position = offset + DIGITS.index(text)
        return position if position < n_classes else None

    def reset(self) -> None:
        """Forget a prefix that nobody completed."""
        self._offset = 0

    @property
    def waiting(self) -> bool:
        """Whether a prefix was typed and its digit has not come."""
        return self._offset > 0


class TakesDecisions(Protocol):
    """What class keys speak to: the open project, or a page of the grid that is yet to be confirmed."""

    @property
    def classes(self) -> list[ClassDef]:
        """The classes the keys mean, in order."""

    def label_rows(self, rows: NDArray[np.int64], class_id: int, source: LabelSource, /) -> object:
        """Give the images a class."""

    def mark_rows(self, rows: NDArray[np.int64], kind: LabelKind, source: LabelSource, /) -> object:
        """Skip, not sure, or bad image."""


class ClassKeys(QObject):
    """Lets `widget` label with keys: class keys, and U skip, N not sure, X bad image.

    The widget's own meaning of these keys wins over the window's shortcuts while it has the focus, so that
    the thumbnails picked, or the suggestion on show, are labelled, not the selection on the map.
    `takes` is told what was pressed, `confirm` is what Enter does, if anything.
    """

    def __init__(
        self,
        takes: TakesDecisions,
        widget: QWidget,
        rows: Callable[[], NDArray[np.int64]],
        source: LabelSource = LabelSource.CLICK,
        confirm: Callable[[], None] | None = None,
    ) -> None:
        super().__init__(widget)
        self._takes, self._rows, self._source, self._confirm = takes, rows, source, confirm
        self._reader = KeyReader()
        self._forget = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._forget.timeout.connect(self._reader.reset)
        widget.setProperty(LABELS_BY_KEYS, True)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() == QEvent.Type.KeyRelease:
            return False
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        text = event.text().lower()
        enter = self._confirm is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if modifiers != _NO_KEYS or not (enter or text in (*DIGITS, *PREFIXES, *MARKS)):
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if event.isAutoRepeat():
            return True
        if enter and self._confirm is not None:
            self._reader.reset()
            self._confirm()
        else:
            self._press(text)
        return True

    def _press(self, text: str) -> None:
        rows = np.asarray(self._rows(), dtype=np.int64)
        if text in MARKS:
            self._reader.reset()
            if rows.size:
                self._takes.mark_rows(rows, MARKS[text], self._source)
            return
        classes = self._takes.classes
        position = self._reader.read(text, len(classes))
        if self._reader.waiting:
            self._forget.start()
        if position is not None and rows.size:
            self._takes.label_rows(rows, classes[position].id, self._source)
