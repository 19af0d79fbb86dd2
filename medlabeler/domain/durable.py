"""Files that are either whole or absent, whatever happens to the machine while they are written."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from medlabeler.domain.private_files import open_to_usual


@contextlib.contextmanager
def whole_file(path: Path, *, text: bool = False, asked_for: bool = False) -> Iterator[IO[Any]]:
    """A file to write that takes the place of `path` only when it is complete: temporary file, flush to
    disk, rename. It takes bytes, or with `text` UTF-8 with the line ends as they are given. `asked_for`: a
    person named it, so others may read it as they may read files of other programs.

    Raises `OSError`; whatever goes wrong, the temporary file is removed and `path` is as it was.
    """
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("w", encoding="utf-8", newline="") if text else temporary.open("wb") as file:
            yield file
            file.flush()
            if asked_for:
                open_to_usual(file.fileno())
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
    sync_folder(path.parent)


def write_durably(path: Path, content: bytes) -> None:
    """Write `content` so that `path` never holds a part of it; `OSError`."""
    with whole_file(path) as file:
        file.write(content)


def sync_folder(folder: Path) -> None:
    """Flush the names in `folder` to disk, where the platform can (Windows cannot and need not)."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def move_durably(source: Path, target: Path) -> None:
    """Rename a finished file into its place, copying it where the two lie on different disks; `OSError`."""
    try:
        source.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        write_durably(target, source.read_bytes())
        source.unlink()
    sync_folder(target.parent)
