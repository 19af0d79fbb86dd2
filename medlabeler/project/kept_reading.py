"""What was read of a database, kept beside it, so that the next opening need not read it row by row.

The file is a copy and nothing more: it counts only while the database is, to the byte of its header, its
size and its time, what it was when the file was written at the end of a session. Whatever wrote to the
database since, this program or another, makes it void, and the next close writes it anew.
"""

from __future__ import annotations

import contextlib
import json
import os
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler import __version__
from medlabeler.project.migrations import MIGRATIONS

FILE = "kept_reading.npz"
WORTH = 1_000
"""Images and label events from which on it is written."""
_EDITION = 2
_HEADER = 100
"""Bytes of SQLite's header: the counter of changes is among them."""
_PARTS = ("images/", "events/")
_ALIGNED = 64
"""Bytes to a multiple of which the place of each array is rounded."""

_NOT_OURS = (
    OSError, ValueError, KeyError, TypeError, AttributeError, SyntaxError, RecursionError, EOFError,
    zipfile.BadZipFile,
)  # fmt: skip
"""What damaged files, and those of others, make `read` raise."""

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
            about = unpacked(kept["about"])
            if about["stamp"] != expected:
                return None
            content = kept["content"]  # both are checked by their CRC-32
        found = {name: _array(content, *place) for name, place in about["arrays"].items()}
    except _NOT_OURS:
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
    content, places = _together(arrays)
    about = packed({"stamp": of, "arrays": places})
    path = folder / FILE
    temporary = path.with_name(f"{FILE}.{os.getpid()}.tmp")
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            np.savez(file, allow_pickle=False, about=about, content=content)
        temporary.replace(path)  # not flushed: what a crash tears fails its checksums
    except OSError:
        for left in (temporary, path):
            with contextlib.suppress(OSError):
                left.unlink(missing_ok=True)


def _together(arrays: Kept) -> tuple[NDArray[np.uint8], dict[str, Any]]:
    """All in one, and where each is and what: as many members of an archive, each with a header of its own,
    would take as long to open as a small database to read.
    """
    places: dict[str, Any] = {}
    end = 0
    for name, array in arrays.items():
        places[name] = end, np.lib.format.dtype_to_descr(array.dtype), array.shape
        end += -(-array.nbytes // _ALIGNED) * _ALIGNED
    content = np.zeros(end, np.uint8)
    for name, array in arrays.items():
        _array(content, *places[name])[...] = array
    return content, places


def _array(content: NDArray[np.uint8], start: int, kind: Any, shape: Sequence[int]) -> NDArray[Any]:
    """The array at a place, of what `dtype_to_descr` says, in the memory of all. `ValueError` for what only a
    file made by somebody else says: numpy would take bytes for the addresses of objects, and read before the
    memory.
    """
    of = np.dtype(kind if isinstance(kind, str) else [tuple(field) for field in kind])
    if of.hasobject or start < 0:
        raise ValueError("not an array of numbers in this file")
    return np.ndarray(tuple(shape), of, content.data, start)


def packed(value: Any) -> NDArray[np.uint8]:
    """What JSON holds, as an array."""
    return np.frombuffer(json.dumps(value).encode(), np.uint8)


def unpacked(array: NDArray[np.uint8]) -> Any:
    """The inverse of `packed`."""
    return json.loads(array.tobytes())
