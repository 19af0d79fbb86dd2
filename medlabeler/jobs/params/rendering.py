"""What can be chosen of `jobs.rendering`, and of a new project's images."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from medlabeler.domain.options import count, number, option

if TYPE_CHECKING:
    from medlabeler.imaging.rendering import Rendering

Window = tuple[float, float] | str


def window(text: str) -> Window:
    """`file`, `percentiles`, the name of a preset, or CENTRE,WIDTH."""
    from medlabeler.imaging.rendering import FILE, PERCENTILES, PRESETS

    if text in (FILE, PERCENTILES):
        return text
    if text in PRESETS:
        return PRESETS[text]
    parts = text.split(",")
    if len(parts) != 2:
        names = ", ".join((FILE, PERCENTILES, *PRESETS))
        raise ValueError(f"{text!r} is not CENTRE,WIDTH, nor one of {names}")
    centre, width = number(parts[0]), number(parts[1])
    if not width > 0:
        raise ValueError(f"the width of the window {text} must be above 0")
    return centre, width


def percentiles(text: str) -> tuple[float, float]:
    """LOW,HIGH."""
    low, _, high = text.partition(",")
    found = number(low), number(high)
    if not 0 <= found[0] < found[1] <= 100:
        raise ValueError(f"{text!r} is not LOW,HIGH with 0 <= LOW < HIGH <= 100")
    return found


def channels(text: str) -> tuple[int, ...]:
    """RED,GREEN,BLUE, counted from 1, 0 for none; empty for the first ones."""
    if text in ("", "first"):
        return ()
    found = tuple(count(part.strip()) for part in text.split(","))
    if len(found) != 3 or not any(found):
        raise ValueError(f"{text!r} is not three channels, such as 3,2,1 (0 for none), nor first")
    return found


WINDOW = option(
    "--window",
    read=window,
    metavar="WINDOW",
    help="how images of more than 8 bits are shown and embedded: CENTRE,WIDTH, abdomen, bone, brain, lung, "
    "mediastinum, the file's own window (file), or percentiles",
)
PERCENTILES = option(
    "--percentiles",
    read=percentiles,
    metavar="LOW,HIGH",
    help="without a window these percentiles of an image become black and white",
)
CHANNELS = option(
    "--channels",
    read=channels,
    metavar="R,G,B",
    help="channels of an image of several that become red, green and blue, from 1; 0 for none; or first",
)
LEVEL = option("--level", read=count, metavar="N", help="level of a pyramid that is read; 0 is the largest")


@dataclass(frozen=True)
class Params:
    """What to change; None leaves it as it is. `window` is (centre, width), "file" or "percentiles"."""

    window: Window | None = field(default=None, metadata=WINDOW)
    percentiles: tuple[float, float] | None = field(default=None, metadata=PERCENTILES)
    channels: tuple[int, ...] | None = field(default=None, metadata=CHANNELS)
    level: int | None = field(default=None, metadata=LEVEL)


def changed(before: Rendering, params: Any) -> Rendering:
    """The rendering with what the fields `window`, `percentiles`, `channels` and `level` of `params` say."""
    from dataclasses import replace

    facts: dict[str, Any] = {
        name: value
        for name in ("percentiles", "channels", "level")
        if (value := getattr(params, name)) is not None
    }
    if isinstance(params.window, str):
        facts |= {"window": None, "own_window": params.window == "file"}
    elif params.window is not None:
        facts["window"] = params.window
    return replace(before, **facts)
