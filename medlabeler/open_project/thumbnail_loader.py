"""Thumbnails for the grid, the queue and the map, decoded off the GUI thread and handed out as pixels."""

from __future__ import annotations

import io
import logging
import threading
import time
from collections import OrderedDict

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtCore import QObject, QTimer, Signal

from medlabeler.domain.errors import UserError
from medlabeler.imaging.apart import read_rgb
from medlabeler.open_project.state import OpenProjectState
from medlabeler.open_project.threads.mailbox import Mailbox
from medlabeler.project.project import Project

SIDE = 128
CLOSE_S = 0.5
"""Closing waits so long for what is being decoded; a thread that reads from a dead disk is left behind."""
MAX_WAITING = 600
"""Older requests beyond this are forgotten: whoever still shows the row asks again."""

Pixels = NDArray[np.uint8]

log = logging.getLogger("medlabeler.window")


class ThumbnailLoader(QObject):
    """Decodes what it is asked for, newest requests first, and keeps nothing of it."""

    loaded = Signal(object)
    """List of (row, pixels): uint8 (h, w, 3) RGB with sides of up to `SIDE`, None where it cannot be read."""

    def __init__(self, opened: OpenProjectState, threads: int = 2) -> None:
        super().__init__(opened)
        self._opened = opened
        self._fresh: list[tuple[int, bytes, Pixels | None]] = []
        self._timer = QTimer(self, interval=30, singleShot=True)
        self._timer.timeout.connect(self._announce)
        self.threads = _Decoder(opened.project, Mailbox(self._receive), threads)

    def ask(self, row: int) -> None:
        """Have the thumbnail of `row` decoded, unless it is on its way; `loaded` hands it out."""
        if 0 <= row < self._opened.n:
            self.threads.ask(row)

    def _receive(self, row: int, digest: bytes, pixels: Pixels | None) -> None:
        self._fresh.append((row, digest, pixels))
        if not self._timer.isActive():
            self._timer.start()

    def _announce(self) -> None:
        fresh, self._fresh = self._fresh, []
        digests = self._opened.project.catalog.digest
        current = []
        for row, digest, pixels in fresh:
            self.threads.answered(row)
            if bytes(digests[row]) == digest:
                current.append((row, pixels))
            else:  # another picture has taken its place while it was decoded
                self.threads.ask(row)
        self.loaded.emit(current)

    def close(self) -> None:
        """Stop the threads."""
        self.threads.close()


class _Decoder:
    """The requests that wait and the threads that answer them, which know nothing of Qt."""

    def __init__(self, project: Project, done: Mailbox, threads: int) -> None:
        self._project = project
        self._done = done  # row, digest and pixels or None
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
        until = time.monotonic() + CLOSE_S
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))

    def _work(self) -> None:
        while True:
            with self._condition:
                while not self._waiting and not self._closed:
                    self._condition.wait()
                if self._closed:
                    return
                row, _ = self._waiting.popitem(last=True)
            digest = bytes(self._project.catalog.digest[row])
            pixels = self._decode(row, digest)
            if not self.is_closed():
                self._done.post(row, digest, pixels)

    def is_closed(self) -> bool:
        """Whether nobody waits for pictures any more."""
        return self._closed

    def _decode(self, row: int, digest: bytes) -> Pixels | None:
        """(h, w, 3) RGB with sides of up to `SIDE` pixels, from the store or else from the image's file, if
        that is the one that was imported.
        """
        catalog = self._project.catalog
        try:
            known, rendering = digest.decode("ascii"), self._project.rendering
            jpeg = self._project.thumbnails.get(rendering.name_of(known))
            if jpeg is not None and (stored := _stored(jpeg)) is not None:
                return stored
            picture = Image.fromarray(
                read_rgb(catalog.path(row), at_least=SIDE, digest=known, rendering=rendering).pixels
            )
            picture.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
            return np.array(picture)
        except (UserError, OSError, IndexError):
            return None
        except Exception:
            # One picture less; a thread that ended here would leave all others waiting for ever.
            log.exception("a thumbnail could not be made")
            return None


def _stored(jpeg: bytes) -> Pixels | None:
    """None where the stored thumbnail is damaged."""
    try:
        with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as picture:
            return np.array(picture.convert("RGB"))
    except (OSError, ValueError, SyntaxError):  # what PIL raises for a broken JPEG
        return None
