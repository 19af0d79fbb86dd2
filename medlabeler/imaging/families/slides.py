"""Whole slides, through OpenSlide (an extra): opened, searched for tissue, and read patch by patch.

A slide is never decoded as a whole. Where the tissue lies is found on a small overview, by the distance from
the colour of the empty glass, split by the threshold of N. Otsu (1979), "A threshold selection method from
gray-level histograms".
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.language import tr
from medlabeler.domain.regular_files import size
from medlabeler.imaging import decoding_time
from medlabeler.imaging.parts import Part, Patches
from medlabeler.imaging.unreadable import Damaged, NotSupported, TooLarge, check_size

SUFFIXES = frozenset({".svs", ".svslide", ".ndpi", ".mrxs", ".scn", ".bif"})
"""Files that are whole slides, whatever lies beside them; a TIFF may be one."""
TIFF_SUFFIXES = frozenset({".tif", ".tiff"})
INSTALL = "pip install 'medlabeler[slides]'"
OVERVIEW = 1024
"""Pixels of the longer side of the picture on which tissue is looked for."""
BLOCK = 2048
"""Pixels of the side of what is decoded at once for it."""
MOST_FOR_OVERVIEW = 1_000_000_000
"""Pixels of the smallest level that are looked through at most."""
MOST_PATCHES = 50_000
LARGE_TIFF = 30_000_000
"""Bytes from which a TIFF may be a whole slide."""
LEAST_SCALE = 0.45
"""Pixels of a slide for one of a patch; with fewer the patch shows what was not scanned."""
LEAST_TISSUE = 0.1
"""Share of a patch that must be tissue."""
GLASS, MARKED = 8, 40
"""Distances from the colour of the glass: as near is always glass, as far is always tissue (0 to 255)."""
BRIGHT, DARK, INK = 200, 40, 20
"""All channels of empty glass are as bright, or of an empty field of fluorescence as dark; ink is darker."""
UNFOLDED, MOST_UNFOLDED = 4_000_000_000, 2000
"""Bytes of pixels that a slide may always say to hold, and how many each byte of a larger one may stand for.
Empty glass packs well, and tiles may be left out.
"""


def available() -> bool:
    """Whether slides can be read here; looks for the packages without loading them."""
    return all(importlib.util.find_spec(name) is not None for name in ("openslide", "openslide_bin"))


class Slide:
    """An open slide. `NotSupported` without the extra or for what is no slide, `Damaged`, or `TooLarge`."""

    def __init__(self, file: Path) -> None:
        try:
            import openslide
        except (ImportError, OSError):
            raise NotSupported(
                tr("is a whole slide, which is read with the extra slides ({install})", install=INSTALL)
            ) from None
        try:
            self._slide: Any = openslide.OpenSlide(str(file))
        except openslide.OpenSlideUnsupportedFormatError:
            raise NotSupported(tr("is no whole slide that OpenSlide reads")) from None
        except openslide.OpenSlideError as error:
            raise Damaged from error
        self._error = openslide.OpenSlideError
        self.sizes: tuple[tuple[int, int], ...] = tuple(self._slide.level_dimensions)
        """Width and height of each level, the largest first."""
        self.downsamples: tuple[float, ...] = tuple(map(float, self._slide.level_downsamples))
        width, height = self.sizes[0]
        n_bytes = file.stat().st_size if file.suffix.lower() != ".mrxs" else UNFOLDED
        if 3 * width * height > max(UNFOLDED, MOST_UNFOLDED * n_bytes):
            raise TooLarge(
                tr(
                    "says to hold {pixels} of pixels in {file}, which no slide does, so it is not opened",
                    pixels=size(3 * width * height),
                    file=size(n_bytes),
                )
            )
        colour = str(self._slide.properties.get("openslide.background-color", "")) or "ffffff"
        self._empty = tuple(int(colour[k : k + 2], 16) for k in (0, 2, 4))

    def downsample(self, level: int) -> float:
        """How many pixels of the largest level make one of `level`; `NotSupported` if it is not there."""
        if level >= len(self.sizes):
            raise NotSupported(
                tr("has no level {level}: its smallest is {last}", level=level, last=len(self.sizes) - 1)
            )
        return self.downsamples[level]

    def read(self, place: tuple[int, int], level: int, shape: tuple[int, int]) -> NDArray[np.uint8]:
        """Pixels uint8 (h, w, 3) of a level, `shape` (width, height) of them from `place` (x, y), which
        counts in pixels of the largest level. What is not there has the colour of the glass.
        """
        self.downsample(level)
        try:
            region = np.asarray(self._slide.read_region(place, level, shape))
        except self._error as error:
            raise Damaged from error
        alpha = region[:, :, 3:].astype(np.uint16)
        mixed = region[:, :, :3] * alpha + np.array(self._empty, np.uint16) * (255 - alpha)
        return np.asarray((mixed + 127) // 255, np.uint8)

    def spacing_mm(self, level: int) -> tuple[float, float] | None:
        """Millimetres from pixel to pixel of a level, down and across, where the scanner told."""
        try:
            down, across = (float(self._slide.properties[f"openslide.mpp-{axis}"]) / 1000 for axis in "yx")
        except (KeyError, ValueError):
            return None
        scale = self.downsample(level)
        return (down * scale, across * scale) if 0 < min(down, across) <= max(down, across) < 1 else None

    def cut(self, patches: Patches) -> tuple[Part, float]:
        """What all patches have in their names, and how many pixels of the largest level make one of theirs.

        `NotSupported` for a level that is not there, a slide that does not say how large its pixels are where
        that alone counts, and one scanned so coarsely that a patch had to be enlarged more than twice.
        """
        spacing = self.spacing_mm(0)
        if not patches.mpp or (spacing is None and patches.level >= 0):
            return Part(slide=patches.side, level=patches.level), self.downsample(patches.level)
        if spacing is None:
            raise NotSupported(tr("does not say how many microns its pixels have; choose a level (--level)"))
        own = 1000 * sum(spacing) / 2
        scale = patches.mpp / own
        if scale < LEAST_SCALE:
            raise NotSupported(
                tr(
                    "has pixels of {own:.3g} µm, too coarse for patches with pixels of {wanted:g} µm",
                    own=own,
                    wanted=patches.mpp,
                )
            )
        finer = [level for level, downsample in enumerate(self.downsamples) if downsample <= 1.01 * scale]
        return Part(slide=patches.side, mpp=patches.mpp, level=max(finer, default=0)), scale

    def region(self, box: tuple[int, int, int, int], level: int, shape: tuple[int, int]) -> NDArray[np.uint8]:
        """Pixels uint8 (h, w, 3) of a box (x, y, width, height) of the largest level, read from `level` and
        resized to `shape` (width, height) where they are more or fewer. Raises `TooLarge`.
        """
        from PIL import Image

        downsample = self.downsample(level)
        there = (max(1, round(box[2] / downsample)), max(1, round(box[3] / downsample)))
        check_size(*there, bytes_per_pixel=4)
        pixels = self.read(box[:2], level, there)
        if there == shape:
            return pixels
        return np.asarray(Image.fromarray(pixels).resize(shape, Image.Resampling.BICUBIC))

    def patches(self, side: int, scale: float) -> Iterator[tuple[int, int, int, int]]:
        """Boxes (x, y, width, height) in pixels of the largest level, row by row, of the squares that hold
        tissue, of `side` pixels, each `scale` pixels of that level. What is left of the rim is no patch.
        Raises `TooLarge`.
        """
        step = max(1, round(side * scale))
        width, height = self.sizes[0]
        across, down = width // step, height // step
        if across * down > 20 * MOST_PATCHES:
            raise _too_many(across * down)
        tissue, scale = self._tissue(step)
        # Sums over rectangles from a table of sums: `sums[y, x]` is what lies above and to the left.
        sums = np.pad(tissue, ((1, 0), (1, 0))).cumsum(0, np.int64).cumsum(1)
        at_y = np.minimum(np.round(np.arange(down + 1) * step / scale).astype(int), tissue.shape[0])
        at_x = np.minimum(np.round(np.arange(across + 1) * step / scale).astype(int), tissue.shape[1])
        corners = sums[np.ix_(at_y, at_x)]
        held = corners[1:, 1:] - corners[:-1, 1:] - corners[1:, :-1] + corners[:-1, :-1]
        area = np.maximum(np.outer(np.diff(at_y), np.diff(at_x)), 1)
        rows, columns = np.nonzero(held >= np.maximum(LEAST_TISSUE * area, 1))
        if len(rows) > MOST_PATCHES:
            raise _too_many(len(rows))
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
            yield column * step, row * step, step, step

    def _tissue(self, step: int) -> tuple[NDArray[np.bool_], float]:
        """Where tissue lies on an overview, and how many pixels of the largest level one of it is; fine
        enough for squares of `step` of those.
        """
        overview, scale = self._overview(step)
        # The glass is what there is most of among the brightest, or among the darkest with fluorescence.
        flat = overview.reshape(-1, 3).astype(np.int16)
        plain = flat[(flat.min(1) >= BRIGHT) | (flat.max(1) <= DARK)]
        glass = np.median(plain, axis=0) if len(plain) else np.array(self._empty)
        distance = np.abs(overview.astype(np.int16) - glass).max(axis=2).astype(np.uint8)
        tissue = distance > np.clip(_otsu(distance), GLASS, MARKED)
        if glass.min() >= BRIGHT:
            # A pen's marks, and what the scanner left black.
            tissue &= overview.max(axis=2) > INK
        return tissue, scale

    def _overview(self, step: int) -> tuple[NDArray[np.uint8], float]:
        """RGB with sides up to `OVERVIEW`, and how many pixels of the largest level one of it is."""
        from PIL import Image

        width, height = self.sizes[0]
        scale = max(1.0, min(max(width, height) / OVERVIEW, step / 4))
        level = int(self._slide.get_best_level_for_downsample(scale))
        n_pixels = self.sizes[level][0] * self.sizes[level][1]
        if n_pixels > MOST_FOR_OVERVIEW:
            raise TooLarge(
                tr("has no small level on which tissue could be looked for, and is too large to do without")
            )
        decoding_time.more(4 * n_pixels)
        overview = np.empty((max(1, int(height / scale)), max(1, int(width / scale)), 3), np.uint8)
        # Block by block, so that a slide without small levels takes no more memory than one with.
        side = max(1, int(BLOCK * self.downsamples[level] / scale))
        for top in range(0, overview.shape[0], side):
            for left in range(0, overview.shape[1], side):
                part = overview[top : top + side, left : left + side]
                held = scale / self.downsamples[level]
                shape = (max(1, round(part.shape[1] * held)), max(1, round(part.shape[0] * held)))
                pixels = Image.fromarray(self.read((round(left * scale), round(top * scale)), level, shape))
                part[:] = np.asarray(pixels.resize(part.shape[1::-1], Image.Resampling.BOX))
        return overview, scale


def _too_many(n: int) -> TooLarge:
    return TooLarge(
        tr(
            "would be cut into {n:,} patches; choose larger ones or a smaller level (at most {most:,})",
            n=n,
            most=MOST_PATCHES,
        )
    )


def _otsu(values: NDArray[np.uint8]) -> float:
    """The threshold of two classes with the largest variance between them."""
    counts = np.bincount(values.reshape(-1), minlength=256).astype(np.float64)
    below = counts.cumsum()
    above = below[-1] - below
    sums = (counts * np.arange(256)).cumsum()
    with np.errstate(divide="ignore", invalid="ignore"):
        between = below * above * (sums / below - (sums[-1] - sums) / above) ** 2
    return float(np.nanargmax(between)) if np.isfinite(between).any() else 0.0
