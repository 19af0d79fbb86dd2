"""All classes as small buttons that wrap: labelling with the mouse where the image is."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from medlabeler.domain.language import tr
from medlabeler.gui.classes.keys import key_hint
from medlabeler.gui.kit.elements import Ink, blend, draw_swatch, small
from medlabeler.gui.kit.hovering import Hovering
from medlabeler.open_project.open_project import OpenProject

GAP = 5.0
UNPLACED = 600
"""Width in pixels taken as given until there is one."""


class ClassChips(Hovering):
    """One chip per class with its key; `chosen` tells which was clicked.

    The predicted one is tinted, the others that the reason of the suggestion names are framed.
    """

    chosen = Signal(int)  # class id

    def __init__(self, opened: OpenProject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.opened = opened
        self.predicted = -1
        self.named: tuple[int, ...] = ()
        self._placed = False
        self._laid: tuple[object, list[tuple[QRectF, int]]] = (None, [])
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.setAccessibleName(tr("Classes to choose from"))

    def refresh(self, predicted: int, named: tuple[int, ...] = ()) -> None:
        """Read the classes again; `predicted` is the id of the one to fill, -1 for none, `named` those of
        which the reason speaks.
        """
        self.predicted, self.named = predicted, named
        self.setMinimumHeight(self._height())
        self.update()

    def chips(self) -> list[tuple[QRectF, int]]:
        """Where each chip lies, with the index of its class; a layout asks several times for each label."""
        # Before it is laid out nobody knows how wide it will be; one that looks high would widen the window.
        width = float(self.width() if self._placed else UNPLACED)
        of = (width, self.font().key(), [definition.title for definition in self.opened.classes])
        if self._laid[0] != of:
            self._laid = of, self._lay(width)
        return self._laid[1]

    def _lay(self, width: float) -> list[tuple[QRectF, int]]:
        metrics = QFontMetrics(small(self.font(), 0.95))
        height = metrics.height() + 8.0
        out, x, y = [], 0.0, 0.0
        for position, definition in enumerate(self.opened.classes):
            key = " ".join(key_hint(position))
            wide = metrics.horizontalAdvance(definition.title) + metrics.horizontalAdvance(key) + 36.0
            wide = min(wide, max(60.0, width))
            if x and x + wide > width:
                x, y = 0.0, y + height + GAP
            out.append((QRectF(x, y, wide, height), position))
            x += wide + GAP
        return out

    def line_height(self) -> int:
        """Height in pixels of one line of chips with the gap below it."""
        return int(QFontMetrics(small(self.font(), 0.95)).height() + 8.0 + GAP)

    def sizeHint(self) -> QSize:
        return QSize(240, self._height())

    def minimumSizeHint(self) -> QSize:
        return QSize(90, self._height())

    def _height(self) -> int:
        chips = self.chips()
        return int(chips[-1][0].bottom()) + 2 if chips else 0

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._placed = True
        self.setMinimumHeight(self._height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = Ink.of(self.palette())
        font = small(self.font(), 0.95)
        metrics = QFontMetrics(font)
        painter.setFont(font)
        for area, position in self.chips():
            definition = self.opened.classes[position]
            colour = QColor(definition.colour)
            hovered = position == self.hover
            likely = definition.id == self.predicted
            named = likely or definition.id in self.named
            rim = colour if named or hovered else blend(colour, ink.surface, 0.5)
            painter.setPen(QPen(rim, 2.2 if hovered else 1.6 if named else 1))
            painter.setBrush(blend(colour, ink.surface, 0.66 if likely or hovered else 0.9))
            painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), 6, 6)
            key = " ".join(key_hint(position))
            key_width = metrics.horizontalAdvance(key)
            painter.setPen(ink.text)
            left = area.left() + 9
            painter.drawText(
                QRectF(left, area.top(), key_width + 2, area.height()), Qt.AlignmentFlag.AlignVCenter, key
            )
            draw_swatch(painter, QRectF(left + key_width + 4, area.center().y() - 5, 10, 10), colour, ink)
            painter.setPen(ink.text)
            name_area = QRectF(
                left + key_width + 18, area.top(), area.right() - left - key_width - 24, area.height()
            )
            name = metrics.elidedText(
                definition.title, Qt.TextElideMode.ElideRight, int(name_area.width()) + 1
            )
            painter.drawText(name_area, Qt.AlignmentFlag.AlignVCenter, name)

    def places(self) -> int:
        return len(self.opened.classes)

    def words_at(self, place: int) -> str:
        return self.opened.classes[place].name

    def place_at(self, where: QPointF) -> int:
        return next((position for area, position in self.chips() if area.contains(where)), -1)

    def clicked_at(self, place: int) -> None:
        self.chosen.emit(self.opened.classes[place].id)
