"""Python's search for cycles of garbage, where it would cost more than it finds."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator


@contextlib.contextmanager
def not_searched() -> Iterator[None]:
    """For work that makes many short-lived objects and no cycles beside a large collection: each search walks
    through all of that, so that the work would take longer the more there is.

    Who switched the search off before finds it off.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
