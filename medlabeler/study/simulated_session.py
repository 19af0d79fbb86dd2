"""Plays a person who works one by one, by the queue, or with grids, and watches the clock.

Seconds and errors are those of `cost_model.Costs`; here they meet real embeddings: wrong labels train the
classifier, suggestions grow better with it, and a grid shows what it really predicts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.learning.curves.learning_curve import recall_by_class, refuse_overlap
from medlabeler.learning.query.situation import Floats, Graph, Rows, Situation
from medlabeler.learning.query.suggest import suggest
from medlabeler.learning.query.typicality import exact_graph
from medlabeler.study.cost_model import Costs, overlooked
from medlabeler.study.simulation import SpanLearner

ONE_BY_ONE, QUEUE, BULK = WAYS = ("one by one", "queue", "bulk")

START_PER_CLASS = 10
"""Labels per class, on average, from the queue before the first grid: a grid needs a classifier."""
SURE = 0.9
"""Confidence from which on a grid shows images, surest first."""


@dataclass(frozen=True)
class Session:
    """What was done by each of `minutes` (b,).

    `labels` int64 (b,) given, `wrong` int64 (b,) of them; balanced accuracy (b,) on the test images and
    `predicted` int32 (b, m), their class codes; `rows` in the order in which they were labelled.
    """

    minutes: NDArray[np.float64]
    labels: NDArray[np.int64]
    wrong: NDArray[np.int64]
    balanced_accuracy: NDArray[np.float64]
    predicted: NDArray[np.int32]
    rows: Rows


def sit(
    features: Floats,
    truth: NDArray[np.integer[Any]],
    pool: Rows,
    test: Rows,
    way: str,
    *,
    costs: Costs,
    minutes: Sequence[float],
    seed: int,
    batch: int = 10,
    strategy: str = "auto",
    groups: NDArray[np.int32] | None = None,
    graph: Graph | None = None,
) -> Session:
    """Work in one of `WAYS` for max(`minutes`); arguments as those of `simulation.play`.

    One by one takes random images; the queue takes suggestions of `strategy`; bulk begins with the queue and
    goes on with grids of the class that has fewest labels among those with a page of sure images, and with
    the queue while there is none. A label given unaided is wrong with the person's own error, as any other
    class. What is not finished when the time is up does not count.
    """
    if way not in WAYS:
        raise ValueError(f"unknown way of working {way!r}")
    refuse_overlap(pool, test, groups)
    graph = graph or exact_graph(features, np.sort(pool))
    learner = SpanLearner(features, np.union1d(pool, test))
    person = _Person(
        features, np.asarray(truth, np.int32), pool, costs, batch, strategy, seed, groups, graph, learner
    )
    wanted = sorted(minutes)
    shown: list[tuple[int, int, NDArray[np.int32]]] = []
    state = person.state(test)
    while len(shown) < len(wanted):
        if not person.free.any():
            shown.append(state)
            continue
        {ONE_BY_ONE: person.label_at_random, QUEUE: person.follow_queue, BULK: person.bulk}[way]()
        while len(shown) < len(wanted) and person.seconds > 60 * wanted[len(shown)]:
            shown.append(state)
        if len(shown) < len(wanted):
            state = person.state(test)
    codes = np.asarray(truth, np.int64)[test]
    predicted = np.array([guess for _, _, guess in shown], np.int32)
    n_classes = int(np.max(truth)) + 1
    return Session(
        np.array(wanted),
        np.array([n for n, _, _ in shown], np.int64),
        np.array([n for _, n, _ in shown], np.int64),
        np.array([float(np.nanmean(recall_by_class(codes, p, n_classes))) for p in predicted]),
        predicted,
        np.array(person.rows, np.int64),
    )


class _Person:
    """Somebody who labels; `seconds` so far, `free` which images are still to be labelled."""

    def __init__(
        self,
        features: Floats,
        truth: NDArray[np.int32],
        pool: Rows,
        costs: Costs,
        batch: int,
        strategy: str,
        seed: int,
        groups: NDArray[np.int32] | None,
        graph: Graph | None,
        learner: SpanLearner,
    ) -> None:
        self.features, self.truth, self.costs = features, truth, costs
        self.batch, self.strategy, self.groups, self.graph = batch, strategy, groups, graph
        self.classes = np.unique(truth[pool])
        self.free = np.zeros(len(features), np.bool_)
        self.free[pool] = True
        self.seconds = 0.0
        self.rows: list[int] = []
        self.given: list[int] = []
        self._rng = np.random.default_rng(seed)
        self._learner = learner

    def state(self, test: Rows) -> tuple[int, int, NDArray[np.int32]]:
        """Labels so far, how many of them are wrong, and what the classifier says of the test images."""
        wrong = int((self.truth[self.rows] != np.array(self.given, np.int32)).sum()) if self.rows else 0
        return len(self.rows), wrong, self._learner.predict(test)

    def label_at_random(self) -> None:
        """One by one."""
        rows = self._rng.permutation(np.flatnonzero(self.free))[: self.batch]
        self.seconds += self.costs.single_s * len(rows)
        self._give(rows, self._unaided(rows))

    def follow_queue(self) -> None:
        """A batch of suggestions, each with its prediction, once there are predictions."""
        rows = np.array([s.row for s in suggest(self.strategy, self._situation(), self.batch, self._draw())])
        unaided = self._unaided(rows)
        if self._learner.probabilities is None:
            self.seconds += self.costs.single_s * len(rows)
            self._give(rows, unaided)
            return
        said = self._learner.predict(rows)
        right = said == self.truth[rows]
        taken = right | (self._rng.random(len(rows)) < self.costs.accept_wrong)
        costs = np.where(taken, self.costs.queue_right_s, self.costs.queue_wrong_s)
        self.seconds += float(costs.sum())
        self._give(rows, np.where(taken, said, unaided))

    def bulk(self) -> None:
        """A page of a grid, or the queue where there is none."""
        page = self._page() if len(self.rows) >= START_PER_CLASS * len(self.classes) else None
        if page is None:
            self.follow_queue()
            return
        said = self._learner.predict(page)
        right = said == self.truth[page]
        missed = overlooked(1 - right.mean(), self.costs)
        chance = np.where(right, self.costs.false_mark, 1 - missed)
        marked = self._rng.random(len(page)) < chance
        self.seconds += self.costs.page_s + self.costs.grid_image_s * len(page)
        self.seconds += float(marked.sum()) * (self.costs.mark_s + self.costs.single_s)
        self._give(page, np.where(marked, self._unaided(page), said))

    def _page(self) -> Rows | None:
        """The surest images of a class, if they fill a page."""
        if self._learner.probabilities is None:
            return None
        free = np.flatnonzero(self.free)
        confidence = self._learner.probabilities[free].max(axis=1)
        surest = np.argsort(-confidence, kind="stable")
        sure = free[surest[confidence[surest] >= SURE]]
        said = self._learner.predict(sure)
        given = np.bincount(self.given, minlength=int(self.classes.max()) + 1)
        for code in self.classes[np.argsort(given[self.classes], kind="stable")]:
            rows = sure[said == code]
            if len(rows) >= self.costs.page_size:
                return np.asarray(rows[: self.costs.page_size], np.int64)
        return None

    def _unaided(self, rows: Rows) -> NDArray[np.int32]:
        """Labels given by looking alone: some are wrong, as any other class."""
        at = np.searchsorted(self.classes, self.truth[rows])
        slips = self._rng.random(len(rows)) < self.costs.single_error
        by = self._rng.integers(1, len(self.classes), len(rows))
        return np.asarray(self.classes[(at + slips * by) % len(self.classes)], np.int32)

    def _give(self, rows: Rows, class_ids: NDArray[np.int32]) -> None:
        self.free[rows] = False
        self.rows.extend(map(int, rows))
        self.given.extend(map(int, class_ids))
        self._learner.fit(np.array(self.rows, np.int64), np.array(self.given, np.int32))

    def _situation(self) -> Situation:
        return Situation(
            features=self.features,
            candidates=np.flatnonzero(self.free),
            labelled=np.array(self.rows, np.int64),
            class_ids=np.array(self.given, np.int32),
            probabilities=self._learner.probabilities,
            classes=self._learner.classes,
            graph=self.graph,
            groups=self.groups,
            weights=self._learner.weights(),
        )

    def _draw(self) -> int:
        return int(self._rng.integers(2**31))
