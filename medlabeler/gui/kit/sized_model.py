"""A model whose size Qt knows by itself."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItemModel

from medlabeler.gui.kit.model_index import Index


class SizedModel(QStandardItemModel):
    """Holds how many rows and columns there are, and headings, but no items: a subclass answers `data`.

    Qt asks for the size with each index that it makes, thousands of times while a list is laid out or a table
    takes another sheet; each question that Python answers takes longer than what Qt does with it.
    """

    def resize(self, rows: int, columns: int = 1) -> None:
        """Have so many rows and columns; call between `beginResetModel` and `endResetModel`."""
        before = self.blockSignals(True)  # views hear of the reset, and of nothing else
        self.setRowCount(rows)
        self.setColumnCount(columns)
        self.blockSignals(before)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
