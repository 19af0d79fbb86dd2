"""Thumbnails for the grid, the queue and the map, decoded off the GUI thread."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QImage

from medlabeler.domain.errors import UserError
from medlabeler.imaging.readers import read_rgb

if TYPE_CHECKING:
    from medlabeler.gui.session import Session

SIDE = 128
KEEP = 3000
"""Decoded thumbnails kept: 3000 of 128 x 128 x 4 bytes are 190 MB at most."""
MAX_WAITING = 600
"""Older requests beyond this are forgotten: whoever still shows the row asks again."""


class ThumbnailLoader(QObject):
    """Hands out decoded thumbnails at once and starts decoding the others, newest requests first."""

    loaded = Signal(object)  # list of rows
    _decoded = Signal(int, object)

    def __init__(self, session: Session, threads: int = 2) -> None:
        super().__init__(session)
        self._session = session
        self._images: OrderedDict[int, QImage] = OrderedDict()
        self._missing: set[int] = set()
        self._waiting: OrderedDict[int, None] = OrderedDict()
        self._asked: set[int] = set()
        self._condition = threading.Condition()
        self._closed = False
        self._fresh: list[int] = []
        self._timer = QTimer(self, interval=30, singleShot=True)
        self._timer.timeout.connect(self._announce)
        self._decoded.connect(self._adopt, Qt.ConnectionType.QueuedConnection)
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(threads)]
        for thread in self._threads:
            thread.start()

    def get(self, row: int) -> QImage | None:
        """The thumbnail of `row`, or None and it is being loaded; `loaded` tells when it is there."""
        image = self._images.get(row)
        if image is not None:
            self._images.move_to_end(row)
            return image
        if row in self._missing or not 0 <= row < self._session.n:
            return None
        with self._condition:
            if row not in self._asked:
                self._asked.add(row)
                self._waiting[row] = None
                while len(self._waiting) > MAX_WAITING:
                    forgotten, _ = self._waiting.popitem(last=False)
                    self._asked.discard(forgotten)
                self._condition.notify()
        return None

    def forget(self) -> None:
        """Files changed: decode again on the next request."""
        self._images.clear()
        self._missing.clear()

    def _work(self) -> None:
        while True:
            with self._condition:
                while not self._waiting and not self._closed:
                    self._condition.wait()
                if self._closed:
                    return
                row, _ = self._waiting.popitem(last=True)
            image = self._decode(row)
            if self._closed:
                return
            self._decoded.emit(row, image)

    def _decode(self, row: int) -> QImage | None:
        project = self._session.project
        try:
            jpeg = project.thumbnails.get(bytes(project.catalog.digest[row]))
            if jpeg is not None:
                image = QImage.fromData(jpeg)
                if not image.isNull():
                    return image.convertToFormat(QImage.Format.Format_RGB32)
            pixels = np.ascontiguousarray(read_rgb(project.catalog.path(row), at_least=SIDE).pixels)
        except (UserError, OSError, IndexError):
            return None
        height, width = pixels.shape[:2]
        image = QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888)
        return image.scaled(
            SIDE, SIDE, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        ).convertToFormat(QImage.Format.Format_RGB32)

    def _adopt(self, row: int, image: QImage | None) -> None:
        with self._condition:
            self._asked.discard(row)
        if image is None:
            self._missing.add(row)
        else:
            self._images[row] = image
            while len(self._images) > KEEP:
                self._images.popitem(last=False)
        self._fresh.append(row)
        if not self._timer.isActive():
            self._timer.start()

    def _announce(self) -> None:
        fresh, self._fresh = self._fresh, []
        self.loaded.emit(fresh)

    def close(self) -> None:
        """Stop the threads."""
        with self._condition:
            self._closed = True
            self._condition.notify_all()
        for thread in self._threads:
            thread.join(timeout=5)
