"""Balanced accuracy against labels per class, painted."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from medlabeler.domain.language import tr
from medlabeler.domain.words import percent
from medlabeler.gui.accuracy.history_series import (
    CurvePoint,
    Series,
    classifier_name,
    measured_classes,
    yardstick,
)
from medlabeler.gui.kit.elements import Ink, blend, small
from medlabeler.gui.kit.plain import tip

COLOURS = {"logistic": ("#0072b2", "#56b4e9"), "knn": ("#c2570c", "#f0a04b")}
"""Light and dark theme; blue and orange stay apart for every kind of colour blindness."""
X_TICKS = (1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500)
MARK = 4.0


def colour_of(classifier: str, dark: bool) -> QColor:
    """The colour of a classifier's series."""
    return QColor(COLOURS.get(classifier, ("#5d6b79", "#9aa8b5"))[int(dark)])


def draw_mark(
    painter: QPainter, at: QPointF, classifier: str, colour: QColor, paper: QColor, solid: bool
) -> None:
    """A circle for logistic regression, a diamond for kNN; solid on the test set, else hollow."""
    size = MARK + 0.6 if solid else MARK
    painter.setPen(QPen(colour, 1.6))
    painter.setBrush(colour if solid else paper)
    if classifier == "knn":
        d = size * 1.2
        painter.drawPolygon(
            QPolygonF([at + QPointF(0, -d), at + QPointF(d, 0), at + QPointF(0, d), at + QPointF(-d, 0)])
        )
    else:
        painter.drawEllipse(at, size, size)


class HistoryPlot(QWidget):
    """The learning curve so far: x logarithmic, one mark per checkpoint, the nearest explained on hover."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.series: list[Series] = []
        self._hover: CurvePoint | None = None
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(160)

    def sizeHint(self) -> QSize:
        return QSize(320, 200)

    def show_series(self, series: Sequence[Series]) -> None:
        """Draw `series`."""
        self.series, self._hover = list(series), None
        self.update()

    # Scales

    def limits(self) -> tuple[float, float, float]:
        """Smallest and largest x, and smallest y; the top is always 1."""
        xs = [p.x for s in self.series for p in s.points] or [1.0]
        ys = [p.y for s in self.series for p in s.points] or [0.5]
        # Beyond the first and the last point, which would sit on the edge otherwise.
        low = max(t for t in X_TICKS if t < min(xs) or t == 1)
        high = next((t for t in X_TICKS if t > max(xs) and t > low), X_TICKS[-1])
        floor = max(0.0, math.floor(min(ys) * 10 - 0.3) / 10)
        return float(low), float(high), min(floor, 0.8)

    def plot_area(self) -> QRectF:
        """Inside the axes."""
        metrics = QFontMetrics(small(self.font()))
        left = metrics.horizontalAdvance("100 %") + metrics.height() + 12
        return QRectF(
            left, 8, max(20, self.width() - left - 14), max(20, self.height() - 2 * metrics.height() - 18)
        )

    def position(self, point: CurvePoint) -> QPointF:
        """Where a point is painted."""
        area, (low, high, floor) = self.plot_area(), self.limits()
        across = (math.log(point.x) - math.log(low)) / (math.log(high) - math.log(low))
        up = (point.y - floor) / (1.0 - floor)
        return QPointF(area.left() + area.width() * across, area.bottom() - area.height() * up)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = Ink.of(self.palette())
        painter.setFont(small(self.font()))
        self._paint_axes(painter, ink)
        for series in self.series:
            colour = colour_of(series.classifier, ink.dark)
            soft = QPen(blend(colour, ink.surface, 0.25), 1.6)
            if series.on_test_set:
                soft.setStyle(Qt.PenStyle.DashLine)
            painter.setPen(soft)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for points in series.stretches:
                painter.drawPolyline(QPolygonF([self.position(point) for point in points]))
        # Marks over all lines; the test set, rarer and weightier, over cross-validation.
        for series in sorted(self.series, key=lambda s: s.on_test_set):
            colour = colour_of(series.classifier, ink.dark)
            crowded = len(series.points) > 24
            for number, point in enumerate(series.points):
                if crowded and number % 2 and point is not series.points[-1]:
                    continue
                place = self.position(point)
                draw_mark(painter, place, series.classifier, colour, ink.surface, series.on_test_set)
        if self._hover is not None:
            painter.setPen(QPen(ink.text, 1.2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(self.position(self._hover), MARK + 5, MARK + 5)

    def _paint_axes(self, painter: QPainter, ink: Ink) -> None:
        area, (low, high, floor) = self.plot_area(), self.limits()
        metrics = QFontMetrics(painter.font())
        step = 0.1 if 1.0 - floor <= 0.55 and area.height() >= 5 * (metrics.height() + 4) else 0.2
        tick = 1.0
        while tick >= floor - 1e-9:
            y = area.bottom() - area.height() * (tick - floor) / (1.0 - floor)
            painter.setPen(QPen(ink.line, 1))
            painter.drawLine(QPointF(area.left(), round(y) + 0.5), QPointF(area.right(), round(y) + 0.5))
            painter.setPen(ink.muted)
            box = QRectF(0, y - metrics.height() / 2, area.left() - 6, metrics.height())
            painter.drawText(
                box, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), percent(tick)
            )
            tick = round(tick - step, 6)
        span, taken = math.log(high) - math.log(low), -1e9
        for value in X_TICKS:
            if not low <= value <= high:
                continue
            x = area.left() + area.width() * (math.log(value) - math.log(low)) / span
            painter.setPen(QPen(ink.faint, 1))
            painter.drawLine(
                QPointF(round(x) + 0.5, area.bottom()), QPointF(round(x) + 0.5, area.bottom() + 4)
            )
            text, width = (
                tr("{value:,}", value=value),
                metrics.horizontalAdvance(tr("{value:,}", value=value)),
            )
            if x - width / 2 < taken + 6:
                continue
            painter.setPen(ink.muted)
            painter.drawText(QPointF(x - width / 2, area.bottom() + metrics.ascent() + 6), text)
            taken = x + width / 2
        painter.setPen(QPen(ink.faint, 1))
        painter.drawLine(
            QPointF(area.left(), round(area.bottom()) + 0.5),
            QPointF(area.right(), round(area.bottom()) + 0.5),
        )
        painter.setPen(ink.muted)
        below = QRectF(area.left(), self.height() - metrics.height() - 2, area.width(), metrics.height() + 2)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, tr("labels per class"))
        painter.save()
        painter.translate(2, area.center().y())
        painter.rotate(-90)
        side = QRectF(-area.height() / 2, 0, area.height(), metrics.height())
        title = tr("balanced accuracy")
        if metrics.horizontalAdvance(title) > area.height():
            title = "accuracy"
        painter.drawText(side, Qt.AlignmentFlag.AlignCenter, title)
        painter.restore()

    # Hover

    def nearest(self, where: QPointF, within: float = 14.0) -> CurvePoint | None:
        """The point at `where`, if one is near."""
        best, least = None, within
        for series in self.series:
            for point in series.points:
                offset = self.position(point) - where
                distance = math.hypot(offset.x(), offset.y())
                if distance < least:
                    best, least = point, distance
        return best

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        hover = self.nearest(event.position())
        if hover is not self._hover:
            self._hover = hover
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = None
        self.update()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            point = self.nearest(QPointF(event.pos()))
            if point is not None:
                c = point.checkpoint
                words = f"{classifier_name(c.classifier)}: {percent(c.balanced_accuracy)}\n{yardstick(c)}\n"
                words += tr(
                    "{n_labels:,} labels, {labels_per_class:.1f} per class",
                    n_labels=c.n_labels,
                    labels_per_class=c.labels_per_class,
                )
                if n := len(measured_classes(c)):
                    words += tr("\nmean over {n} classes", n=n)
                QToolTip.showText(event.globalPos(), tip(words), self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)


class HistoryLegend(QWidget):
    """What the marks mean, in as many lines as it takes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: list[tuple[str, bool, str]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_series(self, series: Sequence[Series]) -> None:
        """Explain the marks of `series`."""
        kinds = {s.on_test_set for s in series}
        self._entries = [
            (classifier, kinds == {True}, classifier_name(classifier))
            for classifier in sorted({s.classifier for s in series}, reverse=True)
        ]
        if len(kinds) == 2:
            self._entries += [("", False, tr("hollow: cross-validation")), ("", True, tr("filled: test set"))]
        if any(len(s.stretches) > 1 for s in series):
            self._entries.append(("", False, tr("no line between: other classes were measured")))
        self._fit()
        self.update()

    def words(self) -> list[str]:
        """The texts of the entries."""
        return [text for _, _, text in self._entries]

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()

    def _fit(self) -> None:
        cells = self._cells(self.width())
        self.setFixedHeight(int(cells[-1][0].bottom()) + 2 if cells else 0)

    def _cells(self, width: int) -> list[tuple[QRectF, int]]:
        metrics = QFontMetrics(small(self.font(), 0.9))
        out, x, y, height = [], 0.0, 0.0, metrics.height() + 4.0
        for number, (classifier, _, text) in enumerate(self._entries):
            wide = metrics.horizontalAdvance(text) + (28.0 if classifier else 12.0)
            if x and x + wide > width:
                x, y = 0.0, y + height
            out.append((QRectF(x, y, wide, height), number))
            x += wide
        return out

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = Ink.of(self.palette())
        painter.setFont(small(self.font(), 0.9))
        for area, number in self._cells(self.width()):
            classifier, solid, text = self._entries[number]
            if classifier:
                at = QPointF(area.left() + 8, area.center().y())
                draw_mark(painter, at, classifier, colour_of(classifier, ink.dark), ink.surface, solid)
            painter.setPen(ink.muted)
            left = 18 if classifier else 2
            painter.drawText(area.adjusted(left, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, text)
