"""The labelled images nearest to the one on show: why the classifier may think what it thinks."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from medlabeler.domain.language import tr
from medlabeler.gui.grid.gallery_items import draw_picture
from medlabeler.gui.kit.elements import Ink, small
from medlabeler.gui.kit.hovering import Hovering
from medlabeler.gui.kit.plain import add_action
from medlabeler.gui.kit.thumbnail_images import ThumbnailImages
from medlabeler.open_project.open_project import OpenProject

SIDE = 54
GAP = 6

DISTANCE = tr("0: as similar as can be, 1: nothing in common; the classifier compares images in the same way")


def distance_text(similarity: float, digits: int) -> str:
    """The cosine distance, 1 minus the cosine similarity, never below 0 by rounding."""
    return tr("{value:.{digits}f}", value=max(0.0, 1.0 - similarity), digits=digits)


class NeighbourStrip(Hovering):
    """Thumbnails from left to right, nearest first, each with its label and its cosine distance."""

    chosen = Signal(int)  # row
    beside_wanted = Signal(int)  # row to be seen beside the current image

    def __init__(self, opened: OpenProject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.opened = opened
        self.found: list[tuple[int, float]] = []
        self.sentence = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.setAccessibleName(tr("Nearest labelled images"))
        self._thumbnails = ThumbnailImages.of(opened)
        self._thumbnails.loaded.connect(self._on_thumbnails)

    def show_neighbours(self, found: Sequence[tuple[int, float]], sentence: str = "") -> None:
        """Show `found`, (row, similarity); if there are none, `sentence` says why."""
        self.found, self.sentence = list(found), sentence
        self.point(-1)
        self.update()

    def _on_thumbnails(self, _rows: object) -> None:
        self.update()

    def sizeHint(self) -> QSize:
        lines = QFontMetrics(small(self.font(), 0.82)).height()
        return QSize(240, SIDE + 2 * lines + 6)

    def minimumSizeHint(self) -> QSize:
        return QSize(SIDE + 2 * GAP, SIDE)

    @staticmethod
    def width_for(count: int) -> int:
        """Width in pixels of so many images."""
        return count * (SIDE + GAP) - GAP

    def cell(self, place: int) -> QRectF:
        """Where the neighbour at `place` is painted."""
        return QRectF(place * (SIDE + GAP), 0, SIDE, self.height())

    def places(self) -> int:
        return len(self.found)

    def place_at(self, where: QPointF) -> int:
        x = where.x()
        place = int(x // (SIDE + GAP))
        inside = x - place * (SIDE + GAP) <= SIDE and self.cell(place).right() <= self.width()
        return place if inside and 0 <= place < len(self.found) else -1

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        ink = Ink.of(self.palette())
        font = small(self.font(), 0.82)
        painter.setFont(font)
        if not self.found:
            painter.setPen(ink.muted)
            flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)
            painter.drawText(QRectF(self.rect()), flags, self.sentence)
            return
        metrics = QFontMetrics(font)
        for place, (row, similarity) in enumerate(self.found):
            cell = self.cell(place)
            if cell.right() > self.width():
                break
            square = QRectF(cell.left() + 1.5, 1.5, SIDE - 3, SIDE - 3)
            shown = draw_picture(painter, square, self._thumbnails.get(row), ink)
            definition = self.opened.class_of(int(self.opened.label[row]))
            colour = QColor(definition.colour) if definition else ink.faint
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colour, 3 if place == self.hover else 2))
            painter.drawRect(shown)
            name = metrics.elidedText(
                definition.name if definition else "", Qt.TextElideMode.ElideRight, SIDE
            )
            line = QRectF(cell.left(), SIDE + 1, SIDE, metrics.height())
            for text, colour in ((name, ink.text), (distance_text(similarity, 2), ink.muted)):
                if line.bottom() > self.height():
                    break  # no line is cut in two: the colour of the frame and the tooltip tell as well
                painter.setPen(colour)
                painter.drawText(line, Qt.AlignmentFlag.AlignHCenter, text)
                line.translate(0, metrics.height())

    def clicked_at(self, place: int) -> None:
        self.chosen.emit(self.found[place][0])

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        place = self.place_at(QPointF(event.pos()))
        if place >= 0:
            menu = self.menu_at(place)
            menu.aboutToHide.connect(menu.deleteLater)
            menu.popup(event.globalPos())

    def menu_at(self, place: int) -> QMenu:
        """What can be done with the neighbour at `place`."""
        row = self.found[place][0]
        menu = QMenu(self)
        add_action(menu, tr("Show it")).triggered.connect(lambda: self.chosen.emit(row))
        add_action(menu, tr("Side by side")).triggered.connect(lambda: self.beside_wanted.emit(row))
        return menu

    def words_at(self, place: int) -> str:
        row, similarity = self.found[place]
        name = self.opened.class_name(int(self.opened.label[row]))
        far = tr("{name} · distance {distance_text}", name=name, distance_text=distance_text(similarity, 3))
        return f"{far}\n{DISTANCE}\n{self.opened.project.catalog.name(row)}"
