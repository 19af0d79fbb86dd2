"""Whether the database of a project holds what was written into it."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from typing import Any

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.words import argument, count
from medlabeler.project import metadata_sums, second_copy, skipped_files
from medlabeler.project.database import UNREADABLE, Beside, Database
from medlabeler.project.migrations import MIGRATIONS

_RANKS = {type(None): 0, int: 1, float: 1, str: 2, bytes: 3}
"""In which order SQLite sorts values of different types."""
MOST = 10
"""Faults of one kind that are told."""


def faults(database: Database) -> list[str]:
    """What SQLite finds wrong with the file, and what its rows say of rows that are not there."""
    with database.direct() as connection:
        found = [
            str(text) for (text,) in connection.execute(f"PRAGMA integrity_check({MOST})") if text != "ok"
        ]
        missing = connection.execute("PRAGMA foreign_key_check").fetchmany(MOST)
    return found + [
        f"a row of {table} names one of {parent} that is not there" for table, _, parent, _ in missing
    ]


def differences(database: Database | Beside) -> tuple[dict[str, int], int]:
    """By table, how many rows are not what the second copy says; and how many of its lines are damaged.

    On any thread. `OSError` when there is no second copy to be read, `UserError` when the database cannot be
    read or is closed meanwhile.
    """
    path = database.path.parent / second_copy.FILE
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as copy:
        for statement in (statement for migration in MIGRATIONS for statement in migration):
            copy.execute(statement)
        damaged = second_copy.replay(path, copy)
        told = second_copy.last_marks(path)
        with database.reader() as reader, reader.direct() as connection:
            connection.text_factory = second_copy.as_far_as_it_can_be_read
            try:
                found = {
                    table.name: _different(connection, copy, table)
                    for table in second_copy.tables(copy)
                    if table.name in told or table.name not in second_copy.LATER
                }
            except sqlite3.OperationalError as error:  # a table or a column is not there
                raise UserError(database.damaged) from error
    return {name: n for name, n in found.items() if n}, len(damaged)


def altered(database: Database | Beside) -> str:
    """A sentence about what was altered in the database behind the program's back; empty if nothing was, or
    if that cannot be told now. On any thread; looks twice, for something may have been decided meanwhile.
    """
    found = _altered_now(database)
    return found if found and found == _altered_now(database) else ""


def _altered_now(database: Database | Beside) -> str:
    path = database.path.parent / second_copy.FILE
    try:
        size = path.stat().st_size
        different, _ = differences(database)
        if path.stat().st_size != size:
            return ""
    except (OSError, UserError, *UNREADABLE):
        return ""  # told where it is used
    told = []
    if lists := altered_lists(database):
        told.append(lists)
    if not different:
        return " ".join(told)
    sentence = tr(
        "{path} holds {rows} that are not what was written (in {tables}): Restore puts it together again "
        "(medlabeler restore {folder}).",
        path=database.path,
        rows=count(sum(different.values()), "row"),
        tables=", ".join(different),
        folder=argument(database.path.parent),
    )
    return " ".join([sentence, *told])


def altered_lists(database: Database | Beside) -> str:
    """Sentences about what image lists tell of the images, and about the list of files left out, where they
    are not what was written; empty if they are. On any thread.
    """
    try:
        with database.reader() as reader, reader.direct() as connection:
            columns = metadata_sums.altered(connection)
            skipped = skipped_files.altered(connection)
    except (UserError, *UNREADABLE):
        return ""  # told where it is used
    told = []
    if columns:
        told.append(
            tr(
                "What the image lists told of the images was altered in {path} (columns {columns}). No "
                "second copy holds that: go back to a backup of before if these values matter.",
                path=database.path,
                columns=", ".join(columns),
            )
        )
    if skipped:
        told.append(
            tr(
                "The list of files that were left out is not as it was written in {path}: look for new "
                "images, which makes it anew (medlabeler import {folder}).",
                path=database.path,
                folder=database.path.parent,
            )
        )
    return " ".join(told)


def _different(here: sqlite3.Connection, there: sqlite3.Connection, table: second_copy.Table) -> int:
    return sum(a != b for a, b in row_pairs(here, there, table))


def row_pairs(
    here: sqlite3.Connection, there: sqlite3.Connection, table: second_copy.Table
) -> Iterator[tuple[tuple[Any, ...] | None, tuple[Any, ...] | None]]:
    """Rows of a table in both databases, those with one key beside each other, None where one has none."""
    query = f"SELECT {', '.join(table.columns)} FROM main.{table.name} ORDER BY {table.key}"  # noqa: S608
    at = table.columns.index(table.key)
    ours, theirs = iter(here.execute(query)), iter(there.execute(query))
    return _side_by_side(ours, theirs, at)


def _side_by_side(
    ours: Iterator[tuple[Any, ...]], theirs: Iterator[tuple[Any, ...]], at: int
) -> Iterator[tuple[tuple[Any, ...] | None, tuple[Any, ...] | None]]:
    """Rows with one key beside each other, None where a side has none; both are sorted by the key."""
    a, b = next(ours, None), next(theirs, None)
    while a is not None or b is not None:
        if b is None or (a is not None and _earlier(a[at], b[at])):
            yield a, None
            a = next(ours, None)
        elif a is None or _earlier(b[at], a[at]):
            yield None, b
            b = next(theirs, None)
        else:
            yield a, b
            a, b = next(ours, None), next(theirs, None)


def _earlier(a: Any, b: Any) -> bool:
    """Whether SQLite sorts `a` before `b`, of another type perhaps where it is damaged."""
    if type(a) is not type(b):
        return _RANKS.get(type(a), 1) < _RANKS.get(type(b), 1)
    return bool(a < b) if a is not None else False
