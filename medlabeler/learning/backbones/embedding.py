"""Images to embeddings, in batches, with reading and decoding overlapping the forward pass.

On a CPU several batches are under way at the same time, each on one thread, rather than one on all: the
threads of one batch wait for each other after every layer, which costs little on an idle machine and a lot on
a busy one (`tests/bench/bench_busy.py`).
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from medlabeler.domain.cpu_policy import is_on, threads
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.progress import Progress, SilentProgress
from medlabeler.imaging.apart import MOST
from medlabeler.learning.backbones.card_forward import CardForward
from medlabeler.learning.backbones.loading import Backbone
from medlabeler.learning.backbones.runtime import TORCH, Run, Runtime
from medlabeler.learning.backbones.views import viewed
from medlabeler.learning.device import Card, has_memory_of_its_own, out_of_memory
from medlabeler.learning.lone_threads import lone_threads

_MAX_BATCH = {"cuda": 256, "mps": 64, "cpu": 32}
_READERS = 8
_LANE_BATCH = 8
"""What one thread has at hand of a batch stays in its cache up to here: EfficientNet-Lite0 took 17 ms of a
processor for an image by eight, 21 by sixteen and 28 by 32 (float32), its like in bfloat16 16, 17 and 21.
"""
WORTH_FOLDING = 64
"""Images of a run from which on it is repaid to fold norms into convolutions: that takes as long as it saves
on some fifty.
"""
Batch = tuple[NDArray[np.int64], NDArray[np.uint8], list[tuple[int, str]]]
"""Rows and pictures of a batch, and (row, reason) of those that could not be read."""
Embedded = tuple[NDArray[np.int64], NDArray[np.float16], list[tuple[int, str]]]
"""The same with vectors instead of pictures."""
Picture = NDArray[np.uint8] | Exception
"""What became of reading an image."""
ReadMany = Callable[[list[int]], Sequence[Picture]]
_GROUP, _CARD_GROUP = 8, 16
"""Images that a reader is asked for at once: each question costs this process .4 ms, and a card takes
thousands a second.
"""
_FLOAT16_MAX = float(np.finfo(np.float16).max)


class Shard(NamedTuple):
    """A finished part of the embedding.

    `rows` int64 (m,), `vectors` float16 (m, dim), and `failed`: (row, reason) of images that could not be
    read.
    """

    rows: NDArray[np.int64]
    vectors: NDArray[np.float16]
    failed: list[tuple[int, str]]


def embed(
    backbone: Backbone,
    read: Callable[[int], NDArray[np.uint8]],
    rows: NDArray[np.integer[Any]],
    *,
    read_many: ReadMany | None = None,
    device: str = "cpu",
    precision: str = "float32",
    batch_size: int | None = None,
    shard_size: int = 1024,
    progress: Progress | None = None,
    card: Card | None = None,
    runtime: Runtime | None = None,
) -> Iterator[Shard]:
    """Embed the images `rows` in their order and yield them in shards of about `shard_size`; where the
    backbone's preprocessing asks for several views, the mean over these.

    `read(row)` returns uint8 (s, s, 3) of the backbone's image size; it is called from several threads, and
    whatever it raises makes that image a failed one, not the end. `read_many(rows)` gives several at once,
    with errors in the places of those that fail, and is asked instead where it is given. `precision` is
    "float32" or "bfloat16" (autocast). Without `batch_size`, that of one forward pass, one is chosen by the
    free memory; when memory runs out the batch is halved and tried again. Raises `UserError` when not even
    one image fits, and `Cancelled` between batches. `card`: what works like one on this device; by itself
    only "cuda" does. `runtime`: what may make the vectors where batches run side by side on a processor, and
    afterwards what did; without it torch.
    """
    runtime = runtime or Runtime(TORCH)
    progress = progress or SilentProgress()
    # Rounded to bfloat16 on the way, the folded network gives vectors at a cosine of .991 to .999 to those
    # that projects have already (EfficientNet-Lite0, the starter): there it stays as it was.
    is_folded = precision == "float32" and len(rows) >= WORTH_FOLDING
    network: Any = viewed(backbone.quick if is_folded else backbone.module, backbone.preprocessing)
    module = network.to(device, memory_format=torch.channels_last)
    size = backbone.preprocessing.size
    if card is None and has_memory_of_its_own(device):
        card = Card(device)
    lanes = _lanes(device) if card is None else None
    batch_size = batch_size or default_batch_size(device, size, lanes)
    mean = torch.tensor(backbone.preprocessing.mean, device=device).mul(255).view(1, 3, 1, 1)
    std = torch.tensor(backbone.preprocessing.std, device=device).mul(255).view(1, 3, 1, 1)
    order = np.asarray(rows, dtype=np.int64)
    kept: list[NDArray[np.int64]] = []
    parts: list[NDArray[np.float16]] = []
    failed: list[tuple[int, str]] = []
    done = 0
    results: Iterator[Embedded]
    if card is None:
        forward = _Forward(module, mean, std, device, precision, batch_size)
        n_ahead, readers = 2 + (lanes or 1), min(_READERS, threads() + 1)
        group = 1 if read_many is None else _GROUP
        pictures = _read_ahead(
            read_many or _one_by_one(read), order, group, lambda: n_ahead * forward.batch_size, readers
        )
        batches = _batches(pictures, size, lambda: forward.batch_size, np.stack)
        change = _Change(runtime, backbone, forward, len(order), progress)
        results = _embedded(forward, batches) if lanes is None else _side_by_side(forward, batches, change)
    else:
        there = CardForward(card, module, mean, std, precision, batch_size, size, _FLOAT16_MAX)
        group = 1 if read_many is None else _CARD_GROUP
        ahead = max(3 * batch_size, 2 * MOST * group)
        pictures = _read_ahead(read_many or _one_by_one(read), order, group, lambda: ahead, MOST)
        results = there.embedded(_batches(pictures, size, lambda: there.batch_size, there.stacked))

    def shard() -> Shard:
        vectors = np.concatenate(parts) if parts else np.empty((0, backbone.info.dim), np.float16)
        result = Shard(np.concatenate([np.empty(0, np.int64), *kept]), vectors, list(failed))
        kept.clear()
        parts.clear()
        failed.clear()
        return result

    pending = 0
    for batch_rows, vectors, unreadable in results:
        progress.check()
        failed.extend(unreadable)
        if len(batch_rows):
            finite = np.isfinite(vectors).all(axis=1)
            failed.extend(
                (int(row), tr("the image model gives no finite numbers for it"))
                for row in batch_rows[~finite]
            )
            kept.append(batch_rows[finite])
            parts.append(vectors[finite])
        handled = len(batch_rows) + len(unreadable)
        done += handled
        pending += handled
        progress.report(done, len(order), tr("Working out what looks alike"))
        if pending >= shard_size:
            yield shard()
            pending = 0
    if pending:
        yield shard()


def _lanes(device: str) -> int | None:
    """How many batches may be under way at the same time, each on a thread of its own; None where a batch is
    left to all that the device has.
    """
    return min(threads(), torch.get_num_threads()) if device == "cpu" and is_on() else None


def default_batch_size(device: str, image_size: int, lanes: int | None = None) -> int:
    """A batch of which `lanes` side by side, or the one, fit half of the free memory: small for a lane, else
    up to 32 images on a processor, and 256 on a graphics card.
    """
    free = _free_memory(device)
    # Observed at 224 px: below 60 MB an image for the hungriest of the registry (ViT-S/8, float32).
    needed = 60e6 * (image_size / 224) ** 2
    most = _MAX_BATCH.get(device, 32) if lanes is None else _LANE_BATCH
    return most if free is None else int(max(1, min(most, free / 2 // needed // (lanes or 1))))


def _free_memory(device: str) -> int | None:
    if device == "cuda":
        return int(torch.cuda.mem_get_info()[0])
    try:
        # What Linux could give at once: pages that hold copies of files count as free.
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        return next(1024 * int(line.split()[1]) for line in lines if line.startswith("MemAvailable:"))
    except (OSError, ValueError, StopIteration):
        pass
    try:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return None


class _Forward:
    """The forward pass over a batch of pictures, in as many pieces as memory wants."""

    def __init__(
        self,
        module: Any,
        mean: torch.Tensor,
        std: torch.Tensor,
        device: str,
        precision: str,
        batch_size: int,
    ) -> None:
        self.module, self.mean, self.std, self.device = module, mean, std, device
        self.reduced = precision == "bfloat16"
        self.batch_size = batch_size
        self.run: Run = self.by_torch

    def __call__(self, pictures: NDArray[np.uint8]) -> NDArray[np.float16]:
        """Uint8 (b, s, s, 3) to float16 (b, dim); nothing where there are no pictures."""
        if not len(pictures):
            return np.empty((0, 0), np.float16)
        results: list[NDArray[np.float16]] = []
        start = 0
        while start < len(pictures):
            tried = self.batch_size  # other lanes may change it meanwhile
            try:
                vectors = self.run(pictures[start : start + tried])
                results.append(np.clip(vectors, -_FLOAT16_MAX, _FLOAT16_MAX).astype(np.float16))
                start += tried
            except (RuntimeError, MemoryError) as error:
                if not out_of_memory(error):
                    raise
                if tried == 1:
                    raise UserError(
                        tr(
                            "There is not enough memory for the image model to look at even one image "
                            "at a time."
                        )
                    ) from error
                self.batch_size = min(self.batch_size, tried // 2)
        return np.concatenate(results)

    @torch.inference_mode()
    def by_torch(self, pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Uint8 (b, s, s, 3) to float32 (b, dim), all in one piece."""
        # Height, width, channel in memory is what torch calls channels_last: the permutation copies nothing.
        images = torch.from_numpy(pictures).permute(0, 3, 1, 2)
        normalised = images.to(self.device).float().sub_(self.mean).div_(self.std)
        with torch.autocast(self.device, torch.bfloat16, enabled=self.reduced):
            vectors = self.module(normalised)
        found: NDArray[np.float32] = vectors.float().cpu().numpy()
        return found


class _Change:
    """The change of a run's forward pass to another runtime, at the places where that is looked at."""

    def __init__(
        self, runtime: Runtime, backbone: Backbone, forward: _Forward, n: int, progress: Progress
    ) -> None:
        self._runtime, self._backbone, self._forward = runtime, backbone, forward
        self._n, self._progress = n, progress
        forward.run = runtime.instead_of(forward.by_torch)

    def is_due(self, done: int, pictures: NDArray[np.uint8]) -> bool:
        """Whether to `look` before these pictures are embedded; `done` were."""
        return len(pictures) > 0 and self._runtime.is_due(done, self._n)

    def look(self, done: int, pictures: NDArray[np.uint8], n_lanes: int) -> None:
        """Decide anew; for a thread in which torch works alone, and nobody else."""
        left = (self._n - done) / n_lanes
        self._runtime.consider(self._backbone, self._forward.by_torch, pictures, left, self._progress)
        self._forward.run = self._runtime.instead_of(self._forward.by_torch)


def _embedded(forward: _Forward, batches: Iterator[Batch]) -> Iterator[Embedded]:
    """Rows, vectors and failures of each batch, in the order of the batches."""
    for rows, pictures, failed in batches:
        yield rows, forward(pictures), failed


def _side_by_side(forward: _Forward, batches: Iterator[Batch], change: _Change) -> Iterator[Embedded]:
    """The same, as many batches at a time as there are lanes, which may change meanwhile."""
    waiting: deque[tuple[NDArray[np.int64], Future[NDArray[np.float16]], list[tuple[int, str]]]] = deque()

    def oldest() -> Embedded:
        rows, future, failed = waiting.popleft()
        return rows, future.result(), failed

    pool: ThreadPoolExecutor | None = None
    n_lanes = done = 0
    try:
        for rows, pictures, failed in batches:
            wanted = _lanes("cpu") or 1
            if pool is None or wanted != n_lanes:
                while waiting:
                    yield oldest()
                if pool is not None:
                    pool.shutdown()
                pool, n_lanes = lone_threads(wanted, "forward"), wanted
            if change.is_due(done, pictures):
                while waiting:
                    yield oldest()
                pool.submit(change.look, done, pictures, n_lanes).result()
            done += len(pictures)
            waiting.append((rows, pool.submit(forward, pictures), failed))
            while len(waiting) > n_lanes + 1:  # one more, so that whoever is done has something to do
                yield oldest()
        while waiting:
            yield oldest()
    finally:
        for _, future, _ in waiting:
            future.cancel()
        if pool is not None:
            pool.shutdown()


def _batches(
    pictures: Iterator[tuple[int, Picture]],
    size: int,
    batch_size: Callable[[], int],
    stacked: Callable[[list[NDArray[np.uint8]]], NDArray[np.uint8]],
) -> Iterator[Batch]:
    """Pictures in batches, and why some are none."""
    while some := list(islice(pictures, batch_size())):
        good: list[int] = []
        readable: list[NDArray[np.uint8]] = []
        failed: list[tuple[int, str]] = []
        for row, picture in some:
            if isinstance(picture, Exception):
                failed.append((row, str(picture) or type(picture).__name__))
            elif picture.shape != (size, size, 3) or picture.dtype != np.uint8:
                failed.append((row, f"not a picture of {size} by {size} pixels"))
            else:
                good.append(row)
                readable.append(picture)
        together = stacked(readable) if readable else np.empty((0, size, size, 3), np.uint8)
        yield np.array(good, np.int64), together, failed


def _one_by_one(read: Callable[[int], NDArray[np.uint8]]) -> ReadMany:
    def read_many(rows: list[int]) -> list[Picture]:
        found: list[Picture] = []
        for row in rows:
            try:
                found.append(read(row))
            except Exception as error:
                found.append(error)
        return found

    return read_many


def _read_ahead(
    read_many: ReadMany, rows: NDArray[np.int64], group: int, ahead: Callable[[], int], n_threads: int
) -> Iterator[tuple[int, Picture]]:
    """Rows and pictures in their order, about `ahead()` of them read ahead, `group` at a time, by threads:
    decoding is done by other processes, so threads suffice.
    """
    remaining = iter(rows.tolist())
    waiting: deque[tuple[list[int], Future[Sequence[Picture]]]] = deque()
    with ThreadPoolExecutor(n_threads, "decode") as pool:
        try:
            while True:
                while len(waiting) * group < ahead() and (some := list(islice(remaining, group))):
                    waiting.append((some, pool.submit(read_many, some)))
                if not waiting:
                    return
                some, future = waiting.popleft()
                yield from zip(some, future.result(), strict=True)
        finally:
            for _, future in waiting:
                future.cancel()
