"""How many images of each class there are, corrected by the errors measured on a blind test set.

Counting predictions is biased: 3 % of many common cells taken for a rare class may double it. Two estimators,
both of prediction-powered inference (Angelopoulos, Bates, Fannjiang, Jordan and Zrnic 2023, Science 382,
669):

- `of_whole`, where the test set is a random draw of the very images that are counted: the share of
  predictions plus the mean of (label - prediction) on the test images. Nothing is assumed of the classifier.
- `of_groups`, for groups, or images from elsewhere, which hold the classes in other shares: the predicted
  shares are taken back through the measured confusion matrix (label shift, in the part on distribution shift
  of that paper). It assumes that images of a class are mistaken as often here as on the test set. Inverting
  the matrix alone would be worse than no correction where classes are hard to tell apart; so a group's shares
  are drawn toward those of the whole as far as its own predictions leave them open (the best linear
  predictor, Henderson 1975), and go their own way the more the groups differ.

The intervals are for the shares among the images counted, not for the patient they were taken from. Their
simulated coverage stands in `resources/results/way-out.md`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.language import tr
from medlabeler.learning.accuracy.quantiles import normal_quantile, t_quantile
from medlabeler.learning.accuracy.resampling import independent_units

Array = NDArray[np.float64]
Codes = NDArray[np.integer[Any]]

LEVEL = 0.95
LEAST = 5
"""Test images of a class below which no interval is given: nobody knows how it is mistaken."""
NOBODY = "no group"
"""What the images of no group go by where groups are listed, in files and in what a project keeps."""
LEAST_GROUPS = 3
"""As many groups of one size must hold the test images of a class for its share of the whole to have an
interval: where a class lies in one or two groups, the next one may hold any number.
"""
LEAST_CHECKED = 5
"""Groups of the test set below which their own counts do not say how wide intervals must be."""
_LEAST_WORTH = 2.5
"""Below, the t distribution says nothing any more."""
_STEPS = 3
_LIKELIER = 200


def words_of_group(name: str) -> str:
    """What a group is called for a person: as it is, but for images of none."""
    return tr("no group") if name == NOBODY else name


@dataclass(frozen=True)
class Share:
    """One class among some images: shares in 0..1; counts are their number times these.

    `naive` as predicted, `value` corrected, `low` and `high` the limits of `level`; both None where the test
    set holds too few images, or too few groups, to tell.
    """

    naive: float
    value: float
    low: float | None
    high: float | None
    level: float = LEVEL

    @property
    def bias(self) -> float:
        """What counting predictions would have added."""
        return self.naive - self.value


@dataclass(frozen=True)
class Errors:
    """How a classifier mistakes C classes, measured on a blind test set.

    `confusion` float64 (C, C), test images by true and by predicted class; `correlation` in 0..1 of the
    errors of two images of one group; `clustering` (C,) by what factor that lessens what the test images of
    each class tell; `n_units` independent groups (or images) that the test images come from.
    """

    confusion: Array
    correlation: float
    clustering: Array
    n_units: int

    def __post_init__(self) -> None:
        n = len(self.confusion)
        if self.confusion.shape != (n, n) or self.clustering.shape != (n,) or not (self.confusion >= 0).all():
            raise ValueError("the measured errors do not fit each other")

    @property
    def support(self) -> Array:
        """Test images of each true class, (C,)."""
        return np.asarray(self.confusion.sum(axis=1))

    @property
    def rates(self) -> Array:
        """(C, C), rows sum to 1: how often images of each class are predicted as each.

        With half an image more on the right answer, so that a class without test images has rates too.
        """
        smooth = self.confusion + 0.5 * np.eye(len(self.confusion))
        return np.asarray(smooth / smooth.sum(axis=1, keepdims=True))

    @property
    def spread(self) -> Array:
        """(C, C, C): covariance of what is predicted for one image of each class.

        An error that was not seen may yet be there: as if one more image of each class were mistaken, for any
        other. Else a class without errors among few test images would be counted as if it could have none.
        """
        n = len(self.confusion)
        seen = self.confusion + 0.5 * np.eye(n) + (1 - np.eye(n)) / max(n - 1, 1)
        rates = seen / seen.sum(axis=1, keepdims=True)
        return np.array([np.diag(row) - np.outer(row, row) for row in rates])

    def without(self, confusion: Array) -> Errors:
        """Those of the other groups, where one group of the test set has `confusion` (C, C)."""
        return replace(self, confusion=self.confusion - confusion, n_units=max(self.n_units - 1, 1))


def measured_errors(truth: Codes, predicted: Codes, n_classes: int, groups: Codes | None = None) -> Errors:
    """The errors on test images of class codes `truth` and `predicted` (n,); `groups` (n,), -1 unknown."""
    confusion = np.zeros((n_classes, n_classes))
    np.add.at(confusion, (truth, predicted), 1)
    units, _ = independent_units(groups, len(truth))
    n_units = len(np.unique(units))
    correlation, of_class = 0.0, 0.0
    if n_units < len(truth):
        correlation = _correlation(truth, predicted, units, confusion)
        of_class = _correlation(truth, predicted, units * n_classes + truth, confusion)
    clustering = np.ones(n_classes)
    for c in range(n_classes):
        sizes = np.bincount(units[truth == c])
        if sizes.sum():
            clustering[c] = 1 + ((sizes**2).sum() / sizes.sum() - 1) * max(correlation, of_class)
            clustering[c] *= _few_groups(sizes, n_units)
    return Errors(confusion, correlation, clustering, n_units)


def bunched(truth: Codes, groups: Codes | None, n_classes: int) -> NDArray[np.bool_]:
    """Which classes (C,) have test images, of class codes `truth` (n,), from fewer than three `groups` (n,),
    weighed by size; none where no groups are known.
    """
    units, _ = independent_units(groups, len(truth))
    found = np.zeros(n_classes, np.bool_)
    if len(np.unique(units)) == len(truth):
        return found
    for c in range(n_classes):
        found[c] = _groups_worth(np.bincount(units[truth == c])) < LEAST_GROUPS
    return found


def _groups_worth(sizes: NDArray[np.intp]) -> float:
    """How many groups of one size tell as much as groups of `sizes` (Kish 1965)."""
    return float(sizes.sum() ** 2 / max((sizes**2).sum(), 1))


def _few_groups(sizes: NDArray[np.intp], n_units: int) -> float:
    """By what factor a class whose test images, `sizes` of them in each group, come from few groups widens
    the variance beyond what the number of all groups does.
    """
    of_class = max(_groups_worth(sizes), _LEAST_WORTH)
    own, all_ = (t_quantile(0.975, max(n - 1, 1)) for n in (of_class, n_units))
    return float(max(own / all_, 1) ** 2)


def _correlation(truth: Codes, predicted: Codes, units: Codes, confusion: Array) -> float:
    """Intraclass correlation: the mean product of the errors of two images of a group, by that of one."""
    rates = confusion / np.maximum(confusion.sum(axis=1, keepdims=True), 1)
    n_classes = len(confusion)
    residual = np.eye(n_classes)[predicted] - rates[truth]
    # A group lies nearer to rates that it helped to find than to those of the others.
    cells = units * n_classes + truth
    in_cell = np.bincount(cells, minlength=(int(units.max()) + 1) * n_classes)
    of_class = confusion.sum(axis=1)
    lever = np.sqrt(of_class[truth] / np.maximum(of_class[truth] - in_cell[cells], 1))
    total = np.zeros((int(units.max()) + 1, n_classes))
    np.add.at(total, units, residual * lever[:, None])
    own = (residual**2).sum()
    sizes = np.bincount(units)
    n_pairs = (sizes * (sizes - 1)).sum()
    if not n_pairs or not own:
        return 0.0
    return float(np.clip(((total**2).sum() - own) / n_pairs / (own / len(truth)), 0, 1))


def confusion_of_groups(truth: Codes, predicted: Codes, groups: Codes | None, n_classes: int) -> Array:
    """Test images by true and by predicted class, of each of G known `groups`: (G, C, C)."""
    if groups is None:
        return np.zeros((0, n_classes, n_classes))
    known = groups >= 0
    codes = np.unique(groups[known], return_inverse=True)[1]
    found = np.zeros((int(codes.max(initial=-1)) + 1, n_classes, n_classes))
    np.add.at(found, (codes, truth[known], predicted[known]), 1)
    return found


def of_groups(
    errors: Errors,
    predicted: Array,
    known: Array | None = None,
    whole: Array | None = None,
    tested: Array | None = None,
    level: float = LEVEL,
) -> list[list[Share]]:
    """Shares of each class in each of G groups.

    `predicted` (G, C): images without a label by predicted class; `known` (G, C): labelled ones by class,
    which are counted as they are. `whole` (C,) shares of all groups together, corrected; found here if None.
    `tested` (T, C, C): the part of `errors.confusion` of each group of the test set, where these groups are
    such groups as the counted ones; they tell how wide the intervals must be.
    """
    predicted = np.asarray(predicted, np.float64)
    known = np.zeros_like(predicted) if known is None else np.asarray(known, np.float64)
    if whole is None:
        whole = _likeliest(errors, predicted.sum(axis=0))
    centre = np.maximum(whole, 0.5 / max(predicted.sum(), 1))
    centre = centre / centre.sum()
    between = _between(errors, predicted, centre)
    wide = normal_quantile((1 + level) / 2)
    if tested is not None and len(tested) >= LEAST_CHECKED:
        wide = _width_that_held(errors, tested, predicted.sum(axis=1), centre, between, level)
    return [
        _one_group(errors, row, have, centre, between, wide, level)
        for row, have in zip(predicted, known, strict=True)
    ]


def _likeliest(errors: Errors, predicted: Array) -> Array:
    """Shares (C,) under which images `predicted` (C,) by class are likeliest, found from those of the test
    set (Saerens, Latinne and Decaestecker 2002).

    Not by the inverse of the rates: of two classes that are hardly told apart it takes more than all for one
    and less than none for the other, at the cost of a third that is told well.
    """
    rates = errors.rates
    shares = (errors.support + 0.5) / (errors.support + 0.5).sum()
    said = predicted / max(predicted.sum(), 1)
    for _ in range(_LIKELIER):
        shares = shares * (rates @ (said / np.maximum(shares @ rates, 1e-12)))
        shares = shares / max(shares.sum(), 1e-12)
    return np.asarray(shares)


def _between(errors: Errors, predicted: Array, centre: Array) -> Array:
    """Covariance (C, C) of the shares between groups, as of a Dirichlet distribution about `centre`; widest
    where a single group cannot tell.
    """
    rates = errors.rates
    shape = np.diag(centre) - np.outer(centre, centre)
    n = predicted.sum(axis=1)
    used = n > 1
    if used.sum() < 2:
        return shape / 2
    expected = centre @ rates
    noise = np.einsum("l,lii->", centre, errors.spread)
    seen = ((predicted[used] / n[used, None] - expected) ** 2).sum(axis=1)
    chance = noise * (1 / n[used] + errors.correlation)
    factor = (n[used] * (seen - chance)).sum() / (n[used].sum() * np.trace(rates.T @ shape @ rates))
    return shape * float(np.clip(factor, 1e-3, 1))


def _width_that_held(
    errors: Errors, tested: Array, sizes: Array, centre: Array, between: Array, level: float
) -> float:
    """How many standard errors about a share hold it as often as `level`, seen where both are known.

    Each group `tested` (T, C, C) is counted by the errors of the others; the distances from its true shares,
    in standard errors, of all classes together, have this quantile. It rests on T groups, so it is widened as
    far as Student's t is beyond the normal distribution.
    """
    off = []
    for confusion in tested:
        row = confusion.sum(axis=0)
        shares, deviation = _solved(errors.without(confusion), row, centre, between, level)
        off.append(np.abs(shares - confusion.sum(axis=1) / row.sum()) / np.maximum(deviation, 1e-9))
    normal = normal_quantile((1 + level) / 2)
    wide = float(np.quantile(off, level)) * t_quantile((1 + level) / 2, len(tested) - 1) / normal
    # Of few labelled images chance makes up most of the distance, which of a large group is another.
    small = np.median(tested.sum(axis=(1, 2))) < np.median(sizes) / 2
    return max(wide, normal) if small else wide


def _solved(
    errors: Errors, predicted: Array, centre: Array, between: Array, level: float
) -> tuple[Array, Array]:
    """Shares (C,) of the images of one group, by predicted class (C,), and their standard errors (C,)."""
    n, rates, spread = float(predicted.sum()), errors.rates, errors.spread
    # The rates come from few groups: a t distribution for them, the normal one for all else.
    normal = normal_quantile((1 + level) / 2)
    few = (t_quantile((1 + level) / 2, max(errors.n_units - 1, 1)) / normal) ** 2
    uncertain = few * errors.clustering / np.maximum(errors.support, 1)
    shares = centre
    for _ in range(_STEPS):
        # How predictions scatter about the shares, and how far the rates themselves are known.
        scatter = np.einsum("l,lij->ij", shares, spread) * (1 / n + errors.correlation * (n - 1) / n)
        scatter += np.einsum("l,lij->ij", shares**2 * uncertain, spread)
        gain = between @ rates @ np.linalg.pinv(rates.T @ between @ rates + scatter, hermitian=True)
        shares = nearest_shares(centre + gain @ (predicted / n - centre @ rates))
    return shares, np.sqrt(np.maximum(np.diag(between - gain @ rates.T @ between), 0))


def _one_group(
    errors: Errors,
    predicted: Array,
    known: Array,
    centre: Array,
    between: Array,
    wide: float,
    level: float,
) -> list[Share]:
    n, total = float(predicted.sum()), float(predicted.sum() + known.sum())
    naive = (predicted + known) / max(total, 1)
    if not n:
        return [Share(float(s), float(s), float(s), float(s), level) for s in naive]
    shares, deviation = _solved(errors, predicted, centre, between, level)
    half = wide * deviation
    told = bool((errors.support >= LEAST).all())
    result = []
    for c in range(len(predicted)):
        value = (known[c] + n * shares[c]) / total
        ends = np.clip([shares[c] - half[c], shares[c] + half[c]], 0, 1)
        low, high = ((known[c] + n * ends) / total).tolist()
        known_limits = (low, high) if told else (None, None)
        result.append(Share(float(naive[c]), float(value), known_limits[0], known_limits[1], level))
    return result


def _degrees(part: Array, n_units: int) -> Array:
    """Degrees of freedom (C,) of the variance of a sum of `part` (n, C): fewer where a few units make it up.

    The squared mean of the squares by their variance. That is half of what Satterthwaite's (1946) moments
    give: a few parts show too little of a long tail, and twice as many did not cover where classes are
    bunched.
    """
    square = part**2
    second, fourth = square.sum(axis=0) ** 2, (square**2).sum(axis=0)
    spread = fourth - second / max(n_units, 1)
    known = np.divide(second, spread, out=np.full(len(second), np.inf), where=spread > 1e-9 * fourth)
    return np.asarray(np.clip(known, 1, max(n_units - 1, 1)))


def nearest_shares(solved: Array) -> Array:
    """The shares (none negative, sum 1) nearest to `solved` (C,), which sum to 1 (Duchi et al. 2008)."""
    ordered = np.sort(solved)[::-1]
    excess = (np.cumsum(ordered) - 1) / np.arange(1, len(solved) + 1)
    last = int(np.flatnonzero(ordered - excess > 0)[-1])
    return np.asarray(np.maximum(solved - excess[last], 0))


def of_whole(
    truth: Codes,
    said: Codes,
    groups: Codes | None,
    weights: Array | None,
    predicted: Array,
    known: Array,
    level: float = LEVEL,
) -> list[Share]:
    """Shares of each class among all images, of which the test images are a random draw.

    `truth`, `said` (n,) class codes of the test images, `groups` (n,) codes or None, `weights` (n,) inverse
    inclusion probabilities or None; `predicted` (C,) images without a label by predicted class, `known` (C,)
    labelled ones, the test images among them.
    """
    n_classes, rest = len(predicted), float(predicted.sum())
    total = max(rest + float(known.sum()), 1)
    w = np.ones(len(truth)) if weights is None else np.asarray(weights, np.float64)
    wrong = np.eye(n_classes)[truth] - np.eye(n_classes)[said]
    mean = (w[:, None] * wrong).sum(axis=0) / w.sum()
    units, _ = independent_units(groups, len(truth))
    n_units = len(np.unique(units))
    part = np.zeros((int(units.max()) + 1, n_classes))
    np.add.at(part, units, w[:, None] * (wrong - mean))
    variance = n_units / max(n_units - 1, 1) * (part**2).sum(axis=0) / w.sum() ** 2
    # An error that was not seen may yet be there: as if one more image were mistaken.
    variance += 1 / max(len(truth), 1) ** 2
    # The sample tells of the others, which vary too: mean of a sample against mean of the rest.
    variance *= 1 + len(truth) / max(rest, 1)
    half = np.array([t_quantile((1 + level) / 2, df) for df in _degrees(part, n_units)]) * np.sqrt(variance)
    untold = bunched(truth, groups, n_classes)
    result = []
    for c in range(n_classes):
        at = [predicted[c] + rest * (mean[c] + step) for step in (0, -half[c], half[c])]
        value, low, high = ((known[c] + np.clip(at, 0, rest)) / total).tolist()
        if untold[c]:
            low = high = None
        result.append(Share(float((predicted[c] + known[c]) / total), value, low, high, level))
    return result
