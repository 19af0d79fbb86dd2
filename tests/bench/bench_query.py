"""Time of one batch of 12 suggestions at the design point: 171,375 images x 384, 21 classes, 2,100 labels;
and the same with 1,280 numbers an image, as the offline backbones give.

Each strategy has the stored kNN graph (15 neighbours of each image), and a naive baseline in the same run:
for strategies of doubt a full sort of all images, for those of space the distances of all images to all
labels, which each of them needs before it has chosen anything. Target: under 1 s as the 95th percentile. The
graph is made within blocks of images, since an exact one takes minutes and the strategies only read it.
"""
# ruff: noqa: N803, N806 - X as in the papers

from __future__ import annotations

import sys

import numpy as np
from design_point import DIM, LABELS_PER_CLASS, N_CLASSES, truth
from measure import machine, repeat, report
from numpy.typing import NDArray

from medlabeler.learning.classifiers.formulas import logistic_probabilities
from medlabeler.learning.classifiers.logistic_regression import fit_logistic
from medlabeler.learning.classifiers.shaping import Shaping
from medlabeler.learning.query.entropy import entropies
from medlabeler.learning.query.registry import STRATEGIES
from medlabeler.learning.query.situation import Situation
from medlabeler.learning.query.suggest import suggest
from medlabeler.learning.query.typicality import exact_graph

BATCH = 12
NEIGHBOURS = 15
BLOCK = 2048
OF_DOUBT = ("least_confident", "margin", "entropy")
TIMES = 5


def blocks_graph(X: NDArray[np.float32]) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Nearest neighbours of each image within its block."""
    index = np.empty((len(X), NEIGHBOURS), np.int32)
    distance = np.empty((len(X), NEIGHBOURS), np.float32)
    for start in range(0, len(X), BLOCK):
        part = slice(start, min(start + BLOCK, len(X)))
        found = exact_graph(X[part], np.arange(part.stop - start), NEIGHBOURS)
        index[part], distance[part] = found[0] + start, found[1]
    return index, distance


def at_the_design_point(dim: int) -> Situation:
    """Everything a strategy looks at."""
    rng = np.random.default_rng(2)
    classes = truth()
    X = rng.standard_normal((len(classes), dim), dtype=np.float32) * 2.5
    X += rng.standard_normal((N_CLASSES, dim)).astype(np.float32)[classes]
    X = Shaping.fit(X).prepare(X)
    labelled = np.sort(
        np.concatenate(
            [rng.permutation(np.flatnonzero(classes == c))[:LABELS_PER_CLASS] for c in range(N_CLASSES)]
        )
    )
    fit = fit_logistic(X[labelled], classes[labelled], N_CLASSES)
    ids = np.arange(1, N_CLASSES + 1, dtype=np.int32)
    return Situation(
        X,
        np.setdiff1d(np.arange(len(X)), labelled),
        labelled,
        ids[classes[labelled]],
        logistic_probabilities(X, fit.weights, fit.bias),
        ids,
        graph=blocks_graph(X),
        weights=(fit.weights, fit.bias),
    )


def naive(strategy: str, situation: Situation) -> NDArray[np.int64]:
    """The obvious way to rank all candidates; see the docstring of the module."""
    assert situation.probabilities is not None
    rows, X = situation.candidates, situation.features
    if strategy in OF_DOUBT:
        return rows[np.argsort(-entropies(situation.probabilities[rows]))[:BATCH]]
    nearest = np.empty(len(rows), np.float32)
    for start in range(0, len(rows), BLOCK):
        part = X[rows[start : start + BLOCK]]
        nearest[start : start + BLOCK] = (X[situation.labelled] @ part.T).max(axis=0)
    return rows[np.argsort(nearest)[:BATCH]]


def main() -> int:
    """Print a line per strategy; 1 if one takes too long."""
    print(machine())
    good = [measured(dim) for dim in (DIM, 1280)]
    return 0 if all(good) else 1


def measured(dim: int) -> bool:
    """Whether all strategies keep to the target with embeddings of so many numbers."""
    print(f"{dim} numbers an image")
    situation = at_the_design_point(dim)
    baseline = {
        kind: repeat(lambda kind=kind: naive(kind, situation), 2, 0) for kind in (OF_DOUBT[0], "coreset")
    }
    names = {
        kind: f"baseline: {what}, {dim} numbers"
        for kind, what in (
            (OF_DOUBT[0], "sort all by entropy"),
            ("coreset", "distances of all to all labels"),
        )
    }
    for kind, name in names.items():
        report(name, baseline[kind])
    good = True
    for strategy in STRATEGIES:
        seeds = iter(range(100))
        taken = repeat(
            lambda strategy=strategy, seeds=seeds: suggest(strategy, situation, BATCH, next(seeds)), TIMES
        )
        beside = names[OF_DOUBT[0] if strategy in OF_DOUBT else "coreset"]
        good &= report(f"{strategy}, {dim} numbers", taken, 1000.0, baseline=beside)
    return good


if __name__ == "__main__":
    sys.exit(main())
