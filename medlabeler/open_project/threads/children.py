"""Child processes of the window that tell of their end by themselves."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from medlabeler.processes.channel import Child


def start_child(
    role: str, received: Callable[[dict[str, Any]], None], exited: Callable[[Child], None]
) -> Child:
    """Start a child: `received` is called with each message, `exited` with the child at its end.

    Both are called on the child's reader thread: pass `Mailbox.post`; `exited` also if the child ends before
    this function has returned.
    """
    started: list[Child] = []
    known = threading.Event()

    def on_exit(code: int, tail: str) -> None:
        known.wait()
        exited(started[0])

    started.append(Child(role, received, on_exit))
    known.set()
    return started[0]
