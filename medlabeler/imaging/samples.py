"""The numbers of an image file as they are, and the one rule by which they become RGB."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

LOW_PERCENTILE, HIGH_PERCENTILE = 0.1, 99.9
SENTINEL_SHARE = 0.001
"""From this share of the pixels on a lonely extreme value moves a percentile."""
SENTINEL_GAP = 2.0
"""An extreme counts as no measurement if it is this many spans of all other values away from them."""


@dataclass(frozen=True)
class Samples:
    """`values` (height, width, channels) of any real dtype, in the order of the file, upright or not.

    `bits` of a channel as the file says; `white_is_zero` for negatives; `alpha`: the last channel says how
    opaque a pixel is, `premultiplied` if the others were multiplied by it; `nodata`: a value the file names
    as no measurement; `notes` what a person should know already.
    """

    values: NDArray[Any]
    bits: int
    white_is_zero: bool = False
    alpha: bool = False
    premultiplied: bool = False
    nodata: float | None = None
    notes: tuple[str, ...] = field(default=())


def to_rgb(samples: Samples) -> tuple[NDArray[np.uint8], list[str]]:
    """Pixels uint8 (h, w, 3) and what was done to them.

    Eight bits without a sign stay as they are and fewer fill the range from black to white. Everything else
    (more bits, signed, float) is scaled linearly, all channels alike, so that the 0.1 percentile becomes
    black and the 99.9 percentile white. Two channels show the first, more than three the first three.
    """
    notes = list(samples.notes)
    values, alpha = _apart(samples)
    n = values.shape[2]
    if n == 2:
        notes.append("the first of 2 channels is shown")
        values = values[:, :, :1]
    elif n > 3:
        notes.append(f"the first 3 of {n} channels are shown as red, green and blue")
        values = values[:, :, :3]
    if values.dtype == np.uint8 and samples.bits <= 8:
        most = (1 << samples.bits) - 1
        pixels = values if most == 255 else (values.astype(np.uint16) * 255 // most).astype(np.uint8)
    else:
        pixels, low, high = scale(values, samples.nodata)
        black, white = (high, low) if samples.white_is_zero else (low, high)
        notes.append(
            f"{_depth(values.dtype, samples.bits)} {'grey' if values.shape[2] == 1 else 'colour'}, scaled so "
            f"that {black:.5g} ({'99.9' if samples.white_is_zero else '0.1'} percentile) is black and "
            f"{white:.5g} ({'0.1' if samples.white_is_zero else '99.9'} percentile) white"
        )
    if samples.white_is_zero:
        pixels = 255 - pixels
    if pixels.shape[2] == 1:
        pixels = np.repeat(pixels, 3, axis=2)
    if alpha is not None and alpha.min() < 1:
        opaque = alpha[:, :, None]
        shown = pixels if not samples.premultiplied else np.where(opaque > 0, pixels / opaque.clip(1e-6), 0)
        pixels = np.rint(np.clip(shown, 0, 255) * opaque + 255 * (1 - opaque)).astype(np.uint8)
        notes.append("transparent parts are shown on white")
    return np.ascontiguousarray(pixels), notes


def _apart(samples: Samples) -> tuple[NDArray[Any], NDArray[np.float32] | None]:
    """Channels that are shown, and how opaque each pixel is, 0 to 1, if the file says."""
    if not samples.alpha or samples.values.shape[2] < 2:
        return samples.values, None
    alpha = samples.values[:, :, -1]
    whole = float((1 << samples.bits) - 1) if alpha.dtype.kind == "u" else float(np.nanmax(alpha) or 1)
    return samples.values[:, :, :-1], np.clip(alpha.astype(np.float32) / max(whole, 1e-9), 0, 1)


def _depth(dtype: np.dtype[Any], bits: int) -> str:
    if dtype.kind == "f":
        return "float"
    return f"{bits}-bit signed" if dtype.kind == "i" else f"{bits}-bit"


def scale(values: NDArray[Any], nodata: float | None = None) -> tuple[NDArray[np.uint8], float, float]:
    """Scale values (h, w, c) linearly so that their 0.1 percentile becomes 0 and the 99.9 becomes 255.

    What is not finite, is `nodata`, or is a lonely extreme value far from all others (as scanners pad with)
    does not move the percentiles; of these, what is not finite or `nodata` becomes black. Where almost
    everything has one value the smallest and the largest are taken instead; a flat image becomes black.
    Returns the pixels and the two values.
    """
    known, counts = _distinct(values, nodata)
    if not known.size:
        return np.zeros(values.shape, np.uint8), 0.0, 0.0
    known, counts = _without_sentinels(known, counts)
    low, high = (_percentile(known, counts, p) for p in (LOW_PERCENTILE, HIGH_PERCENTILE))
    if high <= low:
        # Almost everything has one value: a mask, or a blank. What differs should still be seen.
        low, high = float(known[0]), float(known[-1])
    span = high - low
    if span <= 0:
        return np.zeros(values.shape, np.uint8), low, high
    if values.dtype.kind in "ui" and values.dtype.itemsize <= 2:
        table = np.arange(np.iinfo(values.dtype).min, np.iinfo(values.dtype).max + 1, dtype=np.float64)
        shades = np.rint(np.clip((table - low) * (255.0 / span), 0, 255)).astype(np.uint8)
        pixels = shades[values.astype(np.int32) - int(table[0])]
    else:
        numbers = np.nan_to_num(values.astype(np.float64), nan=low, posinf=low, neginf=low)
        pixels = np.rint(np.clip((numbers - low) * (255.0 / span), 0, 255)).astype(np.uint8)
    if nodata is not None:
        pixels[values == nodata] = 0
    return pixels, low, high


def _distinct(values: NDArray[Any], nodata: float | None) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """The values that were measured, sorted, and how often each occurs."""
    if values.dtype.kind in "ui" and values.dtype.itemsize <= 2:
        least = int(np.iinfo(values.dtype).min)
        every = np.bincount((values.astype(np.int32) - least).ravel())
        known = np.flatnonzero(every)
        found, counts = (known + least).astype(np.float64), every[known].astype(np.int64)
    else:
        flat = values.ravel()
        flat = flat[np.isfinite(flat)] if flat.dtype.kind == "f" else flat
        unique, times = np.unique(flat, return_counts=True)
        found, counts = unique.astype(np.float64), times.astype(np.int64)
    if nodata is not None:
        kept = found != nodata
        found, counts = found[kept], counts[kept]
    return found, counts


def _without_sentinels(
    known: NDArray[np.float64], counts: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Leave out the smallest or the largest value if it is frequent and far from everything else."""
    least = SENTINEL_SHARE * counts.sum()
    for at, rest in ((0, slice(1, None)), (-1, slice(None, -1))):
        if len(known) < 3 or counts[at] < least:
            continue
        others = known[rest]
        gap = abs(known[at] - (others[0] if at == 0 else others[-1]))
        if others[-1] > others[0] and gap > SENTINEL_GAP * (others[-1] - others[0]):
            known, counts = others, counts[rest]
    return known, counts


def _percentile(known: NDArray[np.float64], counts: NDArray[np.int64], percent: float) -> float:
    """What `numpy.percentile` says of the values with repetitions, by linear interpolation."""
    ends = np.cumsum(counts)
    place = (ends[-1] - 1) * percent / 100.0
    below, above = np.floor(place), np.ceil(place)
    low = known[np.searchsorted(ends, below, side="right")]
    high = known[np.searchsorted(ends, above, side="right")]
    return float(low + (high - low) * (place - below))
