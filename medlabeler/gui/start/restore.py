"""Go back to a backup, or put the labels together again after damage; what is there now is kept."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.gui.kit.form import Buttons, Sentence, prepare, section
from medlabeler.jobs.restore import told_of
from medlabeler.open_project.threads.latest import Latest
from medlabeler.project.backups import Backup, backups, places

ALL_THAT_IS_LEFT = tr("Put together every label that is left (after damage)")
HOW = tr(
    "The labels as they are now are kept among the backups, so that you can come back to them. Images and "
    "the map are not touched. The project is closed and opened again."
)


@dataclass(frozen=True)
class Choice:
    """What to restore in which project; `backup` None: all that is left of the labels."""

    project: Path
    backup: str | None


class RestoreDialog(QDialog):
    """Lists the backups of a project, newest first; `choice` is what was asked for."""

    def __init__(self, project: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        prepare(self, tr("Restore {name}", name=project.name), QSize(660, 420))
        self.choice: Choice | None = None
        self._project = project
        self.list = QListWidget()
        self.list.setAccessibleName(tr("What to restore"))
        self.list.setSpacing(3)
        self._offer(ALL_THAT_IS_LEFT, None)
        self.found = Sentence(tr("Looking for backups…"))
        self.buttons = Buttons(self, tr("Restore"))
        self.buttons.go.clicked.connect(self.accept)
        box = QVBoxLayout(self)
        box.setContentsMargins(18, 16, 18, 14)
        box.setSpacing(8)
        box.addWidget(section(tr("Go back to")))
        box.addWidget(self.list, 1)
        box.addWidget(self.found)
        box.addWidget(Sentence(HOW))
        box.addWidget(self.buttons)
        self.list.itemSelectionChanged.connect(self._update)
        self.list.itemDoubleClicked.connect(lambda _item: self.accept())
        # A disk that is far away, or gone, can take its time.
        self._looking = Latest(self)
        self._looking.answered.connect(self._show)
        self._looking.ask(lambda: backups(places(project)))
        self._update()
        # The list would choose its first line when it gets the focus: Enter must not restore by accident.
        self.buttons.cancel.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter on a line goes to the button first: what is open would be closed, and another state taken."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.list.hasFocus():
            self.buttons.go.setFocus()
        else:
            super().keyPressEvent(event)

    def _offer(self, text: str, backup: str | None) -> None:
        item = QListWidgetItem(text, self.list)
        item.setData(Qt.ItemDataRole.UserRole, backup)

    def _show(self, found: list[Backup] | UserError) -> None:
        if isinstance(found, UserError):
            self.found.say(str(found), "problem")
            return
        for backup in found:
            self._offer(told_of(backup)["sentence"], backup.path.name)
        none = tr("There is no backup yet: one is made when a session begins, and every ten minutes of work.")
        self.found.say("" if found else none)

    def _update(self) -> None:
        self.buttons.allow("" if self.list.selectedItems() else tr("Choose what to go back to."))

    def accept(self) -> None:
        """Take the chosen line, if there is one."""
        # The list's first line is its current one as soon as it has the focus, and looks as if it was not.
        for item in self.list.selectedItems():
            self.choice = Choice(self._project, item.data(Qt.ItemDataRole.UserRole))
            super().accept()
