"""Coverage of the interval where it was never tuned, and of weighted draws; slow.

The grid of `test_accuracy_coverage` also served to choose the method. Here nothing did: success follows a
beta-binomial model, sizes, numbers of groups and correlations are others, and a part of the sets is drawn
with unequal chances, as the two-phase test set is.
As a program it writes the table: python tests/learning/test_interval_coverage_designs.py FILE.md
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from medlabeler.learning.accuracy.intervals import Tally, limits, shown

SETS = 2000
LOWEST = 0.93
RARELY = 0.05

SIZES = {
    "2 x 45": (45,) * 2,
    "5 x 35": (35,) * 5,
    "12 x 60": (60,) * 12,
    "30, 45, 90, 300": (30, 45, 90, 300),
}
GROUPS = (15, 30, 60, 200)
CORRELATIONS = (0.0, 0.05, 0.2, 0.4)
RECALLS = {"0.85 to 0.97": (0.85, 0.97), "0.50 to 0.90": (0.50, 0.90)}
DESIGNS = {
    "equal chances": (1.0, 0.0),
    "rare-looking images 3 times as likely": (3.0, 0.0),
    "rare-looking images 8 times as likely": (8.0, 0.0),
    "groups capped": (1.0, 0.6),
    "both, 3 times": (3.0, 0.6),
}
"""How much likelier a rare-looking image is drawn, and the spread of the logarithm of group weights."""

RARE_SHARE = 0.15
HARDER = 0.7
"""Share of images that look rare, and what their recall is multiplied with."""


@dataclass(frozen=True)
class Cell:
    """One situation."""

    sizes: str
    groups: int
    correlation: float
    recalls: str
    design: str


@dataclass(frozen=True)
class Result:
    """Share of the sets that show an interval, and of these the share whose interval holds the truth."""

    cell: Cell
    shown: float
    coverage: float


def cells(sizes: tuple[str, ...] = tuple(SIZES), groups: tuple[int, ...] = GROUPS) -> Iterator[Cell]:
    for values in itertools.product(sizes, groups, CORRELATIONS, RECALLS, DESIGNS):
        yield Cell(*values)


def even(cell: Cell) -> bool:
    """Every second cell, as a chequerboard has them."""
    places = (
        CORRELATIONS.index(cell.correlation),
        list(RECALLS).index(cell.recalls),
        list(DESIGNS).index(cell.design),
    )
    return sum(places) % 2 == 0


def simulate(cell: Cell, rng: np.random.Generator, sets: int = SETS) -> Result:
    """Images fall on groups at random, some look rare; the recall of a group follows a beta law."""
    factor, spread = DESIGNS[cell.design]
    sizes = np.array(SIZES[cell.sizes])
    recalls = np.linspace(*RECALLS[cell.recalls], len(sizes))
    n = rng.multinomial(sizes, np.full(cell.groups, 1 / cell.groups), size=(sets, len(sizes)))
    n = n.transpose(0, 2, 1)  # (sets, G, C)
    chance = RARE_SHARE * factor / (RARE_SHARE * factor + 1 - RARE_SHARE)
    rare = rng.binomial(n, chance)
    group_weight = np.exp(spread * rng.normal(size=(sets, cell.groups, 1)))
    parts = []
    for count, harder, weight in ((n - rare, 1.0, 1.0), (rare, HARDER, 1 / factor)):
        p = np.broadcast_to(recalls * harder, count.shape)
        right = rng.binomial(count, _varied(p, cell.correlation, rng))
        parts.append((count.astype(np.float64), right.astype(np.float64), weight * group_weight))
    truth = float((recalls * (1 - RARE_SHARE + RARE_SHARE * HARDER)).mean())
    found = limits(
        Tally(
            sum(w * c for c, _, w in parts),
            sum(w * r for _, r, w in parts),
            sum(w * w * c for c, _, w in parts),
            sum(w * w * r for _, r, w in parts),
            n.astype(np.float64),
        )
    )
    show = shown(found)
    hit = (found.low <= truth) & (truth <= found.high)
    return Result(cell, float(show.mean()), float(hit[show].mean()) if show.any() else float("nan"))


def _varied(p: NDArray[np.float64], rho: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """Recall of each group and class, with mean `p` and intraclass correlation `rho`."""
    if rho == 0:
        return p
    total = (1 - rho) / rho
    return rng.beta(p * total, (1 - p) * total)


@pytest.mark.slow
def test_intervals_hold_on_a_grid_they_were_not_tuned_on() -> None:
    """Half of a quarter of the grid, in which each value of a factor meets each of the others."""
    rng = np.random.default_rng(3)
    quarter = cells(("5 x 35", "30, 45, 90, 300"), (30, 200))
    judged = [r for r in (simulate(cell, rng) for cell in quarter if even(cell)) if r.shown >= RARELY]
    assert len(judged) > 30
    assert [r for r in judged if r.coverage < LOWEST] == []


def table(results: list[Result]) -> str:
    """Markdown: lowest and mean coverage by design, sizes and groups."""
    judged = [r for r in results if r.shown >= RARELY]
    lowest, mean = (100 * f([r.coverage for r in judged]) for f in (min, np.mean))
    text = f"""# Coverage where nothing was tuned, and of weighted draws

{SETS:,} simulated test sets for each of {len(results):,} situations; made by
`python tests/learning/test_interval_coverage_designs.py resources/results/coverage-designs.md`.

The grid of `coverage.md` also served to choose the method. Sizes, numbers of groups, within-group
correlations ({", ".join(map(str, CORRELATIONS))}) and the law of success (beta-binomial) are others here.
{100 * RARE_SHARE:.0f} % of the images look rare and are recognised {HARDER} times as often; in the weighted
designs they are drawn more often, or groups stand for unequal numbers of images (log-normal weights). The
truth is that of the population, so a figure without weights would be biased.

**Lowest coverage where an interval is shown: {lowest:.1f} %**, mean {mean:.1f} %,
in {len(judged):,} situations.

| design | sizes | groups | shown | lowest | mean |
|---|---|---|---|---|---|"""
    lines = text.splitlines()
    for design, sizes, groups in itertools.product(DESIGNS, SIZES, GROUPS):
        rows = [r for r in results if (r.cell.design, r.cell.sizes, r.cell.groups) == (design, sizes, groups)]
        good = [100 * r.coverage for r in rows if r.shown >= RARELY]
        head = f"| {design} | {sizes} | {groups} | {100 * np.mean([r.shown for r in rows]):.0f} % |"
        lines.append(f"{head} {min(good):.1f} % | {np.mean(good):.1f} % |" if good else f"{head} none | |")
    return "\n".join([*lines, ""])


def main() -> None:
    rng = np.random.default_rng(2)
    results = [simulate(cell, rng) for cell in cells()]
    Path(sys.argv[1]).write_text(table(results), encoding="utf-8")


if __name__ == "__main__":
    main()
