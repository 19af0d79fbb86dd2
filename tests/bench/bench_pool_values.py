# ruff: noqa: N803, N806 - X and Z as in the papers
"""Shares of the classes in the pool, PPV and NPV: how often their 95 % intervals hold, by simulated sessions.

    python tests/bench/bench_pool_values.py --data FOLDER --cache FOLDER [--plays 40] [--first SEED]

Each play labels the training side by a query strategy, a tenth of each batch drawn at random. "Random draws"
is what the program states; "EM" and "rates" are what it does not: estimates from the predictions of all
images, with a bootstrap over labels and pool. Levels and limits were chosen on seeds from 0 on.
"""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
from bench_curve import SETS, RealSet, load
from numpy.typing import NDArray
from scipy.optimize import nnls

from medlabeler.learning.accuracy.cross_validation import out_of_fold
from medlabeler.learning.accuracy.pool_values import (
    MOST_CHOSEN,
    NOTHING,
    OUT_OF_FOLD_LEVEL,
    Proportion,
    in_pool,
)
from medlabeler.learning.accuracy.resampling import own_groups
from medlabeler.learning.classifiers.estimators import LogisticClassifier
from medlabeler.learning.classifiers.shaping import Shaping
from medlabeler.learning.query.typicality import exact_graph
from medlabeler.study.simulation import play

SIZES = (114, 300, 600)
BOOTSTRAPS = 30
SKEW = 20
STRATEGIES = ("auto", "random")
HEADER = """# Shares, PPV and NPV in the pool: how often their intervals hold

Simulated sessions on the training sides of `pbc` (8 classes) and `chula_rbc12` (12 classes, by field of
view), as they are and drawn unbalanced: shares falling geometrically, the most frequent class {skew} times as
frequent as the rarest, which class is which drawn anew for each of {plays} plays. Backbone:
EfficientNet-Lite0. *Automatic* is the default strategy, of whose suggestions a tenth is drawn at random.
The truth is the whole pool: the shares of all its images, and how often predictions of them are right, by
the classifier fitted on all labels for those without label, out of fold for those with one. "Holds" is the
percentage of the intervals shown, over all classes and plays, that contain the truth; "shown" the percentage
of classes for which one is shown, "width" their mean width and "error" the mean distance of the estimate from
the truth, in points. The labelled images are part of that truth, so PPV and NPV are judged twice more, by the
classifier fitted on all labels alone: "new images" are all images of the set without label, the test side
and what the pool left over among them, weighted to the mix of the pool; "bias" is the mean of estimate minus
truth there, in points: what cross-validation, which learns from four fifths of the labels, costs. "Unlabelled
of the pool" are the images that are left there. They are no measure of the intervals: with 600 labels some
300 are left, of a rare class a handful, and what is true of these is not known by any interval for the pool.

Limits of shares are those of 95 % (Clopper and Pearson). Those of PPV and NPV by cross-validation are of
99 %, rounded outward to tenths of a percent, and stated as 95 % ones: of 95 % they held for the whole pool in
97 to 100 of 100, but for PPV of the classifier fitted on all labels on new images in 92 (pbc, unbalanced) and
85 (chula_rbc12 as it is) of 100 with 600 labels, for that classifier is 1 to 4 points better than the ones
judged, and the more labels there are, the less of that the interval covers.

The rows "random draws" are what the program says, from nothing but the images drawn at random
(`learning/accuracy/pool_values.py`), and nothing once more than a quarter of the pool was labelled by
choice. "EM" (Saerens et al. 2002, what the program said before) and "rates" (the shares that explain the
predictions of the pool by the out-of-fold confusion matrix) estimate from the predictions of all pool
images; their intervals resample labels and pool, {boot} times, classifier and confusion matrix with them,
in {fewer} of the plays. They do not hold, so the program does not show them.
Made by

    python tests/bench/bench_pool_values.py --data FOLDER --cache FOLDER --plays {plays} --first {first} \\
        --fully {fewer} --out FILE
"""


@dataclass
class Tally:
    """Intervals that held, were shown, could have been, and their summed width, absolute and signed error."""

    held: int = 0
    shown: int = 0
    of: int = 0
    width: float = 0.0
    error: float = 0.0
    bias: float = 0.0

    def add(self, value: float, low: float, high: float, truth: float) -> None:
        """Count an interval (nan where none is shown); a truth of nan cannot be judged."""
        if np.isnan(truth):
            return
        self.of += 1
        if np.isnan(low):
            return
        self.shown += 1
        self.held += int(low - 1e-12 <= truth <= high + 1e-12)
        self.width += high - low
        self.error += abs(value - truth)
        self.bias += value - truth

    def holds(self) -> str:
        """How many of those shown held; empty if none was."""
        return f"{100 * self.held / self.shown:.1f} %" if self.shown else ""

    def cells(self) -> str:
        """Holds, shown, width, mean error."""
        if not self.shown:
            return "| | 0 % | | "
        return (
            f"| {self.holds()} | {100 * self.shown / self.of:.0f} %"
            f" | {100 * self.width / self.shown:.0f} | {100 * self.error / self.shown:.1f} "
        )


@dataclass
class Line:
    """One row of the table: `parts` are shares, PPV and NPV judged by the pool; `on_new` and `on_rest` are
    PPV and NPV judged by all images without label, and by those of them that are in the pool.
    """

    parts: tuple[Tally, Tally, Tally] = field(default_factory=lambda: (Tally(), Tally(), Tally()))
    on_new: tuple[Tally, Tally] = field(default_factory=lambda: (Tally(), Tally()))
    on_rest: tuple[Tally, Tally] = field(default_factory=lambda: (Tally(), Tally()))

    def cells(self) -> str:
        """The row: of PPV and NPV each way to judge."""
        text = self.parts[0].cells()
        for part, new, rest in zip(self.parts[1:], self.on_new, self.on_rest, strict=True):
            bias = f"{100 * new.bias / new.shown:+.1f}" if new.shown else ""
            text += f"{part.cells()}| {new.holds()} | {bias} | {rest.holds()} "
        return text


def fitted(
    X: NDArray[np.float32], y: NDArray[np.int64], T: NDArray[np.float32], n: int
) -> NDArray[np.float64]:
    """Probabilities (m, n) by our default."""
    model = LogisticClassifier().fit(X, y)
    out = np.zeros((len(T), n))
    out[:, model.classes_] = model.predict_proba(T)
    return out


def saerens(p: NDArray[np.float64], rounds: int = 200) -> NDArray[np.float64]:
    """Shares of the classes (C,), by EM from balanced probabilities (n, C)."""
    C = p.shape[1]
    p = np.maximum(p, 1e-12)
    share = np.full(C, 1 / C)
    for _ in range(rounds):
        q = p * share
        new = (q / q.sum(axis=1, keepdims=True)).mean(axis=0)
        if np.abs(new - share).max() < 1e-6:
            break
        share = new
    return np.asarray(share)


def unbalanced(codes: NDArray[np.int64], rows: NDArray[np.int64], seed: int) -> NDArray[np.int64]:
    """Of `rows` those of a pool in which classes are up to SKEW times as frequent as others."""
    rng = np.random.default_rng(seed)
    C = int(codes.max()) + 1
    share = SKEW ** -(rng.permutation(C) / (C - 1))
    have = np.bincount(codes[rows], minlength=C)
    scale = (have / share).min()
    kept = [
        rng.choice(rows[codes[rows] == c], max(2, int(scale * share[c])), replace=False) for c in range(C)
    ]
    return np.sort(np.concatenate(kept))


def out_of_fold_codes(
    Z: NDArray[np.float32], y: NDArray[np.int64], n: int, blocks: NDArray[np.int64], seed: int
) -> NDArray[np.int64]:
    """Class codes (2, m) by two cross-validations."""
    teaching = np.bincount(y, minlength=n)[y] < 2
    found = out_of_fold(
        Z, y, n, lambda a, b, c: fitted(a, b, c, n), blocks=blocks, teaching=teaching, repeats=2, seed=seed
    )
    return found.predicted


def joint_of(said: NDArray[np.int64], truth: NDArray[np.int64], n: int) -> NDArray[np.float64]:
    """Images (n, n) by class and prediction; those without prediction, -1, are left out."""
    known = said >= 0
    cells = np.bincount(truth[known] * n + said[known], minlength=n * n)
    return cells.reshape(n, n).astype(np.float64)


def values_of(joint: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """PPV and NPV (n,) from the images, or their share, (n, n) by class and prediction."""
    right, as_c, of_c = np.diag(joint), joint.sum(axis=0), joint.sum(axis=1)
    other = joint.sum() - as_c
    with np.errstate(invalid="ignore"):
        return np.asarray(right / as_c), np.asarray((other - (of_c - right)) / other)


def at_mix(joint: NDArray[np.float64], share: NDArray[np.float64]) -> NDArray[np.float64]:
    """`joint` (n, n) with its rows weighted so that class c makes up share (n,) of all."""
    of_c = joint.sum(axis=1, keepdims=True)
    return np.asarray(joint / np.maximum(of_c, 1) * share[:, None])


def bayes(rate: NDArray[np.float64], share: NDArray[np.float64]) -> NDArray[np.float64]:
    """PPV (n,) at shares (n,), from the share of each class (row) that is predicted as each."""
    joint = rate * share[:, None]
    with np.errstate(invalid="ignore"):
        return np.asarray(np.diag(joint) / joint.sum(axis=0))


def estimates(
    Z: NDArray[np.float32],
    y: NDArray[np.int64],
    said: NDArray[np.int64],
    pool: NDArray[np.float32],
    n: int,
    units: NDArray[np.int64],
    seed: int,
) -> dict[str, NDArray[np.float64]]:
    """Bootstrap samples (b, 2, n) of shares and PPV by "EM" and "rates"; the first is the estimate itself."""
    rng = np.random.default_rng(seed)
    members = [np.flatnonzero(units == u) for u in np.unique(units)]
    found: dict[str, list[NDArray[np.float64]]] = {"EM": [], "rates": []}
    for b in range(BOOTSTRAPS + 1):
        rows = np.arange(len(y))
        of_pool = np.arange(len(pool))
        if b:
            rows = np.concatenate([members[i] for i in rng.integers(len(members), size=len(members))])
            of_pool = rng.integers(len(pool), size=len(pool))
        if len(np.unique(y[rows])) < 2:
            continue
        p = fitted(Z[rows], y[rows], pool[of_pool], n)
        confusion = np.zeros((n, n))
        use = said[0, rows] >= 0
        np.add.at(confusion, (y[rows][use], said[0, rows][use]), 1)
        rate = (confusion + 1e-3) / (confusion + 1e-3).sum(axis=1, keepdims=True)
        by_rates = nnls(rate.T, np.bincount(p.argmax(axis=1), minlength=n) / len(p))[0]
        for name, share in (("EM", saerens(p)), ("rates", by_rates / by_rates.sum())):
            found[name].append(np.stack([share, bayes(rate, share)]))
    return {name: np.stack(values) for name, values in found.items()}


def limits_of(found: Proportion | None) -> tuple[float, float, float]:
    """Value, low and high; nan where nothing is shown."""
    return (found.value, found.low, found.high) if found else (np.nan, np.nan, np.nan)


def one_play(real: RealSet, Z: NDArray[np.float32], skewed: bool, strategy: str, seed: int, fully: bool,
             lines: dict[tuple[int, str], Line]) -> None:  # fmt: skip
    """Play once and add what each way says at each number of labels to `lines`."""
    n = len(real.classes)
    pool = unbalanced(real.codes, real.train, seed) if skewed else real.train
    groups = None if real.groups is None else real.groups.astype(np.int32)
    blocks = own_groups(groups, len(real.codes))
    played = play(
        Z, real.codes, pool, real.test, strategy, budgets=[s for s in SIZES if s < 0.7 * len(pool)],
        batch=20, seed=seed, groups=groups, graph=exact_graph(Z, pool),
    )  # fmt: skip
    drawn = np.array(played.strategies) == "random"
    share = np.bincount(real.codes[pool], minlength=n) / len(pool)
    for size in played.labels.tolist():
        rows = played.rows[:size]
        y = real.codes[rows]
        said = out_of_fold_codes(Z[rows], y, n, blocks[rows], seed)
        unlabelled = np.setdiff1d(np.arange(len(real.codes)), rows)
        full = fitted(Z[rows], y, Z[unlabelled], n).argmax(axis=1)
        rest = np.isin(unlabelled, pool)
        of_rest = joint_of(full[rest], real.codes[unlabelled[rest]], n)
        whole = of_rest + joint_of(said.ravel(), np.tile(y, len(said)), n) / len(said)
        truth = share, *values_of(whole)
        new = values_of(at_mix(joint_of(full, real.codes[unlabelled], n), share))
        use = np.flatnonzero(drawn[:size])
        told = in_pool(
            y[use], said[:, use], n, None if groups is None else groups[rows[use]], level=OUT_OF_FOLD_LEVEL
        )
        if size - len(use) > MOST_CHOSEN * len(pool):
            told = (NOTHING,) * n
        line = lines.setdefault((size, "random draws"), Line())
        for c, of_class in enumerate(told):
            for part, found, true in zip(
                line.parts, (of_class.share, of_class.positive, of_class.negative), truth, strict=True
            ):
                part.add(*limits_of(found), true[c])
            for parts, judged in ((line.on_new, new), (line.on_rest, values_of(of_rest))):
                for part, found, true in zip(
                    parts, (of_class.positive, of_class.negative), judged, strict=True
                ):
                    part.add(*limits_of(found), true[c])
        if not fully:
            continue
        for name, values in estimates(Z[rows], y, said, Z[pool], n, blocks[rows], seed).items():
            line = lines.setdefault((size, name), Line())
            low, high = np.nanquantile(values[1:], [0.025, 0.975], axis=0)
            for k in range(2):
                for c in range(n):
                    line.parts[k].add(values[0, k, c], low[k, c], high[k, c], truth[k][c])
                    if k:
                        line.on_new[0].add(values[0, k, c], low[k, c], high[k, c], new[0][c])


def main() -> int:
    """Play and print, or write, the table, after each situation."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--plays", type=int, default=40)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--fully", type=int, default=8)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    text = HEADER.format(
        skew=SKEW, plays=options.plays, boot=BOOTSTRAPS, fewer=options.fully, first=options.first
    ).splitlines()
    more = " | new images: holds | bias | unlabelled of the pool: holds"
    heads = " | ".join(
        f"{what}: holds | shown | width | error{more if what != 'share' else ''}"
        for what in ("share", "PPV", "NPV")
    )
    text += ["", f"| pool | strategy | labels | by | {heads} |", "|" + "---|" * 22]
    sets = {name: load(name, options.data, options.cache) for name in SETS}
    for skewed in (True, False):
        for name, real in sets.items():
            Z = Shaping.fit(real.X, real.train).prepare(real.X)
            for strategy in STRATEGIES:
                lines: dict[tuple[int, str], Line] = {}
                for at in range(options.plays):
                    one_play(real, Z, skewed, strategy, options.first + at, at < options.fully, lines)
                pool = f"{name}, {'unbalanced' if skewed else 'as it is'}"
                told = "Automatic" if strategy == "auto" else "at random"
                for (size, by), line in sorted(lines.items()):
                    text.append(f"| {pool} | {told} | {size} | {by} {line.cells()}|")
                    print(text[-1], flush=True)
                if options.out:
                    options.out.write_text("\n".join(text) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
