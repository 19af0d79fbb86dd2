"""What a label costs in seconds and in errors: one by one, from the queue, from a grid of a predicted class.

Nothing here is measured on people. Every number is an assumption with a default and a range (`RANGES`), and
what follows from them is reported for the ranges, never for the defaults alone.

*One by one.* A look, a decision, a key; images in random order, so that each may be of any class.
*Queue.* The image is large and the prediction stands beside it: Enter where it is right, which is faster than
deciding unaided, a look more and the key of another class where it is wrong. Some wrong suggestions are
accepted: advice that is wrong makes errors more likely (Goddard, Roudsari and Wyatt 2012, a review of
automation bias, put the risk at 1.26 times that without advice).
*Grid.* A page of images all predicted as one class: the wrong ones are marked, the rest confirmed by one key,
and each marked image then costs one label given one by one, so that every image shown ends with a label. The
person looks for rare odd ones out, and rare targets are missed: 30 to 40 % of them at 1 to 2 % prevalence in
a hard search (Kunar, Rich and Wolfe 2010), against 7 % where half the displays have one (Wolfe, Horowitz and
Kenner 2005, Nature 435, 439); 14 % against 2.5 % where the target pops out (Rich et al. 2008, J Vis 8, 15).
`search` moves between these two. Prevalence is taken as the share of wrong images, as if each image were a
display of its own; the share of pages with a wrong image is higher, and would be kinder to the grid. To split
a display did not help (Kunar et al. 2010), so the size of a page weighs little.

The comparison that matters, bulk at least 7 times as fast as one by one at no more label error, is the factor
published for PatchSorter (Walker et al. 2024, npj Digital Medicine, doi 10.1038/s41746-024-01150-4).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

FACTOR = 7.0
"""How many times as many labels per minute as one by one; PatchSorter's published factor."""

_COMMON, _RARE = 0.5, 0.02
_EASY = (0.025, 0.14)
_HARD = (0.07, 0.35)
"""Chance to miss a target at 50 % and at 2 % prevalence, in an easy and in a hard search."""
_SMALL_PAGE = 12


@dataclass(frozen=True)
class Costs:
    """The assumptions; seconds of a trained person, chances in 0..1.

    `single_s`, `single_error` are of one label given unaided; for the comparison with the grid take them as
    those of the very images shown there, which are the easier ones. `queue_right_s`, `queue_wrong_s` of a
    suggestion whose prediction is right or wrong, `accept_wrong` the chance to accept a wrong one.
    `grid_image_s` a look at one image of a grid, `page_s` what a page costs besides (to appear, to find one's
    bearings, to confirm), `mark_s` marking one image, `page_size` images per page. `search` 0..1 how hard
    it is to see a wrong image among right ones, `growth` by which the chance to overlook it rises with each
    doubling of the page beyond 12 images, `false_mark` the chance to mark a right image.
    """

    single_s: float = 3.0
    single_error: float = 0.02
    queue_right_s: float = 1.5
    queue_wrong_s: float = 3.5
    accept_wrong: float = 0.05
    grid_image_s: float = 0.3
    page_s: float = 3.0
    mark_s: float = 1.0
    page_size: int = 48
    search: float = 0.5
    growth: float = 0.1
    false_mark: float = 0.005

    def __post_init__(self) -> None:
        for name, (low, high) in LIMITS.items():
            if not low <= getattr(self, name) <= high:
                raise ValueError(f"{name} must lie between {low:g} and {high:g}")


LIMITS = {
    **dict.fromkeys(("single_error", "accept_wrong", "search", "false_mark"), (0.0, 1.0)),
    **dict.fromkeys(
        ("single_s", "queue_right_s", "queue_wrong_s", "grid_image_s", "page_s", "mark_s"), (0.0, 3600.0)
    ),
    "growth": (0.0, 10.0),
    "page_size": (1, 10_000),
}
"""What makes sense at all; `RANGES` is what is likely."""

RANGES: dict[str, tuple[float, float, str]] = {
    "single_s": (
        1.0,
        10.0,
        "1 s is modest for a cell, say PatchSorter's authors; subtle images take longer",
    ),
    "single_error": (
        0.005,
        0.05,
        "clear images to unclear ones; experts disagree on more where types blend",
    ),
    "queue_right_s": (0.8, 3.0, "to verify is faster than to choose, but not by an order of magnitude"),
    "queue_wrong_s": (2.0, 10.0, "a label one by one, and the moment lost on the suggestion"),
    "accept_wrong": (0.0, 0.2, "automation bias; none if the person decides before looking"),
    "grid_image_s": (
        0.1,
        1.0,
        "a fixation lasts 0.2 to 0.3 s; 0.1 s was tried (Krishna et al. 2016)",
    ),
    "page_s": (1.0, 6.0, "a page appears, one finds one's bearings, confirms by key"),
    "mark_s": (0.5, 2.0, "a pointing movement and a click"),
    "page_size": (12, 96, "what fits on a screen at a size that shows the image"),
    "search": (0.0, 1.0, "from a target that pops out to one that takes a search"),
    "growth": (0.0, 0.3, "splitting a display did not help (Kunar et al. 2010)"),
    "false_mark": (0.0, 0.02, "a right image marked by mistake costs time, not accuracy"),
}
"""Likely range of each assumption, and why."""


@dataclass(frozen=True)
class Work:
    """Per label: `seconds`, and `error`, the share of wrong labels; floats or arrays of one shape."""

    seconds: Any
    error: Any

    @property
    def per_minute(self) -> Any:
        """Labels per minute."""
        return 60 / self.seconds


def one_by_one(costs: Costs) -> Work:
    """Labels given unaided."""
    return Work(costs.single_s, costs.single_error)


def overlooked(wrong: Any, costs: Costs) -> Array:
    """Chance to overlook a wrong image among images of which the share `wrong` (0..1) is wrong.

    Linear in the logarithm of prevalence between the two points the studies give, constant beyond them.
    """
    share = np.clip(np.asarray(wrong, np.float64), _RARE, _COMMON)
    rarity = np.log(_COMMON / share) / np.log(_COMMON / _RARE)
    easy, hard = (at[0] + rarity * (at[1] - at[0]) for at in (_EASY, _HARD))
    chance = easy + costs.search * (hard - easy)
    doublings = max(0.0, float(np.log2(costs.page_size / _SMALL_PAGE)))
    return np.asarray(np.minimum(1.0, chance * (1 + costs.growth * doublings)))


def bulk(precision: Any, costs: Costs) -> Work:
    """Labels from full pages whose images are predicted right with the share `precision`; marked images are
    labelled one by one and count.
    """
    wrong = 1 - np.asarray(precision, np.float64)
    missed = wrong * overlooked(wrong, costs)
    marked = _marked(wrong, costs)
    seconds = costs.grid_image_s + costs.page_s / costs.page_size + marked * (costs.mark_s + costs.single_s)
    return Work(seconds, missed + marked * costs.single_error)


def _marked(wrong: Array, costs: Costs) -> Array:
    return np.asarray(wrong * (1 - overlooked(wrong, costs)) + (1 - wrong) * costs.false_mark)


@dataclass(frozen=True)
class Shown:
    """What a grid shows when the confidence from which on it shows images is lowered step by step.

    `share` (t,) of the images that are shown, ascending to 1; `precision` (t,) of those, how many are
    predicted right; `confidence` (t,) from which on.
    """

    share: Array
    precision: Array
    confidence: Array


def shown_by_confidence(
    confidence: NDArray[np.floating[Any]], right: NDArray[np.bool_], steps: int = 100
) -> Shown:
    """From the `confidence` (n,) of predictions and whether they are `right` (n,), at `steps` equal shares;
    `ValueError` without predictions.
    """
    n = len(confidence)
    if n == 0:
        raise ValueError("there are no predictions")
    order = np.argsort(-np.asarray(confidence, np.float64), kind="stable")
    last = np.unique(np.ceil(np.arange(1, steps + 1) / steps * n).astype(np.int64))
    hits = np.cumsum(np.asarray(right, np.float64)[order])
    return Shown(last / n, hits[last - 1] / last, np.asarray(confidence, np.float64)[order][last - 1])


def mean_shown(several: list[Shown]) -> Shown:
    """The mean over draws of the same number of images."""
    fields = ("share", "precision", "confidence")
    return Shown(*(np.mean([getattr(shown, name) for shown in several], axis=0) for name in fields))


def bulk_share(shown: Shown, costs: Costs, factor: float = FACTOR) -> float:
    """Largest share of the images that a grid labels at least `factor` times as fast as one by one, with no
    more wrong labels; 0 if there is none.
    """
    work, alone = bulk(shown.precision, costs), one_by_one(costs)
    pays = (alone.seconds >= factor * work.seconds) & (work.error <= alone.error)
    return float(shown.share[pays].max(initial=0.0))


def accurate_share(shown: Shown, costs: Costs) -> float:
    """Largest share of the images that a grid labels with no more wrong labels, however long it takes."""
    return bulk_share(shown, costs, factor=0.0)


def seconds_needed(shown: Shown, costs: Costs, at_least: float, factor: float = FACTOR) -> float:
    """How many seconds a label one by one must take for a grid to be `factor` times as fast, with no more
    wrong labels, on at least the share `at_least` of the images; infinity if it never is.

    A marked image costs a label one by one too, so where more than 1 / `factor` are marked no number of
    seconds is enough.
    """
    wrong = 1 - shown.precision
    marked = _marked(wrong, costs)
    fixed = costs.grid_image_s + costs.page_s / costs.page_size + marked * costs.mark_s
    possible = (bulk(shown.precision, costs).error <= costs.single_error) & (factor * marked < 1)
    possible &= shown.share >= at_least - 1e-9
    needed = factor * fixed[possible] / (1 - factor * marked[possible])
    return float(needed.min(initial=np.inf))


def region(shown: Shown, costs: Costs, single_s: Array, grid_image_s: Array, factor: float = FACTOR) -> Array:
    """`bulk_share` over a grid of assumptions, (len(single_s), len(grid_image_s)); other costs as given."""
    return np.array(
        [
            [bulk_share(shown, replace(costs, single_s=s, grid_image_s=g), factor) for g in grid_image_s]
            for s in single_s
        ]
    )
