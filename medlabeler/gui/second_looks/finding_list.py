"""A list of findings about images, whatever they are: each drawn with its thumbnails and some words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractListModel, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from medlabeler.gui.kit.elements import Ink, blend
from medlabeler.gui.kit.model_index import NO_PARENT, Index
from medlabeler.gui.kit.plain import tip
from medlabeler.gui.kit.thumbnail_images import ThumbnailImages
from medlabeler.open_project.open_project import OpenProject

FINDING = Qt.ItemDataRole.UserRole


class FindingModel(QAbstractListModel):
    """Findings of any kind; `words` says one of them in its tooltip and to a screen reader."""

    def __init__(self, words: Callable[[Any], str]) -> None:
        super().__init__()
        self.findings: list[Any] = []
        self._words = words

    def show(self, findings: list[Any]) -> None:
        """Replace what is listed."""
        self.beginResetModel()
        self.findings = findings
        self.endResetModel()

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.findings)

    def data(self, index: Index, role: int = 0) -> Any:
        finding = self.findings[index.row()]
        if role == FINDING:
            return finding
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(self._words(finding))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._words(finding)
        return None


class FindingDelegate(QStyledItemDelegate):
    """Paints the cell, marked if it is selected; `draw` fills it."""

    def __init__(self, opened: OpenProject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.opened = opened
        self.thumbnails = ThumbnailImages.of(opened)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        ink = Ink.of(option.palette)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(QPen(ink.accent, 1.5))
            painter.setBrush(blend(ink.accent, ink.base, 0.85))
            painter.drawRoundedRect(QRectF(option.rect).adjusted(2, 1, -2, -1), 5, 5)
        self.draw(painter, option, ink, index.data(FINDING))
        painter.restore()

    def draw(self, painter: QPainter, option: QStyleOptionViewItem, ink: Ink, finding: Any) -> None:
        """Draw one finding into `option.rect`."""
        raise NotImplementedError


class FindingList(QListView):
    """Shows findings, and paints them again when thumbnails have been read."""

    def __init__(self, delegate: FindingDelegate, words: Callable[[Any], str], name: str) -> None:
        super().__init__(uniformItemSizes=True)
        self.setAccessibleName(name)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self._model = FindingModel(words)
        self.setModel(self._model)
        delegate.setParent(self)
        self.setItemDelegate(delegate)
        delegate.thumbnails.loaded.connect(self._repaint)

    @property
    def findings(self) -> list[Any]:
        """What is listed."""
        return self._model.findings

    def show_findings(self, findings: list[Any]) -> None:
        """Replace what is listed."""
        self._model.show(findings)

    def _repaint(self, _rows: object) -> None:
        self.viewport().update()
