"""The accuracy as a card for every mode: the figure, chance, what it was measured on, and how sure it is."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from medlabeler.domain.changes import Changes
from medlabeler.domain.language import tr
from medlabeler.gui.accuracy import history_series
from medlabeler.gui.accuracy.certainty import CardWords, card_words
from medlabeler.gui.accuracy.words import fewer_labels, taken_away
from medlabeler.gui.kit.elements import small
from medlabeler.gui.kit.field_keys import keeps
from medlabeler.gui.kit.plain import ElidedLines, PlainLabel, tip
from medlabeler.gui.kit.theme import set_role
from medlabeler.open_project.open_project import OpenProject
from medlabeler.project.history import Checkpoint

OPENS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
NONE_YET = CardWords("–", "", tr("no accuracy yet"), "")


class AccuracyCard(QFrame):
    """Follows the history by itself. `chosen` when a person wants to see more: a click, Enter or Space."""

    chosen = Signal()

    def __init__(self, opened: OpenProject, parent: QWidget | None = None, *, inset: int = 10) -> None:
        super().__init__(parent)
        self.opened = opened
        self.words = NONE_YET
        self.figure = PlainLabel()
        self.basis, self.certainty = ElidedLines(), ElidedLines()
        self.figure.setFont(small(self.font(), 2.1, bold=True))
        for label in (self.basis, self.certainty):
            label.setFont(small(self.font(), 0.95))
        set_role(self.certainty, "muted")
        said = QVBoxLayout()
        said.setSpacing(1)
        said.addStretch(1)
        said.addWidget(self.basis)
        said.addWidget(self.certainty)
        said.addStretch(1)
        box = QHBoxLayout(self)
        box.setContentsMargins(inset, 0, inset, 0)
        box.setSpacing(10)
        box.addWidget(self.figure)
        box.addLayout(said, 1)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        opened.changed.connect(self._on_changed)
        opened.view_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the newest figure of the classifier in use."""
        opened = self.opened
        if opened.closed:
            return
        shown = history_series.headline(
            opened.project.history.all(),
            classifier=opened.classifier,
            measure=opened.measure,
            embedding=opened.project.settings.get("embedding", None),
        )
        self.words = (
            NONE_YET if shown is None else card_words(shown, self._behind(shown), len(opened.classes))
        )
        self.figure.setText(self.words.figure)
        self.basis.set_full(", ".join(text for text in (self.words.chance, self.words.basis) if text))
        self.certainty.set_full(". ".join(t for t in (self.words.certainty, self.words.behind) if t))
        self.certainty.setVisible(bool(self.certainty.full()))
        self._share_lines()
        self.setAccessibleName(tr("Balanced accuracy: {sentence}", sentence=self.words.sentence))
        self.setToolTip(
            tip(
                tr(
                    "Balanced accuracy: the mean of the recalls of all classes.\n{sentence}",
                    sentence=self.words.sentence,
                )
            )
        )

    def _behind(self, shown: Checkpoint) -> str:
        opened = self.opened
        if opened.measure == "reference":
            return ""
        there = opened.n_to_learn_from
        if shown.n_labels > there:
            return taken_away(shown.n_labels, there)
        if opened.model is None:
            return ""
        # Only a classifier of these very labels tells which of them are on images without an embedding.
        follows = opened.model.revision < opened.project.labels.revision
        return fewer_labels(shown.n_labels, there if follows else min(opened.model.n_labels, there), there)

    def _on_changed(self, changes: Changes) -> None:
        if changes & (Changes.HISTORY | Changes.EMBEDDING | Changes.LABELS | Changes.CLASSES | Changes.MODEL):
            self.refresh()

    def _share_lines(self) -> None:
        """How sure the figure is gets the lines that its basis leaves; the tooltip has all of both."""
        lines = max(2, self.height() // self.basis.fontMetrics().lineSpacing())
        most = min(2, lines - 1)
        self.basis.set_most(most)
        self.certainty.set_most(lines - min(most, self.basis.lines()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_lines()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.chosen.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in OPENS:
            self.chosen.emit()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        # These keys label elsewhere: while the card has the focus they are its own.
        return keeps(event, lambda key: key.key() in OPENS) or super().event(event)
