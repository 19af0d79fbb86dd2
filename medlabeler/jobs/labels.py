"""Write the labels for other programs; `label --from` reads them again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from medlabeler.domain.changes import Changes, JobResult
from medlabeler.domain.checked_json import Json
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.progress import Progress
from medlabeler.domain.types import LabelKind, Split
from medlabeler.domain.words import count
from medlabeler.export import privacy
from medlabeler.export.label_files import WRITERS, Labelled, write_folders
from medlabeler.export.targets import check_target
from medlabeler.imaging.parts import file_of
from medlabeler.imaging.rendering import Rendering
from medlabeler.jobs.params.labels import FORMATS
from medlabeler.jobs.params.labels import Params as Params
from medlabeler.project import identities
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
    warnings: tuple[str, ...] = ()


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
        raise UserError(
            tr(
                "There is no format named {kind}; choose {formats}.",
                kind=params.kind,
                formats=", ".join(FORMATS),
            )
        )
    check_place(params.kind, params.out, project.path)
    labels, catalog = project.labels, project.catalog
    wanted = labels.kind == LabelKind.LABEL
    if params.split != "all":
        wanted &= catalog.split == (Split.TEST if params.split == "test" else Split.POOL)
    rows = np.flatnonzero(wanted).tolist()
    if not rows:
        raise UserError(tr("No image of these is labelled yet, so there is nothing to write."))
    names = {c.id: c.name for c in project.classes.all()}
    called = _names(project, params)
    images = [
        [
            called(row),
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
        warnings=tuple(_warnings(project, params)),
    )


def _names(project: Project, params: Params) -> Callable[[int], str]:
    """What an image is called; a hidden name keeps the suffix, by which programs know how to read a file."""
    catalog = project.catalog
    if not params.without_names:
        return lambda row: catalog.path(row).as_posix() if params.absolute else catalog.name(row)
    salted = identities.salt(project.settings)

    def hidden(row: int) -> str:
        return identities.hashed("image", catalog.name(row), salted) + file_of(catalog.path(row)).suffix

    return hidden


def _warnings(project: Project, params: Params) -> list[str]:
    """What to look at before the files are passed on; folders hold the pictures."""
    if params.looked:
        return []
    found = privacy.look(project)
    if params.kind != "folders":
        found = replace(found, n_burned=0)
    told = privacy.warnings(found, names=not params.without_names)
    if params.kind == "folders" and not found.n_burned:
        told += filter(None, [privacy.warning_of_text(privacy.look_at_pictures(project))])
    return told


def check_place(kind: str, out: Path, project: Path) -> None:
    """`UserError` unless files of that kind can be put at `out`: a file, or a new or empty folder; outside of
    the folder `project`.
    """
    if kind != "folders":
        check_target(out, project=project)
        return
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UserError(tr("{folder} is not empty; name a new folder.", folder=out))
    if out.resolve().is_relative_to(project.resolve()):
        raise UserError(
            tr("{folder} lies among the project's own files; choose a place outside of it.", folder=out)
        )
    if not out.absolute().parent.is_dir():
        raise UserError(tr("The folder {parent} does not exist.", parent=out.absolute().parent))


def work(task: Task, progress: Progress) -> Facts:
    """Write the files."""
    progress.report(0, 0, tr("Writing the labels"))
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
    sentences = [
        tr(
            "{images} written: {files}.",
            images=count(facts.n_images, "labelled image"),
            files=", ".join(facts.files),
        )
    ]
    if facts.failed:
        sentences.append(
            tr("{n:,} could not be, such as {reason}", n=len(facts.failed), reason=facts.failed[0])
        )
    if facts.n_dicom and task.kind == "folders":
        sentences.append(tr("{n:,} of the files are DICOM, which name the patient inside.", n=facts.n_dicom))
    summary = {**asdict(facts), "warnings": list(task.warnings)}
    return JobResult(Changes.NONE, summary, " ".join([*sentences, *task.warnings]))


def run(project: Project, params: Params, progress: Progress) -> JobResult:
    """Plan, work and adopt in this process."""
    task = plan(project, params)
    return adopt(project, task, work(task, progress))
