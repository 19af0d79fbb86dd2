"""How long something in the image is: a bar of a round length, where the size of a pixel is known."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPainterPath, QPen

from medlabeler.domain.language import tr
from medlabeler.gui.kit.elements import small

LONGEST = 160.0
SHARE = 0.35
"""The bar is at most so many pixels long, and at most this share of what is seen."""
MARGIN, THICK, OUTLINE = 14.0, 4.0, 3.0


def round_length(most: float) -> float:
    """The largest of 1, 2 and 5 times a power of ten that is not above `most`, which is above 0."""
    power = 10.0 ** math.floor(math.log10(most))
    return max((step * power for step in (1, 2, 5) if step * power <= most * (1 + 1e-9)), default=power)


def length_text(mm: float) -> str:
    """A length in words: `50 µm`, `2 mm`."""
    return tr("{mm:,.6g} mm", mm=mm) if mm > 1 - 1e-9 else tr("{mm:.6g} µm", mm=mm * 1000)


def scale_bar(pixel_mm: float, scale: float, width: float) -> tuple[float, str]:
    """Length on the screen, and in words, of the bar in a view `width` wide.

    `pixel_mm`: millimetres across one pixel of the image; `scale`: screen pixels for one pixel of the image.
    """
    mm = round_length(pixel_mm * min(LONGEST, SHARE * width) / scale)
    return mm / pixel_mm * scale, length_text(mm)


def draw_scale_bar(painter: QPainter, area: QRectF, length: float, text: str, font: QFont) -> None:
    """Paint the bar into the lower right corner of `area`, white within black: to be read on any image."""
    font = small(font, 1.0, bold=True)
    metrics = QFontMetrics(font)
    wide = metrics.horizontalAdvance(text)
    right, foot = area.right() - MARGIN, area.bottom() - MARGIN
    bar = QRectF(right - length, foot - THICK, length, THICK)
    middle = min(bar.center().x(), right - wide / 2)
    shape = QPainterPath()
    shape.addText(QPointF(middle - wide / 2, bar.top() - metrics.descent() - 2), font, text)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    black = QPen(QColor(Qt.GlobalColor.black), OUTLINE)
    black.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    for path in (shape, _rectangle(bar)):
        painter.strokePath(path, black)
        painter.fillPath(path, QColor(Qt.GlobalColor.white))
    painter.restore()


def _rectangle(bar: QRectF) -> QPainterPath:
    path = QPainterPath()
    path.addRect(bar)
    return path
