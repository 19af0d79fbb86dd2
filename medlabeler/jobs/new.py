"""Create a project and import its images."""

from __future__ import annotations

import shutil
from dataclasses import replace

from medlabeler.domain.changes import Changes, JobResult
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.progress import Progress
from medlabeler.jobs import import_images, start_with
from medlabeler.jobs.params.new import Params as Params
from medlabeler.jobs.params.rendering import changed
from medlabeler.project import sources, starting
from medlabeler.project.project import RENDERING, Project
from medlabeler.project.sources import Manifest

__all__ = ["Manifest", "Params", "check", "create", "run"]


def check(params: Params) -> int:
    """How many images there would be to import; `UserError` for input that cannot be used. Writes nothing."""
    if params.start_with is not None:
        from medlabeler.export.bundle_file import read_bundle

        read_bundle(params.start_with)
    found = sources.listing(params.spec()).items
    if params.reserve >= len(found) > 0 and not params.patch:
        raise UserError(
            tr(
                "{reserve:,} images cannot be reserved as the test set: there are only {found:,}.",
                reserve=params.reserve,
                found=len(found),
            )
        )
    return len(found)


def create(params: Params) -> Project:
    """Make the project and note what is to be imported; start the job `import_images` next."""
    project = Project.create(params.path, annotator=params.annotator)
    project.settings.set("seed", params.seed)
    # The level of a slide stands in the names of its patches.
    rendering = changed(project.rendering, replace(params, level=None) if params.patch else params)
    if not rendering.is_default:
        project.settings.set(RENDERING, rendering.to_json())
    if params.start_with is not None:
        project.settings.set(starting.WANTED, str(params.start_with.absolute()))
    sources.store(project.settings, params.spec(), finished=False)
    return project


def run(project: None, params: Params, progress: Progress) -> JobResult:
    """Check the input, create the project, import; a project without a single image is taken away again.

    The classifier of another project looks at the images last: if it cannot, the project is there all the
    same.
    """
    progress.report(0, 0, tr("Looking for images"))
    check(params)
    existed = params.path.exists()
    with create(params) as made:
        result = import_images.run(made, import_images.Params(), progress)
        empty = made.catalog.n == 0
        reasons = made.catalog.skipped()
        if made.catalog.n and params.start_with is not None:
            result = _with_hints(made, params, result, progress)
    if empty:
        if not existed:
            shutil.rmtree(params.path, ignore_errors=True)
        shown = f" {reasons[0][0]}: {reasons[0][1]}" if reasons else ""
        raise UserError(
            tr(
                "None of the {reasons:,} images could be read, so no project was made.{shown}",
                reasons=len(reasons),
                shown=shown,
            )
        )
    return result


def _with_hints(project: Project, params: Params, imported: JobResult, progress: Progress) -> JobResult:
    """The result of the import, and what the classifier of another project says, or why it says nothing."""
    try:
        hints = start_with.run(project, start_with.Params(bundle=params.start_with), progress)
    except UserError as error:
        hints = JobResult(Changes.NONE, {"problem": str(error)}, str(error))
    return JobResult(
        imported.changes | hints.changes,
        {**imported.summary, "hints": hints.summary},
        f"{imported.sentence} {hints.sentence}",
    )
