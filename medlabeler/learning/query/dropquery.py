"""DropQuery: images whose prediction changes when parts of the embedding are left out, spread over clusters.

Gupte, Aklilu, Nirschl, Yeung-Levy 2024, "Revisiting Active Learning in the Era of Vision Foundation Models",
https://arxiv.org/abs/2401.14555

Three times three quarters of the numbers are set to zero; where more than half of the three predictions
differ from the usual one, the image is a candidate. Candidates are clustered into as many clusters as images
are wanted, and the one nearest to each centre is suggested. Before there is a classifier all images are
clustered, as published. Of many images a random sample is looked at.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.language import tr
from medlabeler.learning.query.clusters import kmeans, place_in_cluster
from medlabeler.learning.query.situation import Floats, Proposal, Rows, Situation, never, sample
from medlabeler.learning.query.uncertainty import tell_doubt

PASSES = 3
DROPPED = 0.75
MOST = 8000


def propose(situation: Situation, n: int, rng: np.random.Generator) -> Proposal:
    """Those nearest to the centres first, the largest clusters first; undisputed images last."""
    rows = sample(situation.candidates, MOST, rng)
    weights = situation.linear_weights()
    if weights is None:
        order = by_centre(situation.features[rows], n, rng, situation.check)
        return Proposal("dropquery", rows[order], lambda _row: (tr("in the middle of a cluster"), ()))
    disputed = changes(situation.features[rows], *weights, rng) > PASSES / 2
    parts = [rows[disputed], rows[~disputed]]
    if len(parts[0]) >= 2 * n:
        parts = parts[:1]
    situation.check()
    X, check = situation.features, situation.check
    ranked = [part[by_centre(X[part], n, rng, check)] for part in parts if len(part)]
    return Proposal("dropquery", np.concatenate(ranked), lambda row: tell_doubt(situation, row))


def changes(X: Floats, W: Floats, b: Floats, rng: np.random.Generator) -> NDArray[np.int64]:
    """How many of the passes with dropout predict another class than without: int64 (n,), for X (n, d)."""
    usual = (X @ W + b).argmax(axis=1)
    count = np.zeros(len(X), np.int64)
    for _ in range(PASSES):
        kept = rng.random(X.shape, dtype=np.float32) >= DROPPED
        scores = (X * kept) @ (W / np.float32(1 - DROPPED)) + b
        count += scores.argmax(axis=1) != usual
    return count


def by_centre(X: Floats, n: int, rng: np.random.Generator, check: Callable[[], None] = never) -> Rows:
    """Positions in X (m, d) by n clusters: the nearest to each centre, then the second nearest of each.
    `check` is called now and then, and may raise.
    """
    centres, cluster = kmeans(X, n, rng, check=check)
    distance = np.square(X - centres[cluster]).sum(axis=1)
    size = np.bincount(cluster)[cluster]
    return np.lexsort((-size, place_in_cluster(cluster, -distance)))
