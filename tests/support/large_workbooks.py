"""Workbooks of what a table may hold at most, each large in another way; written by hand, for no library
writes them fast enough.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from medlabeler.project.excel_table import MAX_BESIDE, MAX_BYTES, MAX_CELLS, MAX_ELEMENTS, MAX_ROWS

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_STYLES = (
    '<fonts count="1"><font/></fonts><fills count="1"><fill><patternFill/></fill></fills>'
    '<borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0"/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs>'
)
_ROOM = 2_000
"""Elements left for what else a workbook consists of."""


def _write(
    path: Path,
    rows: Iterator[str],
    *,
    behind: str = "",
    styles: str = _STYLES,
    texts: Iterable[str] = (),
) -> None:
    relation = f"{_PACKAGE}/relationships"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="application/'
            'vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPES}worksheet+xml"/>'
            f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_TYPES}sharedStrings+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{_TYPES}styles+xml"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{relation}"><Relationship Id="a" Type="{_OFFICE}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="s" sheetId="1" r:id="a"/>'
            "</sheets></workbook>",
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{relation}">'
            f'<Relationship Id="a" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
            f'<Relationship Id="b" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
            f'<Relationship Id="c" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
        )
        archive.writestr("xl/styles.xml", f'<styleSheet xmlns="{_MAIN}">{styles}</styleSheet>')
        with archive.open("xl/sharedStrings.xml", "w") as part:
            part.write(f'<sst xmlns="{_MAIN}">'.encode())
            for text in texts:
                part.write(f"<si><t>{text}</t></si>".encode())
            part.write(b"</sst>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            part.write(f'<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
            for row in rows:
                part.write(row.encode())
            part.write(f"</sheetData>{behind}</worksheet>".encode())


def _of(cell: Callable[[int], str], n_elements: int, in_cell: int, columns: int) -> Iterator[str]:
    """Rows of that many columns until there are `n_elements`, `in_cell` of them in each cell."""
    for row in range((n_elements - _ROOM) // (in_cell * columns + 1)):
        yield f"<row>{''.join(cell(row * columns + i) for i in range(columns))}</row>"


def numbers(path: Path) -> None:
    """As many cells as there may be, each a number."""
    _write(path, _of(lambda i: f"<c><v>{i}.5</v></c>", MAX_ELEMENTS, 2, 5))


def dates(path: Path) -> None:
    """The same of dates with a time."""
    _write(path, _of(lambda i: f'<c s="1"><v>{40000 + i % 5000}.37</v></c>', MAX_ELEMENTS, 2, 5))


def dates_as_text(path: Path) -> None:
    """The same, in the form of ISO 8601, which counts for four elements each."""
    _write(path, _of(lambda i: f'<c t="d"><v>2024-03-{1 + i % 28:02}T10:11:12</v></c>', MAX_ELEMENTS, 4, 5))


def texts_in_cells(path: Path) -> None:
    """Texts that stand in their cells, which count for four elements each."""
    _write(path, _of(lambda i: f'<c t="inlineStr"><is><t>image {i}</t></is></c>', MAX_ELEMENTS, 4, 5))


def texts_apart(path: Path) -> None:
    """Texts, each told once beside the sheet, where it counts for three elements; three more in the sheet."""
    n = MAX_ELEMENTS // 6 - _ROOM
    cells = _of(lambda i: f'<c t="s"><v>{i}</v></c>', 3 * n, 2, 1)
    _write(path, cells, texts=(f"a rather long name of an image {i}" for i in range(n)))


def one_column(path: Path) -> None:
    """As many rows as a sheet may have that hold one cell each."""
    _write(path, _of(lambda i: "<c><v>1</v></c>", MAX_ELEMENTS, 2, 1))


def empty_rows(path: Path) -> None:
    """As many rows as a sheet may have."""
    _write(path, iter(["<row><c><v>1</v></c></row>", "<row/>" * (MAX_ROWS - 2)]))


def far_to_the_right(path: Path) -> None:
    """Rows of one cell in the last column of all: all before it are empty cells."""
    _write(path, (f'<row><c r="XFD{i}"><v>1</v></c></row>' for i in range(1, MAX_CELLS // 2**14)))


def one_text(path: Path) -> None:
    """One cell that unfolds to nearly all that is allowed."""
    _write(path, iter([f'<row><c t="inlineStr"><is><t>{"x" * (MAX_BYTES - 100_000)}</t></is></c></row>']))


def long_texts(path: Path) -> None:
    """Thousands of texts that unfold to nearly all that is allowed together."""
    n = 3_000
    cell = f'<row><c t="inlineStr"><is><t>{"ä" * ((MAX_BYTES - 10**6) // (2 * n) - 60)}</t></is></c></row>'
    _write(path, (cell for _ in range(n)))


def merged(path: Path) -> None:
    """One text over all cells of a wide sheet, by a merge of each row."""
    columns = 16_384
    rows = MAX_CELLS // columns - 1
    merges = "".join(f'<mergeCell ref="A{row}:XFD{row}"/>' for row in range(1, rows + 1))
    cells = (
        f'<row r="{i}"><c r="A{i}" t="inlineStr"><is><t>one</t></is></c><c r="XFD{i}"/></row>'
        for i in range(1, rows + 1)
    )
    _write(path, cells, behind=f"<mergeCells>{merges}</mergeCells>")


def many_merges(path: Path) -> None:
    """As many merged cells as there may be, each for eight elements beside the four of its row."""
    n = MAX_ELEMENTS // 12
    merges = "".join(f'<mergeCell ref="A{row}:B{row}"/>' for row in range(1, n))
    _write(
        path,
        ("<row><c><v>1</v></c><c/></row>" for _ in range(n - _ROOM)),
        behind=f"<mergeCells>{merges}</mergeCells>",
    )


def styles(path: Path) -> None:
    """As many formats as may stand beside the sheets."""
    formats = '<xf numFmtId="14" fontId="0"/>' * (MAX_BESIDE - 100)
    made = _STYLES.replace('<cellXfs count="2">', f'<cellXfs count="{MAX_BESIDE}">{formats}')
    _write(path, iter(["<row><c><v>1</v></c></row>"]), styles=made)


def fonts(path: Path) -> None:
    """As many fonts."""
    made = _STYLES.replace(
        "<font/>", "<font><b/><sz val='10'/><name val='x'/></font>" * ((MAX_BESIDE - 100) // 4)
    )
    _write(path, iter(["<row><c><v>1</v></c></row>"]), styles=made)


def number_formats(path: Path) -> None:
    """As many formats of numbers, each its own."""
    each = "".join(
        f'<numFmt numFmtId="{i}" formatCode="0.{"0" * (i % 40)}\\ {i}"/>' for i in range(200, MAX_BESIDE // 2)
    )
    xfs = "".join(f'<xf numFmtId="{i}"/>' for i in range(200, MAX_BESIDE // 2 - 100))
    made = f"<numFmts>{each}</numFmts>" + _STYLES.replace('<cellXfs count="2">', f'<cellXfs count="9">{xfs}')
    _write(path, iter(["<row><c><v>1</v></c></row>"]), styles=made)


WAYS = (
    numbers, dates, dates_as_text, texts_in_cells, texts_apart, one_column, empty_rows, far_to_the_right,
    one_text, long_texts, merged, many_merges, styles, fonts, number_formats,
)  # fmt: skip
