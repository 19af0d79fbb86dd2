"""From embedding to two coordinates: PCA at once, UMAP after."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.cpu_policy import threads
from medlabeler.domain.language import tr
from medlabeler.domain.progress import Progress, SilentProgress

_CHUNK = 8192
_ROUNDING = 1e-5
"""So far from 1 may a length be that counts as 1."""
_FEWEST_FOR_UMAP = 5
_EXACT_UP_TO = (
    1e12  # operations: some ten seconds on two cores, less than the approximate search takes to compile
)
_EPOCHS = (
    (10_000, 500),
    (50_000, 300),
)  # UMAP's own rule: 500 up to 10,000 points, else 200; softened between
_EPOCHS_MANY = 200


@dataclass(frozen=True)
class Layout:
    """The result of UMAP.

    `coords` float32 (n, 2), centred, within -1..1 for all but extreme points; `knn_index` int32 (n, k) and
    `knn_distance` float32 (n, k): the nearest neighbours of each point by cosine distance, nearest first, the
    point itself left out; index -1 and distance inf where there are fewer than k.
    """

    coords: NDArray[np.float32]
    knn_index: NDArray[np.int32]
    knn_distance: NDArray[np.float32]


def pca_layout(X: NDArray[Any]) -> NDArray[np.float32]:
    """First two principal components of X (n, d), float16 or float32, as float32 (n, 2) scaled like
    `Layout.coords`.

    Exact, from the covariance, in two passes over the rows. The sign of each axis is fixed (the entry of
    largest size is positive), so that the picture does not flip between runs. Constant data fall on one
    point.
    """
    n, d = X.shape
    if n == 0:
        return np.empty((0, 2), np.float32)
    total = np.zeros(d)
    for start in range(0, n, _CHUNK):
        total += X[start : start + _CHUNK].sum(axis=0, dtype=np.float64)
    mean = (total / n).astype(np.float32)
    covariance = np.zeros((d, d))
    for start in range(0, n, _CHUNK):
        part = X[start : start + _CHUNK].astype(np.float32) - mean
        covariance += part.T @ part
    axes = _leading_axes(covariance / n)
    coords = np.empty((n, 2), np.float32)
    for start in range(0, n, _CHUNK):
        coords[start : start + _CHUNK] = (X[start : start + _CHUNK].astype(np.float32) - mean) @ axes
    return scaled(coords)


def _leading_axes(covariance: NDArray[np.float64]) -> NDArray[np.float32]:
    from scipy.linalg import eigh

    d = len(covariance)
    if d == 1:
        return np.array([[1, 0]], np.float32)
    _, vectors = eigh(covariance, subset_by_index=(d - 2, d - 1))
    axes = vectors[:, ::-1]
    return np.asarray(axes * np.sign(axes[np.abs(axes).argmax(axis=0), [0, 1]]), np.float32)


def umap_layout(
    X: NDArray[Any],
    *,
    init: NDArray[np.float32] | None = None,
    seed: int | None = None,
    n_neighbors: int = 15,
    min_dist: float = 0.1,
    progress: Progress | None = None,
) -> Layout:
    """UMAP (McInnes et al. 2018, https://arxiv.org/abs/1802.03426) of X (n, d) by cosine distance.

    Starts from `init` (n, 2), by default the PCA layout, so that the picture moves instead of jumping. With
    `seed` the result is the same on every run and one thread works; without it `cpu_policy.threads()` do.
    Fewer than five points, or points that are all the same, keep their PCA layout. Images that are equal stay
    close but apart. `progress` hears of the stages only; `Cancelled` is raised between them.
    """
    progress = progress or SilentProgress()
    n = len(X)
    start = pca_layout(X) if init is None else np.asarray(init, np.float32)
    k = min(n_neighbors, n - 1)
    points = _unit(X)
    if n < _FEWEST_FOR_UMAP or k < 2 or not np.any(np.ptp(points, axis=0) > 1e-6):
        index, distance = _exact_neighbours(points, max(k, 0))
        return Layout(scaled(start), index, distance)
    progress.report(0, 3, tr("Preparing UMAP"))
    import pynndescent  # noqa: F401 - the import is part of the preparation
    from threadpoolctl import threadpool_limits
    from umap import UMAP

    progress.check()
    progress.report(1, 3, tr("Finding neighbours"))
    if 2.0 * n * n * points.shape[1] <= _EXACT_UP_TO:
        with threadpool_limits(threads(), user_api="blas"):
            index, distance = _exact_neighbours(points, k, progress)
    elif (found := _by_card(points, k, progress)) is not None:
        index, distance = found
    else:
        index, distance = _approximate_neighbours(points, k, seed)
    progress.check()
    progress.report(2, 3, tr("Laying out the map"))
    # UMAP counts a point as its own first neighbour.
    with_self = (
        np.column_stack([np.arange(n, dtype=np.int32), index]),
        np.column_stack([np.zeros(n, np.float32), distance]),
    )
    with warnings.catch_warnings():
        # It warns that a seed means one thread, and that new points cannot be transformed: both are known.
        warnings.simplefilter("ignore")
        model = UMAP(
            n_neighbors=k + 1,
            min_dist=min_dist,
            metric="cosine",
            init=_spread(start, seed),
            n_epochs=next((epochs for most, epochs in _EPOCHS if n <= most), _EPOCHS_MANY),
            random_state=seed,
            n_jobs=_numba_threads(seed),
            precomputed_knn=(*with_self, None),
            force_approximation_algorithm=True,
        )
        coords = model.fit_transform(points)
    progress.report(3, 3, tr("Laying out the map"))
    lost = ~np.isfinite(coords).all(axis=1)
    if lost.any():
        # Points without any neighbour in the graph: UMAP has no place for them.
        coords[lost] = start[lost] * np.abs(coords[~lost]).max(initial=1.0)
    return Layout(scaled(coords), index, distance)


def _by_card(
    points: NDArray[np.float32], k: int, progress: Progress
) -> tuple[NDArray[np.int32], NDArray[np.float32]] | None:
    """All neighbours, exactly; None without a graphics card that has room for it."""
    from medlabeler.learning.device import card_for, out_of_memory
    from medlabeler.learning.nearest import nearest_on_card

    card = card_for(points.nbytes)
    if card is None:
        return None
    try:
        return nearest_on_card(points, k, card, progress)
    except RuntimeError as error:
        if not out_of_memory(error):
            raise
        return None  # another program took it meanwhile


def _numba_threads(seed: int | None) -> int:
    """What the next stage may use."""
    return 1 if seed is not None else threads()


def scaled(coords: NDArray[Any]) -> NDArray[np.float32]:
    """Centre and scale, the same on both axes, so that all but the outermost points lie within -1..1."""
    coords = np.asarray(coords, np.float32)
    if len(coords) == 0:
        return coords
    low, high = np.quantile(coords, [0.005, 0.995], axis=0)
    if len(coords) < 400:
        low, high = coords.min(axis=0), coords.max(axis=0)
    half = float((high - low).max() / 2)
    return np.asarray((coords - (low + high) / 2) / (half if half > 1e-12 else 1.0), np.float32)


def _unit(X: NDArray[Any]) -> NDArray[np.float32]:
    """Float32 rows of length 1, X itself where it is that: a second one of a million images is 1.5 GB. A zero
    row becomes the first axis, since cosine distance knows no zero.
    """
    norm = np.empty(len(X), np.float32)
    for start in range(0, len(X), _CHUNK):
        part = X[start : start + _CHUNK].astype(np.float32, copy=False)
        norm[start : start + _CHUNK] = np.linalg.norm(part, axis=1)
    if X.dtype == np.float32 and X.flags.c_contiguous and np.all(np.abs(norm - 1) <= _ROUNDING):
        return X
    points = np.array(X, dtype=np.float32)
    zero = norm == 0
    norm[zero] = 1
    points /= norm[:, None]
    points[zero, 0] = 1
    return points


def _spread(coords: NDArray[np.float32], seed: int | None) -> NDArray[np.float32]:
    """PCA in the size that UMAP starts from, with a little noise so that equal images can part."""
    rng = np.random.default_rng(seed)
    return np.asarray(10 * scaled(coords) + rng.normal(0, 1e-3, coords.shape), np.float32)


def _exact_neighbours(
    points: NDArray[np.float32], k: int, progress: Progress | None = None
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    n = len(points)
    index = np.full((n, k), -1, np.int32)
    distance = np.full((n, k), np.inf, np.float32)
    if k == 0:
        return index, distance
    for start in range(0, n, 1024):
        if progress is not None:
            progress.check()
        similarity = points[start : start + 1024] @ points.T
        own = np.arange(len(similarity))
        similarity[own, own + start] = -np.inf
        nearest = np.argpartition(-similarity, k - 1, axis=1)[:, :k]
        values = np.take_along_axis(similarity, nearest, axis=1)
        order = np.argsort(-values, axis=1, kind="stable")
        index[start : start + 1024] = np.take_along_axis(nearest, order, axis=1)
        distance[start : start + 1024] = np.maximum(1 - np.take_along_axis(values, order, axis=1), 0)
    return index, distance


def _approximate_neighbours(
    points: NDArray[np.float32], k: int, seed: int | None
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """What is held to search, as much as the points and more, is gone when it returns."""
    from pynndescent import NNDescent

    search = NNDescent(
        points,
        metric="cosine",
        n_neighbors=k + 1,
        random_state=seed,
        n_jobs=_numba_threads(seed),
        low_memory=True,
        compressed=False,
    )
    return _without_self(*search.neighbor_graph)


def _without_self(
    index: NDArray[np.int32], distance: NDArray[np.float32]
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Drop each point from its own neighbours; among equal points it need not come first, or at all."""
    n, k = index.shape
    own = index == np.arange(n)[:, None]
    # Where a point does not list itself its last neighbour goes.
    own[~own.any(axis=1), k - 1] = True
    first = own.argmax(axis=1)
    keep = np.arange(k)[None, :] != first[:, None]
    return (
        index[keep].reshape(n, k - 1).astype(np.int32),
        np.maximum(distance[keep].reshape(n, k - 1), 0).astype(np.float32),
    )
