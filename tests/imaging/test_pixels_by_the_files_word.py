"""An oracle for what a file's pixels are: files are written by other programs' libraries from known numbers,
and what is read must be those numbers under the one rule, whatever depth, sign, layout, polarity, packing and
orientation they were written in.
"""

from __future__ import annotations

import importlib.util
import io
import itertools
import struct
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image

from medlabeler.imaging.readers import inspect, read_rgb
from medlabeler.imaging.unreadable import UnreadableImage
from medlabeler.project.scan import scan

H, W = 40, 56
GREY = (np.add.outer(np.arange(H) * 3, np.arange(W) * 2) % 200 + 20).astype(np.float64)
COLOUR = np.dstack([GREY, GREY[::-1], GREY[:, ::-1]])
"""No two of the eight orientations of these look alike."""
TURNED: dict[int, Callable[[NDArray[Any]], NDArray[Any]]] = {
    1: lambda a: a,
    2: np.fliplr,
    3: lambda a: np.rot90(a, 2),
    4: np.flipud,
    5: lambda a: np.rot90(np.fliplr(a)),
    6: lambda a: np.rot90(a),
    7: lambda a: np.rot90(np.fliplr(a), -1),
    8: lambda a: np.rot90(a, -1),
}
"""What lies in a file of an orientation so that it is seen upright (EXIF 2.3, tag 274)."""


def by_the_rule(values: NDArray[Any]) -> NDArray[np.float64]:
    """The picture, straight from the definition: eight bits as they are, else between two percentiles."""
    if values.dtype == np.uint8:
        pixels = values.astype(np.float64)
    else:
        numbers = values.astype(np.float64)
        low, high = np.percentile(numbers, (0.1, 99.9))
        pixels = np.clip((numbers - low) * 255 / (high - low), 0, 255)
    return np.repeat(pixels[:, :, None], 3, axis=2) if pixels.ndim == 2 else pixels


def numbers(dtype: str, colour: bool) -> NDArray[Any]:
    """The picture in the range that cameras of that depth use."""
    base = COLOUR if colour else GREY
    kind = np.dtype(dtype)
    if kind.kind == "f":
        return (base / 255.0 - 0.2).astype(kind)
    if kind == np.uint8:
        return base.astype(kind)
    if kind == np.int8:
        return (base / 2 - 64).astype(kind)
    return (base * 14 - (1500 if kind.kind == "i" else 0)).astype(kind)  # twelve bits


TIFFS = [
    (dtype, colour, layout, packed, order, orientation)
    for dtype, colour, layout, packed, order, orientation in itertools.product(
        ("uint8", "uint16", "int8", "int16", "uint32", "int32", "float16", "float32", "float64"),
        (False, True),
        ("strips", "tiles", "planes"),
        (None, "deflate", "lzw"),
        ("<", ">"),
        (1, 6),
    )
    if (colour or layout != "planes")
    and (order == "<" or packed is None)
    and (orientation == 1 or not packed)
]


@pytest.mark.parametrize(
    ("dtype", "colour", "layout", "packed", "order", "orientation"), TIFFS, ids=lambda v: str(v)
)
def test_tiff(
    tmp_path: Path, dtype: str, colour: bool, layout: str, packed: str | None, order: str, orientation: int
) -> None:
    upright = numbers(dtype, colour)
    stored = np.ascontiguousarray(TURNED[orientation](upright))
    options: dict[str, Any] = {"photometric": "rgb" if colour else "minisblack", "compression": packed}
    if layout == "tiles":
        options["tile"] = (16, 16)
    if layout == "planes":
        stored, options["planarconfig"] = np.ascontiguousarray(np.moveaxis(stored, -1, 0)), "separate"
    if dtype == "float16" and packed == "lzw":
        options["predictor"] = False
    tifffile.imwrite(
        tmp_path / "a.tif", stored, byteorder=order, metadata=None,
        extratags=[(274, "H", 1, orientation, True)], **options,
    )  # fmt: skip
    found = read_rgb(tmp_path / "a.tif")
    assert np.abs(found.pixels - by_the_rule(upright)).max() <= 1
    assert bool(found.note) == (dtype != "uint8")
    facts, jpeg = inspect(tmp_path / "a.tif", 32)
    assert (facts.width, facts.height) == (W, H)
    assert Image.open(io.BytesIO(jpeg)).size == (32, 23)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["tif", "jpg", "png16"])
def test_all_eight_orientations(tmp_path: Path, kind: str, orientation: int) -> None:
    stored = np.ascontiguousarray(TURNED[orientation](GREY))
    path = tmp_path / f"a.{kind[:3]}"
    if kind == "tif":
        tifffile.imwrite(path, stored.astype(np.uint8), extratags=[(274, "H", 1, orientation, True)])
    else:
        exif = Image.Exif()
        exif[0x0112] = orientation
        picture = Image.fromarray(
            stored.astype(np.uint8) if kind == "jpg" else (stored * 200).astype(np.uint16)
        )
        picture.save(path, exif=exif, **({"quality": 100} if kind == "jpg" else {}))
    wanted = by_the_rule(GREY.astype(np.uint8) if kind != "png16" else (GREY * 200).astype(np.uint16))
    found = read_rgb(path).pixels
    assert found.shape == (H, W, 3)
    assert np.abs(found - wanted).mean() < (2 if kind == "jpg" else 1)


@pytest.mark.parametrize("bits", [8, 16, 32])
@pytest.mark.parametrize("packed", [None, "lzw"])
def test_where_zero_is_white_the_picture_is_no_negative(
    tmp_path: Path, bits: int, packed: str | None
) -> None:
    values = numbers(f"uint{bits}", False)
    most = 255 if bits == 8 else 4000
    tifffile.imwrite(tmp_path / "a.tif", most - values, photometric="miniswhite", compression=packed)
    assert np.abs(read_rgb(tmp_path / "a.tif").pixels - by_the_rule(values)).max() <= 1


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_png_of_sixteen_bits(tmp_path: Path, channels: int) -> None:
    values = numbers("uint16", channels > 2)
    stack = values[:, :, None] if values.ndim == 2 else values
    if channels in (2, 4):
        stack = np.dstack([stack, np.full((H, W), 65535, np.uint16)])
    (tmp_path / "a.png").write_bytes(imagecodecs.png_encode(stack.squeeze()))
    assert np.abs(read_rgb(tmp_path / "a.png").pixels - by_the_rule(values)).max() <= 1


def test_transparency_of_sixteen_bits_is_shown_on_white(tmp_path: Path) -> None:
    values = np.dstack([numbers("uint16", True), np.full((H, W), 65535, np.uint16)])
    values[:10, :, 3] = 0
    (tmp_path / "a.png").write_bytes(imagecodecs.png_encode(values))
    found = read_rgb(tmp_path / "a.png")
    assert (found.pixels[:10] == 255).all()
    assert "white" in found.note
    assert found.pixels[10:].min() < 50


@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
@pytest.mark.parametrize("colour", [False, True])
@pytest.mark.parametrize("how", ["jp2", "j2k", "tif"])
def test_jpeg_2000_alone_and_within_tiff(tmp_path: Path, dtype: str, colour: bool, how: str) -> None:
    values = numbers(dtype, colour)
    path = tmp_path / f"a.{how}"
    if how == "tif":
        tifffile.imwrite(
            path, values, compression="jpeg2000", compressionargs={"level": 0},
            photometric="rgb" if colour else "minisblack",
        )  # fmt: skip
    else:
        path.write_bytes(imagecodecs.jpeg2k_encode(values, level=0, codecformat=how.upper()))
    assert np.abs(read_rgb(path).pixels - by_the_rule(values)).max() <= 1


@pytest.mark.parametrize("colour", [False, True])
def test_jpeg_of_twelve_bits(tmp_path: Path, colour: bool) -> None:
    # Smooth, as colours are stored at half the resolution.
    ramp = np.add.outer(np.arange(H) * 40, np.arange(W) * 30).astype(np.uint16) + 100
    values = np.dstack([ramp, ramp[::-1], ramp[:, ::-1]]) if colour else ramp
    (tmp_path / "a.jpg").write_bytes(imagecodecs.jpeg8_encode(values, level=98, bitspersample=12))
    found = read_rgb(tmp_path / "a.jpg")
    assert np.abs(found.pixels - by_the_rule(values)).mean() < 3
    assert "12-bit" in found.note


def test_gif_and_avif_and_a_jpeg_named_jfif(tmp_path: Path) -> None:
    picture = Image.fromarray(COLOUR.astype(np.uint8))
    frames = [Image.fromarray(GREY.astype(np.uint8)), Image.new("L", (W, H))]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:])
    found = read_rgb(tmp_path / "a.gif")
    assert np.abs(found.pixels - by_the_rule(GREY.astype(np.uint8))).max() <= 1
    assert found.note == "the first of 2 frames is shown"
    picture.save(tmp_path / "a.jfif", "JPEG", quality=98)
    assert np.abs(read_rgb(tmp_path / "a.jfif").pixels.astype(float) - COLOUR).mean() < 4
    (tmp_path / "a.avif").write_bytes(imagecodecs.avif_encode(COLOUR.astype(np.uint8), level=95))
    assert np.abs(read_rgb(tmp_path / "a.avif").pixels.astype(float) - COLOUR).mean() < 6


@pytest.mark.parametrize("orientation", range(1, 9))
def test_an_avif_is_turned_as_its_own_boxes_say(tmp_path: Path, orientation: int) -> None:
    """AVIF states its orientation in boxes of the container (irot, imir), not as JPEG does."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = np.ascontiguousarray(TURNED[orientation](COLOUR)).astype(np.uint8)
    Image.fromarray(stored).save(tmp_path / "a.avif", exif=exif, quality=100)
    found = read_rgb(tmp_path / "a.avif").pixels
    assert found.shape == (H, W, 3)
    assert np.abs(found.astype(float) - COLOUR).mean() < 4
    facts, _ = inspect(tmp_path / "a.avif", 32)
    assert (facts.width, facts.height) == (W, H)


def test_of_a_moving_avif_the_first_frame_is_shown_and_that_is_told(tmp_path: Path) -> None:
    first = Image.fromarray(COLOUR.astype(np.uint8))
    others = [Image.new("RGB", (W, H)), Image.new("RGB", (W, H), "white")]
    first.save(tmp_path / "a.avif", save_all=True, append_images=others, quality=100)
    found = read_rgb(tmp_path / "a.avif")
    assert np.abs(found.pixels.astype(float) - COLOUR).mean() < 4
    assert found.note == "the first of 3 frames is shown"


@pytest.mark.parametrize(
    ("bits", "dtype"),
    [(8, "uint8"), *(pytest.param(bits, "uint16", marks=pytest.mark.slow) for bits in (12, 16))],
)
@pytest.mark.parametrize("name", ["a.jls", "a.jpg", "IM0001"])
def test_jpeg_ls_is_read_by_its_content(tmp_path: Path, bits: int, dtype: str, name: str) -> None:
    values = numbers(dtype, False)
    (tmp_path / name).write_bytes(imagecodecs.jpegls_encode(values))
    assert [path.name for path in scan(tmp_path).images] == [name]
    found = read_rgb(tmp_path / name)
    assert np.abs(found.pixels - by_the_rule(values)).max() <= 1
    cut = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(cut[: len(cut) // 2])
    with pytest.raises(UnreadableImage, match="damaged"):
        read_rgb(tmp_path / name)


def test_one_colour_of_sixteen_bits_that_is_called_transparent_is_shown_on_white(tmp_path: Path) -> None:
    values = (COLOUR * 200).astype(np.uint16)
    coded = imagecodecs.png_encode(values)
    chunk = b"tRNS" + struct.pack(">3H", *values[3, 5])
    at = coded.index(b"IDAT") - 4
    told = struct.pack(">I", 6) + chunk + struct.pack(">I", zlib.crc32(chunk))
    (tmp_path / "a.png").write_bytes(coded[:at] + told + coded[at:])
    found = read_rgb(tmp_path / "a.png")
    transparent = (values == values[3, 5]).all(axis=2)
    assert (found.pixels[transparent] == 255).all()
    assert np.abs(found.pixels - by_the_rule(values))[~transparent].max() <= 1
    assert "transparent parts are shown on white" in found.note
    assert "channels" not in found.note


@pytest.mark.parametrize("big", [False, True])
def test_a_reduced_copy_before_the_picture_is_passed_over(tmp_path: Path, big: bool) -> None:
    picture = COLOUR.astype(np.uint8)
    with tifffile.TiffWriter(tmp_path / "a.tif", bigtiff=big) as file:
        file.write(picture[::8, ::8], subfiletype=1, photometric="rgb", metadata=None)
        file.write(picture, photometric="rgb", metadata=None)
    found = read_rgb(tmp_path / "a.tif")
    np.testing.assert_array_equal(found.pixels, picture)
    assert found.note == "page 2 of 2 is shown, those before it are reduced copies"
    with tifffile.TiffWriter(tmp_path / "b.tif", bigtiff=big) as file:
        file.write(picture[::8, ::8], subfiletype=1, photometric="rgb", metadata=None)
    assert read_rgb(tmp_path / "b.tif").pixels.shape == (5, 7, 3)


def test_channels_beside_those_of_print_are_told(tmp_path: Path) -> None:
    values = np.dstack([COLOUR, GREY, GREY]).astype(np.uint8)
    tifffile.imwrite(tmp_path / "a.tif", values, photometric="separated")
    assert read_rgb(tmp_path / "a.tif").note == "the first 4 of 5 channels are shown"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<!DOCTYPE html><html>403 Forbidden</html>", "a web page"),
        (b"\n  <HTML><body>", "a web page"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 2\n", "git lfs pull"),
        (b"PK\x03\x04" + bytes(60), "unpack it"),
        (b"\x1f\x8b\x08" + bytes(60), "unpack it"),
        (b"%PDF-1.7\n" + bytes(60), "is a PDF"),
        (b"P6 2 2 255\n" + bytes(12), "a PNM picture"),
        (imagecodecs.jpegxl_encode(COLOUR.astype(np.uint8)), "a JPEG XL picture"),
        (b"\0\0\0\x18ftypmp42" + bytes(60), "a film"),
        (b"II\xbc\1" + bytes(60), "a JPEG XR picture"),
        (b'{"error": "not found"}', "is not a JPEG"),
    ],
)
def test_what_is_called_a_picture_and_is_something_else_is_named(
    tmp_path: Path, content: bytes, words: str
) -> None:
    for name in ("a.jpg", "a.PNG"):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(UnreadableImage, match=words) as told:
            read_rgb(tmp_path / name)
        assert str(told.value).startswith(name)
        assert "damaged" not in str(told.value)


@pytest.mark.parametrize("bits", [1, 2, 4])
def test_few_bits_reach_from_black_to_white(tmp_path: Path, bits: int) -> None:
    values = (np.arange(H * W).reshape(H, W) % (1 << bits)).astype(np.uint8)
    if bits == 1:
        tifffile.imwrite(tmp_path / "a.tif", values.astype(bool), photometric="minisblack")
        assert (read_rgb(tmp_path / "a.tif").pixels[:, :, 0] == values * 255).all()
    image = Image.fromarray(values * (255 // ((1 << bits) - 1)))
    image.quantize(1 << bits).save(tmp_path / "a.png", bits=bits)
    shades = len(np.unique(read_rgb(tmp_path / "a.png").pixels))
    assert shades == 1 << bits


def test_channels_that_are_not_shown_are_told(tmp_path: Path) -> None:
    stack = np.dstack([GREY, GREY[::-1], GREY[:, ::-1], GREY * 0, GREY]).astype(np.uint8)
    tifffile.imwrite(tmp_path / "two.tif", stack[:, :, :2], photometric="minisblack", planarconfig="contig")
    tifffile.imwrite(tmp_path / "five.tif", stack, photometric="minisblack", planarconfig="contig")
    two, five = read_rgb(tmp_path / "two.tif"), read_rgb(tmp_path / "five.tif")
    assert two.note == "the first of 2 channels is shown"
    np.testing.assert_array_equal(two.pixels[:, :, 2], stack[:, :, 0])
    assert five.note == "the first 3 of 5 channels are shown as red, green and blue"
    np.testing.assert_array_equal(five.pixels, stack[:, :, :3])


@pytest.mark.parametrize("pad", [-32768, 32767, -2000000])
def test_padding_does_not_eat_the_contrast(tmp_path: Path, pad: int) -> None:
    values = numbers("int32" if abs(pad) > 40000 else "int16", False)
    padded = values.copy()
    padded[:8] = pad
    tifffile.imwrite(tmp_path / "a.tif", padded)
    shown, alone = read_rgb(tmp_path / "a.tif").pixels, by_the_rule(values[8:])
    assert np.abs(shown[8:] - alone).max() <= 2
    assert (shown[:8] == (255 if pad > 0 else 0)).all()


def test_what_is_not_finite_or_named_as_no_data_is_black_and_does_not_count(tmp_path: Path) -> None:
    values = numbers("float32", False)
    holes = values.copy()
    holes[:4], holes[4:6], holes[6:9] = np.nan, np.inf, -9999.0
    tifffile.imwrite(tmp_path / "a.tif", holes, extratags=[(42113, "s", 0, "-9999", True)], metadata=None)
    shown = read_rgb(tmp_path / "a.tif").pixels
    assert (shown[:9] == 0).all()
    assert np.abs(shown[9:] - by_the_rule(values[9:])).max() <= 1


def test_metadata_of_megabytes_is_no_damage(tmp_path: Path) -> None:
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("protocol", "x" * 3_000_000, zip=True)
    Image.fromarray(COLOUR.astype(np.uint8)).save(tmp_path / "a.png", pnginfo=info)
    np.testing.assert_array_equal(read_rgb(tmp_path / "a.png").pixels, COLOUR.astype(np.uint8))


def test_what_is_intact_and_not_read_is_named_and_what_is_cut_is_called_damaged(tmp_path: Path) -> None:
    values = numbers("uint16", True)
    tifffile.imwrite(tmp_path / "complex.tif", (GREY + 1j).astype(np.complex64))
    with pytest.raises(UnreadableImage, match="complex numbers"):
        read_rgb(tmp_path / "complex.tif")
    for packed in (None, "lzw", "deflate"):
        tifffile.imwrite(tmp_path / "a.tif", values, compression=packed)
        whole = (tmp_path / "a.tif").read_bytes()
        (tmp_path / "cut.tif").write_bytes(whole[: len(whole) * 2 // 3])
        with pytest.raises(UnreadableImage, match="damaged or cut off"):
            read_rgb(tmp_path / "cut.tif")
    png = imagecodecs.png_encode(values)
    (tmp_path / "cut.png").write_bytes(png[: len(png) // 2])
    with pytest.raises(UnreadableImage, match="damaged or cut off"):
        read_rgb(tmp_path / "cut.png")


def test_a_pipe_is_told_and_not_waited_for(tmp_path: Path) -> None:
    import os

    if not hasattr(os, "mkfifo"):
        pytest.skip("this system has no named pipes")
    os.mkfifo(tmp_path / "a.png")
    with pytest.raises(UnreadableImage, match="is no file but a pipe"):
        read_rgb(tmp_path / "a.png")


DATA = Path(__file__).parent / "data"
"""Written by libheif 1 from the picture below, colours at full resolution."""


@pytest.mark.parametrize("name", ["rgb.heic", "rgb10.heic"])
def test_heic(name: str) -> None:
    pytest.importorskip("pi_heif")
    grey = (np.add.outer(np.arange(48) * 2, np.arange(64)) + 30).astype(np.uint8)
    colour = np.dstack([grey, grey[::-1], grey[:, ::-1]])
    expected = by_the_rule(colour if name == "rgb.heic" else colour.astype(np.uint16))
    found = read_rgb(DATA / name)
    assert np.abs(found.pixels - expected).mean() < 4
    assert ("16-bit" in found.note) == (name == "rgb10.heic")


def test_heic_without_its_decoder_names_it_and_damaged_heic_is_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = (DATA / "rgb.heic").read_bytes()
    (tmp_path / "a.heic").write_bytes(whole[: len(whole) // 2])
    if importlib.util.find_spec("pi_heif"):
        with pytest.raises(UnreadableImage, match="damaged"):
            read_rgb(tmp_path / "a.heic")
    monkeypatch.setitem(sys.modules, "pi_heif", None)
    with pytest.raises(UnreadableImage, match="read once the package pi-heif is here"):
        read_rgb(DATA / "rgb.heic")
