"""Which images to test on: groups at random, then images within them, with known probabilities.

Two-phase sampling (Sarndal, Swensson and Wretman 1992, chapter 9). Every image of the pool has a probability
above zero of being tested, so weighting by its inverse gives figures for the pool, however the sample was
shaped: by a limit per group, or by taking more from rare-looking clusters of the map.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr

FEW_GROUPS = 10


@dataclass(frozen=True)
class TestSample:
    """Images to reserve: `rows` int64 (m,), `probability` float64 (m,) in (0, 1] with which each came in.

    `held_back` int64 rows of the drawn groups that were not drawn themselves: they share a group with the
    test set, so they must not train either. `chance` float64 (c,) is the probability of every candidate,
    drawn or not. `n_groups` of the `n_units` groups (or images without one) were drawn. `warning` is a
    sentence, or empty.
    """

    rows: NDArray[np.int64]
    probability: NDArray[np.float64]
    held_back: NDArray[np.int64]
    n_groups: int
    warning: str
    chance: NDArray[np.float64]
    n_units: int


def sample_test_set(
    rows: NDArray[np.integer[Any]],
    groups: NDArray[np.integer[Any]] | None,
    n_images: int,
    *,
    seed: int,
    per_group: int | None = None,
    clusters: NDArray[np.integer[Any]] | None = None,
    rare_factor: float = 1.0,
) -> TestSample:
    """Draw about `n_images` of the candidates `rows` (c,).

    Phase one draws groups, all with the same probability: as many as are expected to hold `n_images` after
    phase two. Phase two keeps at most `per_group` images of a group (all if None), each with a known
    probability, raised by up to `rare_factor` where the image's cluster (`clusters` (c,) codes) is smaller
    than the mean cluster. `groups` (c,) codes, -1 or None for an image that is its own group. Raises
    `UserError` if there are not enough candidates to keep half of the groups for training.
    """
    rows = np.asarray(rows, np.int64)
    if n_images < 1:
        raise UserError(tr("A test set needs at least one image."))
    from medlabeler.learning.accuracy.resampling import own_groups

    units = own_groups(groups, len(rows))
    n_units = int(units.max(initial=-1)) + 1
    inside = _within_probability(units, n_units, per_group, clusters, rare_factor)
    expected = float(np.bincount(units, weights=inside, minlength=n_units).sum())
    wanted = int(np.ceil(n_images / max(expected, 1e-9) * n_units))
    if wanted > n_units / 2:
        raise UserError(
            tr(
                "A test set of {n_images} images would take more than half of the {n_units} "
                "{groups}; choose a smaller one.",
                n_images=n_images,
                n_units=n_units,
                groups=tr("groups") if groups is not None else tr("images"),
            )
        )
    rng = np.random.default_rng(seed)
    drawn = np.zeros(n_units, bool)
    drawn[rng.permutation(n_units)[:wanted]] = True
    in_group = drawn[units]
    kept = in_group & (rng.random(len(rows)) < inside)
    # An image without group is like no other by what is known: not drawn, it may train.
    shares_group = np.zeros(len(rows), bool) if groups is None else np.asarray(groups) >= 0
    n_known = len(np.unique(units[in_group & shares_group]))
    warning = (
        tr(
            "The test set comes from only {n_known} groups: its accuracy may differ much "
            "from that on new groups.",
            n_known=n_known,
        )
        if shares_group.any() and n_known < FEW_GROUPS
        else ""
    )
    return TestSample(
        rows=rows[kept].astype(np.int64),
        probability=inside[kept] * (wanted / n_units),
        held_back=rows[in_group & ~kept & shares_group].astype(np.int64),
        n_groups=wanted,
        warning=warning,
        chance=inside * (wanted / n_units),
        n_units=n_units,
    )


def _within_probability(
    units: NDArray[np.int64],
    n_units: int,
    per_group: int | None,
    clusters: NDArray[np.integer[Any]] | None,
    rare_factor: float,
) -> NDArray[np.float64]:
    """Probability with which an image is kept once its group is drawn, (c,)."""
    if rare_factor < 1:
        raise ValueError("rare_factor must be at least 1")
    size = np.bincount(units, minlength=n_units)
    share = np.ones(len(units)) if per_group is None else np.minimum(1.0, per_group / size[units])
    if clusters is None or rare_factor == 1:
        return share
    codes = np.unique(np.asarray(clusters), return_inverse=True)[1]
    count = np.bincount(codes)
    raised = np.clip(count.mean() / count, 1, rare_factor)[codes]
    # Without a limit per group everything in it is kept already; then common clusters are thinned instead.
    share = share * raised / (raised.max() if per_group is None else 1.0)
    return np.asarray(np.minimum(share, 1.0))


@dataclass(frozen=True)
class Promise:
    """What a test set of some size would buy: `half_width` of the interval of balanced accuracy in points of
    0..1 (nan if none could be shown), images of the rarest class, and the sentence that says it.
    """

    half_width: float
    rarest: float
    sentence: str


def promised_interval(
    n_images: int,
    n_groups: int | None,
    prevalence: NDArray[np.floating[Any]],
    *,
    balanced_accuracy: float = 0.85,
    correlation: float = 0.1,
) -> Promise:
    """Expected interval if `n_images` were reserved, for choosing the size while it is shown live.

    `prevalence` (C,) share of each class (estimated, or the shares among the labels so far); `n_groups`
    groups the images would come from, None without groups; `correlation` what one expects within groups
    (0.1 is common in medical image sets) before any is known.
    """
    from medlabeler.learning.accuracy.intervals import MIN_EFFECTIVE, MIN_GROUPS
    from medlabeler.learning.accuracy.quantiles import exact_half_width

    share = np.asarray(prevalence, np.float64) / np.sum(prevalence)
    share = share[share > 0]
    images = n_images * share
    if n_groups is None:
        effective, degrees = images, np.inf
    else:
        effective = images / (1 + np.maximum(images / n_groups - 1, 0) * correlation)
        degrees = max(n_groups - 1, 1) * 2 / 3
    rarest = float(images.min())
    if effective.min() < MIN_EFFECTIVE or (n_groups is not None and n_groups < MIN_GROUPS):
        reason = (
            tr("the rarest class would have about {rarest:.0f} test images", rarest=rarest)
            if effective.min() < MIN_EFFECTIVE
            else tr("they come from only {n_groups} groups", n_groups=n_groups)
        )
        return Promise(
            float("nan"),
            rarest,
            tr("{n_images} test images give no interval: {reason}.", n_images=n_images, reason=reason),
        )
    equal = float(len(share) ** 2 / (1 / effective).sum())
    half = exact_half_width(balanced_accuracy, equal, float(degrees))
    return Promise(
        half,
        rarest,
        tr(
            "{n_images} test images would give balanced accuracy to about ± {half:.1f} "
            "points (95 %), with about {rarest:.0f} images of the rarest class.",
            n_images=n_images,
            half=100 * half,
            rarest=rarest,
        ),
    )
