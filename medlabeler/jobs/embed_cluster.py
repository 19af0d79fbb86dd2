"""Embed beyond one process: the images of a project, or those of a folder or bucket, by a team of Ray.

Vectors of a project's own images go the way of every embedding, shard by shard. Those of a folder or bucket
go into a folder of shards (`project.shard_folder`), which any project takes in: by the digest of each image,
after every shard was read whole and some vectors were computed once more here.
"""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.changes import Changes, JobResult
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.model_names import shown_name
from medlabeler.domain.progress import Progress
from medlabeler.jobs import embed
from medlabeler.jobs.params import embed as embed_params
from medlabeler.jobs.params.embed_cluster import RAY as RAY
from medlabeler.jobs.params.embed_cluster import Params as Params
from medlabeler.project.project import Project
from medlabeler.project.shard_folder import INFO, ShardFolder
from medlabeler.project.staging import Adopting
from medlabeler.project.vectors import write_shard

if TYPE_CHECKING:
    from medlabeler.learning.backbones.ray_team import Done, Piece, RayTeam

PIECE = 64
"""Images that a worker gets at a time: a kill costs so many."""
PROBES = 8
"""Images that are embedded here once more before vectors from elsewhere are believed."""
LEAST_COSINE = 0.99
"""What the precisions of processors and cards leave between two vectors of one image is less than that."""

Tell = Callable[[str], None]


def check(params: Params) -> None:
    """`UserError` for options that do not belong together."""
    if params.engine != RAY and (params.workers or params.cluster or params.images):
        raise UserError(tr("--workers, --cluster and --images are for --engine ray."))
    if params.images and params.shards is None:
        raise UserError(tr("Name the folder for the vectors of --images: --shards FOLDER."))
    if params.shards is not None and params.engine == RAY and not params.images:
        raise UserError(tr("--shards alone takes vectors in; with --engine ray it needs --images URL."))


def run(
    project: Project,
    wanted: embed_params.Params,
    params: Params,
    progress: Progress,
    tell: Tell,
) -> JobResult:
    """Do what is asked for; `tell` hears what must not be missed. `UserError`, `Cancelled`."""
    check(params)
    if params.cluster:
        tell(
            tr(
                "The images leave this machine: they are sent to the cluster at {address}, and "
                "whoever runs it can see them.",
                address=params.cluster,
            )
        )
    if params.shards is None:
        return _own_images(project, wanted, params, progress)
    task = embed.plan(project, wanted) if project.catalog.n else None
    if params.images:
        computed = _into_shards(project, wanted, params, progress)
        if task is None:
            return computed
    if task is None:
        raise UserError(tr("The project has no images yet; import some first."))
    return take_in(project, task, params.shards, progress)


def _own_images(
    project: Project, wanted: embed_params.Params, params: Params, progress: Progress
) -> JobResult:
    task = embed.plan(project, wanted)
    embedding = _Team(params)
    facts = embed.work(task, Adopting(progress, lambda part: embed.adopt(project, task, part)), embedding)
    return embed.adopt(project, task, facts)


@dataclass(frozen=True)
class _Team:
    """How a job embeds through Ray, as `embed.Embedding` has it."""

    params: Params

    def __call__(
        self,
        backbone: Any,
        paths: Sequence[str],
        digests: Any,
        rows: Any,
        changed: list[int],
        *,
        device: str,
        precision: str,
        progress: Progress,
    ) -> Iterator[Any]:
        from medlabeler.learning.backbones.embedding import Shard

        with _team(backbone, device, precision, self.params) as team:
            images = ((row, paths[row], digests[row].decode("ascii")) for row in rows.tolist())
            done = 0
            for part in team.embedded(_pieces(images, range(0, len(rows), PIECE), team.ships), progress):
                changed += part.changed
                done += len(part.rows) + len(part.failed)
                progress.report(done, len(rows), tr("Working out what looks alike"))
                yield Shard(part.rows, part.vectors, part.failed)


def _team(backbone: Any, device: str, precision: str, params: Params) -> RayTeam:
    from medlabeler.learning.backbones.ray_team import RayTeam

    return RayTeam(backbone, device, precision, n_workers=params.workers, address=params.cluster)


def _pieces(images: Iterator[tuple[int, str, str]], starts: Sequence[int], ships: bool) -> Iterator[Piece]:
    """`PIECE` images each, made when a worker has time. Where they travel, they are read now."""
    from itertools import islice

    from medlabeler.learning.backbones.ray_team import Piece, Wanted

    for number in range(len(starts)):
        some = tuple(
            Wanted(row, place, digest, _content(place) if ships else None)
            for row, place, digest in islice(images, PIECE)
        )
        yield Piece(number, some)


def _content(place: str) -> bytes | None:
    """None for what cannot be read here: the worker says why."""
    try:
        return Path(place).read_bytes()
    except OSError:
        return None


def _into_shards(
    project: Project, wanted: embed_params.Params, params: Params, progress: Progress
) -> JobResult:
    """Embed every image of the address whose vector is not in the folder yet."""
    from medlabeler.imaging.stored_images import listed
    from medlabeler.learning.backbones.loading import choose_device, load_backbone
    from medlabeler.learning.backbones.ray_team import Piece, Wanted

    assert params.shards is not None  # noqa: S101 - for the type checker
    progress.report(0, 0, tr("Loading the image model"))
    device = choose_device(wanted.device)
    name = embed.stored_name(embed.choose(project, wanted).info)
    backbone = load_backbone(name, allow_download=wanted.allow_download, progress=progress)
    views = wanted.views if wanted.views not in (None, embed_params.VIEWS[0]) else ""
    backbone = embed.rendered(backbone, project.rendering.to_json(), views or "")
    progress.report(0, 0, tr("Listing the images"))
    addresses = listed(params.images)
    precision = wanted.precision
    if precision == "auto":
        precision = _precision(params.shards, backbone, device, addresses)
    info = embed.embedding_info(backbone, precision)
    folder = ShardFolder.begin(params.shards, info, params.images, addresses)
    images, there = folder.images, folder.numbers()
    n_pieces = -(-len(images) // PIECE)
    todo = [number for number in range(n_pieces) if number not in there]
    computed, failed = 0, 0
    reason = ""
    if todo:
        with _team(backbone, device, precision, params) as team:
            pieces = (
                Piece(
                    number,
                    tuple(
                        Wanted(line, images[line])
                        for line in range(number * PIECE, min(len(images), (number + 1) * PIECE))
                    ),
                )
                for number in todo
            )
            total = min(len(images), len(todo) * PIECE)
            for part in team.embedded(pieces, progress):
                _keep(folder, part)
                computed, failed = computed + len(part.rows), failed + len(part.failed)
                reason = reason or (part.failed[0][1] if part.failed else "")
                progress.report(computed + failed, total, tr("Working out what looks alike"))
    summary = {
        "shards": str(folder.path),
        "n_listed": len(images),
        "n_computed": computed,
        "n_failed": failed,
        "key": info.key,
    }
    sentence = tr(
        "{folder} holds the vectors of {images:,} images ({computed:,} now); any project takes in "
        "those of its own images (--shards).",
        folder=folder.path,
        images=sum(len(table[0]) for _, table in folder.checked()),
        computed=computed,
    )
    if failed:
        sentence += tr(" {failed:,} could not be read: {reason}", failed=failed, reason=reason)
    return JobResult(Changes.NONE, summary, sentence)


def _precision(shards: Path, backbone: Any, device: str, addresses: Sequence[str]) -> str:
    """That of the vectors which are in the folder already; else what the first images show."""
    from medlabeler.imaging import stored_images
    from medlabeler.imaging.unreadable import UnreadableImage
    from medlabeler.learning.backbones.likeness import LOOKED_AT
    from medlabeler.learning.backbones.loading import choose_precision
    from medlabeler.learning.backbones.precise import choose_precision_for

    if (shards / INFO).exists():
        return ShardFolder.open(shards).info.precision
    if choose_precision(device) == "float32":
        return "float32"
    size = backbone.preprocessing.size
    found: list[Any] = []
    for address in addresses[:LOOKED_AT]:
        with contextlib.suppress(UnreadableImage, OSError), stored_images.as_file(address) as (path, _):
            found.append(backbone.preprocessing.read(path))
    return choose_precision_for(backbone, device, np.array(found, np.uint8).reshape(-1, size, size, 3))


def _keep(folder: ShardFolder, part: Done) -> None:
    folder.write(part.number, part.rows, part.digests, part.vectors)


def take_in(project: Project, task: embed.Task, path: Path, progress: Progress) -> JobResult:
    """Give the project the vectors of its own images; `UserError` before the first of them for a folder that
    is damaged, has none of them, or whose vectors are not those of its backbone.
    """
    folder = ShardFolder.open(path)
    catalog = project.catalog
    names, n = folder.shards(), 0
    found: list[tuple[Path, NDArray[np.int64]]] = []
    order = np.argsort(catalog.digest, kind="stable")
    digests = catalog.digest[order]
    for at, (shard, (_, theirs)) in enumerate(folder.checked()):
        progress.check()
        progress.report(at, len(names), tr("Checking the numbers"))
        mine = np.isin(theirs, digests)
        if mine.any():
            found.append((shard, np.flatnonzero(mine)))
            n += int(mine.sum())
    if not n:
        raise UserError(tr("None of the vectors in {path} is of an image of this project.", path=path))
    _check_some(project, task, folder, found, progress)
    key = project.vectors.create(folder.info)
    facts = embed.Facts(
        key,
        backbone=folder.info.backbone,
        note=tr("Its vectors were computed elsewhere ({path}).", path=path),
        device="file",
        precision=folder.info.precision,
        beside=task.beside,
    )
    missing = np.zeros(catalog.n, np.bool_)
    missing[project.vectors.missing(key, catalog.digest)] = True
    staging = Path(task.run) / key
    computed = 0
    for at, (shard, lines) in enumerate(found):
        progress.check()
        progress.report(at, len(found), tr("Taking the vectors in"))
        (_, theirs), vectors = folder.read(shard)
        rows, which = _rows_of(digests, order, theirs[lines])
        wanted = missing[rows]
        rows, taken = rows[wanted], vectors[lines[which[wanted]]]
        _, first = np.unique(rows, return_index=True)
        if len(first):
            write_shard(staging, uuid.uuid4().hex, rows[first], catalog.digest[rows[first]], taken[first])
            missing[rows[first]] = False
            computed += len(first)
            embed.adopt_shards(project, task.run, facts)
    return embed.adopt_shards(project, task.run, replace(facts, computed=computed, end=True))


def _rows_of(
    digests: NDArray[np.bytes_], order: NDArray[np.int64], wanted: NDArray[np.bytes_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows of all images with one of the digests `wanted`, and which of these it is; `order` sorts `digests`,
    which are sorted.
    """
    low, high = np.searchsorted(digests, wanted, "left"), np.searchsorted(digests, wanted, "right")
    which = np.repeat(np.arange(len(wanted)), high - low)
    places = [np.arange(a, b) for a, b in zip(low, high, strict=True)]
    return order[np.concatenate([np.empty(0, np.int64), *places])], which


def _check_some(
    project: Project,
    task: embed.Task,
    folder: ShardFolder,
    found: list[tuple[Path, NDArray[np.int64]]],
    progress: Progress,
) -> None:
    """Embed a few of the images here, by the backbone that the folder says; `UserError` if they differ."""
    from medlabeler.learning.backbones.embedding import embed as embedded
    from medlabeler.learning.backbones.loading import load_backbone

    progress.report(0, 0, tr("Loading the image model"))
    backbone = embed.rendered(
        load_backbone(task.backbone),
        project.rendering.to_json(),
        str(folder.info.preprocessing.get("views", "")),
    )
    ours = embed.embedding_info(backbone, folder.info.precision)
    if ours.key != folder.info.key:
        raise UserError(
            tr(
                "{path} was made with {title}, or with other settings of it, and this project uses {ours}; "
                "name the image model (--backbone).",
                path=folder.path,
                title=shown_name(folder.info.title),
                ours=shown_name(ours.title),
            )
        )
    order = np.argsort(project.catalog.digest, kind="stable")
    (_, theirs), vectors = folder.read(found[0][0])
    lines = found[0][1][:PROBES]
    rows, which = _rows_of(project.catalog.digest[order], order, theirs[lines])
    files = project.catalog.image_files().files()
    precision = "bfloat16" if folder.info.precision == "bfloat16" else "float32"
    for shard in embedded(
        backbone, lambda row: backbone.preprocessing.read(files[row]), rows[:PROBES], precision=precision
    ):
        place = {int(row): int(lines[at]) for row, at in zip(rows, which, strict=True)}
        for row, vector in zip(shard.rows.tolist(), shard.vectors.astype(np.float32), strict=True):
            other = vectors[place[row]].astype(np.float32)
            cosine = float(vector @ other / max(1e-9, np.linalg.norm(vector) * np.linalg.norm(other)))
            if cosine < LEAST_COSINE:
                raise UserError(
                    tr(
                        "The vectors in {path} are not those of {title}: computed here, one of them "
                        "differs (likeness {cosine:.3f}, 1 is the same), so nothing was taken in.",
                        path=folder.path,
                        title=shown_name(folder.info.title),
                        cosine=cosine,
                    )
                )
