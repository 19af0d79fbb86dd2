"""The synthetic sample: drawn the first time it is wanted, then imported like any other images."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from medlabeler.domain.changes import JobResult
from medlabeler.gui.window.current_project import CurrentProject
from medlabeler.gui.window.program_folders import data_home
from medlabeler.jobs import sample
from medlabeler.open_project.job_state import JobState
from medlabeler.open_project.pipeline import Pipeline
from medlabeler.project import sources
from medlabeler.project.creation import DATABASE
from medlabeler.project.project import Project
from medlabeler.project.sources import Manifest, Spec

RESERVE = 200
"""Images of the sample's test set."""


def open_sample(
    current: CurrentProject,
    folder: Path | None = None,
    *,
    then: Callable[[Pipeline], object] = lambda pipeline: None,
    refuse: Callable[[str], None] | None = None,
) -> None:
    """Open the sample in `folder` (default: this person's data folder). `then` is called when it is on the
    screen; `refuse` is told why it is not.
    """
    folder = folder or data_home() / "sample"
    path, annotator = folder / "project", current.settings.get("annotator")

    def make() -> Project:
        known = (path / DATABASE).is_file()
        return (Project.open if known else Project.create)(path, annotator=annotator)

    def shown(pipeline: Pipeline) -> None:
        if sources.stored(pipeline.opened.project.settings):
            pipeline.start()
        else:
            _draw_and_import(pipeline, folder / "images")
        then(pipeline)

    current.begin(path, make, then=shown, offline=True, start=False, refuse=refuse)


def _draw_and_import(pipeline: Pipeline, images: Path) -> None:
    if (images / "manifest.csv").is_file():
        _import(pipeline, images / "manifest.csv")
        return
    shutil.rmtree(images, ignore_errors=True)  # what an interruption left

    def drawn(job: JobState, result: JobResult | None) -> None:
        if job.name == "sample" and result is not None and isinstance(result.found, sample.Facts):
            _import(pipeline, Path(result.found.manifest))

    opened = pipeline.opened
    opened.runner.finished.connect(drawn)
    opened.start_job("sample", sample.Params(images))


def _import(pipeline: Pipeline, manifest: Path) -> None:
    spec = Spec(images=manifest.parent, manifests=(Manifest(manifest),), reserve=RESERVE)
    sources.store(pipeline.opened.project.settings, spec, finished=False)
    pipeline.advance()
