"""A short run of DINO: it learns, its teacher moves, nothing collapses, and it goes on exactly."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from medlabeler.domain.errors import UserError
from medlabeler.domain.progress import SilentProgress
from medlabeler.learning.backbones.loading import load_backbone, untrained
from medlabeler.learning.dino import checkpoint
from medlabeler.learning.dino.depthwise import FastDepthwise
from medlabeler.learning.dino.loader import Loader
from medlabeler.learning.dino.probe import flat_map, knn_accuracy
from medlabeler.learning.dino.product import save_backbone
from medlabeler.learning.dino.recipe import Recipe
from medlabeler.learning.dino.student import BATCH_NORMS, mixes_images, start_backbone
from medlabeler.learning.dino.train import StepFacts, Trainer

SIZE = 32
QUICK = Recipe(
    steps=12, batch=16, size=SIZE, local_size=16, n_local=2, n_out=64, hidden=48, bottleneck=16,
    learning_rate=2e-3, precision="float32",
)  # fmt: skip
CONVOLUTIONAL, TRANSFORMER = "test_efficientnet", "test_vit"


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """Networks this small gain nothing from more, and a fixed number is what exactness asks for."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def pixels() -> NDArray[np.uint8]:
    """Stripes and discs in four colours, 64 of them."""
    rng = np.random.default_rng(0)
    y, x = np.mgrid[:SIZE, :SIZE]
    made = np.zeros((64, SIZE, SIZE, 3), np.uint8)
    for i in range(64):
        shape = (x // 4 % 2 == 0) if i % 2 else ((x - 16) ** 2 + (y - 16) ** 2 < 100)
        made[i] = rng.integers(0, 60, 3) + shape[..., None] * rng.integers(90, 190, 3)
    return made


def trainer(pixels: NDArray[np.uint8], name: str = CONVOLUTIONAL, **changes: Any) -> Trainer:
    torch.manual_seed(4)
    return Trainer(
        untrained(name, SIZE), pixels, np.arange(len(pixels)), replace(QUICK, **changes), device="cpu"
    )


def losses(steps: list[StepFacts]) -> list[float]:
    return [facts.loss for facts in steps]


@pytest.mark.parametrize("name", [CONVOLUTIONAL, TRANSFORMER])
def test_a_short_run_learns_and_does_not_collapse(pixels: NDArray[np.uint8], name: str) -> None:
    run = trainer(pixels, name, steps=40)
    before = [p.clone() for p in run.teacher.parameters()]
    steps = list(run.run(16))
    for facts in steps:
        run.watch.look(
            loss=facts.loss, entropy=facts.teacher_entropy, spread=facts.spread, rank=facts.rank, batch=16
        )
    values = losses(steps)
    assert np.isfinite(values).all()
    assert np.mean(values[-4:]) < 0.7 * values[0]
    assert any(not torch.equal(a, b) for a, b in zip(before, run.teacher.parameters(), strict=True))
    assert run.watch.warnings == []
    # The mean opinion keeps more than a quarter of what 16 different answers would have.
    assert min(facts.spread for facts in steps) > 0.25 * np.log(16)
    assert steps[-1].rank > 2
    assert run.embed(pixels).shape == (64, run.student.head.layers[0].in_features)


def test_what_is_read_ahead_is_what_was_asked_for(pixels: NDArray[np.uint8]) -> None:
    loader = Loader(pixels, "cpu")
    first, second, third = np.array([5, 3, 60]), np.array([1, 1]), np.array([9])
    for images, following in ((first, second), (second, third), (first, None), (third, None)):
        assert np.array_equal(loader.take(images, following).numpy(), pixels[images])


def test_steps_on_synthetic_views_do_not_count(pixels: NDArray[np.uint8]) -> None:
    run = trainer(pixels, accumulate=2)
    list(run.run(3))
    assert run.synthetic_pace(2) > 0
    assert run.step == 3
    assert next(run.run(4)).step == 3


def test_teacher_of_a_step_is_the_mean_it_should_be(pixels: NDArray[np.uint8]) -> None:
    run = trainer(pixels)
    before = [p.clone() for p in run.teacher.parameters()]
    (facts,) = list(run.run(1))
    for old, new, student in zip(before, run.teacher.parameters(), run.student.parameters(), strict=True):
        wanted = facts.momentum * old + (1 - facts.momentum) * student
        torch.testing.assert_close(new, wanted.detach(), atol=1e-6, rtol=1e-5)


def test_the_last_layer_waits(pixels: NDArray[np.uint8]) -> None:
    run = trainer(pixels, steps=40)
    first = run.student.head.last.direction.clone()
    list(run.run(2))
    assert run.schedules.frozen == 2
    torch.testing.assert_close(run.student.head.last.direction, first)
    list(run.run(3))
    assert not torch.equal(run.student.head.last.direction, first)


@pytest.mark.parametrize("name", [CONVOLUTIONAL, TRANSFORMER])
@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_resumed_is_unbroken(pixels: NDArray[np.uint8], tmp_path: Path, name: str, precision: str) -> None:
    unbroken = trainer(pixels, name, precision=precision)
    wanted = list(unbroken.run(12))
    first = trainer(pixels, name, precision=precision)
    begun = list(first.run(5))
    first.save(tmp_path)
    torch.manual_seed(99)
    second = trainer(pixels, name, precision=precision)
    assert second.resume(tmp_path)
    rest = list(second.run(12))
    for ours, theirs in zip([*begun, *rest], wanted, strict=True):
        assert replace(ours, images_per_s=0) == replace(theirs, images_per_s=0)
    for a, b in zip(
        second.teacher.state_dict().values(), unbroken.teacher.state_dict().values(), strict=True
    ):
        assert torch.equal(a, b)


def test_a_damaged_checkpoint_gives_way_to_the_one_before(pixels: NDArray[np.uint8], tmp_path: Path) -> None:
    run = trainer(pixels)
    for stop in (1, 2, 3):
        list(run.run(stop))
        run.save(tmp_path)
    assert [p.name for p in sorted(tmp_path.glob("*.json"))] == [
        "checkpoint-000002.json", "checkpoint-000003.json"
    ]  # fmt: skip
    file = tmp_path / "checkpoint-000003.safetensors"
    file.write_bytes(file.read_bytes()[:-7] + b"damaged")
    found = checkpoint.load_latest(tmp_path)
    assert found is not None
    assert found[1]["step"] == 2
    (tmp_path / "checkpoint-000002.json").write_text("{")
    assert checkpoint.load_latest(tmp_path) is None


def test_every_image_is_seen_once_an_epoch(pixels: NDArray[np.uint8]) -> None:
    run = trainer(pixels)
    for epoch in (0, 1):
        seen = [run.images_of(4 * epoch + step) for step in range(4)]
        assert [e for e, _ in seen] == [epoch] * 4
        assert sorted(np.concatenate([rows for _, rows in seen])) == list(range(64))
    assert run.images_of(0)[1].tolist() != run.images_of(4)[1].tolist()


def test_batch_normalisation_sees_one_size_at_a_time(pixels: NDArray[np.uint8]) -> None:
    run = trainer(pixels)
    assert mixes_images(run.student)
    seen: list[tuple[int, int]] = []
    norm = next(m for m in run.student.modules() if isinstance(m, torch.nn.BatchNorm2d))
    norm.register_forward_hook(lambda _, given, __: seen.append((len(given[0]), given[0].shape[-1])))
    list(run.run(1))
    # Two global views together, then two local ones.
    assert [n for n, _ in seen] == [32, 32]
    assert seen[0][1] == 2 * seen[1][1]


def test_kept_norms_stay_and_mix_no_images(pixels: NDArray[np.uint8]) -> None:
    run = trainer(pixels, keep_norms=True)
    assert not mixes_images(run.student)
    before = {k: v.clone() for k, v in run.student.state_dict().items()}
    list(run.run(3))
    assert run.embed(pixels[:1]).shape[0] == 1  # which leaves the teacher ready to learn on
    for network in (run.student, run.teacher):
        after = network.state_dict()
        moved = {name for name in after if not torch.equal(before[name], after[name])}
        assert not any("running" in name or "num_batches" in name for name in moved)
        norms = [n for n, module in network.named_modules() if isinstance(module, BATCH_NORMS)]
        assert norms
        assert all(f"{name}.weight" in moved for name in norms)
    # One image's scores are the same in any company.
    views = run.views.draw(torch.from_numpy(pixels[:8]), np.arange(8), 0)
    together = run.teacher(views[:1])[1]
    alone = run.teacher([views[0][:1]])[1]
    torch.testing.assert_close(together[:1], alone, atol=1e-5, rtol=1e-4)
    parts = trainer(pixels, keep_norms=True, accumulate=2)
    assert parts.notes == []
    whole = list(trainer(pixels, keep_norms=True).run(2))
    np.testing.assert_allclose(losses(list(parts.run(2))), losses(whole), rtol=2e-4)


def test_accumulation_is_told_to_differ_where_it_does(pixels: NDArray[np.uint8]) -> None:
    assert "not the same as a batch of 16" in trainer(pixels, accumulate=2).notes[0]
    assert trainer(pixels, TRANSFORMER, accumulate=2).notes == []
    whole = list(trainer(pixels, TRANSFORMER).run(3))
    parts = list(trainer(pixels, TRANSFORMER, accumulate=2).run(3))
    np.testing.assert_allclose(losses(whole), losses(parts), rtol=2e-4)


def test_saving_memory_changes_nothing(pixels: NDArray[np.uint8]) -> None:
    whole = list(trainer(pixels, TRANSFORMER).run(3))
    saved = list(trainer(pixels, TRANSFORMER, save_memory=True).run(3))
    np.testing.assert_allclose(losses(whole), losses(saved), rtol=1e-5)


def test_the_backbone_file_makes_the_teachers_embeddings(pixels: NDArray[np.uint8], tmp_path: Path) -> None:
    for name in (CONVOLUTIONAL, TRANSFORMER):
        run = trainer(pixels, name)
        list(run.run(3))
        path = tmp_path / f"{name}.safetensors"
        facts = {"title": "DINO on your images, today", "licence": "own", "transductive": False}
        save_backbone(path, run.teacher, untrained(name, SIZE), SIZE, facts)
        loaded = load_backbone(str(path))
        assert loaded.info.title == "DINO on your images, today"
        assert loaded.info.self_supervised
        assert loaded.info.kind == "DINO"
        assert loaded.preprocessing.size == SIZE
        images = torch.from_numpy(np.stack([loaded.preprocessing.normalised(p) for p in pixels[:8]]))
        theirs = loaded.module(images).numpy()
        ours = run.embed(pixels[:8])
        np.testing.assert_allclose(theirs, ours, atol=0.02 * np.abs(ours).max())


@pytest.mark.parametrize(
    ("n", "c", "side", "kernel", "stride", "padding"),
    [(2, 8, 17, 3, 2, 0), (2, 8, 16, 3, 2, 1), (2, 8, 19, 5, 2, 0), (2, 8, 9, 5, 1, 2), (2, 8, 4, 5, 1, 2),
     (2, 8, 2, 5, 1, 2), (2, 8, 9, 3, 1, 1), (2, 8, 7, 7, 1, 3), (2, 8, 1, 3, 2, 1),
     (2, 8, 2, 3, 2, 1), (2, 8, 5, 5, 2, 2), (2, 8, 3, 3, 1, 1)],
)  # fmt: skip
def test_fast_depthwise_gradients_are_right(
    n: int, c: int, side: int, kernel: int, stride: int, padding: int
) -> None:
    torch.manual_seed(0)
    x, w = (
        torch.randn(n, c, side, side).bfloat16().float(),
        torch.randn(c, 1, kernel, kernel).bfloat16().float(),
    )
    found = []
    for fast in (False, True):
        a, b = x.clone().requires_grad_(), w.clone().requires_grad_()
        if fast:
            with torch.autocast("cpu", torch.bfloat16), FastDepthwise():
                y = torch.nn.functional.conv2d(a, b, None, stride, padding, 1, c)
            assert "Depthwise" in type(y.grad_fn).__name__
        else:
            y = torch.nn.functional.conv2d(a, b, None, stride, padding, 1, c)
        torch.manual_seed(1)
        y.backward(torch.randn(y.shape).bfloat16().to(y.dtype))
        found.append((y.float().detach(), a.grad, b.grad))
    for exact, ours in zip(*found, strict=True):
        assert exact is not None
        assert ours is not None
        # bfloat16 has 8 bits: an error of 1/256 of the largest number is rounding.
        assert float((exact - ours).abs().max()) <= float(exact.abs().max()) / 128


def test_a_start_that_takes_one_size_only_is_refused_in_words(pixels: NDArray[np.uint8]) -> None:
    with pytest.raises(UserError, match="crops of 32 and 4 pixels"):
        trainer(pixels, TRANSFORMER, local_size=4)
    with pytest.raises(UserError, match="No image model called nonsense"):
        start_backbone("scratch:nonsense", SIZE, seed=0, allow_download=False, progress=SilentProgress())


def test_knn_accuracy_leaves_the_image_itself_out() -> None:
    rng = np.random.default_rng(0)
    centres = np.eye(8, dtype=np.float32)[:3] * 4
    codes = np.repeat([5, 7, 9], [30, 10, 5])
    clear = centres.repeat([30, 10, 5], 0) + rng.normal(0, 0.3, (45, 8)).astype(np.float32)
    assert knn_accuracy(clear, codes) == pytest.approx(1.0)
    noise = np.mean([knn_accuracy(rng.normal(size=(45, 8)).astype(np.float32), codes) for _ in range(20)])
    assert noise == pytest.approx(1 / 3, abs=0.1)
    assert knn_accuracy(clear[:30], codes[:30]) is None
    assert knn_accuracy(np.zeros((0, 8), np.float32), codes[:0]) is None


def test_maps_lie_alike() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(40, 6)).astype(np.float32) * [5, 3, 1, 1, 1, 1]
    first = flat_map(x.astype(np.float32))
    mirrored = flat_map((-x[:, ::-1]).astype(np.float32), first)
    np.testing.assert_allclose(mirrored, first, atol=1e-4)


def test_checkpoints_hold_numbers_and_json_only(pixels: NDArray[np.uint8], tmp_path: Path) -> None:
    run = trainer(pixels)
    list(run.run(1))
    path = run.save(tmp_path, {"note": "x"})
    facts = json.loads(path.read_text())
    assert facts["step"] == 1
    assert facts["note"] == "x"
    assert Recipe(**facts["recipe"]) == run.recipe
    assert {p.suffix for p in tmp_path.iterdir()} == {".json", ".safetensors"}
