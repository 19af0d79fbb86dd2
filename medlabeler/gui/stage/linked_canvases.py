"""Two images seen alike: who zooms, moves or brightens one does it to both."""

from __future__ import annotations

from PySide6.QtCore import QObject

from medlabeler.gui.stage.image_canvas import ImageCanvas


class LinkedCanvases(QObject):
    """`other` follows `first` whenever one of them is another image or another size; else each the other."""

    def __init__(self, first: ImageCanvas, other: ImageCanvas) -> None:
        super().__init__(other)
        self._first, self._other = first, other
        self.on = False
        first.sight_changed.connect(self.follow)
        other.sight_changed.connect(lambda: self._pass_on(other, first))
        first.resized.connect(self.follow)
        other.resized.connect(self.follow)
        first.adjusted.connect(lambda *_: self.follow())
        other.adjusted.connect(self._brighten_first)

    def follow(self) -> None:
        """See the same in the other image as in the first."""
        self._pass_on(self._first, self._other)
        if self.on:
            self._other.adjust(self._first.brightness, self._first.contrast)

    def _brighten_first(self, brightness: int, contrast: int) -> None:
        if self.on:
            self._first.adjust(brightness, contrast)

    def _pass_on(self, source: ImageCanvas, target: ImageCanvas) -> None:
        if self.on and (sight := source.sight) is not None:
            target.look(sight, fitted=source.fitted)
