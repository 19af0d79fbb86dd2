"""Reliability: how often predictions of a confidence are right (Guo et al. 2017)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from medlabeler.domain.language import tr
from medlabeler.gui.kit.elements import Ink, blend, counted, small
from medlabeler.gui.kit.plain import tip
from medlabeler.learning.accuracy.metrics import ReliabilityBin

FEW = 10
"""Bins with fewer images are painted pale."""


class ReliabilityPlot(QWidget):
    """One bar per bin of confidence up to the share that was right, the diagonal where both agree."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bins: list[ReliabilityBin] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(260, 220)
        self.setAccessibleName(tr("Reliability of the confidence"))

    def sizeHint(self) -> QSize:
        return QSize(460, 420)

    def show_bins(self, bins: Sequence[ReliabilityBin]) -> None:
        """Show these."""
        self.bins = list(bins)
        self.update()

    def plot_area(self) -> QRectF:
        """Inside the axes: a square, as both axes are shares."""
        metrics = QFontMetrics(small(self.font()))
        left, below = metrics.horizontalAdvance("100 %") + metrics.height() + 14, 2 * metrics.height() + 14
        side = max(60, min(self.width() - left - 16, self.height() - below - 10))
        return QRectF(left, 8, side, side)

    def place(self, x: float, y: float) -> QPointF:
        """Where confidence x and share y are painted."""
        area = self.plot_area()
        return QPointF(area.left() + area.width() * x, area.bottom() - area.height() * y)

    def bin_at(self, where: QPointF) -> ReliabilityBin | None:
        """The bin under the pointer."""
        area = self.plot_area()
        if not area.contains(where):
            return None
        x = (where.x() - area.left()) / area.width()
        return next((b for b in self.bins if b.low < x <= b.high), None)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink, area = Ink.of(self.palette()), self.plot_area()
        painter.setFont(small(self.font()))
        metrics = QFontMetrics(painter.font())
        for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
            y, x = self.place(0, tick).y(), self.place(tick, 0).x()
            painter.setPen(QPen(ink.line, 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(ink.muted)
            text = tr("{tick:.0f} %", tick=100 * tick)
            side = QRectF(0, y - metrics.height() / 2, area.left() - 6, metrics.height())
            painter.drawText(side, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), text)
            painter.drawText(
                QPointF(x - metrics.horizontalAdvance(text) / 2, area.bottom() + metrics.ascent() + 6), text
            )
        for b in self.bins:
            box = QRectF(self.place(b.low, b.accuracy), self.place(b.high, 0)).adjusted(1, 0, -1, 0)
            fade = 0.8 if b.images < FEW else 0.5
            painter.setPen(QPen(ink.accent, 1))
            painter.setBrush(blend(ink.accent, ink.surface, fade))
            painter.drawRect(box)
            number = tr("{images:,}", images=b.images)
            if metrics.horizontalAdvance(number) + 2 < box.width():
                painter.setPen(ink.text)
                foot = QRectF(box.left(), area.bottom() - metrics.height() - 3, box.width(), metrics.height())
                painter.drawText(foot, Qt.AlignmentFlag.AlignCenter, number)
        painter.setPen(QPen(ink.muted, 1.4, Qt.PenStyle.DashLine))
        painter.drawLine(self.place(0, 0), self.place(1, 1))
        painter.setPen(QPen(ink.text, 1.4))
        painter.setBrush(ink.text)
        for b in self.bins:
            painter.drawEllipse(self.place(b.confidence, b.accuracy), 2.6, 2.6)
        painter.setPen(ink.muted)
        below = QRectF(area.left(), area.bottom() + metrics.height() + 8, area.width(), metrics.height() + 2)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, tr("confidence of the prediction"))
        painter.save()
        painter.translate(2, area.center().y())
        painter.rotate(-90)
        side = QRectF(-area.height() / 2, 0, area.height(), metrics.height())
        painter.drawText(side, Qt.AlignmentFlag.AlignCenter, tr("share that was right"))
        painter.restore()

    def words(self, b: ReliabilityBin) -> str:
        """A bin in a sentence."""
        return tr(
            "{predictions} with confidence {low:.0f} to {high:.0f} %: mean confidence "
            "{confidence:.0f} %, right {accuracy:.0f} %.",
            predictions=counted(b.images, "prediction"),
            low=100 * b.low,
            high=100 * b.high,
            confidence=100 * b.confidence,
            accuracy=100 * b.accuracy,
        )

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            found = self.bin_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), tip(self.words(found)) if found else "", self)
            return True
        return super().event(event)
