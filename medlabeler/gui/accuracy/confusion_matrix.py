"""The confusion matrix, painted: counts or shares of each class; a click on a cell asks for its images."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from medlabeler.domain.language import tr
from medlabeler.gui.kit.elements import Ink, blend, counted, readable_on, small
from medlabeler.gui.kit.plain import tip

MOST_NAME = 150
SLANTED = 60.0
"""Degrees by which long column names are turned."""


class ConfusionMatrix(QWidget):
    """Rows are the labels, columns the predictions. `cell_chosen(row, column)` on a click or Enter."""

    cell_chosen = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.names: list[str] = []
        self.counts: list[list[int]] = []
        self.shares = False
        self.chosen: tuple[int, int] | None = None
        self._at: tuple[int, int] | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(260, 220)

    def sizeHint(self) -> QSize:
        return QSize(620, 460)

    def show_matrix(self, names: Sequence[str], counts: Sequence[Sequence[int]]) -> None:
        """Show `counts[i][j]` images of class i predicted as class j."""
        new = [list(row) for row in counts]
        if (list(names), new) != (self.names, self.counts):
            self.names, self.counts = list(names), new
            self.chosen = None
            self.update()

    def set_shares(self, shares: bool) -> None:
        """Write shares of each row instead of counts."""
        self.shares = shares
        self.update()

    # Places

    def grid(self) -> QRectF:
        """The cells."""
        metrics = QFontMetrics(small(self.font(), 0.95))
        widest = max((metrics.horizontalAdvance(n) for n in self.names), default=40)
        left = min(MOST_NAME, widest) + 14 + metrics.height() + 6
        count = max(1, len(self.names))
        width = self.width() - left - 10
        cell_w = max(22.0, min(96.0, width / count))
        top = 2 * metrics.height() + 12.0
        if self._slanted(cell_w):
            cell_w = max(22.0, min(96.0, (width - min(60.0, widest * 0.5)) / count))
            top = min(105.0, widest * 0.87 + 10) + metrics.height() + 8
        height = self.height() - top - 8
        cell_h = max(16.0, min(52.0, height / count))
        return QRectF(left, top, cell_w * count, cell_h * count)

    def _slanted(self, cell_width: float) -> bool:
        """Whether the names do not fit above columns of that width."""
        metrics = QFontMetrics(small(self.font(), 0.95))
        return any(metrics.horizontalAdvance(name) + 10 > cell_width for name in self.names)

    def cell(self, row: int, column: int) -> QRectF:
        """Where a cell is painted."""
        area, count = self.grid(), max(1, len(self.names))
        w, h = area.width() / count, area.height() / count
        return QRectF(area.left() + column * w, area.top() + row * h, w, h)

    def cell_at(self, where: QPointF) -> tuple[int, int] | None:
        """Row and column of the cell at `where`."""
        area, count = self.grid(), len(self.names)
        if not count or not area.contains(where):
            return None
        row = int((where.y() - area.top()) * count / area.height())
        column = int((where.x() - area.left()) * count / area.width())
        return min(row, count - 1), min(column, count - 1)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = Ink.of(self.palette())
        painter.setFont(small(self.font(), 0.95))
        if not self.names:
            return
        self._paint_names(painter, ink)
        for row in range(len(self.names)):
            total = sum(self.counts[row])
            for column in range(len(self.names)):
                self._paint_cell(painter, ink, row, column, total)
        for place, width in ((self._at, 1.5), (self.chosen, 2.5)):
            if place is not None:
                painter.setPen(QPen(ink.text, width))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(self.cell(*place).adjusted(1, 1, -1, -1), 3, 3)

    def _paint_cell(self, painter: QPainter, ink: Ink, row: int, column: int, total: int) -> None:
        area, count = self.cell(row, column), self.counts[row][column]
        share = count / total if total else 0.0
        ground = blend(ink.base, ink.accent if row == column else ink.error, share**0.7)
        if not count:
            ground = ink.base
        painter.setPen(QPen(ink.line, 1))
        painter.setBrush(ground)
        painter.drawRect(area)
        if not total:
            text = "–"
        elif self.shares:
            text = tr("{share:.0f}", share=100 * share) + (" %" if area.width() > 44 else "")
        else:
            text = tr("{count:,}", count=count)
        painter.setPen(readable_on(ground) if count else ink.muted)
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_names(self, painter: QPainter, ink: Ink) -> None:
        metrics, area = QFontMetrics(painter.font()), self.grid()
        slanted = self._slanted(area.width() / len(self.names))
        for number, name in enumerate(self.names):
            row, column = self.cell(number, 0), self.cell(0, number)
            left = metrics.height() + 6
            painter.setPen(ink.text)
            shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, MOST_NAME)
            box = QRectF(left, row.top(), area.left() - left - 8, row.height())
            painter.drawText(box, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), shown)
            if not slanted:
                above = QRectF(column.left(), area.top() - metrics.height() - 4, column.width(), 20)
                painter.drawText(above, Qt.AlignmentFlag.AlignHCenter, shown)
                continue
            painter.save()
            painter.translate(column.center().x() + 3, area.top() - 6)
            painter.rotate(-SLANTED)
            painter.drawText(QPointF(0, 0), metrics.elidedText(name, Qt.TextElideMode.ElideRight, 120))
            painter.restore()
        painter.setPen(ink.muted)
        top = QRectF(area.left(), 0, max(area.width(), 120), metrics.height() + 2)
        painter.drawText(top, int(Qt.AlignmentFlag.AlignLeft), tr("Predicted as"))
        painter.save()
        painter.translate(0, area.center().y())
        painter.rotate(-90)
        side = QRectF(-area.height() / 2, 0, area.height(), metrics.height() + 2)
        painter.drawText(side, Qt.AlignmentFlag.AlignCenter, tr("Labelled as"))
        painter.restore()

    # Hand and keys

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point(self.cell_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        self._point(None)

    def _point(self, place: tuple[int, int] | None) -> None:
        if place != self._at:
            self._at = place
            self.setCursor(Qt.CursorShape.PointingHandCursor if place else Qt.CursorShape.ArrowCursor)
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self.cell_at(event.position())
        if place is not None and event.button() == Qt.MouseButton.LeftButton:
            self._choose(place)

    def _choose(self, place: tuple[int, int]) -> None:
        self.chosen = place
        self.setAccessibleDescription(self.words(*place))
        self.update()
        self.cell_chosen.emit(*place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
        }
        last = len(self.names) - 1
        if event.key() in steps and last >= 0:
            down, right = steps[Qt.Key(event.key())]
            row, column = self._at or self.chosen or (0, 0)
            self._at = (min(max(row + down, 0), last), min(max(column + right, 0), last))
            self.setAccessibleDescription(self.words(*self._at))
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._at:
            self._choose(self._at)
        else:
            super().keyPressEvent(event)

    def words(self, row: int, column: int) -> str:
        """A cell in a sentence."""
        count, total = self.counts[row][column], sum(self.counts[row])
        if not total:
            return tr("No image of {names} was measured.", names=self.names[row])
        if row == column:
            return tr(
                "{count:,} of {images} labelled {names} were recognised.",
                count=count,
                images=counted(total, "image"),
                names=self.names[row],
            )
        return tr(
            "{count:,} of {images} labelled {names} were taken for {names2}.",
            count=count,
            images=counted(total, "image"),
            names=self.names[row],
            names2=self.names[column],
        )

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            place = self.cell_at(QPointF(event.pos()))
            if place is not None:
                QToolTip.showText(event.globalPos(), tip(self.words(*place)), self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)
