"""What the window frees of its arrays it keeps for the next ones.

Readers are told the same by their environment (`cpu_policy.KEEPING`), which is too late for the process that
a person has started.
"""

from __future__ import annotations

import contextlib
import sys

ARRAY_BYTES = 32 << 20
"""Arrays up to this size; GNU's C library knows no more."""
KEPT_BYTES = 128 << 20
"""So much that is free at the end of its memory is not given back to the system."""
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""Of `mallopt`, https://man7.org/linux/man-pages/man3/mallopt.3.html."""


def keep_freed_memory() -> bool:
    """From now on arrays as large as the columns of a million images take memory that is there already.

    Else each is asked of the system and given back, page by page: that held the window for up to half a
    second at a click where the system had no page at hand. False where there is no GNU C library to be told.
    """
    if sys.platform != "linux":
        return False
    import ctypes

    with contextlib.suppress(OSError, AttributeError):
        library = ctypes.CDLL(None)
        told = library.mallopt(_MMAP_THRESHOLD, ARRAY_BYTES), library.mallopt(_TRIM_THRESHOLD, KEPT_BYTES)
        return all(told)
    return False
