"""Recall of each class, with its interval and the number of images it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QLineF,
    QObject,
    QRectF,
    QSize,
    QSortFilterProxyModel,
    Qt,
)
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from medlabeler.domain.language import tr
from medlabeler.domain.types import ClassDef
from medlabeler.domain.words import between, percent
from medlabeler.gui.kit.elements import Ink, blend, counted, draw_bar, draw_swatch
from medlabeler.gui.kit.model_index import NO_PARENT, Index
from medlabeler.gui.kit.plain import tip
from medlabeler.project.history import Checkpoint, MeasuredClass

SORT_ROLE = Qt.ItemDataRole.UserRole
COLOUR_ROLE = Qt.ItemDataRole.UserRole + 1
INTERVAL_ROLE = Qt.ItemDataRole.UserRole + 2
WIDE = 300
"""Pixels from which on the interval is written beside the bar, not only drawn on it."""
HEADINGS = (tr("Class"), tr("Recall"), tr("Images"))


@dataclass(frozen=True)
class RecallRow:
    """One class: `recall` 0 to 1 or None where it was not measured, on `support` images; its exact 95 %
    interval as limits of 0 to 1, None where an earlier version measured none.
    """

    name: str
    colour: str
    recall: float | None
    support: int
    taken_for: str
    """The class its images were most often taken for, with the number; empty if none was."""
    interval: tuple[float, float] | None = None


def recall_rows(checkpoint: Checkpoint, classes: Sequence[ClassDef]) -> list[RecallRow]:
    """The rows of the table for a checkpoint; a class that was merged or deleted since keeps its old name."""
    live = {c.id: c for c in classes}
    entries = checkpoint.per_class

    def name_of(entry: MeasuredClass) -> str:
        definition = live.get(entry.class_id)
        return definition.name if definition else entry.name or tr("deleted class")

    rows = []
    for place, entry in enumerate(entries):
        wrong: list[tuple[int, int]] = []
        if place < len(checkpoint.confusion):
            line = checkpoint.confusion[place]
            wrong = [(n, k) for k, n in enumerate(line) if k != place and k < len(entries) and n]
        most, where = max(wrong, default=(0, 0))
        definition = live.get(entry.class_id)
        taken = tr("{name_of} ({most:,})", name_of=name_of(entries[where]), most=most) if most else ""
        colour = definition.colour if definition else ""
        interval = None if entry.low is None or entry.high is None else (entry.low, entry.high)
        rows.append(RecallRow(name_of(entry), colour, entry.recall, entry.support, taken, interval))
    return rows


class RecallModel(QAbstractTableModel):
    """Class, recall, number of images."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: list[RecallRow] = []

    def show_rows(self, rows: list[RecallRow]) -> None:
        """Replace what is shown."""
        if rows != self.rows:
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = NO_PARENT) -> int:
        return len(HEADINGS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return HEADINGS[section]
        if role == Qt.ItemDataRole.ToolTipRole:
            return (
                tr("Each class counts the same in balanced accuracy"),
                tr("Share of the class's images that were recognised"),
                tr("Images the recall was measured on: with few, it is a rough figure"),
            )[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignRight if section == 2 else Qt.AlignmentFlag.AlignLeft)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = self.rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            recall = tr("not measured") if row.recall is None else percent(row.recall)
            return (row.name, recall, tr("{support:,}", support=row.support))[column]
        if role == SORT_ROLE:
            return (row.name.lower(), -1.0 if row.recall is None else row.recall, row.support)[column]
        if role == COLOUR_ROLE:
            return row.colour
        if role == INTERVAL_ROLE:
            return row.interval
        if role == Qt.ItemDataRole.ToolTipRole:
            if row.recall is None:
                return tip(tr("{name}: no image to measure on", name=row.name))
            words = tr(
                "{name}: recall {recall} on {images}",
                name=row.name,
                recall=percent(row.recall),
                images=counted(row.support, "image"),
            )
            if row.interval is not None:
                words += "\n" + tr("95 % interval {limits}", limits=between(*row.interval))
            return tip(
                tr("{words}\nMost often taken for {taken_for}", words=words, taken_for=row.taken_for)
                if row.taken_for
                else words
            )
        if role == Qt.ItemDataRole.TextAlignmentRole and column == 2:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None


class RecallDelegate(QStyledItemDelegate):
    """Paints the colour before the name, and the recall as a bar with its figure and its interval."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        if index.column() == 2:
            super().paint(painter, option, index)
            return
        ink = Ink.of(option.palette)
        area, text = QRectF(option.rect), index.data()
        metrics = QFontMetrics(option.font)
        painter.save()
        painter.setFont(option.font)
        painter.setPen(ink.text)
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        if index.column() == 0:
            colour = index.data(COLOUR_ROLE)
            if colour:
                draw_swatch(
                    painter, QRectF(area.left() + 4, area.center().y() - 5, 11, 11), QColor(colour), ink
                )
            name = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(area.width() - 26))
            painter.drawText(area.adjusted(21, 0, 0, 0), middle, name)
        else:
            recall = index.data(SORT_ROLE)
            if recall < 0:
                painter.setPen(ink.muted)
                painter.drawText(area.adjusted(4, 0, 0, 0), middle, text)
            else:
                width = metrics.horizontalAdvance("99.9 %") + 8
                painter.drawText(area.adjusted(4, 0, 0, 0), middle, text)
                limits = index.data(INTERVAL_ROLE)
                if limits is not None and area.width() >= WIDE:
                    painter.setPen(ink.muted)
                    painter.drawText(area.adjusted(width, 0, 0, 0), middle, between(*limits))
                    width += metrics.horizontalAdvance(between(1.0, 1.0)) + 12
                bar = QRectF(
                    area.left() + width, area.center().y() - 2.5, max(8, area.width() - width - 8), 6
                )
                draw_bar(painter, bar, recall, ink.accent, blend(ink.line, ink.base, 0.2))
                if limits is not None:
                    _draw_interval(painter, bar, limits, ink.text)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(60, option.fontMetrics.height() + 7)


def _draw_interval(painter: QPainter, bar: QRectF, limits: tuple[float, float], colour: QColor) -> None:
    """A line over the bar from limit to limit, with an end at each."""
    low, high = (bar.left() + limit * bar.width() for limit in limits)
    y = bar.center().y()
    painter.setPen(colour)
    painter.drawLine(QLineF(low, y, high, y))
    for x in (low, high):
        painter.drawLine(QLineF(x, y - 3, x, y + 3))


class RecallTable(QTableView):
    """The table; a click on a heading sorts."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.source = RecallModel(self)
        self.proxy = QSortFilterProxyModel(self)
        self.proxy.setSourceModel(self.source)
        self.proxy.setSortRole(SORT_ROLE)
        self.setModel(self.proxy)
        self.setItemDelegate(RecallDelegate(self))
        self.setSortingEnabled(True)
        self.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 8)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Fixed)
        header.resizeSection(2, self.fontMetrics().horizontalAdvance(tr("Images")) + 26)
        self.setAccessibleName(tr("Recall of each class"))

    def show_checkpoint(self, checkpoint: Checkpoint | None, classes: Sequence[ClassDef]) -> None:
        """Show the recalls of a checkpoint."""
        self.source.show_rows(recall_rows(checkpoint, classes) if checkpoint is not None else [])

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 5 * (self.fontMetrics().height() + 8) // 2 + 8)
