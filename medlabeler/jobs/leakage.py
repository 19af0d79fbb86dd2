"""Look for what stands on both sides of the split: groups, labels, preparation, near-duplicates.

Near-duplicates are sought by file, by how pictures look (also turned or mirrored) and by embedding. What is
found can be settled in two ways. The pool's images leave training: they are held back with their groups, the
test set stays as it was drawn. Or the test images go to the pool with their groups, which is only offered
while the test set has never been opened: what has been tested on must not train, for the next figure would
then be measured on images whose answers shaped earlier decisions.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.changes import Changes, JobResult
from medlabeler.domain.checked_json import Json
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.progress import Progress
from medlabeler.domain.types import NO_CLASS, Split
from medlabeler.domain.words import count
from medlabeler.imaging.rendering import Rendering
from medlabeler.imaging.thumbnails import ThumbnailStore
from medlabeler.jobs.params.leakage import Params as Params
from medlabeler.learning.accuracy.leakage import (
    Kind,
    Leak,
    embedding_leaks,
    group_leaks,
    pixel_leaks,
    rows_to_move,
    shaping_leaks,
    small_grey,
    training_leaks,
)
from medlabeler.project.labels import training_labels
from medlabeler.project.project import Project
from medlabeler.project.runs import end_run
from medlabeler.project.staging import job_folder, load_arrays, load_json, save_arrays, save_json

MOST = 2000
"""So many findings are listed; all are counted."""
WORDS = {
    "group": tr("group on both sides"),
    "test label": tr("test label used for training"),
    "preparation": tr("test image in the preparation"),
    "same pixels": tr("same file"),
    "look alike": tr("looks alike"),
    "close embedding": tr("hardly told apart by the image model"),
}


@dataclass(frozen=True)
class Task:
    """Compare the sides of the split; `arrays`: digest, split, group and training label of each image.

    `names` is a file of the groups' names. Without an embedding `key` is empty.
    """

    key: str
    run: str
    vectors: str
    thumbnails: str
    rendering: Json
    names: str
    arrays: str


@dataclass(frozen=True)
class Facts:
    """`n` findings by kind, the first of them in `leaks`; `n_unseen` images had no thumbnail to compare."""

    leaks: tuple[Leak, ...]
    n: dict[str, int]
    n_test: int
    n_pool: int
    n_unseen: int
    embedded: bool


@dataclass(frozen=True)
class Finding:
    """A `Leak` with the names of its images, the pool's empty where no pair is meant."""

    kind: Kind
    test_row: int
    pool_row: int
    strength: float
    sentence: str
    test_image: str
    pool_image: str


@dataclass(frozen=True)
class Found:
    """What the job lists."""

    findings: tuple[Finding, ...]


def plan(project: Project, params: Params) -> Task:
    """Describe the task; `UserError` where there is no test set."""
    catalog, labels = project.catalog, project.labels
    if not (catalog.split == Split.TEST).any():
        raise UserError(tr("There is no test set yet, so nothing can be on both sides; reserve one first."))
    folder = job_folder(project, "leakage")
    return Task(
        key=str(project.settings.get("embedding", "") or ""),
        run=str(folder),
        vectors=str(project.vectors.folder),
        thumbnails=str(project.thumbnails.folder),
        rendering=project.rendering.to_json(),
        names=save_json(folder, "groups.json", catalog.group_names),
        arrays=save_arrays(
            folder,
            digest=catalog.digest,
            split=catalog.split,
            group=catalog.group,
            labels=training_labels(labels.class_id, labels.kind, catalog.split),
        ),
    )


def work(task: Task, progress: Progress) -> Facts:
    """Look at every pair across the split."""
    arrays, names = load_arrays(task.arrays), load_json(task.names)
    split, group, digest = arrays["split"], arrays["group"], arrays["digest"]
    progress.report(0, 0, tr("Comparing groups"))
    leaks = group_leaks(split, group, names)
    leaks += training_leaks(split, np.flatnonzero(arrays["labels"] != NO_CLASS))
    small, seen = small_pictures(task.thumbnails, task.rendering, split, digest, progress)
    progress.report(0, 0, tr("Comparing pictures"))
    leaks += pixel_leaks(split, digest, small)
    vectors, present = task_vectors(task.vectors, task.key, digest)
    if vectors is not None:
        progress.check()
        progress.report(0, 0, tr("Comparing what the image model sees"))
        leaks += shaping_leaks(split, fitted_rows(split, present))
        leaks += embedding_leaks(split, shaped(vectors, present, split))
    leaks = once(leaks)
    kinds = {kind: sum(leak.kind == kind for leak in leaks) for kind in WORDS}
    return Facts(
        leaks=tuple(leaks[:MOST]),
        n={kind: n for kind, n in kinds.items() if n},
        n_test=int((split == Split.TEST).sum()),
        n_pool=int((split == Split.POOL).sum()),
        n_unseen=int((~seen).sum()),
        embedded=vectors is not None,
    )


def fitted_rows(split: NDArray[np.uint8], present: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The images that embeddings are prepared by: those of the pool that have one."""
    return np.flatnonzero(present & (split == Split.POOL))


def shaped(
    vectors: NDArray[Any], present: NDArray[np.bool_], split: NDArray[np.uint8]
) -> NDArray[np.float32]:
    """Prepared embeddings float32 (n, d), zero where there is none."""
    from medlabeler.learning.classifiers.shaping import Shaping

    prepared = Shaping.fit(vectors, fitted_rows(split, present)).prepare(vectors)
    prepared[~present] = 0
    return prepared


def task_vectors(
    folder: str, key: str, digest: NDArray[np.bytes_]
) -> tuple[NDArray[Any] | None, NDArray[np.bool_]]:
    """The embedding `key` of `folder`, (n, d) or None, and which images have one, bool (n,)."""
    from medlabeler.project.vectors import VectorStore

    if not key:
        return None, np.zeros(len(digest), np.bool_)
    vectors, present = VectorStore(Path(folder)).load(key, len(digest), digest)
    return (vectors if present.any() else None), present


def small_pictures(
    folder: str,
    rendering: Json,
    split: NDArray[np.uint8],
    digest: NDArray[np.bytes_],
    progress: Progress,
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """`small_grey` of every thumbnail as `rendering` shows it, float32 (n, 256), and which images have one,
    bool (n,).

    An image without a thumbnail gets noise of its own, which looks like nothing else.
    """
    from PIL import Image

    store, n = ThumbnailStore(Path(folder)), len(split)
    names = store.names(digest.tolist(), Rendering.from_json(rendering))
    small = np.random.default_rng(0).normal(0, 1, (n, 256)).astype(np.float32)
    seen = np.zeros(n, np.bool_)
    for row in range(n):
        if row % 256 == 0:
            progress.check()
            progress.report(row, n, tr("Looking at pictures"))
        jpeg = store.get(names[row]) if split[row] != Split.HELD_BACK else None
        if jpeg is not None:
            small[row] = small_grey(np.asarray(Image.open(io.BytesIO(jpeg)).convert("RGB")))
            seen[row] = True
    seen |= split == Split.HELD_BACK
    return small, seen


def once(leaks: Sequence[Leak]) -> list[Leak]:
    """Each pair once, by what shows it most plainly; facts first, then the most alike."""
    order = list(WORDS)
    kept: dict[tuple[int, int, bool], Leak] = {}
    for leak in sorted(leaks, key=lambda leak: (order.index(leak.kind), -leak.strength)):
        kept.setdefault((leak.test_row, leak.pool_row, leak.pool_row < 0), leak)
    return list(kept.values())


def adopt(project: Project, task: Task, facts: Facts) -> JobResult:
    """Say what was found; nothing is moved without being asked."""
    end_run(task.run)
    catalog = project.catalog
    name = catalog.name
    found = [
        Finding(
            **vars(leak),
            test_image=name(leak.test_row),
            pool_image=name(leak.pool_row) if leak.pool_row >= 0 else "",
        )
        for leak in facts.leaks
    ]
    total = sum(facts.n.values())
    kinds = ", ".join(f"{WORDS[kind]}: {n:,}" for kind, n in facts.n.items())
    looked = tr(
        "{n_test:,} test images against {n_pool:,} training images", n_test=facts.n_test, n_pool=facts.n_pool
    )
    sentence = tr("Nothing is on both sides of the split: {looked}.", looked=looked)
    if total:
        findings = count(total, "finding")
        sentence = tr(
            "{findings} on both sides of the split ({kinds}): {looked}.",
            findings=findings,
            kinds=kinds,
            looked=looked,
        )
    if not facts.embedded:
        sentence += tr(
            " What the image model sees was not compared, for it has not looked at the images yet."
        )
    if facts.n_unseen:
        sentence += tr(
            " {n_unseen:,} images without a thumbnail were compared by file only.", n_unseen=facts.n_unseen
        )
    summary = {
        "n_leaks": total,
        "by_kind": facts.n,
        "leaks": [asdict(leak) for leak in found],
        "sentence": sentence,
    }
    return JobResult(Changes.NONE, summary, sentence, found=Found(tuple(found)))


def movable(project: Project, found: Sequence[Finding], to: Split) -> NDArray[np.int64]:
    """Rows int64 that `move` would move for these; see there for `to`."""
    catalog = project.catalog
    pairs = [
        Leak(one.kind, one.test_row, one.pool_row, one.strength, one.sentence)
        for one in found
        if one.pool_row >= 0
    ]
    if not pairs:
        return np.empty(0, np.int64)
    rows = rows_to_move(pairs, catalog.split, catalog.group, to)
    return rows[catalog.split[rows] == Split.POOL] if to == Split.TEST else rows


def why_not_to_pool(project: Project) -> str:
    """Why test images cannot go to the pool any more; empty while they can."""
    looks = project.history.looks()
    if not looks:
        return ""
    times = "once" if looks == 1 else tr("{looks:,} times", looks=looks)
    return tr("The test set has been opened {times}, so none of its images may train any more.", times=times)


def move(project: Project, found: Sequence[Finding], to: Split) -> JobResult:
    """Settle findings, labels and groups kept together. `to` TEST: the pool's images are held back beside the
    test set, neither trained nor tested on. `to` POOL: the test images join the pool; `UserError` once the
    test set has been opened.
    """
    if to == Split.POOL and (reason := why_not_to_pool(project)):
        raise UserError(reason)
    rows = movable(project, found, to)
    if to == Split.POOL and len(rows) >= int((project.catalog.split == Split.TEST).sum()):
        raise UserError(tr("That would empty the test set; hold the training images back instead."))
    target = Split.HELD_BACK if to == Split.TEST else Split.POOL
    project.catalog.move(rows, target, tr("also on the other side of the split"))
    where = (
        tr("held back; they neither train nor test")
        if to == Split.TEST
        else tr("moved to the training images")
    )
    summary = {"n_moved": len(rows), "to": target.name.lower()}
    return JobResult(
        Changes.IMAGES,
        summary,
        tr("{images} {where}.", images=count(len(rows), "image"), where=where),
    )


def run(project: Project, params: Params, progress: Progress) -> JobResult:
    """Plan, work and adopt in this process."""
    task = plan(project, params)
    return adopt(project, task, work(task, progress))
