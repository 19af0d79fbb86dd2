"""How the numbers of an image become the picture that is seen and embedded: what a project chooses of it."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass
from typing import Any

LOW_PERCENTILE, HIGH_PERCENTILE = 0.1, 99.9
FILE, PERCENTILES = "file", "percentiles"
PRESETS: dict[str, tuple[float, float]] = {
    "abdomen": (60, 400), "bone": (500, 2000), "brain": (40, 80), "lung": (-600, 1500),
    "mediastinum": (40, 400),
}  # fmt: skip
"""Usual windows of a CT in Hounsfield units, (centre, width)."""


@dataclass(frozen=True)
class Rendering:
    """One choice for all images of a project, so that their embeddings can be compared.

    `window` (centre, width) in the unit of the file (Hounsfield for a CT), or None: the file's own window if
    it states one and `own_window`, else the two `percentiles` become black and white. Images of eight bits
    are shown as they are. `channels`: which channels of an image that is not in colour become red, green and
    blue, counted from 1, 0 for none; empty: the first, or the first three. `level` of a pyramid, 0 the
    largest; one that is not there means the smallest.
    """

    window: tuple[float, float] | None = None
    own_window: bool = True
    percentiles: tuple[float, float] = (LOW_PERCENTILE, HIGH_PERCENTILE)
    channels: tuple[int, ...] = ()
    level: int = 0

    def __post_init__(self) -> None:
        low, high = self.percentiles
        if not 0 <= low < high <= 100:
            raise ValueError("the percentiles must lie between 0 and 100, the lower one first")
        if self.window is not None and not (all(map(math.isfinite, self.window)) and self.window[1] > 0):
            raise ValueError("a window is a centre and a width above 0")
        if self.channels and (len(self.channels) != 3 or min(self.channels) < 0 or not any(self.channels)):
            raise ValueError("name three channels, counted from 1, for red, green and blue; 0 for none")
        if self.level < 0:
            raise ValueError("levels count from 0, the largest")

    @property
    def is_default(self) -> bool:
        """Whether nothing was chosen."""
        return self == Rendering()

    @property
    def sentence(self) -> str:
        """What was chosen, for a person."""
        low, high = self.percentiles
        if self.window is not None:
            parts = [f"a window of {self.window[1]:,.6g} around {self.window[0]:,.6g}"]
        elif self.own_window:
            parts = [f"the file's own window, else from the {low:g} to the {high:g} percentile"]
        else:
            parts = [f"from the {low:g} to the {high:g} percentile"]
        if self.channels:
            parts.append("channels {}, {}, {} as red, green and blue".format(*self.channels))
        if self.level:
            parts.append(f"level {self.level} of pyramids")
        return "; ".join(parts)

    def name_of(self, digest: str) -> str:
        """What an image of that digest is called where it is kept as rendered: 64 characters of hex."""
        if self.is_default:
            return digest
        text = digest + json.dumps(self.to_json(), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def to_json(self) -> dict[str, Any]:
        """`from_json` is its inverse."""
        return {
            "window": list(self.window) if self.window is not None else None,
            "own_window": self.own_window,
            "percentiles": list(self.percentiles),
            "channels": list(self.channels),
            "level": self.level,
        }

    @classmethod
    def from_json(cls, value: Any) -> Rendering:
        """From `to_json`, None for what was never chosen; `ValueError` for what is no rendering."""
        if value is None:
            return cls()
        try:
            window = value["window"]
            low, high = value["percentiles"]
            return cls(
                None if window is None else (float(window[0]), float(window[1])),
                bool(value["own_window"]),
                (float(low), float(high)),
                tuple(int(channel) for channel in value["channels"]),
                int(value["level"]),
            )
        except (KeyError, TypeError, IndexError, OverflowError) as error:
            raise ValueError("not a rendering") from error


DEFAULT = Rendering()
