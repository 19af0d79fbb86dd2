"""Pictures on the map: which points show theirs, and the framed pixmaps, kept and made a few per frame."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPainterPath, QPen, QPixmap

from medlabeler.gui.map.points import spaced

Source = Callable[[int], QImage | None]
Request = Callable[[list[int]], None]

LIMIT = 150
"""At most so many pictures on the map at a time."""
SMALLEST, LARGEST, STEP = 48, 112, 8
_CAPTION_FROM = 72
MOST_POINTS = 1500
"""With more points in view there is nothing to choose from."""
_BUDGET_S = 0.010
_KEEP = 600


class ThumbnailLayer:
    """Places and paints thumbnails once the map is zoomed in far enough that they do not hide each other."""

    def __init__(self) -> None:
        self.rows = np.empty(0, np.int64)
        """Rows shown, and `columns`, `lines` (float32, pixels): where."""
        self.columns = self.lines = np.empty(0, np.float32)
        self.side = 0
        """Side of a picture in pixels; 0 while none are shown."""
        self.unfinished = False
        """Some pictures were left for the next frame, to keep this one short."""
        self._source: Source = lambda row: None
        self._request: Request | None = None
        self._pixmaps: OrderedDict[tuple[object, ...], QPixmap] = OrderedDict()
        self._scale = 0.0

    def set_source(self, source: Source, request: Request | None) -> None:
        """Where images come from: `source` answers at once or with None, `request` then asks for those
        rows.
        """
        self._source, self._request = source, request
        self._pixmaps.clear()

    def clear(self) -> None:
        """Show none."""
        self.rows, self.side = np.empty(0, np.int64), 0
        self.columns = self.lines = np.empty(0, np.float32)

    def forget(self, rows: list[int] | None = None) -> None:
        """Drop framed pixmaps; all of them if `rows` is None."""
        if rows is None:
            self._pixmaps.clear()
            return
        gone = set(rows)
        for key in [k for k in self._pixmaps if k[0] in gone]:
            del self._pixmaps[key]

    def place(
        self,
        rows: NDArray[np.int64],
        column: NDArray[np.float32],
        line: NDArray[np.float32],
        area: float,
        scale: float,
    ) -> None:
        """Choose what to show among the points in view; positions in pixels, `scale` pixels per map unit.

        The size follows the zoom, not the number in view, so that it does not jump while the map is dragged.
        """
        zoomed = abs(scale - self._scale) > 1e-3 * scale
        self._scale = scale
        n = len(rows)
        room = area / (SMALLEST * SMALLEST) * (1.0 if self.side == 0 else 1.5)
        if n == 0 or n > min(room, MOST_POINTS):
            self.clear()
            return
        if zoomed or self.side == 0:
            side = 0.62 * np.sqrt(area / n) // STEP * STEP
            self.side = int(np.clip(side, SMALLEST, LARGEST))
        shown = np.flatnonzero(np.isin(rows, self.rows))
        kept = spaced(column, line, self.side + 6.0, LIMIT, shown)
        self.rows, self.columns, self.lines = rows[kept], column[kept], line[kept]

    def at(self, x: float, y: float) -> int:
        """Row of the picture under a pixel, -1 if there is none."""
        half = self.side / 2
        hit = np.flatnonzero((np.abs(self.columns - x) <= half) & (np.abs(self.lines - y) <= half))
        return int(self.rows[hit[0]]) if len(hit) else -1

    def paint(
        self,
        painter: QPainter,
        colours: NDArray[np.uint8],
        dim: NDArray[np.bool_],
        marked: NDArray[np.bool_],
        hollow: NDArray[np.bool_],
        captions: list[str],
        dark: bool,
        ratio: float,
    ) -> None:
        """Draw them; arrays over the shown rows, `colours` (k, 3) of their frames."""
        started = perf_counter()
        self.unfinished = False
        missing: list[int] = []
        for i, row in enumerate(self.rows.tolist()):
            style = (tuple(colours[i].tolist()), bool(marked[i]), bool(hollow[i]), captions[i], dark)
            key = (row, self.side, ratio, *style)
            pixmap = self._pixmaps.get(key)
            if pixmap is None:
                if perf_counter() - started > _BUDGET_S:
                    self.unfinished = True
                    break
                image = self._source(row)
                if image is None:
                    missing.append(row)
                    continue
                pixmap = _framed(image, self.side, ratio, *style)
                self._pixmaps[key] = pixmap
                while len(self._pixmaps) > _KEEP:
                    self._pixmaps.popitem(last=False)
            if dim[i]:
                painter.setOpacity(0.4)
            size = pixmap.deviceIndependentSize()
            corner = QPointF(self.columns[i] - size.width() / 2, self.lines[i] - size.height() / 2)
            painter.drawPixmap(QPointF(round(corner.x()), round(corner.y())), pixmap)
            painter.setOpacity(1.0)
        if missing and self._request is not None:
            self._request(missing)


def _framed(
    image: QImage,
    side: int,
    ratio: float,
    colour: tuple[int, int, int],
    marked: bool,
    hollow: bool,
    caption: str,
    dark: bool,
) -> QPixmap:
    """The image in a rounded frame: class colour, outlined if labelled, dashed for the test set."""
    out = QPixmap(round((side + 4) * ratio), round((side + 4) * ratio))
    out.setDevicePixelRatio(ratio)
    out.fill(Qt.GlobalColor.transparent)
    painter = QPainter(out)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    ink = QColor("#f2f5f8") if dark else QColor("#17202a")
    paper = QColor("#12161b") if dark else QColor("#ffffff")
    tone = QColor(*colour)
    box = QRectF(2, 2, side, side)
    outer = QPainterPath()
    outer.addRoundedRect(box, 5, 5)
    painter.fillPath(outer, paper)
    painter.setClipPath(outer)
    scaled = image.scaled(
        round(side * ratio),
        round(side * ratio),
        Qt.AspectRatioMode.KeepAspectRatioByExpanding,
        Qt.TransformationMode.SmoothTransformation,
    )
    scaled.setDevicePixelRatio(ratio)
    painter.drawImage(box.center() - QPointF(scaled.width() / ratio / 2, scaled.height() / ratio / 2), scaled)
    if caption and side >= _CAPTION_FROM:
        _write(painter, QRectF(2, side - 14, side, 16), caption, tone)
    painter.setClipping(False)
    if marked:
        painter.setPen(QPen(ink, 1.5))
        painter.drawRoundedRect(box.adjusted(-1, -1, 1, 1), 6, 6)
    pen = QPen(tone, 3)
    if hollow:
        painter.setPen(QPen(paper, 3))
        painter.drawRoundedRect(box.adjusted(1.5, 1.5, -1.5, -1.5), 4, 4)
        pen.setDashPattern([2.0, 1.4])
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    painter.drawRoundedRect(box.adjusted(1.5, 1.5, -1.5, -1.5), 4, 4)
    painter.end()
    return out


def _write(painter: QPainter, strip: QRectF, caption: str, tone: QColor) -> None:
    """The name of the class on a strip of its colour, so that it can be read without telling colours
    apart.
    """
    painter.fillRect(strip, tone)
    font = QFont(painter.font())
    font.setPixelSize(10)
    font.setWeight(QFont.Weight.DemiBold)
    painter.setFont(font)
    light = 0.299 * tone.redF() + 0.587 * tone.greenF() + 0.114 * tone.blueF() < 0.55
    painter.setPen(QColor("#ffffff") if light else QColor("#10161c"))
    room = strip.adjusted(4, 0, -4, -1)
    text = painter.fontMetrics().elidedText(caption, Qt.TextElideMode.ElideRight, int(room.width()))
    painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text)
