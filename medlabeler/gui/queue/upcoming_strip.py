"""The suggestions that come after the one on show."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from medlabeler.domain.language import tr
from medlabeler.gui.grid.gallery_items import describe, draw_picture
from medlabeler.gui.kit.elements import Ink, blend
from medlabeler.gui.kit.hovering import Hovering
from medlabeler.gui.kit.thumbnail_images import ThumbnailImages
from medlabeler.gui.queue.words import because
from medlabeler.open_project.open_project import OpenProject
from medlabeler.open_project.suggestion import Suggestion

SIDE = 66
GAP = 6


class UpcomingStrip(Hovering):
    """Thumbnails in order, wrapped; the one on show is framed. A click brings one to the front."""

    chosen = Signal(int)  # row
    pointed = Signal(int)  # row, -1 when the mouse is on none

    def __init__(self, opened: OpenProject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.opened = opened
        self.items: list[Suggestion] = []
        self.head = -1
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(tr("Upcoming suggestions"))
        self._thumbnails = ThumbnailImages.of(opened)
        self._thumbnails.loaded.connect(self._on_thumbnails)
        self.chosen.connect(opened.look_at)
        self.pointed.connect(opened.queue.point_at)
        opened.suggestions_changed.connect(self.refresh)
        opened.current_changed.connect(self.refresh)
        opened.view_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show what waits now; nothing in blind mode."""
        opened = self.opened
        self.items, self.head = [] if opened.blind else list(opened.suggestions), opened.current
        if self.hover >= len(self.items):
            self.point(-1)
        else:
            self.hover_changed(self.hover)  # another suggestion may lie there now
        self.update()

    def hover_changed(self, place: int) -> None:
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

    def places(self) -> int:
        return len(self.items)

    def place_at(self, where: QPointF) -> int:
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
            draw_picture(painter, cell.adjusted(3, 3, -3, -3), self._thumbnails.get(item.row), ink)
            if item.row == self.head or place == self.hover:
                colour = ink.accent if item.row == self.head else blend(ink.accent, ink.surface, 0.5)
                painter.setPen(QPen(colour, 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(cell.adjusted(1, 1, -1, -1), 4, 4)

    def clicked_at(self, place: int) -> None:
        self.chosen.emit(self.items[place].row)

    def words_at(self, place: int) -> str:
        item = self.items[place]
        return f"{because(item)}\n{describe(self.opened, item.row)}"
