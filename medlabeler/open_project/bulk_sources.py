"""What the grid can show: one predicted class, or what was selected on the map. No widget."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.open_project.bulk_page import in_order, undecided
from medlabeler.open_project.state import OpenProjectState, Rows, class_counts

SELECTION = 0
"""In place of a class id: the images selected on the map."""


class Sources:
    """The undecided images of a source, in an order, without those that were turned over."""

    def __init__(self, opened: OpenProjectState) -> None:
        self._opened = opened
        self.chosen = SELECTION
        self.surest = True
        self.low = 0.0
        """Confidence in 0..1 from which on images are shown."""
        self.lasso: NDArray[np.bool_] = np.zeros(opened.n, np.bool_)
        """The images selected last, also when they are no longer selected."""
        self._passed: NDArray[np.bool_] = np.zeros(opened.n, np.bool_)
        self._found_of: tuple[NDArray[Any], ...] | None = None
        self._found: dict[float, Rows] = {}

    @property
    def grouped(self) -> bool:
        """Whether several predicted classes come together."""
        return self.chosen == SELECTION

    def _undecided(self, low: float = 0.0) -> Rows:
        """See `undecided`; found once for each state of labels and predictions, however often it is asked."""
        opened = self._opened
        of = (opened.project.labels.kind, opened.split, opened.confidence)
        if self._found_of is None or any(a is not b for a, b in zip(self._found_of, of, strict=True)):
            self._found_of, self._found = of, {}
        if low not in self._found:
            self._found[low] = undecided(opened, low)
        return self._found[low]

    def _all(self, low: float) -> Rows:
        opened = self._opened
        rows = self._undecided(low)
        if self.chosen == SELECTION:
            return rows[self.lasso[rows]] if len(self.lasso) == opened.n else rows[:0]
        chosen: Rows = rows[opened.prediction[rows] == self.chosen]
        return chosen

    def rows(self) -> Rows:
        """What the next pages show, in their order."""
        rows = self._all(self.low)
        return in_order(self._opened, rows[~self._passed_of(rows)], surest=self.surest)

    def counts(self) -> tuple[int, int, int]:
        """Undecided images of the source: from the confidence on, of any confidence, and those of the first
        that were turned over.
        """
        above = self._all(self.low)
        return len(above), len(self._all(0.0)), int(self._passed_of(above).sum())

    def of_class(self) -> dict[int, int]:
        """How many undecided images are predicted as each class."""
        return class_counts(self._opened.prediction[self._undecided()])

    def _passed_of(self, rows: Rows) -> NDArray[np.bool_]:
        if len(self._passed) < self._opened.n:
            grown = np.zeros(self._opened.n, np.bool_)
            grown[: len(self._passed)] = self._passed
            self._passed = grown
        return self._passed[rows]

    def turn_over(self, rows: Rows) -> None:
        """Leave these out until `start_over`."""
        self._passed_of(rows)
        self._passed[rows] = True

    def turn_back(self, rows: Rows) -> None:
        """Show these again."""
        self._passed[rows] = False

    def start_over(self) -> None:
        """Show everything again."""
        self._passed[:] = False
