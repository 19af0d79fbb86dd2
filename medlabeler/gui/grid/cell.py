"""How one image of the grid is painted, and what is said about it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette, QPen, QPixmap

from medlabeler.domain.language import tr
from medlabeler.domain.types import NO_CLASS, ClassDef, LabelKind
from medlabeler.gui.grid.gallery_items import KIND_NAMES, draw_tag
from medlabeler.gui.kit.elements import Ink, blend, counted, draw_swatch, readable_on, small
from medlabeler.gui.kit.thumbnail_images import ThumbnailImages
from medlabeler.open_project.bulk_page import Page
from medlabeler.open_project.open_project import OpenProject

CONFIDENCE_FROM = 96
"""Thumbnails of at least so many pixels carry their confidence; smaller ones have no room for it."""


class CellPainter:
    """Paints cells; keeps the thumbnails of the page scaled, so that a page of 300 is painted at once.

    A marked image is dimmed and crossed out; one that was given a class has its name and colour.
    """

    def __init__(self, opened: OpenProject) -> None:
        self._opened = opened
        self._thumbnails = ThumbnailImages.of(opened)
        self._scaled: dict[int, QPixmap] = {}
        self._classes: dict[int, ClassDef] = {}
        self._side, self._ratio = 0, 1.0
        self.read_classes()

    def read_classes(self) -> None:
        """Classes changed."""
        self._classes = {c.id: c for c in self._opened.classes}

    def forget(self) -> None:
        """Another page or size: scale the thumbnails again."""
        self._scaled.clear()

    def prepare(self, font: QFont, palette: QPalette, side: int, ratio: float) -> None:
        """What the next cells are painted with."""
        self._ink, self._side, self._ratio = Ink.of(palette), side, ratio
        self._font, self._tag = font, small(font, 0.78, bold=True)

    def picture(self, row: int) -> QPixmap | None:
        """The thumbnail in the size of the cells, None while it loads."""
        found = self._scaled.get(row)
        if found is None:
            image = self._thumbnails.get(row)
            if image is None or image.isNull():
                return None
            side = round(self._side * self._ratio)
            scaled = image.scaled(
                side, side, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
            found = QPixmap.fromImage(scaled)
            found.setDevicePixelRatio(self._ratio)
            self._scaled[row] = found
        return found

    def cell(
        self, painter: QPainter, page: Page, place: int, area: QRectF, waiting: bool, active: bool
    ) -> None:
        """Paint the image at `place`; `waiting`: it is still undecided."""
        ink = self._ink
        if active:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(blend(ink.accent, ink.base, 0.6))
            painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        square = QRectF(
            area.center().x() - self._side / 2, area.center().y() - self._side / 2, self._side, self._side
        )
        picture, marked = self.picture(int(page.rows[place])), bool(page.marked[place])
        dimmed = marked or not waiting
        painter.setOpacity(0.42 if dimmed else 1.0)
        if picture is None:
            painter.fillRect(square, blend(ink.text, ink.base, 0.92))
            shown = square
        else:
            size = picture.deviceIndependentSize()
            corner = QPointF(square.center().x() - size.width() / 2, square.center().y() - size.height() / 2)
            painter.drawPixmap(corner, picture)
            shown = QRectF(corner, size)
        painter.setOpacity(1.0)
        if not waiting:
            self._ribbon(painter, shown, *self._decided(int(page.rows[place])))
        elif marked:
            self._mark(painter, page, place, shown)
        elif self._side >= CONFIDENCE_FROM and page.shown_class[place] != NO_CLASS:
            text = tr("{shown_confidence:.0f}", shown_confidence=100 * float(page.shown_confidence[place]))
            width = QFontMetrics(self._tag).horizontalAdvance(text) + 8
            draw_tag(painter, shown.right() - width - 3, shown.top() + 3, text, self._tag, ink)

    def _mark(self, painter: QPainter, page: Page, place: int, shown: QRectF) -> None:
        ink = self._ink
        kind, given = LabelKind(int(page.kind[place])), self._classes.get(int(page.given[place]))
        named = kind == LabelKind.LABEL and given is not None
        colour = QColor(given.colour) if named and given else ink.error
        painter.setPen(QPen(colour, 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(shown.adjusted(1, 1, -1, -1))
        if kind == LabelKind.CLEAR:
            arm = self._side * 0.18
            pen = QPen(ink.error, max(2.0, self._side / 26))
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            centre = shown.center()
            painter.drawLine(centre + QPointF(-arm, -arm), centre + QPointF(arm, arm))
            painter.drawLine(centre + QPointF(-arm, arm), centre + QPointF(arm, -arm))
        else:
            self._ribbon(painter, shown, given.name if named and given else KIND_NAMES.get(kind, ""), colour)

    def _ribbon(self, painter: QPainter, shown: QRectF, text: str, colour: QColor) -> None:
        """A filled bar with a name across the lower end of the image."""
        metrics = QFontMetrics(self._tag)
        bar = QRectF(shown.left(), shown.bottom() - metrics.height() - 1, shown.width(), metrics.height() + 1)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawRect(bar)
        painter.setPen(readable_on(colour))
        painter.setFont(self._tag)
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(bar.width()) - 4)
        painter.drawText(bar, Qt.AlignmentFlag.AlignCenter, text)

    def _decided(self, row: int) -> tuple[str, QColor]:
        label = self._classes.get(int(self._opened.label[row]))
        if label is not None:
            return label.name, QColor(label.colour)
        return KIND_NAMES.get(LabelKind(int(self._opened.kind[row])), ""), self._ink.muted

    def cursor(self, painter: QPainter, area: QRectF) -> None:
        """The frame round the image the keys stand on."""
        painter.setPen(QPen(self._ink.accent, 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), 4, 4)

    def heading(self, painter: QPainter, page: Page, place: int, area: QRectF) -> None:
        """The line above a group of one predicted class."""
        ink = self._ink
        definition = self._classes.get(int(page.shown_class[place]))
        n = int((page.shown_class == page.shown_class[place]).sum())
        x = area.left()
        if definition is not None:
            box = QRectF(x, area.center().y() - 6, 12, 12)
            draw_swatch(painter, box, QColor(definition.colour), ink)
            x += 18
        name = (
            tr("predicted {name}", name=definition.name)
            if definition is not None
            else tr("without a prediction")
        )
        painter.setFont(small(self._font))
        painter.setPen(ink.muted)
        align = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(area.adjusted(x - area.left(), 0, 0, 0), align, f"{counted(n, 'image')} {name}")

    def words(self, page: Page, place: int) -> str:
        """Name of the file, what was predicted, and what was said about it."""
        row = int(page.rows[place])
        name = self._opened.project.catalog.name(row)
        shown = self._classes.get(int(page.shown_class[place]))
        parts = [name]
        if shown is not None:
            parts.append(
                tr(
                    "{name} {shown_confidence:.0f} %",
                    name=shown.name,
                    shown_confidence=100 * float(page.shown_confidence[place]),
                )
            )
        given, kind = self._classes.get(int(page.given[place])), LabelKind(int(page.kind[place]))
        if not page.waiting(self._opened)[place]:
            parts.append(tr("decided meanwhile: {decided_name}", decided_name=self._decided_name(row)))
        elif page.marked[place]:
            said = given.name if given is not None else KIND_NAMES.get(kind, "")
            parts.append(tr("marked: {said}", said=said) if said else tr("marked: left out this time"))
        return " · ".join(parts)

    def _decided_name(self, row: int) -> str:
        label = self._classes.get(int(self._opened.label[row]))
        return label.name if label is not None else KIND_NAMES.get(LabelKind(int(self._opened.kind[row])), "")
