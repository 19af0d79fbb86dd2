"""The examiner: a child that holds the database of an open project against its second copy.

To build the copy anew takes half a minute and 600 MB at a million images, and Python runs one thread at a
time: if the window did it on a thread, every frame and every click would wait for it.
"""

from __future__ import annotations

import logging
import queue
import threading
from pathlib import Path

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.processes.channel import ParentLink
from medlabeler.processes.protocol import Answer, Examine, Examined, Ready
from medlabeler.processes.roles import EXAMINER
from medlabeler.processes.supervisor import Ended, Supervisor
from medlabeler.project import examination
from medlabeler.project.database import Beside, Database

ENDED = tr(
    "Whether the project was changed by something other than this program could not be told this time: the "
    "process that looks at it ended early. The next opening looks again."
)
LOOK_S = 0.25
"""How long a project that is closed may have an examiner still."""

log = logging.getLogger("medlabeler.examiner")


def altered_by_another_process(supervisor: Supervisor, database: Database, over: threading.Event) -> str:
    """`examination.altered`, found out by an examiner; empty if `over` is set before it knows, `ENDED` if it
    ends before or cannot be started. On any thread but the window's: it waits.
    """
    told: queue.SimpleQueue[Answer | Ended] = queue.SimpleQueue()
    try:
        child = supervisor.start(
            EXAMINER, lambda _child, answer: told.put(answer), lambda _child, end: told.put(end)
        )
    except UserError:  # it is in the log
        return "" if over.is_set() else ENDED
    child.send(Examine(str(database.path), database.source))
    while True:
        try:
            answer = told.get(timeout=LOOK_S)
        except queue.Empty:
            if not over.is_set():
                continue
            child.kill()
            return ""
        child.ask_to_end()
        if isinstance(answer, Examined):
            return answer.sentence
        return "" if over.is_set() else ENDED


def main() -> int:
    """Look at what is named, and tell, until the parent closes the channel."""
    link = ParentLink(EXAMINER)
    asked: queue.SimpleQueue[Examine] = queue.SimpleQueue()

    def loop() -> None:
        link.send(Ready())
        while True:
            request = asked.get()
            with link.work.working():
                sentence = examination.altered(Beside(Path(request.path), request.source))
            link.send(Examined(sentence))

    link.serve(asked.put, loop)
    return 0
