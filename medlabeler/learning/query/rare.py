"""Rare-class hunt: the images most similar to a label of the classes that have the fewest.

Balanced accuracy counts every class alike, and a class of three labels is learned from three images. In the
manner of the positive-first searches compared by Lin, Mausam, Weld 2018, "Active Learning with Unbalanced
Classes and Example-Generation Queries", https://ojs.aaai.org/index.php/HCOMP/article/view/13334
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from medlabeler.learning.query import random_draw
from medlabeler.learning.query.situation import Floats, Proposal, Rows, Situation

SHORTLIST = 2000
"""Only so many images, the nearest to the mean of a class's labels, are compared with each of its labels."""


def propose(situation: Situation, n: int, rng: np.random.Generator) -> Proposal:
    """Images for the class with the fewest labels, counting those that this batch may bring."""
    classes, counts = np.unique(situation.class_ids, return_counts=True)
    if not len(classes):
        return random_draw.propose(situation, n, rng)
    wanted = _shares(counts, 2 * n)
    taken = np.zeros(len(situation.features), np.bool_)
    queues: list[Rows] = []
    target: dict[int, int] = {}
    for i in np.flatnonzero(wanted):
        own = situation.labelled[situation.class_ids == classes[i]]
        free = situation.candidates[~taken[situation.candidates]]
        queue = _nearest(situation.features, free, own, int(wanted[i]))
        taken[queue] = True
        queues.append(queue)
        target.update(dict.fromkeys(queue.tolist(), int(i)))
    # The scarcest class first, then one image of each in turn.
    order = np.argsort(counts[np.flatnonzero(wanted)], kind="stable")
    turns = [queues[i][turn] for turn in range(int(wanted.max())) for i in order if turn < len(queues[i])]

    def tell(row: int) -> tuple[str, tuple[int, ...]]:
        i = target[row]
        labels = "the only label" if counts[i] == 1 else f"the {counts[i]} labels"
        which = "the scarcest class" if counts[i] == counts.min() else "a scarce class"
        return f"near {labels} of {situation.name(int(classes[i]))}, {which}", (int(classes[i]),)

    return Proposal("rare", np.array(turns, np.int64), tell)


def _shares(counts: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    """How many of n images to seek for each class so that the smallest counts rise to one level."""
    shares = np.zeros(len(counts), np.int64)
    for _ in range(n):
        shares[int((counts + shares).argmin())] += 1
    return shares


def _nearest(X: Floats, rows: Rows, labelled: Rows, n: int) -> Rows:
    """The n of `rows` with the largest similarity to one of `labelled`, the largest first."""
    mean = X[rows] @ X[labelled].mean(axis=0)
    if len(rows) > SHORTLIST:
        rows = rows[np.argpartition(-mean, SHORTLIST)[:SHORTLIST]]
    similarity = (X[rows] @ X[labelled].T).max(axis=1)
    return rows[np.argsort(-similarity, kind="stable")[:n]]
