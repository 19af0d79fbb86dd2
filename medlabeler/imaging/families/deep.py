"""What Pillow would cut to eight bits, or cannot open: 16-bit PNG, 12-bit JPEG, JPEG-LS, JPEG 2000, AVIF,
HEIC.
"""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from medlabeler.domain.language import tr
from medlabeler.imaging.samples import Samples
from medlabeler.imaging.unreadable import Damaged, NotSupported, TooLarge, check_size

MOST_BITS_JPEG2000 = 24
"""Of more bits the numbers came back wrong from the common library, for some pictures and not for others."""
TOO_DEEP_JPEG2000 = tr("holds JPEG 2000 of more than 24 bits, which is not read reliably")
JPEG_LS = 0xF7
"""The marker of a frame of JPEG-LS (ISO 14495-1)."""
PNG = b"\x89PNG\r\n\x1a\n"


def reader(content: bytes) -> Callable[[bytes], Samples] | None:
    """Who reads these bytes, None if eight bits are all they have."""
    if content.startswith(PNG) and len(content) > 25 and content[24] == 16:
        return read_png
    if content.startswith(b"\xff\xd8\xff"):
        marker, frame = _frame(content)
        if marker == JPEG_LS:
            return read_jpeg_ls
        if frame and frame[0] != 8:
            return read_jpeg
    if content[4:12] == b"jP  \r\n\x87\n" or content.startswith(b"\xff\x4f\xff\x51"):
        return read_jpeg2000
    if content[4:8] == b"ftyp" and content[8:12] in (b"avif", b"avis"):
        return read_avif
    if is_heic(content):
        return read_heic
    return None


def is_heic(head: bytes) -> bool:
    """Whether a file begins as HEIC does, the format of telephones."""
    return head[4:8] == b"ftyp" and head[8:12] in (
        b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1",
    )  # fmt: skip


def read_png(content: bytes) -> Samples:
    """PNG of 16 bits a channel, not turned: its orientation is in EXIF, which the caller reads."""
    import imagecodecs

    width, height = struct.unpack(">II", content[16:24])
    check_size(width, height, 8, len(content))
    # Colour types 4 and 6 have alpha; of the others one colour may be called transparent.
    values = _decode(imagecodecs.png_decode, content)
    return _samples(values, 16, alpha=values.ndim == 3 and values.shape[2] in (2, 4))


def read_jpeg(content: bytes) -> Samples:
    """JPEG of more or fewer than 8 bits, the lossless kind included."""
    import imagecodecs

    bits = precision(content)
    size = jpeg_size(content)
    if size is None:
        raise Damaged
    check_size(*size, 6, len(content))
    values = _decode(imagecodecs.jpeg_decode, content)
    if values.ndim == 3 and values.shape[2] == 4:
        raise NotSupported(tr("holds CMYK colours of {bits} bits, which are not read", bits=bits))
    return _samples(values, bits)


def read_jpeg_ls(content: bytes) -> Samples:
    """JPEG-LS of any depth."""
    import imagecodecs

    size = jpeg_size(content)
    if size is None:
        raise Damaged
    check_size(*size, 6, len(content))
    return _samples(_decode(imagecodecs.jpegls_decode, content), precision(content))


def read_jpeg2000(content: bytes) -> Samples:
    """JPEG 2000, as a file (.jp2) or as a bare code stream (.j2k)."""
    import imagecodecs

    size = jpeg2000_size(content)
    if size is None:
        raise Damaged
    check_size(*size, 8, len(content))
    depth = content[content.find(b"\xff\x4f\xff\x51") + 42]
    if (depth & 0x7F) + 1 > MOST_BITS_JPEG2000:
        raise NotSupported(TOO_DEEP_JPEG2000)
    values = _decode(imagecodecs.jpeg2k_decode, content)
    return _samples(values, (depth & 0x7F) + 1, alpha=values.ndim == 3 and values.shape[2] in (2, 4))


def read_avif(content: bytes) -> Samples:
    """AVIF of 8, 10 or 12 bits; of several pictures the first."""
    import imagecodecs

    check_size(*avif_size(content), 8, len(content))
    values = _decode(imagecodecs.avif_decode, content)
    notes: tuple[str, ...] = ()
    if values.ndim == 4:
        notes = (tr("the first of {n:,} frames is shown", n=len(values)),) if len(values) > 1 else ()
        values = values[0]
    check_size(values.shape[1], values.shape[0], 8)
    bits = 8 if values.dtype == np.uint8 else max(10, int(values.max()).bit_length())
    samples = _samples(values, bits, alpha=values.ndim == 3 and values.shape[2] in (2, 4))
    return replace(samples, notes=notes)


def read_heic(content: bytes) -> Samples:
    """HEIC of 8, 10 or 12 bits, upright; of several pictures the main one. Its decoder is an extra."""
    try:
        import pi_heif
    except ImportError:
        raise NotSupported(
            tr("is a HEIC photograph, which is read once the package pi-heif is here (pip install pi-heif)")
        ) from None
    try:
        file = pi_heif.open_heif(io.BytesIO(content), convert_hdr_to_8bit=False)
        width, height = file.size
        check_size(width, height, 8, len(content))
        values = np.array(file)  # a copy: the pixels go with the file
        n = len(file)
    except (MemoryError, TooLarge):
        raise
    except Exception as error:
        raise Damaged from error
    notes = (tr("the first of {n:,} pictures is shown", n=n),) if n > 1 else ()
    return replace(_samples(values, 8 * values.dtype.itemsize, alpha="A" in str(file.mode)), notes=notes)


def _decode(decode: Callable[[bytes], Any], content: bytes) -> Any:
    try:
        return np.asarray(decode(content))
    except MemoryError:
        raise
    except Exception as error:
        raise Damaged from error


def _samples(values: Any, bits: int, alpha: bool = False) -> Samples:
    values = values[:, :, None] if values.ndim == 2 else values
    return Samples(values, bits, alpha=alpha, colour=values.shape[2] >= 3)


def _frame(content: bytes) -> tuple[int, bytes]:
    """The marker of the frame header of a JPEG or JPEG-LS and what follows its length: precision, height,
    width; 0 and empty without one.
    """
    at = 2
    while at + 9 < len(content):
        if content[at] != 0xFF:
            return 0, b""
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        (length,) = struct.unpack(">H", content[at + 2 : at + 4])
        if (0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC)) or marker == JPEG_LS:
            return marker, content[at + 4 : at + 9]
        at += 2 + length
    return 0, b""


def precision(content: bytes) -> int:
    """Bits of a channel of a JPEG, 0 if its header does not tell; Pillow then says what is wrong."""
    frame = _frame(content)[1]
    return frame[0] if frame else 0


def jpeg_size(content: bytes) -> tuple[int, int] | None:
    """Width and height of a JPEG or JPEG-LS, None if its header does not tell."""
    frame = _frame(content)[1]
    if len(frame) < 5:
        return None
    height, width = struct.unpack(">HH", frame[1:5])
    return width, height


def avif_size(content: bytes) -> tuple[int, int]:
    """The largest width and height that an AVIF states; raises `Damaged` where it states none."""
    sizes = [
        struct.unpack(">II", content[at.end() + 4 : at.end() + 12])
        for at in re.finditer(b"ispe", content)
        if at.end() + 12 <= len(content)
    ]
    if not sizes:
        raise Damaged
    return max(size[0] for size in sizes), max(size[1] for size in sizes)


def jpeg2000_size(content: bytes) -> tuple[int, int] | None:
    """Width and height of a JPEG 2000, a file or a bare code stream, None if its header is not there."""
    at = content.find(b"\xff\x4f\xff\x51")
    if at < 0 or len(content) < at + 44:
        return None
    right, down, left, top = struct.unpack(">4I", content[at + 8 : at + 24])
    return right - left, down - top
