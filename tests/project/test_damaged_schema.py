"""A bit that flips where the database keeps the names of its tables and columns."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from panels_support import make_project

from medlabeler.domain.errors import UserError
from medlabeler.domain.progress import SilentProgress
from medlabeler.domain.types import LabelKind, LabelSource
from medlabeler.jobs import restore
from medlabeler.project import examination, second_copy
from medlabeler.project.backups import START, backups
from medlabeler.project.project import Project
from medlabeler.project.restoring import intact


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with make_project(tmp_path) as project:
        _label(project, 0)
        project.backups.begin(START)
        project.backups.wait()
        return project.path


def _label(project: Project, row: int) -> None:
    project.journal.decide([row], LabelKind.LABEL, 1, name="label", source=LabelSource.CLICK)


def _changed(file: Path, here: bytes, bit: int) -> None:
    """Flip a bit of the last letter of the first `here` of a file."""
    content = bytearray(file.read_bytes())
    content[content.index(here) + len(here) - 1] ^= bit
    file.write_bytes(content)


@pytest.mark.parametrize(
    "here", [b"annotator", b"CREATE TABLE session", b"CREATE TABLE label_event", b"id INTEGER"]
)
def test_a_letter_that_became_a_capital_leaves_both_copies_alike(path: Path, here: bytes) -> None:
    """Fails before for a column: the lines called it otherwise, and no table took them (IntegrityError)."""
    _changed(path / "medlabeler.db", here, 0x20)
    with Project.open(path) as project:
        _label(project, 1)
        assert examination.differences(project.database) == ({}, 0)
    (path / "medlabeler.db").unlink()
    restore.run(None, restore.Params(project=path), SilentProgress())
    with Project.open(path) as project:
        assert int((project.labels.kind == LabelKind.LABEL).sum()) == 2


def _names(file: Path) -> Iterator[None]:
    """Let a byte in the name of each table be no text, one after the other; the file is whole in the end."""
    sound = file.read_bytes()
    for name in (b"root", b"class", b"session", b"setting", b"image", b"label_event"):
        _changed(file, b"table" + name, 0x80)
        yield
        file.write_bytes(sound)


def test_a_name_that_is_no_text_any_more_is_said_and_restored(path: Path) -> None:
    """Fails before: SQLite's own sentence held that name, and ended in a UnicodeDecodeError."""
    for _ in _names(path / "medlabeler.db"):
        with contextlib.suppress(UserError), Project.open(path):
            pass
    _changed(path / "medlabeler.db", b"tableroot", 0x80)
    with pytest.raises(UserError, match="is damaged"):
        Project.open(path)
    restore.run(None, restore.Params(project=path), SilentProgress())
    with Project.open(path) as project:
        assert project.labels.kind[0] == LabelKind.LABEL


def test_a_backup_with_such_a_name_is_passed_over(path: Path) -> None:
    """Fails before: UnicodeDecodeError, and no backup at all could be chosen."""
    (backup,) = [one.path for one in backups([path / "backups"])]
    for _ in _names(backup):
        backups([path / "backups"])
        assert not intact(backup)


def test_a_line_that_no_table_takes_counts_as_damaged(path: Path) -> None:
    """Fails before: IntegrityError, and nothing could be restored."""
    with (path / second_copy.FILE).open("ab") as file:
        for content in (
            {"t": "session", "n": 1, "c": {"id": 900, "started": "2026"}},
            {"t": "session", "n": 2, "c": {"id": [901]}},
            {"t": "session", "n": "x"},
            {"t": "class", "gone": 5},
        ):
            file.write(second_copy._line(content))
    with Project.open(path) as project:
        assert examination.differences(project.database) == ({}, 4)
