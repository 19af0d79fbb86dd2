"""The folders of runs in which a backbone learns: PROJECT/pretraining/<run>/, all that is known of a run.

A run lives in a process of its own that never opens the database and outlives whoever started it; it is
planned by `jobs.pretrain` or `jobs.finetune`, started and stopped by `processes.pretraining`, and found again
by its files.
"""

from __future__ import annotations

import contextlib
import shutil
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import filelock
import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load, save

from medlabeler.domain.durable import write_durably
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.refusals import system_reason
from medlabeler.project.run_files import (
    PLAN,
    SHARPENING,
    STATUS,
    RunTold,
    SharpeningPlan,
    read_plan,
    read_status,
)

FOLDER = "pretraining"


@dataclass(frozen=True)
class RunStatus:
    """What is known of a run; `state` is starting, running, paused (its process is gone, it can be resumed),
    stopped (asked to, can be resumed), done or failed. `told` is what its process tells, that state in it.
    """

    folder: Path
    told: RunTold

    @property
    def state(self) -> str:
        """How it stands."""
        return self.told.state

    @property
    def step(self) -> int:
        """Steps done."""
        return self.told.step

    @property
    def steps(self) -> int:
        """Steps in all."""
        return self.told.steps

    @property
    def sentence(self) -> str:
        """What it does or how it ended, in words."""
        return self.told.sentence

    @property
    def name(self) -> str:
        """The run's name, which is its folder's."""
        return self.folder.name

    @property
    def sharpens(self) -> bool:
        """Whether it learns from labels."""
        return self.told.kind == SHARPENING

    @property
    def backbone(self) -> Path | None:
        """The file of the trained backbone, once there is one."""
        path = self.folder / "backbone.safetensors"
        return path if path.is_file() else None


def runs(project_folder: Path) -> list[RunStatus]:
    """The runs of a project, the newest first; what only measures the speed is none."""
    return [status(folder) for folder in _folders(project_folder / FOLDER, measures=False)]


def sweep(project_folder: Path) -> None:
    """Remove what measured a speed and was left behind, its window closed before it ended."""
    for folder in _folders(project_folder / FOLDER, measures=True):
        if status(folder).state not in ("starting", "running"):
            shutil.rmtree(folder, ignore_errors=True)


DECODED = "decoded"
"""Folder beside the runs: the images as training sees them, pictures of patients in another form."""


def sweep_decoded(ended: Path) -> None:
    """Remove the decoded copies of the images once the run in the folder `ended` is done or failed, unless
    another one works with them.
    """
    if read_status(ended).state not in ("done", "failed") or read_plan(ended).measure:
        return
    others = [path.parent for path in ended.parent.glob(f"*/{PLAN}") if path.parent != ended]
    if not any(is_alive(folder) for folder in others):
        shutil.rmtree(ended.parent / DECODED, ignore_errors=True)


def decoded_bytes(project_folder: Path) -> int:
    """Bytes of the decoded copies that there are: of a run that goes on, or that can be resumed."""
    root, found = project_folder / FOLDER, 0
    # Runs without labels share theirs, one that learns from labels has its own.
    for path in [*(root / DECODED).rglob("*"), *root.glob(f"*/{DECODED}/*/*")]:
        with contextlib.suppress(OSError):
            found += path.stat().st_size
    return found


def _folders(root: Path, *, measures: bool) -> list[Path]:
    """The folders below `root` of runs, or of what measures the speed, the newest first."""
    found = []
    for path in root.glob(f"*/{PLAN}"):
        with contextlib.suppress(UserError):
            if read_plan(path.parent).measure == measures:
                found.append(path.parent)
    return sorted(found, reverse=True)


def status(folder: Path) -> RunStatus:
    """How a run stands; one whose process is gone without a word is paused."""
    told = read_status(folder)
    fresh = time.time() - _modified(folder / STATUS) < 30
    going = told.state in ("starting", "running")
    if going and not is_alive(folder) and not (told.state == "starting" and fresh):
        gone = tr("Its process is gone at step {facts:,}; it can be resumed.", facts=told.step)
        told = replace(told, state="paused", sentence=gone)
    return RunStatus(folder, told)


def find_run(project_folder: Path, name: str, *, sharpens: bool) -> Path:
    """The folder of a run by its name, or of the newest one by ""; `UserError` if there is none.

    Of runs that learn from labels if it `sharpens`, else of the others.
    """
    known = [run.folder for run in runs(project_folder) if run.sharpens == sharpens]
    for folder in known:
        if folder.name == name or not name:
            return folder
    names = ", ".join(folder.name for folder in known) or tr("none yet")
    raise UserError(
        tr(
            "There is no run called {name} in this project; its runs: {names}.",
            name=name or "(any)",
            names=names,
        )
    )


@dataclass(frozen=True)
class LeftOut:
    """A further sharpening: the labelled images (m,) by digest, which sharpening left each out (`fold`, from
    0), what belongs together (`blocks`), and their prepared `vectors` float32 (m, d) by a backbone that
    learned without those of its own number.
    """

    digests: NDArray[np.bytes_]
    fold: NDArray[np.int64]
    blocks: NDArray[np.int64]
    vectors: NDArray[np.float32]


def write_left_out(folder: Path, number: int, part: LeftOut) -> None:
    """Keep what the further sharpening `number` of a run gave."""
    arrays: dict[str, NDArray[Any]] = {
        "digest": np.frombuffer(part.digests.astype("S64").tobytes(), np.uint8).reshape(-1, 64),
        "fold": part.fold,
        "blocks": part.blocks,
        "vectors": part.vectors.astype(np.float16),
    }
    try:
        write_durably(folder / f"left-out-{number}.safetensors", save(arrays))
    except OSError as error:
        raise UserError(
            tr("{folder} cannot be written to: {reason}.", folder=folder, reason=system_reason(error))
        ) from error


def read_left_out(project_folder: Path, run: str) -> tuple[LeftOut, ...]:
    """What the further sharpenings of a run gave; none unless all are there and whole."""
    folder = project_folder / FOLDER / run
    try:
        plan = read_plan(folder)
        wanted = plan.folds if isinstance(plan, SharpeningPlan) else 0
        return tuple(_left_out(folder / f"left-out-{number}.safetensors") for number in range(wanted))
    except (UserError, OSError, ValueError, KeyError, SafetensorError):
        return ()


def _left_out(path: Path) -> LeftOut:
    arrays = load(path.read_bytes())
    digests = np.frombuffer(arrays["digest"].tobytes(), "S64")
    vectors = arrays["vectors"].astype(np.float32)
    if not len(digests) == len(arrays["fold"]) == len(arrays["blocks"]) == len(vectors):
        raise ValueError("not of one length")
    return LeftOut(digests, arrays["fold"], arrays["blocks"], vectors)


def is_alive(folder: Path) -> bool:
    """Whether a process holds the run's lock."""
    lock = run_lock(folder)
    try:
        lock.acquire(timeout=0)
    except (filelock.Timeout, OSError):
        return True
    lock.release()
    return False


def run_lock(folder: Path) -> filelock.BaseFileLock:
    """The lock that the process of a run holds while it lives."""
    return filelock.FileLock(folder / "lock")


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
