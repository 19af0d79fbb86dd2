"""Many rows into one table at once."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from itertools import chain, islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

_PARAMETERS = 4000
"""Values in one statement; SQLite itself takes 32,766."""

Columns = Mapping[str, Any]
"""By name: a list or a range holds a value for each row, anything else is the value of all rows."""


def insert_rows(connection: sqlite3.Connection, table: str, columns: Columns, n: int) -> None:
    """Insert `n` rows; at least one column is a list or a range.

    What is the same in all rows is handed over once. A statement for some hundred rows: binding values and
    stepping row by row took most of the time.
    """
    every = [name for name, values in columns.items() if not isinstance(values, list | range)]
    each = [name for name, values in columns.items() if isinstance(values, list | range)]
    at_once = max(1, (_PARAMETERS - len(every)) // len(each))
    constants = tuple(columns[name] for name in every)
    values = chain.from_iterable(zip(*(columns[name] for name in each), strict=True))
    head = f"INSERT INTO {table} ({', '.join(every + each)}) SELECT {'?, ' * len(every)} v.* FROM (VALUES "  # noqa: S608
    row = f"({', '.join('?' * len(each))})"
    for start in range(0, n, at_once):
        m = min(at_once, n - start)
        connection.execute(f"{head}{', '.join([row] * m)}) v", (*constants, *islice(values, m * len(each))))


def one_or_each(values: NDArray[Any]) -> Any:
    """The value that all of these (n,) share, else a list of them."""
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
