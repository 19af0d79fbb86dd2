"""Each place that a table names in an image is an image of its own: cut, grouped, labelled, found again."""

from __future__ import annotations

import io
import sqlite3
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from program import run, run_json

from medlabeler.imaging.readers import inspect, read_rgb
from medlabeler.imaging.unreadable import UnreadableImage

RNG = np.random.default_rng(0)
PIXELS = RNG.integers(0, 255, (120, 160, 3), np.uint8)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a.png", "b.png"):
        Image.fromarray(PIXELS if name == "a.png" else PIXELS[::-1]).save(tmp_path / name)
    return tmp_path


def rows(project: Path) -> dict[str, tuple[str, str, int, int]]:
    with sqlite3.connect(project / "medlabeler.db") as database:
        found = database.execute("SELECT path, group_name, reference, width, height FROM image").fetchall()
    return {path: tuple(rest) for path, *rest in found}


def test_boxes_and_points(folder: Path) -> None:
    (folder / "boxes.csv").write_text(
        "image,x,y,w,h,label\na.png,10,20,30,40,x\na.png,50,60,16,16,y\nb.png,0,0,9,9,x\n"
    )
    run("new", folder / "p", "--manifest", folder / "boxes.csv", "--crops", "32")
    assert rows(folder / "p") == {
        "a.png#xywh=10,20,30,40": ("a.png", "x", 30, 40),
        "a.png#xywh=50,60,16,16": ("a.png", "y", 16, 16),
        "b.png#xywh=0,0,9,9": ("b.png", "x", 9, 9),
    }
    (folder / "points.csv").write_text("image;x;y;group\na.png;40,4;50;m1\nb.png;3;2;m2\n")
    run("new", folder / "q", "--manifest", folder / "points.csv", "--crops", "32")
    assert rows(folder / "q") == {
        "a.png#xywh=24,34,32,32": ("m1", None, 32, 32),
        "b.png#xywh=-13,-14,32,32": ("m2", None, 32, 32),
    }
    assert run_json("import", folder / "p")["n_added_or_changed"] == 0


def test_a_crop_is_its_pixels_and_what_lies_beyond_the_rim_repeats_it(folder: Path) -> None:
    np.testing.assert_array_equal(read_rgb(folder / "a.png#xywh=10,20,30,40").pixels, PIXELS[20:60, 10:40])
    rim = read_rgb(folder / "a.png#xywh=-4,-2,20,20").pixels
    np.testing.assert_array_equal(rim[2:, 4:], PIXELS[:18, :16])
    assert (rim[:2, 4:] == PIXELS[0, :16]).all()
    facts, jpeg = inspect(folder / "a.png#xywh=10,20,30,40", 16)
    assert Image.open(io.BytesIO(jpeg)).size == (12, 16)
    assert facts.digest != inspect(folder / "a.png#xywh=10,20,30,41")[0].digest
    with pytest.raises(UnreadableImage, match="outside of the image"):
        read_rgb(folder / "a.png#xywh=500,20,30,40")
    with pytest.raises(UnreadableImage, match="has changed on disk"):
        read_rgb(folder / "b.png#xywh=10,20,30,40", digest=facts.digest)


def test_a_crop_of_many_bits_is_scaled_as_the_whole_image(folder: Path) -> None:
    import tifffile

    values = np.add.outer(np.arange(100) * 50, np.arange(100) * 30).astype(np.uint16)
    tifffile.imwrite(folder / "deep.tif", values)
    whole = read_rgb(folder / "deep.tif")
    part = read_rgb(folder / "deep.tif#xywh=5,6,20,10")
    np.testing.assert_array_equal(part.pixels, whole.pixels[6:16, 5:25])
    assert part.note == whole.note


def test_a_crop_follows_its_file(folder: Path) -> None:
    before = read_rgb(folder / "a.png#xywh=0,0,10,10").pixels
    Image.fromarray(PIXELS[:, ::-1]).save(folder / "a.png")
    assert (read_rgb(folder / "a.png#xywh=0,0,10,10").pixels != before).any()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("image,left\na.png,3\n", "no columns x and y"),
        ("image,x,y\na.png,here,3\n", "Line 2 of t.csv does not say where in numbers"),
        ("image,x,y,w,h\na.png,3,3,0,5\n", "Line 2 of t.csv has a box without pixels"),
    ],
)
def test_tables_that_do_not_say_where_are_told(folder: Path, text: str, sentence: str) -> None:
    (folder / "t.csv").write_text(text)
    done = run("new", folder / "p", "--manifest", folder / "t.csv", "--crops", "32", code=2)
    assert sentence in done.stderr
