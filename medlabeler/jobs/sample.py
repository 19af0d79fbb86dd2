"""Write the synthetic sample: drawn cells in 6 classes with a manifest that gives label and group."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from medlabeler.domain.changes import Changes, JobResult
from medlabeler.domain.errors import UserError
from medlabeler.domain.progress import Progress
from medlabeler.jobs.params.sample import Params as Params


def plan(project: object | None, params: Params) -> dict[str, Any]:
    """Describe the task; no project is needed. `UserError` if the folder holds something."""
    if params.folder.exists() and (not params.folder.is_dir() or any(params.folder.iterdir())):
        raise UserError(f"{params.folder} is not empty; name a new folder for the sample.")
    return {"folder": str(params.folder), "n": params.n, "seed": params.seed}


def work(task: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Draw the images."""
    from medlabeler.imaging.synthetic import write_sample

    try:
        manifest = write_sample(Path(task["folder"]), n=task["n"], seed=task["seed"], progress=progress)
    except OSError as error:
        raise UserError(f"The sample cannot be written to {task['folder']}: {error.strerror}.") from error
    return {"folder": task["folder"], "manifest": str(manifest), "n_images": task["n"]}


def adopt(project: object | None, task: dict[str, Any], facts: dict[str, Any]) -> JobResult:
    """Tell where the images are."""
    sentence = f"{facts['n_images']:,} synthetic images and {facts['manifest']} written."
    return JobResult(Changes.NONE, {**facts, "synthetic": True}, sentence)


def run(project: object | None, params: Params, progress: Progress) -> JobResult:
    """Plan, work and adopt in this process."""
    task = plan(project, params)
    return adopt(project, task, work(task, progress))
