"""A class or a setting that is altered on the disk is named at the next opening, and put back."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from panels_support import make_project

from medlabeler.domain.progress import SilentProgress
from medlabeler.jobs import check, restore
from medlabeler.project import examination, second_copy
from medlabeler.project.columns import NewImage
from medlabeler.project.project import Project

KINDS = {
    "a name": ("UPDATE class SET name = 'monocytf' WHERE name = 'monocyte'", "class 3 (monocyte)"),
    "no text": (
        "UPDATE class SET name = CAST(x'6DFFFE' AS TEXT) WHERE name = 'monocyte'",
        "class 3 (monocyte)",
    ),
    "a colour": ("UPDATE class SET colour = '#123456' WHERE id = 1", "class 1"),
    "deleted": ("UPDATE class SET deleted = 1 WHERE id = 2", "class 2"),
    "a setting": ("UPDATE setting SET value = '8' WHERE key = 'seed'", "setting seed"),
    "a key": ("UPDATE setting SET key = 'sefd' WHERE key = 'seed'", "setting seed"),
    "a folder": ("UPDATE root SET path = path || 'x'", "root 1"),
    "a reference": ("INSERT INTO reference_class VALUES ('mono', 1)", "reference_class mono"),
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with make_project(tmp_path) as project:
        project.settings.set("seed", 7)
        return project.path


def facts(path: Path) -> tuple[object, ...]:
    with Project.open(path) as project:
        classes = [(c.id, c.name, c.colour) for c in project.classes.all()]
        return classes, project.settings.get("seed"), project.catalog.roots(), project.notices


def alter(path: Path, *statements: str) -> None:
    with sqlite3.connect(path / "medlabeler.db") as database:
        database.execute("PRAGMA foreign_keys=OFF")
        for sql in statements:
            assert database.execute(sql).rowcount
    database.close()


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_altered_is_named_and_put_back(path: Path, kind: str) -> None:
    """Fails before: the altered value was told to the second copy as if a person had chosen it."""
    sound = facts(path)
    assert sound[-1] == []
    sql, named = KINDS[kind]
    alter(path, sql)
    *same, told = facts(path)
    assert same == list(sound[:-1])
    assert [named in sentence for sentence in told if "put back from the second copy" in sentence] == [True]
    assert list((path / "backups").glob("*mended*"))
    assert facts(path) == sound  # and that was all
    with Project.open(path) as project:
        assert examination.altered(project.database) == ""


def test_what_the_second_copy_does_not_have_either_is_told_and_left(path: Path) -> None:
    facts(path)
    lines = (path / second_copy.FILE).read_bytes().splitlines(keepends=True)
    (path / second_copy.FILE).write_bytes(b"".join(line for line in lines if b'"t":"class"' not in line))
    alter(path, KINDS["a name"][0])
    classes, *_, told = facts(path)
    assert "monocytf" in str(classes)
    assert any("monocyt" in sentence and "look at it" in sentence for sentence in told)


def test_a_project_of_before_and_a_damaged_seal_raise_no_alarm(path: Path) -> None:
    sound = facts(path)
    for statement in (
        "DELETE FROM setting WHERE key = 'sums'",
        "UPDATE setting SET value = '{\"class' WHERE key = 'sums'",
    ):
        alter(path, statement)
        assert facts(path)[:-1] == sound[:-1]
        assert not any("altered" in sentence for sentence in facts(path)[-1])


def test_an_earlier_version_that_seals_nothing_may_work_in_between(path: Path) -> None:
    """It writes the database and the second copy, not the seal: what it wrote is what a person chose."""
    with Project.open(path) as project:
        project.database.before_commit = lambda connection: None
        project.journal.rename_class(3, "macrophage")
        project.settings.set("seed", 9)
    classes, seed, _, told = facts(path)
    assert "macrophage" in str(classes)
    assert seed == 9
    assert told == []


def test_what_a_list_told_is_named_by_its_column_where_it_was_altered(path: Path) -> None:
    """Fails before: `check` found all sound, and another site was used."""
    with Project.open(path) as project:
        assert examination.altered(project.database) == ""
    alter(path, "UPDATE metadata SET value = 'Barcelonb' WHERE image = 5")
    with Project.open(path) as project:
        assert "(columns site)" in examination.altered(project.database)
        found = check.run(project, check.Params(images=False), SilentProgress())
        assert any("(columns site)" in sentence for sentence in found.summary["findings"])


def test_the_sums_follow_what_is_read_again_and_projects_of_before(path: Path) -> None:
    alter(path, "DELETE FROM setting WHERE key = 'metadata_sums'")
    with Project.open(path) as project:
        catalog = project.catalog
        for value in ("Graz", "", "Lund"):
            for row in (0, 1):
                record = catalog.record(row)
                catalog.add([
                    NewImage(
                        root=str(Path(record.path).parent), path=Path(record.path).name, digest=record.digest,
                        width=record.width, height=record.height, mode="RGB", n_bytes=1, mtime_ns=row,
                        given_split="train", group=None, reference=None,
                        metadata={"site": value, "scanner": f"s{row}"},
                    )
                ])  # fmt: skip
            assert examination.altered_lists(project.database) == ""
        assert catalog.record(0).metadata == {"site": "Lund", "scanner": "s0"}


def test_the_name_of_a_column_of_a_list_is_in_the_second_copy(path: Path) -> None:
    """Fails before: no copy held it, and all was sound under another name."""
    alter(path, "UPDATE metadata_column SET name = 'sitf' WHERE name = 'site'")
    with Project.open(path) as project:
        assert "metadata_column" in examination.altered(project.database)
        check.run(project, check.Params(images=False, repair=True), SilentProgress())
    with Project.open(path) as project:
        assert project.catalog.metadata_columns() == ["site"]
        assert examination.altered(project.database) == ""


def test_what_lists_told_is_missed_after_a_restore_and_whole_when_they_are_read_again(path: Path) -> None:
    """Fails before: not a word of it, and the sums of what was lost fitted no list that was read again."""
    with Project.open(path) as project:
        records = [project.catalog.record(row) for row in range(project.catalog.n)]
    (path / "medlabeler.db").unlink()
    done = restore.run(None, restore.Params(project=path), SilentProgress())
    assert "columns site" in done.sentence
    with Project.open(path) as project:
        assert project.notices == []
        assert examination.altered(project.database) == ""
        project.catalog.add([
            NewImage(
                root=str(Path(record.path).parent), path=Path(record.path).name, digest=record.digest,
                width=record.width, height=record.height, mode="RGB", n_bytes=1, mtime_ns=2,
                given_split="train", group=None, reference=None, metadata=record.metadata,
            )
            for record in records
        ])  # fmt: skip
        assert project.catalog.record(3).metadata == records[3].metadata
        assert examination.altered(project.database) == ""
