"""Child processes of the window whose messages and end arrive as signals."""

from __future__ import annotations

import threading

from PySide6.QtCore import SignalInstance

from medlabeler.jobs.channel import Child


def start_child(role: str, received: SignalInstance, exited: SignalInstance) -> Child:
    """Start a child: `received` is emitted with each message (dict), `exited` with the child at its end.

    Both come from the child's reader thread, so they are to be connected by queued connections.
    """
    started: list[Child] = []
    known = threading.Event()  # it may end before the constructor has returned

    def on_exit(code: int, tail: str) -> None:
        known.wait()
        exited.emit(started[0])

    started.append(Child(role, received.emit, on_exit))
    known.set()
    return started[0]
