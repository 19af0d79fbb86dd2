"""Dialogs that lead into a project: a new one, the folder of one that is there, or one as it was before."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from medlabeler.domain.language import tr
from medlabeler.domain.progress import SilentProgress
from medlabeler.gui.kit.dialogs import show_dialog
from medlabeler.gui.window.current_project import CurrentProject
from medlabeler.gui.window.notices import Notices
from medlabeler.jobs import new, restore
from medlabeler.open_project.pipeline import Pipeline
from medlabeler.project.project import Project


def new_project(
    current: CurrentProject, window: QWidget, folder: Path | None = None, lists: tuple[Path, ...] = ()
) -> None:
    """Ask for everything, check it, make the project, import; what is known of the images is filled in."""
    from medlabeler.gui.start.new_project import NewProjectDialog

    dialog = NewProjectDialog(current.settings, window)
    dialog.import_form.sources.show_sources(folder, lists)

    def refused(sentence: str) -> None:
        dialog.show_problem(sentence)
        dialog.open()

    def create() -> None:
        params = dialog.params
        current.begin(
            params.path, lambda: new.create(params), then=lambda _: dialog.deleteLater(), refuse=refused
        )

    # It may be wanted again until the project is there.
    dialog.accepted.connect(create)
    dialog.rejected.connect(dialog.deleteLater)
    dialog.open()


def restore_project(
    current: CurrentProject, window: QWidget, notices: Notices, folder: Path | None = None
) -> None:
    """Go back to a backup of the project in `folder`, else of the open one, or of one that is asked for; open
    it, and tell what was restored.
    """
    from medlabeler.gui.start.restore import RestoreDialog

    def choose(folder: Path) -> None:
        dialog = RestoreDialog(folder, window)

        def go() -> None:
            choice = dialog.choice
            if choice is None:
                return

            told: list[str] = []

            def make() -> Project:
                params = restore.Params(choice.project, choice.backup)
                told.append(restore.run(None, params, SilentProgress()).sentence)
                return Project.open(choice.project, annotator=current.settings.get("annotator"))

            def tell(pipeline: Pipeline) -> None:
                notices.tell(
                    "restored",
                    told[0],
                    stands=lambda: current.pipeline is pipeline,
                    sign="info",
                    passing=True,
                )

            current.close()
            current.begin(choice.project, make, then=tell)

        dialog.accepted.connect(go)
        show_dialog(dialog)

    if folder is None and current.opened is not None:
        folder = current.opened.project.path
    if folder is not None:
        choose(folder)
        return
    folders = QFileDialog(window, tr("Restore a project: choose its folder"))
    folders.setFileMode(QFileDialog.FileMode.Directory)
    folders.setOption(QFileDialog.Option.ShowDirsOnly)
    folders.fileSelected.connect(lambda path: choose(Path(path)))
    show_dialog(folders)


def choose_project(current: CurrentProject, window: QWidget) -> None:
    """Ask for the folder of a project and open it."""
    dialog = QFileDialog(window, tr("Open a project: choose its folder"))
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    if recent := current.settings.recent():
        dialog.setDirectory(str(recent[0].parent))
    dialog.fileSelected.connect(lambda path: current.open(Path(path)))
    show_dialog(dialog)
