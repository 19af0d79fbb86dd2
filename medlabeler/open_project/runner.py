"""Long actions in worker processes, seen from the window: start, progress, adopt the parts, cancel.

Messages arrive on the channel's reader threads and cross to the GUI thread by queued signals, one event
each, so that the window keeps breathing between two adopted parts.
"""

from __future__ import annotations

import threading
import time
import traceback
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from medlabeler.domain.changes import JobResult
from medlabeler.domain.errors import UserError
from medlabeler.open_project.job_state import JobState
from medlabeler.open_project.state import OpenProjectState
from medlabeler.open_project.threads.mailbox import Mailbox
from medlabeler.processes.channel import Child
from medlabeler.processes.job_registry import TITLES, ThreeStepJob, job_module

KEPT_WARM = frozenset({"project_map"})
"""Jobs whose worker stays: compiling UMAP takes 10 to 60 s in every new process."""
POLITE_MS = 6000
"""How long a cancelled worker may take to stop by itself before it is ended."""
PACE_S = 15.0
"""Span over which the rate is measured."""


class Pace:
    """Units per second over the last seconds, and the time that is left."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()
        self._text = ""

    def update(self, done: int, total: int, text: str) -> tuple[float | None, float | None]:
        """(rate, seconds left), each None until it can be told; a new activity starts afresh."""
        now = time.monotonic()
        label = text.split(":", maxsplit=1)[0]
        if (self._seen and done < self._seen[-1][1]) or label != self._text:
            self._seen.clear()
            self._text = label
        self._seen.append((now, done))
        while now - self._seen[0][0] > PACE_S:
            self._seen.popleft()
        span, units = now - self._seen[0][0], done - self._seen[0][1]
        if span < 0.5 or units <= 0:
            return None, None
        rate = units / span
        return rate, (total - done) / rate if total else None


@dataclass
class _Running:
    """What the window remembers of a job that works."""

    name: str
    module: ThreeStepJob
    task: dict[str, Any]
    child: Child
    pace: Pace = field(default_factory=Pace)
    cancelled: bool = False


class Runner(QObject):
    """Starts workers and adopts what they finish, part by part."""

    finished = Signal(object, object)  # JobState, JobResult or None
    adopted = Signal(object)  # Changes: a part is in the project

    def __init__(self, opened: OpenProjectState) -> None:
        super().__init__(opened)
        self.opened = opened
        self.jobs: list[JobState] = []
        self._running: dict[int, _Running] = {}
        self._warm: dict[str, Child] = {}
        self._next_id = 1
        self._closed = False
        self._received = Mailbox(self._on_message)  # child, message
        self._exited = Mailbox(self._on_exit)  # child, code, tail of its standard error

    def start(self, name: str, params: Any, title: str = "") -> int | None:
        """Start job `name` with its Params; its id, or None when it was refused (`failed` says why)."""
        module = job_module(name)
        try:
            task = module.plan(self.opened.project, params)
        except UserError as error:
            self.opened.failed.emit(str(error))
            return None
        child = self._child(name)
        job_id, self._next_id = self._next_id, self._next_id + 1
        self._running[job_id] = _Running(name, module, task, child)
        self.jobs = [*self.jobs, JobState(job_id, name, title or TITLES[name], text="Starting")]
        child.send({"id": job_id, "job": name, "task": task})
        self.opened.jobs_changed.emit()
        return job_id

    def running(self, *names: str) -> bool:
        """Whether any job (of these names) works."""
        return any(not names or job.name in names for job in self._running.values())

    def warm_up(self, name: str) -> None:
        """Start the worker of `name` before it is needed."""
        self._child(name)

    def cancel(self, job_id: int) -> None:
        """Ask it to stop, and end its worker if it does not; finished parts stay."""
        job = self._running.get(job_id)
        if job is None or job.cancelled:
            return
        job.cancelled = True
        self._update(job_id, text="Stopping")
        job.child.send({"cancel": job_id})
        QTimer.singleShot(POLITE_MS, self, lambda: self._insist(job_id))

    def _insist(self, job_id: int) -> None:
        job = self._running.get(job_id)
        if job is not None:
            in_background(job.child.kill)

    def _child(self, name: str) -> Child:
        warm = self._warm.get(name)
        if warm is not None and warm.alive:
            return warm
        # The child is not known inside its own callbacks before the constructor returns, hence the list.
        box: list[Child] = []
        ready = threading.Event()

        def with_child(mailbox: Mailbox) -> Callable[..., None]:
            def pass_on(*values: Any) -> None:
                ready.wait()
                mailbox.post(box[0], *values)

            return pass_on

        box.append(Child("worker", with_child(self._received), with_child(self._exited)))
        ready.set()
        if name in KEPT_WARM:
            self._warm[name] = box[0]
        return box[0]

    def _update(self, job_id: int, **values: Any) -> JobState:
        jobs = list(self.jobs)
        at = next(i for i, job in enumerate(jobs) if job.id == job_id)
        jobs[at] = replace(jobs[at], **values)
        self.jobs = jobs
        self.opened.jobs_changed.emit()
        return jobs[at]

    def _on_message(self, child: Child, message: dict[str, Any]) -> None:
        job_id = message.get("id")
        job = self._running.get(job_id) if isinstance(job_id, int) else None
        if self._closed or job is None or job.child is not child or job_id is None:
            return
        kind = message["type"]
        if kind == "progress":
            done, total, text = int(message["done"]), int(message["total"]), str(message["text"])
            rate, eta = job.pace.update(done, total, text)
            shown = "Stopping" if job.cancelled else text
            self._update(job_id, done=done, total=total, text=shown, rate=rate, eta_s=eta)
        elif kind == "partial":
            self._adopt(job_id, job, message["facts"])
        elif kind == "done":
            result = self._adopt(job_id, job, message["facts"])
            if result is not None:
                self._end(job_id, "done", result.sentence, result=result)
        elif kind == "cancelled":
            self._end(job_id, "cancelled", "Cancelled; what was finished is kept.")
        elif kind == "failed":
            self._end(job_id, "failed", message["sentence"], bug=message.get("bug") or "")

    def _adopt(self, job_id: int, job: _Running, facts: dict[str, Any]) -> JobResult | None:
        try:
            result = job.module.adopt(self.opened.project, job.task, facts)
        except UserError as error:
            job.child.send({"cancel": job_id})
            self._end(job_id, "failed", str(error))
            return None
        except Exception as error:
            sentence = f"MedLabeler hit a bug while it stored the results ({type(error).__name__}: {error})."
            job.child.send({"cancel": job_id})
            self._end(job_id, "failed", sentence, bug=traceback.format_exc())
            return None
        if "device" in facts:
            self.opened.set_device(str(facts["device"]))
        self.adopted.emit(result.changes)
        return result

    def _end(
        self, job_id: int, state: str, sentence: str, *, bug: str = "", result: JobResult | None = None
    ) -> None:
        job = self._running.pop(job_id, None)
        if job is None:
            return
        if job.child not in self._warm.values():
            in_background(job.child.close)
        ended = self._update(job_id, state=state, sentence=sentence, bug=bug, text="", eta_s=None)
        if state == "failed":
            self.opened.failed.emit(sentence)
        elif sentence:
            self.opened.message.emit(sentence)
        self.finished.emit(ended, result)

    def _on_exit(self, child: Child, code: int, tail: str) -> None:
        self._warm = {name: other for name, other in self._warm.items() if other is not child}
        if self._closed:
            return
        for job_id, job in list(self._running.items()):
            if job.child is not child:
                continue
            if job.cancelled:
                self._end(job_id, "cancelled", "Cancelled; what was finished is kept.")
            else:
                sentence = (
                    f"{TITLES[job.name]} stopped unexpectedly (exit code {code}), perhaps for lack of "
                    "memory; what was finished is kept, start it again to go on."
                )
                self._end(job_id, "failed", sentence, bug=tail)

    def close(self) -> None:
        """Stop all workers; finished parts are adopted when the project is opened again."""
        self._closed = True
        children = {id(job.child): job.child for job in self._running.values()}
        children.update({id(child): child for child in self._warm.values()})
        self._running.clear()
        self._warm.clear()
        for child in children.values():
            child.ask_to_end()
        for child in children.values():
            child.close()


def in_background(action: Callable[[], None]) -> None:
    """Run something that may wait, away from the GUI thread."""
    threading.Thread(target=action, daemon=True).start()
