"""Which images are decided, which are one of a few classes, and which a person must see.

Split conformal prediction, class by class (Vovk, Gammerman and Shafer 2005; Sadinle, Lei and Wasserman 2019):
a class stays in the set of an image unless its probability lies below the threshold of that class, which is
the one that 1 - `error` of the calibration images of the class reach. Of the images of each class at least
1 - `error` then have their class in the set, whatever the classifier, as long as calibration images and new
ones are drawn alike. Images of one group are not: their number is that of the groups, and thresholds say so.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.language import tr
from medlabeler.learning.accuracy.intervals import exact_limits
from medlabeler.learning.accuracy.resampling import independent_units, own_groups

Array = NDArray[np.float64]
Codes = NDArray[np.integer[Any]]

ERROR = 0.1
LARGEST_SET = 3
"""Classes in a set that still helps; of more a person is asked."""
FOLDS = 10
ASK_WORDS = tr("ask a person")


class Verdict(IntEnum):
    """What becomes of an image: one class, one of a few, or a person must look."""

    DECIDED = 0
    SET = 1
    ASK = 2


@dataclass(frozen=True)
class Abstention:
    """When to keep silent: thresholds of C classes on probabilities, for a wished `error` in (0, 1).

    `thresholds` (C,), -1 where a class has too few calibration images to be ruled out at all;
    `n_calibration` (C,) images behind each. `calibrated_on`: "test set" or "cross-validation". `least` (C,):
    a person's own demand, the probability below which an image of that class on top is left to a person.
    """

    error: float
    thresholds: tuple[float, ...]
    n_calibration: tuple[int, ...]
    calibrated_on: str
    least: tuple[float, ...]

    def __post_init__(self) -> None:
        if not 0 < self.error < 1:
            raise ValueError("the wished error lies between 0 and 1")
        n = len(self.thresholds)
        if len(self.n_calibration) != n or len(self.least) != n:
            raise ValueError("the thresholds do not fit each other")

    def sets(self, probabilities: NDArray[np.floating[Any]]) -> NDArray[np.bool_]:
        """Classes bool (n, C) that are not ruled out, of calibrated probabilities (n, C)."""
        # Bundles round to float32: what is equal there must not be ruled out.
        return np.asarray(probabilities >= np.asarray(self.thresholds) - 1e-6)

    def verdicts(self, probabilities: NDArray[np.floating[Any]]) -> NDArray[np.int8]:
        """A `Verdict` int8 (n,) for each row of calibrated probabilities (n, C)."""
        found = verdicts(self.sets(probabilities))
        top = probabilities.argmax(axis=1)
        found[probabilities[np.arange(len(top)), top] < np.asarray(self.least)[top]] = Verdict.ASK
        return found

    def words(self, row: NDArray[np.floating[Any]], names: Sequence[str]) -> str:
        """'MYB or PMO', the more probable first, of the probabilities (C,) of one image; else `ASK_WORDS`."""
        if self.verdicts(row[None])[0] == Verdict.ASK:
            return ASK_WORDS
        order = sorted(np.flatnonzero(self.sets(row[None])[0]).tolist(), key=lambda c: -float(row[c]))
        return tr(" or ").join(names[c] for c in order)


@dataclass(frozen=True)
class Coverage:
    """How often the class of an image was in its set: `share` in 0..1 of `n` images, exact 95 % limits."""

    share: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class Silence:
    """What an `Abstention` comes to on test images.

    `promised` coverage, `measured` over all classes and `per_class` (C,), None for a class without image;
    shares of images that are `decided`, become a `set`, or are left to a person to `ask`; `right`: of the
    decided ones. `crossed`: measured by leaving each fold out of the thresholds it is judged by.
    """

    promised: float
    measured: Coverage
    per_class: tuple[Coverage | None, ...]
    decided: float
    set: float
    ask: float
    right: Coverage | None
    crossed: bool


def calibrate(
    probabilities: NDArray[np.floating[Any]],
    truth: Codes,
    error: float = ERROR,
    *,
    calibrated_on: str = "test set",
    least: Sequence[float] | None = None,
) -> Abstention:
    """Thresholds from images that the classifier has not seen: calibrated `probabilities` (m, C), `truth`
    (m,) class codes. `ValueError` for an `error` outside of (0, 1).
    """
    if not 0 < error < 1:
        raise ValueError("the wished error lies between 0 and 1")
    thresholds, counts = [], []
    for c in range(probabilities.shape[1]):
        own = np.sort(np.asarray(probabilities[truth == c, c], np.float64))
        # So many of the lowest may be missed: floor((m + 1) error) of m + 1 with the new image.
        missed = math.floor((len(own) + 1) * error + 1e-9)
        thresholds.append(float(own[missed - 1]) if missed else -1.0)
        counts.append(len(own))
    own_demand = (0.0,) * len(counts) if least is None else tuple(least)
    return Abstention(error, tuple(thresholds), tuple(counts), calibrated_on, own_demand)


def enough(truth: Codes, n_classes: int, error: float) -> bool:
    """Whether every class has the images `truth` (m,) from which on a class can be ruled out."""
    return bool(((np.bincount(truth, minlength=n_classes) + 1) * error >= 1 - 1e-9).all())


def verdicts(sets: NDArray[np.bool_]) -> NDArray[np.int8]:
    """A `Verdict` int8 (n,) for each set bool (n, C); an empty set, like none of the classes, is left to a
    person.
    """
    size = sets.sum(axis=1)
    most = min(LARGEST_SET, max(sets.shape[1] - 1, 1))
    found = np.full(len(sets), Verdict.ASK, np.int8)
    found[size == 1] = Verdict.DECIDED
    found[(size > 1) & (size <= most)] = Verdict.SET
    return found


def judge(
    abstention: Abstention,
    probabilities: NDArray[np.floating[Any]],
    truth: Codes,
    groups: Codes | None = None,
) -> Silence:
    """What thresholds from elsewhere come to on test images: `probabilities` (m, C), `truth` (m,)."""
    sets, said = abstention.sets(probabilities), abstention.verdicts(probabilities)
    return _silence(sets, said, truth, groups, 1 - abstention.error, False)


def judge_crossed(
    probabilities: NDArray[np.floating[Any]],
    truth: Codes,
    groups: Codes | None = None,
    error: float = ERROR,
    least: Sequence[float] | None = None,
    seed: int = 0,
) -> Silence:
    """What thresholds from these very images would come to on others like them.

    Each of ten folds, groups kept whole, is judged by thresholds from the other nine.
    """
    units = own_groups(groups, len(truth))
    n_units = int(units.max(initial=-1)) + 1
    fold = np.random.default_rng(seed).permutation(n_units) % max(min(FOLDS, n_units), 1)
    sets = np.ones(probabilities.shape, np.bool_)
    said = np.full(len(truth), Verdict.ASK, np.int8)
    for k in range(int(fold.max(initial=-1)) + 1):
        out = fold[units] == k
        others = calibrate(probabilities[~out], truth[~out], error, least=least)
        sets[out], said[out] = others.sets(probabilities[out]), others.verdicts(probabilities[out])
    return _silence(sets, said, truth, groups, 1 - error, True)


def _silence(
    sets: NDArray[np.bool_],
    said: NDArray[np.int8],
    truth: Codes,
    groups: Codes | None,
    promised: float,
    crossed: bool,
) -> Silence:
    covered = sets[np.arange(len(truth)), truth]
    decided = said == Verdict.DECIDED
    right = covered[decided]
    return Silence(
        promised=promised,
        measured=_coverage(covered, groups),
        per_class=tuple(
            _coverage(covered[truth == c], None if groups is None else groups[truth == c])
            if (truth == c).any()
            else None
            for c in range(sets.shape[1])
        ),
        decided=float(decided.mean()),
        set=float((said == Verdict.SET).mean()),
        ask=float((said == Verdict.ASK).mean()),
        right=_coverage(right, None if groups is None else groups[decided]) if len(right) else None,
        crossed=crossed,
    )


def _coverage(covered: NDArray[np.bool_], groups: Codes | None) -> Coverage:
    """With exact limits, at the number of images that a random draw would need to tell as much."""
    n, share = len(covered), float(covered.mean())
    units, _ = independent_units(groups, n)
    sizes = np.bincount(units)
    effective, degrees = float(n), np.inf
    n_units = int((sizes > 0).sum())
    if n_units < n:
        part = np.bincount(units, weights=covered - share)
        spread = (part**2).sum() * n_units / max(n_units - 1, 1)
        plain = n * share * (1 - share)
        effective = n / max(spread / plain, 1.0) if plain > 0 and spread > 0 else float(n_units)
        degrees = float(max(n_units - 1, 1))
    low, high = exact_limits(np.asarray(share), np.asarray(effective), np.asarray(degrees))
    return Coverage(share, float(low), float(high), n)


@dataclass(frozen=True)
class ThresholdPoint:
    """One threshold of one class: images with the class on top and at least this probability are called it.

    `precision` and `recall` in 0..1 with exact 95 % limits, None where nothing is called (or is) the class;
    `called` images.
    """

    threshold: float
    precision: Coverage | None
    recall: Coverage | None
    called: int


def threshold_points(
    probabilities: NDArray[np.floating[Any]],
    truth: Codes,
    code: int,
    thresholds: NDArray[np.floating[Any]],
    groups: Codes | None = None,
) -> list[ThresholdPoint]:
    """Precision and recall of class `code` at each of `thresholds`, on images (m, C) not learned from."""
    top = probabilities.argmax(axis=1) == code
    own = truth == code
    found = []
    for threshold in thresholds.tolist():
        called = top & (probabilities[:, code] >= threshold)
        found.append(
            ThresholdPoint(
                threshold=threshold,
                precision=_coverage(own[called], None if groups is None else groups[called])
                if called.any()
                else None,
                recall=_coverage(called[own], None if groups is None else groups[own]) if own.any() else None,
                called=int(called.sum()),
            )
        )
    return found
