"""How densely an image is surrounded, from the kNN graph of the map where there is one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from medlabeler.learning.at_once import rows_at_once
from medlabeler.learning.query.situation import Floats, Graph, Rows, Situation, never

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
    mean = np.ones(len(rows))
    if len(rows) > 1:
        found = exact_graph(situation.features, rows, check=situation.check)
        mean = found[1][rows].mean(axis=1)
    return np.asarray(1 / np.maximum(mean, 1e-6), np.float32)


def exact_graph(X: Floats, rows: Rows, k: int = NEIGHBOURS, check: Callable[[], None] = never) -> Graph:
    """The k nearest of `rows` to each of `rows` by cosine distance, as `Situation.graph`; -1 and nan for all
    other rows of X (n, d). `check` is called now and then, and may raise.
    """
    k = max(0, min(k, len(rows) - 1))
    index = np.full((len(X), k), -1, np.int32)
    distance = np.full((len(X), k), np.nan, np.float32)
    Z = X[rows]
    together = rows_at_once(len(rows), _CHUNK)
    for start in range(0, len(rows) if k else 0, together):
        check()
        similarity = Z[start : start + together] @ Z.T
        own = np.arange(len(similarity))
        similarity[own, own + start] = -np.inf
        best = np.argpartition(-similarity, k - 1, axis=1)[:, :k]
        part = rows[start : start + together]
        index[part] = rows[best]
        distance[part] = 1 - np.take_along_axis(similarity, best, axis=1)
    return index, distance
