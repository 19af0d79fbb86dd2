"""One process at a time: the lock of a project, and who has it."""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path

import filelock

from medlabeler.domain.errors import UserError

LOCK, OWNER = ".lock", ".owner"


def take_lock(path: Path) -> filelock.BaseFileLock:
    """Take the project for this process; `UserError` if another has it, or none can take it here.

    The operating system lets go of the lock when a process dies, however it dies.
    """
    lock = filelock.FileLock(path / LOCK, timeout=0, thread_local=False)
    owner = path / OWNER
    try:
        lock.acquire()
    except filelock.Timeout:
        raise UserError(f"{path} is already open in {_who(owner)}; close it there first.") from None
    except NotImplementedError:
        raise UserError(
            f"{path} lies on a disk that cannot lock files, where two windows could damage it; move it."
        ) from None
    except OSError as error:
        raise UserError(
            f"{path} cannot be written to: {error.strerror}; copy the project to a disk you can write to."
        ) from error
    with contextlib.suppress(OSError):
        owner.write_text(json.dumps({"process": os.getpid()}), encoding="utf-8")
    return lock


def _who(owner: Path) -> str:
    try:
        process = int(json.loads(owner.read_text(encoding="utf-8"))["process"])
    except (OSError, ValueError, KeyError, TypeError):
        return "another MedLabeler"
    return "this MedLabeler" if process == os.getpid() else f"another MedLabeler (process {process})"
