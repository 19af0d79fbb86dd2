"""Places in images, one a row, as detectors of cells export them: each becomes an image of its own."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from pathlib import Path

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.imaging.parts import Part

_X = ("x", "x_min", "xmin", "left", "center_x", "centre_x", "cx", "centroid_x")
_Y = ("y", "y_min", "ymin", "top", "center_y", "centre_y", "cy", "centroid_y")
_WIDTH, _HEIGHT = ("w", "width", "box_width"), ("h", "height", "box_height")
_MIDDLE = ("center_x", "centre_x", "cx", "centroid_x")


def says_where(columns: Collection[str]) -> bool:
    """Whether a table has columns that say where in an image its rows lie; names in lower case."""
    return any(name in columns for name in _X) and any(name in columns for name in _Y)


def says_how_large(columns: Collection[str]) -> bool:
    """Whether its places are boxes, not points."""
    return any(name in columns for name in _WIDTH) and any(name in columns for name in _HEIGHT)


class Boxes:
    """Which columns say where: with width and height x and y are the upper left corner, else the middle of a
    square of `size` pixels. Pixels count from the upper left of the image as it is seen.
    """

    def __init__(self, path: Path, at: Mapping[str, int], size: int) -> None:
        """`at`: position of each column by its name in lower case. `UserError` without x and y."""
        self._path, self._size = path, size
        self._x, self._y, self._width, self._height = (
            next((at[name] for name in names if name in at), None) for names in (_X, _Y, _WIDTH, _HEIGHT)
        )
        if self._x is None or self._y is None:
            raise UserError(tr("{path} has no columns x and y that say where in an image to cut.", path=path))
        self._from_middle = any(at.get(name) == self._x for name in _MIDDLE)
        both = self._width is not None and self._height is not None
        if not both:
            self._width = self._height = None

    @property
    def columns(self) -> tuple[int, ...]:
        """Positions of the columns that say where."""
        found = (self._x, self._y, self._width, self._height)
        return tuple(column for column in found if column is not None)

    def part(self, line: int, cells: list[str]) -> tuple[str, str]:
        """What stands behind the image's name, and why the row cannot be used if it cannot."""
        numbers = [_number(cells[column]) for column in self.columns]
        if any(number is None or abs(number) > 1e6 for number in numbers):
            return "", tr(
                "Line {line} of {name} does not say where in numbers.", line=line, name=self._path.name
            )
        x, y, *size = (float(number or 0) for number in numbers)
        width, height = size or (float(self._size), float(self._size))
        if width < 1 or height < 1:
            return "", tr("Line {line} of {name} has a box without pixels.", line=line, name=self._path.name)
        if not size or self._from_middle:
            x, y = x - width / 2, y - height / 2
        # Upwards from the half, not to the even number: places one pixel apart must stay apart.
        corner = (math.floor(x + 0.5), math.floor(y + 0.5))
        return str(Part(box=(*corner, round(width), round(height)))), ""


def _number(text: str) -> float | None:
    try:
        found = float(text.replace(",", "."))
    except ValueError:
        return None
    return found if math.isfinite(found) else None
