"""One shard of an embedding, and the index of those an embedding has; the layout is told in `vectors`.

What cannot be read at the moment (`OSError`) is told apart from what was read and is wrong
(`DamagedShardError`): the first may be there again tomorrow.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from medlabeler.domain import checksums
from medlabeler.domain.checksums import metadata_of
from medlabeler.domain.durable import write_durably
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.refusals import system_reason

SUFFIX = ".shard"
DIGEST = np.dtype("S64")
MOST_IMAGES = 2**31 - 1
"""No project has more; a row beyond was not written by us."""

Table = tuple[NDArray[np.int64], NDArray[np.bytes_]]


class DamagedShardError(Exception):
    """A shard that was read and is wrong, or none of its embedding; the message says in what."""


def write_shard(
    staging: Path,
    name: str,
    rows: NDArray[np.int64],
    digests: NDArray[np.bytes_],
    vectors: NDArray[np.floating[Any]],
) -> Path:
    """Write a complete shard into `staging` for the owner of the project to adopt.

    `rows` int64 (m,) images, `digests` S64 (m,) of the files they were computed from, `vectors` (m, dim),
    stored as float16. `UserError` when the disk refuses.
    """
    if not (len(rows) == len(digests) == len(vectors)):
        raise ValueError("rows, digests and vectors must have one length")
    arrays: dict[str, NDArray[Any]] = {
        "rows": np.ascontiguousarray(rows, np.int64),
        "digest": np.frombuffer(np.ascontiguousarray(digests, DIGEST).tobytes(), np.uint8).reshape(-1, 64),
        "vectors": np.ascontiguousarray(vectors, np.float16),
    }
    path = staging / (name + SUFFIX)
    try:
        staging.mkdir(parents=True, exist_ok=True)
        write_durably(path, save(arrays, metadata_of(arrays)))
    except OSError as error:
        raise unwritable(staging, error) from error
    return path


def opened(path: Path) -> Any:
    """The file as safetensors opens it, to be closed as a context; `SafetensorError`, `OSError`."""
    try:
        return safe_open(path, framework="numpy")
    except OSError:
        path.open("rb").close()  # which says why; safetensors calls every file it cannot open a missing one
        raise


def read_table(path: Path, dim: int) -> Table:
    """Rows int64 (m,) and digests S64 (m,) of a shard of `dim` numbers for each image.

    `OSError` when it cannot be read now, `DamagedShardError` when it was read and is wrong.
    """
    try:
        with opened(path) as shard:
            sums = _sums(shard)
            rows, digests = shard.get_tensor("rows"), shard.get_tensor("digest")
            vectors = shard.get_slice("vectors")
            shape, dtype = tuple(vectors.get_shape()), vectors.get_dtype()
    except SafetensorError as error:
        raise DamagedShardError(tr("it is cut off or no shard")) from error
    _check(sums, rows=rows, digest=digests)
    m = len(rows) if rows.ndim == 1 else -1
    if rows.dtype != np.int64 or digests.dtype != np.uint8 or digests.shape != (m, 64):
        raise DamagedShardError(tr("its table of images is wrong"))
    if dtype != "F16" or shape != (m, dim):
        raise DamagedShardError(tr("it does not hold a vector of this image model for each image"))
    if m and (rows.min() < 0 or rows.max() >= MOST_IMAGES or _repeats(rows)):
        raise DamagedShardError(tr("its table of images is wrong"))
    return rows, np.ascontiguousarray(digests).view(DIGEST)[:, 0]


def _repeats(rows: NDArray[np.int64]) -> bool:
    """Whether a row comes twice. As a rule they ascend, which is seen sooner than none twice is."""
    return not (rows[1:] > rows[:-1]).all() and len(np.unique(rows)) != len(rows)


def read_vectors(path: Path, shape: tuple[int, int]) -> NDArray[np.float16]:
    """The vectors of a shard, of that shape; raises like `read_table`."""
    try:
        with opened(path) as shard:
            sums = _sums(shard)
            vectors = np.asarray(shard.get_tensor("vectors"))
    except SafetensorError as error:
        raise DamagedShardError(tr("it is cut off or no shard")) from error
    if vectors.dtype != np.float16 or vectors.shape != shape:
        raise DamagedShardError(tr("it does not hold a vector of this image model for each image"))
    _check(sums, vectors=vectors)
    return vectors


def _sums(shard: Any) -> dict[str, str]:
    try:
        return checksums.sums_in(shard.metadata())
    except ValueError as error:
        raise DamagedShardError(str(error)) from error


def _check(sums: dict[str, str], **arrays: NDArray[Any]) -> None:
    try:
        for name, array in arrays.items():
            checksums.check(name, array, sums)
    except ValueError as error:
        raise DamagedShardError(str(error)) from error


def shard_named(line: bytes) -> str | None:
    """The shard that a line of the index names, or None for a line that is damaged."""
    try:
        name = json.loads(line)["shard"]
    except (ValueError, KeyError, TypeError):
        return None
    plain = isinstance(name, str) and name.endswith(SUFFIX) and not {"/", "\\", "\0"} & set(name)
    return name if plain else None


class ShardIndex:
    """What the shards of one embedding hold, read as far as the index has grown; `revision` grows with it."""

    def __init__(self, folder: Path, dim: int) -> None:
        self.folder, self.dim = folder, dim
        self.path = folder / "index.jsonl"
        self.revision = 0
        self._forget()

    def _forget(self) -> None:
        self.tables: dict[str, Table] = {}
        self.problem: OSError | None = None
        self._absent: set[str] = set()
        self.revision += 1
        self._digest = np.zeros(0, DIGEST)
        self._read_bytes = 0

    def refresh(self) -> None:
        """Read the lines that were added since; a last line cut off by a kill does not count.

        Shards that could not be read are tried again. `problem` is why the index itself cannot be read now.
        """
        if any(self._is_back(name) for name in self._absent):
            # Later shards win, so all are read again, in their order.
            self._forget()
        self.problem = None
        try:
            with self.path.open("rb") as file:
                file.seek(self._read_bytes)
                lines = file.read()
        except FileNotFoundError:
            return
        except OSError as error:
            self.problem = error
            return
        whole = lines.rfind(b"\n") + 1
        self._read_bytes += whole
        for line in lines[:whole].splitlines():
            name = shard_named(line)
            if name is not None and name not in self.tables:
                self._take(name)

    def _is_back(self, name: str) -> bool:
        try:
            read_table(self.folder / name, self.dim)
        except (DamagedShardError, OSError):
            return False
        return True

    def _take(self, name: str) -> None:
        """Note what a shard holds; the images of one that is damaged or not there count as missing."""
        self.revision += 1
        try:
            rows, digests = self.tables[name] = read_table(self.folder / name, self.dim)
        except DamagedShardError:
            return
        except OSError:
            self._absent.add(name)
            return
        inside = rows < len(self._digest)
        self._digest[rows[inside]] = digests[inside]

    def digests(self, n: int) -> NDArray[np.bytes_]:
        """Digest the vector of each of `n` images was computed from, S64 (n,), empty where there is none.

        To be read at once: it changes with the next shard.
        """
        if n > len(self._digest):
            self._digest = np.zeros(n, DIGEST)
            for rows, digests in self.tables.values():
                inside = rows < n
                self._digest[rows[inside]] = digests[inside]
        known = self._digest[:n].view()
        known.flags.writeable = False
        return known


def unwritable(folder: Path, error: OSError) -> UserError:
    """What to say when a folder refuses."""
    return UserError(
        tr(
            "The folder {folder} cannot be written to: {reason}.",
            folder=folder,
            reason=system_reason(error),
        )
    )
