"""Dialogs that lead into a project: a new one, or the folder of one that is there."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from medlabeler.domain.errors import UserError
from medlabeler.gui.kit.dialogs import show_dialog
from medlabeler.gui.window.current_project import CurrentProject
from medlabeler.jobs import new


def new_project(current: CurrentProject, window: QWidget) -> None:
    """Ask for everything, check it, make the project, import."""
    from medlabeler.gui.start.new_project import NewProjectDialog

    dialog = NewProjectDialog(current.settings, window)

    def create() -> None:
        try:
            project = new.create(dialog.params)
        except UserError as error:
            dialog.show_problem(str(error))
            dialog.open()
            return
        current.take(project)

    dialog.accepted.connect(create)
    show_dialog(dialog)


def choose_project(current: CurrentProject, window: QWidget) -> None:
    """Ask for the folder of a project and open it."""
    dialog = QFileDialog(window, "Open a project: choose its folder")
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    if recent := current.settings.recent():
        dialog.setDirectory(str(recent[0].parent))
    dialog.fileSelected.connect(lambda path: current.open(Path(path)))
    show_dialog(dialog)
