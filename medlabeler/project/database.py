"""The SQLite file of a project: durable transactions, numbered migrations, and sentences for what a disk can
do.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, TypeVar

from medlabeler.domain.errors import DamagedError, UserError
from medlabeler.domain.language import tr
from medlabeler.domain.refusals import system_reason
from medlabeler.domain.words import argument
from medlabeler.project.bulk_insert import Columns, for_one_row, insert_rows
from medlabeler.project.lines_file import synced
from medlabeler.project.log_folding import LogFolding
from medlabeler.project.migrations import MIGRATIONS, Migration
from medlabeler.project.place import Place

T = TypeVar("T")
APPLICATION_ID = 0x4D4C4252
"""Marks the file as ours ("MLBR"), for `file` and for the check at opening."""

BLOCK = 4096
"""Rows of a large result that are taken at once."""

_FULL = ("SQLITE_FULL",)
_READ_ONLY = ("SQLITE_READONLY", "SQLITE_PERM", "SQLITE_CANTOPEN")
_WITHOUT_WAL = ("SQLITE_CANTOPEN", "SQLITE_IOERR", "SQLITE_PROTOCOL", "SQLITE_READONLY")
"""What SQLite may say where the file system cannot carry a WAL, such as on many network shares."""
_NOT_WRITTEN = (*_FULL, *_READ_ONLY, "SQLITE_IOERR")
"""After which a file may still be read."""
_DAMAGED = ("SQLITE_CORRUPT", "SQLITE_NOTADB")
UNREADABLE = (sqlite3.Error, UnicodeDecodeError)
"""What a damaged file may raise: SQLite names what is wrong, and the name itself may be no text any more."""
CLOSED = tr("The project was closed meanwhile.")
CACHE_KIB = 64 * 1024
"""Memory for pages of the file, taken as they are used: the index of paths of a large import does not fit
into SQLite's own 2 MB.
"""
NEEDED = 2**20
"""Bytes that SQLite may need to open a file."""
LEAVE_S = 2.0
"""How long a reader may take to notice that the database is being closed."""


def now() -> str:
    """The time in UTC, ISO 8601 with milliseconds."""
    seconds, ms = divmod(time.time_ns() // 1_000_000, 1000)
    return f"{_second(seconds)}.{ms:03}+00:00"


@lru_cache(maxsize=1)
def _second(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()[:19]


class Reader:
    """What can be asked of the file of a project, through one connection, by one thread at a time.

    `UserError` for a file that cannot be read.
    """

    def __init__(self, path: Path, tell: Callable[[str], None]) -> None:
        """`tell` hears one sentence about each thing stored here that cannot be right."""
        self.path = path
        self.tell = tell
        self._connection: sqlite3.Connection

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        with self._sentences():
            return list(self._read(lambda: self._connection.execute(sql, parameters).fetchall()))

    def row(self, sql: str, parameters: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """The first row of a query, or None."""
        with self._sentences():
            found: tuple[Any, ...] | None
            found = self._read(lambda: self._connection.execute(sql, parameters).fetchone())
            return found

    def blocks(self, sql: str, parameters: Sequence[Any] = ()) -> Iterator[list[tuple[Any, ...]]]:
        """The result of a large query, some thousand rows at a time, column by column.

        Other threads get their turn in between: to turn all of it over at once would hold them up.
        """
        for rows in self.rows_in_blocks(sql, parameters):
            yield list(zip(*rows, strict=True))

    def rows_in_blocks(self, sql: str, parameters: Sequence[Any] = ()) -> Iterator[list[tuple[Any, ...]]]:
        """The same row by row."""
        with self._sentences():
            as_stored: Any = str
            cursor, done = self._connection.execute(sql, parameters), 0
            while True:
                # Between two blocks other queries may have set it.
                self._connection.text_factory = as_stored
                try:
                    rows = cursor.fetchmany(BLOCK)
                except sqlite3.OperationalError as error:
                    as_stored = _Readable(error)
                    self._connection.text_factory = as_stored
                    cursor = self._connection.execute(sql, parameters)
                    for _ in range(done):
                        cursor.fetchmany(BLOCK)
                    continue
                if not rows:
                    break
                done += 1
                yield rows
            if as_stored is not str:
                self._tell_damaged(as_stored)

    def _read(self, query: Callable[[], Any]) -> Any:
        """The result of a query; text that is damaged is told, and read as far as it can be."""
        self._connection.text_factory = str
        try:
            return query()
        except sqlite3.OperationalError as error:
            as_stored = _Readable(error)
        self._connection.text_factory = as_stored
        found = query()
        self._tell_damaged(as_stored)
        return found

    def _tell_damaged(self, texts: _Readable) -> None:
        self.tell(
            f"{self.path} holds {len(texts.damaged):,} damaged texts, such as {texts.damaged[0]} in its "
            f"column {texts.column}; each damaged byte is shown as \\x and its two digits, and all else is "
            "as it was."
        )

    def columns(self, sql: str, n_columns: int, parameters: Sequence[Any] = ()) -> list[Sequence[Any]]:
        """The result of a query column by column; `n_columns` empty ones where it has no rows."""
        found: list[list[Any]] = [[] for _ in range(n_columns)]
        for block in self.blocks(sql, parameters):
            for column, values in zip(found, block, strict=True):
                column.extend(values)
        return list(found)

    @contextlib.contextmanager
    def direct(self) -> Iterator[sqlite3.Connection]:
        """The connection outside of a transaction, for what SQLite does as a whole, such as copies."""
        with self._sentences():
            yield self._connection

    def _sentences(self) -> _Sentences:
        """Turn what SQLite says about disks and files into one sentence; everything else is a bug."""
        return _Sentences(self)

    def _raise_in_a_sentence(self, error: BaseException) -> None:
        sentence = None
        if isinstance(error, sqlite3.DatabaseError):
            sentence = self._sentence(_code(error))
        elif isinstance(error, UnicodeDecodeError):
            sentence = self.damaged
        if sentence is not None:
            raise (DamagedError if sentence == self.damaged else UserError)(sentence) from error

    @property
    def damaged(self) -> str:
        """That the file is damaged, and what helps."""
        return tr(
            "{path} is damaged; Restore puts it together again (medlabeler restore {folder}).",
            path=self.path,
            folder=argument(self.path.parent),
        )

    def _sentence(self, code: str) -> str | None:
        folder = self.path.parent
        if code.startswith(_FULL):
            return tr(
                "The disk of {folder} is full and the last change was not stored; free some space.",
                folder=folder,
            )
        if code.startswith(_READ_ONLY):
            return tr(
                "{folder} cannot be written to: the disk or the folder is read-only; nothing was changed.",
                folder=folder,
            )
        if code.startswith("SQLITE_IOERR"):
            return tr(
                "The disk of {folder} is full or failing and the last change was not stored.", folder=folder
            )
        if code.startswith(_DAMAGED):
            return self.damaged
        if code.startswith("SQLITE_INTERRUPT"):
            return CLOSED
        if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            return tr(
                "{path} is in use by another program; close it and repeat the last change.", path=self.path
            )
        return None


class _Sentences:
    """A class: what is written with `yield` takes three times as long, and a click waits for it."""

    def __init__(self, of: Reader) -> None:
        self._of = of

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            self._of._raise_in_a_sentence(error)


class Copy(Protocol):
    """What takes every transaction a second time."""

    def begin(self, connection: sqlite3.Connection, inserted: Mapping[str, Columns], n_known: int) -> bool:
        """Called inside a transaction, before it commits, with the rows that were inserted in bulk, by table,
        and how many changes they are, with those that follow from them. Whether it is on the disk there, so
        that the database may follow later. `UserError` refuses the transaction: the disk does not answer.
        """

    def end(self, connection: sqlite3.Connection, *, committed: bool) -> None:
        """Take it back where the transaction was refused; write it where `begin` left it. Never raises."""

    def be_patient(self) -> None:
        """From here on refuse what the disk does not take within seconds."""

    def ask_disk(self, seconds: float) -> None:
        """`UserError` where it is to be patient and the disk does not answer within so long."""

    def close(self) -> None:
        """Nothing more is written."""

    @property
    def behind(self) -> bool:
        """Whether it could not be written the last time."""


class Database(Reader):
    """One connection, used by one thread at a time.

    Every transaction is on disk when it returns: its pages (`synchronous=FULL`), or with a WAL its second
    copy alone (`NORMAL`: the pages follow at a checkpoint, and a loss of power costs the last transactions
    but never the file). WAL where the file system allows it, else a rollback journal. Raises `UserError` for
    a file that cannot be read or written, that is not ours, or that a newer version made. With `or_read` one
    that cannot be written to is opened for reading: `read_only` says why, and so does the `UserError` of
    every transaction.
    """

    def __init__(
        self,
        path: Path,
        *,
        create: bool = False,
        or_read: bool = False,
        migrations: Sequence[Migration] = MIGRATIONS,
        tell: Callable[[str], None] = lambda sentence: None,
    ) -> None:
        """`tell` hears one sentence about each thing stored here that cannot be right."""
        super().__init__(path, tell)
        self._migrations = migrations
        self._readers: set[sqlite3.Connection] = set()
        self._no_readers = threading.Condition()
        self._closed = False
        self.read_only = ""
        self._source = f"{path.absolute().as_uri()}?mode=ro"
        self._copied: tempfile.TemporaryDirectory[str] | None = None
        self.place: Place
        """Where the file lies; nothing is written when it is not there any more."""
        self.first: Callable[[], None] | None = None
        """What must be written before anything else; it is called until it does not raise."""
        self.wait_turn: Callable[[], None] = lambda: None
        """Called before a transaction begins: a thread may be in one, or have one that is not shown yet."""
        self.shown_by: Callable[[Callable[[], Any]], Any] = lambda show: show()
        """How what is on the disk gets into memory: a thread that writes has this done by the one that reads
        there.
        """
        self._after_commit: list[Callable[[], None]] = []
        self.before_commit: Callable[[sqlite3.Connection], None] = lambda connection: None
        """Called inside a transaction that did more than `insert` rows and `settle`."""
        self.second_copy: Copy | None = None
        """Takes every transaction, too, before anything of it is shown."""
        self._waits_for_disk, self._wal = True, False
        self._folding: LogFolding | None = None
        self._inserted: dict[str, Columns] = {}
        self._n_known = 0
        if not create and not path.is_file():
            raise UserError(
                tr(
                    "{parent} is not a MedLabeler project: it has no {name}.",
                    parent=path.parent,
                    name=path.name,
                )
            )
        with self._sentences():
            try:
                self._open(create)
            except sqlite3.OperationalError as error:
                if not (or_read and _code(error).startswith(_NOT_WRITTEN) and self._open_to_read()):
                    raise
                self.place = Place(path, with_log=False)
                self.read_only = tr(
                    "{parent} is open for reading and export only, for the {disk_is_full}: "
                    "nothing is stored.",
                    parent=path.parent,
                    disk_is_full=tr("disk is full")
                    if _is_full(path)
                    else tr("disk or the folder is read-only"),
                )

    def _open(self, create: bool) -> None:
        self._connection = self._connect()
        try:
            try:
                self._prepare(create, wal=True)
            except sqlite3.OperationalError as error:
                if not _code(error).startswith(_WITHOUT_WAL):
                    raise
                try:
                    self._leave_wal()
                    self._prepare(create, wal=False)
                except sqlite3.OperationalError:
                    # It was not the WAL; the first error says what it was.
                    raise error from None
        except BaseException:
            self._connection.close()
            raise

    def open_to_write(self) -> None:
        """Try again, where it was opened for reading and nobody else could change it since; `UserError`."""
        reading = self._connection
        with self._sentences():
            try:
                self._open(create=False)
            except BaseException:
                self._connection = reading
                raise
        reading.close()
        self.read_only, self._source = "", f"{self.path.absolute().as_uri()}?mode=ro"

    def _open_to_read(self) -> bool:
        """Open the file without writing, or a copy of it among the temporary files; whether that worked."""
        log = self.path.with_name(self.path.name + "-wal")
        sources = [f"{self.path.absolute().as_uri()}?mode=ro"]
        with contextlib.suppress(OSError):
            if not log.exists() or not log.stat().st_size:  # else the latest labels would be left out
                sources.append(f"{self.path.absolute().as_uri()}?mode=ro&immutable=1")
        for source in sources:
            self._source = source
            self._connection = self._connect_to_read()
            with contextlib.suppress(sqlite3.OperationalError):
                self._check_ours()
                if self.version == len(self._migrations):
                    return True
            self._connection.close()
        return self._open_copy()

    def read_a_copy(self, change: Callable[[sqlite3.Connection], object]) -> bool:
        """Of a file that cannot be written to, read a copy among the temporary files from here on, in which
        `change` was made first; whether that worked. Whatever `change` raises.
        """
        before = self._connection, self._source, self._copied
        self._connection = sqlite3.connect(":memory:")
        if not self._open_copy(change):
            self._connection, self._source, self._copied = before
            return False
        before[0].close()
        if before[2] is not None:
            before[2].cleanup()
        return True

    def _open_copy(self, change: Callable[[sqlite3.Connection], object] = lambda connection: None) -> bool:
        """What cannot be read without writing, such as a write-ahead log, or an older format."""
        self._copied = tempfile.TemporaryDirectory(prefix="medlabeler-", ignore_cleanup_errors=True)
        copy = Path(self._copied.name) / self.path.name
        try:
            for end in ("", "-wal", "-journal"):
                original = self.path.with_name(self.path.name + end)
                if original.exists():
                    shutil.copyfile(original, copy.with_name(copy.name + end))
            opened = Database(copy, migrations=self._migrations)
            with contextlib.closing(opened), opened.direct() as connection:
                change(connection)
        except (OSError, UserError):
            self._copied.cleanup()
            return False
        self._source = f"{copy.as_uri()}?mode=ro&immutable=1"
        self._connection = self._connect_to_read()
        return True

    @property
    def journal_mode(self) -> str:
        """`wal`, or `delete` where the file system does not carry a WAL."""
        return str(self._connection.execute("PRAGMA journal_mode").fetchone()[0])

    @property
    def version(self) -> int:
        """Number of migrations the file has been through."""
        return int(self._connection.execute("PRAGMA user_version").fetchone()[0])

    def close(self) -> None:
        """Close the connection; nothing is pending. Who still reads beside it is interrupted."""
        with self._no_readers:
            self._closed = True
            for connection in self._readers:
                connection.interrupt()
            self._no_readers.wait_for(lambda: not self._readers, LEAVE_S)
        if self.second_copy is not None:
            self.second_copy.close()
        if self._folding is not None:
            self._folding.close()
        self._connection.close()
        if self._copied is not None:
            self._copied.cleanup()

    def fold_log_aside(self) -> None:
        """From here on no commit waits until the log is folded into the file."""
        if self._wal:
            self._connection.execute("PRAGMA wal_autocheckpoint=0")
            self._folding = self._folding or LogFolding(self.path)

    @contextlib.contextmanager
    def reader(self) -> Iterator[Reader]:
        """A connection of its own that only reads, for a thread that must not hold up the owner's.

        It sees what was committed when each of its queries began. Where there is no WAL a commit waits for
        its queries. `UserError` once the database is closed.
        """
        found = Reader(self.path, self.tell)
        with self._sentences(), self._no_readers:
            if self._closed:
                raise UserError(CLOSED)
            found._connection = self._connect_to_read()
            self._readers.add(found._connection)
        try:
            yield found
        finally:
            with self._no_readers:
                found._connection.close()
                self._readers.discard(found._connection)
                self._no_readers.notify_all()

    def ask_disk(self, seconds: float) -> None:
        """Before something that is no step, and that no second copy refuses in time: `UserError` where a
        person waits and the disk does not answer within so long.
        """
        self.wait_turn()  # the copy answers one at a time
        if self.second_copy is not None:
            self.second_copy.ask_disk(seconds)

    @contextlib.contextmanager
    def transaction(
        self, *, references_known: bool = False, step: bool = False
    ) -> Iterator[sqlite3.Connection]:
        """BEGIN IMMEDIATE ... COMMIT; anything raised inside rolls everything back.

        `references_known`: the caller saw to it that what its rows name is there; SQLite looks each of them
        up otherwise, a quarter of the time of a large step. Not for small ones: every statement is compiled
        anew after it. `step`: what a person did, which the second copy brings to the disk. `UserError`, too,
        where the file is not in its place any more: what is written would be lost.
        """
        self.wait_turn()
        self.write_first()
        self._after_commit.clear()
        self._inserted.clear()
        self._n_known = 0
        with self._sentences():
            self._wait_for_disk(not (step and self._copy_is_enough()))
            if references_known:
                self._connection.execute("PRAGMA foreign_keys=OFF")
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                changes = self._connection.total_changes
                yield self._connection
                if self._connection.total_changes - changes != self._n_known:
                    self.before_commit(self._connection)
                self._commit()
            except BaseException:
                # SQLite has already rolled back after some errors, such as a full disk.
                if self._connection.in_transaction:
                    with contextlib.suppress(sqlite3.Error):
                        self._connection.execute("ROLLBACK")
                raise
            finally:
                if references_known:
                    self._connection.execute("PRAGMA foreign_keys=ON")
        if self._folding is not None:
            self._folding.count(self._connection.total_changes - changes)
        for show in self._after_commit:
            self.shown_by(show)

    def _commit(self) -> None:
        copy = self.second_copy
        if copy is None:
            self._connection.execute("COMMIT")
            return
        on_disk, committed = copy.begin(self._connection, self._inserted, self._n_known), False
        try:
            self._connection.execute("COMMIT")
            committed = True
            if not on_disk and not self._waits_for_disk:
                self._bring_to_disk()
        finally:
            copy.end(self._connection, committed=committed)

    def _copy_is_enough(self) -> bool:
        """Whether a transaction that the second copy takes may reach the disk in the database later. Not with
        a rollback journal: without a sync a loss of power may leave a file that is none.
        """
        return self.second_copy is not None and not self.second_copy.behind and self._wal

    def _wait_for_disk(self, wanted: bool) -> None:
        """Called outside of a transaction: whether COMMIT returns when the change is on the disk."""
        if wanted != self._waits_for_disk:
            self._connection.execute(f"PRAGMA synchronous={'FULL' if wanted else 'NORMAL'}")
            self._waits_for_disk = wanted

    def _bring_to_disk(self) -> None:
        """What was committed without waiting, where the second copy could not take it after all. It is in the
        file: a disk that refuses is told, and the change stands.
        """
        try:
            log = os.open(self.path.with_name(self.path.name + "-wal"), os.O_RDWR)
            try:
                synced(log)
            finally:
                os.close(log)
        except OSError as error:
            self.tell(
                tr(
                    "The disk of {folder} is failing ({why}): the last change is in the database, but may be "
                    "lost if the power goes.",
                    folder=self.path.parent,
                    why=system_reason(error),
                )
            )

    @contextlib.contextmanager
    def direct(self) -> Iterator[sqlite3.Connection]:
        """As `Reader.direct`; what is changed so is on the disk when it is committed."""
        with self._sentences():
            self._wait_for_disk(True)
            yield self._connection

    def write_first(self) -> None:
        """See that something can be written, and write what is due; `UserError` if not."""
        if self.read_only and self.first is None:
            raise UserError(self.read_only)
        if not self.read_only:
            self.place.check()
        if self.first is not None:
            first, self.first = self.first, None
            try:
                first()
            except BaseException:
                self.first = first
                raise

    def insert(self, table: str, columns: Columns, n: int) -> None:
        """Called inside a transaction: insert `n` new rows, at least one, into a table."""
        insert_rows(self._connection, table, columns, n)
        self._inserted[table] = columns
        self._n_known += n

    def insert_one(self, table: str, columns: Mapping[str, Any]) -> int:
        """Called inside a transaction: insert a row with every column but `id`, which is returned."""
        cursor = self._connection.execute(for_one_row(table, tuple(columns)), tuple(columns.values()))
        assert cursor.lastrowid is not None  # noqa: S101 - SQLite gives one to every insert
        self._inserted[table] = {"id": [cursor.lastrowid], **columns}
        self._n_known += 1
        return cursor.lastrowid

    def settle(self, sql: str, parameters: Sequence[Any]) -> None:
        """Called inside a transaction: bring what follows from rows that are told in line with those inserted
        now, so that the second copy needs no word of it.
        """
        self._n_known += self._connection.execute(sql, parameters).rowcount

    def shown(self, show: Callable[[], T]) -> T:
        """What `show` returns, done by whom `shown_by` says: it takes what was committed into memory."""
        found: T = self.shown_by(show)
        return found

    def after_commit(self, show: Callable[[], None]) -> None:
        """Called inside a transaction: `show` what it writes once that is on disk, and only then."""
        self._after_commit.append(show)

    def _connect(self) -> sqlite3.Connection:
        # The thread that opens a project hands it over to the one that works with it.
        return sqlite3.connect(self.path, isolation_level=None, timeout=5.0, check_same_thread=False)

    @property
    def source(self) -> str:
        """The URI by which others read beside the owner, in this process or in another, see `Beside`."""
        return self._source

    def _connect_to_read(self) -> sqlite3.Connection:
        return _connected_to_read(self._source)

    def _prepare(self, create: bool, *, wal: bool) -> None:
        connection = self._connection
        if not create and not _writable(
            self.path
        ):  # of a file with a WAL SQLite says so at the first row only
            raise _read_only_error()
        connection.execute("PRAGMA synchronous=FULL")
        self._waits_for_disk = True
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
        if not create:
            self._check_ours()
        self._wal = (
            connection.execute(f"PRAGMA journal_mode={'WAL' if wal else 'DELETE'}").fetchone()[0] == "wal"
        )
        # A disk that cannot be written to is found now, not at the first label.
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("COMMIT")
        self.place = Place(self.path)
        self._migrate(create)

    def _leave_wal(self) -> None:
        """Go back to a rollback journal on a disk that does not carry the shared memory of a WAL.

        A connection with exclusive locking needs no shared memory, so it can still read a file in WAL mode.
        """
        self._connection.close()
        self._connection = self._connect()
        self._connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        self._connection.execute("PRAGMA journal_mode=DELETE").fetchone()
        self._connection.execute("PRAGMA locking_mode=NORMAL")

    def has_its_tables(self) -> bool:
        """Whether the tables are those that this version makes; False for a file that is damaged there."""
        query = "SELECT name, sql FROM sqlite_master ORDER BY name"
        try:
            with contextlib.closing(sqlite3.connect(":memory:")) as fresh:
                for statement in (statement for migration in self._migrations for statement in migration):
                    fresh.execute(statement)
                fresh.text_factory = self._connection.text_factory = bytes
                wanted, found = fresh.execute(query).fetchall(), self._connection.execute(query).fetchall()
        except UNREADABLE:
            return False
        return bool(wanted == found)

    def _check_ours(self) -> None:
        application = self._connection.execute("PRAGMA application_id").fetchone()[0]
        if application != APPLICATION_ID:
            raise UserError(tr("{path} is not the database of a MedLabeler project.", path=self.path))
        if self.version > len(self._migrations):
            raise UserError(
                tr(
                    "{parent} was made by a newer version of MedLabeler (project format "
                    "{version}, this one reads up to {migrations}); install the newer version to "
                    "open it.",
                    parent=self.path.parent,
                    version=self.version,
                    migrations=len(self._migrations),
                )
            )

    def _migrate(self, create: bool) -> None:
        old = self.version
        if old == len(self._migrations):
            return
        if not create:
            self._back_up(old)
        with self.transaction() as connection:
            for migration in self._migrations[old:]:
                for statement in migration:
                    connection.execute(statement)
            connection.execute(f"PRAGMA user_version={len(self._migrations)}")
            connection.execute(f"PRAGMA application_id={APPLICATION_ID}")

    def _back_up(self, version: int) -> None:
        folder = self.path.parent / "backups"
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
        try:
            folder.mkdir(exist_ok=True)
            target = folder / f"format-{version}-{stamp}.db"
            copy = sqlite3.connect(target)
            try:
                self._connection.backup(copy)
            finally:
                copy.close()
        except (OSError, *UNREADABLE) as error:
            raise UserError(
                tr(
                    "{parent} must be brought to a newer format, but no backup can be written to "
                    "{folder}, so it was left as it is.",
                    parent=self.path.parent,
                    folder=folder,
                )
            ) from error


class Beside:
    """A database that another process has open, for reading: `source` is its `Database.source`."""

    def __init__(self, path: Path, source: str) -> None:
        self.path = path
        self._source = source

    @contextlib.contextmanager
    def reader(self) -> Iterator[Reader]:
        """As `Database.reader`."""
        found = Reader(self.path, lambda sentence: None)  # its owner tells
        with found._sentences():
            found._connection = _connected_to_read(self._source)
        with contextlib.closing(found._connection):
            yield found

    @property
    def damaged(self) -> str:
        """As `Reader.damaged`."""
        return Reader(self.path, lambda sentence: None).damaged


def _connected_to_read(source: str) -> sqlite3.Connection:
    return sqlite3.connect(source, uri=True, isolation_level=None, timeout=5.0, check_same_thread=False)


class _Readable:
    """Reads text that is no UTF-8 as far as it can be; slower than SQLite's own, so only for what needs it.

    Made from what SQLite said of such text; any other error is raised again.
    """

    def __init__(self, error: sqlite3.OperationalError) -> None:
        if not str(error).startswith("Could not decode"):
            raise error
        self.column = str(error).partition("column '")[2].partition("'")[0]
        self.damaged: list[str] = []

    def __call__(self, stored: bytes) -> str:
        text = stored.decode("utf-8", "backslashreplace")
        if text.encode() != stored:
            self.damaged.append(text)
        return text


def _writable(path: Path) -> bool:
    return os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def _read_only_error() -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("attempt to write a readonly database")
    error.sqlite_errorname = "SQLITE_READONLY"
    return error


def _is_full(path: Path) -> bool:
    try:
        return shutil.disk_usage(path.parent).free < NEEDED
    except OSError:
        return False


def _code(error: sqlite3.Error) -> str:
    return str(getattr(error, "sqlite_errorname", "") or "")
