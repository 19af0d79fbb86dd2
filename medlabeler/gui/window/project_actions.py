"""What a person asks of a whole project without a question in between."""

from __future__ import annotations

from collections.abc import Callable

from medlabeler.domain.types import Remark
from medlabeler.jobs import import_images
from medlabeler.open_project.open_project import OpenProject
from medlabeler.open_project.pipeline import IMPORT


def look_for_new_images(opened: OpenProject) -> None:
    """Import again: adds what is new, notices what changed."""
    if not opened.runner.running(IMPORT):
        opened.start_job(IMPORT, import_images.Params())


PROJECT_ACTIONS: dict[str, Callable[[OpenProject], object]] = {
    "add_images": look_for_new_images,
    "adopt_reference": lambda opened: opened.adopt_reference(),
    "flag": lambda opened: opened.toggle_remark(Remark.FLAG),
    "favourite": lambda opened: opened.toggle_remark(Remark.FAVOURITE),
}
"""Action of `actions.SPECS` -> what it does with the open project."""
