"""Everything a person decided, a second time: plain lines beside the database, on disk with each change.

A line is eight hexadecimal digits (CRC-32 of what follows), a blank and a JSON object: rows of one table,
`{"t": table, "n": rows, "c": {column: value of all rows, list of a value per row, or {"from": first of
numbers that count up}}}`, keys that are gone,
`{"t": table, "gone": [key, ...]}`, or `{"marks": {table: highest id written}}`, which ends each change.
Read from the first line to the last, a later row in the place of an earlier one, they hold what the tables
hold.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from json.encoder import encode_basestring
from operator import itemgetter
from pathlib import Path
from typing import Any

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.refusals import system_reason
from medlabeler.project.bulk_insert import Columns, only
from medlabeler.project.lines_file import Lines
from medlabeler.project.patience import NoAnswerError

FILE = "decisions.jsonl"
STEP = "step"
"""The table of what a person did; each decision belongs to one of its rows."""
LEFT_OUT = ("metadata", "skipped")
"""Tables that hold no decision: they are read from the images and their tables again."""
LATER = ("metadata_column",)
"""Tables that earlier versions left out: no line tells of them until the project is opened to be written."""
_FOLLOWS = {STEP: "done"}
"""A column that follows from the other rows of its table, see `_settle_steps`: its changes are not told."""
_REPLACED = ("class", "setting", "reference_class", "root")
"""Small tables whose rows are replaced: all of them are told anew when a project is opened."""
_NO_ROWS = (KeyError, TypeError, ValueError, AttributeError, OverflowError)
"""What a line meets in `_unpacked` that is whole but holds no rows."""
_MARKS = b'{"marks":'
_SUM_LENGTH = 9
"""Digits of the checksum and the blank in front of what a line says."""
_AT_ONCE = 2000
_TAIL = 1 << 16

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Table:
    """A table by name, its columns, and the one that is its key; `numbered`: the key only ever grows."""

    name: str
    columns: tuple[str, ...]
    key: str
    numbered: bool

    @cached_property
    def one(self) -> tuple[Callable[[Columns], tuple[Any, ...]], str]:
        """Takes the columns in their order, and the line of one row, to be filled in."""
        each = ",".join(f'"{name}":%s' for name in self.columns)
        return itemgetter(*self.columns), f'{{"t":"{self.name}","n":1,"c":{{{each}}}}}'


class SecondCopy:
    """Writes the lines of a project; made when its database is open, before anything changes.

    A disk takes as long for a sync as for all else of a label, so a step is synced once, here: its lines are
    on the disk before the database commits, which then need not wait for the disk. They are taken back where
    it refuses. Each step has a higher id than any before, so the next opening sees what the database lost
    when the power went, or what a kill kept from it, and takes it from the lines, `restoring.mend`. A
    database loses its latest commits only: what a log holds on the disk is all up to some commit.

    Of anything else the database might not know that it is behind. So it is on the disk in the database, and
    all before it, when its lines are written; and so is a step whose lines could not be written. Where they
    were deleted or cut the database is brought to the disk as well, and then all is told anew.

    `behind`: the last change could not be written here (the database has it); the next one tries again.
    """

    def __init__(self, folder: Path, connection: sqlite3.Connection, tell: Tell) -> None:
        self.path = folder / FILE
        self.behind = False
        self._tell = tell
        self._tables = tables(connection)
        self._numbered = {table.name: table for table in self._tables if table.numbered}
        self._marks = last_marks(self.path)
        self._changes = -1
        self._before: dict[str, int] = {}
        self._waits: list[bytes] | None = None
        self._written = self._looked = False
        self._file = Lines(self.path)
        self._watch(connection)

    def begin(self, connection: sqlite3.Connection, inserted: Mapping[str, Columns], n_known: int) -> bool:
        """Called inside a transaction, behind all changes. Whether they are on the disk here, as a step is;
        all else waits for `end`. `UserError` where the disk does not answer, see `be_patient`.

        `inserted`: rows that whoever inserted them still has in hand, by table; all else is read. `n_known`:
        how many changes they are, with those of columns that follow from them.
        """
        self._before = dict(self._marks)
        self._waits, self._written = None, False
        try:
            in_hand = self._in_hand(connection, inserted, n_known)
            self._looked = in_hand is None
            new = self._all_news(connection, inserted) if in_hand is None else in_hand
            if new:
                new.append(_line_of_marks(self._marks))
            if self._marks.get(STEP, 0) == self._before.get(STEP, 0):
                self._waits = new
                return False
            self._file.append(new)
        except NoAnswerError as error:
            self._forget()
            raise UserError(
                tr(
                    "The disk of {folder} does not answer: the last change was not stored. Repeat it when "
                    "the disk answers again.",
                    folder=self.path.parent,
                )
            ) from error
        except (OSError, sqlite3.Error) as error:
            self._could_not(error)
            return False
        self._written = True
        return True

    def end(self, connection: sqlite3.Connection, *, committed: bool) -> None:
        """The transaction is in the database, or was refused; behind this so it is here. Never raises."""
        try:
            if not committed:
                if self._written:
                    self._file.take_back()
                self._forget()
                return
            if self._waits:
                self._file.append(self._waits)
            elif self._waits is None and not self._written:
                return  # told by `begin`
            if self._looked:
                connection.execute("DELETE FROM temp.touched")
            self._changes = connection.total_changes
            self.behind = False
        except (OSError, sqlite3.Error) as error:
            self._could_not(error)

    def be_patient(self) -> None:
        """From here on a step that the disk does not take within seconds is refused: a window must not wait
        for ever. A command may, and the thread in between costs a tenth of a label.
        """
        self._file.be_patient()

    def ask_disk(self, seconds: float) -> None:
        """`UserError` where a person waits and the disk does not answer within so long."""
        try:
            self._file.ask(seconds)
        except NoAnswerError as error:
            raise UserError(tr("The disk of {folder} does not answer.", folder=self.path.parent)) from error

    def close(self) -> None:
        """The database is about to be closed."""
        self._file.close()

    def _could_not(self, error: OSError | sqlite3.Error) -> None:
        self._forget()
        if not self.behind:
            self._tell(
                tr(
                    "The second copy of the labels, {path}, cannot be written: {why}. The labels "
                    "are in the database; the copy catches up when it can.",
                    path=self.path,
                    why=system_reason(error),
                )
            )
        self.behind = True

    def _forget(self) -> None:
        """What was written is what the file says; the next change looks at all tables."""
        lost = self._file.too_long or self._file.late
        self._marks = self._before if lost else last_marks(self.path)
        self._changes = -1

    def _in_hand(
        self, connection: sqlite3.Connection, inserted: Mapping[str, Columns], n_known: int
    ) -> list[bytes] | None:
        """What is new if nothing changed since the last call but these rows, so that no table needs to be
        looked at; else None.
        """
        if self._changes < 0 or connection.total_changes != self._changes + n_known:
            return None
        for name, columns in inserted.items():
            if columns[self._numbered[name].key][0] <= self._marks.get(name, 0):
                return None
        new: list[bytes] = []
        for name, columns in inserted.items():
            table = self._numbered[name]
            keys = columns[table.key]
            self._marks[name] = keys[-1]
            if len(keys) == 1:
                new.append(_line_of_one(table, columns))
            else:
                new += map(_line, _in_blocks(table, columns))
        return new

    def _watch(self, connection: sqlite3.Connection) -> None:
        """Let the connection note which rows change that were written already; all rows of small tables count
        so, and none of which only changes what follows from others.
        """
        connection.execute("PRAGMA temp_store=MEMORY")
        connection.execute(
            "CREATE TEMP TABLE IF NOT EXISTS touched (name TEXT, key, PRIMARY KEY (name, key)) WITHOUT ROWID"
        )
        for table in self._tables:
            events = ["UPDATE", "DELETE"]
            if table.name in _REPLACED:
                events.append("INSERT")
            for event in events:
                told = [name for name in table.columns if name != _FOLLOWS.get(table.name)]
                of = f" OF {', '.join(told)}" if event == "UPDATE" else ""
                which = "OLD" if event == "DELETE" else "NEW"
                connection.execute(
                    f"CREATE TEMP TRIGGER IF NOT EXISTS touch_{table.name}_{event} AFTER {event}{of} ON "  # noqa: S608
                    f"main.{table.name} BEGIN INSERT OR IGNORE INTO touched "
                    f"VALUES ('{table.name}', {which}.{table.key}); END"
                )
        self._tell_anew(connection)

    def _tell_anew(self, connection: sqlite3.Connection) -> None:
        """Let the next change tell all of the small tables, whose rows have no mark."""
        for table in self._tables:
            if table.name in _REPLACED:
                connection.execute(
                    f"INSERT OR IGNORE INTO temp.touched SELECT ?, {table.key} FROM {table.name}",  # noqa: S608
                    (table.name,),
                )

    def _all_news(self, connection: sqlite3.Connection, inserted: Mapping[str, Columns]) -> list[bytes]:
        connection.text_factory = str
        if not self._marks:  # a file that is gone
            self._tell_anew(connection)
        try:
            return list(map(_line, self._news(connection, inserted)))
        except sqlite3.OperationalError as error:
            if not str(error).startswith("Could not decode"):
                raise
        connection.text_factory = as_far_as_it_can_be_read
        self._marks = last_marks(self.path)
        try:
            return list(map(_line, self._news(connection, inserted)))
        finally:
            connection.text_factory = str

    def _news(
        self, connection: sqlite3.Connection, inserted: Mapping[str, Columns]
    ) -> Iterator[dict[str, Any]]:
        touched: dict[str, list[Any]] = {}
        for name, key in connection.execute("SELECT name, key FROM temp.touched"):
            touched.setdefault(name, []).append(key)
        highest = _highest_of_all(connection, self._tables)
        for table in self._tables:
            if table.numbered:
                mark = self._marks.get(table.name, 0)
                in_hand = inserted.get(table.name)
                if in_hand is not None and _all_of_them(
                    connection, table, mark, highest[table.name], in_hand
                ):
                    self._marks[table.name] = in_hand[table.key][-1]
                    yield from _in_blocks(table, in_hand)
                if highest[table.name] > self._marks.get(table.name, 0):
                    yield from self._beyond_the_mark(connection, table)
                keys = [key for key in touched.get(table.name, ()) if key <= mark]
            else:
                keys = touched.get(table.name, [])
            for start in range(0, len(keys), _AT_ONCE):
                yield from self._changed(connection, table, keys[start : start + _AT_ONCE])

    def _beyond_the_mark(self, connection: sqlite3.Connection, table: Table) -> Iterator[dict[str, Any]]:
        query = f"SELECT * FROM main.{table.name} WHERE {table.key} > ? ORDER BY {table.key}"  # noqa: S608
        cursor = connection.execute(query, (self._marks.get(table.name, 0),))
        while rows := cursor.fetchmany(_AT_ONCE):
            self._marks[table.name] = rows[-1][table.columns.index(table.key)]
            yield _packed(table, rows)

    @staticmethod
    def _changed(connection: sqlite3.Connection, table: Table, keys: list[Any]) -> Iterator[dict[str, Any]]:
        places = ", ".join("?" * len(keys))
        rows = connection.execute(
            f"SELECT * FROM main.{table.name} WHERE {table.key} IN ({places})",  # noqa: S608 - question marks
            keys,
        ).fetchall()
        at = table.columns.index(table.key)
        gone = sorted(set(keys) - {row[at] for row in rows}, key=str)
        if gone:
            yield {"t": table.name, "gone": gone}
        if rows:
            yield _packed(table, rows)


def ahead(folder: Path, connection: sqlite3.Connection) -> int:
    """How many changes the lines know of that the database does not have: 0, 1, or 2 for more, as when its
    last part was lost.
    """
    last = last_marks(folder / FILE)
    numbered = [table for table in tables(connection) if table.numbered] if last else []
    there = _highest_of_all(connection, numbered)

    def beyond(marks: dict[str, int]) -> bool:
        return any(marks.get(table.name, 0) > there[table.name] for table in numbered)

    return sum(map(beyond, _ends(folder / FILE, 2))) if beyond(last) else 0


def reached(folder: Path, connection: sqlite3.Connection) -> int:
    """Number of the line up to which the lines tell what the database has, all of it; 0 where there is none.
    `OSError`.
    """
    there = _highest_of_all(connection, tables(connection))
    with (folder / FILE).open("rb") as file:
        for number, line in enumerate(file, 1):
            read = _read(line.rstrip(b"\n")) if _MARKS in line[: _SUM_LENGTH + len(_MARKS)] else None
            if read is not None and all(read["marks"].get(name, 0) >= most for name, most in there.items()):
                return number
    return 0


def tables(connection: sqlite3.Connection) -> list[Table]:
    """The tables that are written a second time.

    Names in small letters, as the migrations have them: to SQLite a letter of a name that one bit made a
    capital is the same, and the lines must fit the tables of a database that is whole.
    """
    columns: dict[str, list[tuple[str, str, int]]] = {}
    # At once: each question for one table reads all of the schema, and a person waits for the opening.
    for table, name, kind, key in connection.execute(
        "SELECT t.name, c.name, c.type, c.pk FROM main.sqlite_master t, pragma_table_info(t.name, 'main') c "
        "WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' ORDER BY t.rowid, c.cid"
    ).fetchall():
        columns.setdefault(table.lower(), []).append((name.lower(), kind.upper(), key))
    found = []
    for table, its in columns.items():
        if table not in LEFT_OUT:
            key, kind = next((name, kind) for name, kind, key in its if key == 1)
            found.append(Table(table, tuple(name for name, _, _ in its), key, kind == "INTEGER"))
    return found


def last_marks(path: Path) -> dict[str, int]:
    """The highest id of each table that the lines of a file hold; none where there is no such file."""
    return next(iter(_ends(path, 1)), {})


def _ends(path: Path, n: int) -> list[dict[str, int]]:
    """The marks behind the last `n` changes, the latest first, as far as there are so many."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - _TAIL))
            tail = file.read()
    except OSError:
        return []
    ends: list[dict[str, int]] = []
    for line in reversed(tail.split(b"\n")):
        read = _read(line)
        if read is not None and "marks" in read:
            ends.append(dict(read["marks"]))
            if len(ends) == n:
                return ends
    if size > len(tail):  # the last changes are larger than that
        ends = [dict(read["marks"]) for read in lines(path) if "marks" in read][-n:][::-1]
    return ends


def lines(path: Path, damaged: list[int] | None = None) -> Iterator[dict[str, Any]]:
    """What a file says, line by line; numbers of lines that are damaged go into `damaged`. `OSError`."""
    return (line for _, line in _numbered(path, damaged))


def _numbered(path: Path, damaged: list[int] | None) -> Iterator[tuple[int, dict[str, Any]]]:
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            read = _read(line.rstrip(b"\n"))
            if read is not None:
                yield number, read
            elif damaged is not None and line.strip():
                damaged.append(number)


def replay(path: Path, connection: sqlite3.Connection, behind: int = 0) -> list[int]:
    """Put all that the lines hold, those `behind` the line of that number, into a database, in one
    transaction; numbers of the lines that are damaged.

    What is there already is written over by what the lines say of it; a line whose rows no table takes, such
    as one written from a damaged database, counts as damaged. `OSError`, `sqlite3.Error`.
    """
    known = {table.name: table for table in tables(connection)}
    damaged: list[int] = []
    with unchecked(connection):
        for number, line in _numbered(path, damaged):
            table = known.get(line.get("t", ""))
            if table is None or number <= behind:
                continue
            try:
                _put(connection, table, line)
            except (sqlite3.IntegrityError, sqlite3.InterfaceError, *_NO_ROWS):
                damaged.append(number)
        _settle_steps(connection)
    return sorted(damaged)


def _put(connection: sqlite3.Connection, table: Table, line: dict[str, Any]) -> None:
    """Put what one line says into its table."""
    if "gone" in line:
        connection.executemany(
            f"DELETE FROM main.{table.name} WHERE {table.key} = ?",  # noqa: S608 - names of the schema
            [(key,) for key in line["gone"]],
        )
        return
    columns = [name for name in line["c"] if name in table.columns]
    connection.executemany(
        f"INSERT OR REPLACE INTO main.{table.name} ({', '.join(columns)}) "  # noqa: S608
        f"VALUES ({', '.join('?' * len(columns))})",
        _unpacked(line, columns),
    )


@contextlib.contextmanager
def unchecked(connection: sqlite3.Connection) -> Iterator[None]:
    """A transaction in which rows may come before those that they name; what fails inside changes nothing."""
    connection.execute("PRAGMA foreign_keys=OFF")
    try:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    finally:
        connection.execute("PRAGMA foreign_keys=ON")


def _settle_steps(connection: sqlite3.Connection) -> None:
    """Which steps stand follows from the steps themselves; the program may have died before it told."""
    stands: dict[int, int] = {}
    for step, kind, target in connection.execute("SELECT id, kind, target FROM step ORDER BY id"):
        if kind == "do":
            stands[step] = 1
        elif target in stands:
            stands[target] = int(kind == "redo")
    connection.executemany(
        "UPDATE step SET done = ? WHERE id = ? AND done <> ?",
        [(done, step, done) for step, done in stands.items()],
    )


def _highest_of_all(connection: sqlite3.Connection, among: Sequence[Table]) -> dict[str, int]:
    """The highest key of each numbered table, 0 for an empty one, by one statement: a click waits for it."""
    numbered = [table for table in among if table.numbered]
    if not numbered:
        return {}
    each = ", ".join(f"(SELECT COALESCE(MAX({t.key}), 0) FROM main.{t.name})" for t in numbered)  # noqa: S608
    found = connection.execute(f"SELECT {each}").fetchone()
    return {table.name: int(value) for table, value in zip(numbered, found, strict=True)}


def _all_of_them(
    connection: sqlite3.Connection, table: Table, mark: int, highest: int, in_hand: Columns
) -> bool:
    """Whether the rows in hand are all that a table holds beyond the mark."""
    if in_hand[table.key] == range(mark + 1, highest + 1):
        return True
    query = (
        f"SELECT COUNT(*), MIN({table.key}), MAX({table.key}) FROM main.{table.name} WHERE {table.key} > ?"  # noqa: S608
    )
    keys = in_hand[table.key]
    return bool(connection.execute(query, (mark,)).fetchone() == (len(keys), keys[0], keys[-1]))


def _in_blocks(table: Table, in_hand: Columns) -> Iterator[dict[str, Any]]:
    """Columns in hand as lines tell them, `_AT_ONCE` rows in each."""
    n = len(in_hand[table.key])
    for start in range(0, n, _AT_ONCE):
        columns = {name: in_hand[name] for name in table.columns}
        for name, values in columns.items():
            if isinstance(values, list | range):
                columns[name] = _one_or_each(values[start : start + _AT_ONCE])
        yield {"t": table.name, "n": min(_AT_ONCE, n - start), "c": columns}


def _packed(table: Table, rows: Sequence[tuple[Any, ...]]) -> dict[str, Any]:
    """Rows of a table, each column as one value where it is the same in all of them."""
    columns = zip(table.columns, map(_one_or_each, zip(*rows, strict=True)), strict=True)
    return {"t": table.name, "n": len(rows), "c": dict(columns)}


def _one_or_each(values: Sequence[Any]) -> Any:
    """The one value of all rows, or what tells the values, as JSON holds them."""
    if len(values) > 1 and (isinstance(values, range) or _counts_up(values)):
        return {"from": values[0]}
    if values.count(values[0]) == len(values):
        return _stored(values[0])
    return list(map(_stored, values)) if bytes in set(map(type, values)) else values


def _counts_up(values: Sequence[Any]) -> bool:
    first, last = values[0], values[-1]
    if not (type(first) is type(last) is int and last - first == len(values) - 1):
        return False
    return set(map(type, values)) == {int} and list(values) == list(range(first, last + 1))


def _unpacked(line: dict[str, Any], columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    n = int(line["n"])
    given = [line["c"][name] for name in columns]
    return zip(*(_spread(value, n) for value in given), strict=True)


def _spread(value: Any, n: int) -> Iterable[Any]:
    """What a line says of a column, row by row."""
    if isinstance(value, dict) and "from" in value:
        return range(value["from"], value["from"] + n)
    return map(_given, value) if isinstance(value, list) else [_given(value)] * n


def as_far_as_it_can_be_read(text: bytes) -> str:
    """Text that is no UTF-8, with each such byte as \\x and its two digits."""
    return text.decode("utf-8", "backslashreplace")


def _stored(value: Any) -> Any:
    return {"hex": value.hex()} if isinstance(value, bytes) else value


def _given(value: Any) -> Any:
    return bytes.fromhex(value["hex"]) if isinstance(value, dict) else value


_encoded = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _line(content: dict[str, Any]) -> bytes:
    return _with_its_sum(_encoded(content))


def _with_its_sum(said: str) -> bytes:
    text = said.encode("utf-8", "surrogatepass")
    return b"%08x %s\n" % (zlib.crc32(text), text)


def _line_of_one(table: Table, in_hand: Columns) -> bytes:
    """The line of one row: what `_line` would make of it, in a third of the time. A click waits for it."""
    values, line = table.one
    said = [
        v
        if type(v) is int
        else "null"
        if v is None
        else encode_basestring(v)
        if type(v) is str
        else _encoded(_stored(only(v)))
        for v in values(in_hand)
    ]
    return _with_its_sum(line % tuple(said))


def _line_of_marks(marks: Mapping[str, int]) -> bytes:
    each = ",".join([f'"{name}":{mark}' for name, mark in marks.items()])
    return _with_its_sum(f'{{"marks":{{{each}}}}}')


def _read(line: bytes) -> dict[str, Any] | None:
    """What a line says; None for one that is damaged."""
    check, _, text = line.partition(b" ")
    try:
        if int(check, 16) != zlib.crc32(text):
            return None
        read = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return read if isinstance(read, dict) else None
