"""Long actions in worker processes, seen from the window: start, progress, adopt the parts, cancel.

A job is planned on the GUI thread, from the project as it is then; what its worker is to read is written on a
thread of its own, for at many images that takes longer than the window may stand still. Messages arrive on
the channel's reader threads and cross to the GUI thread one by one, so that the window keeps breathing
between two adopted parts. A worker that hung is replaced once, and so is one that embedded and is gone; the
job goes on with what was not finished. Whatever ends a job, its finished parts are adopted.
"""

from __future__ import annotations

import logging
import threading
import time
import traceback
from collections import deque
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from medlabeler.domain.changes import Changes, JobResult
from medlabeler.domain.checked_json import Json, from_json
from medlabeler.domain.cpu_policy import shared
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.refusals import refused_by_disk
from medlabeler.open_project.job_state import JobState
from medlabeler.open_project.state import OpenProjectState
from medlabeler.open_project.threads.latest import sentence_of
from medlabeler.open_project.threads.mailbox import Mailbox
from medlabeler.processes.channel import Child
from medlabeler.processes.job_registry import TITLES, ThreeStepJob, job_module
from medlabeler.processes.protocol import (
    Cancel,
    Crashed,
    Do,
    GetReady,
    Rejected,
    TaskCancelled,
    TaskDone,
    TaskFailed,
    TaskPart,
    TaskProgress,
    TaskStarted,
    UseThreads,
    WorkerAnswer,
)
from medlabeler.processes.roles import WORKER
from medlabeler.processes.supervisor import Ended, Supervisor
from medlabeler.project.runs import end_run, run_of
from medlabeler.project.staging import Write, written_later

KEPT_WARM = frozenset({"project_map"})
"""Jobs whose worker stays: compiling UMAP takes 10 to 60 s in every new process."""
WRITES_VECTORS = frozenset({"embed", "adopt_vectors"})
GO_ON = frozenset({"embed"})
"""Jobs that go on where they stood when their worker ended unexpectedly."""
POLITE_MS = 6000
"""How long a cancelled worker may take to stop by itself before it is ended."""
PACE_S = 15.0
"""Span over which the rate is measured."""
CANCELLED = tr("Cancelled; what was finished is kept.")

log = logging.getLogger("medlabeler.window")


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
    task: Any
    """The `Task` of its module."""
    child: Child
    prepared: bool = False
    """Whether what the worker reads is written, and the worker was told to begin."""
    pace: Pace = field(default_factory=Pace)
    cancelled: bool = False
    insisting: QTimer | None = None
    replaced: bool = False


class Runner(QObject):
    """Starts workers and adopts what they finish, part by part."""

    finished = Signal(object, object)  # JobState, JobResult or None
    adopted = Signal(object)  # Changes: a part is in the project

    def __init__(self, opened: OpenProjectState, supervisor: Supervisor) -> None:
        super().__init__(opened)
        self.opened = opened
        self._supervisor = supervisor
        self.jobs: list[JobState] = []
        self._running: dict[int, _Running] = {}
        self._warm: dict[str, Child] = {}
        self._ready: dict[str, Child] = {}
        self._next_id = 1
        self._closed = False
        self._written = Mailbox(self._on_written)  # id of the job, why not
        self._received = Mailbox(self._on_answer)  # child, answer
        self._ended = Mailbox(self._on_end)  # child, Ended

    def start(self, name: str, params: Any, title: str = "") -> int | None:
        """Start job `name` with its Params; its id, or None when it was refused (`failed` says why)."""
        module = job_module(name)
        try:
            with written_later() as writes:
                task = module.plan(self.opened.project, params)
            child = self._child(name)
        except UserError as error:
            self.opened.failed.emit(str(error))
            return None
        except OSError as error:
            if (refusal := refused_by_disk(error)) is None:
                raise
            self.opened.failed.emit(refusal)
            return None
        job_id, self._next_id = self._next_id, self._next_id + 1
        self._running[job_id] = _Running(name, module, task, child)
        self.jobs = [*self.jobs, JobState(job_id, name, title or TITLES[name], text=tr("Starting"))]
        self._share_cores()
        self._write(job_id, writes)
        self.opened.jobs_changed.emit()
        return job_id

    def get_ready(self, name: str) -> None:
        """Start the worker of a job that will soon be wanted, and let it load its libraries meanwhile: that
        takes seconds, which a person would wait for.
        """
        if self._closed or self.running(name) or name in self._ready or name in self._warm:
            return
        try:
            child = self._child(name)
        except (UserError, OSError):
            return  # whoever starts the job hears of it
        self._ready[name] = child
        child.send(GetReady(name))

    def _write(self, job_id: int, writes: list[Write]) -> None:
        """Write for the worker, on a thread where there is anything to write; then it begins."""
        mailbox = self._written

        def write() -> None:
            why_not = ""
            try:
                for one in writes:
                    one()
            except UserError as error:
                why_not = str(error)
            except BaseException as error:
                log.exception("what a worker needs could not be written")
                why_not = sentence_of(error)
            mailbox.post(job_id, why_not)

        if writes:
            threading.Thread(target=write, name="for a worker", daemon=True).start()
        else:
            self._on_written(job_id, "")

    def _on_written(self, job_id: int, why_not: str) -> None:
        job = self._running.get(job_id)
        if job is None or self._closed:
            return
        if job.cancelled or why_not:
            self._settle(job)
            self._end(job_id, "failed" if why_not else "cancelled", why_not or CANCELLED)
            return
        job.prepared = True
        job.child.send(Do(job_id, job.name, vars(job.task)))

    def running(self, *names: str) -> bool:
        """Whether any job (of these names) works."""
        return any(not names or job.name in names for job in self._running.values())

    def cancel(self, job_id: int) -> None:
        """Ask it to stop, and end its worker if it does not; finished parts stay."""
        job = self._running.get(job_id)
        if job is None or job.cancelled:
            return
        job.cancelled = True
        self._update(job_id, text=tr("Stopping"))
        if job.prepared:
            job.child.send(Cancel(job_id))
        job.insisting = QTimer(self, interval=POLITE_MS, singleShot=True)
        job.insisting.timeout.connect(lambda: self._insist(job_id))
        job.insisting.start()

    def _insist(self, job_id: int) -> None:
        job = self._running.get(job_id)
        if job is not None:
            job.child.kill()

    def _child(self, name: str) -> Child:
        known = self._ready.pop(name, None) or self._warm.get(name)
        if known is not None and known.alive:
            return known
        child = self._supervisor.start(WORKER, self._received.post, self._ended.post, duty=name)
        if name in KEPT_WARM:
            self._warm[name] = child
        return child

    def _share_cores(self) -> None:
        """Tell those that work now how many threads each may use beside the others."""
        working = list(self._running.values())
        for job, n in zip(working, shared(job.name for job in working), strict=True):
            job.child.send(UseThreads(n))

    def _update(self, job_id: int, **values: Any) -> JobState:
        jobs = list(self.jobs)
        at = next(i for i, job in enumerate(jobs) if job.id == job_id)
        jobs[at] = replace(jobs[at], **values)
        self.jobs = jobs
        self.opened.jobs_changed.emit()
        return jobs[at]

    def _on_answer(self, child: Child, answer: WorkerAnswer | Rejected | Crashed) -> None:
        if self._closed:
            return
        if isinstance(answer, Rejected | Crashed):
            self._on_fault(child, answer)
            return
        job = self._running.get(answer.id)
        if job is None or job.child is not child:
            log.info("a %s of a job that has ended is dropped", type(answer).__name__)
            return
        match answer:
            case TaskStarted():
                pass
            case TaskProgress():
                rate, eta = job.pace.update(answer.done, answer.total, answer.text)
                shown = tr("Stopping") if job.cancelled else answer.text
                self._update(
                    answer.id, done=answer.done, total=answer.total, text=shown, rate=rate, eta_s=eta
                )
            case TaskPart():
                self._adopt(answer.id, job, answer.facts)
            case TaskDone():
                result = self._adopt(answer.id, job, answer.facts)
                if result is not None:
                    self._end(answer.id, "done", result.sentence, result=result)
            case TaskCancelled():
                self._settle(job)
                self._end(answer.id, "cancelled", CANCELLED)
            case TaskFailed():
                self._settle(job)
                self._end(answer.id, "failed", answer.sentence, bug=answer.bug or "")

    def _on_fault(self, child: Child, fault: Rejected | Crashed) -> None:
        """The worker and the window do not understand each other, or it is about to end."""
        bug = fault.bug if isinstance(fault, Crashed) else fault.sentence
        for job_id, job in list(self._running.items()):
            if job.child is child:
                self._end(job_id, "failed", fault.sentence, bug=bug)
        child.kill()

    def _adopt(self, job_id: int, job: _Running, told: Json) -> JobResult | None:
        try:
            facts = from_json(job.module.Facts, told)
            result = job.module.adopt(self.opened.project, job.task, facts)
        except UserError as error:
            job.child.send(Cancel(job_id))
            self._end(job_id, "failed", str(error))
            return None
        except Exception as error:
            if (refusal := refused_by_disk(error)) is not None:
                job.child.send(Cancel(job_id))
                self._end(job_id, "failed", refusal)
                return None
            log.exception("the results of %s could not be stored", job.name)
            sentence = tr(
                "MedLabeler hit a bug while it stored the results ({name}: {error}).",
                name=type(error).__name__,
                error=error,
            )
            job.child.send(Cancel(job_id))
            self._end(job_id, "failed", sentence, bug=traceback.format_exc())
            return None
        if device := getattr(facts, "device", ""):
            self.opened.set_device(device)
        self.adopted.emit(result.changes)
        return result

    def _end(
        self, job_id: int, state: str, sentence: str, *, bug: str = "", result: JobResult | None = None
    ) -> None:
        job = self._running.pop(job_id, None)
        if job is None:
            return
        if job.insisting is not None:
            job.insisting.deleteLater()
        if job.child not in self._warm.values():
            job.child.ask_to_end()
        if job.name in WRITES_VECTORS and (idle := self._ready.pop("embed", None)) is not None:
            idle.ask_to_end()  # there are vectors now, of another origin
        self._share_cores()
        ended = self._update(job_id, state=state, sentence=sentence, bug=bug, text="", eta_s=None)
        if state == "failed":
            self.opened.failed.emit(sentence)
        elif sentence:
            self.opened.message.emit(sentence)
        self.finished.emit(ended, result)

    def _settle(self, job: _Running) -> None:
        """Take in what a job that came to no good end had finished; its worker is done with it."""
        run = run_of(job.task)
        if not run:
            return
        try:
            self.opened.project.adopt_run(Path(run))
        except UserError as error:
            self.opened.failed.emit(str(error))
            return
        end_run(run)
        self.adopted.emit(Changes.EMBEDDING if job.name in WRITES_VECTORS else Changes.NONE)

    def _on_end(self, child: Child, end: Ended) -> None:
        for kept in (self._warm, self._ready):
            for name in [name for name, other in kept.items() if other is child]:
                del kept[name]
        if self._closed:
            return
        for job_id, job in list(self._running.items()):
            if job.child is not child:
                continue
            if job.cancelled:
                self._settle(job)
                self._end(job_id, "cancelled", CANCELLED)
            elif not job.replaced and (end.hung or job.name in GO_ON):
                self._replace(job_id, job, end)
            else:
                self._settle(job)
                lack = "" if end.hung else tr(", perhaps for lack of memory")
                sentence = tr(
                    "{titles} stopped unexpectedly ({why}){lack}; what was finished is kept, "
                    "start it again to go on.",
                    titles=TITLES[job.name],
                    why=end.why,
                    lack=lack,
                )
                self._end(job_id, "failed", sentence, bug=end.tail)

    def _replace(self, job_id: int, job: _Running, end: Ended) -> None:
        """Give the task of a worker that hung, or is gone, to another one; once."""
        job.replaced = True
        try:
            job.child = self._child(job.name)
        except UserError as error:
            self._end(job_id, "failed", str(error))
            return
        self._share_cores()
        if job.prepared:
            job.child.send(Do(job_id, job.name, vars(job.task)))
        self._update(job_id, text=tr("Starting again"), rate=None, eta_s=None)
        how = tr("did not answer any more") if end.hung else tr("stopped unexpectedly ({why})", why=end.why)
        self.opened.message.emit(
            tr("{titles} {how} and was started again where it stood.", titles=TITLES[job.name], how=how)
        )

    def close(self) -> None:
        """Take no more answers; the supervisor ends the workers, and what they had finished is adopted when
        the project is opened again.
        """
        self._closed = True
        self._running.clear()
        self._warm.clear()
        self._ready.clear()
