"""Tables as people and published sets write them: read as meant, or refused with the line, never misread."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PIL import Image

from medlabeler.domain.errors import UserError
from medlabeler.domain.progress import SilentProgress
from medlabeler.domain.types import LabelKind
from medlabeler.export.tables import write_csv, write_labels_csv
from medlabeler.jobs import import_images, label
from medlabeler.project.image_finder import ImageFinder
from medlabeler.project.manifest import Guessed, ManifestContents, guessed, read_manifest
from medlabeler.project.project import Project
from medlabeler.project.sources import Spec
from medlabeler.project.table import read_table, squeezed
from medlabeler.project.table_columns import NO_COLUMN, Chosen

NAMES = ("c1.png", "c2.png", "c3.png", "sub/c4.JPG", "-12.png", "Bl\u00e4st.png")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in NAMES:
        path = tmp_path / "images" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    return tmp_path / "images"


def read(folder: Path, text: str | bytes, name: str = "m.csv") -> ManifestContents:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_manifest(path)


def test_the_column_of_the_image_is_found_by_what_stands_there(folder: Path) -> None:
    table = "nr,Aufnahme,Beurteilung\n1,c1.png,a\n2,sub\\\\c4.JPG,b\n3,c3.png,\n"
    found = read(folder, table)
    assert [Path(row.file).name for row in found.rows] == ["c1.png", "c4.JPG", "c3.png"]
    assert {row.label for row in found.rows} == {None}, (
        "no column is taken for the class by what stands there"
    )
    assert guessed(folder / "m.csv") == Guessed(("nr", "Aufnahme", "Beurteilung"), "Aufnahme", NO_COLUMN)


def test_a_table_without_names_of_columns_is_refused_and_no_row_of_it_is_lost(folder: Path) -> None:
    """Its first image would be taken for a name, and left out without a word."""
    with pytest.raises(UserError, match=r"names an image, c1.png, where the names of the columns"):
        read(folder, "c1.png,a\nc2.png,b\nc3.png,b\n")


def test_none_may_be_the_name_of_a_class(folder: Path) -> None:
    """A finding of nothing is written so as well: whoever knows says which it is."""
    (folder / "m.csv").write_text("image,finding\nc1.png,None\nc2.png,polyp\nc3.png, NONE\n")
    found = guessed(folder / "m.csv")
    assert (found.label, dict(found.nothing)) == ("finding", {"finding": ("NONE", "None")})
    plain = read_manifest(folder / "m.csv")
    assert labels(plain) == [("c1.png", None), ("c2.png", "polyp"), ("c3.png", None)]
    assert plain.notes[0].startswith("2 rows say NaN, NA or None")
    named = read_manifest(folder / "m.csv", chosen=Chosen(none_is_class=True))
    assert labels(named) == [("c1.png", "None"), ("c2.png", "polyp"), ("c3.png", "NONE")]
    assert not any("NaN" in note for note in named.notes)


def test_columns_that_name_a_class_each_are_told_as_such(folder: Path) -> None:
    (folder / "m.csv").write_text("image,MEL,NV\nc1.png,1,0\nc2.png,0,1\n")
    assert guessed(folder / "m.csv") == Guessed(("image", "MEL", "NV"), "image", "", 2)
    assert labels(read_manifest(folder / "m.csv", chosen=Chosen(label=NO_COLUMN))) == [
        ("c1.png", None),
        ("c2.png", None),
    ]


def test_numbers_are_no_names_of_files_and_no_folder_is_walked_for_them(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "12.png").write_bytes(b"x")
    monkeypatch.setattr(ImageFinder, "_listing", lambda _self: pytest.fail("the folders are walked"))
    with pytest.raises(UserError, match="none with the names of files"):
        read(folder, "age,dose\n12,3\n12,4\n")


def test_columns_that_a_person_chose_come_before_what_they_are_called(folder: Path) -> None:
    (folder / "m.csv").write_text("image,label,Second Look,other\nc1.png,a,x,c2.png\nc3.png,b,y,sub/c4.JPG\n")
    chosen = read_manifest(folder / "m.csv", chosen=Chosen("OTHER", "second  look"))
    assert labels(chosen) == [("c2.png", "x"), ("c4.JPG", "y")]
    assert chosen.rows[0].metadata == {"image": "c1.png", "label": "a"}
    without = read_manifest(folder / "m.csv", chosen=Chosen(label=NO_COLUMN))
    assert labels(without) == [("c1.png", None), ("c3.png", None)]
    with pytest.raises(UserError, match="no column named Klasse; its columns are: image, label, Second Look"):
        read_manifest(folder / "m.csv", chosen=Chosen(label="Klasse"))


@pytest.mark.parametrize(
    "head", ["Datei;Befund", "Bildname;Diagnose", "Dateiname;Klasse", "fichier;classe", "archivo;clase"]
)
def test_columns_are_known_in_other_languages(folder: Path, head: str) -> None:
    assert labels(read(folder, f"{head}\nc1.png;a\nc2.png;b\n")) == PLAIN


def labels(contents: ManifestContents) -> list[tuple[str, str | None]]:
    return [(Path(row.file).name, row.label) for row in contents.rows]


PLAIN = [("c1.png", "a"), ("c2.png", "b")]


@pytest.mark.parametrize(
    "text",
    [
        "image,label\nc1.png,a\nc2.png,b\n",
        "image;label\nc1.png;a\nc2.png;b\n",
        "image\tlabel\nc1.png\ta\nc2.png\tb\n",
        "sep=;\nimage;label\nc1.png;a\nc2.png;b\n",
        '"sep=,"\r\nimage,label\r\nc1.png,a\r\nc2.png,b\r\n',
        "\n\n# made by a scanner\nimage,label\nc1.png,a\n\nc2.png,b\n",
        "image,label\rc1.png,a\rc2.png,b\r",
        "image,label,\nc1.png,a,\nc2.png,b,,\n",
        "image,label\nc1,a\nc2,b\n",
        ",lesion_id,image_id,dx\n0,L1,c1,a\n1,L2,c2,b\n",
        "Filename,Class\n./c1.png,a\n.\\c2.png,b\n",
        "image,label\nC:\\data\\old\\c1.png,a\nD:/c2.png,b\n",
        "image,a,b\nc1.png,1,0\nc2.png,0.0,1.0\n",
        "\ufeffimage,label\nc1.png,a\nc2.png,b\n",
        "image,label\nc1.png,\u200ba\nc2.png, b \n",
        "image,label\nc1.png,\u202ba\u202c\nc2.png,b\x07\u200e\n",
        "image,a,b\nc1.png,TRUE,FALSE\nc2.png,false,true\n",
        "image,label,split\nc1.png,a,val\nc2.png,b,Validation\n",
    ],
    ids=lambda text: text[:24].encode("unicode_escape").decode(),
)
def test_all_these_say_the_same(folder: Path, text: str) -> None:
    assert labels(read(folder, text)) == PLAIN


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_encodings(folder: Path, encoding: str) -> None:
    text = "image,label\nBl\u00e4st.png,Zellgr\u00f6\u00dfe\n".encode(encoding)
    assert labels(read(folder, text)) == [("Bl\u00e4st.png", "Zellgr\u00f6\u00dfe")]


def test_an_excel_file(folder: Path) -> None:
    book = openpyxl.Workbook()
    for line in (["image", "label", "age"], ["c1.png", "a", 61], [None, None, None], ["c2.png", "b", 7.5]):
        book.active.append(line)
    book.save(folder / "m.xlsx")
    contents = read_manifest(folder / "m.xlsx")
    assert labels(contents) == PLAIN
    assert [row.metadata["age"] for row in contents.rows] == ["61", "7.5"]


def workbook(path: Path, lines: list[list[Any]], change: Callable[[Any, Any], object] | None = None) -> Path:
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(line)
    if change is not None:
        change(book, book.active)
    book.save(path)
    return path


def test_a_merged_cell_counts_for_all_it_covers(folder: Path) -> None:
    lines = [["image", "label", "age"], ["c1.png", "a", 1], ["c2.png", None, 2], ["c3.png", "b", 3]]
    path = workbook(folder / "m.xlsx", lines, lambda _, sheet: sheet.merge_cells("B2:B3"))
    assert labels(read_manifest(path)) == [("c1.png", "a"), ("c2.png", "a"), ("c3.png", "b")]


def test_what_excel_made_of_a_class_is_told(folder: Path) -> None:
    day = datetime.datetime(2026, 3, 2)
    path = workbook(folder / "m.xlsx", [["image", "label"], ["c1.png", day], ["c2.png", "2-3"]])
    contents = read_manifest(path)
    assert labels(contents) == [("c1.png", "2026-03-02"), ("c2.png", "2-3")]
    assert contents.notes == [
        "1 row of m.xlsx with a date where the label stands: Excel makes dates of texts such as 2-3."
    ]


def test_a_formula_without_its_result_is_no_empty_cell(folder: Path) -> None:
    with pytest.raises(UserError, match=r"cell B2 of .* formula without its result"):
        read_table(workbook(folder / "m.xlsx", [["image", "label"], ["c1.png", '=LOWER("A")']]))


def test_zeros_before_a_number_are_read_as_they_are_shown(folder: Path) -> None:
    def zeros(_: Any, sheet: Any) -> None:
        sheet["A2"].number_format = "0000"

    table = read_table(workbook(folder / "m.xlsx", [["image", "label"], [7, True], [8.0, 1.5]], zeros))
    assert [cells for _, cells in table.rows] == [["0007", "TRUE"], ["8", "1.5"]]


def test_other_sheets_and_hidden_rows_are_told(folder: Path) -> None:
    def more(book: Any, sheet: Any) -> None:
        book.create_sheet("empty", 0)
        book.create_sheet("later").append(["image", "label"])
        book.create_sheet("hidden", 0).append(["other"])
        book["hidden"].sheet_state = "hidden"
        sheet.row_dimensions[3].hidden = True

    path = workbook(folder / "m.xlsx", [["image", "label"], ["c1.png", "a"], ["c2.png", "b"]], more)
    contents = read_manifest(path)
    assert labels(contents) == PLAIN
    assert contents.notes == [
        "m.xlsx has 2 sheets; only Sheet is read.",
        "m.xlsx has 1 row that Excel hides; what is hidden is read like the rest.",
    ]


def test_letters_that_could_be_of_another_alphabet_are_told(folder: Path) -> None:
    contents = read(folder, "image,label\nc1.png,\u816b\u760d\n".encode("shift-jis"))
    assert contents.notes[0].startswith("m.csv is not written in UTF-8")
    assert read(folder, "image,label\nc1.png,\u816b\u760d\n").notes == []


def test_a_zero_byte_is_no_other_encoding(folder: Path) -> None:
    with pytest.raises(UserError, match="is not text"):
        read(folder, b"image,label\nc1.png,a\0b\n")


@pytest.mark.parametrize("names", [("Mel", "mel", "MEL"), ("1", "1.0", "01")])
def test_classes_that_are_written_almost_alike_are_told(folder: Path, names: tuple[str, ...]) -> None:
    text = "image,label\n" + "".join(f"c{k}.png,{name}\n" for k, name in enumerate(names, start=1))
    contents = read(folder, text)
    assert [label for _, label in labels(contents)] == list(names)
    assert "almost alike" in contents.notes[0]
    assert all(name in contents.notes[0] for name in names)


def test_a_class_that_is_almost_one_of_the_project_is_told(tmp_path: Path, folder: Path) -> None:
    for name in NAMES:
        Image.new("L", (8, 8)).save(folder / name)
    (folder / "one.csv").write_text("image,label\nc1.png,1\n")
    (folder / "two.csv").write_bytes("image,label,site\nc2.png,1.0,K\u00f6ln\n".encode("cp1252"))
    with Project.create(tmp_path / "p") as project:
        import_images.run(project, import_images.Params(Spec(images=folder)), SilentProgress())
        first = label.run(project, label.Params(csv=folder / "one.csv"), SilentProgress())
        second = label.run(project, label.Params(csv=folder / "two.csv"), SilentProgress())
    assert (first.summary["alike"], second.summary["alike"]) == ([], ["1", "1.0"])
    assert "almost alike: 1, 1.0" in second.sentence
    assert "two.csv is not written in UTF-8" in second.sentence
    assert (first.summary["notes"], len(second.summary["notes"])) == ([], 1)


def test_columns_that_hold_no_class_for_sure_are_told(folder: Path) -> None:
    contents = read(folder, "image,a,b,male\nc1.png,1,0,1\nc2.png,0,1,0\n")
    assert [label for _, label in labels(contents)] == [None, None]
    assert contents.notes[0].startswith("The columns a, b, male of m.csv hold 0 and 1")


def test_of_two_columns_of_one_name_the_first_counts_and_that_is_told(folder: Path) -> None:
    contents = read(folder, "image,label,label\nc1.png,a,x\nc2.png,b,y\n")
    assert labels(contents) == PLAIN
    assert contents.notes[0] == "m.csv has several columns called label; the first counts."


def test_blanks_in_names_and_the_folders_in_a_name(folder: Path) -> None:
    for name in ("a  b.png", "old\\c9.png"):
        (folder / name).write_bytes(b"x")
    found = read(folder, "image,label\na b.png,a\nold\\c9.png,b\n")
    assert labels(found) == [("a  b.png", "a"), ("old\\c9.png", "b")]


def test_a_vertical_tab_is_text_and_a_long_cell_is_a_cell(folder: Path) -> None:
    text = "image,label,note\nc1.png,a,one\x0btwo\x0cthree\x85four\nc2.png,b," + "1 " * 300_000 + "\n"
    contents = read(folder, text)
    assert labels(contents) == PLAIN
    assert contents.rows[0].metadata["note"] == "one\x0btwo\x0cthree\x85four"
    assert len(contents.rows[1].metadata["note"]) > 500_000


def test_no_label_is_no_class_and_that_is_told(folder: Path) -> None:
    contents = read(folder, "image,label\nc1.png,NaN\nc2.png,NA\nc3.png,None\nsub/c4.JPG,a\n")
    assert [text for _, text in labels(contents)] == [None, None, None, "a"]
    assert contents.notes[-1].startswith("3 rows say NaN, NA or None")


def test_two_rows_for_one_image_that_differ_are_told(folder: Path) -> None:
    contents = read(folder, "image,label\nc1.png,a\n./c1.png,b\nc1,a\n")
    assert labels(contents) == [("c1.png", "a")]
    assert "Lines 2 and 3 of m.csv list it with another label; the first counts." in contents.skipped[0][1]
    assert "list it; the first counts" in contents.skipped[1][1]


def test_a_name_that_could_be_several_files_is_not_guessed(folder: Path) -> None:
    (folder / "sub" / "c1.png").write_bytes(b"x")
    (folder / "c1.png").unlink()
    (folder / "other").mkdir()
    (folder / "other" / "c1.png").write_bytes(b"x")
    contents = read(folder, "image,label\nc1,a\nnowhere/c2.png,b\nc2.png,b\n")
    assert labels(contents) == [("c2.png", "b")]
    assert "2 files could be meant" in contents.skipped[0][1]
    assert contents.skipped[1][1] == "There is no such file."


def test_names_in_another_unicode_form(folder: Path) -> None:
    contents = read(folder, "image,label\nBla\u0308st.png,Zellgro\u0308\u00dfe  x\n")
    assert labels(contents) == [("Bl\u00e4st.png", "Zellgr\u00f6\u00dfe x")]


def test_what_we_write_we_read(tmp_path: Path, folder: Path) -> None:
    cells = [["=1+1", "-12.png"], ["+x", "@y"], ['a "quoted" one', "two\nlines"], ["'plain", "-3.5"]]
    write_csv(tmp_path / "t.csv", ["first", "second"], cells)
    assert [row for _, row in read_table(tmp_path / "t.csv").rows] == cells


def test_our_own_labels_are_a_manifest_again(tmp_path: Path) -> None:
    from PIL import Image

    images = tmp_path / "images"
    images.mkdir()
    for shade, name in enumerate(("-12.png", "c2.png", "c3.png")):
        Image.new("RGB", (9, 9), (shade * 50, 0, 0)).save(images / name)
    with Project.create(tmp_path / "p") as project:
        import_images.run(project, import_images.Params(Spec(images=images)), SilentProgress())
        (tmp_path / "l.csv").write_text("image,label\n-12.png,a  x\nc2,b\nC3.PNG,a x\nc3.png,b\n")
        done = label.run(project, label.Params(csv=tmp_path / "l.csv"), SilentProgress()).summary
        assert done["labels_per_class"] == {"a x": 1, "b": 2}
        assert done["unknown"] == ["C3.PNG"]
        assert project.journal.undo_name == "import labels of 3 images"
        write_labels_csv(project, images / "out.csv")
        project.journal.undo()
        assert (project.labels.kind == LabelKind.CLEAR).all()
        assert project.classes.all() == []
    contents = read_manifest(images / "out.csv")
    assert labels(contents) == [("-12.png", "a x"), ("c2.png", "b"), ("c3.png", "b")]
    assert contents.skipped == []


def test_columns_are_named_in_the_refusal(folder: Path) -> None:
    from medlabeler.domain.errors import UserError

    with pytest.raises(UserError, match="Its columns are: patient, result"):
        read(folder, "patient,result\n1,2\n")


def test_squeezing() -> None:
    assert squeezed(" a\u00a0 \u200bb\t c ") == "a b c"


def test_validation_images_are_told_to_be_trained_on(folder: Path) -> None:
    contents = read(folder, "image,label,split\nc1.png,a,val\nc2.png,b,train\n")
    assert [row.split for row in contents.rows] == ["train", "train"]
    (told,) = contents.notes
    assert told == "Validation images in m.csv: 1 row; they are among the training images."
