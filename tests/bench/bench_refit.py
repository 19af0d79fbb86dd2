"""The live refit at the design point: 171,375 images x 384, 21 classes, 2,100 labels, one more at a time.

Logistic regression against scikit-learn's `LogisticRegression` of the same definition, fitted and applied to
all images; kNN against a brute-force search of the same definition; all in the same run. Targets, as the 95th
percentile: logistic regression fitted and applied within 80 ms, kNN within 60 ms.
"""
# ruff: noqa: N806 - X as in the papers

from __future__ import annotations

import sys
import time
from collections.abc import Iterator

import numpy as np
from design_point import DIM, LABELS_PER_CLASS, N_CLASSES, truth
from measure import fewer, machine, repeat, report
from sklearn.linear_model import LogisticRegression

from medlabeler.learning.classifiers.formulas import LOGISTIC_C, knn_probabilities
from medlabeler.learning.classifiers.live import LiveKNN, LiveLogistic
from medlabeler.learning.classifiers.shaping import Shaping

ADDED = fewer(40)
BASELINES = {"logistic": "baseline: scikit-learn LogisticRegression", "knn": "baseline: brute-force kNN"}


def main() -> int:
    """Print both comparisons; 1 if a target is missed."""
    print(machine())
    rng = np.random.default_rng(2)
    classes = truth()
    X = rng.standard_normal((len(classes), DIM), dtype=np.float32) * 2.5
    X += rng.standard_normal((N_CLASSES, DIM)).astype(np.float32)[classes]
    print(f"preparing {len(X):,} x {DIM}: ", end="")
    start = time.perf_counter()
    X = Shaping.fit(X).prepare(X)
    print(f"{time.perf_counter() - start:.1f} s, once per embedding")
    ids = (classes + 1).astype(np.int32)
    rows = np.concatenate(
        [rng.permutation(np.flatnonzero(classes == c))[: LABELS_PER_CLASS + 2] for c in range(N_CLASSES)]
    )
    rows = rng.permutation(rows)
    n = N_CLASSES * LABELS_PER_CLASS

    good = True
    medians = {}
    targets = (("logistic", LiveLogistic(X), 80.0), ("knn", LiveKNN(X), 60.0))
    for name, live, target in targets:
        start = time.perf_counter()
        live.set_labels(rows[:n], ids[rows[:n]])
        live.predict()
        print(f"{name}: {n:,} labels at once {1000 * (time.perf_counter() - start):.0f} ms")
        fit, predict, total = [], [], []
        for added in range(1, ADDED + 1):
            now = rows[: n + added]
            start = time.perf_counter()
            live.set_labels(now, ids[now])
            found = live.predict()
            total.append(1000 * (time.perf_counter() - start))
            assert found is not None
            fit.append(found.fit_ms)
            predict.append(found.predict_ms)
        report(f"{name}: one more label, fit", fit)
        report(f"{name}: one more label, predict all images", predict)
        good &= report(f"{name}: one more label, fit and predict", total, target, baseline=BASELINES[name])
        medians[name] = float(np.median(total))
        fewer = iter(range(1, 10))

        def remove(live: LiveLogistic | LiveKNN = live, fewer: Iterator[int] = fewer) -> None:
            now = rows[next(fewer) : n + ADDED]
            live.set_labels(now, ids[now])
            live.predict()

        report(f"{name}: one label fewer", repeat(remove, 5))

    now = rows[: n + ADDED]
    cold = LogisticRegression(C=LOGISTIC_C, class_weight="balanced", max_iter=1000)
    sklearn_ms = repeat(lambda: cold.fit(X[now], ids[now]).predict_proba(X), 3)
    report(BASELINES["logistic"], sklearn_ms)
    brute_ms = repeat(lambda: knn_probabilities(X, X[now], classes[now], N_CLASSES), 1, warm_up=0)
    report(BASELINES["knn"], brute_ms)
    times = np.median(sklearn_ms) / medians["logistic"]
    print(f"logistic regression: {times:.1f} times as fast as scikit-learn")
    print(f"kNN: {np.median(brute_ms) / medians['knn']:.0f} times as fast as brute force")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
