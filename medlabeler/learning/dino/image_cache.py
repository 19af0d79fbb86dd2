"""Images decoded once, at the size training works at, in one file that is mapped into memory."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.durable import write_durably
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.progress import Progress
from medlabeler.domain.refusals import system_reason
from medlabeler.domain.reserved import mapped_npy, reserved_npy

_READERS = 4
_BLOCK = 512


class ImageCache:
    """Pixels uint8 (n, size, size, 3) of the images with the given digests, in a folder of their own below
    `root`.

    Filled a block at a time; a block is marked only after its pixels are on disk, so that a killed run goes
    on where it was, and later runs on the same images begin at once.
    """

    def __init__(self, root: Path, digests: Sequence[str], size: int) -> None:
        self.size, self.n = size, len(digests)
        key = hashlib.sha256("\n".join([str(size), *digests]).encode()).hexdigest()
        folder = root / key[:16]
        folder.mkdir(parents=True, exist_ok=True)
        self._facts = folder / "images.json"
        self._file = folder / "images.npy"
        shape = (self.n, size, size, 3)
        try:
            known = json.loads(self._facts.read_text(encoding="utf-8"))
            self._done, self._bad = int(known["done"]), [int(i) for i in known["bad"]]
            self.pixels: NDArray[np.uint8] = mapped_npy(self._file)
            fresh = known["key"] != key or self.pixels.shape != shape
        except (OSError, ValueError, KeyError, TypeError):
            fresh = True
        if fresh:
            self._done, self._bad = 0, []
            self._facts.unlink(missing_ok=True)
            try:
                self.pixels = reserved_npy(self._file, shape)
            except OSError as error:
                raise UserError(
                    tr(
                        "There is no room for the decoded images ({n:,} MB in {root}): {reason}.",
                        n=self.n * size * size * 3 // 2**20,
                        root=root,
                        reason=system_reason(error),
                    )
                ) from error
        self._key = key

    def fill(self, read: Callable[[int], NDArray[np.uint8]], progress: Progress) -> None:
        """Decode what is missing; `read(i)` returns uint8 (size, size, 3) and runs on several threads.

        Images that cannot be read (`UserError`) are left out of `usable`.
        """

        def decode(i: int) -> bool:
            try:
                self.pixels[i] = read(i)
            except UserError:
                return False
            return True

        with ThreadPoolExecutor(_READERS, "decode") as pool:
            while self._done < self.n:
                progress.check()
                progress.report(self._done, self.n, tr("Decoding images"))
                block = range(self._done, min(self._done + _BLOCK, self.n))
                self._bad += [i for i, fine in zip(block, pool.map(decode, block), strict=True) if not fine]
                if isinstance(self.pixels, np.memmap):
                    self.pixels.flush()
                self._done = block.stop
                facts = {"key": self._key, "done": self._done, "bad": self._bad}
                write_durably(self._facts, json.dumps(facts).encode())

    @property
    def usable(self) -> NDArray[np.int64]:
        """Places of the images that could be read."""
        return np.setdiff1d(np.arange(self._done), self._bad)
