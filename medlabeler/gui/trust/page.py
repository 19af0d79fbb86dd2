"""A page of Results that shows what a job found last, and starts it again."""

from __future__ import annotations

from typing import Any, TypeVar

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from medlabeler.domain.changes import Changes
from medlabeler.domain.checked_json import Mismatch, from_json
from medlabeler.domain.language import tr
from medlabeler.gui.kit.form import Form, Sentence
from medlabeler.gui.kit.step_card import StepCard
from medlabeler.gui.kit.theme import set_role
from medlabeler.open_project.open_project import OpenProject

T = TypeVar("T")
OLDER = tr("Labels were given or changed since; look again to have them counted in.")


class FoundPage(QWidget):
    """A card with what it is about and a button, what was found below it, and a caution.

    A subclass fills `form` below the card and says in `refresh` how what was found looks.
    """

    def __init__(
        self, opened: OpenProject, title: str, about: str, action: str, parent: QWidget | None
    ) -> None:
        super().__init__(parent)
        self.opened = opened
        self.about = about
        self.setAccessibleName(title)
        self.card = StepCard(title, about)
        self.start: QPushButton = self.card.add_button(action)
        set_role(self.start, "primary")
        self.start.clicked.connect(self.begin)
        self.said, self.caution, self.older = Sentence(role=""), Sentence(role="problem"), Sentence()
        self.form = Form()
        self.form.box.setContentsMargins(16, 14, 16, 14)
        self.form.box.setSpacing(10)
        for widget in (self.card, self.said, self.caution, self.older):
            self.form.add(widget)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.form)
        self._shown: Any = None
        opened.changed.connect(self._on_changed)

    def begin(self) -> None:
        """Start the job."""
        raise NotImplementedError

    def refresh(self) -> None:
        """Show what the project keeps."""
        raise NotImplementedError

    def stored(self, setting: str, kind: type[T]) -> T | None:
        """What was found last, read once; None where there is nothing, or an earlier version wrote it."""
        value = self.opened.project.settings.get(setting)
        if not value:
            return None
        try:
            found = from_json(kind, value.get("found"))
        except Mismatch:
            return None
        revision = value.get("revision")
        stale = revision is not None and revision != self.opened.project.labels.revision
        self.older.say(OLDER if stale else "")
        return found

    def is_new(self, setting: str) -> bool:
        """Whether the project keeps something else than what is shown."""
        value = self.opened.project.settings.get(setting)
        if value is self._shown and value is not None:
            return False
        self._shown = value
        return True

    def _on_changed(self, changes: Changes) -> None:
        if changes & (Changes.HISTORY | Changes.LABELS | Changes.CLASSES):
            self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()
