"""TypiClust: the most typical image of each cluster in which nothing is labelled yet, largest cluster first.

Hacohen, Dekel, Weinshall 2022, "Active Learning on a Budget: Opposite Strategies Suit High and Low Budgets",
https://arxiv.org/abs/2202.02794

Typical means densely surrounded. As published there are as many clusters as labels and suggestions together,
at most 500. Of many images a random sample is clustered; how typical an image is, the kNN graph still tells
from all.
"""

from __future__ import annotations

import numpy as np

from medlabeler.domain.language import tr
from medlabeler.learning.query.clusters import ROUNDS, kmeans, place_in_cluster
from medlabeler.learning.query.situation import Proposal, Rows, Situation, sample
from medlabeler.learning.query.typicality import typicality

MULTIPLICATIONS = 6e9
"""The sample is as large as fits into so many (a third of a second), but at least four images per cluster."""
CLUSTERS = 500
SMALLEST = 5
"""Clusters of fewer images come last: they are outliers rather than a kind of image."""


def propose(situation: Situation, n: int, rng: np.random.Generator) -> Proposal:
    """One image of each cluster, those with the fewest labels first, then the largest."""
    known = np.concatenate([situation.labelled, situation.waiting])
    k = min(len(known) + n, CLUSTERS)
    most = max(4 * k, int(MULTIPLICATIONS / (situation.features.shape[1] * k * ROUNDS)))
    known = sample(known, most // 3, rng)
    rows = sample(situation.candidates, most - len(known), rng)
    order, empty = _by_cluster(situation, rows, known, k, rng)

    def tell(row: int) -> tuple[str, tuple[int, ...]]:
        labels = tr("without labels") if row in empty else tr("with few labels")
        return tr("typical of a cluster {labels}", labels=labels), ()

    return Proposal("typiclust", order, tell)


def _by_cluster(
    situation: Situation, rows: Rows, known: Rows, k: int, rng: np.random.Generator
) -> tuple[Rows, set[int]]:
    """Rows in the order of the strategy, cluster after cluster and round after round, and which of them lie
    in clusters without labels.
    """
    cluster = kmeans(situation.features[np.concatenate([rows, known])], k, rng, check=situation.check)[1]
    n_clusters = int(cluster.max()) + 1
    labels = np.bincount(cluster[len(rows) :], minlength=n_clusters)
    cluster = cluster[: len(rows)]
    size = np.bincount(cluster, minlength=n_clusters)
    # Each image counts like a label for those of its cluster that are less typical.
    covered = labels[cluster] + place_in_cluster(cluster, typicality(situation, rows))
    ranked = np.lexsort((-size[cluster], covered, size[cluster] < SMALLEST))
    return rows[ranked], set(rows[labels[cluster] == 0].tolist())
