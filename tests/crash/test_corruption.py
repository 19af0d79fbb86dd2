"""A flipped bit is told, whichever file it is in; the long table is `make crash`."""

from __future__ import annotations

import random
import shutil
import sqlite3
from fnmatch import fnmatch
from pathlib import Path

import corruption
import pytest
from panels_support import open_for_test
from pytestqt.qtbot import QtBot

from medlabeler.domain.errors import UserError
from medlabeler.domain.progress import SilentProgress
from medlabeler.jobs import check, restore
from medlabeler.open_project import keeping_whole
from medlabeler.project import examination
from medlabeler.project.project import Project


def test_no_flipped_bit_is_used_in_silence_or_ends_in_a_traceback(tmp_path: Path) -> None:
    """In the database: fails before for 4 of 400 (traceback) and for 33 of 400, which only `check` told."""
    template = corruption.made(tmp_path / "template")
    truth = corruption.as_written(template)
    for kind in corruption.FILES:
        chance = random.Random(3)  # noqa: S311 - places, no secrets
        found = [corruption.trial(template, tmp_path, kind, chance, truth) for _ in range(4)]
        assert [one for one in found if one[0] in ("silent", "traceback")] == []


def test_each_file_of_a_project_is_flipped_or_it_is_said_why_not(tmp_path: Path) -> None:
    template = corruption.made(tmp_path)
    corruption.as_written(template)
    flipped = {file for files in corruption.FILES.values() for file in files(template)}
    assert all(files(template) for files in corruption.FILES.values()), "each kind is there to be flipped"
    for file in template.rglob("*"):
        name = file.relative_to(template).as_posix()
        excused = any(
            name.startswith(known) if known.endswith("/") else fnmatch(name, known)
            for known in corruption.NOT_FLIPPED
        )
        assert file.is_dir() or file in flipped or excused, name


def test_a_backup_of_which_a_letter_changed_is_not_gone_back_to(tmp_path: Path) -> None:
    """Fails before: SQLite finds such a file sound, and another label was brought back in silence."""
    path = corruption.made(tmp_path)
    (backup,) = path.glob("backups/*.db")
    sound = backup.read_bytes()
    assert sound.count(b"label") > 1
    backup.write_bytes(sound.replace(b"a note", b"a vote"))
    with pytest.raises(UserError, match="is damaged; choose another backup"):
        restore.run(None, restore.Params(path, backup.name), SilentProgress())
    with Project.open(path) as project:
        found = check.run(project, check.Params(images=False), SilentProgress())
    assert any("is damaged; do not go back to it" in sentence for sentence in found.summary["findings"])
    backup.with_name(backup.name + ".xxh3_64").unlink()  # as one of an earlier version
    backup.write_bytes(sound)
    restore.run(None, restore.Params(path, backup.name), SilentProgress())


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE image SET path = 'another.png' WHERE id = 7",
        "UPDATE label_event SET class = 1 WHERE image = 3",
    ],
)
def test_what_was_altered_in_the_database_is_told_in_the_window(
    tmp_path: Path, qtbot: QtBot, sql: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails before: another catalogue, other labels and settings were used, and nobody was told."""
    monkeypatch.setattr(keeping_whole, "SETTLED_S", 0.0)
    path = corruption.made(tmp_path)
    sound = tmp_path / "sound"
    shutil.copytree(path, sound)
    with sqlite3.connect(path / "medlabeler.db") as database:
        triggers = database.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'label_event'"
        ).fetchall()
        for name, _ in triggers:  # which a disk does not ask
            database.execute(f"DROP TRIGGER {name}")
        database.execute(sql)
        for _, again in triggers:
            database.execute(again)
    database.close()
    opened = open_for_test(Project.open(path))
    qtbot.waitUntil(lambda: any("are not what was written" in n for n in opened.project.notices))
    opened.close()
    with Project.open(sound) as project:
        assert examination.altered(project.database) == ""


def test_metadata_of_no_column_costs_only_itself(tmp_path: Path) -> None:
    """Fails before: a KeyError at opening."""
    path = corruption.made(tmp_path)
    with sqlite3.connect(path / "medlabeler.db") as database:
        database.execute("PRAGMA foreign_keys=OFF")
        database.execute("UPDATE metadata SET column = x'31' WHERE image = 5")
        database.execute("UPDATE metadata SET column = 99 WHERE image = 6")
    database.close()
    with Project.open(path) as project:
        assert [project.catalog.record(row).metadata.get("site") for row in (3, 4, 5)] == [
            "Barcelona", None, None,
        ]  # fmt: skip
        assert any("it is left out" in sentence for sentence in project.notices)
