"""Scores that follow the weights stay beside those worked out from nothing, whatever comes between."""

# ruff: noqa: N803, N806 - X as in the papers
from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from medlabeler.domain.progress import Cancelled
from medlabeler.learning.classifiers import live, running_scores
from medlabeler.learning.classifiers.live import LiveLogistic
from medlabeler.learning.classifiers.running_scores import (
    KINDS,
    MOST_BYTES,
    MOST_WRONG,
    Copies,
    Eighths,
    Halves,
    RunningScores,
    quickest,
)
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


def running(
    X: NDArray[np.float32], monkeypatch: pytest.MonkeyPatch, kind: type[Copies] = Halves
) -> LiveLogistic:
    """A live classifier whose scores follow, whatever this processor multiplies quickly, in six slices."""
    monkeypatch.setattr(live, "quickest", lambda images, n_classes: kind)
    monkeypatch.setattr(live, "RunningScores", lambda images, kind: RunningScores(images, kind, 512))
    return LiveLogistic(X, threads=2)


def exact(X: NDArray[np.float32], weights: NDArray[np.float32]) -> NDArray[Any]:
    scores = X.astype(np.float64) @ weights[:-1] + weights[-1]
    shares = np.exp(scores - scores.max(1, keepdims=True))
    return np.asarray(shares / shares.sum(1, keepdims=True))


@pytest.mark.parametrize("kind", KINDS)
def test_after_many_labels_probabilities_are_those_of_the_exact_products(
    cells: Any, monkeypatch: pytest.MonkeyPatch, kind: type[Copies]
) -> None:
    X, y = cells
    following = running(X, monkeypatch, kind)
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


def one_by_one(work: Any, pieces: Any) -> None:
    for piece in pieces:
        work(piece)


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_copies_have_no_room_for_is_exact(cells: Any, kind: type[Copies]) -> None:
    X, _ = cells
    rng = np.random.default_rng(1)
    scores = RunningScores(torch.from_numpy(X), kind, 512, most_bytes=1100 * kind.bytes_each(X.shape[1]))
    found = torch.empty(5, len(X))

    def each(start: int, stop: int, some: torch.Tensor) -> None:
        found[:, start:stop] = some

    weights = rng.standard_normal((49, 5)).astype(np.float32)
    for _ in range(2):
        weights = weights + np.float32(0.05) * rng.standard_normal((49, 5)).astype(np.float32)
        scores.begin(CLASSES)
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
    scores = RunningScores(torch.from_numpy(X), Halves, 512)
    found = torch.empty(5, len(X))

    def each(start: int, stop: int, some: torch.Tensor) -> None:
        found[:, start:stop] = torch.softmax(some, 0)

    for size in (1.0, 300.0):
        weights = (size * rng.standard_normal((49, 5))).astype(np.float32)
        scores.begin(CLASSES)
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


def test_rounding_of_the_weights_does_not_add_up(cells: Any) -> None:
    """After a hundred changes that int8 cannot hold scores are as far from the exact ones as after a few:
    what a change lost is part of the next.
    """
    X, _ = cells
    scores = RunningScores(torch.from_numpy(X), Eighths, len(X))
    rng, apart = np.random.default_rng(1), []
    weights = rng.standard_normal((49, 5)).astype(np.float32)
    weights[-1, 0] = 60  # one class is certain, so that the sample finds nothing to renew
    lasting = np.float32(1e-4) * rng.standard_normal((49, 5)).astype(np.float32)
    lasting[0, 0] = 3e-2  # beside this the others are less than half a step
    found = torch.empty(5, len(X))

    def each(start: int, stop: int, some: torch.Tensor) -> None:
        found[:, start:stop] = some

    for turn in range(100):
        weights = weights + np.abs(lasting)
        weights[0, 0] -= 2 * lasting[0, 0] * (turn % 2)
        scores.begin(CLASSES)
        scores.all(weights, each, one_by_one, lambda: None)
        exact_scores = X.astype(np.float64) @ weights[:-1] + weights[-1]
        apart.append(float(np.abs(found.numpy().T - exact_scores).max()))
    assert max(apart[80:]) < 3 * max(apart[:20])


def test_slices_that_rounding_wears_out_are_renewed_a_few_at_a_time(cells: Any) -> None:
    """No click waits for exact products of all images, and yet none lies far from them."""
    X, _ = cells
    scores = RunningScores(torch.from_numpy(X), Eighths, 128)
    rng, renewed = np.random.default_rng(2), []
    weights = (3 * rng.standard_normal((49, 5))).astype(np.float32)
    found = torch.empty(5, len(X))

    def each(start: int, stop: int, some: torch.Tensor) -> None:
        found[:, start:stop] = torch.softmax(some, 0)

    for _ in range(60):
        weights = weights + np.float32(0.03) * rng.standard_normal((49, 5)).astype(np.float32)
        scores.begin(CLASSES)
        scores.all(weights, each, one_by_one, lambda: None)
        renewed.append(sum(one.followed == 0 for one in scores._slices))
        np.testing.assert_allclose(found.numpy().T, exact(X, weights), atol=PROMISED)
    assert max(renewed[1:]) == 2  # of 24
    assert sum(renewed[1:]) >= 24  # all had their turn


def test_a_million_images_are_copied_in_eight_bits_and_fewer_in_what_is_quickest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    took = {Halves: 1.0, Eighths: 2.0}
    monkeypatch.setattr(
        running_scores, "seconds", lambda kinds, *_: ({kind: took[kind] for kind in kinds}, 2.9)
    )
    n = MOST_BYTES // Halves.bytes_each(384)

    def chosen(size: int) -> type[Copies] | None:
        return quickest(torch.empty(1).expand(size, 384), 21)

    assert chosen(n) is Halves
    assert chosen(n + 1) is Eighths
    assert chosen(9 * n) is Eighths
    took[Eighths] = 0.9
    assert chosen(n) is Eighths
    took.update({Halves: 2.2, Eighths: 2.1})
    assert chosen(n) is None, "not worth their memory"
    took.clear()
    monkeypatch.setattr(running_scores, "seconds", lambda *_: ({}, 2.9))
    assert chosen(n) is None, "a torch that knows no such product"


def test_the_choice_is_that_of_a_quiet_machine_whatever_else_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """A neighbour that takes the core for most of the time, now from one way and now from another."""
    clock, turns = [0.0], [0]

    def works(quiet_s: float) -> None:
        turns[0] += 1
        clock[0] += quiet_s * (1 if turns[0] % 5 < 2 else 3)

    class Copied(Halves):
        quiet_s = 1.0

        def add(self, *_: Any) -> None:
            works(self.quiet_s)

    class Quicker(Copied):
        quiet_s = 0.8

    class Unknown(Halves):
        def add(self, *_: Any) -> None:
            raise RuntimeError

    monkeypatch.setattr(time, "thread_time", lambda: clock[0])
    monkeypatch.setattr(running_scores, "_exactly", lambda *_: works(1.6))
    took, exactly = running_scores.seconds((Copied, Unknown, Quicker), torch.zeros(20_000, 8), 3)
    n = running_scores._STRETCHES
    assert {kind: round(s, 6) for kind, s in took.items()} == {Copied: n, Quicker: round(0.8 * n, 6)}
    assert round(exactly, 6) == round(1.6 * n, 6)


def test_this_processor_is_measured() -> None:
    took, exactly = running_scores.seconds(KINDS, torch.randn(50_000, 24), 3)
    assert all(s > 0 for s in (*took.values(), exactly))


def test_few_images_are_not_worth_a_copy() -> None:
    assert quickest(torch.zeros(running_scores.FROM - 1, 8), 3) is None
