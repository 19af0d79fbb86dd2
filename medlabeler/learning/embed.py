"""Images to embeddings, in batches, with reading overlapping the forward pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.progress import Progress
from medlabeler.learning.backbones import Backbone


@dataclass(frozen=True)
class Shard:
    """`rows` int64 (m,), `vectors` float16 (m, dim), `failed` [(row, reason)] for images that could not be read."""

    rows: NDArray[np.int64]
    vectors: NDArray[np.float16]
    failed: list[tuple[int, str]]


def embed(
    backbone: Backbone,
    read: Callable[[int], NDArray[np.uint8]],
    rows: NDArray[np.integer[Any]],
    *,
    device: str,
    precision: str,
    batch_size: int | None = None,
    shard_size: int = 1024,
    progress: Progress | None = None,
) -> Iterator[Shard]:
    """Yield shards of embeddings of the images `rows`."""
    raise NotImplementedError
