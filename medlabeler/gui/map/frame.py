"""What a frame of the map is drawn from: the colours of the theme and where the points are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class MapTones:
    """Colours of one theme.

    `dim` is an unselected point while a selection exists, `chosen` a selected one
    that has no colour of its own, `boost` what is added to the opacity of points: dark colours sink into a
    dark ground.
    """

    ground: tuple[int, int, int]
    ink: tuple[int, int, int]
    dim: tuple[int, int, int]
    chosen: tuple[int, int, int]
    line: str
    accent: str
    boost: float


LIGHT = MapTones((255, 255, 255), (23, 32, 42), (206, 211, 216), (70, 82, 94), "#d5dbe1", "#0f6c9e", 0.0)
DARK = MapTones((18, 22, 27), (242, 245, 248), (62, 70, 79), (205, 213, 221), "#37414c", "#4eabdd", 0.2)


@dataclass
class Frame:
    """Positions of the drawn points in widget pixels, bottom to top; those `inside` are in view."""

    drawn: NDArray[np.int64]
    all_columns: NDArray[np.float32]
    all_lines: NDArray[np.float32]
    inside: NDArray[np.bool_]
    count: int

    @cached_property
    def index(self) -> NDArray[np.intp]:
        """Which of the drawn are in view."""
        return np.flatnonzero(self.inside)

    @cached_property
    def rows(self) -> NDArray[np.int64]:
        """Rows in view."""
        return self.drawn[self.index]

    @cached_property
    def column(self) -> NDArray[np.float32]:
        """Their distance from the left edge."""
        return self.all_columns[self.index]

    @cached_property
    def line(self) -> NDArray[np.float32]:
        """Their distance from the upper edge."""
        return self.all_lines[self.index]
