"""The runs of DINO of a project: started, watched, stopped, resumed, found again; `pretrain` plans them.

A run lives in PROJECT/pretraining/<run>/ and in a process of its own that never opens the database and
outlives whoever started it; all that is known of it is read from its files.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import filelock

from medlabeler.domain.errors import UserError
from medlabeler.jobs.channel import child_command

FOLDER = "pretraining"
ROLE = "pretrainer"

CHILD_ENVIRONMENT = {
    # A thread that waits must not spin: beside other programs that multiplies the time of a step.
    "OMP_WAIT_POLICY": "PASSIVE",
    # Memory of activations is kept for the next step instead of being returned and faulted in again.
    "MALLOC_MMAP_THRESHOLD_": str(4 << 30),
    "MALLOC_TRIM_THRESHOLD_": str(16 << 30),
    "MALLOC_TOP_PAD_": str(256 << 20),
}


@dataclass(frozen=True)
class RunStatus:
    """What is known of a run; `state` is starting, running, paused (its process is gone, it can be resumed),
    stopped (asked to, can be resumed), done or failed. `facts` is its status file as it is.
    """

    folder: Path
    state: str
    step: int
    steps: int
    sentence: str
    facts: dict[str, Any]

    @property
    def name(self) -> str:
        """The run's name, which is its folder's."""
        return self.folder.name

    @property
    def backbone(self) -> Path | None:
        """The file of the trained backbone, once there is one."""
        path = self.folder / "backbone.safetensors"
        return path if path.is_file() else None


def start(folder: Path) -> int:
    """Start the process of a run, by itself, and return its id; `UserError` if it runs already."""
    if is_alive(folder):
        raise UserError(f"The run {folder.name} is going on already.")
    with contextlib.suppress(OSError):
        (folder / "stop").unlink(missing_ok=True)
    before = read_status(folder)
    write_status(folder, {**before, "state": "starting", "sentence": "Starting."})
    options: dict[str, Any] = (
        {"creationflags": 0x00000008 | 0x00000200} if os.name == "nt" else {"start_new_session": True}
    )
    processes = int(read_plan(folder).get("processes", 1))
    environment = {**CHILD_ENVIRONMENT, **os.environ}
    if processes > 1:
        environment.setdefault("OMP_NUM_THREADS", str(max(1, (os.cpu_count() or 1) // processes)))
    with (folder / "output.txt").open("ab") as output:
        child = subprocess.Popen(
            [*_command(processes), str(folder)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=environment,
            **options,
        )
    return child.pid


def _command(processes: int) -> list[str]:
    """The command line of a run, without its folder: this program, by torchrun if there are several."""
    own = child_command(ROLE)
    if processes == 1:
        return own
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
    return [*torchrun, "--nproc-per-node", str(processes), *own[1:]]


def resume(folder: Path) -> int:
    """Go on with a run that was stopped, killed, or failed."""
    if read_status(folder).get("state") == "done":
        raise UserError(f"The run {folder.name} is done; start a new one to learn more.")
    return start(folder)


def stop(folder: Path) -> None:
    """Ask a run to write a checkpoint and end; it can be resumed."""
    (folder / "stop").touch()


def runs(project_folder: Path) -> list[RunStatus]:
    """The runs of a project, the newest first; what only measures the speed is none."""
    return [status(folder) for folder in _folders(project_folder / FOLDER, measures=False)]


def sweep(project_folder: Path) -> None:
    """Remove what measured a speed and was left behind, its window closed before it ended."""
    for folder in _folders(project_folder / FOLDER, measures=True):
        if status(folder).state not in ("starting", "running"):
            shutil.rmtree(folder, ignore_errors=True)


def _folders(root: Path, *, measures: bool) -> list[Path]:
    """The folders below `root` of runs, or of what measures the speed, the newest first."""
    found = []
    for path in root.glob("*/run.json"):
        with contextlib.suppress(UserError):
            if bool(read_plan(path.parent).get("measure")) == measures:
                found.append(path.parent)
    return sorted(found, reverse=True)


def status(folder: Path) -> RunStatus:
    """How a run stands; one whose process is gone without a word is paused."""
    facts = read_status(folder)
    state = str(facts.get("state", "starting"))
    sentence = str(facts.get("sentence", ""))
    fresh = time.time() - _modified(folder / "status.json") < 30
    if state in ("starting", "running") and not is_alive(folder) and not (state == "starting" and fresh):
        state, sentence = (
            "paused",
            f"Its process is gone at step {facts.get('step', 0):,}; it can be resumed.",
        )
    return RunStatus(
        folder,
        state,
        int(facts.get("step", 0)),
        int(facts.get("steps", 0)),
        sentence,
        {**facts, "state": state},
    )


def find_run(project_folder: Path, name: str) -> Path:
    """The folder of a run by its name, or of the newest one by ""; `UserError` if there is none."""
    known = [run.folder for run in runs(project_folder)]
    for folder in known:
        if folder.name == name or not name:
            return folder
    names = ", ".join(folder.name for folder in known) or "none yet"
    raise UserError(f"There is no run called {name or '(any)'} in this project; its runs: {names}.")


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


def read_plan(folder: Path) -> dict[str, Any]:
    """What `plan` decided; `UserError` if the folder is not that of a run."""
    try:
        plan: dict[str, Any] = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UserError(f"{folder} is not the folder of a run.") from error
    return plan


def read_status(folder: Path) -> dict[str, Any]:
    """The status file, empty if it cannot be read."""
    try:
        facts = json.loads((folder / "status.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return facts if isinstance(facts, dict) else {}


def write_status(folder: Path, facts: dict[str, Any]) -> None:
    """Replace the status file at one stroke."""
    temporary = folder / f"status.{os.getpid()}.tmp"
    temporary.write_text(json.dumps(facts), encoding="utf-8")
    temporary.replace(folder / "status.json")


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
