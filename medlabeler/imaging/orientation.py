"""Turning pixels upright, once, by the orientation that a file states (EXIF and TIFF tag 274)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

TAG = 0x0112


def upright(values: NDArray[Any], orientation: int) -> NDArray[Any]:
    """`values` (h, w, ...) as they are meant to be seen; `orientation` 1 to 8, anything else counts as 1."""
    if orientation in (5, 6, 7, 8):
        values = np.swapaxes(values, 0, 1)
    if orientation in (3, 4, 7, 8):
        values = values[::-1]
    if orientation in (2, 3, 6, 7):
        values = values[:, ::-1]
    return values
