"""Whether the database of a project holds what was written into it."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from typing import Any

from medlabeler.project import second_copy
from medlabeler.project.database import Database

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


def differences(database: Database) -> tuple[dict[str, int], int]:
    """By table, how many rows are not what the second copy says; and how many of its lines are damaged.

    `OSError` when there is no second copy to be read.
    """
    path = database.path.parent / second_copy.FILE
    with database.direct() as connection, contextlib.closing(sqlite3.connect(":memory:")) as copy:
        copy.isolation_level = None
        tables = second_copy.tables(connection)
        for table in tables:
            (sql,) = connection.execute(
                "SELECT sql FROM main.sqlite_master WHERE type = 'table' AND name = ?", (table.name,)
            ).fetchone()
            copy.execute(sql)
        damaged = second_copy.replay(path, copy)
        found = {table.name: _different(connection, copy, table) for table in tables}
    return {name: n for name, n in found.items() if n}, len(damaged)


def _different(here: sqlite3.Connection, there: sqlite3.Connection, table: second_copy.Table) -> int:
    query = f"SELECT {', '.join(table.columns)} FROM main.{table.name} ORDER BY {table.key}"  # noqa: S608
    at = table.columns.index(table.key)
    ours, theirs = iter(here.execute(query)), iter(there.execute(query))
    return sum(a != b for a, b in _side_by_side(ours, theirs, at))


def _side_by_side(
    ours: Iterator[tuple[Any, ...]], theirs: Iterator[tuple[Any, ...]], at: int
) -> Iterator[tuple[tuple[Any, ...] | None, tuple[Any, ...] | None]]:
    """Rows with one key beside each other, None where a side has none; both are sorted by the key."""
    a, b = next(ours, None), next(theirs, None)
    while a is not None or b is not None:
        if b is None or (a is not None and a[at] < b[at]):
            yield a, None
            a = next(ours, None)
        elif a is None or b[at] < a[at]:
            yield None, b
            b = next(theirs, None)
        else:
            yield a, b
            a, b = next(ours, None), next(theirs, None)
