"""The line a filter is typed in, with what could come next."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QStringListModel, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCompleter, QLineEdit, QWidget

from medlabeler.domain.language import tr
from medlabeler.gui.kit.field_keys import keeps
from medlabeler.open_project.finder import Finder
from medlabeler.open_project.finding.completing import Completion, completions

PAUSE_MS = 200
PLACEHOLDER = tr("Find images: a name, label:…, confidence<50")


class FilterField(QLineEdit):
    """Finds while it is typed in. `left`: Escape, or the down key, gives the keys back to the images."""

    left = Signal()

    def __init__(self, finder: Finder, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._finder = finder
        self._offered: list[Completion] = []
        self._model = QStringListModel(self)
        self._completer = QCompleter(self._model, self)
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._completer.setMaxVisibleItems(12)
        self._completer.setWidget(self)
        self._completer.activated[str].connect(self._take)  # type: ignore[index]  # one of two of that name
        self._later = QTimer(self, interval=PAUSE_MS, singleShot=True)
        self._later.timeout.connect(self.apply)
        self.setPlaceholderText(PLACEHOLDER)
        self.setClearButtonEnabled(True)
        self.setAccessibleName(tr("Find images"))
        self.setMinimumWidth(150)
        self.textEdited.connect(lambda _text: self._offer())
        self.textChanged.connect(lambda _text: self._later.start())
        self.returnPressed.connect(self.apply)

    def show_text(self, text: str) -> None:
        """Show the filter as it is in force, unless the person is at it."""
        if text != self.text() and not self._later.isActive():
            self.setText(text)
            self._later.stop()

    def apply(self) -> None:
        """Find what is written now."""
        self._later.stop()
        if self.text() != self._finder.text or self._finder.problem:
            self._finder.look_for(self.text())

    def offered(self) -> list[str]:
        """What could come next, as it would be written."""
        return [one.text for one in self._offered]

    def _offer(self) -> None:
        finder = self._finder
        found = completions(self.text(), self.cursorPosition(), finder.fields, finder.values_of)
        self._offered = [one for one in found if one.text.strip() != self._begun(one.start)]
        if not self._offered or not self.text():
            if (popup := self._completer.popup()) is not None:
                popup.hide()
            return
        self._model.setStringList([_line(one) for one in self._offered])
        self._completer.complete()

    def _begun(self, start: int) -> str:
        return self.text()[start : self.cursorPosition()]

    def _take(self, line: str) -> None:
        chosen = next((one for one in self._offered if _line(one) == line), None)
        if chosen is None:
            return
        text, cursor = self.text(), self.cursorPosition()
        self.setText(text[: chosen.start] + chosen.text + text[cursor:].lstrip())
        self.setCursorPosition(chosen.start + len(chosen.text))
        if chosen.text.endswith(":"):
            QTimer.singleShot(0, self, self._offer)

    def event(self, event: QEvent) -> bool:
        # To the window Escape would mean to select nothing.
        return keeps(event, lambda key: key.key() == Qt.Key.Key_Escape) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Down) and not event.modifiers():
            self.apply()
            self.left.emit()
            return
        if event.key() == Qt.Key.Key_Space and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self._offer()
            return
        super().keyPressEvent(event)


def _line(one: Completion) -> str:
    return f"{one.text.strip()}    {one.title}" if one.title != one.text.strip() else one.title
