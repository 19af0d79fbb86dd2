"""One image at any zoom, with brightness and contrast; only what is visible is computed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from medlabeler.domain.language import tr
from medlabeler.gui.kit.elements import Ink, blend
from medlabeler.gui.stage.scale_bar import draw_scale_bar, scale_bar
from medlabeler.open_project.image_loader import LoadedImage

MAX_SCALE = 32.0
FRAME = 3
"""Pixels of the frame round the image that is meant."""
SMOOTH_BELOW = 3.0
"""From this zoom on single pixels are shown as squares: a reader wants to see what was measured."""
LIMIT = 100
"""Brightness and contrast run from -100 to 100."""


def lookup_table(brightness: int, contrast: int) -> NDArray[np.uint8]:
    """What each of the 256 grey values becomes; identity at 0 and 0.

    Brightness shifts by up to the whole range, contrast scales about the middle by a factor of 1/8 to 8.
    """
    factor = 8.0 ** (contrast / LIMIT)
    values = (np.arange(256) - 127.5) * factor + 127.5 + 255.0 * brightness / LIMIT
    table: NDArray[np.uint8] = np.clip(np.rint(values), 0, 255).astype(np.uint8)
    return table


@dataclass(frozen=True)
class Sight:
    """What is seen of an image, whatever its size and that of its view.

    `zoom` 1 shows the whole image; `x`, `y`: the middle of the view, as shares of width and height.
    """

    zoom: float
    x: float
    y: float


class ImageCanvas(QWidget):
    """Wheel zooms about the pointer, left drag pans, right drag sets contrast (across), brightness (up)."""

    adjusted = Signal(int, int)  # brightness, contrast
    scale_changed = Signal(float)  # screen pixels per image pixel
    sight_changed = Signal()  # a person moved or zoomed
    resized = Signal()
    full_wanted = Signal()  # a double click: as large as the screen, or back

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(100)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName(tr("Image"))
        self.image: LoadedImage | None = None
        self.brightness = self.contrast = 0
        self.take_drag: Callable[[int, int], bool] = lambda across, up: False
        """Asked first about a drag with the right button, in steps; True: it was taken."""
        self.fitted = True
        self.scale = 1.0
        self._centre = QPointF()
        self._drag: QPointF | None = None
        self._cache: tuple[object, QImage] | None = None
        self.overlay: QImage | None = None
        self.overlay_opacity = 0.5
        self._pixel_mm: float | None = None
        self._framed = False

    def sizeHint(self) -> QSize:
        return QSize(320, 300)

    def show_image(self, image: LoadedImage | None) -> None:
        """Show another image; one of the same size keeps zoom and place, so that images can be compared."""
        before = self.image
        self.image, self._cache = image, None
        same = image is not None and before is not None and image.levels[0].shape == before.levels[0].shape
        if image is not None and (self.fitted or not same):
            self._fit()
        self.update()

    def fit(self) -> None:
        """Show the whole image, as large as it goes."""
        self._fit()
        self.sight_changed.emit()

    @property
    def sight(self) -> Sight | None:
        """What is seen; None without an image."""
        if self.image is None:
            return None
        x, y = self._centre.x() / self.image.width, self._centre.y() / self.image.height
        return Sight(self.scale / self._fit_scale(), x, y)

    def look(self, sight: Sight, *, fitted: bool) -> None:
        """See the same of this image as of another; `fitted`: all of it, whatever the size of the view."""
        if self.image is None:
            return
        if fitted:
            self._fit()
            return
        self.fitted = False
        self._set_scale(sight.zoom * self._fit_scale())
        self._move_to(QPointF(sight.x * self.image.width, sight.y * self.image.height))

    def _fit(self) -> None:
        self.fitted = True
        if self.image is not None:
            self._centre = QPointF(self.image.width / 2, self.image.height / 2)
            self._set_scale(self._fit_scale())
        self.update()

    def native(self) -> None:
        """One image pixel for one pixel of the screen."""
        self.zoom_to(1.0 / self.devicePixelRatioF())

    def zoom_to(self, scale: float, about: QPointF | None = None) -> None:
        """Zoom to `scale`, in logical screen pixels per image pixel, keeping what is at `about` in place."""
        if self.image is None:
            return
        about = about or QPointF(self.width() / 2, self.height() / 2)
        fixed = self.to_image(about)
        self.fitted = False
        self._set_scale(min(MAX_SCALE, max(min(self._fit_scale(), 1.0) / 4, scale)))
        offset = QPointF(about.x() - self.width() / 2, about.y() - self.height() / 2) / self.scale
        self._move_to(fixed - offset)
        self.sight_changed.emit()

    def adjust(self, brightness: int, contrast: int) -> None:
        """Set brightness and contrast, -100 to 100; what is stored or embedded does not change."""
        brightness, contrast = (max(-LIMIT, min(LIMIT, round(v))) for v in (brightness, contrast))
        if (brightness, contrast) != (self.brightness, self.contrast):
            self.brightness, self.contrast = brightness, contrast
            self.adjusted.emit(brightness, contrast)
            self.update()

    def set_overlay(self, overlay: QImage | None) -> None:
        """Lay a picture over the whole image, stretched to it; None takes it away."""
        if overlay is not self.overlay:
            self.overlay = overlay
            self.update()

    def set_overlay_opacity(self, opacity: float) -> None:
        """How strongly the overlay covers the image, 0 to 1."""
        self.overlay_opacity = opacity
        self.update()

    def set_framed(self, framed: bool) -> None:
        """Draw a frame: of several images this is the one that is meant."""
        self._framed = framed
        self.update()

    def set_pixel_size(self, across_mm: float | None) -> None:
        """Show how long things are; `across_mm` from one pixel to the next across, None: nobody knows."""
        self._pixel_mm = across_mm
        self.update()

    @property
    def scale_bar(self) -> tuple[float, str] | None:
        """Length of the bar on the screen, and what it stands for; None where there is none."""
        if self.image is None or self._pixel_mm is None:
            return None
        return scale_bar(self._pixel_mm, self.scale, self.width())

    def to_image(self, where: QPointF) -> QPointF:
        """The place in the image, in its pixels, that is shown at `where`."""
        return (
            self._centre + QPointF(where.x() - self.width() / 2, where.y() - self.height() / 2) / self.scale
        )

    def _fit_scale(self) -> float:
        if self.image is None:
            return 1.0
        room = min(self.width() / self.image.width, self.height() / self.image.height)
        return max(1e-4, min(room, MAX_SCALE))

    def _set_scale(self, scale: float) -> None:
        self.scale = scale
        self.scale_changed.emit(scale * self.devicePixelRatioF())

    def _move_to(self, centre: QPointF) -> None:
        if self.image is not None:
            x = min(max(centre.x(), 0.0), float(self.image.width))
            y = min(max(centre.y(), 0.0), float(self.image.height))
            self._centre = QPointF(x, y)
        self.update()

    # Painting

    def _visible(self) -> QRect:
        """The part of the image on screen, in whole image pixels."""
        assert self.image is not None  # noqa: S101 - only called while an image is shown
        a, b = self.to_image(QPointF(0, 0)), self.to_image(QPointF(self.width(), self.height()))
        area = QRectF(a, b).toAlignedRect()
        return area.intersected(QRect(0, 0, self.image.width, self.image.height))

    def _pixels(self, area: QRect) -> tuple[QImage, QRect]:
        """The visible pixels with brightness and contrast applied, and what part of the image they cover."""
        assert self.image is not None  # noqa: S101
        per_pixel = 1.0 / (self.scale * self.devicePixelRatioF())
        level = min(len(self.image.levels) - 1, max(0, int(np.floor(np.log2(max(per_pixel, 1.0))))))
        step = 2**level
        source = self.image.levels[level]
        top, left = area.top() // step, area.left() // step
        bottom = min(source.shape[0], -(-(area.bottom() + 1) // step))
        right = min(source.shape[1], -(-(area.right() + 1) // step))
        key = (id(source), top, bottom, left, right, self.brightness, self.contrast)
        if self._cache is None or self._cache[0] != key:
            part = np.ascontiguousarray(source[top:bottom, left:right])
            if self.brightness or self.contrast:
                part = lookup_table(self.brightness, self.contrast)[part]
            height, width = part.shape[:2]
            image = QImage(part.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()
            self._cache = (key, image)
        return self._cache[1], QRect(left * step, top * step, (right - left) * step, (bottom - top) * step)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        ink = Ink.of(self.palette())
        self._paint_image(painter, ink)
        if self._framed:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.setPen(QPen(ink.accent, FRAME))
            painter.drawRect(self.rect().adjusted(1, 1, -2, -2))

    def _paint_image(self, painter: QPainter, ink: Ink) -> None:
        painter.fillRect(
            self.rect(), blend(ink.base, QColor(Qt.GlobalColor.black), 0.35 if ink.dark else 0.06)
        )
        if self.image is None:
            return
        area = self._visible()
        if area.isEmpty():
            return
        pixels, covered = self._pixels(area)
        origin = QPointF(self.width() / 2, self.height() / 2) - self._centre * self.scale
        target = QRectF(
            origin.x() + covered.x() * self.scale,
            origin.y() + covered.y() * self.scale,
            covered.width() * self.scale,
            covered.height() * self.scale,
        )
        smooth = self.scale * self.devicePixelRatioF() < SMOOTH_BELOW
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        painter.drawImage(target, pixels)
        if self.overlay is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.setOpacity(self.overlay_opacity)
            width, height = self.image.width * self.scale, self.image.height * self.scale
            painter.drawImage(QRectF(origin.x(), origin.y(), width, height), self.overlay)
            painter.setOpacity(1.0)
        if self.image.frame is not None:
            x, y, wide, high = (side * self.scale for side in self.image.frame)
            place = QRectF(origin.x() + x, origin.y() + y, wide, high)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for colour, width in ((QColor(Qt.GlobalColor.black), FRAME + 2), (ink.accent, FRAME)):
                painter.setPen(QPen(colour, width))
                painter.drawRect(place)
        if (bar := self.scale_bar) is not None:
            draw_scale_bar(painter, QRectF(self.rect()), *bar, self.font())

    # Mouse

    def resizeEvent(self, event: QResizeEvent) -> None:
        if self.fitted:
            self._fit()
        self.resized.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        steps = event.angleDelta().y() / 120
        if steps:
            self.zoom_to(self.scale * 1.25**steps, event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() in (
            Qt.MouseButton.LeftButton,
            Qt.MouseButton.RightButton,
            Qt.MouseButton.MiddleButton,
        ):
            self._drag = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag is None or self.image is None:
            return
        moved, self._drag = event.position() - self._drag, event.position()
        if event.buttons() & Qt.MouseButton.RightButton:
            # Whole steps only; the rest of the way is kept for the next move.
            across, up = int(moved.x() / 2), int(-moved.y() / 2)
            self._drag -= QPointF(moved.x() - 2 * across, moved.y() + 2 * up)
            if not self.take_drag(across, up):
                self.adjust(self.brightness + up, self.contrast + across)
        else:
            self.fitted = False
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self._move_to(self._centre - moved / self.scale)
            self.sight_changed.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._drag = None
        self.unsetCursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.full_wanted.emit()
