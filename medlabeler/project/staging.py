"""Where a job leaves arrays for its worker and finished parts for the owner of the project."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.refusals import system_reason
from medlabeler.project.columns import ImageFiles
from medlabeler.project.project import Project
from medlabeler.project.runs import new_run, new_run_outside

_ROOM = 200 * 2**20
"""A disk with less free than this has no room for what is needed for a moment only."""
_ONLY_READ = frozenset(
    {"compare", "evaluate", "export", "leakage", "quality", "simulate", "curve", "labels", "replay"}
)

Write = Callable[[], None]
_noted: ContextVar[list[Write] | None] = ContextVar("noted", default=None)


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


@contextmanager
def written_later() -> Iterator[list[Write]]:
    """Inside, what is saved for a worker is only noted, as it is now; the list holds what writes it.

    For the thread of the window, which must not wait for the disk: each may be called on any thread, and
    raises `UserError` when the disk refuses. Whoever is told a name inside must not read the file before.
    """
    noted: list[Write] = []
    before = _noted.set(noted)
    try:
        yield noted
    finally:
        _noted.reset(before)


def _write(path: Path, put: Callable[[BinaryIO], object]) -> str:
    """Let `put` fill the file, now or where `written_later` says; its name."""

    def write() -> None:
        try:
            with path.open("wb") as file:
                put(file)
        except OSError as error:
            raise UserError(
                tr(
                    "The project folder {folder} cannot be written to: {reason}.",
                    folder=path.parent,
                    reason=system_reason(error),
                )
            ) from error

    now_or_later(write)
    return str(path)


def now_or_later(write: Write) -> None:
    """Write, or where `written_later` says note that; what is noted is written in that order."""
    noted = _noted.get()
    if noted is None:
        write()
    else:
        noted.append(write)


def _as_now(array: NDArray[Any]) -> NDArray[Any]:
    """The array as it will still be when it is written; digests (texts) are replaced, never changed."""
    return array if _noted.get() is None or array.dtype.kind == "S" else array.copy()


def save_arrays(folder: Path, **arrays: NDArray[Any]) -> str:
    """Write arrays for the worker; returns the file's name for the task."""
    kept = {name: _as_now(array) for name, array in arrays.items()}
    return _write(folder / "arrays.npz", lambda file: np.savez(file, **kept))  # type: ignore[arg-type]  # one name, `file`, is numpy's own option


def load_arrays(path: str) -> dict[str, NDArray[Any]]:
    """The arrays of `save_arrays`."""
    with np.load(path, allow_pickle=False) as file:
        return {name: file[name] for name in file.files}


def save_json(folder: Path, name: str, value: Any) -> str:
    """Write a long list for the worker, which would be too long for a message."""
    kept = list(value) if isinstance(value, list) else value
    return _write(folder / name, lambda file: file.write(json.dumps(kept).encode()))


def load_json(path: str) -> Any:
    """The value of `save_json`."""
    return json.loads(Path(path).read_text(encoding="utf-8"))


def save_image_files(folder: Path, files: ImageFiles) -> str:
    """Write where all images lie: texts as one array each, so that nobody waits for 171,000."""
    arrays: dict[str, NDArray[Any]] = {
        "root": files.root, "n_bytes": files.n_bytes, "mtime_ns": files.mtime_ns, "digest": files.digest
    }  # fmt: skip
    kept = {name: _as_now(array) for name, array in arrays.items()}
    roots, names = files.roots, files.names[:]  # the list in use grows
    return _write(
        folder / "places.npz",
        lambda file: np.savez(file, roots=_packed(roots), names=_packed(names), **kept),  # type: ignore[arg-type]  # one name, `file`, is numpy's own option
    )


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
