"""Drawing a test set by whole groups, with the chance each image had of being drawn."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.types import LabelKind, Split

REPEATS = 4000
"""Draws repeated to estimate inclusion probabilities: a standard error of at most 0.008 for a group of a size
of its own, less where groups share a size.
"""


@dataclass(frozen=True)
class Reservation:
    """`rows` int64 (m,), sorted, and the `probability` float64 (m,), 0..1, with which each was drawn.

    `held_back` int64: images of the drawn groups that were not drawn. `chance` float64 (n,): the probability
    with which this draw would take each image, were it free; empty if nothing was drawn. `n_units`
    groups (or images without one) that could be drawn and `n_drawn` that were; the rest is what was asked.
    """

    rows: NDArray[np.int64]
    probability: NDArray[np.float64]
    held_back: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    chance: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    n_units: int = 0
    n_drawn: int = 0
    n_wanted: int = 0
    seed: int = 0
    per_group: int | None = None
    rare_factor: float = 1.0
    warning: str = ""


@dataclass(frozen=True)
class ReservationDraw:
    """One draw on record; see `Reservation`."""

    id: int
    time: str
    session: int | None
    reason: str
    seed: int
    n_wanted: int
    per_group: int | None
    rare_factor: float
    n_units: int
    n_drawn: int


DIFFER = 1.25
"""Probabilities that differ by less are taken as equal: weighting by them would add more noise than it takes
away bias."""


def weights_of(probability: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """Weights (m,), mean 1, of test images drawn with these probabilities (m,); None if all count the same.

    That is where the probabilities hardly differ, and where some are not known (NaN) because an image was
    not drawn but given: then there is no population that weights could stand for.
    """
    if not len(probability) or not np.isfinite(probability).all():
        return None
    if probability.max() < DIFFER * probability.min():
        return None
    weights = 1 / probability
    return np.asarray(weights / weights.mean())


def free_rows(
    group: NDArray[np.int32], split: NDArray[np.uint8], kind: NDArray[np.uint8]
) -> NDArray[np.int64]:
    """Rows that may still be drawn: pool images without a label whose group has neither labels nor test
    images. `group` codes (n,), -1 none; `split` `Split` (n,); `kind` `LabelKind` (n,).
    """
    spoilt = (split != Split.POOL) | (kind != LabelKind.CLEAR)
    barred = np.zeros(int(group.max(initial=-1)) + 2, np.bool_)
    barred[group[spoilt]] = True
    barred[-1] = False  # where images without a group point
    return np.flatnonzero(~spoilt & ~barred[group])


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
    spoilt = (split != Split.POOL) | (kind != LabelKind.CLEAR)
    barred = np.zeros(int(units.max(initial=-1)) + 1, np.bool_)
    barred[units[spoilt]] = True
    rows = np.flatnonzero(~barred[units])
    if len(rows) < wanted or (len(rows) == wanted and not spoilt.any()):
        raise UserError(
            tr(
                "A test set of {n_images:,} images cannot be reserved: only {rows:,} images without "
                "labels can be drawn, and some must be left to learn from; ask for fewer.",
                n_images=n_images,
                rows=len(rows),
            )
        )
    codes, unit = np.unique(units[rows], return_inverse=True)
    sizes = np.bincount(unit)
    rng = np.random.default_rng(seed)
    drawn = _draw(rng, sizes, wanted)
    probability = _inclusion(sizes, wanted, seed)
    chosen = np.zeros(len(codes), np.bool_)
    chosen[drawn] = True
    inside = chosen[unit]
    # An image that is not free could have been drawn as a group of its size, or of the mean size if there is
    # no other of that size.
    size_of = np.bincount(units)[units]
    chance = np.full(len(group), float(probability.mean()))
    for size in np.unique(sizes):
        chance[size_of == size] = probability[sizes == size].mean()
    return Reservation(
        rows[inside],
        probability[unit[inside]],
        chance=chance,
        n_units=len(codes),
        n_drawn=len(drawn),
        n_wanted=n_images,
        seed=seed,
    )


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
