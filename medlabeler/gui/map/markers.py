"""Round, anti-aliased markers for the points that are few enough to have a shape.

One picture holds every marker needed (colour x style x sub-pixel position); Qt's C++ draws them from an
array, so
there is no Python per point. Style carries meaning beside colour: labelled images have an outline, images of
the
test set are rings.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import cast

import numpy as np
import shiboken6
from numpy.typing import NDArray
from PySide6.QtGui import QImage, QPainter, QPixmap

PLAIN, MARKED, HOLLOW, HOLLOW_MARKED = 0, 1, 2, 3
_STYLES = 4
_PHASES = 2
"""Markers are placed to 1/2 pixel, so that a slow zoom does not make them tremble."""
_KEEP = 12


def _cover(distance: NDArray[np.float64], radius: float) -> NDArray[np.float64]:
    """How much of each pixel a disc covers, 0..1, from the distance of its centre."""
    return np.clip(radius + 0.5 - distance, 0.0, 1.0)


def _over(
    under: NDArray[np.float64], colour: NDArray[np.float64], alpha: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Premultiplied `colour` at `alpha` over `under`; channels last, red green blue alpha in 0..1."""
    source = np.concatenate([colour, [1.0]]) * alpha[..., None]
    return source + under * (1.0 - alpha[..., None])


def marker_side(radius: float, ratio: float = 1.0) -> int:
    """Side in pixels of the square that holds a marker."""
    return 2 * int(np.ceil(radius + 2.0 * ratio + 0.5)) + 1


def marker(
    colour: tuple[int, int, int],
    style: int,
    radius: float,
    ground: tuple[int, int, int],
    ink: tuple[int, int, int],
    shift: tuple[float, float] = (0.0, 0.0),
    ratio: float = 1.0,
) -> NDArray[np.uint8]:
    """One marker, uint8 (side, side, 4), blue green red alpha premultiplied, as Qt has it in memory.

    `ground` is the map's background, `ink` what stands out from it, `shift` the centre's offset in pixels
    (x, y).
    """
    fill, share = _shapes(style, radius, ground, ink, np.array([shift]), ratio)
    fill[..., :3] += share[..., None] * np.array(colour[::-1], np.float64) / 255.0
    out: NDArray[np.uint8] = np.rint(fill[0]).astype(np.uint8)
    return out


def _shapes(
    style: int,
    radius: float,
    ground: tuple[int, int, int],
    ink: tuple[int, int, int],
    shifts: NDArray[np.float64],
    ratio: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Black markers of one style at k `shifts` (k, 2), (k, side, side, 4) blue green red alpha in 0..255, and
    how much of a colour's channel each pixel gains, (k, side, side): colour enters linearly.
    """
    side = marker_side(radius, ratio)
    middle = side // 2
    y, x = np.mgrid[:side, :side].astype(np.float64)
    right, down = shifts[:, 0, None, None], shifts[:, 1, None, None]
    distance = np.hypot(x - middle - right, y - middle - down)
    paper, line = (np.array(c, np.float64) / 255.0 for c in (ground, ink))
    out = np.zeros((len(shifts), side, side, 4))
    if style in (MARKED, HOLLOW_MARKED):
        out = _over(out, paper, _cover(distance, radius + 2.0 * ratio) * 0.8)
        out = _over(out, line, _cover(distance, radius + 1.2 * ratio))
    else:
        out = _over(out, paper, _cover(distance, radius + 0.8 * ratio) * 0.65)
    filled = _cover(distance, radius)
    out = _over(out, np.zeros(3), filled)
    if style in (HOLLOW, HOLLOW_MARKED):
        hole = _cover(distance, max(radius - max(1.4 * ratio, radius * 0.36), 0.6))
        out = _over(out, paper, hole)
        filled = filled * (1.0 - hole)
    return 255.0 * out[..., [2, 1, 0, 3]], 255.0 * filled


class Markers:
    """Draws markers of a palette, keeping the last few pictures."""

    def __init__(self) -> None:
        self._atlases: OrderedDict[tuple[object, ...], QPixmap] = OrderedDict()
        self._fragments = np.zeros((0, 10), np.float64)

    def _atlas(
        self,
        palette: NDArray[np.uint8],
        radius: float,
        ground: tuple[int, int, int],
        ink: tuple[int, int, int],
        ratio: float,
    ) -> QPixmap:
        key = (palette.tobytes(), radius, ground, ink, ratio)
        if key in self._atlases:
            self._atlases.move_to_end(key)
            return self._atlases[key]
        side, m = marker_side(radius, ratio), len(palette)
        steps = [i / _PHASES for i in range(_PHASES)]
        shifts = np.array([(dx, dy) for dy in steps for dx in steps])
        parts = np.empty((m, side, _STYLES, len(shifts), side, 4), np.uint8)
        colours = palette[:, ::-1].astype(np.float32)[:, None, None, None] / np.float32(255)
        for style in range(_STYLES):
            black, share = _shapes(style, radius, ground, ink, shifts, ratio)
            cells = np.repeat(black[None].astype(np.float32), m, 0)
            cells[..., :3] += share.astype(np.float32)[None, ..., None] * colours
            parts[:, :, style] = np.rint(cells).astype(np.uint8).transpose(0, 2, 1, 3, 4)
        picture = parts.reshape(m * side, -1, 4)
        height, width = picture.shape[:2]
        image = QImage(picture.data, width, height, width * 4, QImage.Format.Format_ARGB32_Premultiplied)
        pixmap = QPixmap.fromImage(image.copy())
        self._atlases[key] = pixmap
        while len(self._atlases) > _KEEP:
            self._atlases.popitem(last=False)
        return pixmap

    def draw(
        self,
        painter: QPainter,
        column: NDArray[np.float32],
        row: NDArray[np.float32],
        code: NDArray[np.intp],
        style: NDArray[np.intp],
        palette: NDArray[np.uint8],
        radius: float,
        ground: tuple[int, int, int],
        ink: tuple[int, int, int],
        ratio: float = 1.0,
    ) -> None:
        """Draw k markers in the order given; positions (k,) and `radius` in device pixels, `ratio` of them a
        pixel.
        """
        k = len(column)
        if not k:
            return
        atlas = self._atlas(palette, radius, ground, ink, ratio)
        side = marker_side(radius, ratio)
        whole_x, whole_y = np.floor(column), np.floor(row)
        phase = ((row - whole_y) * _PHASES).astype(np.intp) * _PHASES
        phase += ((column - whole_x) * _PHASES).astype(np.intp)
        if len(self._fragments) < k:
            self._fragments = np.zeros((k, 10), np.float64)
            self._fragments[:, 9] = 1.0
        # The fields of QPainter::PixmapFragment: centre, source corner, source size, scale, rotation,
        # opacity.
        fragments = self._fragments[:k]
        fragments[:, 0], fragments[:, 1] = (whole_x + 0.5) / ratio, (whole_y + 0.5) / ratio
        fragments[:, 2] = (style * _PHASES**2 + phase) * side
        fragments[:, 3] = code * side
        fragments[:, 4:6] = side
        fragments[:, 6:8] = 1.0 / ratio
        first = shiboken6.wrapInstance(fragments.ctypes.data, QPainter.PixmapFragment)
        painter.drawPixmapFragments(cast(QPainter.PixmapFragment, first), k, atlas)
