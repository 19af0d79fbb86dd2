"""Checksums of the small tables, written with every change of them: a byte that flips in the database is
found, named, and put back from the second copy.

When a project is opened its classes and settings are told to the second copy anew. Without the seal what had
been altered in between would be told as if a person had chosen it.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xxhash

from medlabeler.project import second_copy
from medlabeler.project.backups import FOLDER, MENDED, write_backup
from medlabeler.project.migrations import MIGRATIONS

KEY = "sums"
"""The setting that holds them, JSON: table -> 16 hexadecimal digits; no part of the sum of its own table."""
TABLES = {"class": "id", "reference_class": "name", "root": "id", "setting": "key"}
"""With the column that is their key."""


@dataclass(frozen=True)
class Altered:
    """What was altered behind the program's back, such as "class 3 (MYB)"; whether it was put back."""

    what: tuple[str, ...]
    put_back: bool


def write(connection: sqlite3.Connection) -> None:
    """Called inside a transaction, behind all changes: seal the tables that it touched, if there are any."""
    with contextlib.suppress(sqlite3.OperationalError):  # nobody watches, as in a project that is being made
        marks = ", ".join("?" * len(TABLES))
        touched = connection.execute(
            f"SELECT EXISTS(SELECT 1 FROM temp.touched WHERE name IN ({marks}))",  # noqa: S608 - question marks
            tuple(TABLES),
        ).fetchone()[0]
        if touched:
            connection.execute(
                "INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)",
                (KEY, json.dumps(_sums(connection))),
            )


def mend(folder: Path, connection: sqlite3.Connection, *, writes: bool) -> Altered | None:
    """Hold the tables against the seal; None where they are as written, or were never sealed.

    Where `writes`, what the second copy still has as it was sealed is put back, after a copy of the database
    was made. `OSError`, `sqlite3.Error`.
    """
    sealed = _sealed(connection)
    wrong = [name for name in TABLES if sealed and sealed.get(name) != _sum(connection, name)]
    if not wrong:
        return None
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as copy:
        for statement in (statement for migration in MIGRATIONS for statement in migration):
            copy.execute(statement)
        second_copy.replay(folder / second_copy.FILE, copy)
        # An earlier version, which seals nothing, wrote both; then there is nothing to mend.
        wrong = [name for name in wrong if _sum(copy, name) != _sum(connection, name)]
        what = tuple(word for name in wrong for word in _different(connection, copy, name))
        if not what:
            return None
        sound = [name for name in wrong if sealed.get(name) == _sum(copy, name)]
        if not writes or sound != wrong:
            return Altered(what, put_back=False)
        write_backup(connection, folder / FOLDER, MENDED)
        _put_back(connection, copy, sound)
    return Altered(what, put_back=True)


def _sealed(connection: sqlite3.Connection) -> dict[str, Any]:
    with _bytes(connection):
        row = connection.execute("SELECT value FROM main.setting WHERE key = ?", (KEY,)).fetchone()
    try:
        found = json.loads(row[0]) if row else {}
    except (ValueError, TypeError):
        return {"": "damaged"}  # fits no table, so that all are looked at
    return found if isinstance(found, dict) else {"": "damaged"}


def _sums(connection: sqlite3.Connection) -> dict[str, str]:
    return {name: _sum(connection, name) for name in TABLES}


def _sum(connection: sqlite3.Connection, table: str) -> str:
    total = xxhash.xxh3_64()
    for row in _rows(connection, table).values():
        for value in row:
            part = value if isinstance(value, bytes) else repr(value).encode()
            total.update(b"%d %d " % (isinstance(value, bytes), len(part)))
            total.update(part)
    return str(total.hexdigest())


def _rows(connection: sqlite3.Connection, table: str) -> dict[Any, tuple[Any, ...]]:
    """All rows by their key, texts as bytes: what was altered may be no text any more."""
    key = TABLES[table]
    query = f"SELECT {key}, * FROM main.{table} WHERE {key} IS NOT ? ORDER BY {key}"  # noqa: S608
    with _bytes(connection):
        return {row[0]: row[1:] for row in connection.execute(query, (KEY,))}


def _different(here: sqlite3.Connection, there: sqlite3.Connection, table: str) -> Iterator[str]:
    ours, theirs = _rows(here, table), _rows(there, table)
    for key in sorted({*ours, *theirs}, key=repr):
        row = theirs.get(key) or ours[key]
        if ours.get(key) != theirs.get(key):
            named = [_text(key)]
            if table == "class":
                named.append(f"({_text(row[1])})")
            yield " ".join([table, *named])


def _text(value: Any) -> str:
    return value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else str(value)


def _put_back(connection: sqlite3.Connection, copy: sqlite3.Connection, names: list[str]) -> None:
    with second_copy.unchecked(connection):
        for name in names:
            rows = copy.execute(f"SELECT * FROM {name}").fetchall()  # noqa: S608 - names of the schema
            connection.execute(f"DELETE FROM main.{name} WHERE {TABLES[name]} IS NOT ?", (KEY,))  # noqa: S608
            if rows:
                places = ", ".join("?" * len(rows[0]))
                connection.executemany(
                    f"INSERT OR REPLACE INTO main.{name} VALUES ({places})",  # noqa: S608 - question marks
                    rows,
                )


@contextlib.contextmanager
def _bytes(connection: sqlite3.Connection) -> Iterator[None]:
    before = connection.text_factory
    connection.text_factory = bytes
    try:
        yield
    finally:
        connection.text_factory = before
