"""Embedding: in a random order that is fair from the first shard on, and only of the pictures imported."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from medlabeler.domain.errors import UserError
from medlabeler.domain.progress import Cancelled, SilentProgress
from medlabeler.imaging.preprocess import Preprocessing
from medlabeler.jobs import embed, import_images, new
from medlabeler.learning import onnx_packages
from medlabeler.learning.backbones.embedding_order import fair_order
from medlabeler.learning.backbones.likeness import least_cosine
from medlabeler.learning.backbones.loading import save_weights, untrained
from medlabeler.learning.backbones.registry import STARTER
from medlabeler.project.project import Project
from medlabeler.project.sources import Manifest

CLASSES, EACH, SHARD = ("AK", "BCC", "MEL", "NV"), 40, 32


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A file with a backbone that looks at 160 images in a second: which one it is matters nowhere here."""
    file = tmp_path_factory.mktemp("backbone") / "tiny.safetensors"
    torch.manual_seed(0)
    save_weights(untrained("test_efficientnet", 32), file)
    return str(file)


class Watching(SilentProgress):
    """Notes which images are embedded after each part, and stops after as many parts as it is told."""

    def __init__(self, project: Project, stop_after: int | None = None) -> None:
        self.project, self.stop_after = project, stop_after
        self.seen: list[np.ndarray[Any, Any]] = []

    def partial(self, facts: embed.Facts) -> None:
        here = np.flatnonzero(embed.present(self.project, facts.key))
        if len(here) > sum(map(len, self.seen)):
            self.seen.append(np.setdiff1d(here, np.concatenate([np.empty(0, np.int64), *self.seen])))

    def check(self) -> None:
        if self.stop_after is not None and len(self.seen) >= self.stop_after:
            raise Cancelled


def sorted_by_diagnosis(folder: Path) -> Path:
    """A manifest of 160 pictures, forty of each diagnosis one after the other."""
    pictures = folder / "pictures"
    pictures.mkdir()
    rng = np.random.default_rng(0)
    lines = ["image,diagnosis"]
    for number in range(len(CLASSES) * EACH):
        Image.fromarray(rng.integers(0, 256, (8, 8, 3), np.uint8)).save(pictures / f"{number:03d}.png")
        lines.append(f"{number:03d}.png,{CLASSES[number // EACH]}")
    (pictures / "manifest.csv").write_text("\n".join(lines))
    return pictures / "manifest.csv"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(embed, "SHARD", {"cpu": SHARD})
    params = new.Params(tmp_path / "project", manifests=(Manifest(sorted_by_diagnosis(tmp_path)),), seed=3)
    new.run(None, params, SilentProgress())
    with Project.open(tmp_path / "project") as opened:
        yield opened


def test_the_first_shard_holds_every_diagnosis_of_a_sorted_list(project: Project, tiny: str) -> None:
    watching = Watching(project)
    result = embed.run(project, embed.Params(tiny, device="cpu"), watching)
    assert result.summary["n_embedded"] == len(CLASSES) * EACH
    first = np.bincount(watching.seen[0] // EACH, minlength=len(CLASSES))
    assert len(watching.seen[0]) == SHARD
    assert (first >= 2).all(), f"of each diagnosis {first.tolist()}"
    assert result.summary["seed"] == 3
    assert project.settings.get("made_by")[result.summary["key"]]["seed"] == 3


def test_an_interrupted_run_goes_on_in_the_same_order(project: Project, tmp_path: Path, tiny: str) -> None:
    shutil.copytree(tmp_path / "project", tmp_path / "whole")
    params = embed.Params(tiny, device="cpu")
    stopped = Watching(project, stop_after=2)
    with pytest.raises(Cancelled):
        embed.run(project, params, stopped)
    resumed = Watching(project)
    resumed.seen = list(stopped.seen)
    left = len(CLASSES) * EACH - sum(map(len, stopped.seen))
    assert 0 < left < len(CLASSES) * EACH
    assert embed.run(project, params, resumed).summary["n_computed"] == left
    with Project.open(tmp_path / "whole") as other:
        whole = Watching(other)
        embed.run(other, params, whole)
    assert [part.tolist() for part in resumed.seen] == [part.tolist() for part in whole.seen]


def test_every_beginning_of_the_order_holds_the_share_of_each_group() -> None:
    group = np.array([0] * 400 + [1] * 100 + [2] * 20 + [-1] * 480, np.int32)
    order = fair_order(group, 7)
    assert np.array_equal(np.sort(order), np.arange(1000))
    assert np.array_equal(order, fair_order(group, 7))
    assert not np.array_equal(order, fair_order(group, 8))
    # `u` of the evenly spread places differs between groups, so the shares hold to a few images.
    for cut in (50, 100, 300, 700):
        for code, size in ((0, 400), (1, 100), (2, 20)):
            found = int((group[order[:cut]] == code).sum())
            assert abs(found - size * cut / 1000) <= 0.06 * size + 2


def test_every_image_has_the_same_chance_to_be_early() -> None:
    group = np.array([0] * 30 + [1] * 6 + [2] + [-1] * 13, np.int32)
    early = np.zeros(len(group))
    for seed in range(4000):
        early[fair_order(group, seed)[:10]] += 1
    assert np.abs(early / 4000 - 0.2).max() < 0.03


def test_no_images_have_an_order_too() -> None:
    assert len(fair_order(np.empty(0, np.int32), 0)) == 0


REPLACED = {
    "another size": lambda path, other: shutil.copy(other, path),
    "the same size": lambda path, other: _keep_size(path, other, keep_time=False),
    "the same size and time": lambda path, other: _keep_size(path, other, keep_time=True),
}


def _keep_size(path: Path, other: Path, *, keep_time: bool) -> None:
    """Another picture in as many bytes (a PNG may be followed by anything), also with the old time."""
    before = path.stat()
    content = other.read_bytes()
    path.write_bytes(content + b"\0" * (before.st_size - len(content)))
    if keep_time:
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        assert (path.stat().st_size, path.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)


@pytest.mark.parametrize("how", list(REPLACED))
def test_a_vector_is_of_the_picture_that_was_imported(
    project: Project, tmp_path: Path, how: str, tiny: str
) -> None:
    path, other = project.catalog.path(5), tmp_path / "other.png"
    Image.new("RGB", (5, 5), "black").save(other)
    original = path.read_bytes()
    shutil.copy2(path, tmp_path / "kept")
    REPLACED[how](path, other)
    params = embed.Params(tiny, device="cpu")
    result = embed.run(project, params, SilentProgress())
    key = result.summary["key"]
    assert not embed.present(project, key)[5], "the vector of another picture was stored for it"
    assert result.summary["n_embedded"] == len(CLASSES) * EACH - 1
    assert path.name in result.summary["failed"][0]["reason"]
    assert "changed" in result.summary["failed"][0]["reason"]

    # The picture is put back: what is imported and embedded is that one.
    shutil.copy2(tmp_path / "kept", path)
    assert path.read_bytes() == original
    import_images.run(project, import_images.Params(), SilentProgress())
    again = embed.run(project, params, SilentProgress()).summary
    assert (again["n_computed"], again["failed"]) == (1, [])
    assert embed.present(project, key).all()


@pytest.mark.parametrize("how", list(REPLACED))
def test_looking_again_takes_in_a_picture_that_was_found_changed(
    project: Project, tmp_path: Path, how: str, tiny: str
) -> None:
    path, other = project.catalog.path(5), tmp_path / "other.png"
    Image.new("RGB", (5, 5), "black").save(other)
    before = project.catalog.digest[5]
    REPLACED[how](path, other)
    params = embed.Params(tiny, device="cpu")
    embed.run(project, params, SilentProgress())
    assert (
        import_images.run(project, import_images.Params(), SilentProgress()).summary["n_added_or_changed"]
        == 1
    )
    assert project.catalog.digest[5] != before
    assert (project.catalog.width[5], project.catalog.height[5]) == (5, 5)
    assert embed.run(project, params, SilentProgress()).summary["n_computed"] == 1


def test_when_no_image_can_be_read_that_is_an_error_and_nothing_is_switched(
    project: Project, tmp_path: Path, tiny: str
) -> None:
    embed.run(project, embed.Params(backbone=tiny), SilentProgress())
    before = (project.settings.get("embedding"), project.settings.get("backbone"))
    other = tmp_path / "other.safetensors"
    save_weights(untrained("test_efficientnet", 48), other)
    (tmp_path / "pictures").rename(tmp_path / "elsewhere")
    with pytest.raises(UserError, match=r"None of the 160 images could be looked at.*does not exist"):
        embed.run(project, embed.Params(backbone=str(other)), SilentProgress())
    assert (project.settings.get("embedding"), project.settings.get("backbone")) == before


def test_a_first_embedding_without_a_vector_is_never_used(
    project: Project, tmp_path: Path, tiny: str
) -> None:
    (tmp_path / "pictures").rename(tmp_path / "elsewhere")
    with pytest.raises(UserError, match="None of the 160 images"):
        embed.run(project, embed.Params(backbone=tiny), SilentProgress())
    assert project.settings.get("embedding", "") == ""


def test_a_project_embedded_in_float32_goes_on_so(
    project: Project, monkeypatch: pytest.MonkeyPatch, tiny: str
) -> None:
    """Where the device is faster in another precision, all images would else be embedded anew."""
    monkeypatch.setattr("medlabeler.learning.backbones.loading.choose_precision", lambda _device: "bfloat16")
    first = embed.Params(tiny, device="cpu", precision="float32")
    done = embed.run(project, first, SilentProgress())
    key = project.settings.get("embedding")
    assert project.vectors.info(str(key)).precision == "float32"
    again = embed.run(project, embed.Params(), SilentProgress())
    assert project.settings.get("embedding") == key
    assert done.summary["n_computed"] == len(CLASSES) * EACH
    assert again.summary["n_computed"] == 0


def test_copies_of_a_picture_are_embedded_once_and_a_copy_stands_in_for_one_that_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tiny: str
) -> None:
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    rng = np.random.default_rng(0)
    for kind in range(4):
        Image.fromarray(rng.integers(0, 256, (8, 8, 3), np.uint8)).save(pictures / f"{kind}-0.png")
        for copy in range(1, 4):
            shutil.copy(pictures / f"{kind}-0.png", pictures / f"{kind}-{copy}.png")
    lines = ["image,diagnosis", *(f"{path.name},x" for path in sorted(pictures.iterdir()))]
    (pictures / "manifest.csv").write_text("\n".join(lines))
    params = new.Params(tmp_path / "project", manifests=(Manifest(pictures / "manifest.csv"),), seed=3)
    new.run(None, params, SilentProgress())
    read: list[str] = []
    whole = Preprocessing.read_many
    monkeypatch.setattr(
        Preprocessing,
        "read_many",
        lambda self, images: read.extend(Path(path).name for path, _ in images) or whole(self, images),
    )
    with Project.open(tmp_path / "project") as project:
        first = project.catalog.path(int(fair_order(project.catalog.group, 3)[0]))
        first.unlink()
        chosen = embed.Params(tiny, device="cpu", precision="float32")  # no image is read to tell
        found = embed.run(project, chosen, SilentProgress()).summary
        assert (found["n_computed"], found["n_embedded"]) == (4, 15)
        assert [unread["path"] for unread in found["failed"]] == [str(first)]
        assert len(read) == 5
        assert len({name[0] for name in read}) == 4
        vectors, present = project.vectors.load(found["key"], project.catalog.n, project.catalog.digest)
        kinds = np.array([int(project.catalog.path(row).name[0]) for row in range(project.catalog.n)])
        for kind in range(4):
            some = vectors[(kinds == kind) & present]
            assert (some == some[0]).all()
        assert len(np.unique(vectors[present], axis=0)) == 4


@pytest.mark.slow
def test_both_runtimes_make_the_same_embedding_and_the_project_notes_which(
    project: Project, tmp_path: Path
) -> None:
    """A small convolutional network: its graph is written in seconds."""
    small = tmp_path / "small.safetensors"
    torch.manual_seed(0)
    save_weights(untrained("test_byobnet.r160_in1k", 64), small)
    params = embed.Params(str(small), "cpu", precision="float32", runtime="torch")
    by_torch = embed.run(project, params, SilentProgress()).summary
    key = by_torch["key"]
    assert (by_torch["runtime"], by_torch["cosine_to_torch"]) == ("torch", None)
    before, _ = project.vectors.load(key, project.catalog.n, project.catalog.digest)
    assert project.settings.get("made_by")[key]["runtime"] == "torch"

    again = replace(params, runtime="onnxruntime")
    assert embed.run(project, again, SilentProgress()).summary["n_computed"] == 0
    manifest = Manifest(tmp_path / "pictures" / "manifest.csv")
    new.run(None, new.Params(tmp_path / "other", manifests=(manifest,)), SilentProgress())
    with Project.open(tmp_path / "other") as other:
        found = embed.run(other, again, SilentProgress()).summary
        assert found["runtime"] == "onnxruntime"
        assert found["cosine_to_torch"] > 0.999
        noted = other.settings.get("made_by")[found["key"]]
        assert (noted["runtime"], noted["cosine_to_torch"]) == ("onnxruntime", found["cosine_to_torch"])
        assert found["key"] == key
        after, _ = other.vectors.load(found["key"], other.catalog.n, other.catalog.digest)
        assert least_cosine(before, after) > 0.999


def test_a_runtime_that_is_not_installed_is_one_sentence(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(onnx_packages, "find_spec", lambda _name: None)
    with pytest.raises(UserError, match="extra 'onnx'"):
        embed.run(project, embed.Params(STARTER, runtime="onnxruntime"), SilentProgress())


def test_an_embedding_that_was_begun_in_bfloat16_goes_on_so(
    project: Project, monkeypatch: pytest.MonkeyPatch, tiny: str
) -> None:
    """What its images show is asked once: else one shard more would be another embedding."""
    monkeypatch.setattr("medlabeler.learning.backbones.loading.choose_precision", lambda _device: "bfloat16")
    decided: list[str] = []

    def decide(*_: Any) -> str:
        decided.append("asked")
        return "bfloat16"

    monkeypatch.setattr("medlabeler.learning.backbones.precise.choose_precision_for", decide)
    with pytest.raises(Cancelled):
        embed.run(project, embed.Params(tiny, device="cpu"), Watching(project, stop_after=1))
    plan = embed.plan(project, embed.Params(tiny, device="cpu"))
    facts = embed.work(plan, Watching(project, stop_after=None))
    assert (facts.precision, decided) == ("bfloat16", ["asked"])
