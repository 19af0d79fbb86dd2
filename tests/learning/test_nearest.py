"""Neighbours found by a card are those found by comparing all with all on the processor."""

# ruff: noqa: N806 - X as in the papers

from __future__ import annotations

import numpy as np
import pytest
import torch

from medlabeler.domain.progress import Cancelled, SilentProgress
from medlabeler.learning import device, nearest, projection
from medlabeler.learning.device import Card


def points(n: int) -> np.ndarray:
    return projection._unit(np.random.default_rng(0).normal(size=(n, 12)))


def test_all_neighbours_in_their_order_the_image_itself_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nearest, "_SIMILARITIES", 500 * 70)  # several parts, the last one short
    X = points(500)
    index, distance = nearest.nearest_on_card(X, 15, Card("cpu"))
    wanted, away = projection._exact_neighbours(X, 15)
    np.testing.assert_array_equal(index, wanted)
    np.testing.assert_allclose(distance, away, atol=1e-6)
    assert (index != np.arange(500)[:, None]).all()
    assert (index.dtype, distance.dtype) == (np.int32, np.float32)


def test_it_can_be_cancelled_between_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    class Cancelling(SilentProgress):
        def check(self) -> None:
            raise Cancelled

    with pytest.raises(Cancelled):
        nearest.nearest_on_card(points(20), 3, Card("cpu"), Cancelling())


def test_a_card_that_is_full_leaves_it_to_the_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(Card):
        def staging(self, *shape: int, dtype: torch.dtype) -> torch.Tensor:
            raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(device, "card_for", lambda n_bytes: Full("cpu"))
    assert projection._by_card(points(20), 3, SilentProgress()) is None
    monkeypatch.setattr(device, "card_for", lambda n_bytes: None)
    assert projection._by_card(points(20), 3, SilentProgress()) is None
    monkeypatch.setattr(device, "card_for", lambda n_bytes: Card("cpu"))
    found = projection._by_card(points(20), 3, SilentProgress())
    assert found is not None
    np.testing.assert_array_equal(found[0], projection._exact_neighbours(points(20), 3)[0])


def test_a_small_embedding_stays_on_the_processor() -> None:
    assert device.card_for(device.PAYS - 1) is None
