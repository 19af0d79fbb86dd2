"""Images that are parts of a file: a frame, a page, a box. They are named as in the web's media fragments.

`scan.dcm#frame=3`, `stack.tif#page=2`, `cells.tif#xywh=120,80,64,64`, `slide.svs#level=1&xywh=0,0,512,512`:
one text names an image everywhere, in tables and exports too. Frames and pages count from 1.
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

_FRAGMENT = re.compile(
    r"#(?=.)(?:frame=(?P<frame>\d{1,7}))?&?(?:page=(?P<page>\d{1,7}))?&?(?:level=(?P<level>\d{1,3}))?"
    r"&?(?:xywh=(?P<box>-?\d{1,9},-?\d{1,9},\d{1,9},\d{1,9}))?$"
)


@dataclass(frozen=True)
class Part:
    """Which part of a file; `box` (x, y, width, height) in pixels of the largest level, upright."""

    frame: int = 0
    page: int = 0
    level: int = 0
    box: tuple[int, int, int, int] | None = None

    def __str__(self) -> str:
        """What stands behind the file's name, `#` included; empty for the whole file."""
        parts = [f"{name}={value}" for name in ("frame", "page", "level") if (value := getattr(self, name))]
        if self.box is not None:
            parts.append("xywh={},{},{},{}".format(*self.box))
        return "#" + "&".join(parts) if parts else ""


WHOLE = Part()


def split(path: str | Path) -> tuple[Path, Part]:
    """The file, and which part of it is meant. A file that has such a name itself is meant as a whole."""
    name = str(path)
    found = _FRAGMENT.search(name)
    if found is None or found.start() == 0 or os.path.exists(name):  # noqa: PTH110 - on hot paths
        return Path(path), WHOLE
    frame, page, level = (int(found[k] or 0) for k in ("frame", "page", "level"))
    x, y, width, height = map(int, found["box"].split(",")) if found["box"] else (0, 0, 0, 0)
    return Path(name[: found.start()]), Part(
        frame, page, level, (x, y, width, height) if found["box"] else None
    )


def file_of(path: str | Path) -> Path:
    """The file in which an image lies."""
    return split(path)[0]


def digest_of(file_digest: str, part: Part) -> str:
    """The SHA-256 in hex by which a part of a file is known, from that of the file."""
    if part == WHOLE:
        return file_digest
    return hashlib.sha256(f"{file_digest}{part}".encode()).hexdigest()
