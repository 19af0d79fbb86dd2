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

    def add_folder(self) -> None:
        """Further images for the project."""
        from medlabeler.gui.start.add_images import AddImagesDialog

        show_dialog(AddImagesDialog(self._opened, self._page))

    def moved_folder(self) -> None:
        """Where the images are now."""
        from medlabeler.gui.start.moved_folder import MovedFolderDialog

        show_dialog(MovedFolderDialog(self._opened, self._page))

    def export(self) -> None:
        """Labels, predictions, classifier, to a folder."""
        from medlabeler.gui.start.export import ExportDialog

        show_dialog(ExportDialog(self._opened, self._page))

    def merge(self) -> None:
        """Decisions of another copy of the project."""
        from medlabeler.gui.start.merge import MergeDialog

        show_dialog(MergeDialog(self._opened, self._page))

    def replay(self) -> None:
        """Compute a report again."""
        from medlabeler.gui.start.replay import ReplayDialog

        show_dialog(ReplayDialog(self._opened, self._page))

    def labels_out(self) -> None:
        """Labels in the files of other programs."""
        from medlabeler.gui.start.labels_out import LabelsOutDialog

        show_dialog(LabelsOutDialog(self._opened, self._page))

    def labels_in(self) -> None:
        """Labels out of the files of other programs."""
        from medlabeler.gui.start.labels_in import LabelsInDialog

        show_dialog(LabelsInDialog(self._opened, self._page))

    def start_with(self) -> None:
        """The classifier of another project, for the first labels."""
        from medlabeler.gui.start.start_with import StartWithDialog

        show_dialog(StartWithDialog(self._opened, self._page))

    def report(self) -> None:
        """Every figure with its interval, as files."""
        from medlabeler.gui.start.report import ReportDialog

        show_dialog(ReportDialog(self._opened, self._page))

    def reserve(self) -> None:
        """Draw a test set."""
        from medlabeler.gui.accuracy.reserve import ReserveDialog

        show_dialog(ReserveDialog(self._opened, self._page))

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
