"""Whether a process that has work in hand does any of it: one that waits for ever still answers its owner."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

LEAST_S = 0.005
"""Processor time that counts as a sign of work."""


class Standstill:
    """Measures how long the work in hand has gone without processor time and without a word.

    Whatever computes, however long and silently, uses its processor; whatever waits for a dead disk or for
    another thread that never comes does not. `seconds` is asked by one thread, which does none of the work.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        used: Callable[[], float] = lambda: time.process_time() - time.thread_time(),
    ) -> None:
        """`used`: processor seconds of this process without those of the thread that asks."""
        self._clock, self._used = clock, used
        self._lock = threading.Lock()
        self._in_hand = 0
        self._since = clock()
        self._used_then = 0.0

    @contextmanager
    def working(self) -> Iterator[None]:
        """Something is in hand until the end of the block."""
        self._begin(1)
        try:
            yield
        finally:
            self._begin(-1)

    def _begin(self, more: int) -> None:
        with self._lock:
            self._in_hand += more
            self._since = self._clock()

    def moved(self) -> None:
        """A sign of life, such as progress that was told."""
        with self._lock:
            self._since = self._clock()

    def seconds(self) -> float:
        """How long nothing was done, 0 where nothing is in hand."""
        used, now = self._used(), self._clock()
        with self._lock:
            if not self._in_hand or used - self._used_then > LEAST_S:
                self._since = now
            if used - self._used_then > LEAST_S:
                self._used_then = used
            return now - self._since
