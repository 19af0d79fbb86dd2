"""Compares plays of query strategies: accuracy by labels, paired differences, labels saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.learning.accuracy.resampling import resampled_means

Array = NDArray[np.float64]

BASELINE = "random"
_LIMITS = (0.025, 0.975)


@dataclass(frozen=True)
class Estimate:
    """A value with the limits of its 95 % interval; infinity where it lies beyond what was played."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class StrategyCurve:
    """One strategy: balanced accuracy at each number of labels, each minus that of random draws, and how
    many labels it takes to reach what random draws reach with all.

    The last two are None for the baseline itself, and where it was not played. `deviation` (b,) is the
    standard deviation over plays.
    """

    name: str
    accuracy: tuple[Estimate, ...]
    deviation: tuple[float, ...]
    difference: tuple[Estimate, ...] | None
    needed: Estimate | None


def compare(
    predicted: Mapping[str, NDArray[np.integer[Any]]],
    labels: NDArray[np.integer[Any]],
    truth: NDArray[np.integer[Any]],
    groups: NDArray[np.integer[Any]] | None,
    n_classes: int,
    *,
    resamples: int = 2000,
) -> list[StrategyCurve]:
    """One curve for each strategy, in the order given.

    `predicted` by strategy: class codes (s, b, m) that s plays, after each of `labels` (b,) labels, give
    the m test images, with the same seeds for all; `truth` (m,) their codes, `groups` (m,) codes, -1 or None
    for an image without (`resampled_means`). Intervals resample test groups and plays, the same for all
    strategies, so that differences are paired.
    """
    names, n_sizes = list(predicted), len(labels)
    series = np.concatenate([predicted[name].transpose(1, 0, 2) for name in names])
    flat, flat_resampled = resampled_means(series, truth, groups, n_classes, resamples=resamples)
    observed = flat.reshape(len(names), n_sizes)
    resampled = flat_resampled.reshape(-1, len(names), n_sizes)
    of_plays = np.array([_plays(predicted[name], truth, n_classes) for name in names])
    result = []
    for at, name in enumerate(names):
        difference = needed = None
        if BASELINE in names and name != BASELINE:
            base = names.index(BASELINE)
            difference = _estimates(observed[at] - observed[base], resampled[:, at] - resampled[:, base])
            needed = _needed(labels, observed[[at, base]], resampled[:, [at, base]])
        result.append(
            StrategyCurve(
                name,
                _estimates(observed[at], resampled[:, at]),
                tuple(float(d) for d in of_plays[at]),
                difference,
                needed,
            )
        )
    return result


def labels_to_reach(labels: NDArray[np.integer[Any]], accuracy: Array, target: float) -> float:
    """Where the curve `accuracy` (b,) over `labels` (b,) first reaches `target`, on straight lines between
    its points; infinity if it never does.
    """
    reached = np.flatnonzero(accuracy >= target)
    if not len(reached):
        return float("inf")
    at = int(reached[0])
    if at == 0:
        return float(labels[0])
    part = (target - accuracy[at - 1]) / (accuracy[at] - accuracy[at - 1])
    return float(labels[at - 1] + part * (labels[at] - labels[at - 1]))


def _needed(labels: NDArray[np.integer[Any]], observed: Array, resampled: Array) -> Estimate:
    """`observed` (2, b) and `resampled` (r, 2, b): the strategy's curve and the baseline's."""
    values = np.array([labels_to_reach(labels, own, base[-1]) for own, base in resampled])
    value = labels_to_reach(labels, observed[0], observed[1, -1])
    if not len(values):
        return Estimate(value, value, value)
    low, high = np.quantile(values, _LIMITS, method="nearest")  # infinity cannot be interpolated
    return Estimate(value, float(low), float(high))


def _estimates(observed: Array, resampled: Array) -> tuple[Estimate, ...]:
    limits = np.quantile(resampled, _LIMITS, axis=0) if len(resampled) else np.stack([observed, observed])
    return tuple(Estimate(*map(float, of_size)) for of_size in zip(observed, *limits, strict=True))


def _plays(predicted: NDArray[np.integer[Any]], truth: NDArray[np.integer[Any]], n_classes: int) -> Array:
    """Standard deviation over plays (s, b, m) of balanced accuracy, (b,); 0 for a single play."""
    if len(predicted) < 2:
        return np.zeros(predicted.shape[1])
    from medlabeler.learning.curves.learning_curve import recall_by_class

    codes = np.asarray(truth, np.int64)
    values = [[np.nanmean(recall_by_class(codes, p, n_classes)) for p in play] for play in predicted]
    return np.asarray(np.std(values, axis=0, ddof=1))
