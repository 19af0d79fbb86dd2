"""Everything that is known of each class, as a table that sorts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QSortFilterProxyModel, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from medlabeler.gui.elements import swatch_icon
from medlabeler.gui.recall_table import SORT_ROLE

COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("Class", "name", "The class as you labelled it"),
    ("Images", "support", "Images of the class it was measured on"),
    ("Recall", "recall", "Share of the class's images that were recognised"),
    ("95 % interval", "low", "Exact 95 % interval of the recall"),
    ("Precision", "precision", "Share right among what was predicted as this class, at the mix measured on"),
    ("F1", "f1", "Harmonic mean of precision and recall"),
    ("AUROC", "auroc", "How well its probability ranks images of the class above all others"),
    ("Pool share", "prevalence", "Estimated share of the class among all images of the pool"),
    (
        "Pool value",
        "predictive_value",
        "Share right among what is predicted as this class, at the pool's estimated mix",
    ),
)


class ClassModel(QAbstractTableModel):
    """Rows are the "per_class" entries of an evaluation."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: list[dict[str, Any]] = []

    def show_rows(self, rows: Sequence[dict[str, Any]]) -> None:
        """Replace what is shown."""
        if list(rows) != self.rows:
            self.beginResetModel()
            self.rows = list(rows)
            self.endResetModel()

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: QModelIndex | None = None) -> int:
        return len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return COLUMNS[section][0]
            if role == Qt.ItemDataRole.ToolTipRole:
                return COLUMNS[section][2]
            if role == Qt.ItemDataRole.TextAlignmentRole:
                side = Qt.AlignmentFlag.AlignLeft if section == 0 else Qt.AlignmentFlag.AlignRight
                return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        entry, key = self.rows[index.row()], COLUMNS[index.column()][1]
        value = entry.get(key)
        if role == Qt.ItemDataRole.DisplayRole:
            return shown(entry, key)
        if role == SORT_ROLE:
            return value.lower() if isinstance(value, str) else -1.0 if value is None else float(value)
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 0 and entry.get("colour"):
            return swatch_icon(entry["colour"], 11)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignLeft if index.column() == 0 else Qt.AlignmentFlag.AlignRight
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None


def shown(entry: Mapping[str, Any], key: str) -> str:
    """A figure as written; a dash where it cannot be told."""
    value = entry.get(key)
    if key == "low":
        return "–" if value is None else f"{value:.2f} to {entry['high']:.2f}"
    if value is None:
        return "–"
    if key == "name":
        return str(value)
    if key == "support":
        return f"{value:,}"
    return f"{100 * value:.1f} %" if key == "prevalence" else f"{value:.2f}"


class ClassTable(QTableView):
    """The table; columns that nothing is known for are hidden."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.source = ClassModel(self)
        self.proxy = QSortFilterProxyModel(self)
        self.proxy.setSourceModel(self.source)
        self.proxy.setSortRole(SORT_ROLE)
        self.setModel(self.proxy)
        self.setSortingEnabled(True)
        self.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 12)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.setStyleSheet("QTableView::item { padding: 0 7px; }")
        self.setAccessibleName("Figures of each class")

    def show_rows(self, rows: Sequence[dict[str, Any]]) -> None:
        """Show "per_class" entries; "colour" of a class may be added to them."""
        self.source.show_rows(rows)
        for column, (_, key, _) in enumerate(COLUMNS):
            self.setColumnHidden(column, bool(rows) and all(row.get(key) is None for row in rows))
        # With all columns the names need no room to spare, with few they take it.
        few = any(self.isColumnHidden(column) for column in range(len(COLUMNS)))
        fit, stretch = QHeaderView.ResizeMode.ResizeToContents, QHeaderView.ResizeMode.Stretch
        self.horizontalHeader().setSectionResizeMode(0, stretch if few else fit)
        self.horizontalHeader().setSectionResizeMode(3, fit if few else stretch)
