"""Embeddings and projections on disk, keyed by what made them. No database: engine and workers use this too.

`vectors/<key>/info.json` says what made the numbers. Shards are immutable safetensors files (`rows` int64
(m,), `digest` uint8 (m, 64), `vectors` float16 (m, dim)) named in `index.jsonl`; a shard is flushed to disk
before the index names it, and later shards win. A process that is killed leaves at most one unfinished
temporary file.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from medlabeler.domain.durable import move_durably, sync_folder, write_durably
from medlabeler.domain.errors import UserError

SUFFIX = ".shard"
DIGEST = np.dtype("S64")


@dataclass(frozen=True)
class EmbeddingInfo:
    """What made an embedding. `key` depends on what determines the numbers, not on names and licences."""

    backbone: str
    title: str
    weights_sha256: str
    dim: int
    preprocessing: dict[str, Any]
    pooling: str
    precision: str
    self_supervised: bool
    licence: str
    note: str = ""

    @property
    def key(self) -> str:
        """16 hex characters of the SHA-256 of weights, preprocessing, pooling, precision and dimension."""
        made_by = [self.weights_sha256, self.dim, self.preprocessing, self.pooling, self.precision]
        canonical = json.dumps(made_by, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()[:16]


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
        write_durably(path, save(arrays))
    except OSError as error:
        raise _unwritable(staging, error) from error
    return path


class _Index:
    """What the shards of one embedding hold, read as far as the index has grown."""

    def __init__(self, folder: Path, dim: int) -> None:
        self.folder, self.dim = folder, dim
        self.names: list[str] = []
        self.digest = np.zeros(0, DIGEST)
        self._read_bytes = 0

    def refresh(self) -> None:
        """Read the lines that were added since; a last line cut off by a kill does not count."""
        try:
            with (self.folder / "index.jsonl").open("rb") as file:
                file.seek(self._read_bytes)
                lines = file.read()
        except FileNotFoundError:
            return
        whole = lines.rfind(b"\n") + 1
        self._read_bytes += whole
        known = set(self.names)
        for line in lines[:whole].splitlines():
            try:
                name = str(json.loads(line)["shard"])
            except (ValueError, KeyError, TypeError):
                continue
            if name not in known and self._take(name):
                known.add(name)

    def _take(self, name: str) -> bool:
        try:
            with safe_open(self.folder / name, framework="numpy") as shard:
                rows = shard.get_tensor("rows")
                digests = shard.get_tensor("digest")
        except (SafetensorError, OSError):
            # Lost from disk or damaged: its images count as missing and are computed again.
            return False
        if len(rows):
            needed = int(rows.max()) + 1
            if needed > len(self.digest):
                grown = np.zeros(max(needed, 2 * len(self.digest)), DIGEST)
                grown[: len(self.digest)] = self.digest
                self.digest = grown
            self.digest[rows] = np.ascontiguousarray(digests).view(DIGEST)[:, 0]
        self.names.append(name)
        return True

    def digests(self, n: int) -> NDArray[np.bytes_]:
        """Digest the vector of each of `n` images was computed from, S64 (n,), empty where there is none."""
        out = np.zeros(n, DIGEST)
        m = min(n, len(self.digest))
        out[:m] = self.digest[:m]
        return out


class VectorStore:
    """All embeddings of a project, in `folder`. One process adopts, any number may read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._indices: dict[str, _Index] = {}
        self._infos: dict[str, EmbeddingInfo] = {}

    write_shard = staticmethod(write_shard)

    def create(self, info: EmbeddingInfo) -> str:
        """Make room for an embedding, or find it again; returns its key. `UserError` if the disk refuses."""
        folder = self.folder / info.key
        if not (folder / "info.json").is_file():
            try:
                folder.mkdir(parents=True, exist_ok=True)
                write_durably(folder / "info.json", json.dumps(asdict(info), indent=1).encode())
            except OSError as error:
                raise _unwritable(folder, error) from error
        return info.key

    def keys(self) -> list[str]:
        """Keys of the embeddings that are here, sorted."""
        return sorted(path.parent.name for path in self.folder.glob("*/info.json"))

    def info(self, key: str) -> EmbeddingInfo:
        """What made embedding `key`; `UserError` when it is not here or damaged."""
        if key not in self._infos:
            path = self.folder / key / "info.json"
            try:
                stored = json.loads(path.read_text(encoding="utf-8"))
                names = {field.name for field in fields(EmbeddingInfo)}
                self._infos[key] = EmbeddingInfo(**{k: v for k, v in stored.items() if k in names})
            except (OSError, ValueError, TypeError, AttributeError) as error:
                raise UserError(
                    f"The embedding {key} is missing or damaged ({path}); embed the images again."
                ) from error
        return self._infos[key]

    def note_speed(self, key: str, images_per_s: float, device: str) -> None:
        """Remember how fast embedding `key` was computed, on what; `UserError` if the disk refuses."""
        path = self.folder / key / "speed.json"
        try:
            write_durably(path, json.dumps({"images_per_s": images_per_s, "device": device}).encode())
        except OSError as error:
            raise _unwritable(path.parent, error) from error

    def speed(self, key: str) -> tuple[float, str] | None:
        """Images per second and device of the last long run, or None."""
        try:
            stored = json.loads((self.folder / key / "speed.json").read_text(encoding="utf-8"))
            return float(stored["images_per_s"]), str(stored["device"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def missing(self, key: str, digests: NDArray[np.bytes_]) -> NDArray[np.int64]:
        """Rows, int64, without a vector, or with one of a file that has changed since; `digests` S64 (n,)."""
        index = self._index(key)
        return np.flatnonzero(index.digests(len(digests)) != digests.astype(DIGEST))

    def adopt(self, key: str, staging: Path) -> int:
        """Take in the complete shards of `staging`; returns how many images they hold.

        Doing it again does no harm. A shard that an earlier call moved but, killed, did not name is named
        now. A file in `staging` that is not a shard of this embedding is removed. `UserError` when the disk
        refuses.
        """
        folder = self.folder / key
        dim = self.info(key).dim
        index = self._index(key)
        known = set(index.names)
        lines, adopted = [], 0
        try:
            for path in [*sorted(folder.glob("*" + SUFFIX)), *sorted(staging.glob("*" + SUFFIX))]:
                if path.name in known:
                    if path.parent != folder:
                        path.unlink()
                    continue
                n = _count(path, dim)
                if n is None:
                    path.unlink()
                    continue
                if path.parent != folder:
                    move_durably(path, folder / path.name)
                known.add(path.name)
                lines.append(json.dumps({"shard": path.name, "n": n}) + "\n")
                adopted += n
            if lines:
                self._append(folder / "index.jsonl", "".join(lines))
        except OSError as error:
            raise _unwritable(folder, error) from error
        index.refresh()
        return adopted

    @staticmethod
    def _append(path: Path, lines: str) -> None:
        """Append whole lines and flush them; half a line left by a kill is cut off first."""
        with path.open("ab+") as file:
            file.seek(0)
            content = file.read()
            file.truncate(content.rfind(b"\n") + 1)
            file.seek(0, os.SEEK_END)
            file.write(lines.encode())
            file.flush()
            os.fsync(file.fileno())
        sync_folder(path.parent)

    def load(
        self, key: str, n: int, digests: NDArray[np.bytes_] | None = None
    ) -> tuple[NDArray[np.float16], NDArray[np.bool_]]:
        """Vectors float16 (n, dim), zero where absent, and which are present, bool (n,).

        With `digests` S64 (n,), vectors of files that have changed since count as absent. `UserError` for a
        shard that was damaged while it was in use.
        """
        index = self._index(key)
        vectors = np.zeros((n, index.dim), np.float16)
        for rows, values in self._shards(index):
            inside = rows < n
            vectors[rows[inside]] = values[inside]
        have = index.digests(n)
        present = have != b"" if digests is None else have == digests.astype(DIGEST)
        vectors[~present] = 0
        return vectors, present

    def _shards(self, index: _Index) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float16]]]:
        for name in index.names:
            try:
                with safe_open(index.folder / name, framework="numpy") as shard:
                    part = shard.get_tensor("rows"), shard.get_tensor("vectors")
            except (SafetensorError, OSError) as error:
                raise UserError(
                    f"{index.folder / name} is damaged; delete it and embed the images again."
                ) from error
            yield part

    def _index(self, key: str) -> _Index:
        if key not in self._indices:
            self._indices[key] = _Index(self.folder / key, self.info(key).dim)
        index = self._indices[key]
        index.refresh()
        return index

    def save_projection(
        self, key: str, method: str, coords: NDArray[np.float32], facts: dict[str, Any] | None = None
    ) -> None:
        """Store the map's coordinates, float32 (n, 2), NaN where an image has none, and JSON-able facts about
        them.
        """
        self._save(
            f"{key}/projection-{method}", {"coords": np.ascontiguousarray(coords, np.float32)}, facts or {}
        )

    def load_projection(self, key: str, method: str) -> NDArray[np.float32] | None:
        """Coordinates float32 (n, 2) as they were stored, or None. n may be smaller than the number of images
        now.
        """
        loaded = self._load(f"{key}/projection-{method}")
        return None if loaded is None else loaded[0]["coords"]

    def projections(self, key: str) -> dict[str, dict[str, Any]]:
        """Methods that have a stored projection, each with its facts."""
        found = {}
        for path in sorted((self.folder / key).glob("projection-*.safetensors")):
            loaded = self._load(f"{key}/{path.stem}")
            if loaded is not None:
                found[path.stem.removeprefix("projection-")] = loaded[1]
        return found

    def save_knn_graph(self, key: str, index: NDArray[np.int32], distance: NDArray[np.float32]) -> None:
        """Store the nearest neighbours of every image: `index` int32 (n, k), -1 where absent, `distance`
        float32.
        """
        arrays = {
            "index": np.ascontiguousarray(index, np.int32),
            "distance": np.ascontiguousarray(distance, np.float32),
        }
        self._save(f"{key}/neighbours", arrays, {})

    def load_knn_graph(self, key: str) -> tuple[NDArray[np.int32], NDArray[np.float32]] | None:
        """Index int32 (n, k) and distance float32 (n, k) as they were stored, or None."""
        loaded = self._load(f"{key}/neighbours")
        return None if loaded is None else (loaded[0]["index"], loaded[0]["distance"])

    def _save(self, name: str, arrays: dict[str, NDArray[Any]], facts: dict[str, Any]) -> None:
        path = self.folder / f"{name}.safetensors"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_durably(path, save(arrays, {"facts": json.dumps(facts)}))
        except OSError as error:
            raise _unwritable(path.parent, error) from error

    def _load(self, name: str) -> tuple[dict[str, NDArray[Any]], dict[str, Any]] | None:
        path = self.folder / f"{name}.safetensors"
        try:
            with safe_open(path, framework="numpy") as file:
                arrays = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118 - not a dict
                return arrays, json.loads((file.metadata() or {}).get("facts", "{}"))
        except (SafetensorError, OSError, ValueError):
            return None


def _count(path: Path, dim: int) -> int | None:
    """Number of images in a complete shard of an embedding of `dim` numbers, or None for anything else."""
    try:
        with safe_open(path, framework="numpy") as shard:
            shapes = {
                name: tuple(shard.get_slice(name).get_shape()) for name in ("rows", "digest", "vectors")
            }
    except (SafetensorError, OSError):
        return None
    (n,) = shapes["rows"]
    return int(n) if shapes["vectors"] == (n, dim) and shapes["digest"] == (n, 64) else None


def _unwritable(folder: Path, error: OSError) -> UserError:
    return UserError(f"The folder {folder} cannot be written to: {error.strerror or error}.")
