"""An exported classifier of another project looks at the images: hints for the first labels, never labels.

Transfer between stains or scanners. Its guard says which images are unlike those it learned from; of them it
says nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.changes import Changes, JobResult
from medlabeler.domain.checked_json import Json
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.progress import Progress
from medlabeler.domain.types import Split
from medlabeler.domain.words import count
from medlabeler.export.provenance import lines_sha256
from medlabeler.jobs.params.start_with import Params as Params
from medlabeler.project import starting
from medlabeler.project.project import Project
from medlabeler.project.runs import end_run
from medlabeler.project.staging import (
    job_folder,
    load_arrays,
    load_image_files,
    save_arrays,
    save_image_files,
)
from medlabeler.project.vectors import VectorStore

if TYPE_CHECKING:  # numpy alone, but the file of the classifier is read in the worker
    from medlabeler.export.bundle import Bundle
    from medlabeler.project.columns import ImageFiles

PART = 128
FILE = "starting.npz"
SEEN = tr(
    "It was made in a project with the same training images, so it may have learned their labels: what it "
    "says of them tells nothing about it."
)


@dataclass(frozen=True)
class Task:
    """Let `bundle` look at the images whose places stand in the file `images`; `vectors` is the folder of the
    project's embeddings, `key` the one in use, empty for none.
    """

    run: str
    bundle: str
    images: str
    arrays: str
    vectors: str
    key: str
    device: str
    allow_download: bool


@dataclass(frozen=True)
class Facts:
    """What it said of `n_images`: `predicted` how many of each class; `n_failed` could not be read, such as
    `failed`. Its arrays lie in `run`.
    """

    name: str
    sha256: str
    classes: tuple[Json, ...]
    cautions: tuple[str, ...]
    n_images: int
    n_unlike: int
    n_failed: int
    failed: str
    predicted: Json


def plan(project: Project, params: Params) -> Task:
    """Describe the task; `UserError` without images, or without the file of a classifier."""
    if params.bundle is None:
        raise UserError(tr("Name the file of an exported classifier."))
    if not params.bundle.is_file():
        raise UserError(tr("There is no file {path}.", path=params.bundle))
    catalog = project.catalog
    if not catalog.n:
        raise UserError(tr("The project has no images yet; import some first."))
    folder = job_folder(project, "start_with")
    return Task(
        run=str(folder),
        bundle=str(params.bundle.absolute()),
        images=save_image_files(folder, catalog.image_files()),
        arrays=save_arrays(folder, split=catalog.split),
        vectors=str(project.vectors.folder),
        key=str(project.settings.get("embedding", "") or ""),
        device=params.device,
        allow_download=params.allow_download,
    )


def work(task: Task, progress: Progress) -> Facts:
    """Embed what its backbone has not seen, predict, and ask its guard."""
    from medlabeler.export.bundle_file import read_bundle
    from medlabeler.export.classifier import Classifier
    from medlabeler.export.judgement import judge_images

    progress.report(0, 0, tr("Loading the image model"))
    bundle = read_bundle(Path(task.bundle))
    files = load_image_files(task.images)
    paths = [Path(file) for file in files.files()]
    vectors, present = _known(task, bundle, files)
    classifier = Classifier(bundle, device=task.device, allow_download=task.allow_download)
    failed: list[tuple[int, str]] = []
    todo = np.flatnonzero(~present)
    if len(todo):
        # In a random order, as everywhere: what is there first is a sample of all.
        todo = np.random.default_rng(0).permutation(todo)
        digests = [one.decode("ascii") for one in files.digest.tolist()]
        for shard in classifier.shards(paths, todo, size=PART, progress=progress, digests=digests):
            vectors[shard.rows], present[shard.rows] = shard.vectors, True
            failed += shard.failed
    rows = np.flatnonzero(present)
    if not len(rows):
        raise UserError(
            tr(
                "None of the {paths:,} images could be read: {skipped}",
                paths=len(paths),
                skipped=failed[0][1] if failed else "",
            )
        )
    probabilities = bundle.predict(vectors[rows])
    judged = judge_images(bundle, vectors[rows], probabilities, [paths[row] for row in rows.tolist()])
    said = probabilities.argmax(axis=1)[~judged.unlike]
    numbers = np.bincount(said, minlength=len(bundle.classes)).tolist()
    with (Path(task.run) / FILE).open("wb") as out:
        np.savez(out, digest=files.digest[rows], probabilities=probabilities, unlike=judged.unlike)
    seen = _has_seen(bundle, files, load_arrays(task.arrays)["split"])
    return Facts(
        name=Path(task.bundle).name,
        sha256=bundle.content_sha256,
        classes=tuple({"name": str(c["name"]), "colour": str(c.get("colour", ""))} for c in bundle.classes),
        cautions=(*judged.sentences, *([SEEN] if seen else [])),
        n_images=len(rows),
        n_unlike=int(judged.unlike.sum()),
        n_failed=len(failed),
        failed=failed[0][1] if failed else "",
        predicted={str(c["name"]): n for c, n in zip(bundle.classes, numbers, strict=True)},
    )


def _known(task: Task, bundle: Bundle, files: ImageFiles) -> tuple[NDArray[np.float16], NDArray[np.bool_]]:
    """Vectors float16 (n, d) and which are present (n,): those of the project, if they are just what the
    bundle would compute, else none.
    """
    n = len(files.digest)
    nothing = np.zeros((n, bundle.dim), np.float16), np.zeros(n, np.bool_)
    if not task.key:
        return nothing
    store, wanted = VectorStore(Path(task.vectors)), bundle.backbone
    try:
        info = store.info(task.key)
        same = all(
            wanted.get(name) == getattr(info, name)
            for name in ("weights_sha256", "pooling", "precision", "dim")
        )
        if not same or info.preprocessing != bundle.preprocessing:
            return nothing
        return store.load(task.key, n, files.digest)
    except UserError:
        return nothing


def _has_seen(bundle: Bundle, files: ImageFiles, split: NDArray[np.uint8]) -> bool:
    """Whether its training images were those of this project; of a part of them nobody can tell."""
    pool = files.digest[split == Split.POOL].astype(str).tolist()
    return bundle.split is not None and bundle.split.pool.sha256 == lines_sha256(pool)


def adopt(project: Project, task: Task, facts: Facts) -> JobResult:
    """Keep what it said, and make the classes that the project lacks; not one label is written."""
    ids = {c.name: c.id for c in project.classes.all()}
    n_before = len(ids)
    for one in facts.classes:
        if one["name"] not in ids:
            ids[one["name"]] = project.journal.add_class(one["name"]).id
    kept = {
        "name": facts.name,
        "sha256": facts.sha256,
        "classes": tuple(ids[one["name"]] for one in facts.classes),
        "cautions": facts.cautions,
        "n_images": facts.n_images,
        "n_unlike": facts.n_unlike,
    }
    starting.keep(project, Path(task.run) / FILE, kept)
    end_run(task.run)
    sentences = [
        *facts.cautions,
        tr(
            "{name} said something of {images}. That is a hint for your first labels and counts as nobody's "
            "label.",
            name=facts.name,
            images=count(facts.n_images - facts.n_unlike, "image"),
        ),
    ]
    if facts.n_unlike:
        sentences.append(
            tr(
                "Of {images} unlike those it learned from it says nothing.",
                images=count(facts.n_unlike, "image"),
            )
        )
    if facts.n_failed:
        sentences.append(
            tr(
                "{images} could not be read, such as: {reason}",
                images=count(facts.n_failed, "image"),
                reason=facts.failed,
            )
        )
    summary: dict[str, Any] = {
        "name": facts.name,
        "bundle_sha256": facts.sha256,
        "cautions": list(facts.cautions),
        "n_images": facts.n_images,
        "n_unlike": facts.n_unlike,
        "n_failed": facts.n_failed,
        "predicted": facts.predicted,
        "n_new_classes": len(ids) - n_before,
    }
    return JobResult(Changes.CLASSES | Changes.MODEL, summary, " ".join(sentences))


def run(project: Project, params: Params, progress: Progress) -> JobResult:
    """Plan, work and adopt in this process; or forget what such a classifier said."""
    if params.without:
        starting.forget(project)
        return JobResult(
            Changes.MODEL, {"name": None}, tr("No other project's classifier gives hints any more.")
        )
    task = plan(project, params)
    return adopt(project, task, work(task, progress))
