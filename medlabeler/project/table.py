"""The one reader of tables that people bring: CSV as spreadsheets and scripts write it, and Excel's files.

Nothing is guessed about what a cell means, only how the file is written: its encoding, its separator, Excel's
`sep=` line, blank and comment lines before the header. What cannot be told for sure is refused with its line.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.regular_files import check_regular

MAX_CELL = 16_000_000
"""Characters of a cell; the csv module's own limit, 131,072, calls honest tables broken."""
MAX_BYTES = 1_000_000_000
SEPARATORS = ",;\t"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff]")


@dataclass(frozen=True)
class Table:
    """`columns` in order, `rows` with the number of the line each began on, with a cell for each
    column, and more only where the line has more values than there are columns.
    """

    path: Path
    columns: list[str]
    rows: list[tuple[int, list[str]]]


def read_table(path: Path) -> Table:
    """Read the table at `path`: CSV with comma, semicolon or tab (UTF-8, UTF-16, Windows-1252), or .xlsx.

    Cells are stripped; empty cells beyond the last column are dropped, and missing ones are empty. An
    apostrophe that `harmless` put before a text is taken away. Raises `UserError`, with the line, for a
    quotation mark that is never closed, and for a file that is no table.
    """
    lines = _from_excel(path) if path.suffix.lower() in (".xlsx", ".xlsm") else _from_text(path)
    columns: list[str] = []
    rows: list[tuple[int, list[str]]] = []
    for number, raw in lines:
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
    return Table(path, columns, rows)


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


def _from_text(path: Path) -> Iterator[tuple[int, list[str]]]:
    text = _decoded(path, _bytes(path))
    # Only these end a line: a vertical tab or a form feed is part of a text.
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    skipped, separator = 0, ""
    while text:
        line, _, rest = text.partition("\n")
        given = re.fullmatch(r'"?sep=(.)"?', line.strip(" "), re.IGNORECASE)
        if given and not separator:
            separator = given.group(1)
        elif line.strip() and not line.lstrip().startswith("#"):
            break
        text, skipped = rest, skipped + 1
    if not text:
        raise UserError(tr("{path} is empty; its first line must name the columns.", path=path))
    header = text.partition("\n")[0]
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=separator or max(SEPARATORS, key=header.count), strict=True
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
            tr("The table {path} cannot be read: {strerror}.", path=path, strerror=error.strerror)
        ) from error


def _decoded(path: Path, content: bytes) -> str:
    """UTF-8 or UTF-16 by its mark or by its zeros, else UTF-8, else what Windows writes in Europe."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\0" in content[:200]:
        encodings = ["utf-16-le" if content[1:2] == b"\0" else "utf-16-be"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise UserError(tr("{path} is not text; save it as CSV in UTF-8.", path=path))


def _from_excel(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Rows of the first sheet, as Excel shows them."""
    import openpyxl

    content = _bytes(path)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(item.file_size for item in archive.infolist()) > MAX_BYTES:
                raise UserError(
                    tr(
                        "{path} unfolds to more than {max_bytes} GB, too large for a table.",
                        path=path,
                        max_bytes=MAX_BYTES // 10**9,
                    )
                )
        book: Any = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
            yield number, [_excel_text(cell) for cell in cells]
    except UserError:
        raise
    except Exception as error:  # a damaged file makes the library raise almost anything
        raise UserError(tr("{path} cannot be read as an Excel file; save it as CSV.", path=path)) from error


def _excel_text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
