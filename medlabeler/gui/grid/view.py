"""The page of the grid as a person sees it: thumbnails that are marked by clicks, drags and keys."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip, QWidget

from medlabeler.domain.language import tr
from medlabeler.domain.types import LabelKind
from medlabeler.gui.grid.cell import CellPainter
from medlabeler.gui.grid.layout import Grid, capacity
from medlabeler.gui.kit.elements import small
from medlabeler.gui.kit.field_keys import keeps
from medlabeler.gui.kit.plain import tip
from medlabeler.gui.kit.thumbnail_images import ThumbnailImages
from medlabeler.open_project.bulk_page import Page
from medlabeler.open_project.open_project import OpenProject

GAP = 6
MOSTLY = 0.6
"""An image counts as seen when so much of its height was in sight."""
ARROWS: dict[int, tuple[int, int]] = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier

Places = NDArray[np.int64]
NOTHING: Places = np.empty(0, np.int64)


class GridView(QAbstractScrollArea):
    """One page. A click marks or unmarks, a drag does the same to all it passes; arrows move, Space marks.

    `current` is the place the keys stand on, `active` the places of the last gesture: a class key means them.
    """

    edited = Signal()  # marks, or what was seen, changed
    looked_at = Signal(int)  # row
    confirm_wanted = Signal()
    turn_wanted = Signal(int)  # 1 on, -1 back
    menu_wanted = Signal(QPoint)

    def __init__(self, opened: OpenProject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.opened = opened
        self.page: Page | None = None
        self.grouped = False
        self.side = 80
        self.current = -1
        self.active = NOTHING
        self._marks_on: bool | None = None
        self._from = QPoint()
        self._grid = Grid(0, 1, self.cell)
        self._cells = CellPainter(opened)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Images to confirm together"))
        self.setMinimumSize(160, 80)
        self.verticalScrollBar().valueChanged.connect(self._on_scroll)
        ThumbnailImages.of(opened).loaded.connect(self._on_thumbnails)

    # What is shown

    @property
    def cell(self) -> int:
        """Width and height of a cell."""
        return self.side + GAP

    def show_page(self, page: Page | None, *, grouped: bool = False) -> None:
        """Lay out another page; the keys stand on its first image."""
        self.page, self.grouped = page, grouped
        self.current = 0 if page is not None and len(page.rows) else -1
        self.active = NOTHING
        self._marks_on = None
        self._cells.forget()
        self.verticalScrollBar().setValue(0)
        self._lay_out()

    def set_side(self, side: int) -> None:
        """Size of the thumbnails in pixels."""
        self.side = side
        self._cells.forget()
        self._lay_out()

    def refresh(self) -> None:
        """Labels or classes changed: paint anew."""
        self._cells.read_classes()
        self.viewport().update()

    def room(self, page: Page) -> int:
        """How many images of `page`, from the first on, fit without scrolling."""
        width, height = self.viewport().width(), self.viewport().height()
        most = min(len(page.rows), capacity(width, height, self.cell))
        if not self.grouped:
            return most
        grid = self._grid_of(page, most, width)
        return max(1, grid.above(height))

    def most(self) -> int:
        """How many cells fit into the view."""
        return capacity(self.viewport().width(), self.viewport().height(), self.cell)

    def _grid_of(self, page: Page, n: int, width: int) -> Grid:
        starts = [place for place in page.starts() if place < n] if self.grouped else []
        heading = small(self.font()).pointSizeF() * 2 + 8
        return Grid(n, width, self.cell, starts, round(heading) if self.grouped else 0)

    def _lay_out(self) -> None:
        n = 0 if self.page is None else len(self.page.rows)
        width, height = self.viewport().width(), self.viewport().height()
        if self.page is None or not n:
            self._grid = Grid(0, max(1, width), self.cell)
        else:
            self._grid = self._grid_of(self.page, n, width)
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, self._grid.height - height))
        bar.setPageStep(height)
        bar.setSingleStep(self.cell)
        self._on_scroll()

    def _on_scroll(self, _value: int = 0) -> None:
        page = self.page
        if page is not None and self.isVisible():
            bottom = self.verticalScrollBar().value() + self.viewport().height()
            seen = self._grid.above(bottom, MOSTLY)
            if seen > page.seen:
                page.seen = seen
                self.edited.emit()
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._on_scroll()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange) and hasattr(self, "_cells"):
            self._cells.forget()
            self._lay_out()

    def rect_of(self, place: int) -> QRect:
        """Where a cell is in the viewport."""
        x, y = self._grid.corner(place)
        return QRect(x, y - self.verticalScrollBar().value(), self.cell, self.cell)

    def place_at(self, spot: QPoint) -> int:
        """The place under a point of the viewport, -1 for none."""
        return self._grid.at(spot.x(), spot.y() + self.verticalScrollBar().value())

    def _on_thumbnails(self, rows: list[int]) -> None:
        if self.page is not None and self.isVisible():
            for place in np.flatnonzero(np.isin(self.page.rows, rows)):
                self.viewport().update(self.rect_of(int(place)))

    def paintEvent(self, event: QPaintEvent) -> None:
        page = self.page
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), self.palette().base())
        if page is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._cells.prepare(self.font(), self.palette(), self.side, self.devicePixelRatioF())
        waiting, active = page.waiting(self.opened), set(self.active.tolist())
        offset, region = self.verticalScrollBar().value(), event.region()
        for place, top in self._grid.headings:
            area = QRect(8, top - offset, self.viewport().width() - 16, self._grid.heading)
            if region.intersects(area):
                self._cells.heading(painter, page, place, QRectF(area))
        for place in self._grid.between(
            event.rect().top() + offset, event.rect().bottom() + 1 + offset
        ).tolist():
            area = self.rect_of(place)
            if region.intersects(area):
                self._cells.cell(painter, page, place, QRectF(area), bool(waiting[place]), place in active)
                if place == self.current and self.hasFocus():
                    self._cells.cursor(painter, QRectF(area))

    def _repaint(self, places: Places) -> None:
        for place in places.tolist():
            self.viewport().update(self.rect_of(place))

    # What a person does

    def targets(self) -> Places:
        """The places a class key means: those of the last gesture, else the one the keys stand on."""
        if len(self.active) or self.current < 0:
            return self.active
        return np.array([self.current], np.int64)

    def mark(self, places: Places, on: bool) -> None:
        """Mark images as wrong, or unmark them."""
        if self.page is not None:
            self.page.mark(places, on)
            self._repaint(places)
            self.edited.emit()

    def give(self, places: Places, kind: LabelKind, class_id: int) -> None:
        """Say what images are."""
        if self.page is not None:
            self.page.give(places, kind, class_id)
            self._repaint(places)
            self.edited.emit()

    def move_to(self, place: int, active: Places | None = None) -> None:
        """Let the keys stand on another place, and say which one to whoever shows it large."""
        before = np.append(self.active, [p for p in (self.current,) if p >= 0]).astype(np.int64)
        self.current = place
        self.active = NOTHING if active is None else active
        self._repaint(before)
        if place < 0 or self.page is None:
            return
        self._repaint(np.append(self.active, place))
        self._show(place)
        self.looked_at.emit(int(self.page.rows[place]))

    def _show(self, place: int) -> None:
        top = self._grid.corner(place)[1]
        bar = self.verticalScrollBar()
        if top < bar.value():
            bar.setValue(top)
        elif top + self.cell > bar.value() + self.viewport().height():
            bar.setValue(top + self.cell - self.viewport().height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        spot = event.position().toPoint()
        place = self.place_at(spot)
        if self.page is None or place < 0:
            return
        if event.button() == Qt.MouseButton.RightButton:
            if place not in self.active:
                self.move_to(place, np.array([place], np.int64))
            return
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if event.modifiers() & SHIFT and self.current >= 0:
            places = np.arange(min(place, self.current), max(place, self.current) + 1)
            self._marks_on = True
        else:
            places = np.array([place], np.int64)
            self._marks_on = not self.page.marked[place]
        self._from = spot
        self.mark(places, self._marks_on)
        self.move_to(place, places if self._marks_on else None)

    mouseDoubleClickEvent = mousePressEvent  # two quick clicks are two clicks

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Mark all that lies between this event and the last: a quick hand leaves no gaps."""
        if self._marks_on is None or self.page is None:
            return
        spot = event.position().toPoint()
        self._roll(spot.y())
        way = spot - self._from
        steps = 1 + 3 * max(abs(way.x()), abs(way.y())) // self.cell
        passed = {self.place_at(self._from + way * (i / steps)) for i in range(1, steps + 1)} - {-1}
        self._from = spot
        places = np.array(sorted(passed), np.int64)
        fresh = places[self.page.marked[places] != self._marks_on]
        if len(fresh):
            self.mark(fresh, self._marks_on)
            if self._marks_on:
                self.active = np.union1d(self.active, fresh)
                self._repaint(fresh)

    def _roll(self, y: int) -> None:
        beyond = min(y, 0) + max(y - self.viewport().height(), 0)
        if beyond:
            bar = self.verticalScrollBar()
            before = bar.value()
            bar.setValue(before + max(-self.cell, min(beyond, self.cell)))
            self._from -= QPoint(0, bar.value() - before)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._marks_on = None

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.page is not None and len(self.targets()):
            self.menu_wanted.emit(event.globalPos())

    def event(self, event: QEvent) -> bool:
        # Here these two take a mark away, not a label, and Ctrl+A marks the page.
        return keeps(event, self._takes) or super().event(event)

    @staticmethod
    def _takes(key: QKeyEvent) -> bool:
        unmarks = key.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and not key.modifiers()
        return unmarks or (key.key() == Qt.Key.Key_A and key.modifiers() == CONTROL)

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and self.page is not None:
            place = self.place_at(event.pos())
            text = self._cells.words(self.page, place) if place >= 0 else ""
            QToolTip.showText(event.globalPos(), tip(text), self.viewport())
            return True
        return super().viewportEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        page, key, modifiers = self.page, event.key(), event.modifiers()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and modifiers & CONTROL:
            if not event.isAutoRepeat():
                self.confirm_wanted.emit()
        elif page is None or not len(page.rows) or modifiers & Qt.KeyboardModifier.AltModifier:
            super().keyPressEvent(event)
        elif key in ARROWS and not modifiers & CONTROL:
            self._go(self._grid.step(self.current, *ARROWS[key]), bool(modifiers & SHIFT))
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._go(0 if key == Qt.Key.Key_Home else len(page.rows) - 1, False)
        elif key == Qt.Key.Key_Space:
            places = self.targets()
            self.mark(places, not page.marked[places].all())
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.mark(self.targets(), False)
        elif key == Qt.Key.Key_A and modifiers & CONTROL:
            self.mark(np.arange(len(page.rows)), not page.marked.all())
        elif key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            self._page_key(1 if key == Qt.Key.Key_PageDown else -1)
        else:
            super().keyPressEvent(event)

    def _go(self, place: int, marking: bool) -> None:
        if marking:
            both = np.unique([self.current, place]).astype(np.int64)
            self.mark(both, True)
            self.move_to(place, np.union1d(self.active, both))
        else:
            self.move_to(place)

    def _page_key(self, way: int) -> None:
        """First to what is out of sight, then to the next page."""
        bar = self.verticalScrollBar()
        if bar.value() == (bar.maximum() if way > 0 else 0):
            self.turn_wanted.emit(way)
        else:
            bar.setValue(bar.value() + way * bar.pageStep())

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()
