"""Starts, stops, resumes, discards the process of a run in which a backbone learns; its folder is
`project.pretraining_runs`.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from medlabeler.domain import cpu_policy
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.own_program import child_command
from medlabeler.project.pretraining_runs import is_alive
from medlabeler.project.run_files import PLAN, read_plan, read_status, write_status

ROLE = "pretrainer"

CHILD_ENVIRONMENT = {
    # Memory of activations is kept for the next step instead of being returned and faulted in again.
    "MALLOC_MMAP_THRESHOLD_": str(4 << 30),
    "MALLOC_TRIM_THRESHOLD_": str(16 << 30),
    "MALLOC_TOP_PAD_": str(256 << 20),
}


def start(folder: Path) -> int:
    """Start the process of a run, by itself, and return its id; `UserError` if it runs already."""
    if is_alive(folder):
        raise UserError(tr("The run {name} is going on already.", name=folder.name))
    with contextlib.suppress(OSError):
        (folder / "stop").unlink(missing_ok=True)
    write_status(folder, replace(read_status(folder), state="starting", sentence=tr("Starting.")))
    options: dict[str, Any] = (
        {"creationflags": 0x00000008 | 0x00000200} if os.name == "nt" else {"start_new_session": True}
    )
    processes = read_plan(folder).processes
    environment = {**CHILD_ENVIRONMENT, **os.environ, **cpu_policy.environment(ROLE, processes)}
    with (folder / "output.txt").open("ab") as output:
        child = subprocess.Popen(
            [*child_command(ROLE), str(folder)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=environment,
            **options,
        )
    return child.pid


def resume(folder: Path) -> int:
    """Go on with a run that was stopped, killed, or failed."""
    if read_status(folder).state == "done":
        raise UserError(tr("The run {name} is done; start a new one to learn more.", name=folder.name))
    return start(folder)


def stop(folder: Path) -> None:
    """Ask a run to write a checkpoint and end; it can be resumed."""
    (folder / "stop").touch()


def discard(folder: Path, patience_s: float = 120.0) -> None:
    """End a run and remove all that it wrote; `UserError` if its process does not end."""
    stop(folder)
    until = time.monotonic() + patience_s
    while is_alive(folder):
        if time.monotonic() > until:
            raise UserError(tr("The run {name} does not end; try again in a minute.", name=folder.name))
        time.sleep(0.1)
    # The plan first: without it the folder is no run, whatever else of it is still there.
    (folder / PLAN).unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
