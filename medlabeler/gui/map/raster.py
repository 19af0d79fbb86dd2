"""The map's points as a picture, by whole-array numpy alone: a frame of 171,375 points takes a few
milliseconds.

Every pixel keeps the topmost point over it (painter's order, by a priority in the high byte of a 16-bit
value, spread
to the marker's shape by running maxima) and a soft count of the points around it. Colour comes from the
first,
opacity from the second, both through one table of 65,536 entries: edges are smooth and density can be read.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

EMPHASIS = 128
"""Added to a colour code in a value's low byte: this point is drawn at full strength, however dense the
map.
"""
PRIORITIES = 64
"""By which the points of a layer are mixed."""
MAX_CODES = 125
"""Colours of a scheme (one more is the grey of the unselected); low byte 0 is the background."""
MARGIN = 3
"""Pixels around the picture in which points still count, because their marker reaches in."""
_MAX_COUNT = 15
_BAND = 48


@dataclass(frozen=True, slots=True)
class Viewport:
    """The part of the plane shown: lower left corner, pixels per unit, size in pixels. y runs upwards."""

    left: float
    bottom: float
    x_scale: float
    y_scale: float
    width: int
    height: int

    def to_pixels(
        self, x: NDArray[np.float32], y: NDArray[np.float32], out: NDArray[np.float32] | None = None
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Pixel positions, float32, (0, 0) the upper left corner of the picture; `out` (2, n) is used if
        given.
        """
        column, row = np.empty((2, len(x)), np.float32) if out is None else out
        np.subtract(x, np.float32(self.left), out=column)
        column *= np.float32(self.x_scale)
        np.subtract(y, np.float32(self.bottom), out=row)
        row *= np.float32(-self.y_scale)
        row += np.float32(self.height)
        return column, row


def pack(
    code: NDArray[np.integer],
    layer: NDArray[np.integer],
    emphasis: NDArray[np.bool_],
    shuffle: NDArray[np.uint8],
) -> NDArray[np.uint16]:
    """Values for `Raster.draw`: priority (2 bits of `layer`, 6 bits of `shuffle`) above, colour code below.

    `shuffle` is any fixed random byte per image; without it one class would always cover the others.
    """
    value: NDArray[np.uint16] = layer.astype(np.uint16) << np.uint16(14)
    value |= (shuffle.astype(np.uint16) & np.uint16(PRIORITIES - 1)) << np.uint16(8)
    value |= code.astype(np.uint16) + np.uint16(1)
    value[emphasis] |= EMPHASIS
    return value


class Raster:
    """Draws points into a reused buffer."""

    def __init__(self) -> None:
        self._picture = np.empty((0, 0), np.uint32)
        self._float = np.empty(0, np.float32)
        self._drawn: tuple[object, int] | None = None  # `places` and radius of the last picture
        self._density: NDArray[np.uint8] | NDArray[np.uint16] = np.empty(0, np.uint8)

    def _resize(self, width: int, height: int) -> None:
        if (height, width) == self._picture.shape:
            return
        self._drawn = None
        # Flat buffers: a neighbour above is `stride` away, and what wraps around an edge lands in the margin.
        self._stride = width + 2 * MARGIN
        length = self._stride * (height + 2 * MARGIN)
        self._top, self._top2 = np.zeros(length, np.uint16), np.zeros(length, np.uint16)
        self._count, self._sum = np.zeros(length, np.uint16), np.zeros(length, np.uint16)
        self._few, self._few2 = np.zeros(length, np.uint8), np.zeros(length, np.uint8)
        self._key = np.zeros((_BAND, width), np.uint16)
        self._index = np.zeros((_BAND, width), np.intp)
        self._picture = np.zeros((height, width), np.uint32)

    def draw(
        self,
        column: NDArray[np.float32],
        row: NDArray[np.float32],
        value: NDArray[np.uint16],
        size: tuple[int, int],
        palette: NDArray[np.uint8],
        background: tuple[int, int, int],
        *,
        radius: int = 1,
        strength: float = 0.6,
        places: object = None,
    ) -> NDArray[np.uint32]:
        """The picture, uint32 (height, width), 0xffRRGGBB; valid until the next call.

        column, row : pixel positions; what lies beyond the picture and its margin does not show.
        value : `pack`ed, ascending by priority, so that the last point written to a pixel is the topmost.
        palette : (m, 3), m <= `MAX_CODES` + 1.
        radius : 1 (about 2 pixels wide) or 2 (about 4).
        strength : opacity of a lone point, 0..1; what lies denser is more opaque.
        places : stands for column and row; as long as it is the same, what follows from these alone is not
            worked out again.
        """
        width, height = size
        self._resize(width, height)
        if places is None or self._drawn != (places, radius):
            self._drawn = places, radius
            position = self._positions(column, row)
            self._count.fill(0)
            np.add.at(self._count, position, np.uint16(1))
            np.minimum(self._count, _MAX_COUNT, out=self._count)
            self._density = self._blur_small() if radius == 1 else self._blur_large()
        self._top.fill(0)
        self._top[self._position] = value

        top, density = self._spread(reach=radius), self._density
        table = _table(palette.tobytes(), background, radius, round(strength * 20) / 20)
        tops = top.reshape(-1, self._stride)[MARGIN:-MARGIN, MARGIN:-MARGIN]
        densities = density.reshape(-1, self._stride)[MARGIN:-MARGIN, MARGIN:-MARGIN]
        for first in range(0, height, _BAND):  # in bands that fit the processor's cache
            band = slice(first, min(first + _BAND, height))
            key, index = self._key[: band.stop - first], self._index[: band.stop - first]
            np.left_shift(
                tops[band], 8, out=key
            )  # the priority leaves by the high end, the colour code stays
            np.bitwise_or(key, densities[band], out=key)
            np.copyto(index, key)
            np.take(table, index, out=self._picture[band], mode="clip")
        return self._picture

    def deciding(
        self,
        column: NDArray[np.float32],
        row: NDArray[np.float32],
        value: NDArray[np.uint16],
        size: tuple[int, int],
    ) -> NDArray[np.intp]:
        """Which points decide the colour of any pixel of a picture of radius 1, see `draw`; no others change
        it, whatever their colour.

        A pixel shows the highest priority around it. So a point decides one if around one of its pixels none
        is higher: the least of the highest priorities around is then its own (a closing of the priorities).
        """
        self._resize(*size)
        self._drawn = None  # the positions are those of other points
        position = self._positions(column, row)
        who = np.full(len(self._top), -1, np.int32)
        who[position] = np.arange(len(column), dtype=np.int32)
        priority = np.zeros(len(self._top), np.uint8)
        priority[position] = (value >> np.uint16(8)).astype(np.uint8)
        highest, least = priority.copy(), np.zeros_like(priority)
        for extreme in (np.maximum, np.minimum):
            for step in (1, self._stride):
                extreme(highest[: -2 * step], highest[2 * step :], out=least[step:-step])
                extreme(least[step:-step], highest[step:-step], out=least[step:-step])
                highest, least = least, highest
        return np.asarray(who[(who >= 0) & (highest == priority)], np.intp)

    def _positions(self, column: NDArray[np.float32], row: NDArray[np.float32]) -> NDArray[np.intp]:
        """Where in the flat buffers; all that is outside goes to the outermost pixels of the margin."""
        n, height, width = len(column), *self._picture.shape
        if len(self._float) != n:
            self._float = np.empty(n, np.float32)
            self._whole, self._flat = np.empty((2, n), np.int32)
            self._position = np.empty(n, np.intp)
        np.clip(row, -MARGIN, height + MARGIN - 1, out=self._float)
        self._float += np.float32(MARGIN)
        np.copyto(self._flat, self._float, casting="unsafe")
        self._flat *= self._stride
        np.clip(column, -MARGIN, width + MARGIN - 1, out=self._float)
        self._float += np.float32(MARGIN)
        np.copyto(self._whole, self._float, casting="unsafe")
        self._flat += self._whole
        np.copyto(self._position, self._flat)
        return self._position

    def _spread(self, reach: int) -> NDArray[np.uint16]:
        """Each pixel takes the highest value in the square of `reach` pixels around it."""
        a, b, stride = self._top, self._top2, self._stride
        for _ in range(reach):
            for step in (1, stride):
                np.maximum(a[: -2 * step], a[2 * step :], out=b[step:-step])
                np.maximum(b[step:-step], a[step:-step], out=b[step:-step])
                a, b = b, a
        return a

    def _blur_small(self) -> NDArray[np.uint8]:
        """Weights 1 2 1 both ways: a lone point gives 4 at its pixel; at most 16 x 15 = 240, so 8 bits
        suffice.
        """
        a, b = self._few, self._few2
        np.copyto(a, self._count, casting="unsafe")
        for step in (1, self._stride):
            np.add(a[: -2 * step], a[2 * step :], out=b[step:-step])
            b[step:-step] += a[step:-step]
            b[step:-step] += a[step:-step]
            a, b = b, a
        return a

    def _blur_large(self) -> NDArray[np.uint16]:
        """Weights 1 3 4 3 1 both ways, as 1 1 1 after 1 2 1: a lone point gives 16 at its pixel; cut off at
        255.
        """
        a, b = self._count, self._sum
        for step in (1, self._stride):
            for middle in (1, 2):
                np.add(a[: -2 * step], a[2 * step :], out=b[step:-step])
                for _ in range(middle):
                    b[step:-step] += a[step:-step]
                a, b = b, a
        return np.minimum(a, 255, out=a)


def near(column: NDArray[np.float32], row: NDArray[np.float32], size: tuple[int, int]) -> NDArray[np.bool_]:
    """Which positions lie in the picture or within `MARGIN` of it."""
    width, height = size
    return (column >= -MARGIN) & (column < width + MARGIN) & (row >= -MARGIN) & (row < height + MARGIN)


@lru_cache(maxsize=64)
def _table(
    palette: bytes, background: tuple[int, int, int], radius: int, strength: float
) -> NDArray[np.uint32]:
    """0xffRRGGBB for every (colour code + 1, density) pair, index code << 8 | density."""
    colours = np.frombuffer(palette, np.uint8).reshape(-1, 3)
    if len(colours) > MAX_CODES + 1:
        raise ValueError(f"the map draws at most {MAX_CODES + 1} colours")
    density = np.arange(256, dtype=np.float64)
    lone = 4.0 if radius == 1 else 16.0
    full = 240.0 if radius == 1 else 255.0
    # Up to one point it is the edge of a marker; beyond, the logarithm of how many lie there.
    edge = density / lone if radius == 1 else np.clip((density - 2.0) / 9.0, 0.0, 1.0)
    crowd = np.log(np.maximum(density, lone) / lone) / np.log(full / lone)
    alpha = np.where(density < lone, strength * edge, strength + (1.0 - strength) * crowd)
    strong = np.clip(density / (0.6 * lone), 0.0, 1.0) if radius == 1 else edge

    ground = np.asarray(background, np.float64)
    table = np.tile(ground, (256, 256, 1))
    m = len(colours)
    for first, opacity in ((1, alpha), (1 + EMPHASIS, strong)):
        table[first : first + m] = ground + (colours[:, None, :] - ground) * opacity[None, :, None]
    rgb = np.rint(table).astype(np.uint32).reshape(-1, 3)
    packed = 0xFF000000 | (rgb[:, 0] << 16) | (rgb[:, 1] << 8) | rgb[:, 2]
    packed.setflags(write=False)
    return packed.astype(np.uint32)


def strength_for(n_visible: int, n_pixels: int) -> float:
    """Opacity of a lone point: faint where many points share few pixels, strong where they are sparse."""
    per_pixel = n_visible / max(n_pixels, 1)
    return float(np.clip(0.5 - 0.16 * np.log10(max(per_pixel, 1e-4) / 0.2), 0.45, 0.9))
