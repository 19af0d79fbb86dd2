"""What the window does in several steps: dialogs, the sample, the messages under the toolbar."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QInputDialog, QMessageBox

from medlabeler import __version__
from medlabeler.domain.changes import Changes, JobResult
from medlabeler.domain.errors import UserError
from medlabeler.domain.progress import SilentProgress
from medlabeler.domain.words import count
from medlabeler.gui.window import side_windows
from medlabeler.gui.window.crash import write_report
from medlabeler.gui.window.program_folders import data_home
from medlabeler.gui.window.toolbar import DEVICES
from medlabeler.jobs import import_images, label, new, sample
from medlabeler.learning.backbones.registry import DEFAULT, STARTER, BackboneInfo
from medlabeler.open_project.job_state import JobState
from medlabeler.open_project.open_project import OpenProject
from medlabeler.open_project.pipeline import EMBED, IMPORT, Pipeline, offline_choices
from medlabeler.project import sources
from medlabeler.project.project import DATABASE, Project
from medlabeler.project.sources import Manifest, Spec

if TYPE_CHECKING:
    from medlabeler.gui.window.main_window import MainWindow

SAMPLE_RESERVE = 200
KEYS = (
    ("1 to 9, 0", "label with class 1 to 10; a dot first: 11 to 20, a comma first: 21 to 30"),
    ("Enter", "confirm the prediction"),
    ("U, N, X", "skip, not sure, bad image"),
    ("Delete", "clear the label"),
    ("Left, Right", "previous, next image"),
    ("Ctrl+Z, Ctrl+Shift+Z", "undo, redo"),
    ("P, L, R, F", "pan, lasso, rectangle, show all"),
    ("G", "map, or grid to confirm many at once: Space marks, Ctrl+Enter confirms, Page Down turns"),
    ("Ctrl-click, Shift-drag", "add to the selection, lasso whatever the tool"),
    ("Escape", "select nothing"),
    ("Ctrl+B", "label the test set blind"),
    ("Ctrl+L", "second looks: label errors, duplicates, outliers, repeats, a second reader"),
)


class WindowTasks(QObject):
    """Helper of one window; holds no state but the open dialogs."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.window_ = window
        self._dialogs: list[QDialog] = []

    def slots(self) -> dict[str, Callable[..., object]]:
        """The actions answered here."""
        return {
            "add_images": self.look_again,
            "add_folder": lambda: self._dialog("start.add_images", "AddImagesDialog"),
            "moved_folder": lambda: self._dialog("start.moved_folder", "MovedFolderDialog"),
            "skipped": lambda: side_windows.skipped(self.window_),
            "sessions": lambda: side_windows.sessions(self.window_),
            "second_looks": lambda: side_windows.second_looks(self.window_),
            "export": lambda: self._dialog("start.export", "ExportDialog"),
            "annotator": self.ask_annotator,
            "adopt_reference": self.adopt_reference,
            "reserve": lambda: self._dialog("accuracy.reserve", "ReserveDialog"),
            "leakage": lambda: side_windows.leakage(self.window_),
            "backbones": lambda: side_windows.backbones(self.window_, self.choose_backbone),
            "backbone": self.choose_backbone,
            "pretrain": lambda: side_windows.own_images(self.window_),
            "adopt_vectors": self.adopt_vectors,
            "keys": self.show_keys,
            "accuracy_help": lambda: side_windows.accuracy_help(self.window_),
            "about": self.show_about,
        }

    # ------------------------------------------------------------------ into a project

    def new_project(self) -> None:
        """Ask for everything, check it, make the project, import."""
        from medlabeler.gui.start.new_project import NewProjectDialog

        dialog = NewProjectDialog(self.window_.settings, self.window_)
        dialog.accepted.connect(lambda: self._create(dialog))
        self._open(dialog)

    def _create(self, dialog: QDialog) -> None:
        try:
            project = new.create(dialog.params)  # type: ignore[attr-defined]
        except UserError as error:
            dialog.show_problem(str(error))  # type: ignore[attr-defined]
            self._open(dialog)
            return
        self.window_.take_project(project)

    def choose_project(self) -> None:
        """Ask for the folder of a project."""
        dialog = QFileDialog(self.window_, "Open a project: choose its folder")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        recent = self.window_.settings.recent()
        if recent:
            dialog.setDirectory(str(recent[0].parent))
        dialog.fileSelected.connect(lambda path: self.window_.open_project(Path(path)))
        self._open(dialog)

    def open_sample(self, folder: Path | bool | None = None) -> bool:
        """Open the synthetic sample in `folder`, drawing it first if it is not there."""
        folder = folder if isinstance(folder, Path) else data_home() / "sample"
        window, path = self.window_, folder / "project"
        try:
            if (path / DATABASE).is_file():
                project = Project.open(path, annotator=window.settings.get("annotator"))
                if sources.stored(project.settings):
                    window.take_project(project, offline=True)
                    return True
            else:
                project = Project.create(path, annotator=window.settings.get("annotator"))
        except UserError as error:
            window.refuse(str(error))
            return False
        window.take_project(project, offline=True, start=False)
        opened, pipeline = window.opened, window.pipeline
        assert opened is not None and pipeline is not None  # noqa: S101, PT018 - just made
        images = folder / "images"
        if (images / "manifest.csv").is_file():
            self._import_sample(opened, pipeline, images / "manifest.csv")
            return True
        shutil.rmtree(images, ignore_errors=True)  # what an interruption left

        def drawn(job: JobState, result: JobResult | None) -> None:
            if job.name == "sample" and result is not None:
                self._import_sample(opened, pipeline, Path(result.summary["manifest"]))

        opened.runner.finished.connect(drawn)
        return opened.start_job("sample", sample.Params(images)) is not None

    def _import_sample(self, opened: OpenProject, pipeline: Pipeline, manifest: Path) -> None:
        spec = Spec(images=manifest.parent, manifests=(Manifest(manifest),), reserve=SAMPLE_RESERVE)
        sources.store(opened.project.settings, spec, finished=False)
        pipeline.advance()

    # ------------------------------------------------------------------ the messages under the toolbar

    def follow(self, opened: OpenProject, pipeline: Pipeline) -> None:
        """Show what this open project has to say."""
        opened.failed.connect(self._on_failed)
        opened.bug.connect(self.report_bug)
        opened.changed.connect(self._on_changed)
        opened.view_changed.connect(self._show_blind)
        opened.runner.finished.connect(self._on_finished)
        pipeline.backbone_wanted.connect(self._ask_backbone)
        pipeline.stopped.connect(self._on_stopped)
        self._show_backbone()
        if notices := opened.project.notices:
            self.window_.banners.show_message("damage", "\n".join(notices))

    def _on_failed(self, sentence: str) -> None:
        self.window_.banners.show_message("problem", sentence)

    def report_bug(self, sentence: str, trace: str) -> None:
        """Keep the details in a file and say so; labels are on disk already."""
        if not trace:
            return
        file = write_report(sentence, trace)
        where = f" The details are in {file}." if file else ""
        self.window_.banners.show_message(
            "bug",
            f"{sentence} Your labels are safe.{where}",
            [("Details", lambda: self._message("A fault of MedLabeler", sentence, trace))],
        )

    def _on_changed(self, changes: Changes) -> None:
        if changes & Changes.EMBEDDING:
            self._show_backbone()

    def _show_backbone(self) -> None:
        """Never let it be forgotten that the embedding in use is not DINO."""
        window, banners = self.window_, self.window_.banners
        opened = window.opened
        info = opened.embedding_info if opened is not None else None
        if info is None:
            return
        banners.clear("backbone wanted")
        if info.self_supervised:
            banners.clear("backbone")
            return
        own = info.backbone.startswith("precomputed:")
        sentence = (
            f"{info.title} is in use; MedLabeler cannot tell by which backbone it was made."
            if own
            else f"The backbone in use is {info.title}: it is not DINO, so expect a coarser map."
        )
        if banners.sentences().get("backbone") != sentence:
            banners.show_message("backbone", sentence, [("Backbone…", self.choose_backbone)], closable=False)

    def _ask_backbone(self, wanted: BackboneInfo) -> None:
        """The weights are not here: nothing is fetched before a person says so."""
        pipeline = self.window_.pipeline
        if pipeline is None:
            return
        offline = {images: info for images, info in offline_choices().items() if info.name != wanted.name}
        size = f"{wanted.size_mb} MB, " if wanted.size_mb else ""
        answers: list[tuple[str, Callable[[], None]]] = [
            (
                f"Download ({size}{wanted.licence})",
                lambda: self._use(pipeline, wanted.name, allow_download=True),
            )
        ]
        for images, info in offline.items():
            answers.append((f"Offline: {images}", lambda name=info.name: self._use(pipeline, name)))
        answers.append(("Choose…", self.choose_backbone))
        sentence = f"The weights of {wanted.title} are not on this machine yet."
        if offline:
            titles = (
                info.title if info.name == STARTER else f"{info.title.split(' (')[0]}, not DINO, for {images}"
                for images, info in offline.items()
            )
            sentence += f" Offline: {'; '.join(titles)}."
        self.window_.banners.show_message("backbone wanted", sentence, answers, closable=False)

    def _use(self, pipeline: Pipeline, name: str, *, allow_download: bool = False) -> None:
        self.window_.banners.clear("backbone wanted")
        pipeline.use_backbone(name, allow_download=allow_download)

    def _on_finished(self, job: JobState, result: JobResult | None) -> None:
        banners = self.window_.banners
        if job.state == "failed" and job.bug:
            self.report_bug(job.sentence, job.bug)
        if result is None:
            return
        if job.name == IMPORT:
            banners.clear("stopped")
            if problems := result.summary.get("problems"):
                follow = self.window_.actions_["moved_folder"].trigger
                banners.show_message("source", " ".join(problems), [("Folder moved…", follow)])
            left_out = int(result.summary.get("n_skipped", 0))
            if left_out:
                banners.show_message(
                    "skipped",
                    f"{count(left_out, 'file')} could not be used and {'was' if left_out == 1 else 'were'} "
                    "left out.",
                    [("Show them", lambda: side_windows.skipped(self.window_))],
                )
        if job.name == EMBED and result.summary.get("failed"):
            failed = result.summary["failed"]
            banners.show_message(
                "unembedded",
                f"{count(len(failed), 'image')} could not be read again, so there is no place on the map "
                f"for {'it' if len(failed) == 1 else 'them'}: {failed[0]['path']}: {failed[0]['reason']}",
            )

    def _on_stopped(self, job: JobState) -> None:
        """A step was cancelled or failed: what comes after it waits."""
        window = self.window_
        pipeline = window.pipeline
        if pipeline is None:
            return
        answers: list[tuple[str, Callable[[], None]]] = [("Go on", self._go_on)]
        if job.name == EMBED:
            answers.append(("Backbone…", self.choose_backbone))
        # The reason of a failure is kept beside the answer to it, not in a message of its own.
        window.banners.clear("problem")
        sentence = f"{job.title}: {job.sentence}" if job.state == "failed" else f"{job.title} was cancelled."
        if window.opened is not None and job.name == IMPORT and not window.opened.n:
            answers.append(("Other images…", lambda: self._dialog("start.add_images", "AddImagesDialog")))
        window.banners.show_message("stopped", sentence, answers)

    def _go_on(self) -> None:
        self.window_.banners.clear("stopped")
        if self.window_.pipeline is not None:
            self.window_.pipeline.resume()

    def set_blind(self, opened: OpenProject, blind: bool) -> None:
        """Walk through the test set, or leave it."""
        opened.set_blind(blind)
        if blind and opened.blind and self.window_.workspace is not None:
            self.window_.workspace.tabs.setCurrentWidget(self.window_.workspace.queue)

    def _show_blind(self) -> None:
        opened, banners = self.window_.opened, self.window_.banners
        if opened is not None and opened.blind:
            banners.show_message(
                "blind",
                "Blind mode: you label test images; predictions and colours are hidden.",
                [("Leave", lambda: opened.set_blind(False))],
                closable=False,
                sign="blind",
            )
        else:
            banners.clear("blind")

    # ------------------------------------------------------------------ dialogs

    def _open(self, dialog: QDialog) -> QDialog:
        if dialog not in self._dialogs:
            self._dialogs.append(dialog)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        dialog.finished.connect(lambda _result: self._forget(dialog))
        dialog.open()
        return dialog

    def _forget(self, dialog: QDialog) -> None:
        if dialog in self._dialogs and not dialog.isVisible():
            self._dialogs.remove(dialog)

    def _dialog(self, module: str, name: str) -> None:
        """Open a dialog of the open project by the name of its module and class."""
        import importlib

        if self.window_.opened is not None:
            made = getattr(importlib.import_module(f"medlabeler.gui.{module}"), name)
            self._open(made(self.window_.opened, self.window_))

    def compare_sessions(self, project: Path) -> None:
        """Open `project` and show its sessions."""
        if self.window_.open_project(project):
            side_windows.sessions(self.window_)

    def look_again(self) -> None:
        """Import again: adds what is new, notices what changed."""
        opened = self.window_.opened
        if opened is not None and not opened.runner.running(IMPORT):
            opened.start_job(IMPORT, import_images.Params())

    def choose_backbone(self) -> None:
        """Another backbone; the vectors of the present one are kept."""
        from medlabeler.gui.backbones.choice import BackboneDialog

        opened, pipeline = self.window_.opened, self.window_.pipeline
        if opened is None or pipeline is None:
            return
        current = str(opened.project.settings.get("backbone", "") or DEFAULT)
        dialog = BackboneDialog(current, DEVICES.get(opened.device, ""), self.window_)

        def take() -> None:
            self._use(pipeline, dialog.choice.name, allow_download=dialog.choice.allow_download)

        dialog.accepted.connect(take)
        self._open(dialog)

    def adopt_vectors(self) -> None:
        """Embeddings computed elsewhere: an array, then the manifest that names its rows."""
        from medlabeler.jobs import adopt_vectors

        opened = self.window_.opened
        if opened is None:
            return

        def array_chosen(array: str) -> None:
            second = QFileDialog(
                self.window_, "Manifest that names the image of each row", str(Path(array).parent)
            )
            second.setNameFilter("CSV (*.csv)")
            second.fileSelected.connect(
                lambda csv: opened.start_job("adopt_vectors", adopt_vectors.Params(Path(array), Path(csv)))
            )
            self._open(second)

        first = QFileDialog(self.window_, "Embeddings: a .npy array with one row per image")
        first.setNameFilter("NumPy array (*.npy)")
        first.fileSelected.connect(array_chosen)
        self._open(first)

    def adopt_reference(self) -> None:
        """Make the labels that came with the pool images the annotator's own; one step, can be undone."""
        opened = self.window_.opened
        if opened is None:
            return
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

    def ask_annotator(self) -> None:
        """Whose decisions these are."""
        dialog = QInputDialog(self.window_)
        dialog.setWindowTitle("Annotator")
        dialog.setLabelText("Your name or initials; stored with every label:")
        dialog.setTextValue(self.window_.settings.get("annotator"))

        def take(name: str) -> None:
            self.window_.settings.set("annotator", name.strip())
            if self.window_.opened is not None:
                self.window_.opened.project.annotator = name.strip()

        dialog.textValueSelected.connect(take)
        self._open(dialog)

    def show_keys(self) -> None:
        """All keys on one page."""
        rows = "".join(f"<tr><td><b>{k}</b>&nbsp;&nbsp;&nbsp;</td><td>{t}</td></tr>" for k, t in KEYS)
        self._message("Keys", f"<table cellpadding=3>{rows}</table>")

    def show_about(self) -> None:
        """Version and purpose."""
        text = (
            "Label about 100 medical images per class, watch an honest accuracy grow, export the classifier."
        )
        self._message("About MedLabeler", f"<b>MedLabeler {__version__}</b><br><br>{text}")

    def _message(self, title: str, text: str, details: str = "") -> None:
        box = QMessageBox(self.window_)
        box.setWindowTitle(title)
        box.setText(text)
        box.setDetailedText(details)
        box.setModal(False)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.show()
