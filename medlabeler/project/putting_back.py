"""Rows of the database that are not what was written, put back from the second copy."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import Any

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.refusals import system_reason
from medlabeler.project import examination, second_copy
from medlabeler.project.backups import FOLDER, MENDED, write_backup
from medlabeler.project.database import Database
from medlabeler.project.migrations import MIGRATIONS

Row = tuple[Any, ...]


def put_back(database: Database) -> tuple[dict[str, int], Path | None]:
    """By table how many rows were put back, and the copy of the database as it was before; None for nothing.

    Rows that are altered or gone are written as the second copy has them; one that it does not know is left.
    Where a line of the second copy is damaged nothing is put back: a later state of a row may have stood in
    it. What was read of the database before is not read again. `UserError` when the disk refuses.
    """
    folder = database.path.parent
    try:
        with (
            contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as copy,
            database.direct() as connection,
        ):
            for statement in (statement for migration in MIGRATIONS for statement in migration):
                copy.execute(statement)
            if second_copy.replay(folder / second_copy.FILE, copy):
                return {}, None
            wrong = {
                table: rows
                for table in second_copy.tables(copy)
                if (rows := _altered(connection, copy, table))
            }
            if not wrong:
                return {}, None
            before = write_backup(connection, folder / FOLDER, MENDED)
            with second_copy.unchecked(connection):
                for table, rows in wrong.items():
                    places = ", ".join("?" * len(table.columns))
                    connection.executemany(
                        f"INSERT OR REPLACE INTO main.{table.name} ({', '.join(table.columns)}) "  # noqa: S608
                        f"VALUES ({places})",
                        rows,
                    )
    except OSError as error:
        raise UserError(
            tr("{folder} cannot be written to: {reason}.", folder=folder, reason=system_reason(error))
        ) from error
    return {table.name: len(rows) for table, rows in wrong.items()}, before


def _altered(here: sqlite3.Connection, there: sqlite3.Connection, table: second_copy.Table) -> list[Row]:
    """Rows as the second copy has them that the database has otherwise or not at all."""
    before = here.text_factory
    here.text_factory = second_copy.as_far_as_it_can_be_read
    try:
        pairs = examination.row_pairs(here, there, table)
        return [theirs for ours, theirs in pairs if theirs is not None and ours != theirs]
    finally:
        here.text_factory = before
