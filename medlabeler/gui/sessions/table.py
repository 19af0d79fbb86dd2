"""The sessions of a project as a table that sorts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QSortFilterProxyModel, Qt
from PySide6.QtWidgets import QHeaderView, QWidget

from medlabeler.domain.language import tr
from medlabeler.domain.words import duration, percent
from medlabeler.gui.accuracy.recall_table import SORT_ROLE
from medlabeler.gui.kit.model_index import Index
from medlabeler.gui.kit.plain import tip
from medlabeler.gui.kit.plain_table import PlainModel, PlainTable
from medlabeler.gui.sessions.words import accuracy_arrow, accuracy_sentences, pace, when, who
from medlabeler.jobs.sessions import Told

COLUMNS: tuple[tuple[str, str], ...] = (
    (tr("Started"), tr("When the project was opened")),
    (tr("Annotator"), tr("Who labelled")),
    (tr("At work"), tr("From opening to the last decision, without pauses of over 5 minutes")),
    (tr("Labels"), tr("Labels given by hand, those taken back left out")),
    (tr("A minute"), tr("Labels per minute at work")),
    (tr("As predicted"), tr("Share of suggestions answered with the prediction on screen")),
    (tr("Balanced accuracy"), tr("Where the session began and where it ended, on the project's yardstick")),
)


class SessionsModel(PlainModel):
    """One row for each session."""

    columns = COLUMNS
    to_the_right = range(2, 6)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        told, column = self.rows[index.row()], index.column()
        s = told.session
        if role == Qt.ItemDataRole.DisplayRole:
            return (
                when(s.started) + (tr(" (now)") if told.present else ""),
                who(s.annotators),
                duration(s.active_s),
                tr("{n_labels:,}", n_labels=s.n_labels),
                pace(s.per_minute),
                percent(s.accepted),
                accuracy_arrow(told.accuracy),
            )[column]
        if role == SORT_ROLE:
            end = told.accuracy.end.balanced_accuracy if told.accuracy else -1.0
            keys = (s.id, who(s.annotators).lower(), s.active_s, s.n_labels, s.per_minute, s.accepted, end)
            return -1.0 if keys[column] is None else keys[column]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self.side(column)
        if role == Qt.ItemDataRole.ToolTipRole and column == len(COLUMNS) - 1:
            return tip("\n".join(accuracy_sentences(told))) or tr("Not measured in this session")
        return None


class SessionsTable(PlainTable):
    """The table; one row is chosen, the newest first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.source = SessionsModel(self)
        self.proxy = QSortFilterProxyModel(self)
        self.proxy.setSourceModel(self.source)
        self.proxy.setSortRole(SORT_ROLE)
        self.setModel(self.proxy)
        self.setSortingEnabled(True)
        self.sortByColumn(0, Qt.SortOrder.DescendingOrder)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.setAccessibleName(tr("Sessions"))

    def show_rows(self, rows: Sequence[Told]) -> None:
        """Show sessions; the one that was chosen stays so, else the newest is."""
        chosen = self.chosen()
        self.source.show_rows(rows)
        ids = [told.session.id for told in rows]
        if ids:
            self.choose(chosen.session.id if chosen and chosen.session.id in ids else ids[-1])

    def chosen(self) -> Told | None:
        """The session of the row that is selected."""
        found = self.selectionModel().selectedRows()
        return self.source.rows[self.proxy.mapToSource(found[0]).row()] if found else None

    def choose(self, opened: int) -> None:
        """Select the row of a session."""
        for row, told in enumerate(self.source.rows):
            if told.session.id == opened:
                index = self.proxy.mapFromSource(self.source.index(row, 0))
                self.selectRow(index.row())
                self.scrollTo(index)
