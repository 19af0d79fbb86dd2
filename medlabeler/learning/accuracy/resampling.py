"""Bootstrap of balanced accuracies over test groups and draws together, the same for all that is compared."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_BLOCK = 200


def own_groups(groups: NDArray[np.integer[Any]] | None, n: int) -> NDArray[np.int64]:
    """Group codes 0..G-1 (n,); an image without group (-1, or `groups` None) is a group of its own."""
    if groups is None:
        return np.arange(n)
    codes = np.asarray(groups, np.int64).copy()
    alone = codes < 0
    codes[alone] = codes.max(initial=-1) + 1 + np.arange(int(alone.sum()))
    return np.unique(codes, return_inverse=True)[1].astype(np.int64)


def independent_units(
    groups: NDArray[np.integer[Any]] | None, n: int
) -> tuple[NDArray[np.int64], int | None]:
    """What may be taken as independent, codes 0.. (n,), and the code of the images without a group, if some.

    `groups` (n,) codes, -1 where none is known. Where no image has one, each image stands for itself; where
    others have one, those without are one unit: nobody knows which belong together, and to take each for a
    patient of its own would promise too much.
    """
    codes = np.full(n, -1) if groups is None else np.asarray(groups, np.int64)
    if not (codes >= 0).any():
        return np.arange(n), None
    known, units = np.unique(np.where(codes < 0, -1, codes), return_inverse=True)
    return units.astype(np.int64), 0 if known[0] < 0 else None


def count_groups(groups: NDArray[np.integer[Any]] | None, n: int) -> tuple[int | None, int]:
    """Number of different known groups of n images, and of images without one (-1).

    The first is None where no image has a group: an image without group is no group.
    """
    codes = np.full(n, -1) if groups is None else np.asarray(groups)
    known = np.unique(codes[codes >= 0])
    return len(known) or None, int((codes < 0).sum())


def resampled_means(
    predicted: NDArray[np.integer[Any]],
    truth: NDArray[np.integer[Any]],
    groups: NDArray[np.integer[Any]] | None,
    n_classes: int,
    *,
    resamples: int = 2000,
    seed: int = 0,
) -> tuple[Array, Array]:
    """Balanced accuracy averaged over draws, (k,), and over `resamples` bootstrap samples, (resamples, k).

    `predicted` (k, s, m) class codes that each of k series, in each of s draws, gives the m test images;
    `truth` (m,) their codes 0..n_classes-1, `groups` (m,) codes, -1 for images without, or None. One resample
    draws groups (images, where no group is known) and draws with replacement: both the test images and the
    draws are a sample. All series and draws meet the same groups in it, as they did in truth, so that
    differences of its columns are paired. Images without a group, where others have one, count for the
    figure, but its spread is that of the known groups alone: nobody knows which of them belong together, and
    resampled one by one they would promise too much.
    """
    k, n_draws, m = predicted.shape
    units, unknown = independent_units(groups, m)
    n_units = int(units.max()) + 1
    cell = units * n_classes + truth
    cells = n_units * n_classes
    support = np.bincount(cell, minlength=cells).reshape(n_units, n_classes)
    present = support.sum(axis=0) > 0
    support = support[:, present].astype(np.float32)
    n_present = support.shape[1]

    def hits(series: NDArray[np.integer[Any]]) -> NDArray[np.float32]:
        right = [np.bincount(cell[p == truth], minlength=cells).reshape(n_units, -1) for p in series]
        return np.stack(right, axis=1)[:, :, present].reshape(n_units, -1).astype(np.float32)

    def means(times: NDArray[np.float32], seed_times: Array) -> Array:
        n = times @ support
        counted = np.where(n > 0, 1.0, np.nan)[:, None, :]
        result = np.empty((len(times), k))
        for at, series in enumerate(predicted):
            s = (times @ hits(series)).reshape(len(times), n_draws, n_present)
            with np.errstate(invalid="ignore", divide="ignore"):
                per_draw = np.nanmean(counted * s / n[:, None, :], axis=2)
            result[:, at] = np.einsum("bs,bs->b", per_draw, seed_times) / seed_times.sum(axis=1)
        return result

    observed = means(np.ones((1, n_units), np.float32), np.ones((1, n_draws)))[0]
    chance = np.ones(n_units)
    if unknown is not None and n_units > 2:
        chance[unknown] = 0
    centre = means(chance[None].astype(np.float32), np.ones((1, n_draws)))[0]
    n_drawn = int(chance.sum())
    rng = np.random.default_rng(seed)
    blocks = [np.empty((0, k))]
    for start in range(0, resamples, _BLOCK):
        size = min(_BLOCK, resamples - start)
        times = rng.multinomial(n_drawn, chance / n_drawn, size=size).astype(np.float32)
        seed_times = rng.multinomial(n_draws, np.full(n_draws, 1 / n_draws), size=size).astype(np.float64)
        blocks.append(means(times, seed_times))
    return observed, np.concatenate(blocks) + (observed - centre)
