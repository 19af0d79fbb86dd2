"""How images of more than 8 bits or of several channels are shown to people and to the image model."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from medlabeler.domain.language import tr
from medlabeler.gui.kit.choice_box import ChoiceBox
from medlabeler.gui.kit.form import Decimal, Number, column, row
from medlabeler.gui.kit.plain import PlainLabel, caption
from medlabeler.imaging.rendering import DEFAULT, FILE, LOW_PERCENTILE, PERCENTILES, PRESETS, Rendering
from medlabeler.jobs.params import rendering as choices

OWN = "own"
CT = {
    "abdomen": tr("CT: abdomen"),
    "bone": tr("CT: bone"),
    "brain": tr("CT: brain"),
    "lung": tr("CT: lung"),
    "mediastinum": tr("CT: mediastinum"),
}
MOST_CHANNELS = 64
_LEAST_WIDTH = 0.1
MOST_LEFT_OUT = 20.0


class RenderingForm(QWidget):
    """Hidden until images are found that need it; `changed` when something else was chosen."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.window_choice = ChoiceBox(tr("Brightness"))
        self.window_choice.addItem(tr("as the file says, else fitted to each image"), FILE)
        self.window_choice.addItem(tr("fitted to each image"), PERCENTILES)
        for name, words in CT.items():
            self.window_choice.addItem(words, name)
        self.window_choice.addItem(tr("the same for all images"), OWN)
        self.black, self.white = (
            _number(tr("Black"), -1e6, 1e6 - _LEAST_WIDTH, 0),
            _number(tr("White"), _LEAST_WIDTH, 1e6, 255),
        )
        self.left_out = _number(tr("Per cent left out"), 0, MOST_LEFT_OUT, LOW_PERCENTILE)
        self._own = _line(
            PlainLabel(tr("black up to")), self.black, PlainLabel(tr("and white from")), self.white
        )
        self._fitted = _line(
            PlainLabel(tr("without the darkest and the brightest")), self.left_out, PlainLabel(tr("%"))
        )
        self.choose = QCheckBox(caption(tr("Choose the channels that become red, green and blue (0: none)")))
        names = (tr("Channel for red"), tr("Channel for green"), tr("Channel for blue"))
        self.channels = [Number(name, 0, MOST_CHANNELS) for name in names]
        for number, field in enumerate(self.channels, start=1):
            field.setStepType(Number.StepType.DefaultStepType)
            field.setValue(number)
            field.setFixedWidth(64)
        self._channels = _line(*self.channels)
        self.setLayout(
            column(
                row(PlainLabel(tr("Brightness")), self.window_choice, None), self._own, self._fitted,
                self.choose, self._channels, spacing=6,
            )
        )  # fmt: skip
        # White above black: a window of no width shows nothing, and would be taken for none.
        self.black.valueChanged.connect(lambda value: self.white.setMinimum(value + _LEAST_WIDTH))
        self.window_choice.currentIndexChanged.connect(self._chosen)
        self.choose.toggled.connect(self._chosen)
        for spin in (self.black, self.white, self.left_out):
            spin.valueChanged.connect(self._chosen)
        for field in self.channels:
            field.valueChanged.connect(self._chosen)
        self._show_rows()
        self.hide()

    @property
    def rendering(self) -> Rendering:
        """What was chosen, as the reader takes it; the usual one while this is hidden."""
        return choices.changed(DEFAULT, choices.Params(**self.params()))

    def params(self) -> dict[str, Any]:
        """Fields of `jobs.new.Params`; none while this is hidden."""
        if self.isHidden():
            return {}
        share = self.left_out.value()
        rgb = tuple(field.value() for field in self.channels)
        return {
            "window": self._window(),
            "percentiles": None if share == LOW_PERCENTILE else (share, 100 - share),
            "channels": rgb if self.choose.isChecked() and any(rgb) else None,
        }

    def _window(self) -> choices.Window | None:
        chosen = str(self.window_choice.currentData())
        if chosen in PRESETS:
            return PRESETS[chosen]
        if chosen == OWN:
            low, high = self.black.value(), self.white.value()
            return (low + high) / 2, high - low
        return None if chosen == FILE else PERCENTILES

    def _chosen(self) -> None:
        self._show_rows()
        self.changed.emit()

    def _show_rows(self) -> None:
        chosen = str(self.window_choice.currentData())
        self._own.setVisible(chosen == OWN)
        self._fitted.setVisible(chosen in (FILE, PERCENTILES))
        self._channels.setVisible(self.choose.isChecked())


def _number(name: str, least: float, most: float, value: float) -> Decimal:
    made = Decimal(name, least, most, 1)
    made.setValue(value)
    return made


def _line(*widgets: QWidget) -> QWidget:
    line = QWidget()
    line.setLayout(row(*widgets, None))
    return line
