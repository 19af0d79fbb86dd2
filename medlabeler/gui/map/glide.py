"""The picture of a map that is moved by hand: larger than the map, so that it needs not be drawn to be moved.

To raster a million points takes longer than a frame may. What the picture shows while it moves lies at whole
pixels; when the hand rests the map is drawn where it is.
"""

from __future__ import annotations

from math import isclose

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QImage

REACH = 128
"""Widget pixels by which the picture is larger on each side."""
REST_MS = 120
"""The hand rests when it has not moved for so long."""


def larger(view: QRectF, size: QSize) -> QRectF:
    """What a picture with `REACH` pixels more on each side shows, in map units."""
    across, up = REACH * view.width() / size.width(), REACH * view.height() / size.height()
    return view.adjusted(-across, -up, across, up)


class Glide:
    """The last such picture: of which state of the map, for which view."""

    def __init__(self) -> None:
        self.image = QImage()
        self._of: object = None
        self._view = QRectF()

    def keep(self, image: QImage, of: object, view: QRectF) -> None:
        """Take a picture of `larger(view)`; `of` stands for all that it depends on but the place."""
        self.image, self._of, self._view = image, of, QRectF(view)

    def place(self, of: object, view: QRectF, size: QSize) -> QPointF | None:
        """Widget position of the picture's corner for a view; None where it does not show all of that."""
        if of != self._of or not isclose(view.width(), self._view.width(), rel_tol=1e-6):
            return None
        across = (self._view.x() - view.x()) * size.width() / view.width()
        down = (view.y() - self._view.y()) * size.height() / view.height()
        if max(abs(across), abs(down)) > REACH:
            return None
        return QPointF(across - REACH, down - REACH)
