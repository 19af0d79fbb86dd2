"""Predictions of new images as rows that can be sorted and filtered: one model for the table and the grid."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QObject, Qt

from medlabeler.domain.language import tr
from medlabeler.gui.kit.model_index import NO_PARENT, Index
from medlabeler.gui.kit.plain import tip
from medlabeler.open_project.predicting import Found

ROW = Qt.ItemDataRole.UserRole
"""Role: the number of the image in `Found`."""
Rows = NDArray[np.int64]


class Column(IntEnum):
    """What stands where."""

    IMAGE = 0
    CLASS = 1
    CONFIDENCE = 2
    SECOND = 3
    DECISION = 4


HEADINGS = {
    Column.IMAGE: tr("Image"),
    Column.CLASS: tr("Class"),
    Column.CONFIDENCE: tr("Confidence"),
    Column.SECOND: tr("Else"),
    Column.DECISION: tr("Decision"),
}


class Results(QAbstractTableModel):
    """The images that pass the filter, in order; `rows` int64 (m,) are their numbers in `found`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.found: Found | None = None
        self.rows: Rows = np.empty(0, np.int64)
        self.predicted: Rows = np.empty(0, np.int64)
        self.confidence: NDArray[np.float32] = np.empty(0, np.float32)
        self._second: Rows = np.empty(0, np.int64)
        self._lower: list[str] = []
        self._rank: Rows = np.empty(0, np.int64)
        self._rank_of_decision: Rows = np.empty(0, np.int64)
        self._filter: tuple[int, float, str] = (-1, 1.0, "")
        self._sorted: tuple[Column, bool] = (Column.CLASS, False)

    def show_found(self, found: Found) -> None:
        """Show other predictions, by class, the least sure first."""
        self.found = found
        self.predicted, self.confidence = found.predicted, found.confidence
        self._second = np.argsort(found.probabilities, axis=1)[:, -2]
        self._lower = [name.lower() for name in found.names]
        self._rank = np.empty(len(found.names), np.int64)
        self._rank[found.by_name] = np.arange(len(found.names))
        self._rank_of_decision = np.unique(found.decisions, return_inverse=True)[1]
        self._renew()

    def filter(self, class_: int, below: float, name: str) -> None:
        """Show images of this class only (-1: of all), of at most this confidence, with this in the name."""
        self._filter = (class_, below, name.strip().lower())
        self._renew()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._sorted = (Column(column), order == Qt.SortOrder.DescendingOrder)
        self._renew()

    def _renew(self) -> None:
        if self.found is None:
            return
        self.beginResetModel()
        class_, below, name = self._filter
        keep = self.confidence <= below if below < 1 else np.ones(len(self.confidence), np.bool_)
        if class_ >= 0:
            keep &= self.predicted == class_
        if name:
            keep &= np.array([name in one for one in self._lower], np.bool_)
        rows = np.flatnonzero(keep)
        column, descending = self._sorted
        keys = {
            Column.IMAGE: (self._rank,),
            Column.CLASS: (self.confidence, self.predicted),
            Column.CONFIDENCE: (self._rank, self.confidence),
            Column.SECOND: (self.confidence, self._second),
            Column.DECISION: (self.confidence, self._rank_of_decision),
        }[column]
        order = np.lexsort(tuple(key[rows] for key in keys))
        self.rows = rows[order[::-1] if descending else order]
        self.endResetModel()

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return HEADINGS[Column(section)]
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(Column(section))
        return None

    def data(self, index: Index, role: int = 0) -> Any:
        found = self.found
        if found is None or not index.isValid() or index.row() >= len(self.rows):
            return None
        row, column = int(self.rows[index.row()]), Column(index.column())
        if role == ROW:
            return row
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(f"{found.names[row]}\n{self.words(row)}")
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            return f"{found.names[row]}, {self.words(row)}"
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if column is Column.IMAGE:
            return found.names[row]
        if column is Column.CLASS:
            return found.classes[self.predicted[row]]
        if column is Column.CONFIDENCE:
            return tr("{share:.0f} %", share=100 * float(self.confidence[row]))
        return found.decisions[row] if column is Column.DECISION else self._also(row)

    def words(self, row: int) -> str:
        """Class and confidence of an image, and what else it may be."""
        found = self.found
        assert found is not None  # noqa: S101 - a row of it is asked for
        return tr(
            "{name} {share:.0f} %, or {other}",
            name=found.classes[self.predicted[row]],
            share=100 * float(self.confidence[row]),
            other=self._also(row),
        )

    def _also(self, row: int) -> str:
        found = self.found
        assert found is not None  # noqa: S101 - a row of it is asked for
        second = int(self._second[row])
        share = 100 * float(found.probabilities[row, second])
        return tr("{name} {share:.0f} %", name=found.classes[second], share=share)


def _side(column: Column) -> int:
    """Numbers stand to the right, words to the left, each below its heading."""
    side = Qt.AlignmentFlag.AlignRight if column is Column.CONFIDENCE else Qt.AlignmentFlag.AlignLeft
    return int(side | Qt.AlignmentFlag.AlignVCenter)
