"""What a query strategy looks at, and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.learning.classifiers.logistic_regression import fit_logistic

Rows = NDArray[np.int64]
Floats = NDArray[np.float32]
Graph = tuple[NDArray[np.integer[Any]], NDArray[np.float32]]

_ROUGHLY = 1e-2


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An image worth labelling: its row, why in a few words, how it was drawn, and by which strategy.

    `inclusion_probability` is the chance that this image was drawn, where the draw was random, else None.
    `classes` are the ids of the classes that `reason` names.
    """

    row: int
    reason: str
    inclusion_probability: float | None
    strategy: str
    classes: tuple[int, ...] = ()


@dataclass(frozen=True)
class Proposal:
    """What one strategy would like labelled: `rows`, the best first, more than were asked for.

    `tell(row)` gives the reason and the ids of the classes it names; only asked for what is suggested.
    """

    strategy: str
    rows: Rows
    tell: Callable[[int], tuple[str, tuple[int, ...]]]


def _none() -> Rows:
    return np.empty(0, np.int64)


def never() -> None:
    """Nothing more urgent waits."""


@dataclass(frozen=True)
class Situation:
    """All that is known when images are to be suggested; arrays over images have length n.

    `features` float32 (n, d), prepared, of length 1. `candidates`: the rows that may be suggested, which
    decides alone, so test images are never among them. `labelled` rows and their `class_ids`.
    `probabilities` float32 (n, C) in the order of `classes` (C,), None before there is a classifier; a row of
    zeros has no prediction. `names` of classes by id. `graph`: index int32 (n, k), -1 where absent, and
    distance float32 (n, k) of the nearest neighbours. `groups` int32 (n,), -1 none. `waiting`: rows suggested
    earlier and not yet labelled, which new suggestions should not resemble. `weights`: the (d, C) weights and
    (C,) biases behind the probabilities, None for a classifier that has none. `check` is called now and then
    by what takes long, and may raise.
    """

    features: Floats
    candidates: Rows
    labelled: Rows = field(default_factory=_none)
    class_ids: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, np.int32))
    probabilities: Floats | None = None
    classes: NDArray[np.int32] | None = None
    names: Mapping[int, str] = field(default_factory=dict)
    graph: Graph | None = None
    groups: NDArray[np.int32] | None = None
    waiting: Rows = field(default_factory=_none)
    weights: tuple[Floats, Floats] | None = None
    check: Callable[[], None] = never

    def linear_weights(self) -> tuple[Floats, Floats] | None:
        """`weights`, or those of a logistic regression fitted now; None below two classes."""
        codes = np.unique(self.class_ids, return_inverse=True)
        if self.weights is not None or len(codes[0]) < 2:
            return self.weights
        fit = fit_logistic(
            self.features[self.labelled], codes[1], len(codes[0]), tolerance=_ROUGHLY, check=self.check
        )
        return fit.weights, fit.bias

    def name(self, class_id: int) -> str:
        """The name of a class, or its number where it is not known."""
        return self.names.get(class_id, f"class {class_id}")


def sample(rows: Rows, most: int, rng: np.random.Generator) -> Rows:
    """All of `rows`, or `most` of them drawn at random, ascending."""
    if len(rows) <= most:
        return rows
    return np.sort(rng.choice(rows, size=max(most, 1), replace=False))
