"""Write the synthetic sample: drawn cells in 6 classes with a manifest that gives label and group."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from medlabeler.domain.changes import Changes, JobResult
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.progress import Progress
from medlabeler.domain.refusals import system_reason
from medlabeler.jobs.params.sample import Params as Params


@dataclass(frozen=True)
class Task:
    """`n` images for `folder`."""

    folder: str
    n: int
    seed: int


@dataclass(frozen=True)
class Facts:
    """What was written."""

    folder: str
    manifest: str
    n_images: int


def plan(project: object | None, params: Params) -> Task:
    """Describe the task; no project is needed. `UserError` if the folder holds something."""
    if params.folder.exists() and (not params.folder.is_dir() or any(params.folder.iterdir())):
        raise UserError(tr("{folder} is not empty; name a new folder for the sample.", folder=params.folder))
    return Task(str(params.folder), params.n, params.seed)


def work(task: Task, progress: Progress) -> Facts:
    """Draw the images."""
    from medlabeler.imaging.synthetic import write_sample

    try:
        manifest = write_sample(Path(task.folder), n=task.n, seed=task.seed, progress=progress)
    except OSError as error:
        raise UserError(
            tr(
                "The sample cannot be written to {folder}: {reason}.",
                folder=task.folder,
                reason=system_reason(error),
            )
        ) from error
    return Facts(task.folder, str(manifest), task.n)


def adopt(project: object | None, task: Task, facts: Facts) -> JobResult:
    """Tell where the images are."""
    sentence = tr(
        "{n_images:,} synthetic images and {manifest} written.",
        n_images=facts.n_images,
        manifest=facts.manifest,
    )
    return JobResult(Changes.NONE, {**asdict(facts), "synthetic": True}, sentence, found=facts)


def run(project: object | None, params: Params, progress: Progress) -> JobResult:
    """Plan, work and adopt in this process."""
    task = plan(project, params)
    return adopt(project, task, work(task, progress))
