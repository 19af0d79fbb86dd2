"""What else the classifier may have learned: whether something beside the class, a scanner, a folder, a
format, tells the classes apart. Looks at the labelled images of the pool; the test set stays closed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.changes import Changes, JobResult
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.progress import Progress
from medlabeler.domain.types import NO_CLASS
from medlabeler.domain.words import count
from medlabeler.jobs.evaluate import FitTask, TaskClass, classifier_of, embedding_of, prepared, task_arrays
from medlabeler.jobs.params.probe import Params as Params
from medlabeler.learning.confounders import LEAST, MOST_VALUES, Finding, Property, probe, title_of
from medlabeler.learning.confounders import left_out as left_out_of
from medlabeler.project.project import Project
from medlabeler.project.runs import end_run
from medlabeler.project.staging import (
    job_folder,
    load_arrays,
    load_image_files,
    load_json,
    save_arrays,
    save_image_files,
    save_json,
)

SETTING = "confounders"
FORMAT, SIZE, BYTES, CAMERA, TAKEN, SAVED, FOLDER, SOURCE = (
    "file format", "image size", "file size", "camera", "day it was taken", "day it was saved", "folder",
    "source folder",
)  # fmt: skip
"""What the properties of a file are called; those of the image list go by the names of their columns."""


@dataclass(frozen=True)
class Task:
    """Probe the images labelled at `revision`: `files` where they lie, `columns` a file of the values of the
    image list.
    """

    run: str
    fit: FitTask
    files: str
    columns: str
    only: tuple[str, ...]
    revision: int


@dataclass(frozen=True)
class Facts:
    """What was found, the gravest first; rows of images are those of the project. `n_images` were looked at;
    `left_out`: why a property was not.
    """

    findings: tuple[Finding, ...]
    n_images: int
    left_out: tuple[str, ...]


def plan(project: Project, params: Params) -> Task:
    """Describe the task; `UserError` without labels of two classes, or for a property there is not."""
    arrays = task_arrays(project)
    rows = np.flatnonzero(arrays["labels"] != NO_CLASS)
    if len(np.unique(arrays["labels"][rows])) < 2:
        raise UserError(
            tr("Label images of two classes first: what is looked for is told by the labelled images.")
        )
    catalog = project.catalog
    known = {*catalog.metadata_columns(), FORMAT, SIZE, BYTES, CAMERA, TAKEN, SAVED, FOLDER, SOURCE}
    for name in params.only:
        if name not in known:
            raise UserError(
                tr(
                    "There is nothing called {name} to look at; there are: {known}.",
                    name=name,
                    known=", ".join(sorted(known)),
                )
            )
    folder = job_folder(project, "probe")
    columns: dict[str, tuple[str, ...]] = {}
    codes: dict[str, NDArray[Any]] = {}
    for number, name in enumerate(catalog.metadata_columns()):
        column = catalog.metadata(name)
        columns[name] = tuple(column.names)
        codes[f"column{number}"] = column.codes
    return Task(
        run=str(folder),
        fit=FitTask(
            key=embedding_of(project),
            vectors=str(project.vectors.folder),
            arrays=save_arrays(folder, **arrays, **codes, width=catalog.width, height=catalog.height),
            classifier=classifier_of(project, None),
            seed=params.seed,
            classes=tuple(TaskClass(c.id, c.name) for c in project.classes.all()),
        ),
        files=save_image_files(folder, catalog.image_files()),
        columns=save_json(folder, "columns.json", columns),
        only=params.only,
        revision=int(project.labels.revision),
    )


def work(task: Task, progress: Progress) -> Facts:
    """Gather the properties of the labelled images, and probe each."""
    arrays = load_arrays(task.fit.arrays)
    vectors, present, shaping = prepared(task.fit, arrays)
    rows = np.flatnonzero((arrays["labels"] != NO_CLASS) & present)
    ids, classes = np.unique(arrays["labels"][rows], return_inverse=True)
    if len(ids) < 2:
        raise UserError(
            tr(
                "The image model has not looked at the labelled images yet; let it look first (medlabeler "
                "embed)."
            )
        )
    names = [task.fit.names[int(i)] for i in ids]
    properties = _of_list(load_json(task.columns), arrays, rows)
    properties += _of_files(task, arrays, rows, progress)
    left_out = []
    if task.only:
        properties = [one for one in properties if one.name in task.only]
    kept = []
    for one in properties:
        why = _why_not(one, classes, names)
        if why:
            left_out.append(why)
        else:
            kept.append(one)
    groups = arrays["group"][rows] if (arrays["group"] >= 0).any() else None
    found = probe(
        shaping.prepare(vectors[rows]), classes, names, groups, kept, seed=task.fit.seed, progress=progress
    )
    told = {finding.name for finding in found}
    left_out += [left_out_of(one, classes, names) for one in kept if one.name not in told]
    return Facts(tuple(_in_project(f, rows) for f in found), len(rows), tuple(filter(None, left_out)))


def _in_project(found: Finding, rows: NDArray[np.int64]) -> Finding:
    images = tuple(replace(s, rows=tuple(rows[list(s.rows)].tolist())) for s in found.images)
    return replace(found, images=images)


def _of_list(
    columns: dict[str, list[str]], arrays: dict[str, NDArray[Any]], rows: NDArray[np.int64]
) -> list[Property]:
    """A property for each column of the image list; numbers of many values in four parts."""
    found = []
    for number, (name, values) in enumerate(columns.items()):
        codes = arrays[f"column{number}"][rows].astype(np.int64)
        numbers = [_number(value) for value in values]
        if len(values) > MOST_VALUES and all(n is not None for n in numbers):
            of = np.array([np.nan, *(float(n) for n in numbers if n is not None)])[codes + 1]
            found.append(in_parts(name, of, lambda value: f"{value:g}"))
        else:
            found.append(Property(name, codes, tuple(values)))
    return found


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def in_parts(name: str, values: NDArray[np.float64], words: Callable[[float], str]) -> Property:
    """Numbers (n,), nan where unknown, in four parts of as many images each."""
    known = np.isfinite(values)
    edges = np.unique(np.quantile(values[known], [0.25, 0.5, 0.75])) if known.any() else np.empty(0)
    codes = np.where(known, np.searchsorted(edges, np.where(known, values, 0), side="left"), -1)
    ends = [words(float(edge)) for edge in edges]
    texts = [tr("up to {ends}", ends=ends[0]), *(tr("{a} to {b}", a=a, b=b) for a, b in pairwise(ends)),
             tr("above {ends}", ends=ends[-1])] if ends else [""]  # fmt: skip
    return Property(name, codes.astype(np.int64), tuple(texts))


def texts_of(name: str, texts: Sequence[str]) -> Property:
    """Texts, one an image, empty where unknown."""
    values = sorted({text for text in texts if text})
    place = {value: code for code, value in enumerate(values)} | {"": -1}
    return Property(name, np.array([place[text] for text in texts], np.int64), tuple(values))


def _of_files(
    task: Task, arrays: dict[str, NDArray[Any]], rows: NDArray[np.int64], progress: Progress
) -> list[Property]:
    """The properties of the labelled images' files; their beginnings are read for device and day."""
    from medlabeler.imaging.origin import origin_of

    files = load_image_files(task.files)
    paths = files.files()
    origins = []
    for done, row in enumerate(rows.tolist()):
        if done % 50 == 0:
            progress.check()
            progress.report(done, len(rows), tr("Reading what the files say"))
        origins.append(origin_of(Path(paths[row])))
    width, height = arrays["width"][rows], arrays["height"][rows]
    sizes = [f"{w} x {h}" for w, h in zip(width.tolist(), height.tolist(), strict=True)]
    formats = [
        origin.format or PurePosixPath(re.sub(r"#.*$", "", files.names[row])).suffix.lstrip(".").upper()
        for origin, row in zip(origins, rows.tolist(), strict=True)
    ]
    folders = [str(PurePosixPath(files.names[row]).parent) for row in rows.tolist()]
    saved = [_day(int(files.mtime_ns[row])) for row in rows.tolist()]
    size = (
        texts_of(SIZE, sizes)
        if len(set(sizes)) <= MOST_VALUES
        else in_parts(SIZE, np.minimum(width, height).astype(np.float64), lambda v: tr("{v:.0f} pixels", v=v))
    )
    bytes_ = files.n_bytes[rows].astype(np.float64)
    return [
        texts_of(FORMAT, formats),
        size,
        in_parts(BYTES, np.where(bytes_ > 0, bytes_, np.nan), lambda v: tr("{v:,.1f} kB", v=v / 1000)),
        texts_of(CAMERA, [origin.camera for origin in origins]),
        by_date(TAKEN, [origin.day for origin in origins]),
        by_date(SAVED, saved),
        texts_of(FOLDER, ["" if folder == "." else folder for folder in folders]),
        texts_of(SOURCE, [Path(files.roots[code]).name for code in files.root[rows].tolist()]),
    ]


def _day(mtime_ns: int) -> str:
    if mtime_ns <= 0:
        return ""
    return datetime.fromtimestamp(mtime_ns / 1e9, UTC).strftime("%Y-%m-%d")


def by_date(name: str, days: Sequence[str]) -> Property:
    """Days (YYYY-MM-DD), empty where unknown: by day, month or year, the finest of few enough values."""
    for length in (10, 7, 4):
        cut = [day[:length] for day in days]
        if len({day for day in cut if day}) <= MOST_VALUES:
            return texts_of(name, cut)
    return texts_of(name, [day[:4] for day in days])


def _why_not(what: Property, classes: NDArray[np.integer[Any]], names: Sequence[str]) -> str:
    """A sentence for a property that says nothing new: folders named after the classes; else empty."""
    if what.name != FOLDER:
        return ""
    known = np.flatnonzero(what.codes >= 0)
    last = [PurePosixPath(value).name.casefold() for value in what.values]
    wanted = [name.casefold() for name in names]
    same = [last[what.codes[k]] == wanted[classes[k]] for k in known.tolist()]
    if len(same) >= LEAST and np.mean(same) > 0.9:
        return tr("The folders are named after the classes, so they were left out.")
    return ""


def adopt(project: Project, task: Task, facts: Facts) -> JobResult:
    """Keep the findings with the project."""
    told = asdict(facts)
    how = {"revision": task.revision, "seed": task.fit.seed, "only": task.only}
    project.settings.set(SETTING, {"found": told, **how})
    end_run(task.run)
    for finding in told["findings"]:
        for shown in finding["images"]:
            shown["files"] = [project.catalog.name(row) for row in shown["rows"]]
    return JobResult(Changes.HISTORY, told, sentence_of(facts))


def sentence_of(facts: Facts) -> str:
    """What was found, in short, and what was not looked at."""
    return " ".join([_found_words(facts), *facts.left_out])


def _found_words(facts: Facts) -> str:
    grave = [f for f in facts.findings if f.level == "warning"]
    notes = [f for f in facts.findings if f.level == "note"]
    looked = tr("{labelled_images} were looked at", labelled_images=count(facts.n_images, "labelled image"))
    if not facts.findings:
        return tr(
            "{looked}. Nothing is known of them beside their class that could be mistaken for it.",
            looked=looked,
        )
    if grave:
        more = f" {count(len(grave) - 1, 'more warning')}." if len(grave) > 1 else ""
        return f"{grave[0].sentence}{more} {looked}."
    if notes:
        return tr(
            "Nothing is likely to be mistaken for the class. {sentence} {looked}.",
            sentence=notes[0].sentence,
            looked=looked,
        )
    names = ", ".join(title_of(f.name) for f in facts.findings)
    return tr(
        "Nothing of what is known of the images is likely to be mistaken for the class: {names}. {looked}.",
        names=names,
        looked=looked,
    )


def run(project: Project, params: Params, progress: Progress) -> JobResult:
    """Plan, work and adopt in this process."""
    task = plan(project, params)
    return adopt(project, task, work(task, progress))
