"""Low-rank adapters: what learns, that merging changes nothing, what it saves, that a stop does not show."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from medlabeler.learning.backbones.loading import Backbone, load_backbone, untrained
from medlabeler.learning.dino import checkpoint
from medlabeler.learning.dino.product import save_backbone
from medlabeler.learning.sharpening import low_rank
from medlabeler.learning.sharpening.recipe import Recipe
from medlabeler.learning.sharpening.train import Material, Sharpener

SIZE, N = 32, 16
RECIPE = Recipe(steps=6, labelled=4, size=SIZE, precision="float32", rank=2, backbone_rate=0.02)


@pytest.fixture(scope="module")
def start() -> Backbone:
    torch.manual_seed(0)
    return untrained("test_vit", SIZE)


@pytest.fixture
def all_are_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(low_rank, "LARGE", 1000)


def sharpener(start: Backbone, recipe: Recipe = RECIPE) -> Sharpener:
    pixels = np.random.default_rng(0).integers(0, 255, (N, SIZE, SIZE, 3), dtype=np.uint8)
    material = Material(
        np.arange(N), np.arange(N) % 2, np.zeros(0, np.int64), np.zeros((0, 2), np.float32), 2
    )
    return Sharpener(start, pixels, material, recipe)


def learned(it: Sharpener) -> Sharpener:
    for _ in it.run(RECIPE.steps):
        pass
    return it


def moments(it: Sharpener) -> int:
    """Numbers that the optimiser keeps."""
    return sum(v.numel() for state in it.optimiser.state.values() for v in state.values())


@pytest.mark.usefixtures("all_are_large")
def test_only_the_adapters_and_the_head_learn_and_the_rest_is_held_once(start: Backbone) -> None:
    it = learned(sharpener(start))
    assert it.adapted
    for name, parameter in it.student.named_parameters():
        assert (parameter.grad is not None) == ("parametrizations.weight.0" in name or "head" in name), name
    begun = start.module.state_dict()
    after: dict[str, Any] = it.student.backbone.state_dict()
    assert all(torch.equal(after[key], begun[key]) for key in begun if key in after)
    theirs = dict(it.teacher.named_parameters())
    shared = [p.data_ptr() == theirs[name].data_ptr() for name, p in it.student.named_parameters()]
    assert shared == [not p.requires_grad for p in it.student.parameters()]
    assert moments(it) < 0.1 * moments(learned(sharpener(start, replace(RECIPE, rank=0))))


@pytest.mark.usefixtures("all_are_large")
def test_merged_it_is_an_ordinary_backbone_that_says_the_same(start: Backbone, tmp_path: Path) -> None:
    it = learned(sharpener(start))
    images = torch.randn(3, 3, SIZE, SIZE)
    merged = it.finished()
    with torch.no_grad():
        before = it.teacher.backbone(images)
        assert torch.allclose(merged.backbone(images), before, atol=1e-5)
        assert torch.allclose(it.teacher.backbone(images), before, atol=0), "the teacher goes on learning"
    assert merged.backbone.state_dict().keys() == start.module.state_dict().keys()
    path = tmp_path / "backbone.safetensors"
    save_backbone(path, merged, start, SIZE, {"title": "adapted", "licence": "none"})
    with torch.no_grad():
        said = load_backbone(str(path)).module(images)
    assert torch.allclose(said, before, atol=0.02), "weights are stored in float16"
    assert not torch.allclose(said, start.module(images), atol=0.02)


@pytest.mark.usefixtures("all_are_large")
def test_continued_from_a_small_checkpoint_it_is_the_unbroken_run(start: Backbone, tmp_path: Path) -> None:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        unbroken = sharpener(start)
        losses = [facts.loss for facts in unbroken.run(6)]
        broken = sharpener(start)
        first = [facts.loss for facts in broken.run(2)]
        broken.save(tmp_path)
        again = sharpener(start)
        assert again.resume(tmp_path)
        assert first + [facts.loss for facts in again.run(6)] == losses
        assert np.array_equal(again.embed(np.arange(N)), unbroken.embed(np.arange(N)))
        whole = sum(p.numel() for p in unbroken.student.parameters())
        assert next(tmp_path.glob("*.safetensors")).stat().st_size < 4 * whole
    finally:
        torch.set_num_threads(threads)


@pytest.mark.slow
@pytest.mark.usefixtures("all_are_large")
def test_a_checkpoint_without_what_learned_is_refused(
    start: Backbone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails before: what was missing was taken from the start, without a word."""
    it = learned(sharpener(start))
    it.save(tmp_path)
    found = checkpoint.load_latest(tmp_path)
    assert found is not None
    tensors, facts = found
    gone = next(name for name in tensors if name.startswith("student.head"))
    less = {name: value for name, value in tensors.items() if name != gone}
    monkeypatch.setattr(checkpoint, "load_latest", lambda _folder: (less, facts))
    with pytest.raises(RuntimeError, match="Missing key"):
        sharpener(start).resume(tmp_path)


def test_small_transformers_and_other_networks_learn_whole(
    start: Backbone, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not sharpener(start).adapted
    monkeypatch.setattr(low_rank, "LARGE", 1000)
    assert not sharpener(untrained("test_efficientnet", SIZE)).adapted
    assert not sharpener(start, replace(RECIPE, rank=0)).adapted
