"""What an open project says under the toolbar: failures, stopped steps, files left out, blind mode."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from medlabeler.domain.changes import Changes, JobResult
from medlabeler.domain.words import count
from medlabeler.gui.window.annotator import QUESTION, ask_annotator, must_ask
from medlabeler.gui.window.banners import Banners
from medlabeler.gui.window.fault_notice import show_fault
from medlabeler.gui.window.project_windows import ProjectWindows
from medlabeler.open_project.job_state import JobState
from medlabeler.open_project.pipeline import EMBED, IMPORT, Pipeline


class ProjectNotices(QObject):
    """Follows one open project until its `page` goes."""

    def __init__(
        self,
        pipeline: Pipeline,
        banners: Banners,
        windows: ProjectWindows,
        choose_backbone: Callable[[], None],
        page: QWidget,
    ) -> None:
        super().__init__(page)
        self._opened, self._pipeline, self._banners, self._windows = (
            pipeline.opened, pipeline, banners, windows,
        )  # fmt: skip
        self._choose_backbone = choose_backbone
        self._page = page
        opened = pipeline.opened
        opened.failed.connect(self._on_failed)
        opened.bug.connect(self._on_bug)
        opened.view_changed.connect(self._show_blind)
        opened.runner.finished.connect(self._on_finished)
        pipeline.stopped.connect(self._on_stopped)
        self._told = 0  # of what the project tells of damage
        self._tell_damage()
        opened.thumbnails.loaded.connect(self._tell_damage)
        opened.changed.connect(self._tell_damage)
        opened.changed.connect(self._ask_annotator)

    def _tell_damage(self) -> None:
        """Show what of the project cannot be used, as it turns up."""
        notices = self._opened.project.notices
        if len(notices) > self._told:
            self._told = len(notices)
            self._banners.show_message("damage", "\n".join(notices))

    def _ask_annotator(self, changes: Changes) -> None:
        """With the first label in no name: once, whatever the answer."""
        if not changes & Changes.LABELS or not must_ask(self._opened):
            return
        settings = self._opened.settings
        settings.set("annotator_asked", True)

        def ask() -> None:
            ask_annotator(settings, self._opened, self._page, lambda: self._banners.clear("annotator"))

        self._banners.show_message("annotator", QUESTION, [("Say who you are…", ask)], sign="annotator")

    def _on_failed(self, sentence: str) -> None:
        self._banners.show_message("problem", sentence)

    def _on_bug(self, sentence: str, trace: str) -> None:
        show_fault(self._banners, sentence, trace)

    def _on_finished(self, job: JobState, result: JobResult | None) -> None:
        if job.state == "failed" and job.bug:
            show_fault(self._banners, job.sentence, job.bug)
        if result is None:
            return
        if job.name == IMPORT:
            self._show_import(result)
        if job.name == EMBED and (failed := result.summary.get("failed")):
            self._banners.show_message(
                "unembedded",
                f"{count(len(failed), 'image')} could not be read again, so there is no place on the map "
                f"for {'it' if len(failed) == 1 else 'them'}: {failed[0]['path']}: {failed[0]['reason']}",
            )

    def _show_import(self, result: JobResult) -> None:
        self._banners.clear("stopped")
        if problems := result.summary.get("problems"):
            follow = ("Folder moved…", self._windows.moved_folder)
            self._banners.show_message("source", " ".join(problems), [follow])
        left_out = int(result.summary.get("n_skipped", 0))
        if left_out:
            self._banners.show_message(
                "skipped",
                f"{count(left_out, 'file')} could not be used and {'was' if left_out == 1 else 'were'} "
                "left out.",
                [("Show them", self._windows.skipped)],
            )

    def _on_stopped(self, job: JobState) -> None:
        """A step was cancelled or failed: what comes after it waits."""
        answers: list[tuple[str, Callable[[], None]]] = [("Go on", self._go_on)]
        if job.name == EMBED:
            answers.append(("Backbone…", self._choose_backbone))
        # The reason of a failure is kept beside the answer to it, not in a message of its own.
        self._banners.clear("problem")
        sentence = f"{job.title}: {job.sentence}" if job.state == "failed" else f"{job.title} was cancelled."
        if job.name == IMPORT and not self._opened.n:
            answers.append(("Other images…", self._windows.add_folder))
        self._banners.show_message("stopped", sentence, answers)

    def _go_on(self) -> None:
        self._banners.clear("stopped")
        self._pipeline.resume()

    def _show_blind(self) -> None:
        if self._opened.blind:
            self._banners.show_message(
                "blind",
                "Blind mode: you label test images; predictions and colours are hidden.",
                [("Leave", lambda: self._opened.set_blind(False))],
                closable=False,
                sign="blind",
            )
        else:
            self._banners.clear("blind")
