"""Which images the classifier decides and which a person must see, for a wished error rate."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSlider, QWidget

from medlabeler.domain.language import number_text, tr
from medlabeler.domain.retelling import retold
from medlabeler.domain.words import between, count, percent
from medlabeler.gui.kit.choice_box import ChoiceBox
from medlabeler.gui.kit.form import Number, Sentence, row, section
from medlabeler.gui.kit.plain import PlainLabel
from medlabeler.gui.trust.figures_table import FiguresTable, cleared
from medlabeler.gui.trust.page import FoundPage
from medlabeler.jobs import abstain as job
from medlabeler.learning.conformal import Coverage, ThresholdPoint
from medlabeler.open_project.open_project import OpenProject

ABOUT = tr(
    "Say how often the class of an image may be missed. The classifier then decides what it can, names two or"
    " three classes where it cannot, and leaves the rest to a person. What that is worth is measured on the"
    " test set, and the look is recorded. An exported classifier does the same."
)
COLUMNS = (
    (tr("Class"), tr("The class of the image")),
    (
        tr("Among those named"),
        tr("Share of the class's test images whose class was named, with 95 % interval"),
    ),
    (tr("Ruled out below"), tr("Probability below which the class is not named")),
    (tr("From images"), tr("Images that this limit comes from")),
    (tr("Your limit"), tr("Below this probability a person is asked, because you said so")),
)
PICK = tr(
    "Your own limit for the class chosen above: with less, a person is asked. The figures on the labels are"
    " those to choose by; a limit chosen by the figures on the test set looks better there than it is."
)


class SilencePage(FoundPage):
    """The error rate, what it comes to, and limits of one's own."""

    def __init__(self, opened: OpenProject, parent: QWidget | None = None) -> None:
        super().__init__(opened, tr("Ask a person when in doubt"), ABOUT, tr("Find the limits"), parent)
        self.found: job.Abstaining | None = None
        self.error = Number(tr("Images of a class whose class may be missed, in percent"), 1, 50)
        self.error.setValue(10)
        self.error.setSuffix(" %")
        self.calibrate = ChoiceBox(tr("Limits come from"))
        for text, value in (
            (tr("the test set, if it is large enough"), "auto"),
            (tr("the test set"), "test"),
            (tr("the labels"), "labels"),
        ):
            self.calibrate.addItem(text, value)
        self.table = FiguresTable(tr("Limits of the classes"), COLUMNS, range(2, 5))
        self.unlabelled, self.pick = Sentence(), Sentence(PICK)
        self.heading = section(tr("A limit of your own"))
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, len(job.GRID) - 1)
        self.slider.setAccessibleName(tr("Your limit for the class"))
        self.slider.setMinimumWidth(220)
        self.limit, self.picked = PlainLabel(), Sentence(role="")
        self.least: dict[int, float] = {}
        self.slider.valueChanged.connect(self._on_slider)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._show_class())
        self.form.add(
            row(
                PlainLabel(tr("May be missed")),
                self.error,
                PlainLabel(tr("Limits from")),
                self.calibrate,
                None,
            )
        )
        for widget in (self.unlabelled, self.table, self.heading, self.pick):
            self.form.add(widget)
        self.form.add(row(self.slider, self.limit, None))
        self.form.add(self.picked)
        self.form.box.addStretch(1)
        self._show_found()

    def params(self) -> job.Params:
        """What is chosen on the page."""
        names = {c.id: c.name for c in self.opened.classes}
        least = tuple((names[c], value) for c, value in self.least.items() if value > 0 and c in names)
        return job.Params(
            error=self.error.value() / 100, calibrate=str(self.calibrate.currentData()), least=least
        )

    def begin(self) -> None:
        """Find the limits."""
        self.opened.start_job("abstain", self.params())

    def refresh(self) -> None:
        """Show what the project keeps."""
        if self.opened.closed or not self.isVisible():
            return
        found = self.stored(job.SETTING, job.Abstaining)
        if not self.is_new(job.SETTING):
            return
        self.found = found
        if found is not None:
            wish = self.opened.project.settings.get(job.WISH) or {}
            self.error.setValue(round(100 * found.error))
            self.calibrate.setCurrentIndex(max(0, self.calibrate.findData(wish.get("calibrate"))))
            self.least = {c.class_id: c.least for c in found.classes}
        self._show_found()

    def _show_found(self) -> None:
        found = self.found
        cleared(
            self.table,
            self.unlabelled,
            self.heading,
            self.pick,
            self.slider,
            self.limit,
            shown=found is not None,
        )
        self.said.say("" if found is None else retold(found.sentence))
        self.caution.say("" if found is None else retold(found.caution))
        if found is None:
            self.picked.say("")
            return
        self.unlabelled.say(
            tr(
                "Of the images without a label {decided:,} are decided, {sets:,} are one of a few classes,"
                " {asked:,} go to a person. Probabilities are scaled so that they are as sure as they are"
                " right: their error on the test set is {before:.1f} % before and {after:.1f} % after.",
                decided=found.decided,
                sets=found.sets,
                asked=found.asked,
                before=100 * found.error_before,
                after=100 * found.error_after,
            )
        )
        colours = {c.id: c.colour for c in self.opened.classes}
        self.table.show_texts(
            [
                (
                    c.name,
                    covered(c.covered),
                    tr("never") if c.threshold < 0 else number_text(c.threshold, ".3f"),
                    number_text(c.n_calibration, ","),
                    number_text(self.least[c.class_id], ".2f") if self.least.get(c.class_id, 0) else "–",
                )
                for c in found.classes
            ],
            [colours.get(c.class_id, "#888888") for c in found.classes],
        )
        self.table.selectRow(0)

    def _class(self) -> job.ClassSilence | None:
        at = self.table.chosen
        return None if self.found is None or at < 0 else self.found.classes[at]

    def _show_class(self) -> None:
        shown = self._class()
        if shown is None:
            return
        value = self.least.get(shown.class_id, 0.0)
        self.slider.blockSignals(True)
        self.slider.setValue(min(range(len(job.GRID)), key=lambda k: abs(job.GRID[k] - value)))
        self.slider.blockSignals(False)
        self._tell()

    def _on_slider(self, at: int) -> None:
        shown = self._class()
        if shown is not None:
            self.least[shown.class_id] = job.GRID[at]
            self._tell()

    def _tell(self) -> None:
        shown = self._class()
        if shown is None:
            return
        at = self.slider.value()
        self.limit.setText(tr("{name}: at least {value:.0f} %", name=shown.name, value=100 * job.GRID[at]))
        said = [point_words(tr("On the labels"), shown.labels[at])] if shown.labels else []
        said.append(point_words(tr("On the test set"), shown.test[at]))
        known = () if self.found is None else self.found.classes
        if any(self.least.get(c.class_id, 0) != c.least for c in known):
            said.append(tr("Press “Find the limits” to use it."))
        self.picked.say("\n".join(said))


def covered(value: Coverage | None) -> str:
    """'92 % (86 to 96 %)'."""
    return "–" if value is None else f"{percent(value.share)} ({between(value.low, value.high)})"


def point_words(where: str, point: ThresholdPoint) -> str:
    """What one limit comes to."""
    return tr(
        "{where}: {images} called so, right {precision} of the time; {recall} of the class found.",
        where=where,
        images=count(point.called, "image"),
        precision=covered(point.precision),
        recall=covered(point.recall),
    )
