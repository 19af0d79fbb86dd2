"""Something that may wait, done away from the GUI thread."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

log = logging.getLogger("medlabeler.window")


def in_background(action: Callable[[], None]) -> None:
    """Do it on a thread of its own; a fault stands in the log, with its trace."""

    def run() -> None:
        try:
            action()
        except Exception:
            log.exception("something in the background failed")

    threading.Thread(target=run, daemon=True).start()
