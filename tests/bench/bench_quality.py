# ruff: noqa: N806 - X as in the papers
"""Flipped labels of real cells: how many stand in the first tenth of the ranking of doubtful labels.

    python tests/bench/bench_quality.py --data FOLDER --cache FOLDER [--seeds 3] [--out FILE.md]

Classifier and score were chosen on the train sides; the test sides were scored once, for confirmation.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
from bench_curve import SETS, RealSet, load
from numpy.typing import NDArray

from medlabeler.learning.accuracy.cross_validation import out_of_fold
from medlabeler.learning.accuracy.evaluation import fold_blocks
from medlabeler.learning.classifiers.estimators import KNNClassifier, LogisticClassifier
from medlabeler.learning.classifiers.shaping import Shaping
from medlabeler.learning.quality import STIFFNESS, label_errors

SHARE = 0.05
FIRST = 0.1
PLANTED = (0.01, 0.05, 0.10)
PLANTED_IN = {100: 20, 300: 12, 1000: 4, 3000: 2}
"""Trials for each number of labels, or of all on the train side where there are fewer."""
BANDS = (0.0, 0.2, 0.3, 0.4, 0.6)
CALIBRATED = """
## What a clear contradiction is worth

Labels of the train sides, 100 to 2,640 of them, of which 1, 5 or 10 % were made wrong on purpose; how
many of the labels that the program calls clearly contradicted (beyond the thresholds of confident
learning) were. By the part of all labels that are contradicted at all, which is known where the true
errors are not: it tells how well the classes can be told apart. Labels of the data sets that are doubtful
themselves count as right.
""".splitlines()
JUDGES: dict[str, Callable[[], Any]] = {
    "kNN": KNNClassifier,
    **{f"LR, C = {c}": lambda c=c: LogisticClassifier(C=float(c)) for c in (1, 3, 10, 30)},  # type: ignore[misc]  # the loop's value is bound by the default
}
HEADER = f"""# Doubtful labels on real cells

5 % of the labels are flipped at random to another class; the tables tell how many of the flipped ones stand
in the first 10 % of the ranking (in brackets: in the first 5 %). Labels of the data set that are wrong or
doubtful themselves count as unflipped, so 100 % is out of reach. Backbone: EfficientNet-Lite0, 1280-d;
`pbc` has 8 classes, `chula_rbc12` 12, which the classifier tells apart much less well; its fields of view are
kept in one fold. Classifier and score were chosen on the train sides: self-confidence, the probability of the
given label, by logistic regression with C = {STIFFNESS:.0f}. The test sides were scored once, afterwards.
Made by `python tests/bench/bench_quality.py --data FOLDER --cache FOLDER --out FILE`.
""".splitlines()


def flipped(
    codes: NDArray[np.int64], n_classes: int, seed: int
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Labels with 5 % of them changed to another class, and which."""
    rng = np.random.default_rng(seed)
    wrong = rng.random(len(codes)) < SHARE
    return np.where(wrong, (codes + rng.integers(1, n_classes, len(codes))) % n_classes, codes), wrong


def found(order: NDArray[np.int64], wrong: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Share of the flipped labels in the first 10 % and 5 % of the ranking."""
    return np.array([wrong[order[: round(f * len(order))]].sum() / wrong.sum() for f in (FIRST, FIRST / 2)])


def scores(shares: NDArray[np.float64], y: NDArray[np.int64]) -> dict[str, NDArray[np.float64]]:
    """Ways to rank, small is doubtful: self-confidence, normalised margin, both adjusted by class."""
    place = np.arange(len(y))

    def margin(p: NDArray[np.float64]) -> NDArray[np.float64]:
        others = p.copy()
        others[place, y] = -1
        return np.asarray(p[place, y] - others.max(axis=1))

    given = shares[place, y]
    usual = np.array([given[y == k].mean() if (y == k).any() else 1.0 for k in range(shares.shape[1])])
    adjusted = shares - usual + usual.max()
    adjusted /= adjusted.sum(axis=1, keepdims=True)
    return {
        "self-confidence": given,
        "margin": margin(shares),
        "adjusted self-confidence": adjusted[place, y],
        "adjusted margin": margin(adjusted),
    }


def side(real: RealSet, rows: NDArray[np.int64]) -> tuple[NDArray[np.float32], NDArray[np.int64], Any]:
    """Prepared vectors, codes and groups of some images; the shaping knows the train side only."""
    X = Shaping.fit(real.X, real.train).prepare(real.X[rows])
    return X, real.codes[rows], None if real.groups is None else real.groups[rows]


def choose(real: RealSet, seeds: int, n: int | None) -> list[str]:
    """Lines of the table of the train side; `n` labels, or all."""
    X, truth, groups = side(real, real.train)
    titles = " | ".join(scores(np.eye(2), np.arange(2)))
    lines = [f"| judge, {len(truth) if n is None else n:,} labels | {titles} |", "|---|" + "---|" * 4]
    blocks = fold_blocks(X, groups)
    n_classes = len(real.classes)
    for name, make in JUDGES.items():
        table = []
        for seed in range(seeds):
            rows = np.arange(len(truth))
            if n is not None:
                rows = np.sort(np.random.default_rng(seed).choice(len(truth), n, replace=False))
            y, wrong = flipped(truth[rows], n_classes, seed)

            def judge(a: Any, b: Any, c: Any, make: Callable[[], Any] = make) -> Any:
                model = make().fit(a, b)
                out = np.zeros((len(c), n_classes))
                out[:, model.classes_] = model.predict_proba(c)
                return out

            out = out_of_fold(
                X[rows], y, n_classes, judge, blocks=None if blocks is None else blocks[rows], seed=seed
            )
            table.append([found(np.argsort(s, kind="stable"), wrong)
                          for s in scores(out.probabilities[0], y).values()])  # fmt: skip
        mean = 100 * np.mean(table, axis=0)
        lines.append(f"| {name} | " + " | ".join(f"{a:.0f} ({b:.0f})" for a, b in mean) + " |")
        print(real.name, lines[-1], flush=True)
    return lines


def confirm(real: RealSet, seeds: int) -> list[str]:
    """One line for each side, by the function that the program uses."""
    lines = []
    for name, rows in (("train side", real.train), ("test side", real.test),
                       ("all images", np.arange(len(real.codes)))):  # fmt: skip
        X, truth, groups = side(real, rows)
        values, clear = [], []
        for seed in range(seeds):
            y, wrong = flipped(truth, len(real.classes), 100 + seed)
            names = dict(enumerate(real.classes, 1))
            result = label_errors(X, y + 1, np.arange(len(y)), names, groups=groups, seed=seed)
            values.append(found(result.ranking, wrong))
            marked = np.array([s.row for s in result.suspects if s.confident], np.int64)
            clear.append([len(marked) / len(y), wrong[marked].sum() / wrong.sum()])
        ten, five = 100 * np.array(values).T
        part, hit = 100 * np.mean(clear, axis=0)
        lines.append(
            f"| {real.name}, {name} | {len(truth):,} | {ten.mean():.1f} ({ten.min():.1f} to {ten.max():.1f})"
            f" | {five.mean():.1f} | {part:.1f} | {hit:.0f} |"
        )
        print(lines[-1], flush=True)
    return lines


def planted(real: RealSet, n: int, rate: float, seed: int) -> tuple[float, int, int]:
    """Part of `n` labels that others contradict, of which `rate` was made wrong; how many contradictions are
    clear, and how many of these are of labels that were made wrong.
    """
    rng = np.random.default_rng((seed, n, round(1000 * rate)))
    rows = np.sort(rng.choice(real.train, min(n, len(real.train)), replace=False))
    X, y, groups = side(real, rows)
    wrong = np.zeros(len(y), np.bool_)
    wrong[rng.choice(len(y), max(1, round(rate * len(y))), replace=False)] = True
    C = len(real.classes)
    y = np.where(wrong, (y + rng.integers(1, C, len(y))) % C, y)
    result = label_errors(X, y + 1, np.arange(len(y)), {}, groups=groups, seed=seed)
    clear = [s.row for s in result.suspects if s.confident]
    return len(result.suspects) / len(result.ranking), len(clear), int(wrong[clear].sum())


def calibrate(sets: list[RealSet]) -> list[str]:
    """What a clear contradiction is worth, by the part of all labels that are contradicted."""
    trials = []
    for real in sets:
        for n, seeds in PLANTED_IN.items():
            for rate in PLANTED:
                for seed in range(seeds):
                    trials.append((rate, *planted(real, n, rate, seed)))
                print(real.name, n, rate, flush=True)
    heads = " | ".join(f"{100 * rate:.0f} % wrong" for rate in PLANTED)
    lines = [f"| contradicted | trials | clear in a trial | {heads} |", "|" + "---|" * (3 + len(PLANTED))]
    for low, high in pairwise(BANDS):
        inside = [t for t in trials if low <= t[1] < high]
        cells = []
        for rate in PLANTED:
            some = [t for t in inside if t[0] == rate]
            n_clear = sum(t[2] for t in some)
            cells.append(f"{100 * sum(t[3] for t in some) / n_clear:.0f} %" if n_clear else "none")
        counts = sorted(t[2] for t in inside) or [0]
        told = f"{100 * low:.0f} to {100 * high:.0f} % | {len(inside)} | {counts[0]} to {counts[-1]}"
        lines.append(f"| {told} | {' | '.join(cells)} |")
    return lines


def main() -> int:
    """Measure and print, or write, the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    sets = [load(name, options.data, options.cache) for name in SETS]
    lines = [*HEADER, "", "## As the program does it", ""]
    heads = ("images", "labels", "% in the first 10 % (range of draws)", "% in the first 5 %",
             "called clearly contradicted, % of labels", "flips among these, % of all flips")  # fmt: skip
    lines += [f"| {' | '.join(heads)} |", "|" + "---|" * len(heads)]
    for real in sets:
        lines += confirm(real, options.seeds)
    lines += [*CALIBRATED, "", *calibrate(sets)]
    if options.out:
        options.out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    for real in sets:
        lines += ["", f"## How it was chosen: {real.name}, train side", ""]
        for n in (None, 400):
            lines += [*choose(real, options.seeds, n), ""]
    text = "\n".join(lines).rstrip() + "\n"
    if options.out:
        options.out.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
