"""A disk that does not answer: a person is told, and what it did not take is shown nowhere."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from medlabeler.domain.errors import UserError
from medlabeler.domain.types import LabelKind, LabelSource
from medlabeler.project import lines_file, settings
from medlabeler.project.catalog import NewImage
from medlabeler.project.examination import differences
from medlabeler.project.project import Project


class Disk:
    """Lets syncs through, or keeps them waiting."""

    def __init__(self) -> None:
        self.answers = threading.Event()
        self.answers.set()
        self.waiting = threading.Event()
        self._fdatasync = os.fdatasync

    def sync(self, file: int) -> None:
        """As `os.fdatasync`, when the disk answers."""
        if not self.answers.is_set():
            self.waiting.set()
            assert self.answers.wait(60)
        self._fdatasync(file)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Disk]:
    made = Disk()
    monkeypatch.setattr(lines_file, "PATIENCE_S", 0.3)
    monkeypatch.setattr(os, "fdatasync", made.sync)
    yield made
    made.answers.set()


def _project(path: Path) -> Project:
    project = Project.create(path, annotator="Ada")
    project.catalog.add([NewImage("/d", f"{i}.png", f"{i:064x}", 9, 9, "RGB", 1, 1) for i in range(9)])
    project.journal.add_class("c")
    project.be_patient()
    return project


def _label(project: Project, row: int) -> None:
    project.journal.decide(
        [row], LabelKind.LABEL, project.classes.all()[0].id, name="label", source=LabelSource.CLICK
    )


def _label_when_it_answers(project: Project, row: int) -> None:
    """As soon as what was out is back."""
    until = time.monotonic() + 60
    while True:
        try:
            _label(project, row)
            return
        except UserError:
            assert time.monotonic() < until


def test_a_label_that_the_disk_does_not_take_is_refused_in_time_and_shown_nowhere(
    tmp_path: Path, disk: Disk
) -> None:
    with _project(tmp_path / "p") as project:
        _label(project, 0)
        disk.answers.clear()
        begun = time.monotonic()
        with pytest.raises(UserError, match="does not answer"):
            _label(project, 1)
        assert time.monotonic() - begun < 20, "it was waited for"
        assert disk.waiting.is_set()
        for refused in (lambda: _label(project, 2), project.journal.undo):
            begun = time.monotonic()
            with pytest.raises(UserError, match="does not answer"):
                refused()
            assert time.monotonic() - begun < 0.3, "nobody waits twice"
        assert project.labels.kind.tolist() == [LabelKind.LABEL] + [LabelKind.CLEAR] * 8
        disk.answers.set()
        _label_when_it_answers(project, 3)
        project.journal.undo()
        _label(project, 4)
        assert differences(project.database) == ({}, 0)
    with Project.open(tmp_path / "p") as project:
        assert project.notices == []
        assert [row for row, kind in enumerate(project.labels.kind) if kind == LabelKind.LABEL] == [0, 4]


def test_a_disk_that_refuses_late_leaves_nothing_either(tmp_path: Path, disk: Disk) -> None:
    with _project(tmp_path / "p") as project:
        _label(project, 0)
        disk.answers.clear()
        with pytest.raises(UserError, match="does not answer"):
            _label(project, 1)

        passes, refusals = disk._fdatasync, iter(range(2))  # the lines, and that they are taken back

        def refuses(file: int) -> None:
            if next(refusals, None) is not None:
                raise OSError(5, "Input/output error")
            passes(file)

        disk._fdatasync = refuses
        disk.answers.set()
        _label_when_it_answers(project, 2)
        assert differences(project.database) == ({}, 0)
        assert [row for row, kind in enumerate(project.labels.kind) if kind == LabelKind.LABEL] == [0, 2]


def test_what_is_still_out_keeps_nobody_from_closing(tmp_path: Path, disk: Disk) -> None:
    project = _project(tmp_path / "p")
    disk.answers.clear()
    with pytest.raises(UserError, match="does not answer"):
        _label(project, 1)
    begun = time.monotonic()
    project.close()
    assert time.monotonic() - begun < 5
    disk.answers.set()
    with Project.open(tmp_path / "p") as project:
        assert project.notices == []
        assert project.labels.n_labelled == 0, "what was refused is not taken from the lines"


@pytest.fixture
def all_syncs_wait(disk: Disk, monkeypatch: pytest.MonkeyPatch) -> Disk:
    """Those of other files, too; only the thread that is asked may stand still."""
    fsync = os.fsync

    def sync(file: int) -> None:
        if threading.current_thread().name == "disk":
            disk.sync(file)
        else:
            assert disk.answers.is_set(), "who waits for a person may not"
            fsync(file)

    monkeypatch.setattr(os, "fsync", sync)
    return disk


def test_what_is_chosen_while_the_disk_does_not_answer_counts_and_is_stored_when_it_does(
    tmp_path: Path, all_syncs_wait: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails before: a setting was committed by the thread of the window, however long the disk took."""
    disk = all_syncs_wait
    monkeypatch.setattr(settings, "KEPT_S", 0.3)
    monkeypatch.setattr(settings, "PATIENCE_S", 0.3)
    with _project(tmp_path / "p") as project:
        _label(project, 0)
        disk.answers.clear()
        begun = time.monotonic()
        project.settings.keep("strategy", "random")
        with pytest.raises(UserError, match="does not answer"):
            project.settings.set("backbone_note", "x")
        with pytest.raises(UserError, match="does not answer"):
            _label(project, 1)
        assert time.monotonic() - begun < 5.0
        assert project.settings.get("strategy") == "random"
        assert not project.settings.is_written
        assert any("counts while the project is open" in said for said in project.notices)
        disk.answers.set()
        _label_when_it_answers(project, 2)
        project.settings.write_kept()
        assert project.settings.is_written
    with Project.open(tmp_path / "p") as project:
        assert project.settings.get("strategy") == "random"
        assert project.settings.get("backbone_note") is None
        assert [r for r, k in enumerate(project.labels.kind) if k == LabelKind.LABEL] == [0, 2]
        assert differences(project.database) == ({}, 0)


def test_what_the_disk_took_late_is_stored_at_closing(
    tmp_path: Path, all_syncs_wait: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "KEPT_S", 0.3)
    with _project(tmp_path / "p") as project:
        all_syncs_wait.answers.clear()
        project.settings.keep("strategy", "random")
        all_syncs_wait.answers.set()
        until = time.monotonic() + 60
        while not project.settings.is_written:
            with contextlib.suppress(UserError):
                project.settings.write_kept()
            project.settings.keep("colour_by", "group")
            assert time.monotonic() < until
    with Project.open(tmp_path / "p") as project:
        assert (project.settings.get("strategy"), project.settings.get("colour_by")) == ("random", "group")
