"""The plays of a simulation: each a file of its own, written once, so that what is finished stays.

As many processes play as there are cores, workers like those of the window: they end when this process does,
however it ends.
"""

from __future__ import annotations

import io
import queue
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.cores import cores
from medlabeler.domain.durable import write_durably
from medlabeler.domain.errors import BugError, UserError
from medlabeler.domain.progress import Progress
from medlabeler.domain.refusals import system_reason
from medlabeler.processes.channel import Child
from medlabeler.processes.protocol import Answer, Crashed, Do, Rejected, TaskDone, TaskFailed
from medlabeler.processes.roles import WORKER
from medlabeler.processes.supervisor import Ended, Supervisor
from medlabeler.study.cost_model import Costs

Arrays = dict[str, NDArray[Any]]
Key = tuple[str, int]
"""Strategy (or way of working) and seed."""

_FEATURES = "features.npy"
_ARRAYS = "arrays.npz"
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
_WAIT_S = 0.2


@dataclass(frozen=True)
class Minutes:
    """A way of working is measured at these minutes, under these assumptions."""

    at: tuple[int, ...]
    costs: Costs


@dataclass(frozen=True)
class Task:
    """Play a strategy, or with `minutes` a way of working, `name` with `seed`.

    `folder` is where `store` left the arrays, `results` where the play goes; `batch` labels between refits.
    """

    folder: str
    results: str
    batch: int
    minutes: Minutes | None = None
    name: str = ""
    seed: int = 0


@dataclass(frozen=True)
class Facts:
    """The play that is done."""

    name: str
    seed: int


def store(folder: Path, features: NDArray[np.float32], arrays: Arrays) -> None:
    """Leave what every play needs in `folder`; `UserError` if the disk refuses."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        np.save(folder / _FEATURES, features)
        with (folder / _ARRAYS).open("wb") as file:
            np.savez(file, **arrays)  # type: ignore[arg-type]  # one name is numpy's own option
    except OSError as error:
        raise UserError(
            f"The project folder {folder} cannot be written to: {system_reason(error)}."
        ) from error


def forget(folder: Path) -> None:
    """Delete what `store` left; finished plays stay."""
    for name in (_FEATURES, _ARRAYS):
        (folder / name).unlink(missing_ok=True)


def finished(results: Path, key: Key) -> Arrays:
    """The arrays of a play that is done."""
    with np.load(_file(results, key), allow_pickle=False) as file:
        return {name: file[name] for name in file.files}


def _file(results: Path, key: Key) -> Path:
    name, seed = key
    return results / f"{name.replace(' ', '-')}.{seed}.npz"


def work(task: Task, progress: Progress) -> Facts:
    """Play and write the file; in a process that `play_all` started, or in this one."""
    folder, key = Path(task.folder), (task.name, task.seed)
    features = np.load(folder / _FEATURES, mmap_mode="r")
    with np.load(folder / _ARRAYS, allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    content = io.BytesIO()
    progress.check()
    if task.minutes is None:
        played = _play(task, features, arrays)
    else:
        played = _sit(task, task.minutes, features, arrays)
    np.savez_compressed(content, **played)  # type: ignore[arg-type]  # one name is numpy's own option
    results = Path(task.results)
    try:
        results.mkdir(parents=True, exist_ok=True)
        write_durably(_file(results, key), content.getvalue())
    except OSError as error:
        raise UserError(
            f"The project folder {results} cannot be written to: {system_reason(error)}."
        ) from error
    return Facts(*key)


def _play(task: Task, features: NDArray[np.float32], arrays: Arrays) -> Arrays:
    from medlabeler.study.simulation import play

    played = play(
        features, arrays["codes"], arrays["train"], arrays["test"], task.name,
        budgets=arrays["labels"].tolist(), batch=task.batch, seed=task.seed,
        groups=arrays.get("group"),
    )  # fmt: skip
    return {
        "predicted": played.predicted.astype(np.int16),
        "rows": played.rows,
        "strategies": np.array(played.strategies),
    }


def _sit(task: Task, minutes: Minutes, features: NDArray[np.float32], arrays: Arrays) -> Arrays:
    from medlabeler.study.simulated_session import sit

    session = sit(
        features, arrays["codes"], arrays["train"], arrays["test"], task.name,
        costs=minutes.costs, minutes=list(minutes.at), batch=task.batch, seed=task.seed,
        groups=arrays.get("group"),
    )  # fmt: skip
    return {
        "predicted": session.predicted.astype(np.int16),
        "rows": session.rows,
        "labels": session.labels,
        "wrong": session.wrong,
    }


def play_all(task: Task, keys: Sequence[Key], progress: Progress, processes: int | None = None) -> None:
    """Make the plays `keys` of `task` that are not done yet; what is finished stays when it is cancelled.

    A single process is this one.
    """
    results = Path(task.results)
    waiting = [key for key in keys if not _file(results, key).exists()]
    total, done = len(keys), len(keys) - len(waiting)
    if processes == 1:
        for at, (name, seed) in enumerate(waiting):
            progress.check()
            progress.report(done + at, total, "Playing")
            work(replace(task, name=name, seed=seed), progress)
        waiting = []
    inbox: queue.SimpleQueue[tuple[Child, Answer | Ended]] = queue.SimpleQueue()
    supervisor, busy = Supervisor(), 0

    def hear(child: Child, told: Answer | Ended) -> None:
        inbox.put((child, told))

    def give(child: Child) -> int:
        if not waiting:
            return 0
        name, seed = waiting.pop(0)
        child.send(Do(len(waiting), "plays", vars(replace(task, name=name, seed=seed))))
        return 1

    try:
        for _ in range(min(processes or cores().n, len(waiting))):
            busy += give(supervisor.start(WORKER, hear, hear, environment=_ONE_THREAD))
        while busy:
            progress.report(done, total, "Playing")
            progress.check()
            try:
                child, told = inbox.get(timeout=_WAIT_S)
            except queue.Empty:
                continue
            if isinstance(told, TaskDone):
                done += 1
                busy += give(child) - 1
            elif isinstance(told, TaskFailed) and told.bug is None:
                raise UserError(told.sentence)
            elif isinstance(told, TaskFailed | Crashed):
                raise BugError(told.bug)
            elif isinstance(told, Rejected):
                raise BugError(told.sentence)
            elif isinstance(told, Ended):
                raise BugError(f"A process that played ended ({told.why}): {told.tail}")
    finally:
        supervisor.close(0)
    progress.report(total, total, "Playing")
