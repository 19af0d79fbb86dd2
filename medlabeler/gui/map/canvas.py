"""The picture of the map: a raster of all points, markers and thumbnails over it, inside a pyqtgraph
ViewBox.
"""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QGraphicsItem, QGraphicsObject, QGraphicsView, QStyleOptionGraphicsItem, QWidget

from medlabeler.gui.kit.turns import Patient
from medlabeler.gui.map.frame import DARK, LIGHT, Frame, MapTones
from medlabeler.gui.map.glide import REACH, REST_MS, Glide, larger
from medlabeler.gui.map.markers import Markers
from medlabeler.gui.map.points import MapPoints
from medlabeler.gui.map.raster import Raster, Viewport, near, strength_for
from medlabeler.gui.map.thumbnails import MOST_POINTS, ThumbnailLayer

MARKERS_UP_TO = 12_000
"""With at most so many points in view every one gets a real marker; above, only the emphasised, and so many
of them.
"""
_HOLLOW_UP_TO = 4_000
_LARGE_UP_TO = 40_000
_SHOWN_LATER_FROM = 50_000
"""With so many points the map comes a moment after the panels around it, which take time, too: at first sight
it shows until then what it showed last, and a new order of the points is worked out in turns of its own.
"""
_MAX_RASTER_PIXELS = 3_500_000
_PADDING = 0.06
_DEEPEST, _WIDEST = 2e-4, 4.0
"""Smallest and largest width shown, relative to the width of all points."""


def corners(polygon: QPolygonF) -> list[QPointF]:
    """The corners of a polygon."""
    return [polygon.at(k) for k in range(polygon.count())]


class _Picture(QGraphicsObject):
    """Asks the canvas to paint, below everything else in the ViewBox."""

    def __init__(self, canvas: MapCanvas) -> None:
        super().__init__()
        self._canvas = canvas
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption, False)

    def boundingRect(self) -> QRectF:
        return QRectF(self._canvas.viewport().rect())

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        self._canvas.paint_map(painter)


class MapCanvas(pg.GraphicsView):  # type: ignore[misc]  # pyqtgraph comes without types
    """Shows `points`; mouse handling lives in `map_tools`. One map unit has the same length both ways."""

    view_changed = Signal()
    thumbnails_wanted = Signal()
    """A frame left thumbnails for the next one."""

    def __init__(self, points: MapPoints, parent: QWidget | None = None) -> None:
        super().__init__(parent, useOpenGL=False, background=None)
        self.points = points
        self.tones = LIGHT
        self.names: list[str] = []
        self.thumbnails = ThumbnailLayer()
        self.current, self.hover = -1, -1
        self.outline = QPolygonF()
        """Lasso or rectangle being drawn, in map coordinates."""
        self.fitted = True
        self._raster, self._markers = Raster(), Markers()
        self._key: tuple[object, ...] = ()
        self._places: tuple[object, ...] = ()
        self._chosen: slice | NDArray[np.intp] = slice(None)
        nothing = np.empty(0, np.float32)
        self._frame = Frame(np.empty(0, np.int64), nothing, nothing, np.empty(0, bool), 0)
        self._pixels = np.empty((2, 0), np.float32)
        self._image = QImage()
        self._sight_key: tuple[object, ...] = ()
        self._sight_of: tuple[object, object, object] = (None, None, None)
        self._sight = np.empty(0, np.int64)
        self._glide, self._gliding = Glide(), False
        self._rests = QTimer(self, interval=REST_MS, singleShot=True)
        self._rests.timeout.connect(self._rest)
        self._awaited = False
        self._comes_later = QTimer(self, interval=1, singleShot=True)
        self._comes_later.timeout.connect(self._come)
        self._steps = Patient(self, self._come)

        self.enableMouse(False)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.box = pg.ViewBox(enableMenu=False, enableMouse=False, border=None)
        self.box.disableAutoRange()
        self.setCentralItem(self.box)
        self._picture = _Picture(self)
        self._picture.setParentItem(self.box)
        self.box.sigRangeChanged.connect(self._range_changed)

    # The view

    def size_of_view(self) -> QSize:
        """Size of the map in widget pixels, at least 1 x 1."""
        size: QSize = self.viewport().size()
        return size.expandedTo(QSize(1, 1))

    def view(self) -> QRectF:
        """What is shown, in map units; top() is the lower edge, since y runs upwards."""
        (left, right), (bottom, top) = self.box.viewRange()
        return QRectF(left, bottom, right - left, top - bottom)

    def set_view(self, rect: QRectF) -> None:
        """Show at least `rect`, enlarged one way to the shape of the widget, within sensible depths."""
        size, extent = self.size_of_view(), self._extent()
        unit = max(rect.width() / size.width(), rect.height() / size.height())
        whole = extent / min(size.width(), size.height())
        unit = float(np.clip(unit, whole * _DEEPEST, whole * _WIDEST))
        width, height = unit * size.width(), unit * size.height()
        middle = rect.center()
        self.box.setRange(
            xRange=(middle.x() - width / 2, middle.x() + width / 2),
            yRange=(middle.y() - height / 2, middle.y() + height / 2),
            padding=0,
        )

    def _extent(self) -> float:
        bounds = self.points.bounds()
        if bounds is None:
            return 1.0
        return max(bounds[2] - bounds[0], bounds[3] - bounds[1]) or 1.0

    def fit_rect(self) -> QRectF:
        """The rectangle that shows all points with a little room around."""
        bounds = self.points.bounds() or (0.0, 0.0, 1.0, 1.0)
        room = _PADDING * self._extent()
        return QRectF(QPointF(bounds[0], bounds[1]), QPointF(bounds[2], bounds[3])).adjusted(
            -room, -room, room, room
        )

    def fit(self) -> None:
        """Show all points."""
        self._rest()
        self.set_view(self.fit_rect())
        self.fitted = True

    def zoom(self, factor: float, at: QPointF) -> None:
        """Magnify by `factor` around a widget position, which stays where it is."""
        self._rest()
        view, anchor = self.view(), self.to_map(at)
        before = view.width()
        self.set_view(QRectF(view.x(), view.y(), view.width() / factor, view.height() / factor))
        shrink = self.view().width() / before
        corner = anchor + (view.topLeft() - anchor) * shrink
        self.set_view(QRectF(corner, self.view().size()))
        self.fitted = False

    def pan(self, pixels: QPointF) -> None:
        """Move the map with the hand."""
        self._gliding = self._gliding or self._may_glide()
        if self._gliding:
            self._rests.start()
        view, size = self.view(), self.size_of_view()
        view.translate(-pixels.x() * view.width() / size.width(), pixels.y() * view.height() / size.height())
        self.set_view(view)
        self.fitted = False

    def _may_glide(self) -> bool:
        """Whether it takes long to draw what is in view."""
        slow = self._comes_by_steps() and not self.points.stale
        return slow and not self._image.isNull() and not self.thumbnails.side

    def _rest(self) -> None:
        """The hand rests: draw the map where it is."""
        self._rests.stop()
        if self._gliding:
            self._gliding = False
            self.viewport().update()

    def to_map(self, position: QPointF) -> QPointF:
        """Map coordinates of a widget position."""
        view, size = self.view(), self.size_of_view()
        return QPointF(
            view.x() + position.x() * view.width() / size.width(),
            view.y() + (size.height() - position.y()) * view.height() / size.height(),
        )

    def to_widget(self, x: float, y: float) -> QPointF:
        """Widget position of map coordinates."""
        view, size = self.view(), self.size_of_view()
        return QPointF(
            (x - view.x()) * size.width() / view.width(),
            size.height() - (y - view.y()) * size.height() / view.height(),
        )

    def position_of(self, row: int) -> QPointF | None:
        """Widget position of an image, None if it has no place."""
        if not 0 <= row < self.points.n or not np.isfinite(self.points.all_x[row]):
            return None
        return self.to_widget(float(self.points.all_x[row]), float(self.points.all_y[row]))

    def _range_changed(self, *_: object) -> None:
        self.redraw()
        self.view_changed.emit()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        if event is None:  # pyqtgraph's own constructor
            return
        old = self.view()
        super().resizeEvent(event)
        if self.fitted:
            self.fit()
        elif event.oldSize().width() > 0:
            middle, unit = old.center(), old.width() / event.oldSize().width()
            rect = QRectF(0, 0, unit * event.size().width(), unit * event.size().height())
            rect.moveCenter(middle)
            self.set_view(rect)
        self._picture.prepareGeometryChange()

    def set_tones(self, tones: MapTones) -> None:
        """Change the theme."""
        self.tones = tones
        self.redraw()

    def redraw(self) -> None:
        """Paint soon; what has not changed is not computed again."""
        if self.points.stale and self._comes_by_steps() and self.isVisible():
            self._steps.start()
        else:
            self.viewport().update()

    def _comes_by_steps(self) -> bool:
        return self.points.n >= _SHOWN_LATER_FROM

    def _come(self) -> None:
        """The next step to the picture: the order of the points, their raster, the paint."""
        if self.points.stale:
            self.points.put_in_order()
            self._steps.start()
            return
        self._prepare()
        self._awaited = False
        self.viewport().update()

    # Painting

    def frame(self) -> Frame:
        """What is in view now."""
        self._prepare()
        return self._frame

    def rows_in_sight(self) -> NDArray[np.int64]:
        """Rows of the points that the picture shows, not those that lie below others: a change of any other
        would not be seen. Worked out once for a view; int64, in no order.
        """
        points, view = self.points, self.view()
        key = points.hidden, view.getRect(), self.size_of_view(), self._ratio()
        chosen = points.selection if points.several_selected else None
        of = points.all_x, points.found, chosen
        if key != self._sight_key or any(a is not b for a, b in zip(of, self._sight_of, strict=True)):
            self._sight_key, self._sight_of, self._sight = key, of, self._look()
        return self._sight

    def _look(self) -> NDArray[np.int64]:
        frame, ratio = self.frame(), self._ratio()
        if frame.count <= _LARGE_UP_TO * ratio * ratio:
            return frame.rows
        inside, size = np.flatnonzero(frame.inside), self.size_of_view()
        seen = self._raster.deciding(
            frame.all_columns[inside] * np.float32(ratio),
            frame.all_lines[inside] * np.float32(ratio),
            self.points.value[inside],
            (round(size.width() * ratio), round(size.height() * ratio)),
        )
        strong = self.points.strong
        strong = strong[frame.inside[strong]]
        marked = strong if len(strong) <= MARKERS_UP_TO else strong[:0]
        return np.asarray(frame.drawn[np.union1d(inside[seen], marked)], np.int64)

    def marker_radius(self) -> float:
        """Radius of ordinary markers in widget pixels, growing as fewer points share the view."""
        size = self.size_of_view()
        n = max((self._frame if self._gliding else self.frame()).count, 1)
        radius = 0.2 * np.sqrt(size.width() * size.height() / n)
        return round(float(np.clip(radius, 2.25, 7.0)) * 4) / 4

    def _ratio(self) -> float:
        """Device pixels per widget pixel; on very large screens the raster stays coarser, to stay fluent."""
        size, ratio = self.size_of_view(), self.devicePixelRatioF()
        return ratio if size.width() * size.height() * ratio * ratio <= _MAX_RASTER_PIXELS else 1.0

    def _prepare(self) -> None:
        """Compute positions and the raster, unless the last ones still hold."""
        size, view, ratio = self.size_of_view(), self.view(), self._ratio()
        points = self.points
        key = (points.revision, view.getRect(), size.width(), size.height(), ratio, self.tones)
        if key == self._key:
            return
        self._key = key
        shape = round(size.width() * ratio), round(size.height() * ratio)
        places = (points.places, *key[1:5])
        if places != self._places:
            self._places = places
            self._place_points(view, shape, ratio)
        count, column, line = self._frame.count, *self._pixels
        self._image = QImage()
        if count > MARKERS_UP_TO:
            self._image = self._drawn(column, line, shape, shape[0] * shape[1], ratio, places)
        self._place_thumbnails(float(size.width() * size.height()), shape[0] / ratio / view.width())

    def _drawn(
        self,
        column: NDArray[np.float32],
        line: NDArray[np.float32],
        shape: tuple[int, int],
        area: int,
        ratio: float,
        places: object,
    ) -> QImage:
        """The raster of points at these pixels, in a picture of `shape`; `area` pixels show the frame's."""
        count = self._frame.count
        picture = self._raster.draw(
            column[self._chosen],
            line[self._chosen],
            self.points.value[self._chosen],
            shape,
            self._palette(),
            self.tones.ground,
            radius=1 if count > _LARGE_UP_TO * ratio * ratio else 2,
            strength=min(strength_for(count, area) + self.tones.boost, 1.0),
            places=places,
        )
        image = QImage(picture.data, shape[0], shape[1], shape[0] * 4, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(ratio)
        return image

    def _glided(self) -> QPointF:
        """Where the larger picture lies now; it is drawn where the last does not reach."""
        size, view, ratio, points = self.size_of_view(), self.view(), self._ratio(), self.points
        of = points.revision, points.places, size, ratio, self.tones
        at = self._glide.place(of, view, size)
        if at is None:
            around = (size.width() + 2 * REACH, size.height() + 2 * REACH)
            shape = round(around[0] * ratio), round(around[1] * ratio)
            column, line, _ = self._placed(larger(view, size), shape)
            area = round(size.width() * ratio) * round(size.height() * ratio)
            self._glide.keep(self._drawn(column, line, shape, area, ratio, None).copy(), of, view)
            self._key = self._places = ()  # what they stood for lay in the same memory
            at = QPointF(-REACH, -REACH)
        return QPointF(round(at.x() * ratio) / ratio, round(at.y() * ratio) / ratio)

    def _placed(
        self, view: QRectF, shape: tuple[int, int]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.bool_]]:
        """Device pixels of the points in a picture of `shape` that shows `view`, and which lie in it."""
        points = self.points
        viewport = Viewport(view.x(), view.y(), shape[0] / view.width(), shape[1] / view.height(), *shape)
        if self._pixels.shape[1] != len(points.x):
            self._pixels = np.empty((2, len(points.x)), np.float32)
        column, line = viewport.to_pixels(points.x, points.y, self._pixels)
        inside = near(column, line, shape)
        # Far outside, points cost as much as inside; few of them are not worth sorting out.
        many = np.count_nonzero(inside) > 0.5 * len(inside)
        self._chosen = slice(None) if many else np.flatnonzero(inside)
        return column, line, inside

    def _place_points(self, view: QRectF, shape: tuple[int, int], ratio: float) -> None:
        """Where the points lie in a picture of `shape` device pixels, and which of them are in view."""
        column, line, inside = self._placed(view, shape)
        if ratio != 1.0:
            column, line = column / np.float32(ratio), line / np.float32(ratio)
        self._frame = Frame(self.points.drawn, column, line, inside, int(np.count_nonzero(inside)))

    def _palette(self) -> NDArray[np.uint8]:
        palette = np.concatenate([self.points.palette, np.array([self.tones.dim], np.uint8)])
        if self.points.several_selected or self.points.found is not None:
            palette[0] = self.tones.chosen
        return palette

    def _place_thumbnails(self, area: float, scale: float) -> None:
        frame, size = self._frame, self.size_of_view()
        if frame.count > MOST_POINTS:
            self.thumbnails.clear()
            return
        inside = (frame.column >= 0) & (frame.column < size.width())
        inside &= (frame.line >= 0) & (frame.line < size.height())
        where = np.flatnonzero(inside)[::-1]  # the topmost first
        self.thumbnails.place(frame.rows[where], frame.column[where], frame.line[where], area, scale)

    def showEvent(self, event: QShowEvent) -> None:
        if self._comes_by_steps():
            self._awaited = True
            self._comes_later.start()
        super().showEvent(event)

    def paint_map(self, painter: QPainter) -> None:
        """Paint raster, markers, thumbnails."""
        if self._awaited:
            painter.fillRect(self.viewport().rect(), QColor(*self.tones.ground))
            painter.drawImage(QPointF(0, 0), self._image)
            return
        if self._gliding:
            painter.drawImage(self._glided(), self._glide.image)
            self._paint_markers(painter)
            return
        self._prepare()
        if self._image.isNull():
            painter.fillRect(self.viewport().rect(), QColor(*self.tones.ground))
        else:
            painter.drawImage(QPointF(0, 0), self._image)
        self._paint_markers(painter)
        if self.thumbnails.side:
            self._paint_thumbnails(painter)

    def _paint_markers(self, painter: QPainter) -> None:
        frame, points = self._frame, self.points
        ratio = self.devicePixelRatioF()
        radius, chosen = self.marker_radius(), points.strong
        if self._gliding:
            chosen, column, line = self._strong_in_view()
        else:
            chosen = frame.index if self._image.isNull() else chosen[frame.inside[chosen]]
            column, line = frame.all_columns[chosen], frame.all_lines[chosen]
        if self._gliding or not self._image.isNull():
            if len(chosen) > MARKERS_UP_TO:
                return
            radius = 4.5 if len(chosen) <= 300 else 3.5 if len(chosen) <= 3000 else 2.25
        rows = points.drawn[chosen]
        code = (points.value[chosen] & 127).astype(np.intp) - 1
        style = (points.marked[rows] & (code < len(points.palette))).astype(np.intp)
        if len(rows) <= _HOLLOW_UP_TO:
            style += 2 * points.hollow[rows]
        self._markers.draw(
            painter,
            column * np.float32(ratio),
            line * np.float32(ratio),
            code,
            style,
            self._palette(),
            radius * ratio,
            self.tones.ground,
            self.tones.ink,
            ratio,
        )

    def _strong_in_view(self) -> tuple[NDArray[np.intp], NDArray[np.float32], NDArray[np.float32]]:
        """Which of the drawn are emphasised and in view, and their widget pixels; without looking at all."""
        points, view, size = self.points, self.view(), self.size_of_view()
        shape = size.width(), size.height()
        viewport = Viewport(view.x(), view.y(), shape[0] / view.width(), shape[1] / view.height(), *shape)
        chosen = points.strong
        column, line = viewport.to_pixels(points.x[chosen], points.y[chosen])
        inside = near(column, line, shape)
        return chosen[inside], column[inside], line[inside]

    def _paint_thumbnails(self, painter: QPainter) -> None:
        points, rows = self.points, self.thumbnails.rows
        dim = points.dimmed(rows)
        colours = np.where(
            dim[:, None], np.array(self.tones.dim, np.uint8), points.palette[points.codes[rows]]
        )
        names = self.names
        captions = [
            names[c] if 0 < c < len(names) and not d else ""
            for c, d in zip(points.codes[rows].tolist(), dim.tolist(), strict=True)
        ]
        self.thumbnails.paint(
            painter,
            colours,
            dim,
            points.marked[rows],
            points.hollow[rows],
            captions,
            self.tones is DARK,
            self.devicePixelRatioF(),
        )
        if self.thumbnails.unfinished:
            self.thumbnails_wanted.emit()

    def drawForeground(self, painter: QPainter, rect: QRectF) -> None:
        """Rings and the lasso; a frame around the map."""
        if not self._awaited:
            self._paint_over(painter)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(QColor(self.tones.line), 1))
        painter.drawRect(self.viewport().rect().adjusted(0, 0, -1, -1))

    def _paint_over(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = self.thumbnails.side if self.thumbnails.side else 0
        shown = set(self.thumbnails.rows.tolist()) if side else set()
        for row, colour, width in (
            (self.hover, QColor(*self.tones.ink), 1.5),
            (self.current, QColor(self.tones.accent), 3.0),
        ):
            place = self.position_of(row)
            if place is not None:
                self._ring(painter, place, colour, width, side if row in shown else 0)
        if self.outline.count() > 1:
            accent = QColor(self.tones.accent)
            fill = QColor(accent)
            fill.setAlpha(36)
            painter.setPen(QPen(accent, 1.5, Qt.PenStyle.DashLine))
            painter.setBrush(fill)
            painter.drawPolygon(QPolygonF([self.to_widget(p.x(), p.y()) for p in corners(self.outline)]))
            painter.setBrush(Qt.BrushStyle.NoBrush)

    def _ring(self, painter: QPainter, place: QPointF, colour: QColor, width: float, side: int) -> None:
        """A ring, or a frame around a thumbnail, that stands out from any colour below it."""
        for pen in (QPen(QColor(*self.tones.ground), width + 2.5), QPen(colour, width)):
            painter.setPen(pen)
            if side:
                half = side / 2 + 4
                painter.drawRoundedRect(QRectF(place.x() - half, place.y() - half, 2 * half, 2 * half), 7, 7)
            else:
                reach = self.marker_radius() + 5.0
                painter.drawEllipse(place, reach, reach)

    def row_at(self, position: QPointF, reach: float = 4.0) -> int:
        """Row under a widget position: a thumbnail, else the nearest marker at most `reach` px beyond its
        edge, else -1.
        """
        frame = self.frame()
        if self.thumbnails.side:
            row = self.thumbnails.at(position.x(), position.y())
            if row >= 0:
                return row
        if not len(frame.rows):
            return -1
        limit = self.marker_radius() + reach
        distance = (frame.column - np.float32(position.x())) ** 2 + (
            frame.line - np.float32(position.y())
        ) ** 2
        nearest = len(distance) - 1 - int(distance[::-1].argmin())  # among equals the topmost
        return int(frame.rows[nearest]) if distance[nearest] <= limit * limit else -1
