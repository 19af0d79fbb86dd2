"""Whether several looks at each image would pay: tried on the labelled images alone, before all are embedded.

The labelled images are embedded as means over several looks (`learning.backbones.views`); what that gains
over the embedding in use is measured by cross-validation on the same folds.
"""

from __future__ import annotations

import json
import time
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
from medlabeler.domain.types import NO_CLASS
from medlabeler.domain.words import duration
from medlabeler.imaging.preprocess import LOOKS, MIRRORED, TURNED
from medlabeler.jobs import embed
from medlabeler.jobs.evaluate import classifier_of, embedding_of
from medlabeler.jobs.params import embed as embed_params
from medlabeler.jobs.params.try_views import Params as Params
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

SETTING = "views_tried"
"""What was found last, kept with the project."""
MILESTONES = (25, 50, 100)
"""Labels per class, mean over the classes, at each of which it is worth trying again."""
MOST = 100
"""Images of each class that are looked at."""


@dataclass(frozen=True)
class Task:
    """Look several times at labelled images with `backbone`, and compare with embedding `key` of the folder
    `vectors`. `arrays`: digest and group of all images, `rows` of those to look at, their class `codes`;
    `paths`: where all images lie. `milestone` as `reached`, `per_class` labels of each class (mean).
    """

    run: str
    backbone: str
    device: str
    vectors: str
    key: str
    arrays: str
    paths: str
    rendering: Json
    precision: str
    classifier: str
    seed: int
    milestone: int
    per_class: int


@dataclass(frozen=True)
class Tried:
    """One way to look, by its name in `Preprocessing`: balanced accuracy `before` and `after`, the paired
    `gain` with its 99 % interval, all 0..1, and how long it takes for all images, in seconds on `device`.
    """

    views: str
    before: float
    after: float
    gain: float
    low: float
    high: float
    seconds: float
    device: str

    @property
    def looks(self) -> int:
        """How often it looks at each image."""
        return next(n for name, n in LOOKS.items() if name == self.views)

    @property
    def pays(self) -> bool:
        """Whether the gain is more than chance."""
        return self.low > 0

    @property
    def words(self) -> str:
        """What it gains and takes, in part of a sentence."""
        return tr(
            "{looks} looks at each image ({how}): {gain:+.1f} points [{low:+.1f}, {high:+.1f}], about {time}"
            " for all images",
            looks=self.looks, how=_HOW[self.views], gain=100 * self.gain, low=100 * self.low,
            high=100 * self.high, time=duration(self.seconds),
        )  # fmt: skip


@dataclass(frozen=True)
class Facts:
    """What each way gained on `n_labels` labelled images, `per_class` of each class (mean)."""

    tried: tuple[Tried, ...]
    n_labels: int
    per_class: int

    @property
    def best(self) -> Tried | None:
        """What is to be proposed: the largest gain of those that pay, None where none does."""
        return max((one for one in self.tried if one.pays), key=lambda one: one.gain, default=None)

    @property
    def sentence(self) -> str:
        """What was found."""
        found = "; ".join(one.words for one in self.tried)
        best = self.best
        verdict = (
            tr("Nothing is gained for certain: one look at each image stays.")
            if best is None
            else tr("It pays: let the image model look again with --views {views}.", views=best.views)
        )
        return tr(
            "Cross-validated on {n:,} labelled images, with 99 % intervals: {found}. {verdict}",
            n=self.n_labels, found=found, verdict=verdict,
        )  # fmt: skip


_WAYS = (TURNED, MIRRORED)
_HOW: dict[str, str] = {TURNED: tr("turned, and closer"), MIRRORED: tr("mirrored, and closer")}


def reached(labels: NDArray[np.integer[Any]]) -> int:
    """The milestone that the class ids (n,) of the pool have reached, NO_CLASS without label; 0 below all."""
    given = labels[labels != NO_CLASS]
    n_classes = len(np.unique(given))
    if n_classes < 2:
        return 0
    return max((m for m in MILESTONES if len(given) >= m * n_classes), default=0)


def refusal(project: Project) -> str:
    """Why it cannot be tried with the embedding in use; empty if it can."""
    key = str(project.settings.get("embedding", "") or "")
    if not key:
        return tr("No image model has looked at the images yet; let one look first (medlabeler embed).")
    info = project.vectors.info(key)
    if info.adopted or str(project.settings.get("backbone", "") or "").startswith("precomputed:"):
        return tr("These vectors were computed elsewhere: nothing here can look at the images again.")
    if info.sharpened:
        return tr(
            "This image model has learned from your labels, so the same labels cannot tell what several looks"
            " gain."
        )
    if info.preprocessing.get("views"):
        return tr("The image model in use has taken several looks at each image already.")
    try:
        _backbone(project)
    except UserError as error:
        return str(error)
    return ""


def _backbone(project: Project) -> str:
    """The stored name of the project's own backbone; `UserError` where its weights are not here."""
    own = str(project.settings.get("backbone", "") or "") or None
    return embed.stored_name(embed.choose(project, embed_params.Params(backbone=own)).info)


def due(project: Project, labels: NDArray[np.integer[Any]]) -> bool:
    """Whether it is to be tried now, by class ids (n,) of the pool: a milestone that this embedding has not
    been tried at.
    """
    now = reached(labels)
    if not now or refusal(project):
        return False
    last = project.settings.get(SETTING, None) or {}
    return last.get("key") != project.settings.get("embedding", "") or int(last.get("milestone", 0)) < now


def stored(project: Project) -> Facts | None:
    """What was found last of the embedding in use; None if nothing, or it cannot be read any more."""
    last = project.settings.get(SETTING, None) or {}
    if last.get("key") != project.settings.get("embedding", ""):
        return None
    try:
        tried = tuple(Tried(**one) for one in last["tried"])
        return Facts(tried, int(last["n_labels"]), int(last["per_class"]))
    except (KeyError, TypeError, ValueError):
        return None


def plan(project: Project, params: Params) -> Task:
    """Describe the task; `UserError` without embedding or labels, or where several looks are in use."""
    if reason := refusal(project):
        raise UserError(reason)
    key = embedding_of(project)
    rows, class_ids = project.labels.trained_rows()
    there = np.ones(project.catalog.n, np.bool_)
    there[project.vectors.missing(key, project.catalog.digest)] = False
    rows, class_ids = rows[there[rows]], class_ids[there[rows]]
    classes, codes = np.unique(class_ids, return_inverse=True)
    if len(classes) < 2:
        raise UserError(tr("Label images of a second class first."))
    seed = int(project.settings.get("seed", 0))
    chance = np.random.default_rng(seed)
    kept = np.sort(
        np.concatenate([chance.permutation(np.flatnonzero(codes == c))[:MOST] for c in range(len(classes))])
    )
    folder, catalog = job_folder(project, "try_views"), project.catalog
    return Task(
        run=str(folder),
        backbone=_backbone(project),
        device=params.device,
        vectors=str(project.vectors.folder),
        key=key,
        arrays=save_arrays(
            folder, digest=catalog.digest, group=catalog.group, rows=rows[kept],
            codes=codes[kept].astype(np.int64),
        ),
        paths=save_image_files(folder, catalog.image_files()),
        rendering=project.rendering.to_json(),
        precision=project.vectors.info(key).precision,
        classifier=classifier_of(project, None),
        seed=seed,
        milestone=reached(class_ids),
        per_class=len(rows) // len(classes),
    )  # fmt: skip


def work(task: Task, progress: Progress) -> Facts:
    """Embed the labelled images in each way, and measure what that gains over the vectors that are here."""
    progress.report(0, 0, tr("Loading the image model"))
    from medlabeler.learning.accuracy.evaluation import fold_blocks
    from medlabeler.learning.accuracy.gain_by_views import gain_by_views
    from medlabeler.learning.backbones.loading import choose_device, load_backbone
    from medlabeler.learning.classifiers.shaping import Shaping

    arrays = load_arrays(task.arrays)
    rows, codes, n = arrays["rows"], arrays["codes"], len(arrays["digest"])
    store = VectorStore(Path(task.vectors))
    vectors, present = store.load(task.key, n, arrays["digest"])
    device, backbone = choose_device(task.device), load_backbone(task.backbone, progress=progress)
    if backbone.weights_sha256 != store.info(task.key).weights_sha256:
        raise UserError(tr("The image model has other weights now than when it looked at the images."))
    tried = []
    for views in _WAYS:
        began = time.perf_counter()
        looked = embed.rendered(backbone, task.rendering, views)
        seen, found = _embedded(task, looked, rows, arrays["digest"], device, progress)
        each_s = (time.perf_counter() - began) / max(len(rows), 1)
        use = np.flatnonzero(seen & present[rows])
        if len(np.unique(codes[use])) < 2:
            raise UserError(tr("The labelled images of all classes but one cannot be read any more."))
        # Both are shaped by the labelled images alone: the others have been looked at once only.
        before, after = (Shaping.fit(X).prepare(X) for X in (np.array(vectors[rows[use]]), found[use]))
        grouped = (arrays["group"] >= 0).any()
        groups = arrays["group"][rows[use]] if grouped else None
        gain = gain_by_views(
            before, after, np.unique(codes[use], return_inverse=True)[1].astype(np.int64),
            classifier=task.classifier, groups=groups, blocks=fold_blocks(before, groups, progress),
            seed=task.seed, progress=progress,
        )  # fmt: skip
        figures = gain.before, gain.after, gain.gain, gain.low, gain.high
        tried.append(Tried(views, *figures, seconds=round(each_s * n, 1), device=device))
    return Facts(tuple(tried), len(rows), task.per_class)


def _embedded(
    task: Task,
    backbone: Any,
    rows: NDArray[np.int64],
    digests: NDArray[np.bytes_],
    device: str,
    progress: Progress,
) -> tuple[NDArray[np.bool_], NDArray[np.float16]]:
    """Which of `rows` (m,) could be read, and the vectors float16 (m, d) of all, zero of the others."""
    from medlabeler.learning.backbones.runtime import Runtime

    paths = load_image_files(task.paths).files()
    seen = np.zeros(len(rows), np.bool_)
    found = np.zeros((len(rows), backbone.info.dim), np.float16)
    for shard in embed.embed_here(
        backbone, paths, digests, rows, [], device=device, precision=task.precision, progress=progress,
        runtime=Runtime(),
    ):  # fmt: skip
        at = np.searchsorted(rows, shard.rows)
        seen[at], found[at] = True, shard.vectors
    return seen, found


def adopt(project: Project, task: Task, facts: Facts) -> JobResult:
    """Keep what was found with the project; nothing else changes."""
    found = {"key": task.key, "milestone": task.milestone, **asdict(facts)}
    project.settings.set(SETTING, json.loads(json.dumps(found)))
    end_run(task.run)
    best = facts.best
    summary = {**asdict(facts), "best": None if best is None else best.views}
    return JobResult(Changes.NONE, summary, facts.sentence)


def run(project: Project, params: Params, progress: Progress) -> JobResult:
    """Plan, work and adopt in this process."""
    task = plan(project, params)
    return adopt(project, task, work(task, progress))
