"""The suggestions that come after the one on show."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from medlabeler.gui.elements import Ink, blend
from medlabeler.gui.gallery_items import describe, draw_picture
from medlabeler.gui.queue_words import because
from medlabeler.gui.state import Suggestion

SIDE = 66
GAP = 6


class UpcomingStrip(QWidget):
    """Thumbnails in order, wrapped; the one on show is framed. A click brings one to the front."""

    chosen = Signal(int)  # row
    pointed = Signal(int)  # row, -1 when the mouse is on none

    def __init__(self, session: Any, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.items: list[Suggestion] = []
        self.head = -1
        self._hover = -1
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Upcoming suggestions")
        session.thumbnails.loaded.connect(self._on_thumbnails)

    def show_items(self, items: list[Suggestion], head: int) -> None:
        """Show `items`; `head` is the row on show."""
        self.items, self.head = list(items), head
        self._point(self._hover if self._hover < len(items) else -1)
        self.update()

    def _point(self, place: int) -> None:
        self._hover = place
        self.pointed.emit(self.items[place].row if place >= 0 else -1)

    def _on_thumbnails(self, _rows: object) -> None:
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.width_for(2), 2 * (SIDE + GAP))

    @staticmethod
    def width_for(columns: int) -> int:
        """Width in pixels of so many columns."""
        return columns * (SIDE + GAP) - GAP

    def minimumSizeHint(self) -> QSize:
        return QSize(SIDE + GAP, SIDE + GAP)

    def cell(self, place: int) -> QRectF:
        """Where the suggestion at `place` is painted; cells below the widget are not seen."""
        per_row = max(1, (self.width() + GAP) // (SIDE + GAP))
        return QRectF(place % per_row * (SIDE + GAP), place // per_row * (SIDE + GAP), SIDE, SIDE)

    def _place_at(self, where: QPointF) -> int:
        for place in range(len(self.items)):
            cell = self.cell(place)
            if cell.contains(where) and cell.bottom() <= self.height():
                return place
        return -1

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        ink = Ink.of(self.palette())
        for place, item in enumerate(self.items):
            cell = self.cell(place)
            if cell.bottom() > self.height():
                break
            draw_picture(painter, cell.adjusted(3, 3, -3, -3), self.session.thumbnails.get(item.row), ink)
            if item.row == self.head or place == self._hover:
                colour = ink.accent if item.row == self.head else blend(ink.accent, ink.surface, 0.5)
                painter.setPen(QPen(colour, 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(cell.adjusted(1, 1, -1, -1), 4, 4)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        hover = self._place_at(event.position())
        if hover != self._hover:
            self._point(hover)
            self.setCursor(Qt.CursorShape.PointingHandCursor if hover >= 0 else Qt.CursorShape.ArrowCursor)
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._point(-1)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        place = self._place_at(event.position())
        if place >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(self.items[place].row)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            place = self._place_at(QPointF(event.pos()))
            if place >= 0:
                item = self.items[place]
                QToolTip.showText(
                    event.globalPos(), f"{because(item)}\n{describe(self.session, item.row)}", self
                )
            else:
                QToolTip.hideText()
            return True
        return super().event(event)
