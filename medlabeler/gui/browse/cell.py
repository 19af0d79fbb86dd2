"""How one image of the browser is painted: the image, its name, its label or prediction, its marks."""

from __future__ import annotations

from collections import OrderedDict

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette, QPen, QPixmap

from medlabeler.domain.language import tr
from medlabeler.domain.types import NO_CLASS, ClassDef, LabelKind, Remark, Split
from medlabeler.gui.grid.gallery_items import KIND_NAMES, draw_tag
from medlabeler.gui.kit.elements import Ink, blend, readable_on, small
from medlabeler.gui.kit.icons import pixmap
from medlabeler.gui.kit.thumbnail_images import ThumbnailImages
from medlabeler.open_project.open_project import OpenProject

AT_ONCE = 60
"""Thumbnails scaled well in one go: more would hold up the window. The others follow."""
KEEP = 1200
"""Scaled thumbnails kept: more than a large screen shows."""
MARKS = {Remark.FLAG: "flag", Remark.FAVOURITE: "favourite", Remark.NOTE: "note"}
MARK = 15
PAD = 6


class BrowseCell:
    """Paints images; keeps thumbnails in the size of the screen."""

    def __init__(self, opened: OpenProject) -> None:
        self._opened = opened
        self._thumbnails = ThumbnailImages.of(opened)
        self._scaled: OrderedDict[int, QPixmap] = OrderedDict()
        self._classes: dict[int, ClassDef] = {}
        self._colours: dict[int, tuple[QColor, QColor]] = {}
        self.side = 128
        self._ratio = 1.0
        self._left = AT_ONCE
        self.unfinished = False
        """Whether some thumbnails were drawn roughly, and are to be painted again."""
        self._elided: dict[tuple[str, int, bool], str] = {}
        self._elided_in = QFont()
        self.read_classes()

    def read_classes(self) -> None:
        """Classes changed."""
        self._classes = {c.id: c for c in self._opened.classes}
        self._colours = {
            c.id: (QColor(c.colour), readable_on(QColor(c.colour))) for c in self._opened.classes
        }

    def forget(self, rows: list[int] | None = None) -> None:
        """Scale thumbnails again: of these images, or all."""
        if rows is None:
            self._scaled.clear()
        for row in rows or ():
            self._scaled.pop(row, None)

    def size(self, font: QFont) -> QSize:
        """Width and height of a cell: the image, its name, and a line on what it is."""
        line = QFontMetrics(small(font)).height()
        return QSize(self.side + 2 * PAD, self.side + 2 * PAD + 2 * line + 7)

    def prepare(self, font: QFont, palette: QPalette, ratio: float) -> None:
        """What the next cells are painted with."""
        if ratio != self._ratio:
            self._scaled.clear()
        self._left, self.unfinished = AT_ONCE, False
        self._ink, self._ratio = Ink.of(palette), ratio
        self._font, self._tag = small(font), small(font, 0.75, bold=True)
        self._metrics = QFontMetrics(self._font)
        self._share = self._metrics.horizontalAdvance("100 %")
        if len(self._elided) > 4 * KEEP or self._font != self._elided_in:
            self._elided.clear()
            self._elided_in = self._font

    def paint(self, painter: QPainter, area: QRectF, row: int, *, chosen: bool, current: bool) -> None:
        """Paint one image into its cell."""
        ink = self._ink
        if chosen or current:
            self._ground(painter, area.adjusted(1, 1, -1, -1), chosen, current)
        left = area.left() + (area.width() - self.side) / 2
        square = QRectF(left, area.top() + PAD, self.side, self.side)
        shown = self._picture(painter, square, row)
        if self._opened.split[row] == Split.TEST:
            draw_tag(painter, shown.left() + 4, shown.top() + 4, "TEST", self._tag, ink)
        self._marks(painter, shown, row)
        line = self._metrics.height()
        top = area.top() + PAD + self.side + 2
        painter.setFont(self._font)
        painter.setPen(ink.text if chosen else ink.muted)
        text = self._short(self._opened.project.catalog.name(row).rpartition("/")[2], self.side, middle=True)
        painter.drawText(QRectF(left, top, self.side, line), Qt.AlignmentFlag.AlignCenter, text)
        self._said(painter, QRectF(left, top + line + 1, self.side, line + 2), row)

    def _short(self, text: str, room: int, *, middle: bool = False) -> str:
        """As much of a text as fits."""
        found = self._elided.get((text, room, middle))
        if found is None:
            mode = Qt.TextElideMode.ElideMiddle if middle else Qt.TextElideMode.ElideRight
            found = self._elided[(text, room, middle)] = self._metrics.elidedText(text, mode, room)
        return found

    def _ground(self, painter: QPainter, area: QRectF, chosen: bool, current: bool) -> None:
        ink = self._ink
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen:
            painter.setPen(QPen(ink.accent, 1.5))
            painter.setBrush(blend(ink.accent, ink.base, 0.8))
            painter.drawRoundedRect(area, 5, 5)
        if current:
            painter.setPen(QPen(ink.accent, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _picture(self, painter: QPainter, square: QRectF, row: int) -> QRectF:
        picture = self._scaled.get(row)
        if picture is None:
            image = self._thumbnails.get(row)
            if image is None or image.isNull():
                painter.fillRect(square, blend(self._ink.text, self._ink.base, 0.92))
                return square
            if not self._left:
                self.unfinished = True
                scale = self.side / max(image.width(), image.height())
                wide, high = image.width() * scale, image.height() * scale
                corner = square.left() + (self.side - wide) / 2, square.top() + (self.side - high) / 2
                shown = QRectF(*corner, wide, high)
                painter.drawImage(shown, image)
                return shown
            self._left -= 1
            side = round(self.side * self._ratio)
            picture = QPixmap.fromImage(
                image.scaled(
                    side, side, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
                )
            )
            picture.setDevicePixelRatio(self._ratio)
            self._scaled[row] = picture
            if len(self._scaled) > KEEP:
                self._scaled.popitem(last=False)
        wide, high = picture.width() / self._ratio, picture.height() / self._ratio
        left = round(square.left() + (self.side - wide) / 2)
        top = round(square.top() + (self.side - high) / 2)
        painter.drawPixmap(left, top, picture)
        return QRectF(left, top, wide, high)

    def _marks(self, painter: QPainter, shown: QRectF, row: int) -> None:
        """Flag, favourite and note in the corner: on a dark ground, so that they show on any image."""
        remarks = self._opened.project.remarks
        names = [name for what, name in MARKS.items() if remarks.get(what, row)]
        if not names:
            return
        wide = len(names) * (MARK + 3) + 3
        ground = QRectF(shown.right() - wide - 3, shown.top() + 3, wide, MARK + 6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, 175))
        painter.drawRoundedRect(ground, 4, 4)
        for at, name in enumerate(names):
            sign = pixmap(name, round(MARK * self._ratio), "#ffffff")
            place = QRectF(ground.left() + 3 + at * (MARK + 3), ground.top() + 3, MARK, MARK)
            painter.drawPixmap(place.toRect(), sign)

    def _said(self, painter: QPainter, area: QRectF, row: int) -> None:
        """A label is a filled bar; a prediction an outlined one with its confidence."""
        opened, ink = self._opened, self._ink
        kind = LabelKind(int(opened.kind[row]))
        label = self._classes.get(int(opened.label[row])) if kind == LabelKind.LABEL else None
        predicted = (
            self._classes.get(int(opened.prediction[row])) if opened.prediction[row] != NO_CLASS else None
        )
        inner = area.adjusted(5, 0, -5, 0)
        if label is None and predicted is None:
            painter.setPen(ink.muted)
            painter.drawText(inner, Qt.AlignmentFlag.AlignCenter, KIND_NAMES.get(kind, ""))
            return
        if kind in KIND_NAMES:
            painter.setPen(ink.muted)
            painter.drawText(inner, Qt.AlignmentFlag.AlignCenter, KIND_NAMES[kind])
            return
        share = (
            tr("{confidence:.0f} %", confidence=100 * float(opened.confidence[row]))
            if predicted is not None
            else ""
        )
        if label is not None:
            painter.fillRect(area, self._colours[label.id][0])
            painter.setPen(self._colours[label.id][1])
            if predicted is not None and predicted.id != label.id:
                text, share = f"{label.title} ≠ {predicted.title}", ""
            else:
                text = label.title
        elif predicted is not None:
            painter.setPen(self._colours[predicted.id][0])
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(area.adjusted(0, 0, -1, -1))
            painter.setPen(ink.text)
            text = predicted.title
        text = self._short(text, int(inner.width()) - (self._share + 4 if share else 0))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(inner, int(Qt.AlignmentFlag.AlignLeft | middle), text)
        painter.drawText(inner, int(Qt.AlignmentFlag.AlignRight | middle), share)

    def words(self, row: int) -> str:
        """All of it in words: for the tooltip and for screen readers."""
        opened = self._opened
        kind = LabelKind(int(opened.kind[row]))
        said = [opened.project.catalog.name(row)]
        label, predicted = (self._classes.get(int(ids[row])) for ids in (opened.label, opened.prediction))
        if kind == LabelKind.LABEL and label is not None:
            said.append(tr("label {title}", title=label.title))
        elif kind in KIND_NAMES:
            said.append(KIND_NAMES[kind])
        else:
            said.append(tr("not decided yet"))
        if predicted is not None:
            said.append(
                tr(
                    "prediction {title}, {confidence:.0f} %",
                    title=predicted.title,
                    confidence=100 * float(opened.confidence[row]),
                )
            )
        if opened.split[row] == Split.TEST:
            said.append(tr("test set"))
        remarks = opened.project.remarks
        said_of = {Remark.FLAG: tr("flagged"), Remark.FAVOURITE: tr("favourite")}
        said += [said_of[w] for w in MARKS if w is not Remark.NOTE and remarks.get(w, row)]
        if note := remarks.get(Remark.NOTE, row):
            said.append(tr("note: {note}", note=note if len(note) <= 300 else note[:300] + "…"))
        return "\n".join(said)
