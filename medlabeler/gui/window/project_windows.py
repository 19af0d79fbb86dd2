"""The windows and dialogs of one open project; they belong to its page and go when it goes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from medlabeler.domain.language import tr
from medlabeler.gui.kit.dialogs import show_dialog
from medlabeler.jobs import adopt_vectors
from medlabeler.open_project.pipeline import Pipeline

W = TypeVar("W", bound=QDialog)


class ProjectWindows(QObject):
    """Opens them: a window that stays beside the work is there once, a dialog goes when it is answered."""

    def __init__(self, pipeline: Pipeline, page: QWidget, choose_backbone: Callable[[], None]) -> None:
        super().__init__(page)
        self._opened, self._pipeline, self._page = pipeline.opened, pipeline, page
        self._choose_backbone = choose_backbone

    def _show_one(self, kind: type[W], make: Callable[[], W]) -> None:
        """Bring the window of this kind to the front; if there is none yet, `make` makes it."""
        shown = next(iter(self._page.findChildren(kind)), None) or make()
        shown.show()
        shown.raise_()
        shown.activateWindow()

    # ------------------------------------------------------------------ windows beside the main one

    def sessions(self) -> None:
        """This session and those before."""
        from medlabeler.gui.sessions.page import SessionsWindow

        self._show_one(SessionsWindow, lambda: SessionsWindow(self._opened, self._page))

    def history(self) -> None:
        """The steps of the past."""
        from medlabeler.gui.remarks.history import HistoryWindow

        self._show_one(HistoryWindow, lambda: HistoryWindow(self._opened, self._page))

    def skipped(self) -> None:
        """The files that were left out."""
        from medlabeler.gui.start.skipped_files import SkippedFiles

        self._show_one(SkippedFiles, lambda: SkippedFiles(self._opened, self._page))

    def backbones(self) -> None:
        """The embeddings of the project side by side."""
        from medlabeler.gui.backbones.window import BackbonesWindow

        def make() -> BackbonesWindow:
            window = BackbonesWindow(self._opened, self._page)
            window.add_wanted.connect(self._choose_backbone)
            window.embed_wanted.connect(self._pipeline.compare_with)
            window.used.connect(self._pipeline.resume)  # it may lack a map, or images added since
            return window

        self._show_one(BackbonesWindow, make)

    def pretraining(self) -> None:
        """DINO on the person's own images."""
        from medlabeler.gui.backbones.pretraining_window import PretrainingWindow

        def make() -> PretrainingWindow:
            window = PretrainingWindow(self._opened, self._page)
            window.embed_wanted.connect(self._pipeline.use_backbone)
            window.used.connect(self._pipeline.resume)  # it may lack a map, or images added since
            return window

        self._show_one(PretrainingWindow, make)

    def sharpening(self) -> None:
        """The image model in use learns from the labels."""
        from medlabeler.gui.backbones.sharpening_window import SharpeningWindow

        def make() -> SharpeningWindow:
            window = SharpeningWindow(self._opened, self._page)
            window.embed_wanted.connect(self._pipeline.use_backbone)
            window.used.connect(self._pipeline.resume)  # it may lack a map, or images added since
            return window

        self._show_one(SharpeningWindow, make)

    def leakage(self) -> None:
        """What stands on both sides of the split."""
        from medlabeler.gui.accuracy.leakage import LeakageDialog

        LeakageDialog(self._opened, self._page).show()

    def audit_trail(self, row: int) -> None:
        """Who decided what about one image."""
        from medlabeler.gui.stage.audit_trail import AuditTrail

        AuditTrail(self._opened, row, self._page).show()

    # ------------------------------------------------------------------ dialogs

    def _open(self, dialog: QDialog) -> None:
        """Let the page have a dialog that was made without it: what is made in a window is dressed again with
        each part that it becomes a part of.
        """
        dialog.setParent(self._page, dialog.windowFlags())
        show_dialog(dialog)

    def add_folder(self) -> None:
        """Further images for the project."""
        from medlabeler.gui.start.add_images import AddImagesDialog

        self._open(AddImagesDialog(self._opened))

    def moved_folder(self) -> None:
        """Where the images are now."""
        from medlabeler.gui.start.moved_folder import MovedFolderDialog

        self._open(MovedFolderDialog(self._opened))

    def export(self) -> None:
        """Labels, predictions, classifier, to a folder."""
        from medlabeler.gui.start.export import ExportDialog

        self._open(ExportDialog(self._opened))

    def merge(self) -> None:
        """Decisions of another copy of the project."""
        from medlabeler.gui.start.merge import MergeDialog

        self._open(MergeDialog(self._opened))

    def replay(self) -> None:
        """Compute a report again."""
        from medlabeler.gui.start.replay import ReplayDialog

        self._open(ReplayDialog(self._opened))

    def labels_out(self) -> None:
        """Labels in the files of other programs."""
        from medlabeler.gui.start.labels_out import LabelsOutDialog

        self._open(LabelsOutDialog(self._opened))

    def labels_in(self) -> None:
        """Labels out of the files of other programs."""
        from medlabeler.gui.start.labels_in import LabelsInDialog

        self._open(LabelsInDialog(self._opened))

    def start_with(self) -> None:
        """The classifier of another project, for the first labels."""
        from medlabeler.gui.start.start_with import StartWithDialog

        self._open(StartWithDialog(self._opened))

    def report(self) -> None:
        """Every figure with its interval, as files."""
        from medlabeler.gui.start.report import ReportDialog

        self._open(ReportDialog(self._opened))

    def reserve(self) -> None:
        """Draw a test set."""
        from medlabeler.gui.accuracy.reserve import ReserveDialog

        self._open(ReserveDialog(self._opened))

    def adopt_vectors(self) -> None:
        """Embeddings computed elsewhere: an array, then the manifest that names its rows."""

        def array_chosen(array: str) -> None:
            title = tr("Image list that names the image of each row")
            second = QFileDialog(self._page, title, str(Path(array).parent))
            second.setNameFilter(tr("CSV (*.csv)"))
            second.fileSelected.connect(
                lambda csv: self._opened.start_job(
                    "adopt_vectors", adopt_vectors.Params(Path(array), Path(csv))
                )
            )
            show_dialog(second)

        first = QFileDialog(self._page, tr("Numbers of the images: a .npy array with one row per image"))
        first.setNameFilter(tr("NumPy array (*.npy)"))
        first.fileSelected.connect(array_chosen)
        show_dialog(first)
