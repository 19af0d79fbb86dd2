"""Were new images prepared like those a classifier learned from: channels and bits, size, order of"
" colours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.language import tr
from medlabeler.domain.words import count, percent

RARE = 0.05
"""Share of new images whose channels or bits the pool has not shown from which on it is said."""
FACTOR = 1.5
"""By what factor sizes may leave the range of the pool's."""

_LEAST = 5
_NAMES = {
    "L": tr("grey"),
    "RGB": tr("colour"),
    "RGBA": tr("colour with transparency"),
    "1": tr("black and white"),
}


@dataclass(frozen=True)
class Looks:
    """What the files of the pool are like: `modes` (channels and bits, as `imaging.readers` calls them) by
    share, `short` the 1 % and 99 % quantiles of the short side in pixels; `colour` the mean of R, G, B (0 to
    255) over `n` images and `spread` (3, 3) its covariance between images.
    """

    modes: dict[str, float]
    short: tuple[float, float]
    colour: tuple[float, float, float]
    spread: tuple[tuple[float, float, float], ...]
    n: int


@dataclass(frozen=True)
class Look:
    """One file: its mode, short side in pixels, and mean R, G, B (0 to 255)."""

    mode: str
    short: int
    colour: tuple[float, float, float]


def looks_of(files: Sequence[Look]) -> Looks | None:
    """What they have in common; None for fewer than five."""
    if len(files) < _LEAST:
        return None
    modes = Counter(file.mode for file in files)
    sides = np.array([file.short for file in files], np.float64)
    colours = np.array([file.colour for file in files])
    low, high = np.quantile(sides, [0.01, 0.99]).tolist()
    middle, spread = colours.mean(axis=0).tolist(), np.cov(colours.T).tolist()
    return Looks(
        modes={mode: n / len(files) for mode, n in sorted(modes.items())},
        short=(low, high),
        colour=(middle[0], middle[1], middle[2]),
        spread=tuple((row[0], row[1], row[2]) for row in spread),
        n=len(files),
    )


def differences(looks: Looks, files: Sequence[Look]) -> tuple[str, ...]:
    """Sentences on how new files differ from the pool's; empty where they do not."""
    if not files:
        return ()
    found = (_modes(looks, files), _sizes(looks, files), _colours(looks, files))
    return tuple(sentence for sentence in found if sentence)


def _mode_words(mode: str) -> str:
    name, _, bits = mode.partition(";")
    words = _NAMES.get(name, name)
    if bits.isdecimal() and bits != "8":
        return tr("{colours} of {bits} bits", colours=words, bits=bits)
    return f"{words} ({bits})" if bits else words


def _modes(looks: Looks, files: Sequence[Look]) -> str:
    new = Counter(file.mode for file in files if looks.modes.get(file.mode, 0) < 0.01)
    n = new.total()
    if n <= RARE * len(files):
        return ""
    usual = max(looks.modes, key=lambda mode: looks.modes[mode])
    which = tr(" and ").join(_mode_words(mode) for mode, _ in new.most_common(2))
    return tr(
        "{images} of {n:,} looked at are stored as {which}; the training images are {usual}.",
        images=count(n, "image"),
        n=len(files),
        which=which,
        usual=_mode_words(usual),
    )


def _sizes(looks: Looks, files: Sequence[Look]) -> str:
    sides = np.array([file.short for file in files])
    low, high = looks.short
    outside = (sides < low / FACTOR) | (sides > high * FACTOR)
    if outside.mean() <= RARE:
        return ""
    here = float(np.median(sides[outside]))
    one = round(low) == round(high)
    there = f"{low:.0f}" if one else tr("{low:.0f} to {high:.0f}", low=low, high=high)
    if outside.all():
        return tr(
            "The images are of another size: {here:.0f} pixels on the short side, where the training images "
            "have {there}.",
            here=here,
            there=there,
        )
    return tr(
        "{share} of the images are of another size: {here:.0f} pixels on the short side, where the training "
        "images have {there}.",
        share=percent(float(outside.mean())),
        here=here,
        there=there,
    )


def _colours(looks: Looks, files: Sequence[Look]) -> str:
    colours = np.array([file.colour for file in files])
    middle = colours.mean(axis=0)
    here, swapped = _distance(looks, middle), _distance(looks, middle[::-1])
    grey_here = bool((np.ptp(colours, axis=1) < 2).mean() > 0.9)
    grey_there = bool(np.ptp(looks.colour) < 2 and np.trace(np.asarray(looks.spread)) < 1e9) and all(
        mode.startswith(("L", "1")) for mode in looks.modes
    )
    if grey_here and not grey_there and np.ptp(looks.colour) >= 5:
        return tr("The images are grey, those it learned from are coloured.")
    # In standard deviations of single images: a mean of many that far off is no chance.
    if here > 1.5 and swapped < here / 2:
        return tr(
            "Red and blue seem to be swapped: with them exchanged the colours fit those it learned from."
        )
    if here > 2 and len(files) >= _LEAST:
        brighter = tr("brighter") if middle.mean() > np.mean(looks.colour) else tr("darker")
        return tr(
            "Colours or brightness differ: the mean colour lies {here:.1f} standard deviations from that of "
            "the training images; on the whole they are {brighter}.",
            here=here,
            brighter=brighter,
        )
    return ""


def _distance(looks: Looks, colour: NDArray[Any]) -> float:
    """Mahalanobis distance of a mean colour; each channel spreads by one grey level at least."""
    spread = np.asarray(looks.spread) + np.eye(3)
    offset = colour - np.asarray(looks.colour)
    return float(np.sqrt(offset @ np.linalg.solve(spread, offset)))
