"""A checksum of what image lists tell of the images, by column: no second copy holds those values.

The sum of a column is the sum of the hashes of its values, whichever order they came in, so that it follows
each import without a look at the whole.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from typing import Any

import xxhash

KEY = "metadata_sums"
"""The setting that holds them, JSON: id of the column -> 16 hexadecimal digits."""
_WHOLE = 1 << 64
Value = tuple[int, int, str]
"""Id of the column, id of the image, what is told of it."""


def stored(connection: sqlite3.Connection) -> dict[str, str] | None:
    """The sums as they were written; None where there are none, or they are damaged."""
    row = connection.execute("SELECT CAST(value AS BLOB) FROM main.setting WHERE key = ?", (KEY,)).fetchone()
    try:
        found = json.loads(row[0]) if row else None
        return {str(column): f"{int(value, 16):016x}" for column, value in found.items()} if found else None
    except (ValueError, TypeError, AttributeError):
        return None


def write(
    connection: sqlite3.Connection, sums: dict[str, str] | None, before: Iterable[Value], now: Iterable[Value]
) -> None:
    """Called inside a transaction: follow that the values `before`, empty for none, were replaced by those
    of `now`. Without `sums` the whole table is summed up, as of a project of an earlier version.
    """
    if sums is None:
        sums = computed(connection)
    else:
        totals = {column: int(value, 16) for column, value in sums.items()}
        old = {value[:2]: value for value in before if value[2]}
        new = {value[:2]: value for value in now}
        for sign, values in ((-1, old), (1, new)):
            for column, image, value in values.values():
                hashed = _hash(column, image, value.encode("utf-8", "surrogatepass"))
                totals[str(column)] = (totals.get(str(column), 0) + sign * hashed) % _WHOLE
        sums = {column: f"{total:016x}" for column, total in totals.items()}
    connection.execute("INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)", (KEY, json.dumps(sums)))


def altered(connection: sqlite3.Connection) -> list[str]:
    """Names of the columns whose values are not those that were written, in one look at the table."""
    connection.execute("BEGIN")
    try:
        sums = stored(connection)
        if sums is None:
            return []
        found = computed(connection)
        ids = "SELECT id, CAST(name AS BLOB) FROM main.metadata_column"
        names = {
            str(column): name.decode("utf-8", "backslashreplace") for column, name in connection.execute(ids)
        }
    finally:
        connection.execute("ROLLBACK")
    wrong = [column for column in {**sums, **found} if sums.get(column) != found.get(column)]
    return sorted(names.get(column, column) for column in wrong)


def computed(connection: sqlite3.Connection) -> dict[str, str]:
    """The sums of what the table holds."""
    totals: dict[str, int] = {}
    query = "SELECT column, image, CAST(value AS BLOB) FROM main.metadata"
    for column, image, value in connection.execute(query):
        totals[str(column)] = (totals.get(str(column), 0) + _hash(column, image, value)) % _WHOLE
    return {column: f"{total:016x}" for column, total in totals.items()}


def _hash(column: Any, image: Any, value: bytes) -> int:
    return xxhash.xxh3_64_intdigest(f"{column}\0{image}\0".encode() + value)
