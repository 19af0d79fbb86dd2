"""Names are shown as they are: Qt would take a `<b>` for mark-up and an `&` for the sign of a key."""

from __future__ import annotations

import html
from typing import Any

from PySide6 import QtGui
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QFontMetrics, QIcon, QResizeEvent
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
