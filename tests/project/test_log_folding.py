"""The write-ahead log is folded into the database beside the commits, not within them."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from panels_support import make_project

from medlabeler.domain.types import LabelKind, LabelSource
from medlabeler.project import log_folding
from medlabeler.project.project import Project

PATIENCE_S = 20.0


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    made = make_project(tmp_path)
    made.be_patient()
    yield made
    made.close()


def label(project: Project, steps: int) -> None:
    ids = [c.id for c in project.classes.all()]
    for step in range(steps):
        rows, of = np.arange(10), ids[step % len(ids)]
        project.journal.decide(rows, LabelKind.LABEL, of, name="x", source=LabelSource.CLICK)


def in_the_file_alone(project: Project, copy: Path) -> int:
    """How many events the database file holds without its log."""
    shutil.copy(project.database.path, copy)
    with contextlib.closing(sqlite3.connect(copy)) as alone:
        return int(alone.execute("SELECT COUNT(*) FROM label_event").fetchone()[0])


def test_labels_come_into_the_file_beside_the_commits(project: Project, tmp_path: Path) -> None:
    """Fails before: the commit that found the log long brought it to the disk, and a person waited."""
    asked = project.database.row("PRAGMA wal_autocheckpoint")
    assert asked == (0,), "no commit folds"
    label(project, log_folding.EVERY // 10 + 1)
    until = time.monotonic() + PATIENCE_S
    while in_the_file_alone(project, tmp_path / "alone.db") < log_folding.EVERY // 2:
        assert time.monotonic() < until, "the log is folded by itself"
        threading.Event().wait(0.02)


def test_a_log_that_cannot_be_folded_holds_nobody_up(project: Project, tmp_path: Path) -> None:
    """Who reads beside keeps the log; labels go on, and are all there when the project is opened again."""
    with project.database.reader() as reader:
        query = reader.blocks("SELECT id FROM label_event")
        next(query, None)
        label(project, log_folding.EVERY // 10 + 1)
    counts, path = project.labels.kind.copy(), project.path
    project.close()
    assert not [one for one in threading.enumerate() if one.name == "log folding"], "its thread ends"
    with Project.open(path) as again:
        np.testing.assert_array_equal(again.labels.kind, counts)


def test_a_folder_that_is_renamed_gets_no_new_database(project: Project, tmp_path: Path) -> None:
    moved = project.path.with_name("moved")
    project.path.rename(moved)
    folding = project.database._folding
    assert folding is not None
    with pytest.raises(sqlite3.OperationalError):
        folding._fold()
    assert not project.path.exists()
    moved.rename(project.path)
