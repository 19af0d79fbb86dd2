"""The worker: a hidden process that does one long task after another and keeps what is costly to start warm.

From the parent: `{"id", "job", "task"}` starts `work(task, progress)` of that job, `{"cancel": id}` asks it
to stop. To the parent, each with the task's "id" and a "type": `started`; `progress` (done, total, text);
`partial` (facts) and `done` (facts), which the owner of the project adopts; `cancelled`; `failed` (sentence
for a person, bug: traceback or null). The worker never opens the database. UMAP's compiled code stays in
memory from one task to the next.
"""

from __future__ import annotations

import queue
import threading
import time
import traceback
from typing import Any

from medlabeler.domain.errors import UserError
from medlabeler.domain.progress import Cancelled
from medlabeler.processes.channel import Message, ParentLink
from medlabeler.processes.job_registry import job_module

REPORT_EVERY_S = 0.1


class TaskProgress:
    """Progress of one task, sent to the parent at most ten times a second."""

    def __init__(self, link: ParentLink, task_id: Any, cancelled: threading.Event) -> None:
        self._link = link
        self._id = task_id
        self._cancelled = cancelled
        self._last = 0.0
        self._text = ""

    def report(self, done: int, total: int, text: str = "") -> None:
        """Send the state unless the last one is fresh; a new activity and the end are always sent."""
        now = time.monotonic()
        if now - self._last < REPORT_EVERY_S and text == self._text and done < total:
            return
        self._last, self._text = now, text
        message = {"id": self._id, "type": "progress", "done": int(done), "total": int(total), "text": text}
        self._link.send(message)

    def partial(self, facts: dict[str, Any]) -> None:
        """Send a finished part."""
        self._link.send({"id": self._id, "type": "partial", "facts": facts})

    def check(self) -> None:
        """Raise `Cancelled` once the parent asked for it."""
        if self._cancelled.is_set():
            raise Cancelled


class Worker:
    """Takes tasks on one thread, does them one after another on the main thread."""

    def __init__(self, link: ParentLink) -> None:
        self._link = link
        self._tasks: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self._events: dict[Any, threading.Event] = {}
        self._lock = threading.Lock()

    def take(self, message: Message) -> None:
        """Queue a task, or note that one is cancelled."""
        if "cancel" in message:
            self._event(message["cancel"]).set()
        else:
            self._event(message["id"])
            self._tasks.put(message)

    def _event(self, task_id: Any) -> threading.Event:
        with self._lock:
            return self._events.setdefault(task_id, threading.Event())

    def loop(self) -> None:
        """Do tasks until the process ends."""
        while True:
            message = self._tasks.get()
            self._link.send({"id": message["id"], **self._do(message)})
            with self._lock:
                self._events.pop(message["id"], None)

    def _do(self, message: Message) -> Message:
        event = self._event(message["id"])
        progress = TaskProgress(self._link, message["id"], event)
        try:
            progress.check()
            self._link.send({"id": message["id"], "type": "started"})
            facts = job_module(message["job"]).work(message["task"], progress)
        except Cancelled:
            return {"type": "cancelled"}
        except UserError as error:
            return {"type": "failed", "sentence": str(error), "bug": None}
        except MemoryError:
            sentence = (
                "There is not enough free memory for this; close other programs or choose a smaller backbone."
            )
            return {"type": "failed", "sentence": sentence, "bug": None}
        except Exception as error:
            sentence = f"MedLabeler hit a bug while it worked ({type(error).__name__}: {error})."
            return {"type": "failed", "sentence": sentence, "bug": traceback.format_exc()}
        return {"type": "done", "facts": facts}


def main() -> int:
    """Run until the parent closes the channel."""
    link = ParentLink(niceness=10)
    worker = Worker(link)
    link.deliver(worker.take)
    worker.loop()
    return 0
