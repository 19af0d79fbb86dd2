"""Predictions of new images as a table: CSV, or Parquet where the file is called so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.durable import whole_file
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.refusals import system_reason
from medlabeler.export.tables import write_csv

PARQUET = ".parquet"

Column = Sequence[str] | NDArray[Any]


def check_format(path: Path) -> None:
    """`UserError` where a Parquet file is wanted and what writes it is not installed."""
    if path.suffix.lower() == PARQUET:
        _pyarrow()


def prediction_columns(
    names: Sequence[str],
    classes: Sequence[str],
    probabilities: NDArray[np.float32],
    more: Mapping[str, Column] | None = None,
) -> dict[str, Column]:
    """The columns image, prediction, confidence, then `more`, then one `p:CLASS` per class.

    `names` (n,), `classes` (C,), `probabilities` (n, C).
    """
    top = probabilities.argmax(axis=1).tolist()
    return {
        "image": names,
        "prediction": [classes[best] for best in top],
        "confidence": probabilities.max(axis=1, initial=0),
        **(more or {}),
        **{f"p:{name}": probabilities[:, at] for at, name in enumerate(classes)},
    }


def write_predictions_table(path: Path, columns: Mapping[str, Column], *, excel: bool = False) -> int:
    """Write a table that is complete or not there at all; returns its number of rows.

    Numbers are float32 in Parquet, six digits in CSV, where texts that a spreadsheet would take for a formula
    are made plain. `excel` as in `tables.write_csv`, nothing to Parquet. `UserError` when the disk refuses.
    """
    n = len(next(iter(columns.values())))
    if path.suffix.lower() != PARQUET:
        return write_csv(path, list(columns), _lines(columns, n), excel=excel)
    pyarrow = _pyarrow()
    from pyarrow import parquet

    table = pyarrow.table(dict(columns))
    try:
        with whole_file(path, asked_for=True) as file:
            parquet.write_table(table, file)
    except OSError as error:
        raise UserError(
            tr("{path} cannot be written: {reason}.", path=path, reason=system_reason(error))
        ) from error
    return n


def _lines(columns: Mapping[str, Column], n: int) -> Iterator[list[str]]:
    values = [column.tolist() if isinstance(column, np.ndarray) else column for column in columns.values()]
    for row in range(n):
        yield [_text(column[row]) for column in values]


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(int(value))
    return f"{value:.6f}" if isinstance(value, float) else str(value)


def _pyarrow() -> Any:
    try:
        import pyarrow
    except ImportError as error:
        raise UserError(
            tr(
                "Parquet needs the package pyarrow: install MedLabeler with the extra 'parquet', or name a "
                "file that ends in .csv."
            )
        ) from error
    return pyarrow
