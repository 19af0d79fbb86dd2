"""The sessions of the project side by side, and the chosen one in detail."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from medlabeler.domain.changes import Changes
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.types import LabelKind
from medlabeler.gui.kit.elements import EmptyState
from medlabeler.gui.kit.form import section
from medlabeler.gui.kit.plain import PlainLabel
from medlabeler.gui.kit.theme import set_role
from medlabeler.gui.kit.turns import Patient
from medlabeler.gui.sessions.growth_plot import GrowthPlot
from medlabeler.gui.sessions.rate_plot import RatePlot
from medlabeler.gui.sessions.summary import Tiles
from medlabeler.gui.sessions.table import SessionsTable
from medlabeler.gui.sessions.words import accuracy_sentences, facts, tiles, when, who
from medlabeler.jobs import sessions
from medlabeler.open_project.finding.values import local_offset
from medlabeler.open_project.open_project import OpenProject
from medlabeler.open_project.threads.latest import Latest

AFTER_MS = 400
"""Labels come in bursts; the page follows when there is a moment."""
READING = tr("Reading the sessions…")
NONE_YET = tr("No session with labels yet")
WHAT_TO_DO = tr(
    "Label some images: click a point on the map and press the key of a class. Each session is then listed "
    "here with its time, its labels a minute and its accuracy."
)
HOW = tr(
    "Work is the time between decisions; a gap of over 5 minutes is a pause and does not count. "
    "Labels are those given by hand and not taken back; labels adopted or read from a file are left out."
)


class SessionsWindow(QDialog):
    """Stays open beside the main window and follows it."""

    def __init__(self, opened: OpenProject, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.opened = opened
        self.setWindowTitle(tr("Sessions"))
        self.resize(980, 640)
        self.setMinimumSize(860, 540)
        self.table, self.tiles, self.plot = SessionsTable(), Tiles(), RatePlot()
        self.growth = GrowthPlot()
        self.heading, self.words = PlainLabel(), PlainLabel(wordWrap=True)
        self.empty = EmptyState(READING, "")
        self.stack = QStackedWidget()
        self._lay_out()
        self._later = QTimer(self, interval=AFTER_MS, singleShot=True)
        self._later.timeout.connect(self.refresh)
        self._first = Patient(self, self.refresh)  # the window comes up before it is read
        self._latest = Latest(self)
        self._latest.answered.connect(self._show)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._show_chosen())
        opened.changed.connect(self._on_changed)

    def sizeHint(self) -> QSize:
        return QSize(980, 640)

    def _lay_out(self) -> None:
        set_role(self.heading, "heading")
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        how = PlainLabel(HOW, wordWrap=True)
        set_role(how, "muted")
        detail = QWidget()
        across = QHBoxLayout()
        across.setSpacing(18)
        across.addWidget(self.plot, 3)
        across.addWidget(self.words, 2)
        inner = QVBoxLayout(detail)
        inner.setContentsMargins(0, 10, 0, 0)
        inner.setSpacing(8)
        inner.addWidget(self.heading)
        inner.addWidget(self.tiles)
        inner.addLayout(across, 1)
        split = QSplitter(Qt.Orientation.Vertical, childrenCollapsible=False)
        split.addWidget(self.table)
        split.addWidget(detail)
        split.setStretchFactor(0, 2)
        split.setStretchFactor(1, 3)
        body = QWidget()
        page = QVBoxLayout(body)
        page.setContentsMargins(16, 14, 16, 12)
        page.setSpacing(8)
        page.addWidget(split, 1)
        page.addWidget(section(tr("Labels over time")))
        page.addWidget(self.growth)
        page.addWidget(how)
        self.stack.addWidget(body)
        self.stack.addWidget(self.empty)
        self.stack.setCurrentWidget(self.empty)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.stack)

    def _on_changed(self, changes: Changes) -> None:
        if self.isVisible() and changes & (Changes.LABELS | Changes.CLASSES | Changes.HISTORY):
            self._later.start()

    def refresh(self) -> None:
        """Read the sessions again, away from the GUI thread."""
        project = self.opened.project
        if not self.opened.closed:
            _, _, times = project.labels.log.latest_by()
            self.growth.show_times(times[self.opened.kind == LabelKind.LABEL], local_offset())
            self._latest.ask(lambda: sessions.told(project))

    def _show(self, found: list[sessions.Told] | UserError) -> None:
        if isinstance(found, UserError):
            self.empty.set_text(tr("The sessions cannot be read"), str(found))
            self.stack.setCurrentWidget(self.empty)
            return
        self.empty.set_text(NONE_YET, WHAT_TO_DO)
        self.stack.setCurrentIndex(0 if found else 1)
        self.table.show_rows(found)

    def _show_chosen(self) -> None:
        told = self.table.chosen()
        if told is None:
            return
        session = told.session
        started = when(session.started)
        self.heading.setText(f"{started[:1].upper()}{started[1:]} · {who(session.annotators)}")
        self.tiles.show_tiles(tiles(told))
        self.plot.show_session(session)
        names = {c.id: c.name for c in self.opened.classes}
        measured = accuracy_sentences(told) or [tr("Accuracy was not measured in this session.")]
        self.words.setText("\n\n".join([*facts(told, names), *measured]))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._first.start()
