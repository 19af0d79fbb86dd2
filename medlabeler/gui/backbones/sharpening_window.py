"""Sharpen with my labels, in a window: begin a run, watch it, use what it made or go back."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QDialog, QFrame, QProgressBar, QPushButton, QVBoxLayout, QWidget

from medlabeler.domain.changes import Changes, JobResult
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.refusals import sentence_of_refusal
from medlabeler.gui.backbones.pretraining_hint import acknowledge
from medlabeler.gui.backbones.trace_plot import TracePlot
from medlabeler.gui.kit.choice_box import ChoiceBox
from medlabeler.gui.kit.form import Sentence, row
from medlabeler.gui.kit.plain import PlainLabel
from medlabeler.gui.kit.theme import set_role
from medlabeler.jobs import finetune
from medlabeler.learning.sharpening.size import LARGEST, ON_PROCESSOR
from medlabeler.open_project import own_images, sharpening
from medlabeler.open_project.job_state import JobState
from medlabeler.open_project.open_project import OpenProject
from medlabeler.open_project.pretraining_speed import Measuring
from medlabeler.open_project.run_start import RunStart
from medlabeler.open_project.threads.background import in_background
from medlabeler.open_project.threads.polling import Polling
from medlabeler.processes import pretraining
from medlabeler.project import pretraining_runs
from medlabeler.project.pretraining_runs import RunStatus
from medlabeler.project.run_files import SharpeningPlan, sharpening_plan

EVERY_MS = 1000
POOL_BATCH = 24
"""Images without a label in each step, where they are wanted."""
WHAT = tr(
    "The image model in use learns from your labels. Often it tells your classes apart better afterwards; the"
    " one in use stays, and you can go back with one click. It runs beside your"
    " work."
)
UPRIGHT = tr("My images have an up and a left (X-rays, photographs of limbs)")
POOL = tr("Learn from the images without a label too (several times slower)")
MEASURE = tr("Measure what it brought")
MEASURE_WHY = tr(
    "Sharpens several more times, each without its part of the labels: only so is there an honest figure on"
    " labels that were learned from. Each time takes as long as the sharpening itself; the more there are,"
    " the less is left out, and the nearer the figure comes."
)
AS_MANY = tr("as often as ten minutes allow")
TIMES = 3, 5, 10
"""How often it can be chosen to sharpen again."""
SIZES = ON_PROCESSOR, LARGEST
"""Pixels of the images that can be chosen to learn from."""
SIZE_WHY = tr(
    "The larger the images it learns from, the longer it takes: it grows with their square. On blood cells"
    " 224 px were about a point more accurate than 128. As suits this machine means 128 px without a graphics"
    " card, else up to 224."
)
SURE = tr("What this run has learned is removed for good. Press Discard once more if that is meant.")
TRYING = tr("Trying on a few steps how long it would take…")
GOES_ON = tr("It runs on when you close this window or the project.")
LOSS = tr("Loss: how the learning goes, not how good it is")
EMBED = "embed"

log = logging.getLogger("medlabeler.window")


class SharpeningWindow(QDialog):
    """Stays open beside the main window. The run lives in a process of its own: this only looks at its
    files, so closing it ends nothing, and opening it again finds what goes on.
    """

    embed_wanted = Signal(str)  # embed the images with this file
    used = Signal()  # another embedding is in use now

    def __init__(
        self,
        opened: OpenProject,
        parent: QWidget | None = None,
        defaults: finetune.Params = finetune.Params(),  # noqa: B008 - frozen
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.opened, self._defaults = opened, defaults
        self._run: RunStatus | None = None
        self._plan: SharpeningPlan | None = None
        self._beginning = False
        self._asked_of: Path | None = None  # the run that is discarded when that is pressed once more
        self._run_start = RunStart(self)
        self.measuring = Measuring(self, finetune.pace_of)
        self._tried: set[str] = set()
        self._paces: dict[str, tuple[Any, str]] = {}
        self._outlook: tuple[Any, str] = (None, "")
        self._since: tuple[tuple[str, int], str] = (("", -1), "")
        self.setWindowTitle(tr("Sharpen with my labels"))
        self.setMinimumSize(620, 420)
        self.heading, self.words = Sentence(role="heading"), Sentence(role="")
        self.labels, self.outlook, self.problem = Sentence(), Sentence(), Sentence(role="problem")
        self.upright, self.pool, self.measure = QCheckBox(UPRIGHT), QCheckBox(POOL), QCheckBox(MEASURE)
        self.measure.setChecked(True)
        self.measure.setToolTip(MEASURE_WHY)
        self.times = ChoiceBox(tr("How often it is sharpened again to measure"))
        self.times.addItem(AS_MANY, defaults.folds)
        for number in TIMES:
            self.times.addItem(tr("by {number} further sharpenings", number=number), number)
        self.times.setToolTip(MEASURE_WHY)
        self.size_text, self.sizes = (
            PlainLabel(tr("Size of the images:")),
            ChoiceBox(tr("Size of the images it learns from")),
        )
        self.sizes.addItem(tr("as suits this machine"), defaults.size)
        for pixels in SIZES:
            self.sizes.addItem(tr("{pixels} px", pixels=pixels), pixels)
        self.sizes.setToolTip(SIZE_WHY)
        self.bar = QProgressBar(maximum=1000, textVisible=False)
        self.loss = TracePlot(LOSS, tr("The first steps come after the images are decoded."))
        self.note = Sentence(GOES_ON)
        texts = {
            "start": tr("Sharpen"), "back_to_run": tr("Back to the run"), "new": tr("New run…"),
            "stop": tr("Stop"), "resume": tr("Resume"), "discard": tr("Discard"),
            "use": tr("Use it on my images"), "keep": tr("Use it after all"), "go_back": tr("Go back"),
        }  # fmt: skip
        self.buttons = {name: QPushButton(text, autoDefault=False) for name, text in texts.items()}
        self.buttons["stop"].setToolTip(tr("Writes a checkpoint first, so that it can be resumed"))
        self.buttons["discard"].setToolTip(tr("Ends the run and removes all that it wrote"))
        for name in ("start", "resume", "use"):
            set_role(self.buttons[name], "primary")
        self.card = QFrame()
        set_role(self.card, "card")
        self.verdict, self.told = Sentence(role="heading"), Sentence(role="")
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        b = self.buttons
        card = QVBoxLayout(self.card)
        card.setContentsMargins(14, 10, 14, 10)
        card.addWidget(self.verdict)
        card.addWidget(self.told)
        card.addLayout(row(b["use"], b["keep"], b["go_back"], None))
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 14, 16, 12)
        box.setSpacing(8)
        for part in (self.heading, self.words, self.labels, self.upright, self.pool):
            box.addWidget(part)
        box.addLayout(row(self.size_text, self.sizes, None))
        box.addLayout(row(self.measure, self.times, None))
        box.addWidget(self.outlook)
        box.addWidget(self.bar)
        box.addWidget(self.loss, 100)
        box.addStretch(1)
        box.addWidget(self.card)
        box.addWidget(self.problem)
        box.addWidget(self.note)
        box.addLayout(row(b["discard"], None, b["back_to_run"], b["new"], b["resume"], b["stop"], b["start"]))
        self.setTabOrder(b["start"], b["discard"])  # the window opens with the focus on the first

    def _connect(self) -> None:
        b, opened = self.buttons, self.opened
        self._run_start.started.connect(self._on_started)
        self._run_start.refused.connect(self.problem.say)
        self._reader = own_images.Reader(opened.project.path, sharpens=True)
        self.polling = Polling(self._reader.look, EVERY_MS, self)
        self.polling.seen.connect(self._show)
        self.polling.failed.connect(opened.failed)
        b["start"].clicked.connect(self._start)
        b["back_to_run"].clicked.connect(lambda: self._set_beginning(False))
        b["new"].clicked.connect(lambda: self._set_beginning(True))
        b["stop"].clicked.connect(self._stop)
        b["resume"].clicked.connect(self._resume)
        b["discard"].clicked.connect(self._discard)
        b["use"].clicked.connect(self._use)
        b["keep"].clicked.connect(lambda: self._choose(1))
        b["go_back"].clicked.connect(lambda: self._choose(0))
        for choice in (self.pool, self.measure):
            choice.toggled.connect(self.polling.look)
        self.measure.toggled.connect(self.times.setEnabled)
        for chosen in (self.times, self.sizes):
            chosen.currentIndexChanged.connect(self.polling.look)
        self.measuring.measured.connect(self._measured)
        self.measuring.ended.connect(self._measuring_ended)
        opened.runner.finished.connect(self._finished)
        opened.changed.connect(self._on_changed)

    def sizeHint(self) -> QSize:
        return QSize(760, 560)

    # What is shown

    def _show(self, seen: own_images.Seen) -> None:
        if self.opened.closed:
            self.polling.stop()
            return
        self._run = seen.run
        begin = seen.run is None or self._beginning
        for widget in (
            self.labels, self.upright, self.pool, self.size_text, self.sizes, self.measure, self.times,
            self.outlook,
        ):  # fmt: skip
            widget.setVisible(begin)
        for shown in (self.bar, self.loss, self.note, self.card):
            shown.setVisible(not begin)
        if begin:
            self._show_beginning(seen.run is not None)
            return
        run = seen.run
        if run is None:
            return
        try:
            self._plan = plan = sharpening_plan(run.folder)
        except UserError as error:  # just discarded
            self.problem.say(str(error))
            return
        self.loss.show_points(seen.steps, seen.losses, run.steps)
        self._show_run(run, plan)
        acknowledge(self.opened.project.settings, run)

    def _show_beginning(self, run_exists: bool) -> None:
        self.heading.say(tr("Sharpen with my labels"))
        self.words.say(WHAT)
        self.labels.say(sharpening.labels_words(self.opened))
        self.outlook.say(self._how_long())
        self._only("start", *(["back_to_run"] if run_exists else []))

    def _how_long(self) -> str:
        """How long what is chosen would take; it is tried on a few steps first, where nothing else works."""
        params, opened = self.params(), self.opened
        if not sharpening.offered(opened):
            return ""
        of = self._paced_as(params)
        pace = self._paces.get(of)
        if pace is None:
            if of not in self._tried and not self.measuring.running and not opened.runner.running():
                self._try(of, params)
            return TRYING if self.measuring.running else ""
        now = (of, params.folds, int(opened.project.labels.revision))
        if self._outlook[0] != now:
            extent = finetune.extent(opened.project, params, *pace)
            self._outlook = now, finetune.expectation(*pace, extent)
        return self._outlook[1]

    def _paced_as(self, params: finetune.Params) -> str:
        """What goes as fast as what is chosen now has this name too."""
        in_use = str(self.opened.project.settings.get("embedding", "") or "")
        return f"{in_use} {params.size} {params.batch} {params.pool}"

    def _try(self, of: str, params: finetune.Params) -> None:
        """Begin the few steps; once for each way to learn, if they fail: then it is not said."""
        self._tried.add(of)
        try:
            self.measuring.start(lambda: finetune.plan(self.opened.project, params, measure=True), of)
        except (UserError, OSError) as error:
            log.info("how long a sharpening would take is not known: %s", type(error).__name__)

    def _measured(self, of: str, pace: tuple[Any, str]) -> None:
        self._paces[of] = pace

    def _measuring_ended(self, problem: str) -> None:
        if not problem:  # what was stopped may be tried again
            self._tried &= set(self._paces)
        if not self.opened.closed and self.isVisible():
            self.polling.look()

    def _show_run(self, run: RunStatus, plan: SharpeningPlan) -> None:
        alive = own_images.going(run)
        self.heading.say(sharpening.heading(run))
        self.words.say(sharpening.sentence(run, plan, self._meanwhile(run)))
        self.bar.setVisible(alive)
        self.bar.setRange(0, 1000 if run.state == "running" else 0)
        self.bar.setValue(round(1000 * own_images.share(run)))
        self.note.setVisible(alive)
        shown = ["discard", "stop"] if alive else ["discard", "new"]
        if own_images.resumable(run):
            shown.append("resume")
        self.card.setVisible(run.backbone is not None and not alive)
        if run.backbone is not None and not alive:
            before, after = sharpening.embeddings(self.opened.project, run, plan)
            in_use = str(self.opened.project.settings.get("embedding", "") or "")
            verdict, told = sharpening.verdict(run, in_use, before, after)
            self.verdict.say(verdict)
            self.told.say(told)
            if not after:
                shown.append("use")
                self.buttons["use"].setEnabled(not self.opened.runner.running(EMBED))
            elif in_use == after and before:
                shown.append("go_back")
            elif in_use != after:
                shown.append("keep")
            if after:
                shown.remove("discard")  # its further sharpenings are what makes figures on it honest
        asked = (run.folder / "stop").exists() and alive
        self.buttons["stop"].setText(tr("Stopping…") if asked else tr("Stop"))
        self.buttons["stop"].setEnabled(not asked)
        self._only(*shown)

    def _only(self, *names: str) -> None:
        """Show these buttons; the focus of one that goes never falls to Discard."""
        b = self.buttons
        goes = any(button.hasFocus() for name, button in b.items() if name not in names)
        for name, button in b.items():
            button.setVisible(name in names)
        if goes and (others := [b[name] for name in names if name != "discard"]):
            others[0].setFocus()

    def _meanwhile(self, run: RunStatus) -> str:
        """What happened to the labels since the run began; read again only when a label has changed."""
        of = (run.name, int(self.opened.project.labels.revision))
        if self._since[0] != of:
            try:
                self._since = of, finetune.labels_since(self.opened.project, run.folder).sentence
            except UserError as error:
                self._since = of, str(error)
        return self._since[1]

    # What a person does

    def _set_beginning(self, beginning: bool) -> None:
        self._beginning, self._asked_of = beginning, None
        self.problem.say("")
        self.polling.look()

    def params(self) -> finetune.Params:
        """What is chosen now."""
        folds = self.times.currentData() if self.measure.isChecked() else 0
        pool = (self._defaults.pool or POOL_BATCH) if self.pool.isChecked() else 0
        return replace(
            self._defaults,
            upright=self.upright.isChecked(),
            pool=pool,
            folds=folds,
            size=self.sizes.currentData(),
        )

    def _as_told(self) -> finetune.Params:
        """What is chosen now; measured as often as the window says, where it could tell."""
        params = self.params()
        pace = self._paces.get(self._paced_as(params))
        if pace is None:
            return params
        return replace(params, folds=finetune.extent(self.opened.project, params, *pace).folds)

    def _start(self) -> None:
        """Plan it and have its process started; a refusal is said in the window."""
        if self._run_start.busy:
            return
        self.problem.say("")
        self.measuring.stop()
        try:
            params = self._as_told()
            self._run_start.begin(lambda: finetune.plan(self.opened.project, params))
        except (UserError, OSError) as error:
            self.problem.say(sentence_of_refusal(error))

    def _on_started(self, folder: Path) -> None:
        if not self.opened.closed:
            self._reader.wanted = folder.name
            self._set_beginning(False)

    def _stop(self) -> None:
        self._asked_of = None
        self.problem.say("")
        if self._run is not None:
            pretraining.stop(self._run.folder)
            self.buttons["stop"].clearFocus()  # else Qt hands it to Discard
            self.buttons["stop"].setEnabled(False)
            self.buttons["stop"].setText(tr("Stopping…"))

    def _resume(self) -> None:
        self._asked_of = None
        self.problem.say("")
        if self._run is not None:
            try:
                pretraining.resume(self._run.folder)
            except UserError as error:
                self.problem.say(str(error))
            self.polling.look()

    def _discard(self) -> None:
        if self._run is not None:
            folder = self._run.folder
            if self._asked_of != folder:
                self._asked_of = folder
                self.problem.say(SURE)
                return
            self.problem.say("")
            self.heading.say(tr("Discarding"))
            self._only()
            in_background(lambda: pretraining.discard(folder))

    def _use(self) -> None:
        if self._run is not None and self._run.backbone is not None:
            self.told.say(tr("Looking at your images. The image model in use so far stays."))
            self.buttons["use"].setEnabled(False)
            self.embed_wanted.emit(str(self._run.backbone))

    def _choose(self, which: int) -> None:
        if self._run is None or self._plan is None:
            return
        wanted = sharpening.embeddings(self.opened.project, self._run, self._plan)[which]
        if wanted:
            self.opened.use_embedding(wanted)
            self.used.emit()
        self._show_run(self._run, self._plan)

    # What comes back

    def _finished(self, job: JobState, result: JobResult | None) -> None:
        if job.name == EMBED and self.isVisible():
            self.problem.say("" if result is not None else job.sentence)
            self.polling.look()

    def _on_changed(self, changes: Changes) -> None:
        if self.isVisible() and changes & (Changes.LABELS | Changes.CLASSES | Changes.EMBEDDING):
            self.polling.look()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self.measuring.running:
            folder = self.opened.project.path
            in_background(lambda: pretraining_runs.sweep(folder))
        self.polling.start()

    def done(self, result: int) -> None:
        """However it is left: a run goes on; what only tries how long one takes ends."""
        self.measuring.stop()
        self.polling.stop()
        super().done(result)
