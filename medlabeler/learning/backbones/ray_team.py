"""Embedding by many processes, here or on other machines, through Ray (https://docs.ray.io, extra `cluster`).

Each worker is an actor that keeps the network. Ray hands out the work, starts a worker again that died and
repeats what it was at. On this machine alone everything listens on loopback, with a secret of this run;
nothing is told to Ray's makers, and there is no dashboard. Across machines Ray itself is the door: whoever
reaches the cluster and knows its secret can run code on it.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.cores import cores
from medlabeler.domain.cpu_policy import use_threads
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.progress import Progress
from medlabeler.imaging import stored_images
from medlabeler.imaging.unreadable import ChangedImage
from medlabeler.learning.backbones.embedding import embed
from medlabeler.learning.backbones.loading import Backbone
from medlabeler.learning.backbones.torchvision_shim import prepare_torchvision

ATTEMPTS = 5
"""So often work is repeated whose worker died; images that kill six workers are at fault themselves."""
AT_ONCE = 2
"""Pieces of work that a worker has at a time: one it does and one that waits."""
POLL_S = 0.5
LOOPBACK = "127.0.0.1"
ROOM = 256 * 2**20
"""Bytes of shared memory beside the network."""
_SHORT = "/tmp"  # noqa: S108 - a folder of our own is made in it
"""Sockets lie below; the system allows them a path of some hundred letters."""
_ALONE = {
    "RAY_USAGE_STATS_ENABLED": "0",
    # On Windows and macOS Ray listens on loopback alone; 0 asks for the same on Linux.
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
    "RAY_AUTH_MODE": "token",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",  # what a warning asks for: no card is hidden from its workers
}


@dataclass(frozen=True)
class Wanted:
    """An image to embed: `row` tells it apart, `place` is a path or an address as `stored_images` has it.
    `digest` in hex, "" where it is not known yet. `content` where the worker cannot read it itself.
    """

    row: int
    place: str
    digest: str = ""
    content: bytes | None = None


@dataclass(frozen=True)
class Piece:
    """Work for one worker, told apart by `number`."""

    number: int
    images: tuple[Wanted, ...]


@dataclass(frozen=True)
class Done:
    """What became of a piece: `rows` int64 (m,), their digests S64 (m,), vectors float16 (m, dim), (row,
    reason) of those that failed, and rows whose file is not the one it was.
    """

    number: int
    rows: NDArray[np.int64]
    digests: NDArray[np.bytes_]
    vectors: NDArray[np.float16]
    failed: list[tuple[int, str]]
    changed: list[int]


class Worker:
    """Lives in a process of Ray and keeps the network."""

    def __init__(self, network: list[Any], device: str, precision: str, n_threads: int) -> None:
        """`network`: one reference to a `Backbone`, inside a list so that Ray leaves it to be unpacked here,
        behind what must be there before timm is imported.
        """
        import torch

        prepare_torchvision()
        use_threads(n_threads)
        torch.set_num_threads(n_threads)
        self._backbone: Backbone = _ray().get(network[0])
        self._device, self._precision = device, precision

    def process(self) -> int:
        """The id of its process."""
        return os.getpid()

    def embed(self, piece: Piece) -> Done:
        """Embed the images of a piece; what cannot be read is told, never raised."""
        images, dim = piece.images, self._backbone.info.dim
        digests = np.zeros(len(images), "S64")
        changed: list[int] = []

        def read(at: int) -> NDArray[np.uint8]:
            image = images[at]
            try:
                with stored_images.as_file(image.place, image.content) as (path, found):
                    digests[at] = image.digest or found or _sha256(path)
                    return self._backbone.preprocessing.read(path, digests[at].decode("ascii"))
            except ChangedImage:
                changed.append(image.row)
                raise

        rows, vectors, failed = [np.empty(0, np.int64)], [np.empty((0, dim), np.float16)], []
        for shard in embed(
            self._backbone,
            read,
            np.arange(len(images)),
            device=self._device,
            precision=self._precision,
            shard_size=len(images) + 1,
        ):
            rows.append(shard.rows)
            vectors.append(shard.vectors)
            failed += [(images[at].row, reason) for at, reason in shard.failed]
        done = np.concatenate(rows)
        return Done(
            piece.number,
            np.array([images[at].row for at in done], np.int64),
            digests[done],
            np.concatenate(vectors),
            failed,
            changed,
        )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class RayTeam:
    """Workers with one network; a context, whose end ends what was started here.

    `address` of a cluster that runs, "" for this machine alone. `n_workers` None: one for each graphics card
    or each core. `UserError` where Ray is not installed, does not start, or the cluster does not answer.
    """

    def __init__(
        self, backbone: Backbone, device: str, precision: str, *, n_workers: int | None, address: str = ""
    ) -> None:
        if not address:
            os.environ.update(_ALONE)
            os.environ["RAY_AUTH_TOKEN"] = secrets.token_hex(32)
        os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
        self._ray = _ray()
        self._folder = tempfile.mkdtemp(prefix="ray-", dir=_SHORT if Path(_SHORT).is_dir() else None)
        try:
            n_workers = self._begin(address, n_workers, device, backbone)
            n_threads = 1 if address else max(1, cores().n // n_workers)
            actor = self._ray.remote(
                num_cpus=1,
                num_gpus=int(device == "cuda"),
                max_restarts=-1,
                max_task_retries=ATTEMPTS,
            )(Worker)
            # Kept, for a worker that starts again.
            self._network = self._ray.put(backbone)
            self._workers = [
                actor.remote([self._network], device, precision, n_threads) for _ in range(n_workers)
            ]
        except BaseException:
            self.__exit__(None, None, None)
            raise
        self.ships = bool(address)
        """Whether images travel with the work: a worker elsewhere does not see this machine's files."""

    def _begin(self, address: str, n_workers: int | None, device: str, backbone: Backbone) -> int:
        """Start Ray or join it; how many workers there will be."""
        weights = sum(tensor.nbytes for tensor in backbone.module.state_dict().values())
        alone: dict[str, Any] = {
            "num_cpus": n_workers or cores().n,
            "include_dashboard": False,
            "object_store_memory": ROOM + 2 * weights,
            "_temp_dir": self._folder,
        }
        try:
            self._ray.init(
                address=address or "local",
                log_to_driver=False,
                logging_level="ERROR",
                **({} if address else alone),
            )
        except Exception as error:  # of whatever kind: sockets, a wrong secret, another version
            raise UserError(
                tr("Ray cannot be used: {error}", error=str(error).strip().splitlines()[0][:300])
            ) from error
        if not address and self._ray.util.get_node_ip_address() != LOOPBACK:
            raise UserError(
                tr("This version of Ray opens doors to the network, so it is not used; install a newer one.")
            )
        there = self._ray.cluster_resources()
        return n_workers or max(1, int(there.get("GPU" if device == "cuda" else "CPU", 1)))

    def __enter__(self) -> RayTeam:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ray.shutdown()
        shutil.rmtree(self._folder, ignore_errors=True)

    def processes(self) -> list[int]:
        """The process ids of the workers, each on its machine."""
        found: list[int] = self._ray.get([worker.process.remote() for worker in self._workers])
        return found

    def embedded(self, pieces: Iterable[Piece], progress: Progress) -> Iterator[Done]:
        """Each piece when it is done, in any order. `UserError` for one that no worker survives, `Cancelled`
        where nobody wants it any more.
        """
        from ray.exceptions import RayError
        from ray.util import ActorPool

        pool = ActorPool(self._workers * AT_ONCE)

        def next_one() -> Done:
            while True:
                progress.check()
                with contextlib.suppress(TimeoutError):
                    found: Done = pool.get_next_unordered(timeout=POLL_S)
                    return found

        try:
            for piece in pieces:
                if not pool.has_free():
                    yield next_one()
                pool.submit(lambda worker, work: worker.embed.remote(work), piece)
            while pool.has_next():
                yield next_one()
        except RayError as error:
            raise UserError(
                tr(
                    "The workers of Ray ended {attempts} times at the same images, or are gone; what was "
                    "finished is kept ({error}).",
                    attempts=ATTEMPTS + 1,
                    error=type(error).__name__,
                )
            ) from error


def _ray() -> Any:
    try:
        import ray
    except ImportError as error:
        raise UserError(tr("Ray is not installed; install MedLabeler with the extra 'cluster'.")) from error
    return ray
