"""How often the 95 % interval of balanced accuracy holds the truth, by simulation; slow.

As a program it writes the table:
python tests/learning/test_interval_coverage.py resources/results/coverage.md
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import norm

from medlabeler.learning.accuracy.intervals import MIN_EFFECTIVE, MIN_GROUPS, Tally, limits, shown

SETS = 2000
LOWEST = 0.93
RARELY = 0.05
"""Cells in which fewer of the sets than this may show an interval are too few to judge."""

SIZES = {
    "3 x 20": (20,) * 3,
    "3 x 30": (30,) * 3,
    "40, 60, 200": (40, 60, 200),
    "8 x 20": (20,) * 8,
    "8 x 50": (50,) * 8,
    "25 to 400": (25, 25, 50, 50, 100, 100, 200, 400),
    "2 x 100": (100, 100),
}
LAYOUTS = ("classes share groups", "groups of one class", "uneven groups")
GROUPS = (12, 20, 40, 100, 400)
CORRELATIONS = (0.0, 0.1, 0.3, 0.5)
RECALLS = {"0.90 to 0.99": (0.90, 0.99), "0.60 to 0.95": (0.60, 0.95), "0.30 to 0.80": (0.30, 0.80)}


@dataclass(frozen=True)
class Cell:
    """One situation. `shared`: classes of a group fail together instead of each for itself."""

    sizes: str
    layout: str
    groups: int
    correlation: float
    shared: bool
    recalls: str


@dataclass(frozen=True)
class Result:
    """Share of the sets that show an interval; of these, the share whose interval holds the truth, and its
    mean width in points.
    """

    cell: Cell
    shown: float
    coverage: float
    width: float


def cells(sizes: tuple[str, ...], groups: tuple[int, ...], recalls: tuple[str, ...]) -> Iterator[Cell]:
    for size in sizes:
        for layout in LAYOUTS:
            for n_groups in groups:
                for correlation in CORRELATIONS:
                    for shared in (False, True) if correlation else (False,):
                        for recall in recalls:
                            yield Cell(size, layout, n_groups, correlation, shared, recall)


def images_by_group(cell: Cell, rng: np.random.Generator) -> NDArray[np.int64]:
    """How many images of each class each group has, (G, C)."""
    sizes = SIZES[cell.sizes]
    n = np.zeros((cell.groups, len(sizes)), np.int64)
    for c, size in enumerate(sizes):
        if cell.layout == "uneven groups":
            share = rng.gamma(0.7, size=cell.groups)
            n[:, c] = rng.multinomial(size, share / share.sum())
        else:
            step = len(sizes) if cell.layout == "groups of one class" else 1
            own = np.arange(cell.groups)[c % step :: step]
            n[:, c] = np.bincount(rng.choice(own, size), minlength=cell.groups)
    return n


def simulate(cell: Cell, rng: np.random.Generator, sets: int = SETS) -> Result:
    """Success of an image: a normal variable, part of which its group (and class) has in common, passes a
    threshold."""
    n = images_by_group(cell, rng)
    recalls = np.linspace(*RECALLS[cell.recalls], n.shape[1])
    common = rng.normal(size=(sets, cell.groups, 1 if cell.shared else n.shape[1]))
    rho = cell.correlation
    p = norm.cdf((norm.ppf(recalls) - np.sqrt(rho) * common) / np.sqrt(1 - rho))
    right = rng.binomial(n, p).astype(np.float64)
    total = np.broadcast_to(n, right.shape).astype(np.float64)
    found = limits(Tally(total, right, total, right, total))
    show = shown(found)
    hit = (found.low <= recalls.mean()) & (recalls.mean() <= found.high)
    width = (found.high - found.low)[show]
    return Result(
        cell,
        float(show.mean()),
        float(hit[show].mean()) if show.any() else float("nan"),
        100 * float(width.mean()) if show.any() else float("nan"),
    )


@pytest.mark.slow
def test_intervals_that_are_shown_hold_the_truth() -> None:
    """A part of the grid of the table, with as many sets a cell; the hard corners are in it."""
    rng = np.random.default_rng(1)
    grid = list(
        cells(("3 x 30", "40, 60, 200", "8 x 50", "2 x 100"), (12, 20, 40), ("0.90 to 0.99", "0.60 to 0.95"))
    )
    judged = [r for r in (simulate(cell, rng) for cell in grid) if r.shown >= RARELY]
    assert len(judged) > 100
    missed = [r for r in judged if r.coverage < LOWEST]
    assert missed == []
    assert np.mean([r.coverage for r in judged]) < 0.985, "the intervals have become needlessly wide"


@pytest.mark.slow
@pytest.mark.parametrize("repeats", [1, 4, 10])
@pytest.mark.parametrize("correlation", [0.0, 0.3])
def test_intervals_of_repeated_predictions_hold_the_truth(repeats: int, correlation: float) -> None:
    """Images predicted again and again, most of them always right or always wrong: by a normal variable of
    the image, of its group and of the repeat. However many repeats, the interval is that of the images.
    """
    rng = np.random.default_rng(3)
    classes, n_groups, each, sets = 4, 30, 2, SETS
    recalls = np.linspace(0.6, 0.95, classes)
    noise = 0.1
    shape = (sets, n_groups, classes)
    common = np.sqrt(correlation) * rng.normal(size=shape)
    right, squared = np.zeros(shape), np.zeros(shape)
    for _ in range(each):
        image = common + np.sqrt(1 - correlation - noise) * rng.normal(size=shape)
        said = image[..., None] + np.sqrt(noise) * rng.normal(size=(*shape, repeats))
        share = (said < norm.ppf(recalls)[:, None]).mean(axis=-1)
        right += share
        squared += share**2
    total = np.full(shape, float(each))
    found = limits(Tally(total, right, total, right, total, squared))
    assert shown(found).mean() > 0.9
    hit = (found.low <= recalls.mean()) & (recalls.mean() <= found.high)
    assert hit.mean() >= LOWEST


def table(results: list[Result]) -> str:
    """Markdown: lowest and mean coverage by sizes, layout and groups, over correlations and recalls."""
    judged = [r for r in results if r.shown >= RARELY]
    lowest = 100 * min(r.coverage for r in judged)
    mean = 100 * np.mean([r.coverage for r in judged])
    text = f"""# Coverage of the 95 % interval of balanced accuracy

{SETS:,} simulated test sets for each of {len(results):,} situations; made by
`python tests/learning/test_interval_coverage.py resources/results/coverage.md`.

Sizes are test images of the classes. Groups: how many, and whether classes share groups, each group holds one
class, or groups and classes are uneven (gamma-distributed shares). Each row covers within-group correlations
of {", ".join(map(str, CORRELATIONS))} on the latent scale (classes of a group failing together, and each for
itself) and recalls from 0.90 to 0.99, 0.60 to 0.95 and 0.30 to 0.80. An interval is shown where every class
has {MIN_EFFECTIVE} effective images from {MIN_GROUPS} effective groups; situations in which fewer than
{100 * RARELY:.0f} % of the sets show one are not judged. The method was chosen on this grid too;
`coverage-designs.md` holds one that it never saw.

**Lowest coverage where an interval is shown: {lowest:.1f} %**, mean {mean:.1f} %,
in {len(judged):,} situations.

| sizes | groups | layout | situations | shown | lowest | mean | width, points |
|---|---|---|---|---|---|---|---|"""
    lines = text.splitlines()
    keys = dict.fromkeys((r.cell.sizes, r.cell.groups, r.cell.layout) for r in results)
    for sizes, groups, layout in keys:
        key = (sizes, groups, layout)
        rows = [r for r in results if (r.cell.sizes, r.cell.groups, r.cell.layout) == key]
        good = [r for r in rows if r.shown >= RARELY]
        share = 100 * np.mean([r.shown for r in rows])
        head = f"| {sizes} | {groups} | {layout} | {len(rows)} | {share:.0f} % |"
        if not good:
            lines.append(f"{head} none | | |")
            continue
        coverage = [100 * r.coverage for r in good]
        width = np.mean([r.width for r in good])
        lines.append(f"{head} {min(coverage):.1f} % | {np.mean(coverage):.1f} % | {width:.1f} |")
    return "\n".join([*lines, ""])


def main() -> None:
    rng = np.random.default_rng(0)
    results = [simulate(cell, rng) for cell in cells(tuple(SIZES), GROUPS, tuple(RECALLS))]
    out = Path(sys.argv[1])
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(table(results), encoding="utf-8")


if __name__ == "__main__":
    main()
