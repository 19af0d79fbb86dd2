"""The first page of learning from the own images: from what, on what, how long, and whether to try."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.types import Split
from medlabeler.domain.words import duration
from medlabeler.gui.kit.choice_box import ChoiceBox
from medlabeler.gui.kit.form import Form, Sentence, row, section
from medlabeler.gui.kit.theme import set_role
from medlabeler.jobs import pretrain
from medlabeler.jobs.pretrain import FEW_IMAGES, Params
from medlabeler.open_project import own_images
from medlabeler.open_project.open_project import OpenProject
from medlabeler.open_project.pretraining_speed import Measuring, speed_of_learning

WHAT = tr(
    "DINO teaches an image model what your images look like, without any label. With few labels that is "
    "often worth more than labelling on. It takes from half an hour to a night, beside your work."
)
COLOUR = tr("Colour tells my classes apart (stains, skin)")
COLOUR_WHY = tr("DINO learns to overlook what its views of an image differ in: without the tick, colour too.")
TEST_TOO = tr("Learn from the test images too")
CONSEQUENCE = tr(
    "Every figure on the test set will then say transductive: it holds for these very images, and may be too "
    "good for images of other patients."
)
CHOOSE_START = tr("Choose an image model to start from.")
NO_START = tr("No image model is on this machine yet: choose one in the menu Image model.")


class SetupPage(QWidget):
    """Asks for what `Params` needs; measures how long a run would take."""

    start_wanted = Signal(object)  # Params

    def __init__(self, opened: OpenProject, defaults: Params) -> None:
        super().__init__()
        self.opened, self._defaults = opened, defaults
        self._start_after = False
        self.measuring = Measuring(self, speed_of_learning)
        self.start_with = ChoiceBox(tr("Image model to start from"))
        self.not_here = Sentence(role="problem")
        self.images, self.outlook, self.problem = Sentence(), Sentence(role=""), Sentence(role="problem")
        self.colour = QCheckBox(COLOUR)
        self.colour.setToolTip(COLOUR_WHY)
        self.colour.setChecked(self._defaults.colour == "gentle")
        self.test_too = QCheckBox(TEST_TOO)
        self.consequence = Sentence(CONSEQUENCE)
        self.lengths = QButtonGroup(self)
        self._length_of: dict[int, str] = {}
        for at, (name, (title, _)) in enumerate(own_images.LENGTHS.items()):
            self.lengths.addButton(QRadioButton(title), at)
            self._length_of[at] = name
        self.lengths.button(1).setChecked(True)
        self.measure = QPushButton(tr("Measure"), autoDefault=False)
        self.go = QPushButton(tr("Start"), autoDefault=False)
        set_role(self.go, "primary")
        self.back = QPushButton(tr("Back to the run"), autoDefault=False)
        self._lay_out()
        self.measure.clicked.connect(self._measure_or_stop)
        self.go.clicked.connect(self._start)
        self.start_with.currentIndexChanged.connect(lambda _: self.say())
        self.test_too.toggled.connect(lambda _: self.say())
        self.lengths.idClicked.connect(lambda _: self.say())
        self.measuring.told.connect(self.outlook.say)
        self.measuring.measured.connect(self._measured)
        self.measuring.ended.connect(self._measuring_ended)
        opened.destroyed.connect(self.measuring.stop)

    def _lay_out(self) -> None:
        form = Form()
        form.add(Sentence(WHAT, role=""))
        form.add(section(tr("Start from")), 12)
        form.add(row(self.start_with, None))
        form.add(self.not_here)
        form.add(
            Sentence(tr("An image model that has learned from other images is a better start than none."))
        )
        form.add(section(tr("Images")), 12)
        form.add(self.images)
        form.add(self.colour)
        form.add(self.test_too)
        form.add(self.consequence)
        form.add(section(tr("Length")), 12)
        for button in self.lengths.buttons():
            form.add(button)
        form.add(section(tr("Is it worth trying?")), 12)
        form.add(self.outlook)
        form.add(row(self.measure, None))
        form.box.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 14, 16, 12)
        box.setSpacing(8)
        box.addWidget(form, 1)
        box.addWidget(self.problem)
        box.addLayout(row(self.back, None, self.go))

    # What is chosen

    @property
    def n_images(self) -> int:
        """How many images a run would learn from."""
        split = self.opened.split
        return len(split) if self.test_too.isChecked() else int((split == Split.POOL).sum())

    def params(self) -> Params:
        """What is chosen now."""
        length = self._length_of[self.lengths.checkedId()]
        return own_images.planned(
            self._defaults,
            str(self.start_with.currentData() or ""),
            length,
            self.n_images,
            colour_matters=self.colour.isChecked(),
            include_test=self.test_too.isChecked(),
        )

    # What is shown

    def refresh(self, *, run_exists: bool) -> None:
        """Read the project again; measure at once where that says something new."""
        chosen = self.start_with.currentData()
        self.start_with.blockSignals(True)
        self.start_with.clear()
        offered = own_images.starts(self.opened.project, self._defaults.start)
        for start in offered:
            self.start_with.addItem(start.title, start.name)
        self.start_with.setCurrentIndex(self._first(offered, chosen))
        self.not_here.say(own_images.not_here(self.opened.project))
        self.not_here.setVisible(bool(self.not_here.text()))
        self.start_with.blockSignals(False)
        self.back.setVisible(run_exists)
        reserved = bool((self.opened.split != Split.POOL).any())
        self.test_too.setVisible(reserved)
        self.say()
        ready = self.start_with.currentIndex() >= 0
        if (
            ready
            and self.n_images >= FEW_IMAGES
            and self._pace() is None
            and not self.opened.runner.running()
        ):
            self._measure()

    def _first(self, offered: list[own_images.Start], chosen: str | None) -> int:
        """What was chosen, else the first; none where that is for other images: then a person must say so."""
        at = self.start_with.findData(chosen) if chosen else -1
        return at if at >= 0 or not offered or not offered[0].fits else 0

    def say(self) -> None:
        """Put the choices into words."""
        ready, running = self.start_with.currentIndex() >= 0, self.measuring.running
        self.images.say(own_images.about_images(self.opened.split, self.test_too.isChecked()))
        self.consequence.setVisible(self.test_too.isChecked())
        pace = self._pace()
        for at, name in self._length_of.items():
            self.lengths.button(at).setText(self._length_words(name, pace))
        if not running:
            params = self.params()
            words = own_images.expectation(self.n_images, int(params.steps or 1), params.batch, pace)
            lacking = CHOOSE_START if self.start_with.count() else NO_START
            self.outlook.say(words if ready else lacking)
        self.measure.setText(
            tr("Stop measuring") if running else tr("Measure again") if pace else tr("Measure")
        )
        self.measure.setEnabled(ready)
        self.go.setEnabled(ready and not self._start_after)

    def _length_words(self, name: str, pace: own_images.LearningSpeed | None) -> str:
        batch = self._defaults.batch
        steps = self._defaults.steps or own_images.steps_of(name, self.n_images, batch)
        words = tr("{lengths}: {steps:,} steps", lengths=own_images.LENGTHS[name][0], steps=steps)
        return (
            tr("{words}, about {steps}", words=words, steps=duration(steps * batch / pace.images_per_s))
            if pace
            else words
        )

    def _pace(self) -> own_images.LearningSpeed | None:
        return own_images.known_pace(self.opened.project.settings, self.params())

    # What a person does

    def _measure_or_stop(self) -> None:
        if self.measuring.running:
            self.measuring.stop()
            self.outlook.say(tr("Stopping…"))
        else:
            self._measure()

    def _measure(self) -> None:
        self.problem.say("")
        try:
            params = self.params()
            self.measuring.start(lambda: pretrain.plan(self.opened.project, params, measure=True), params)
        except UserError as error:
            self.problem.say(str(error))
        else:
            self.outlook.say(tr("Measuring on 20 steps…"))
        self.say()

    def _start(self) -> None:
        """Start, as soon as a measurement that goes on has made room."""
        self.problem.say("")
        if self.measuring.running:
            self._start_after = True
            self.measuring.stop()
            self.outlook.say(tr("Starting as soon as the measurement has ended…"))
            self.go.setEnabled(False)
        else:
            self.start_wanted.emit(self.params())

    def _measured(self, params: Params, pace: own_images.LearningSpeed) -> None:
        if not self.opened.closed:
            own_images.remember_pace(self.opened.project.settings, params, pace)

    def _measuring_ended(self, problem: str) -> None:
        if self.opened.closed:
            return
        start, self._start_after = self._start_after, False
        self.problem.say(problem)
        self.say()
        if start:
            self.start_wanted.emit(self.params())
