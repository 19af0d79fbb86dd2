"""Compute the embedding of every image that has none yet, with one backbone.

The work is cut into shards: small files in the staging folder, complete once they exist. The owner of the
project adopts them as they come, so a process killed at any moment loses at most the shard it was computing.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.changes import Changes, JobResult
from medlabeler.domain.checked_json import Json
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.model_names import shown_name
from medlabeler.domain.progress import Progress
from medlabeler.imaging import apart
from medlabeler.imaging.preprocess import LOOKS
from medlabeler.jobs.params.embed import VIEWS
from medlabeler.jobs.params.embed import Params as Params
from medlabeler.learning.backbones import kit
from medlabeler.learning.backbones.embedding_order import fair_order
from medlabeler.learning.backbones.registry import DEFAULT, OFFLINE, STARTER, BackboneInfo, find, is_here
from medlabeler.learning.onnx_packages import why_no_onnx
from medlabeler.project.project import Project
from medlabeler.project.runs import end_run
from medlabeler.project.staging import (
    Adopting,
    job_folder,
    load_arrays,
    load_image_files,
    save_arrays,
    save_image_files,
)

SHARD = {"cpu": 64, "mps": 512, "cuda": 2048}
"""Images per shard: some seconds of work, which is what a kill may cost."""

READERS_AT_FIRST = 2
"""Readers that start while the libraries are loaded, which keeps one core busy."""

ENOUGH_TO_TIME = 32
"""Images from which on the rate of a run is worth remembering."""


@dataclass(frozen=True)
class Choice:
    """The backbone to use, what to fall back to if its download fails, and what a person must know about
    it.
    """

    info: BackboneInfo
    note: str
    fallback: str | None = None


def choose(project: Project, params: Params) -> Choice:
    """Decide on the backbone without loading it; `UserError` when the one that is wanted is not here."""
    own = str(project.settings.get("backbone", "") or "")
    named = params.backbone or (own if not own.startswith("precomputed:") else "")
    info = find(named or DEFAULT)
    offline = find(OFFLINE)
    in_kit = _in_kit(info, params)
    if named:
        if not is_here(info) and not in_kit and not params.allow_download:
            raise UserError(
                tr(
                    "The weights of {title} are not on this machine; allow their download (--allow-"
                    "download) or choose an image model that is here{words}.",
                    title=shown_name(info.title),
                    words=tr(", such as {offline}", offline=OFFLINE) if is_here(offline) else "",
                )
            )
        return Choice(info, not_dino(info))
    if is_here(info) or in_kit:
        return Choice(info, "")
    if params.allow_download:
        return Choice(info, "", OFFLINE if is_here(offline) else None)
    if not is_here(offline):
        raise UserError(
            tr(
                "The weights of {title} are not on this machine; allow their download "
                "(--allow-download) or take, for blood cells, {starter}, or a checkpoint "
                "file (--backbone).",
                title=shown_name(info.title),
                starter=STARTER,
            )
        )
    return Choice(offline, fallback_note(info, offline))


def _in_kit(info: BackboneInfo, params: Params) -> bool:
    """Whether the folder of weights, if one is named, holds these; `UserError` for a folder that is none."""
    return params.weights is not None and kit.entry_for(params.weights, info) is not None


def fallback_note(wanted: BackboneInfo, used: BackboneInfo) -> str:
    """What to tell when the default could not be had."""
    return tr(
        "The weights of {title} are not on this machine, so {title2} is used "
        "instead: it is not DINO; allow the download (--allow-download) for the "
        "default, or, for blood cells, take {starter} (--backbone).",
        title=shown_name(wanted.title),
        title2=shown_name(used.title),
        starter=STARTER,
    )


def not_dino(info: BackboneInfo) -> str:
    """What to tell about a backbone that did not learn without labels."""
    return (
        tr("{title} is not DINO.", title=shown_name(info.title))
        if info.kind in ("supervised", "captions")
        else ""
    )


def stored_name(info: BackboneInfo) -> str:
    """The name that finds the same backbone again from any folder."""
    if info.source != "file":
        return info.name
    return f"{info.timm_name}@{info.location}" if info.timm_name else info.location


@dataclass(frozen=True)
class Task:
    """Embed what the folder `vectors` lacks; `arrays`: digests and groups, which make the order of work
    together with `seed`, `paths`: where the images lie.

    `backbone` is its stored name, `fallback` what to take if it cannot be fetched, `note` what a person must
    know about it. Shards go to a folder of `run`.
    """

    backbone: str
    fallback: str | None
    note: str
    device: str
    allow_download: bool
    run: str
    vectors: str
    seed: int
    arrays: str
    paths: str
    rendering: Json
    """How images of more than 8 bits are shown to it."""
    precision: str
    """"auto", or what is wanted of the backbone."""
    weights: str | None = None
    """A folder of weights to copy from what is not here."""
    views: str = ""
    """What the embedding of an image is the mean over, as `Preprocessing` has it."""
    runtime: str = "auto"
    """What runs the network on a processor."""
    beside: bool = False
    """Whether another embedding that is in use stays so."""


@dataclass(frozen=True)
class Unreadable:
    """An image that has no vector, and why."""

    path: str
    reason: str


@dataclass(frozen=True)
class Facts:
    """Embedding `key` grows by shards; the last fields are known at the `end`.

    `changed`: rows whose file is not the one that was imported. `runtime`: what made the last vectors; its
    least `cosine` to torch on the images that were looked at, None for torch itself. `beside`: it is not to
    take the place of the embedding in use.
    """

    key: str
    backbone: str
    note: str
    device: str
    precision: str
    seed: int | None = None
    computed: int = 0
    failed: tuple[Unreadable, ...] = ()
    changed: tuple[int, ...] = ()
    seconds: float = 0.0
    end: bool = False
    runtime: str = "torch"
    cosine: float | None = None
    beside: bool = False


def plan(project: Project, params: Params) -> Task:
    """Describe the task; `UserError` without images or without the backbone."""
    if not project.catalog.n:
        raise UserError(tr("The project has no images yet; import some first."))
    if params.runtime == "onnxruntime" and (reason := why_no_onnx()):
        raise UserError(reason)
    choice = choose(project, params)
    folder = job_folder(project, "embed")
    seed = int(project.settings.get("seed", 0))
    return Task(
        backbone=stored_name(choice.info),
        fallback=choice.fallback,
        note=choice.note,
        device=params.device,
        allow_download=params.allow_download,
        run=str(folder),
        vectors=str(project.vectors.folder),
        seed=seed,
        arrays=save_arrays(folder, digest=project.catalog.digest, group=project.catalog.group),
        paths=save_image_files(folder, project.catalog.image_files()),
        precision=_precision(project, params, stored_name(choice.info)),
        rendering=project.rendering.to_json(),
        weights=None if params.weights is None else str(params.weights.absolute()),
        views=_views(project, params, stored_name(choice.info)),
        runtime=params.runtime,
        beside=params.beside,
    )


def _views(project: Project, params: Params, backbone: str) -> str:
    """What is asked for, or what the embedding in use has: images added later are looked at alike."""
    if params.views is not None:
        return "" if params.views == VIEWS[0] else params.views
    key = str(project.settings.get("embedding", "") or "")
    if not key or backbone != project.settings.get("backbone", ""):
        return ""
    return str(project.vectors.info(key).preprocessing.get("views", ""))


def _precision(project: Project, params: Params, backbone: str) -> str:
    """What is wanted; a project that is embedded in float32 goes on so, or its images would count as new."""
    key = str(project.settings.get("embedding", "") or "")
    known = project.vectors.keys()
    if params.precision == "auto" and key in known:
        info = project.vectors.info(key)
        if info.precision == "float32" and project.located(info.backbone) == backbone:
            return "float32"
    return params.precision


class Embedding(Protocol):
    """How the images `rows` become shards: in this process, or through a team of others.

    `paths` and `digests` of all images; `changed` gets the rows whose file is not the one that was imported.
    """

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
        """`learning.backbones.embedding.Shard`, as they come."""
        ...


def embed_here(
    backbone: Any,
    paths: Sequence[str],
    digests: Any,
    rows: Any,
    changed: list[int],
    *,
    device: str,
    precision: str,
    progress: Progress,
    runtime: Any,
) -> Iterator[Any]:
    """Embed in this process."""
    from medlabeler.imaging.unreadable import ChangedImage
    from medlabeler.learning.backbones.embedding import embed

    def read(row: int) -> Any:
        try:
            return backbone.preprocessing.read(paths[row], digests[row].decode("ascii"))
        except ChangedImage:
            changed.append(row)
            raise

    def read_many(some: list[int]) -> list[Any]:
        found = backbone.preprocessing.read_many([(paths[row], digests[row].decode("ascii")) for row in some])
        changed.extend(row for row, one in zip(some, found, strict=True) if isinstance(one, ChangedImage))
        return list(found)

    return embed(
        backbone,
        read,
        rows,
        read_many=read_many,
        device=device,
        precision=precision,
        shard_size=SHARD.get(device, 512),
        progress=progress,
        runtime=runtime,
    )


def load() -> None:
    """Import what `work` imports, which takes seconds: torch and timm above all."""
    from medlabeler.learning.backbones.loading import load_libraries

    load_libraries()


def work(task: Task, progress: Progress, embedding: Embedding | None = None) -> Facts:
    """Load the backbone and embed what is missing, shard by shard, in an order that is fair from the start.

    A file that is not the one that was imported is left out. `embedding` None: in this process.
    """
    progress.report(0, 0, tr("Loading the image model"))
    apart.warm(READERS_AT_FIRST)
    from medlabeler.learning.backbones.equal_images import EqualImages
    from medlabeler.learning.backbones.loading import choose_device
    from medlabeler.learning.backbones.runtime import Runtime
    from medlabeler.project.vectors import VectorStore, write_shard

    device = choose_device(task.device)
    backbone, note = _load(task, progress)
    backbone = rendered(backbone, task.rendering, task.views)
    store = VectorStore(Path(task.vectors))
    arrays = load_arrays(task.arrays)
    digests, order = arrays["digest"], fair_order(arrays["group"], task.seed)
    paths = load_image_files(task.paths).files()

    precision = task.precision
    if precision == "auto":
        precision = _own_precision(
            store, backbone, device, digests, lambda: _first_pictures(backbone, paths, digests, order)
        )
    key = store.create(embedding_info(backbone, precision))
    if backbone.sharpening is not None:
        store.note_learned(key, backbone.sharpening.digests)
    rows = order[np.isin(order, store.missing(key, digests))]
    used = backbone.info.name if backbone.info.name == task.fallback else task.backbone
    facts = Facts(key, used, note, device, precision, task.seed, beside=task.beside)
    progress.partial(facts)
    staging = Path(task.run) / key
    staging.mkdir(parents=True, exist_ok=True)
    runtime = Runtime(task.runtime)
    embedding = embedding or partial(embed_here, runtime=runtime)
    changed: list[int] = []
    failed: list[Unreadable] = []
    computed = 0
    start = time.perf_counter()
    progress.report(0, len(rows), tr("Working out what looks alike"))
    while len(rows):
        equal = EqualImages(rows, digests[rows])
        unread: list[int] = []
        for shard in embedding(
            backbone,
            paths,
            digests,
            equal.first,
            changed,
            device=device,
            precision=precision,
            progress=progress,
        ):
            if len(shard.rows):
                computed += len(shard.rows)
                here, vectors = equal.with_copies(shard.rows, shard.vectors)
                write_shard(staging, uuid.uuid4().hex, here, digests[here], vectors)
            unread += [row for row, _ in shard.failed]
            failed += [Unreadable(paths[row], reason) for row, reason in shard.failed]
            progress.partial(facts)
        rows = equal.instead_of(unread)  # a copy lies elsewhere and may be readable
    seconds = time.perf_counter() - start
    return replace(
        facts,
        computed=computed,
        failed=tuple(failed),
        changed=tuple(sorted(changed)),
        seconds=round(seconds, 3),
        end=True,
        runtime=runtime.used,
        cosine=runtime.cosine,
    )


def _own_precision(
    store: Any, backbone: Any, device: str, digests: NDArray[np.bytes_], pictures: Callable[[], Any]
) -> str:
    """That of the vectors which are here already, the most of them; else what the `pictures` tell, uint8
    (m, s, s, 3).
    """
    from medlabeler.learning.backbones.loading import choose_precision
    from medlabeler.learning.backbones.precise import choose_precision_for

    fast = choose_precision(device)
    if fast == "float32":
        return fast
    keys = {name: embedding_info(backbone, name).key for name in (fast, "float32")}
    here = [name for name, key in keys.items() if store.usable(key)]
    if here:
        return min(here, key=lambda name: len(store.missing(keys[name], digests)))
    return choose_precision_for(backbone, device, pictures())


def _first_pictures(backbone: Any, paths: Sequence[str], digests: Any, order: NDArray[np.int64]) -> Any:
    """Of the images that come first, those that can be read, uint8 (m, s, s, 3), as many as tell."""
    from medlabeler.learning.backbones.likeness import LOOKED_AT

    size = backbone.preprocessing.size
    wanted = [(paths[row], digests[row].decode("ascii")) for row in order[: 2 * LOOKED_AT].tolist()]
    found: list[Any] = []
    while wanted and len(found) < LOOKED_AT:
        some, wanted = wanted[:LOOKED_AT], wanted[LOOKED_AT:]
        read = backbone.preprocessing.read_many(some)
        found += [one for one in read if not isinstance(one, Exception)]
    return np.array(found[:LOOKED_AT], np.uint8).reshape(-1, size, size, 3)


def _load(task: Task, progress: Progress) -> tuple[Any, str]:
    """The backbone, or the fallback when the default was to be downloaded and could not be."""
    from medlabeler.learning.backbones.loading import load_backbone

    info = find(task.backbone)
    if task.weights is not None and not is_here(info):
        kit.take(Path(task.weights), info, progress)
    try:
        return (
            load_backbone(task.backbone, allow_download=task.allow_download, progress=progress),
            task.note,
        )
    except UserError as error:
        if not task.fallback:
            raise
        used = load_backbone(task.fallback, progress=progress)
        return used, tr(
            "{error}; {title} is used instead: it is not DINO.",
            error=str(error).rstrip("."),
            title=shown_name(used.info.title),
        )


def rendered(backbone: Any, rendering: Json, views: str = "") -> Any:
    """The backbone, seeing images as the project shows them, as often as is asked for."""
    from medlabeler.imaging.rendering import Rendering

    chosen = replace(backbone.preprocessing, rendering=Rendering.from_json(rendering), views=views)
    return replace(backbone, preprocessing=chosen)


def embedding_info(backbone: Any, precision: str) -> Any:
    """What determines the numbers of an embedding, and what to tell about it."""
    from medlabeler.project.vectors import EmbeddingInfo

    info = backbone.info
    return EmbeddingInfo(
        backbone=info.name,
        title=info.title + viewed_words(backbone.preprocessing.views),
        weights_sha256=backbone.weights_sha256,
        dim=info.dim,
        preprocessing=backbone.preprocessing.to_dict(),
        pooling=backbone.pooling,
        precision=precision,
        self_supervised=info.self_supervised,
        licence=info.licence,
        sharpened="" if backbone.sharpening is None else backbone.sharpening.run,
    )


def viewed_words(views: str) -> str:
    """What stands behind the title of an embedding that is a mean over several views."""
    return f" ({LOOKS[views]} looks, {views})" if views else ""  # type: ignore[index]  # checked before


def adopt(project: Project, task: Task, facts: Facts) -> JobResult:
    """Move complete shards in. A first embedding is used from its first shard on, a further one once it is
    complete; `UserError` at the end for one without any vector, which is never used.
    """
    return adopt_shards(project, task.run, facts)


def adopt_shards(project: Project, run: str, facts: Facts) -> JobResult:
    """`adopt` for whatever wrote the shards into the folder `run`."""
    key = facts.key
    moved = project.vectors.adopt(key, Path(run) / key)
    settings = project.settings
    current = settings.get("embedding", "")
    # Shards of an embedding that is not in use yet change nothing that is shown or learned from: taking up
    # all vectors anew with each of them would leave the window without predictions for much of the time.
    changes = Changes.EMBEDDING if moved and key == current else Changes.NONE
    end = facts.end
    n = project.catalog.n
    have = n - len(project.vectors.missing(key, project.catalog.digest)) if end else moved
    if current != key and have and (end or not current):
        made_by = {"backbone": facts.backbone, "note": facts.note, "device": facts.device, "seed": facts.seed}
        settings.set("made_by", {**settings.get("made_by", {}), key: made_by})
        project.note_embedding(key)
        if not (current and facts.beside):
            changes |= use(project, key)
    if not end:
        return JobResult(changes)
    if facts.computed:
        _note_runtime(project, facts)
    end_run(run)
    project.catalog.forget_files(facts.changed)
    if not have:
        told = tr("None of the {n:,} images could be looked at, so nothing was changed.", n=n)
        raise UserError(f"{told} {facts.failed[0].reason}" if facts.failed else told)
    info = project.vectors.info(key)
    computed, seconds, failed = facts.computed, facts.seconds, facts.failed
    if computed >= ENOUGH_TO_TIME:
        project.vectors.note_speed(key, computed / max(seconds, 1e-3), facts.device)
    summary = {
        "backbone": facts.backbone,
        "title": info.title,
        "self_supervised": info.self_supervised,
        "note": facts.note,
        "key": key,
        "dim": info.dim,
        "device": facts.device,
        "precision": facts.precision,
        "runtime": facts.runtime,
        "cosine_to_torch": facts.cosine,
        "seed": facts.seed,
        "n_images": n,
        "n_embedded": have,
        "n_computed": computed,
        "images_per_s": round(computed / seconds, 2) if computed and seconds else None,
        "failed": [asdict(unreadable) for unreadable in failed],
    }
    sentence = tr(
        "{title} has looked at {have:,} of {n:,} images ({computed:,} now, on {device}).",
        have=have,
        n=n,
        title=shown_name(info.title),
        computed=computed,
        device=facts.device,
    )
    if failed:
        sentence += tr(" {failed:,} could not be read: {reason}", failed=len(failed), reason=failed[0].reason)
    if facts.note:
        sentence += f" {facts.note}"
    return JobResult(changes, summary, sentence, found=facts)


def _note_runtime(project: Project, facts: Facts) -> None:
    """Keep what made the vectors that came last, beside what else is known of how they were made."""
    made_by = project.settings.get("made_by", {})
    if facts.key in made_by:
        ran = {"runtime": facts.runtime, "cosine_to_torch": facts.cosine}
        project.settings.set("made_by", {**made_by, facts.key: {**made_by[facts.key], **ran}})


def use(project: Project, key: str) -> Changes:
    """Work with embedding `key` from now on; all embeddings stay, with their maps. `UserError` if it is not
    here.
    """
    settings, info = project.settings, project.vectors.info(key)
    made_by = settings.get("made_by", {}).get(key, {})
    settings.set("embedding", key)
    settings.set("backbone", made_by.get("backbone", info.backbone))
    settings.set("backbone_note", made_by.get("note", info.note))
    if "device" in made_by:
        settings.set("device", made_by["device"])
    return Changes.EMBEDDING | Changes.PROJECTION


def run(project: Project, params: Params, progress: Progress) -> JobResult:
    """Plan, work and adopt in this process."""
    task = plan(project, params)
    facts = work(task, Adopting(progress, lambda part: adopt(project, task, part)))
    return adopt(project, task, facts)


def present(project: Project, key: str) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Which images have a vector of embedding `key`, bool (n,)."""
    mask = np.ones(project.catalog.n, np.bool_)
    mask[project.vectors.missing(key, project.catalog.digest)] = False
    return mask
