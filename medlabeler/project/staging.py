"""Where a job leaves arrays for its worker and finished parts for the owner of the project."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.project.columns import ImageFiles
from medlabeler.project.project import Project
from medlabeler.project.runs import new_run, new_run_outside

_ROOM = 200 * 2**20
"""A disk with less free than this has no room for what is needed for a moment only."""
_ONLY_READ = frozenset(
    {"compare", "evaluate", "export", "leakage", "quality", "simulate", "curve", "labels", "replay"}
)


def job_folder(project: Project, job: str) -> Path:
    """A new folder for one run of `job`, see `runs`; its task names it as "run". `UserError` when the disk
    refuses.

    What only reads the project, such as an export, does so where its disk has no room, too.
    """
    if job in _ONLY_READ and (project.read_only or _little_room(project.path)):
        return new_run_outside(project.path, job)
    return new_run(project.path / "staging", job)


def _little_room(path: Path) -> bool:
    try:
        return shutil.disk_usage(path).free < _ROOM
    except OSError:
        return False


def save_arrays(folder: Path, **arrays: NDArray[Any]) -> str:
    """Write arrays for the worker; returns the file's name for the task."""
    path = folder / "arrays.npz"
    try:
        with path.open("wb") as file:
            np.savez(file, **arrays)  # type: ignore[arg-type]  # one name is numpy's own option
    except OSError as error:
        raise UserError(
            tr(
                "The project folder {folder} cannot be written to: {strerror}.",
                folder=folder,
                strerror=error.strerror,
            )
        ) from error
    return str(path)


def load_arrays(path: str) -> dict[str, NDArray[Any]]:
    """The arrays of `save_arrays`."""
    with np.load(path, allow_pickle=False) as file:
        return {name: file[name] for name in file.files}


def save_json(folder: Path, name: str, value: Any) -> str:
    """Write a long list for the worker, which would be too long for a message."""
    path = folder / name
    try:
        path.write_text(json.dumps(value), encoding="utf-8")
    except OSError as error:
        raise UserError(
            tr(
                "The project folder {folder} cannot be written to: {strerror}.",
                folder=folder,
                strerror=error.strerror,
            )
        ) from error
    return str(path)


def load_json(path: str) -> Any:
    """The value of `save_json`."""
    return json.loads(Path(path).read_text(encoding="utf-8"))


def save_image_files(folder: Path, files: ImageFiles) -> str:
    """Write where all images lie: texts as one array each, so that the window does not wait for 171,000."""
    path = folder / "places.npz"
    try:
        with path.open("wb") as file:
            np.savez(
                file, roots=_packed(files.roots), root=files.root, names=_packed(files.names),
                n_bytes=files.n_bytes, mtime_ns=files.mtime_ns, digest=files.digest,
            )  # fmt: skip
    except OSError as error:
        raise UserError(
            tr(
                "The project folder {folder} cannot be written to: {strerror}.",
                folder=folder,
                strerror=error.strerror,
            )
        ) from error
    return str(path)


def load_image_files(path: str) -> ImageFiles:
    """The value of `save_image_files`."""
    a = load_arrays(path)
    return ImageFiles(
        _unpacked(a["roots"]), a["root"], _unpacked(a["names"]), a["n_bytes"], a["mtime_ns"], a["digest"]
    )


def _packed(texts: list[str]) -> NDArray[np.uint8]:
    """Texts one behind the other; no path holds a zero."""
    return np.frombuffer("\0".join(texts).encode("utf-8", "surrogatepass"), np.uint8)


def _unpacked(packed: NDArray[np.uint8]) -> list[str]:
    return packed.tobytes().decode("utf-8", "surrogatepass").split("\0") if len(packed) else []


class Adopting:
    """Progress that adopts every partial at once: how a job runs in the process that owns the project."""

    def __init__(self, progress: Any, adopt: Any) -> None:
        self._progress = progress
        self._adopt = adopt

    def report(self, done: int, total: int, text: str = "") -> None:
        """Pass it on."""
        self._progress.report(done, total, text)

    def partial(self, facts: object) -> None:
        """Adopt, then pass it on."""
        self._adopt(facts)
        self._progress.partial(facts)

    def check(self) -> None:
        """Pass it on."""
        self._progress.check()
