"""Images that are parts of a file: a frame, a page, a box. They are named as in the web's media fragments.

`scan.dcm#frame=3`, `stack.tif#page=2`, `cells.tif#xywh=120,80,64,64`, and a patch of 512 pixels of a whole
slide, `slide.svs#slide=512&level=1&xywh=0,0,2048,2048`, with `mpp=0.5&` before the level where microns per
pixel were asked for: one text names an image everywhere, in tables and
exports too. Frames and pages count from 1.
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

_FRAGMENT = re.compile(
    r"#(?=.)(?:slide=(?P<slide>\d{1,6}))?&?(?:mpp=(?P<mpp>\d{1,3}(?:\.\d{1,6})?))?&?(?:frame=(?P<frame>\d{1,7}))?&?(?:page=(?P<page>\d{1,7}))?&?(?:level=(?P<level>\d{1,3}))?"
    r"&?(?:xywh=(?P<box>-?\d{1,9},-?\d{1,9},\d{1,9},\d{1,9}))?$"
)


@dataclass(frozen=True)
class Part:
    """Which part of a file; `box` (x, y, width, height) in pixels of the largest level, upright. `slide`: it
    is a patch of so many pixels a side, read as a whole slide is, by `families.slides`; `mpp`: of so many
    microns each, 0 where the pixels are those of the level.
    """

    frame: int = 0
    page: int = 0
    level: int = 0
    box: tuple[int, int, int, int] | None = None
    slide: int = 0
    mpp: float = 0.0

    def __str__(self) -> str:
        """What stands behind the file's name, `#` included; empty for the whole file."""
        names = ("slide", "mpp", "frame", "page", "level")
        told = {name: value for name in names if (value := getattr(self, name))}
        parts = [f"{name}={value:g}" if name == "mpp" else f"{name}={value}" for name, value in told.items()]
        if self.box is not None:
            parts.append("xywh={},{},{},{}".format(*self.box))
        return "#" + "&".join(parts) if parts else ""


WHOLE = Part()


@dataclass(frozen=True)
class Patches:
    """How whole slides are cut: into squares of `side` pixels of `mpp` microns each where the slide says how
    large its pixels are, else of `level`, 0 the largest, -1 for none: such slides are refused. Without `mpp`
    (0) by the level.
    """

    side: int
    level: int = 0
    mpp: float = 0.0

    def __post_init__(self) -> None:
        # Four digits, so that a name says it whole.
        object.__setattr__(self, "mpp", float(f"{self.mpp:.4g}"))

    @property
    def names(self) -> tuple[str, ...]:
        """What stands in the names of all patches of a slide but their level, where microns count; or their
        box.
        """
        by_size = (str(Part(slide=self.side, mpp=self.mpp)),) if self.mpp else ()
        return (*by_size, str(Part(slide=self.side, level=self.level))) if self.level >= 0 else by_size


def split(path: str | Path) -> tuple[Path, Part]:
    """The file, and which part of it is meant. A file that has such a name itself is meant as a whole."""
    name = str(path)
    found = _FRAGMENT.search(name)
    if found is None or found.start() == 0 or os.path.exists(name):  # noqa: PTH110 - on hot paths
        return Path(path), WHOLE
    slide, frame, page, level = (int(found[k] or 0) for k in ("slide", "frame", "page", "level"))
    x, y, width, height = map(int, found["box"].split(",")) if found["box"] else (0, 0, 0, 0)
    return Path(name[: found.start()]), Part(
        frame, page, level, (x, y, width, height) if found["box"] else None, slide, float(found["mpp"] or 0)
    )


def file_of(path: str | Path) -> Path:
    """The file in which an image lies."""
    return split(path)[0]


def digest_of(file_digest: str, part: Part) -> str:
    """The SHA-256 in hex by which a part of a file is known, from that of the file."""
    if part == WHOLE:
        return file_digest
    return hashlib.sha256(f"{file_digest}{part}".encode()).hexdigest()
