"""Scores that follow the weights stay beside those worked out from nothing, whatever comes between."""

# ruff: noqa: N803, N806 - X as in the papers
from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from medlabeler.domain.progress import Cancelled
from medlabeler.learning.classifiers import live, running_scores
from medlabeler.learning.classifiers.live import LiveLogistic
from medlabeler.learning.classifiers.running_scores import MOST_WRONG, RunningScores, pays
from medlabeler.learning.classifiers.shaping import Shaping

PROMISED = 2e-3
"""How far a probability may lie from the exact one."""
CLASSES = np.array([3, 5, 9, 12, 40], np.int32)


@pytest.fixture(scope="module")
def cells() -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    """Overlapping classes of very different size, 3,000 x 48, prepared."""
    rng = np.random.default_rng(3)
    y = rng.choice(5, 3000, p=[0.5, 0.25, 0.15, 0.07, 0.03])
    X = rng.standard_normal((5, 48))[y] * 0.7 + rng.standard_normal((3000, 48)) * np.geomspace(3, 0.1, 48)
    return Shaping.fit(X).prepare(X), CLASSES[y]


def first(y: NDArray[np.int32], n: int) -> NDArray[np.int64]:
    """Rows of n labels, two of each class first."""
    pairs = np.concatenate([np.flatnonzero(y == c)[:2] for c in CLASSES])
    rest = np.random.default_rng(0).permutation(np.setdiff1d(np.arange(len(y)), pairs))
    return np.concatenate([pairs, rest])[:n]


def running(X: NDArray[np.float32], monkeypatch: pytest.MonkeyPatch) -> LiveLogistic:
    """A live classifier whose scores follow, whatever this processor multiplies quickly, in six slices."""
    monkeypatch.setattr(live, "pays", lambda images, n_classes: True)
    monkeypatch.setattr(live, "RunningScores", lambda images: RunningScores(images, 512))
    return LiveLogistic(X, threads=2)


def exact(X: NDArray[np.float32], weights: NDArray[np.float32]) -> NDArray[Any]:
    scores = X.astype(np.float64) @ weights[:-1] + weights[-1]
    shares = np.exp(scores - scores.max(1, keepdims=True))
    return np.asarray(shares / shares.sum(1, keepdims=True))


def test_after_many_labels_probabilities_are_those_of_the_exact_products(
    cells: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    X, y = cells
    following = running(X, monkeypatch)
    rounded = 0.0
    for n in range(60, 160, 2):
        rows = first(y, n)
        following.set_labels(rows, y[rows])
        found = following.predict()
        assert found is not None
        assert following.fit is not None
        wanted = exact(X, following.fit.theta)
        apart = float(np.abs(found.probabilities - wanted).max())
        rounded = max(rounded, apart)
        assert apart < PROMISED
        np.testing.assert_allclose(found.confidence, found.probabilities.max(1), atol=1e-6)
        others = found.class_id != CLASSES[wanted.argmax(1)]
        assert others.mean() <= 1e-3
    assert rounded > 1e-6  # the scores did follow, and were not worked out anew each time


def test_what_the_copies_have_no_room_for_is_exact(cells: Any) -> None:
    X, _ = cells
    rng = np.random.default_rng(1)
    scores = RunningScores(torch.from_numpy(X), 512, most_bytes=1100 * 2 * X.shape[1])
    found = torch.empty(5, len(X))

    def each(start: int, stop: int, some: torch.Tensor) -> None:
        found[:, start:stop] = some

    def one_by_one(work: Any, pieces: Any) -> None:
        for piece in pieces:
            work(piece)

    weights = rng.standard_normal((49, 5)).astype(np.float32)
    for _ in range(2):
        weights = weights + np.float32(0.05) * rng.standard_normal((49, 5)).astype(np.float32)
        scores.begin(weights, CLASSES)
        scores.all(weights, each, one_by_one, lambda: None)
    apart = np.abs(found.numpy().T - (X.astype(np.float64) @ weights[:-1] + weights[-1])).max(1)
    assert apart[1024:].max() < 1e-5
    assert 1e-5 < apart[:1024].max() < 1e-2


def test_what_a_newer_label_interrupts_is_caught_up_with(cells: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    X, y = cells
    following = running(X, monkeypatch)
    rows = first(y, 60)
    following.set_labels(rows, y[rows])
    following.predict()
    for stop_after, n in enumerate((70, 80, 90), start=1):
        rows, left = first(y, n), [stop_after]

        def newer(left: list[int] = left) -> None:
            left[0] -= 1
            if left[0] < 0:
                raise Cancelled

        following.set_labels(rows, y[rows])
        with pytest.raises(Cancelled):
            following.predict(check=newer)
    rows = first(y, 91)
    following.set_labels(rows, y[rows])
    found = following.predict()
    assert found is not None
    assert following.fit is not None
    np.testing.assert_allclose(found.probabilities, exact(X, following.fit.theta), atol=PROMISED)


def test_other_classes_begin_from_nothing(cells: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    X, y = cells
    following = running(X, monkeypatch)
    for kept in (CLASSES, CLASSES[:-1], CLASSES[1:], CLASSES):
        rows = first(y, 200)
        rows = rows[np.isin(y[rows], kept)]
        following.set_labels(rows, y[rows])
        found = following.predict()
        assert found is not None
        assert following.fit is not None
        assert found.classes.tolist() == kept.tolist()
        np.testing.assert_allclose(found.probabilities, exact(X, following.fit.theta), atol=1e-5)


def test_a_change_that_rounding_would_spoil_is_worked_out_exactly(cells: Any) -> None:
    """The sample tells: scores as far apart as these would be wrong in the second digit."""
    X, _ = cells
    rng = np.random.default_rng(1)
    scores = RunningScores(torch.from_numpy(X), 512)
    found = torch.empty(5, len(X))

    def each(start: int, stop: int, some: torch.Tensor) -> None:
        found[:, start:stop] = torch.softmax(some, 0)

    def one_by_one(work: Any, pieces: Any) -> None:
        for piece in pieces:
            work(piece)

    for size in (1.0, 300.0):
        weights = (size * rng.standard_normal((49, 5))).astype(np.float32)
        scores.begin(weights, CLASSES)
        scores.all(weights, each, one_by_one, lambda: None)
    np.testing.assert_allclose(found.numpy().T, exact(X, weights), atol=MOST_WRONG / 10)


def test_images_without_an_embedding_have_no_prediction(cells: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    X, y = cells
    present = np.arange(len(X)) % 7 != 0
    following = running(X, monkeypatch)
    following = LiveLogistic(X, present, threads=2)
    for n in (100, 101):
        rows = first(y, n)
        following.set_labels(rows, y[rows])
        found = following.predict()
        assert found is not None
        assert (found.class_id[~present] == -1).all()
        assert np.isnan(found.confidence[~present]).all()
        assert not found.probabilities[~present].any()


def test_few_images_are_not_worth_a_copy() -> None:
    assert not pays(torch.zeros(running_scores.FROM - 1, 8), 3)
