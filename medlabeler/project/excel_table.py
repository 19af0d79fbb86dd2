"""The rows of an Excel workbook as Excel shows them, and what a person should know of how they were read."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from medlabeler.domain import archives
from medlabeler.domain.errors import UserError
from medlabeler.domain.garbage import not_searched
from medlabeler.domain.language import tr
from medlabeler.domain.words import count

MAX_BYTES = 100_000_000
"""Bytes that a workbook may unfold to."""
MAX_ELEMENTS, MAX_BESIDE = 1_550_000, 150_000
"""Elements of sheets and their texts, two for a cell, and of all other parts: the library takes up to five
seconds for a million of the former, dates the longest, ten times as long for styles and names. Four columns
of 171,375 images are within; what is larger is quicker read from a CSV.
"""
_ANOTHER_KIND = re.compile(
    rb"""\st\s*+=\s*+["'](?!(?:n|s|b|e|str|inlineStr|normal|shared|array|dataTable)["'])"""
)
_DEARER = re.compile(rb"<(?:\w++:)?(?:is|si)\b")
_MERGE = re.compile(rb"<(?:\w++:)?mergeCell\b")
"""What takes the library as long as two elements more, such as dates that are texts; one more; seven more."""
_SHEETS, _PICTURES, _PIECE = ("xl/worksheets/", "xl/sharedStrings.xml"), "xl/media/", 1 << 20
MOST_TABLE = 4 << 20
"""Bytes of the table of contents: a workbook has a few parts for each sheet and picture."""
MAX_ROWS, MAX_CELLS = 1_048_576, 5_000_000
"""Rows that a sheet of Excel may have, and cells of a whole workbook, those that stand empty before another
in their row included; the library reads a million of them in a second.
"""
# Each reads what it was written for once: nothing that is repeated may be given back and tried anew.
_MERGED = re.compile(rb'<(?:\w++:)?mergeCell\s[^<>]*?ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')
_HIDDEN = re.compile(rb'<(?:\w++:)?row\s[^<>]*?hidden="(?:1|true)"')
_WITHOUT_RESULT = re.compile(
    rb"<(?:\w++:)?c\s([^<>]*+)>\s*+<(?:\w++:)?f\b(?:[^<>]*+(?<=/)>|[^<>]*+>[^<]*+</(?:\w++:)?f>)"
    rb"\s*+(?:<(?:\w++:)?v\s*+/>\s*+|<(?:\w++:)?v>\s*+</(?:\w++:)?v>\s*+)?</(?:\w++:)?c>"
)
_ZEROS = re.compile(r"0{2,}")


def excel_rows(path: Path, content: bytes) -> tuple[list[tuple[int, list[str]]], list[str]]:
    """Rows of the first sheet that is shown and holds anything, with the number of each, and notes.

    A merged cell counts for each of the cells it covers, a date is written as 2024-03-31, a number with the
    zeros before it that its format shows. `UserError` for what is no workbook, unfolds to more than
    `MAX_BYTES`, holds more than a few million cells, or a formula whose result was not stored.
    """
    import openpyxl

    try:
        # Millions of elements are kept until a sheet is read, and none of them is garbage.
        with not_searched(), archives.opened(content, MOST_TABLE) as archive:
            if sum(item.file_size for item in archive.infolist()) > MAX_BYTES:
                raise UserError(
                    tr(
                        "{path} unfolds to more than {max_bytes} MB, too large for a table.",
                        path=path,
                        max_bytes=MAX_BYTES // 10**6,
                    )
                )
            _check_elements(path, archive)
            book: Any = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            limits = _Limits(path)
            for sheet in book.worksheets:
                sheet.reset_dimensions()  # else each row is as wide as the file says that the sheet is
            shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
            filled = [sheet for sheet in shown or book.worksheets if _holds_anything(sheet, limits)]
            if not filled:
                return [], []
            # What is merged, hidden or not computed the library tells only when it keeps all cells in memory.
            source = archive.read(filled[0]._worksheet_path)
        _check_formulas(path, source)
        limits = _Limits(path)
        with not_searched():
            rows = [
                (number, [_text(cell) for cell in cells])
                for number, cells in enumerate(limits.kept(filled[0].iter_rows()), start=1)
            ]
        _spread(rows, source)
    except UserError:
        raise
    except Exception as error:  # a damaged file makes the library raise almost anything
        raise UserError(tr("{path} cannot be read as an Excel file; save it as CSV.", path=path)) from error
    notes = []
    if len(filled) > 1:
        notes.append(
            tr(
                "{name} has {sheets}; only {first} is read.",
                name=path.name,
                sheets=count(len(filled), "sheet"),
                first=filled[0].title,
            )
        )
    if n_hidden := len(_HIDDEN.findall(source)):
        notes.append(
            tr(
                "{name} has {rows} that Excel hides; what is hidden is read like the rest.",
                rows=count(n_hidden, "row"),
                name=path.name,
            )
        )
    return rows, notes


def _check_elements(path: Path, archive: zipfile.ZipFile) -> None:
    """Raise `UserError` for more than the library reads in some seconds: to unfold and count takes one."""
    in_sheets = beside = 0
    for item in archive.infolist():
        if item.filename.startswith(_PICTURES):
            continue
        n = 0
        with archive.open(item) as part:
            while piece := part.read(_PIECE):
                n += piece.count(b"<") - piece.count(b"</") + len(_DEARER.findall(piece))
                n += 2 * len(_ANOTHER_KIND.findall(piece)) + 7 * len(_MERGE.findall(piece))
        if item.filename.startswith(_SHEETS):
            in_sheets += n
        else:
            beside += n
        if in_sheets > MAX_ELEMENTS or beside > MAX_BESIDE:
            raise UserError(tr("{path} holds too much for an Excel table; save it as CSV.", path=path))


class _Limits:
    """How much of a workbook may be read still; `UserError` where it is more."""

    def __init__(self, path: Path) -> None:
        self._path, self._n_cells = path, 0

    def kept(self, rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
        """The rows of a sheet."""
        for number, row in enumerate(rows, start=1):
            self._n_cells += len(row)
            if self._n_cells > MAX_CELLS or number > MAX_ROWS:
                raise UserError(
                    tr(
                        "{path} holds more than {rows:,} rows or {cells:,} cells, too large for a table.",
                        path=self._path,
                        rows=MAX_ROWS,
                        cells=MAX_CELLS,
                    )
                )
            yield row


def _holds_anything(sheet: Any, limits: _Limits) -> bool:
    rows = limits.kept(sheet.iter_rows(values_only=True))
    return any(any(value is not None for value in row) for row in rows)


def _check_formulas(path: Path, source: bytes) -> None:
    """Raise `UserError` where a formula stands without what it comes to: the cell would seem empty."""
    for found in _WITHOUT_RESULT.finditer(source):
        # A text as the result may be empty.
        if b't="str"' not in found[1] and (place := re.search(rb'\br="([A-Z]+\d+)"', found[1])):
            raise UserError(
                tr(
                    "The cell {cell} of {path} holds a formula without its result; open the file in "
                    "Excel and save it.",
                    cell=place[1].decode(),
                    path=path,
                )
            )


def _spread(rows: list[tuple[int, list[str]]], source: bytes) -> None:
    """Write the text of each merged cell into all the cells it covers, as far as the sheet is written.
    `ValueError` where merged cells cover each other, which Excel never writes.
    """
    from openpyxl.utils.cell import range_boundaries

    width = max((len(cells) for _, cells in rows), default=0)
    uncovered = width * len(rows)
    for reference in _MERGED.findall(source):
        left, top, right, bottom = range_boundaries(reference.decode())
        if top > len(rows) or left > len(rows[top - 1][1]):
            continue
        text, right, bottom = rows[top - 1][1][left - 1], min(right, width), min(bottom, len(rows))
        uncovered -= (right - left + 1) * (bottom - top + 1)
        if uncovered < 0:
            raise ValueError("merged cells cover each other")
        for _, cells in rows[top - 1 : bottom]:
            cells += [""] * (right - len(cells))
            cells[left - 1 : right] = [text] * max(0, right - left + 1)


def _text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime.datetime):
        whole_day = value.time() == datetime.time()
        return value.date().isoformat() if whole_day else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, (int, float)) and float(value).is_integer():
        text = str(int(value))
        zeros = str(cell.number_format)
        return text.zfill(len(zeros)) if _ZEROS.fullmatch(zeros) else text
    return str(value)
