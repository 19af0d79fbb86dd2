"""k-means in numpy, and which images of a cluster lie in its middle."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from medlabeler.learning.query.situation import Floats, never

ROUNDS = 10
_TRIALS = 3
_CHUNK = 4096


def kmeans(
    X: Floats,
    k: int,
    rng: np.random.Generator,
    weights: NDArray[np.floating] | None = None,
    check: Callable[[], None] = never,
) -> tuple[Floats, NDArray[np.int64]]:
    """Centres float32 (at most k, d) of X (n, d) and the cluster of each row, by Lloyd's algorithm.

    Starts from k-means++ (Arthur and Vassilvitskii 2007) and ends after ten rounds or when nothing
    moves: query strategies need clusters that cover the images, not the last decimal. `weights` (n,) count
    an image several times. `check` is called before each round, and may raise.
    """
    w = np.ones(len(X)) if weights is None else np.asarray(weights, np.float64)
    centres = _plus_plus(X, min(k, len(X)), rng, w, check)
    cluster = nearest(X, centres)
    for _ in range(ROUNDS):
        check()
        centres = _means(X, cluster, len(centres), w)
        moved = nearest(X, centres)
        if np.array_equal(moved, cluster):
            break
        cluster = moved
    return centres, cluster


def nearest(X: Floats, centres: Floats) -> NDArray[np.int64]:
    """The nearest of `centres` (k, d) for each row of X (n, d)."""
    result = np.empty(len(X), np.int64)
    half = 0.5 * np.einsum("ij,ij->i", centres, centres)
    for start in range(0, len(X), _CHUNK):
        result[start : start + _CHUNK] = (X[start : start + _CHUNK] @ centres.T - half).argmax(axis=1)
    return result


def place_in_cluster(cluster: NDArray[np.int64], score: NDArray[np.floating]) -> NDArray[np.int64]:
    """How many of its cluster score higher than each row, 0 for the best: int64 (n,)."""
    order = np.lexsort((-score, cluster))
    starts = np.searchsorted(cluster[order], cluster)
    place = np.empty(len(cluster), np.int64)
    place[order] = np.arange(len(cluster))
    return np.asarray(place - starts, np.int64)


def _plus_plus(
    X: Floats, k: int, rng: np.random.Generator, w: NDArray[np.float64], check: Callable[[], None]
) -> Floats:
    """Rows drawn one after the other with a chance that grows with the squared distance to those drawn, of
    three each time the one that brings the images nearest to the centres.
    """
    lengths = np.einsum("ij,ij->i", X, X)[:, None]
    chosen: list[int] = []
    distance = np.full((len(X), 1), np.inf)
    chance = np.cumsum(w)
    while len(chosen) < k and chance[-1] > 1e-9 * len(X):
        check()
        tried = np.searchsorted(chance, rng.random(_TRIALS) * chance[-1]).clip(0, len(X) - 1)
        away = np.minimum(distance, np.maximum(lengths + lengths[tried].T - 2 * (X @ X[tried].T), 0))
        best = int((w @ away).argmin())
        chosen.append(int(tried[best]))
        distance = away[:, [best]]
        chance = np.cumsum(distance[:, 0] * w)
    return X[chosen]


def _means(X: Floats, cluster: NDArray[np.int64], k: int, w: NDArray[np.float64]) -> Floats:
    """Means of the clusters that have a member."""
    from scipy.sparse import csr_array

    order = np.argsort(cluster, kind="stable")
    starts = np.searchsorted(cluster[order], np.arange(k + 1))
    starts = starts[np.append(np.diff(starts) > 0, True)]
    members = csr_array((w[order].astype(np.float32), order, starts), shape=(len(starts) - 1, len(X)))
    return np.asarray(members @ X / members.sum(axis=1)[:, None], np.float32)
