# ruff: noqa: N803, N806 - X as in the papers
"""How far cross-validation misleads when labels were chosen by their uncertainty, on real cells.

    python tests/bench/bench_active_bias.py --data FOLDER --cache FOLDER [--seeds 5]

Labels are gathered at random, or by asking for the least confident image, 20 at a time; the classifier is
our default. Cross-validation over all labels is set against balanced accuracy on the test side.
"""

from __future__ import annotations

import argparse
import os
import warnings
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
from bench_curve import SETS, RealSet, load
from numpy.typing import NDArray

from medlabeler.learning.accuracy.cross_validation import out_of_fold
from medlabeler.learning.accuracy.resampling import own_groups
from medlabeler.learning.classifiers.estimators import LogisticClassifier
from medlabeler.learning.classifiers.shaping import Shaping
from medlabeler.learning.curves.learning_curve import recall_by_class

BATCH = 20
START = 40
LAST = 400


def fit_predict(
    X: NDArray[np.float32], codes: NDArray[np.int64], T: NDArray[np.float32], n: int
) -> NDArray[np.float64]:
    """Probabilities (m, n) by our default on prepared vectors."""
    model = LogisticClassifier().fit(X, codes)
    result = np.zeros((len(T), n))
    result[:, model.classes_] = model.predict_proba(T)
    return result


def gather(real: RealSet, Z: NDArray[np.float32], active: bool, seed: int) -> list[tuple[int, float, float]]:
    """(labels, cross-validated, on the test side) at 100, 200 and 400 labels."""
    rng = np.random.default_rng(seed)
    n_classes = len(real.classes)
    chosen = rng.permutation(real.train)[:START]
    found = []
    while True:
        codes = real.codes[chosen]
        if len(chosen) in (100, 200, LAST):
            blocks = None if real.groups is None else own_groups(real.groups, len(real.codes))[chosen]
            out = out_of_fold(
                Z[chosen],
                codes,
                n_classes,
                lambda A, y, B: fit_predict(A, y, B, n_classes),
                blocks=blocks,
                seed=seed,
            )
            inner = np.nanmean(recall_by_class(codes, out.predicted[0], n_classes))
            said = fit_predict(Z[chosen], codes, Z[real.test], n_classes).argmax(axis=1)
            outer = np.nanmean(recall_by_class(real.codes[real.test], said, n_classes))
            found.append((len(chosen), float(inner), float(outer)))
        if len(chosen) >= LAST:
            return found
        rest = np.setdiff1d(real.train, chosen)
        if active:
            confidence = fit_predict(Z[chosen], codes, Z[rest], n_classes).max(axis=1)
            chosen = np.r_[chosen, rest[np.argsort(confidence)[:BATCH]]]
        else:
            chosen = np.r_[chosen, rng.choice(rest, BATCH, replace=False)]


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=5)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    print("| set | labels chosen | labels | cross-validation | test side | error, points |")
    print("|---|---|---|---|---|---|")
    for name in SETS:
        real = load(name, options.data, options.cache)
        Z = Shaping.fit(real.X, real.train).prepare(real.X)
        for active in (False, True):
            runs = np.array([gather(real, Z, active, seed) for seed in range(options.seeds)])
            for step in range(runs.shape[1]):
                n, inner, outer = runs[:, step].mean(axis=0)
                how = "least confident" if active else "at random"
                gap = f"{100 * (inner - outer):+.1f}"
                print(
                    f"| {name} | {how} | {n:.0f} | {100 * inner:.1f} | {100 * outer:.1f} | {gap} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
