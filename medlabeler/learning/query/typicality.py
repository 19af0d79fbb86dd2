"""How densely an image is surrounded, from the kNN graph of the map where there is one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from medlabeler.learning.query.situation import Floats, Rows, Situation

NEIGHBOURS = 20
_CHUNK = 1024


def typicality(situation: Situation, rows: Rows) -> NDArray[np.float32]:
    """One over the mean distance of each of `rows` to its nearest neighbours, float32, larger is denser.

    Cosine distances. From the stored graph; without one, to the 20 nearest among `rows` themselves.
    """
    if situation.graph is not None:
        index, distance = situation.graph
        known = (index[rows] >= 0) & np.isfinite(distance[rows])
        total = np.where(known, distance[rows], 0).sum(axis=1)
        mean = total / np.maximum(known.sum(axis=1), 1)
        # An image that the graph does not know is as typical as the least typical.
        mean[~known.any(axis=1)] = mean.max(initial=1.0)
        return np.asarray(1 / np.maximum(mean, 1e-6), np.float32)
    return np.asarray(1 / np.maximum(_mean_distance(situation.features[rows]), 1e-6), np.float32)


def _mean_distance(X: Floats) -> NDArray[np.float32]:
    k = min(NEIGHBOURS, len(X) - 1)
    mean = np.ones(len(X), np.float32)
    if k < 1:
        return mean
    for start in range(0, len(X), _CHUNK):
        similarity = X[start : start + _CHUNK] @ X.T
        own = np.arange(len(similarity))
        similarity[own, own + start] = -np.inf
        top = np.partition(similarity, -k, axis=1)[:, -k:]
        mean[start : start + _CHUNK] = 1 - top.mean(axis=1)
    return mean
