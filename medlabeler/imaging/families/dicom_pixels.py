"""The numbers of one frame of a DICOM file: unpacked, with palette, rescale, polarity and window as told."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from dataclasses import replace
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.language import tr
from medlabeler.imaging.families import deep
from medlabeler.imaging.samples import Samples
from medlabeler.imaging.unreadable import Damaged, NotSupported

_JPEG, _JPEG_LS, _JPEG2000 = (50, 51, 57, 70), (80, 81), (90, 91, 92, 93, 201, 202, 203)
_PHOTOMETRIC = ("MONOCHROME", "PALETTE COLOR", "RGB", "YBR_")
_EXTENDED = "1.2.840.10008.1.2.4.51"
_PACKED = {f"1.2.840.10008.1.2.4.{n}" for n in (*_JPEG, *_JPEG_LS, *_JPEG2000)}


def read(file: BinaryIO, header: Any, syntax: str, at: int, index: int) -> Samples:
    """Frame `index` (from 0) of an open file whose pixels begin at `at`; pydicom's errors come through."""
    photometric = str(header.get("PhotometricInterpretation", "") or "").strip().upper()
    if photometric and not photometric.startswith(_PHOTOMETRIC):
        raise NotSupported(tr("holds colours of a kind that is not read"))
    values = _unpacked(file, header, syntax, at, index)
    values = values[:, :, None] if values.ndim == 2 else values
    bits = int(number(header.get("BitsStored")) or number(header.get("BitsAllocated")) or 8)
    spacing = _spacing(header, index)
    if photometric == "PALETTE COLOR":
        return Samples(_with_palette(values, header), 8, colour=True, spacing_mm=spacing)
    if values.shape[2] == 3:
        if photometric not in (
            "RGB",
            "YBR_FULL",
            "YBR_FULL_422",
            "YBR_ICT",
            "YBR_RCT",
            "YBR_PARTIAL_420",
            "",
        ):
            raise NotSupported(tr("holds colours of a kind that is not read"))
        return Samples(values, bits, colour=True, spacing_mm=spacing)
    if values.shape[2] != 1:
        raise NotSupported(tr("holds {shape} channels, which are not read in DICOM", shape=values.shape[2]))
    grey = Samples(
        values, bits,
        white_is_zero=photometric == "MONOCHROME1",
        nodata=_padding(header, values.dtype),
        spacing_mm=spacing,
    )  # fmt: skip
    return _with_window(_rescaled(grey, header, index), header, index)


def _unpacked(file: BinaryIO, header: Any, syntax: str, at: int, index: int) -> NDArray[Any]:
    """Stored values (h, w) or (h, w, 3), colours as RGB."""
    from pydicom.pixels.utils import pixel_array

    if syntax in _PACKED:
        frame = _packed_frame(file, header, at, index)
        _check_stream(frame, header)
        if syntax == _EXTENDED and deep.precision(frame) == 12:
            # Neither GDCM nor Pillow unpacks it.
            return deep.read_jpeg(frame).values
    file.seek(0)
    try:
        return np.asarray(pixel_array(file, index=index, transfer_syntax_uid=syntax))
    except (ValueError, AttributeError):
        return _despite_header(file, header, syntax, index)


def _despite_header(file: BinaryIO, header: Any, syntax: str, index: int) -> NDArray[Any]:
    """The same for a file whose header breaks the rules in what pixels do not depend on."""
    from pydicom import dcmread
    from pydicom.pixels.decoders.base import get_decoder
    from pydicom.uid import UID

    file.seek(0)
    whole = dcmread(file, force=True)
    whole.NumberOfFrames = max(1, int(number(header.get("NumberOfFrames")) or 1))
    whole.file_meta.TransferSyntaxUID = UID(syntax)
    return np.asarray(get_decoder(syntax).as_array(whole, index=index)[0])


def number(value: Any) -> float | None:
    """A finite number of a header, the first of several; None for anything else."""
    found = numbers(value)
    return found[0] if found else None


def numbers(value: Any) -> list[float]:
    """All finite numbers of a header's value; what is no number is passed over."""
    if value is None or value == "":
        return []
    several = value if isinstance(value, (list, tuple)) or hasattr(value, "append") else [value]
    found = []
    for one in several:
        try:
            read_as = float(one)
        except (TypeError, ValueError):
            continue
        if math.isfinite(read_as):
            found.append(read_as)
    return found


def _packed_frame(file: BinaryIO, header: Any, at: int, index: int) -> bytes:
    """The compressed bytes of a frame."""
    from pydicom.encaps import get_frame

    # The kind of the element may stand between its tag and its length.
    file.seek(at)
    file.seek(at + (12 if file.read(6)[4:].isalpha() else 8))
    offsets = None
    if "ExtendedOffsetTable" in header:
        offsets = (header.ExtendedOffsetTable, header.ExtendedOffsetTableLengths)
    n = max(1, int(number(header.get("NumberOfFrames")) or 1))
    return bytes(get_frame(file, index, number_of_frames=n, extended_offsets=offsets))


def _check_stream(frame: bytes, header: Any) -> None:
    """Raise where the compressed picture is of another size than the header says: decoders believe it."""
    rows, columns = int(header.Rows), int(header.Columns)
    size = deep.jpeg_size(frame) if frame.startswith(b"\xff\xd8") else deep.jpeg2000_size(frame)
    if size is None or size[0] * size[1] > 2 * rows * columns:
        raise Damaged


def _item(header: Any, index: int, *names: str) -> Any:
    """The first of a frame's functional groups, or of those shared by all, that has such a sequence; else
    the header itself.
    """
    groups = []
    each = header.get("PerFrameFunctionalGroupsSequence")
    if each is not None and index < len(each):
        groups.append(each[index])
    shared = header.get("SharedFunctionalGroupsSequence")
    if shared is not None and len(shared):
        groups.append(shared[0])
    for group in groups:
        for name in names:
            found = group.get(name)
            if found is not None and len(found):
                return found[0]
    return header


def _spacing(header: Any, index: int) -> tuple[float, float] | None:
    """Millimetres from pixel to pixel, down and across; of a projection at the detector if nothing better."""
    measures = _item(header, index, "PixelMeasuresSequence")
    for name in ("PixelSpacing", "NominalScannedPixelSpacing", "ImagerPixelSpacing"):
        for place in (measures, header):
            found = numbers(place.get(name))
            if len(found) == 2 and min(found) > 0:
                return found[0], found[1]
    regions = header.get("SequenceOfUltrasoundRegions")
    if regions is not None and len(regions) == 1:
        region = regions[0]
        across, down = (number(region.get(f"PhysicalDelta{axis}")) for axis in "XY")
        centimetres = all(number(region.get(f"PhysicalUnits{axis}Direction")) == 3 for axis in "XY")
        if centimetres and across and down:
            return abs(down) * 10, abs(across) * 10
    return None


def _padding(header: Any, dtype: np.dtype[Any]) -> tuple[float, float] | None:
    """The values that pad a picture to its frame."""
    first = number(header.get("PixelPaddingValue"))
    if first is None or dtype.kind not in "iu":
        return None
    last = number(header.get("PixelPaddingRangeLimit"))
    ends = [_as_stored(value, dtype) for value in (first, first if last is None else last)]
    return min(ends), max(ends)


def _as_stored(value: float, dtype: np.dtype[Any]) -> float:
    """A value of the header as the pixels have it: some files give 63536 where -2000 is meant."""
    limits, span = np.iinfo(dtype), float(1 << (8 * dtype.itemsize))
    if value > limits.max:
        return value - span
    return value + span if value < limits.min else value


def _with_palette(values: NDArray[Any], header: Any) -> NDArray[np.uint8]:
    from pydicom.pixels.processing import apply_color_lut

    if values.shape[2] != 1:
        raise Damaged
    coloured = np.asarray(apply_color_lut(values[:, :, 0], header))
    if coloured.dtype != np.uint8:
        # Tables of 16 bits; some writers fill them with numbers of eight.
        coloured = (coloured if coloured.max() < 256 else coloured >> 8).astype(np.uint8)
    return coloured[:, :, :3]


def _rescaled(samples: Samples, header: Any, index: int) -> Samples:
    """The same with the unit of the file: by a table, or by slope and intercept."""
    place = _item(header, index, "PixelValueTransformationSequence")
    if "ModalityLUTSequence" in header and len(header.ModalityLUTSequence):
        table, first, bits = _table(header.ModalityLUTSequence[0], samples.values.dtype)
        nodata = samples.nodata
        looked = table[_places(samples.values, first, len(table))]
        return replace(samples, values=looked, bits=bits, nodata=None if nodata is None else nodata)
    slope, intercept = number(place.get("RescaleSlope")), number(place.get("RescaleIntercept"))
    if not slope or intercept is None:
        return samples
    return replace(samples, slope=slope, intercept=intercept)


def _with_window(samples: Samples, header: Any, index: int) -> Samples:
    """The same with the window or the curve that the file states; windows count before tables."""
    place = _item(header, index, "FrameVOILUTSequence")
    centre, width = number(place.get("WindowCenter")), number(place.get("WindowWidth"))
    if centre is not None and width is not None and width > 0:
        function = str(place.get("VOILUTFunction", "") or "LINEAR").strip().upper()
        if function == "SIGMOID":
            low, high = centre - width / 2, centre + width / 2
            return replace(samples, window=(low, high), curve=_sigmoid(samples, centre, width))
        if function == "LINEAR_EXACT":
            return replace(samples, window=(centre - width / 2, centre + width / 2))
        if width >= 1:
            # The standard's LINEAR: the values of a window of 1 are those at its centre less a half.
            half = (width - 1) / 2
            return replace(samples, window=(centre - 0.5 - half, centre - 0.5 + half))
        return replace(samples, window=(centre - width / 2, centre + width / 2))
    sequence = header.get("VOILUTSequence")
    if sequence is None or not len(sequence):
        return samples
    in_unit = np.dtype(np.int32) if samples.slope != 1 or samples.intercept else samples.values.dtype
    table, first, bits = _table(sequence[0], in_unit)

    def curve(values: NDArray[Any]) -> NDArray[np.float64]:
        numbers_ = values if samples.slope == 1 and not samples.intercept else _in_unit(samples, values)
        return table[_places(numbers_, first, len(table))] / float((1 << bits) - 1)

    return replace(samples, window=(float(first), float(first + len(table) - 1)), curve=curve)


def _in_unit(samples: Samples, values: NDArray[Any]) -> NDArray[np.float64]:
    return np.asarray(values * samples.slope + samples.intercept, np.float64)


def _sigmoid(samples: Samples, centre: float, width: float) -> Callable[[NDArray[Any]], NDArray[np.float64]]:
    def curve(values: NDArray[Any]) -> NDArray[np.float64]:
        steep = np.clip(-4 * (_in_unit(samples, values) - centre) / width, -700, 700)
        return np.asarray(1 / (1 + np.exp(steep)))

    return curve


def _table(item: Any, dtype: np.dtype[Any]) -> tuple[NDArray[np.uint16], int, int]:
    """Entries of a lookup table, the value that the first one stands for, and the bits of an entry."""
    descriptor = [int(value) for value in item.LUTDescriptor]
    n, first, bits = descriptor[0] or 65536, descriptor[1], descriptor[2]
    if not 1 <= n <= 65536 or not 1 <= bits <= 16:
        raise Damaged
    if first > 32767 and dtype.kind == "i":
        first -= 65536
    data = item.LUTData
    if isinstance(data, bytes):
        order = "<" if item.is_little_endian in (True, None) else ">"
        wide = len(data) >= 2 * n
        entries = struct.unpack(f"{order}{n}H", data[: 2 * n]) if wide else tuple(data[:n])
    else:
        entries = tuple(int(value) for value in data)
    table = np.array(entries, np.uint16)
    if len(table) < n:
        raise Damaged
    return table[:n], first, bits


def _places(values: NDArray[Any], first: int, n: int) -> NDArray[np.intp]:
    """Where in a table of `n` entries each value is looked up; what lies outside takes the first or last."""
    return np.asarray(np.clip(np.rint(values).astype(np.int64) - first, 0, n - 1), np.intp)
