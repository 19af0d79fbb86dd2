"""A cross-validation runs in the process that answers clicks: it lets one through in the middle of a fold."""

from __future__ import annotations

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from medlabeler.domain.progress import Cancelled
from medlabeler.learning.accuracy.cross_validation import FOLDS
from medlabeler.learning.accuracy.evaluation import cross_validate

N, DIM, CLASSES, REPEATS = 300, 16, 6, 2


class ClickAt:
    """Counts the checks; at the one of number `at` a newer label has come."""

    def __init__(self, at: int = 10**9) -> None:
        self.n, self._at = 0, at

    def check(self) -> None:
        self.n += 1
        if self.n == self._at:
            raise Cancelled

    def report(self, done: int, total: int, text: str = "") -> None:
        """Nobody looks."""

    def partial(self, facts: object) -> None:
        """Nobody adopts."""


def measured(progress: ClickAt) -> None:
    rng = np.random.default_rng(0)
    y = np.arange(N) % CLASSES
    vectors = (rng.normal(size=(CLASSES, DIM))[y] + rng.normal(size=(N, DIM))).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    cross_validate(vectors, y, None, "logistic", 0, progress, repeats=REPEATS)


def test_a_fold_and_the_figures_behind_it_can_be_left_in_the_middle() -> None:
    """Fails before: one check for each fold, none behind the last, and a click waited for up to .3 s."""
    progress = ClickAt()
    measured(progress)
    in_figures = CLASSES * REPEATS
    assert progress.n > FOLDS * REPEATS * 5 + in_figures


@pytest.mark.parametrize("at", [4, -3])
def test_who_leaves_leaves_nothing_behind(at: int) -> None:
    """In the middle of a fit and of the last figures; the threads of BLAS are as many as before."""
    whole = ClickAt()
    measured(whole)
    before = {entry["filepath"]: entry["num_threads"] for entry in threadpool_info()}
    with pytest.raises(Cancelled):
        measured(ClickAt(at if at > 0 else whole.n + at))
    assert {entry["filepath"]: entry["num_threads"] for entry in threadpool_info()} == before
