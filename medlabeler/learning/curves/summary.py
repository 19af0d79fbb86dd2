"""The points of a live learning curve in plain values: means, spreads, what more labels would buy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from medlabeler.learning.curves.live_curve import LivePoint
from medlabeler.learning.curves.power_law import (
    REACH,
    Gain,
    Hindcast,
    PowerLaw,
    fit_curve,
    hindcast,
    stop_sentence,
)

STEPS = (25, 50, 100)
"""More labels per class that a gain is stated for."""
DRAWN = 16
"""Corners of a drawn extrapolation."""


@dataclass(frozen=True)
class CurveSize:
    """One size of a learning curve.

    `per_class` labels were wanted of each class, `at` is their mean number and `n_labels` all of them. `mean`
    and `spread` (standard deviation, None of one draw) of the balanced accuracy over `draws`.
    """

    per_class: int
    at: float
    n_labels: float
    mean: float
    spread: float | None
    draws: int


@dataclass(frozen=True)
class Expected:
    """Balanced accuracy that a power law expects at `at` labels per class: mean and 95 % range."""

    at: float
    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class CurveSeries:
    """The curve of one learner; `extrapolation` and `gains` are empty where no power law could be fitted."""

    classifier: str
    points: tuple[CurveSize, ...]
    extrapolation: tuple[Expected, ...] = ()
    gains: tuple[Gain, ...] = ()
    sentence: str = ""
    hindcast: Hindcast | None = None


@dataclass(frozen=True)
class LearningCurve:
    """One series for each learner, over so many `repeats`."""

    repeats: int
    series: tuple[CurveSeries, ...]


class CurveSummary:
    """Collects the points of `n_classes` classes."""

    def __init__(self, n_classes: int) -> None:
        self.n_classes = n_classes
        self.seeds: set[int] = set()
        self._values: dict[str, dict[int, list[float]]] = {}
        self._labels: dict[int, list[float]] = {}

    def add(self, points: Iterable[LivePoint]) -> None:
        """Take up the points of one step."""
        for point in points:
            if not np.isnan(point.balanced_accuracy):
                of_size = self._values.setdefault(point.classifier, {}).setdefault(point.per_class, [])
                of_size.append(point.balanced_accuracy)
                self._labels.setdefault(point.per_class, []).append(point.n_labels)
            self.seeds.add(point.seed)

    def curve(self) -> LearningCurve:
        """Series in the order in which the classifiers came."""
        return LearningCurve(len(self.seeds), tuple(self._series(name) for name in self._values))

    def _series(self, name: str) -> CurveSeries:
        of_size = {size: np.array(v) for size, v in sorted(self._values[name].items())}
        at = {size: float(np.mean(self._labels[size])) / self.n_classes for size in of_size}
        values = {at[size]: v for size, v in of_size.items()}
        law = fit_curve(values)
        points = tuple(
            CurveSize(
                per_class=size,
                at=at[size],
                n_labels=at[size] * self.n_classes,
                mean=float(v.mean()),
                spread=float(v.std(ddof=1)) if len(v) > 1 else None,
                draws=len(v),
            )
            for size, v in of_size.items()
        )
        gains = () if law is None else tuple(law.gains(STEPS))
        return CurveSeries(name, points, _ahead(law), gains, stop_sentence(name, law), _hindcast(values))


def _ahead(law: PowerLaw | None) -> tuple[Expected, ...]:
    if law is None or law.at_hand <= 1:
        return ()
    reach = np.geomspace(law.at_hand, REACH * law.at_hand, DRAWN)
    return tuple(Expected(float(x), *law.accuracy(float(x))) for x in reach)


def _hindcast(values: dict[float, NDArray[np.float64]]) -> Hindcast | None:
    """How well the fit without the last size would have foretold it, where it lies within reach."""
    sizes = sorted(values)
    if len(sizes) < 4:
        return None
    target = sizes[-1]
    before = [s for s in sizes[:-1] if REACH * s >= target]
    return hindcast(values, before[0], target) if before else None
