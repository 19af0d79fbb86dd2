"""A table from anybody: read, or one sentence, in little time and memory, whatever it holds."""

from __future__ import annotations

import io
import time
import tracemalloc
import zipfile
from pathlib import Path

import openpyxl
import pytest

from medlabeler.domain.errors import UserError
from medlabeler.project import excel_table, table
from medlabeler.project.table import read_table

SHEET = "xl/worksheets/sheet1.xml"
NAMESPACE = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
HEADER = (
    b'<row r="1"><c r="A1" t="inlineStr"><is><t>image</t></is></c>'
    b'<c r="B1" t="inlineStr"><is><t>label</t></is></c></row>'
)
MOST_S = 8.0


def workbook(path: Path, rows: bytes, before: bytes = b"", behind: bytes = b"") -> Path:
    """A workbook whose one sheet holds a header and these rows, as XML."""
    made = io.BytesIO()
    openpyxl.Workbook().save(made)
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == SHEET:
                content = (
                    NAMESPACE + before + b"<sheetData>" + HEADER + rows + b"</sheetData>" + behind
                ) + b"</worksheet>"
            target.writestr(name, content)
    return path


def in_time(path: Path) -> table.Table:
    """The table, read in time; what is refused is refused in time, too."""
    began = time.process_time()
    try:
        return read_table(path)
    finally:
        assert time.process_time() - began < MOST_S


def refused(path: Path, sentence: str) -> None:
    """That it is, in time."""
    with pytest.raises(UserError, match=sentence):
        in_time(path)


def test_a_hundred_thousand_comments_before_the_header(tmp_path: Path) -> None:
    """Fails before: all that followed was copied for each of them, 5 million for hours."""
    path = tmp_path / "t.csv"
    path.write_text("# made by a program\n" * 200_000 + "image,label\na.png,x\n")
    found = in_time(path)
    assert found.rows == [(200_002, ["a.png", "x"])]


def test_a_long_line_and_many_lines_take_little_more_than_the_file(tmp_path: Path) -> None:
    """Fails before: eight times the file, of a 1 GB table all memory there is."""
    path = tmp_path / "t.csv"
    path.write_bytes(b'image,label\n"' + b"a" * 60_000_000)
    tracemalloc.start()
    refused(path, "more than 16,000,000 characters")
    assert tracemalloc.get_traced_memory()[1] < 4 * path.stat().st_size
    tracemalloc.stop()


def test_cells_and_columns_are_counted_as_they_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table, "MAX_CELLS", 30_000)
    (tmp_path / "long.csv").write_text("image,label\n" + "a,b\n" * 20_000)
    refused(tmp_path / "long.csv", "too large for a table")
    (tmp_path / "fits.csv").write_text("image,label\n" + "a,b\n" * 10_000)
    assert len(in_time(tmp_path / "fits.csv").rows) == 10_000
    (tmp_path / "wide.csv").write_text(",".join(f"c{n}" for n in range(20_000)) + "\n")
    refused(tmp_path / "wide.csv", "too large for a table")


def test_a_workbook_that_says_to_be_as_large_as_excel_allows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails before: a file of 5 KB kept the program busy for hours, one of 500 KB took all memory."""
    said = b'<dimension ref="A1:XFD1048576"/>'
    row = b'<row r="%d"><c r="A%d" t="inlineStr"><is><t>a.png</t></is></c></row>'
    found = in_time(workbook(tmp_path / "said.xlsx", row % (60_000, 60_000), said))
    assert found.rows == [(60_000, ["a.png", ""])]
    monkeypatch.setattr(excel_table, "MAX_CELLS", 1_000_000)
    far = b"".join(b'<row r="%d"><c r="XFD%d"><v>1</v></c></row>' % (n, n) for n in range(2, 3000))
    refused(workbook(tmp_path / "far.xlsx", far), "too large for a table")
    beyond = b'<row r="4000000"><c r="A4000000"><v>1</v></c></row>'
    refused(workbook(tmp_path / "beyond.xlsx", beyond), "too large for a table")


def test_merged_cells_that_cover_each_other(tmp_path: Path) -> None:
    rows = b"".join(
        b'<row r="%d"><c r="A%d"><v>1</v></c><c r="B%d"/></row>' % (n, n, n) for n in range(2, 2000)
    )
    merged = b"<mergeCells>" + b'<mergeCell ref="A1:XFD1048576"/>' * 20_000 + b"</mergeCells>"
    refused(workbook(tmp_path / "t.xlsx", rows, behind=merged), "cannot be read as an Excel file")


def test_a_merged_cell_covers_rows_in_which_nothing_else_is_written(tmp_path: Path) -> None:
    rows = b"".join(
        b'<row r="%d"><c r="A%d" t="inlineStr"><is><t>%d.png</t></is></c>%s</row>'
        % (n, n, n, b'<c r="B2" t="inlineStr"><is><t>x</t></is></c>' if n == 2 else b"")
        for n in (2, 3, 4)
    )
    path = workbook(tmp_path / "t.xlsx", rows, behind=b'<mergeCells><mergeCell ref="B2:B4"/></mergeCells>')
    found = in_time(path)
    assert [cells for _, cells in found.rows] == [["2.png", "x"], ["3.png", "x"], ["4.png", "x"]]


@pytest.mark.parametrize(
    "source",
    [
        b'<c r="A1"><f>1</f>' + b" " * 200_000,
        b'<c r="A1"><f>1</f><v>' + b" " * 200_000,
        b"<c " * 200_000,
        b"<mergeCell " * 100_000,
        b'<row r="1" ' * 100_000,
        b"<c r=" + b"a" * 300_000 + b"><f " + b"b" * 300_000,
    ],
)
def test_what_is_sought_in_a_sheet_is_sought_once(source: bytes) -> None:
    """Fails before: blanks behind a formula took time by the square of their number."""
    began = time.process_time()
    for pattern in (excel_table._WITHOUT_RESULT, excel_table._MERGED, excel_table._HIDDEN):
        assert pattern.findall(source) == []
    assert time.process_time() - began < 2


def test_a_line_without_end_and_lines_without_number_are_refused_before_they_are_read(tmp_path: Path) -> None:
    """Fails before: 5 GB and 20 s for half a gigabyte of commas, minutes for as many empty lines."""
    (tmp_path / "commas.csv").write_bytes(b"image,label\n" + b"," * 60_000_000)
    (tmp_path / "empty.csv").write_bytes(b"image,label\n" + b"\n" * 60_000_000)
    (tmp_path / "mac.csv").write_bytes(b"image,label\r" + b"a,b\r" * 10_000_000)
    tracemalloc.start()
    refused(tmp_path / "commas.csv", "Line 2 of .* has more than 16,000,000 characters")
    refused(tmp_path / "empty.csv", "more than 2,000,000 lines")
    refused(tmp_path / "mac.csv", "more than 2,000,000 lines")
    assert tracemalloc.get_traced_memory()[1] < 200_000_000
    tracemalloc.stop()


def test_one_rare_letter_does_not_make_all_others_large(tmp_path: Path) -> None:
    """Fails before: four bytes for each letter of the file, and a copy of all of them."""
    path = tmp_path / "t.csv"
    path.write_bytes("image,label\n😀.png,x\n".encode() + b"a.png,%b\r\n" % (b"y" * 1000) * 20_000)
    tracemalloc.start()
    found = in_time(path)
    assert tracemalloc.get_traced_memory()[1] < 4 * path.stat().st_size
    tracemalloc.stop()
    assert found.rows[0] == (2, ["😀.png", "x"])
    assert len(found.rows) == 20_001


@pytest.mark.parametrize("part", ["cells", "unknown", "beside"])
def test_a_workbook_of_more_elements_than_the_library_reads_in_time(tmp_path: Path, part: str) -> None:
    """Fails before: read all the same, up to a minute for a file of some hundred kilobytes."""
    path, many = tmp_path / "t.xlsx", 2_000_000
    if part == "cells":
        workbook(path, b"<row>" + b"<c/>" * many + b"</row>")
    elif part == "unknown":
        workbook(path, b"", behind=b"<q/>" * many)
    else:
        workbook(path, b"")
        with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/more.xml", b"<xf/>" * 200_000)
    began = time.process_time()
    refused(path, "too much for an Excel table")
    assert time.process_time() - began < MOST_S / 4
