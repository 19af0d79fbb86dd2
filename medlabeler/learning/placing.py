"""Where images go on a map that was laid out without them: beside the images that are most like them.

Laying out takes seconds to minutes, and images arrive one shard after another. Until all are there, each
later one takes a place among its nearest neighbours on the map, and keeps it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

NEIGHBOURS = 5
ANCHORS = 2000
"""Of a larger map so many images, drawn at random, stand for all: a place need not be exact."""
_CHUNK = 4096


def placed(
    X: NDArray[np.float32], coords: NDArray[np.float32], rows: NDArray[np.int64], seed: int = 0
) -> NDArray[np.float32]:
    """`coords` float32 (n, 2), NaN for images without a place, with places for those of `rows`.

    X float32 (n, d) are prepared embeddings of length 1. Images that have a place keep it. A new one stands
    at the median of its five nearest neighbours (by cosine) among them, so that it joins the cluster of most
    of them instead of the gap between two, and a little aside, by as much as they lie apart. Without any
    image that has a place nobody gets one.
    """
    out = coords.copy()
    here = np.isfinite(coords[:, 0])
    new = rows[~here[rows]]
    anchors = np.flatnonzero(here)
    if len(anchors) > ANCHORS:
        anchors = np.sort(np.random.default_rng(seed).choice(anchors, ANCHORS, replace=False))
    if not len(anchors) or not len(new):
        return out
    k = min(NEIGHBOURS, len(anchors))
    # The same image is moved aside in the same way whenever it is placed.
    aside = np.random.default_rng(seed).standard_normal((len(coords), 2)).astype(np.float32)
    for start in range(0, len(new), _CHUNK):
        part = new[start : start + _CHUNK]
        similarity = X[part] @ X[anchors].T
        nearest = anchors[np.argpartition(-similarity, k - 1, axis=1)[:, :k]]
        around = coords[nearest]
        middle = np.median(around, axis=1)
        apart = np.median(np.abs(around - middle[:, None]).max(axis=2), axis=1)
        out[part] = middle + aside[part] * (apart / 2)[:, None]
    return out
