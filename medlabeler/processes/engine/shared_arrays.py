"""The arrays that the window and the engine share, as plain files that both map into memory.

One folder per `load`, `<project>/runtime/engine-<number>/`, a number that is never given twice: no file ever
changes its size while mapped (Windows forbids it), and an engine that was given up cannot write into what its
successor uses. Room on the disk is taken before anything is written, since a write through a map for which
there is none would end the process. Where the disk of the project has none, the folder lies in memory or
among the temporary files, for its owner alone. Arrays over images have length n and the native byte order;
NO_CLASS is -1.

| file              | type        | written by | what |
|-------------------|-------------|------------|---------------------------------------------|
| split.u8          | uint8 (n,)  | window     | `Split`; at load |
| group.i32         | int32 (n,)  | window     | group code, -1 none; at load |
| digest.s64        | S64 (n,)    | window     | SHA-256 of the file, hex; at load |
| learned.i32       | int32 (n,)  | window     | pool images with a class; how many is in the request |
| learned-class.i32 | int32 (n,)  | window     | class of each of them                       |
| kind.u8           | uint8 (n,)  | window     | `LabelKind`; what is decided is not suggested |
| first.i32         | int32 (n,)  | window     | rows to be told of first; how many is in the request |
| first-class.i32   | int32 (n,)  | engine     | class of each of them, as below |
| first-sure.f32    | float32 (n,)| engine     | top probability of each of them, as below |
| prediction.i32    | int32 (n,)  | engine     | class, NO_CLASS for images without a vector |
| confidence.f32    | float32 (n,)| engine     | top probability in 0..1, NaN without a vector |
| x.f32, y.f32      | float32 (n,)| engine     | place on the map, NaN where an image has none |
| probabilities-R-P.f32 | float32 | engine   | n x C (or C x n), C <= R: ordered as "classes"; P is 0 or 1 |

Who may write when: the window writes labels, kinds and first rows only while no refit is outstanding, or when
it has been told of the first rows; the engine has read them by then. The engine writes predictions only while
a refit is outstanding, and places only while they are asked for. Probabilities it writes to the place that
the refit names, the other one than that of the last answer: the window reads them where they are.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import filelock
import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.refusals import system_reason
from medlabeler.domain.reserved import reserve
from medlabeler.domain.types import NO_CLASS

MAX_CLASSES = 128
PLACES = 2
FEW_CLASSES = 16
"""Room for so many is taken at least; it is doubled when a project gets more."""
_ELSEWHERE = "medlabeler-arrays-"
_IN_USE = "in-use.lock"

DTYPES: dict[str, np.dtype[Any]] = {
    "split.u8": np.dtype(np.uint8),
    "group.i32": np.dtype(np.int32),
    "digest.s64": np.dtype("S64"),
    "learned.i32": np.dtype(np.int32),
    "learned-class.i32": np.dtype(np.int32),
    "kind.u8": np.dtype(np.uint8),
    "first.i32": np.dtype(np.int32),
    "first-class.i32": np.dtype(np.int32),
    "first-sure.f32": np.dtype(np.float32),
    "prediction.i32": np.dtype(np.int32),
    "confidence.f32": np.dtype(np.float32),
    "x.f32": np.dtype(np.float32),
    "y.f32": np.dtype(np.float32),
}


class SharedArrays:
    """The mapped files of one folder.

    `create` makes them (window), the constructor maps existing ones (engine).
    """

    def __init__(self, folder: Path, n: int) -> None:
        self.folder = folder
        self.n = n
        self._maps: dict[str, NDArray[Any]] = {}
        self._in_use: filelock.BaseFileLock | None = None

    @classmethod
    def create(cls, runtime: Path, n: int, n_classes: int = 0) -> SharedArrays:
        """Make a folder in `runtime`, or elsewhere if the disk refuses, and all files, without labels or
        predictions; `UserError` if there is room nowhere.
        """
        try:
            runtime.mkdir(exist_ok=True)
            return cls._made(runtime / f"engine-{uuid.uuid4().hex}", n, n_classes)
        except OSError as error:
            refused = error
        for place in _elsewhere():
            with contextlib.suppress(OSError):
                return cls._made(place / f"{_ELSEWHERE}{uuid.uuid4().hex}", n, n_classes, alone=True)
        raise UserError(
            tr(
                "The engine's files cannot be written to {runtime}: {reason}. Labels are "
                "stored as ever; predictions come back when there is room.",
                runtime=runtime,
                reason=system_reason(refused),
            )
        ) from refused

    @classmethod
    def _made(cls, folder: Path, n: int, n_classes: int, *, alone: bool = False) -> SharedArrays:
        """`OSError` if there is no room: then nothing is left. `alone`: no project's opening sweeps it up."""
        arrays = cls(folder, n)
        folder.mkdir(mode=0o700)
        try:
            if alone:
                arrays._in_use = filelock.FileLock(folder / _IN_USE, thread_local=False)
                arrays._in_use.acquire(timeout=0)
            for name, dtype in DTYPES.items():
                with (folder / name).open("wb") as file:
                    reserve(file, n * dtype.itemsize)
            arrays._take_room(n_classes)
        except BaseException:
            arrays.remove()
            raise
        arrays["prediction.i32"][:] = NO_CLASS
        arrays["confidence.f32"][:] = np.nan
        return arrays

    def take_room(self, n_classes: int) -> None:
        """See that there is room for predictions of so many classes; `UserError` if the disk refuses."""
        try:
            self._take_room(n_classes)
        except OSError as error:
            raise UserError(
                tr(
                    "There is no room in {parent} for predictions of {n_classes} classes: "
                    "{reason}. Labels are stored as ever; predictions come back when there is "
                    "room.",
                    parent=self.folder.parent,
                    n_classes=n_classes,
                    reason=system_reason(error),
                )
            ) from error

    def _take_room(self, n_classes: int) -> None:
        paths = [self.folder / _probabilities(n_classes, place) for place in range(PLACES)]
        if all(path.exists() for path in paths):
            return
        try:
            for path in paths:
                with path.open("wb") as file:
                    reserve(file, self.n * _room(n_classes) * 4)
        except OSError:
            for path in paths:
                path.unlink(missing_ok=True)
            raise

    def __getitem__(self, name: str) -> NDArray[Any]:
        """The array `name`, mapped for reading and writing."""
        if name not in self._maps:
            self._maps[name] = self._map(name, DTYPES[name], (self.n,))
        return self._maps[name]

    def probabilities(self, n_classes: int, by_class: bool = False, place: int = 0) -> NDArray[np.float32]:
        """Probabilities, float32 (n, n_classes), in memory class after class if `by_class`, else image after
        image; of one `place` of the PLACES. `UserError` beyond MAX_CLASSES.
        """
        if n_classes > MAX_CLASSES:
            raise UserError(
                tr(
                    "MedLabeler predicts at most {max_classes} classes; this project has {n_classes}.",
                    max_classes=MAX_CLASSES,
                    n_classes=n_classes,
                )
            )
        name = _probabilities(n_classes, place)
        if name not in self._maps:
            self._maps[name] = self._map(name, np.dtype(np.float32), (self.n * _room(n_classes),))
        # Mapped once: at a million images touching all pages of a new map takes as long as half a prediction.
        flat = self._maps[name][: self.n * n_classes]
        return flat.reshape(n_classes, self.n).T if by_class else flat.reshape(self.n, n_classes)

    def _map(self, name: str, dtype: np.dtype[Any], shape: tuple[int, ...]) -> NDArray[Any]:
        if 0 in shape:  # an empty file cannot be mapped
            return np.empty(shape, dtype)
        return np.memmap(self.folder / name, dtype, "r+", shape=shape)

    def remove(self) -> None:
        """Forget the maps and delete the folder; what another process still holds open is left behind."""
        self._maps.clear()
        if self._in_use is not None:
            self._in_use.release()
        shutil.rmtree(self.folder, ignore_errors=True)


def sweep() -> None:
    """Delete what a program that was killed left in memory or among the temporary files."""
    for place in _elsewhere():
        for folder in place.glob(f"{_ELSEWHERE}*"):
            try:
                lock = filelock.FileLock(folder / _IN_USE)
                lock.acquire(timeout=0)
            except (filelock.Timeout, OSError):
                continue  # in use, or somebody else's
            lock.release()
            shutil.rmtree(folder, ignore_errors=True)


def _elsewhere() -> Iterator[Path]:
    for place in ("/dev/shm", tempfile.gettempdir()):  # noqa: S108 - a folder of its own, for its owner alone
        if Path(place).is_dir():
            yield Path(place)


def _room(n_classes: int) -> int:
    """For how many classes room is taken where there are so many."""
    room = FEW_CLASSES
    while room < min(n_classes, MAX_CLASSES):
        room *= 2
    return room


def _probabilities(n_classes: int, place: int) -> str:
    return f"probabilities-{_room(n_classes)}-{place}.f32"
