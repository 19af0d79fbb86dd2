"""From embedding to two coordinates: PCA at once, UMAP after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.progress import Progress


@dataclass(frozen=True)
class Layout:
    """Coordinates float32 (n, 2) in about -1..1, and the kNN graph: int32 indices and float32 distances (n, k)."""

    coords: NDArray[np.float32]
    knn_index: NDArray[np.int32]
    knn_distance: NDArray[np.float32]


def pca_layout(X: NDArray[Any], seed: int = 0) -> NDArray[np.float32]:
    """First two principal components of X (n, d) as float32 (n, 2), in about -1..1."""
    raise NotImplementedError


def umap_layout(
    X: NDArray[Any],
    *,
    init: NDArray[np.float32] | None = None,
    seed: int | None = None,
    n_neighbors: int = 15,
    progress: Progress | None = None,
) -> Layout:
    """UMAP of X (n, d)."""
    raise NotImplementedError
