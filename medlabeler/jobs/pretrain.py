"""DINO on the project's own images: what a run shall do, and whether it is worth it; see `pretrain_runs`."""

from __future__ import annotations

import ipaddress
import json
import shutil
import socket
import sys
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.cores import cores
from medlabeler.domain.durable import write_durably
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.refusals import system_reason
from medlabeler.domain.types import Split
from medlabeler.jobs.embed import stored_name
from medlabeler.jobs.params.pretrain import Params as Params
from medlabeler.learning.backbones.registry import DEFAULT, OFFLINE, find, is_here
from medlabeler.project.columns import joined
from medlabeler.project.pretraining_runs import FOLDER, sweep
from medlabeler.project.project import Project
from medlabeler.project.run_files import (
    PLAN,
    PlannedRecipe,
    PretrainingPlan,
    RunPlan,
    RunTold,
    StartFrom,
    plan_text,
    pretraining_plan,
    read_status,
    write_status,
)
from medlabeler.project.staging import now_or_later

FEW_IMAGES = 2000
SAMPLE = 500
LABELLED = 400
MEASURED_STEPS, SYNTHETIC_STEPS = 20, 5


def plan(project: Project, params: Params, *, measure: bool = False) -> Path:
    """Make the folder of a run; `UserError` for what is wrong with the request.

    With `measure` it is the run's first 20 steps only, to learn how long it would take: see `verdict`.
    """
    images = training_rows(project, params.include_test)
    if not len(images):
        raise UserError(tr("The project has no images to learn from yet; import some first."))
    batch = params.batch
    if len(images) < batch:
        raise UserError(
            tr(
                "A batch of {batch} images needs at least {batch} images; there are {images}.",
                batch=batch,
                images=len(images),
            )
        )
    start = _start(project, params)
    keep_norms = not start.name.startswith("scratch:") if params.keep_norms is None else params.keep_norms
    processes = params.processes or (usual_processes(project, params) if keep_norms else 1)
    check_shares(batch, processes * params.machines)
    if params.machines > 1:
        check_address(params.across)
    steps_per_epoch = max(1, len(images) // batch)
    steps = params.steps or round((params.epochs or 0) * steps_per_epoch) or usual_steps(len(images), batch)
    local_size = params.local_size or max(16, round(params.size / 2 / 16) * 16)
    labelled, class_ids = project.labels.trained_rows()
    chance = np.random.default_rng(params.seed)
    probe, codes = _few_per_class(labelled, class_ids, chance)
    sample = np.sort(chance.choice(images, min(SAMPLE, len(images)), replace=False))
    sweep(project.path)
    folder = new_folder(project.path / FOLDER)
    save_images(folder, project, np.unique(np.concatenate([images, probe, sample])))
    save_array(folder / "train_rows.npy", images)
    save_array(folder / "knn_rows.npy", probe)
    save_array(folder / "knn_classes.npy", codes)
    save_array(folder / "map_rows.npy", sample)
    plan = PretrainingPlan(
        params=asdict(params),
        start=start,
        recipe=PlannedRecipe(
            steps=max(1, steps), batch=batch, size=params.size, local_size=local_size,
            n_local=params.n_local, accumulate=params.accumulate, save_memory=params.save_memory,
            precision=params.precision, seed=params.seed, learning_rate=params.learning_rate,
            colour=params.colour, keep_norms=keep_norms,
        ),
        n_images=len(images),
        n_test=int((project.catalog.split[images] == Split.TEST).sum()),
        transductive=bool((project.catalog.split[images] != Split.POOL).any()),
        working_size=working_size(project, images, params.size),
        project=project.path.name,
        rendering=project.rendering.to_json(),
        processes=processes,
        machines=params.machines,
        address=params.across if params.machines > 1 else "",
        measure=measure,
        planned=datetime.now().astimezone().isoformat(timespec="seconds"),
    )  # fmt: skip
    write_status(folder, RunTold(steps=max(1, steps), sentence=tr("Not started.")))
    save_plan(folder, plan)
    return folder


@dataclass(frozen=True)
class Verdict:
    """What the measuring of a run says: images a second, `seconds` in all, whether it is worth trying, and
    that in words. `images_per_s_synthetic` is the pace of the networks on views that lie on the device
    already, `peak_gib` the memory of a graphics card, None without one.
    """

    images_per_s: float
    seconds: float
    steps: int
    n_images: int
    worth_trying: bool
    sentence: str
    device: str | None
    images_per_s_synthetic: float
    peak_gib: float | None


def verdict(folder: Path) -> Verdict:
    """What a measuring run found, which is removed; `UserError` if nothing."""
    told, plan = read_status(folder), pretraining_plan(folder)
    rate = told.images_per_s or 0.0
    recipe, images = plan.recipe, plan.n_images
    if told.state != "done" or rate <= 0:
        raise UserError(told.sentence or tr("The speed could not be measured."))
    seconds = recipe.steps * recipe.batch / rate
    worth = images >= FEW_IMAGES
    duration = (
        tr("{seconds:.1f} hours", seconds=seconds / 3600)
        if seconds > 5400
        else tr("{value} minutes", value=max(1, round(seconds / 60)))
    )
    most = told.images_per_s_synthetic or rate
    sentence = tr(
        "{steps:,} steps would take about {duration} on this device ({rate:.0f} "
        "images/s, {value:.0f} % of what the networks alone could take).",
        steps=recipe.steps,
        duration=duration,
        rate=rate,
        value=min(100, 100 * rate / most),
    )
    sentence += (
        tr(" With {images:,} images it is worth trying.", images=images)
        if worth
        else tr(
            " With {images:,} images it is hardly worth trying: below about "
            "{few_images:,} there is little to learn from.",
            images=images,
            few_images=FEW_IMAGES,
        )
    )
    shutil.rmtree(folder, ignore_errors=True)
    return Verdict(rate, seconds, recipe.steps, images, worth, sentence, told.device, most, told.peak_gib)


def usual_steps(n_images: int, batch: int) -> int:
    """How long a run is if nobody says: 100 epochs, 3000 steps at most."""
    return min(100 * max(1, n_images // batch), 3000)


def check_shares(batch: int, processes: int) -> None:
    """`UserError` unless so many processes can take equal parts of a batch."""
    if batch % processes:
        raise UserError(
            tr(
                "A batch of {batch} cannot be shared by {processes} processes.",
                batch=batch,
                processes=processes,
            )
        )


def check_address(address: str) -> None:
    """`UserError` unless it is one address of this machine, for others to reach it."""
    if not address:
        raise UserError(tr("Say which address of this machine the others reach it by: --across ADDRESS."))
    try:
        known = ipaddress.IPv4Address(address)
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as door:
            door.bind((address, 0))
    except (ValueError, OSError):
        known = None
    if known is None or known.is_unspecified:
        raise UserError(tr("{address} is no address of this machine.", address=address))


def usual_processes(project: Project, params: Params) -> int:
    """How many processes share a batch if nobody says: one for each core of a CPU, four at most, else one.

    On two cores two processes of one thread each train 1.16 times as fast as one of two threads, whose small
    layers wait for each other (`tests/bench/bench_pretrain.py`). Only where it is known that the CPU is used,
    and on Linux, where it was measured.
    """
    device = params.device if params.device != "auto" else project.settings.get("device")
    if device != "cpu" or sys.platform != "linux":
        return 1
    return next(n for n in (4, 3, 2, 1) if n <= cores().n and params.batch % n == 0)


def training_rows(project: Project, include_test: bool) -> NDArray[np.int64]:
    """Images to learn from: the pool, or all of them if a person insists."""
    if include_test:
        return np.arange(project.catalog.n)
    return np.flatnonzero(project.catalog.split == Split.POOL)


def _start(project: Project, params: Params) -> StartFrom:
    """The backbone to begin with: asked for, the project's own, else the offline one."""
    if params.start and params.start.startswith("scratch:"):
        title = tr("{start} from scratch", start=params.start.removeprefix("scratch:"))
        return StartFrom(params.start, title)
    own = str(project.settings.get("backbone", "") or "")
    named = params.start or (own if not own.startswith("precomputed:") else "")
    info = find(named or DEFAULT)
    if not named and not is_here(info) and not params.allow_download:
        info = find(OFFLINE)
    if not is_here(info) and not params.allow_download:
        raise UserError(
            tr(
                "The weights of {title} are not on this machine; allow their download (--allow-"
                "download) or start from another image model, such as {offline}.",
                title=info.title,
                offline=OFFLINE,
            )
        )
    return StartFrom(stored_name(info), info.title, info.licence)


def _few_per_class(
    rows: NDArray[np.int64], class_ids: NDArray[np.int32], chance: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """At most `LABELLED` labelled images, the same number of each class as far as there are so many."""
    order = chance.permutation(len(rows))
    turn = np.zeros(len(rows), np.int64)
    for class_id in np.unique(class_ids):
        mine = order[class_ids[order] == class_id]
        turn[mine] = np.arange(len(mine))
    chosen = np.sort(np.argsort(turn, kind="stable")[:LABELLED])
    return rows[chosen], class_ids[chosen]


def working_size(project: Project, images: NDArray[np.int64], size: int) -> int:
    """At what size images are kept decoded: a quarter larger than a large crop, if they are that large."""
    short = np.minimum(project.catalog.width[images], project.catalog.height[images])
    return int(np.clip(np.median(short), size, size * 5 // 4))


def new_folder(root: Path) -> Path:
    """The folder of a new run; `UserError` if the disk refuses."""
    name = datetime.now().strftime("%Y-%m-%d-%H%M%S")
    for number in range(100):
        folder = root / (f"{name}-{number}" if number else name)
        try:
            folder.mkdir(parents=True)
        except FileExistsError:
            continue
        except OSError as error:
            raise UserError(
                tr(
                    "The project folder {parent} cannot be written to: {reason}.",
                    parent=root.parent,
                    reason=system_reason(error),
                )
            ) from error
        return folder
    raise UserError(tr("There are too many runs in {root}.", root=root))


def save_images(folder: Path, project: Project, rows: NDArray[np.int64]) -> None:
    """The files a run reads, each with its digest: all it knows of the project. A second and a half of work
    for 171,375 images, so the window has it done by a thread, see `staging.written_later`.
    """
    save_array(folder / "image_rows.npy", rows)
    files = project.catalog.image_files()
    roots, root, names, digests = files.roots, files.root[rows], files.names[:], files.digest[rows]

    def write() -> None:
        lines = [
            [str(Path(joined(roots[code], names[row]))), digest.decode()]
            for row, code, digest in zip(rows.tolist(), root.tolist(), digests.tolist(), strict=True)
        ]
        write_durably(folder / "images.json", json.dumps(lines).encode())

    now_or_later(write)


def save_plan(folder: Path, plan: RunPlan) -> None:
    """Write what a run shall do. Last, for it makes the folder a run: whoever finds one finds all of it."""
    now_or_later(lambda: write_durably(folder / PLAN, plan_text(plan)))


def save_array(path: Path, array: NDArray[Any]) -> None:
    """Write an array of a run."""
    with path.open("wb") as file:
        np.save(file, array)
