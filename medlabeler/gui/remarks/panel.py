"""What a person remarks on an image besides its label: a note, a flag, that it is a favourite."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QSize, Qt, QTimer
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QToolButton, QVBoxLayout, QWidget

from medlabeler.domain.changes import Changes
from medlabeler.domain.language import tr
from medlabeler.domain.types import Remark
from medlabeler.gui.kit.elements import counted, small
from medlabeler.gui.kit.field_keys import keeps
from medlabeler.gui.kit.icons import icon
from medlabeler.gui.kit.plain import Elided, tip
from medlabeler.gui.kit.theme import current_tones, set_role
from medlabeler.open_project.open_project import OpenProject

PAUSE_MS = 900
MARKS = (
    (Remark.FLAG, "flag", tr("Flag"), "Ctrl+G"),
    (Remark.FAVOURITE, "favourite", tr("Favourite"), "Ctrl+D"),
)
HINT = tr("Note (Ctrl+M)")


class NoteField(QPlainTextEdit):
    """Tells when the person is done: `left` it, or Ctrl+Enter, or Escape."""

    def __init__(self, parent: RemarksPanel) -> None:
        super().__init__(parent)
        self._panel = parent
        self.setTabChangesFocus(True)
        self.setPlaceholderText(HINT)
        self.setAccessibleName(tr("Note"))
        self.setToolTip(tr("Note on this image (Ctrl+M)"))
        self.setFixedHeight(self.fontMetrics().height() + 16)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.setFixedHeight(self.fontMetrics().height() + 16)
        self._panel.keep()

    def event(self, event: QEvent) -> bool:
        # To the window Escape would mean to select nothing.
        return keeps(event, lambda key: key.key() == Qt.Key.Key_Escape) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() == Qt.Key.Key_Escape or (
            enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self._panel.keep()
            self._panel.leave()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(200, self.height())

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.setFixedHeight(3 * self.fontMetrics().height() + 16)


class RemarksPanel(QWidget):
    """Follows the current image. A note is stored when the person stops typing or goes on.

    In blind mode nothing of it is shown: a note may tell what the image is.
    """

    def __init__(self, opened: OpenProject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.opened = opened
        self._row = -1
        self._written = False
        """Whether the note in the field is not on disk."""
        self._refused: dict[int, str] = {}
        """Notes that could not be stored, by row: what was written is not lost by going on."""
        self.note = NoteField(self)
        self.buttons: dict[Remark, QToolButton] = {}
        line = QHBoxLayout()
        line.setSpacing(2)
        for what, _, title, keys in MARKS:
            button = QToolButton()
            button.setCheckable(True)
            button.setIconSize(QSize(16, 16))
            button.setToolTip(tip(f"{title} ({keys})"))
            button.setAccessibleName(title)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _on=False, what=what: self._toggle(what))
            self.buttons[what] = button
            line.addWidget(button)
        self.state = Elided(Qt.TextElideMode.ElideRight)
        self.state.setFont(small(self.font()))
        set_role(self.state, "muted")
        line.addWidget(self.note, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 2, 0, 0)
        box.setSpacing(1)
        box.addLayout(line)
        box.addWidget(self.state)
        self._later = QTimer(self, interval=PAUSE_MS, singleShot=True)
        self._later.timeout.connect(self.keep)
        self.note.textChanged.connect(self._typed)
        opened.current_changed.connect(self.refresh)
        opened.selection_changed.connect(self._show_marks)
        opened.view_changed.connect(self.refresh)
        opened.changed.connect(self._on_changed)
        self._tint()
        self.refresh()

    # ------------------------------------------------------------------ what is shown

    def refresh(self) -> None:
        """Show the remarks on the current image; what was being written on another one is kept."""
        self.keep()
        row = self.opened.current if 0 <= self.opened.current < self.opened.n else -1
        self._row = -1 if self.opened.blind else row
        self._show_note()
        self._show_marks()
        self.setEnabled(self._row >= 0)
        self.note.setPlaceholderText(
            HINT if self._row >= 0 or not self.opened.blind else tr("Hidden in blind mode")
        )

    def _show_note(self) -> None:
        stored = self.opened.project.remarks.get(Remark.NOTE, self._row)
        text = self._refused.get(self._row, stored)
        self._written = text != stored
        if text != self.note.toPlainText():
            self.note.blockSignals(True)
            self.note.setPlainText(text)
            self.note.blockSignals(False)
        self._say(tr("not stored") if self._written else "")

    def _show_marks(self) -> None:
        remarks, rows = self.opened.project.remarks, self._targets()
        for what, button in self.buttons.items():
            on = bool(len(rows)) and not self.opened.blind
            on = on and bool(remarks.mask(what, self.opened.n)[rows].all())
            button.setChecked(on)
        several = len(rows) > 1 and not self.opened.blind
        if not self._written:
            self._say(
                tr("marks: {selected_images}", selected_images=counted(len(rows), "selected image"))
                if several
                else ""
            )

    def _targets(self) -> np.ndarray:
        rows = self.opened.targets()
        return rows[rows < self.opened.n]

    def _on_changed(self, changes: Changes) -> None:
        if changes & Changes.IMAGES:
            self.refresh()
        elif changes & Changes.REMARKS:
            if not self._written:
                self._show_note()
            self._show_marks()

    # ------------------------------------------------------------------ what a person does

    def start(self) -> None:
        """Let the person write a note."""
        self.note.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.note.moveCursor(self.note.textCursor().MoveOperation.End)

    def leave(self) -> None:
        """Give the keys back to what was there before."""
        self.note.clearFocus()
        self.window().setFocus()

    def _typed(self) -> None:
        if self._row >= 0:
            self._say(tr("not stored yet"))
            self._written = True
            self._later.start()

    def keep(self) -> None:
        """Store the note now, if it was changed; a refusal is told, and the text stays."""
        self._later.stop()
        written, self._written = self._written, False
        if not written or self._row < 0 or self.opened.closed:
            return
        text = self.note.toPlainText().strip()
        remarks = self.opened.project.remarks
        if text != remarks.get(Remark.NOTE, self._row):
            self.opened.remark([self._row], Remark.NOTE, text)
        stored = text == remarks.get(Remark.NOTE, self._row)
        self._written = not stored
        self._refused.pop(self._row, None)
        if not stored:
            self._refused[self._row] = text
        self._say("stored" if stored else tr("not stored"))

    def _toggle(self, what: Remark) -> None:
        self.opened.toggle_remark(what)
        self._show_marks()

    def _say(self, text: str) -> None:
        self.state.set_full(text)
        self.state.setVisible(bool(text))

    # ------------------------------------------------------------------ theme

    def _tint(self) -> None:
        for what, name, _, _ in MARKS:
            self.buttons[what].setIcon(icon(name, current_tones().text))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_later"):
            self._tint()
