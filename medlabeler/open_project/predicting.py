"""An exported classifier applied to new images in a worker of its own; no project is needed."""

from __future__ import annotations

import json
import shutil
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from medlabeler.domain.checked_json import Mismatch, from_json
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.refusals import sentence_of_refusal, system_reason
from medlabeler.jobs import predict
from medlabeler.open_project.threads.latest import Latest
from medlabeler.open_project.threads.mailbox import Mailbox
from medlabeler.processes.channel import Child
from medlabeler.processes.protocol import (
    Cancel,
    Crashed,
    Do,
    Rejected,
    TaskCancelled,
    TaskDone,
    TaskFailed,
    TaskProgress,
    WorkerAnswer,
)
from medlabeler.processes.roles import WORKER
from medlabeler.processes.supervisor import Ended, Supervisor
from medlabeler.project.staging import load_arrays, load_json

JOB = "predict"


@dataclass(frozen=True)
class Found:
    """Predictions of n images: `names` and `paths` (n,), `classes` names (C,) with `colours`,
    `probabilities` float32 (n, C); `by_name` int64 (n,) is their order by name. `decisions` (n,) in words,
    `distance` float32 (n,) and `unlike` bool (n,) as in `export.judgement`. `cautions` must be read before
    anything else, `sentence` says how it went, `skipped` (name, reason) what could not be read.
    """

    names: list[str]
    paths: list[Path]
    classes: list[str]
    colours: list[str]
    probabilities: NDArray[np.float32]
    by_name: NDArray[np.int64]
    decisions: list[str]
    distance: NDArray[np.float32]
    unlike: NDArray[np.bool_]
    cautions: str
    sentence: str
    skipped: list[tuple[str, str]]

    @property
    def predicted(self) -> NDArray[np.int64]:
        """Number of the most probable class of each image, int64 (n,)."""
        return np.asarray(self.probabilities.argmax(axis=1))

    @property
    def confidence(self) -> NDArray[np.float32]:
        """Its probability, float32 (n,), 0..1."""
        return np.asarray(self.probabilities.max(axis=1, initial=0))


class Predicting(QObject):
    """One run at a time. A run that was cancelled goes on where it stood, as long as this object lives."""

    progressed = Signal(int, int, str)
    found = Signal(object)  # Found
    failed = Signal(str)
    cancelled = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._supervisor = Supervisor()
        self._received = Mailbox(self._on_answer)
        self._ended = Mailbox(self._on_end)
        self._reading = Latest(self)
        self._reading.answered.connect(self._on_read)
        self._child: Child | None = None
        self._folder = ""
        self._run = 0

    @property
    def busy(self) -> bool:
        """Whether a run is under way."""
        return self._child is not None or self._reading.busy

    def start(self, bundle: Path, images: Sequence[Path]) -> None:
        """Apply `bundle` to folders, lists or files; `failed` says why it cannot be."""
        if self.busy:
            return
        try:
            self._folder = self._folder or tempfile.mkdtemp(prefix="medlabeler-apply-")
            child = self._supervisor.start(WORKER, self._received.post, self._ended.post)
        except (UserError, OSError) as error:
            self.failed.emit(sentence_of_refusal(error))
            return
        self._child = child
        self._run += 1
        task = predict.Task(
            bundle=str(bundle),
            images=tuple(map(str, images)),
            out=None,
            folders=None,
            link=False,
            fresh=False,
            device="auto",
            allow_download=False,
            keep=self._folder,
            show=True,
        )
        child.send(Do(self._run, JOB, vars(task)))

    def cancel(self) -> None:
        """Ask the run to stop; what was finished is kept."""
        if self._child is not None:
            self._child.send(Cancel(self._run))

    def close(self) -> None:
        """End the worker and leave nothing on the disk; does not wait."""
        self._reading.forget()
        self._child = None
        folder, self._folder = self._folder, ""
        # No daemon: the program does not end before what was computed of the images is off the disk.
        threading.Thread(target=_leave, args=(self._supervisor, folder)).start()

    def _on_answer(self, child: Child, answer: WorkerAnswer | Rejected | Crashed) -> None:
        if child is not self._child:
            return
        match answer:
            case TaskProgress():
                self.progressed.emit(answer.done, answer.total, answer.text)
            case TaskDone():
                self._let_go()
                folder, told = self._folder, answer.facts
                self._reading.ask(lambda: _read(folder, from_json(predict.Facts, told)))
            case TaskCancelled():
                self._let_go()
                self.cancelled.emit()
            case TaskFailed() | Rejected() | Crashed():
                self._let_go()
                self.failed.emit(answer.sentence)
            case _:
                pass

    def _on_end(self, child: Child, end: Ended) -> None:
        if child is self._child:
            self._child = None
            self.failed.emit(
                tr(
                    "The predictions stopped unexpectedly ({why}); what was finished is kept, start again to "
                    "go on.",
                    why=end.why,
                )
            )

    def _let_go(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.ask_to_end()

    def _on_read(self, value: object) -> None:
        if isinstance(value, Found):
            self.found.emit(value)
        else:
            self.failed.emit(str(value))


def _leave(supervisor: Supervisor, folder: str) -> None:
    supervisor.close()
    if folder:
        shutil.rmtree(folder, ignore_errors=True)


def _read(folder: str, facts: predict.Facts) -> Found:
    """What the worker left, on a thread that may wait for the disk."""
    try:
        arrays = load_arrays(str(Path(folder) / "arrays.npz"))
        shown = from_json(predict.Shown, load_json(str(Path(folder) / predict.SHOWN)))
    except (OSError, json.JSONDecodeError, Mismatch) as error:
        raise UserError(
            tr("The predictions cannot be read: {reason}.", reason=system_reason(error))
        ) from error
    cautions = " ".join(facts.cautions)
    return Found(
        names=list(shown.names),
        paths=[Path(path) for path in shown.paths],
        classes=[one.name for one in shown.classes],
        colours=[one.colour for one in shown.classes],
        probabilities=arrays["probabilities"],
        by_name=np.argsort(np.array(shown.names, np.str_), kind="stable"),
        decisions=list(shown.decisions),
        distance=arrays["distance"],
        unlike=arrays["unlike"],
        cautions=cautions,
        sentence=facts.sentence.removeprefix(cautions).strip(),
        skipped=[(one.image, one.reason) for one in facts.skipped],
    )
