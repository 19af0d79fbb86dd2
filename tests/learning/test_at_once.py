"""All against all, a part at a time: memory does not grow with the square of the labels, results stay."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from medlabeler.learning import at_once
from medlabeler.learning.accuracy.evaluation import fold_blocks
from medlabeler.learning.at_once import rows_at_once
from medlabeler.learning.classifiers.formulas import knn_probabilities
from medlabeler.learning.query.typicality import exact_graph

N = 30_000


def vectors(n: int) -> NDArray[np.float32]:
    rng = np.random.default_rng(0)
    points = rng.standard_normal((n, 8), dtype=np.float32)
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    points[-3:] = points[:3]  # the same picture twice
    return points


def blocks(points: NDArray[np.float32]) -> NDArray[np.int64] | None:
    return fold_blocks(points, None)


def votes(points: NDArray[np.float32]) -> NDArray[np.float32]:
    return knn_probabilities(points[:2000], points, np.arange(len(points)) % 3, 3)


def graph(points: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.sort(exact_graph(points, np.arange(len(points)))[1], axis=1)


@pytest.mark.parametrize(("compare", "most_mb"), [(blocks, 130), (votes, 400)])
def test_memory_is_bounded(compare: Callable[[NDArray[np.float32]], object], most_mb: int) -> None:
    """With all of 171,375 images labelled the engine took 7 GB. Before: 170 and 915 MB here."""
    points = vectors(N)
    tracemalloc.start()
    compare(points)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < most_mb << 20


@pytest.mark.parametrize("compare", [blocks, votes, graph])
def test_parts_change_nothing(
    compare: Callable[[NDArray[np.float32]], NDArray[np.float32]], monkeypatch: pytest.MonkeyPatch
) -> None:
    points = vectors(900)
    whole = compare(points)
    monkeypatch.setattr(at_once, "SIMILARITIES", 900 * 7)
    assert rows_at_once(900, 1024) == 7
    np.testing.assert_allclose(compare(points), whole, atol=1e-6)


def test_one_row_at_least() -> None:
    assert rows_at_once(10**9, 512) == 1
    assert rows_at_once(0, 512) == 512
