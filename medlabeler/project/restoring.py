"""Going back: a database made anew from what is whole of it, of its backups and of its second copy."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from medlabeler.domain.durable import move_durably, sync_folder
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.refusals import system_reason
from medlabeler.project import metadata_sums, seal, second_copy
from medlabeler.project.backups import (
    FOLDER,
    MENDED,
    REPLACED,
    STAMP,
    Backup,
    is_as_written,
    read_only,
    write_backup,
)
from medlabeler.project.database import UNREADABLE, Database

RESTORED = "medlabeler.db.restored"
"""A database that is whole and takes the place of the one that is there, at once or at the next opening."""
_BESIDE = ("-wal", "-shm", "-journal")


@dataclass(frozen=True)
class Restored:
    """What a restore did: from which `base` (None: from the second copy alone), `labels` decisions that there
    are now, `lines_damaged` lines of the second copy that could not be read, `columns` of image lists whose
    values are not all there.
    """

    base: Path | None
    labels: int
    lines_damaged: int
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class PutBack:
    """`steps` that the second copy alone had, 2 for more: the last was on its way to the database when the
    program ended, or the power went before the database was on the disk; `decisions` in them.
    """

    steps: int
    decisions: int


def restore(database: Path, choices: list[Backup], chosen: Path | None = None) -> Restored:
    """Make the database of a project anew; the caller holds the project's lock and has it closed.

    Without `chosen`: from the database itself if it is whole, else from the newest backup that is, and then
    every decision of the second copy. With `chosen`: that backup as it is, without what came later; the
    second copy is set aside then. What was there before stays in the folder of the backups. `UserError` if
    there is nothing to restore from, or the disk refuses.
    """
    folder = database.parent
    lines = folder / second_copy.FILE
    made = folder / f"{RESTORED}.{os.getpid()}.tmp"
    base = chosen or _base(database, choices)
    if base is None and not lines.exists():
        raise UserError(
            tr("{folder} holds no backup and no second copy of the labels to restore from.", folder=folder)
        )
    if chosen is not None and not intact(chosen):
        raise UserError(tr("{name} is damaged; choose another backup.", name=chosen.name))
    try:
        _start(made, base)
        damaged: list[int] = []
        columns: tuple[str, ...] = ()
        with contextlib.closing(sqlite3.connect(made, isolation_level=None)) as connection:
            if chosen is None and lines.exists():
                damaged = second_copy.replay(lines, connection)
                columns = _without_values(connection, settle=base != database)
            labels = connection.execute("SELECT COUNT(*) FROM label_event").fetchone()[0]
            connection.execute("PRAGMA journal_mode=DELETE")
        if not intact(made):
            raise UserError(
                tr("The restored database of {folder} is not whole; nothing was changed.", folder=folder)
            )
        if database.is_file():
            _settle(database)
        if chosen is not None and lines.exists():
            move_durably(lines, _aside(folder, lines.name))
        move_durably(made, folder / RESTORED)
    except OSError as error:
        raise UserError(
            tr(
                "{folder} cannot be written to: {reason}; nothing was changed.",
                folder=folder,
                reason=system_reason(error),
            )
        ) from error
    except UNREADABLE as error:
        raise UserError(
            tr(
                "{folder} cannot be restored: {reason}; nothing was changed.",
                folder=folder,
                reason=system_reason(error),
            )
        ) from error
    finally:
        for end in ("", *_BESIDE):
            with contextlib.suppress(OSError):
                made.with_name(made.name + end).unlink(missing_ok=True)
    finish(database)
    return Restored(base, int(labels), len(damaged), columns)


def finish(database: Path) -> None:
    """Put a restored database in its place, also where that was interrupted; nothing if there is none.
    `UserError` when the disk refuses.
    """
    restored = database.parent / RESTORED
    if not restored.is_file():
        return
    try:
        for end in ("", *_BESIDE):
            old = database.with_name(database.name + end)
            if old.exists():
                move_durably(old, _aside(database.parent, old.name))
        move_durably(restored, database)
    except OSError as error:
        raise UserError(
            tr(
                "{parent} cannot be written to: {reason}.",
                parent=database.parent,
                reason=system_reason(error),
            )
        ) from error
    sync_folder(database.parent)


def mend(database: Database) -> PutBack:
    """Take what the database does not have from the second copy, as after a loss of power; how much that is.

    A copy of the database as it was is written first. What cannot be written to is read from a copy that is
    mended. `UserError` when the disk refuses.
    """
    folder = database.path.parent
    with database.direct() as connection:
        ahead = second_copy.ahead(folder, connection)
        if not ahead:
            return PutBack(0, 0)
        before = connection.execute("SELECT COUNT(*) FROM label_event").fetchone()[0]
        try:
            if not database.read_only:
                write_backup(connection, folder / FOLDER, MENDED)
                _catch_up(folder, connection)
            elif not database.read_a_copy(lambda copy: _catch_up(folder, copy)):
                raise UserError(tr("There is no room for a copy of {path}.", path=database.path))
        except OSError as error:
            raise UserError(
                tr("{folder} cannot be written to: {reason}.", folder=folder, reason=system_reason(error))
            ) from error
    with database.direct() as connection:
        after = connection.execute("SELECT COUNT(*) FROM label_event").fetchone()[0]
    return PutBack(ahead, int(after) - int(before))


def _catch_up(folder: Path, connection: sqlite3.Connection) -> None:
    """Only what came later: an older line may be of before a change that no line could be written of."""
    behind = second_copy.reached(folder, connection)
    second_copy.replay(folder / second_copy.FILE, connection, behind)


def intact(path: Path) -> bool:
    """Whether a database file is whole, with all its tables, and as it was written where a sum tells; nothing
    is changed.
    """
    try:
        if not is_as_written(path):
            return False
        with contextlib.closing(read_only(path)) as connection:
            sound = connection.execute("PRAGMA integrity_check(1)").fetchone()[0] == "ok"
            return sound and connection.execute("SELECT COUNT(*) FROM label_event").fetchone() is not None
    except (OSError, *UNREADABLE):
        return False


def _base(database: Path, choices: list[Backup]) -> Path | None:
    """The newest database that is whole."""
    if database.is_file() and _readable(database):
        return database
    return next((backup.path for backup in choices if intact(backup.path)), None)


def _readable(database: Path) -> bool:
    """Whether the database, with its write-ahead log, is whole."""
    try:
        with contextlib.closing(sqlite3.connect(database, isolation_level=None)) as connection:
            found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0] == "ok"
            return found and connection.execute("SELECT COUNT(*) FROM label_event").fetchone() is not None
    except UNREADABLE:
        return False


def _without_values(connection: sqlite3.Connection, *, settle: bool) -> tuple[str, ...]:
    """Columns of image lists whose values are not those that were read: no second copy holds these.

    With `settle` what is there is summed up anew. The sums of what is lost would fit nothing any more, not
    even the values of the same lists read once more.
    """
    found = tuple(metadata_sums.altered(connection))
    if found and settle:
        metadata_sums.write(connection, None, (), ())
        # Sealed again by the opening that follows.
        connection.execute("UPDATE setting SET value = '{}' WHERE key = ?", (seal.KEY,))
    return found


def _settle(database: Path) -> None:
    """Bring what waits in the write-ahead log into the file where it can be: one file is set aside then."""
    with (
        contextlib.suppress(*UNREADABLE),
        contextlib.closing(sqlite3.connect(database, isolation_level=None)) as connection,
    ):
        connection.execute("PRAGMA journal_mode=DELETE")


def _start(made: Path, base: Path | None) -> None:
    if base is None:
        Database(made, create=True).close()
        return
    with (
        contextlib.closing(sqlite3.connect(base, isolation_level=None)) as source,
        contextlib.closing(sqlite3.connect(made)) as copy,
    ):
        source.backup(copy)
    Database(made).close()  # brings a backup of an older version to this format


def _aside(folder: Path, name: str) -> Path:
    """A free name among the backups for what is replaced."""
    kept = folder / FOLDER
    kept.mkdir(exist_ok=True)
    stamp = datetime.now(UTC).strftime(STAMP)
    target, number = kept / f"{REPLACED}-{stamp}-{name}", 1
    while target.exists():
        number += 1
        target = kept / f"{REPLACED}-{stamp}-{number}-{name}"
    return target
