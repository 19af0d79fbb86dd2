"""Thumbnails on disk: packs of some hundred JPEGs each, found by the digest of the image they show.

A pack is a safetensors file: `digest` uint8 (m, 64) hex, `end` int64 (m,), `sum` uint64 (m,) the XXH3 of each
digest and JPEG, and `jpeg` uint8, the JPEGs one after another. Packs are immutable. They
can be made again from the images, so no index is kept beside them.
"""

from __future__ import annotations

import filecmp
import json
import struct
import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import xxhash
from numpy.typing import NDArray
from safetensors.numpy import save

from medlabeler.domain.durable import move_durably, write_durably
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.refusals import system_reason
from medlabeler.domain.set_aside import set_aside
from medlabeler.imaging.rendering import Rendering

SUFFIX = ".thumbs"


def write_pack(staging: Path, name: str, digests: Sequence[bytes | str], jpegs: Sequence[bytes]) -> Path:
    """Write a complete pack into `staging` for the store to adopt; `UserError` when the disk refuses."""
    hexes = [d.decode("ascii") if isinstance(d, bytes) else d for d in digests]
    if len(hexes) != len(jpegs) or not hexes:
        raise ValueError("a pack needs a digest for each JPEG, and at least one")
    path = staging / (name + SUFFIX)
    arrays: dict[str, NDArray[Any]] = {
        "digest": np.frombuffer("".join(h.ljust(64)[:64] for h in hexes).encode("ascii"), np.uint8).reshape(
            -1, 64
        ),
        "sum": np.array([_sum(_key(h.encode()), j) for h, j in zip(hexes, jpegs, strict=True)], np.uint64),
        "end": np.cumsum([len(j) for j in jpegs], dtype=np.int64),
        "jpeg": np.frombuffer(b"".join(jpegs), np.uint8),
    }
    try:
        staging.mkdir(parents=True, exist_ok=True)
        write_durably(path, save(arrays))
    except OSError as error:
        raise _unwritable(staging, error) from error
    return path


class ThumbnailStore:
    """The packs in one folder. `get` may be called from any thread."""

    def __init__(self, folder: Path, tell: Callable[[str], None] | None = None) -> None:
        """`tell` hears one sentence about each pack that cannot be used; the owner of the project has one."""
        self.folder = folder
        self._tell = tell
        self._lock = threading.Lock()
        self._packs: list[Path] = []
        self._places: dict[bytes, _Place] | None = None

    write_pack = staticmethod(write_pack)

    def adopt(self, staging: Path) -> int:
        """Move the complete packs of `staging` in and return their number; doing it again does no harm.

        `UserError` when the disk refuses.
        """
        moved = []
        try:
            for path in sorted(staging.glob("*" + SUFFIX)):
                self.folder.mkdir(parents=True, exist_ok=True)
                target = self.folder / path.name
                if target.exists() and filecmp.cmp(path, target, shallow=False):
                    path.unlink()
                elif target.exists():  # one of the two is damaged, perhaps not this one
                    set_aside(path, self.folder)
                else:
                    move_durably(path, target)
                    moved.append(target)
        except OSError as error:
            raise _unwritable(self.folder, error) from error
        with self._lock:
            if self._places is not None:
                for target in moved:
                    self._read(target, self._places)
        return len(moved)

    def get(self, digest: bytes | str) -> bytes | None:
        """The JPEG of the image with that digest, or None."""
        try:
            key = _key(digest if isinstance(digest, bytes) else digest.encode("ascii"))
        except ValueError:  # the digest of an image whose record is damaged
            return None
        with self._lock:
            place = self._indexed().get(key)
            if place is None:
                return None
            path = self._packs[place.pack]
        try:
            with path.open("rb") as file:
                file.seek(place.begin)
                jpeg = file.read(place.length)
        except OSError:
            return None
        if place.sum is not None and _sum(key, jpeg) != place.sum:
            self._say(
                tr("{path} is damaged; the pictures that it holds wrong are read from the images.", path=path)
            )
            return None
        return jpeg

    def names(self, digests: Iterable[bytes], rendering: Rendering) -> list[str]:
        """Under which name each image's picture is asked for, all of one kind, to be compared: as `rendering`
        shows them, or, where more were kept before it was chosen, as they were shown then.
        """
        before = [digest.decode("ascii", "replace") for digest in digests]
        if rendering.is_default:
            return before
        now = [rendering.name_of(digest) for digest in before]
        with self._lock:
            places = self._indexed()
        kept = [sum(_key(name.encode()) in places for name in names) for names in (now, before)]
        return now if kept[0] >= kept[1] else before

    def __contains__(self, digest: bytes | str) -> bool:
        return self.get(digest) is not None

    def _indexed(self) -> dict[bytes, _Place]:
        """Where every JPEG lies; called under the lock."""
        if self._places is None:
            self._places = {}
            for path in sorted(self.folder.glob("*" + SUFFIX)):
                self._read(path, self._places)
        return self._places

    def _read(self, path: Path, places: dict[bytes, _Place]) -> None:
        """Note where the JPEGs of a pack lie; one that cannot be used counts as absent, and that is told."""
        try:
            digests, base, ends, sums = _contents(path)
        except OSError as error:
            self._say(
                tr(
                    "{path} cannot be read now ({reason}); it stays where it is, and its "
                    "pictures are read from the images.",
                    path=path,
                    reason=system_reason(error),
                )
            )
            return
        except (ValueError, KeyError, TypeError, struct.error):
            if self._tell is not None:
                self._set_aside(path)
            return
        number = len(self._packs)
        self._packs.append(path)
        begin = 0
        for key, end, total in zip(digests, ends, sums, strict=True):
            places[key] = _Place(number, base + begin, end - begin, total)
            begin = end

    def _say(self, sentence: str) -> None:
        if self._tell is not None:
            self._tell(sentence)

    def _set_aside(self, path: Path) -> None:
        try:
            how = tr("was set aside as {set_aside}", set_aside=set_aside(path, self.folder))
        except OSError as error:
            how = tr("cannot be set aside ({reason})", reason=system_reason(error))
        self._say(
            tr("{path} is damaged and {how}; its pictures are read from the images.", path=path, how=how)
        )


class _Place(NamedTuple):
    """Where a JPEG lies: number of its pack, first byte, bytes, and what they add up to, if known."""

    pack: int
    begin: int
    length: int
    sum: int | None


def _contents(path: Path) -> tuple[list[bytes], int, list[int], list[int] | list[None]]:
    """Keys of the images of a pack, where its JPEGs begin in the file, where each ends behind that, and its
    sum (None in a pack of a version that wrote none).

    `OSError` when it cannot be read, other exceptions when it was read and is wrong.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        if length > size:
            raise ValueError("a header longer than the file")
        header = json.loads(file.read(length))
        start = 8 + length
        parts = {}
        for name in ("digest", "end", *(["sum"] if "sum" in header else [])):
            begin, end = header[name]["data_offsets"]
            if not 0 <= begin <= end <= size:
                raise ValueError("places outside the file")
            file.seek(start + begin)
            parts[name] = file.read(end - begin)
    base = start + header["jpeg"]["data_offsets"][0]
    ends = np.frombuffer(parts["end"], np.int64)
    if len(ends) and not (ends[0] >= 0 and (np.diff(ends) >= 0).all() and base + ends[-1] <= size):
        raise ValueError("places outside the file")
    digests = [parts["digest"][at : at + 64] for at in range(0, len(parts["digest"]), 64)]
    if len(digests) != len(ends):
        raise ValueError("not as many digests as pictures")
    sums = np.frombuffer(parts["sum"], np.uint64).tolist() if "sum" in parts else [None] * len(ends)
    if len(sums) != len(ends):
        raise ValueError("not as many sums as pictures")
    return [_key(digest) for digest in digests], base, ends.tolist(), sums


def _unwritable(folder: Path, error: OSError) -> UserError:
    return UserError(
        tr(
            "The folder {folder} cannot be written to: {reason}.",
            folder=folder,
            reason=system_reason(error),
        )
    )


def _sum(key: bytes, jpeg: bytes) -> int:
    return xxhash.xxh3_64_intdigest(key + jpeg)


def _key(digest: bytes) -> bytes:
    """Half of the digest tells images apart as surely as the whole, at a quarter of the memory."""
    return bytes.fromhex(digest[:32].decode("ascii"))
