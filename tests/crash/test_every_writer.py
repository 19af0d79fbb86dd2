"""Whatever writes, on a disk without room: one sentence, nothing half done; it works once there is room."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from panels_support import N, add_embedding, make_project
from program import command_line
from small_disk import SmallDisk, small_disk

from medlabeler.domain.errors import UserError
from medlabeler.domain.progress import SilentProgress
from medlabeler.domain.refusals import refused_by_disk
from medlabeler.domain.types import LabelKind, LabelSource, Remark
from medlabeler.imaging.thumbnails import write_pack
from medlabeler.jobs import export, project_map
from medlabeler.learning.accuracy.report import Report
from medlabeler.project.checkpoints import CROSS_VALIDATION, checkpoint
from medlabeler.project.project import Project
from medlabeler.project.readings import Purpose
from medlabeler.project.restoring import restore
from medlabeler.project.shards import write_shard
from medlabeler.project.staging import job_folder, save_arrays, save_json

QUIET = SilentProgress()
SHARD = 4000
MANY = 400
"""So many small steps are more than a write-ahead log, which is used again, has room for."""


@pytest.fixture(scope="module")
def disk() -> Iterator[SmallDisk]:
    with small_disk(160) as made:
        yield made


@pytest.fixture(scope="module")
def project(disk: SmallDisk) -> Iterator[Project]:
    with make_project(disk.path) as made:
        made.settings.set("embedding", add_embedding(made, "A", 2.0))
        classes = made.classes.all()
        for row in range(9):
            made.journal.decide(
                [row], LabelKind.LABEL, classes[row % 3].id, name="label", source=LabelSource.CLICK
            )
        yield made


def decisions(project: Project) -> None:
    ids, rows = np.array([c.id for c in project.classes.all()]), np.arange(N - 8)
    for turn in range(MANY):
        project.journal.decide(
            rows, LabelKind.LABEL, ids[(rows + turn) % 3], name="many", source=LabelSource.BULK
        )


def notes(project: Project) -> None:
    for turn in range(MANY):
        project.journal.remark([0], Remark.NOTE, f"{turn} " + "x" * 4000, name="note")


def classes(project: Project) -> None:
    for turn in range(20):
        project.journal.describe_class(project.classes.all()[0].id, "full", f"{turn}" + "x" * 200_000, [])


def figures(project: Project) -> None:
    facts = asdict(Report(balanced_accuracy=0.5, n_images=6, n_groups=None, per_class=(), confusion=()))
    for _ in range(20):
        project.history.add(
            checkpoint(
                facts, classifier="knn", measured_on=CROSS_VALIDATION, classes=project.classes.all(),
                session=project.session_id, revision=1, n_labels=6, n_classes=3, embedding="A",
                note="x" * 500_000,
            )
        )  # fmt: skip


def readings(project: Project) -> None:
    for turn in range(MANY * 3):
        project.readings.draw_alongside(
            Purpose.BULK_CHECK,
            np.arange(N - 8),
            np.full(N - 8, project.classes.all()[turn % 3].id),
            chance=1.0,
        )


def shard(project: Project) -> None:
    digests = np.array([f"{row:064x}" for row in range(SHARD)], "S64")
    key = project.settings.get("embedding")
    staging = project.path / "staging" / "elsewhere"
    write_shard(staging, "s", np.arange(SHARD), digests, np.ones((SHARD, 6), np.float16))
    shutil.rmtree(staging)
    assert key


WRITERS: dict[str, Callable[[Project], Any]] = {
    "decisions": decisions,
    "notes": notes,
    "what a class means": classes,
    "figures": figures,
    "a setting": lambda p: p.settings.set("seen", "x" * 8_000_000),
    "arrays for a worker": lambda p: save_arrays(job_folder(p, "embed"), a=np.zeros(100_000)),
    "a list for a worker": lambda p: save_json(job_folder(p, "embed"), "names.json", ["x" * 100] * 1000),
    "vectors": shard,
    "a map": lambda p: p.vectors.save_projection(
        p.settings.get("embedding"), "other", np.zeros((N * 1000, 2), np.float32)
    ),
    "neighbours": lambda p: p.vectors.save_knn_graph(
        p.settings.get("embedding"), np.zeros((N, 3000), np.int32), np.zeros((N, 3000), np.float32)
    ),
    "thumbnails": lambda p: write_pack(p.path / "staging" / "import", "pack", ["ab" * 32], [bytes(300_000)]),
    "the job of a map": lambda p: project_map.run(p, project_map.Params(method="pca"), QUIET),
    "a table of labels": lambda p: export.run(p, export.Params(labels=p.path.parent / "labels.csv"), QUIET),
    "a table of predictions": lambda p: export.run(
        p, export.Params(predictions=p.path.parent / "predictions.csv"), QUIET
    ),
    "a bundle": lambda p: export.run(p, export.Params(bundle=p.path.parent / "bundle.zip"), QUIET),
    "a new project": lambda p: Project.create(p.path.parent / "another").close(),
}


def litter(disk: SmallDisk) -> list[Path]:
    return [path for path in disk.path.rglob("*") if path.name.endswith((".tmp", ".new")) and path.is_file()]


@pytest.mark.parametrize("what", WRITERS)
def test_a_writer_without_room_says_one_sentence_and_works_when_there_is_some(
    disk: SmallDisk, project: Project, what: str
) -> None:
    before = (project.labels.class_id.copy(), project.labels.kind.copy())
    disk.fill()
    try:
        with pytest.raises((UserError, OSError)) as refused:
            WRITERS[what](project)
    finally:
        disk.empty()
    sentence = str(refused.value) if isinstance(refused.value, UserError) else refused_by_disk(refused.value)
    assert sentence, refused.value
    assert "\n" not in sentence
    assert any(word in sentence for word in ("full", "No space", "room")), sentence
    assert litter(disk) == []
    with project.database.reader() as stored:
        found = stored.rows(
            "SELECT image, class FROM label_event "
            "WHERE id IN (SELECT MAX(id) FROM label_event GROUP BY image)"
        )
    for image, class_id in found:
        assert project.labels.class_id[image - 1] == class_id, "the screen and the disk differ"
    assert what == "decisions" or (before[0] == project.labels.class_id).all()
    WRITERS[what](project)
    assert litter(disk) == []
    for left in ("labels.csv", "predictions.csv", "bundle.zip"):
        (disk.path / left).unlink(missing_ok=True)
    shutil.rmtree(disk.path / "another", ignore_errors=True)


@pytest.mark.parametrize(
    "arguments",
    [
        ("label", "--from", "table.csv"),
        ("export", "--labels", "out.csv"),
        ("reserve", "--images", "4"),
        ("evaluate",),
        ("map", "--method", "pca"),
        ("embed", "--device", "cpu"),
    ],
    ids=lambda arguments: arguments[0],
)
@pytest.mark.slow
def test_a_command_without_room_says_one_sentence(disk: SmallDisk, arguments: tuple[str, ...]) -> None:
    """No command ends in a traceback, whichever of its writers meets the full disk."""
    folder = disk.path / "by-command"
    with make_project(folder) as project:
        project.settings.set("embedding", add_embedding(project, "A", 2.0))
    (folder / "table.csv").write_text("image,label\ncell_00.png,basophil\n")
    disk.fill()
    named = [str(folder / a) if a.endswith(".csv") else a for a in arguments[1:]]
    done = subprocess.run(
        command_line(arguments[0], project.path, *named), capture_output=True, text=True, check=False
    )
    disk.empty()
    shutil.rmtree(folder)
    assert "Traceback" not in done.stderr
    assert done.returncode in (0, 2), done.stderr


def test_a_restore_without_room_changes_nothing(disk: SmallDisk) -> None:
    with make_project(disk.path / "restored") as project:
        project.settings.set("seen", "x")
    database = project.path / "medlabeler.db"
    before = database.read_bytes()
    disk.fill()
    with pytest.raises(UserError, match=r"nothing was changed|cannot be written|is full"):
        restore(database, [])
    assert database.read_bytes() == before
    assert litter(disk) == []
    disk.empty()
    assert restore(database, []).labels == 0
    with Project.open(project.path) as project:
        assert project.settings.get("seen") == "x"
    shutil.rmtree(disk.path / "restored")
