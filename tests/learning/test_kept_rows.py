"""Vectors that are kept side by side are those of the images asked for, whatever was asked before."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from medlabeler.learning.classifiers.kept_rows import KeptRows

N = 400
WANTED = st.sets(st.integers(0, N - 1), max_size=N).map(lambda rows: np.array(sorted(rows), np.int64))


def in_slices(work: Callable[[int, int], None], n: int) -> None:
    for start in range(0, n, 7):
        work(start, min(n, start + 7))


@settings(deadline=None)
@given(st.lists(WANTED, min_size=1, max_size=8))
def test_each_of_many_questions_is_answered_with_its_own_images(asked: list[np.ndarray]) -> None:
    images = torch.arange(N, dtype=torch.float32).unsqueeze(1).repeat(1, 3)
    kept = KeptRows(images)
    for rows in asked:
        vectors, places = kept.find(rows, in_slices)
        assert vectors.numpy()[places, 0].tolist() == rows.tolist()
        assert len(vectors) <= 2 * max(len(rows), 64)  # what nobody asks for any more does not pile up


def test_one_more_image_is_fetched_alone() -> None:
    fetched = []

    def counting(work: Callable[[int, int], None], n: int) -> None:
        fetched.append(n)
        in_slices(work, n)

    kept = KeptRows(torch.zeros(N, 3))
    kept.find(np.arange(0, N, 2), counting)
    kept.find(np.union1d(np.arange(0, N, 2), [7]), counting)
    kept.find(np.arange(0, N, 2)[:-1], counting)
    assert fetched == [N // 2, 1]
