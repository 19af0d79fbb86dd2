"""What the engine does when asked what to label next: which images may be suggested, and what is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.types import LabelKind, Split
from medlabeler.processes.protocol import Suggest, SuggestedImage

if TYPE_CHECKING:  # torch is paid for in `process.warm_up`
    from medlabeler.learning.classifiers.live import LivePrediction
    from medlabeler.learning.classifiers.logistic_regression import Fit
    from medlabeler.learning.query.situation import Graph

KNOWN = 0.99
"""Share of the embedded images that a kNN graph must know to tell which are typical."""


@dataclass(frozen=True)
class Labels:
    """Arrays over all images (n,): `split`, `kinds` of decision, `groups`. Of the pool the `rows` (m,),
    ascending, that are labelled with a class, and their `class_ids` (m,).
    """

    split: NDArray[np.uint8]
    kinds: NDArray[np.uint8]
    rows: NDArray[np.int64]
    class_ids: NDArray[np.int32]
    groups: NDArray[np.int32]


class Suggester:
    """Answers for one loaded embedding: `features` float32 (n, d), prepared, and which are `present` (n,)."""

    def __init__(
        self, features: NDArray[np.float32], present: NDArray[np.bool_], folder: Path, key: str
    ) -> None:
        """`folder` of the vectors and `key` of the embedding, whose kNN graph is read when first needed."""
        self._features = features
        self._present = present
        self._folder = folder
        self._key = key
        self._graph: Graph | None = None

    def answer(
        self,
        request: Suggest,
        labels: Labels,
        prediction: LivePrediction | None,
        fit: Fit | None,
        check: Callable[[], None],
    ) -> tuple[SuggestedImage, ...]:
        """Suggestions; `fit` is what is behind the `prediction`, None for a classifier without. `check` is
        called now and then, and may raise.

        Only pool images with an embedding that nobody has decided about are candidates, without those that
        the request excludes.
        """
        from medlabeler.learning.query.situation import Situation
        from medlabeler.learning.query.suggest import suggest

        free = (labels.split == Split.POOL) & (labels.kinds == LabelKind.CLEAR) & self._present
        free[labels.rows] = False
        waiting = np.array(request.exclude, np.int64)
        free[waiting] = False
        situation = Situation(
            self._features,
            np.flatnonzero(free),
            labels.rows,
            labels.class_ids,
            None if prediction is None else prediction.probabilities,
            None if prediction is None else prediction.classes,
            dict(request.names),
            self._neighbours(labels.split),
            labels.groups if (labels.groups >= 0).any() else None,
            waiting,
            None if prediction is None or fit is None else (fit.weights, fit.bias),
            check,
        )
        found = suggest(
            request.strategy,
            situation,
            request.n,
            request.seed,
            random_share=request.random_share,
            spread_groups=request.spread_groups,
        )
        return tuple(
            SuggestedImage(
                int(item.row), item.reason, item.strategy, item.inclusion_probability, tuple(item.classes)
            )
            for item in found
        )

    def _neighbours(self, split: NDArray[np.uint8]) -> Graph | None:
        """The kNN graph that the map left behind, without neighbours outside the pool: test images decide
        nothing. None before there is one, or when it is of fewer images: those that it does not know would
        never be typical.
        """
        from medlabeler.project.vectors import VectorStore

        if self._graph is None:
            graph = VectorStore(self._folder).load_knn_graph(self._key)
            if graph is not None and len(graph[0]) == len(split) and self._knows_all(graph[0]):
                index, distance = graph
                index[(index >= 0) & (split[index] != Split.POOL)] = -1
                self._graph = index, distance
        return self._graph

    def _knows_all(self, index: NDArray[np.int32]) -> bool:
        return bool((index[self._present] >= 0).any(axis=1).mean() >= KNOWN)
