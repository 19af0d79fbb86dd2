"""A table to read and choose a row from: what such tables have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from medlabeler.gui.kit.sized_model import SizedModel


class PlainModel(SizedModel):
    """Rows of any kind under `columns`, pairs of heading and explanation; `to_the_right` are numbers."""

    columns: tuple[tuple[str, str], ...] = ()
    to_the_right: range = range(0)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: list[Any] = []
        self.put_headings()

    def put_headings(self) -> None:
        """Have the headings of `columns`."""
        self.setColumnCount(len(self.columns))
        role = Qt.ItemDataRole
        for at, (heading, meaning) in enumerate(self.columns):
            said = {
                role.DisplayRole: heading,
                role.ToolTipRole: meaning,
                role.TextAlignmentRole: self.side(at),
            }
            for which, value in said.items():
                self.setHeaderData(at, Qt.Orientation.Horizontal, value, which)

    def show_rows(self, rows: Sequence[Any]) -> None:
        """Replace what is shown."""
        self.beginResetModel()
        self.rows = list(rows)
        self.resize(len(self.rows), len(self.columns))
        self.endResetModel()

    def side(self, column: int) -> int:
        """Numbers stand to the right, words to the left."""
        right = column in self.to_the_right
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        return int(side | Qt.AlignmentFlag.AlignVCenter)


class PlainTable(QTableView):
    """No grid, whole rows, one of them chosen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 12)
        self.horizontalHeader().setHighlightSections(False)
        # Qt keeps 3 pixels more on each side of a cell than of a heading; they shall stand below each other.
        self.setStyleSheet(
            "QTableView { outline: 0; } QTableView::item { padding: 0 8px; border: 0; }"
            "QHeaderView::section { padding: 4px 11px; }"
        )
