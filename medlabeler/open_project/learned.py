"""What a classifier learns from, kept up as labels change one by one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.types import NO_CLASS, LabelKind, Split
from medlabeler.project.labels import LabelStore, training_labels


class Learned:
    """Labelled pool images: `rows` int64 (m,), ascending, and their `class_ids` int32 (m,). Both are
    replaced, never changed in place.
    """

    def __init__(self) -> None:
        self.rows = np.empty(0, np.int64)
        self.class_ids = np.empty(0, np.int32)
        self._class_id = np.empty(0, np.int32)
        self._split = np.empty(0, np.uint8)
        self._all: NDArray[np.int32] | None = None

    def follow(self, labels: LabelStore, split: NDArray[np.uint8]) -> None:
        """Read the labels as they are on disk; only those that changed, where that is known."""
        if labels.class_id is self._class_id and split is self._split:
            return
        rows = labels.changed_since(self._class_id) if split is self._split else None
        if rows is None:
            usable = training_labels(labels.class_id, labels.kind, split)
            self.rows = np.flatnonzero(usable != NO_CLASS)
            self.class_ids = usable[self.rows]
        else:
            self._change(rows, labels, split)
        self._class_id, self._split, self._all = labels.class_id, split, None

    def _change(self, rows: NDArray[np.int64], labels: LabelStore, split: NDArray[np.uint8]) -> None:
        at = np.searchsorted(self.rows, rows)
        known = at < len(self.rows)
        known[known] = self.rows[at[known]] == rows[known]
        kept = np.delete(self.rows, at[known]), np.delete(self.class_ids, at[known])
        usable = (labels.kind[rows] == LabelKind.LABEL) & (split[rows] == Split.POOL)
        new = rows[usable & (labels.class_id[rows] != NO_CLASS)]
        at = np.searchsorted(kept[0], new)
        self.rows = np.insert(kept[0], at, new)
        self.class_ids = np.insert(kept[1], at, labels.class_id[new])

    def of_all(self) -> NDArray[np.int32]:
        """Class ids int32 (n,) of all images, NO_CLASS where there is nothing to learn from."""
        if self._all is None:
            self._all = np.full(len(self._split), NO_CLASS, np.int32)
            self._all[self.rows] = self.class_ids
        return self._all
