"""A figure over the steps of a run, painted: each value faint, their running mean strong."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from medlabeler.domain.language import tr
from medlabeler.gui.accuracy.learning_curve_plot import series_colour
from medlabeler.gui.kit.elements import Ink, small
from medlabeler.gui.kit.plain import tip
from medlabeler.gui.sessions.rate_plot import tick_step

SHARE = 0.03
"""Of the values, how many the running mean reaches over."""


def smoothed(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Centred running mean over 3 % of the values; at the ends over what there is."""
    reach = int(len(values) * SHARE / 2)
    if not reach:
        return values
    sums = np.concatenate([[0.0], np.cumsum(values)])
    at = np.arange(len(values))
    low, high = np.maximum(0, at - reach), np.minimum(len(values), at + reach + 1)
    mean: NDArray[np.float64] = (sums[high] - sums[low]) / (high - low)
    return mean


class TracePlot(QWidget):
    """One curve with its title above it; `nothing` is said while there is none."""

    def __init__(self, title: str, nothing: str, number: int = 0, decimals: int = 2) -> None:
        super().__init__()
        self.title, self._nothing, self._number, self._decimals = title, nothing, number, decimals
        self.steps, self.values = np.zeros(0), np.zeros(0)
        self._end = 1.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(240, 104)
        self.setAccessibleName(title)

    def sizeHint(self) -> QSize:
        return QSize(420, 170)

    def show_points(
        self,
        x: Sequence[float] | NDArray[np.int64],
        y: Sequence[float] | NDArray[np.float64],
        end: float,
        *,
        nothing: str = "",
    ) -> None:
        """Draw these points on an x axis from 0 to `end`."""
        xs, ys = np.asarray(x, float), np.asarray(y, float)
        fine = np.isfinite(ys)
        self.steps, self.values, self._end = xs[fine], ys[fine], max(end, 1.0)
        self._nothing = nothing or self._nothing
        last = (
            tr(
                "{values:.{decimals}f} at step {steps:,.0f}",
                values=self.values[-1],
                decimals=self._decimals,
                steps=self.steps[-1],
            )
            if len(self.values)
            else self._nothing
        )
        self.setAccessibleDescription(last)
        self.setToolTip(tip(f"{self.title}\n{last}"))
        self.update()

    def limits(self) -> tuple[float, float, float]:
        """Lowest and highest tick of the y axis, and what is between two."""
        low, high = np.quantile(self.values, [0.0, 0.995]) if len(self.values) else (0.0, 1.0)
        step = tick_step(max(high - low, 10.0**-self._decimals), 3)
        low, high = math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
        return low, max(high, low + step), step

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = Ink.of(self.palette())
        painter.setFont(small(self.font()))
        metrics = QFontMetrics(painter.font())
        painter.setPen(ink.muted)
        title = metrics.elidedText(self.title, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(QPointF(0, metrics.ascent()), title)
        if not len(self.values):
            flags = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
            painter.drawText(QRectF(self.rect()).adjusted(12, 18, -12, 0), flags, self._nothing)
            return
        low, high, step = self.limits()
        decimals = max(0, min(3, math.ceil(-math.log10(step) - 1e-9)))
        widest = max(
            metrics.horizontalAdvance(tr("{v:.{decimals}f}", v=v, decimals=decimals)) for v in (low, high)
        )
        top, below = metrics.height() + 10, metrics.height() + 8
        area = QRectF(widest + 8, top, self.width() - widest - 18, self.height() - top - below)

        def place(x: float, y: float) -> QPointF:
            up = (min(max(y, low), high) - low) / (high - low)
            return QPointF(area.left() + area.width() * x / self._end, area.bottom() - area.height() * up)

        for k in range(round((high - low) / step) + 1):
            y = round(place(0, low + k * step).y()) + 0.5
            painter.setPen(QPen(ink.line, 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(ink.muted)
            side = QRectF(0, y - metrics.height() / 2, area.left() - 6, metrics.height())
            flags = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            painter.drawText(side, flags, tr("{low:.{decimals}f}", low=low + k * step, decimals=decimals))
        self._paint_steps(painter, area, metrics)
        self._paint_curve(
            painter, ink, [place(a, b) for a, b in zip(*self._thin(self.values), strict=True)], True
        )
        curve = [place(a, b) for a, b in zip(*self._thin(smoothed(self.values)), strict=True)]
        self._paint_curve(painter, ink, curve, False)

    def _thin(self, y: NDArray[np.float64]) -> tuple[list[float], list[float]]:
        """At most some hundred of the points, the last one among them."""
        every = max(1, len(y) // 600)
        return self.steps[::-1][::every][::-1].tolist(), y[::-1][::every][::-1].tolist()

    def _paint_steps(self, painter: QPainter, area: QRectF, metrics: QFontMetrics) -> None:
        room = metrics.horizontalAdvance("000,000") + 16
        every = max(1.0, tick_step(self._end, max(1, int(area.width() // room))))
        for k in range(int(self._end / every + 1e-9) + 1):
            text = tr("{k:,.0f}", k=k * every) if k else tr("step 0")
            x = area.left() + area.width() * k * every / self._end - metrics.horizontalAdvance(text) / 2
            x = min(max(x, area.left()), self.width() - metrics.horizontalAdvance(text))
            painter.drawText(QPointF(x, area.bottom() + metrics.ascent() + 5), text)

    def _paint_curve(self, painter: QPainter, ink: Ink, places: list[QPointF], faint: bool) -> None:
        colour = QColor(series_colour(self._number, ink.dark))
        if faint:
            if len(self.values) * SHARE < 2:  # the mean is the curve itself
                return
            colour.setAlphaF(0.28)
        painter.setPen(QPen(colour, 1.0 if faint else 2.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(places))
        if not faint:
            painter.setBrush(colour)
            few = places if len(places) <= 40 else places[-1:]
            for spot in few:
                painter.drawEllipse(spot, 2.6, 2.6)
