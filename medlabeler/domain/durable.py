"""Files that are either whole or absent, whatever happens to the machine while they are written."""

from __future__ import annotations

import contextlib
import errno
import os
from pathlib import Path


def write_durably(path: Path, content: bytes) -> None:
    """Write `content` so that `path` never holds a part of it: temporary file, flush to disk, rename.

    Raises `OSError`; the temporary file is removed then.
    """
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


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
