"""Room on a disk that is taken before it is used: a full disk is an error then, where a write through a
memory map of a sparse file would be the end of the process (SIGBUS).
"""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

_CANNOT = frozenset({errno.EINVAL, errno.EOPNOTSUPP, errno.ENOSYS})
"""What `posix_fallocate` says on a file system that does not know how."""
_BLOCK = bytes(1 << 20)


def reserve(file: IO[bytes], size: int) -> None:
    """Let the file have `size` bytes, all of them with a place on the disk; what it holds stays.

    `OSError` if there is no room: then the file may have grown in part.
    """
    file.flush()
    if size <= 0:
        return
    try:
        os.posix_fallocate(file.fileno(), 0, size)
        return
    except AttributeError:
        pass  # neither macOS nor Windows has it
    except OSError as error:
        if error.errno not in _CANNOT:
            raise
    missing = size - file.seek(0, os.SEEK_END)
    while missing > 0:
        missing -= file.write(_BLOCK[:missing])
    file.flush()
    os.fsync(file.fileno())  # zeros that only wait in memory have no place on the disk yet


def reserved_npy(path: Path, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """A new file of numpy's format, uint8 of this shape, zero, mapped for reading and writing.

    `OSError` if there is no room: then there is no file.
    """
    header = {"descr": "|u1", "fortran_order": False, "shape": shape}
    try:
        with path.open("wb") as file:
            np.lib.format.write_array_header_2_0(file, header)
            reserve(file, file.tell() + int(np.prod(shape)))
    except OSError:
        path.unlink(missing_ok=True)
        raise
    return mapped_npy(path)


def mapped_npy(path: Path) -> NDArray[Any]:
    """An array of a file of numpy's format, mapped for reading and writing, room for all of it taken, too: an
    earlier version may have made it sparse. `OSError`, `ValueError`.
    """
    with path.open("r+b") as file:
        reserve(file, path.stat().st_size)
    found: NDArray[Any] = np.load(path, mmap_mode="r+", allow_pickle=False)
    return found
