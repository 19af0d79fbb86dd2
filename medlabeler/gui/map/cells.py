"""Points sorted into the cells of a grid once, so that a lasso is asked about cells and not about points.

Only of points in cells through which the outline runs is each looked at.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

SIDE = 256
"""Cells each way; their numbers fit 16 bits."""

Inside = Callable[[NDArray[np.floating], NDArray[np.floating], NDArray[np.float64]], NDArray[np.bool_]]
"""Which points (x, y) lie in a polygon (k, 2)."""
OUTSIDE, CROSSED, INSIDE = 0, 1, 2
_FAR = 100_000


class Cells:
    """The grid over points x, y float32 (n,), none of them NaN, n at least 1."""

    def __init__(self, x: NDArray[np.float32], y: NDArray[np.float32]) -> None:
        self._x, self._y = x, y
        self._low = np.array([x.min(), y.min()], np.float64)
        reach = np.array([x.max(), y.max()], np.float64) - self._low
        self._per_unit = SIDE / np.maximum(reach, 1e-9) * (1 - 1e-6)
        self._cell = (self._along(y, 1) * np.uint16(SIDE)) + self._along(x, 0)

    def _along(self, places: NDArray[np.float32], axis: int) -> NDArray[np.uint16]:
        found = (places - np.float32(self._low[axis])) * np.float32(self._per_unit[axis])
        return np.asarray(np.minimum(found, np.float32(SIDE - 1), out=found), np.uint16)

    def inside(self, polygon: NDArray[np.float64], test: Inside) -> NDArray[np.intp]:
        """Which points lie in the closed polygon (k, 2), as `test` tells of single ones; ascending."""
        in_cells = (polygon - self._low) * self._per_unit
        if np.abs(in_cells).max() > _FAR:  # all points lie together, or the outline is beyond all of them
            return np.flatnonzero(test(self._x, self._y, polygon))
        kind = _kinds(in_cells, test)[self._cell]
        doubtful = np.flatnonzero(kind == CROSSED)
        kind[doubtful] = np.where(test(self._x[doubtful], self._y[doubtful], polygon), INSIDE, OUTSIDE)
        return np.flatnonzero(kind == INSIDE)


def _kinds(polygon: NDArray[np.float64], test: Inside) -> NDArray[np.uint8]:
    """OUTSIDE, CROSSED or INSIDE of each cell (SIDE * SIDE,); the polygon is in cells."""
    crossed = _crossed(polygon)
    kinds = np.where(crossed, np.uint8(CROSSED), np.uint8(OUTSIDE)).ravel()
    low, high = polygon.min(0) - 1, polygon.max(0) + 1
    line, column = np.divmod(np.flatnonzero(kinds == OUTSIDE), SIDE)
    level = (column > low[0]) & (column < high[0]) & (line > low[1]) & (line < high[1])
    column, line = column[level], line[level]
    within = test(column + 0.5, line + 0.5, polygon)
    kinds[line[within] * SIDE + column[within]] = INSIDE
    return kinds


def _crossed(polygon: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Cells that the outline may meet, bool (SIDE, SIDE): those where it is twice in each cell, and their
    neighbours.
    """
    edges = np.roll(polygon, -1, axis=0) - polygon
    steps = 2 * np.ceil(np.abs(edges).max(1)).astype(np.intp) + 2
    edge = np.repeat(np.arange(len(edges)), steps)
    along = (np.arange(len(edge)) - np.repeat(steps.cumsum() - steps, steps)) / (steps[edge] - 1)
    at = np.floor(polygon[edge] + edges[edge] * along[:, None]).astype(np.intp)
    at = at[((at >= -1) & (at <= SIDE)).all(1)] + 1
    met = np.zeros((SIDE + 2, SIDE + 2), bool)
    met[at[:, 1], at[:, 0]] = True
    met[1:-1] |= met[:-2] | met[2:]
    met[:, 1:-1] |= met[:, :-2] | met[:, 2:]
    return met[1:-1, 1:-1]
