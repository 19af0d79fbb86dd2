"""The steps of the past, latest first: undo back to one, or redo up to one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from PySide6.QtCore import QAbstractListModel, QSize, Qt, QTimer
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QDialog, QHBoxLayout, QListView, QPushButton, QVBoxLayout, QWidget

from medlabeler.domain.changes import Changes
from medlabeler.domain.language import tr
from medlabeler.gui.kit.elements import counted
from medlabeler.gui.kit.model_index import NO_PARENT, Index
from medlabeler.gui.kit.plain import Elided, tip
from medlabeler.open_project.open_project import OpenProject
from medlabeler.project.journal import PastStep

MOST = 500


class StepModel(QAbstractListModel):
    """Steps, the latest first, and below them where the list begins."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.steps: list[PastStep] = []
        self.whole = True

    def show_steps(self, steps: list[PastStep]) -> None:
        """Replace what is shown; `steps` oldest first."""
        self.beginResetModel()
        self.steps = steps[::-1]
        self.whole = sum(not step.undone for step in steps) < MOST
        self.endResetModel()

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.steps) + 1

    def step(self, row: int) -> PastStep | None:
        """The step in a row, None for the beginning."""
        return self.steps[row] if row < len(self.steps) else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        step = self.step(index.row())
        if role == Qt.ItemDataRole.DisplayRole:
            if step is None:
                return tr("Beginning") if self.whole else tr("Before all that is listed")
            return f"{when(step.time)}   {step.name}" + (f"   ({step.annotator})" if step.annotator else "")
        if role == Qt.ItemDataRole.ToolTipRole and step is not None:
            return tip(f"{step.name}\n{when(step.time)} {step.annotator}".rstrip())
        if role == Qt.ItemDataRole.FontRole and step is not None and step.undone:
            font = QFont()
            font.setItalic(True)
            return font
        if role == Qt.ItemDataRole.AccessibleTextRole and step is not None:
            return f"{'undone: ' if step.undone else ''}{step.name}, {when(step.time)}"
        return None


class HistoryWindow(QDialog):
    """Stays open beside the main window and follows it. Steps that were undone stand in italics."""

    def __init__(self, opened: OpenProject, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.opened = opened
        self.setWindowTitle(tr("History"))
        self.setMinimumSize(360, 260)
        self.model = StepModel(self)
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setUniformItemSizes(True)
        self.list.setSpacing(2)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(tr("Steps, the latest first"))
        self.note = Elided(Qt.TextElideMode.ElideRight)
        self.go = QPushButton(tr("Go back to here"))
        self.go.clicked.connect(self.jump)
        self.list.activated.connect(lambda _index: self.jump())
        self.list.selectionModel().currentChanged.connect(lambda *_: self._describe())
        below = QHBoxLayout()
        below.addWidget(self.note, 1)
        below.addWidget(self.go)
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 12, 12, 12)
        box.setSpacing(8)
        box.addWidget(self.list, 1)
        box.addLayout(below)
        self._later = QTimer(self, interval=0, singleShot=True)
        self._later.timeout.connect(self.refresh)
        opened.changed.connect(self._on_changed)
        opened.walk.changed.connect(self._later.start)
        self.refresh()

    def sizeHint(self) -> QSize:
        return QSize(520, 480)

    def _on_changed(self, changes: Changes) -> None:
        if changes & (Changes.LABELS | Changes.CLASSES | Changes.REMARKS) and not self.opened.walk.running:
            self._later.start()

    def refresh(self) -> None:
        """Read the steps again and mark where the project stands."""
        if self.opened.closed:
            return
        self.model.show_steps(self.opened.project.journal.steps(MOST))
        here = next(
            (at for at, step in enumerate(self.model.steps) if not step.undone), len(self.model.steps)
        )
        self.list.setCurrentIndex(self.model.index(here))
        self._describe()

    def _chosen(self) -> int:
        """How many steps lead to the chosen one: undone if positive, done again if negative."""
        row = self.list.currentIndex().row()
        undone = sum(step.undone for step in self.model.steps)
        return row - undone if row >= 0 else 0

    def _describe(self) -> None:
        n = self._chosen()
        self.go.setEnabled(n != 0 and not self.opened.walk.running)
        self.go.setText(tr("Do again up to here") if n < 0 else tr("Go back to here"))
        if self.opened.walk.running:
            self.note.set_full(tr("Going there…"))
        elif n > 0:
            self.note.set_full(tr("Takes back {steps}; they can be done again.", steps=counted(n, "step")))
        elif n < 0:
            self.note.set_full(tr("Does {steps} again.", steps=counted(-n, "step")))
        else:
            self.note.set_full(tr("This is how things stand."))

    def jump(self) -> None:
        """Undo or redo until the chosen step is the last that stands."""
        if n := self._chosen():
            self.opened.walk.go(n)


def when(time: str) -> str:
    """A stored time where the person is: `26 Nov 09:52`."""
    try:
        return datetime.fromisoformat(time).astimezone().strftime(tr("%d %b %Y %H:%M"))
    except ValueError:
        return time
