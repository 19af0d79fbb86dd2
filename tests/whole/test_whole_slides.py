"""Whole slides are cut into patches where tissue lies; each is an image of the group of its slide."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import sys
from pathlib import Path

import numpy as np
import pytest
import tifffile
from program import run, run_json

from medlabeler.domain.errors import UserError
from medlabeler.imaging import apart
from medlabeler.imaging.families import slides
from medlabeler.imaging.file_digest import file_digest
from medlabeler.imaging.parts import Patches, split
from medlabeler.imaging.readers import inspect_all, read_rgb
from medlabeler.imaging.unreadable import ChangedImage, UnreadableImage
from medlabeler.project.sources import Spec, listing

HEIGHT, WIDTH = 1536, 2560
TISSUE = (slice(512, 1024), slice(512, 1792))
"""Two of 3 rows and five of ten columns of patches of 256 pixels, in the middle of empty glass."""


def glass_with_tissue(seed: int = 0) -> np.ndarray:
    pixels = np.full((HEIGHT, WIDTH, 3), 243, np.int16)
    pixels[TISSUE] = (200, 120, 180)
    pixels += np.random.default_rng(seed).integers(-4, 5, (HEIGHT, WIDTH, 1), np.int16)
    return pixels.astype(np.uint8)


def write(path: Path, pixels: np.ndarray, levels: int = 2, mpp: float = 0.5) -> None:
    """A pyramid; `mpp`: microns of a pixel of the largest level, 0 if it does not tell."""
    with tifffile.TiffWriter(path) as file:
        for level in range(levels):
            step = 4**level
            file.write(
                pixels[::step, ::step], tile=(256, 256), photometric="rgb", compression="deflate",
                subfiletype=min(level, 1), resolution=(10000 / mpp / step,) * 2 if mpp else (1, 1),
                resolutionunit="CENTIMETER" if mpp else "NONE",
            )  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("slides")
    write(made / "a.tif", glass_with_tissue(0))
    write(made / "b.svs", glass_with_tissue(1))
    return made


def rows(project: Path) -> list[tuple[str, str, int, int]]:
    with sqlite3.connect(project / "medlabeler.db") as database:
        return database.execute("SELECT path, group_name, width, height FROM image ORDER BY path").fetchall()


def test_patches_lie_where_the_tissue_is_and_are_its_pixels(folder: Path) -> None:
    found = list(inspect_all(folder / "a.tif", patches=Patches(256)))
    boxes = {split(f"{folder}/a.tif{facts.part}")[1].box for facts, _ in found}
    assert boxes == {(x, y, 256, 256) for y in (512, 768) for x in range(512, 1792, 256)}
    assert {(facts.width, facts.height) for facts, _ in found} == {(256, 256)}
    assert len({facts.digest for facts, _ in found}) == 10
    picture = read_rgb(folder / "a.tif#slide=256&xywh=512,768,256,256")
    np.testing.assert_array_equal(picture.pixels, glass_with_tissue()[768:1024, 512:768])
    assert picture.spacing_mm == pytest.approx((0.0005, 0.0005))
    assert picture.note == "level 0 of 2 of a whole slide"


def test_a_level_is_its_own_pixels_and_the_box_counts_in_those_of_the_largest(folder: Path) -> None:
    found = list(inspect_all(folder / "a.tif", patches=Patches(64, 1)))
    assert len(found) == 10
    part = next(facts.part for facts, _ in found)
    assert part == "#slide=64&level=1&xywh=512,512,256,256"
    picture = read_rgb(Path(f"{folder}/a.tif{part}"), digest=found[0][0].digest)
    np.testing.assert_array_equal(picture.pixels, glass_with_tissue()[512:768:4, 512:768:4])
    assert picture.spacing_mm == pytest.approx((0.002, 0.002))
    with pytest.raises(UnreadableImage, match=r"has no level 2: its smallest is 1"):
        list(inspect_all(folder / "a.tif", patches=Patches(64, 2)))


@pytest.mark.parametrize("glass", [243, 5])
@pytest.mark.parametrize("side", [32, 100, 512])
def test_whatever_the_size_no_tissue_is_left_out_and_no_glass_taken(
    tmp_path: Path, side: int, glass: int
) -> None:
    pixels = glass_with_tissue()
    if glass < 128:  # fluorescence
        pixels = 255 - pixels
    write(tmp_path / "s.tif", pixels)
    slide = slides.Slide(tmp_path / "s.tif")
    tissue = np.zeros((HEIGHT, WIDTH), bool)
    tissue[TISSUE] = True
    taken = np.zeros_like(tissue)
    for x, y, width, height in slide.patches(side, 1.0):
        assert tissue[y : y + height, x : x + width].any()
        taken[y : y + height, x : x + width] = True
    wrong = tissue & ~taken
    assert wrong.sum() <= 0.1 * side * side * (2560 // side) * 2, "only slivers below a tenth of a patch"
    assert taken[600:900, 600:1700].all()


def test_a_pens_mark_and_what_the_scanner_left_black_are_no_tissue(tmp_path: Path) -> None:
    pixels = glass_with_tissue()
    pixels[:300, :300] = 0
    write(tmp_path / "s.tif", pixels)
    assert len(list(slides.Slide(tmp_path / "s.tif").patches(256, 1.0))) == 10


@pytest.fixture(scope="module")
def scanners(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same glass from three scanners: 0.5 microns, the same enlarged to 0.25, and one that is silent."""
    made = tmp_path_factory.mktemp("scanners")
    pixels = glass_with_tissue()
    write(made / "half.svs", pixels)
    write(made / "quarter.svs", pixels.repeat(2, axis=0).repeat(2, axis=1), mpp=0.25)
    write(made / "silent.svs", pixels, mpp=0)
    return made


def test_the_same_field_of_view_from_slides_of_other_scanners(scanners: Path) -> None:
    fields = {}
    for name, scale in (("half", 1), ("quarter", 2)):
        paths = apart.patches_in(scanners / f"{name}.svs", Patches(128, -1, 1.0))
        boxes = [split(path)[1].box for path in paths]
        fields[name] = [tuple(side / scale for side in box) for box in boxes if box is not None]
        picture = read_rgb(paths[0])
        assert picture.spacing_mm == pytest.approx((0.001, 0.001))
        assert "1 µm per pixel" in picture.note
        assert picture.pixels.shape == (128, 128, 3)
        assert np.abs(picture.pixels.reshape(-1, 3).mean(axis=0) - (200, 120, 180)).max() < 2
    assert fields["half"] == fields["quarter"]
    assert len(fields["half"]) == 10
    half, quarter = (
        read_rgb(apart.patches_in(scanners / f"{name}.svs", Patches(128, -1, 1.0))[0]).pixels.astype(int)
        for name in ("half", "quarter")
    )
    assert np.abs(half - quarter).mean() < 2


def test_a_slide_that_does_not_tell_is_refused_or_cut_by_the_level_that_was_named(scanners: Path) -> None:
    with pytest.raises(UnreadableImage, match="does not say how many microns its pixels have"):
        apart.patches_in(scanners / "silent.svs", Patches(64, -1, 1.0))
    by_level = apart.patches_in(scanners / "silent.svs", Patches(64, 1, 1.0))
    assert str(by_level[0]).endswith("#slide=64&level=1&xywh=512,512,256,256")
    with pytest.raises(UnreadableImage, match=r"pixels of 0\.5 µm, too coarse"):
        apart.patches_in(scanners / "half.svs", Patches(64, -1, 0.1))


@pytest.mark.slow  # four commands
def test_a_project_cut_by_microns_comes_back_unchanged(scanners: Path, tmp_path: Path) -> None:
    options = ("--patches", "128", "--mpp", "1")
    made = run_json("new", tmp_path / "p", "--images", scanners, *options)
    assert made["n_images"] == 20
    assert [one["path"] for one in made["skipped"]] == [str(scanners / "silent.svs")]
    assert all("#slide=128&mpp=1&" in name for name, *_ in rows(tmp_path / "p"))
    again = run_json("import", tmp_path / "p")
    assert (again["n_added_or_changed"], again["n_unchanged"]) == (0, 2)
    both = run_json("new", tmp_path / "q", "--images", scanners, *options, "--level", "1")
    assert both["n_images"] == 23, "the silent one in three patches of its smaller level"
    assert run_json("import", tmp_path / "q")["n_added_or_changed"] == 0


def test_a_project_of_slides(folder: Path, tmp_path: Path) -> None:
    project = tmp_path / "p"
    made = run_json("new", project, "--images", folder, "--patches", "64", "--level", "1", "--reserve", "8")
    assert made["n_images"] == 20
    assert {group for _, group, *_ in rows(project)} == {"a.tif", "b.svs"}
    assert {tuple(size) for _, _, *size in rows(project)} == {(64, 64)}
    assert made["n_test"] == 10, "a whole slide is drawn"
    assert run_json("import", project)["n_added_or_changed"] == 0
    assert run_json("check", project)["findings"] == []


def test_slides_of_a_list_keep_what_it_says(folder: Path, tmp_path: Path) -> None:
    table = folder / "slides.csv"
    table.write_text("image,label,patient\na.tif,tumour,p1\nb.svs,normal,p2\n")
    run("new", tmp_path / "p", "--manifest", table, "--patches", "256", "--group", "patient")
    assert {group for _, group, *_ in rows(tmp_path / "p")} == {"p1", "p2"}


def test_a_slide_that_moved_keeps_its_images(folder: Path, tmp_path: Path) -> None:
    images = tmp_path / "images"
    images.mkdir()
    shutil.copy(folder / "a.tif", images / "a.tif")
    run("new", tmp_path / "p", "--images", images, "--patches", "256")
    (images / "a.tif").rename(images / "z.tif")
    again = run_json("import", tmp_path / "p")
    assert (again["n_images"], again["n_moved"]) == (10, 10)


def test_without_being_asked_a_slide_is_named_and_left_out(folder: Path, tmp_path: Path) -> None:
    made = run_json("new", tmp_path / "p", "--images", folder)
    assert made["n_images"] == 1, "a TIFF is an image, too"
    assert [reason for _, reason in map(dict.values, made["skipped"])] == [
        "b.svs is a whole slide, which a new project reads in patches if you ask for them (--patches)."
    ]


def test_the_missing_extra_is_named_before_anything_is_made(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slides, "available", lambda: False)
    with pytest.raises(UserError, match=r"pip install 'medlabeler\[slides\]'"):
        listing(Spec(images=folder, patch=64))
    monkeypatch.setitem(sys.modules, "openslide", None)
    write(tmp_path / "c.tif", glass_with_tissue())
    with pytest.raises(
        UnreadableImage, match=r"c\.tif is a whole slide, which is read with the extra slides"
    ):
        list(inspect_all(tmp_path / "c.tif", patches=Patches(128)))


def hostile(folder: Path) -> dict[str, str]:
    """Name of a file -> what is said of it."""
    whole = (folder / "a.tif").read_bytes()
    write(folder / "glass.tif", np.full((600, 600, 3), 244, np.uint8), 1)
    (folder / "cut.svs").write_bytes(whole[: len(whole) // 3])
    (folder / "text.svs").write_text("no slide")
    (folder / "empty.tif").touch()
    with tifffile.TiffWriter(folder / "huge.tif") as file:
        file.write(
            (tile for tile in [np.zeros((1024, 1024, 3), np.uint8)]), shape=(1024, 1024, 3), dtype="uint8",
            tile=(1024, 1024), photometric="rgb", compression="deflate",
        )  # fmt: skip
    content = bytearray((folder / "huge.tif").read_bytes())
    with tifffile.TiffFile(folder / "huge.tif") as file:
        for tag in ("ImageWidth", "ImageLength"):
            at = file.pages[0].tags[tag].valueoffset
            content[at : at + 4] = (2_000_000).to_bytes(4, "little")
    (folder / "huge.tif").write_bytes(content)
    damaged = bytearray(whole)
    damaged[20_000 : len(whole) // 2] = bytes(len(whole) // 2 - 20_000)
    (folder / "damaged.tif").write_bytes(damaged)
    return {
        "glass.tif": "holds no tissue in squares of 256 pixels",
        "cut.svs": "is damaged|is no whole slide",
        "text.svs": "is no whole slide that OpenSlide reads",
        "empty.tif": "is no whole slide that OpenSlide reads|empty",
        "huge.tif": "is damaged|no slide does|is no whole slide",
        "damaged.tif": "is damaged",
    }


def test_hostile_slides_are_told_one_by_one(folder: Path, tmp_path: Path) -> None:
    shutil.copy(folder / "a.tif", tmp_path / "a.tif")
    for name, said in hostile(tmp_path).items():
        with pytest.raises(UnreadableImage, match=f"^{name} ({said})"):
            list(apart.inspect_all(tmp_path / name, patches=Patches(256)))
    assert len(list(apart.inspect_all(tmp_path / "a.tif", patches=Patches(256)))) == 10
    with pytest.raises(UnreadableImage, match="would be cut into"):
        list(apart.inspect_all(tmp_path / "a.tif", patches=Patches(1)))


def test_a_slide_whose_pixels_lie_beside_it_is_known_by_all_of_them(tmp_path: Path) -> None:
    """As MIRAX keeps them: an index, and a folder of the same name."""
    index, data = tmp_path / "s.mrxs", tmp_path / "s" / "Data0000.dat"
    data.parent.mkdir()
    index.write_bytes(b"index")
    data.write_bytes(b"pixels")
    before = file_digest(index)
    assert file_digest(index) == before != hashlib.sha256(b"index").hexdigest()
    data.write_bytes(b"others")
    assert file_digest(index) != before


def test_a_slide_that_is_written_anew_is_another(folder: Path, tmp_path: Path) -> None:
    shutil.copy(folder / "a.tif", tmp_path / "a.tif")
    facts, _ = next(iter(inspect_all(tmp_path / "a.tif", patches=Patches(256))))
    write(tmp_path / "a.tif", glass_with_tissue(7))
    with pytest.raises(ChangedImage):
        read_rgb(Path(f"{tmp_path}/a.tif{facts.part}"), digest=facts.digest)
