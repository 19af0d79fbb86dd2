"""Merge with another copy: what it would do is told first, found away from the window's thread."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, QTimer
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget
from shiboken6 import isValid

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.gui.kit.form import LOOKING, Buttons, PathField, Sentence, prepare, section
from medlabeler.gui.start.import_form import PAUSE_MS
from medlabeler.jobs import merge
from medlabeler.open_project.open_project import OpenProject
from medlabeler.open_project.threads.latest import Latest
from medlabeler.project.joining import Joining

WHAT = tr(
    "Somebody else labelled the same images in a copy of this project. What is open here is taken from "
    "there, with who said it and when; a label that stands here stays. Where the two of you differ the image "
    "waits in Review, Second looks, to be looked at blind and then settled. All of it is one step to undo. "
    "The other copy is only read."
)


class MergeDialog(QDialog):
    """Asks for the folder of the other copy, tells what merging does, and does it."""

    def __init__(self, opened: OpenProject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        prepare(self, tr("Merge with another copy"), QSize(640, 340))
        self._opened = opened
        self.found: Joining | None = None
        self.folder = PathField(tr("Folder of the other copy"), "folder")
        self.told = Sentence()
        self.buttons = Buttons(self, tr("Merge"))
        self.buttons.go.clicked.connect(self.accept)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self._asking = Latest(self)
        self._asking.answered.connect(self._answered)
        box = QVBoxLayout(self)
        box.setContentsMargins(18, 16, 18, 14)
        box.setSpacing(8)
        box.addWidget(Sentence(WHAT))
        box.addWidget(section(tr("The other copy")))
        box.addWidget(self.folder)
        box.addWidget(self.told)
        box.addStretch(1)
        box.addWidget(self.buttons)
        self.folder.changed.connect(self._changed)
        self._update()

    def accept(self) -> None:
        """Merge; where labels were given meanwhile, look again first."""
        if self.found is None or not self.buttons.go.isEnabled():
            return
        if self.found.revision != self._opened.project.labels.revision:
            self._changed()
        else:
            found, self.found = self.found, None  # Enter once more while it is stored means no second time
            self._opened.merge(found, self._done)

    def _done(self, done: bool) -> None:
        if not isValid(self):  # left while it was stored
            return
        if done:
            super().accept()
        else:
            self._changed()

    def _changed(self) -> None:
        self.found = None
        self._asking.forget()
        self._pause.start()
        self._update()

    def _ask(self) -> None:
        folder = self.folder.path()
        if folder is not None:
            self._asking.ask(lambda: self._look(folder))
            self.told.say(tr("Comparing the copies…"), "muted")
        self._update()

    def _look(self, folder: Path) -> tuple[Joining, str]:
        project = self._opened.project
        found = merge.look(project, folder)
        return found, merge.told(project, found)

    def _answered(self, answer: tuple[Joining, str] | UserError) -> None:
        if isinstance(answer, UserError):
            self.told.say(str(answer), "problem")
        else:
            self.found, sentence = answer
            self.told.say(sentence, "muted")
        self._update()

    def _update(self) -> None:
        ready = self.found is not None and not self.found.empty
        waits = self.folder.path() is not None and (self._pause.isActive() or self._asking.busy)
        missing = "" if ready else tr("Choose the folder of the other copy.")
        if self.found is not None and self.found.empty:
            missing = tr("There is nothing to merge.")
        self.buttons.allow(LOOKING if waits else missing)
