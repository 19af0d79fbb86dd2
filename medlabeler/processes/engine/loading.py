"""Libraries that take long to load, and what is done between two of their modules for whoever waits."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from types import ModuleType


class _LetsBy(MetaPathFinder):
    """Finds no module, but is asked first for each."""

    def __init__(self, call: Callable[[], None]) -> None:
        self._call = call
        self._thread, self._inside = threading.get_ident(), False

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:
        if self._inside or threading.get_ident() != self._thread:
            return
        self._inside = True
        try:
            self._call()
        finally:
            self._inside = False


@contextmanager
def between_modules(call: Callable[[], None]) -> Iterator[None]:
    """Within, `call()` is done before each module that this thread loads; it must not raise: a module that
    is half loaded would be lost.
    """
    gate = _LetsBy(call)
    sys.meta_path.insert(0, gate)
    try:
        yield
    finally:
        sys.meta_path.remove(gate)
