"""Where the cells of a page lie: wrapped lines of equal cells, with headings between groups. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray


def capacity(width: int, height: int, cell: int) -> int:
    """How many square cells of `cell` pixels can be seen at once."""
    return max(1, width // cell) * max(1, height // cell)


class Grid:
    """`n` square cells of `cell` pixels in `width` pixels; a new line begins at each place of `starts`, below
    a heading of `heading` pixels. Pixels count from the top left of the content.
    """

    def __init__(self, n: int, width: int, cell: int, starts: Sequence[int] = (), heading: int = 0) -> None:
        self.n, self.cell, self.heading = n, cell, heading
        self.columns = max(1, width // cell)
        self.left = max(0, (width - self.columns * cell) // 2)
        bounds = [*(starts or [0]), n]
        first: list[int] = []
        top: list[int] = []
        self.headings: list[tuple[int, int]] = []
        """(place of the first cell, top in pixels) of each heading."""
        y = 0
        for start, end in pairwise(bounds):
            if heading and starts:
                self.headings.append((start, y))
                y += heading
            for place in range(start, end, self.columns):
                first.append(place)
                top.append(y)
                y += cell
        self.height = y
        self._first = np.array([*first, n], np.int64)
        self._top = np.array(top, np.int64)

    def corner(self, place: int) -> tuple[int, int]:
        """Left and top of a cell."""
        line = int(np.searchsorted(self._first, place, side="right")) - 1
        return self.left + (place - int(self._first[line])) * self.cell, int(self._top[line])

    def at(self, x: int, y: int) -> int:
        """The place at a pixel, -1 where there is none."""
        line = int(np.searchsorted(self._top, y, side="right")) - 1
        column = (x - self.left) // self.cell
        if line < 0 or y >= self._top[line] + self.cell or not 0 <= column < self.columns:
            return -1
        place = int(self._first[line]) + column
        return place if place < self._first[line + 1] else -1

    def between(self, top: int, bottom: int) -> NDArray[np.int64]:
        """Places of the cells that show between two heights."""
        lines = np.flatnonzero((self._top + self.cell > top) & (self._top < bottom))
        if not len(lines):
            return np.empty(0, np.int64)
        return np.arange(self._first[lines[0]], self._first[lines[-1] + 1])

    def above(self, bottom: int, share: float = 1.0) -> int:
        """How many places, from the first on, lie above `bottom` with this `share` of their height."""
        lines = int(np.count_nonzero(self._top + share * self.cell <= bottom))
        return int(self._first[lines])

    def step(self, place: int, across: int, down: int) -> int:
        """The place an arrow key leads to from `place`; stays inside."""
        if not self.n:
            return -1
        if place < 0:
            return 0
        if across:
            return min(max(place + across, 0), self.n - 1)
        line = int(np.searchsorted(self._first, place, side="right")) - 1
        wanted = line + down
        if not 0 <= wanted < len(self._top):
            return place
        column = place - int(self._first[line])
        return int(min(self._first[wanted] + column, self._first[wanted + 1] - 1))
