"""What was read of a large database, kept beside it, so that the next opening need not read it row by row.

The file is a copy and nothing more: it counts only while the database is, to the byte of its header, its
size and its time, what it was when the file was written at the end of a session. Whatever wrote to the
database since, this program or another, makes it void, and the next close writes it anew.
"""

from __future__ import annotations

import contextlib
import json
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler import __version__
from medlabeler.project.migrations import MIGRATIONS

FILE = "kept_reading.npz"
WORTH = 20_000
"""Images and label events from which on it is written."""
_EDITION = 1
_HEADER = 100
"""Bytes of SQLite's header: the counter of changes is among them."""
_PARTS = ("images/", "events/")

Kept = Mapping[str, NDArray[Any]]


def stamp(database: Path) -> str:
    """What tells this state of a database file from any other; empty where that is not all there is of it,
    as after a kill.
    """
    try:
        log = database.with_name(database.name + "-wal")
        if log.exists() and log.stat().st_size:
            return ""
        with database.open("rb") as file:
            header = file.read(_HEADER)
            found = os.fstat(file.fileno())
    except OSError:
        return ""
    return json.dumps(
        [_EDITION, __version__, len(MIGRATIONS), found.st_size, found.st_mtime_ns, header.hex()]
    )


def read(folder: Path, expected: str) -> tuple[Kept, Kept] | None:
    """What was kept of images and events for this `stamp`; None where nothing was, or it is damaged."""
    if not expected:
        return None
    try:
        with np.load(folder / FILE, allow_pickle=False) as kept:
            if unpacked(kept["stamp"]) != expected:
                return None
            found = {name: kept[name] for name in kept.files}  # each is checked by its CRC-32
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    images, events = (
        {name.removeprefix(part): found[name] for name in found if name.startswith(part)} for part in _PARTS
    )
    return images, events


def write(folder: Path, of: str, images: Kept, events: Kept) -> None:
    """Keep arrays for the `stamp` of the database as it lies there now; on failure nothing is kept."""
    arrays = {
        part + name: array
        for part, kept in zip(_PARTS, (images, events), strict=True)
        for name, array in kept.items()
    }
    path = folder / FILE
    temporary = path.with_name(f"{FILE}.{os.getpid()}.tmp")
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            np.savez(file, allow_pickle=False, stamp=packed(of), **arrays)
        temporary.replace(path)  # not flushed: what a crash tears fails its checksums
    except OSError:
        for left in (temporary, path):
            with contextlib.suppress(OSError):
                left.unlink(missing_ok=True)


def packed(value: Any) -> NDArray[np.uint8]:
    """What JSON holds, as an array."""
    return np.frombuffer(json.dumps(value).encode(), np.uint8)


def unpacked(array: NDArray[np.uint8]) -> Any:
    """The inverse of `packed`."""
    return json.loads(array.tobytes())
