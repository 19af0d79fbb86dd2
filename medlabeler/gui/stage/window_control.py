"""From where to where an image of more than 8 bits is shown: tried on one image, then chosen for all."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PIL import Image
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from medlabeler.domain.changes import Changes
from medlabeler.domain.language import tr
from medlabeler.domain.progress import SilentProgress
from medlabeler.gui.kit.plain import PlainLabel, tip
from medlabeler.gui.kit.theme import set_role
from medlabeler.jobs import rendering
from medlabeler.open_project.image_loader import LoadedImage
from medlabeler.open_project.open_project import OpenProject

MOST_PIXELS = 4_000_000
"""A larger image is tried at a reduced size, so that the window answers at once."""


class WindowControl(QWidget):
    """Two numbers, black and white, in the unit of the file (Hounsfield for a CT). Hidden for other images.

    `tried` carries the current image as it looks in this window; nothing is stored before "Use for all".
    """

    tried = Signal(object)  # LoadedImage

    def __init__(self, opened: OpenProject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.opened = opened
        self._image: LoadedImage | None = None
        self._wanted, self._room = False, 0
        self.black, self.white = self._number(tr("Black")), self._number(tr("White"))
        self.use = QPushButton(tr("Use for all"))
        self.use.setToolTip(
            tip(tr("Show all images of more than 8 bits in this window; the image model looks at them anew"))
        )
        self.back = QPushButton(tr("As in the files"))
        self.back.setToolTip(tip(tr("Show each image in its file's own window, or between its percentiles")))
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 2)
        for words, widget in ((tr("Black"), self.black), (tr("White"), self.white)):
            label = PlainLabel(words)
            set_role(label, "muted")
            row.addWidget(label)
            row.addWidget(widget)
        row.addWidget(self.use)
        row.addWidget(self.back)
        row.addStretch(1)
        self.use.clicked.connect(self._use)
        self.back.clicked.connect(lambda: self._store(rendering.Params(window="file")))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)  # it widens no column
        self.hide()

    def _number(self, name: str) -> QDoubleSpinBox:
        made = QDoubleSpinBox()
        made.setRange(-1e9, 1e9)
        made.setKeyboardTracking(False)
        made.setAccessibleName(tr("{name} of the window", name=name))
        made.valueChanged.connect(self._try)
        return made

    def show_image(self, image: LoadedImage | None) -> None:
        """Follow the image on show."""
        self._image = image
        tones = image.tones if image is not None else None
        self._wanted = tones is not None and tones.high > tones.low
        self.fit(self._room)
        if tones is None:
            return
        span = tones.high - tones.low
        for number, value in ((self.black, tones.low), (self.white, tones.high)):
            number.blockSignals(True)
            number.setDecimals(0 if span > 50 else 4)
            number.setSingleStep(max(span / 100, 1e-4))
            number.setValue(value)
            number.blockSignals(False)
        self.use.setEnabled(False)
        self.back.setEnabled(self.opened.project.rendering.window is not None)

    def fit(self, room: int) -> None:
        """Be seen where all of it fits into `room` pixels; elsewhere the mouse changes the window."""
        self._room = room
        self.setVisible(self._wanted and room >= self.sizeHint().width())

    def _try(self) -> None:
        image, low, high = self._image, self.black.value(), self.white.value()
        self.use.setEnabled(high > low)
        if image is None or image.tones is None or not high > low:
            return
        tones, step = image.tones, 1
        while tones.values.shape[0] * tones.values.shape[1] / step**2 > MOST_PIXELS:
            step += 1
        pixels = replace(tones, values=tones.values[::step, ::step]).shown(low, high)
        if step > 1:
            size = (image.width, image.height)
            pixels = np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.NEAREST))
        levels = [pixels]
        while len(levels) < len(image.levels):
            levels.append(np.asarray(Image.fromarray(levels[-1]).reduce(2)))
        self.tried.emit(replace(image, levels=tuple(levels)))

    def _use(self) -> None:
        low, high = self.black.value(), self.white.value()
        self._store(rendering.Params(window=((low + high) / 2, high - low)))

    def _store(self, params: rendering.Params) -> None:
        result = rendering.run(self.opened.project, params, SilentProgress())
        if result.changes:
            self.opened.refresh(Changes.IMAGES)
