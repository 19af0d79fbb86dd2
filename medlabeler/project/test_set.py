"""Drawing a test set by whole groups, with the chance each image had of being drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.errors import UserError
from medlabeler.domain.types import LabelKind, Split

REPEATS = 4000
"""Draws repeated to estimate inclusion probabilities: a standard error of at most 0.008 for a group of a size
of its own, less where groups share a size.
"""


@dataclass(frozen=True)
class Reservation:
    """`rows` int64 (m,), sorted, and the `probability` float64 (m,), 0..1, with which each was drawn."""

    rows: NDArray[np.int64]
    probability: NDArray[np.float64]


def draw_test_set(
    group: NDArray[np.int32], split: NDArray[np.uint8], kind: NDArray[np.uint8], n_images: int, seed: int
) -> Reservation:
    """Draw groups in random order until the test set, with what is in it already, holds `n_images`.

    `group` codes (n,), -1 none, each such image then being its own group; `split` `Split` (n,); `kind`
    `LabelKind` (n,). Groups with a label or a test image are not drawn. `UserError` if there is too little to
    draw from.
    """
    wanted = n_images - int((split == Split.TEST).sum())
    if wanted <= 0:
        return Reservation(np.empty(0, np.int64), np.empty(0))
    # Codes of single images follow those of the groups.
    units = group.astype(np.int64)
    single = units < 0
    units[single] = int(group.max(initial=-1)) + 1 + np.arange(int(single.sum()))
    spoilt = (split == Split.TEST) | (kind != LabelKind.CLEAR)
    barred = np.zeros(int(units.max(initial=-1)) + 1, np.bool_)
    barred[units[spoilt]] = True
    rows = np.flatnonzero(~barred[units])
    if len(rows) < wanted or (len(rows) == wanted and not spoilt.any()):
        raise UserError(
            f"A test set of {n_images:,} images cannot be reserved: only {len(rows):,} images without "
            "labels can be drawn, and some must be left for the pool; ask for fewer."
        )
    codes, unit = np.unique(units[rows], return_inverse=True)
    sizes = np.bincount(unit)
    rng = np.random.default_rng(seed)
    drawn = _draw(rng, sizes, wanted)
    probability = _inclusion(sizes, wanted, seed)
    chosen = np.zeros(len(codes), np.bool_)
    chosen[drawn] = True
    inside = chosen[unit]
    return Reservation(rows[inside], probability[unit[inside]])


def _draw(rng: np.random.Generator, sizes: NDArray[np.int64], wanted: int) -> NDArray[np.int64]:
    """Units in random order up to the first that fills the test set."""
    order = rng.permutation(len(sizes))
    return order[: int(np.searchsorted(np.cumsum(sizes[order]), wanted)) + 1]


def _inclusion(sizes: NDArray[np.int64], wanted: int, seed: int) -> NDArray[np.float64]:
    """Chance (m,) of each unit to be drawn: exact where all have one size, else by repeating the draw.

    Larger units are a little less likely: they are likelier to stand behind the one that fills the test set
    than small ones are. Units of one size have one chance, so that their counts are pooled.
    """
    n = len(sizes)
    if sizes.min() == sizes.max():
        return np.full(n, min(1.0, -(-wanted // int(sizes[0])) / n))
    values, which = np.unique(sizes, return_inverse=True)
    rng = np.random.default_rng([seed, 1])
    # So many units that their sum is all but sure to reach `wanted`; a draw that falls short is simply
    # longer.
    length = min(n, int(1.5 * wanted / sizes.mean()) + 20)
    hits = np.zeros(len(values))
    for _ in range(REPEATS):
        order = rng.choice(n, length, replace=False) if length < n else rng.permutation(n)
        total = np.cumsum(sizes[order])
        if total[-1] < wanted:
            order = rng.permutation(n)
            total = np.cumsum(sizes[order])
        taken = order[: int(np.searchsorted(total, wanted)) + 1]
        hits += np.bincount(which[taken], minlength=len(values))
    chance: NDArray[np.float64] = hits / (REPEATS * np.bincount(which))
    # A size that never came up in the repeats still had a chance; its estimate must not be zero.
    return np.clip(chance, 0.5 / REPEATS, 1.0)[which]
