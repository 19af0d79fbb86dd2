"""Whether vectors that were made in another way are the same for all that is done with them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

ALIKE = 0.999
"""Least cosine, over the images that were looked at, between a vector and that of torch in float32."""
LOOKED_AT = 16
"""Images that tell: all layers are the same for each, and the least of them counts."""


def least_cosine(vectors: NDArray[np.floating], others: NDArray[np.floating]) -> float:
    """The least cosine between rows of two arrays (n, d); 0 for what is no number, or of another shape."""
    if vectors.shape != others.shape or not len(vectors):
        return 0.0
    a, b = vectors.astype(np.float64), others.astype(np.float64)
    lengths = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
    same = (a == b).all(axis=1)  # two zeros are alike
    cosines = np.where(same, 1.0, (a * b).sum(axis=1) / np.where(lengths > 0, lengths, np.inf))
    return float(np.nan_to_num(cosines, nan=0.0).min())
