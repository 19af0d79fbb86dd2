"""The view behind the grid of thumbnails: wrapped rows of equal cells that can be picked and dragged."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QItemSelection, QItemSelectionModel, QPoint, QSize, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QDrag, QKeyEvent, QPainter, QPixmap, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QMenu, QWidget

from medlabeler.domain.language import tr
from medlabeler.gui.grid.gallery_items import GalleryModel, ThumbnailDelegate
from medlabeler.gui.kit.dragging import mime_of
from medlabeler.gui.kit.elements import Ink, counted, readable_on, small

BATCH = 4_000
"""Cells laid out at a time; the rest follows when the event loop is idle."""


class ThumbnailView(QListView):
    """The grid itself: wrapped rows of equal cells."""

    def __init__(
        self, model: GalleryModel, delegate: ThumbnailDelegate, menu: Callable[[], QMenu], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._model, self._thumbnails, self._menu = model, delegate, menu
        # Wrapped list mode looks like icon mode, but lays out 171,000 cells without an object for each.
        self.setViewMode(QListView.ViewMode.ListMode)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setLayoutMode(QListView.LayoutMode.Batched)
        self.setBatchSize(BATCH)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionRectVisible(True)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setAccessibleName(tr("Thumbnails"))
        self.setItemDelegate(delegate)
        self.setModel(model)
        self.fit_cells()

    def picked(self) -> NDArray[np.int64]:
        """The rows picked in the grid, in its order."""
        # By ranges: with all of 171,000 selected, an index object for each would take longer than a frame.
        selection = self.selectionModel().selection()
        ranges = [selection.at(k) for k in range(selection.count())]
        spans = [(span.top(), span.bottom() + 1) for span in ranges]
        spans = sorted(span for span in spans if span[1] <= len(self._model.rows))
        parts = [self._model.rows[first:end] for first, end in spans]
        return np.concatenate(parts) if parts else np.empty(0, np.int64)

    def fit_cells(self) -> None:
        """Make the cells as large as the thumbnails, spread over the width."""
        cell = self._thumbnails.cell(self.font())
        room = max(1, self.viewport().width() - 2)
        per_row = max(1, room // cell.width())
        wide = room // per_row if self._model.rowCount() >= per_row else cell.width()
        self.setGridSize(QSize(max(cell.width(), wide), cell.height()))
        self.verticalScrollBar().setSingleStep(cell.height() // 3)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.fit_cells()
        super().resizeEvent(event)

    def keep_place(self, rows: NDArray[np.int64]) -> None:
        """Show other rows without losing the place in the list."""
        if np.array_equal(rows, self._model.rows):
            return
        place, top = self.currentIndex().row(), self.verticalScrollBar().value()
        self._model.show_rows(rows)
        self.verticalScrollBar().setValue(top)
        if place >= 0 and len(rows) and self.hasFocus():
            index = self._model.index(min(place, len(rows) - 1), 0)
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.selectionModel().hasSelection():
            self.clearSelection()
            return
        super().keyPressEvent(event)

    def selectAll(self) -> None:
        """Pick everything, as one range instead of cell by cell."""
        last = self._model.rowCount() - 1
        if last >= 0:
            everything = QItemSelection(self._model.index(0, 0), self._model.index(last, 0))
            self.selectionModel().select(everything, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def keyboardSearch(self, search: str) -> None:
        """Typed letters are commands here, not a search."""

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        index = self.indexAt(event.pos())
        if index.isValid() and not self.selectionModel().isSelected(index):
            self.selectionModel().select(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if self._model.rowCount():
            menu = self._menu()
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(event.globalPos())

    def startDrag(self, actions: Qt.DropAction) -> None:
        rows = self.picked()
        if not rows.size:
            return
        drag = QDrag(self)
        drag.setMimeData(mime_of(rows))
        drag.setPixmap(count_badge(int(rows.size), Ink.of(self.palette()), self))
        drag.setHotSpot(QPoint(-8, -8))
        drag.exec(Qt.DropAction.CopyAction)


def count_badge(count: int, ink: Ink, widget: QWidget) -> QPixmap:
    """What hangs at the pointer while images are dragged: how many they are."""
    text = counted(count, "image")
    font = small(widget.font(), 1.0, bold=True)
    width = widget.fontMetrics().horizontalAdvance(text) + 30
    ratio = widget.devicePixelRatioF()
    pixmap = QPixmap(round(width * ratio), round(26 * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(QColor(Qt.GlobalColor.transparent))
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink.accent)
    painter.drawRoundedRect(0, 0, width, 26, 13, 13)
    painter.setPen(readable_on(ink.accent))
    painter.setFont(font)
    painter.drawText(0, 0, width, 26, int(Qt.AlignmentFlag.AlignCenter), text)
    painter.end()
    return pixmap
