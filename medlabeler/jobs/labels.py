"""Write the labels for other programs; `label --from` reads them again."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from medlabeler.domain.changes import Changes, JobResult
from medlabeler.domain.checked_json import Json
from medlabeler.domain.errors import UserError
from medlabeler.domain.progress import Progress
from medlabeler.domain.types import LabelKind, Split
from medlabeler.domain.words import count
from medlabeler.export.label_files import WRITERS, Labelled, write_folders
from medlabeler.export.targets import check_target
from medlabeler.imaging.parts import file_of
from medlabeler.imaging.rendering import Rendering
from medlabeler.jobs.params.labels import FORMATS
from medlabeler.jobs.params.labels import Params as Params
from medlabeler.project.project import Project
from medlabeler.project.runs import end_run
from medlabeler.project.staging import job_folder, load_json, save_json

_SPLITS = {int(Split.POOL): "train", int(Split.TEST): "test", int(Split.HELD_BACK): "held back"}
_DICOM = (".dcm", ".dicom", ".ima", ".dic")


@dataclass(frozen=True)
class Task:
    """Write `out` of that `kind`; `images`: a file of what is labelled how, `classes` by name in order."""

    run: str
    kind: str
    out: str
    link: bool
    images: str
    classes: tuple[str, ...]
    rendering: Json | None


@dataclass(frozen=True)
class Facts:
    """What was written, of `n_images`; a sentence for each image that could not be."""

    files: tuple[str, ...]
    n_images: int
    n_dicom: int
    failed: tuple[str, ...]


def plan(project: Project, params: Params) -> Task:
    """Describe the task; `UserError` for an unknown format, a place that cannot be written, or no label."""
    if params.kind not in FORMATS:
        raise UserError(f"There is no format named {params.kind}; choose {', '.join(FORMATS)}.")
    if params.kind == "folders":
        _check_folder(params.out, project)
    else:
        check_target(params.out, project=project.path)
    labels, catalog = project.labels, project.catalog
    wanted = labels.kind == LabelKind.LABEL
    if params.split != "all":
        wanted &= catalog.split == (Split.TEST if params.split == "test" else Split.POOL)
    rows = np.flatnonzero(wanted).tolist()
    if not rows:
        raise UserError("No image of these is labelled yet, so there is nothing to write.")
    names = {c.id: c.name for c in project.classes.all()}
    images = [
        [
            catalog.path(row).as_posix() if params.absolute else catalog.name(row),
            str(catalog.path(row)),
            names[int(labels.class_id[row])],
            int(catalog.width[row]),
            int(catalog.height[row]),
            _SPLITS[int(catalog.split[row])],
        ]
        for row in rows
    ]
    folder = job_folder(project, "labels")
    return Task(
        run=str(folder),
        kind=params.kind,
        out=str(params.out.absolute()),
        link=params.link,
        images=save_json(folder, "images.json", images),
        classes=tuple(names.values()),
        rendering=project.rendering.to_json(),
    )


def _check_folder(folder: Path, project: Project) -> None:
    """`UserError` unless that is a new or an empty folder outside of the project."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UserError(f"{folder} is not empty; name a new folder.")
    if folder.resolve().is_relative_to(project.path.resolve()):
        raise UserError(f"{folder} lies among the project's own files; choose a place outside of it.")
    if not folder.absolute().parent.is_dir():
        raise UserError(f"The folder {folder.absolute().parent} does not exist.")


def work(task: Task, progress: Progress) -> Facts:
    """Write the files."""
    progress.report(0, 0, "Writing the labels")
    images = [
        Labelled(name, Path(file), label, width, height, split)
        for name, file, label, width, height, split in load_json(task.images)
    ]
    out, failed = Path(task.out), list[str]()
    if task.kind == "folders":
        rendering = Rendering.from_json(task.rendering)
        written, failed = write_folders(out, images, task.classes, rendering, progress, link=task.link)
    else:
        written = WRITERS[task.kind](out, images, task.classes)
    n_dicom = sum(file_of(one.file).suffix.lower() in _DICOM for one in images)
    return Facts(tuple(map(str, written)), len(images) - len(failed), n_dicom, tuple(failed))


def adopt(project: Project, task: Task, facts: Facts) -> JobResult:
    """Tell it; nothing in the project changes."""
    end_run(task.run)
    sentence = f"{count(facts.n_images, 'labelled image')} written: {', '.join(facts.files)}."
    if facts.failed:
        sentence += f" {len(facts.failed):,} could not be, such as {facts.failed[0]}"
    if facts.n_dicom and task.kind == "folders":
        sentence += f" {facts.n_dicom:,} of the files are DICOM, which name the patient inside."
    return JobResult(Changes.NONE, asdict(facts), sentence)


def run(project: Project, params: Params, progress: Progress) -> JobResult:
    """Plan, work and adopt in this process."""
    task = plan(project, params)
    return adopt(project, task, work(task, progress))
