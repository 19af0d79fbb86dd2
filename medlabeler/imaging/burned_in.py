"""Whether text may stand in the pixels themselves, as in pictures of ultrasound and secondary captures."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from medlabeler.domain.language import tr

STATED = tr("text is burned into the pixels, the file says")
SUSPECTED = tr("text may be burned into the pixels: it looks so")
LONG_SIDE = 1600
"""Larger pictures are looked at in this size: letters must not be smoothed away."""
LETTERS_IN_LINE = 4
_MOST_PIECES = 2000
"""A mask of more pieces is noise, in which lines are found by chance."""


def suspected(pixels: NDArray[np.uint8]) -> str:
    """`SUSPECTED` if uint8 (h, w, 3) seems to hold a line of letters, else empty.

    Letters are small pieces that are brighter or darker than what is around them, which stand side by side
    on one line and are about equally high. Single letters (L, R) do not count.
    """
    grey = pixels[:, :, 1]
    if max(grey.shape) > LONG_SIDE:
        image = Image.fromarray(np.ascontiguousarray(grey))
        image.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.BOX)
        grey = np.asarray(image)
    low, high = int(grey.min()), int(grey.max())
    if high - low < 60:
        return ""
    edge = (high - low) // 8
    # White, black, and grey letters on the black border that ultrasound has.
    masks = (grey >= high - edge, grey <= low + edge, grey >= low + 3 * edge)
    return SUSPECTED if any(_lines(mask) for mask in masks) else ""


def _lines(mask: NDArray[np.bool_]) -> bool:
    """Whether the pieces of a mask form a line of letters."""
    from scipy import ndimage

    if not 0 < mask.mean() < 0.9:
        return False
    marked, n = ndimage.label(mask, np.ones((3, 3)))
    if n < LETTERS_IN_LINE or n > _MOST_PIECES:
        return False
    size = max(mask.shape)
    found = []
    areas = np.bincount(marked.ravel())[1:]
    for place, area in zip(ndimage.find_objects(marked), areas.tolist(), strict=True):
        top, bottom, left, right = place[0].start, place[0].stop, place[1].start, place[1].stop
        height, width = bottom - top, right - left
        letter = 5 <= height <= max(12, size // 12) and width <= 1.6 * height and area >= height
        # A stroke fills part of its box; dots, blots and specks fill it or hardly touch it.
        if letter and 0.12 <= area / (height * width) <= 0.85:
            found.append((bottom, left, right, height))
    return _in_line(sorted(found))


def _in_line(letters: list[tuple[int, int, int, int]]) -> bool:
    """Whether enough of (bottom, left, right, height), sorted, stand side by side on one line."""
    bottoms = [letter[0] for letter in letters]
    for bottom, _, _, height in letters:
        near = max(1, height // 8)
        few = letters[bisect_left(bottoms, bottom - near) : bisect_right(bottoms, bottom + near)]
        beside = sorted((left, right) for _, left, right, tall in few if 0.75 <= tall / height <= 1.34)
        run, end = 1, beside[0][1]
        for left, right in beside[1:]:
            run = run + 1 if -1 <= left - end <= 1.0 * height else 1
            end = right
            if run >= LETTERS_IN_LINE:
                return True
    return False
