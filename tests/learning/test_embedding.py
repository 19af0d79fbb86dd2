"""Images to embeddings: order, failures, memory and cancelling."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from medlabeler.domain import cpu_policy
from medlabeler.domain.cores import Cores
from medlabeler.domain.errors import UserError
from medlabeler.domain.progress import Cancelled, SilentProgress
from medlabeler.imaging.preprocess import Preprocessing
from medlabeler.learning.backbones.embedding import WORTH_FOLDING, default_batch_size, embed
from medlabeler.learning.backbones.loading import Backbone
from medlabeler.learning.backbones.registry import find
from medlabeler.learning.device import Card, Mark

SIZE = 8


class MeanColour(torch.nn.Module):
    """Embeds an image as its mean colour; fails like a full card above `room` images."""

    def __init__(self, room: int = 10**9) -> None:
        super().__init__()
        self.room = room
        self.batches: list[int] = []

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        self.batches.append(len(images))
        if len(images) > self.room:
            raise torch.OutOfMemoryError("out of memory")
        return images.mean(dim=(2, 3))


def backbone(module: torch.nn.Module) -> Backbone:
    preprocessing = Preprocessing(SIZE, (0.5, 0.5, 0.5), (0.25, 0.25, 0.25))
    return Backbone(find("resnet18"), module, preprocessing, "0" * 64, "average")


def picture(row: int) -> NDArray[np.uint8]:
    return np.full((SIZE, SIZE, 3), row % 256, np.uint8)


def together(shards: Any) -> tuple[NDArray[np.int64], NDArray[np.float16], list[tuple[int, str]]]:
    found = list(shards)
    rows = np.concatenate([s.rows for s in found])
    vectors = np.concatenate([s.vectors for s in found if len(s.vectors)])
    return rows, vectors, [f for s in found for f in s.failed]


def test_vectors_belong_to_their_rows_and_are_normalised() -> None:
    rows = np.array([7, 3, 200, 0, 100])
    found, vectors, failed = together(
        embed(backbone(MeanColour()), picture, rows, batch_size=2, shard_size=3)
    )
    assert found.tolist() == rows.tolist()
    assert not failed
    expected = (rows / 255 - 0.5) / 0.25
    np.testing.assert_allclose(vectors, np.repeat(expected[:, None], 3, axis=1), atol=2e-3)
    assert vectors.dtype == np.float16


def test_shards_have_the_size_asked_for() -> None:
    shards = list(embed(backbone(MeanColour()), picture, np.arange(50), batch_size=4, shard_size=16))
    assert [len(s.rows) for s in shards] == [16, 16, 16, 2]


def test_an_unreadable_image_is_reported_and_the_rest_goes_on() -> None:
    def read(row: int) -> NDArray[np.uint8]:
        if row % 10 == 3:
            raise UserError(f"image {row} is cut short.")
        return picture(row) if row != 5 else np.zeros((2, 2, 3), np.uint8)

    rows, _, failed = together(embed(backbone(MeanColour()), read, np.arange(30), batch_size=4))
    assert sorted(row for row, _ in failed) == [3, 5, 13, 23]
    assert dict(failed)[13] == "image 13 is cut short."
    assert sorted([*rows.tolist(), 3, 5, 13, 23]) == list(range(30))


def test_a_whole_batch_of_unreadable_images_is_no_end() -> None:
    def read(row: int) -> NDArray[np.uint8]:
        raise OSError("gone")

    shards = list(embed(backbone(MeanColour()), read, np.arange(5), batch_size=2))
    assert sum(len(s.failed) for s in shards) == 5
    assert all(s.vectors.shape[0] == 0 for s in shards)


def test_the_batch_is_halved_until_it_fits_and_nothing_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "1")  # one lane, so that the batches come one after another
    module = MeanColour(room=5)
    rows, vectors, _ = together(embed(backbone(module), picture, np.arange(40), batch_size=32))
    assert rows.tolist() == list(range(40))
    assert len(vectors) == 40
    assert module.batches[:4] == [32, 16, 8, 4]
    assert max(module.batches[4:]) == 4


def test_no_room_for_a_single_image_is_a_sentence() -> None:
    with pytest.raises(UserError, match="not enough memory"):
        list(embed(backbone(MeanColour(room=0)), picture, np.arange(3), batch_size=2))


def test_cancelling_stops_between_batches() -> None:
    class Impatient(SilentProgress):
        calls = 0

        def check(self) -> None:
            self.calls += 1
            if self.calls > 3:
                raise Cancelled

    module = MeanColour()
    with pytest.raises(Cancelled):
        list(embed(backbone(module), picture, np.arange(100), batch_size=2, progress=Impatient()))
    # Of fifty. Three were taken; what was under way on the lanes, or next in their row, may have ended.
    assert 3 <= len(module.batches) <= 3 + 2 * (torch.get_num_threads() + 1)


class Slow(MeanColour):
    """Counts how many forward passes are under way at the same time, and with how many threads."""

    def __init__(self) -> None:
        super().__init__()
        self.lock = threading.Lock()
        self.under_way = self.most = 0
        self.threads: set[int] = set()

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        with self.lock:
            self.under_way += 1
            self.most = max(self.most, self.under_way)
            self.threads.add(torch.get_num_threads())
        time.sleep(0.005)
        with self.lock:
            self.under_way -= 1
        return super().forward(images)


@pytest.fixture
def four_cores(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine of four cores, as far as lanes go."""
    monkeypatch.setattr(cpu_policy, "cores", lambda: Cores(4, by_quota=False))
    monkeypatch.setattr(cpu_policy, "_own_threads", None)
    before = torch.get_num_threads()
    torch.set_num_threads(4)
    yield
    torch.set_num_threads(before)


@pytest.mark.usefixtures("four_cores")
def test_batches_run_side_by_side_each_on_one_thread_and_come_in_their_order() -> None:
    module = Slow()
    rows, vectors, _ = together(embed(backbone(module), picture, np.arange(60), batch_size=2, shard_size=16))
    assert rows.tolist() == list(range(60))
    expected = (rows / 255 - 0.5) / 0.25
    np.testing.assert_allclose(vectors, np.repeat(expected[:, None], 3, axis=1), atol=2e-3)
    assert module.most > 1
    assert module.threads == {1}
    assert torch.get_num_threads() == 4


@pytest.mark.usefixtures("four_cores")
def test_a_run_gives_cores_away_while_it_goes_on_and_takes_them_back() -> None:
    module, most = Slow(), []
    shards = embed(backbone(module), picture, np.arange(240), batch_size=2, shard_size=40)
    for n in (1, 1, 4, 4):
        next(shards)
        cpu_policy.use_threads(n)
        most.append(module.most)
        module.most = 0
    rows = np.concatenate([shard.rows for shard in shards])
    assert most[2] == 1  # the shard between asked for one lane
    assert module.most > 1
    assert rows.tolist() == list(range(160, 240))


@pytest.mark.usefixtures("four_cores")
def test_lanes_that_all_run_out_of_memory_halve_the_batch_once() -> None:
    module = MeanColour(room=16)
    rows, _, _ = together(embed(backbone(module), picture, np.arange(128), batch_size=32))
    assert rows.tolist() == list(range(128))
    assert set(module.batches) == {32, 16}


def test_without_the_policy_a_batch_is_left_to_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(cpu_policy.SWITCH, "off")
    module = Slow()
    together(embed(backbone(module), picture, np.arange(12), batch_size=2))
    assert module.most == 1
    assert module.threads == {torch.get_num_threads()}


@pytest.mark.parametrize(("lanes", "size"), [(None, 32), (1, 8), (2, 8), (16, 8)])
def test_a_batch_is_small_where_each_thread_has_its_own(
    lanes: int | None, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("medlabeler.learning.backbones.embedding._free_memory", lambda device: 10**12)
    assert default_batch_size("cpu", 224, lanes) == size


def test_lanes_share_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("medlabeler.learning.backbones.embedding._free_memory", lambda device: 10**9)
    assert default_batch_size("cpu", 224, 1) == 8
    assert default_batch_size("cpu", 224, 4) == 2


def test_numbers_that_are_not_finite_are_failures() -> None:
    class Broken(MeanColour):
        def forward(self, images: torch.Tensor) -> torch.Tensor:
            vectors = super().forward(images)
            vectors[images[:, 0, 0, 0] > 1.5] = torch.nan
            return vectors

    rows, vectors, failed = together(embed(backbone(Broken()), picture, np.array([1, 255, 2])))
    assert rows.tolist() == [1, 2]
    assert np.isfinite(vectors).all()
    assert [row for row, _ in failed] == [255]


def test_bfloat16_is_close_to_float32(tmp_path: Path) -> None:
    class Linear(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            torch.manual_seed(0)
            self.layer = torch.nn.Linear(3, 16)

        def forward(self, images: torch.Tensor) -> torch.Tensor:
            return self.layer(images.mean(dim=(2, 3)))

    results = [
        together(embed(backbone(Linear()), picture, np.arange(20), precision=p))[1]
        for p in ("float32", "bfloat16")
    ]
    assert not np.array_equal(*results)
    np.testing.assert_allclose(results[0].astype(float), results[1].astype(float), atol=0.05)


def on_card(module: torch.nn.Module, rows: Any, read: Any = picture, **options: Any) -> Any:
    """Embed as on a graphics card: the same staging, marks and lateness, worked off by the processor."""
    return embed(backbone(module), read, np.asarray(rows), card=Card("cpu"), **options)


def test_a_card_gives_the_same_vectors_and_failures_in_the_same_order() -> None:
    def read(row: int) -> NDArray[np.uint8]:
        if row % 7 == 3 or 40 <= row < 48:  # some, and whole batches
            raise UserError(f"image {row} is cut short.")
        return picture(row)

    rows = np.random.default_rng(0).permutation(100)
    there = together(on_card(MeanColour(), rows, read, batch_size=4, shard_size=16))
    here = together(embed(backbone(MeanColour()), read, rows, batch_size=4, shard_size=16))
    assert there[0].tolist() == here[0].tolist()
    np.testing.assert_array_equal(there[1], here[1])
    assert there[2] == here[2]


def test_a_card_that_is_full_takes_smaller_batches_and_loses_nothing() -> None:
    module = MeanColour(room=5)
    rows, vectors, _ = together(on_card(module, np.arange(101), batch_size=32))
    assert rows.tolist() == list(range(101))
    np.testing.assert_allclose(vectors[:, 0], (rows / 255 - 0.5) / 0.25, atol=2e-3)
    assert module.batches[:4] == [32, 16, 8, 4]
    assert max(module.batches[4:]) == 4
    with pytest.raises(UserError, match="not enough memory"):
        list(on_card(MeanColour(room=0), np.arange(3), batch_size=2))


def test_a_card_has_the_next_batches_before_the_vectors_of_one_are_waited_for() -> None:
    module, seen = MeanColour(), []

    class Watched(Card):
        def mark(self) -> Mark:
            number = len(module.batches)

            class Noting(Mark):
                def reached(self) -> None:
                    seen.append(len(module.batches) - number)

            return Noting(None)

    list(embed(backbone(module), picture, np.arange(20), batch_size=2, card=Watched("cpu")))
    assert seen == [2] * 8 + [1, 0]  # batches asked for since, as each is waited for


def test_cancelling_a_card_ends_the_run() -> None:
    class Impatient(SilentProgress):
        calls = 0

        def check(self) -> None:
            self.calls += 1
            if self.calls > 3:
                raise Cancelled

    module = MeanColour()
    with pytest.raises(Cancelled):
        list(on_card(module, np.arange(100), batch_size=2, progress=Impatient()))
    assert len(module.batches) <= 6


def test_a_card_is_fed_by_groups_that_keep_the_order_and_their_failures() -> None:
    asked: list[int] = []

    def read_many(rows: list[int]) -> list[Any]:
        asked.append(len(rows))
        return [UserError(f"image {row} is cut short.") if row % 9 == 4 else picture(row) for row in rows]

    rows = np.random.default_rng(1).permutation(90)
    found, vectors, failed = together(on_card(MeanColour(), rows, read_many=read_many, batch_size=8))
    good = rows[rows % 9 != 4]
    assert found.tolist() == good.tolist()
    np.testing.assert_allclose(vectors[:, 0], (good / 255 - 0.5) / 0.25, atol=2e-3)
    assert dict(failed) == {row: f"image {row} is cut short." for row in range(4, 90, 9)}
    assert max(asked) > 1
    assert sum(asked) == 90


def test_norms_are_folded_where_that_changes_no_vector_and_is_repaid_and_only_there() -> None:
    """In bfloat16 it would: vectors that a project has already must stay comparable."""
    seen: list[int] = []

    class Watched(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.convolution, self.norm = torch.nn.Conv2d(3, 6, 3), torch.nn.BatchNorm2d(6)

        def forward(self, images: torch.Tensor) -> torch.Tensor:
            seen.append(sum(isinstance(part, torch.nn.BatchNorm2d) for part in self.modules()))
            return self.norm(self.convolution(images)).mean(dim=(2, 3))

    torch.manual_seed(0)
    some = backbone(Watched().eval().requires_grad_(False))
    many, few = WORTH_FOLDING, WORTH_FOLDING - 1
    for precision, n, norms in (("float32", many, 0), ("float32", few, 1), ("bfloat16", many, 1)):
        together(embed(some, picture, np.arange(n), precision=precision))
        assert seen[-1] == norms, (precision, n)
