"""Where bulk confirming pays, on the real predictions of a pool: a region of assumptions, not one point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.progress import Progress, SilentProgress
from medlabeler.study.cost_model import (
    Array,
    Costs,
    Shown,
    accurate_share,
    mean_shown,
    region,
    seconds_needed,
    shown_by_confidence,
)

PER_CLASS = (25, 50, 100)
AT_LEAST = 0.25
"""Share of the images below which it is not worth opening a grid."""

LOOKS_S = (0.1, 0.2, 0.3, 0.5, 1.0)
OWN_ERRORS = (0.005, 0.01, 0.02, 0.05)
SEARCHES = {"easy": 0.0, "between": 0.5, "hard": 1.0}

SINGLE_S = np.geomspace(1, 10, 49)
GRID_IMAGE_S = np.geomspace(0.1, 1, 49)
KIND = {"search": 0.0, "single_error": 0.05}
STRICT = {"search": 1.0, "single_error": 0.01}


def predictions_shown(
    features: NDArray[np.float32],
    codes: NDArray[np.int64],
    pool: NDArray[np.int64],
    n_classes: int,
    *,
    sizes: Sequence[int] = PER_CLASS,
    seeds: Sequence[int] = tuple(range(10)),
    progress: Progress | None = None,
) -> dict[int, Shown]:
    """By labels per class: what a grid would show of the images of the `pool` that are not labelled, by the
    default classifier trained on that many random labels of each class; the mean over `seeds`.

    `features` float32 (n, d), prepared; `codes` (n,) class codes of the images of the pool. Sizes that
    leave less than a quarter of the pool are left out.
    """
    from medlabeler.learning.classifiers.estimators import LogisticClassifier
    from medlabeler.learning.curves.learning_curve import nested_draws

    progress = progress or SilentProgress()
    draws = [
        draw
        for draw in nested_draws(codes, pool, sizes, seeds, n_classes)
        if len(draw.rows) <= 0.75 * len(pool) or draw.per_class == min(sizes)
    ]
    found: dict[int, list[Shown]] = {}
    for done, draw in enumerate(draws):
        progress.check()
        progress.report(done, len(draws), "What a grid would show")
        rest = np.setdiff1d(pool, draw.rows)
        if not len(rest):
            continue
        model = LogisticClassifier().fit(features[draw.rows], codes[draw.rows])
        probabilities = model.predict_proba(features[rest])
        right = model.classes_[probabilities.argmax(axis=1)] == codes[rest]
        shown = shown_by_confidence(probabilities.max(axis=1), right)
        found.setdefault(draw.per_class, []).append(shown)
    return {size: mean_shown(several) for size, several in found.items()}


@dataclass(frozen=True)
class Row:
    """One set of assumptions: `accurate` is the largest share of the images that a grid labels with no more
    wrong labels than one by one; `seconds` how long a label one by one must at least take for the grid to be
    7 times as fast as well, on at least a quarter of the images, for each of `LOOKS_S` (infinite: never).
    """

    per_class: int
    own_error: float
    search: str
    accurate: float
    seconds: tuple[float, ...]


def region_rows(shown: Mapping[int, Shown], costs: Costs) -> list[Row]:
    """The region as a table; what it does not vary is as in `costs`."""
    rows = []
    for per_class, predictions in shown.items():
        for own_error in OWN_ERRORS:
            for search, value in SEARCHES.items():
                assumed = replace(costs, single_error=own_error, search=value)
                seconds = tuple(
                    seconds_needed(predictions, replace(assumed, grid_image_s=look), AT_LEAST)
                    for look in LOOKS_S
                )
                accurate = accurate_share(predictions, assumed)
                rows.append(Row(per_class, own_error, search, accurate, seconds))
    return rows


@dataclass(frozen=True)
class RegionMap:
    """Share of the images for which bulk pays, each (len(SINGLE_S), len(GRID_IMAGE_S)): under the given
    costs, under kind assumptions (`KIND`) and under strict ones (`STRICT`).
    """

    default: Array
    kind: Array
    strict: Array


def region_map(shown: Shown, costs: Costs) -> RegionMap:
    """The region over the two seconds that decide most.

    Who sees wrong images easily also marks more of them, which takes time: kind means fewer wrong labels.
    """
    variants: list[dict[str, Any]] = [{}, KIND, STRICT]
    return RegionMap(*(region(shown, replace(costs, **v), SINGLE_S, GRID_IMAGE_S) for v in variants))
