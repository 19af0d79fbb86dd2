"""A plain table of texts, whose columns are given with what they mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QWidget

from medlabeler.gui.kit.elements import swatch_icon
from medlabeler.gui.kit.model_index import Index
from medlabeler.gui.kit.plain_table import PlainModel, PlainTable

FEWEST, MOST = 2, 9
"""Rows that have room at once, at least and at most."""


class TextModel(PlainModel):
    """Rows of texts, the first with a colour beside it where one is known."""

    def __init__(self, columns: Sequence[tuple[str, str]], numbers: range) -> None:
        super().__init__()
        self.columns, self.to_the_right = tuple(columns), numbers
        self.put_headings()
        self.colours: list[str] = []

    def show_texts(self, rows: Sequence[Sequence[str]], colours: Sequence[str] = ()) -> None:
        """Replace what is shown; a colour for each row, or none."""
        self.colours = list(colours)
        self.show_rows(rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return self.rows[index.row()][index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self.side(index.column())
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 0 and self.colours:
            return swatch_icon(self.colours[index.row()], 11)
        return None


class FiguresTable(PlainTable):
    """As high as its rows, up to nine of them."""

    def __init__(self, name: str, columns: Sequence[tuple[str, str]], numbers: range) -> None:
        super().__init__()
        self.model_ = TextModel(columns, numbers)
        self.setModel(self.model_)
        self.setAccessibleName(name)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        self.setVerticalScrollMode(PlainTable.ScrollMode.ScrollPerPixel)

    def show_texts(self, rows: Sequence[Sequence[str]], colours: Sequence[str] = ()) -> None:
        """Replace what is shown."""
        self.model_.show_texts(rows, colours)
        shown = min(MOST, max(FEWEST, len(rows)))
        high = (
            self.horizontalHeader().sizeHint().height() + shown * self.verticalHeader().defaultSectionSize()
        )
        self.setFixedHeight(high + 4)

    @property
    def chosen(self) -> int:
        """The row that is chosen, -1 for none."""
        rows = self.selectionModel().selectedRows()
        return rows[0].row() if rows else -1


def cleared(*widgets: QWidget, shown: bool) -> None:
    """Show or hide parts that lie in a page already."""
    for widget in widgets:
        widget.setVisible(shown)
