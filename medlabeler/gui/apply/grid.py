"""The new images as thumbnails with class and confidence; pictures are decoded as they come into sight."""

from __future__ import annotations

import threading
from collections import OrderedDict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.gui.apply.results import ROW, Results
from medlabeler.gui.kit.elements import Ink
from medlabeler.imaging.apart import read_rgb
from medlabeler.open_project.threads.mailbox import Mailbox

SIDE = 112
GAP = 8
KEEP = 1500
WAITING = 300
THREADS = 2


class NewThumbnails(QObject):
    """Decodes the images asked for last first; those used longest ago are let go."""

    loaded = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._images: OrderedDict[Path, QImage | None] = OrderedDict()
        self._waiting: OrderedDict[Path, None] = OrderedDict()
        self._condition = threading.Condition()
        self._closed = False
        done = Mailbox(self._take)
        for _ in range(THREADS):
            threading.Thread(target=self._work, args=(done,), daemon=True).start()

    def get(self, path: Path) -> QImage | None:
        """The picture, or None: it is being decoded, or cannot be read."""
        if path in self._images:
            self._images.move_to_end(path)
            return self._images[path]
        with self._condition:
            self._waiting[path] = None
            self._waiting.move_to_end(path)
            while len(self._waiting) > WAITING:
                self._waiting.popitem(last=False)
            self._condition.notify()
        return None

    def close(self) -> None:
        """Let the threads end."""
        with self._condition:
            self._closed = True
            self._condition.notify_all()

    def _work(self, done: Mailbox) -> None:
        while True:
            with self._condition:
                while not self._waiting and not self._closed:
                    self._condition.wait()
                if self._closed:
                    return
                path, _ = self._waiting.popitem(last=True)
            done.post(path, _thumbnail(path))

    def _take(self, path: Path, pixels: NDArray[np.uint8] | None) -> None:
        if pixels is None:
            self._images[path] = None
        else:
            high, wide = pixels.shape[:2]
            self._images[path] = QImage(pixels.data, wide, high, 3 * wide, QImage.Format.Format_RGB888).copy()
        while len(self._images) > KEEP:
            self._images.popitem(last=False)
        self.loaded.emit()


def _thumbnail(path: Path) -> NDArray[np.uint8] | None:
    try:
        picture = Image.fromarray(read_rgb(path, at_least=SIDE).pixels)
        picture.thumbnail((2 * SIDE, 2 * SIDE), Image.Resampling.LANCZOS)
        return np.array(picture)
    except (UserError, OSError, ValueError):
        return None


class Cell(QStyledItemDelegate):
    """A picture, below it a line in the colour of its class, the class and the confidence."""

    def __init__(self, model: Results, thumbnails: NewThumbnails, parent: QObject) -> None:
        super().__init__(parent)
        self._model, self._thumbnails = model, thumbnails

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return cell_size(option.fontMetrics.height())

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        found = self._model.found
        row = index.data(ROW)
        if found is None or row is None:
            return
        painter.save()
        area: QRect = option.rect.adjusted(GAP // 2, GAP // 2, -GAP // 2, -GAP // 2)
        ink = Ink.of(option.palette)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, option.palette.highlight().color().lighter(150))
        square = QRect(area.left() + (area.width() - SIDE) // 2, area.top(), SIDE, SIDE)
        picture = self._thumbnails.get(found.paths[row])
        if picture is None:
            painter.fillRect(square, option.palette.alternateBase())
        else:
            size = picture.size().scaled(square.size(), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRect(square.topLeft(), size)
            place.moveCenter(square.center())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(place, picture)
        class_ = int(self._model.predicted[row])
        line = QRect(area.left(), square.bottom() + 4, area.width(), 4)
        painter.fillRect(line, QColor(found.colours[class_]))
        words = QRect(area.left(), line.bottom() + 2, area.width(), option.fontMetrics.height() + 2)
        share = tr("{share:.0f} %", share=100 * float(self._model.confidence[row]))
        room = words.width() - option.fontMetrics.horizontalAdvance(share) - 4
        name = option.fontMetrics.elidedText(found.classes[class_], Qt.TextElideMode.ElideRight, room)
        painter.setPen(ink.text)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(words, int(Qt.AlignmentFlag.AlignLeft | middle), name)
        painter.drawText(words, int(Qt.AlignmentFlag.AlignRight | middle), share)
        painter.restore()


def cell_size(line: int) -> QSize:
    """Size of a cell, for a font of that height."""
    return QSize(SIDE + 2 * GAP, SIDE + line + 16 + GAP)


class Grid(QListView):
    """Wrapped rows of equal cells."""

    def __init__(self, model: Results, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.thumbnails = NewThumbnails(self)
        self.thumbnails.loaded.connect(self.viewport().update)
        # Wrapped list mode looks like icon mode, but lays out 100,000 cells without an object for each.
        self.setViewMode(QListView.ViewMode.ListMode)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setLayoutMode(QListView.LayoutMode.Batched)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(tr("New images"))
        self.setItemDelegate(Cell(model, self.thumbnails, self))
        self.setModel(model)
        self.setGridSize(cell_size(self.fontMetrics().height()))
