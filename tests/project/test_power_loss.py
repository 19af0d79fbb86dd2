"""The power goes: the database loses what it had not brought to the disk, the lines lose nothing."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from refusing_connection import RefusesToCommit

from medlabeler.domain.types import LabelKind, LabelSource, Remark
from medlabeler.project import second_copy
from medlabeler.project.catalog import NewImage
from medlabeler.project.creation import DATABASE
from medlabeler.project.database import Database
from medlabeler.project.examination import differences
from medlabeler.project.project import Project

N = 60
LOG = DATABASE + "-wal"
HEADER = 32
"""Bytes of a write-ahead log before its first frame."""


def _project(path: Path) -> Project:
    project = Project.create(path, annotator="Ada")
    project.catalog.add([NewImage("/d", f"{i}.png", f"{i:064x}", 9, 9, "RGB", 1, 1) for i in range(N)])
    for name in "abc":
        project.journal.add_class(name)
    return project


def _label(project: Project, row: int, at: int = 0) -> None:
    class_id = project.classes.all()[at].id
    project.journal.decide([row], LabelKind.LABEL, class_id, name="label", source=LabelSource.CLICK)


def _mixed(project: Project) -> list[Callable[[], object]]:
    """Steps of every sort."""
    journal, (a, b, c) = project.journal, (c.id for c in project.classes.all())
    return [
        lambda: _label(project, 0),
        lambda: journal.remark([1, 2], Remark.NOTE, "blurred", name="note"),
        lambda: journal.decide(np.arange(N), LabelKind.LABEL, b, name="all", source=LabelSource.BULK),
        journal.undo,
        journal.redo,
        lambda: journal.rename_class(a, "ä"),
        lambda: _label(project, 3, 2),
        lambda: journal.merge_classes(c, a),
        lambda: journal.decide([4], LabelKind.SKIP, name="skip", source=LabelSource.CLICK),
        journal.undo,
        lambda: journal.label_by_name(np.arange(5), ["new"] * 5, name="by name", source=LabelSource.IMPORT),
        lambda: journal.remark([1], Remark.NOTE, "", name="no note"),
    ]


def _state(project: Project) -> object:
    return (
        project.labels.kind.tolist(),
        project.labels.class_id.tolist(),
        [(c.id, c.name, c.colour) for c in project.classes.all()],
        [project.remarks.get(Remark.NOTE, row) for row in range(N)],
        project.journal.steps(),
        project.journal.redo_name,
    )


def _boundaries(log: Path, first: int) -> list[int]:
    """Where the frames of a log end, from a size of it on."""
    content = log.read_bytes()
    frame = 24 + int.from_bytes(content[8:12], "big")
    return [end for end in range(HEADER, len(content) + 1, frame) if end >= first]


def _cut(source: Path, target: Path, end: int) -> Path:
    """A project as the disk has it when the power goes."""
    shutil.copytree(source, target)
    (target / (DATABASE + "-shm")).unlink(missing_ok=True)
    os.truncate(target / LOG, end)
    return target


@pytest.mark.parametrize("checkpoint_behind", [None, 5])
def test_every_step_comes_back_wherever_the_log_ends(tmp_path: Path, checkpoint_behind: int | None) -> None:
    with _project(tmp_path / "p") as project:
        project.settings.set("strategy", "random")  # on the disk in the database itself
        certain = (tmp_path / "p" / LOG).stat().st_size
        for n, step in enumerate(_mixed(project)):
            step()
            if n == checkpoint_behind:
                with project.database.direct() as connection:
                    connection.execute("PRAGMA wal_checkpoint(RESTART)")
                certain = HEADER
        expected = _state(project)
        ends = _boundaries(tmp_path / "p" / LOG, certain)
        taken = shutil.copytree(tmp_path / "p", tmp_path / "taken")
    assert len(ends) > 20
    for end in [*ends, ends[3] + 100]:
        with Project.open(_cut(taken, tmp_path / str(end), end), annotator="Ada") as project:
            assert _state(project) == expected, end
            assert project.settings.get("strategy") == "random"
            assert differences(project.database) == ({}, 0)
            assert not any("damaged" in notice or "altered" in notice for notice in project.notices)
            _label(project, 9)
            assert differences(project.database) == ({}, 0)
        shutil.rmtree(tmp_path / str(end))


def test_what_came_back_is_told_in_one_calm_sentence(tmp_path: Path) -> None:
    with _project(tmp_path / "p") as project:
        certain = (tmp_path / "p" / LOG).stat().st_size
        for row in range(7):
            _label(project, row)
        cut = _cut(tmp_path / "p", tmp_path / "cut", certain)
    with Project.open(cut) as project:
        (told,) = project.notices
        assert "The last 7 decisions" in told
        assert "nothing is lost" in told
    with Project.open(cut) as project:
        assert not project.notices


def test_a_project_that_can_only_be_read_shows_what_the_lines_alone_have(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with _project(tmp_path / "p") as project:
        certain = (tmp_path / "p" / LOG).stat().st_size
        for row in range(7):
            _label(project, row)
        cut = _cut(tmp_path / "p", tmp_path / "cut", certain)
    with monkeypatch.context() as patch:  # root may write everywhere
        patch.setattr("medlabeler.project.database._writable", lambda path: path.parent != cut)
        with Project.open(cut) as project:
            assert project.read_only
            assert project.labels.n_labelled == 7
            assert "second copy alone" in project.notices[-1]
    with Project.open(cut) as project:
        assert project.labels.n_labelled == 7


def test_what_is_no_step_waits_for_the_disk_in_the_database(tmp_path: Path) -> None:
    """No opening could see from the lines alone that the database lost it."""
    with _project(tmp_path / "p") as project:
        commits = _levels(project.database)
        _label(project, 0)
        project.settings.set("strategy", "random")
        project.catalog.add([NewImage("/d", "new.png", "f" * 64, 9, 9, "RGB", 1, 1)])
        project.journal.undo()
        assert commits == ["NORMAL", "FULL", "FULL", "NORMAL"]


def test_a_step_whose_lines_cannot_be_written_is_on_the_disk_in_the_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with _project(tmp_path / "p") as project:
        file, commits = tmp_path / "p" / second_copy.FILE, _levels(project.database)
        _label(project, 0)
        file.rename(tmp_path / "away")
        file.mkdir()
        synced: list[str] = []
        for name in ("fsync", "fdatasync"):
            monkeypatch.setattr(
                os, name, lambda number: synced.append(os.path.realpath(f"/proc/self/fd/{number}"))
            )
        _label(project, 1)
        assert synced == [str((tmp_path / "p" / LOG).resolve())] or not Path("/proc/self/fd").exists()
        _label(project, 2)
        assert commits == ["NORMAL", "NORMAL", "FULL"], "the first was not known to fail"
        file.rmdir()
        (tmp_path / "away").rename(file)
        _label(project, 3)
        _label(project, 4)
        assert commits[3:] == ["FULL", "NORMAL"], "the copy has caught up"
        assert differences(project.database) == ({}, 0)


def test_without_a_write_ahead_log_every_commit_waits_for_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = _project(tmp_path / "p")
    project.close()
    prepare = Database._prepare
    monkeypatch.setattr(Database, "_prepare", lambda self, create, wal: prepare(self, create, wal=False))
    with Project.open(tmp_path / "p") as project:
        assert project.database.journal_mode == "delete"
        commits = _levels(project.database)
        _label(project, 0)
        assert set(commits) <= {"FULL"}
        assert project.database.row("PRAGMA synchronous") == (2,)


def test_changed_rows_catch_up_as_well(tmp_path: Path) -> None:
    """A renamed class has no new id by which it would be missed."""
    with _project(tmp_path / "p") as project:
        file = tmp_path / "p" / second_copy.FILE
        file.rename(tmp_path / "away")
        file.mkdir()
        project.journal.rename_class(project.classes.all()[0].id, "ä")
        project.settings.set("strategy", "random")
        file.rmdir()
        (tmp_path / "away").rename(file)
        _label(project, 0)
        assert differences(project.database) == ({}, 0)


def test_lines_that_were_deleted_are_told_anew(tmp_path: Path) -> None:
    """What they had told is nowhere else until the database is on the disk."""
    with _project(tmp_path / "p") as project:
        commits = _levels(project.database)
        _label(project, 0)
        (tmp_path / "p" / second_copy.FILE).unlink()
        for row in range(1, 4):
            _label(project, row)
        assert "replaced or cut short" in project.notices[0]
        assert commits == ["NORMAL", "NORMAL", "FULL", "NORMAL"]
        assert differences(project.database) == ({}, 0)


def test_a_refused_step_that_the_disk_did_not_let_go_of_is_taken_back_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with _project(tmp_path / "p") as project:
        _label(project, 0)
        file = tmp_path / "p" / second_copy.FILE
        before = file.read_bytes()

        def fails(number: int, size: int) -> None:
            raise OSError(5, "Input/output error")

        with monkeypatch.context() as patch:
            patch.setattr(os, "ftruncate", fails)
            refuses = RefusesToCommit(project.database._connection)
            patch.setattr(project.database, "_connection", refuses)  # no disk refuses so late
            with pytest.raises(sqlite3.OperationalError):
                _label(project, 1)
        assert file.read_bytes() != before
        _label(project, 2)
        assert file.read_bytes().startswith(before)
        assert differences(project.database) == ({}, 0)
        assert np.flatnonzero(project.labels.kind).tolist() == [0, 2]


def test_an_older_line_does_not_undo_what_no_line_could_be_written_of(tmp_path: Path) -> None:
    with _project(tmp_path / "p") as project:
        _label(project, 0)
        _label(project, 1)
        certain = (tmp_path / "p" / LOG).stat().st_size
        _label(project, 2)
        cut = _cut(tmp_path / "p", tmp_path / "cut", certain)
    database = Database(cut / DATABASE)
    with database.transaction() as connection:
        connection.execute("UPDATE image SET path = 'later.png' WHERE id = 1")
    database.close()
    with Project.open(cut) as project:
        assert project.labels.n_labelled == 3
        assert project.database.row("SELECT path FROM image WHERE id = 1") == ("later.png",)


def _levels(database: Database) -> list[str]:
    """How each transaction from here on comes to the disk, in the order of their commits."""
    level, commits = ["FULL"], []  # as `direct` leaves it
    with database.direct() as connection:

        def follow(statement: str) -> None:
            if statement.startswith("PRAGMA synchronous="):
                level[0] = statement.partition("=")[2]
            if statement == "COMMIT":
                commits.append(level[0])

        connection.set_trace_callback(follow)
    return commits
