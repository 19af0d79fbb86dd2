"""Which precision to embed in, decided by what it makes of a project's own images."""

from __future__ import annotations

import logging

import numpy as np
from numpy.typing import NDArray

from medlabeler.learning.backbones.embedding import embed
from medlabeler.learning.backbones.likeness import ALIKE, least_cosine
from medlabeler.learning.backbones.loading import Backbone, Precision, choose_precision

_log = logging.getLogger("medlabeler.runtime")


def choose_precision_for(backbone: Backbone, device: str, pictures: NDArray[np.uint8]) -> Precision:
    """What to embed in: `bfloat16` where the device is fast in it and gives these pictures, uint8
    (n, s, s, 3), the vectors that float32 gives; `float32` where it does not, or no picture tells.
    """
    if choose_precision(device) == "float32" or not len(pictures):
        return "float32"

    def vectors(precision: Precision) -> NDArray[np.float16]:
        read = pictures.__getitem__
        n = len(pictures)
        (shard,) = embed(backbone, read, np.arange(n), device=device, precision=precision, shard_size=n + 1)
        return shard.vectors

    cosine = least_cosine(vectors("float32"), vectors("bfloat16"))
    chosen: Precision = "bfloat16" if cosine >= ALIKE else "float32"
    _log.info("bfloat16 has a cosine of %.5f to float32 on %d images: %s", cosine, len(pictures), chosen)
    return chosen
