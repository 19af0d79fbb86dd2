"""The worker: a hidden process that does one long task after another and keeps what is costly to start warm.

`GetReady` loads what a job needs before its task comes: `load()` of its module, where it has one.
`Do` starts `work(task, progress)` of a job, `Cancel` asks it to stop; every task ends with one of `TaskDone`,
`TaskCancelled` and `TaskFailed`. Parts and results are adopted by the owner of the project: the worker never
opens the database. It holds the lock of the run whose folder the task lies in. UMAP's compiled code stays in
memory from one task to the next.
"""

from __future__ import annotations

import queue
import threading
import time
import traceback

from medlabeler.domain.checked_json import from_json
from medlabeler.domain.cpu_policy import use_threads
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.progress import Cancelled
from medlabeler.domain.refusals import refused_by_disk
from medlabeler.imaging import apart
from medlabeler.processes.channel import ParentLink
from medlabeler.processes.job_registry import workable
from medlabeler.processes.protocol import (
    Cancel,
    Do,
    GetReady,
    Ready,
    TaskCancelled,
    TaskDone,
    TaskFailed,
    TaskPart,
    TaskProgress,
    TaskStarted,
    UseThreads,
    WorkerAnswer,
    WorkerRequest,
)
from medlabeler.processes.roles import WORKER
from medlabeler.project.runs import run_of, working_on

REPORT_EVERY_S = 0.1


class Reporter:
    """Progress of one task, sent to the parent at most ten times a second."""

    def __init__(self, link: ParentLink, task_id: int, cancelled: threading.Event) -> None:
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
        self._link.send(TaskProgress(self._id, int(done), int(total), text))

    def partial(self, facts: object) -> None:
        """Send a finished part."""
        self._link.send(TaskPart(self._id, vars(facts)))

    def check(self) -> None:
        """Raise `Cancelled` once the parent asked for it."""
        if self._cancelled.is_set():
            raise Cancelled


class Worker:
    """Takes tasks on one thread, does them one after another on the main thread."""

    def __init__(self, link: ParentLink) -> None:
        self._link = link
        self._tasks: queue.SimpleQueue[Do | GetReady] = queue.SimpleQueue()
        self._events: dict[int, threading.Event] = {}
        self._lock = threading.Lock()

    def take(self, request: WorkerRequest) -> None:
        """Queue a task, or note that one is cancelled or has other threads now."""
        if isinstance(request, UseThreads):
            use_threads(request.n)
            return
        if isinstance(request, GetReady):
            self._tasks.put(request)
            return
        event = self._event(request.id)
        if isinstance(request, Cancel):
            event.set()
        else:
            self._tasks.put(request)

    def _event(self, task_id: int) -> threading.Event:
        with self._lock:
            return self._events.setdefault(task_id, threading.Event())

    def loop(self) -> None:
        """Do tasks until the process ends."""
        while True:
            request = self._tasks.get()
            if isinstance(request, GetReady):
                with self._link.work.working():
                    self._get_ready(request.job)
                continue
            with self._link.work.working():
                answer = self._do(request)
            apart.close()  # the next task is seconds or hours away
            self._link.send(answer)
            with self._lock:
                self._events.pop(request.id, None)

    def _get_ready(self, name: str) -> None:
        load = getattr(workable(name), "load", None)
        if load is None:
            return
        try:
            load()
        except Exception:
            # Whoever asks for the task hears of it then.
            self._link.log.exception("what job %s needs could not be loaded", name)

    def _do(self, request: Do) -> WorkerAnswer:
        progress = Reporter(self._link, request.id, self._event(request.id))
        try:
            progress.check()
            self._link.send(TaskStarted(request.id))
            job = workable(request.job)
            task = from_json(job.Task, request.task)
            with working_on(run_of(task)):
                facts = job.work(task, progress)
        except Cancelled:
            return TaskCancelled(request.id)
        except UserError as error:
            return TaskFailed(request.id, str(error), None)
        except MemoryError:
            sentence = tr(
                "There is not enough free memory for this; close other programs or choose a smaller "
                "image model."
            )
            return TaskFailed(request.id, sentence, None)
        except Exception as error:
            if (refusal := refused_by_disk(error)) is not None:
                return TaskFailed(request.id, refusal, None)
            trace = traceback.format_exc()
            self._link.log.exception("job %s failed", request.job)
            sentence = tr(
                "MedLabeler hit a bug while it worked ({name}: {error}).",
                name=type(error).__name__,
                error=error,
            )
            return TaskFailed(request.id, sentence, trace)
        return TaskDone(request.id, vars(facts))


def main() -> int:
    """Run until the parent closes the channel."""
    link = ParentLink(WORKER)
    worker = Worker(link)

    def loop() -> None:
        link.send(Ready())
        worker.loop()

    link.serve(worker.take, loop)
    return 0
