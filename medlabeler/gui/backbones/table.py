"""The embeddings of a project and what a comparison found of them, as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QHeaderView, QWidget

from medlabeler.domain.language import tr
from medlabeler.gui.accuracy.learning_curve_plot import series_icon
from medlabeler.gui.kit.elements import Ink
from medlabeler.gui.kit.model_index import Index
from medlabeler.gui.kit.plain import tip
from medlabeler.gui.kit.plain_table import PlainModel, PlainTable

COLUMNS: tuple[tuple[str, str], ...] = (
    (tr("Image model"), tr("In bold: the one in use")),
    (tr("Learned"), tr("Without labels (as DINO does), or with labels of other images")),
    (tr("Images"), tr("Images that this image model has looked at")),
    (tr("Pixels"), tr("Side to which each image is resized")),
    ("ms/image", tr("Milliseconds for one image, as it last went on this machine")),
    (tr("Licence"), tr("Licence of the weights")),
    (tr("Balanced accuracy"), tr("With the most labels compared, and its 95 % interval")),
    (
        tr("Difference"),
        tr("In points to the first of the comparison, on the same labels, with its 95 % interval"),
    ),
)


@dataclass(frozen=True)
class Row:
    """One embedding. Texts are as shown; `curve` is its number among the curves drawn."""

    key: str
    in_use: bool
    texts: tuple[str, ...]
    tip: str
    curve: int | None = None


class BackbonesModel(PlainModel):
    """Rows of embeddings."""

    columns = COLUMNS
    to_the_right = range(2, 5)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        entry, column = self.rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.texts[column]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self.side(column)
        if role == Qt.ItemDataRole.FontRole and column == 0 and entry.in_use:
            font = QFont()
            font.setBold(True)
            return font
        if role == Qt.ItemDataRole.DecorationRole and column == 0 and entry.curve is not None:
            palette = QApplication.palette()
            return series_icon(entry.curve, Ink.of(palette), palette.highlightedText().color())
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(entry.tip)
        return None


class BackbonesTable(PlainTable):
    """The table; one row is chosen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.source = BackbonesModel(self)
        self.setModel(self.source)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(48)
        self.setAccessibleName(tr("Image models of the project"))

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show embeddings; the chosen one stays chosen, else the one in use is."""
        before = self.chosen()
        self.source.show_rows(rows)
        keys = [entry.key for entry in rows]
        wanted = before.key if before and before.key in keys else next((r.key for r in rows if r.in_use), "")
        if wanted in keys:
            self.selectRow(keys.index(wanted))
        compared = any(entry.texts[-1] for entry in rows)
        for column in (6, 7):
            self.setColumnHidden(column, not compared)

    def chosen(self) -> Row | None:
        """The row that is selected."""
        rows = self.selectionModel().selectedRows()
        return self.source.rows[rows[0].row()] if rows else None
