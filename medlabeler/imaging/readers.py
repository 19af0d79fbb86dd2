"""Image files to RGB pixels, and the sentence for each file that cannot be read."""

from __future__ import annotations

import hashlib
import io
import os
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from medlabeler.domain.errors import UserError

READABLE_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".webp"})
"""Suffixes, in lower case, of files that can be read."""
DICOM_SUFFIXES = frozenset({".dcm", ".dicom"})
"""Suffixes of files that are recognised, and refused with a sentence."""
MAX_PIXELS = 250_000_000
"""A larger image would take more than 750 MB as RGB; tiny files that unfold to that are an attack or an
accident.
"""
FORMATS = ("JPEG", "PNG", "BMP", "TIFF", "WEBP")
LOW_PERCENTILE, HIGH_PERCENTILE = 0.1, 99.9

# Pillow's own limit would warn on standard error at 90 megapixels; ours is checked below, before decoding.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
# What it has to say about damaged files, our sentences say; standard error belongs to the progress of jobs.
warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")

_DEEP_GREY = ("I", "F", "I;16", "I;16B", "I;16L", "I;16N")
_WITH_ALPHA = ("RGBA", "LA", "PA", "La", "RGBa")


class UnreadableImage(UserError):  # noqa: N818 - reads better where it is caught
    """A file that is no image for us; the message is one sentence that begins with the file's name."""


@dataclass(frozen=True)
class Picture:
    """`pixels` uint8 (height, width, 3) RGB; `note` says what was done to them that a person should know."""

    pixels: NDArray[np.uint8]
    note: str = ""


@dataclass(frozen=True)
class ImageFacts:
    """What an import measures: `digest` is the SHA-256 of the file in hex, the size is as displayed."""

    digest: str
    width: int
    height: int
    mode: str
    n_bytes: int
    mtime_ns: int


def read_rgb(path: Path, at_least: int | None = None) -> Picture:
    """Decode one image, upright (EXIF orientation applied), as RGB.

    `at_least`: the caller needs no more than that many pixels on the short side, so a JPEG may be decoded at
    a half, a quarter or an eighth of its size. 16-bit, 32-bit and float grey is scaled linearly between its
    0.1 and 99.9 percentiles, transparent parts are shown on white, of several pages the first is taken; the
    note says so. Raises `UnreadableImage`.
    """
    content, _ = _read_file(path)
    return _decode(path, content, at_least)[0]


def inspect(path: Path, thumbnail_size: int = 128) -> tuple[ImageFacts, bytes]:
    """Check, hash and measure a file by decoding it once; also its thumbnail as a JPEG with sides up to
    `thumbnail_size` pixels. Raises `UnreadableImage`.
    """
    content, stat = _read_file(path)
    picture, size, mode = _decode(path, content, thumbnail_size)
    facts = ImageFacts(
        digest=hashlib.sha256(content).hexdigest(),
        width=size[0],
        height=size[1],
        mode=mode,
        n_bytes=stat.st_size,
        mtime_ns=stat.st_mtime_ns,
    )
    small = Image.fromarray(picture.pixels)
    small.thumbnail((thumbnail_size, thumbnail_size), Image.Resampling.LANCZOS)
    jpeg = io.BytesIO()
    small.save(jpeg, "JPEG", quality=85)
    return facts, jpeg.getvalue()


def _read_file(path: Path) -> tuple[bytes, os.stat_result]:
    if path.suffix.lower() in DICOM_SUFFIXES:
        raise UnreadableImage(
            f"{path.name} is a DICOM file, which a later version will read; "
            "convert it to PNG or TIFF until then."
        )
    try:
        with path.open("rb") as file:
            stat = os.fstat(file.fileno())
            content = file.read()
    except FileNotFoundError:
        raise UnreadableImage(f"{path.name} does not exist.") from None
    except OSError as error:
        raise UnreadableImage(f"{path.name} cannot be opened: {error.strerror}.") from error
    if not content:
        raise UnreadableImage(f"{path.name} is an empty file (0 bytes).")
    return content, stat


def _decode(path: Path, content: bytes, at_least: int | None) -> tuple[Picture, tuple[int, int], str]:
    """The picture, its full size (width, height) as displayed, and the mode of the file."""
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            width, height = image.size
            if width * height > MAX_PIXELS:
                raise Image.DecompressionBombError
            mode = image.mode
            notes = _pages(image)
            if at_least:
                image.draft(None, (at_least, at_least))
            # Orientations 5 to 8 lie on their side.
            sideways = image.getexif().get(0x0112, 1) in (5, 6, 7, 8)
            image.load()
            pixels = _to_rgb(ImageOps.exif_transpose(image), notes)
    except Exception as error:
        raise UnreadableImage(f"{path.name} {_reason(error, content)}.") from error
    size = (height, width) if sideways else (width, height)
    return Picture(pixels, "; ".join(notes)), size, mode


def _reason(error: Exception, content: bytes) -> str:
    """Why decoding failed, for a person; a damaged file makes a decoder raise almost anything."""
    if isinstance(error, UnidentifiedImageError):
        return _unidentified(content)
    if isinstance(error, Image.DecompressionBombError):
        return f"holds more than {MAX_PIXELS // 1_000_000} million pixels, which is too large to open"
    if isinstance(error, MemoryError):
        return "is too large for the memory of this machine"
    return "is damaged or cut off, so it cannot be decoded"


def _unidentified(content: bytes) -> str:
    if content[128:132] == b"DICM":
        return "is a DICOM file, which a later version will read; convert it to PNG or TIFF until then"
    starts = (b"\xff\xd8\xff", b"\x89PNG", b"BM", b"II*\0", b"MM\0*", b"RIFF")
    if content.startswith(starts):
        return "is damaged or cut off, so it cannot be decoded"
    return "is not a JPEG, PNG, BMP, TIFF or WebP image, whatever its name says"


def _pages(image: Image.Image) -> list[str]:
    n_pages = int(getattr(image, "n_frames", 1))
    return [f"the first of {n_pages} pages is shown"] if n_pages > 1 and image.format != "MPO" else []


def _to_rgb(image: Image.Image, notes: list[str]) -> NDArray[np.uint8]:
    """Pixels uint8 (h, w, 3) of an image in whatever mode; adds to `notes` what was done."""
    if image.mode in _DEEP_GREY:
        values = np.asarray(image)
        depth = "16-bit" if image.mode.startswith("I;16") else "float" if image.mode == "F" else "32-bit"
        grey, low, high = scale_grey(values)
        notes.append(
            f"{depth} grey, scaled so that {low:.5g} (0.1 percentile) is black "
            f"and {high:.5g} (99.9 percentile) white"
        )
        return np.repeat(grey[:, :, None], 3, axis=2)
    if image.mode in _WITH_ALPHA or "transparency" in image.info:
        rgba = image.convert("RGBA")
        if rgba.getchannel("A").getextrema()[0] < 255:  # type: ignore[operator]
            paper = Image.new("RGBA", rgba.size, (255, 255, 255, 255))
            image = Image.alpha_composite(paper, rgba)
            notes.append("transparent parts are shown on white")
        else:
            image = rgba
    return np.asarray(image if image.mode == "RGB" else image.convert("RGB"))


def scale_grey(values: NDArray[np.generic]) -> tuple[NDArray[np.uint8], float, float]:
    """Scale grey values (h, w) of any type linearly so that the 0.1 percentile becomes 0 and the 99.9 becomes
    255.

    Values that are not finite count as black and do not move the percentiles. A flat image becomes black.
    Returns the pixels and the two percentiles.
    """
    numbers = values.astype(np.float64)
    finite = np.isfinite(numbers)
    known = numbers if finite.all() else numbers[finite]
    if not known.size:
        return np.zeros(numbers.shape, np.uint8), 0.0, 0.0
    low, high = (float(p) for p in np.percentile(known, (LOW_PERCENTILE, HIGH_PERCENTILE)))
    if high <= low:
        # Almost everything has one value: a mask, or a blank. What differs should still be seen.
        low, high = float(known.min()), float(known.max())
    span = high - low
    scaled = np.zeros_like(numbers) if span <= 0 else np.clip((numbers - low) * (255.0 / span), 0.0, 255.0)
    scaled[~finite] = 0.0
    return np.rint(scaled).astype(np.uint8), low, high
