"""The list of files that were left out at an import, and a checksum of it: no second copy holds that list.

The sum is that of the hashes of its rows, whichever order they came in, so that it follows each change
without a look at the whole.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping

import xxhash

KEY = "skipped_sum"
"""The setting that holds it, JSON: 16 hexadecimal digits."""
_WHOLE = 1 << 64
_ROWS = "SELECT CAST(path AS BLOB), CAST(reason AS BLOB), CAST(time AS BLOB) FROM main.skipped"
"""As bytes: what was altered may be no text any more."""


def add(connection: sqlite3.Connection, reasons: Mapping[str, str], time: str) -> None:
    """Called inside a transaction: path -> sentence why; a later reason replaces an earlier one."""
    before = _sum_of(connection, reasons)
    rows = [(path, why, time) for path, why in reasons.items()]
    connection.executemany("INSERT OR REPLACE INTO skipped VALUES (?, ?, ?)", rows)
    now = sum(_hash(*(value.encode() for value in row)) for row in rows) % _WHOLE
    _follow(connection, before, now)


def strike(connection: sqlite3.Connection, paths: Iterable[str]) -> None:
    """Called inside a transaction: these are not left out any more."""
    known = list(paths)
    before = _sum_of(connection, known)
    connection.executemany("DELETE FROM skipped WHERE path = ?", [(path,) for path in known])
    _follow(connection, before, 0)


def move(connection: sqlite3.Connection, old: str, new: str) -> None:
    """Called inside a transaction: what begins with `old`, a folder with its separator, begins with `new`."""
    before = _sum(connection)
    connection.execute(
        "UPDATE OR REPLACE skipped SET path = ? || substr(path, ?) WHERE substr(path, 1, ?) = ?",
        (new, len(old) + 1, len(old), old),
    )
    _follow(connection, before, _sum(connection))


def empty(connection: sqlite3.Connection) -> None:
    """Called inside a transaction: the list is made anew from here on."""
    connection.execute("DELETE FROM skipped")
    _store(connection, 0)


def altered(connection: sqlite3.Connection) -> bool:
    """Whether the list is not what was written; False where no sum was, as in a project of before."""
    stored = _stored(connection)
    return stored is not None and stored != _sum(connection)


def _follow(connection: sqlite3.Connection, before: int, now: int) -> None:
    """The rows that were changed summed up to `before`: what was altered in others stays found."""
    if before == now:
        return
    stored = _stored(connection)
    _store(connection, _sum(connection) if stored is None else (stored - before + now) % _WHOLE)


def _store(connection: sqlite3.Connection, total: int) -> None:
    connection.execute(
        "INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)", (KEY, json.dumps(f"{total:016x}"))
    )


def _stored(connection: sqlite3.Connection) -> int | None:
    """The sum as it was written; None where there is none, or it is damaged."""
    row = connection.execute("SELECT CAST(value AS BLOB) FROM main.setting WHERE key = ?", (KEY,)).fetchone()
    try:
        return int(json.loads(row[0]), 16) if row else None
    except (ValueError, TypeError):
        return None


def _sum_of(connection: sqlite3.Connection, paths: Iterable[str]) -> int:
    """The sum of the rows of these paths."""
    rows = (connection.execute(f"{_ROWS} WHERE path = ?", (path,)).fetchone() for path in paths)
    return sum(_hash(*row) for row in rows if row is not None) % _WHOLE


def _sum(connection: sqlite3.Connection) -> int:
    return sum(_hash(*row) for row in connection.execute(_ROWS)) % _WHOLE


def _hash(*row: bytes) -> int:
    return xxhash.xxh3_64_intdigest(b"\0".join(row))
