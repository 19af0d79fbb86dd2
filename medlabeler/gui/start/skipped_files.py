"""The files that were left out, each with the reason: to read, filter, copy and save."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QSize,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QDialog, QHeaderView, QLineEdit, QPushButton, QTableView, QVBoxLayout, QWidget

from medlabeler.domain.changes import Changes
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.words import count
from medlabeler.export.tables import write_csv
from medlabeler.gui.kit.form import Sentence, file_chooser, prepare, row
from medlabeler.gui.kit.icons import icon
from medlabeler.gui.kit.model_index import NO_PARENT, Index
from medlabeler.gui.kit.plain import tip
from medlabeler.open_project.open_project import OpenProject

HEADER = ("file", "folder", "reason")
TITLES = (tr("File"), tr("Folder"), tr("Reason"))


class SkippedModel(QAbstractTableModel):
    """Rows of (path, reason)."""

    def __init__(self, files: list[tuple[str, str]]) -> None:
        super().__init__()
        self.files = files

    def set_files(self, files: list[tuple[str, str]]) -> None:
        """Show other files."""
        self.beginResetModel()
        self.files = files
        self.endResetModel()

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.files)

    def columnCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(HEADER)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return TITLES[section]
        return None

    def data(self, index: Index, role: int = 0) -> Any:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        path, reason = self.files[index.row()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(f"{path}\n{reason}")
        return (Path(path).name, str(Path(path).parent), reason)[index.column()]


class SkippedTable(QTableView):
    """Copies whole rows where a table view would copy one cell."""

    copy_wanted = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_wanted.emit()
        else:
            super().keyPressEvent(event)


class SkippedFiles(QDialog):
    """Not modal: it can stay open while the files are mended; it follows every import."""

    def __init__(self, opened: OpenProject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        prepare(self, tr("Files left out"), QSize(820, 460))
        self.setWindowModality(Qt.WindowModality.NonModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._opened = opened
        self.heading = Sentence(role="heading")
        self.filter = QLineEdit(
            placeholderText=tr("Filter by file, folder or reason"), clearButtonEnabled=True
        )
        self.filter.setAccessibleName(tr("Filter by file, folder or reason"))
        self.filter.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.model = SkippedModel([])
        self.shown = QSortFilterProxyModel(
            filterCaseSensitivity=Qt.CaseSensitivity.CaseInsensitive, filterKeyColumn=-1
        )
        self.shown.setSourceModel(self.model)
        self.filter.textChanged.connect(self._filter)
        self.table = SkippedTable(sortingEnabled=True, wordWrap=False)
        self.table.setAccessibleName(tr("Files left out"))
        self.table.setAlternatingRowColors(True)
        self.table.setModel(self.shown)
        self.table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.table.verticalHeader().hide()
        self.table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        header = self.table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.resizeSection(0, 190)
        header.resizeSection(1, 200)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        self.said = Sentence()
        self.copy = QPushButton(icon("table"), tr("Copy"), autoDefault=False)
        self.copy.clicked.connect(self.copy_rows)
        self.save = QPushButton(icon("save"), tr("Save as CSV…"), autoDefault=False)
        self.save.clicked.connect(self._choose_file)
        self.close_button = QPushButton(tr("Close"), autoDefault=False)
        self.close_button.clicked.connect(self.close)
        self.table.copy_wanted.connect(self.copy_rows)
        bottom = row(self.said, None, self.copy, self.save, self.close_button)
        box = QVBoxLayout(self)
        box.setContentsMargins(18, 16, 18, 14)
        box.setSpacing(10)
        for widget in (self.heading, self.filter, self.table):
            box.addWidget(widget)
        box.addLayout(bottom)
        opened.changed.connect(self._project_changed)
        self.refresh()

    def refresh(self) -> None:
        """Read the list again."""
        files = self._opened.project.catalog.skipped()
        self.model.set_files(files)
        self._count()

    def rows(self) -> list[tuple[str, str]]:
        """(path, reason) of the rows that are selected, else of all that pass the filter."""
        selected = self.table.selectionModel().selectedRows()
        places = sorted(selected, key=lambda index: index.row()) or [
            self.shown.index(at, 0) for at in range(self.shown.rowCount())
        ]
        return [self.model.files[self.shown.mapToSource(index).row()] for index in places]

    def copy_rows(self) -> None:
        """Put rows on the clipboard, tabs between path and reason."""
        rows = self.rows()
        QGuiApplication.clipboard().setText("\n".join(f"{path}\t{reason}" for path, reason in rows))
        self.said.say(tr("{lines} copied.", lines=count(len(rows), "line")), "muted")

    def save_rows(self, file: str) -> None:
        """Write all rows that pass the filter, or those selected."""
        try:
            number = write_csv(Path(file), ("path", "reason"), self.rows())
        except UserError as error:
            self.said.say(str(error), "problem")
            return
        self.said.say(
            tr("{lines} written to {name}.", lines=count(number, "line"), name=Path(file).name), "muted"
        )

    def _choose_file(self) -> None:
        chooser = file_chooser(self, "save", tr("Save the list"), tr("CSV (*.csv)"))
        chooser.setOption(chooser.Option.DontConfirmOverwrite, False)
        chooser.setDefaultSuffix("csv")
        chooser.selectFile("files left out.csv")
        chooser.fileSelected.connect(self.save_rows)
        chooser.open()

    def _filter(self, text: str) -> None:
        self.shown.setFilterFixedString(text.strip())
        self._count()

    def _count(self) -> None:
        total, shown = len(self.model.files), self.shown.rowCount()
        if not total:
            self.heading.say(tr("No file was left out."))
        elif shown == total:
            self.heading.say(
                tr("{files} left out; repair them and import again to add them.", files=count(total, "file"))
            )
        else:
            self.heading.say(tr("{shown:,} of {files} left out.", shown=shown, files=count(total, "file")))
        self.copy.setEnabled(shown > 0)
        self.save.setEnabled(shown > 0)

    def _project_changed(self, what: Changes) -> None:
        if what & Changes.IMAGES:
            self.refresh()
