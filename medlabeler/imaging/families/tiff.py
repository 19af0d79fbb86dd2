"""TIFF, by the file's own word: depth, sign, layout, polarity, channels and orientation from its tags."""

from __future__ import annotations

import io
import logging
import re
from typing import Any

import numpy as np

from medlabeler.domain.language import tr
from medlabeler.imaging.families import deep
from medlabeler.imaging.orientation import TAG, upright
from medlabeler.imaging.samples import Samples
from medlabeler.imaging.unreadable import Damaged, NotSupported, check_size

MINISWHITE, MINISBLACK, RGB, PALETTE, MASK = 0, 1, 2, 3, 4
OUR_OWN = (MINISWHITE, MINISBLACK, RGB, PALETTE, MASK)
YCBCR, SEPARATED, CIELAB = 6, 5, 8
BY_PILLOW = (SEPARATED, YCBCR, CIELAB)
"""Colour spaces whose conversion is left to Pillow, at eight bits."""
NODATA = 42113
LZW = 5
JPEG2000 = (33003, 33004, 33005, 34712)
MAX_CHANNELS = 64
FINEST_PRINT_MM = 0.005
"""Pixels as small as this come from a microscope; coarser ones may be what somebody wanted to print."""
_UNITS = {2: 25.4, 3: 10.0}
"""Millimetres of a unit of resolution."""

# What it has to say about odd files, our sentences say; standard error belongs to the progress of jobs.
logging.getLogger("tifffile").addHandler(logging.NullHandler())
logging.getLogger("tifffile").propagate = False


class LeftToPillow(Exception):  # noqa: N818 - no error, a way out
    """An intact file that Pillow reads rightly."""


def read(content: bytes, level: int = 0) -> Samples:
    """The first page, upright, or all channels of the first plane of an OME or ImageJ file; of a pyramid that
    `level`, or its smallest. Raises `Damaged`, `NotSupported`, `TooLarge`, or `LeftToPillow`.
    """
    import tifffile

    try:
        file = tifffile.TiffFile(io.BytesIO(content))
    except Exception as error:
        raise Damaged from error
    with file:
        n_pages = len(file.pages)
        pages, notes = _pages(file, level)
        page: Any = pages[0]
        channels = max(len(pages), int(page.samplesperpixel))
        width, height = int(page.imagewidth), int(page.imagelength)
        bits = _bits(page)
        photometric = int(page.photometric)
        if int(page.compression) in JPEG2000 and bits > deep.MOST_BITS_JPEG2000:
            raise NotSupported(deep.TOO_DEEP_JPEG2000)
        check_size(width, height, max(3, channels * max(1, bits // 8)), len(content))
        if photometric not in OUR_OWN and not _decoded_as_rgb(page):
            if photometric in BY_PILLOW and bits == 8:
                raise LeftToPillow
            raise NotSupported(
                tr("holds colours of a kind that is not read ({name})", name=_name(page.photometric))
            )
        for one in pages:
            _check_whole(one, len(content))
        decoded = [_decoded(one, content) for one in pages]
        values = decoded[0] if len(decoded) == 1 else np.concatenate(decoded, axis=2)
        orientation = page.tags.get(TAG)
        if n_pages > 1 and len(pages) == 1 and not notes:
            notes = (tr("the first of {n:,} pages is shown", n=n_pages),)
        values, bits = _coloured(values, page, bits, photometric)
        values = upright(values, int(orientation.value) if orientation is not None else 1)
        extra = [int(kind) for kind in page.extrasamples] if len(pages) == 1 else []
        return Samples(
            values, bits,
            white_is_zero=photometric == MINISWHITE,
            alpha=bool(extra) and extra[-1] in (1, 2),
            premultiplied=bool(extra) and extra[-1] == 1,
            nodata=_nodata(page),
            notes=notes,
            colour=photometric not in (MINISWHITE, MINISBLACK) and len(pages) == 1,
            spacing_mm=_spacing(file, page, _widest(file, page) / width),
        )  # fmt: skip


def _pages(file: Any, level: int) -> tuple[list[Any], tuple[str, ...]]:
    """The pages that make up the picture, one for each channel, and what to tell of the choice."""
    first, notes = _first_whole(file)
    if not (file.is_ome or file.is_imagej or level):
        return [first], notes
    try:
        series = file.series[0]
        n_levels = len(series.levels)
        chosen = series.levels[min(level, n_levels - 1)]
        pages = _channel_pages(chosen)
    except MemoryError:
        raise
    except Exception:
        # Its description is not what it should be; the pages still are.
        return [first], notes
    told = []
    if n_levels > 1:
        shown = min(level, n_levels - 1)
        told.append(tr("level {shown} of {n_levels} of a pyramid is shown", shown=shown, n_levels=n_levels))
    n_planes = len(chosen.pages) // len(pages)
    if n_planes > 1:
        told.append(tr("the first of {n:,} planes is shown", n=n_planes))
    return pages, tuple(told)


def _first_whole(file: Any) -> tuple[Any, tuple[str, ...]]:
    """The first page that is no reduced copy of another by its own word, and a note if it is not page 1."""
    first: Any = file.pages.first
    if not first.is_reduced:
        return first, ()
    for number, page in enumerate(file.pages, start=1):
        if not page.is_reduced:
            return page, (
                tr(
                    "page {number:,} of {n:,} is shown, those before it are reduced copies",
                    number=number,
                    n=len(file.pages),
                ),
            )
    return first, ()


def _widest(file: Any, page: Any) -> int:
    """Pixels across of the largest level, to which sizes of pixels refer."""
    return max(int(file.pages.first.imagewidth), int(page.imagewidth))


def _channel_pages(series: Any) -> list[Any]:
    """The pages of all channels at the first time and depth; the first page where channels lie within."""
    axes, shape = str(series.axes), series.shape
    keyframe: Any = series.keyframe
    outer = axes[: len(axes) - len(keyframe.axes)] if axes.endswith(keyframe.axes) else ""
    if "C" not in outer or not 1 < shape[outer.index("C")] <= MAX_CHANNELS:
        return [keyframe if keyframe is not None else series.pages[0]]
    at = outer.index("C")
    stride = int(np.prod(shape[at + 1 : len(outer)], dtype=np.int64))
    return [series.pages[k * stride] for k in range(shape[at])]


def _spacing(file: Any, page: Any, reduced: float) -> tuple[float, float] | None:
    """Millimetres from pixel to pixel, down and across, where a microscope told; what a printer would make
    of a photograph says nothing.
    """
    found = _ome_spacing(file) if file.is_ome else None
    if found is None:
        across, down = (_per_unit(page, name) for name in ("XResolution", "YResolution"))
        if not across or not down:
            return None
        unit = _UNITS.get(int(getattr(page.tags.get("ResolutionUnit"), "value", 2) or 2), 0.0)
        if file.is_imagej:
            named = str((file.imagej_metadata or {}).get("unit", "")).replace("\\u00B5", "u").lower()
            unit = {"micron": 1e-3, "um": 1e-3, "µm": 1e-3, "nm": 1e-6, "mm": 1.0, "cm": 10.0}.get(named, 0.0)
        found = (unit / down, unit / across)
        if not file.is_imagej and not 0 < max(found) < FINEST_PRINT_MM:
            return None
    if not 0 < min(found) <= max(found) < 1e3:
        return None
    return found[0] * reduced, found[1] * reduced


def _per_unit(page: Any, name: str) -> float:
    tag = page.tags.get(name)
    try:
        above, below = tag.value
        return float(above) / float(below)
    except (AttributeError, TypeError, ValueError, ZeroDivisionError):
        return 0.0


def _ome_spacing(file: Any) -> tuple[float, float] | None:
    text = str(file.ome_metadata or "")[:100_000]
    sizes = []
    for axis in "YX":
        size = re.search(rf'PhysicalSize{axis}="([0-9.eE+-]+)"', text)
        unit = re.search(rf'PhysicalSize{axis}Unit="([^"]*)"', text)
        scale = {"nm": 1e-6, "mm": 1.0, "cm": 10.0, "m": 1e3}.get(unit[1] if unit else "", 1e-3)
        try:
            sizes.append(float(size[1]) * scale if size else 0.0)
        except ValueError:
            return None
    return (sizes[0], sizes[1]) if all(0 < size < 1e3 for size in sizes) else None


def _bits(page: Any) -> int:
    """Bits of a channel; `NotSupported` where channels differ."""
    bits = page.bitspersample
    if isinstance(bits, tuple):
        if len(set(bits)) != 1:
            raise NotSupported(
                tr("holds channels of different depths {tuple}, which are not read", tuple=tuple(bits))
            )
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


def _by_libtiff(page: Any, content: bytes) -> Any:
    """The numbers of an LZW page as `page.asarray` hands them out, by libtiff, which unpacks them in half the
    time; None where tifffile is to do it, or to say what is wrong.
    """
    import imagecodecs

    plain = int(page.compression) == LZW and _bits(page) in (8, 16, 32, 64) and len(page.treeindex) == 1
    if not plain or not imagecodecs.TIFF.available:
        return None
    try:
        values = imagecodecs.tiff_decode(content, index=page.index)
    except imagecodecs.TiffError:
        return None
    same = values.shape == page.shape and values.dtype == page.dtype
    return values if same else None


def _decoded(page: Any, content: bytes) -> Any:
    """The page as (h, w, channels) of its own dtype."""
    try:
        values = _by_libtiff(page, content)
        if values is None:
            values = np.asarray(page.asarray())
    except MemoryError:
        raise
    except (ValueError, KeyError, NotImplementedError) as error:
        text = str(error)
        if "requires" in text or "not supported" in text or "not implemented" in text.lower():
            what = _name(page.compression)
            raise NotSupported(
                tr("holds pixels packed in a way that is not read ({what})", what=what)
            ) from error
        raise Damaged from error
    except Exception as error:
        raise Damaged from error
    axes = page.axes
    while ("S" not in axes and values.ndim > 2) or values.ndim > 3:
        values, axes = values[0], axes[1:]  # depth: the first plane
    values = np.moveaxis(values, axes.index("S"), -1) if "S" in axes else values[:, :, None]
    if values.dtype.kind not in "uifb":
        raise NotSupported(tr("holds complex numbers, which are no picture"))
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
