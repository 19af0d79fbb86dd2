"""ONNX Runtime instead of torch: only for the same vectors, and torch goes on whatever happens to it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from medlabeler.domain.settings import cache_folder
from medlabeler.imaging.preprocess import Preprocessing
from medlabeler.learning import onnx_packages
from medlabeler.learning.backbones import kept_graphs, precise
from medlabeler.learning.backbones import runtime as runtimes
from medlabeler.learning.backbones.embedding import embed
from medlabeler.learning.backbones.likeness import least_cosine
from medlabeler.learning.backbones.loading import Backbone
from medlabeler.learning.backbones.registry import find
from medlabeler.learning.backbones.runtime import AUTO, ONNX_RUNTIME, TORCH, Runtime, mostly_convolutions

pytest.importorskip("onnxruntime")
pytest.importorskip("onnxscript")
SIZE, N = 16, 40
PICTURES = np.random.default_rng(0).integers(0, 256, (N, SIZE, SIZE, 3), np.uint8)


def network(seed: int) -> torch.nn.Module:
    """Convolutions with batch normalisation, drawn."""
    torch.manual_seed(seed)
    made = torch.nn.Sequential(
        torch.nn.Conv2d(3, 12, 3, 2, 1), torch.nn.BatchNorm2d(12), torch.nn.ReLU(),
        torch.nn.Conv2d(12, 24, 3, 2, 1), torch.nn.ReLU(), torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten(),
    )  # fmt: skip
    return made.eval().requires_grad_(False)


def backbone(seed: int = 0, name: str = "a") -> Backbone:
    """With weights of that name, which tells what is kept of it."""
    preprocessing = Preprocessing(SIZE, (0.5, 0.4, 0.3), (0.25, 0.2, 0.3))
    return Backbone(replace(find("resnet18"), dim=24), network(seed), preprocessing, name * 64, "average")


def vectors(made_by: Backbone, runtime: Runtime) -> NDArray[np.float16]:
    found = list(embed(made_by, PICTURES.__getitem__, np.arange(N), batch_size=4, runtime=runtime))
    rows = np.concatenate([shard.rows for shard in found])
    assert rows.tolist() == list(range(N))
    return np.concatenate([shard.vectors for shard in found])


def kept() -> list[Path]:
    return sorted((cache_folder() / "graphs").glob("*.onnx"))


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The graph of the first network; writing one takes seconds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MEDLABELER_HOME", str(tmp_path_factory.mktemp("home")))
        runtime = Runtime(ONNX_RUNTIME)
        found = vectors(backbone(), runtime)
        assert runtime.used == ONNX_RUNTIME
        assert runtime.cosine is not None
        assert runtime.cosine > 0.99999
        np.testing.assert_allclose(found, vectors(backbone(), Runtime(TORCH)), atol=2e-3)
        (path,) = kept()
        return path.read_bytes()


@pytest.fixture(autouse=True)
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Nothing is kept at first, and nothing written."""
    monkeypatch.setenv("MEDLABELER_HOME", str(tmp_path / "home"))
    return []


@pytest.fixture
def writes(written: list[str], graph: bytes, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Writing takes no time here: it gives the graph of the first network."""

    class Model:
        def SerializeToString(self) -> bytes:
            return graph

    def as_graph(*_: Any) -> Model:
        written.append("a")
        return Model()

    monkeypatch.setattr(runtimes, "as_graph", as_graph)
    return written


def test_a_graph_is_written_once_and_then_taken_from_where_it_was_kept(writes: list[str]) -> None:
    for _ in range(2):
        runtime = Runtime(ONNX_RUNTIME)
        vectors(backbone(), runtime)
        assert runtime.used == ONNX_RUNTIME
    assert len(writes) == len(kept()) == 1


def test_a_flipped_byte_is_noticed_and_the_graph_made_again(writes: list[str]) -> None:
    vectors(backbone(), Runtime(ONNX_RUNTIME))
    (path,) = kept()
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    runtime = Runtime(ONNX_RUNTIME)
    found = vectors(backbone(), runtime)
    assert runtime.used == ONNX_RUNTIME
    assert len(writes) == 2
    assert [one.read_bytes() for one in kept()] == [kept_graphs.read(backbone())]
    np.testing.assert_allclose(found, vectors(backbone(), Runtime(TORCH)), atol=2e-3)


def test_the_graph_of_other_weights_is_refused_and_forgotten(
    graph: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    other = backbone(seed=1, name="b")
    kept_graphs.keep(other, graph)
    runtime = Runtime(ONNX_RUNTIME)
    found = vectors(other, runtime)
    assert runtime.used == TORCH
    assert runtime.cosine is not None
    assert runtime.cosine < 0.999
    assert "does not give the vectors of torch" in caplog.text
    assert not kept()
    np.testing.assert_array_equal(found, vectors(other, Runtime(TORCH)))


def test_a_file_that_is_no_graph_at_all_leaves_torch_at_work(caplog: pytest.LogCaptureFixture) -> None:
    kept_graphs.keep(backbone(), b"no graph")
    runtime = Runtime(ONNX_RUNTIME)
    found = vectors(backbone(), runtime)
    assert runtime.used == TORCH
    assert "torch goes on" in caplog.text
    np.testing.assert_array_equal(found, vectors(backbone(), Runtime(TORCH)))


def test_without_the_packages_torch_goes_on_and_the_log_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(onnx_packages, "find_spec", lambda _name: None)
    monkeypatch.setattr(runtimes, "WORTH_A_LOOK", N)
    caplog.set_level(logging.INFO, "medlabeler.runtime")
    runtime = Runtime(AUTO)
    vectors(backbone(), runtime)
    assert (runtime.used, runtime.cosine) == (TORCH, None)
    assert "not installed" in caplog.text


def test_a_runtime_that_fails_midway_loses_no_image(
    writes: list[str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    whole = runtimes._session
    calls = 0

    def failing(content: bytes) -> Callable[[NDArray[np.uint8]], NDArray[np.float32]]:
        run = whole(content)

        def once(pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
            nonlocal calls
            calls += 1
            if calls > 5:
                raise RuntimeError("the session is gone")
            return run(pictures)

        return once

    monkeypatch.setattr(runtimes, "_session", failing)
    found = vectors(backbone(), Runtime(ONNX_RUNTIME))
    np.testing.assert_allclose(found, vectors(backbone(), Runtime(TORCH)), atol=2e-3)
    assert calls > 5
    assert "ONNX Runtime failed, torch goes on" in caplog.text


def test_by_itself_it_writes_no_graph_for_so_few_images(
    writes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runtimes, "WORTH_A_LOOK", N)
    runtime = Runtime(AUTO)
    vectors(backbone(), runtime)
    assert runtime.used == TORCH
    assert not writes


def test_of_a_few_images_nothing_is_tried_of_more_it_is(
    writes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One image to predict must not wait for a graph to be loaded."""
    tried = []
    read = kept_graphs.read
    monkeypatch.setattr(kept_graphs, "read", lambda one: tried.append(1) or read(one))
    vectors(backbone(), Runtime(AUTO))
    assert not tried
    monkeypatch.setattr(runtimes, "WORTH_A_LOOK", N)
    vectors(backbone(), Runtime(AUTO))
    assert tried


def test_by_itself_it_writes_one_that_pays_but_the_first_images_do_not_wait(
    writes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runtimes, "WORTH_A_LOOK", N)
    monkeypatch.setattr(runtimes, "REPAID_S", 0.0)
    monkeypatch.setattr(runtimes, "LEAST_GAIN", 0.0)
    monkeypatch.setattr(runtimes, "FIRST", 20)
    seen = []
    runtime = Runtime(AUTO)
    for shard in embed(
        backbone(), PICTURES.__getitem__, np.arange(N), batch_size=4, shard_size=4, runtime=runtime
    ):
        seen.append((int(shard.rows[0]), runtime.used))
    assert writes
    assert (0, TORCH) in seen
    assert seen[-1] == (36, ONNX_RUNTIME)


def test_convolutions_gain_by_it_and_transformers_do_not() -> None:
    layer = torch.nn.TransformerEncoderLayer(32, 2, 64)
    assert mostly_convolutions(network(0))
    assert not mostly_convolutions(torch.nn.Sequential(torch.nn.Conv2d(3, 8, 4), layer))


def test_only_so_many_graphs_are_kept() -> None:
    for number in range(kept_graphs.MOST + 3):
        kept_graphs.keep(backbone(name=f"{number:x}"), b"%d" % number)
    assert len(kept()) == kept_graphs.MOST
    assert kept_graphs.read(backbone(name=f"{kept_graphs.MOST + 2:x}")) is not None


def test_weights_without_a_name_are_not_kept() -> None:
    nameless = replace(backbone(), weights_sha256="")
    kept_graphs.keep(nameless, b"anything")
    assert kept_graphs.read(nameless) is None
    assert not kept()


def test_the_least_cosine_counts() -> None:
    rows = np.array([[1, 0], [0, 2], [0, 0]], np.float32)
    assert least_cosine(rows, rows) == 1.0
    turned = np.array([[1, 0], [2, 2], [0, 0]], np.float32)
    assert least_cosine(rows, turned) == pytest.approx(0.5**0.5)
    assert least_cosine(rows, np.full_like(rows, np.nan)) == 0.0
    assert least_cosine(rows, rows[:2]) == 0.0


class Difference(torch.nn.Module):
    """What is left of two large numbers that nearly cancel: nothing, where they are rounded."""

    def __init__(self, offset: float) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.first = torch.nn.Linear(3, 8).requires_grad_(False)
        self.offset = offset

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        colours: torch.Tensor = self.first(images.mean(dim=(2, 3))) + self.offset
        return (colours - self.offset).float()


@pytest.mark.parametrize(("offset", "chosen"), [(0.0, "bfloat16"), (1000.0, "float32")])
def test_bfloat16_is_taken_where_it_leaves_the_vectors_as_they_are(
    offset: float, chosen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(precise, "choose_precision", lambda _device: "bfloat16")
    made = replace(backbone(), module=Difference(offset))
    assert precise.choose_precision_for(made, "cpu", PICTURES[:16]) == chosen


def test_without_a_picture_nothing_is_risked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(precise, "choose_precision", lambda _device: "bfloat16")
    assert precise.choose_precision_for(backbone(), "cpu", PICTURES[:0]) == "float32"
