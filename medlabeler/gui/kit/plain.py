"""Names are shown as they are: Qt would take a `<b>` for mark-up and an `&` for the sign of a key."""

from __future__ import annotations

import html
from typing import Any

from PySide6 import QtGui
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QFontMetrics, QIcon, QResizeEvent, QTextLayout
from PySide6.QtWidgets import QLabel, QMenu, QSizePolicy, QWidget


class PlainLabel(QLabel):
    """A label that shows what it is given, mark-up included; takes the arguments of `QLabel`."""

    def __init__(self, text: str | QWidget = "", parent: QWidget | None = None, **properties: Any) -> None:
        super().__init__(text if isinstance(text, QWidget) else parent, **properties)
        self.setTextFormat(Qt.TextFormat.PlainText)
        if isinstance(text, str):
            self.setText(text)


class Elided(PlainLabel):
    """A line of text that is cut instead of widening its panel; the tooltip has all of it."""

    def __init__(self, mode: Qt.TextElideMode = Qt.TextElideMode.ElideMiddle, text: str = "") -> None:
        super().__init__()
        self._full, self._mode = "", mode
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.set_full(text)

    def set_full(self, text: str, explanation: str = "") -> None:
        """Show `text`; `explanation` (or the text itself) is the tooltip."""
        self._full = text
        self.setToolTip(tip(explanation or text))
        self.setAccessibleName(text)
        self._elide()

    def full(self) -> str:
        """The whole text, however much of it is seen."""
        return self._full

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._elide()

    def _elide(self) -> None:
        room = max(10, self.contentsRect().width() - 2)
        self.setText(QFontMetrics(self.font()).elidedText(self._full, self._mode, room))


class ElidedLines(PlainLabel):
    """A text of a few lines; what is more than `set_most` lines of it is in the tooltip."""

    def __init__(self) -> None:
        super().__init__(wordWrap=True)
        self._full, self._most = "", 0

    def set_full(self, text: str) -> None:
        """Show `text`."""
        if text != self._full:
            self._full = text
            self.setAccessibleName(text)
            self._elide()

    def full(self) -> str:
        """The whole text, however much of it is seen."""
        return self._full

    def lines(self) -> int:
        """How many lines it has as it is shown."""
        wrapped = Qt.TextFlag.TextWordWrap
        bounds = self.fontMetrics().boundingRect(0, 0, max(10, self.width()), 10_000, wrapped, self.text())
        return max(1, round(bounds.height() / self.fontMetrics().lineSpacing()))

    def set_most(self, lines: int) -> None:
        """Show so many lines at most; 0 as many as there are."""
        if lines != self._most:
            self._most = lines
            self._elide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        shown = self._fitting() if self._most else self._full
        if shown != self.text():
            self.setText(shown)
            self.setToolTip("" if shown == self._full else tip(self._full))

    def _fitting(self) -> str:
        room = self.contentsRect().width()
        layout = QTextLayout(self._full, self.font())
        layout.beginLayout()
        start = 0
        for line_at in range(self._most):
            line = layout.createLine()
            if not line.isValid():
                return self._full
            line.setLineWidth(room)
            if line_at == self._most - 1:
                start = line.textStart()
        rest = self._full[start:]
        layout.endLayout()
        return self._full[:start] + QFontMetrics(self.font()).elidedText(
            rest, Qt.TextElideMode.ElideRight, max(10, room - 2)
        )


def caption(text: str) -> str:
    """`text` for a button, an action or a tab, where one `&` marks a key and a tab starts a column."""
    return text.replace("\t", " ").replace("\n", " ").replace("&", "&&")


def tip(text: str) -> str:
    """`text` for a tooltip, which Qt takes for mark-up as soon as it looks like some."""
    if not QtGui.Qt.mightBeRichText(text):
        return text
    return f'<span style="white-space: pre-wrap">{html.escape(text)}</span>'


def add_action(menu: QMenu, text: str, icon: QIcon | None = None, keys: str = "") -> QAction:
    """Append an action that reads `text`, with `keys` at the right, and return it."""
    action = menu.addAction(f"{caption(text)}\t{keys}" if keys else caption(text))
    action.setToolTip(tip(text))  # else Qt takes the text itself for the tooltip
    if icon is not None:
        action.setIcon(icon)
    return action


def tip_below(own: str, words: str) -> str:
    """A tooltip of a widget as it is, mark-up included, and `words` below it."""
    if not own:
        return tip(words)
    if own.startswith("<"):
        return f"{own}<br>{tip(words).replace(chr(10), '<br>')}"
    return tip(f"{own}\n{words}")
