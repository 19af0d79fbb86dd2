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
