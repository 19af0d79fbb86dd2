"""Tables as people and published sets write them: read as meant, or refused with the line, never misread."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from medlabeler.domain.progress import SilentProgress
from medlabeler.domain.types import LabelKind
from medlabeler.export.tables import write_csv, write_labels_csv
from medlabeler.jobs import import_images, label
from medlabeler.project.manifest import ManifestContents, read_manifest
from medlabeler.project.project import Project
from medlabeler.project.sources import Spec
from medlabeler.project.table import read_table, squeezed

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


def test_a_vertical_tab_is_text_and_a_long_cell_is_a_cell(folder: Path) -> None:
    text = "image,label,note\nc1.png,a,one\x0btwo\x0cthree\x85four\nc2.png,b," + "1 " * 300_000 + "\n"
    contents = read(folder, text)
    assert labels(contents) == PLAIN
    assert contents.rows[0].metadata["note"] == "one\x0btwo\x0cthree\x85four"
    assert len(contents.rows[1].metadata["note"]) > 500_000


def test_no_label_is_no_class_and_that_is_told(folder: Path) -> None:
    contents = read(folder, "image,label\nc1.png,NaN\nc2.png,NA\nc3.png,None\nsub/c4.JPG,a\n")
    assert [text for _, text in labels(contents)] == [None, None, None, "a"]
    assert contents.skipped[-1][1].startswith("3 rows say NaN, NA or None")


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

    with pytest.raises(UserError, match="its columns are: patient, result"):
        read(folder, "patient,result\n1,2\n")


def test_squeezing() -> None:
    assert squeezed(" a\u00a0 \u200bb\t c ") == "a b c"
