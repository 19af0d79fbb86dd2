"""TIFF, by the file's own word: depth, sign, layout, polarity, channels and orientation from its tags."""

from __future__ import annotations

import io
import logging
from typing import Any

import numpy as np

from medlabeler.imaging.orientation import TAG, upright
from medlabeler.imaging.samples import Samples
from medlabeler.imaging.unreadable import Damaged, NotSupported, check_size

MINISWHITE, MINISBLACK, RGB, PALETTE, MASK = 0, 1, 2, 3, 4
OUR_OWN = (MINISWHITE, MINISBLACK, RGB, PALETTE, MASK)
YCBCR, SEPARATED, CIELAB = 6, 5, 8
BY_PILLOW = (SEPARATED, YCBCR, CIELAB)
"""Colour spaces whose conversion is left to Pillow, at eight bits."""
NODATA = 42113
SLIDE_PIXELS = 100_000_000
WHOLE_SLIDES = ("Aperio", "Hamamatsu", "Ventana", "Leica")

# What it has to say about odd files, our sentences say; standard error belongs to the progress of jobs.
logging.getLogger("tifffile").addHandler(logging.NullHandler())
logging.getLogger("tifffile").propagate = False


class LeftToPillow(Exception):  # noqa: N818 - no error, a way out
    """An intact file that Pillow reads rightly."""


def read(content: bytes) -> Samples:
    """The first page, upright. Raises `Damaged`, `NotSupported`, `TooLarge`, or `LeftToPillow`."""
    import tifffile

    try:
        file = tifffile.TiffFile(io.BytesIO(content))
    except Exception as error:
        raise Damaged from error
    with file:
        page: Any = file.pages.first
        n_pages = len(file.pages)
        width, height = int(page.imagewidth), int(page.imagelength)
        channels = int(page.samplesperpixel)
        bits = _bits(page)
        photometric = int(page.photometric)
        check_size(width, height, max(3, channels * max(1, bits // 8)))
        if photometric not in OUR_OWN and not _decoded_as_rgb(page):
            if photometric in BY_PILLOW and bits == 8:
                raise LeftToPillow
            raise NotSupported(f"holds colours of a kind that is not read ({_name(page.photometric)})")
        _check_whole(page, len(content))
        values = _decoded(page)
        orientation = page.tags.get(TAG)
        notes = (f"the first of {n_pages:,} pages is shown",) if n_pages > 1 else ()
        values, bits = _coloured(values, page, bits, photometric)
        values = upright(values, int(orientation.value) if orientation is not None else 1)
        extra = [int(kind) for kind in page.extrasamples]
        return Samples(
            values, bits,
            white_is_zero=photometric == MINISWHITE,
            alpha=bool(extra) and extra[-1] in (1, 2),
            premultiplied=bool(extra) and extra[-1] == 1,
            nodata=_nodata(page),
            notes=notes,
            colour=photometric not in (MINISWHITE, MINISBLACK),
        )  # fmt: skip


def _bits(page: Any) -> int:
    """Bits of a channel; `NotSupported` where channels differ."""
    bits = page.bitspersample
    if isinstance(bits, tuple):
        if len(set(bits)) != 1:
            raise NotSupported(f"holds channels of different depths {tuple(bits)}, which are not read")
        bits = bits[0]
    return int(bits)


def _decoded_as_rgb(page: Any) -> bool:
    """Whether the codec hands out RGB whatever the colour space in the file, as for JPEG within TIFF."""
    return int(page.photometric) == YCBCR and int(page.compression) in (7, 33003, 33005, 34712)


def _check_whole(page: Any, size: int) -> None:
    """Raise `Damaged` where a strip or tile lies beyond the end of the file."""
    for offset, count in zip(page.dataoffsets, page.databytecounts, strict=False):
        if count and offset + count > size:
            raise Damaged
    if not any(page.databytecounts):
        raise Damaged


def _decoded(page: Any) -> Any:
    """The page as (h, w, channels) of its own dtype."""
    try:
        values = np.asarray(page.asarray())
    except MemoryError:
        raise
    except (ValueError, KeyError, NotImplementedError) as error:
        text = str(error)
        if "requires" in text or "not supported" in text or "not implemented" in text.lower():
            what = _name(page.compression)
            raise NotSupported(f"holds pixels packed in a way that is not read ({what})") from error
        raise Damaged from error
    except Exception as error:
        raise Damaged from error
    axes = page.axes
    while ("S" not in axes and values.ndim > 2) or values.ndim > 3:
        values, axes = values[0], axes[1:]  # depth: the first plane
    values = np.moveaxis(values, axes.index("S"), -1) if "S" in axes else values[:, :, None]
    if values.dtype.kind not in "uifb":
        raise NotSupported("holds complex numbers, which are no picture")
    return values


def _coloured(values: Any, page: Any, bits: int, photometric: int) -> tuple[Any, int]:
    """Values with the colours of the palette, and the bits they have then."""
    if values.dtype == np.bool_:
        values = values.astype(np.uint8)
    if photometric != PALETTE:
        return values, bits
    table = page.colormap
    if table is None or int(values.max()) >= table.shape[1]:
        raise Damaged
    colours = np.asarray(table).T
    # Some writers fill the table, which is of 16 bits, with 8-bit numbers.
    colours = colours.astype(np.uint8) if colours.max() < 256 else (colours >> 8).astype(np.uint8)
    return colours[values[:, :, 0]], 8


def _nodata(page: Any) -> tuple[float, float] | None:
    tag = page.tags.get(NODATA)
    try:
        value = float(str(tag.value).strip("\0 ")) if tag is not None else None
    except ValueError:
        return None
    return None if value is None else (value, value)


def _name(value: Any) -> str:
    return str(getattr(value, "name", value)).replace("_", " ")
