"""The learning curve of the labels at hand, painted: log-x, mean and spread, and what a power law expects."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QHelpEvent,
    QIcon,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from medlabeler.domain.language import tr
from medlabeler.domain.words import percent
from medlabeler.gui.accuracy.history_plot import X_TICKS
from medlabeler.gui.kit.elements import Ink, small
from medlabeler.gui.kit.plain import tip
from medlabeler.learning.curves.summary import CurveSeries

COLOURS = (
    ("#0072b2", "#56b4e9"),
    ("#c2570c", "#f0a04b"),
    ("#117a57", "#3cc794"),
    ("#a2427f", "#e08cc0"),
    ("#6b5b00", "#e0d04a"),
    ("#5d6b79", "#9aa8b5"),
)
"""Light and dark theme; in the order of the series."""


def series_colour(number: int, dark: bool) -> QColor:
    """The colour of the series of that number."""
    return QColor(COLOURS[min(number, len(COLOURS) - 1)][int(dark)])


def draw_shape(painter: QPainter, at: QPointF, number: int, size: float = 4.0) -> None:
    """A mark of its own for each series, so that colour is not all that tells them apart."""
    if number == 0:
        painter.drawEllipse(at, size, size)
        return
    if number == 2:
        painter.drawRect(QRectF(at.x() - size, at.y() - size, 2 * size, 2 * size))
        return
    d = size * 1.25
    corners = {
        1: ((0, -d), (d, 0), (0, d), (-d, 0)),
        3: ((0, -d), (d, d * 0.8), (-d, d * 0.8)),
    }.get(number, ((0, d), (d, -d * 0.8), (-d, -d * 0.8)))
    painter.drawPolygon(QPolygonF([at + QPointF(x, y) for x, y in corners]))


def series_icon(number: int, ink: Ink, selected: QColor | None = None) -> QIcon:
    """Line and mark of the series of that number, for legends; in another colour on a `selected` row."""
    icon = QIcon()
    icon.addPixmap(_mark(number, series_colour(number, ink.dark), ink))
    if selected is not None:
        icon.addPixmap(_mark(number, selected, ink), QIcon.Mode.Selected)
    return icon


def _mark(number: int, colour: QColor, ink: Ink) -> QPixmap:
    pixmap = QPixmap(36, 28)
    pixmap.setDevicePixelRatio(2)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour, 1.8))
    area = QRectF(0, 0, 18, 14)
    painter.drawLine(QPointF(0, area.center().y()), QPointF(18, area.center().y()))
    painter.setBrush(ink.surface)
    draw_shape(painter, area.center(), number, 3.6)
    painter.end()
    return pixmap


class LearningCurvePlot(QWidget):
    """Curves of several learners; those of `hidden` names are not drawn."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.series: list[CurveSeries] = []
        self.hidden: set[str] = set()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(280, 220)
        self.setAccessibleName(tr("Learning curve of the labels at hand"))

    def sizeHint(self) -> QSize:
        return QSize(620, 380)

    def show_series(self, series: Sequence[CurveSeries]) -> None:
        """Draw `series`."""
        self.series = list(series)
        self.update()

    def set_hidden(self, names: set[str]) -> None:
        """Leave these out."""
        self.hidden = set(names)
        self.update()

    def drawn(self) -> list[tuple[int, CurveSeries]]:
        """Number and series of what is shown."""
        return [(k, s) for k, s in enumerate(self.series) if s.classifier not in self.hidden]

    # Scales

    def limits(self) -> tuple[float, float, float]:
        """Smallest and largest x, smallest y; the top is 1. Hidden series count, so that nothing jumps."""
        points = [p for s in self.series for p in s.points]
        xs = [p.at for p in points] + [a.at for s in self.series for a in s.extrapolation]
        low = min(xs, default=1.0)
        high = max([*xs, low * 4])
        floor = min((p.mean - (p.spread or 0) for p in points), default=0.0)
        return low * 0.92, high * 1.06, max(0.0, min(0.8, math.floor(floor * 10) / 10))

    def plot_area(self) -> QRectF:
        """Inside the axes; above it there is room for the absolute counts."""
        metrics = QFontMetrics(small(self.font()))
        left = metrics.horizontalAdvance("100 %") + metrics.height() + 12
        top = 2 * metrics.height() + 10
        below = 2 * metrics.height() + 12
        return QRectF(left, top, max(40, self.width() - left - 18), max(40, self.height() - top - below))

    def place(self, x: float, y: float) -> QPointF:
        """Where x labels per class and balanced accuracy y are painted."""
        area, (low, high, floor) = self.plot_area(), self.limits()
        across = math.log(x / low) / math.log(high / low)
        return QPointF(
            area.left() + area.width() * across, area.bottom() - area.height() * (y - floor) / (1 - floor)
        )

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = Ink.of(self.palette())
        painter.setFont(small(self.font()))
        if not self.series:
            return
        self._paint_axes(painter, ink)
        painter.save()
        painter.setClipRect(self.plot_area().adjusted(-6, -6, 6, 6))
        for number, series in self.drawn():
            self._paint_ahead(painter, ink, number, series)
        for number, series in self.drawn():
            self._paint_series(painter, ink, number, series)
        painter.restore()

    def _paint_ahead(self, painter: QPainter, ink: Ink, number: int, series: CurveSeries) -> None:
        ahead = series.extrapolation
        if not ahead:
            return
        colour = series_colour(number, ink.dark)
        band = QColor(colour)
        band.setAlphaF(0.10)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(band)
        edge = [self.place(a.at, a.high) for a in ahead] + [self.place(a.at, a.low) for a in reversed(ahead)]
        painter.drawPolygon(QPolygonF(edge))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour, 1.5, Qt.PenStyle.DashLine))
        painter.drawPolyline(QPolygonF([self.place(a.at, a.mean) for a in ahead]))

    def _paint_series(self, painter: QPainter, ink: Ink, number: int, series: CurveSeries) -> None:
        colour, points = series_colour(number, ink.dark), series.points
        places = [self.place(p.at, p.mean) for p in points]
        painter.setPen(QPen(colour, 1.2))
        for point in points:
            if point.spread:
                high = self.place(point.at, min(1.0, point.mean + point.spread))
                low = self.place(point.at, point.mean - point.spread)
                painter.drawLine(low, high)
                for end in (low, high):
                    painter.drawLine(end - QPointF(3, 0), end + QPointF(3, 0))
        painter.setPen(QPen(colour, 1.8))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(places))
        painter.setBrush(ink.surface)
        for spot in places:
            draw_shape(painter, spot, number)

    def _paint_axes(self, painter: QPainter, ink: Ink) -> None:
        area, (low, high, floor) = self.plot_area(), self.limits()
        metrics = QFontMetrics(painter.font())
        height = metrics.height()
        step = 0.1 if (1 - floor) * 10 * (height + 6) < area.height() else 0.2
        tick = 1.0
        while tick >= floor - 1e-9:
            y = self.place(low, tick).y()
            painter.setPen(QPen(ink.line, 1))
            painter.drawLine(QPointF(area.left(), round(y) + 0.5), QPointF(area.right(), round(y) + 0.5))
            painter.setPen(ink.muted)
            side = QRectF(0, y - height / 2, area.left() - 6, height)
            painter.drawText(
                side, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), percent(tick)
            )
            tick = round(tick - step, 6)
        taken = -1e9
        for value in X_TICKS:
            if low <= value <= high:
                taken = self._tick(
                    painter, ink, float(value), tr("{value:,}", value=value), area.bottom(), taken
                )
        taken = -1e9
        counts = {round(p.at, 3): p.n_labels for s in self.series for p in s.points}
        for at, labels in sorted(counts.items()):
            taken = self._tick(painter, ink, at, tr("{labels:,.0f}", labels=labels), area.top(), taken)
        painter.setPen(ink.muted)
        middle = Qt.AlignmentFlag.AlignHCenter
        painter.drawText(QRectF(area.left(), 0, area.width(), height), middle, tr("labels in all"))
        below = QRectF(area.left(), area.bottom() + height + 7, area.width(), height + 2)
        painter.drawText(below, middle, tr("labels per class"))
        painter.save()
        painter.translate(2, area.center().y())
        painter.rotate(-90)
        turned = QRectF(-area.height() / 2, 0, area.height(), height)
        painter.drawText(turned, Qt.AlignmentFlag.AlignCenter, tr("balanced accuracy"))
        painter.restore()

    def _tick(self, painter: QPainter, ink: Ink, at: float, text: str, y: float, taken: float) -> float:
        """A mark on the upper or lower edge, with its number where there is room; the x it reaches."""
        metrics, x = QFontMetrics(painter.font()), self.place(at, 1.0).x()
        upper = y < self.plot_area().center().y()
        painter.setPen(QPen(ink.faint, 1))
        painter.drawLine(QPointF(x, y), QPointF(x, y - 4 if upper else y + 4))
        width = metrics.horizontalAdvance(text)
        if x - width / 2 < taken + 6:
            return taken
        painter.setPen(ink.muted)
        painter.drawText(QPointF(x - width / 2, y - 6 if upper else y + metrics.ascent() + 6), text)
        return x + width / 2

    # Hover

    def words_at(self, where: QPointF) -> str:
        """The point at `where` in a sentence; empty where none is near."""
        best, least = "", 12.0
        for _, series in self.drawn():
            for p in series.points:
                offset = self.place(p.at, p.mean) - where
                distance = math.hypot(offset.x(), offset.y())
                if distance < least:
                    least = distance
                    spread = tr(" ± {spread:.1f} points", spread=100 * p.spread) if p.spread else ""
                    draws = tr("1 repeat") if p.draws == 1 else tr("mean of {draws} repeats", draws=p.draws)
                    best = tr(
                        "{classifier}: {mean}{spread}\n{n_labels:,.0f} labels, {at:.1f} per class, {draws}",
                        classifier=series.classifier,
                        mean=percent(p.mean),
                        spread=spread,
                        n_labels=p.n_labels,
                        at=p.at,
                        draws=draws,
                    )
        return best

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), tip(self.words_at(QPointF(event.pos()))), self)
            return True
        return super().event(event)
