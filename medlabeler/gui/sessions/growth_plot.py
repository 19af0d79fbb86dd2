"""Labels over time: how many images had the label they have now, by the time it was given. Painted."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QHelpEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from medlabeler.domain.language import tr
from medlabeler.gui.kit.elements import Ink, blend, counted, small
from medlabeler.gui.kit.plain import tip

Times = NDArray[np.datetime64]


def steps(times: Times, most: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Of sorted times: ms since 1970, and how many labels there were then, at most about `most` of them."""
    chosen = np.unique(np.linspace(0, max(0, len(times) - 1), min(len(times), most)).astype(np.int64))
    return times[chosen].astype("datetime64[ms]").astype(np.int64).astype(np.float64), chosen + 1


class GrowthPlot(QWidget):
    """A line that climbs with each label; nights and other pauses are flat."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._times: Times = np.empty(0, "datetime64[ms]")
        self._offset: np.timedelta64 = np.timedelta64(0, "ms")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Labels over time"))

    def sizeHint(self) -> QSize:
        return QSize(420, 104)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 80)

    def show_times(self, times: Times, offset: np.timedelta64) -> None:
        """When the labels that stand were given, datetime64[ms] (m,) UTC; `offset` from UTC to the wall."""
        # Sorted here, once: it is painted often.
        self._times, self._offset = np.sort(times[~np.isnat(times)]), offset
        self.setAccessibleDescription(self.words())
        self.update()

    def words(self) -> str:
        """The plot in one sentence."""
        if not len(self._times):
            return tr("No label yet.")
        first, last = (self._day(moment) for moment in (self._times.min(), self._times.max()))
        told = counted(len(self._times), "label")
        return (
            tr("{told}, given on {first}.", told=told, first=first)
            if first == last
            else tr("{told}, given from {first} to {last}.", told=told, first=first, last=last)
        )

    def _day(self, moment: np.datetime64) -> str:
        return str((moment + self._offset).astype("datetime64[D]"))

    def _area(self) -> QRectF:
        metrics = QFontMetrics(small(self.font(), 0.85))
        left = metrics.horizontalAdvance(tr("{value:,}", value=max(1, len(self._times)))) + 10
        return QRectF(left, 6, self.width() - left - 8, self.height() - metrics.height() - 12)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, ink = QPainter(self), Ink.of(self.palette())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = small(self.font(), 0.85)
        painter.setFont(font)
        area = self._area()
        at, n = steps(self._times, max(2, int(area.width())))
        painter.setPen(QPen(ink.line, 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        painter.setPen(ink.muted)
        if not len(at):
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, tr("Labels over time appear here"))
            return
        low, high = at[0], max(at[-1], at[0] + 60_000)
        x = area.left() + (at - low) / (high - low) * area.width()
        y = area.bottom() - n / n[-1] * area.height()
        line = QPolygonF([QPointF(area.left(), area.bottom())])
        before = area.bottom()
        for left, top in zip(x.tolist(), y.tolist(), strict=True):
            line.append(QPointF(left, before))
            line.append(QPointF(left, top))
            before = top
        line.append(QPointF(area.right(), before))
        self._fill(painter, line, area, ink)
        beside = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        painter.setPen(ink.muted)
        painter.drawText(QRectF(0, area.top() - 3, area.left() - 5, 20), beside, tr("{n:,}", n=int(n[-1])))
        below = QRectF(area.left(), area.bottom() + 3, area.width(), self.height() - area.bottom() - 3)
        first, last = (self._day(np.datetime64(int(moment), "ms")) for moment in (low, at[-1]))
        painter.drawText(below, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop), first)
        if last != first:
            painter.drawText(below, beside, last)

    def _fill(self, painter: QPainter, line: QPolygonF, area: QRectF, ink: Ink) -> None:
        ground = QPolygonF(line)
        ground.append(area.bottomRight())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(blend(ink.accent, ink.base, 0.8))
        painter.drawPolygon(ground)
        painter.setPen(QPen(ink.accent, 1.6))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(line)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            area = self._area()
            at, _ = steps(self._times, 10**9)
            words = self.words()
            if len(at) and area.width() > 0:
                share = min(1.0, max(0.0, (event.pos().x() - area.left()) / area.width()))
                moment = at[0] + share * max(at[-1] - at[0], 60_000)
                had = int(np.searchsorted(at, moment, side="right"))
                words = tr(
                    "{labels} by {day}",
                    labels=counted(had, "label"),
                    day=self._day(np.datetime64(int(moment), "ms")),
                )
            QToolTip.showText(event.globalPos(), tip(words), self)
            return True
        return super().event(event)
