"""A project is made once, opened by one process at a time, and comes back as it was."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from medlabeler.domain.errors import UserError
from medlabeler.imaging.thumbnails import write_pack
from medlabeler.project.database import Database
from medlabeler.project.history import Checkpoint, MeasuredClass
from medlabeler.project.migrations import MIGRATIONS
from medlabeler.project.project import Project
from medlabeler.project.vectors import EmbeddingInfo, write_shard


def test_a_project_comes_back_as_it_was(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p", annotator="Ada") as project:
        project.settings.set("backbone", "dino")
        project.settings.set("prior", {"use": "own", "shares": {"1": 0.5}})
        first = project.session_id
        project.journal.add_class("EOS")
    with Project.open(tmp_path / "p", annotator="Bob") as project:
        assert project.settings.get("backbone") == "dino"
        assert project.settings.get("prior") == {"use": "own", "shares": {"1": 0.5}}
        assert project.settings.get("unknown", 5) == 5
        assert [c.name for c in project.classes.all()] == ["EOS"]
        assert project.session_id > first
        sessions = project.database.rows("SELECT annotator FROM session ORDER BY id")
        assert sessions == [("Ada",), ("Bob",)]


def test_a_backbone_made_in_the_project_moves_with_it(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p") as project:
        run = project.path / "pretraining" / "2026-01-01-000000"
        run.mkdir(parents=True)
        (run / "backbone.safetensors").write_bytes(b"weights")
        project.settings.set("backbone", str(run / "backbone.safetensors"))
        other = str(tmp_path / "elsewhere" / "pretraining" / "x" / "backbone.safetensors")
        assert project.located(other) == other
        assert project.located("dino_vits16") == "dino_vits16"
    (tmp_path / "p").rename(tmp_path / "moved")
    with Project.open(tmp_path / "moved") as project:
        found = Path(project.settings.get("backbone"))
        assert found.read_bytes() == b"weights"
        assert found.is_relative_to(tmp_path / "moved")


def test_a_value_taken_from_the_settings_may_be_changed_and_stored_again(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p") as project:
        project.settings.set("list", [1])
        project.settings.set("list", [*project.settings.get("list"), 2])
    with Project.open(tmp_path / "p") as project:
        assert project.settings.get("list") == [1, 2]


def test_creating_never_touches_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.txt").write_text("mine")
    with pytest.raises(UserError, match="not an empty folder"):
        Project.create(tmp_path / "photos")
    assert [p.name for p in (tmp_path / "photos").iterdir()] == ["a.txt"]
    Project.create(tmp_path / "p").close()
    with pytest.raises(UserError, match="already a project"):
        Project.create(tmp_path / "p")
    Project.open(tmp_path / "p").close()


def test_creating_in_an_empty_folder_or_a_new_one_deep_down(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    Project.create(tmp_path / "empty").close()
    Project.create(tmp_path / "a" / "b" / "c").close()


def test_creating_below_a_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file", tmp_path / "file" / "p"):
        with pytest.raises(UserError, match=r"not an empty folder|cannot be made"):
            Project.create(path)


@pytest.mark.parametrize("name", ["nowhere", "folder"])
def test_opening_what_is_no_project(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(UserError, match="is not a MedLabeler project"):
        Project.open(tmp_path / name)
    assert not (tmp_path / "nowhere").exists()
    assert list((tmp_path / "folder").iterdir()) == []


def test_a_second_opening_in_this_process_is_one_sentence(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p") as project:
        with pytest.raises(UserError, match="already open in this MedLabeler; close it there first"):
            Project.open(tmp_path / "p")
        project.settings.set("still", "works")
    Project.open(tmp_path / "p").close()


def test_a_second_process_is_told_and_a_killed_one_lets_go(tmp_path: Path) -> None:
    Project.create(tmp_path / "p").close()
    script = (
        "import sys; from pathlib import Path; from medlabeler.project.project import Project\n"
        "project = Project.open(Path(sys.argv[1])); print('open', flush=True); sys.stdin.read()"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path / "p")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "open\n"
    with pytest.raises(
        UserError, match=rf"already open in another MedLabeler \(process {child.pid}\); close it"
    ):
        Project.open(tmp_path / "p")
    child.kill()
    child.communicate()
    Project.open(tmp_path / "p").close()


def test_after_a_refusal_the_project_can_be_opened(tmp_path: Path) -> None:
    Project.create(tmp_path / "p").close()
    later = (*MIGRATIONS, ("CREATE TABLE later (id INTEGER)",))
    whole = (tmp_path / "p" / "medlabeler.db").read_bytes()
    Database(tmp_path / "p" / "medlabeler.db", migrations=later).close()
    with pytest.raises(UserError, match="newer version"):
        Project.open(tmp_path / "p")
    (tmp_path / "p" / "medlabeler.db").write_bytes(whole)
    Project.open(tmp_path / "p").close()


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="POSIX permissions")
def test_nothing_is_made_on_a_read_only_disk(unprivileged: Path) -> None:
    with pytest.raises(UserError, match="cannot be made"):
        Project.create(unprivileged / "new")


def test_the_runtime_folder_is_empty_at_every_opening(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p") as project:
        (project.runtime / "labels.i32").write_bytes(b"1234")
        copy = tmp_path / "killed"
        shutil.copytree(project.path, copy)  # what a killed process leaves
    assert not (tmp_path / "p" / "runtime").exists()
    with Project.open(copy) as project:
        assert list(project.runtime.iterdir()) == []


def test_what_a_killed_job_had_finished_is_taken_in_at_opening(tmp_path: Path) -> None:
    info = EmbeddingInfo("b", "B", "00", 4, {"size": 8}, "cls", "float32", True, "Apache-2.0")
    digests = np.array([f"{i:064x}" for i in range(6)], "S64")
    with Project.create(tmp_path / "p") as project:
        key = project.vectors.create(info)
        staging = project.path / "staging"
        write_shard(staging / "embed" / key, "one", np.arange(3), digests[:3], np.ones((3, 4)))
        (staging / "embed" / key / "two.shard.99.tmp").write_bytes(b"unfinished")
        write_pack(staging / "import_images", "pack", [digests[0]], [b"jpeg"])
    with Project.open(tmp_path / "p") as project:
        assert project.vectors.missing(key, digests).tolist() == [3, 4, 5]
        assert project.thumbnails.get(bytes(digests[0])) == b"jpeg"
        assert not [p for p in staging.rglob("*") if p.is_file()]


def test_a_damaged_embedding_does_not_keep_the_labels_out_of_reach(tmp_path: Path) -> None:
    info = EmbeddingInfo("b", "B", "00", 4, {"size": 8}, "cls", "float32", True, "Apache-2.0")
    with Project.create(tmp_path / "p") as project:
        key = project.vectors.create(info)
        (project.path / "vectors" / key / "info.json").write_text("half a fi")
        project.journal.add_class("EOS")
    with Project.open(tmp_path / "p") as project:
        assert project.classes.by_name("EOS") is not None


def test_the_history_survives_and_counts_looks_at_the_test_set(tmp_path: Path) -> None:
    def point(revision: int, classifier: str, measured_on: str) -> Checkpoint:
        per_class = (MeasuredClass(1, "EOS", 0.5, 4),)
        return Checkpoint(
            0, "2024-01-01T00:00:00Z", 1, revision, 16, 8.0, classifier, measured_on, 4, None, 0.75,
            per_class, [[2, 2], [0, 4]], "key", "note",
        )  # fmt: skip

    with Project.create(tmp_path / "p") as project:
        for args in [
            (1, "knn", "cross-validation"),
            (2, "knn", "test labels"),
            (2, "logistic", "test labels"),
            (3, "logistic", "reference"),
            (4, "logistic", "test labels"),
        ]:
            project.history.add(point(*args))
    with Project.open(tmp_path / "p") as project:
        stored = project.history.all()
        assert [c.id for c in stored] == [1, 2, 3, 4, 5]
        assert stored[1].per_class == point(2, "knn", "x").per_class
        assert stored[4].confusion == [[2, 2], [0, 4]]
        assert stored[4].note == "note"
        assert project.history.looks() == 2
