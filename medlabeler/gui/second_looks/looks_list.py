"""The list beside a second look: a thumbnail and a few words for each that is not settled."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from medlabeler.domain.language import tr
from medlabeler.gui.grid.gallery_items import draw_picture
from medlabeler.gui.kit.elements import Ink, small
from medlabeler.gui.kit.model_index import Index
from medlabeler.gui.second_looks.finding_list import FindingDelegate, FindingList
from medlabeler.open_project.open_project import OpenProject
from medlabeler.open_project.second_looks import Look

SIDE = 46


def labels_of(opened: OpenProject, look: Look) -> str:
    """The labels of a look, each once."""
    return " / ".join(dict.fromkeys(opened.class_name(c) or tr("no label") for c in look.labels))


class LookDelegate(FindingDelegate):
    """A thumbnail, the label, and below it what contradicts it."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(150, SIDE + 12)

    def draw(self, painter: QPainter, option: QStyleOptionViewItem, ink: Ink, finding: Look) -> None:
        cell = QRectF(option.rect)
        square = QRectF(cell.left() + 8, cell.top() + 6, SIDE, SIDE)
        draw_picture(painter, square, self.thumbnails.get(finding.rows[0]), ink)
        left = square.right() + 8
        width = max(10, int(cell.right() - left - 6))
        line = QRectF(left, cell.top() + 9, width, 20)
        for text, font, colour in (
            (labels_of(self.opened, finding), option.font, ink.text),
            (finding.brief, small(option.font, 0.92), ink.muted),
        ):
            painter.setFont(font)
            painter.setPen(colour)
            # At the end of what contradicts it stands how sure that is.
            shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, width)
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, shown)
            line.translate(0, 20)


class LookList(FindingList):
    """Walked through with the mouse; the window's keys work whatever was clicked."""

    def __init__(self, opened: OpenProject) -> None:
        super().__init__(LookDelegate(opened), lambda look: look.reason, tr("What is not settled"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
