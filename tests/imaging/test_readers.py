"""Whatever an image file holds, it becomes upright RGB, or one sentence that says why not."""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from medlabeler.imaging.readers import inspect, read_rgb
from medlabeler.imaging.samples import scale
from medlabeler.imaging.unreadable import UnreadableImage

RAMP = np.linspace(0, 255, 40 * 30).reshape(30, 40).astype(np.uint8)
COLOUR = np.dstack([RAMP, RAMP[::-1], np.full_like(RAMP, 90)])


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("a.png", {}),
        ("a.bmp", {}),
        ("a.tif", {}),
        ("a.webp", {"lossless": True}),
        ("A.TIFF", {"compression": "tiff_lzw"}),
    ],
)
def test_lossless_formats_come_back_as_they_were(
    tmp_path: Path, name: str, options: dict[str, object]
) -> None:
    Image.fromarray(COLOUR).save(tmp_path / name, **options)
    picture = read_rgb(tmp_path / name)
    assert picture.pixels.dtype == np.uint8
    np.testing.assert_array_equal(picture.pixels, COLOUR)
    assert picture.note == ""


def test_a_jpeg_comes_back_nearly_as_it_was(tmp_path: Path) -> None:
    Image.fromarray(COLOUR).save(tmp_path / "a.jpg", quality=95)
    assert np.abs(read_rgb(tmp_path / "a.jpg").pixels.astype(int) - COLOUR).mean() < 3


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK", "YCbCr"])
def test_other_modes_become_rgb(tmp_path: Path, mode: str) -> None:
    suffix = "jpg" if mode == "YCbCr" else "tif"
    image = Image.fromarray(COLOUR).convert(mode)
    image.save(tmp_path / f"a.{suffix}")
    picture = read_rgb(tmp_path / f"a.{suffix}")
    expected = np.asarray(image.convert("RGB")).astype(int)
    assert picture.pixels.shape == (30, 40, 3)
    assert np.abs(picture.pixels.astype(int) - expected).mean() < 3


@pytest.mark.parametrize("mode", ["LA", "RGBA"])
def test_transparent_parts_are_white_and_the_note_says_so(tmp_path: Path, mode: str) -> None:
    image = Image.new(mode, (8, 8), (10, 0) if mode == "LA" else (10, 20, 30, 0))
    image.putpixel((0, 0), (10, 255) if mode == "LA" else (10, 20, 30, 255))
    image.save(tmp_path / "a.png")
    picture = read_rgb(tmp_path / "a.png")
    assert picture.pixels[0, 0].tolist() == ([10, 10, 10] if mode == "LA" else [10, 20, 30])
    assert picture.pixels[5, 5].tolist() == [255, 255, 255]
    assert "white" in picture.note


def test_a_palette_with_a_transparent_colour(tmp_path: Path) -> None:
    image = Image.new("P", (4, 4), 1)
    image.putpalette([9, 9, 9, 200, 0, 0])
    image.putpixel((0, 0), 0)
    image.save(tmp_path / "a.png", transparency=0)
    pixels = read_rgb(tmp_path / "a.png").pixels
    assert pixels[0, 0].tolist() == [255, 255, 255]
    assert pixels[2, 2].tolist() == [200, 0, 0]


def test_an_opaque_alpha_needs_no_note(tmp_path: Path) -> None:
    Image.fromarray(COLOUR).convert("RGBA").save(tmp_path / "a.png")
    picture = read_rgb(tmp_path / "a.png")
    np.testing.assert_array_equal(picture.pixels, COLOUR)
    assert picture.note == ""


@pytest.mark.parametrize("suffix", ["png", "tif"])
def test_16_bit_grey_is_scaled_between_its_percentiles(tmp_path: Path, suffix: str) -> None:
    values = np.linspace(1000, 5000, 100 * 100).reshape(100, 100).astype(np.uint16)
    values[0, 0], values[0, 1] = 0, 65535  # outliers that must not decide the contrast
    Image.fromarray(values).save(tmp_path / f"a.{suffix}")
    picture = read_rgb(tmp_path / f"a.{suffix}")
    low, high = np.percentile(values, (0.1, 99.9))
    expected = np.clip((values - low) / (high - low) * 255, 0, 255)
    assert np.abs(picture.pixels[:, :, 0] - expected).max() <= 1
    assert (picture.pixels[:, :, 0] == picture.pixels[:, :, 2]).all()
    assert picture.note == "16-bit, shown from 1,004 to 4,996 (0.1 to 99.9 percentile)"


def test_float_tiff_with_nan(tmp_path: Path) -> None:
    values = np.linspace(-1, 1, 64).reshape(8, 8).astype(np.float32)
    values[0, 0] = np.nan
    Image.fromarray(values).save(tmp_path / "a.tif")
    picture = read_rgb(tmp_path / "a.tif")
    assert picture.pixels[0, 0, 0] == 0
    assert picture.pixels[-1, -1, 0] == 255
    assert picture.note.startswith("float, shown from -0.9")


def test_grey_of_one_value_is_black_and_a_rare_value_is_still_seen() -> None:
    assert scale(np.full((5, 5, 1), 700, np.uint16))[0].max() == 0
    mask = np.zeros((100, 100, 1), np.uint16)
    mask[50, 50] = 3
    assert scale(mask)[0][50, 50, 0] == 255


def test_of_a_tiff_with_pages_the_first_is_taken(tmp_path: Path) -> None:
    pages = [Image.new("RGB", (6, 5), colour) for colour in ("red", "green", "blue")]
    pages[0].save(tmp_path / "a.tif", save_all=True, append_images=pages[1:])
    picture = read_rgb(tmp_path / "a.tif")
    assert picture.pixels[0, 0].tolist() == [255, 0, 0]
    assert picture.note == "the first of 3 pages is shown"


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_photographs_stand_upright(tmp_path: Path, orientation: int) -> None:
    upright = np.zeros((64, 128, 3), np.uint8)
    upright[:32, :64] = 255  # the top left corner is white
    turned = np.rot90(upright, {1: 0, 3: 2, 6: 1, 8: 3}[orientation])
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(turned).save(tmp_path / "a.jpg", exif=exif, quality=95)
    pixels = read_rgb(tmp_path / "a.jpg").pixels
    assert pixels.shape == (64, 128, 3)
    assert pixels[5, 5, 0] > 200
    assert pixels[60, 120, 0] < 50
    facts, jpeg = inspect(tmp_path / "a.jpg", 32)
    assert (facts.width, facts.height) == (128, 64)
    assert Image.open(io.BytesIO(jpeg)).size == (32, 16)


def test_a_jpeg_may_be_decoded_smaller_but_never_below_what_is_needed(tmp_path: Path) -> None:
    Image.new("RGB", (1000, 600), "gray").save(tmp_path / "a.jpg")
    height, width = read_rgb(tmp_path / "a.jpg", at_least=224).pixels.shape[:2]
    assert 224 <= height < 600
    assert width / height == pytest.approx(1000 / 600, rel=0.02)


def test_inspect_measures_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    Image.new("RGB", (1000, 600), "gray").save(path)
    facts, jpeg = inspect(path)
    assert (facts.width, facts.height, facts.mode) == (1000, 600, "RGB")
    assert facts.digest == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (facts.n_bytes, facts.mtime_ns) == (path.stat().st_size, path.stat().st_mtime_ns)
    assert Image.open(io.BytesIO(jpeg)).size == (128, 77)


def _bad_files(folder: Path) -> dict[str, tuple[Path, str]]:
    """Every way a file can be no image, with words its sentence must hold."""
    noise = np.random.default_rng(0).integers(0, 255, (200, 200, 3), np.uint8)
    whole = {}
    for suffix in ("jpg", "png", "tif", "webp", "bmp"):
        buffer = io.BytesIO()
        Image.fromarray(noise).save(buffer, {"jpg": "JPEG", "tif": "TIFF"}.get(suffix, suffix.upper()))
        whole[suffix] = buffer.getvalue()
    found = {"zero bytes": (folder / "zero.jpg", "empty file")}
    (folder / "zero.jpg").write_bytes(b"")
    for suffix, content in whole.items():
        for name, part in (("half", len(content) // 2), ("start", 20)):
            path = folder / f"{name}.{suffix}"
            path.write_bytes(content[:part])
            found[f"{name} of {suffix}"] = (path, "damaged or cut off")
    (folder / "text.png").write_text("this is not an image")
    found["text"] = (folder / "text.png", "is not a JPEG, PNG")
    (folder / "scan.dcm").write_bytes(b"\0" * 128 + b"DICM" + b"\0" * 50)
    found["DICOM"] = (folder / "scan.dcm", "is a DICOM file without pixels")
    (folder / "hidden.png").write_bytes(b"\0" * 128 + b"DICM" + b"\0" * 50)
    found["DICOM under another name"] = (folder / "hidden.png", "is a DICOM file without pixels")
    (folder / "folder.png").mkdir()
    found["folder"] = (folder / "folder.png", "is no file but a folder")
    found["missing"] = (folder / "nowhere.png", "does not exist")
    header = struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    bomb = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
    data = b"IDAT" + zlib.compress(b"\0" * 1000)
    bomb += struct.pack(">I", len(data) - 4) + data + struct.pack(">I", zlib.crc32(data))
    (folder / "bomb.png").write_bytes(bomb)
    found["bomb"] = (folder / "bomb.png", "million pixels")
    return found


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_each_bad_file_has_one_sentence_with_its_name(tmp_path: Path) -> None:
    for what, (path, words) in _bad_files(tmp_path).items():
        for use in (read_rgb, inspect):
            with pytest.raises(UnreadableImage) as caught:
                use(path)
            sentence = str(caught.value)
            assert words in sentence, what
            assert sentence.startswith(path.name + " "), what
            assert sentence.endswith("."), what
            assert sentence.count(". ") == 0, what
