"""The points of a live learning curve as JSON: means, spreads, what more labels would buy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

import numpy as np

from medlabeler.learning.accuracy.details import number

STEPS = (25, 50, 100)
"""More labels per class that a gain is stated for."""
DRAWN = 16
"""Corners of a drawn extrapolation."""


class CurveSummary:
    """Collects `LivePoint`s of `n_classes` classes."""

    def __init__(self, n_classes: int) -> None:
        self.n_classes = n_classes
        self.seeds: set[int] = set()
        self._values: dict[str, dict[int, list[float]]] = {}
        self._labels: dict[int, list[float]] = {}

    def add(self, points: Iterable[Any]) -> None:
        """Take up the points of one step."""
        for point in points:
            if not np.isnan(point.balanced_accuracy):
                of_size = self._values.setdefault(point.classifier, {}).setdefault(point.per_class, [])
                of_size.append(point.balanced_accuracy)
                self._labels.setdefault(point.per_class, []).append(point.n_labels)
            self.seeds.add(point.seed)

    def as_json(self) -> dict[str, Any]:
        """Series in the order in which the classifiers came; "at" is the mean number of labels per class."""
        return {"repeats": len(self.seeds), "series": [self._series(name) for name in self._values]}

    def _series(self, name: str) -> dict[str, Any]:
        from medlabeler.learning.curves.power_law import REACH, fit_curve, stop_sentence

        of_size = {size: np.array(v) for size, v in sorted(self._values[name].items())}
        at = {size: float(np.mean(self._labels[size])) / self.n_classes for size in of_size}
        values = {at[size]: v for size, v in of_size.items()}
        law = fit_curve(values)
        ahead: list[list[float]] = []
        if law is not None and law.at_hand > 1:
            reach = np.geomspace(law.at_hand, REACH * law.at_hand, DRAWN)
            ahead = [[float(x), *law.accuracy(float(x))] for x in reach]
        return {
            "classifier": name,
            "points": [
                {
                    "per_class": size,
                    "at": at[size],
                    "n_labels": at[size] * self.n_classes,
                    "mean": float(v.mean()),
                    "spread": float(v.std(ddof=1)) if len(v) > 1 else None,
                    "draws": len(v),
                }
                for size, v in of_size.items()
            ],
            "extrapolation": ahead,
            "gains": [] if law is None else [asdict(gain) for gain in law.gains(STEPS)],
            "sentence": stop_sentence(name, law),
            "hindcast": _hindcast(values),
        }


def _hindcast(values: dict[float, Any]) -> dict[str, Any] | None:
    """How well the fit without the last size would have foretold it, where it lies within reach."""
    from medlabeler.learning.curves.power_law import REACH, hindcast

    sizes = sorted(values)
    if len(sizes) < 4:
        return None
    target = sizes[-1]
    before = [s for s in sizes[:-1] if REACH * s >= target]
    if not before:
        return None
    found = hindcast(values, before[0], target)
    return None if found is None else {**asdict(found), "error": number(found.error)}
