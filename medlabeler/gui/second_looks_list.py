"""The list beside a second look: a thumbnail and a few words for each that is not settled."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from medlabeler.gui.elements import Ink, blend, small
from medlabeler.gui.gallery_items import draw_picture
from medlabeler.gui.second_looks import Look
from medlabeler.gui.session import Session

Index = QModelIndex | QPersistentModelIndex
LOOK = Qt.ItemDataRole.UserRole
SIDE = 46


def labels_of(session: Session, look: Look) -> str:
    """The labels of a look, each once."""
    return " / ".join(dict.fromkeys(session.class_name(c) or "no label" for c in look.labels))


class LookModel(QAbstractListModel):
    """The looks of one page."""

    def __init__(self) -> None:
        super().__init__()
        self.looks: list[Look] = []

    def show(self, looks: list[Look]) -> None:
        """Replace what is listed."""
        self.beginResetModel()
        self.looks = looks
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self.looks)

    def data(self, index: Index, role: int = 0) -> Any:
        look = self.looks[index.row()]
        if role == LOOK:
            return look
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return look.reason
        return None


class LookDelegate(QStyledItemDelegate):
    """A thumbnail, the label, and below it what contradicts it."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(150, SIDE + 12)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look, ink = index.data(LOOK), Ink.of(option.palette)
        cell = QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(QPen(ink.accent, 1.5))
            painter.setBrush(blend(ink.accent, ink.base, 0.85))
            painter.drawRoundedRect(cell.adjusted(2, 1, -2, -1), 5, 5)
        square = QRectF(cell.left() + 8, cell.top() + 6, SIDE, SIDE)
        draw_picture(painter, square, self._session.thumbnails.get(look.rows[0]), ink)
        left = square.right() + 8
        width = max(10, int(cell.right() - left - 6))
        line = QRectF(left, cell.top() + 9, width, 20)
        for text, font, colour in (
            (labels_of(self._session, look), option.font, ink.text),
            (look.brief, small(option.font, 0.92), ink.muted),
        ):
            painter.setFont(font)
            painter.setPen(colour)
            shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, width)
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, shown)
            line.translate(0, 20)
        painter.restore()


class LookList(QListView):
    """Walked through with the mouse; the window's keys work whatever was clicked."""

    def __init__(self, session: Session) -> None:
        super().__init__(uniformItemSizes=True)
        self.model_ = LookModel()
        self.setModel(self.model_)
        self.setItemDelegate(LookDelegate(session, self))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("What is not settled")
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        session.thumbnails.loaded.connect(lambda _rows: self.viewport().update())
