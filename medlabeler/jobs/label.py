"""Label many images at once: from a CSV, or by taking the reference labels as a person's decision."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.changes import Changes, JobResult
from medlabeler.domain.errors import UserError
from medlabeler.domain.progress import Progress
from medlabeler.domain.types import NO_CLASS, LabelKind, LabelSource, Split
from medlabeler.export.tables import as_meant
from medlabeler.jobs.params.label import Params as Params
from medlabeler.project.project import Project


def run(project: Project, params: Params, progress: Progress) -> JobResult:
    """Label in one step that can be undone. A label a person has given stays; how many is told."""
    progress.report(0, 0, "Labelling")
    source = LabelSource.ADOPT if params.csv is None else LabelSource.IMPORT
    unknown: list[str] = []
    if params.csv is None:
        wanted = np.array(project.catalog.reference)
        if not (wanted != NO_CLASS).any():
            raise UserError("The images came without labels, so there is no reference to adopt.")
    else:
        wanted, unknown = _read(project, params.csv)
    side = Split.TEST if params.split == "test" else Split.POOL
    given = wanted != NO_CLASS
    other = int((given & (project.catalog.split != side)).sum())
    candidates = np.flatnonzero(given & (project.catalog.split == side))
    rows = _draw(candidates, wanted, params) if params.per_class is not None else candidates
    share = _shares(candidates, wanted, rows) if params.per_class is not None else None
    decided = project.labels.kind[rows] != LabelKind.CLEAR
    kept = int((decided & (project.labels.class_id[rows] != wanted[rows])).sum())
    rows, share = rows[~decided], None if share is None else share[~decided]
    _decide(project, rows, wanted[rows], source, share)
    counts = project.labels.counts(split=side)
    names = {c.id: c.name for c in project.classes.all()}
    summary: dict[str, Any] = {
        "n_labelled": len(rows),
        "n_already": int(decided.sum()) - kept,
        "n_kept": kept,
        "n_other_split": other,
        "n_unknown": len(unknown),
        "unknown": unknown[:20],
        "split": params.split,
        "labels_per_class": {names[c]: count for c, count in counts.items() if c in names},
    }
    return JobResult(Changes.LABELS | Changes.CLASSES, summary, _sentence(summary))


def _sentence(summary: dict[str, Any]) -> str:
    where = "test set" if summary["split"] == "test" else "pool"
    text = f"{summary['n_labelled']:,} images of the {where} labelled"
    if summary["n_already"]:
        text += f", {summary['n_already']:,} were already so"
    if summary["n_kept"]:
        text += f", {summary['n_kept']:,} kept a person's other decision"
    if summary["n_other_split"]:
        other = "the pool" if summary["split"] == "test" else "the test set"
        text += f", {summary['n_other_split']:,} left out because they are in {other}"
    if summary["n_unknown"]:
        text += f", {summary['n_unknown']:,} not in this project ({', '.join(summary['unknown'][:3])})"
    return text + "."


def _decide(
    project: Project,
    rows: NDArray[np.int64],
    class_ids: NDArray[np.int32],
    source: LabelSource,
    share: NDArray[np.float64] | None,
) -> None:
    if not len(rows):
        return
    what = "adopt the reference label of" if source == LabelSource.ADOPT else "import labels of"
    count = "1 image" if len(rows) == 1 else f"{len(rows):,} images"
    project.journal.decide(
        rows,
        LabelKind.LABEL,
        class_ids,
        name=f"{what} {count}",
        source=source,
        strategy=None if share is None else "random per class",
        inclusion_probability=share,
    )


def _draw(candidates: NDArray[np.int64], wanted: NDArray[np.int32], params: Params) -> NDArray[np.int64]:
    """The first `per_class` of each class in a random order that depends on the seed alone."""
    order = np.random.default_rng(params.seed).permutation(len(wanted))
    rank = np.empty(len(wanted), np.int64)
    rank[order] = np.arange(len(wanted))
    drawn = []
    for class_id in np.unique(wanted[candidates]):
        of_class = candidates[wanted[candidates] == class_id]
        drawn.append(of_class[np.argsort(rank[of_class])][: params.per_class])
    return np.sort(np.concatenate(drawn)) if drawn else candidates


def _shares(
    candidates: NDArray[np.int64], wanted: NDArray[np.int32], rows: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Chance with which each of `rows` was drawn among the candidates of its class."""
    all_counts = np.bincount(wanted[candidates])
    drawn = np.bincount(wanted[rows], minlength=len(all_counts))
    share: NDArray[np.float64] = drawn[wanted[rows]] / all_counts[wanted[rows]]
    return share


def _read(project: Project, path: Path) -> tuple[NDArray[np.int32], list[str]]:
    """Class of every image by the CSV, int32 (n,), and the names it holds that are no image of the project.

    Missing classes are added. Rows without a label are passed over; the last row of an image wins.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            columns = {(name or "").strip().lower(): name for name in reader.fieldnames or []}
            image = next((columns[name] for name in ("image", "path", "file") if name in columns), None)
            label = columns.get("label", columns.get("class"))
            if image is None or label is None:
                missing = "image" if image is None else "label"
                raise UserError(
                    f"{path} has no column named {missing}; the columns image and label are needed."
                )
            pairs = [
                (as_meant((row[image] or "").strip()), as_meant((row[label] or "").strip())) for row in reader
            ]
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}.") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise UserError(f"{path} is not a CSV file in UTF-8.") from error
    rows_of = image_names(project)
    wanted = np.full(project.catalog.n, NO_CLASS, np.int32)
    unknown = []
    ids = {c.name: c.id for c in project.classes.all()}
    for name, text in pairs:
        row = rows_of.get(name)
        if row is None:
            row = rows_of.get(str((path.parent / name).resolve()))
        if row is None:
            unknown.append(name)
        elif text:
            if text not in ids:
                ids[text] = project.journal.add_class(text).id
            wanted[row] = ids[text]
    if pairs and len(unknown) == len(pairs):
        raise UserError(
            f"None of the {len(pairs):,} images in {path} is in this project, such as {unknown[0]}."
        )
    return wanted, unknown


def image_names(project: Project) -> dict[str, int]:
    """Row by every name an image may go by: as the project shows it, and as an absolute path."""
    rows: dict[str, int] = {}
    for row in range(project.catalog.n):
        rows[str(project.catalog.path(row))] = row
        rows.setdefault(project.catalog.name(row), row)
    return rows
