"""The live learning curve with its legend, what more labels would buy, and how good such forecasts were."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QFrame,
    QGridLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from medlabeler.domain.language import tr
from medlabeler.domain.words import percent
from medlabeler.gui.accuracy.learning_curve_plot import LearningCurvePlot, series_icon
from medlabeler.gui.kit.elements import EmptyState, Ink, counted, small
from medlabeler.gui.kit.plain import PlainLabel, caption
from medlabeler.gui.kit.theme import set_role
from medlabeler.learning.curves.summary import CurveSeries
from medlabeler.processes.protocol import CurveFound
from medlabeler.project.checkpoints import origin_note

NAMES = {
    "MedLabeler LR": tr("Logistic regression"),
    "LR": tr("LR of the paper"),
    "kNN": tr("kNN of the paper"),
    "SVM (decision)": tr("SVM of the paper"),
    "LL": tr("Linear layer of the paper"),
}
"""What the learners are called on screen; the first is the one in use, the others those of Nielsen et al."""


def display_name(classifier: str) -> str:
    """As a person reads it."""
    return NAMES.get(classifier, classifier)


def sentence_of(series: CurveSeries) -> str:
    """What more labels would buy, with the name on screen."""
    return series.sentence.replace(series.classifier, display_name(series.classifier), 1)


def hindcast_words(series: CurveSeries) -> str:
    """How far the forecast from fewer labels was off; empty where it could not be tried."""
    found = series.hindcast
    if found is None or math.isnan(found.error):
        return ""
    inside = tr("within") if found.low <= found.came <= found.high else tr("outside")
    return tr(
        "Tried on itself: from {fitted_to:.0f} labels per class it foretold "
        "{predicted} at {target:.0f}; {came} was measured ({error:+.1f} points, "
        "{inside} its 95 % range).",
        fitted_to=found.fitted_to,
        predicted=percent(found.predicted),
        target=found.target,
        came=percent(found.came),
        error=100 * found.error,
        inside=inside,
    )


class LearningCurvePanel(QWidget):
    """`show_curve` takes what the analyst sends."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plot = LearningCurvePlot()
        self.method = PlainLabel(wordWrap=True)
        self.method.setFont(small(self.font(), 0.95))
        set_role(self.method, "muted")
        self.empty = EmptyState(tr("No learning curve yet"), tr("It starts when two classes have labels."))
        self.boxes: dict[str, QCheckBox] = {}
        self.sentences: dict[str, QLabel] = {}
        self.verdicts = QWidget()
        self._grid = QGridLayout(self.verdicts)
        self._grid.setContentsMargins(0, 0, 8, 0)
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(5)
        self._grid.setColumnStretch(1, 1)
        self.verdicts_area = QScrollArea(widgetResizable=True)
        self.verdicts_area.setFrameShape(QFrame.Shape.NoFrame)
        self.verdicts_area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verdicts_area.setWidget(self.verdicts)
        self.verdicts_area.setMinimumHeight(96)
        box = QVBoxLayout(self)
        box.setContentsMargins(14, 10, 14, 10)
        box.setSpacing(8)
        box.addWidget(self.plot, 3)
        box.addWidget(self.empty, 3)
        box.addWidget(self.method)
        box.addWidget(self.verdicts_area, 2)
        self.show_curve(None)

    def show_curve(self, found: CurveFound | None, waiting: str = "") -> None:
        """Show what the analyst found; without a curve, or without points, a sentence."""
        curve = found.curve if found is not None else None
        series = curve.series if curve is not None else ()
        for part in (self.plot, self.method, self.verdicts_area):
            part.setVisible(bool(series))
        self.empty.setVisible(not series)
        if found is None or curve is None or not series:
            words = (found.sentence if found is not None else "") or waiting
            words = words or tr("Small draws from the labels are being fitted; the first points come soon.")
            self.empty.set_text(tr("No learning curve yet"), words)
            return
        self.plot.show_series(series)
        state = "" if found.done else tr(", more are coming")
        self.method.setText(
            tr(
                "5-fold cross-validation within {labels} in {n_classes} classes: mean and "
                "standard deviation of {repeats}{state}. Dashed: a power law with its 95 % "
                "range, no further than twice the labels a fold learned from. {basis}",
                labels=counted(found.n_images, "label"),
                n_classes=found.n_classes,
                repeats=counted(curve.repeats, "repeat"),
                state=state,
                basis=_basis(found),
            )
        )
        self._show_verdicts(series)

    def _show_verdicts(self, series: Sequence[CurveSeries]) -> None:
        ink = Ink.of(QApplication.palette())
        for number, entry in enumerate(series):
            name = entry.classifier
            if name not in self.boxes:
                box = QCheckBox(caption(display_name(name)))
                box.setChecked(name not in self.plot.hidden)
                box.setIconSize(QSize(18, 14))
                box.toggled.connect(self._on_toggled)
                label = PlainLabel(wordWrap=True)
                self.boxes[name], self.sentences[name] = box, label
                row = self._grid.rowCount()
                self._grid.addWidget(box, row, 0, Qt.AlignmentFlag.AlignTop)
                self._grid.addWidget(label, row, 1)
                self._grid.setRowStretch(row, 0)
                self._grid.setRowStretch(row + 1, 1)
            self.boxes[name].setIcon(series_icon(number, ink))
            self.sentences[name].setText(f"{sentence_of(entry)} {hindcast_words(entry)}".strip())

    def _on_toggled(self) -> None:
        self.plot.set_hidden({name for name, box in self.boxes.items() if not box.isChecked()})

    def tint(self) -> None:
        """The theme changed."""
        ink = Ink.of(QApplication.palette())
        for number, box in enumerate(self.boxes.values()):
            box.setIcon(series_icon(number, ink))


def _basis(found: CurveFound) -> str:
    if found.fair:
        return tr(
            "Scored on {random_draws} labelled blind.", random_draws=counted(found.n_scored, "random draw")
        )
    told = tr("Scored on all labels, chosen ones included.")
    return f"{told} {origin_note(found.n_brought, found.n_scored)}".strip()
