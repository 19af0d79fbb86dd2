"""The database of an open project is held against its second copy in another process."""

from __future__ import annotations

import sqlite3
import sys
import threading
import time
from pathlib import Path

import pytest

from medlabeler.project import examiner, second_copy
from medlabeler.project.catalog import NewImage
from medlabeler.project.project import Project


@pytest.fixture
def path(tmp_path: Path) -> Path:
    where = tmp_path / "p"
    with Project.create(where) as project:
        project.catalog.add(
            [NewImage("/d", f"{i}.png", f"{i:064x}", 9, 9, "RGB", i, i, "", "", "") for i in range(9)]
        )
    return where


def test_another_process_tells_what_was_altered(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails before: a thread of the window built the copy, and clicks and frames waited for it."""

    def built_here(*_: object) -> list[int]:
        raise AssertionError("the copy is built in the process of the window")

    with sqlite3.connect(path / "medlabeler.db") as database:
        database.execute("UPDATE image SET path = 'another.png' WHERE id = 7")
    database.close()
    with Project.open(path) as project:
        monkeypatch.setattr(second_copy, "replay", built_here)
        told = examiner.altered_by_another_process(project.database, threading.Event())
    assert "holds 1 row that" in told
    assert "(in image)" in told


def test_nothing_is_told_of_a_sound_one(path: Path) -> None:
    with Project.open(path) as project:
        assert examiner.altered_by_another_process(project.database, threading.Event()) == ""


def test_a_project_that_is_closed_has_no_examiner(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else it would read a folder that somebody may want to move or to delete."""
    forever = [sys.executable, "-c", "import time; time.sleep(60)"]
    monkeypatch.setattr(examiner, "child_command", lambda _role: forever)
    over = threading.Event()
    over.set()
    began = time.monotonic()
    with Project.open(path) as project:
        assert examiner.altered_by_another_process(project.database, over) == ""
    assert time.monotonic() - began < 30


def test_an_examiner_that_ends_early_is_told_of(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its silence was taken for a sound project."""
    monkeypatch.setattr(
        examiner, "child_command", lambda _role: [sys.executable, "-c", "raise SystemExit(3)"]
    )
    with Project.open(path) as project:
        assert examiner.altered_by_another_process(project.database, threading.Event()) == examiner.ENDED


def test_an_examiner_that_cannot_be_started_is_told_of(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examiner, "child_command", lambda _role: [str(path / "no such program")])
    with Project.open(path) as project:
        assert examiner.altered_by_another_process(project.database, threading.Event()) == examiner.ENDED


def test_a_fault_of_the_examiner_is_in_the_log(
    path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: object) -> str:
        raise MemoryError

    monkeypatch.setattr(examiner.examination, "altered", broken)
    with Project.open(path) as project:
        assert examiner.main([str(project.database.path), project.database.source]) == 1
    assert "MemoryError" in caplog.text
