"""Who decided what about one image, and when: the audit trail as a table."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from medlabeler.domain.changes import Changes
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.types import NO_CLASS, LabelEvent, LabelKind
from medlabeler.domain.words import count
from medlabeler.gui.kit.plain import PlainLabel
from medlabeler.gui.kit.theme import set_role
from medlabeler.open_project.open_project import OpenProject
from medlabeler.open_project.threads.latest import Latest

COLUMNS = (tr("When"), tr("Who"), tr("What"), tr("How"), tr("Classifier shown"))
KINDS = {
    LabelKind.CLEAR: tr("cleared"),
    LabelKind.SKIP: tr("skipped"),
    LabelKind.NOT_SURE: tr("not sure"),
    LabelKind.BAD_IMAGE: tr("bad image"),
}
SOURCES = {
    "click": tr("click"),
    "queue": tr("suggested"),
    "bulk": tr("with others"),
    "import": tr("from a table"),
    "adopt": tr("reference adopted"),
    "undo": tr("undone"),
    "redo": tr("redone"),
    "second look": tr("second look"),
}


def local(time: str) -> str:
    """A stored time in the person's own time zone: '2026-03-01 14:05'."""
    return datetime.fromisoformat(time).astimezone().strftime("%Y-%m-%d %H:%M")


def cells(opened: OpenProject, event: LabelEvent) -> tuple[str, ...]:
    """One line of the table."""

    def name(class_id: int | None) -> str:
        row = None if class_id is None else opened.project.classes.row(class_id)
        return "" if row is None else row.name

    how = SOURCES.get(event.source.value, event.source.value)
    if event.strategy:
        chance = (
            tr(", chance {inclusion_probability:.2g}", inclusion_probability=event.inclusion_probability)
            if event.inclusion_probability
            else ""
        )
        how += f" ({event.strategy.replace('_', ' ')}{chance})"
    if event.blind:
        shown = tr("hidden: blind")
    elif event.shown_class_id in (None, NO_CLASS):
        shown = tr("nothing")
    else:
        share = (
            ""
            if event.shown_confidence is None
            else tr(" {shown_confidence:.0f} %", shown_confidence=100 * event.shown_confidence)
        )
        shown = f"{name(event.shown_class_id)}{share}"
    what = name(event.class_id) if event.kind == LabelKind.LABEL else KINDS[event.kind]
    return local(event.time), event.annotator or tr("without a name"), what, how, shown


class AuditTrail(QDialog):
    """Follows one image while it is open; newest decision first."""

    def __init__(self, opened: OpenProject, row: int, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Who labelled it"))
        self.opened, self.row = opened, row
        self.heading, self.words = PlainLabel(wordWrap=True), PlainLabel(wordWrap=True)
        set_role(self.heading, "heading")
        set_role(self.words, "muted")
        self.table = QTableWidget(0, len(COLUMNS))
        self.table.setHorizontalHeaderLabels(list(COLUMNS))
        self.table.verticalHeader().hide()
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.table.setAlternatingRowColors(False)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.table.setAccessibleName(tr("Decisions about this image, newest first"))
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 14, 16, 14)
        box.setSpacing(8)
        for widget in (self.heading, self.words):
            box.addWidget(widget)
        box.addWidget(self.table, 1)
        self._latest = Latest(self)
        self._latest.answered.connect(self._show)
        opened.changed.connect(self._on_changed)
        opened.view_changed.connect(self.refresh)
        self.refresh()

    def sizeHint(self) -> QSize:
        return QSize(720, 340)

    def refresh(self) -> None:
        """Read the events again, away from the GUI thread; in blind mode nothing is told."""
        labels = self.opened.project.labels
        if self.opened.closed:
            return
        if self.opened.blind:
            self._latest.forget()
            self.heading.setText(tr("Hidden in blind mode"))
            self.words.setText("")
            self.table.setRowCount(0)
            return
        self._latest.ask(lambda: labels.events(self.row))

    def _show(self, events: list[LabelEvent] | UserError) -> None:
        if isinstance(events, UserError):
            self.words.setText(str(events))
            return
        self.heading.setText(self.opened.project.catalog.name(self.row))
        self.words.setText(
            tr(
                "{decisions}; every one ever made is kept, undone ones too.",
                decisions=count(len(events), "decision"),
            )
            if events
            else tr("Nobody has decided anything about this image yet.")
        )
        self.table.setRowCount(len(events))
        for line, event in enumerate(reversed(events)):
            for column, text in enumerate(cells(self.opened, event)):
                self.table.setItem(line, column, QTableWidgetItem(text))

    def _on_changed(self, changes: Changes) -> None:
        if changes & (Changes.LABELS | Changes.CLASSES):
            self.refresh()
