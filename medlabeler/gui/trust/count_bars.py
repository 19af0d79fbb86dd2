"""A differential count as bars: corrected shares with their intervals, and where predictions would put"
" them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from medlabeler.domain.language import tr
from medlabeler.domain.words import percent
from medlabeler.gui.kit.elements import Ink, small
from medlabeler.jobs.count import ClassCount

ROW, GAP = 22, 6


class CountBars(QWidget):
    """One bar for each class, all on one scale."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.classes: Sequence[ClassCount] = ()
        self.colours: Mapping[int, str] = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_classes(self, classes: Sequence[ClassCount], colours: Mapping[int, str]) -> None:
        """Replace what is shown; `colours` by class id."""
        self.classes, self.colours = classes, colours
        self.setAccessibleName(
            tr(
                "Shares of the classes: {shares}",
                shares=", ".join(f"{c.name} {percent(c.value)}" for c in classes),
            )
        )
        self.setFixedHeight(len(classes) * (ROW + GAP) + GAP + 22)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, len(self.classes) * (ROW + GAP) + GAP + 22)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.classes:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = Ink.of(self.palette())
        painter.setFont(small(self.font(), 0.95))
        metrics = painter.fontMetrics()
        names = min(self.width() / 3, max(metrics.horizontalAdvance(c.name) for c in self.classes) + 12)
        figures = metrics.horizontalAdvance("100.0 %") + 12
        area = max(20.0, self.width() - names - figures - 8)
        most = max(max(c.naive, c.value, c.high or 0) for c in self.classes) or 1
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        for at, one in enumerate(self.classes):
            y = GAP + at * (ROW + GAP)
            name = metrics.elidedText(one.name, Qt.TextElideMode.ElideRight, int(names) - 8)
            painter.setPen(ink.text)
            painter.drawText(QRectF(0, y, names, ROW), int(left), name)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self.colours.get(one.class_id, "#888888")))
            painter.drawRoundedRect(QRectF(names, y + 3, max(1.0, area * one.value / most), ROW - 6), 2, 2)
            painter.setPen(QPen(ink.text, 1.6))
            middle = y + ROW / 2
            if one.low is not None and one.high is not None:
                low, high = (names + area * end / most for end in (one.low, one.high))
                painter.drawLine(QPointF(low, middle), QPointF(high, middle))
                for end in (low, high):
                    painter.drawLine(QPointF(end, middle - 4), QPointF(end, middle + 4))
            naive = names + area * one.naive / most
            painter.setPen(QPen(ink.text, 1.4, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(naive, y), QPointF(naive, y + ROW))
            painter.setPen(ink.text)
            painter.drawText(QRectF(names + area + 10, y, figures, ROW), int(left), percent(one.value))
        painter.setPen(ink.muted)
        told = tr("Bars: corrected, with 95 % intervals. Dotted: counting predictions alone.")
        foot = QRectF(0, GAP + len(self.classes) * (ROW + GAP), self.width(), 20)
        painter.drawText(foot, int(left), metrics.elidedText(told, Qt.TextElideMode.ElideRight, self.width()))
