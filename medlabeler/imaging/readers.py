"""Image files to RGB pixels, and the sentence for each file that cannot be read: the one way to pixels.

The file's own word counts (depth, sign, layout, polarity, orientation), not what a decoder makes of it: each
family in `families` says what is in a file, and `samples.to_rgb` turns it into RGB by one rule.
"""

from __future__ import annotations

import hashlib
import io
import logging
import os
import stat as kinds
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from medlabeler.imaging import formats
from medlabeler.imaging.families import common, deep, tiff
from medlabeler.imaging.orientation import upright
from medlabeler.imaging.samples import Samples, to_rgb
from medlabeler.imaging.unreadable import (
    DAMAGED,
    ChangedImage,
    Damaged,
    NotSupported,
    TooLarge,
    UnreadableImage,
    reason,
)

READERS: list[Callable[[bytes], Callable[[bytes], Samples] | None]] = [deep.reader]
"""Asked in turn who reads these bytes; a TIFF is looked into first, and what is left goes to Pillow."""
TIFF_STARTS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
MAX_BYTES = 2_000_000_000
"""A larger file is not read: no single image of a clinic is."""


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


def read_rgb(path: Path, at_least: int | None = None, digest: str | None = None) -> Picture:
    """Decode one image, upright, as RGB.

    `at_least`: the caller needs no more than that many pixels on the short side, so a JPEG may be decoded at
    a half, a quarter or an eighth of its size. More than 8 bits, signed and float are scaled by
    `samples.to_rgb`, transparent parts are shown on white, of several pages the first is taken; the note says
    so. `digest`: the SHA-256 in hex that the file has if it is still the one that was imported. Raises
    `UnreadableImage`, and `ChangedImage` for another file than that.
    """
    content, _ = _read_file(path)
    if digest is not None and hashlib.sha256(content).hexdigest() != digest:
        raise ChangedImage(
            f"{path.name} has changed on disk since it was imported; import again to use what it holds now."
        )
    return _decode(path, content, at_least)[0]


def inspect(path: Path, thumbnail_size: int = 128) -> tuple[ImageFacts, bytes]:
    """Check, hash and measure a file by decoding it once; also its thumbnail as a JPEG with sides up to
    `thumbnail_size` pixels. Raises `UnreadableImage`.
    """
    content, status = _read_file(path)
    picture, size, mode = _decode(path, content, thumbnail_size)
    facts = ImageFacts(
        digest=hashlib.sha256(content).hexdigest(),
        width=size[0],
        height=size[1],
        mode=mode,
        n_bytes=status.st_size,
        mtime_ns=status.st_mtime_ns,
    )
    small = Image.fromarray(picture.pixels)
    small.thumbnail((thumbnail_size, thumbnail_size), Image.Resampling.LANCZOS)
    jpeg = io.BytesIO()
    small.save(jpeg, "JPEG", quality=85)
    return facts, jpeg.getvalue()


def _read_file(path: Path) -> tuple[bytes, os.stat_result]:
    try:
        # A pipe would be waited for, a device read for ever.
        status = path.stat()
        if not kinds.S_ISREG(status.st_mode):
            raise UnreadableImage(f"{path.name} is no file but {_kind(status.st_mode)}.")
        if status.st_size > MAX_BYTES:
            raise UnreadableImage(f"{path.name} is larger than {MAX_BYTES // 10**9} GB, which is not opened.")
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            content = file.read(MAX_BYTES)
    except FileNotFoundError:
        raise UnreadableImage(f"{path.name} does not exist.") from None
    except OSError as error:
        raise UnreadableImage(f"{path.name} cannot be opened: {error.strerror}.") from error
    if not content:
        raise UnreadableImage(f"{path.name} is an empty file (0 bytes).")
    return content, status


def _kind(mode: int) -> str:
    if kinds.S_ISDIR(mode):
        return "a folder"
    return "a pipe" if kinds.S_ISFIFO(mode) else "a device"


def _decode(path: Path, content: bytes, at_least: int | None) -> tuple[Picture, tuple[int, int], str]:
    """The picture, its full size (width, height) as displayed, and what the file's channels are."""
    try:
        return _picture(content, at_least)
    except Exception as error:
        raise UnreadableImage(f"{path.name} {_sentence(error, content, path.suffix.lower())}.") from error


def _picture(content: bytes, at_least: int | None) -> tuple[Picture, tuple[int, int], str]:
    samples = _samples(content)
    if samples is None:
        pixels, size, mode, notes = common.read(content, at_least)
        return Picture(pixels, "; ".join(notes)), size, mode
    pixels, notes = to_rgb(samples)
    height, width = pixels.shape[:2]
    return Picture(pixels, "; ".join(notes)), (width, height), _mode(samples)


def _samples(content: bytes) -> Samples | None:
    """The numbers in the file, upright; None where it is one of those that Pillow reads rightly."""
    if content.startswith(TIFF_STARTS):
        try:
            return tiff.read(content)
        except tiff.LeftToPillow:
            return None
    read = next((read for reader in READERS if (read := reader(content)) is not None), None)
    if read is None:
        return None
    samples = read(content)
    orientation = common.stated_orientation(content)
    return Samples(
        upright(samples.values, orientation), samples.bits, alpha=samples.alpha, notes=samples.notes
    )


def _mode(samples: Samples) -> str:
    """Channels and depth in short: "L;16", "RGB;8", "LA;16", "5 channels;8"."""
    n, alpha = samples.values.shape[2], samples.alpha
    names = {(1, False): "L", (2, True): "LA", (3, False): "RGB", (4, True): "RGBA"}
    depth = {"f": f"float{8 * samples.values.dtype.itemsize}", "i": f"signed{samples.bits}"}
    name = names.get((n, alpha), f"{n} channels")
    if samples.bits == 8 and samples.values.dtype == np.uint8 and (n, alpha) in names:
        return name
    return f"{name};{depth.get(samples.values.dtype.kind, samples.bits)}"


def _sentence(error: Exception, content: bytes, suffix: str) -> str:
    """Why decoding failed, for a person: what the file is if that is not read, else what is wrong with it."""
    if isinstance(error, Image.DecompressionBombError):
        return reason(TooLarge())
    if isinstance(error, (NotSupported, TooLarge, MemoryError)):
        return reason(error)
    what = formats.recognised(content[: formats.HEAD])
    if what not in ("", "image"):
        return formats.refusal(what)
    if not isinstance(error, (OSError, SyntaxError, ValueError, Damaged, struct.error)):
        # A damaged file makes a decoder raise almost anything; a fault of ours may hide among it.
        logging.getLogger(__name__).warning("A decoder raised %s", type(error).__name__, exc_info=error)
    if isinstance(error, UnidentifiedImageError) and not what and not content.startswith(_BEGINNINGS):
        if suffix in formats.NOT_READ:
            return formats.refusal(formats.NOT_READ[suffix])
        return f"is not a {formats.READABLE} image, whatever its name says"
    return DAMAGED


_BEGINNINGS = (b"\xff\xd8\xff", b"\x89PNG", b"BM", b"II*\0", b"MM\0*", b"RIFF", b"GIF8")
