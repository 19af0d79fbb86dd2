"""Vectors of the images that are asked about again and again, side by side in memory.

What is in sight lies scattered over all images: to fetch it takes longer than all that is worked out of it,
and from one click to the next it differs by an image or two.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray

Spread = Callable[[Callable[[int, int], None], int], None]
"""Calls a piece of work for slices (start, stop) that cover 0..n."""
_ROOM, _MORE = 64, 16
_STALE = 2
"""With so many times as many vectors as are wanted, others than these are forgotten."""


class KeptRows:
    """Copies of some of the images (n, d)."""

    def __init__(self, images: torch.Tensor) -> None:
        self._images = images
        self._rows = np.empty(0, np.int64)  # ascending
        self._places = np.empty(0, np.int64)
        self._vectors = images[:0]

    def find(self, rows: NDArray[np.int64], spread: Spread) -> tuple[torch.Tensor, NDArray[np.int64]]:
        """Vectors (k, d), and where among them those of `rows` (m,), ascending, lie."""
        at = np.searchsorted(self._rows, rows)
        known = self._rows[at.clip(max=len(self._rows) - 1)] == rows if len(self._rows) else rows < 0
        new = rows[~known]
        kept = len(self._rows)
        if kept + len(new) > min(len(self._vectors), _STALE * max(len(rows), _ROOM)):
            self._vectors = torch.empty(len(rows) + max(_ROOM, len(rows) // _MORE), self._images.shape[1])
            self._rows = self._places = np.empty(0, np.int64)
            new, kept, at = rows, 0, np.zeros(len(rows), np.int64)
            known = np.zeros(len(rows), bool)
        if len(new):
            self._take(new, kept, spread)
            self._rows = np.insert(self._rows, at[~known], new)
            self._places = np.insert(self._places, at[~known], np.arange(kept, kept + len(new)))
            at = np.searchsorted(self._rows, rows)
        return self._vectors[: len(self._rows)], self._places[at]

    def _take(self, rows: NDArray[np.int64], place: int, spread: Spread) -> None:
        chosen = torch.from_numpy(rows)

        def take(start: int, stop: int) -> None:
            self._vectors[place + start : place + stop] = self._images[chosen[start:stop]]

        spread(take, len(rows))
