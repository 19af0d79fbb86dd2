"""How much time of a processor one image may take; kept in the processes that read images, nowhere else.

By the clock a limit is unfair on a busy machine, or no limit at all: there a decoder that a broken file sends
round in circles goes on for minutes. What an image needs of a processor depends on the image alone.
"""

from __future__ import annotations

import signal
from typing import Any

LEAST_S = 2.5
"""For any image, with what is loaded for the first of its kind."""
FILE_BYTES_PER_S, PIXEL_BYTES_PER_S = 2e6, 24e6
"""And beside it for bytes of the file and for those of its pixels, several times what a slow machine needs:
what is opened of small files that say to hold much (`unreadable.UNFOLDED`) has less than ten seconds.
"""
SIGNAL = getattr(signal, "SIGPROF", None)
"""What ends the process of one that takes longer; None where the system has no such timer."""
_TIMER: Any = getattr(signal, "ITIMER_PROF", None)

_limited = False


def begin(file_bytes: int) -> None:
    """The next image begins: this process, and all its threads, have so long for it and end else."""
    global _limited
    if _TIMER is not None:
        _limited = True
        signal.setitimer(_TIMER, LEAST_S + file_bytes / FILE_BYTES_PER_S)


def more(pixel_bytes: int) -> None:
    """Its pixels take so many bytes; nothing where no image was begun, as in every other process."""
    if _limited:
        left, _ = signal.getitimer(_TIMER)
        signal.setitimer(_TIMER, left + pixel_bytes / PIXEL_BYTES_PER_S)


def end() -> None:
    """All was read."""
    global _limited
    if _limited:
        _limited = False
        signal.setitimer(_TIMER, 0.0)
