"""What a person decided is written twice: what the database lost, whole or in part, the second copy has."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from pathlib import Path

import numpy as np
import pytest
from refusing_connection import RefusesToCommit

from medlabeler.domain.errors import UserError
from medlabeler.domain.types import NO_CLASS, LabelKind, LabelSource
from medlabeler.project import second_copy
from medlabeler.project.backups import FOLDER, MASS, START, Backups, backups
from medlabeler.project.catalog import NewImage
from medlabeler.project.creation import DATABASE
from medlabeler.project.examination import differences
from medlabeler.project.project import Project
from medlabeler.project.restoring import RESTORED, finish, intact, restore

N = 30


def _project(path: Path) -> Project:
    project = Project.create(path, annotator="Ada")
    project.catalog.add(
        [NewImage("/d", f"{i}.png", f"{i:064x}", 9, 9, "RGB", 1, 1, given_split="train") for i in range(N)]
    )
    for name in ("Ä & b", "c"):
        project.journal.add_class(name)
    return project


def _label(project: Project, row: int, at: int = 0) -> None:
    class_id = project.classes.all()[at].id
    project.journal.decide([row], LabelKind.LABEL, class_id, name="label", source=LabelSource.CLICK)


def _labels(path: Path) -> tuple[list[int], list[int], str | None]:
    with Project.open(path) as project:
        return (
            project.labels.kind.tolist(),
            project.labels.class_id.tolist(),
            project.journal.undo_name,
        )


def test_a_lost_write_ahead_log_loses_no_label_and_is_told(tmp_path: Path) -> None:
    project = _project(tmp_path / "p")
    project.close()
    earlier = shutil.copyfile(tmp_path / "p" / DATABASE, tmp_path / "earlier.db")
    with Project.open(tmp_path / "p") as project:
        for row in range(20):
            _label(project, row)
        project.journal.undo()
    expected = _labels(tmp_path / "p")
    shutil.copyfile(earlier, tmp_path / "p" / DATABASE)
    with Project.open(tmp_path / "p") as project:
        assert any("The last 21 decisions" in notice for notice in project.notices), project.notices
    assert _labels(tmp_path / "p") == expected


@pytest.mark.parametrize("harm", ["gone", "no database", "half", "zeros in the middle"])
def test_labels_are_restored_from_what_is_left(tmp_path: Path, harm: str) -> None:
    with _project(tmp_path / "p") as project:
        project.backups.begin(START)
        project.backups.wait()
        for row in range(20):
            _label(project, row, row % 2)
    expected = _labels(tmp_path / "p")
    file = tmp_path / "p" / DATABASE
    if harm == "gone":
        file.unlink()
    elif harm == "no database":
        file.write_bytes(b"nothing of the kind" * 1000)
    elif harm == "half":
        os.truncate(file, file.stat().st_size // 2)
    else:
        with file.open("r+b") as writing:
            writing.seek(file.stat().st_size // 2)
            writing.write(bytes(file.stat().st_size // 3))
    done = restore(file, backups([tmp_path / "p" / FOLDER]))
    assert done.base is not None
    assert done.base.parent.name == FOLDER
    assert done.labels == 20
    assert done.lines_damaged == 0
    assert _labels(tmp_path / "p") == expected
    if harm != "gone":
        assert list((tmp_path / "p" / FOLDER).glob(f"replaced-*-{DATABASE}")), "what was there stays"


def test_going_back_to_a_backup_leaves_out_what_came_later_and_keeps_it_aside(tmp_path: Path) -> None:
    with _project(tmp_path / "p") as project:
        _label(project, 0)
        project.backups.begin(MASS)
        project.backups.wait()
        _label(project, 1)
    chosen = backups([tmp_path / "p" / FOLDER])[0]
    assert chosen.labels == 1
    assert "many images" in chosen.why
    assert restore(tmp_path / "p" / DATABASE, [], chosen.path).labels == 1
    with Project.open(tmp_path / "p") as project:
        assert np.flatnonzero(project.labels.kind == LabelKind.LABEL).tolist() == [0]
        assert not project.notices
        _label(project, 2)
    (kept,) = [b for b in backups([tmp_path / "p" / FOLDER]) if "before a restore" in b.why]
    assert kept.labels == 2
    assert restore(tmp_path / "p" / DATABASE, [], kept.path).labels == 2
    with Project.open(tmp_path / "p") as project:
        assert np.flatnonzero(project.labels.kind == LabelKind.LABEL).tolist() == [0, 1]


def test_a_restore_that_was_killed_is_finished_by_the_next_opening(tmp_path: Path) -> None:
    with _project(tmp_path / "p") as project:
        _label(project, 3)
    (tmp_path / "p" / DATABASE).rename(tmp_path / "p" / RESTORED)
    assert _labels(tmp_path / "p")[0][3] == LabelKind.LABEL
    finish(tmp_path / "p" / DATABASE)
    assert not (tmp_path / "p" / RESTORED).exists()


def test_lines_that_are_torn_or_flipped_cost_only_themselves(tmp_path: Path) -> None:
    with _project(tmp_path / "p") as project:
        for row in range(10):
            _label(project, row)
    file = tmp_path / "p" / second_copy.FILE
    lines = file.read_bytes().splitlines(keepends=True)
    at = next(i for i, line in enumerate(lines) if b'"label_event"' in line)
    lines[at] = lines[at].replace(b"Ada", b"Eve")
    file.write_bytes(b"".join(lines) + b'01234567 {"t": "label_ev')
    with Project.open(tmp_path / "p") as project:
        _label(project, 11)
    (tmp_path / "p" / DATABASE).unlink()
    done = restore(tmp_path / "p" / DATABASE, [])
    assert (done.labels, done.lines_damaged) == (10, 2)
    with Project.open(tmp_path / "p") as project:
        assert int((project.labels.kind == LabelKind.LABEL).sum()) == 10


def test_the_rows_of_large_steps_are_the_same_in_both_copies(tmp_path: Path) -> None:
    """Large steps hand their rows to the second copy instead of having them read back from the database."""
    n, rng = 5000, np.random.default_rng(0)
    with Project.create(tmp_path / "p", annotator="Ada") as project:
        project.catalog.add([NewImage("/d", f"{i}.png", f"{i:064x}", 9, 9, "RGB", 1, 1) for i in range(n)])
        ids = np.array([project.journal.add_class(name).id for name in "abc"], np.int32)
        journal = project.journal
        shown = rng.choice([*ids, NO_CLASS], n)
        share = np.where(shown == NO_CLASS, np.nan, rng.random(n))
        journal.decide(
            rng.permutation(n), LabelKind.LABEL, rng.choice(ids, n), name="many", source=LabelSource.BULK,
            strategy="margin", inclusion_probability=rng.random(n), shown_class=shown, shown_confidence=share,
            model_revision=3, blind=True,
        )  # fmt: skip
        kinds = rng.choice([int(kind) for kind in LabelKind], n).astype(np.uint8)
        journal.decide(np.arange(n), kinds, rng.choice(ids, n), name="all kinds", source=LabelSource.BULK)
        journal.decide(np.arange(n), LabelKind.LABEL, int(ids[0]), name="all", source=LabelSource.BULK)
        for _ in range(3):
            journal.undo()
        journal.redo()
        journal.label_by_name(np.arange(60), ["new"] * 60, name="by name", source=LabelSource.IMPORT)
        assert differences(project.database) == ({}, 0)
        m = int(project.database.row("SELECT COUNT(*) FROM label_event")[0])  # type: ignore[index]  # there is a row
    assert m > 6 * n
    expected = _labels(tmp_path / "p")
    (tmp_path / "p" / DATABASE).unlink()
    assert restore(tmp_path / "p" / DATABASE, []).lines_damaged == 0
    assert _labels(tmp_path / "p") == expected


def test_rows_written_beside_those_in_hand_are_in_the_second_copy_too(tmp_path: Path) -> None:
    with _project(tmp_path / "p") as project:
        _label(project, 0)

        def one_more(connection: sqlite3.Connection, rows: object, ids: object) -> None:
            connection.execute(
                "INSERT INTO label_event (step, time, image, annotator, kind, source, blind)"
                " SELECT step, time, 9, annotator, kind, source, blind FROM label_event WHERE id = 1"
            )

        project.journal.decide(
            [1, 2], LabelKind.SKIP, name="skip", source=LabelSource.CLICK, alongside=one_more
        )
        assert differences(project.database) == ({}, 0)
        lines = (tmp_path / "p" / second_copy.FILE).read_text()
        assert '"image":[2,3,9]' in lines


def test_references_are_looked_up_again_behind_a_large_step(tmp_path: Path) -> None:
    with _project(tmp_path / "p") as project:
        label = project.classes.all()[0].id
        project.journal.decide(np.arange(N), LabelKind.LABEL, label, name="all", source=LabelSource.BULK)
        project.journal.undo()
        with (
            pytest.raises(RuntimeError, match="the disk"),
            project.database.transaction(references_known=True),
        ):
            raise RuntimeError("the disk")
        with (
            pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"),
            project.database.transaction() as connection,
        ):
            connection.execute("INSERT INTO split_event (time, image, split, reason) VALUES ('', 999, 0, '')")


def test_a_second_copy_that_cannot_be_written_is_told_once_and_catches_up(tmp_path: Path) -> None:
    with _project(tmp_path / "p") as project:
        file = tmp_path / "p" / second_copy.FILE
        file.rename(tmp_path / "away")
        file.mkdir()
        _label(project, 0)
        _label(project, 1)
        told = [notice for notice in project.notices if "second copy" in notice]
        assert len(told) == 1
        assert "in the database" in told[0]
        file.rmdir()
        (tmp_path / "away").rename(file)
        _label(project, 2)
    (tmp_path / "p" / DATABASE).unlink()
    assert restore(tmp_path / "p" / DATABASE, []).labels == 3


def test_the_lines_of_a_decision_are_on_the_disk_before_the_database_has_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the database might have a step that the lines do not, and lose it when the power goes."""
    with _project(tmp_path / "p") as project:
        _label(project, 0)
        seen: list[tuple[int, int]] = []

        def looks(file: int) -> None:
            with contextlib.closing(sqlite3.connect(tmp_path / "p" / DATABASE)) as reading:
                (n,) = reading.execute("SELECT COUNT(*) FROM label_event").fetchone()
            seen.append((n, project.labels.n_labelled))

        for name in ("fsync", "fdatasync"):
            monkeypatch.setattr(os, name, looks)
        _label(project, 1)
        assert seen == [(1, 1)], "one sync, and by then nothing is committed or shown"
        assert project.labels.n_labelled == 2


@pytest.mark.parametrize("how", ["in hand", "read back"])
def test_what_the_database_refuses_is_in_no_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    with _project(tmp_path / "p") as project:
        _label(project, 0)
        file = tmp_path / "p" / second_copy.FILE
        before = file.read_bytes()
        with monkeypatch.context() as patch:
            refuses = RefusesToCommit(project.database._connection)
            patch.setattr(project.database, "_connection", refuses)
            with pytest.raises(sqlite3.OperationalError):
                _label(project, 1) if how == "in hand" else project.journal.add_class("refused")
        assert file.read_bytes() == before
        _label(project, 2)
        project.journal.add_class("later")
        assert differences(project.database) == ({}, 0)
    assert [row for row, kind in enumerate(_labels(tmp_path / "p")[0]) if kind == LabelKind.LABEL] == [0, 2]


def test_a_step_that_a_kill_left_in_the_second_copy_alone_is_kept_and_told_as_such(tmp_path: Path) -> None:
    with _project(tmp_path / "p") as project:
        _label(project, 0)
        for _ in range(2):
            project.settings.set("strategy", "random")
    earlier = shutil.copyfile(tmp_path / "p" / DATABASE, tmp_path / "earlier.db")
    with Project.open(tmp_path / "p") as project:
        project.journal.decide(np.arange(N), LabelKind.SKIP, name="skip", source=LabelSource.BULK)
    lines = (tmp_path / "p" / second_copy.FILE).read_text().splitlines(keepends=True)
    cut = 1 + next(i for i, line in enumerate(lines) if '"n":30' in line and '"label_event"' in line)
    # The session was stored, the step was on its way.
    with contextlib.closing(sqlite3.connect(earlier)) as database, database:
        database.execute("INSERT INTO session VALUES (3, '2026-01-01T00:00:00.000+00:00', 'Ada', '1')")
    shutil.copyfile(earlier, tmp_path / "p" / DATABASE)
    assert '"marks"' in lines[cut]
    (tmp_path / "p" / second_copy.FILE).write_text("".join(lines[: cut + 1]))
    with Project.open(tmp_path / "p") as project:
        (told,) = project.notices
        assert "The last step before the program ended (30 decisions)" in told
        assert set(project.labels.kind.tolist()) == {LabelKind.SKIP}
        assert differences(project.database) == ({}, 0)
        project.journal.undo()
    assert _labels(tmp_path / "p")[0][:2] == [LabelKind.LABEL, LabelKind.CLEAR]


def test_numbers_that_count_up_are_told_by_the_first_and_read_back(tmp_path: Path) -> None:
    """Ids always do, and images of a step about all of them: a list of 171,375 took a quarter of its undo."""
    rows = [0, 1, 2, 3, 7, 8, 9, 12]
    with _project(tmp_path / "p") as project:
        project.journal.decide(np.arange(N), LabelKind.SKIP, name="all", source=LabelSource.BULK)
        before = (tmp_path / "p" / second_copy.FILE).stat().st_size
        project.journal.undo()
        project.journal.decide(rows, LabelKind.SKIP, name="some", source=LabelSource.BULK)
        assert differences(project.database) == ({}, 0)
    found = (tmp_path / "p" / second_copy.FILE).read_bytes()[before:].decode()
    assert '"image":{"from":1}' in found
    assert '"image":[1,2,3,4,8,9,10,13]' in found
    expected = _labels(tmp_path / "p")
    (tmp_path / "p" / DATABASE).unlink()
    assert restore(tmp_path / "p" / DATABASE, []).lines_damaged == 0
    assert _labels(tmp_path / "p") == expected


def test_lines_of_before_still_hold(tmp_path: Path) -> None:
    """Earlier versions told every number of a column."""
    with _project(tmp_path / "p") as project:
        project.journal.decide(np.arange(N), LabelKind.SKIP, name="all", source=LabelSource.BULK)
    file = tmp_path / "p" / second_copy.FILE
    lines = []
    for line in second_copy.lines(file):
        for name, value in line.get("c", {}).items():
            if isinstance(value, dict) and "from" in value:
                line["c"][name] = list(range(value["from"], value["from"] + line["n"]))
        lines.append(second_copy._line(line))
    assert b'"from"' not in b"".join(lines)
    file.write_bytes(b"".join(lines))
    expected = _labels(tmp_path / "p")
    (tmp_path / "p" / DATABASE).unlink()
    assert restore(tmp_path / "p" / DATABASE, []).lines_damaged == 0
    assert _labels(tmp_path / "p") == expected


@pytest.mark.parametrize("n", [1, 30])
def test_a_label_asks_no_table_what_is_new(tmp_path: Path, n: int) -> None:
    """What was just written is in hand; to look for it in fourteen tables took as long as all of a label."""
    with _project(tmp_path / "p") as project:
        project.journal.decide(np.arange(n), LabelKind.SKIP, name="skip", source=LabelSource.CLICK)
        statements: list[str] = []
        project.database._connection.set_trace_callback(statements.append)
        project.journal.decide(np.arange(n), LabelKind.BAD_IMAGE, name="bad", source=LabelSource.CLICK)
        label = [statement.split()[0] for statement in statements]
        statements.clear()
        project.journal.undo()
        project.database._connection.set_trace_callback(None)
        assert label == ["BEGIN", "INSERT", "INSERT", "COMMIT"]
        undo = [statement.split()[0] for statement in statements if "foreign_keys" not in statement]
        assert undo == ["BEGIN", "INSERT", "UPDATE", "INSERT", "COMMIT"]
        assert differences(project.database) == ({}, 0)


def test_which_steps_stand_follows_from_the_steps(tmp_path: Path) -> None:
    """An undo tells its own step and nothing of the one that it takes back."""
    with _project(tmp_path / "p") as project:
        for row in range(4):
            _label(project, row)
        size = (tmp_path / "p" / second_copy.FILE).stat().st_size
        for _ in range(3):
            project.journal.undo()
        project.journal.redo()
        told = (tmp_path / "p" / second_copy.FILE).read_text()[size:]
        assert told.count('"t":"step"') == told.count('"t":"label_event"') == told.count('"marks"') == 4
        assert differences(project.database) == ({}, 0)
        steps = project.database.rows("SELECT id, kind, done FROM step")
    (tmp_path / "p" / DATABASE).unlink()
    restore(tmp_path / "p" / DATABASE, [])
    with Project.open(tmp_path / "p") as project:
        assert project.database.rows("SELECT id, kind, done FROM step") == steps
        assert project.labels.n_labelled == 2


def test_an_old_project_gets_its_second_copy_when_it_is_opened(tmp_path: Path) -> None:
    with _project(tmp_path / "p") as project:
        for row in range(5):
            _label(project, row)
    (tmp_path / "p" / second_copy.FILE).unlink()
    Project.open(tmp_path / "p").close()
    (tmp_path / "p" / DATABASE).unlink()
    assert restore(tmp_path / "p" / DATABASE, []).labels == 5


def test_nothing_to_restore_from_is_said_and_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / DATABASE).write_bytes(b"no database")
    with pytest.raises(UserError, match="no backup and no second copy"):
        restore(tmp_path / "p" / DATABASE, [])
    assert [file.name for file in (tmp_path / "p").iterdir()] == [DATABASE]


def test_a_backup_holds_the_moment_it_was_begun_and_none_is_made_of_the_same(tmp_path: Path) -> None:
    with _project(tmp_path / "p") as project:
        _label(project, 0)
        assert project.backups.begin(START)
        for row in range(1, 6):
            _label(project, row)
        project.backups.wait()
        (first,) = backups([tmp_path / "p" / FOLDER])
        assert first.labels == 1
        assert intact(first.path)
        assert project.backups.begin(START)
        project.backups.wait()
        assert not project.backups.begin(START)
    again = Backups(tmp_path / "p" / DATABASE, lambda sentence: None)
    assert not again.begin(START), "the newest backup on disk holds the same"


def test_backups_go_to_another_disk_too_and_its_failure_is_told(tmp_path: Path) -> None:
    with _project(tmp_path / "p") as project:
        project.backups.elsewhere = tmp_path / "usb" / "p"
        project.backups.begin(START)
        project.backups.wait()
        (copied,) = backups([tmp_path / "usb" / "p"])
        assert intact(copied.path)
        (tmp_path / "file").write_text("")
        project.backups.elsewhere = tmp_path / "file" / "p"
        _label(project, 0)
        project.backups.begin(START)
        project.backups.wait()
        assert any("No backup" in notice for notice in project.notices)


def test_a_backup_that_failed_is_tried_again(tmp_path: Path) -> None:
    with _project(tmp_path / "p") as project:
        folder = tmp_path / "p" / FOLDER
        folder.write_text("a file where the folder should be")
        project.backups.begin(START)
        project.backups.wait()
        folder.unlink()
        assert project.backups.begin(START)
        project.backups.wait()
        assert len(backups([folder])) == 1


def test_no_file_of_a_new_project_is_for_others(tmp_path: Path) -> None:
    if os.name != "posix":
        pytest.skip("file modes are POSIX's")
    with _project(tmp_path / "p") as project:
        _label(project, 0)
        project.backups.begin(START)
        project.backups.wait()
    assert (tmp_path / "p").stat().st_mode & 0o077 == 0


def test_what_sqlite_calls_damaged_is_no_backup(tmp_path: Path) -> None:
    with _project(tmp_path / "p"):
        pass
    file = tmp_path / "p" / DATABASE
    with file.open("r+b") as writing:
        writing.seek(file.stat().st_size // 2)
        writing.write(os.urandom(file.stat().st_size // 3))
    told: list[str] = []
    taker = Backups(file, told.append)
    taker.begin(START)
    taker.wait()
    assert not backups([tmp_path / "p" / FOLDER])
    assert told
    with pytest.raises(sqlite3.Error):
        sqlite3.connect(file).execute("SELECT * FROM label_event, step, image").fetchall()
