"""Thumbnails as pictures that can be painted: one store for all panels of an open project."""

from __future__ import annotations

from collections import OrderedDict

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from medlabeler.open_project.open_project import OpenProject

KEEP = 3000
"""Pictures kept: 3000 of 128 x 128 x 4 bytes are 190 MB at most."""


class ThumbnailImages(QObject):
    """Hands out pictures at once and has the others loaded; those used longest ago are let go."""

    loaded = Signal(object)  # list of rows, those that cannot be read among them

    def __init__(self, opened: OpenProject) -> None:
        """One for each open project: `of` finds it."""
        super().__init__(opened)
        self._loader = opened.thumbnails
        self._catalog = opened.project.catalog
        self._images: OrderedDict[bytes, QImage] = OrderedDict()  # by digest: a file may be replaced
        self._unreadable: set[bytes] = set()
        self._loader.loaded.connect(self._take)

    @classmethod
    def of(cls, opened: OpenProject) -> ThumbnailImages:
        """The pictures of that project, which live as long as it is open."""
        found: ThumbnailImages | None = opened.findChild(cls)
        return found if found is not None else cls(opened)

    def get(self, row: int) -> QImage | None:
        """The picture of `row`, or None and it is being loaded; `loaded` tells when it is there."""
        digest = bytes(self._catalog.digest[row])
        image = self._images.get(digest)
        if image is not None:
            self._images.move_to_end(digest)
        elif digest not in self._unreadable:
            self._loader.ask(row)
        return image

    def _take(self, found: list[tuple[int, NDArray[np.uint8] | None]]) -> None:
        for row, pixels in found:
            digest = bytes(self._catalog.digest[row])
            if pixels is None:
                self._unreadable.add(digest)
            else:
                self._images[digest] = _image(pixels)
        while len(self._images) > KEEP:
            self._images.popitem(last=False)
        self.loaded.emit([row for row, _ in found])


def _image(pixels: NDArray[np.uint8]) -> QImage:
    height, width = pixels.shape[:2]
    # The conversion copies: the picture does not lean on the array.
    return QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888).convertToFormat(
        QImage.Format.Format_RGB32
    )
