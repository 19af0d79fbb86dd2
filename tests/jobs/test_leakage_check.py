"""Leaks planted in a project are each found by the job, and settled without losing a label."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from medlabeler.domain.errors import UserError
from medlabeler.domain.progress import SilentProgress
from medlabeler.domain.types import NO_CLASS, LabelKind, LabelSource, Split
from medlabeler.imaging.thumbnails import write_pack
from medlabeler.jobs import import_images, leakage
from medlabeler.project import sources
from medlabeler.project.columns import NewImage
from medlabeler.project.history import Checkpoint
from medlabeler.project.project import Project
from medlabeler.project.staging import load_arrays, save_arrays
from medlabeler.project.vectors import EmbeddingInfo, write_shard

N, N_TEST = 60, 20
FIRST = N - N_TEST


def pictures() -> list[Image.Image]:
    """60 smooth pictures that differ from each other."""
    rng = np.random.default_rng(0)
    small = [Image.fromarray(rng.integers(0, 256, (7, 7, 3), np.uint8)) for _ in range(N)]
    return [p.resize((64, 64), Image.Resampling.BICUBIC) for p in small]


def make(
    folder: Path,
    *,
    images: list[Image.Image] | None = None,
    groups: list[str] | None = None,
    vectors: Any = None,
) -> Project:
    """A project of 60 images, the last 20 of them in the test set, two of a group each."""
    images = pictures() if images is None else images
    groups = [f"P{row // 2}" for row in range(N)] if groups is None else groups
    jpegs = []
    for picture in images:
        file = io.BytesIO()
        picture.save(file, "JPEG", quality=90)
        jpegs.append(file.getvalue())
    digests = [hashlib.sha256(jpeg).hexdigest() for jpeg in jpegs]
    project = Project.create(folder / "p")
    project.catalog.add(
        [
            NewImage(
                "/data", f"{row:02d}.jpg", digests[row], 64, 64, "RGB", 9, 1,
                "test" if row >= FIRST else "train", groups[row], None, {},
            )
            for row in range(N)
        ]
    )  # fmt: skip
    write_pack(project.path / "staging" / "t", "pack", digests, jpegs)
    project.thumbnails.adopt(project.path / "staging" / "t")
    if vectors is not None:
        info = EmbeddingInfo("b", "B", "00", vectors.shape[1], {}, "token", "float32", True, "Apache-2.0")
        key = project.vectors.create(info)
        staging = project.path / "staging" / key
        write_shard(staging, "all", np.arange(N), project.catalog.digest, vectors.astype(np.float16))
        project.vectors.adopt(key, staging)
        project.settings.set("embedding", key)
    return project


def look(project: Project) -> dict[str, Any]:
    return leakage.run(project, leakage.Params(), SilentProgress()).summary


def findings(project: Project) -> tuple[leakage.Finding, ...]:
    told = leakage.run(project, leakage.Params(), SilentProgress()).found
    assert isinstance(told, leakage.Found)
    return told.findings


def found(summary: dict[str, Any]) -> set[tuple[str, int, int]]:
    return {(leak["kind"], leak["test_row"], leak["pool_row"]) for leak in summary["leaks"]}


def label(project: Project, rows: list[int], name: str = "EOS") -> None:
    made = project.classes.by_name(name) or project.journal.add_class(name)
    project.journal.decide(rows, LabelKind.LABEL, made.id, name="x", source=LabelSource.CLICK)


def open_test_set(project: Project) -> None:
    project.history.add(
        Checkpoint(0, "2024", 1, 1, 2, 1.0, "knn", "test labels", 2, None, 0.5, [], [], "key")
    )


def test_a_clean_split_is_left_in_peace(tmp_path: Path) -> None:
    with make(tmp_path, vectors=np.random.default_rng(1).normal(size=(N, 32))) as project:
        label(project, [0, 1, FIRST])
        summary = look(project)
        assert summary["leaks"] == []
        assert summary["sentence"] == (
            "Nothing is on both sides of the split: 20 test images against 40 training images."
        )


def test_a_group_on_both_sides(tmp_path: Path) -> None:
    groups = [f"P{row // 2}" for row in range(N)]
    groups[4] = groups[50]
    with make(tmp_path, groups=groups) as project:
        summary = look(project)
        assert found(summary) == {("group", 50, 4)}
        assert "Group P25" in summary["leaks"][0]["sentence"]
        assert "has not looked at the images yet" in summary["sentence"]


def test_a_picture_that_was_recompressed_brightened_and_mirrored(tmp_path: Path) -> None:
    images = pictures()
    again = images[7].resize((50, 50)).transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    images[45] = Image.fromarray(np.clip(np.asarray(again).astype(int) + 12, 0, 255).astype(np.uint8))
    images[48] = images[9]
    with make(tmp_path, images=images) as project:
        summary = look(project)
        assert found(summary) == {("look alike", 45, 7), ("same pixels", 48, 9)}
        assert summary["by_kind"] == {"same pixels": 1, "look alike": 1}
        assert summary["leaks"][0]["pool_image"] == "09.jpg"


def test_a_near_duplicate_that_only_the_embedding_shows(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    vectors = rng.normal(size=(N, 32))
    vectors[52] = vectors[11] + rng.normal(0, 0.1, 32)
    with make(tmp_path, vectors=vectors) as project:
        assert found(look(project)) == {("close embedding", 52, 11)}


def test_a_test_label_that_trains(tmp_path: Path) -> None:
    """What trains is taken from the task as the classifiers get it; here a test label slips into it."""
    with make(tmp_path) as project:
        label(project, [0, 1, FIRST + 3])
        task = leakage.plan(project, leakage.Params())
        arrays = load_arrays(task.arrays)
        assert (arrays["labels"][FIRST:] == NO_CLASS).all()
        arrays["labels"][FIRST + 3] = 1
        task = replace(task, arrays=save_arrays(Path(task.arrays).parent, **arrays))
        summary = leakage.adopt(project, task, leakage.work(task, SilentProgress())).summary
        assert found(summary) == {("test label", FIRST + 3, -1)}


def test_a_test_image_in_the_preparation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = leakage.fitted_rows

    def careless(split: Any, present: Any) -> Any:
        return np.append(honest(split, present), FIRST + 5)

    with make(tmp_path, vectors=np.random.default_rng(1).normal(size=(N, 32))) as project:
        monkeypatch.setattr(leakage, "fitted_rows", careless)
        assert found(look(project)) == {("preparation", FIRST + 5, -1)}


def test_the_pools_side_is_held_back_with_its_group_and_keeps_its_labels(tmp_path: Path) -> None:
    images = pictures()
    images[48] = images[9]
    with make(tmp_path, images=images) as project:
        label(project, [8, 9, 20])
        open_test_set(project)
        leaks = findings(project)
        assert leakage.movable(project, leaks, Split.TEST).tolist() == [8, 9]
        leakage.move(project, leaks, Split.TEST)
        assert project.catalog.split[[8, 9, 20, 48]].tolist() == [2, 2, 0, 1]
        assert project.labels.trained_rows()[0].tolist() == [20]
        assert project.labels.kind[9] == LabelKind.LABEL
        assert look(project)["leaks"] == []
        events = project.database.rows("SELECT image, split, reason FROM split_event WHERE split = 2")
        assert events == [(row + 1, 2, "also on the other side of the split") for row in (8, 9)]


def test_test_images_train_only_while_the_test_set_was_never_opened(tmp_path: Path) -> None:
    images = pictures()
    images[48] = images[9]
    with make(tmp_path, images=images) as project:
        label(project, [48, 49])
        leaks = findings(project)
        open_test_set(project)
        with pytest.raises(UserError, match="opened once, so none of its images may train"):
            leakage.move(project, leaks, Split.POOL)
        assert project.catalog.split[48] == Split.TEST
    with Project.open(tmp_path / "p") as project, project.database.transaction() as connection:
        connection.execute("UPDATE checkpoint SET opening = NULL")
        connection.execute("DELETE FROM test_opening")
    with Project.open(tmp_path / "p") as project:
        leakage.move(project, leaks, Split.POOL)
        assert project.labels.trained_rows()[0].tolist() == [48, 49]
        assert look(project)["leaks"] == []


def test_without_a_test_set_there_is_nothing_to_check(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p") as project:
        project.catalog.add([NewImage("/d", "a.png", "0" * 64, 8, 8, "RGB", 9, 1, "", None, None, {})])
        with pytest.raises(UserError, match="no test set yet"):
            look(project)


def test_each_pair_is_told_once_by_its_plainest_sign() -> None:
    pair = leakage.Leak("close embedding", 5, 2, 0.9, "a")
    other = replace(pair, kind="look alike", strength=0.98)
    assert leakage.once([pair, other, replace(pair, test_row=6)]) == [other, replace(pair, test_row=6)]


def test_copies_that_came_with_a_later_import_have_thumbnails_too(tmp_path: Path) -> None:
    """The first file that changed is the copy of the first file there was."""
    for row, picture in enumerate(pictures()[:6]):
        picture.save(tmp_path / f"{row}.png")
    spec = sources.Spec(images=tmp_path)
    with Project.create(tmp_path / "project") as project:
        project.settings.set("import_spec", {**spec.to_json(), "finished": False})
        import_images.run(project, import_images.Params(), SilentProgress())
        (tmp_path / "4.png").write_bytes((tmp_path / "0.png").read_bytes())
        pictures()[20].save(tmp_path / "5.png")
        import_images.run(project, import_images.Params(), SilentProgress())
        assert all(bytes(digest) in project.thumbnails for digest in project.catalog.digest)
