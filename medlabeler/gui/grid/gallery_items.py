"""The thumbnails of the grid: a model over rows of the open project, and how one thumbnail is painted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QMimeData, QModelIndex, QObject, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from medlabeler.domain.language import tr
from medlabeler.domain.types import NO_CLASS, ClassDef, LabelKind, Split
from medlabeler.gui.kit.dragging import MIME, mime_of
from medlabeler.gui.kit.elements import Ink, blend, readable_on, small
from medlabeler.gui.kit.model_index import Index
from medlabeler.gui.kit.plain import tip
from medlabeler.gui.kit.sized_model import SizedModel
from medlabeler.gui.kit.thumbnail_images import ThumbnailImages
from medlabeler.open_project.open_project import OpenProject

ROW = Qt.ItemDataRole.UserRole

KIND_NAMES = {
    LabelKind.SKIP: tr("skipped"),
    LabelKind.NOT_SURE: tr("not sure"),
    LabelKind.BAD_IMAGE: tr("bad image"),
}


def describe(opened: OpenProject, row: int, classes: dict[int, ClassDef] | None = None) -> str:
    """What is known of an image, in a few words: its label, else its mark, else its prediction."""
    classes = {c.id: c for c in opened.classes} if classes is None else classes
    label, prediction = classes.get(int(opened.label[row])), classes.get(int(opened.prediction[row]))
    kind = LabelKind(int(opened.kind[row]))
    if kind == LabelKind.LABEL and label is not None:
        return label.name
    if kind in KIND_NAMES:
        return KIND_NAMES[kind]
    if prediction is not None:
        return tr(
            "{name} {confidence:.0f} %", name=prediction.name, confidence=100 * float(opened.confidence[row])
        )
    return tr("not labelled")


class GalleryModel(SizedModel):
    """Rows of images, in the order of the grid; holds one int64 array, no object per image."""

    def __init__(self, opened: OpenProject, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._opened = opened
        self.rows: NDArray[np.int64] = np.empty(0, np.int64)

    def show_rows(self, rows: NDArray[np.int64]) -> None:
        """Replace what is shown; nothing happens when it is the same."""
        if np.array_equal(rows, self.rows):
            return
        self.beginResetModel()
        self.rows = np.asarray(rows, dtype=np.int64)
        self.resize(len(self.rows))
        self.endResetModel()

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self.rows):
            return None
        row = int(self.rows[index.row()])
        if role == ROW:
            return row
        if role == Qt.ItemDataRole.ToolTipRole:
            test = tr(" · test set") if self._opened.split[row] == Split.TEST else ""
            return tip(f"{self._opened.project.catalog.name(row)}\n{describe(self._opened, row)}{test}")
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self._opened.project.catalog.name(row)}, {describe(self._opened, row)}"
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled

    def supportedDragActions(self) -> Qt.DropAction:
        return Qt.DropAction.CopyAction

    def mimeTypes(self) -> list[str]:
        return [MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        return mime_of(self.rows[[index.row() for index in indexes]])


class ThumbnailDelegate(QStyledItemDelegate):
    """Paints one image: a frame in its label's colour, its label or prediction below, marks in the corners.

    A label is a filled bar with its name; a prediction is an outlined one with its confidence, so that the
    two are told apart without colour.
    """

    def __init__(self, opened: OpenProject, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._opened = opened
        self._thumbnails = ThumbnailImages.of(opened)
        self.side = 112
        self._classes: dict[int, ClassDef] = {}
        self.refresh()

    def refresh(self) -> None:
        """Read the classes again."""
        self._classes = {c.id: c for c in self._opened.classes}

    def cell(self, font: QFont) -> QSize:
        """Size of one thumbnail with its caption."""
        return QSize(self.side + 12, self.side + 14 + QFontMetrics(small(font)).height() + 3)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return self.cell(option.font)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(ROW)
        if row is None or row >= self._opened.n:
            return
        ink = Ink.of(option.palette)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        cell: QRect = option.rect
        picked = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        back = QRectF(cell).adjusted(1, 1, -1, -1)
        painter.setPen(QPen(ink.accent, 1.5) if picked else Qt.PenStyle.NoPen)
        if picked or hovered:
            painter.setBrush(blend(ink.accent if picked else ink.text, ink.base, 0.8 if picked else 0.94))
            painter.drawRoundedRect(back, 5, 5)
        picture = QRectF(cell.center().x() - self.side / 2 + 0.5, cell.top() + 6, self.side, self.side)
        shown = draw_picture(painter, picture, self._thumbnails.get(row), ink)
        caption = QRectF(
            picture.left(), picture.bottom() + 3, picture.width(), back.bottom() - picture.bottom() - 5
        )
        self._caption(painter, shown, caption, row, option.font, ink)
        if self._opened.split[row] == Split.TEST:
            draw_tag(
                painter, shown.topLeft().x() + 4, shown.top() + 4, "TEST", small(option.font, 0.75, True), ink
            )
        painter.restore()

    def _caption(
        self, painter: QPainter, shown: QRectF, area: QRectF, row: int, font: QFont, ink: Ink
    ) -> None:
        opened = self._opened
        kind = LabelKind(int(opened.kind[row]))
        label = self._classes.get(int(opened.label[row])) if kind == LabelKind.LABEL else None
        predicted = (
            self._classes.get(int(opened.prediction[row])) if opened.prediction[row] != NO_CLASS else None
        )
        caption_font = small(font)
        painter.setFont(caption_font)
        metrics = QFontMetrics(caption_font)
        inner = area.adjusted(5, 0, -5, 0)
        if label is not None:
            colour = QColor(label.colour)
            painter.setPen(QPen(colour, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(shown.adjusted(-1, -1, 1, 1))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawRoundedRect(area, 3, 3)
            painter.setPen(readable_on(colour))
            disagrees = predicted is not None and predicted.id != label.id
            text = f"{label.name} ≠ {predicted.name}" if disagrees and predicted else label.name
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(inner.width()))
            painter.drawText(inner, Qt.AlignmentFlag.AlignCenter, text)
        elif kind in KIND_NAMES:
            painter.fillRect(shown, QColor(ink.base.red(), ink.base.green(), ink.base.blue(), 140))
            painter.setPen(ink.muted)
            painter.drawText(inner, Qt.AlignmentFlag.AlignCenter, KIND_NAMES[kind])
        elif predicted is not None:
            colour = QColor(predicted.colour)
            painter.setPen(QPen(blend(colour, ink.base, 0.25), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
            share = tr("{confidence:.0f} %", confidence=100 * float(opened.confidence[row]))
            width = metrics.horizontalAdvance(share)
            painter.setPen(ink.muted)
            painter.drawText(inner, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), share)
            painter.setPen(ink.text)
            name = metrics.elidedText(
                predicted.name, Qt.TextElideMode.ElideRight, int(inner.width() - width - 4)
            )
            painter.drawText(inner, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), name)


def draw_picture(painter: QPainter, area: QRectF, image: QImage | None, ink: Ink) -> QRectF:
    """Paint `image` as large as fits in `area`, a quiet square while it loads; returns where it is."""
    if image is None or image.isNull():
        painter.fillRect(area, blend(ink.text, ink.base, 0.92))
        return area
    scale = min(area.width() / image.width(), area.height() / image.height())
    width, height = image.width() * scale, image.height() * scale
    shown = QRectF(area.center().x() - width / 2, area.center().y() - height / 2, width, height)
    painter.drawImage(shown, image)
    return shown


def draw_tag(painter: QPainter, x: float, y: float, text: str, font: QFont, ink: Ink) -> None:
    """Paint a small dark tag with light text; it lies on images, so it is the same in both themes."""
    metrics = QFontMetrics(font)
    area = QRectF(x, y, metrics.horizontalAdvance(text) + 8, metrics.height() + 2)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(0, 0, 0, 175))
    painter.drawRoundedRect(area, 3, 3)
    painter.setPen(QColor(Qt.GlobalColor.white))
    painter.setFont(font)
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)
