"""Which pictures are read: every combination is written by other programs' libraries, read, and compared with
the numbers written. `python tests/imaging/format_matrix.py --write` puts what was found into the manual.
"""

from __future__ import annotations

import io
import itertools
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import tifffile
from numpy.typing import NDArray
from PIL import Image

from medlabeler.imaging.readers import read_rgb
from medlabeler.imaging.unreadable import UnreadableImage

PAGE = Path(__file__).resolve().parents[2] / "resources" / "manual" / "files.md"
BEGIN, END = "<!-- formats: written by tests/imaging/format_matrix.py -->", "<!-- end of formats -->"
H, W = 40, 56
RAMP = (np.add.outer(np.arange(H) * 3, np.arange(W) * 2) % 200 + 20).astype(np.float64)
DEPTHS = ("uint8", "uint16", "int16", "uint32", "int32", "float16", "float32", "float64")
WORDS = {
    "uint8": "8", "uint16": "16", "int16": "16 signed", "uint32": "32", "int32": "32 signed",
    "float16": "half float", "float32": "float", "float64": "double",
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One file: a row and a column of the matrix, how to write it, and what it should look like."""

    family: str
    packing: str
    depth: str
    variant: str
    write: Callable[[Path], None]
    expected: NDArray[np.float64]
    most: float


def numbers(dtype: str, colour: bool) -> NDArray[Any]:
    base = np.dstack([RAMP, RAMP[::-1], RAMP[:, ::-1]]) if colour else RAMP
    kind = np.dtype(dtype)
    if kind.kind == "f":
        return (base / 255 - 0.2).astype(kind)
    if kind == np.uint8:
        return base.astype(kind)
    return (base * 14 - (1500 if kind.kind == "i" else 0)).astype(kind)


def looks(values: NDArray[Any], negative: bool = False) -> NDArray[np.float64]:
    """Straight from the definition: eight bits as they are, else between two percentiles."""
    if values.dtype == np.uint8:
        pixels = values.astype(np.float64)
    else:
        low, high = np.percentile(values.astype(np.float64), (0.1, 99.9))
        pixels = np.clip((values.astype(np.float64) - low) * 255 / (high - low), 0, 255)
    pixels = 255 - pixels if negative else pixels
    return np.repeat(pixels[:, :, None], 3, axis=2) if pixels.ndim == 2 else pixels


def cases() -> Iterator[Case]:
    """All of them."""
    yield from _tiffs()
    yield from _others()
    yield from _dicoms()


def _tiffs() -> Iterator[Case]:
    packings = {
        "none": {}, "LZW": {"compression": "lzw"}, "Deflate": {"compression": "deflate"},
        "LZW, predictor": {"compression": "lzw", "predictor": True},
        "PackBits": {"compression": "packbits"}, "Zstandard": {"compression": "zstd"},
        "JPEG 2000": {"compression": "jpeg2000", "compressionargs": {"level": 0}},
        "JPEG": {"compression": "jpeg", "compressionargs": {"level": 98}},
    }  # fmt: skip
    layouts = ("grey", "negative", "RGB", "RGB planes", "tiles", "big endian", "BigTIFF", "turned")
    for (name, packing), depth, layout in itertools.product(packings.items(), DEPTHS, layouts):
        if (name == "JPEG" and (depth != "uint8" or "RGB" in layout)) or (
            # The writer swaps the bytes of numbers that JPEG 2000 has in one order only.
            name == "JPEG 2000" and (np.dtype(depth).kind == "f" or layout == "big endian")
        ):
            continue
        values = numbers(depth, "RGB" in layout)
        options: dict[str, Any] = {"photometric": "rgb" if "RGB" in layout else "minisblack", **packing}
        options |= {"negative": {"photometric": "miniswhite"}, "tiles": {"tile": (16, 16)}}.get(layout, {})
        stored = values
        if layout == "RGB planes":
            stored, options["planarconfig"] = np.ascontiguousarray(np.moveaxis(values, -1, 0)), "separate"
        if layout == "turned":
            stored, options["extratags"] = np.ascontiguousarray(np.rot90(values)), [(274, "H", 1, 6, True)]
        opening = {"byteorder": ">"} if layout == "big endian" else {"bigtiff": layout == "BigTIFF"}

        def write(path: Path, stored: Any = stored, options: Any = options, opening: Any = opening) -> None:
            with tifffile.TiffWriter(path, **opening) as writer:
                writer.write(stored, metadata=None, **options)

        most = 8.0 if name == "JPEG" else 1.0
        yield Case("TIFF", name, depth, layout, write, looks(values, layout == "negative"), most)


def _others() -> Iterator[Case]:
    lossless: dict[str, Callable[[NDArray[Any]], bytes]] = {
        "PNG": imagecodecs.png_encode,
        "JPEG 2000": lambda values: imagecodecs.jpeg2k_encode(values, level=0),
        "JPEG-LS": imagecodecs.jpegls_encode,
    }
    for (name, encode), depth, colour in itertools.product(
        lossless.items(), ("uint8", "uint16"), (False, True)
    ):
        values = numbers(depth, colour)
        content = encode(values)
        variant = "RGB" if colour else "grey"
        yield Case(name, "lossless", depth, variant, partial(_store, content), looks(values), 1)
    for name, colour in itertools.product(("BMP", "GIF", "WebP", "JPEG", "AVIF"), (False, True)):
        values = numbers("uint8", colour)
        if name == "GIF" and colour:
            continue
        content = io.BytesIO()
        how = {
            "WebP": {"lossless": True},
            "JPEG": {"quality": 98, "subsampling": 0},
            "AVIF": {"quality": 98, "subsampling": "4:4:4"},
        }
        Image.fromarray(values).save(content, name.upper(), **how.get(name, {}))
        packing = "lossy" if name in ("JPEG", "AVIF") else "lossless"
        variant = "RGB" if colour else "grey"
        yield Case(
            name, packing, "uint8", variant, partial(_store, content.getvalue()),
            looks(values), 12 if packing == "lossy" else 1,
        )  # fmt: skip


def _dicoms() -> Iterator[Case]:
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
    import dicom_files

    syntaxes = {"none": "1.2.840.10008.1.2.1", "none, implicit": "1.2.840.10008.1.2"}
    syntaxes |= {"Deflate": "1.2.840.10008.1.2.1.99", "none, big endian": "1.2.840.10008.1.2.2"}
    packed: dict[str, tuple[str, Callable[[NDArray[Any]], bytes]]] = {
        "JPEG-LS": ("1.2.840.10008.1.2.4.80", imagecodecs.jpegls_encode),
        "JPEG lossless": (
            "1.2.840.10008.1.2.4.70",
            lambda v: imagecodecs.ljpeg_encode(v, bitspersample=8 * v.dtype.itemsize),
        ),
        "JPEG 2000": (
            "1.2.840.10008.1.2.4.90", lambda v: imagecodecs.jpeg2k_encode(v, level=0, codecformat="J2K")
        ),
    }  # fmt: skip
    depths = ("uint8", "uint16", "int16", "uint32", "int32")
    for (name, syntax), depth, polarity in itertools.product(syntaxes.items(), depths, ("1", "2")):
        values = numbers(depth, False)

        def write(path: Path, values: Any = values, syntax: str = syntax, polarity: str = polarity) -> None:
            dicom_files.write(path, dicom_files.dataset(values, photometric=f"MONOCHROME{polarity}"), syntax)

        variant = "negative" if polarity == "1" else "grey"
        yield Case("DICOM", name, depth, variant, write, looks(values, polarity == "1"), 1)
    for (name, (syntax, encode)), depth in itertools.product(packed.items(), ("uint8", "uint16")):
        values = numbers(depth, False)

        def write_packed(
            path: Path, values: Any = values, syntax: str = syntax, encode: Any = encode
        ) -> None:
            dicom_files.write(path, dicom_files.dataset(values), syntax, [encode(values)])

        yield Case("DICOM", name, depth, "grey", write_packed, looks(values), 1)


def _store(content: bytes, path: Path) -> None:
    path.write_bytes(content)


def outcome(case: Case, folder: Path) -> str:
    """`read`, `wrong`, `refused`, or empty where the other library cannot write it."""
    path = folder / f"picture.{'tif' if case.family == 'TIFF' else 'bin'}"
    try:
        case.write(path)
    except Exception:
        return ""  # no file of this kind can be made here
    try:
        pixels = read_rgb(path).pixels
    except UnreadableImage:
        return "refused"
    fits = pixels.shape == case.expected.shape and np.abs(pixels - case.expected).max() <= case.most
    return "read" if fits else "wrong"


def found() -> tuple[dict[tuple[str, str], dict[str, dict[str, str]]], int]:
    """Outcome by family and packing, depth and variant; and how many files were compared."""
    table: dict[tuple[str, str], dict[str, dict[str, str]]] = {}
    n = 0
    with tempfile.TemporaryDirectory() as folder:
        for case in cases():
            what = outcome(case, Path(folder))
            n += bool(what)
            if what:
                row = table.setdefault((case.family, case.packing), {})
                row.setdefault(case.depth, {})[case.variant] = what
    return table, n


def text(table: dict[tuple[str, str], dict[str, dict[str, str]]]) -> str:
    """The matrix as the page has it."""
    lines = [
        f"| format | packing | {' | '.join(WORDS[depth] for depth in DEPTHS)} |",
        f"|---|---|{'---|' * len(DEPTHS)}",
    ]
    for (family, packing), row in table.items():
        cells = []
        for depth in DEPTHS:
            variants = row.get(depth, {})
            not_read = [variant for variant, what in variants.items() if what != "read"]
            some = f"not {', '.join(not_read)}" if len(not_read) < len(variants) else "refused"
            cells.append("–" if not variants else some if not_read else "read")
        lines.append(f"| {family} | {packing} | {' | '.join(cells)} |")
    return "\n".join(lines)


def in_readme() -> str:
    """The matrix as the page has it now."""
    return PAGE.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0].strip()


if __name__ == "__main__":
    made, n_files = found()
    print(text(made))
    print(f"{n_files} files")
    if "--write" in sys.argv:
        before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
        PAGE.write_text(before + BEGIN + "\n" + text(made) + "\n" + END + rest.partition(END)[2], "utf-8")
