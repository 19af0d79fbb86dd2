"""Lay the images out on the map: PCA at once, UMAP after it.

A map may be drawn of the first images while the others are still embedded; the map of all starts from it.
"""

from __future__ import annotations

import hashlib
import importlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.changes import Changes, JobResult
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.progress import Progress
from medlabeler.domain.types import Split
from medlabeler.jobs.params.project_map import METHODS
from medlabeler.jobs.params.project_map import Params as Params
from medlabeler.project.project import Project
from medlabeler.project.runs import end_run
from medlabeler.project.staging import Adopting, job_folder, load_arrays, save_arrays

if TYPE_CHECKING:
    from medlabeler.project.vectors import VectorStore


@dataclass(frozen=True)
class Task:
    """Draw embedding `key` of the folder `vectors`; `arrays`: digest and split of each image."""

    method: str
    seed: int | None
    key: str
    run: str
    vectors: str
    arrays: str


@dataclass(frozen=True)
class Facts:
    """`method` of `n_images` is drawn; `end`: it is the one that was asked for."""

    key: str
    n_images: int
    method: str
    end: bool = False


def plan(project: Project, params: Params) -> Task:
    """Describe the task; `UserError` before there is an embedding."""
    if params.method not in METHODS:
        raise UserError(
            tr("There is no projection named {method}; choose umap or pca.", method=params.method)
        )
    key = str(project.settings.get("embedding", "") or "")
    if not key:
        raise UserError(
            tr("No image model has looked at the images yet; let one look first (medlabeler embed).")
        )
    folder = job_folder(project, "project_map")
    return Task(
        method=params.method,
        seed=params.seed,
        key=key,
        run=str(folder),
        vectors=str(project.vectors.folder),
        arrays=save_arrays(folder, digest=project.catalog.digest, split=project.catalog.split),
    )


def load() -> None:
    """Import what the first map needs. UMAP is left to what comes after it: its import takes seven times as
    long, of a share of the cores that an embedding leaves, and the first map would wait for it.
    """
    for name in ("scipy.linalg", "medlabeler.learning.classifiers.shaping", "medlabeler.learning.projection"):
        importlib.import_module(name)


def work(task: Task, progress: Progress) -> Facts:
    """Compute and store the coordinates; the projection of images without a vector is NaN."""
    progress.report(0, 0, tr("Reading what the image model saw"))
    from medlabeler.learning.classifiers.shaping import Shaping, room_for_both
    from medlabeler.learning.projection import pca_layout, umap_layout
    from medlabeler.project.vectors import VectorStore

    store = VectorStore(Path(task.vectors))
    arrays = load_arrays(task.arrays)
    digest, key = arrays["digest"], task.key
    prepared, room = room_for_both(len(digest), store.info(key).dim)
    vectors, present = store.load(key, len(digest), digest, room)
    rows = np.flatnonzero(present)
    if not len(rows):
        raise UserError(
            tr("No image model has looked at any image yet; let one look first (medlabeler embed).")
        )
    pool = np.flatnonzero(present & (arrays["split"] == Split.POOL))
    # The map shows the space the classifiers see.
    features = Shaping.fit(vectors, pool).prepare(vectors, prepared)
    del vectors, room
    if len(rows) < len(features):
        features = features[rows]
    del prepared
    progress.check()
    progress.report(0, 0, tr("Principal components"))
    coords = pca_layout(features)
    made_of = {"key": key, "n_images": len(rows), "pictures": pictures(present, digest)}
    store.save_projection(key, "pca", _spread(coords, rows, len(digest)), made_of)
    if task.method == "pca":
        return Facts(key, len(rows), "pca", end=True)
    progress.partial(Facts(key, len(rows), "pca"))
    progress.check()
    if task.seed is None:  # else the map would depend on the one before
        coords = _grown(store, key, features, rows, coords)
    layout = umap_layout(features, init=coords, seed=task.seed, progress=progress)
    progress.check()
    store.save_projection(
        key, "umap", _spread(layout.coords, rows, len(digest)), {**made_of, "seed": task.seed}
    )
    store.save_knn_graph(key, *_spread_graph(layout.knn_index, layout.knn_distance, rows, len(digest)))
    return Facts(key, len(rows), "umap", end=True)


def pictures(present: NDArray[np.bool_], digest: NDArray[np.bytes_]) -> str:
    """Names the pictures that are laid out: those `present`, bool (n,), with their digests, S64 (n,)."""
    rows = np.flatnonzero(present)
    return hashlib.sha256(rows.tobytes() + digest[rows].tobytes()).hexdigest()


def _grown(
    store: VectorStore,
    key: str,
    features: NDArray[np.float32],
    rows: NDArray[np.int64],
    otherwise: NDArray[np.float32],
) -> NDArray[np.float32]:
    """Where the images `rows` stand on a map of fewer of them, so that the picture moves instead of jumping;
    `otherwise` if there is no such map.
    """
    from medlabeler.learning.placing import placed
    from medlabeler.learning.projection import scaled

    drawn = store.projections(key).get("umap")
    before = store.load_projection(key, "umap")
    if drawn is None or before is None or drawn.get("n_images", 0) >= len(rows):
        return otherwise
    known = np.full((len(rows), 2), np.nan, np.float32)
    inside = rows < len(before)
    known[inside] = before[rows[inside]]
    if not np.isfinite(known[:, 0]).any():
        return otherwise
    return scaled(placed(features, known, np.arange(len(rows))))


def _spread(coords: NDArray[np.float32], rows: NDArray[np.int64], n: int) -> NDArray[np.float32]:
    """Coordinates of all n images, NaN where there is no vector."""
    full = np.full((n, 2), np.nan, np.float32)
    full[rows] = coords
    return full


def _spread_graph(
    index: NDArray[np.int32], distance: NDArray[np.float32], rows: NDArray[np.int64], n: int
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """The kNN graph in rows of the project; -1 and NaN where there is no neighbour."""
    full_index = np.full((n, index.shape[1]), -1, np.int32)
    full_distance = np.full((n, index.shape[1]), np.nan, np.float32)
    full_index[rows] = np.where(index >= 0, rows[index], -1)
    full_distance[rows] = distance
    return full_index, full_distance


def adopt(project: Project, task: Task, facts: Facts) -> JobResult:
    """Show the new coordinates; PCA in passing never replaces a UMAP that is already there."""
    method, end = facts.method, facts.end
    if not end and "umap" in project.vectors.projections(facts.key):
        return JobResult(Changes.NONE)
    project.settings.set("projection", method)
    if end:
        end_run(task.run)
    summary = {"method": method, "n_images": facts.n_images, "key": facts.key}
    name = {"umap": "UMAP", "pca": "PCA"}[method]
    return JobResult(
        Changes.PROJECTION,
        summary,
        tr("The map of {n_images:,} images is drawn ({name}).", n_images=facts.n_images, name=name),
        found=facts,
    )


def run(project: Project, params: Params, progress: Progress) -> JobResult:
    """Plan, work and adopt in this process."""
    task = plan(project, params)
    facts = work(task, Adopting(progress, lambda part: adopt(project, task, part)))
    return adopt(project, task, facts)
