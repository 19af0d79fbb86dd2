"""Words of the field that cannot be avoided, each explained where the pointer rests on it.

The guide's glossary has the same sentences.
"""

from __future__ import annotations

import re

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimerEvent
from PySide6.QtGui import QCursor, QHelpEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QGroupBox,
    QHeaderView,
    QLabel,
    QMenu,
    QTabBar,
    QToolTip,
    QWidget,
)
from shiboken6 import isValid

from medlabeler.domain.language import tr
from medlabeler.gui.kit.plain import tip_below

MEANINGS = {
    "DINO": tr("a way for an image model to learn from images alone, without labels"),
    "hf-hub": tr("the Hugging Face hub, a public store of image models"),
    "checkpoint": tr("a file with the weights of an image model, as its makers or a training saved it"),
    "kNN": tr("k nearest neighbours: an image gets the class of the labelled images that look most like it"),
    "NPV": tr("negative predictive value: of images predicted not to be of a class, the share that are not"),
    "ONNX": tr("a file format for networks that many other programs can run"),
    "PCA": tr("principal component analysis: a quick map that keeps the largest differences between images"),
    "PPV": tr("positive predictive value: of images predicted to be of a class, the share that are"),
    "timm": tr(
        "a public collection of image models (PyTorch Image Models) that the program builds its own from"
    ),
    "UMAP": tr("a map that puts images that look alike near each other; far distances mean little"),
}
"""What each means, as in the glossary."""


def explained(text: str) -> str:
    """A line for each word of the field in `text`, for a tooltip; empty where there is none."""
    found = [word for word in MEANINGS if re.search(rf"\b{re.escape(word)}(v\d)?\b", text, re.IGNORECASE)]
    return "\n".join(f"{word}: {MEANINGS[word]}" for word in found)


_ROLES = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole)


FOLLOW_MS = 200
"""How often it looks where the pointer is; a tooltip comes 700 ms after it came to rest."""


class FieldWords(QObject):
    """Explains the words of the field that a widget shows under the pointer, below its own tooltip.

    It watches the widget under the pointer alone. As a filter of the application it would be asked about
    every event of every widget: that was half of the time in which a page of the window was shown.
    """

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self.watched: QWidget | None = None
        self._timer = 0
        app.applicationStateChanged.connect(self._on_state)
        self._on_state(app.applicationState())

    def _on_state(self, state: Qt.ApplicationState) -> None:
        """Without a window in use nobody reads a tooltip."""
        if self._timer:
            self.killTimer(self._timer)
        self._timer = self.startTimer(FOLLOW_MS) if state == Qt.ApplicationState.ApplicationActive else 0

    def timerEvent(self, event: QTimerEvent) -> None:
        self.follow()

    def follow(self) -> None:
        """Watch the widget that the pointer is over now, and no other."""
        under = QApplication.widgetAt(QCursor.pos())
        if under is self.watched:
            return
        if self.watched is not None and isValid(self.watched):
            self.watched.removeEventFilter(self)
        self.watched = under
        if under is not None:
            under.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QHelpEvent) or event.type() != QEvent.Type.ToolTip:
            return False
        if not isinstance(watched, QWidget):
            return False
        shown, own = _under(watched, event.pos())
        words = explained(shown)
        if not words or words in own:
            return False
        QToolTip.showText(event.globalPos(), tip_below(own, words), watched)
        return True


def _under(widget: QWidget, at: QPoint) -> tuple[str, str]:
    """What stands there, and the tooltip that would be shown without these words."""
    if isinstance(widget, QTabBar):
        tab = widget.tabAt(at)
        return widget.tabText(tab), widget.tabToolTip(tab) or widget.toolTip()
    if isinstance(widget, QComboBox):
        return widget.currentText(), widget.toolTip()
    if isinstance(widget, QLabel | QAbstractButton):
        return widget.text(), widget.toolTip()
    if isinstance(widget, QMenu):
        action = widget.actionAt(at)
        return ("", "") if action is None else (action.text(), "")
    if isinstance(widget, QGroupBox):
        return widget.title(), widget.toolTip()
    view = widget.parent()
    if isinstance(view, QAbstractItemView) and view.viewport() is widget:
        return _in_view(view, at)
    return "", ""


def _in_view(view: QAbstractItemView, at: QPoint) -> tuple[str, str]:
    """The same in a table, a list or the head of a table."""
    if isinstance(view, QHeaderView):
        section, way = view.logicalIndexAt(at), view.orientation()
        told, own = (view.model().headerData(section, way, role) for role in _ROLES)
    else:
        index = view.indexAt(at)
        told, own = (index.data(role) for role in _ROLES)
    return str(told or ""), str(own or view.toolTip())
