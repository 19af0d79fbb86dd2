"""The legend of a continuous scale: its colours from low to high, with values along it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from medlabeler.domain.language import tr
from medlabeler.gui.kit.elements import Ink, small

BAR = 12
EDGE = 10


class ScaleBar(QWidget):
    """Hidden while there is no scale to show."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colours: NDArray[np.uint8] = np.empty((0, 3), np.uint8)
        self.marks: list[tuple[float, str]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.hide()

    def show_scale(self, colours: NDArray[np.uint8], marks: list[tuple[float, str]], title: str) -> None:
        """Colours (k, 3) from low to high, and (place 0..1, text) of values; no colours: nothing to show."""
        self._colours, self.marks = colours, marks
        if marks:
            self.setAccessibleName(
                tr(
                    "{title}: a continuous scale from {marks} to {marks2}",
                    title=title,
                    marks=marks[0][1],
                    marks2=marks[-1][1],
                )
            )
        self.setVisible(bool(len(colours)))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, BAR + QFontMetrics(small(self.font(), 0.85)).height() + 8)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        if not len(self._colours):
            return
        painter, ink = QPainter(self), Ink.of(self.palette())
        width = float(self.width() - 2 * EDGE)
        step = width / len(self._colours)
        for at, (red, green, blue) in enumerate(self._colours.tolist()):
            painter.fillRect(QRectF(EDGE + at * step, 3, step + 1, BAR), QColor(red, green, blue))
        font = small(self.font(), 0.85)
        painter.setFont(font)
        painter.setPen(ink.muted)
        metrics = QFontMetrics(font)
        end = -1.0
        last = self._box(metrics, *self.marks[-1], width) if self.marks else QRectF()
        for mark in self.marks:
            box = self._box(metrics, *mark, width)
            if box.left() < end or (mark is not self.marks[-1] and box.right() + 6 > last.left()):
                continue  # there is no room for it
            end = box.right() + 6
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, mark[1])

    def _box(self, metrics: QFontMetrics, place: float, text: str, width: float) -> QRectF:
        wide = metrics.horizontalAdvance(text) + 2.0
        left = min(max(0.0, EDGE + place * width - wide / 2), self.width() - wide)
        return QRectF(left, BAR + 5, wide, metrics.height())
