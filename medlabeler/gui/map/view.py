"""The map: every image a point. Knows arrays and a source of thumbnails, nothing of projects or sessions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QDrag,
    QFont,
    QHideEvent,
    QKeyEvent,
    QPainter,
    QPixmap,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QVBoxLayout, QWidget

from medlabeler.domain.language import tr
from medlabeler.domain.words import count as counted
from medlabeler.gui.kit.dragging import mime_of
from medlabeler.gui.kit.plain import PlainLabel, tip
from medlabeler.gui.map.canvas import MapCanvas
from medlabeler.gui.map.frame import DARK, LIGHT
from medlabeler.gui.map.motion import Motion
from medlabeler.gui.map.points import MapPoints
from medlabeler.gui.map.popup import Popup
from medlabeler.gui.map.thumbnails import Request, Source
from medlabeler.gui.map.tools import MapTools, Tool

MOVE_MS = 600


class MapView(QWidget):
    """A map of n images; an image is its row, 0..n-1.

    Wheel or pinch zooms, drag pans, F or a double click on empty ground fits, Shift-drag is a lasso whatever
    the tool,
    Escape drops a lasso under way. All signals with rows are about drawn points only: what the legend hides
    cannot be hit.
    """

    clicked = Signal(int, object)
    """Row (-1: empty ground) and `Qt.KeyboardModifiers`."""
    lassoed = Signal(object, object)
    """Rows, int64 ascending, possibly none, of a lasso or rectangle, and the modifiers at its start."""
    hovered = Signal(int)
    menu_requested = Signal(int, object)
    """Row (-1: empty ground) and the global position."""
    drag_started = Signal()
    """The selection is about to leave the map by drag and drop."""
    tool_changed = Signal(str)
    view_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.points = MapPoints()
        self.canvas = MapCanvas(self.points, self)
        self.tools = MapTools(self.canvas)
        self.motion = Motion(self.canvas)
        self._source: Source = lambda row: None
        self._request: Request | None = None
        self._text_of: Callable[[int], str] = lambda row: ""
        self._empty_text = ""
        self._layout = np.empty((0, 2), np.float32)
        self._popup = Popup(self)
        self._empty = PlainLabel(self)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._caption = PlainLabel(self)
        for label in (self._empty, self._caption):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            label.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.canvas)
        self.setFocusProxy(self.canvas)
        self.canvas.installEventFilter(self)
        self.canvas.setAccessibleName(tr("Map of the images"))
        self._later = QTimer(self, interval=30, singleShot=True)
        self._later.timeout.connect(self.canvas.redraw)
        self.canvas.thumbnails_wanted.connect(self._later.start)
        self.canvas.view_changed.connect(self.view_changed)
        self.tools.clicked.connect(self.clicked)
        self.tools.lassoed.connect(self.lassoed)
        self.tools.menu_requested.connect(self.menu_requested)
        self.tools.hovered.connect(self._hover)
        self.tools.interacted.connect(self.motion.finish)
        self.tools.fit_wanted.connect(self.fit)
        self.tools.drag_wanted.connect(self._drag)
        self.set_dark(False)

    # What is shown

    def set_points(self, xy: NDArray[np.float32], animate: bool = False, duration_ms: int = MOVE_MS) -> None:
        """Coordinates (n, 2) float32, NaN for an image without a place.

        With `animate`, points that had a place move to the new one and the view follows; the user's next
        press or
        turn of the wheel ends the move at once. The layout already shown changes nothing, not even the view;
        further points on it leave the view as it is.
        Another n forgets colours, selection and marks.
        """
        xy = np.asarray(xy, np.float32).reshape(-1, 2)
        if np.array_equal(xy, self._layout, equal_nan=True):
            return
        before = self.points.bounds() is not None
        same_n = len(xy) == self.points.n
        grows = before and same_n and _grows(self._layout, xy)
        self._layout = xy.copy()
        moving = self.motion.running
        self.motion.stop()
        if not grows:
            self._popup.hide()
        if grows:
            self.points.set_points(xy)
            if moving:
                self.canvas.fit()
            self.canvas.redraw()
        elif animate and before and same_n and self.isVisible() and np.isfinite(xy).any():
            self.motion.start(xy, duration_ms)
        else:
            self.points.set_points(xy)
            self.canvas.fit()
            self.canvas.redraw()
        if not same_n:
            self.canvas.current = self.canvas.hover = -1
            self.canvas.thumbnails.forget()
        self._show_empty()

    def set_colours(
        self,
        codes: NDArray[np.uint16],
        palette: NDArray[np.uint8],
        hidden: Iterable[int] = (),
        names: Sequence[str] = (),
    ) -> None:
        """Colour code of each image (n,), colours (m, 3), the codes not to draw, names written on thumbnails
        (m,).
        """
        self.points.set_colours(codes, palette, hidden)
        self.canvas.names = list(names)
        self.canvas.redraw()
        self._show_empty()

    def patch_colours(
        self, rows: NDArray[np.int64], codes: NDArray[np.uint16], palette: NDArray[np.uint8]
    ) -> bool:
        """Other codes (m,) of the images `rows`; False, and nothing done, where all have to be set anew."""
        if not np.array_equal(palette, self.points.palette) or not self.points.patch_colours(rows, codes):
            return False
        self.canvas.redraw()
        return True

    def patch_marks(self, rows: NDArray[np.int64], labelled: NDArray[np.bool_]) -> bool:
        """Other outlines, bool (m,), of the images `rows`, each once; False, and nothing done, where all have
        to be set anew.
        """
        if not self.points.patch_marks(rows, labelled):
            return False
        self.canvas.redraw()
        return True

    def rows_in_sight(self) -> NDArray[np.int64]:
        """Rows of the points that the picture shows; none while it is not shown itself."""
        return self.canvas.rows_in_sight() if self.isVisible() else np.empty(0, np.int64)

    def set_selection(self, mask: NDArray[np.bool_]) -> None:
        """Selected images, bool (n,); while any are, the others are grey."""
        self.points.set_selection(mask)
        self.canvas.redraw()

    def set_found(self, mask: NDArray[np.bool_] | None) -> None:
        """Images a filter finds, bool (n,); the others are grey, and no lasso takes them. None: no filter."""
        if mask is not self.points.found:
            self.points.set_found(mask)
            self.canvas.redraw()

    def set_marks(
        self, labelled: NDArray[np.bool_] | None = None, test: NDArray[np.bool_] | None = None
    ) -> None:
        """Images with an outline, on top (labelled), and images drawn as rings (test set); bool (n,), None
        for none.
        """
        nobody = np.zeros(self.points.n, bool)
        self.points.set_marks(nobody if labelled is None else labelled, nobody if test is None else test)
        self.canvas.redraw()

    def set_current(self, row: int) -> None:
        """The image with a ring around it; -1 for none."""
        self.canvas.current = row
        self.canvas.redraw()

    def set_thumbnail_source(self, source: Source, request: Request | None = None) -> None:
        """`source(row)` answers at once with an image or None; `request(rows)` then asks for those it had
        not.

        Whoever loads them calls `thumbnails_loaded` when they are there.
        """
        self._source, self._request = source, request
        self.canvas.thumbnails.set_source(source, request)
        self.canvas.redraw()

    def thumbnails_loaded(self, rows: Sequence[int]) -> None:
        """Images arrived: show those that are in sight."""
        if self._popup.isVisible() and self._popup.row in rows:
            self._popup.set_image(self._source(self._popup.row))
        if self.canvas.thumbnails.side:
            self._later.start()

    def set_hover_text(self, text_of: Callable[[int], str]) -> None:
        """What the card beside the pointer says about a row."""
        self._text_of = text_of

    def set_empty_text(self, text: str) -> None:
        """What to do next, shown while there is nothing to draw."""
        self._empty_text = text
        self._show_empty()

    def set_caption(self, text: str, words: str = "") -> None:
        """A small line at the lower edge: which map this is and how to read it; `words` explain at length."""
        self._caption.setText(text)
        self._caption.setToolTip(tip(words))
        self._caption.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, not words)
        self._caption.setVisible(bool(text))
        self._arrange()

    def set_dark(self, dark: bool) -> None:
        """Follow the theme."""
        tones = DARK if dark else LIGHT
        self.canvas.set_tones(tones)
        ground, ink = QColor(*tones.ground).name(), QColor(*tones.ink).name()
        muted = "#9aa8b5" if dark else "#5d6b79"
        self._popup.set_colours("#222931" if dark else "#ffffff", ink, tones.line)
        self._empty.setStyleSheet(f"color: {muted}; background: transparent; font-size: 15px;")
        self._caption.setStyleSheet(
            f"color: {muted}; background: {ground}; border-radius: 4px; padding: 2px 6px; font-size: 11px;"
        )

    def set_tool(self, name: str) -> None:
        """ "pan", "lasso" or "rectangle"; `ValueError` for anything else."""
        tool = Tool(name)
        if tool is not self.tools.tool:
            self.tools.set_tool(tool)
            self.tool_changed.emit(tool.value)

    @property
    def tool(self) -> str:
        """What a drag does."""
        return self.tools.tool.value

    def fit(self) -> None:
        """Show all points."""
        self.motion.finish()
        self.canvas.fit()

    # Drag and drop

    def drag_object(self) -> QDrag:
        """The selection as something to drop on a class."""
        drag = QDrag(self.canvas)
        drag.setMimeData(mime_of())
        drag.setPixmap(self._badge(int(self.points.selection.sum())))
        return drag

    def _badge(self, count: int) -> QPixmap:
        text = counted(count, "image")
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        out = QPixmap(1, 1)
        painter = QPainter(out)
        painter.setFont(font)
        size = painter.fontMetrics().size(0, text)
        painter.end()
        out = QPixmap(size.width() + 22, size.height() + 12)
        out.fill(Qt.GlobalColor.transparent)
        painter = QPainter(out)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self.canvas.tones.accent))
        painter.drawRoundedRect(out.rect(), out.height() / 2, out.height() / 2)
        painter.setPen(QColor("#06141d" if self.canvas.tones is DARK else "#ffffff"))
        painter.drawText(out.rect(), Qt.AlignmentFlag.AlignCenter, text)
        painter.end()
        return out

    def _drag(self, _row: int) -> None:
        self.drag_started.emit()
        self.drag_object().exec(Qt.DropAction.CopyAction)

    # Small things over the map

    def _hover(self, row: int) -> None:
        self.hovered.emit(row)
        if row < 0 or self.motion.running:
            self._popup.hide()
            return
        image = self._source(row)
        if image is None and self._request is not None:
            self._request([row])
        self._popup.show_row(row, image, self._text_of(row), self.tools.pointer)

    def _show_empty(self) -> None:
        # Hidden points count as something to draw: the legend says where they are.
        nothing = self.points.bounds() is None
        self._empty.setText(self._empty_text)
        self._empty.setVisible(nothing and bool(self._empty_text))
        self._arrange()

    def _arrange(self) -> None:
        width = min(460, self.width() - 40)
        height = self._empty.heightForWidth(width) if width > 0 else 0
        self._empty.setGeometry(
            (self.width() - width) // 2, (self.height() - height) // 2, max(width, 0), max(height, 0)
        )
        self._caption.adjustSize()
        self._caption.move(10, self.height() - self._caption.height() - 8)
        self._caption.raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._popup.hide()
        self._arrange()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._arrange()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.motion.finish()
        self._popup.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of the map; all others go on to the window, where labels are given."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            handled = self._key(event)
            event.setAccepted(handled)
            return True
        return False

    def _key(self, event: QKeyEvent) -> bool:
        if event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier):
            return False
        middle = QPointF(self.canvas.size_of_view().width() / 2, self.canvas.size_of_view().height() / 2)
        if event.key() == Qt.Key.Key_F:
            self.fit()
        elif event.key() == Qt.Key.Key_Plus:
            self.motion.finish()
            self.canvas.zoom(1.25, middle)
        elif event.key() == Qt.Key.Key_Minus:
            self.motion.finish()
            self.canvas.zoom(0.8, middle)
        elif event.key() == Qt.Key.Key_Escape and self.canvas.outline.count():
            self.tools.cancel()
        else:
            return False
        return True


def _grows(before: NDArray[np.float32], after: NDArray[np.float32]) -> bool:
    """Whether all points that had a place keep it."""
    had = np.isfinite(before)
    return bool(had.any() and np.array_equal(before[had], after[had]))
