"""Whether several looks pay is tried on the labelled images alone, and said with what is not certain."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from medlabeler.domain.errors import UserError
from medlabeler.domain.progress import SilentProgress
from medlabeler.domain.types import NO_CLASS, LabelKind, LabelSource
from medlabeler.jobs import embed, new, try_views
from medlabeler.learning.accuracy.gain_by_views import gain_by_views
from medlabeler.learning.backbones.loading import save_weights, untrained
from medlabeler.project.project import Project
from medlabeler.project.sources import Manifest

PER_CLASS = 26


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bright bar or a bright corner, each turned at random; 26 images labelled of each, 8 not."""
    tmp_path = tmp_path_factory.mktemp("views")
    rng = np.random.default_rng(0)
    images = tmp_path / "images"
    images.mkdir()
    lines = ["image"]
    for i in range(2 * PER_CLASS + 8):
        pixels = rng.integers(0, 90, (32, 32, 3))
        pixels[2:9, 4 : 28 if i % 2 else 12] += 140
        turned = np.rot90(pixels, int(rng.integers(4))).astype(np.uint8)
        Image.fromarray(turned).save(images / f"{i:03d}.png")
        lines.append(f"{i:03d}.png")
    (images / "manifest.csv").write_text("\n".join(lines))
    made = tmp_path / "project"
    manifests = (Manifest(images / "manifest.csv"),)
    new.run(None, new.Params(made, images=images, manifests=manifests), SilentProgress())
    torch.manual_seed(0)
    save_weights(untrained("test_efficientnet", 32), tmp_path / "start.safetensors")
    with Project.open(made) as project:
        for name in ("corner", "bar"):
            project.journal.add_class(name)
        ids = np.array([c.id for c in project.classes.all()])
        rows = np.arange(2 * PER_CLASS)
        project.journal.decide(
            rows, LabelKind.LABEL, ids[rows % 2], name="label", source=LabelSource.CLICK, blind=False
        )
        chosen = embed.Params(backbone=str(tmp_path / "start.safetensors"), device="cpu")
        embed.run(project, chosen, SilentProgress())
    return made


def test_it_looks_at_labelled_images_alone_and_says_gain_interval_and_time(folder: Path) -> None:
    with Project.open(folder) as project:
        labels = project.labels.class_id
        assert try_views.reached(labels) == 25
        assert try_views.due(project, labels)
        keys = project.vectors.keys()
        result = try_views.run(project, try_views.Params("cpu"), SilentProgress())
        assert project.vectors.keys() == keys, "nothing is embedded for good"
        found = try_views.stored(project)
        assert found is not None
        assert found.sentence == result.sentence
        assert not try_views.due(project, labels), "once for each milestone"
    assert [one.views for one in found.tried] == ["turned", "mirrored"]
    for one in found.tried:
        assert one.low <= one.gain <= one.high
        assert one.gain == pytest.approx(one.after - one.before)
        assert one.seconds > 0
    assert "on 52 labelled images" in result.sentence
    assert "points [" in result.sentence


def test_what_is_found_of_another_embedding_does_not_count(folder: Path) -> None:
    with Project.open(folder) as project:
        before = project.settings.get(try_views.SETTING)
        project.settings.set(try_views.SETTING, {**(before or {}), "key": "another"})
        assert try_views.stored(project) is None
        assert try_views.due(project, project.labels.class_id)


def test_milestones() -> None:
    def of(n: int) -> int:
        return try_views.reached(np.repeat(np.array([1, 2, NO_CLASS], np.int32), [n, n, 500]))

    assert [of(n) for n in (1, 24, 25, 49, 50, 99, 100, 4000)] == [0, 0, 25, 25, 50, 50, 100, 100]
    assert try_views.reached(np.full(90, 1, np.int32)) == 0


def test_an_embedding_of_several_looks_is_not_tried_again(folder: Path) -> None:
    with Project.open(folder) as project:
        own = str(project.settings.get("backbone"))
        embed.run(project, embed.Params(backbone=own, device="cpu", views="mirrored"), SilentProgress())
        assert not try_views.due(project, project.labels.class_id)
        with pytest.raises(UserError, match="has taken several looks"):
            try_views.run(project, try_views.Params("cpu"), SilentProgress())


def test_only_what_is_more_than_chance_is_proposed() -> None:
    """Of the same vectors nothing is gained; of vectors that show the class, much."""
    rng = np.random.default_rng(0)
    codes = np.arange(200) % 2
    noise = rng.standard_normal((200, 8)).astype(np.float32)
    told = noise + 2 * codes[:, None].astype(np.float32)

    def gained(after: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> tuple[float, float, float]:
        found = gain_by_views(noise, after, codes, classifier="logistic", groups=None, blocks=None)
        return found.low, found.gain, found.high

    assert gained(noise) == (0, 0, 0)
    low, gain, high = gained(told)
    assert 0 < low < gain < high
    other = gained(rng.standard_normal((200, 8)).astype(np.float32))
    assert other[0] < 0 < other[2]
    one = try_views.Tried("turned", 0.5, 0.5, 0.0, -0.1, 0.1, 1.0, "cpu")
    better = try_views.Tried("mirrored", 0.5, 0.6, 0.1, 0.02, 0.2, 1.0, "cpu")
    assert try_views.Facts((one, one), 50, 25).best is None
    assert try_views.Facts((one, better), 50, 25).best == better
