"""Adopt embeddings that were computed elsewhere: a .npy array and a manifest that names the image of each
row.
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.changes import JobResult
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.progress import Progress
from medlabeler.domain.refusals import system_reason
from medlabeler.domain.regular_files import check_regular
from medlabeler.jobs import embed
from medlabeler.jobs.embed import Facts as Facts
from medlabeler.jobs.params.adopt_vectors import Params as Params
from medlabeler.project.image_rows import ImageRows
from medlabeler.project.manifest import read_manifest
from medlabeler.project.project import Project
from medlabeler.project.staging import Adopting, job_folder, load_arrays, save_arrays
from medlabeler.project.table_columns import Chosen

SHARD = 4096
MOST_BYTES = 1 << 40
"""Of the array, which is mapped and not read at once."""
LARGEST = 65_000
"""Beyond it float16 ends."""


@dataclass(frozen=True)
class Task:
    """Take the numbers of `file`; `arrays`: the image of each of its rows, -1 for none, and all digests.

    `order` hashes the names in the manifest; `n_unknown` of them are no image of the project.
    """

    file: str
    run: str
    vectors: str
    arrays: str
    order: str
    n_unknown: int


def plan(project: Project, params: Params) -> Task:
    """Match the rows with the images; `UserError` when array and manifest do not belong together."""
    array = open_vectors(params.vectors)
    names = manifest_names(params.manifest, params.image_column)
    if len(names) != len(array):
        raise UserError(
            tr(
                "{vectors} has {array:,} rows and {manifest} has {names:,}; they must be as many.",
                vectors=params.vectors,
                array=len(array),
                manifest=params.manifest,
                names=len(names),
            )
        )
    rows_of = ImageRows(project)
    rows = np.full(len(names), -1, np.int64)
    for position, name in enumerate(names):
        row = rows_of.find(name, params.manifest.parent)
        if row is not None:
            rows[position] = row
    if not (rows >= 0).any():
        raise UserError(
            tr(
                "None of the images in {manifest} is in this project, such as {names}.",
                manifest=params.manifest,
                names=names[0],
            )
        )
    folder = job_folder(project, "adopt_vectors")
    return Task(
        file=str(params.vectors.resolve()),
        run=str(folder),
        vectors=str(project.vectors.folder),
        arrays=save_arrays(folder, rows=rows, digest=project.catalog.digest),
        # The same numbers in another order are another embedding.
        order=hashlib.sha256("\n".join(names).encode()).hexdigest(),
        n_unknown=int((rows < 0).sum()),
    )


def open_vectors(path: Path) -> NDArray[Any]:
    """The array, mapped; `UserError` unless it is a float array of shape (n, dim)."""
    try:
        check_regular(path, MOST_BYTES)
        array = np.load(path, mmap_mode="r", allow_pickle=False)
    except OSError as error:
        raise UserError(
            tr("{path} cannot be read: {reason}.", path=path, reason=system_reason(error))
        ) from error
    except ValueError as error:
        raise UserError(tr("{path} is not a .npy file of numbers.", path=path)) from error
    if not isinstance(array, np.ndarray) or array.ndim != 2 or array.dtype.kind != "f" or 0 in array.shape:
        raise UserError(
            tr("{path} must hold one array of floating-point numbers with a row per image.", path=path)
        )
    return array


def manifest_names(path: Path, column: str = "") -> list[str]:
    """The image column of a manifest (`column`, "" to guess), every row of it in order, duplicates and
    missing files included.
    """
    return read_manifest(path, chosen=Chosen(column)).names


def work(task: Task, progress: Progress) -> Facts:
    """Check the numbers and write them as shards."""
    from medlabeler.project.vectors import EmbeddingInfo, VectorStore, write_shard

    array = open_vectors(Path(task.file))
    arrays = load_arrays(task.arrays)
    rows, digests = arrays["rows"], arrays["digest"]
    with Path(task.file).open("rb") as file:
        content = hashlib.file_digest(file, "sha256").hexdigest()
    _check_numbers(array, task.file, progress)
    name = Path(task.file).name
    store = VectorStore(Path(task.vectors))
    key = store.create(
        EmbeddingInfo(
            backbone=f"precomputed:{name}",
            title=tr("Vectors from {name}", name=name),
            weights_sha256=hashlib.sha256(f"{content} {task.order}".encode()).hexdigest(),
            dim=int(array.shape[1]),
            preprocessing={},
            pooling="unknown",
            precision=str(array.dtype),
            self_supervised=False,
            licence=tr("your own file"),
        )
    )
    facts = Facts(
        key,
        backbone=f"precomputed:{name}",
        note=tr(
            "The vectors were computed elsewhere ({name}); MedLabeler cannot tell by which image model.",
            name=name,
        ),
        device="file",
        precision=str(array.dtype),
    )
    staging = Path(task.run) / key
    staging.mkdir(parents=True, exist_ok=True)
    missing = np.zeros(len(digests), np.bool_)
    missing[store.missing(key, digests)] = True
    positions = np.flatnonzero((rows >= 0) & missing[np.maximum(rows, 0)])
    # Where a manifest names an image twice, its first row counts.
    _, first = np.unique(rows[positions], return_index=True)
    positions = np.sort(positions[first])
    for start in range(0, len(positions), SHARD):
        progress.check()
        progress.report(start, len(positions), tr("Taking the vectors in"))
        part = positions[start : start + SHARD]
        values = np.asarray(array[part], np.float32)
        write_shard(staging, uuid.uuid4().hex, rows[part], digests[rows[part]], values.astype(np.float16))
        progress.partial(facts)
    return replace(facts, computed=len(positions), end=True)


def _check_numbers(array: NDArray[Any], file: str, progress: Progress) -> None:
    """Look at all numbers before the first is taken: half an embedding would be worse than none."""
    for start in range(0, len(array), SHARD):
        progress.check()
        progress.report(start, len(array), tr("Checking the numbers"))
        values = np.asarray(array[start : start + SHARD], np.float32)
        if not np.isfinite(values).all() or np.abs(values).max() > LARGEST:
            raise UserError(
                tr(
                    "{file} holds numbers that are not finite or exceed {largest:,}.",
                    file=file,
                    largest=LARGEST,
                )
            )


def adopt(project: Project, task: Task, facts: Facts) -> JobResult:
    """Move complete shards in."""
    result = embed.adopt_shards(project, task.run, facts)
    if not facts.end:
        return result
    summary = {**result.summary, "n_unknown": task.n_unknown}
    sentence = tr(
        "{summary:,} of {summary2:,} images have a vector now. {note}",
        summary=summary["n_embedded"],
        summary2=summary["n_images"],
        note=facts.note,
    )
    if task.n_unknown:
        sentence += tr(
            " {n_unknown:,} rows of the image list are no image of this project.", n_unknown=task.n_unknown
        )
    return JobResult(result.changes, summary, sentence)


def run(project: Project, params: Params, progress: Progress) -> JobResult:
    """Plan, work and adopt in this process."""
    task = plan(project, params)
    facts = work(task, Adopting(progress, lambda part: adopt(project, task, part)))
    return adopt(project, task, facts)
