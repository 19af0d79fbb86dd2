"""The folder of one run of a job: staging/<job>/<run>/, its lock, and what becomes of what a dead run left.

Whoever works on a run holds its lock, so two runs of one job cannot meet, and a run whose lock is free while
its project has just been opened is dead. Its finished parts are adopted first; then the folder goes.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import filelock

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.refusals import system_reason
from medlabeler.imaging.thumbnails import SUFFIX as THUMBNAILS
from medlabeler.project.shards import SUFFIX as SHARDS

LOCK = "run.lock"
_OUTSIDE = "medlabeler-runs-"
PATIENCE_S = 10.0
"""A worker that takes over from one that was ended waits so long for its lock."""
SHARED_BEFORE = (
    "arrays.npz", "places.npz", "images.json", "groups.json", "names.json", "found.json", "paths.json",
)  # fmt: skip
"""What earlier versions left in staging/<job>/ itself, where all runs of a job shared it."""


def new_run(staging: Path, job: str) -> Path:
    """Make the folder of a new run; `UserError` when the disk refuses."""
    folder = staging / job / f"{datetime.now():%Y%m%d-%H%M%S}-{uuid.uuid4().hex[:8]}"
    try:
        folder.mkdir(parents=True)
        (folder / LOCK).touch()
    except OSError as error:
        raise UserError(
            tr(
                "The project folder {parent} cannot be written to: {reason}.",
                parent=staging.parent,
                reason=system_reason(error),
            )
        ) from error
    return folder


def outside(project: Path) -> Path:
    """Where runs that leave nothing in the project may lie when its disk has no room: a folder among the
    temporary files. It is not made here.
    """
    name = hashlib.sha256(os.fsencode(project)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"{_OUTSIDE}{name}"


def new_run_outside(project: Path, job: str) -> Path:
    """Make the folder of a new run there, for its owner alone; `UserError` when that is refused, too."""
    staging = outside(project)
    try:
        staging.mkdir(mode=0o700, exist_ok=True)
        found = staging.lstat()
    except OSError as error:
        raise UserError(
            tr("{staging} cannot be written to: {reason}.", staging=staging, reason=system_reason(error))
        ) from error
    if os.name == "posix" and (found.st_uid != os.geteuid() or found.st_mode & 0o077 or staging.is_symlink()):
        raise UserError(tr("{staging} is somebody else's; remove it.", staging=staging))
    return new_run(staging, job)


@contextlib.contextmanager
def working_on(run: str) -> Iterator[None]:
    """Hold the lock of the run whose folder this is, if there is one; `UserError` if somebody else does."""
    if not run:
        yield
        return
    lock = filelock.FileLock(Path(run) / LOCK)
    try:
        lock.acquire(timeout=PATIENCE_S)
    except filelock.Timeout:
        raise UserError(tr("Another process still works on this; try again in a moment.")) from None
    except OSError as error:
        raise UserError(
            tr("{run} cannot be written to: {reason}.", run=run, reason=system_reason(error))
        ) from error
    try:
        yield
    finally:
        lock.release()


def run_of(task: object) -> str:
    """The folder of the run that a job's task belongs to; empty if to none."""
    return str(getattr(task, "run", ""))


COPY = "copy"
"""Folder of a run in which a copy of a project lies: nothing of it is to be adopted."""


def end_run(run: str) -> None:
    """Delete the folder of a run that is over; not while it holds a finished part that was not adopted."""
    if run:
        _clear(Path(run))


def sweep(staging: Path) -> None:
    """Delete what dead runs left, once their finished parts were adopted; for the owner, at opening.

    A run whose lock somebody holds is left alone, and so is one that still has finished parts, which could
    not be adopted now.
    """
    for path in staging.glob(f"*/*/{LOCK}"):
        lock = filelock.FileLock(path)
        try:
            lock.acquire(timeout=0)
        except (filelock.Timeout, OSError):
            continue
        lock.release()
        _clear(path.parent)
    alive = {path.parent for path in staging.glob(f"*/*/{LOCK}")}
    for path in staging.rglob("*.tmp"):  # of earlier versions, whose runs had no folder of their own
        if alive.isdisjoint(path.parents):
            with contextlib.suppress(OSError):
                path.unlink()
    for name in SHARED_BEFORE:
        for path in staging.glob(f"*/{name}"):
            with contextlib.suppress(OSError):
                path.unlink()


def sweep_unfinished(project: Path) -> None:
    """Delete files that a killed program had begun beside what they were to replace; for the owner, at
    opening. Runs of pretraining, which may be going on, look after their own.
    """
    folders = [project, project / "backups", project / "thumbnails", *project.glob("vectors/*")]
    for path in (path for folder in folders for path in folder.glob("*.tmp*")):
        with contextlib.suppress(OSError):
            path.unlink()


def _clear(folder: Path) -> None:
    parts = (path for end in (SHARDS, THUMBNAILS) for path in folder.rglob("*" + end))
    if any(COPY not in path.relative_to(folder).parts for path in parts):
        return
    shutil.rmtree(folder, ignore_errors=True)
    with contextlib.suppress(OSError):
        folder.parent.rmdir()  # only if it is empty
        if folder.parent.parent.name.startswith(_OUTSIDE):
            folder.parent.parent.rmdir()
