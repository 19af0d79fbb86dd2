"""Thumbnails for the grid, the queue and the map, decoded off the GUI thread."""

from __future__ import annotations

import io
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from medlabeler.domain.errors import UserError
from medlabeler.imaging.readers import read_rgb
from medlabeler.open_project.threads.mailbox import Mailbox

if TYPE_CHECKING:
    from medlabeler.open_project.open_project import OpenProject
    from medlabeler.project.project import Project

SIDE = 128
KEEP = 3000
"""Decoded thumbnails kept: 3000 of 128 x 128 x 4 bytes are 190 MB at most."""
MAX_WAITING = 600
"""Older requests beyond this are forgotten: whoever still shows the row asks again."""

Pixels = NDArray[np.uint8]


class ThumbnailLoader(QObject):
    """Hands out decoded thumbnails at once and starts decoding the others, newest requests first."""

    loaded = Signal(object)  # list of rows

    def __init__(self, opened: OpenProject, threads: int = 2) -> None:
        super().__init__(opened)
        self._opened = opened
        self._images: OrderedDict[int, QImage] = OrderedDict()
        self._missing: set[int] = set()
        self._fresh: list[int] = []
        self._timer = QTimer(self, interval=30, singleShot=True)
        self._timer.timeout.connect(self._announce)
        self._decoder = _Decoder(opened.project, Mailbox(self._adopt), threads)

    def get(self, row: int) -> QImage | None:
        """The thumbnail of `row`, or None and it is being loaded; `loaded` tells when it is there."""
        image = self._images.get(row)
        if image is not None:
            self._images.move_to_end(row)
            return image
        if row not in self._missing and 0 <= row < self._opened.n:
            self._decoder.ask(row)
        return None

    def forget(self) -> None:
        """Files changed: decode again on the next request."""
        self._images.clear()
        self._missing.clear()

    def _adopt(self, row: int, pixels: Pixels | None) -> None:
        self._decoder.answered(row)
        if pixels is None:
            self._missing.add(row)
        else:
            self._images[row] = _image(pixels)
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
        self._decoder.close()


class _Decoder:
    """The requests that wait and the threads that answer them, which know nothing of Qt."""

    def __init__(self, project: Project, done: Mailbox, threads: int) -> None:
        self._project = project
        self._done = done  # row, its pixels or None
        self._waiting: OrderedDict[int, None] = OrderedDict()
        self._asked: set[int] = set()
        self._condition = threading.Condition()
        self._closed = False
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(threads)]
        for thread in self._threads:
            thread.start()

    def ask(self, row: int) -> None:
        """Decode that row before those asked for earlier, unless it is on its way."""
        with self._condition:
            if row in self._asked:
                return
            self._asked.add(row)
            self._waiting[row] = None
            while len(self._waiting) > MAX_WAITING:
                forgotten, _ = self._waiting.popitem(last=False)
                self._asked.discard(forgotten)
            self._condition.notify()

    def answered(self, row: int) -> None:
        """It has arrived, and may be asked for again."""
        with self._condition:
            self._asked.discard(row)

    def close(self) -> None:
        """End the threads; what they are at is dropped."""
        with self._condition:
            self._closed = True
            self._condition.notify_all()
        for thread in self._threads:
            thread.join(timeout=5)

    def _work(self) -> None:
        while True:
            with self._condition:
                while not self._waiting and not self._closed:
                    self._condition.wait()
                if self._closed:
                    return
                row, _ = self._waiting.popitem(last=True)
            pixels = self._decode(row)
            if not self.is_closed():
                self._done.post(row, pixels)

    def is_closed(self) -> bool:
        """Whether nobody waits for pictures any more."""
        return self._closed

    def _decode(self, row: int) -> Pixels | None:
        """(h, w, 3) RGB with sides of up to `SIDE` pixels, from the store or else from the image's file."""
        catalog = self._project.catalog
        try:
            jpeg = self._project.thumbnails.get(bytes(catalog.digest[row]))
            if jpeg is not None and (stored := _stored(jpeg)) is not None:
                return stored
            picture = Image.fromarray(read_rgb(catalog.path(row), at_least=SIDE).pixels)
        except (UserError, OSError, IndexError):
            return None
        picture.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
        return np.array(picture)


def _stored(jpeg: bytes) -> Pixels | None:
    """None where the stored thumbnail is damaged."""
    try:
        with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as picture:
            return np.array(picture.convert("RGB"))
    except (OSError, ValueError, SyntaxError):  # what PIL raises for a broken JPEG
        return None


def _image(pixels: Pixels) -> QImage:
    height, width = pixels.shape[:2]
    # The conversion copies: the picture does not lean on the array.
    return QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888).convertToFormat(
        QImage.Format.Format_RGB32
    )
