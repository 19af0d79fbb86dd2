"""The embeddings of a project and what a comparison found of them, as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import QApplication, QHeaderView, QWidget

from medlabeler.domain.language import tr
from medlabeler.gui.accuracy.learning_curve_plot import series_icon
from medlabeler.gui.kit.elements import Ink
from medlabeler.gui.kit.model_index import Index
from medlabeler.gui.kit.plain import tip
from medlabeler.gui.kit.plain_table import PlainModel, PlainTable

NAME_WIDTH = 200
"""Pixels for the name of an image model, whatever else stands beside it."""
SIZES = (10, 25, 100)
"""Labels per class at which accuracies stand side by side."""
TOO_FEW, NOT_YET = tr("not enough labels"), tr("not measured yet")

_AT = tr(
    "Balanced accuracy with so many labels of each class, measured on your labels, and its 95 % interval. "
    "Cross-validation learns from four fifths of them."
)
COLUMNS: tuple[tuple[str, str], ...] = (
    (tr("Image model"), tr("In bold: the one in use")),
    *((tr("{n} labels", n=size), _AT) for size in SIZES),
    (
        tr("Difference"),
        tr("In points to the first of the comparison, on the same labels, with its 95 % interval"),
    ),
    (tr("Time for 1,000"), tr("How long 1,000 images took when it last looked at some on this computer")),
    (tr("Images"), tr("Images that this image model has looked at")),
    (tr("Licence"), tr("Licence of the weights")),
)
COMPARED = range(1, 5)
"""Columns that a comparison fills."""


@dataclass(frozen=True)
class Row:
    """One embedding by the backbone `name`, or a backbone that has not looked at the images yet: then `key`
    is empty. Texts are as shown; `curve` is its number among the curves drawn.
    """

    key: str
    in_use: bool
    texts: tuple[str, ...]
    tip: str
    curve: int | None = None
    name: str = ""


class BackbonesModel(PlainModel):
    """Rows of embeddings."""

    columns = COLUMNS
    to_the_right = range(5, 7)

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
        # What tells two of one name apart stands at the end.
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.source = BackbonesModel(self)
        self.setModel(self.source)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setMinimumSectionSize(48)
        self.setAccessibleName(tr("Image models of the project"))

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show embeddings; the chosen one stays chosen, also if it has looked since, else the one in use."""
        before = self.chosen()
        self.source.show_rows(rows)
        same = [at for at, r in enumerate(rows) if before and (r.key, r.name) == (before.key, before.name)]
        looked = [at for at, r in enumerate(rows) if before and not before.key and r.name == before.name]
        in_use = [at for at, r in enumerate(rows) if r.in_use]
        for at in [*same, *looked, *in_use][:1]:
            self.selectRow(at)
        for column in COMPARED:
            # Nothing but reasons for no figure would take the room of the names.
            told = any(entry.texts[column] not in ("", TOO_FEW, NOT_YET) for entry in rows)
            self.setColumnHidden(column, not told)
        self._share()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share()

    def _share(self) -> None:
        """What the figures leave is for the names, but so much in any case; a bar scrolls then."""
        header = self.horizontalHeader()
        others = sum(header.sectionSize(at) for at in range(1, header.count()))
        narrow = self.viewport().width() - others < NAME_WIDTH
        mode = QHeaderView.ResizeMode.Fixed if narrow else QHeaderView.ResizeMode.Stretch
        if header.sectionResizeMode(0) != mode:
            header.setSectionResizeMode(0, mode)
        if narrow:
            header.resizeSection(0, NAME_WIDTH)

    def chosen(self) -> Row | None:
        """The row that is selected."""
        rows = self.selectionModel().selectedRows()
        return self.source.rows[rows[0].row()] if rows else None
