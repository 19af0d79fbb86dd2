"""What a DICOM file holds is shown as it says: packing, depth, sign, polarity, palette, window, frames."""

from __future__ import annotations

import io
import itertools
import zlib
from collections import Counter
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pydicom
import pytest
from dicom_files import NATIVE, dataset, write
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.encaps import get_frame
from pydicom.uid import RLELossless, generate_uid

from medlabeler.imaging import burned_in
from medlabeler.imaging.formats import READABLE
from medlabeler.imaging.readers import images_in, inspect, inspect_all, read_rgb
from medlabeler.imaging.rendering import Rendering
from medlabeler.imaging.unreadable import UnreadableImage

H, W = 48, 64
RAMP = np.add.outer(np.arange(H) * 16, np.arange(W) * 30).astype(np.float64)  # 0 .. 2642
JPEG, EXTENDED, LOSSLESS, LOSSLESS_1 = (f"1.2.840.10008.1.2.4.{n}" for n in (50, 51, 57, 70))
LS, LS_NEAR, J2K_LOSSLESS, J2K = (f"1.2.840.10008.1.2.4.{n}" for n in (80, 81, 90, 91))
TEST_FILES = Path(pydicom.__file__).parent / "data"


def shades(values: NDArray[Any], low: float, high: float) -> NDArray[np.float64]:
    """Straight from the definition: `low` black, `high` white, between them a line."""
    return np.clip((values.astype(np.float64) - low) * 255 / (high - low), 0, 255)


def by_percentiles(values: NDArray[Any]) -> NDArray[np.float64]:
    return shades(values, *np.percentile(values.astype(np.float64), (0.1, 99.9)))


def off(path: Path, expected: NDArray[Any], **how: Any) -> float:
    """How far what is read is from what is expected, at most."""
    pixels = read_rgb(path, **how).pixels.astype(np.float64)
    return float(np.abs(pixels - (expected[:, :, None] if expected.ndim == 2 else expected)).max())


def stored(dtype: str) -> NDArray[Any]:
    kind = np.dtype(dtype)
    base = RAMP if kind.itemsize > 1 else RAMP // 11
    return (base - (1000 if kind.itemsize > 1 else 100) * (kind.kind == "i")).astype(kind)


@pytest.mark.parametrize(
    ("syntax", "dtype", "polarity"),
    [
        *itertools.product(
            NATIVE, ("uint8", "int8", "uint16", "int16", "uint32", "int32"), ("MONOCHROME1", "MONOCHROME2")
        )
    ],
)
def test_native_numbers(tmp_path: Path, syntax: str, dtype: str, polarity: str) -> None:
    values = stored(dtype)
    path = write(tmp_path / "a.dcm", dataset(values, photometric=polarity), syntax)
    expected = values.astype(float) if dtype == "uint8" else by_percentiles(values)
    assert off(path, 255 - expected if polarity == "MONOCHROME1" else expected) <= 1


@pytest.mark.parametrize("syntax", [LOSSLESS, LOSSLESS_1, LS, J2K_LOSSLESS, RLELossless])
@pytest.mark.parametrize("dtype", ["uint8", "uint16", "int16"])
def test_lossless_packings(tmp_path: Path, syntax: str, dtype: str) -> None:
    values = stored(dtype)
    if syntax in (LOSSLESS, LOSSLESS_1, LS) and dtype == "int16":
        values = values + np.int16(1000)  # what these packings hold has no sign
    made = dataset(values)
    unsigned = values.view(f"u{values.dtype.itemsize}")
    if syntax == RLELossless:
        made.file_meta = pydicom.dataset.FileMetaDataset()
        made.file_meta.TransferSyntaxUID = pydicom.uid.ExplicitVRLittleEndian
        made.compress(RLELossless)
        packed = [get_frame(made.PixelData, 0)]
    elif syntax == LS:
        packed = [imagecodecs.jpegls_encode(unsigned)]
    elif syntax == J2K_LOSSLESS:
        packed = [imagecodecs.jpeg2k_encode(values, level=0, codecformat="J2K")]
    else:
        packed = [imagecodecs.ljpeg_encode(unsigned, bitspersample=8 * values.dtype.itemsize)]
    path = write(tmp_path / "a.dcm", made, syntax, packed)
    assert off(path, values if dtype == "uint8" else by_percentiles(values)) <= 1


@pytest.mark.parametrize(("syntax", "most"), [(JPEG, 6), (LS_NEAR, 4), (J2K, 8)])
def test_lossy_packings_of_eight_bits(tmp_path: Path, syntax: str, most: float) -> None:
    values = stored("uint8")
    encode = {
        JPEG: lambda: imagecodecs.jpeg8_encode(values, level=95),
        LS_NEAR: lambda: imagecodecs.jpegls_encode(values, level=2),
        J2K: lambda: imagecodecs.jpeg2k_encode(values, level=45, codecformat="J2K"),
    }
    path = write(tmp_path / "a.dcm", dataset(values), syntax, [encode[syntax]()])
    assert off(path, values) <= most


def test_jpeg_of_twelve_bits(tmp_path: Path) -> None:
    values = stored("uint16")
    packed = [imagecodecs.jpeg8_encode(values, level=98, bitspersample=12)]
    path = write(tmp_path / "a.dcm", dataset(values, bits=12), EXTENDED, packed)
    assert off(path, by_percentiles(values)) <= 6
    assert read_rgb(path).note.startswith("12-bit, shown from")


@pytest.mark.parametrize("planar", [0, 1])
@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
def test_colours(tmp_path: Path, planar: int, dtype: str) -> None:
    values = np.dstack([stored(dtype), stored(dtype)[::-1], stored(dtype)[:, ::-1]])
    laid = np.ascontiguousarray(np.moveaxis(values, -1, 0)) if planar else values
    made = dataset(values, PixelData=laid.tobytes(), PlanarConfiguration=planar)
    path = write(tmp_path / "a.dcm", made)
    assert off(path, values if dtype == "uint8" else by_percentiles(values)) <= 1


def test_ybr_becomes_rgb(tmp_path: Path) -> None:
    grey = stored("uint8")
    ybr = np.dstack([grey, np.full_like(grey, 128), np.full_like(grey, 128)])
    path = write(tmp_path / "a.dcm", dataset(ybr, photometric="YBR_FULL"))
    assert off(path, grey) <= 1


def _palette(bits: int) -> dict[str, Any]:
    table = (np.arange(256) * (257 if bits == 16 else 1)).astype("<u2" if bits == 16 else np.uint8)
    found: dict[str, Any] = {}
    for name, entries in (("Red", table), ("Green", table[::-1]), ("Blue", table)):
        found[f"{name}PaletteColorLookupTableDescriptor"] = [256, 0, bits]
        found[f"{name}PaletteColorLookupTableData"] = entries.tobytes()
    return found


@pytest.mark.parametrize("bits", [8, 16])
def test_palette(tmp_path: Path, bits: int) -> None:
    values = stored("uint8")
    path = write(tmp_path / "a.dcm", dataset(values, photometric="PALETTE COLOR", **_palette(bits)))
    assert off(path, np.dstack([values, 255 - values, values])) <= 1


@pytest.mark.parametrize(("slope", "intercept"), [(1, -1024), (2.5, 10), (-1, 0)])
@pytest.mark.parametrize("window", ["file", "none", "LINEAR_EXACT", "SIGMOID"])
@pytest.mark.parametrize("polarity", ["MONOCHROME1", "MONOCHROME2"])
def test_rescale_and_window(
    tmp_path: Path, slope: float, intercept: float, window: str, polarity: str
) -> None:
    values = stored("int16")
    unit = values * float(slope) + intercept
    centre, width = float(np.median(unit)), 400.0
    header: dict[str, Any] = {"RescaleSlope": slope, "RescaleIntercept": intercept}
    if window != "none":
        header |= {"WindowCenter": centre, "WindowWidth": width}
    if window in ("LINEAR_EXACT", "SIGMOID"):
        header["VOILUTFunction"] = window
    path = write(tmp_path / "a.dcm", dataset(values, photometric=polarity, **header))
    expected = {
        "none": lambda: by_percentiles(unit),
        # C.11.2.1.2.1 of the standard
        "file": lambda: np.clip(((unit - (centre - 0.5)) / (width - 1) + 0.5) * 255, 0, 255),
        "LINEAR_EXACT": lambda: np.clip(((unit - centre) / width + 0.5) * 255, 0, 255),
        "SIGMOID": lambda: 255 / (1 + np.exp(-4 * (unit - centre) / width)),
    }[window]()
    assert off(path, 255 - expected if polarity == "MONOCHROME1" else expected) <= 1


def test_the_projects_window_and_the_viewers_are_in_the_unit_of_the_file(tmp_path: Path) -> None:
    values = stored("int16")
    made = dataset(values, RescaleSlope=1, RescaleIntercept=-200, WindowCenter=0, WindowWidth=100)
    path = write(tmp_path / "a.dcm", made)
    expected = shades(values - 200, -500, 700)
    assert off(path, expected, rendering=Rendering(window=(100, 1200))) <= 1
    assert read_rgb(path, rendering=Rendering(window=(100, 1200))).note == (
        "16-bit signed, shown from -500 to 700 (the project's window)"
    )
    tones = read_rgb(path).tones
    assert tones is not None
    assert np.abs(tones.shown(-500, 700)[:, :, 0] - expected).max() <= 1
    assert off(path, by_percentiles(values), rendering=Rendering(own_window=False)) <= 1
    wide = shades(values, *np.percentile(values.astype(float), (5, 95)))
    assert off(path, wide, rendering=Rendering(own_window=False, percentiles=(5, 95))) <= 1


@pytest.mark.parametrize("centre", [1e9, -1e6])
def test_a_window_where_no_number_can_lie_leaves_no_black_picture(tmp_path: Path, centre: float) -> None:
    values = stored("int16")
    path = write(tmp_path / "a.dcm", dataset(values, WindowCenter=centre, WindowWidth=1))
    found = read_rgb(path)
    assert np.abs(found.pixels - by_percentiles(values)[:, :, None]).max() <= 1
    assert "the file's window shows nothing" in found.note
    # One that is only beside what this slice holds is meant.
    air = dataset(np.full_like(values, -1000), WindowCenter=40, WindowWidth=400)
    assert (read_rgb(write(tmp_path / "air.dcm", air)).pixels == 0).all()


@pytest.mark.parametrize("where", ["ModalityLUTSequence", "VOILUTSequence"])
def test_tables(tmp_path: Path, where: str) -> None:
    values = stored("uint16")
    item = Dataset()
    item.LUTDescriptor = [3000, 0, 16]
    table = (np.arange(3000)[::-1] * 20).astype("<u2")
    item.LUTData = table.tobytes()
    item["LUTData"].VR = "OW"
    item.ModalityLUTType = "OD"
    path = write(tmp_path / "a.dcm", dataset(values, **{where: [item]}))
    looked = table[values].astype(float)
    assert off(path, looked / 65535 * 255 if where == "VOILUTSequence" else by_percentiles(looked)) <= 1


@pytest.mark.parametrize("polarity", ["MONOCHROME1", "MONOCHROME2"])
def test_padding_is_black_and_does_not_eat_the_contrast(tmp_path: Path, polarity: str) -> None:
    values = stored("int16")
    padded = values.copy()
    padded[:10] = -2000
    # Some write the number without its sign.
    for told in (-2000, 63536):
        made = dataset(padded, photometric=polarity)
        made.add_new("PixelPaddingValue", "SS" if told < 0 else "US", told)
        shown = read_rgb(write(tmp_path / "a.dcm", made)).pixels[:, :, 0].astype(float)
        expected = by_percentiles(values[10:])
        assert np.abs(shown[10:] - (255 - expected if polarity == "MONOCHROME1" else expected)).max() <= 1
        assert (shown[:10] == 0).all()


def test_each_frame_is_an_image_with_its_own_window(tmp_path: Path) -> None:
    frames = np.stack([stored("uint16") + 100 * k for k in range(3)]).astype(np.uint16)
    made = dataset(frames, frames=True)
    made.PerFrameFunctionalGroupsSequence = [Dataset() for _ in range(3)]
    for k, group in enumerate(made.PerFrameFunctionalGroupsSequence):
        voi, rescale, measures = Dataset(), Dataset(), Dataset()
        voi.WindowCenter, voi.WindowWidth = 500 + 100 * k, 1000
        rescale.RescaleSlope, rescale.RescaleIntercept, rescale.RescaleType = 1, 10 * k, "US"
        measures.PixelSpacing = [0.5, 0.25 + k]
        group.FrameVOILUTSequence, group.PixelValueTransformationSequence = [voi], [rescale]
        group.PixelMeasuresSequence = [measures]
    path = write(tmp_path / "scan.dcm", made)
    names = images_in(path)
    assert [name.name for name in names] == [f"scan.dcm#frame={k}" for k in (1, 2, 3)]
    for k, name in enumerate(names):
        low = 500 + 100 * k - 0.5 - 499.5
        assert off(name, shades(frames[k] + 10.0 * k, low, low + 999)) <= 1
        found = read_rgb(name)
        assert found.note.startswith(f"frame {k + 1} of 3 frames is shown; 16-bit, shown from")
        assert found.spacing_mm == (0.5, 0.25 + k)
    facts = [facts for facts, _ in inspect_all(path)]
    assert [one.part for one in facts] == ["#frame=1", "#frame=2", "#frame=3"]
    assert len({one.digest for one in facts}) == 3
    assert [inspect(name)[0] for name in names] == facts
    assert read_rgb(path).note.startswith("the first of 3 frames is shown")
    with pytest.raises(UnreadableImage, match="damaged"):
        read_rgb(tmp_path / "scan.dcm#frame=4")


def test_files_without_suffix_and_without_preamble_are_recognised(tmp_path: Path) -> None:
    from medlabeler.project.scan import scan

    write(tmp_path / "IM000001", dataset(stored("uint16")))
    whole = (tmp_path / "IM000001").read_bytes()
    begin = whole.index(b"\x08\x00\x16\x00UI")
    (tmp_path / "bare").write_bytes(whole[begin:])
    (tmp_path / "notes").write_text("\x08\x00 this is no DICOM file, whatever it begins with" * 4)
    found = scan(tmp_path)
    assert [path.name for path in found.images] == ["IM000001", "bare"]
    np.testing.assert_array_equal(read_rgb(tmp_path / "bare").pixels, read_rgb(tmp_path / "IM000001").pixels)


OPENED, REFUSED = 103, {
    "is a DICOM file without pixels (Color Palette)": 8,
    "is a DICOM file without pixels (CT Image)": 51,
    "is a DICOM file without pixels (Computed Radiography Image)": 3,
    "is a DICOM file without pixels (MR Image)": 3,
    "is a DICOM file without pixels (Basic Text SR)": 2,
    "is a DICOM file without pixels (Comprehensive SR)": 1,
    "is a DICOM file without pixels (RT Ion Plan)": 2,
    "is a DICOM file without pixels (RT Plan)": 2,
    "is a DICOM file without pixels (RT Image)": 1,
    "is a DICOM file without pixels (RT Structure Set)": 1,
    "is a DICOM file without pixels (12-lead ECG Waveform)": 1,
    "is a DICOM file without pixels": 1,
    "is the table of contents of a DICOM disc (DICOMDIR), which holds no picture": 8,
    "is damaged or cut off, so it cannot be decoded": 4,
    f"is not a {READABLE} image, whatever its name says": 1,  # a byte stands before its first tag
    "is an archive, which is not looked into; unpack it": 1,
}  # fmt: skip


def test_every_file_of_pydicoms_own_is_opened_or_refused_with_its_reason() -> None:
    opened, refused = 0, Counter[str]()
    for path in sorted(TEST_FILES.rglob("*")):
        if not path.is_file() or path.suffix in (".py", ".pyc", ".json", ".txt", ".md", ".dump", ".icc"):
            continue
        if path.name == "README":
            continue
        try:
            assert all(jpeg for _, jpeg in inspect_all(path))
            opened += 1
        except UnreadableImage as error:
            refused[str(error).removeprefix(f"{path.name} ").rstrip(".")] += 1
    assert refused == REFUSED
    assert opened == OPENED


CHECKED_ALONE = [
    "JPEG2000.dcm", "MR_small_jp2klossless.dcm", "MR_small_jpeg_ls_lossless.dcm", "examples_jpeg2k.dcm",
    "JPEGLSNearLossless_08.dcm", "JPEGLSNearLossless_16.dcm", "693_J2KI.dcm", "JPGExtended.dcm",
    "SC_rgb_jpeg_gdcm.dcm", "SC_rgb_jls_lossy_line.dcm", "GDCMJ2K_TextGBR.dcm",
]  # fmt: skip


@pytest.mark.parametrize("name", CHECKED_ALONE)
def test_compressed_files_of_others_against_another_decoder(name: str) -> None:
    path = TEST_FILES / "test_files" / name
    file = pydicom.dcmread(path)
    frame = get_frame(file.PixelData, 0, number_of_frames=1)
    decode = {"4.8": imagecodecs.jpegls_decode, "4.9": imagecodecs.jpeg2k_decode}.get(
        file.file_meta.TransferSyntaxUID.removeprefix("1.2.840.10008.1.2.")[:3], imagecodecs.jpeg_decode
    )
    values = np.asarray(decode(frame))
    if file.PixelRepresentation and values.dtype.kind == "u":
        # A stream without a sign holds the bits of numbers with one.
        shift = 8 * values.dtype.itemsize - file.BitsStored
        values = (values << shift).view(f"i{values.dtype.itemsize}") >> shift
    unit = values * float(file.get("RescaleSlope", 1)) + float(file.get("RescaleIntercept", 0))
    if "WindowCenter" in file:
        centre, width = float(file.WindowCenter), float(file.WindowWidth)
        expected = np.clip(((unit - (centre - 0.5)) / (width - 1) + 0.5) * 255, 0, 255)
    else:
        expected = values.astype(float) if values.dtype == np.uint8 else by_percentiles(unit)
    assert off(path, expected) <= 2


def _deflated_bomb() -> bytes:
    buffer = io.BytesIO()
    made = dataset(stored("uint8"))
    meta = pydicom.dataset.FileMetaDataset()
    meta.TransferSyntaxUID, meta.MediaStorageSOPClassUID = pydicom.uid.UID(NATIVE[1]), made.SOPClassUID
    meta.MediaStorageSOPInstanceUID = generate_uid()
    made.file_meta = meta
    made.save_as(buffer, enforce_file_format=True)
    whole = buffer.getvalue().replace(b"1.2.840.10008.1.2.1\0", b"1.2.840.10008.1.2.1.99")
    length = int.from_bytes(whole[140:144], "little") + 2
    at = whole.index(b"1.2.840.10008.1.2.1.99")
    head = (
        whole[:140]
        + length.to_bytes(4, "little")
        + whole[144 : at - 2]
        + b"\x16\0"
        + whole[at : 144 + length]
    )
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return head + b"".join(packer.compress(bytes(10_000_000)) for _ in range(60)) + packer.flush()


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ("deflated", "too large"),
        ("frames", "too large"),
        ("rows", "which no picture does"),
        ("stream", "damaged"),
        ("short", "damaged"),
        ("zero", "damaged"),
        ("unknown", "packed in a way that is not read"),
        ("film", "holds a film"),
        ("colours", "colours of a kind that is not read"),
    ],
)
def test_hostile_and_unsupported_files_get_a_sentence(tmp_path: Path, what: str, sentence: str) -> None:
    made, syntax, packed = dataset(stored("uint16")), NATIVE[1], None
    if what == "frames":
        made.NumberOfFrames = 2_000_000_000
    elif what == "rows":
        made.Rows = made.Columns = 15_000
    elif what == "zero":
        made.Rows = 0
    elif what == "colours":
        made.PhotometricInterpretation = "HSV"
    elif what == "stream":
        # The header is honest about 48 rows, the stream within unfolds to a hundred megapixels.
        syntax = J2K_LOSSLESS
        packed = [
            imagecodecs.jpeg2k_encode(np.zeros((10_000, 10_000), np.uint16), level=0, codecformat="J2K")
        ]
    elif what in ("unknown", "film"):
        syntax = "1.2.840.10008.1.2.7.1" if what == "unknown" else "1.2.840.10008.1.2.4.102"
        packed = [b"\0" * 100]
    path = write(tmp_path / "a.dcm", made, syntax, packed)
    if what == "short":
        path.write_bytes(path.read_bytes()[:-500])
    if what == "deflated":
        path.write_bytes(_deflated_bomb())
    with pytest.raises(UnreadableImage, match=sentence):
        read_rgb(path)


def test_text_in_the_pixels_is_suspected_where_it_is_and_not_where_it_is_not() -> None:
    from PIL import Image, ImageDraw, ImageFont

    rng = np.random.default_rng(0)
    smooth = Image.fromarray(rng.integers(30, 200, (12, 16), np.uint8)).resize(
        (640, 480), Image.Resampling.BICUBIC
    )
    noisy = np.clip(np.asarray(smooth) + rng.normal(0, 12, (480, 640)), 0, 255).astype(np.uint8)
    plain = np.repeat(noisy[:, :, None], 3, axis=2)
    assert burned_in.suspected(plain) == ""
    for size, ink, where in itertools.product((14, 24, 40), (255, 0), ((8, 8), (60, 430))):
        image = Image.fromarray(plain)
        ImageDraw.Draw(image).text(
            where, "DOE JOHN 12345678", fill=(ink,) * 3, font=ImageFont.load_default(size)
        )
        assert burned_in.suspected(np.asarray(image)), (size, ink, where)


def test_the_files_own_word_about_text_in_its_pixels_is_told(tmp_path: Path) -> None:
    path = write(tmp_path / "a.dcm", dataset(stored("uint8"), BurnedInAnnotation="YES"))
    assert inspect(path)[0].burned_in == burned_in.STATED
    assert read_rgb(path).note == "text is burned into the pixels, the file says"


def test_pixel_spacing_is_told(tmp_path: Path) -> None:
    path = write(tmp_path / "a.dcm", dataset(stored("uint8"), PixelSpacing=[0.7, 0.5]))
    assert read_rgb(path).spacing_mm == (0.7, 0.5)
    path = write(tmp_path / "a.dcm", dataset(stored("uint8"), ImagerPixelSpacing=[0.1, 0.1]))
    assert read_rgb(path).spacing_mm == (0.1, 0.1)
    assert read_rgb(write(tmp_path / "a.dcm", dataset(stored("uint8")))).spacing_mm is None
