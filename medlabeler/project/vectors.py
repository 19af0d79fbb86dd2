"""Embeddings and projections on disk, keyed by what made them. No database: engine and workers use this too.

`vectors/<key>/info.json` says what made the numbers. Shards are immutable safetensors files (`rows` int64
(m,), `digest` uint8 (m, 64), `vectors` float16 (m, dim)) named in `index.jsonl`; a shard is flushed to disk
before the index names it, and later shards win. A process that is killed leaves at most one unfinished
temporary file. What was read and is wrong moves to `vectors/<key>/set-aside`; nothing is deleted because it
could not be read.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import save

from medlabeler.domain.checksums import check, metadata_of, sealed, sums_in, unsealed
from medlabeler.domain.durable import move_durably, sync_folder, write_durably
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.refusals import system_reason
from medlabeler.domain.set_aside import set_aside
from medlabeler.project.embedding_info import ADOPTED as ADOPTED
from medlabeler.project.embedding_info import EmbeddingInfo as EmbeddingInfo
from medlabeler.project.shards import (
    DIGEST,
    SUFFIX,
    DamagedShardError,
    ShardIndex,
    opened,
    read_table,
    read_vectors,
    shard_named,
    unwritable,
)
from medlabeler.project.shards import write_shard as write_shard

AGAIN = tr("it is computed again")
LEARNED = "learned.json"
LINE_BEGINS = b'{"shard": "'


class VectorStore:
    """All embeddings of a project, in `folder`. One process adopts, any number may read."""

    def __init__(self, folder: Path, tell: Callable[[str], None] | None = None) -> None:
        """`tell` hears one sentence about each thing that cannot be used; the owner has one."""
        self.folder = folder
        self._tell = tell
        self._indices: dict[str, ShardIndex] = {}
        self._lacking: dict[str, tuple[NDArray[np.bytes_], int, NDArray[np.int64]]] = {}
        self._infos: dict[str, EmbeddingInfo] = {}

    write_shard = staticmethod(write_shard)

    def create(self, info: EmbeddingInfo) -> str:
        """Make room for an embedding, or find it again; returns its key. `UserError` if the disk refuses."""
        path = self.folder / info.key / "info.json"
        try:
            self._read_info(info.key)
            return info.key
        except (FileNotFoundError, NotADirectoryError):
            pass
        except OSError as error:
            raise _unreadable(path, error) from error
        except ValueError:
            self._put_aside(path, info.key, tr("is damaged"), tr("it is written again"))
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_durably(path, json.dumps(asdict(info), indent=1).encode())
        except OSError as error:
            raise unwritable(path.parent, error) from error
        return info.key

    def keys(self) -> list[str]:
        """Keys of the embeddings that can be used, sorted."""
        return [key for key in self.folders() if self.usable(key)]

    def folders(self) -> list[str]:
        """Keys of all embeddings, also of those that cannot be used, sorted."""
        try:
            return sorted(path.name for path in self.folder.iterdir() if path.is_dir())
        except FileNotFoundError:
            return []
        except OSError as error:
            self._say(str(_unreadable(self.folder, error)))
            return []

    def usable(self, key: str) -> bool:
        """Whether it is known what made embedding `key`."""
        try:
            self.info(key)
        except UserError:
            return False
        return True

    def info(self, key: str) -> EmbeddingInfo:
        """What made embedding `key`; `UserError` when it is not here, damaged, or cannot be read now."""
        if key not in self._infos:
            path = self.folder / key / "info.json"
            try:
                self._infos[key] = self._read_info(key)
            except (FileNotFoundError, NotADirectoryError, ValueError) as error:
                if isinstance(error, FileNotFoundError) and not self.folder.parent.is_dir():
                    raise _unreadable(path, error) from error  # with its whole project, for a while perhaps
                raise UserError(
                    tr(
                        "The vectors {key} are missing or damaged ({path}); let the image model look "
                        "at the images again.",
                        key=key,
                        path=path,
                    )
                ) from error
            except OSError as error:
                raise _unreadable(path, error) from error
        return self._infos[key]

    def _read_info(self, key: str) -> EmbeddingInfo:
        """`OSError` when it cannot be read, `ValueError` when it was read and is not that of `key`."""
        info = EmbeddingInfo.from_json(json.loads((self.folder / key / "info.json").read_bytes()))
        if info.key != key:
            raise ValueError("it tells of another embedding")
        return info

    def mend(self, key: str, known: EmbeddingInfo | None) -> None:
        """Set aside what cannot be right in the folder of embedding `key`, and write it again.

        `known`: what made it, as it was noted elsewhere. For the owner, before anything else reads.
        `UserError` when the embedding cannot be used now, or when the disk refuses.
        """
        path = self.folder / key / "info.json"
        try:
            self._read_info(key)
        except (FileNotFoundError, ValueError) as error:
            if known is None:
                if not any(path.parent.glob("*" + SUFFIX)):
                    return  # a kill while it was begun
                raise UserError(
                    tr(
                        "{path} is missing or damaged, so what its image model saw cannot be used; its"
                        " vectors stay where they are and are used again when the same image model "
                        "looks at the images, or the same file is adopted, once more.",
                        path=path,
                    )
                ) from error
            if isinstance(error, ValueError):
                self._put_aside(
                    path, key, tr("is damaged"), tr("it was written again from what the project knows")
                )
            else:
                self._say(
                    tr("{path} was missing; it was written again from what the project knows.", path=path)
                )
            self.create(known)
        except OSError as error:
            raise _unreadable(path, error) from error
        self._mend_index(key)

    def _mend_index(self, key: str) -> None:
        """Write the index again without lines that are damaged; `adopt` names the shards they named."""
        path = self.folder / key / "index.jsonl"
        try:
            lines = path.read_bytes().splitlines(keepends=True)
        except FileNotFoundError:
            return
        except OSError as error:
            raise _unreadable(path, error) from error
        good = [line for line in lines if line.endswith(b"\n") and shard_named(line)]
        # The last line may be cut off by a kill; the others were whole.
        cut_off = lines[-1] if lines and LINE_BEGINS.startswith(lines[-1][: len(LINE_BEGINS)]) else b""
        if len(good) + bool(cut_off and not cut_off.endswith(b"\n")) == len(lines):
            return
        self._put_aside(
            path, key, tr("has damaged lines"), tr("it was written again from the shards that are here")
        )
        if not path.exists():
            try:
                write_durably(path, b"".join(good))
            except OSError as error:
                raise unwritable(path.parent, error) from error

    def _put_aside(self, path: Path, key: str, fault: str, remedy: str) -> None:
        """Move what is wrong out of the way and tell; where even that is refused it stays."""
        try:
            self._say(
                tr(
                    "{path} {fault} and was set aside as {set_aside}; {remedy}.",
                    path=path,
                    fault=fault,
                    set_aside=set_aside(path, self.folder / key),
                    remedy=remedy,
                )
            )
        except OSError as error:
            self._say(
                tr(
                    "{path} {fault} and cannot be set aside ({reason}); {remedy}.",
                    path=path,
                    fault=fault,
                    reason=system_reason(error),
                    remedy=remedy,
                )
            )

    def note_learned(self, key: str, digests: Sequence[str]) -> None:
        """Remember whose labels embedding `key` has learned from; `UserError` if the disk refuses."""
        path = self.folder / key / LEARNED
        try:
            write_durably(path, sealed(list(digests)))
        except OSError as error:
            raise unwritable(path.parent, error) from error

    def learned(self, key: str) -> NDArray[np.bytes_] | None:
        """Digests of the images whose labels embedding `key` learned from; None where that is not known."""
        path = self.folder / key / LEARNED
        try:
            found = unsealed(path.read_bytes())
            if not isinstance(found, list):
                raise ValueError("it is no list")
            return np.array([str(digest).encode("ascii") for digest in found], "S64")
        except (ValueError, TypeError):
            self._replaceable(path, tr("whose labels it learned from counts as unknown"))
        except OSError as error:
            self._missing(path, error)
        return None

    def note_speed(self, key: str, images_per_s: float, device: str) -> None:
        """Remember how fast embedding `key` was computed, on what; `UserError` if the disk refuses."""
        path = self.folder / key / "speed.json"
        try:
            write_durably(path, sealed({"images_per_s": images_per_s, "device": device}))
        except OSError as error:
            raise unwritable(path.parent, error) from error

    def speed(self, key: str) -> tuple[float, str] | None:
        """Images per second and device of the last long run, or None."""
        path = self.folder / key / "speed.json"
        try:
            stored = unsealed(path.read_bytes())
            return float(stored["images_per_s"]), str(stored["device"])
        except (ValueError, KeyError, TypeError):
            self._replaceable(path, tr("it is noted again at the next long run"))
        except OSError as error:
            self._missing(path, error)
        return None

    def _replaceable(self, path: Path, remedy: str) -> None:
        """Set aside what was read and is wrong; whoever only reads leaves that to the owner."""
        if self._tell is not None:
            self._put_aside(path, path.parent.name, tr("is damaged"), remedy)

    def _missing(self, path: Path, error: OSError) -> None:
        """Tell of a file that is there and cannot be read now."""
        if not isinstance(error, FileNotFoundError):
            self._say(str(_unreadable(path, error)))

    def _say(self, sentence: str) -> None:
        if self._tell is not None:
            self._tell(sentence)

    def missing(self, key: str, digests: NDArray[np.bytes_]) -> NDArray[np.int64]:
        """Rows, int64, without a vector, or with one of a file that has changed since; `digests` S64 (n,).

        Asked again about the same array, which nobody may have changed, it answers from memory.
        """
        index = self._index(key)
        known = self._lacking.get(key)
        if known is None or known[0] is not digests or known[1] != index.revision:
            rows = np.flatnonzero(index.digests(len(digests)) != digests.astype(DIGEST, copy=False))
            known = self._lacking[key] = digests, index.revision, rows
        return known[2]

    def adopt(self, key: str, staging: Path) -> int:
        """Take in the complete shards of `staging`; returns how many images they hold.

        Doing it again does no harm. A shard that an earlier call moved but, killed, did not name is named
        now. What cannot be read now stays where it is; what is damaged, or no shard of this embedding, is
        set aside in the embedding's folder. `UserError` when the disk refuses.
        """
        folder, index = self.folder / key, self._index(key)
        if index.problem is not None:
            raise _unreadable(index.path, index.problem)
        known, lines, adopted = set(index.tables), [], 0
        try:
            nameless = (path for path in folder.glob("*" + SUFFIX) if path.name not in known)
            for path in [*sorted(nameless, key=_age), *sorted(staging.glob("*" + SUFFIX))]:
                if path.name in known:
                    path.unlink()  # its twin is here and was read
                    continue
                rows = self._usable_rows(key, path)
                if rows is None or (path.parent != folder and (folder / path.name).exists()):
                    continue
                if path.parent != folder:
                    move_durably(path, folder / path.name)
                known.add(path.name)
                lines.append(json.dumps({"shard": path.name, "n": len(rows)}) + "\n")
                adopted += len(rows)
            if lines:
                self._append(index.path, "".join(lines))
        except OSError as error:
            raise unwritable(folder, error) from error
        index.refresh()
        return adopted

    def _usable_rows(self, key: str, path: Path) -> NDArray[np.int64] | None:
        """The rows of a shard, or None for one that cannot be used now; it is told, never deleted."""
        info = self.info(key)
        try:
            return read_table(path, info.dim)[0]
        except DamagedShardError as error:
            self._put_aside(path, key, tr("is damaged ({error})", error=error), _again(info))
        except OSError as error:
            self._say(str(_unreadable(path, error)))
        return None

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
        self,
        key: str,
        n: int,
        digests: NDArray[np.bytes_] | None = None,
        out: NDArray[np.float16] | None = None,
    ) -> tuple[NDArray[np.float16], NDArray[np.bool_]]:
        """Vectors float16 (n, dim), zero where absent, and which are present, bool (n,).

        With `digests` S64 (n,), vectors of files that have changed since count as absent. `out` is filled
        and returned. `UserError` for a shard that was damaged while it was in use.
        """
        index = self._index(key)
        vectors = np.empty((n, index.dim), np.float16) if out is None else out
        vectors[:] = 0
        for name, (rows, _) in index.tables.items():
            inside = rows < n
            vectors[rows[inside]] = self._vectors(index, name, len(rows))[inside]
        have = index.digests(n)
        present = have != b"" if digests is None else have == digests.astype(DIGEST, copy=False)
        vectors[~present] = 0
        return vectors, present

    @staticmethod
    def _vectors(index: ShardIndex, name: str, m: int) -> NDArray[np.float16]:
        path = index.folder / name
        try:
            return read_vectors(path, (m, index.dim))
        except (DamagedShardError, OSError) as error:
            raise UserError(
                tr(
                    "{path} cannot be read any more ({reason}); open the project again: what is "
                    "damaged is set aside and its images are looked at again.",
                    path=path,
                    reason=system_reason(error),
                )
            ) from error

    def damaged(self, key: str) -> list[str]:
        """Names of the shards whose vectors are not what was written. Reads all of them: for a thread."""
        index = ShardIndex(self.folder / key, self.info(key).dim)
        index.refresh()
        found = []
        for name, (rows, _) in index.tables.items():
            try:
                read_vectors(index.folder / name, (len(rows), index.dim))
            except DamagedShardError:
                found.append(name)
            except OSError:
                continue  # told when it is used; it may be there again tomorrow
        return found

    def leave_out(self, key: str, names: list[str]) -> None:
        """Set damaged shards aside: their images count as missing, and are embedded again."""
        for name in names:
            fault = tr("is damaged (its content is not what was written)")
            self._put_aside(self.folder / key / name, key, fault, _again(self.info(key)))
        self._indices.pop(key, None)

    def _index(self, key: str) -> ShardIndex:
        if key not in self._indices:
            self._indices[key] = ShardIndex(self.folder / key, self.info(key).dim)
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
        loaded = self._projection(key, method)
        return None if loaded is None else loaded[0]

    def _projection(self, key: str, method: str) -> tuple[NDArray[np.float32], dict[str, Any]] | None:
        loaded = self._load(f"{key}/projection-{method}", {"coords": (np.float32, (None, 2))})
        return None if loaded is None else (loaded[0]["coords"], loaded[1])

    def projections(self, key: str) -> dict[str, dict[str, Any]]:
        """Methods that have a stored projection, each with its facts."""
        found = {}
        for path in sorted((self.folder / key).glob("projection-*.safetensors")):
            method = path.stem.removeprefix("projection-")
            if (loaded := self._projection(key, method)) is not None:
                found[method] = loaded[1]
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
        shapes = {"index": (np.int32, (None, None)), "distance": (np.float32, (None, None))}
        loaded = self._load(f"{key}/neighbours", shapes)
        if loaded is None:
            return None
        index, distance = loaded[0]["index"], loaded[0]["distance"]
        if index.shape != distance.shape or (
            index.size and not -1 <= index.min() <= index.max() < len(index)
        ):
            self._replaceable(self.folder / key / "neighbours.safetensors", AGAIN)
            return None
        return index, distance

    def _save(self, name: str, arrays: dict[str, NDArray[Any]], facts: dict[str, Any]) -> None:
        path = self.folder / f"{name}.safetensors"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_durably(path, save(arrays, {"facts": json.dumps(facts), **metadata_of(arrays)}))
        except OSError as error:
            raise unwritable(path.parent, error) from error

    def _load(
        self, name: str, shapes: Mapping[str, tuple[type, tuple[int | None, ...]]]
    ) -> tuple[dict[str, NDArray[Any]], dict[str, Any]] | None:
        """Arrays of these dtypes and shapes (None: any length), and facts; None where they are not to be had.

        What was read and is wrong is set aside by the owner.
        """
        path = self.folder / f"{name}.safetensors"
        try:
            with opened(path) as file:
                arrays = {key: np.asarray(file.get_tensor(key)) for key in shapes}
                facts = json.loads((file.metadata() or {}).get("facts", "{}"))
                sums = sums_in(file.metadata())
            for name, array in arrays.items():
                check(name, array, sums)
        except (SafetensorError, ValueError):
            self._replaceable(path, AGAIN)
            return None
        except OSError as error:
            self._missing(path, error)
            return None
        if not isinstance(facts, dict) or not all(_fits(arrays[key], *shapes[key]) for key in shapes):
            self._replaceable(path, AGAIN)
            return None
        return arrays, facts


def _fits(array: NDArray[Any], dtype: type, shape: tuple[int | None, ...]) -> bool:
    lengths = zip(array.shape, shape, strict=False)
    return array.dtype == dtype and array.ndim == len(shape) and all(b in (None, a) for a, b in lengths)


def _age(path: Path) -> tuple[int, str]:
    """What shards that lost their place in the index are sorted by: of two for one image the later wins."""
    try:
        return path.stat().st_mtime_ns, path.name
    except OSError:
        return 0, path.name


def _unreadable(path: Path, error: OSError) -> UserError:
    return UserError(
        tr(
            "{path} cannot be read now ({reason}); it stays where it is, counts as "
            "absent, and is used again as soon as it can be read.",
            path=path,
            reason=system_reason(error),
        )
    )


def _again(info: EmbeddingInfo) -> str:
    """How the images of a lost shard get their vectors back."""
    if not info.adopted:
        return tr("its images are looked at again")
    name = info.backbone.removeprefix(ADOPTED)
    return tr("its vectors came from {name} and cannot be computed again: adopt that file again", name=name)
