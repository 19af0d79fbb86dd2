"""The one reader of tables that people bring: CSV as spreadsheets and scripts write it, and Excel's files.

Nothing is guessed about what a cell means, only how the file is written: its encoding, its separator, Excel's
`sep=` line, blank and comment lines before the header. What cannot be told for sure is refused with its line.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import IO

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.refusals import system_reason
from medlabeler.domain.regular_files import check_regular
from medlabeler.project.excel_table import excel_rows

MAX_CELL = 16_000_000
"""Characters of a cell; the csv module's own limit, 131,072, calls honest tables broken."""
MAX_LINE = 16_000_000
"""Characters of a line, which is in memory as a whole."""
MAX_BYTES = 200_000_000
"""Of a file: its letters may take four times as much memory."""
MAX_COLUMNS = 16_384
"""As many as a sheet of Excel may have."""
MAX_CELLS = 10_000_000
"""Of a CSV; each takes some 60 bytes of memory."""
MAX_LINES = 2_000_000
"""Of a CSV, empty ones included: to read so many takes some seconds, to count them little."""
_PIECE = 1 << 20
SEPARATORS = ",;\t"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
)
"""Control characters that are no blanks, marks of direction, and what has no width."""


@dataclass(frozen=True)
class Table:
    """`columns` in order, `rows` with the number of the line each began on, with a cell for each
    column, and more only where the line has more values than there are columns; `notes` says what a person
    should know of how it was read, in sentences.
    """

    path: Path
    columns: list[str]
    rows: list[tuple[int, list[str]]]
    notes: tuple[str, ...] = ()


def read_table(path: Path) -> Table:
    """Read the table at `path`: CSV with comma, semicolon or tab (UTF-8, UTF-16, Windows-1252), or .xlsx.

    Cells are stripped; empty cells beyond the last column are dropped, and missing ones are empty. An
    apostrophe that `harmless` put before a text is taken away. Raises `UserError`, with the line, for a
    quotation mark that is never closed, and for a file that is no table.
    """
    content = _bytes(path)
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        found, notes = excel_rows(path, content)
        lines: Iterator[tuple[int, list[str]]] = iter(found)
    else:
        encoding, notes = _encoding(path, content)
        # Only these end a line, `\n`, `\r\n` and `\r`: a vertical tab or a form feed is part of a text.
        lines = _from_text(path, io.TextIOWrapper(io.BytesIO(content), encoding, newline=None))
    del content
    columns: list[str] = []
    rows: list[tuple[int, list[str]]] = []
    n_cells = 0
    for number, raw in lines:
        n_cells += len(raw)
        if n_cells > MAX_CELLS or len(raw) > MAX_COLUMNS:
            raise UserError(_too_much(path))
        cells = [as_meant(cell.strip()) for cell in raw]
        while cells and not cells[-1] and len(cells) > len(columns) and columns:
            cells.pop()
        if not any(cells):
            continue
        if not columns:
            if cells[0].startswith("#"):
                continue
            columns = [squeezed(cell) for cell in cells]
            while columns and not columns[-1]:
                columns.pop()
            continue
        rows.append((number, cells + [""] * (len(columns) - len(cells))))
    if not columns:
        raise UserError(tr("{path} is empty; its first line must name the columns.", path=path))
    return Table(path, columns, rows, (*notes, *_twice(path, columns)))


def _too_much(path: Path) -> str:
    return tr(
        "{path} holds more than {columns:,} columns or {cells:,} cells, too large for a table.",
        path=path,
        columns=MAX_COLUMNS,
        cells=MAX_CELLS,
    )


def _twice(path: Path, columns: list[str]) -> list[str]:
    """A note for each name that several columns have."""
    return [
        tr("{name} has several columns called {column}; the first counts.", name=path.name, column=column)
        for column, n in Counter(columns).items()
        if column and n > 1
    ]


def squeezed(text: str) -> str:
    """A name in one form: composed Unicode, single blanks, nothing invisible."""
    return " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFC", text)).split())


def harmless(text: str) -> str:
    """The text, with an apostrophe before it if a spreadsheet would run it, such as `=HYPERLINK(...)`."""
    return f"'{text}" if text.startswith(_FORMULA) and not _is_number(text) else text


def as_meant(text: str) -> str:
    """The text before `harmless` made it plain, for reading our own tables again."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return "\n" not in text and "\r" not in text and "\t" not in text


def _from_text(path: Path, text: IO[str]) -> Iterator[tuple[int, list[str]]]:
    skipped, separator, lines = 0, "", _lines(path, text)
    for line in lines:
        plain = line.strip()
        if plain and not plain.startswith("#"):
            given = re.fullmatch(r'"?sep=(.)"?', line.strip(" \n"), re.IGNORECASE)
            if given is None or separator:
                break
            separator = given.group(1)
        skipped += 1
    else:
        raise UserError(tr("{path} is empty; its first line must name the columns.", path=path))
    header = line.rstrip("\n")
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(
        chain([line], lines), delimiter=separator or max(SEPARATORS, key=header.count), strict=True
    )
    while True:
        begins = skipped + reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise UserError(_csv_problem(path, begins, str(error))) from error
        yield begins, cells


def _lines(path: Path, text: IO[str]) -> Iterator[str]:
    """The lines, with what ends them; none is read before its turn comes."""
    number = 0
    while line := text.readline(MAX_LINE + 1):
        number += 1
        if len(line) > MAX_LINE:
            raise UserError(
                tr(
                    "Line {line} of {path} has more than {max_line:,} characters.",
                    line=number,
                    path=path,
                    max_line=MAX_LINE,
                )
            )
        yield line


def _csv_problem(path: Path, line: int, why: str) -> str:
    if "unexpected end of data" in why:
        return tr("A quotation mark opened in line {line} of {path} is never closed.", line=line, path=path)
    if "expected after" in why:
        return tr(
            "In the row that begins in line {line} of {path} a quotation mark stands "
            "within a text; write it twice.",
            line=line,
            path=path,
        )
    if "field larger" in why:
        return tr(
            "Line {line} of {path} holds a value of more than {max_cell:,} characters.",
            line=line,
            path=path,
            max_cell=MAX_CELL,
        )
    return tr("{path} is not a CSV file: line {line} cannot be read.", path=path, line=line)


def _bytes(path: Path) -> bytes:
    try:
        check_regular(path, MAX_BYTES)
        return path.read_bytes()
    except FileNotFoundError:
        raise UserError(tr("The table {path} does not exist.", path=path)) from None
    except OSError as error:
        raise UserError(
            tr("The table {path} cannot be read: {reason}.", path=path, reason=system_reason(error))
        ) from error


def _encoding(path: Path, content: bytes) -> tuple[str, list[str]]:
    """UTF-8 or UTF-16 by its mark or by its zeros, else UTF-8, else what Windows writes in Europe, with a
    note: it could be another alphabet's.
    """
    head = content[:200]
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif 4 * head.count(0) > len(head):
        encodings = ["utf-16-le" if content[1:2] == b"\0" else "utf-16-be"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            if not _is_text(path, content, encoding):
                break
        except UnicodeDecodeError:
            continue
        notes = []
        if encoding == "cp1252":
            notes.append(
                tr(
                    "{name} is not written in UTF-8; its letters were taken as those of Windows in Western "
                    "Europe. If names look wrong, save it as CSV UTF-8.",
                    name=path.name,
                )
            )
        return encoding, notes
    raise UserError(tr("{path} is not text; save it as CSV in UTF-8.", path=path))


def _is_text(path: Path, content: bytes, encoding: str) -> bool:
    """Whether it holds no zeros; `UnicodeDecodeError` where it is not written so, `UserError` for too many
    lines. Piece by piece: one rare letter makes each of a whole text take four bytes.
    """
    decoder, n = codecs.getincrementaldecoder(encoding)(), 0
    for start in range(0, len(content), _PIECE):
        piece = decoder.decode(content[start : start + _PIECE])
        if "\0" in piece:
            return False
        n += piece.count("\n") + piece.count("\r") - piece.count("\r\n")
    decoder.decode(b"", final=True)
    if n > MAX_LINES:
        raise UserError(
            tr("{path} holds more than {lines:,} lines, too large for a table.", path=path, lines=MAX_LINES)
        )
    return True
