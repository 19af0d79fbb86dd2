"""Whether a file that somebody names may be read at all: a pipe would be waited for, a device never ends."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr

_SPARSE_BYTES = 64 << 20
"""Smaller files may be stored in ways of the file system's own."""


def check_regular(path: Path, most_bytes: int) -> os.stat_result:
    """What the system says of the file; `UserError` for what is no regular file, larger than `most_bytes`, or
    for the most part not there: copied in part, or left in a cloud. `OSError` where it cannot be looked at.
    """
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise UserError(tr("{name} is no file but {kind}.", name=path.name, kind=kind_of(status.st_mode)))
    if status.st_size > most_bytes:
        raise UserError(
            tr("{name} is larger than {size}, which is not opened.", name=path.name, size=size(most_bytes))
        )
    stored = 512 * getattr(status, "st_blocks", status.st_size)
    doubtful = status.st_size > _SPARSE_BYTES and stored < status.st_size // 2
    if doubtful and _mostly_holes(path, status.st_size):
        raise UserError(
            tr(
                "{name} says that it holds {all}, of which {stored} are there; copy or download it again.",
                name=path.name,
                all=size(status.st_size),
                stored=size(stored),
            )
        )
    return status


def _mostly_holes(path: Path, n_bytes: int) -> bool:
    """Whether more than half of the file was never written; False where the system cannot tell, as where
    files are packed.
    """
    if not hasattr(os, "SEEK_DATA"):
        return False
    with path.open("rb") as file:
        descriptor, at, there = file.fileno(), 0, 0
        while at < n_bytes:
            try:
                begin = os.lseek(descriptor, at, os.SEEK_DATA)
            except OSError:  # nothing but a hole from here on
                break
            at = os.lseek(descriptor, begin, os.SEEK_HOLE)
            there += at - begin
    return there < n_bytes // 2


def kind_of(mode: int) -> str:
    """What a thing that is no regular file is, in words."""
    if stat.S_ISDIR(mode):
        return tr("a folder")
    return tr("a pipe") if stat.S_ISFIFO(mode) else tr("a device")


def size(n_bytes: int) -> str:
    """Bytes in words: "8 GB", "12 MB", "700 bytes"."""
    if n_bytes < 10**5:
        return tr("{n:,} bytes", n=n_bytes)
    return f"{n_bytes / 1e9:.3g} GB" if n_bytes >= 10**9 else f"{n_bytes / 1e6:.3g} MB"
