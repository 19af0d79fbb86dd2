"""A scan of a folder: what may be a picture is taken or told, whatever it is called; the rest goes on."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from medlabeler.domain.errors import UserError
from medlabeler.project.scan import scan


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "images"
    place.mkdir()
    Image.fromarray(np.full((8, 8, 3), 90, np.uint8)).save(place / "a.jpg")
    return place


def reasons(folder: Path) -> dict[str, str]:
    return {Path(path).name: reason for path, reason in scan(folder).left_out}


def test_content_counts_where_the_suffix_says_nothing(folder: Path) -> None:
    shutil.copy(folder / "a.jpg", folder / "IM0001")
    shutil.copy(folder / "a.jpg", folder / "scan.2024")
    shutil.copy(folder / "a.jpg", folder / "b.jfif")
    (folder / "IM0002").write_bytes(b"\0" * 128 + b"DICM" + b"\0" * 10)
    (folder / "IM0003").write_bytes(b"\0\0\0\x0cJXL " + b"\0" * 200)
    found = scan(folder)
    assert [path.name for path in found.images] == ["IM0001", "IM0002", "a.jpg", "b.jfif", "scan.2024"]
    assert reasons(folder) == {
        "IM0003": "IM0003 is a JPEG XL picture, which is not read; convert it to PNG or TIFF."
    }


@pytest.mark.parametrize("name", ["x.svs", "x.czi", "x.cr2", "x.PSD", "x.mp4"])
def test_pictures_of_kinds_that_are_not_read_are_told(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"whatever")
    assert list(reasons(folder)) == [name]
    assert re.search("which is not read|which a new project reads in patches", reasons(folder)[name])


def test_tables_and_texts_beside_the_images_are_no_concern_and_unknown_files_are_counted(
    folder: Path,
) -> None:
    for name in ("manifest.csv", "README.txt", "Thumbs.db"):
        (folder / name).write_bytes(b"x")
    assert scan(folder).left_out == []
    for name in ("one.abc", "two.abc", "three"):
        (folder / name).write_bytes(b"x")
    assert reasons(folder) == {"images": "3 files (.abc, without suffix) of unknown kind."}


def test_a_folder_without_images_says_what_it_holds(folder: Path) -> None:
    (folder / "a.jpg").unlink()
    (folder / "x.svs").write_bytes(b"x")
    with pytest.raises(UserError, match=r"holds no images .*; x\.svs is a whole slide"):
        scan(folder)
    (folder / "x.svs").rename(folder / "x.txt")
    with pytest.raises(UserError, match=r"it holds 1 file \(\.txt\)\."):
        scan(folder)


@pytest.mark.skipif(os.name == "nt", reason="names there are always Unicode")
def test_one_name_that_is_no_text_does_not_stop_the_others(folder: Path) -> None:
    shutil.copy(folder / "a.jpg", os.fsencode(folder) + b"/Zelle_\344.jpg")
    found = scan(folder)
    assert [path.name for path in found.images] == ["a.jpg"]
    ((path, reason),) = found.left_out
    assert "not UTF-8" in reason
    path.encode("utf-8")
    reason.encode("utf-8")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_pipes_and_broken_links_are_told_and_not_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    (folder / "dangling").symlink_to(folder / "nowhere")
    assert scan(folder).images == [folder / "a.jpg"]
    assert reasons(folder) == {
        "pipe": "pipe is no regular file.",
        "dangling": "dangling is no regular file.",
    }
