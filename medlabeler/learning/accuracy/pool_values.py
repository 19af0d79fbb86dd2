"""How frequent each class is in the pool, and what a prediction there is worth, as random draws tell.

Labels that a person or a query strategy chose do not come in the mix of the pool, and the errors on them are
not those of the pool: whatever is computed from them for "the pool" can be wrong by any amount, with no
interval that holds (`resources/results/pool-values.md`). Images drawn at random, of which a tenth of every
batch of suggestions consists, are a sample of the pool. Shares of the classes, positive predictive values and
negative ones are plain proportions of them, with the limits of `intervals`; where there are too few, nothing
is stated.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.language import tr
from medlabeler.learning.accuracy.intervals import LEVEL, MIN_GROUPS, limits, tally

ENOUGH_DRAWS = 20
"""Independent random draws from which on shares are stated; a class that none of them is of may then still
make up a sixth of the pool, which the interval says."""
ENOUGH_PREDICTED = 10
"""Independent random draws that are predicted as a class, or as another, for the value of that prediction."""
OUT_OF_FOLD_LEVEL = 0.99
"""Level of the limits of a value that cross-validation tells, for 95 % to hold: wanted is the worth of the
classifier fitted on all labels, and those judged learned from four fifths of them."""
MOST_CHOSEN = 0.25
"""Part of the pool that may have been labelled by choice. The images that are drawn from the rest stand for
it less and less: the more that are rare or doubtful were taken out, the better they look."""
TOO_MANY_CHOSEN = tr(
    "more than a quarter of the training images was labelled by choice, and random draws from the rest do "
    "not stand for it; a test set drawn at random would tell."
)
MOST_LABELS = 600
"""Labels up to which it was measured how often the limits hold (resources/results/pool-values.md)."""
UNMEASURED = tr(
    "how far their limits hold was measured up to {most_labels} labels, and "
    "there are more; a test set drawn at random would tell.",
    most_labels=MOST_LABELS,
)
NO_DRAW = tr("these images are not known to be a random draw from it.")
_NEVER = 1e-9
_STEPS = 1000
_SAMPLES = 4000
_MOST_NUMBERS = 300_000
"""Random numbers for all classes together: some tens of milliseconds, for a person waits."""


@dataclass(frozen=True)
class Proportion:
    """An estimate with its 95 % limits, all in 0..1, from `images` independent images."""

    value: float
    low: float
    high: float
    images: float


@dataclass(frozen=True)
class InPool:
    """One class: its share of the pool, and how often a prediction of it (`positive`), and one of any other
    class (`negative`), is right there. None where too few random draws tell.
    """

    share: Proportion | None
    positive: Proportion | None
    negative: Proportion | None


NOTHING = InPool(None, None, None)


def in_pool(
    truth: NDArray[np.integer[Any]],
    predicted: NDArray[np.integer[Any]],
    n_classes: int,
    groups: NDArray[np.integer[Any]] | None = None,
    weights: NDArray[np.floating[Any]] | None = None,
    level: float = LEVEL,
) -> tuple[InPool, ...]:
    """What m random draws say of each class.

    `truth` (m,) class codes, `predicted` (r, m) as which each was predicted by r classifiers that had not
    learned from it, -1 where there was none. `groups` (m,) codes, -1 none, or None; `weights` (m,) inverse
    inclusion probabilities, or None where all draws had the same chance. `level` is that of the limits of the
    values, `OUT_OF_FOLD_LEVEL` for a cross-validation.
    """
    truth, said = np.asarray(truth), np.atleast_2d(predicted)
    weight = np.ones(len(truth)) if weights is None else np.asarray(weights, np.float64)
    known = (said >= 0).mean(axis=0)
    result = []
    for c in range(n_classes):
        is_c, as_c = truth == c, (said == c).mean(axis=0)
        result.append(
            InPool(
                proportion(is_c, weight, groups, ENOUGH_DRAWS),
                proportion(is_c, weight * as_c, groups, ENOUGH_PREDICTED, level),
                proportion(~is_c, weight * (known - as_c), groups, ENOUGH_PREDICTED, level),
            )
        )
    return tuple(result)


def proportion(
    right: NDArray[np.bool_],
    weights: NDArray[np.floating[Any]],
    groups: NDArray[np.integer[Any]] | None,
    enough: int,
    level: float = LEVEL,
) -> Proportion | None:
    """Weighted share of the images (m,) that are `right`, with limits of `level` at the effective
    number of images; None below `enough` of them, or from fewer than `MIN_GROUPS` groups where groups are
    known.
    """
    used = np.flatnonzero(weights > _NEVER)
    grouped = groups is not None and bool((np.asarray(groups) >= 0).any())
    if len(used) < enough:
        return None
    counted = tally(
        np.zeros(len(used), np.int64),
        right[used],
        1,
        np.asarray(groups)[used] if grouped else None,
        weights[used],
    )
    found = limits(counted, level)
    effective = float(found.effective[0])
    if effective < enough or (grouped and found.groups[0] < MIN_GROUPS):
        return None
    return Proportion(float(found.value), *_outward(float(found.low), float(found.high)), effective)


def _outward(low: float, high: float) -> tuple[float, float]:
    """Limits in whole tenths of a percent: an image wrong in most repeats does not rule out 100 %."""
    return math.floor(_STEPS * low + _NEVER) / _STEPS, math.ceil(_STEPS * high - _NEVER) / _STEPS


def at_shares(
    rates: NDArray[np.floating[Any]],
    images: NDArray[np.floating[Any]],
    share: NDArray[np.floating[Any]],
) -> tuple[InPool, ...]:
    """Predictive values where class c makes up `share` (C,), by Bayes' rule.

    `rates` (C, C): of the images of each class (row) how many, or which share, are predicted as each;
    `images` (C,): independent images that the row is known from, drawn at random from the class. Limits
    are 2.5 % and 97.5 % of samples of each rate from its posterior under Jeffreys' prior (Brown, Cai and
    DasGupta 2001), and 0 or 1 where no image speaks against it. None where a class that occurs was not
    measured.
    """
    counts, n = np.asarray(rates, np.float64), np.asarray(images, np.float64)
    rate = counts / np.maximum(counts.sum(axis=1, keepdims=True), _NEVER)
    n_samples = min(_SAMPLES, _MOST_NUMBERS // len(rate) ** 2)
    mix = np.asarray(share, np.float64) / np.sum(share)
    if ((n <= 0) & (mix > 0)).any():
        return (NOTHING,) * len(mix)
    rng = np.random.default_rng(0)
    result = []
    for c in range(len(mix)):
        as_c = rate[:, c]
        samples = rng.beta(as_c * n + 0.5, (1 - as_c) * n + 0.5, size=(n_samples, len(mix))) * mix
        point = as_c * mix
        others = np.delete(np.arange(len(mix)), c)
        result.append(
            InPool(
                None,
                _ratio(point[c], point[others].sum(), samples[:, c], samples[:, others].sum(axis=1), n),
                _ratio(
                    (mix - point)[others].sum(),
                    (mix - point)[c],
                    (mix - samples)[:, others].sum(axis=1),
                    (mix - samples)[:, c],
                    n,
                ),
            )
        )
    return tuple(result)


def _ratio(
    right: float,
    wrong: float,
    rights: NDArray[np.float64],
    wrongs: NDArray[np.float64],
    n: NDArray[np.float64],
) -> Proportion | None:
    """right / (right + wrong) with the quantiles of its samples (s,)."""
    if right + wrong <= _NEVER:
        return None
    low, high = np.quantile(rights / np.maximum(rights + wrongs, _NEVER), [0.025, 0.975])
    low, high = (0.0 if right <= _NEVER else low), (1.0 if wrong <= _NEVER else high)
    return Proportion(float(right / (right + wrong)), float(low), float(high), float(n.sum()))


def pool_sentence(known: bool, n_draws: int, problem: str = "") -> str:
    """What shares, PPV and NPV rest on, or why they are not known; `problem`: why images are no draw."""
    if problem:
        return tr("Shares of the classes, PPV and NPV are not known: {problem}", problem=problem)
    images = tr("1 image") if n_draws == 1 else tr("{n_draws:,} images", n_draws=n_draws)
    if known:
        return tr(
            "Shares of the classes, PPV and NPV are measured on {images} drawn at random, "
            "with 95 % intervals.",
            images=images,
        )
    if n_draws < ENOUGH_DRAWS:
        return tr(
            "Shares of the classes, PPV and NPV are not known yet: they take images that "
            "were drawn at random and labelled blind, {enough_draws} or more; there are "
            "{n_draws}.",
            enough_draws=ENOUGH_DRAWS,
            n_draws=n_draws,
        )
    return tr(
        "Shares of the classes, PPV and NPV are not known yet: the {images} drawn at "
        "random come from too few groups.",
        images=images,
    )
