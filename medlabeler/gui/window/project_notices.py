"""What an open project tells over its page, and for how long: failures, stopped steps, folders that moved."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from medlabeler.domain.changes import Changes, JobResult
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.retelling import retold
from medlabeler.domain.words import count
from medlabeler.gui.kit.dialogs import show_text
from medlabeler.gui.window.annotator import QUESTION, ask_annotator, must_ask
from medlabeler.gui.window.fault_notice import show_fault
from medlabeler.gui.window.notices import Answer, Notices
from medlabeler.gui.window.project_windows import ProjectWindows
from medlabeler.jobs import embed, export, import_images, relink, replay
from medlabeler.open_project.job_state import JobState
from medlabeler.open_project.pipeline import EMBED, IMPORT, STEPS, Pipeline
from medlabeler.open_project.threads.latest import Latest

MOVED_ON = Changes.LABELS | Changes.CLASSES | Changes.IMAGES
"""What a refusal no longer matters after: the person did something else, and it worked."""


class ProjectNotices(QObject):
    """Follows one open project until its `page` goes."""

    def __init__(
        self,
        pipeline: Pipeline,
        notices: Notices,
        windows: ProjectWindows,
        choose_backbone: Callable[[], None],
        page: QWidget,
    ) -> None:
        super().__init__(page)
        self._opened, self._pipeline, self._notices, self._windows = (
            pipeline.opened, pipeline, notices, windows,
        )  # fmt: skip
        self._choose_backbone = choose_backbone
        self._page = page
        self._refused = False  # the last thing a person wanted
        self._ended: dict[str, int] = {}
        """How often a job came to a good end, by name: a notice about an earlier run has no reason then."""
        self._missing: list[str] = []
        self._told = 0  # of what the project tells of damage
        self._hinted = ""  # the classifier of another project whose hints were told
        opened = pipeline.opened
        opened.failed.connect(self._on_failed)
        opened.disk.back.connect(self._moved_on)
        opened.bug.connect(self._on_bug)
        opened.changed.connect(self._on_changed)
        opened.view_changed.connect(self._on_view)
        opened.current_changed.connect(self._moved_on)
        opened.jobs_changed.connect(notices.review)
        opened.thumbnails.loaded.connect(self._tell_damage)
        opened.runner.finished.connect(self._on_finished)
        pipeline.stopped.connect(self._on_stopped)
        self._looking = Latest(self)
        self._looking.answered.connect(self._on_missing)
        self._tell_damage()
        self._look_for_folders()
        self._tell_hints()

    # What changes

    def _on_changed(self, changes: Changes) -> None:
        self._tell_damage()
        self._ask_annotator(changes)
        if changes & Changes.LABELS:
            self._notices.go_on()
            self._show_blind()
        if changes & Changes.IMAGES:
            self._look_for_folders()
        if changes & MOVED_ON:
            self._moved_on()
        if changes & Changes.MODEL:
            self._tell_hints()
        self._notices.review()

    def _on_view(self) -> None:
        if self._opened.blind != ("blind" in self._notices.sentences()):
            self._moved_on()
        self._show_blind()
        self._notices.review()

    def _moved_on(self) -> None:
        """What was refused is of no interest any more."""
        if self._refused:
            self._refused = False
            self._notices.review()

    def _again(self, job: str) -> Callable[[], bool]:
        """That no later run of `job` has come to a good end."""
        before = self._ended.get(job, 0)
        return lambda: self._ended.get(job, 0) == before

    # Moved folders

    def _look_for_folders(self) -> None:
        """Ask the disk, which may take its time, whether the folders of the images are there."""
        catalog = self._opened.project.catalog
        self._looking.ask(lambda: relink.missing_roots(catalog.roots()))

    def _on_missing(self, answer: list[str] | UserError) -> None:
        missing = [] if isinstance(answer, UserError) else answer
        told, self._missing = self._missing, missing
        if not missing or missing == told or "source" in self._notices.sentences():  # which says it already
            self._notices.review()
            return
        folder = tr("The folder {missing}", missing=missing[0])
        if len(missing) > 1:
            folder += tr(" and {others}", others=count(len(missing) - 1, "other"))
        self._notices.tell(
            "moved",
            tr(
                "{folder} cannot be found. Labels and the map are safe; images cannot be shown large.",
                folder=folder,
            ),
            [(tr("Locate…"), self._windows.moved_folder)],
            stands=lambda: bool(self._missing),
            sign="open",
        )

    # Damage, names, faults

    def _tell_damage(self, *_: object) -> None:
        """Show what of the project cannot be used, as it turns up; it stays so while the project is open."""
        found = self._opened.project.notices
        if len(found) > self._told:
            self._told = len(found)
            self._notices.tell("damage", "\n".join(found), stands=lambda: not self._opened.closed)

    def _ask_annotator(self, changes: Changes) -> None:
        """With the first label in no name: once, whatever the answer."""
        if not changes & Changes.LABELS or not must_ask(self._opened):
            return
        settings = self._opened.settings
        settings.set("annotator_asked", True)

        def ask() -> None:
            ask_annotator(settings, self._opened, self._page, self._notices.review)

        before = self._opened.project.annotator
        self._notices.tell(
            "annotator",
            QUESTION,
            [(tr("Say who you are…"), ask)],
            stands=lambda: self._opened.project.annotator == before,
            sign="annotator",
            passing=True,
        )

    def _on_failed(self, sentence: str) -> None:
        self._refused = True
        self._notices.tell("problem", sentence, stands=lambda: self._refused)

    def _on_bug(self, sentence: str, trace: str) -> None:
        show_fault(self._notices, sentence, trace)

    def _tell_hints(self) -> None:
        """Whose predictions are on the screen, what is wrong with them first: it must not be overlooked."""
        opened = self._opened
        if opened.starting is None or not opened.shows_start:
            self._hinted = ""
            return
        kept = opened.starting.kept
        if self._hinted == kept.sha256:
            return
        self._hinted = kept.sha256
        brief = tr("The predictions are hints by {name}, of another project.", name=kept.name)
        whole = tr(
            "The predictions are hints by {name}, of another project, until you have given {n} "
            "labels and your own classifier names them as well; at {most} it takes over. They "
            "count as nobody's label, and no accuracy is measured with them.",
            name=kept.name,
            n=kept.enough,
            most=kept.at_most,
        )
        title = tr("Start with another project's classifier")
        self._notices.tell(
            "hints",
            " ".join([*map(retold, kept.cautions), brief]),
            [
                (tr("What that means"), lambda: show_text(self._page.window(), title, whole)),
                (tr("Do without it"), opened.hints.forget),
            ],
            stands=lambda: opened.shows_start,
            sign="warning" if kept.cautions else "play",
        )

    # Jobs

    def _on_finished(self, job: JobState, result: JobResult | None) -> None:
        if result is not None:
            self._ended[job.name] = self._ended.get(job.name, 0) + 1
            self._moved_on()
        elif job.state == "failed":
            self._tell_failure(job)
        self._notices.review()
        if result is None:
            return
        found = result.found
        if isinstance(found, import_images.Facts):
            self._show_import(found)
        if isinstance(found, replay.Facts):
            self._tell_replay(job, found)
        if isinstance(found, export.Facts) and found.onnx:
            self._notices.tell(
                "graph",
                " ".join(graph.sentence for graph in found.onnx),
                stands=self._again("export"),
                sign="export",
                passing=True,
            )
        if job.name == EMBED and isinstance(found, embed.Facts) and (failed := found.failed):
            self._notices.tell(
                "unembedded",
                tr(
                    "{images} could not be read again, so there is no place on the map for {it}: "
                    "{failed}: {failed2}",
                    images=count(len(failed), "image"),
                    it=tr("it") if len(failed) == 1 else tr("them"),
                    failed=failed[0].path,
                    failed2=failed[0].reason,
                ),
                stands=self._again(EMBED),
            )

    def _tell_failure(self, job: JobState) -> None:
        """Of a step of the pipeline `_on_stopped` tells more, with an answer."""
        if job.name not in STEPS:
            self._notices.clear("problem")
            self._notices.tell(f"failed {job.name}", job.sentence, stands=self._again(job.name))
        if job.bug:
            show_fault(self._notices, job.sentence, job.bug)

    def _tell_replay(self, job: JobState, found: replay.Facts) -> None:
        """Whether the report holds, and on request every line of it."""
        first, *more = job.sentence.split("\n")
        title = tr("Check a report")
        self._notices.tell(
            "replay",
            first.removesuffix(":") + "." if first.endswith(":") else first,
            [(tr("Show it all"), lambda: show_text(self._page.window(), title, job.sentence))]
            if more
            else [],
            stands=self._again("replay"),
            sign="warning" if found.differences else "search",
        )

    def _show_import(self, found: import_images.Facts) -> None:
        stands = self._again(IMPORT)
        if found.problems:
            located = self._again("relink")
            self._notices.clear("moved")  # the same, said by the import
            self._notices.tell(
                "source",
                " ".join(found.problems),
                [(tr("Locate…"), self._windows.moved_folder)],
                stands=lambda: stands() and located(),
            )
        if found.notes:
            self._notices.tell("list notes", " ".join(found.notes), stands=stands, passing=True)
        left_out = found.n_skipped
        if left_out:
            self._notices.tell(
                "skipped",
                tr("1 file could not be used and was left out.")
                if left_out == 1
                else tr("{n:,} files could not be used and were left out.", n=left_out),
                [(tr("Show them"), self._windows.skipped)],
                stands=stands,
                passing=True,
            )

    def _on_stopped(self, job: JobState) -> None:
        """A step was cancelled or failed: what comes after it waits."""
        answers: list[Answer] = [(tr("Go on"), self._pipeline.resume)]
        if job.name == EMBED:
            answers.append((tr("Choose…"), self._choose_backbone))
        # The reason of a failure is kept beside the answer to it, not in a message of its own.
        self._notices.clear("problem")
        sentence = (
            f"{job.title}: {job.sentence}"
            if job.state == "failed"
            else tr("{title} was cancelled.", title=job.title)
        )
        if job.name == IMPORT and not self._opened.n:
            answers.append((tr("Other images…"), self._windows.add_folder))
        self._notices.tell("stopped", sentence, answers, stands=lambda: self._pipeline.waits_for(job.name))

    def _show_blind(self) -> None:
        """That predictions are hidden; and at the end, what comes next."""
        if not self._opened.blind:
            return
        leave = (tr("Leave"), lambda: self._opened.set_blind(False))
        if not self._opened.blind_done:
            sentence = tr("Blind mode: you label test images; predictions and colours are hidden.")
            answers: list[Answer] = [leave]
        else:
            sentence = tr("Every test image is decided. What is left is to measure on them.")
            answers = [(tr("Measure…"), self._measure_blind), leave]
        if self._notices.sentences().get("blind") != sentence:
            self._notices.tell(
                "blind",
                sentence,
                answers,
                stands=lambda: self._opened.blind,
                closable=False,
                sign="blind",
            )

    def _measure_blind(self) -> None:
        self._opened.set_blind(False)
        self._opened.measure_on_test_set()
