"""Is an image like those a classifier learned from, and is a batch of them?

One number an image: the mean distance to its 5 nearest reference images of the pool, relative to how far
these are from their own nearest (a local outlier factor, Breunig, Kriegel, Ng and Sander 2000; about 1 for an
image like the others). The pool's other half, which the reference has not seen, tells how large that number
gets by chance, and gives the one threshold: an upper tolerance limit, so that images drawn as the pool's
are flagged at most two thirds as often as is stated, with 99.9 % confidence. The last third is for new images
that are like the pool's and yet not quite drawn as they were: the published test side of `pbc` is flagged 1.5
times as often as held-out images (`resources/results/way-out.md`). Groups stay on one side.

A batch is compared with that other half by the maximum mean discrepancy with a permutation test (Gretton et
al. 2012), and its predicted classes with those of the pool.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.language import tr
from medlabeler.domain.words import count, percent
from medlabeler.learning.accuracy.resampling import own_groups
from medlabeler.learning.classifiers.shaping import Shaping

NEIGHBOURS = 5
FALSE_ALARMS = 0.03
"""The share of images like the pool's that may be flagged, at most."""
RESERVE = 1.5
"""By how much that is more than what the threshold is set for: new images are never drawn quite as the pool's
were.
"""
CONFIDENCE = 0.999
"""That the share is no larger: chance in the held-out images may not make the promise wrong."""
MOST_REFERENCE, MOST_SCORED, MOST_HELD_OUT = 1500, 20_000, 300
LEAST = 20
"""Images of a batch below which it is not compared as a whole, and of a pool below which there is no"
" guard."""
SURE = 0.01
"""Probability of chance below which a batch is said to differ."""

_HIGH = 0.05
"""The share of the held-out images whose scores tell how far high ones keep together."""
_PERMUTATIONS = 400
_PLENTY, _PARTS = 2, 4
_CHUNK = 1024


@dataclass(frozen=True)
class Guard:
    """What is kept of the pool to tell images that are unlike it. Vectors are `Shaping.unscaled`.

    `reference` float16 (m, d), `spread` float32 (m,) mean distance of each to its nearest others; `held_out`
    float16 (h, d), a sample of the other half for batches, `held_out_group` int32 (h,) their groups, -1
    unknown. An image of a score above `threshold` is flagged; at most `false_alarms` of images like the
    pool's are, with `confidence`, by `n_held_out` images. `prior` (C,) shares of the classes predicted in the
    pool.
    """

    reference: NDArray[np.float16]
    spread: NDArray[np.float32]
    held_out: NDArray[np.float16]
    held_out_group: NDArray[np.int32]
    threshold: float
    false_alarms: float
    confidence: float
    n_held_out: int
    prior: tuple[float, ...]

    def __post_init__(self) -> None:
        m, d = self.reference.shape
        fits = self.spread.shape == (m,) and self.held_out.ndim == 2 and self.held_out.shape[1] == d
        if not fits or self.held_out_group.shape != (len(self.held_out),):
            raise ValueError("the arrays of the guard do not fit each other")
        if m <= NEIGHBOURS or not (self.spread > 0).all() or not np.isfinite(self.threshold):
            raise ValueError("the numbers of the guard do not fit")

    def scores(self, unscaled: NDArray[np.float32]) -> NDArray[np.float32]:
        """How unlike the pool each of `unscaled` (n, d) is, float32 (n,); about 1 for images like it."""
        return _scores(unscaled, self.reference.astype(np.float32), self.spread)


@dataclass(frozen=True)
class BatchCheck:
    """A batch of `n` images, `n_flagged` of them unlike the pool.

    `differs`: probability that a batch of the pool would differ as much from it, None for fewer than 20
    images; `usual`: share of the pool's own groups that differ from it as much, None where too few are
    known. `mix`: probability that the predicted classes are in the pool's shares, `mixed` in 0..1 what share
    of the images would have to change class for that. `sentences` for a person, the gravest first; empty
    where nothing is wrong.
    """

    n: int
    n_flagged: int
    false_alarms: float
    differs: float | None
    usual: float | None
    mix: float | None
    mixed: float
    sentences: tuple[str, ...]


def fit_guard(
    vectors: NDArray[Any],
    shaping: Shaping,
    groups: NDArray[np.integer[Any]] | None,
    prior: NDArray[np.floating[Any]],
    *,
    false_alarms: float = FALSE_ALARMS,
    seed: int = 0,
) -> Guard | None:
    """A guard of the pool: `vectors` (n, d) as the backbone gives them, `groups` (n,) codes or None.

    None for fewer than 20 images, or groups that cannot be divided. Where too few images are held out to
    promise `false_alarms`, the guard promises what they can.
    """
    units = own_groups(groups, len(vectors))
    rng = np.random.default_rng(seed)
    known = np.full(len(vectors), -1) if groups is None else np.asarray(groups)
    side = np.zeros(int(units.max(initial=-1)) + 1, np.bool_)
    sizes, filled = np.bincount(units), 0
    for unit in rng.permutation(len(side)):
        if filled + sizes[unit] / 2 <= len(vectors) / 2:
            side[unit] = True
            filled += int(sizes[unit])
    reference = rng.permutation(np.flatnonzero(side[units]))[:MOST_REFERENCE]
    others = rng.permutation(np.flatnonzero(~side[units]))[:MOST_SCORED]
    if min(len(reference), len(others)) < LEAST // 2:
        return None
    kept = shaping.unscaled(vectors[reference]).astype(np.float16)
    spread = _spread(kept.astype(np.float32))
    scores = _as_new(vectors, shaping, units, reference, others)
    worth = _worth(scores, units[others])
    threshold, told = tolerance_limit(np.sort(scores), false_alarms / RESERVE, worth)
    held = np.sort(others[:MOST_HELD_OUT])
    return Guard(
        reference=kept,
        spread=spread,
        held_out=shaping.unscaled(vectors[held]).astype(np.float16),
        held_out_group=known[held].astype(np.int32),
        threshold=threshold,
        false_alarms=max(told, false_alarms),
        confidence=CONFIDENCE,
        n_held_out=len(others),
        prior=tuple(float(p) for p in prior),
    )


def _as_new(
    vectors: NDArray[Any],
    shaping: Shaping,
    units: NDArray[np.int64],
    reference: NDArray[np.int64],
    others: NDArray[np.int64],
) -> NDArray[np.float32]:
    """Scores (k,) of the images `others` as of new ones, which have no part in how the pool is shaped.

    Where images are few beside the numbers of an embedding, those that have a part lie nearer to the others
    than new ones do: of 200 images of 1,280 numbers, 9 in 100 new ones were flagged where 7 were promised. A
    quarter of the held-out units at a time is left out of the shaping then.
    """
    parts, shapings = [others], [shaping]
    if len(vectors) < _PLENTY * vectors.shape[1]:
        part_of = np.arange(int(units.max()) + 1) % _PARTS
        parts = [others[part_of[units[others]] == part] for part in range(_PARTS)]
        rest = [np.setdiff1d(np.arange(len(vectors)), part) for part in parts]
        shapings = [Shaping.fit(vectors, rows) for rows in rest]
    scores = np.zeros(len(vectors), np.float32)
    for part, shaped in zip(parts, shapings, strict=True):
        kept = shaped.unscaled(vectors[reference]).astype(np.float16).astype(np.float32)
        spread = _spread(kept)
        for at in range(0, len(part), _CHUNK):
            rows = part[at : at + _CHUNK]
            scores[rows] = _scores(shaped.unscaled(vectors[rows]), kept, spread)
    return scores[others]


def _worth(scores: NDArray[np.float32], units: NDArray[np.integer[Any]]) -> int:
    """As how many independent ones `scores` (n,) of images in `units` (n,) tell how many are high: high ones
    of one group are hardly more than one (Kish 1965).
    """
    high = scores > np.quantile(scores, 1 - _HIGH)
    part = np.bincount(units, weights=high - high.mean())
    chance = len(scores) * high.mean() * (1 - high.mean())
    return round(len(scores) / max(float((part**2).sum()) / max(float(chance), 1e-12), 1.0))


def tolerance_limit(
    ordered: NDArray[np.floating[Any]], share: float, worth: int | None = None
) -> tuple[float, float]:
    """The smallest of `ordered` (n,) ascending that at most `share` of the population exceed, with 99.9 %
    confidence (Wilks 1941), and that share; a larger share where n are too few, their maximum then. `worth`:
    as how many independent ones they tell, all if None.
    """
    from scipy.stats import beta, binom

    n = len(ordered) if worth is None else worth
    above = int(binom.ppf(1 - CONFIDENCE, n, share))
    if binom.cdf(above, n, share) > 1 - CONFIDENCE:
        above -= 1
    if above < 0:
        return float(ordered[-1]), float(beta.ppf(CONFIDENCE, 1, n))
    return float(ordered[len(ordered) - 1 - above * len(ordered) // n]), share


def _spread(reference: NDArray[np.float32]) -> NDArray[np.float32]:
    nearest = np.concatenate(
        [
            np.sort(_nearest(reference[at : at + _CHUNK], reference, NEIGHBOURS + 1)[0], axis=1)[:, 1:]
            for at in range(0, len(reference), _CHUNK)
        ]
    ).mean(axis=1)
    # The same picture several times has no spread; a tenth of what is usual will do.
    return np.asarray(np.maximum(nearest, max(float(np.median(nearest)) / 10, 1e-6)), np.float32)


def _nearest(
    wanted: NDArray[np.float32], among: NDArray[np.float32], k: int
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Distances and rows (n, k) of the nearest `among`, unordered."""
    k = min(k, len(among))
    squared = (wanted**2).sum(axis=1)[:, None] + (among**2).sum(axis=1)[None] - 2 * wanted @ among.T
    rows = np.argpartition(squared, k - 1, axis=1)[:, :k]
    return np.sqrt(np.maximum(np.take_along_axis(squared, rows, axis=1), 0)), rows


def _scores(
    wanted: NDArray[np.float32], reference: NDArray[np.float32], spread: NDArray[np.float32]
) -> NDArray[np.float32]:
    result = np.empty(len(wanted), np.float32)
    for at in range(0, len(wanted), _CHUNK):
        distance, rows = _nearest(wanted[at : at + _CHUNK], reference, NEIGHBOURS)
        result[at : at + _CHUNK] = distance.mean(axis=1) / spread[rows].mean(axis=1)
    return result


def check_batch(
    guard: Guard,
    unscaled: NDArray[np.float32],
    predicted: NDArray[np.integer[Any]],
    names: list[str],
    *,
    shaping: Shaping,
    scores: NDArray[np.float32] | None = None,
    seed: int = 0,
) -> BatchCheck:
    """Compare a batch with the pool: `unscaled` (m, d) of its images or of a random part of them, `predicted`
    class codes (n,) of all, `names` (C,), `shaping` of the pool. `scores` (n,) of `Guard.scores` where they
    are known.
    """
    from scipy.stats import binom

    scores = guard.scores(unscaled) if scores is None else scores
    n, flagged = len(scores), int((scores > guard.threshold).sum())
    rng = np.random.default_rng(seed)
    differs, usual = (None, None) if n < LEAST else _compared(guard, unscaled, shaping, rng)
    mix, mixed, largest = _mix(guard, predicted, rng)
    sentences = []
    chance = tr(
        "of images like the training images at most {false_alarms} are flagged",
        false_alarms=percent(guard.false_alarms),
    )
    if flagged and binom.sf(flagged - 1, n, guard.false_alarms) <= max(SURE, guard.false_alarms) + 1e-9:
        share = flagged / n
        worth = (
            tr("another kind of image, stain or scanner, perhaps: its predictions here mean nothing")
            if share > 0.5
            else tr("do not trust their predictions")
        )
        found = {"flagged": flagged, "images": count(n, "image"), "share": percent(share), "chance": chance}
        sentences.append(
            tr(
                "{flagged:,} of {images} ({share}) is unlike those the classifier learned from; {chance}: "
                "{worth}.",
                **found,
                worth=worth,
            )
            if flagged == 1
            else tr(
                "{flagged:,} of {images} ({share}) are unlike those the classifier learned from; {chance}: "
                "{worth}.",
                **found,
                worth=worth,
            )
        )
    if differs is not None and differs < SURE and (usual is None or usual < 0.05) and not sentences:
        also = (
            tr(" Its classes come in other shares, which may be all.")
            if mix is not None and mix < SURE
            else ""
        )
        sentences.append(
            tr(
                "As a whole these images differ from the training images more than chance "
                "would have it, though few of them stand out: another scanner, stain or "
                "selection, perhaps.{also}",
                also=also,
            )
        )
    shifted = mix is not None and mix < SURE and mixed > 0.1 and 2 * flagged <= n
    if shifted and largest is not None:
        here, there = float((predicted == largest).mean()), guard.prior[largest]
        sentences.append(
            tr(
                "The classes come in other shares than in the training images: {names} "
                "{here} here, {there} there. That may be so, or the images may differ.",
                names=names[largest],
                here=percent(here),
                there=percent(there),
            )
        )
    return BatchCheck(n, flagged, guard.false_alarms, differs, usual, mix, mixed, tuple(sentences))


def _mix(
    guard: Guard, predicted: NDArray[np.integer[Any]], rng: np.random.Generator
) -> tuple[float | None, float, int | None]:
    """Probability of such counts under the prior, total variation, and the class that differs most."""
    prior = np.asarray(guard.prior)
    if len(predicted) < LEAST or not prior.sum() or len(prior) < 2:
        return None, 0.0, None
    # Half an image of each class, so that a class the pool has not shown is rare and not impossible.
    expected = (prior / prior.sum() * guard.n_held_out + 0.5) / (guard.n_held_out + 0.5 * len(prior))
    seen = np.bincount(predicted, minlength=len(prior)) / len(predicted)

    def statistic(shares: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(((shares - expected) ** 2 / expected).sum(axis=-1))

    # The prior is measured as well: both are drawn.
    drawn = rng.multinomial(len(predicted), rng.dirichlet(expected * guard.n_held_out + 1, size=999))
    p = (1 + int((statistic(drawn / len(predicted)) >= statistic(seen)).sum())) / 1000
    difference = seen - expected
    return p, float(np.abs(difference).sum() / 2), int(np.abs(difference).argmax())


def _compared(
    guard: Guard, unscaled: NDArray[np.float32], shaping: Shaping, rng: np.random.Generator
) -> tuple[float | None, float | None]:
    """Permutation probability of the discrepancy, and the share of the pool's groups that have as large a
    one.
    """
    held = guard.held_out.astype(np.float32)
    batch = unscaled[rng.permutation(len(unscaled))[: len(held)]]
    if len(held) < LEAST:
        return None, None
    # Without the shaping, in which the held-out images had a part and the batch had none: of a pool of 200
    # images three batches of four would differ that are like it.
    kernel = _kernel(shaping.before(np.concatenate([batch, held])))
    first = np.zeros(len(kernel), np.bool_)
    first[: len(batch)] = True
    found = _discrepancy(kernel, first)
    larger = sum(_discrepancy(kernel, rng.permutation(first)) >= found for _ in range(_PERMUTATIONS))
    p = (1 + larger) / (1 + _PERMUTATIONS)
    codes, sizes = np.unique(guard.held_out_group[guard.held_out_group >= 0], return_counts=True)
    able = codes[(sizes >= LEAST // 2) & (sizes <= len(held) // 2)]
    if len(able) < 5:
        return p, None
    inside = kernel[len(batch) :, len(batch) :]
    own = [_discrepancy(inside, guard.held_out_group == code) for code in able]
    return p, float(np.mean(np.asarray(own) >= found))


def _kernel(points: NDArray[np.float32]) -> NDArray[np.float32]:
    """Gaussian kernel (n, n) of the median distance (Gretton et al. 2012)."""
    length = (points**2).sum(axis=1)
    squared = np.maximum(length[:, None] + length[None] - 2 * points @ points.T, 0)
    middle = float(np.median(squared[np.triu_indices(len(points), 1)]))
    return np.asarray(np.exp(-squared / max(middle, 1e-12)), np.float32)


def _discrepancy(kernel: NDArray[np.float32], first: NDArray[np.bool_]) -> float:
    """Squared maximum mean discrepancy, unbiased, of the rows `first` and the others."""
    sign = np.where(first, 1.0, 0.0)
    own = float(sign @ kernel @ sign)
    other = float((1 - sign) @ kernel @ (1 - sign))
    both = float(sign @ kernel @ (1 - sign))
    n, m = int(first.sum()), int((~first).sum())
    # The diagonal is 1.
    return (own - n) / (n * (n - 1)) + (other - m) / (m * (m - 1)) - 2 * both / (n * m)
