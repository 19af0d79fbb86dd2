"""The nearest neighbours of every image by comparing all with all, on a graphics card.

It takes a card about as long as the approximate search of the processor takes to begin, and misses none.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from medlabeler.domain.progress import Progress, SilentProgress
from medlabeler.learning.device import Card, Returning

_SIMILARITIES = 5e8
"""Similarities that the card holds at once: 2 GB."""


def nearest_on_card(
    points: NDArray[np.float32], k: int, card: Card, progress: Progress | None = None
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """The `k` < n nearest of each of the points (n, d), of length 1, itself left out, nearest first.

    Index int32 (n, k) and cosine distance float32 (n, k). `Cancelled` is raised between parts.
    """
    progress = progress or SilentProgress()
    n = len(points)
    index, distance = np.empty((n, k), np.int32), np.empty((n, k), np.float32)
    there = torch.from_numpy(points).to(card.name)
    returning = Returning(card)
    block = max(1, min(n, int(_SIMILARITIES / n)))
    for start in range(0, n, block):
        progress.check()
        similarity = there[start : start + block] @ there.T
        own = torch.arange(len(similarity), device=card.name)
        similarity[own, own + start] = -torch.inf
        value, which = similarity.topk(k, dim=1)
        slice_ = slice(start, start + len(similarity))
        returning.send(which.int(), torch.from_numpy(index[slice_]))
        returning.send((1 - value).clamp_(min=0), torch.from_numpy(distance[slice_]))
    returning.finish()
    return index, distance
