"""What a person asks of a whole project without a question in between."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from medlabeler.domain.errors import UserError
from medlabeler.domain.progress import SilentProgress
from medlabeler.jobs import import_images, label
from medlabeler.open_project.open_project import OpenProject
from medlabeler.open_project.pipeline import IMPORT


def look_for_new_images(opened: OpenProject) -> None:
    """Import again: adds what is new, notices what changed."""
    if not opened.runner.running(IMPORT):
        opened.start_job(IMPORT, import_images.Params())


def adopt_reference(opened: OpenProject) -> None:
    """Make the labels that came with the pool images the annotator's own; one step, can be undone."""
    # One step is one transaction, which nothing else may write into: with 171,000 images about a second.
    QApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
    try:
        result = label.run(opened.project, label.Params(), SilentProgress())
    except UserError as error:
        opened.failed.emit(str(error))
        return
    finally:
        QApplication.restoreOverrideCursor()
    opened.refresh(result.changes)
    opened.message.emit(f"{result.sentence} Undo takes it back.")


PROJECT_ACTIONS: dict[str, Callable[[OpenProject], object]] = {
    "add_images": look_for_new_images,
    "adopt_reference": adopt_reference,
}
"""Action of `actions.SPECS` -> what it does with the open project."""
