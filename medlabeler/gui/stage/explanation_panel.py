"""Where the backbone looked in the image on show: a switch, a map over the picture, and what it means."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QSizePolicy,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from medlabeler.domain.changes import Changes
from medlabeler.domain.language import tr
from medlabeler.gui.kit.choice_box import ChoiceBox
from medlabeler.gui.kit.elements import small
from medlabeler.gui.kit.icons import icon
from medlabeler.gui.kit.plain import PlainLabel
from medlabeler.gui.kit.theme import set_role
from medlabeler.gui.map.colouring import ramp
from medlabeler.gui.stage.image_canvas import ImageCanvas
from medlabeler.open_project.explainer import Explained
from medlabeler.open_project.open_project import OpenProject

SIDE = 224
"""Maps are drawn at this size; smooth between the few fields they really have."""
OPACITY = 55
HEADS = (("mean", tr("All heads")), ("max", tr("Strongest")))

ATTENTION = tr("Attention of the last layer: where the image model looked, not why the classifier decided.")


def meaning(found: Explained, name: str, classifier: str) -> str:
    """The sentence below the picture: what is seen, and what it is not."""
    if found.method == "attention":
        return ATTENTION
    height, width = found.maps["gradient"].shape
    fields = tr("in {height} × {width} fields", height=height, width=width)
    if not name:
        return tr(
            "What excites the image model, {fields}; of no class, as no prediction is shown.", fields=fields
        )
    how = "" if classifier == "logistic" else tr(" by logistic regression on the labels")
    return tr(
        "What speaks for {name}{how}, {fields}. A coarse hint, not a proof.",
        name=name,
        how=how,
        fields=fields,
    )


def picture(heat: NDArray[np.float32]) -> QImage:
    """A map in 0..1 in the colours of the scale, smoothed between its fields."""
    smooth = np.asarray(Image.fromarray(heat).resize((SIDE, SIDE), Image.Resampling.BILINEAR))
    codes = np.rint(np.clip(smooth, 0, 1) * 255).astype(np.uint8)
    pixels = np.ascontiguousarray(_table()[codes])
    return QImage(pixels.data, SIDE, SIDE, 3 * SIDE, QImage.Format.Format_RGB888).copy()


@lru_cache(maxsize=1)
def _table() -> NDArray[np.uint8]:
    return np.array([[int(c[k : k + 2], 16) for k in (1, 3, 5)] for c in ramp(256)], np.uint8)


class Scale(QWidget):
    """The colours from little to much."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(QSize(52, 10))
        self.setToolTip(tr("From little (left) to much (right); the strongest place of each image is 1"))
        self.setAccessibleName(tr("Colour scale from little to much"))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        fill = QLinearGradient(0, 0, self.width(), 0)
        colours = ramp(9)
        for place, colour in enumerate(colours):
            fill.setColorAt(place / (len(colours) - 1), colour)
        painter.fillRect(QRectF(self.rect()), fill)


class ExplanationPanel(QWidget):
    """Asks the open project's explainer about the row on show while its `button` is down.

    The panel itself is the sentence; `button` and `controls` are placed by whoever shows it.
    """

    switched = Signal(bool)  # whether it is shown now

    def __init__(self, opened: OpenProject, canvas: ImageCanvas, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.opened, self.canvas = opened, canvas
        self.explainer = opened.engine.explainer
        self.row = -1
        self.button = QToolButton()
        self.button.setText(tr("Where it looks"))
        self.button.setCheckable(True)
        self.button.setAutoRaise(True)
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.button.setIconSize(QSize(16, 16))
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.setToolTip(tr("Show over the image where the image model looked"))
        self.button.toggled.connect(self._toggled)
        self.opacity = QSlider(Qt.Orientation.Horizontal)
        self.opacity.setRange(0, 100)
        self.opacity.setValue(OPACITY)
        self.opacity.setMinimumWidth(40)
        self.opacity.setToolTip(tr("How strongly it covers the image"))
        self.opacity.setAccessibleName(tr("Opacity"))
        self.opacity.valueChanged.connect(lambda value: canvas.set_overlay_opacity(value / 100))
        self.heads = ChoiceBox()
        for key, text in HEADS:
            self.heads.addItem(text, key)
        self.heads.setToolTip(
            tr("A transformer looks with several heads at once: their mean, or the strongest")
        )
        self.heads.setAccessibleName(tr("Heads"))
        self.heads.setFont(small(self.font(), 0.92))
        self.heads.currentIndexChanged.connect(lambda _index: self._draw())
        self.sentence = PlainLabel()
        self.sentence.setWordWrap(True)
        self.sentence.setFont(small(self.font(), 0.92))
        self.sentence.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        set_role(self.sentence, "muted")
        self.controls = QWidget()
        self.controls.hide()
        row = QHBoxLayout(self.controls)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for widget, stretch in ((self.opacity, 1), (Scale(), 0), (self.heads, 0)):
            row.addWidget(widget, stretch)
        box = QVBoxLayout(self)
        box.setContentsMargins(10, 3, 10, 3)
        box.setSpacing(2)
        box.addWidget(self.sentence)
        self.explainer.changed.connect(self._on_explained)
        opened.changed.connect(self._on_changed)
        self._tint()
        self.setVisible(False)

    def _tint(self) -> None:
        self.button.setIcon(icon("show"))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "button"):
            self._tint()
        super().changeEvent(event)

    def show_row(self, row: int) -> None:
        """The picture of `row` is on show now; -1 while there is none."""
        if row != self.row:
            self.row = row
            self.canvas.set_overlay(None)
        self.refresh()

    def refresh(self) -> None:
        """Ask, draw or hide, as the switch and blind mode say."""
        self.button.setVisible(not self.opened.blind)
        on = self.button.isChecked() and self.row >= 0 and not self.opened.judged_blind(self.row)
        self.setVisible(on)
        self.controls.setVisible(False)
        if on:
            self.explainer.request(self.row)
            self._draw()
        else:
            self.canvas.set_overlay(None)
            self.explainer.forget()
        self.switched.emit(on)

    def _toggled(self, _on: bool) -> None:
        self.canvas.set_overlay_opacity(self.opacity.value() / 100)
        self.refresh()

    def _on_explained(self, row: int) -> None:
        if row == self.row:
            self._draw()

    def _on_changed(self, changes: Changes) -> None:
        if changes & (Changes.MODEL | Changes.EMBEDDING) and not self.isHidden():
            self.refresh()

    def _draw(self) -> None:
        if not self.button.isChecked() or self.row < 0 or self.opened.judged_blind(self.row):
            return
        found, explainer = self.explainer.found(self.row), self.explainer
        self.heads.setVisible(found is not None and found.method == "attention")
        self.controls.setVisible(found is not None and not explainer.problem)
        if explainer.problem:
            self.canvas.set_overlay(None)
            self.sentence.setText(explainer.problem)
        elif found is None:
            self.canvas.set_overlay(None)
            first = tr(" The image model is loaded first.") if not explainer.answered else ""
            self.sentence.setText(tr("Looking…{first}", first=first))
        else:
            key = self.heads.currentData() if found.method == "attention" else "gradient"
            self.canvas.set_overlay(picture(found.maps[key]))
            name = self.opened.class_name(found.towards) if found.towards is not None else ""
            self.sentence.setText(meaning(found, name, self.opened.classifier))
