"""The numbers of an image file as they are, and the one rule by which they become RGB."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.language import tr
from medlabeler.imaging.rendering import DEFAULT, HIGH_PERCENTILE, LOW_PERCENTILE, Rendering

SENTINEL_SHARE = 0.001
"""From this share of the pixels on a lonely extreme value moves a percentile."""
SENTINEL_GAP = 2.0
"""An extreme counts as no measurement if it is this many spans of all other values away from them."""


@dataclass(frozen=True)
class Samples:
    """`values` (height, width, channels) of any real dtype, in the order of the file, upright or not.

    `bits` of a channel as the file says; `white_is_zero` for negatives; `alpha`: the last channel says how
    opaque a pixel is, `premultiplied` if the others were multiplied by it; `nodata`: from and to a value the
    file names as no measurement; `notes` what a person should know already. `colour`: the channels are red,
    green and blue by the file's word. `slope` and `intercept` turn values into the file's unit, in which
    `window` (lowest, highest value shown) is stated; `curve` turns values into 0 to 1 where the file's own
    window is no straight line. `spacing_mm` of pixels, down and across, None if not known.
    """

    values: NDArray[Any]
    bits: int
    white_is_zero: bool = False
    alpha: bool = False
    premultiplied: bool = False
    nodata: tuple[float, float] | None = None
    notes: tuple[str, ...] = field(default=())
    colour: bool = False
    slope: float = 1.0
    intercept: float = 0.0
    window: tuple[float, float] | None = None
    curve: Callable[[NDArray[Any]], NDArray[np.float64]] | None = None
    spacing_mm: tuple[float, float] | None = None


@dataclass(frozen=True)
class Tones:
    """Numbers of one channel, or three, that are shown from `low` (black) to `high` (white), in the unit of
    the file: what a viewer needs to show them otherwise. `inverted`: `low` is white.
    """

    values: NDArray[Any]
    low: float
    high: float
    inverted: bool = False
    slope: float = 1.0
    intercept: float = 0.0
    nodata: tuple[float, float] | None = None

    def shown(self, low: float, high: float) -> NDArray[np.uint8]:
        """Pixels uint8 (h, w, 3) with `low` and what is below black, `high` and what is above white."""
        ends = sorted((end - self.intercept) / self.slope for end in (low, high))
        pixels = _between(self.values, ends[0], ends[1])
        if self.inverted != (self.slope < 0):
            pixels = 255 - pixels
        _blacken(pixels, self.values, self.nodata)
        return np.ascontiguousarray(np.broadcast_to(pixels, (*pixels.shape[:2], 3)))


def to_rgb(
    samples: Samples, rendering: Rendering = DEFAULT
) -> tuple[NDArray[np.uint8], list[str], Tones | None]:
    """Pixels uint8 (h, w, 3), what was done to them, and what was scaled, None where nothing was.

    Eight bits without a sign and without a window of the file stay as they are and fewer fill the range from
    black to white. Everything else (more bits, signed, float) is scaled linearly, all channels alike, as
    `rendering` says: by a window, or so that one percentile becomes black and another white.
    """
    notes = list(samples.notes)
    values, alpha = _apart(samples)
    values = _chosen(values, samples.colour, rendering, notes)
    tones = None
    if values.dtype == np.uint8 and samples.bits <= 8 and samples.window is None and samples.curve is None:
        most = (1 << samples.bits) - 1
        pixels = values if most == 255 else (values.astype(np.uint16) * 255 // most).astype(np.uint8)
        if samples.white_is_zero:
            pixels = 255 - pixels
    else:
        tones, pixels, how = _scaled(replace(samples, values=values), rendering)
        black, white = (tones.high, tones.low) if samples.white_is_zero else (tones.low, tones.high)
        notes.append(_scaling(samples, black, white, how))
    if pixels.shape[2] == 1:
        pixels = np.repeat(pixels, 3, axis=2)
    if alpha is not None and alpha.min() < 1:
        opaque = alpha[:, :, None]
        shown = pixels if not samples.premultiplied else np.where(opaque > 0, pixels / opaque.clip(1e-6), 0)
        pixels = np.rint(np.clip(shown, 0, 255) * opaque + 255 * (1 - opaque)).astype(np.uint8)
        notes.append(tr("transparent parts are shown on white"))
    return np.ascontiguousarray(pixels), notes, tones


def _apart(samples: Samples) -> tuple[NDArray[Any], NDArray[np.float32] | None]:
    """Channels that are shown, and how opaque each pixel is, 0 to 1, if the file says."""
    if not samples.alpha or samples.values.shape[2] < 2:
        return samples.values, None
    alpha = samples.values[:, :, -1]
    whole = float((1 << samples.bits) - 1) if alpha.dtype.kind == "u" else float(np.nanmax(alpha) or 1)
    return samples.values[:, :, :-1], np.clip(alpha.astype(np.float32) / max(whole, 1e-9), 0, 1)


def _chosen(values: NDArray[Any], colour: bool, rendering: Rendering, notes: list[str]) -> NDArray[Any]:
    """The one or three channels that are shown."""
    n = values.shape[2]
    if n == 1 or (colour and n == 3):
        return values
    if rendering.channels:
        missing = [channel for channel in rendering.channels if channel > n]
        if not missing:
            red, green, blue = rendering.channels
            notes.append(
                tr(
                    "channels {red}, {green} and {blue} of {n} are shown as red, green and blue",
                    red=red, green=green, blue=blue, n=n,
                )
            )  # fmt: skip
            black = np.zeros(values.shape[:2], values.dtype)
            return np.dstack([values[:, :, c - 1] if c else black for c in rendering.channels])
        notes.append(tr("there is no channel {missing} of {n}", missing=missing[0], n=n))
    if n == 3:
        return values
    if n == 2:
        notes.append(tr("the first of 2 channels is shown"))
        return values[:, :, :1]
    notes.append(tr("the first 3 of {n} channels are shown as red, green and blue", n=n))
    return values[:, :, :3]


def _scaled(samples: Samples, rendering: Rendering) -> tuple[Tones, NDArray[np.uint8], str]:
    """What is shown, its pixels (h, w, 1 or 3), and by what rule."""
    low, high = rendering.percentiles
    window = rendering.window
    curve = samples.curve if window is None and rendering.own_window else None
    if window is not None:
        ends, how = (window[0] - window[1] / 2, window[0] + window[1] / 2), tr("the project's window")
    elif samples.window is not None and rendering.own_window and _can_show(samples, samples.window):
        ends, how = samples.window, tr("the file's window")
    else:
        found = _ends(samples.values, samples.nodata, low, high)
        one, other = (end * samples.slope + samples.intercept for end in found)
        ends = min(one, other), max(one, other)
        how = tr("{low:g} to {high:g} percentile", low=low, high=high)
        if samples.window is not None and rendering.own_window:
            how = tr(
                "{low:g} to {high:g} percentile, the file's window shows nothing that its bits hold",
                low=low,
                high=high,
            )
    tones = Tones(
        samples.values, *ends, samples.white_is_zero, samples.slope, samples.intercept, samples.nodata
    )
    if curve is not None:
        pixels = np.rint(np.clip(curve(samples.values), 0, 1) * 255).astype(np.uint8)
        return tones, 255 - pixels if samples.white_is_zero else pixels, tr("the file's own curve")
    return tones, tones.shown(*ends), how


def _can_show(samples: Samples, window: tuple[float, float]) -> bool:
    """Whether a window lies, in part at least, where numbers of so many bits can lie."""
    if samples.values.dtype.kind not in "ui":
        return True
    signed = samples.values.dtype.kind == "i"
    span = 1 << samples.bits
    ends = [
        value * samples.slope + samples.intercept
        for value in ((-span / 2, span / 2) if signed else (0, span))
    ]
    return window[0] <= max(ends) and window[1] >= min(ends)


def _scaling(samples: Samples, low: float, high: float, how: str) -> str:
    """Of what depth an image is and between which numbers it is shown: 3,900; -0.25; 1.2e-07."""
    values: dict[str, Any] = {"bits": samples.bits, "low": low, "high": high, "how": how}
    large = max(abs(low), abs(high)) >= 1000
    match samples.values.dtype.kind, large:
        case "f", True:
            return tr("float, shown from {low:,.0f} to {high:,.0f} ({how})", **values)
        case "f", False:
            return tr("float, shown from {low:.4g} to {high:.4g} ({how})", **values)
        case "i", True:
            return tr("{bits}-bit signed, shown from {low:,.0f} to {high:,.0f} ({how})", **values)
        case "i", False:
            return tr("{bits}-bit signed, shown from {low:.4g} to {high:.4g} ({how})", **values)
        case _, True:
            return tr("{bits}-bit, shown from {low:,.0f} to {high:,.0f} ({how})", **values)
        case _:
            return tr("{bits}-bit, shown from {low:.4g} to {high:.4g} ({how})", **values)


def scale(
    values: NDArray[Any],
    nodata: tuple[float, float] | None = None,
    percentiles: tuple[float, float] = (LOW_PERCENTILE, HIGH_PERCENTILE),
) -> tuple[NDArray[np.uint8], float, float]:
    """Scale values (h, w, c) linearly so that the lower percentile becomes 0 and the upper 255.

    What is not finite, is `nodata`, or is a lonely extreme value far from all others (as scanners pad with)
    does not move the percentiles; of these, what is not finite or `nodata` becomes black. Where almost
    everything has one value the smallest and the largest are taken instead; a flat image becomes black.
    Returns the pixels and the two values.
    """
    low, high = _ends(values, nodata, *percentiles)
    pixels = _between(values, low, high)
    _blacken(pixels, values, nodata)
    return pixels, low, high


def _ends(
    values: NDArray[Any], nodata: tuple[float, float] | None, lower: float, upper: float
) -> tuple[float, float]:
    """The values that become black and white."""
    known, counts = _distinct(values, nodata)
    if not known.size:
        return 0.0, 0.0
    known, counts = _without_sentinels(known, counts)
    low, high = (_percentile(known, counts, p) for p in (lower, upper))
    if high <= low:
        # Almost everything has one value: a mask, or a blank. What differs should still be seen.
        low, high = float(known[0]), float(known[-1])
    return low, high


def _between(values: NDArray[Any], low: float, high: float) -> NDArray[np.uint8]:
    """Values as shades 0 (`low` and below, not finite) to 255 (`high` and above)."""
    span = high - low
    if values.dtype.kind in "ui" and values.dtype.itemsize <= 2:
        first = int(np.iinfo(values.dtype).min)
        table = np.arange(first, np.iinfo(values.dtype).max + 1, dtype=np.float64)
        pixels = _shades(table, low, span)[values if first == 0 else values.astype(np.int32) - first]
    else:
        numbers = np.nan_to_num(values.astype(np.float64), nan=low, posinf=low, neginf=low)
        pixels = _shades(numbers, low, span)
    return pixels


def _blacken(pixels: NDArray[np.uint8], values: NDArray[Any], nodata: tuple[float, float] | None) -> None:
    if nodata is not None:
        pixels[(values >= nodata[0]) & (values <= nodata[1])] = 0


def _shades(numbers: NDArray[np.float64], low: float, span: float) -> NDArray[np.uint8]:
    if span <= 0:
        return np.where(numbers > low, 255, 0).astype(np.uint8)
    return np.rint(np.clip((numbers - low) * (255.0 / span), 0, 255)).astype(np.uint8)


def _distinct(
    values: NDArray[Any], nodata: tuple[float, float] | None
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """The values that were measured, sorted, and how often each occurs."""
    if values.dtype.kind in "ui" and values.dtype.itemsize <= 2:
        least = int(np.iinfo(values.dtype).min)
        every = np.bincount((values if least == 0 else values.astype(np.int32) - least).ravel())
        known = np.flatnonzero(every)
        found, counts = (known + least).astype(np.float64), every[known].astype(np.int64)
    else:
        flat = values.ravel()
        flat = flat[np.isfinite(flat)] if flat.dtype.kind == "f" else flat
        unique, times = np.unique(flat, return_counts=True)
        found, counts = unique.astype(np.float64), times.astype(np.int64)
    if nodata is not None:
        kept = (found < nodata[0]) | (found > nodata[1])
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
