"""What a run brought: embed with it, compare on the labels, keep it or go back."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout

from medlabeler.domain.changes import JobResult
from medlabeler.domain.language import tr
from medlabeler.gui.kit.form import Sentence, row
from medlabeler.gui.kit.theme import set_role
from medlabeler.jobs import compare, embed
from medlabeler.open_project import own_images_verdict
from medlabeler.open_project.job_state import JobState, job_progress
from medlabeler.open_project.open_project import OpenProject
from medlabeler.open_project.own_images import going
from medlabeler.project.pretraining_runs import RunStatus
from medlabeler.project.run_files import read_plan

EMBED, COMPARE = "embed", "compare"


class ResultCard(QFrame):
    """Takes one run from its backbone to a decision; what is known stands in the project's settings."""

    embed_wanted = Signal(str)  # a backbone's file
    used = Signal()  # another embedding is in use now

    def __init__(self, opened: OpenProject) -> None:
        super().__init__()
        set_role(self, "card")
        self.opened = opened
        self._run: RunStatus | None = None
        self._embedding: RunStatus | None = None
        """The run whose backbone embeds the images now."""
        self._before = ""
        self._comparing: int | None = None
        self._compared = ""
        self._problem = ""
        self.heading, self.words = Sentence(role="heading"), Sentence(role="")
        self.embed = QPushButton(tr("Use it on my images"), autoDefault=False)
        self.compare = QPushButton(tr("Compare again"), autoDefault=False)
        self.keep = QPushButton(tr("Keep it"), autoDefault=False)
        self.back = QPushButton(tr("Go back"), autoDefault=False)
        set_role(self.embed, "primary")
        box = QVBoxLayout(self)
        box.setContentsMargins(14, 10, 14, 10)
        box.setSpacing(6)
        box.addWidget(self.heading)
        box.addWidget(self.words)
        box.addLayout(row(self.embed, self.keep, self.back, self.compare, None))
        self.embed.clicked.connect(self._embed)
        self.compare.clicked.connect(self._compare)
        self.keep.clicked.connect(lambda: self._choose("keep"))
        self.back.clicked.connect(lambda: self._choose("back"))
        opened.runner.finished.connect(self._finished)
        opened.jobs_changed.connect(self._progress)

    # What is shown

    def show_run(self, run: RunStatus) -> None:
        """Tell what is known of this run; nothing is offered while it goes on or before it has a backbone."""
        if self._run is None or self._run.name != run.name:
            self._problem = ""
        self._run = run
        self.setVisible(run.backbone is not None and not going(run))
        if self.isHidden() or self.opened.closed:
            return
        project = self.opened.project
        found = own_images_verdict.outcome(project, run.name)
        in_use = str(project.settings.get("embedding", "") or "")
        too_few = own_images_verdict.lacking(self.opened)
        if not self._busy:
            transductive = read_plan(run.folder).transductive
            heading, words = own_images_verdict.situation(run, found, in_use, too_few, transductive)
            self.heading.say(heading)
            self.words.say(f"{words} {self._problem}".strip())
        embedded, stale = bool(found.after), found.step != run.step
        self.embed.setVisible(not embedded or stale)
        self.embed.setEnabled(not self._busy and not self.opened.runner.running(EMBED))
        both = embedded and bool(found.before) and found.before != found.after
        self.compare.setVisible(both)
        self.compare.setText(tr("Compare again") if found.comparison else tr("Compare"))
        self.compare.setEnabled(not self._busy and not too_few)
        self.keep.setVisible(both)
        self.back.setVisible(both)
        if both:
            self.keep.setText(tr("Keep it") if in_use == found.after else tr("Use it after all"))
            self.back.setEnabled(not self._busy and in_use == found.after)
            self.keep.setEnabled(not self._busy and not (found.choice == "keep" and in_use == found.after))

    @property
    def _busy(self) -> bool:
        return self._embedding is not None or self._comparing is not None

    def _again(self) -> None:
        if self._run is not None:
            self.show_run(self._run)

    # What a person does

    def _embed(self) -> None:
        run = self._run
        if run is None or run.backbone is None or self._busy:
            return
        self._problem = ""
        self._embedding = run
        self._before = str(self.opened.project.settings.get("embedding", "") or "")
        self.heading.say(tr("Looking at your images"))
        self.words.say(tr("The image model in use so far stays."))
        n_jobs = len(self.opened.jobs)
        self.embed_wanted.emit(str(run.backbone))
        if len(self.opened.jobs) == n_jobs:  # refused; the window says why
            self._embedding = None
        self._again()

    def _compare(self) -> None:
        run = self._run
        if run is None or self._busy:
            return
        self._problem = own_images_verdict.lacking(self.opened)
        found = own_images_verdict.outcome(self.opened.project, run.name)
        if self._problem or not found.before or found.before == found.after:
            self._problem = ""
            self._again()
            return
        self._compared = run.name
        self.heading.say(tr("Comparing on the labels"))
        params = compare.Params(embeddings=(found.before, found.after))
        self.opened.failed.connect(self._refused)
        self._comparing = self.opened.start_job(COMPARE, params)
        self.opened.failed.disconnect(self._refused)
        self._again()

    def _refused(self, sentence: str) -> None:
        self._problem = sentence

    def _choose(self, choice: str) -> None:
        run, project = self._run, self.opened.project
        if run is None:
            return
        found = own_images_verdict.outcome(project, run.name)
        wanted = found.after if choice == "keep" else found.before
        own_images_verdict.keep(project, run.name, replace(found, choice=choice))
        if wanted and wanted != project.settings.get("embedding", ""):
            self.opened.use_embedding(wanted)
            self.used.emit()
        self._again()

    # What comes back

    def _progress(self) -> None:
        name = EMBED if self._embedding is not None else COMPARE if self._comparing is not None else ""
        job = next((j for j in reversed(self.opened.jobs) if j.name == name and j.running), None)
        if job is not None:
            self.words.say(job_progress(job))

    def _finished(self, job: JobState, result: JobResult | None) -> None:
        project = self.opened.project
        if job.name == EMBED and self._embedding is not None:
            run, self._embedding = self._embedding, None
            if result is None or not isinstance(result.found, embed.Facts):
                self._problem = job.sentence
            else:
                old = own_images_verdict.outcome(project, run.name)
                after = result.found.key
                # Embedded twice, the embedding before stays the one from before the run.
                before = old.before if self._before in (old.after, after) else self._before
                own_images_verdict.keep(
                    project, run.name, own_images_verdict.Outcome(before, after, run.step)
                )
                if self._run is not None and self._run.name == run.name:
                    self._compare()
            self._again()
        elif job.name == COMPARE and job.id == self._comparing:
            self._comparing = None
            if result is None or not isinstance(result.found, compare.Facts):
                self._problem = job.sentence
            else:
                found = own_images_verdict.outcome(project, self._compared)
                own_images_verdict.keep(project, self._compared, replace(found, comparison=result.found))
            self._again()
