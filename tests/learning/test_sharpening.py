"""The steps of a sharpening: what they take, how they change, and that a stop does not show."""

from __future__ import annotations

import multiprocessing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from medlabeler.learning.backbones.loading import Backbone, untrained
from medlabeler.learning.dino.team import Team
from medlabeler.learning.sharpening.layers import rate_groups
from medlabeler.learning.sharpening.recipe import Recipe
from medlabeler.learning.sharpening.train import Material, Sharpener, shown_size
from medlabeler.learning.sharpening.worth import worth

SIZE, N = 32, 40
RECIPE = Recipe(steps=8, labelled=6, pool=5, size=SIZE, precision="float32")
TOGETHER = Recipe(steps=6, labelled=6, pool=4, size=SIZE, precision="float32")


@pytest.fixture(scope="module")
def start() -> Backbone:
    torch.manual_seed(0)
    return untrained("test_efficientnet", SIZE)


def sharpener(
    start: Backbone, recipe: Recipe = RECIPE, device: str = "cpu", team: Team | None = None
) -> Sharpener:
    """20 labelled images, 15 of class 0 and 5 of class 1; 20 unlabelled ones."""
    rng = np.random.default_rng(0)
    shares = np.zeros((20, 2), np.float32)
    shares[:, 0] = 1
    codes = np.where(np.arange(20) < 15, 0, 1)
    pixels = rng.integers(0, 255, (N, SIZE, SIZE, 3), dtype=np.uint8)
    material = Material(np.arange(20), codes, np.arange(20, 40), shares, 2)
    return Sharpener(start, pixels, material, recipe, device=device, team=team)


def test_classes_are_taken_equally_often_and_every_image_once_a_lap(start: Backbone) -> None:
    it = sharpener(start)
    taken = np.concatenate([it.labelled_of(step) for step in range(5)])  # 30 images
    assert (it.material.codes[taken] == 1).sum() == 15
    assert np.bincount(taken[it.material.codes[taken] == 1])[15:].tolist() == [3] * 5
    assert np.bincount(taken[it.material.codes[taken] == 0]).tolist() == [1] * 15
    pool = np.concatenate([it.pool_of(step) for step in range(8)])  # 40 places, 20 images
    assert np.bincount(pool).tolist() == [2] * 20


def test_a_run_continued_from_a_checkpoint_is_the_unbroken_one(start: Backbone, tmp_path: Path) -> None:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        unbroken = sharpener(start)
        losses = [facts.loss for facts in unbroken.run(8)]
        broken = sharpener(start)
        first = [facts.loss for facts in broken.run(3)]
        broken.save(tmp_path)
        again = sharpener(start)
        assert again.resume(tmp_path)
        assert first + [facts.loss for facts in again.run(8)] == losses
        places = np.arange(N)
        assert np.array_equal(again.embed(places), unbroken.embed(places))
        assert not np.array_equal(again.embed(places), sharpener(start).embed(places))
    finally:
        torch.set_num_threads(threads)


def test_statistics_of_batch_normalisation_stay_and_the_start_is_left_alone(start: Backbone) -> None:
    before = {name: value.clone() for name, value in start.module.state_dict().items()}
    it = sharpener(start)
    for _ in it.run(3):
        pass
    for network in (it.student.backbone, it.teacher.backbone):
        after: dict[str, Any] = network.state_dict()
        assert all(torch.equal(after[name], before[name]) for name in before if "running" in name)
        assert any(not torch.equal(after[name], before[name]) for name in before if name.endswith("weight"))
    assert all(torch.equal(value, before[name]) for name, value in start.module.state_dict().items())


def test_pseudo_labels_count_only_above_the_confidence(start: Backbone) -> None:
    sure = next(sharpener(start).run(1)).sure
    unsure = sharpener(start)
    unsure.material.shares[:] = [0.75, 0.25]
    assert (sure, next(unsure.run(1)).sure) == (1.0, 0.0)
    assert [RECIPE.teacher_share(step) for step in (0, 4, 7)] == [0.0, 1.0, 1.0]


def test_the_pool_teaches_the_same_whether_unsure_images_are_left_out_or_weigh_nothing(
    start: Backbone,
) -> None:
    """On a card batches keep their size; "cpu:0" goes that way here."""
    found = []
    for device in ("cpu", "cpu:0"):
        it = sharpener(start, device=device)
        it.material.shares[::2] = [0.75, 0.25]
        found.append([(facts.loss, facts.sure) for facts in it.run(2)])
    assert 0 < found[0][0][1] < 1
    assert np.allclose(found[0], found[1], rtol=1e-5)


@pytest.mark.parametrize(
    ("name", "size", "shown"),
    [("test_efficientnet", 64, 80), ("test_efficientnet", 32, 32), ("test_vit", 160, 160)],
)
def test_whole_images_are_shown_larger_than_crops_where_the_network_takes_it(
    name: str, size: int, shown: int
) -> None:
    body = untrained(name, size).module
    assert shown_size(body, size) == shown  # type: ignore[arg-type]  # it fits, which the checker cannot tell
    assert not body.training


def test_deeper_layers_are_moved_less(start: Backbone) -> None:
    it = sharpener(start)
    groups = rate_groups(it.student.backbone.network, it.student.head, 0.5, 0.05)
    scale = {id(p): group["scale"] for group in groups for p in group["params"]}
    network: Any = it.student.backbone.network
    assert scale[id(network.conv_stem.weight)] < scale[id(network.conv_head.weight)] <= 1
    assert scale[id(it.student.head.weight)] == 1
    assert len(scale) == len(list(it.student.parameters()))
    assert all(
        group["weight_decay"] == 0 for group in groups if group["params"][0].ndim == 1 and not group["head"]
    )


def test_upright_images_are_neither_mirrored_nor_turned_far(start: Backbone) -> None:
    """A picture dark on the left and bright on the right stays so."""
    from dataclasses import replace

    ramp = np.tile(np.linspace(0, 255, SIZE, dtype=np.uint8)[None, None, :, None], (N, SIZE, 1, 3))
    for upright, kept in ((True, N), (False, None)):
        it = sharpener(start, replace(RECIPE, upright=upright))
        planes = it._strong.draw(torch.from_numpy(ramp), np.arange(N), 0)[0].mean(dim=(1, 2))
        rising = int((planes[:, SIZE // 2 :].mean(dim=1) > planes[:, : SIZE // 2].mean(dim=1)).sum())
        assert rising == kept if kept is not None else 5 < rising < N - 5


def test_worth_is_the_paired_difference_on_what_was_left_out() -> None:
    rng = np.random.default_rng(0)
    codes, fold = rng.integers(0, 2, 200), np.arange(200) % 2
    noise = rng.standard_normal((200, 4)).astype(np.float32)
    told = np.concatenate([np.eye(2, dtype=np.float32)[codes], 0.1 * noise[:, :2]], axis=1)
    better = worth(noise, [told, told], codes, fold, None)
    worse = worth(told, [noise, noise], codes, fold, None)
    same = worth(told, [told, told], codes, fold, None)
    assert better is not None
    assert worse is not None
    assert same is not None
    assert (better.go, worse.go, same.go) == (True, False, None)
    assert better.gain == pytest.approx(-worse.gain)
    assert better.n_images == 200
    assert "It is worth using." in better.sentence
    assert worth(noise, [told, told], np.zeros(200, np.int64), fold, None) is None


def _learn_together(rank: int, meeting: Path, out: Path) -> None:
    torch.set_num_threads(1)
    torch.manual_seed(0)
    team = Team.join("cpu", meeting, rank, 2)
    together = sharpener(untrained("test_efficientnet", SIZE), TOGETHER, team=team)
    losses = [facts.loss for facts in together.run(TOGETHER.steps)]
    np.savez(out / f"{rank}.npz", losses=losses, vectors=together.embed(np.arange(N)))
    team.leave()


def test_two_processes_learn_what_one_learns_from_the_whole_batch(tmp_path: Path) -> None:
    """Each takes half of the labelled images and of the pool; the sockets are those of loopback."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        torch.manual_seed(0)
        start = untrained("test_efficientnet", SIZE)
        alone = sharpener(start, TOGETHER)
        before = alone.embed(np.arange(N))
        losses = [facts.loss for facts in alone.run(TOGETHER.steps)]
        vectors = alone.embed(np.arange(N))
    finally:
        torch.set_num_threads(threads)
    context = multiprocessing.get_context("spawn")
    both = [context.Process(target=_learn_together, args=(rank, tmp_path, tmp_path)) for rank in (0, 1)]
    for one in both:
        one.start()
    for one in both:
        one.join(120)
        assert one.exitcode == 0
    found = [np.load(tmp_path / f"{rank}.npz") for rank in (0, 1)]
    np.testing.assert_array_equal(found[0]["vectors"], found[1]["vectors"])
    np.testing.assert_allclose(found[0]["losses"], losses, rtol=1e-4)
    moved = np.abs(vectors - before).max()
    assert np.abs(found[0]["vectors"] - vectors).max() < 1e-2 * moved
