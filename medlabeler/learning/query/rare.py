"""Rare-class hunt: the images most similar to a label of the classes that have the fewest.

Balanced accuracy counts every class alike, and a class of three labels is learned from three images. In the
manner of the positive-first searches compared by Lin, Mausam, Weld 2018, "Active Learning with Unbalanced
Classes and Example-Generation Queries", https://ojs.aaai.org/index.php/HCOMP/article/view/13334
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.language import tr
from medlabeler.learning.query import random_draw
from medlabeler.learning.query.situation import Floats, Proposal, Rows, Situation

SHORTLIST = 2000
"""Only so many images, the nearest to the mean of a class's labels, are compared with each of its labels."""


def propose(situation: Situation, n: int, rng: np.random.Generator) -> Proposal:
    """Images for the class with the fewest labels, counting those that this batch may bring."""
    classes, counts = np.unique(situation.class_ids, return_counts=True)
    if not len(classes):
        return random_draw.propose(situation, n, rng)
    turns = _turns(counts, 2 * n)
    X = situation.features
    sought = np.unique(turns).tolist()
    labels = {i: X[situation.labelled[situation.class_ids == classes[i]]] for i in sought}
    # Of all images at once: to copy the free ones for each class would take longer than the rest.
    near_mean = X @ np.stack([labels[i].mean(axis=0) for i in sought], axis=1)
    free = np.zeros(len(X), np.bool_)
    free[situation.candidates] = True
    queues: dict[int, list[int]] = {}
    for i, near in zip(sought, near_mean.T, strict=True):
        situation.check()
        queue = _nearest(X, np.flatnonzero(free), near, labels[i], turns.count(i))
        free[queue] = False
        queues[i] = queue.tolist()
    ranked = [(queues[i].pop(0), i) for i in turns if queues[i]]
    target = dict(ranked)

    def tell(row: int) -> tuple[str, tuple[int, ...]]:
        i = target[row]
        near = tr("the only label") if counts[i] == 1 else tr("the {counts} labels", counts=counts[i])
        which = tr("the scarcest class") if counts[i] == counts.min() else tr("a scarce class")
        return tr(
            "near {near} of {name}, {which}", near=near, name=situation.name(int(classes[i])), which=which
        ), (int(classes[i]),)

    return Proposal("rare", np.array([row for row, _ in ranked], np.int64), tell)


def _turns(counts: NDArray[np.int64], n: int) -> list[int]:
    """For which class each of n images is sought: always the one with the fewest labels, those sought
    before included.
    """
    hoped, turns = counts.copy(), []
    for _ in range(n):
        turns.append(int(hoped.argmin()))
        hoped[turns[-1]] += 1
    return turns


def _nearest(X: Floats, rows: Rows, near_mean: Floats, labels: Floats, n: int) -> Rows:
    """The n of `rows` with the largest similarity to one of `labels` (m, d), the largest first; `near_mean`
    (len(X),) is the similarity to their mean.
    """
    if len(rows) > SHORTLIST:
        rows = rows[np.argpartition(-near_mean[rows], SHORTLIST)[:SHORTLIST]]
    similarity = (X[rows] @ labels.T).max(axis=1)
    return rows[np.argsort(-similarity, kind="stable")[:n]]
