"""All images that are found, as thumbnails. Only what is in sight exists: 171,375 are as quick as 171."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDrag,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QFrame, QToolTip, QWidget

from medlabeler.domain.changes import Changes
from medlabeler.domain.language import tr
from medlabeler.gui.browse.cell import BrowseCell
from medlabeler.gui.grid.thumbnail_view import count_badge
from medlabeler.gui.kit.dragging import mime_of
from medlabeler.gui.kit.elements import Ink
from medlabeler.gui.kit.field_keys import keeps
from medlabeler.gui.kit.plain import tip
from medlabeler.gui.kit.thumbnail_images import ThumbnailImages
from medlabeler.open_project.open_project import OpenProject

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class BrowseView(QAbstractScrollArea):
    """The images of the finder, in its order. Its selection is that of the open project.

    A click shows an image large, Ctrl-click and Shift-click select more, arrows move, Space or a double click
    enlarges, Ctrl+A selects everything that is found; what is selected can be dragged onto a class.
    """

    enlarge_wanted = Signal(int)  # row
    menu_wanted = Signal(object)  # global position

    def __init__(self, opened: OpenProject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.opened = opened
        self.cells = BrowseCell(opened)
        self._rows: NDArray[np.int64] = np.empty(0, np.int64)
        self._place: NDArray[np.int32] = np.empty(0, np.int32)
        self._anchor = -1
        self._pressed: QPoint | None = None
        self._columns, self._left = 1, 0
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(180, 90)
        self.setAccessibleName(tr("Images"))
        self.thumbnails = ThumbnailImages.of(opened)
        self.thumbnails.loaded.connect(self._on_thumbnails)
        opened.changed.connect(self._on_changed)
        opened.selection_changed.connect(self.viewport().update)
        opened.current_changed.connect(self._on_current)
        opened.finder.changed.connect(self._on_found)
        self._on_found()

    # ------------------------------------------------------------------ what is shown

    @property
    def rows(self) -> NDArray[np.int64]:
        """The images, int64 (m,), in their order."""
        return self._rows

    def _on_found(self) -> None:
        rows = self.opened.finder.rows
        if rows is self._rows:
            return
        keep = self.row_at(QPoint(self._left + 2, 2))
        self._rows = rows
        self._place = np.full(max(self.opened.n, int(rows.max(initial=-1)) + 1), -1, np.int32)
        self._place[rows] = np.arange(len(rows), dtype=np.int32)
        self._anchor = -1
        self._lay_out()
        if keep >= 0 and self.place_of(keep) >= 0 and self.verticalScrollBar().value():
            self.verticalScrollBar().setValue(self._corner(self.place_of(keep)).y())
        self.viewport().update()

    def place_of(self, row: int) -> int:
        """Where an image stands in the order, -1 if it is not found."""
        return int(self._place[row]) if 0 <= row < len(self._place) else -1

    def set_side(self, side: int) -> None:
        """Size of the thumbnails in pixels; the first image in sight stays in sight."""
        first = self.row_at(QPoint(self._left + 2, 2))
        self.cells.side = side
        self.cells.forget()
        self._lay_out()
        if first >= 0:
            self.verticalScrollBar().setValue(self._corner(self.place_of(first)).y())
        self.viewport().update()

    def _lay_out(self) -> None:
        self._cell = self.cells.size(self.font())
        width, height = self.viewport().width(), self.viewport().height()
        self._columns = max(1, width // self._cell.width())
        self._left = max(0, (width - self._columns * self._cell.width()) // 2)
        lines = -(-len(self._rows) // self._columns)
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, lines * self._cell.height() - height))
        bar.setPageStep(max(1, height - self._cell.height() // 2))
        bar.setSingleStep(self._cell.height() // 3)

    def _corner(self, place: int) -> QPoint:
        """Left and top of a cell, in pixels of the content."""
        line, column = divmod(place, self._columns)
        return QPoint(self._left + column * self._cell.width(), line * self._cell.height())

    def rect_of(self, place: int) -> QRect:
        """Where a cell is in the viewport."""
        return QRect(self._corner(place) - QPoint(0, self.verticalScrollBar().value()), self._cell)

    def row_at(self, spot: QPoint) -> int:
        """The image under a point of the viewport, -1 for none."""
        place = self._place_at(spot)
        return int(self._rows[place]) if place >= 0 else -1

    def _place_at(self, spot: QPoint) -> int:
        if not len(self._rows):
            return -1
        column = (spot.x() - self._left) // self._cell.width()
        line = (spot.y() + self.verticalScrollBar().value()) // self._cell.height()
        place = line * self._columns + column
        return place if 0 <= column < self._columns and 0 <= place < len(self._rows) else -1

    def in_sight(self) -> NDArray[np.int64]:
        """The images that are at least partly in sight."""
        first, end = self._lines(0, self.viewport().height())
        return self._rows[first:end]

    def _lines(self, top: int, bottom: int) -> tuple[int, int]:
        """First place, and that behind the last, between two heights of the viewport."""
        offset = self.verticalScrollBar().value()
        first = max(0, (top + offset) // self._cell.height()) * self._columns
        end = (bottom + offset) // self._cell.height() + 1
        return first, min(len(self._rows), end * self._columns)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), self.palette().base())
        self.cells.prepare(self.font(), self.palette(), self.devicePixelRatioF())
        opened, region = self.opened, event.region()
        first, end = self._lines(event.rect().top(), event.rect().bottom())
        shown = opened.current if self.hasFocus() else -1
        rows = self._rows[first:end]
        chosen = opened.selection[np.minimum(rows, len(opened.selection) - 1)].tolist()
        for place, row, picked in zip(range(first, end), rows.tolist(), chosen, strict=True):
            area = self.rect_of(place)
            if row < opened.n and region.intersects(area):
                self.cells.paint(painter, QRectF(area), row, chosen=picked, current=row == shown)
        if self.cells.unfinished:
            QTimer.singleShot(0, self.viewport(), self.viewport().update)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Move what is painted already: only what comes into sight is painted."""
        self.viewport().scroll(dx, dy)

    def resizeEvent(self, event: QResizeEvent) -> None:
        first = self.row_at(QPoint(self._left + 2, 2))
        super().resizeEvent(event)
        self._lay_out()
        if first >= 0:
            self.verticalScrollBar().setValue(self._corner(self.place_of(first)).y())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange) and hasattr(self, "cells"):
            self._lay_out()

    # ------------------------------------------------------------------ what happens elsewhere

    def _on_changed(self, changes: Changes) -> None:
        if changes & Changes.CLASSES:
            self.cells.read_classes()
        if changes & Changes.IMAGES:
            self.cells.forget()
        if changes & (Changes.IMAGES | Changes.LABELS | Changes.CLASSES | Changes.MODEL | Changes.REMARKS):
            self.viewport().update()

    def _on_thumbnails(self, rows: list[int]) -> None:
        self.cells.forget(rows)
        for row in rows:
            if (place := self.place_of(row)) >= 0:
                self.viewport().update(self.rect_of(place))

    def _on_current(self) -> None:
        row = self.opened.current
        if self.place_of(row) >= 0 and not self.opened.blind:
            self.setAccessibleDescription(self.cells.words(row))
            if self.isVisible():
                self._reveal(self.place_of(row))
        self.viewport().update()

    def _reveal(self, place: int) -> None:
        top, bar = self._corner(place).y(), self.verticalScrollBar()
        if top < bar.value():
            bar.setValue(top)
        elif top + self._cell.height() > bar.value() + self.viewport().height():
            bar.setValue(top + self._cell.height() - self.viewport().height())

    # ------------------------------------------------------------------ what a person does

    def select_all(self) -> None:
        """Select all that is found."""
        self.opened.select_found()

    def _choose(self, place: int, modifiers: Qt.KeyboardModifier) -> None:
        row = int(self._rows[place])
        if modifiers & SHIFT and self._anchor >= 0:
            low, high = sorted((self._anchor, place))
            span = self._rows[low : high + 1]
            self.opened.set_selection(span, "add" if modifiers & CONTROL else "replace")
            self.opened.set_current(row)
            return
        self._anchor = place
        if modifiers & CONTROL:
            # The first Ctrl-click also keeps the image that was on show.
            if not self.opened.selection.any() and self.place_of(self.opened.current) >= 0:
                self.opened.set_selection([self.opened.current], "add")
            self.opened.set_selection([row], "toggle")
        else:
            self.opened.set_selection([row])

    def mousePressEvent(self, event: QMouseEvent) -> None:
        spot = event.position().toPoint()
        place = self._place_at(spot)
        self._pressed = spot if place >= 0 else None
        if event.button() == Qt.MouseButton.RightButton:
            if place >= 0 and not self.opened.selection[self._rows[place]]:
                self._choose(place, Qt.KeyboardModifier.NoModifier)
            return
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if place < 0:
            if not event.modifiers() & (CONTROL | SHIFT):
                self.opened.clear_selection()
            return
        # What is selected already may be about to be dragged; it is chosen alone when the button is let go.
        if event.modifiers() & (CONTROL | SHIFT) or not self.opened.selection[self._rows[place]]:
            self._choose(place, event.modifiers())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        spot = event.position().toPoint()
        far = self._pressed is not None and (spot - self._pressed).manhattanLength()
        if event.buttons() & Qt.MouseButton.LeftButton and far and far >= QApplication.startDragDistance():
            self._pressed = None
            self._drag()

    def _drag(self) -> None:
        rows = np.flatnonzero(self.opened.selection)
        if not len(rows):
            return
        drag = QDrag(self)
        drag.setMimeData(mime_of(rows))
        drag.setPixmap(count_badge(len(rows), Ink.of(self.palette()), self))
        drag.setHotSpot(QPoint(-8, -8))
        drag.exec(Qt.DropAction.CopyAction)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        spot = event.position().toPoint()
        place, pressed = self._place_at(spot), self._pressed
        self._pressed = None
        plain = event.button() == Qt.MouseButton.LeftButton and not event.modifiers() & (CONTROL | SHIFT)
        if plain and pressed is not None and place >= 0 and place == self._place_at(pressed):
            self._choose(place, event.modifiers())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        place = self._place_at(event.position().toPoint())
        if place >= 0 and event.button() == Qt.MouseButton.LeftButton and not event.modifiers() & CONTROL:
            self.enlarge_wanted.emit(int(self._rows[place]))
        else:
            self.mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if len(self._rows):
            self.menu_wanted.emit(event.globalPos())

    def event(self, event: QEvent) -> bool:
        # Space would be a shortcut of the window, Ctrl+A one of its menu: here they mean these images.
        return keeps(event, self._takes) or super().event(event)

    @staticmethod
    def _takes(key: QKeyEvent) -> bool:
        space = key.key() == Qt.Key.Key_Space and not key.modifiers()
        return space or (key.key() == Qt.Key.Key_A and key.modifiers() == CONTROL)

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            row = self.row_at(event.pos())
            QToolTip.showText(
                event.globalPos(), tip(self.cells.words(row)) if row >= 0 else "", self.viewport()
            )
            return True
        return super().viewportEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, modifiers = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if not len(self._rows) or modifiers & ~(SHIFT | CONTROL):
            super().keyPressEvent(event)
        elif key == Qt.Key.Key_A and modifiers == CONTROL:
            self.select_all()
        elif key == Qt.Key.Key_Space and not modifiers:
            if self.place_of(self.opened.current) >= 0:
                self.enlarge_wanted.emit(self.opened.current)
        elif (place := self._target(key)) is not None and not modifiers & CONTROL:
            self._go(place, bool(modifiers & SHIFT))
        else:
            super().keyPressEvent(event)

    def _target(self, key: int) -> int | None:
        """The place a key leads to, None if it leads nowhere."""
        here, last = self.place_of(self.opened.current), len(self._rows) - 1
        lines = max(1, self.viewport().height() // self._cell.height())
        if key in STEPS:
            across, down = STEPS[Qt.Key(key)]
            wanted = here + across + down * self._columns if here >= 0 else 0
            return wanted if 0 <= wanted <= last else min(max(here, 0), last)
        return {
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
            Qt.Key.Key_PageUp: max(0, here - lines * self._columns),
            Qt.Key.Key_PageDown: min(last, here + lines * self._columns),
        }.get(Qt.Key(key))

    def _go(self, place: int, extend: bool) -> None:
        row = int(self._rows[place])
        if extend:
            if self._anchor < 0:
                self._anchor = max(0, self.place_of(self.opened.current))
            self._choose(place, SHIFT)
        else:
            self._anchor = place
            self.opened.set_selection([row])

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()
