"""The arrays that the window and the engine share, as plain files that both map into memory.

One folder per `load`, `<project>/runtime/engine-<number>/`, a number that is never given twice: no file ever
changes its size while mapped (Windows forbids it), and an engine that was given up cannot write into what its
successor uses. Arrays over images have length n and the native byte order; NO_CLASS is -1.

| file              | type        | written by | what |
|-------------------|-------------|------------|---------------------------------------------|
| split.u8          | uint8 (n,)  | window     | `Split`; at load |
| group.i32         | int32 (n,)  | window     | group code, -1 none; at load |
| digest.s64        | S64 (n,)    | window     | SHA-256 of the file, hex; at load |
| labels.i32        | int32 (n,)  | window     | class of pool images labelled with a class, else NO_CLASS |
| kind.u8           | uint8 (n,)  | window     | `LabelKind`; what is decided is not suggested |
| prediction.i32    | int32 (n,)  | engine     | class, NO_CLASS for images without a vector |
| confidence.f32    | float32 (n,)| engine     | top probability in 0..1, NaN without a vector |
| x.f32, y.f32      | float32 (n,)| engine     | place on the map, NaN where an image has none |
| probabilities.f32 | float32     | engine     | n x C (or C x n): probabilities, in the order of "classes" |

Who may write when: the window writes labels and kinds only while no refit is outstanding; the engine writes
predictions only while a refit is outstanding, and places only while they are asked for.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.errors import UserError
from medlabeler.domain.types import NO_CLASS

MAX_CLASSES = 128
"""Room kept for classes in `probabilities.f32`; the file is sparse, so unused room costs no disk."""

DTYPES: dict[str, np.dtype[Any]] = {
    "split.u8": np.dtype(np.uint8),
    "group.i32": np.dtype(np.int32),
    "digest.s64": np.dtype("S64"),
    "labels.i32": np.dtype(np.int32),
    "kind.u8": np.dtype(np.uint8),
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

    @classmethod
    def create(cls, folder: Path, n: int) -> SharedArrays:
        """Make the folder and all files, without labels or predictions; `UserError` if the disk refuses."""
        arrays = cls(folder, n)
        try:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True, exist_ok=True)
            for name, dtype in DTYPES.items():
                with (folder / name).open("wb") as file:
                    file.truncate(n * dtype.itemsize)
            with (folder / "probabilities.f32").open("wb") as file:
                file.truncate(n * MAX_CLASSES * 4)
        except OSError as error:
            raise UserError(f"The engine's files cannot be written to {folder}: {error.strerror}.") from error
        for name in ("labels.i32", "prediction.i32"):
            arrays[name][:] = NO_CLASS
        arrays["confidence.f32"][:] = np.nan
        return arrays

    def __getitem__(self, name: str) -> NDArray[Any]:
        """The array `name`, mapped for reading and writing."""
        if name not in self._maps:
            self._maps[name] = self._map(name, DTYPES[name], (self.n,))
        return self._maps[name]

    def probabilities(self, n_classes: int, by_class: bool = False) -> NDArray[np.float32]:
        """Probabilities, float32 (n, n_classes), in memory class after class if `by_class`, else image after
        image; `UserError` beyond MAX_CLASSES.
        """
        if n_classes > MAX_CLASSES:
            raise UserError(
                f"MedLabeler predicts at most {MAX_CLASSES} classes; this project has {n_classes}."
            )
        shape = (n_classes, self.n) if by_class else (self.n, n_classes)
        found = self._map("probabilities.f32", np.dtype(np.float32), shape)
        return found.T if by_class else found

    def _map(self, name: str, dtype: np.dtype[Any], shape: tuple[int, ...]) -> NDArray[Any]:
        if 0 in shape:  # an empty file cannot be mapped
            return np.empty(shape, dtype)
        return np.memmap(self.folder / name, dtype, "r+", shape=shape)

    def remove(self) -> None:
        """Forget the maps and delete the folder; what another process still holds open is left behind."""
        self._maps.clear()
        shutil.rmtree(self.folder, ignore_errors=True)
