"""95 % intervals of recall and balanced accuracy on test images that come in groups.

Balanced accuracy is the mean of one proportion per class. What makes its interval hard: images of one group
(patient, slide, lesion) succeed and fail together; classes are small; recalls lie near 1, where the usual
variance vanishes with the errors; and there may be few groups. Hence, in this order:

1. *Within-group correlation.* One intraclass correlation, pooled over the classes from all pairs of images
   of the same class and group, corrected for the estimated recalls. A correlation per class would be noise.
2. *Effective images.* A class of W weighted images counts as W^2 / ((1 - rho) sum w^2 + rho sum_g W_g^2)
   independent ones (Kish 1965); without groups or weights this is their number.
3. *Variance of the mean.* The sum of the recalls' variances, with recalls drawn a little towards their mean
   so that a class without errors does not count as certain, plus the covariance of classes that share
   groups; or the linearised between-group variance, whichever is larger.
4. *Limits.* Balanced accuracy is a weighted proportion. Korn and Graubard (1998): the exact limits of Clopper
   and Pearson at the number of images at which a plain proportion would have this variance, shrunk by the
   squared ratio of normal and t quantiles. They keep their width where no image was wrong, and their
   asymmetry near 1. The degrees of freedom are Satterthwaite's, times two thirds because contributions of
   groups are far from normal where recalls are near 1. The recall of one class gets limits of the same kind.

Adding up Wilson limits of the classes (MOVER, Zou and Donner 2008) fell to 89 % in simulation with eight
classes near 1, and to 67 % in the worst situation, because limits cannot pass 1. Resampling groups (the
bootstrap) gives a class without errors no width at all. Where a class has fewer than `MIN_EFFECTIVE`
effective images, or its images come from fewer than `MIN_GROUPS` effective groups, no interval of the mean is
claimed. The coverage of what is claimed is simulated in the slow tests; the table lies in
`resources/results/coverage.md`. The interval speaks of new images of new groups from where these came from:
no finite population correction is made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.language import count, plural, tr
from medlabeler.learning.accuracy.resampling import count_groups, independent_units

Array = NDArray[np.float64]

LEVEL = 0.95
MIN_EFFECTIVE = 15
MIN_GROUPS = 10
METHOD = tr(
    "exact 95 % interval (Clopper and Pearson) at the effective number of images, with Student's t on groups "
    "(Korn and Graubard 1998)"
)
_ROUNDS = 4
_SKEW = 2 / 3
_STRATA = 4
"""A mean over classes may be known better than a plain proportion of as many images, but not endlessly."""
_NONE = 1e-9


@dataclass(frozen=True)
class Tally:
    """Weighted counts of test images by group and class, each (..., G, C).

    `total` sum of weights, `right` of those predicted right, `squares` and `right_squares` the same of
    squared weights, `images` plain counts. A weight is the inverse of the probability with which the image
    came into the test set, times any constant; 1 without sampling design. An image that was predicted
    repeatedly counts once, right by the share of its predictions that were: `squared_right`, the sum of
    squared weight times squared share, is then less than `right_squares`, which it is if None.

    `unknown` is the place of the images whose group is not known, where others have one: they are taken for
    one group, the worst there can be, but tell nothing of how alike images of a group are.
    """

    total: Array
    right: Array
    squares: Array
    right_squares: Array
    images: Array
    squared_right: Array | None = None
    unknown: int | None = None

    def of_known_groups(self) -> Tally:
        """Without the images whose group is not known."""
        if self.unknown is None:
            return self
        parts = (self.total, self.right, self.squares, self.right_squares, self.images, self.squared_right)
        kept = [None if part is None else np.delete(part, self.unknown, axis=-2) for part in parts]
        return Tally(*kept)  # type: ignore[arg-type]  # only the last may be None


@dataclass(frozen=True)
class ClassInterval:
    """Recall of one class: estimate, exact limits (in 0..1; nan and 0 to 1 without image), images, effective
    images, groups, and how many of the images have no group while others have one.
    """

    recall: float
    low: float
    high: float
    images: int
    effective: float
    groups: int
    ungrouped: int = 0


@dataclass(frozen=True)
class Interval:
    """Balanced accuracy with its interval, or the sentence why there is none.

    `low` and `high` are nan when `sentence` says why. `correlation` is
    the pooled within-group correlation, `n_groups` how many groups are known, None where none is and images
    are taken as independent.
    """

    value: float
    low: float
    high: float
    classes: tuple[ClassInterval, ...]
    absent: tuple[int, ...]
    correlation: float
    n_images: int
    n_groups: int | None
    sentence: str
    method: str = METHOD


@dataclass(frozen=True)
class Limits:
    """Vectorised result over sets: arrays (...,) and, with a class axis, (..., C).

    `effective` images and `groups` effective groups of each class, `degrees` of freedom of the mean.
    """

    value: Array
    low: Array
    high: Array
    recall: Array
    effective: Array
    groups: Array
    correlation: Array
    degrees: Array


def tally(
    codes: NDArray[np.integer[Any]],
    right: NDArray[np.bool_] | NDArray[np.floating[Any]],
    n_classes: int,
    groups: NDArray[np.integer[Any]] | None = None,
    weights: NDArray[np.floating[Any]] | None = None,
) -> Tally:
    """Count images with class codes (n,) and whether they were predicted `right` (n,), by group and class.

    `right` may be the share 0..1 of an image's predictions that were right. `groups` (n,) codes, -1 where
    none is known; without any, images are taken as independent. `weights` (n,) positive.
    """
    units, unknown = independent_units(groups, len(codes))
    n_units = int(units.max(initial=-1)) + 1
    w = np.ones(len(codes)) if weights is None else np.asarray(weights, np.float64)
    right = np.asarray(right, np.float64)
    cell = units * n_classes + np.asarray(codes, np.int64)

    def count(values: Array) -> Array:
        counts = np.bincount(cell, weights=values, minlength=n_units * n_classes)
        return counts.reshape(n_units, n_classes).astype(np.float64)

    return Tally(
        count(w),
        count(w * right),
        count(w * w),
        count(w * w * right),
        count(np.ones(len(codes))),
        count(np.square(w * right)),
        unknown,
    )


def limits(t: Tally, level: float = LEVEL) -> Limits:
    """Recalls, balanced accuracy and its limits for one or many sets at once; no rule about size applied.

    Classes without image do not enter the mean.
    """
    weight = t.total.sum(axis=-2)
    present = weight > 0
    safe = np.where(present, weight, 1.0)
    p = np.where(present, t.right.sum(axis=-2) / safe, 0.0)
    n_present = np.maximum(present.sum(axis=-1), 1)
    value = p.sum(axis=-1) / n_present
    correlation = _pooled_correlation(t.of_known_groups(), p)
    effective = np.where(present, _effective(t, safe, correlation[..., None]), 0.0)
    groups = np.where(present, weight**2 / np.maximum(np.square(t.total).sum(axis=-2), 1e-12), 0.0)

    smooth = _drawn_together(p, value, effective, n_present)
    image_variance = np.where(present, smooth * (1 - smooth), 0.0)
    within = (image_variance / np.maximum(effective - 1, 1)).sum(axis=-1)
    # Contributions of groups to the mean, and what of their squares is covariance between classes.
    z = (t.right - p[..., None, :] * t.total) / safe[..., None, :]
    occupied = (t.total.sum(axis=-1) > 0).sum(axis=-1)
    small_sample = occupied / np.maximum(occupied - 1, 1)
    between = np.square(z.sum(axis=-1)).sum(axis=-1) * small_sample
    covariance = np.maximum(between - np.square(z).sum(axis=(-2, -1)) * small_sample, 0)
    variance = np.maximum(within + covariance, between) / n_present**2

    rho = correlation[..., None, None]
    share = image_variance[..., None, :] * ((1 - rho) * t.squares + rho * np.square(t.total))
    share = (share / safe[..., None, :] ** 2).sum(axis=-1)
    degrees = np.square(share.sum(axis=-1)) / np.maximum(np.square(share).sum(axis=-1), 1e-30) - 1
    degrees = np.maximum(degrees * _SKEW, 1)

    plain = value * (1 - value)
    # Without any error, or without any success, every class has the same variance, and it cancels.
    alike = n_present**2 / np.where(present, 1 / np.maximum(effective, 1e-9), 0).sum(axis=-1)
    images = np.where(plain > 0, plain / np.maximum(variance, 1e-12), alike)
    images = np.minimum(images, _STRATA * t.images.sum(axis=(-2, -1)))
    low, high = exact_limits(value, images, degrees, level)
    return Limits(
        value=np.where(present.any(axis=-1), value, np.nan),
        low=low,
        high=high,
        recall=np.where(present, p, np.nan),
        effective=effective,
        groups=groups,
        correlation=correlation,
        degrees=degrees,
    )


def shown(found: Limits) -> NDArray[np.bool_]:
    """Which sets may show an interval of balanced accuracy: every class that occurs has `MIN_EFFECTIVE`
    effective images from `MIN_GROUPS` effective groups.
    """
    enough = (found.effective >= MIN_EFFECTIVE) & (found.groups >= MIN_GROUPS)
    return np.asarray((enough | np.isnan(found.recall)).all(axis=-1))


def exact_limits(p: Array, images: Array, degrees: Array, level: float = LEVEL) -> tuple[Array, Array]:
    """Clopper and Pearson's limits of a proportion `p` at an effective, not necessarily whole, number of
    `images`, shrunk for the `degrees` of freedom with which it is known (Korn and Graubard 1998).

    Broadcasts; 0 and 1 where there is no image.
    """
    from scipy.stats import beta, norm
    from scipy.stats import t as student

    tail = (1 - level) / 2
    ratio = norm.ppf(1 - tail) / student.ppf(1 - tail, np.maximum(degrees, 1))
    n = np.asarray(images * ratio**2)
    x = n * np.nan_to_num(p)
    low = np.where(x <= _NONE, 0.0, beta.ppf(tail, np.maximum(x, _NONE), n - x + 1))
    high = np.where(n - x <= _NONE, 1.0, beta.ppf(1 - tail, x + 1, np.maximum(n - x, _NONE)))
    return low, high


def balanced_accuracy_interval(
    codes: NDArray[np.integer[Any]],
    right: NDArray[np.bool_] | NDArray[np.floating[Any]],
    names: Sequence[str],
    groups: NDArray[np.integer[Any]] | None = None,
    weights: NDArray[np.floating[Any]] | None = None,
    image: str = "test image",
) -> Interval:
    """Interval of balanced accuracy on test images, or exact ones per class and a sentence.

    `codes` (n,) index `names`; `right` (n,) whether predicted right, or how often; `groups`, `weights` as in
    `tally`; `image` is what the sentence calls one of them.
    """
    t = tally(codes, right, len(names), groups, weights)
    n_groups = count_groups(groups, len(codes))[0]
    has_groups = n_groups is not None
    if len(codes) == 0:
        empty = tuple(ClassInterval(np.nan, 0.0, 1.0, 0, 0.0, 0) for _ in names)
        sentence = tr("No {image} has a label yet, so there is no accuracy to state.", image=image)
        return Interval(np.nan, np.nan, np.nan, empty, tuple(range(len(names))), 0.0, 0, None, sentence)
    found = limits(t)
    occupied = (t.of_known_groups().images > 0).sum(axis=0)
    ungrouped = np.zeros(len(names)) if t.unknown is None else t.images[t.unknown]
    # Without groups the limits of Clopper and Pearson are exact as they are.
    degrees = _SKEW * np.maximum(found.groups - 1, 1) if has_groups else np.full(len(names), np.inf)
    low, high = exact_limits(found.recall, found.effective, degrees)
    images = t.images.sum(axis=0).astype(int)
    classes = tuple(
        ClassInterval(
            float(found.recall[c]),
            float(low[c]),
            float(high[c]),
            int(images[c]),
            float(found.effective[c]),
            int(occupied[c]),
            int(ungrouped[c]),
        )
        for c in range(len(names))
    )
    absent = tuple(int(c) for c in np.flatnonzero(images == 0))
    small = tuple(int(c) for c in np.flatnonzero((images > 0) & (found.effective < MIN_EFFECTIVE)))
    sentence = _refusal(names, classes, small, absent, found.groups if has_groups else None, image)
    allowed = bool(shown(found)) and not sentence
    return Interval(
        value=float(found.value),
        low=float(found.low) if allowed else np.nan,
        high=float(found.high) if allowed else np.nan,
        classes=classes,
        absent=absent,
        correlation=float(found.correlation),
        n_images=len(codes),
        n_groups=n_groups,
        sentence=sentence,
    )


def _refusal(
    names: Sequence[str],
    classes: tuple[ClassInterval, ...],
    small: tuple[int, ...],
    absent: tuple[int, ...],
    groups: Array | None,
    image: str,
) -> str:
    if len(names) - len(absent) < 2:
        only = next(name for code, name in enumerate(names) if code not in absent)
        return tr(
            "All labelled {images} are {only}: balanced accuracy needs at least two classes.",
            images=plural(image),
            only=only,
        )
    if small:
        parts = [tr("{names} has {worth}", names=names[c], worth=_worth(classes[c], image)) for c in small]
        return tr(
            "No interval for balanced accuracy: each class needs {min_effective} independent "
            "{images}; {first}. The intervals of the single classes hold.{loose}",
            min_effective=MIN_EFFECTIVE,
            images=plural(image),
            first=_first(parts),
            loose=_loose([classes[c] for c in small], image),
        )
    if groups is not None:
        few = [c for c in range(len(names)) if c not in absent and groups[c] < MIN_GROUPS]
        if few:
            parts = [
                tr(
                    "the {images} of {names} come from {groups}",
                    images=plural(image),
                    names=names[c],
                    groups=_groups(classes[c], groups[c]),
                )
                for c in few
            ]
            return tr(
                "No interval for balanced accuracy: to know how much groups differ takes about "
                "{min_groups} of similar size; {first}.{loose}",
                min_groups=MIN_GROUPS,
                first=_first(parts),
                loose=_loose([classes[c] for c in few], image),
            )
    return ""


def _first(parts: list[str]) -> str:
    return "; ".join(parts[:3]) + (
        tr("; and {parts} more classes", parts=len(parts) - 3) if len(parts) > 3 else ""
    )


def _worth(c: ClassInterval, image: str) -> str:
    images = count(c.images, image)
    return (
        images
        if c.effective > c.images - 0.5
        else tr("{images} worth {effective:.0f} independent", images=images, effective=c.effective)
    )


def _groups(c: ClassInterval, effective: float) -> str:
    if not c.groups:
        return tr("no known group")
    if c.groups >= MIN_GROUPS:
        return tr(
            "{groups} groups of unlike size, worth {worth} alike", groups=c.groups, worth=int(effective)
        )
    return tr("one group") if c.groups == 1 else tr("{groups} groups", groups=c.groups)


def _loose(classes: Sequence[ClassInterval], image: str) -> str:
    """What is made of images without a group, with a space before; empty where there are none."""
    n = sum(c.ungrouped for c in classes)
    if not n:
        return ""
    them = (
        tr("{images} has no group and is", images=count(n, image))
        if n == 1
        else tr("{images} have no group and are", images=count(n, image))
    )
    return tr(" {them} counted as one group, for nobody knows which belong together.", them=them)


def _effective(t: Tally, weight: Array, correlation: Array) -> Array:
    """Kish's effective number of images of each class, (..., C)."""
    alone = t.squares.sum(axis=-2)
    together = np.square(t.total).sum(axis=-2)
    return np.asarray(weight**2 / np.maximum((1 - correlation) * alone + correlation * together, 1e-12))


def _pooled_correlation(t: Tally, p: Array) -> Array:
    """Within-group correlation of success, pooled over classes, in 0..1, (...,); 0 where no group has two
    images of a class.
    """
    total = t.total.sum(axis=-2)
    weight = np.where(total > 0, total, 1.0)
    pairs = (np.square(t.total) - t.squares).sum(axis=-2)
    residual = t.right - p[..., None, :] * t.total
    squared_right = t.right_squares if t.squared_right is None else t.squared_right
    own = squared_right - 2 * p[..., None, :] * t.right_squares + p[..., None, :] ** 2 * t.squares
    products = (np.square(residual) - own).sum(axis=(-2, -1))
    variance = p * (1 - p)
    rho = np.zeros(p.shape[:-1])
    for _ in range(_ROUNDS):
        # Residuals are taken about the estimated recall: each pair lacks that recall's variance.
        effective = np.maximum(_effective(t, weight, rho[..., None]), 1.5)
        unbiased = variance * effective / (effective - 1)
        below = (unbiased * pairs).sum(axis=-1)
        above = products + (unbiased * pairs / effective).sum(axis=-1)
        rho = np.clip(np.where(below > 0, above / np.maximum(below, 1e-12), 0.0), 0.0, 1.0)
    return np.asarray(rho)


def _drawn_together(p: Array, mean: Array, effective: Array, n_present: Array) -> Array:
    """Recalls moved towards their mean by two images' worth, and the mean off 0 and 1 by half an image."""
    images = 10.0 * n_present
    centre = ((mean * images + 0.5) / (images + 1))[..., None]
    return np.asarray((p * effective + 2 * centre) / (effective + 2))
