"""Images that are no files: arrays, and pictures that Pillow has opened."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from medlabeler.imaging.families import common
from medlabeler.imaging.unreadable import NotSupported
from medlabeler.learning.looks import Look

InMemory = NDArray[np.uint8] | Image.Image


def pixels_of(image: InMemory) -> NDArray[np.uint8]:
    """Uint8 (h, w, 3) as of a file of that picture; `ValueError` for what holds something else."""
    if isinstance(image, Image.Image):
        try:
            return common.pixels_of(image)
        except NotSupported as error:
            raise ValueError(f"it {error}") from error
    if image.dtype == np.uint8 and image.ndim == 2:
        image = np.repeat(image[:, :, None], 3, axis=2)
    if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3 or not image.size:
        raise ValueError(
            f"it is {image.dtype} of shape {image.shape}, not uint8 (height, width, 3) of red, green and blue"
        )
    return image


def look_of(image: InMemory) -> Look:
    """What a picture is like, as it is told of files: many read files in an order of colours of their own."""
    pixels = pixels_of(image)
    red, green, blue = pixels.mean(axis=(0, 1), dtype=np.float64).tolist()
    return Look(_mode(image, pixels), min(pixels.shape[:2]), (red, green, blue))


def _mode(image: InMemory, pixels: NDArray[Any]) -> str:
    """Pillow's own word; of an array by what it holds, as nothing else tells a grey one of three channels."""
    if isinstance(image, Image.Image):
        return image.mode
    grey = bool((pixels[..., 0] == pixels[..., 1]).all() and (pixels[..., 1] == pixels[..., 2]).all())
    return "L" if grey else "RGB"
