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

MOST_PIXELS = 2_000_000
"""A larger image is tried at a reduced size, so that the window answers at once."""


NARROW_STEPS, LEVEL_STEPS = 50, 200
"""A drag of so many steps halves the width of the window, or moves it by all of its width."""
LEAST = 1e-3
"""The narrowest window that a drag reaches, as a share of what the image was shown in."""


class WindowControl(QWidget):
    """Two numbers, black and white, in the unit of the file (Hounsfield for a CT). Hidden for other images.

    `tried` carries the current image as it looks in this window; nothing is stored before "Use for all". A
    drag with the right button over the image moves both numbers, whether there is room for them or not.
    """

    tried = Signal(object, str)  # LoadedImage, and the window in words, empty for the image's own

    def __init__(self, opened: OpenProject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.opened = opened
        self._image: LoadedImage | None = None
        self._wanted, self._room = False, 0
        self._window = 0.0, 1.0
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
        made.valueChanged.connect(self._typed)
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
        for number in (self.black, self.white):
            number.blockSignals(True)
            number.setDecimals(0 if span > 50 else 4)
            number.setSingleStep(max(span / 100, 1e-4))
            number.blockSignals(False)
        self._set(tones.low, tones.high)
        self.use.setEnabled(False)
        self.back.setEnabled(self.opened.project.rendering.window is not None)

    def fit(self, room: int) -> None:
        """Be seen where all of it fits into `room` pixels; elsewhere the mouse changes the window."""
        self._room = room
        self.setVisible(self._wanted and room >= self.sizeHint().width())

    def drag(self, across: int, up: int) -> bool:
        """Narrow the window by steps `across` (more contrast), lower it by steps `up` (brighter).

        False for an image that has none.
        """
        tones = self._image.tones if self._image is not None else None
        if tones is None or not self._wanted:
            return False
        low, high = self._window
        level = (low + high) / 2 - up * (high - low) / LEVEL_STEPS
        narrowest = LEAST * (tones.high - tones.low)
        width = max((high - low) * 2 ** (-across / NARROW_STEPS), narrowest)
        self._set(level - width / 2, level + width / 2)
        self._try()
        return True

    def again(self) -> None:
        """Show the image as it came."""
        if self._image is not None and self._wanted:
            self.show_image(self._image)
            self.tried.emit(self._image, "")

    def _words(self) -> str:
        low, high = self._window
        if self.black.decimals():
            return tr("now, until the next image, from {low:.4g} to {high:.4g}", low=low, high=high)
        return tr("now, until the next image, from {low:,.0f} to {high:,.0f}", low=low, high=high)

    def _set(self, low: float, high: float) -> None:
        self._window = low, high  # the fields round
        for number, value in ((self.black, low), (self.white, high)):
            number.blockSignals(True)
            number.setValue(value)
            number.blockSignals(False)

    def _typed(self) -> None:
        self._window = self.black.value(), self.white.value()
        self._try()

    def _try(self) -> None:
        image, (low, high) = self._image, self._window
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
        self.tried.emit(replace(image, levels=tuple(levels)), self._words())

    def _use(self) -> None:
        low, high = self._window
        self._store(rendering.Params(window=((low + high) / 2, high - low)))

    def _store(self, params: rendering.Params) -> None:
        result = rendering.run(self.opened.project, params, SilentProgress())
        if result.changes:
            self.opened.refresh(Changes.IMAGES)
