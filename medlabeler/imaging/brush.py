"""Soft shapes and noise, the strokes with which the synthetic sample is drawn."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SIZE = 144
"""Width and height of a picture in pixels."""
BANK = 512
"""Width and height of a noise bank, from which pictures take random parts."""

Field = NDArray[np.float32]


def noise(rng: np.random.Generator, step: int) -> Field:
    """Smooth noise, bumps of about `step` pixels: float32 (BANK, BANK), mean 0, standard deviation 1."""
    coarse = rng.standard_normal((BANK // step + 4, BANK // step + 4)).astype(np.float32)
    smooth = np.asarray(Image.fromarray(coarse).resize((BANK, BANK), Image.Resampling.BICUBIC), np.float32)
    return np.asarray((smooth - smooth.mean()) / smooth.std(), np.float32)


def inside(distance: Field, width: float) -> Field:
    """1 where `distance` (pixels) is negative, 0 where positive, with a soft edge `width` pixels wide."""
    t = np.clip(0.5 - distance / width, 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)


def smooth_max(a: Field, b: Field, width: float) -> Field:
    """The larger of two distances, with the crease rounded over `width` pixels."""
    gap = np.clip(width - np.abs(a - b), 0, None) / width
    return np.asarray(np.maximum(a, b) + gap * gap * width / 4, np.float32)


def segment(u: Field, v: Field, start: tuple[float, float], end: tuple[float, float]) -> Field:
    """Distance to the straight line between two points."""
    du, dv = end[0] - start[0], end[1] - start[1]
    along = np.clip(((u - start[0]) * du + (v - start[1]) * dv) / max(du * du + dv * dv, 1e-6), 0, 1)
    return np.asarray(np.hypot(u - start[0] - along * du, v - start[1] - along * dv), np.float32)


def disc(haemoglobin: Field, eosin: Field, q: Field, radius: float, pallor: float, strength: float) -> None:
    """Add a biconcave red cell to two dyes; `q` is the distance from its middle in units of its outline."""
    mask = inside((q - 1) * radius, 1.6)
    thick = 0.86 - pallor * np.exp(-((q / 0.52) ** 2)) + 0.12 * np.exp(-(((q - 0.86) / 0.13) ** 2))
    haemoglobin += strength * mask * thick * 0.62
    eosin += strength * mask * thick * 0.40
    halo(eosin, q, radius)


def halo(eosin: Field, q: Field, radius: float) -> None:
    """The bright fringe that a lens leaves just outside an edge."""
    eosin -= 0.03 * np.exp(-(((q - 1) * radius - 2.5) ** 2) / 5)


def window(centre: float, reach: float) -> slice:
    """The pixels along one axis that lie within `reach` of `centre`."""
    return slice(max(0, int(centre - reach)), max(0, min(SIZE, int(centre + reach) + 1)))
