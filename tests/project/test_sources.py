"""Folders, manifests and group rules: what is usable is taken, what is not has its own sentence."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from medlabeler.domain.errors import UserError
from medlabeler.project.groups import parse, preview
from medlabeler.project.manifest import read_manifest
from medlabeler.project.scan import scan


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (
        "a.png",
        "b.JPG",
        "p1/c.tif",
        "p1/s2/d.webp",
        "p2/e.svs",
        "notes.txt",
        ".hidden.png",
        ".git/f.png",
    ):
        path = tmp_path / "images" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    return tmp_path / "images"


def test_a_scan_finds_images_at_any_depth_in_a_fixed_order(folder: Path) -> None:
    found = [p.relative_to(folder).as_posix() for p in scan(folder).images]
    assert found == ["a.png", "b.JPG", "p1/c.tif", "p1/s2/d.webp"]


def test_a_scan_follows_links_once(folder: Path) -> None:
    (folder / "p1" / "loop").symlink_to(folder)
    outside = folder.parent / "outside"
    outside.mkdir()
    (outside / "g.png").write_bytes(b"x")
    (folder / "linked").symlink_to(outside)
    found = [p.relative_to(folder).as_posix() for p in scan(folder).images]
    assert found == ["a.png", "b.JPG", "linked/g.png", "p1/c.tif", "p1/s2/d.webp"]


def test_folders_without_images_have_their_sentences(folder: Path) -> None:
    (folder.parent / "empty").mkdir()
    (folder.parent / "circle").symlink_to(folder.parent / "circle")
    for path, words in [
        (folder.parent / "empty", "holds no images"),
        (folder.parent / "nowhere", "does not exist"),
        (folder / "a.png", "is not a folder"),
        (folder.parent / "circle", "cannot be read: links in its path"),
    ]:
        with pytest.raises(UserError, match=words):
            scan(path)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="POSIX permissions")
def test_a_folder_that_may_not_be_read_is_named(unprivileged: Path) -> None:
    for path in (unprivileged, unprivileged / "locked"):
        with pytest.raises(UserError, match=r"locked cannot be read: you have no permission for it; allow"):
            scan(path)


def manifest(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder.parent / "list.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_a_manifest_with_everything(folder: Path) -> None:
    text = (
        ",image,Label,split,group,age\n"
        "0,images/a.png,EOS,train,p1,33\n"
        "1,images\\b.JPG,BAS,TEST,p2,\n"
        "\n"
        '2,images/p1/c.tif,"MON, big",Unlabeled,,41\n'
        "3,images/p1/s2/d.webp,,,p2,50\n"
    )
    contents = read_manifest(manifest(folder, text, "utf-8-sig"), "train")
    assert contents.columns == ["image", "Label", "split", "group", "age"]
    assert [r.file for r in contents.rows] == [
        str(folder / name) for name in ("a.png", "b.JPG", "p1/c.tif", "p1/s2/d.webp")
    ]
    assert [(r.label, r.split, r.group) for r in contents.rows] == [
        ("EOS", "train", "p1"),
        ("BAS", "test", "p2"),
        (None, "unlabelled", None),
        (None, "train", "p2"),
    ]
    assert [r.metadata for r in contents.rows] == [{"age": a} for a in ("33", "", "41", "50")]
    assert contents.rows[0].values["group"] == "p1"
    assert contents.skipped == []
    assert [r.line for r in contents.rows] == [2, 3, 5, 6]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("column", ["image", "path", "File"])
def test_separators_and_names_of_the_image_column(folder: Path, separator: str, column: str) -> None:
    text = f"{column}{separator}label\na.png{separator}EOS\n"
    (row,) = read_manifest(manifest(folder, text), root=folder).rows
    assert (row.file, row.label, row.path, row.split) == (str(folder / "a.png"), "EOS", "a.png", "")


def test_rows_that_cannot_be_used_are_skipped_with_their_reason(folder: Path) -> None:
    (folder.parent.parent / "outside.png").write_bytes(b"x")
    absolute = folder / "p1" / "c.tif"
    text = (
        "image,label\na.png,EOS\nmissing.png,EOS\na.png,BAS\nimages/a.png,EOS\n../../outside.png,EOS\n"
        f"/etc/outside.png,EOS\n{absolute},EOS\n,EOS\nb.JPG,EOS,too,many\n"
    )
    contents = read_manifest(manifest(folder, text), root=folder)
    assert [r.file for r in contents.rows] == [str(folder / "a.png"), str(absolute)]
    assert contents.names[:2] == ["a.png", "missing.png"]
    assert len(contents.names) == 9
    reasons = [reason for _, reason in contents.skipped]
    for reason, words in zip(
        reasons,
        [
            "no such file",
            "Lines 2 and 4 of list.csv list it with another label; the first counts",
            "Lines 2 and 5 of list.csv list it; the first counts",
            "outside the folder",
            "outside the folder",
            "names no image",
            "has 4 values for 2 columns",
        ],
        strict=True,
    ):
        assert words in reason
    assert contents.skipped[4][0] == "/etc/outside.png"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("label,split\nEOS,train\n", "has no column named image, path or file"),
        (
            "image,split\na.png,holdout\n",
            "Line 2 of .*list.csv names the split holdout; use train, test or unlabelled",
        ),
        ("image,label\n", "lists no images"),
        ("", "is empty"),
        (
            'image,label\na.png,x\nb.JPG,"y\np1/c.tif,z\n',
            "mark opened in line 3 of .* never closed",
        ),
        ('image,label\na.png,"y\nb.JPG,z"w\n', "begins in line 2 of .* within a text; write it twice"),
    ],
)
def test_manifests_that_cannot_be_used_have_their_sentences(folder: Path, text: str, words: str) -> None:
    with pytest.raises(UserError, match=words):
        read_manifest(manifest(folder, text), root=folder)


def test_manifests_that_cannot_be_read_have_their_sentences(folder: Path) -> None:
    with pytest.raises(UserError, match="does not exist"):
        read_manifest(folder / "nowhere.csv")
    with pytest.raises(UserError, match="is no file but a folder"):
        read_manifest(folder)
    (folder / "list.csv").write_bytes(b"image,label\na.png,\x81\x00\x8d")
    with pytest.raises(UserError, match="is not text"):
        read_manifest(folder / "list.csv")
    (folder / "list.xlsx").write_bytes(b"no workbook")
    with pytest.raises(UserError, match="cannot be read as an Excel file"):
        read_manifest(folder / "list.xlsx")


def test_a_column_of_measurements_is_no_label(folder: Path) -> None:
    for i in range(1100):
        (folder / f"{i}.png").write_bytes(b"x")
    text = "image,label\n" + "".join(f"{i}.png,{i * 0.37}\n" for i in range(1100))
    with pytest.raises(UserError, match="1,100 different values, too many to be classes"):
        read_manifest(manifest(folder, text), root=folder)


def test_real_manifests_load_whole(data_root: Path) -> None:
    pbc = read_manifest(data_root / "pbc" / "manifest.csv", "train")
    assert len(pbc.rows) == 4000
    assert sum(r.split == "test" for r in pbc.rows) == 1360
    chula = read_manifest(data_root / "chula_rbc12" / "manifest.csv", "train")
    assert len({r.group for r in chula.rows}) == 573
    assert chula.skipped == pbc.skipped == []


@pytest.mark.parametrize(
    ("rule", "path", "group"),
    [
        ("folder:1", "p1/s2/d.webp", "p1"),
        ("folder:2", "p1/s2/d.webp", "s2"),
        ("folder:3", "p1/s2/d.webp", None),
        ("folder:1", "a.png", None),
        ("name:smear([0-9]+)_", "x/smear103_10.jpg", "103"),
        ("name:^[A-Z]+", "x/ERB_111159.jpg", "ERB"),
        ("name:^[A-Z]+", "X/rb_111159.jpg", None),
        ("name:(z)?", "a.png", None),
        ("patient", "a.png", "p7"),
        ("other", "a.png", None),
    ],
)
def test_group_rules(rule: str, path: str, group: str | None) -> None:
    assert parse(rule)(path, {"patient": " p7 ", "other": ""}) == group


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("folder:0", "folder:1 for the first"),
        ("folder:x", "folder:1 for the first"),
        ("name:(", "not a valid pattern"),
        ("name:", "is empty"),
        (" ", "is empty"),
        ("slide", "no column named slide to take groups from; its columns are image, patient"),
    ],
)
def test_group_rules_that_cannot_work_have_their_sentences(rule: str, words: str) -> None:
    with pytest.raises(UserError, match=words):
        parse(rule, ["image", "patient"])


def test_without_a_manifest_there_is_no_column() -> None:
    with pytest.raises(UserError, match="no image list was given"):
        parse("patient", [])


def test_a_preview_says_what_a_rule_yields() -> None:
    paths = [f"smear{i % 10}_{i}.jpg" for i in range(100)] + ["other.jpg"]
    found = preview(paths, parse("name:smear([0-9]+)_"))
    assert (found.n_images, found.n_groups, found.n_without, found.largest) == (101, 10, 1, ("0", 10))
    assert found.examples[0] == ("smear0_0.jpg", "0")
    assert len(found.examples) == 8
    assert found.sentence == "10 groups in 101 images, the largest 0 (10); 1 images have none."
    assert preview(paths, parse("folder:1")).sentence == "No group is found in 101 images."
    assert preview([], parse("folder:1")).examples == []
    by_column = preview(["a", "b"], parse("patient"), [{"patient": "x"}, {"patient": ""}])
    assert (by_column.n_groups, by_column.n_without) == (1, 1)
