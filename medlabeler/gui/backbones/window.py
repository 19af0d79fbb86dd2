"""The backbones a project knows, side by side: which is better on the labels at hand, and which is in use."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QPushButton, QSplitter, QVBoxLayout, QWidget

from medlabeler.domain.changes import Changes, JobResult
from medlabeler.domain.language import tr
from medlabeler.domain.model_names import shown_name
from medlabeler.domain.types import NO_CLASS, Split
from medlabeler.gui.accuracy.learning_curve_plot import LearningCurvePlot
from medlabeler.gui.backbones.rows import embedding_rows, waiting_rows
from medlabeler.gui.backbones.table import BackbonesTable
from medlabeler.gui.kit.choice_box import ChoiceBox
from medlabeler.gui.kit.elements import EmptyState
from medlabeler.gui.kit.form import Sentence, row
from medlabeler.gui.kit.plain import PlainLabel
from medlabeler.gui.kit.theme import set_role
from medlabeler.jobs import compare
from medlabeler.learning.backbones.registry import REGISTRY, is_here
from medlabeler.learning.curves.summary import CurveSeries, CurveSize
from medlabeler.open_project.job_state import JobState, job_progress
from medlabeler.open_project.open_project import OpenProject
from medlabeler.open_project.threads.latest import Latest

JOB, EMBED = "compare", "embed"
LABELS, REFERENCE = "labels", "reference"
ONE = tr("There is one image model so far. Add a second one to see whether it suits your images better.")
NONE = tr("No image model has looked at the images yet. Choose one to begin.")
READY = tr(
    "Compare them on the labels: every image is predicted by classifiers that did not learn from its group."
)
HOW = {
    LABELS: tr(
        "The same labels, draws and folds for all, so that differences are paired. The test set takes no "
        "part: a choice made on it could no longer be tested by it."
    ),
    REFERENCE: tr(
        "The same labels and draws for all, so that differences are paired. Measured on the test set: "
        "once an image model is chosen by it, it no longer tests that one."
    ),
}


class BackbonesWindow(QDialog):
    """Stays open beside the main window; comparing runs in a worker."""

    add_wanted = Signal()  # another backbone is to be chosen
    used = Signal()  # another embedding is in use now
    embed_wanted = Signal(str)  # this backbone, whose weights are here, is to look at the images, too

    def __init__(self, opened: OpenProject, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.opened = opened
        self._job: int | None = None
        self._shown = False
        self._here: list[str] = []
        """Backbones of the registry whose weights are on this machine."""
        self._asked = Latest(self)
        self._asked.answered.connect(self._here_known)
        self.setWindowTitle(tr("Image models"))
        self.resize(1000, 660)
        self.setMinimumSize(820, 520)
        self.heading, self.words = Sentence(role="heading"), Sentence()
        self.table, self.plot = BackbonesTable(), LearningCurvePlot()
        self.plot.setAccessibleName(tr("Learning curves of the image models"))
        self.empty = EmptyState(tr("No comparison yet"), READY)
        self.against = ChoiceBox(tr("What the image models are compared on"))
        self.against.addItem(tr("on the labels"), LABELS)
        self.compare = QPushButton(tr("Compare"), autoDefault=False)
        self.compare.clicked.connect(self.start)
        self.add = QPushButton(tr("Add an image model…"), autoDefault=False)
        self.add.clicked.connect(self.add_wanted)
        self.use = QPushButton(tr("Use this one"), autoDefault=False)
        self.use.clicked.connect(self._use)
        self._lay_out()
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._say())
        opened.changed.connect(self._on_changed)
        opened.runner.finished.connect(self._finished)
        opened.jobs_changed.connect(self._progress)

    def sizeHint(self) -> QSize:
        return QSize(1000, 660)

    def _lay_out(self) -> None:
        how = PlainLabel(HOW[LABELS], wordWrap=True)
        set_role(how, "muted")
        self.against.currentIndexChanged.connect(lambda _: how.setText(HOW[self.against.currentData()]))
        below = QWidget()
        inner = QVBoxLayout(below)
        inner.setContentsMargins(0, 8, 0, 0)
        inner.addWidget(self.plot, 1)
        inner.addWidget(self.empty, 1)
        split = QSplitter(Qt.Orientation.Vertical, childrenCollapsible=False)
        split.addWidget(self.table)
        split.addWidget(below)
        split.setStretchFactor(0, 1)
        split.setStretchFactor(1, 3)
        # Room for the rows that are there, as far as the curves keep theirs, and a bar to scroll sideways.
        rows = min(max(len(self.opened.project.vectors.keys()), 3), 6)
        table = 50 + 27 * rows
        split.setSizes([table, 510 - table])
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 14, 16, 12)
        box.setSpacing(8)
        box.addWidget(self.heading)
        box.addWidget(self.words)
        box.addWidget(split, 1)
        box.addLayout(row(self.compare, self.against, None, self.add, self.use))
        box.addWidget(how)

    # What is shown

    def refresh(self) -> None:
        """Read the embeddings of the project and its last comparison."""
        opened = self.opened
        if opened.closed:
            return
        if self.against.count() == 1 and (opened.reference != NO_CLASS)[opened.split == Split.TEST].any():
            self.against.addItem(tr("on the reference labels of the test set"), REFERENCE)
        found = compare.stored(opened.project.settings.get(compare.SETTING, None))
        if not self._shown:  # the last comparison, and how to make it again
            self._shown = True
            self.against.setCurrentIndex(
                max(0, self.against.findData(found.against if found is not None else None))
            )
        here = opened.project.vectors.keys()
        if found is not None and any(entry.key not in here for entry in found.backbones):
            found = None
        self.table.show_rows(
            [*embedding_rows(opened, found), *waiting_rows(opened, self._here, measured=found is not None)]
        )
        curves = series(found) if found is not None else []
        self.plot.show_series(curves)
        self.plot.setVisible(bool(curves))
        self.empty.setVisible(not curves)
        if self._job is None:
            advice = found.recommended if found is not None else None
            self.heading.say(
                tr("Recommended: {title}", title=shown_name(advice.title))
                if advice is not None and advice.key
                else _title(len(here))
            )
            self.words.say(
                found.text if found is not None else (NONE, ONE)[len(here)] if len(here) < 2 else ""
            )
        self._say()

    def _say(self) -> None:
        """What the buttons can do now."""
        chosen, running = self.table.chosen(), self._job is not None
        looks = self.opened.runner.running(EMBED)
        self.use.setEnabled(chosen is not None and not chosen.in_use and bool(chosen.key or not looks))
        self.use.setText(
            tr("Use this one") if chosen is None or chosen.key else tr("Let it look at the images")
        )
        self.compare.setText(tr("Stop") if running else tr("Compare"))
        self.compare.setEnabled(running or len(self.opened.project.vectors.keys()) > 1)
        self.against.setEnabled(not running)

    # What a person does

    def start(self) -> None:
        """Compare all embeddings that are complete, or stop doing so."""
        if self._job is not None:
            self.opened.cancel_job(self._job)
            return
        params = compare.Params(against=self.against.currentData())
        # A refusal comes by `failed`, at once.
        self.opened.failed.connect(self.words.say)
        self._job = self.opened.start_job(JOB, params)
        self.opened.failed.disconnect(self.words.say)
        self._say()

    def _use(self) -> None:
        chosen = self.table.chosen()
        if chosen is None or chosen.in_use:
            return
        if not chosen.key:
            self.opened.failed.connect(self.words.say)
            self.embed_wanted.emit(chosen.name)
            self.opened.failed.disconnect(self.words.say)
            self._say()
            return
        self.opened.use_embedding(chosen.key)
        self.used.emit()

    # What comes back

    def _progress(self) -> None:
        job = next((job for job in self.opened.jobs if job.id == self._job), None)
        if job is not None and job.state == "running":
            self.words.say(tr("Comparing… {job_progress}", job_progress=job_progress(job)))
            return
        looks = next((job for job in self.opened.jobs if job.name == EMBED and job.state == "running"), None)
        if looks is not None and self.isVisible():
            self.words.say(tr("It looks at the images… {job_progress}", job_progress=job_progress(looks)))

    def _finished(self, job: JobState, result: JobResult | None) -> None:
        if job.id == self._job:
            self._job = None
            self.refresh()
            if result is None:
                self.words.say(job.sentence)
        elif job.name == EMBED and self.isVisible():
            self.refresh()
            if result is None:
                self.words.say(job.sentence)

    def _here_known(self, answer: object) -> None:
        if isinstance(answer, list) and not self.opened.closed:
            self._here = answer
            self.refresh()

    def _on_changed(self, changes: Changes) -> None:
        if self.isVisible() and changes & (Changes.EMBEDDING | Changes.IMAGES):
            self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()
        self._asked.ask(lambda: [name for name, info in REGISTRY.items() if is_here(info)])


def series(found: compare.Facts) -> list[CurveSeries]:
    """The curves of a comparison as `LearningCurvePlot` takes them."""
    return [
        CurveSeries(
            shown_name(entry.title),
            tuple(
                CurveSize(
                    per_class=p.per_class,
                    at=p.n_labels / found.classes,
                    n_labels=p.n_labels,
                    mean=p.balanced_accuracy,
                    spread=p.deviation,
                    draws=p.draws,
                )
                for p in found.points
                if p.key == entry.key
            ),
        )
        for entry in found.backbones
    ]


def _title(n: int) -> str:
    return tr("{n} image models on the same labels", n=n) if n > 1 else tr("Image models")
