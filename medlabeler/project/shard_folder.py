"""Vectors of images that no project holds yet: a folder of shards, made beyond one machine, which any project
takes in.

`info.json` says what made the numbers, as in a project; `images.txt` names the images, one address a line,
and `order.json` its SHA-256 and where they were listed. A shard is one as in a project (`shards`), checksums
included; its rows are lines of the list. What is known of an image is its digest: by that a project finds it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.durable import write_durably
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.refusals import system_reason
from medlabeler.project.embedding_info import EmbeddingInfo
from medlabeler.project.shards import (
    SUFFIX,
    DamagedShardError,
    Table,
    read_table,
    read_vectors,
    unwritable,
    write_shard,
)

INFO, IMAGES, ORDER = "info.json", "images.txt", "order.json"


class ShardFolder:
    """One such folder; `info` says what made its vectors, `images` are the addresses in their order."""

    def __init__(self, path: Path, info: EmbeddingInfo, images: list[str]) -> None:
        self.path, self.info, self.images = path, info, images

    @classmethod
    def begin(cls, path: Path, info: EmbeddingInfo, source: str, images: list[str]) -> ShardFolder:
        """Make it, or go on with one of the same backbone and the same list, whose `images` are the first
        ones then; `UserError` for any other.
        """
        if (path / INFO).exists():
            found = cls.open(path)
            if found.info.key != info.key or json.loads((path / ORDER).read_bytes())["source"] != source:
                raise UserError(
                    tr(
                        "{path} holds vectors of other images or of another image model; name a new folder.",
                        path=path,
                    )
                )
            return found
        content = "".join(f"{name}\n" for name in images).encode("utf-8", "surrogateescape")
        order = {"source": source, "sha256": hashlib.sha256(content).hexdigest()}
        try:
            path.mkdir(parents=True, exist_ok=True)
            write_durably(path / IMAGES, content)
            write_durably(path / ORDER, json.dumps(order).encode())
            write_durably(path / INFO, json.dumps(asdict(info), indent=1).encode())  # last: it is complete
        except OSError as error:
            raise unwritable(path, error) from error
        return cls(path, info, images)

    @classmethod
    def open(cls, path: Path) -> ShardFolder:
        """The folder as it was made; `UserError` for one that is none, or whose list was changed."""
        try:
            info = EmbeddingInfo.from_json(json.loads((path / INFO).read_bytes()))
            content = (path / IMAGES).read_bytes()
            told = json.loads((path / ORDER).read_bytes())["sha256"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise UserError(tr("{path} is not a folder of vectors, or it is damaged.", path=path)) from error
        if hashlib.sha256(content).hexdigest() != told:
            raise UserError(
                tr("The list of images in {path} is not the one its vectors belong to.", path=path)
            )
        return cls(path, info, content.decode("utf-8", "surrogateescape").splitlines())

    def shards(self) -> list[Path]:
        """Files of the shards that are here."""
        return sorted(self.path.glob("*" + SUFFIX))

    def numbers(self) -> set[int]:
        """Those of the shards that are here and whole; one that is not is made again."""
        found = set()
        for path in self.shards():
            try:
                self.read(path)
                found.add(int(path.stem))
            except (DamagedShardError, OSError, ValueError):
                continue
        return found

    def write(
        self,
        number: int,
        lines: NDArray[np.int64],
        digests: NDArray[np.bytes_],
        vectors: NDArray[np.float16],
    ) -> None:
        """Add a shard, complete and flushed; `UserError` when the disk refuses."""
        write_shard(self.path, f"{number:08d}", lines, digests, vectors)

    def read(self, path: Path) -> tuple[Table, NDArray[np.float16]]:
        """A shard, its checksums held against all of it; `OSError`, `DamagedShardError`."""
        table = read_table(path, self.info.dim)
        vectors = read_vectors(path, (len(table[0]), self.info.dim))
        if len(table[0]) and table[0].max() >= len(self.images):
            raise DamagedShardError(tr("it names images beyond the list"))
        if not np.isfinite(vectors).all():
            raise DamagedShardError(tr("it holds numbers that are not finite"))
        return table, vectors

    def checked(self) -> Iterator[tuple[Path, Table]]:
        """Every shard, read whole; `UserError` for the first that is damaged or cannot be read."""
        for path in self.shards():
            try:
                yield path, self.read(path)[0]
            except (DamagedShardError, OSError) as error:
                raise UserError(
                    tr(
                        "{path} is damaged ({reason}), so nothing was taken in; make it again, which "
                        "leaves the other shards as they are.",
                        path=path,
                        reason=system_reason(error),
                    )
                ) from error
