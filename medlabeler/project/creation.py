"""Making a project: whole from the first moment that its name is there, whenever the program is killed."""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path

from medlabeler.domain.durable import sync_folder
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.refusals import system_reason
from medlabeler.project.database import Database
from medlabeler.project.lock import LOCK, OWNER

DATABASE = "medlabeler.db"
_NEW = ".new"


def make(path: Path) -> None:
    """Make an empty project at `path`: a folder that does not exist yet, or is empty, for its owner alone.

    `UserError` if something is there already or the disk cannot be written to; what was begun is removed
    then. What a kill left behind is in nobody's way, and removed by the next try.
    """
    try:
        if (path / DATABASE).exists():
            raise UserError(
                tr("There is already a project at {path}; open it, or choose another name.", path=path)
            )
        if path.exists():
            if not path.is_dir() or any(not _left_over(file.name) for file in path.iterdir()):
                raise UserError(
                    tr("{path} already exists and is not an empty folder; choose another name.", path=path)
                )
            _make_within(path)
        else:
            _make_beside(path)
    except OSError as error:
        raise UserError(
            tr("A project cannot be made at {path}: {reason}.", path=path, reason=system_reason(error))
        ) from error


def _make_beside(path: Path) -> None:
    """Make the folder under another name, and rename it when it is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    for old in path.parent.glob(f".{path.name}.*{_NEW}"):
        shutil.rmtree(old, ignore_errors=True)
    begun = path.with_name(f".{path.name}.{os.getpid()}{_NEW}")
    begun.mkdir(mode=0o700)
    try:
        Database(begun / DATABASE, create=True).close()
        sync_folder(begun)
        begun.rename(path)
    except BaseException:
        shutil.rmtree(begun, ignore_errors=True)
        raise
    sync_folder(path.parent)


def _make_within(path: Path) -> None:
    """Make the database of a folder that is there under another name, and rename it when it is whole."""
    for old in path.iterdir():
        old.unlink()
    begun = path / (DATABASE + _NEW)
    try:
        Database(begun, create=True).close()
        begun.rename(path / DATABASE)
    except BaseException:
        for end in ("", "-wal", "-shm", "-journal"):
            with contextlib.suppress(OSError):
                begun.with_name(begun.name + end).unlink(missing_ok=True)
        raise
    sync_folder(path)


def _left_over(name: str) -> bool:
    """Whether a file is what a creation that was killed leaves."""
    return name.startswith(DATABASE + _NEW) or name in (LOCK, OWNER)
