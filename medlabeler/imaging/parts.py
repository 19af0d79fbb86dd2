"""Images that are parts of a file: a frame, a page, a box. They are named as in the web's media fragments.

`scan.dcm#frame=3`, `stack.tif#page=2`, `cells.tif#xywh=120,80,64,64`, and a patch of 512 pixels of a whole
slide, `slide.svs#slide=512&level=1&xywh=0,0,2048,2048`: one text names an image everywhere, in tables and
exports too. Frames and pages count from 1.
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

_FRAGMENT = re.compile(
    r"#(?=.)(?:slide=(?P<slide>\d{1,6}))?&?(?:frame=(?P<frame>\d{1,7}))?&?(?:page=(?P<page>\d{1,7}))?&?(?:level=(?P<level>\d{1,3}))?"
    r"&?(?:xywh=(?P<box>-?\d{1,9},-?\d{1,9},\d{1,9},\d{1,9}))?$"
)


@dataclass(frozen=True)
class Part:
    """Which part of a file; `box` (x, y, width, height) in pixels of the largest level, upright. `slide`: it
    is a patch of so many pixels a side, read as a whole slide is, by `families.slides`.
    """

    frame: int = 0
    page: int = 0
    level: int = 0
    box: tuple[int, int, int, int] | None = None
    slide: int = 0

    def __str__(self) -> str:
        """What stands behind the file's name, `#` included; empty for the whole file."""
        names = ("slide", "frame", "page", "level")
        parts = [f"{name}={value}" for name in names if (value := getattr(self, name))]
        if self.box is not None:
            parts.append("xywh={},{},{},{}".format(*self.box))
        return "#" + "&".join(parts) if parts else ""


WHOLE = Part()


@dataclass(frozen=True)
class Patches:
    """How whole slides are cut: into squares of `side` pixels of `level`, 0 the largest."""

    side: int
    level: int = 0

    def part(self, box: tuple[int, int, int, int] | None = None) -> Part:
        """The patch in that box; without one what stands in the names of all of them."""
        return Part(level=self.level, box=box, slide=self.side)


def split(path: str | Path) -> tuple[Path, Part]:
    """The file, and which part of it is meant. A file that has such a name itself is meant as a whole."""
    name = str(path)
    found = _FRAGMENT.search(name)
    if found is None or found.start() == 0 or os.path.exists(name):  # noqa: PTH110 - on hot paths
        return Path(path), WHOLE
    slide, frame, page, level = (int(found[k] or 0) for k in ("slide", "frame", "page", "level"))
    x, y, width, height = map(int, found["box"].split(",")) if found["box"] else (0, 0, 0, 0)
    return Path(name[: found.start()]), Part(
        frame, page, level, (x, y, width, height) if found["box"] else None, slide
    )


def file_of(path: str | Path) -> Path:
    """The file in which an image lies."""
    return split(path)[0]


def digest_of(file_digest: str, part: Part) -> str:
    """The SHA-256 in hex by which a part of a file is known, from that of the file."""
    if part == WHOLE:
        return file_digest
    return hashlib.sha256(f"{file_digest}{part}".encode()).hexdigest()
