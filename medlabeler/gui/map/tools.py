"""What the mouse does on the map: pan, zoom, point at, pick, lasso, rectangle, drag the selection out."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QCursor, QMouseEvent, QNativeGestureEvent, QPolygonF, QWheelEvent
from PySide6.QtWidgets import QApplication

from medlabeler.gui.map.canvas import MapCanvas, corners

_STEP_PX = 3.0
"""The lasso gets a corner each so many pixels: finer would only cost time."""
_HOVER_MS = 25


class Tool(StrEnum):
    """What a drag with the left button does."""

    PAN = "pan"
    LASSO = "lasso"
    RECTANGLE = "rectangle"


class _Gesture(StrEnum):
    NONE = "none"
    PRESSED = "pressed"
    PAN = "pan"
    LASSO = "lasso"
    RECTANGLE = "rectangle"


class MapTools(QObject):
    """Turns the mouse events of a canvas into movements of the view and into signals.

    Left drag does what the tool says; on a selected point it drags the selection instead. Shift with the pan
    tool is a
    lasso, Alt a rectangle, and the middle button always pans.
    """

    clicked = Signal(int, object)
    lassoed = Signal(object, object)
    hovered = Signal(int)
    menu_requested = Signal(int, object)
    drag_wanted = Signal(int)
    interacted = Signal()
    """The user moves the view: animations stop."""
    fit_wanted = Signal()

    def __init__(self, canvas: MapCanvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.tool = Tool.PAN
        self._gesture = _Gesture.NONE
        self._press = self._last = QPointF()
        self._press_row = -1
        self._button = Qt.MouseButton.NoButton
        self._modifiers = Qt.KeyboardModifier.NoModifier
        self._pointer = QPointF()
        self._hover_row = -1
        self._hover_timer = QTimer(self, interval=_HOVER_MS, singleShot=True)
        self._hover_timer.timeout.connect(self._look_under_pointer)
        canvas.viewport().installEventFilter(self)
        canvas.view_changed.connect(self._view_moved)

    def set_tool(self, tool: Tool) -> None:
        """Choose; a gesture under way is dropped."""
        self.tool = tool
        self.cancel()
        self._set_cursor()

    def cancel(self) -> None:
        """Drop a lasso or rectangle under way."""
        self._gesture = _Gesture.NONE
        if self._canvas.outline.count():
            self._canvas.outline = QPolygonF()
            self._canvas.redraw()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the mouse; everything else stays the view's."""
        if isinstance(event, QMouseEvent):
            if not self._mouse(event):
                return False
        elif isinstance(event, QWheelEvent):
            self._wheel(event)
        elif isinstance(event, QNativeGestureEvent):
            return self._pinch(event)
        elif isinstance(event, QContextMenuEvent):
            self._menu_key(event)
        elif event.type() == QEvent.Type.Leave:
            self._hover_timer.stop()
            self._set_hover(-1)
            return False
        else:
            return False
        event.accept()
        return True

    # Buttons

    def _mouse(self, event: QMouseEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.MouseButtonPress:
            self._pressed(event)
        elif kind == QEvent.Type.MouseMove:
            self._moved(event)
        elif kind == QEvent.Type.MouseButtonRelease:
            self._released(event)
        elif kind == QEvent.Type.MouseButtonDblClick:
            self._double_clicked(event)
        else:
            return False
        return True

    def _pressed(self, event: QMouseEvent) -> None:
        self._canvas.setFocus(Qt.FocusReason.MouseFocusReason)
        if self._gesture is not _Gesture.NONE:
            return
        self.interacted.emit()
        self._set_hover(-1)
        self._press = self._last = event.position()
        self._button, self._modifiers = event.button(), event.modifiers()
        self._press_row = self._canvas.row_at(self._press)
        if event.button() == Qt.MouseButton.RightButton:
            self.menu_requested.emit(self._press_row, event.globalPosition().toPoint())
        elif event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._gesture = _Gesture.PRESSED

    def _moved(self, event: QMouseEvent) -> None:
        position = event.position()
        self._pointer = position
        if self._gesture is _Gesture.NONE:
            if not event.buttons():
                self._hover_timer.start()
            return
        if self._gesture is _Gesture.PRESSED:
            far = (position - self._press).manhattanLength()
            if far < QApplication.startDragDistance() or not self._begin():
                return
        if self._gesture is _Gesture.PAN:
            self._canvas.pan(position - self._last)
            self._last = position
        elif self._gesture is _Gesture.LASSO:
            step = position - self._last
            if abs(step.x()) + abs(step.y()) >= _STEP_PX:
                self._last = position
                self._canvas.outline.append(self._canvas.to_map(position))
                self._canvas.redraw()
        elif self._gesture is _Gesture.RECTANGLE:
            a, b = self._canvas.to_map(self._press), self._canvas.to_map(position)
            corners = [a, QPointF(b.x(), a.y()), b, QPointF(a.x(), b.y())]
            self._canvas.outline = QPolygonF(corners)
            self._canvas.redraw()

    def _begin(self) -> bool:
        """The press became a drag: which one? False if it was handed over to drag and drop."""
        points, row = self._canvas.points, self._press_row
        bare = not self._modifiers & (Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.AltModifier)
        left = self._button == Qt.MouseButton.LeftButton
        if left and bare and row >= 0 and points.selection[row]:
            self._gesture = _Gesture.NONE
            self.drag_wanted.emit(row)
            return False
        tool = self.tool
        for key, other in (
            (Qt.KeyboardModifier.ShiftModifier, Tool.LASSO),
            (Qt.KeyboardModifier.AltModifier, Tool.RECTANGLE),
        ):
            if tool is Tool.PAN and self._modifiers & key:
                tool = other
                self._modifiers &= ~key  # it chose the tool and means nothing more to who listens
        self._gesture = _Gesture(tool) if left else _Gesture.PAN
        if self._gesture is _Gesture.PAN:
            self._canvas.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        elif self._gesture is _Gesture.LASSO:
            self._canvas.outline = QPolygonF([self._canvas.to_map(self._press)])
        return True

    def _released(self, event: QMouseEvent) -> None:
        if event.button() != self._button or self._gesture is _Gesture.NONE:
            return
        gesture, self._gesture = self._gesture, _Gesture.NONE
        self._set_cursor()
        if gesture is _Gesture.PRESSED and self._button == Qt.MouseButton.LeftButton:
            self.clicked.emit(self._press_row, self._modifiers)
        elif gesture in (_Gesture.LASSO, _Gesture.RECTANGLE):
            polygon = np.array([(p.x(), p.y()) for p in corners(self._canvas.outline)], np.float64).reshape(
                -1, 2
            )
            self.cancel()
            if gesture is _Gesture.RECTANGLE and len(polygon):
                low, high = polygon.min(0), polygon.max(0)
                rows = self._canvas.points.in_box(low[0], low[1], high[0], high[1])
            else:
                rows = self._canvas.points.in_polygon(polygon)
            self.lassoed.emit(rows, self._modifiers)

    def _double_clicked(self, event: QMouseEvent) -> None:
        """On empty ground it fits; on a point the second click is a click like the first."""
        if event.button() == Qt.MouseButton.LeftButton and self._canvas.row_at(event.position()) < 0:
            self._gesture = _Gesture.NONE
            self.fit_wanted.emit()
        else:
            self._pressed(event)

    def _menu_key(self, event: QContextMenuEvent) -> None:
        """The menu key asks about the current image; the right button has asked when it was pressed."""
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            place = self._canvas.position_of(self._canvas.current)
            middle = QPointF(self._canvas.viewport().rect().center())
            where = self._canvas.viewport().mapToGlobal((place or middle).toPoint())
            self.menu_requested.emit(self._canvas.current if place is not None else -1, where)

    # Wheel and pinch

    def _wheel(self, event: QWheelEvent) -> None:
        turn = event.angleDelta().y() or event.angleDelta().x()
        if not turn:
            return
        self.interacted.emit()
        self._set_hover(-1)
        self._canvas.zoom(1.0018**turn, event.position())

    def _pinch(self, event: QNativeGestureEvent) -> bool:
        if event.gestureType() != Qt.NativeGestureType.ZoomNativeGesture:
            return False
        self.interacted.emit()
        self._canvas.zoom(1.0 + event.value(), event.position())
        return True

    # Pointing

    def _view_moved(self) -> None:
        """What was under the pointer may have gone."""
        if self._hover_row >= 0:
            self._set_hover(-1)

    def _look_under_pointer(self) -> None:
        if self._gesture is _Gesture.NONE:
            self._set_hover(self._canvas.row_at(self._pointer))
            self._set_cursor()

    def _set_hover(self, row: int) -> None:
        if row == self._hover_row:
            return
        self._hover_row = self._canvas.hover = row
        self._canvas.redraw()
        self.hovered.emit(row)

    @property
    def pointer(self) -> QPointF:
        """Where the mouse was last, in widget pixels."""
        return self._pointer

    def _set_cursor(self) -> None:
        shape = Qt.CursorShape.ArrowCursor if self.tool is Tool.PAN else Qt.CursorShape.CrossCursor
        if self._hover_row >= 0 and self.tool is Tool.PAN:
            shape = Qt.CursorShape.PointingHandCursor
        self._canvas.viewport().setCursor(QCursor(shape))
