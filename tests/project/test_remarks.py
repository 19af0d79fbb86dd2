"""Notes, flags, favourites, and what a class means: on disk, undone like labels, kept by whatever comes."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from old_project import unpack
from panels_support import N, make_project

from medlabeler.domain.changes import Changes
from medlabeler.domain.errors import UserError
from medlabeler.domain.progress import SilentProgress
from medlabeler.domain.types import LabelKind, LabelSource, Remark
from medlabeler.jobs import relink
from medlabeler.project.creation import DATABASE
from medlabeler.project.migrations import MIGRATIONS
from medlabeler.project.project import Project
from medlabeler.project.remarks import MOST, ON


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    made = make_project(tmp_path)
    yield made
    made.close()


def on_disk(project: Project) -> list[tuple[int, str, str, str]]:
    """What another program reads now: every remark ever made, as (image, what, value, before)."""
    with sqlite3.connect(f"file:{project.path / DATABASE}?mode=ro", uri=True) as connection:
        return connection.execute("SELECT image, what, value, before FROM remark ORDER BY id").fetchall()


def test_a_note_is_on_disk_when_it_is_shown_and_undone_as_one_step(project: Project) -> None:
    step = project.journal.remark([3], Remark.NOTE, "scar, ask <b>Ada</b> & Bob", name="write a note")
    assert step is not None
    assert step.changes == Changes.REMARKS
    assert project.remarks.get(Remark.NOTE, 3) == "scar, ask <b>Ada</b> & Bob"
    assert on_disk(project) == [(4, "note", "scar, ask <b>Ada</b> & Bob", "")]
    project.journal.remark([3], Remark.NOTE, "no scar", name="change a note")
    project.journal.undo()
    assert project.remarks.get(Remark.NOTE, 3) == "scar, ask <b>Ada</b> & Bob"
    project.journal.undo()
    assert project.remarks.get(Remark.NOTE, 3) == ""
    project.journal.redo()
    assert project.remarks.notes() == {3: "scar, ask <b>Ada</b> & Bob"}
    # Undoing is recorded, nothing is ever taken off the record.
    assert [one[2] for one in on_disk(project)] == [
        "scar, ask <b>Ada</b> & Bob", "no scar", "scar, ask <b>Ada</b> & Bob", "",
        "scar, ask <b>Ada</b> & Bob",
    ]  # fmt: skip


def test_flags_of_many_are_one_step_and_what_is_so_already_is_left_alone(project: Project) -> None:
    project.journal.remark([1], Remark.FLAG, ON, name="flag")
    step = project.journal.remark(np.arange(5), Remark.FLAG, ON, name="flag 5 images")
    assert step is not None
    assert step.rows.tolist() == [0, 2, 3, 4]
    assert project.journal.remark([2], Remark.FLAG, ON, name="flag") is None
    project.journal.undo()
    assert np.flatnonzero(project.remarks.mask(Remark.FLAG, N)).tolist() == [1]


def test_remarks_leave_labels_and_their_revision_alone(project: Project) -> None:
    chosen = project.classes.all()[0].id
    project.journal.decide([0], LabelKind.LABEL, chosen, name="label", source=LabelSource.CLICK)
    before, events = project.labels.revision, project.labels.trail()
    project.journal.remark([0], Remark.FAVOURITE, ON, name="favourite")
    project.journal.undo()
    assert project.labels.revision == before
    assert project.labels.trail() == events
    assert project.labels.class_id[0] == chosen


@pytest.mark.parametrize("bad", [[-1], [N], [0, N + 5]])
def test_an_image_that_is_not_there_gets_no_remark(project: Project, bad: list[int]) -> None:
    with pytest.raises(IndexError):
        project.journal.remark(bad, Remark.FLAG, ON, name="flag")
    assert on_disk(project) == []


def test_a_note_that_is_too_long_is_refused_in_one_sentence(project: Project) -> None:
    with pytest.raises(UserError, match="at most 20,000 characters"):
        project.journal.remark([0], Remark.NOTE, "x" * (MOST + 1), name="write a note")
    assert project.journal.undo_name != "write a note"


def test_remarks_survive_a_moved_folder_a_renamed_class_and_reopening(tmp_path: Path) -> None:
    project = make_project(tmp_path / "made")
    pictures = tmp_path / "made" / "pictures"
    project.journal.remark([2], Remark.NOTE, "Ödem?", name="write a note")
    project.journal.remark([2, 5], Remark.FLAG, ON, name="flag")
    first = project.classes.all()[0].id
    project.journal.describe_class(first, "basophilic granulocyte", "dark grains", [2, 7])
    project.journal.rename_class(first, "BAS")
    shutil.move(pictures, tmp_path / "elsewhere")
    relink.run(project, relink.Params(pictures, tmp_path / "elsewhere"), SilentProgress())
    project.close()
    with Project.open(tmp_path / "made" / "project") as again:
        assert again.notices == []
        assert again.catalog.path(2).is_file()
        assert again.remarks.notes() == {2: "Ödem?"}
        assert np.flatnonzero(again.remarks.mask(Remark.FLAG, N)).tolist() == [2, 5]
        described = again.classes.get(first)
        assert (described.name, described.full_name, described.title) == (
            "BAS", "basophilic granulocyte", "basophilic granulocyte",
        )  # fmt: skip
        assert (described.description, described.examples) == ("dark grains", (2, 7))
        again.journal.undo()
        assert again.classes.get(first).name == "basophil"
        again.journal.undo()
        assert again.classes.get(first).title == "basophil"
        assert again.classes.get(first).examples == ()


def test_a_project_of_before_is_brought_up_to_date_with_a_backup_and_can_be_annotated(tmp_path: Path) -> None:
    path, _ = unpack(tmp_path)
    with sqlite3.connect(path / DATABASE) as connection:
        assert connection.execute("PRAGMA user_version").fetchone()[0] < len(MIGRATIONS)
    with Project.open(path) as project:
        assert project.notices == []
        assert project.database.version == len(MIGRATIONS)
        assert list((path / "backups").glob("*.db"))
        assert not project.remarks.any()
        project.journal.redo()  # a step that was written before classes had meanings
        first = project.classes.all()[0].id
        project.journal.describe_class(first, "full", "", [])
        project.journal.remark([0], Remark.NOTE, "n", name="write a note")
    with Project.open(path) as project:
        assert project.remarks.notes() == {0: "n"}
        assert project.classes.get(first).full_name == "full"
        while project.journal.undo_name is not None:
            project.journal.undo()
        assert not project.remarks.any()
        assert {c.full_name for c in project.classes.all()} <= {""}


def test_damaged_remarks_and_examples_are_told_and_all_others_kept(tmp_path: Path) -> None:
    project = make_project(tmp_path)
    for row in range(4):
        project.journal.remark([row], Remark.NOTE, f"note {row}", name="write a note")
    first = project.classes.all()[0].id
    project.journal.describe_class(first, "full", "", [1])
    project.close()
    with sqlite3.connect(project.path / DATABASE) as connection:
        connection.execute("DROP TRIGGER remark_fixed")
        connection.execute("UPDATE remark SET what = 'nothing' WHERE image = 1")
        connection.execute("UPDATE remark SET image = 9999 WHERE image = 2").close()
        connection.execute("UPDATE class SET examples = '{' WHERE id = ?", (first,))
        connection.execute("DELETE FROM setting WHERE key = 'sums'")  # by which it would be put back
    with Project.open(project.path) as again:
        assert again.remarks.notes() == {2: "note 2", 3: "note 3"}
        assert any("2 notes or marks are damaged" in notice for notice in again.notices)
        assert again.classes.get(first).full_name == "full"
        assert any("example images of the class basophil were damaged" in told for told in again.notices)


def test_remarks_are_never_changed_or_deleted(project: Project) -> None:
    project.journal.remark([0], Remark.NOTE, "n", name="write a note")
    for statement in ("DELETE FROM remark", "UPDATE remark SET value = ''"):
        with pytest.raises(sqlite3.DatabaseError), project.database.transaction() as connection:
            connection.execute(statement)


def test_what_cannot_be_written_is_not_shown(project: Project) -> None:
    with project.database.transaction() as connection:
        connection.execute("CREATE TRIGGER full BEFORE INSERT ON remark BEGIN SELECT RAISE(ABORT, 'x'); END")
    with pytest.raises(sqlite3.DatabaseError):
        project.journal.remark([0], Remark.FLAG, ON, name="flag")
    assert not project.remarks.any()
    assert project.journal.undo_name != "flag"


def test_the_steps_that_can_be_undone_and_redone_are_listed_with_who_and_when(project: Project) -> None:
    project.annotator = "Ada"
    project.journal.remark([0], Remark.FLAG, ON, name="flag 1 image")
    project.journal.remark([1], Remark.FLAG, ON, name="flag another")
    project.journal.undo()
    steps = project.journal.steps()
    assert [(s.name, s.undone, s.annotator) for s in steps[-2:]] == [
        ("flag 1 image", False, "Ada"), ("flag another", True, "Ada"),
    ]  # fmt: skip
    assert all(len(s.time) == len("2026-11-26T09:00:00.000+00:00") for s in steps)
    assert len(project.journal.steps(most=1)) == 2


def test_who_decided_last_and_when_is_known_without_the_database(project: Project) -> None:
    chosen = project.classes.all()[0].id
    for name, row in (("Ada", 0), ("Bob", 1), ("Ada", 1)):
        project.annotator = name
        project.journal.decide([row], LabelKind.LABEL, chosen, name="label", source=LabelSource.CLICK)
    names, who, when = project.labels.log.latest_by()
    assert [names[who[row]] for row in (0, 1)] == ["Ada", "Ada"]
    assert who[2] == -1
    assert np.isnat(when[2])
    stored = {event.image_id - 1: event.time for event in project.labels.latest().values()}
    assert all(stored[row].startswith(str(when[row])) for row in (0, 1))
    path = project.path
    project.close()
    with Project.open(path) as again:
        assert np.array_equal(again.labels.log.latest_by()[2], when, equal_nan=True)
