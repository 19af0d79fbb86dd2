"""The synthetic sample: drawn the first time it is wanted, then imported like any other images."""

from __future__ import annotations

import shutil
from pathlib import Path

from medlabeler.domain.changes import JobResult
from medlabeler.domain.errors import UserError
from medlabeler.gui.window.current_project import CurrentProject
from medlabeler.gui.window.program_folders import data_home
from medlabeler.jobs import sample
from medlabeler.open_project.job_state import JobState
from medlabeler.open_project.pipeline import Pipeline
from medlabeler.project import sources
from medlabeler.project.project import DATABASE, Project
from medlabeler.project.sources import Manifest, Spec

RESERVE = 200
"""Images of the sample's test set."""


def open_sample(current: CurrentProject, folder: Path | None = None) -> bool:
    """Open the sample in `folder` (default: this person's data folder); False, and said, if it cannot be."""
    folder = folder or data_home() / "sample"
    path, annotator = folder / "project", current.settings.get("annotator")
    try:
        if (path / DATABASE).is_file():
            project = Project.open(path, annotator=annotator)
            if sources.stored(project.settings):
                current.take(project, offline=True)
                return True
        else:
            project = Project.create(path, annotator=annotator)
    except UserError as error:
        current.refuse(str(error))
        return False
    return _draw_and_import(current.take(project, offline=True, start=False), folder / "images")


def _draw_and_import(pipeline: Pipeline, images: Path) -> bool:
    if (images / "manifest.csv").is_file():
        _import(pipeline, images / "manifest.csv")
        return True
    shutil.rmtree(images, ignore_errors=True)  # what an interruption left

    def drawn(job: JobState, result: JobResult | None) -> None:
        if job.name == "sample" and result is not None:
            _import(pipeline, Path(result.summary["manifest"]))

    opened = pipeline.opened
    opened.runner.finished.connect(drawn)
    return opened.start_job("sample", sample.Params(images)) is not None


def _import(pipeline: Pipeline, manifest: Path) -> None:
    spec = Spec(images=manifest.parent, manifests=(Manifest(manifest),), reserve=RESERVE)
    sources.store(pipeline.opened.project.settings, spec, finished=False)
    pipeline.advance()
