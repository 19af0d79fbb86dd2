"""Everything that is known of each class, as a table that sorts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QObject,
    QSortFilterProxyModel,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDoubleSpinBox,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from medlabeler.domain.language import tr
from medlabeler.domain.words import between, percent
from medlabeler.gui.accuracy.recall_table import SORT_ROLE
from medlabeler.gui.kit.elements import swatch_icon
from medlabeler.gui.kit.model_index import NO_PARENT, Index
from medlabeler.learning.accuracy.pool_values import Proportion
from medlabeler.learning.accuracy.report import ClassReport

COLUMNS: tuple[tuple[str, str, str], ...] = (
    (tr("Class"), "name", tr("The class of the label")),
    (tr("Images"), "support", tr("Images of the class it was measured on")),
    (tr("Recall"), "recall", tr("Share of the class's images that were recognised")),
    (tr("95 % interval"), "low", tr("Exact 95 % interval of the recall")),
    (
        tr("Precision"),
        "precision",
        tr("Share right among what was predicted as this class, at the mix measured on"),
    ),
    ("F1", "f1", tr("Harmonic mean of precision and recall")),
    ("AUROC", "auroc", tr("How well its probability ranks images of the class above all others")),
    (
        tr("Share"),
        "share",
        tr("Share of the class in the mix that PPV and NPV are stated for, with 95 % limits"),
    ),
    ("PPV", "ppv", tr("Share right among what is predicted as this class, at that mix, with 95 % limits")),
    (
        "NPV",
        "npv",
        tr("Share right among what is not predicted as this class, at that mix, with 95 % limits"),
    ),
)


SHARE = next(at for at, column in enumerate(COLUMNS) if column[1] == "share")
POOL = ("share", "ppv", "npv")


class ClassFigures(QAbstractTableModel):
    """One row for each class of a report; shares can be typed, in percent, if `editable`."""

    share_edited = Signal(int, float)  # class id, percent

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[ClassReport, ...] = ()
        self.colours: Mapping[int, str] = {}
        self.editable = False

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Shares can be edited while they are a person's own."""
        flags = super().flags(index)
        can = self.editable and index.column() == SHARE
        return flags | Qt.ItemFlag.ItemIsEditable if can else flags

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Announce a share; whoever owns it shows the rows anew."""
        if role != Qt.ItemDataRole.EditRole or not self.editable or index.column() != SHARE:
            return False
        class_id, percent = self.rows[index.row()].class_id, round(float(value), 1)
        # The editor must be gone before the rows are replaced.
        QTimer.singleShot(0, self, lambda: self.share_edited.emit(class_id, percent))
        return True

    def show_rows(self, rows: Sequence[ClassReport], colours: Mapping[int, str]) -> None:
        """Replace what is shown; `colours` by class id, where one is known."""
        if (tuple(rows), colours) != (self.rows, self.colours):
            self.beginResetModel()
            self.rows, self.colours = tuple(rows), colours
            self.endResetModel()

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = NO_PARENT) -> int:
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

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        entry, key = self.rows[index.row()], COLUMNS[index.column()][1]
        value = getattr(entry, key)
        if isinstance(value, Proportion):
            value = value.value
        if role == Qt.ItemDataRole.DisplayRole:
            return shown(entry, key)
        if role == Qt.ItemDataRole.EditRole and index.column() == SHARE:
            return round(100 * (value or 0.0), 1)
        if role == SORT_ROLE:
            return value.lower() if isinstance(value, str) else -1.0 if value is None else float(value)
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 0:
            colour = self.colours.get(entry.class_id)
            return swatch_icon(colour, 11) if colour else None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignLeft if index.column() == 0 else Qt.AlignmentFlag.AlignRight
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None


def shown(entry: ClassReport, key: str) -> str:
    """A figure as written; a dash or words where it cannot be told."""
    value = getattr(entry, key)
    if key == "low":
        return "–" if value is None or entry.high is None else between(value, entry.high)
    if value is None:
        return tr("not known yet") if key in POOL else "–"
    if isinstance(value, Proportion):
        if value.low == value.high:  # a share that a person gave
            return tr("{value:.1f} %", value=100 * value.value)
        return f"{percent(value.value)} ({between(value.low, value.high)})"
    if key == "name":
        return str(value)
    return tr("{value:,}", value=value) if key == "support" else percent(value)


class ShareDelegate(QStyledItemDelegate):
    """A share is typed as a percentage."""

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = QDoubleSpinBox(parent, minimum=0, maximum=100, decimals=1)
        editor.setFrame(False)
        editor.setAccelerated(True)
        return editor


class ClassTable(QTableView):
    """The table; columns that nothing is known for are hidden."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.source = ClassFigures(self)
        self.proxy = QSortFilterProxyModel(self)
        self.proxy.setSourceModel(self.source)
        self.proxy.setSortRole(SORT_ROLE)
        self.setModel(self.proxy)
        self.setSortingEnabled(True)
        self.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        trigger = QAbstractItemView.EditTrigger
        self.setEditTriggers(trigger.DoubleClicked | trigger.EditKeyPressed)
        self.setItemDelegateForColumn(SHARE, ShareDelegate(self))
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 12)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.setStyleSheet("QTableView::item { padding: 0 7px; }")
        self.setAccessibleName(tr("Figures of each class"))

    def show_rows(
        self, rows: Sequence[ClassReport], colours: Mapping[int, str], *, editable: bool = False
    ) -> None:
        """Show the classes of a report, with `colours` by class id. `editable`: the shares."""
        self.source.editable = editable
        self.source.show_rows(rows, colours)
        for column, (_, key, _) in enumerate(COLUMNS):
            unknown = bool(rows) and all(getattr(row, key) is None for row in rows)
            # While shares are typed, PPV and NPV may be dashes: they do not come and go.
            self.setColumnHidden(column, unknown and not (editable and column >= SHARE))
        # With all columns the names need no room to spare, with few they take it.
        few = any(self.isColumnHidden(column) for column in range(len(COLUMNS)))
        fit, stretch = QHeaderView.ResizeMode.ResizeToContents, QHeaderView.ResizeMode.Stretch
        self.horizontalHeader().setSectionResizeMode(0, stretch if few else fit)
