"""By what the content of a file is known: its SHA-256, or that of all files that hold its pixels.

A slide of some gigabytes is many images; it is read once for all of them, as long as it does not change.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections import OrderedDict
from pathlib import Path

from medlabeler.imaging.parts import digest_of, split

LARGE = 64_000_000
"""Bytes from which a digest is remembered."""
_MOST = 64
_BESIDE = frozenset({".mrxs"})
"""Suffixes of files that keep their pixels in a folder of their own name."""


def file_digest(file: Path) -> str:
    """SHA-256 of a file in hex; `OSError` if it cannot be read."""
    return _digest(file) if file.suffix.lower() in _BESIDE else _sha256(file)


def image_digest(path: str | Path) -> str:
    """What the image of that name, which may be a part of a file, is known by now; raises `OSError`."""
    file, part = split(path)
    return digest_of(file_digest(file), part)


def state(file: Path) -> tuple[int, int, int]:
    """Size, time of the last change and inode: what changes when a file is written anew."""
    status = file.stat()
    return status.st_size, status.st_mtime_ns, status.st_ino


def _digest(file: Path) -> str:
    whole = hashlib.sha256(_sha256(file).encode())
    for place, folders, files in os.walk(file.with_suffix("")):
        folders.sort()
        for name in sorted(files):
            whole.update(f"{name}\0{_sha256(Path(place, name))}".encode())
    return whole.hexdigest()


def _sha256(file: Path) -> str:
    key = (str(file), state(file))
    with _LOCK:
        if key in _REMEMBERED:
            return _REMEMBERED[key]
    with file.open("rb") as content:
        found = hashlib.file_digest(content, "sha256").hexdigest()
    if key[1][0] >= LARGE:
        with _LOCK:
            _REMEMBERED[key] = found
            while len(_REMEMBERED) > _MOST:
                _REMEMBERED.popitem(last=False)
    return found


_LOCK = threading.Lock()
_REMEMBERED: OrderedDict[tuple[str, tuple[int, int, int]], str] = OrderedDict()
