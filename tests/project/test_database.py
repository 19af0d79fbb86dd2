"""The database never loses a committed change, and says in one sentence what a disk will not do."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from medlabeler.domain.errors import UserError
from medlabeler.project.database import Database
from medlabeler.project.migrations import MIGRATIONS

NEXT = (*MIGRATIONS, ("CREATE TABLE later (id INTEGER PRIMARY KEY)", "INSERT INTO later VALUES (7)"))
BROKEN = (*MIGRATIONS, ("CREATE TABLE later (id INTEGER PRIMARY KEY)", "INSERT INTO nowhere VALUES (7)"))


def _new(folder: Path) -> Path:
    path = folder / "medlabeler.db"
    Database(path, create=True).close()
    return path


def test_a_new_database_is_durable(tmp_path: Path) -> None:
    database = Database(tmp_path / "medlabeler.db", create=True)
    assert database.journal_mode == "wal"
    assert database.row("PRAGMA synchronous") == (2,)
    assert database.version == len(MIGRATIONS)
    database.close()


def test_what_fails_in_a_transaction_leaves_no_trace(tmp_path: Path) -> None:
    database = Database(tmp_path / "medlabeler.db", create=True)
    twice = "INSERT INTO setting VALUES ('a', '1')"
    with pytest.raises(sqlite3.IntegrityError), database.transaction() as connection:  # noqa: PT012
        connection.execute(twice)
        connection.execute(twice)
    assert database.rows("SELECT * FROM setting") == []
    with database.transaction() as connection:
        connection.execute("INSERT INTO setting VALUES ('a', '2')")
    database.close()
    assert Database(tmp_path / "medlabeler.db").rows("SELECT * FROM setting") == [("a", "2")]


def test_migrating_keeps_a_copy_of_what_was(tmp_path: Path) -> None:
    path = _new(tmp_path)
    database = Database(path, migrations=NEXT)
    assert database.version == len(NEXT)
    assert database.rows("SELECT id FROM later") == [(7,)]
    database.close()
    (backup,) = (tmp_path / "backups").iterdir()
    old = Database(backup)
    assert old.version == len(MIGRATIONS)
    old.close()


def test_a_migration_that_fails_changes_nothing(tmp_path: Path) -> None:
    path = _new(tmp_path)
    with pytest.raises(sqlite3.OperationalError):
        Database(path, migrations=BROKEN)
    database = Database(path)
    assert database.version == len(MIGRATIONS)
    assert database.row("SELECT name FROM sqlite_master WHERE name = 'later'") is None


def test_without_room_for_a_backup_nothing_is_migrated(tmp_path: Path) -> None:
    path = _new(tmp_path)
    (tmp_path / "backups").write_text("a file where the folder should be")
    with pytest.raises(UserError, match=r"no backup can be written .* left as it is"):
        Database(path, migrations=NEXT)
    assert Database(path).version == len(MIGRATIONS)


def test_a_newer_format_is_refused_untouched(tmp_path: Path) -> None:
    path = _new(tmp_path)
    Database(path, migrations=NEXT).close()
    before = path.read_bytes()
    formats = rf"project format {len(NEXT)}, this one reads up to {len(MIGRATIONS)}"
    with pytest.raises(UserError, match=rf"newer version of MedLabeler \({formats}\)"):
        Database(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"plain text, no database at all " * 40, b""])
def test_foreign_files_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "medlabeler.db"
    path.write_bytes(content)
    with pytest.raises(UserError, match=r"is damaged|not the database of a MedLabeler project"):
        Database(path)
    assert path.read_bytes() == content


def test_somebody_elses_sqlite_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "medlabeler.db"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE photos (id INTEGER)")
    other.close()
    with pytest.raises(UserError, match="not the database of a MedLabeler project"):
        Database(path)


def test_where_a_wal_cannot_be_kept_a_rollback_journal_is(tmp_path: Path) -> None:
    (tmp_path / "medlabeler.db-shm").mkdir()
    database = Database(tmp_path / "medlabeler.db", create=True)
    assert database.journal_mode == "delete"
    with database.transaction() as connection:
        connection.execute("INSERT INTO setting VALUES ('a', '1')")
    database.close()
    again = Database(tmp_path / "medlabeler.db")
    assert again.rows("SELECT value FROM setting") == [("1",)]
    again.close()


def test_a_full_disk_is_one_sentence_and_loses_nothing(tmp_path: Path) -> None:
    database = Database(tmp_path / "medlabeler.db", create=True)
    with database.transaction() as connection:
        connection.execute("INSERT INTO setting VALUES ('kept', '1')")
    pages = database.row("PRAGMA page_count")
    assert pages is not None
    database.row(f"PRAGMA max_page_count={pages[0] + 2}")
    with (
        pytest.raises(UserError, match="is full and the last change was not stored"),
        database.transaction() as connection,
    ):
        connection.execute("INSERT INTO setting VALUES ('lost', ?)", ("x" * 100_000,))
    assert database.rows("SELECT key FROM setting") == [("kept",)]
    with database.transaction() as connection:
        connection.execute("INSERT INTO setting VALUES ('later', '1')")
    database.close()


@pytest.mark.skipif(sys.platform == "win32", reason="limits of file size are POSIX")
def test_a_disk_that_stops_taking_data_is_one_sentence(tmp_path: Path) -> None:
    script = """
import resource, signal, sys
from pathlib import Path
from medlabeler.domain.errors import UserError
from medlabeler.project.database import Database
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
database = Database(Path(sys.argv[1]), create=True)
with database.transaction() as connection:
    connection.execute("INSERT INTO setting VALUES ('kept', '1')")
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
for _ in range(2):
    try:
        with database.transaction() as connection:
            connection.execute("INSERT INTO setting VALUES ('lost', ?)", ("x" * 1_000_000,))
    except UserError as error:
        print(error)
print(database.rows("SELECT key FROM setting"))
"""
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "medlabeler.db")],
        capture_output=True,
        text=True,
        check=True,
    )
    first, second, kept = done.stdout.splitlines()
    assert "full or failing and the last change was not stored." in first
    assert second == first
    assert kept == "[('kept',)]"


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="POSIX permissions")
def test_a_read_only_disk_is_one_sentence(unprivileged: Path) -> None:
    path = unprivileged / "medlabeler.db"
    with pytest.raises(UserError, match="cannot be written to: the disk or the folder is read-only"):
        Database(path)


def test_a_folder_in_place_of_the_database(tmp_path: Path) -> None:
    (tmp_path / "medlabeler.db").mkdir()
    with pytest.raises(UserError, match="is not a MedLabeler project"):
        Database(tmp_path / "medlabeler.db")
    with pytest.raises(UserError, match="cannot be written to"):
        Database(tmp_path / "medlabeler.db", create=True)


@pytest.mark.parametrize("harm", [(b"started", b"sturted"), (b"annotator TEXT", b"annotator TE\xffT")])
def test_damaged_names_of_tables_and_columns_are_one_sentence(
    tmp_path: Path, harm: tuple[bytes, bytes]
) -> None:
    """Fails before: a traceback, "no such column", as if the program had a fault."""
    from medlabeler.project.project import Project

    Project.create(tmp_path / "p").close()
    path = tmp_path / "p" / "medlabeler.db"
    stored = path.read_bytes()
    assert harm[0] in stored
    path.write_bytes(stored.replace(*harm))
    with pytest.raises(UserError, match="is damaged; Restore puts it together again"):
        Project.open(tmp_path / "p")
    path.write_bytes(stored)
    with Project.open(tmp_path / "p") as whole:
        assert whole.database.has_its_tables()


def test_an_index_that_is_gone_keeps_no_project_of_an_earlier_format_closed(tmp_path: Path) -> None:
    path = tmp_path / "medlabeler.db"
    old = Database(path, create=True, migrations=MIGRATIONS[:4])
    with old.transaction() as connection:
        connection.execute("DROP INDEX label_event_image")
    old.close()
    opened = Database(path)
    assert opened.version == len(MIGRATIONS)
    opened.close()
