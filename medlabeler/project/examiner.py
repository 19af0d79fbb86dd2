"""The examiner: a hidden process that holds the database of an open project against its second copy.

To build the copy anew takes half a minute and 600 MB at a million images, and Python runs one thread at a
time: if the window did it on a thread, every frame and every click would wait for it.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
from pathlib import Path

from medlabeler.domain import cpu_policy
from medlabeler.domain.language import tr
from medlabeler.domain.own_program import child_command
from medlabeler.project import examination
from medlabeler.project.database import Beside, Database

ENDED = tr(
    "Whether the project was changed by something other than this program could not be told this time: the "
    "process that looks at it ended early. The next opening looks again."
)
log = logging.getLogger("medlabeler.examiner")

_DUTY = "analyst"
"""It gives way as far as that: nobody waits for it."""
_LOOK_S = 0.25
"""How long a project that is closed may have an examiner still."""


def altered_by_another_process(database: Database, over: threading.Event) -> str:
    """`examination.altered`, found out by an examiner; empty if `over` is set before it knows, `ENDED` if it
    ends before or cannot be started. On any thread.
    """
    environment = {**os.environ, **cpu_policy.environment(_DUTY)}
    try:
        child = subprocess.Popen(
            [*child_command("examiner"), str(database.path), database.source],
            env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            encoding="utf-8", creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )  # fmt: skip
    except OSError:
        log.exception("the examiner could not be started")
        return ENDED
    with child:
        while child.poll() is None:
            if over.wait(_LOOK_S):
                child.kill()
                return ""
        assert child.stdout is not None  # noqa: S101 - it is a pipe
        if child.returncode:
            log.warning("the examiner ended with code %d", child.returncode)
            return ENDED
        return child.stdout.read().strip()


def main(arguments: list[str]) -> int:
    """Print the sentence of `examination.altered` on the database of that path and source; 1 after a fault,
    which is in the log.
    """
    cpu_policy.give_way()
    path, source = arguments
    try:
        told = examination.altered(Beside(Path(path), source))
    except Exception:
        log.exception("the database could not be held against its second copy")
        return 1
    sys.stdout.buffer.write(told.encode())
    sys.stdout.flush()
    return 0
