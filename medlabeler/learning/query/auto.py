"""Auto, the default: typical images first, then doubtful ones, spread over their kinds and over the classes.

Cold start: as long as there is no classifier, or fewer than `FEWEST` labels per known class, `typiclust`. A
classifier that has seen two images of a class does not know what it does not know: margins are no better
than chance there, typical images gain up to 8 points over random draws.

Then the images with the smallest margin between the two most probable classes, corrected in two ways:

- Doubt is weighed by how scarce the classes are that the image may belong to: by the mean number of labels
  per class over that of the class, averaged with the probabilities. Balanced accuracy counts every class
  alike, so where labels are few an image teaches more. In a pool of 20 : 1 that alone gains 3 to 7 points at
  7 to 20 labels per class; in a balanced pool it hardly changes a thing.
- The most doubtful ones, `SHORTLIST` times as many as are wanted and at most `LARGEST_PART` of the pool, are
  clustered into as many clusters as are wanted, weighed by their doubt, and the one nearest to each centre is
  suggested (Zhdanov 2019, "Diverse mini-batch Active Learning", https://arxiv.org/abs/1901.05954). Doubt
  alone asks the same question many times in a batch, and prefers outliers; an image in the middle of
  doubtful ones settles its neighbours too.

Chosen on inner splits of the training sides of two sets of blood cells; what was compared is told in
`resources/results/strategies.md`. Less mattered than one may think: the size of the shortlist, the power of
the weights in the clustering, and choosing by the expected fall of the variance of all predictions instead
(BAIT, Ash et al. 2021) stayed within a point of each other.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from medlabeler.learning.query import typiclust
from medlabeler.learning.query.clusters import kmeans, place_in_cluster
from medlabeler.learning.query.margin import margins
from medlabeler.learning.query.situation import Proposal, Situation
from medlabeler.learning.query.uncertainty import highest, of_candidates, tell_doubt

FEWEST = 3
SHORTLIST = 20
LARGEST_PART = 0.15


def propose(situation: Situation, n: int, rng: np.random.Generator) -> Proposal:
    """`typiclust` in a cold start, else the centres of clusters of weighed doubt."""
    if situation.probabilities is None or situation.classes is None or is_cold(situation):
        return typiclust.propose(situation, n, rng)
    rows = situation.candidates
    doubt = weighed_doubt(situation)
    most = max(2 * n, min(SHORTLIST * n, int(LARGEST_PART * len(rows))))
    situation.check()
    top = highest(doubt, most)
    situation.check()
    rows, weights = rows[top], doubt[top] + 1e-6
    X = situation.features[rows]
    centres, cluster = kmeans(X, n, rng, weights, situation.check)
    distance = np.square(X - centres[cluster]).sum(axis=1)
    total = np.bincount(cluster, weights)[cluster]
    order = np.lexsort((-total, place_in_cluster(cluster, -distance)))
    return Proposal("auto", rows[order], lambda row: tell_doubt(situation, row))


def is_cold(situation: Situation) -> bool:
    """Whether there are too few labels for the classifier's doubt to mean anything."""
    return len(situation.class_ids) < FEWEST * len(np.unique(situation.class_ids))


def weighed_doubt(situation: Situation) -> NDArray[np.float32]:
    """Of each candidate 1 - margin, times the scarcity of the classes it may belong to: float32, 0 without
    prediction.
    """
    assert situation.classes is not None  # noqa: S101 - asked for in `propose`
    counts = (situation.class_ids[:, None] == situation.classes).sum(axis=0)
    scarcity = (counts.mean() / np.maximum(counts, 1)).astype(np.float32)
    # Where there is no prediction P is zero, and so is the product.
    return of_candidates(situation, lambda P: (1 - margins(P)) * (P @ scarcity))
