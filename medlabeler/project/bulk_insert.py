"""Many rows into one table at once."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import chain, islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

_PARAMETERS = 4000
"""Values in one statement; SQLite itself takes 32,766."""

_ALIKE = 64
"""Of so many rows a column may be the same in all: a large step is, or its undo, but for a few images."""
_LOOKS = 32

_EACH = (list, range)

Columns = Mapping[str, Any]
"""By name: a list or a range holds a value for each row, anything else is the value of all rows."""


def insert_rows(connection: sqlite3.Connection, table: str, columns: Columns, n: int) -> None:
    """Insert `n` rows; at least one column is a list or a range.

    A click waits for one row. Of many, what is the same in all is handed over once. A statement for some
    hundred rows: binding values and stepping row by row took most of the time.
    """
    if n == 1:
        row_values = [v[0] if isinstance(v, _EACH) else v for v in columns.values()]
        connection.execute(for_one_row(table, tuple(columns)), row_values)
        return
    if any(isinstance(values, range) for values in columns.values()):
        _insert_counting(connection, table, columns, n)
        return
    every = [name for name, values in columns.items() if not isinstance(values, _EACH)]
    each = [name for name, values in columns.items() if isinstance(values, _EACH)]
    at_once = max(1, (_PARAMETERS - len(every)) // len(each))
    constants = tuple(columns[name] for name in every)
    values = chain.from_iterable(zip(*(columns[name] for name in each), strict=True))
    head = f"INSERT INTO {table} ({', '.join(every + each)}) SELECT {'?, ' * len(every)} v.* FROM (VALUES "  # noqa: S608
    row = f"({', '.join('?' * len(each))})"
    for start in range(0, n, at_once):
        m = min(at_once, n - start)
        connection.execute(f"{head}{', '.join([row] * m)}) v", (*constants, *islice(values, m * len(each))))


def _insert_counting(connection: sqlite3.Connection, table: str, columns: Columns, n: int) -> None:
    """The same where a column counts up: nothing is handed over for it, nor, where some rows have the same in
    a list, for each of these. Binding values took a third of the time.
    """
    counted = {name: values for name, values in columns.items() if isinstance(values, range)}
    each = {name: values for name, values in columns.items() if isinstance(values, list)}
    fixed = {name: values for name, values in columns.items() if not isinstance(values, _EACH)}
    at_once = _ALIKE if _mostly_alike(each, n) else _PARAMETERS // (len(each) + 1)
    for start in range(0, n, at_once):
        m = min(at_once, n - start)
        some = {name: values[start : start + m] for name, values in each.items()}
        alike = tuple(name for name, values in some.items() if values.count(values[0]) == m)
        other = tuple(name for name in some if name not in alike)
        steps = tuple((name, values.step) for name, values in counted.items())
        connection.execute(
            _for_some_rows(table, (*fixed, *alike), steps, other, m),
            (
                *fixed.values(),
                *(some[name][0] for name in alike),
                *(values[start] for values in counted.values()),
                *chain.from_iterable(zip(*(some[name] for name in other), strict=True)),
            ),
        )


def _mostly_alike(each: Mapping[str, list[Any]], n: int) -> bool:
    """Whether `_ALIKE` rows in a row have the same in all lists more often than not, by a look at a few."""
    looked = range(0, n, max(_ALIKE, n // _LOOKS))
    some = [[values[start : start + _ALIKE] for values in each.values()] for start in looked]
    alike = sum(all(part.count(part[0]) == len(part) for part in parts) for parts in some)
    return bool(each) and 2 * alike >= len(looked)


@lru_cache
def _for_some_rows(
    table: str, same: tuple[str, ...], counted: tuple[tuple[str, int], ...], other: tuple[str, ...], m: int
) -> str:
    """The statement that inserts `m` rows: given are values that are the `same` in all, the first of those
    that are `counted`, by name and step, and all of the `other`, row by row.
    """
    names = ", ".join((*same, *(name for name, _ in counted), *other))
    values = [
        *("?" for _ in same),
        *(f"? + {step} * v.column1" for _, step in counted),
        *(f"v.column{place}" for place in range(2, len(other) + 2)),
    ]
    rows = ", ".join(f"({', '.join((str(k), *('?' for _ in other)))})" for k in range(m))
    return f"INSERT INTO {table} ({names}) SELECT {', '.join(values)} FROM (VALUES {rows}) v"  # noqa: S608


@lru_cache
def for_one_row(table: str, names: tuple[str, ...]) -> str:
    """The statement that inserts a row of these columns; the same text, which SQLite need not read again."""
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"  # noqa: S608


def only(values: Any) -> Any:
    """The value of a column of one row."""
    return values[0] if isinstance(values, _EACH) else values


def one_or_each(values: NDArray[Any]) -> Any:
    """The value that all of these (n,) share, else a list of them."""
    if len(values) == 1:
        return values.item()
    return values[0].item() if len(values) and (values == values[0]).all() else values.tolist()


def counting(values: NDArray[np.integer[Any]]) -> list[int] | range:
    """These (n,), as a range where they count up."""
    if len(values) > 1 and values[-1] - values[0] == len(values) - 1 and (np.diff(values) == 1).all():
        return range(int(values[0]), int(values[-1]) + 1)
    found: list[int] = values.tolist()
    return found


def without(values: Sequence[Any] | Any, missing: Any) -> Any:
    """One value or a list of values, with None in the place of `missing`."""
    if isinstance(values, list):
        return [None if value == missing else value for value in values]
    return None if values == missing else values
