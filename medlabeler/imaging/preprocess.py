"""What a backbone sees of an image: one definition for embedding, training and the exported bundle."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from medlabeler.imaging import apart
from medlabeler.imaging.reader_messages import Preprocessed
from medlabeler.imaging.readers import Picture
from medlabeler.imaging.rendering import DEFAULT, Rendering
from medlabeler.imaging.unreadable import UnreadableImage

Interpolation = Literal["bicubic", "bilinear"]
Views = Literal["", "turned", "mirrored"]

TURNED: Views = "turned"
"""Four quarter turns and a closer look: for what has no orientation."""
MIRRORED: Views = "mirrored"
"""As it is, mirrored, and a closer look: for what has an upper side."""
LOOKS: dict[Views, int] = {"": 1, TURNED: 5, MIRRORED: 3}
"""How often an image is looked at, by the name of its views."""
_FILTERS = {"bicubic": Image.Resampling.BICUBIC, "bilinear": Image.Resampling.BILINEAR}
DETAIL = 4
"""A JPEG is decoded no smaller than so many pixels, each way, for one that a backbone sees. What the decoder
leaves out is not what smoothing leaves out: at 1 vectors had a cosine of .988 to those of the whole picture,
at 3 of .998, at 4 of .9994 (the least of 36 pictures of 448 to 2,688 pixels, EfficientNet-Lite0 and the
starter).
"""
MOST_SIZE = 4096
"""Pixels of a side; the largest networks see some hundred, and memory grows with its fourth power."""


@dataclass(frozen=True)
class Preprocessing:
    """Resize the whole image to `size` x `size` pixels, then (value / 255 - mean) / std for each of R, G, B.

    There is no centre crop: a lesion may lie at the rim. `rendering`: how numbers of more than 8 bits, or
    several channels, become RGB before that. `views`: an embedding is the mean over several looks at the
    image, which the network makes (`learning.backbones.views`); empty for one.
    """

    size: int = 224
    mean: tuple[float, float, float] = (0.485, 0.456, 0.406)
    std: tuple[float, float, float] = (0.229, 0.224, 0.225)
    interpolation: Interpolation = "bicubic"
    rendering: Rendering = DEFAULT
    views: Views = ""

    def read(self, path: str | Path, digest: str | None = None) -> NDArray[np.uint8]:
        """What a backbone sees of an image, uint8 (size, size, 3); raises as `apart.read_rgb` does."""
        wanted = Preprocessed(self.size, self.interpolation, self.rendering)
        return apart.preprocessed(wanted, Path(path), digest)

    def read_many(
        self, images: Sequence[tuple[str, str | None]]
    ) -> list[NDArray[np.uint8] | UnreadableImage]:
        """`read` of several images, each a path and its digest or None; in place of one unread, the error."""
        return apart.preprocessed_many(Preprocessed(self.size, self.interpolation, self.rendering), images)

    def resized(self, picture: Picture | NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The picture (or its uint8 (h, w, 3) pixels) as uint8 (size, size, 3), smoothed before it is made
        smaller.
        """
        pixels = picture.pixels if isinstance(picture, Picture) else picture
        return resized(pixels, self.size, self.interpolation)

    def normalised(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        """uint8 (..., h, w, 3) to float32 (..., 3, h, w), as networks take it."""
        mean, std = np.array(self.mean, np.float32), np.array(self.std, np.float32)
        values = (pixels.astype(np.float32) / np.float32(255) - mean) / std
        return np.ascontiguousarray(np.moveaxis(values, -1, -3), dtype=np.float32)

    def to_dict(self) -> dict[str, Any]:
        """JSON-able; `from_dict` is its inverse."""
        facts = {**asdict(self), "mean": list(self.mean), "std": list(self.std)}
        del facts["rendering"]
        # Left out where nothing was chosen, so that embeddings of before keep their key.
        if not self.views:
            del facts["views"]
        return facts if self.rendering.is_default else {**facts, "rendering": self.rendering.to_json()}

    @classmethod
    def from_dict(cls, facts: dict[str, Any]) -> Preprocessing:
        """From the JSON of `to_dict`; `ValueError` for what is not a preprocessing."""
        try:
            mean, std = (tuple(float(v) for v in facts[name]) for name in ("mean", "std"))
            size, interpolation = int(facts["size"]), facts["interpolation"]
            views, known = facts.get("views", ""), interpolation in _FILTERS
        except (KeyError, TypeError, OverflowError) as error:
            raise ValueError("not a preprocessing") from error
        if len(mean) != 3 or len(std) != 3 or not known or not 1 <= size <= MOST_SIZE:
            raise ValueError("not a preprocessing")
        if not all(map(math.isfinite, (*mean, *std))) or min(std) <= 0:
            raise ValueError("not a preprocessing")
        if not isinstance(views, str) or views not in LOOKS:
            raise ValueError("not a preprocessing")
        rendering = Rendering.from_json(facts.get("rendering"))
        return cls(size, mean, std, interpolation, rendering, views)


def resized(pixels: NDArray[np.uint8], size: int, interpolation: Interpolation) -> NDArray[np.uint8]:
    """Pixels (h, w, 3) as (size, size, 3), smoothed before they are made smaller."""
    if pixels.shape[:2] == (size, size):
        return pixels
    image = Image.fromarray(np.ascontiguousarray(pixels))
    return np.asarray(image.resize((size, size), _FILTERS[interpolation]))
