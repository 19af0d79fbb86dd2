"""Reads whole images off the GUI thread; what nobody wants any more is dropped."""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtCore import QObject, Signal

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.refusals import system_reason
from medlabeler.imaging.apart import read_rgb, surroundings, warm
from medlabeler.imaging.rendering import DEFAULT, Rendering
from medlabeler.imaging.samples import Tones
from medlabeler.imaging.unreadable import ChangedImage
from medlabeler.open_project.threads.mailbox import Mailbox
from medlabeler.project.catalog import Catalog

SMALLEST_LEVEL = 512
KEEP_PIXELS = 48_000_000
"""Images kept decoded for going back and forth: 48 megapixels are 144 MB."""

PREFETCH = -1
_Key = tuple[str, Rendering, bool]
"""Which image, by its digest, how it is shown, and whether with what lies around it."""

log = logging.getLogger("medlabeler.window")
_under_way: set[int] = set()


def reads_end(seconds: float) -> bool:
    """Wait for images that are being read right now; False if one still is after so many seconds."""
    until = time.monotonic() + seconds
    while _under_way and time.monotonic() < until:
        time.sleep(0.01)
    return not _under_way


@dataclass(frozen=True)
class LoadedImage:
    """An image ready to be shown: `levels[k]` uint8 (h, w, 3) RGB, each half the size of the one before."""

    levels: tuple[NDArray[np.uint8], ...]
    note: str
    """What the reader did to the pixels, for a person; empty if nothing."""
    spacing_mm: tuple[float, float] | None = None
    """Millimetres from one native pixel to the next, down and across; None where the file does not tell."""
    tones: Tones | None = None
    """The numbers behind pixels that were scaled from more than 8 bits, to show them in another window."""
    frame: tuple[int, int, int, int] | None = None
    """Where (x, y, width, height) the image lies in these pixels, if they show what is around it, too."""

    @property
    def width(self) -> int:
        """Native width in pixels."""
        return int(self.levels[0].shape[1])

    @property
    def height(self) -> int:
        """Native height in pixels."""
        return int(self.levels[0].shape[0])


def load_image(path: Path, digest: str, rendering: Rendering = DEFAULT, around: bool = False) -> LoadedImage:
    """Read `path` with its reduced copies; `UnreadableImage` (a UserError) says why it cannot be shown,
    `ChangedImage` that the file is not the one with that digest. `around`: with what lies around a crop.
    """
    frame = None
    if around:
        picture, frame = surroundings(path, rendering, digest)
    else:
        picture = read_rgb(path, digest=digest, rendering=rendering)
    levels = [np.ascontiguousarray(picture.pixels)]
    while max(levels[-1].shape[:2]) > 2 * SMALLEST_LEVEL:
        levels.append(np.asarray(Image.fromarray(levels[-1]).reduce(2)))
    return LoadedImage(tuple(levels), picture.note, picture.spacing_mm, picture.tones, frame)


@dataclass
class _Wanted:
    """The last ticket given out, as the reading threads see it."""

    ticket: int = 0


class ImageLoader(QObject):
    """Loads one image at a time for a viewer: the latest request wins, earlier ones never arrive.

    What arrives is the picture that was imported, known by its digest, whatever the file holds meanwhile.
    """

    loaded = Signal(int, object)  # row, LoadedImage
    failed = Signal(int, str)  # row, sentence
    replaced = Signal(int)  # row whose file is not the one that was imported

    def __init__(
        self, parent: QObject | None = None, rendering: Callable[[], Rendering] = lambda: DEFAULT
    ) -> None:
        """`rendering`: asked whenever an image is read, how it is shown."""
        super().__init__(parent)
        self._rendering = rendering
        self._pool = ThreadPoolExecutor(2, "image")
        self._pool.submit(warm)
        # Else its threads would wait for work until the interpreter happens to collect it.
        self.destroyed.connect(partial(self._pool.shutdown, wait=False, cancel_futures=True))
        self._wanted = _Wanted()
        self._kept: OrderedDict[_Key, LoadedImage] = OrderedDict()
        self._ahead: set[_Key] = set()
        self._done = Mailbox(self._arrive)

    def load(self, catalog: Catalog, row: int, around: bool = False) -> None:
        """Start loading, with what lies around a crop if `around`; `loaded` or `failed` follows, at once if
        it is still in memory.
        """
        self._wanted.ticket += 1
        key = self._key(catalog, row, around)
        if key in self._kept:
            self._kept.move_to_end(key)
            self.loaded.emit(row, self._kept[key])
            return
        self._start(self._wanted.ticket, row, catalog.path(row), key)

    def prefetch(self, catalog: Catalog, row: int) -> None:
        """Read an image that will probably be wanted next; nothing is announced."""
        key = self._key(catalog, row)
        if key not in self._kept and key not in self._ahead:
            self._ahead.add(key)
            self._start(PREFETCH, row, catalog.path(row), key)

    def _key(self, catalog: Catalog, row: int, around: bool = False) -> _Key:
        return catalog.digest[row].decode("ascii"), self._rendering(), around

    def _start(self, ticket: int, row: int, path: Path, key: _Key) -> None:
        self._pool.submit(_read, self._done, self._wanted, ticket, row, path, key)

    def cancel(self) -> None:
        """Let nothing that is under way arrive."""
        self._wanted.ticket += 1

    def _arrive(self, ticket: int, row: int, key: _Key, result: object) -> None:
        self._ahead.discard(key)
        if isinstance(result, LoadedImage):
            self._keep(key, result)
        elif isinstance(result, ChangedImage):
            self.replaced.emit(row)
        if ticket != self._wanted.ticket:
            return
        if isinstance(result, LoadedImage):
            self.loaded.emit(row, result)
        else:
            self.failed.emit(row, str(result))

    def _keep(self, key: _Key, image: LoadedImage) -> None:
        self._kept[key] = image
        total = sum(kept.width * kept.height for kept in self._kept.values())
        while total > KEEP_PIXELS and len(self._kept) > 1:
            _, gone = self._kept.popitem(last=False)
            total -= gone.width * gone.height


def _read(done: Mailbox, wanted: _Wanted, ticket: int, row: int, path: Path, key: _Key) -> None:
    """On a thread of the pool: post the image, or why it cannot be shown: a sentence or a `UserError`."""
    if ticket not in (PREFETCH, wanted.ticket):
        return
    result: LoadedImage | UserError | str
    _under_way.add(threading.get_ident())
    try:
        result = load_image(path, *key)
    except UserError as error:
        result = error
    except (OSError, MemoryError, ValueError) as error:
        result = tr("{name} cannot be shown: {reason}.", name=path.name, reason=system_reason(error))
    except BaseException as error:
        # A pool keeps to itself what nobody caught, and the viewer would wait for ever.
        log.exception("an image could not be loaded")
        sys.excepthook(*sys.exc_info())
        result = tr(
            "{name} cannot be shown: MedLabeler hit a bug ({name2}: {error}).",
            name=path.name,
            name2=type(error).__name__,
            error=error,
        )
    finally:
        _under_way.discard(threading.get_ident())
    done.post(ticket, row, key, result)
