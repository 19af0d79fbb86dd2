"""Embeddings of a run of predictions that was not finished, so that the next one goes on where it stood."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.durable import write_durably
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.refusals import system_reason
from medlabeler.imaging.parts import split

_ABOUT = "about.json"


class Unfinished:
    """A hidden folder beside the file to be written: parts, each written whole, of one bundle.

    An image counts as done if its file has the name, size and time of change it had then.
    """

    def __init__(self, folder: Path, bundle: str, *, fresh: bool = False) -> None:
        """`bundle`: its `content_sha256`; what another one left is thrown away, with `fresh` all there is."""
        self.folder = folder
        self._bundle = bundle
        if fresh or self._written_for() != bundle:
            shutil.rmtree(folder, ignore_errors=True)
        self._next = 1 + max((int(part.stem) for part in self._files()), default=0)

    def found(self, keys: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.float16]]:
        """Rows int64 (m,) of the images that are done, and their embeddings float16 (m, d)."""
        wanted = {key: row for row, key in enumerate(keys)}
        rows: list[NDArray[np.int64]] = []
        vectors: list[NDArray[np.float16]] = []
        for path in self._files():
            part = _read(path)
            if part is None:
                continue
            at = np.array([wanted.pop(key, -1) for key in part["keys"].tolist()], np.int64)
            rows.append(at[at >= 0])
            vectors.append(part["vectors"][at >= 0])
        if not rows:
            return np.empty(0, np.int64), np.empty((0, 0), np.float16)
        return np.concatenate(rows), np.concatenate(vectors)

    def add(self, keys: Sequence[str], vectors: NDArray[np.float16]) -> None:
        """Keep a part: keys (m,), embeddings (m, d). `UserError` when the disk refuses."""
        content = io.BytesIO()
        np.savez(content, keys=np.array(keys, np.str_), vectors=vectors)
        try:
            if not (self.folder / _ABOUT).exists():
                self.folder.mkdir(parents=True, exist_ok=True)
                write_durably(self.folder / _ABOUT, json.dumps({"bundle": self._bundle}).encode())
            write_durably(self.folder / f"{self._next:06d}.npz", content.getvalue())
        except OSError as error:
            raise UserError(
                tr(
                    "{folder} cannot be written: {reason}.",
                    folder=self.folder,
                    reason=system_reason(error),
                )
            ) from error
        self._next += 1

    def end(self) -> None:
        """The run is over; nothing of it is left."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _written_for(self) -> Any:
        try:
            return json.loads((self.folder / _ABOUT).read_text(encoding="utf-8"))["bundle"]
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _files(self) -> list[Path]:
        return sorted(path for path in self.folder.glob("*.npz") if path.stem.isdecimal())


def key_of(path: Path) -> str:
    """What says that a file is still the one it was: its name, size and time of change."""
    try:
        status = split(path)[0].stat()
    except OSError:
        return f"{path}|"
    return f"{path}|{status.st_size}|{status.st_mtime_ns}"


def _read(path: Path) -> dict[str, NDArray[Any]] | None:
    """A part, None for one that is damaged: its images are done again."""
    try:
        with np.load(path, allow_pickle=False) as file:
            part = {name: file[name] for name in ("keys", "vectors")}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error):
        return None
    return part if len(part["keys"]) == len(part["vectors"]) and part["vectors"].ndim == 2 else None
