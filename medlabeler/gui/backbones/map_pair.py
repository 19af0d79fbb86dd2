"""Two small maps of the same images, before and now, coloured by label: painted, without an axis."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from medlabeler.domain.language import tr
from medlabeler.domain.types import ClassDef
from medlabeler.domain.words import count
from medlabeler.gui.kit.elements import Ink, draw_swatch, small

NONE = tr("Maps of a sample of the images come with the first look at them.")


class MapPair(QWidget):
    """Shows how the images of a sample move as a backbone learns."""

    def __init__(self) -> None:
        super().__init__()
        self.before: NDArray[np.float32] | None = None
        self.now: NDArray[np.float32] | None = None
        self._classes: list[ClassDef] = []
        self._codes = np.zeros(0, np.int64)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(300, 200)
        self.setAccessibleName(tr("Maps of a sample of the images before and now"))

    def sizeHint(self) -> QSize:
        return QSize(520, 340)

    def show_maps(
        self,
        before: NDArray[np.float32] | None,
        now: NDArray[np.float32] | None,
        labels: NDArray[np.int32],
        classes: Sequence[ClassDef],
    ) -> None:
        """Draw maps (m, 2) of images with class ids `labels` (m,)."""
        self.before, self.now, self._classes = before, now, list(classes)
        self._codes = np.full(len(labels), -1)
        for code, definition in enumerate(self._classes):
            self._codes[labels == definition.id] = code
        n = int((self._codes >= 0).sum())
        self.setAccessibleDescription(
            tr("{images}, {n:,} of them labelled", images=count(len(labels), "image"), n=n)
        )
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = Ink.of(self.palette())
        painter.setFont(small(self.font()))
        metrics = QFontMetrics(painter.font())
        if self.before is None and self.now is None:
            painter.setPen(ink.muted)
            flags = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
            painter.drawText(QRectF(self.rect()).adjusted(12, 0, -12, 0), flags, NONE)
            return
        lines, line = self._legend_lines(metrics), metrics.height() + 3
        head, gap = metrics.height() + 6, 14
        side = min((self.width() - gap) / 2, self.height() - head - 8 - line * len(lines))
        self._paint_legend(painter, ink, metrics, lines, head + side + 8)
        for k, (title, coords) in enumerate(((tr("Before"), self.before), (tr("Now"), self.now))):
            area = QRectF(k * (side + gap) + 0.5, head + 0.5, side - 1, side - 1)
            painter.setPen(ink.muted)
            painter.drawText(QPointF(area.left(), metrics.ascent()), title)
            painter.setPen(QPen(ink.line, 1))
            painter.setBrush(ink.base)
            painter.drawRoundedRect(area, 6, 6)
            if coords is not None and len(coords) == len(self._codes):
                self._paint_points(painter, ink, area.adjusted(6, 6, -6, -6), coords)

    def _paint_points(self, painter: QPainter, ink: Ink, area: QRectF, coords: NDArray[np.float32]) -> None:
        reach = max(float(np.abs(coords).max(initial=0)), 1e-9)
        middle, scale = area.center(), area.width() / 2 / reach
        radius = min(3.2, max(1.6, area.width() / 90))
        painter.setPen(Qt.PenStyle.NoPen)
        for code in (-1, *range(len(self._classes))):
            colour = QColor(self._classes[code].colour) if code >= 0 else QColor(ink.faint)
            if code < 0:
                colour.setAlphaF(0.45)
            painter.setBrush(colour)
            r = radius if code >= 0 else radius * 0.75
            for x, y in coords[self._codes == code].tolist():
                painter.drawEllipse(QPointF(middle.x() + scale * x, middle.y() - scale * y), r, r)

    def _legend_lines(self, metrics: QFontMetrics) -> list[list[tuple[str, QColor | None, float]]]:
        """Name, colour and x of the classes seen, in three lines at most."""
        entries: list[tuple[str, QColor | None]] = [
            (definition.name, QColor(definition.colour))
            for code, definition in enumerate(self._classes)
            if (self._codes == code).any()
        ]
        if (self._codes < 0).any():
            entries.append((tr("no label"), None))
        lines: list[list[tuple[str, QColor | None, float]]] = [[]]
        x = 0.0
        for name, colour in entries:
            width = metrics.horizontalAdvance(name) + 28
            if lines[-1] and x + width > self.width():
                lines.append([])
                x = 0.0
            lines[-1].append((name, colour, x))
            x += width
        return lines[:3]

    def _paint_legend(
        self,
        painter: QPainter,
        ink: Ink,
        metrics: QFontMetrics,
        lines: list[list[tuple[str, QColor | None, float]]],
        top: float,
    ) -> None:
        for k, line in enumerate(lines):
            y = top + k * (metrics.height() + 3)
            for name, colour, left in line:
                draw_swatch(painter, QRectF(left, y + 2, 10, 10), colour or ink.faint, ink)
                painter.setPen(ink.text)
                painter.drawText(QPointF(left + 15, y + metrics.ascent()), name)
