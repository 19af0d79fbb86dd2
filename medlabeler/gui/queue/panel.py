"""Below the image: why it is suggested, what the classifier thinks, and the keys and buttons that decide."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from medlabeler.domain.changes import Changes
from medlabeler.domain.language import tr
from medlabeler.domain.types import NO_CLASS, LabelKind
from medlabeler.gui.classes.chips import GAP, ClassChips
from medlabeler.gui.classes.keys import ClassKeys
from medlabeler.gui.kit.elements import small
from medlabeler.gui.kit.flow import GAP as LINE_GAP
from medlabeler.gui.kit.flow import FlowLayout
from medlabeler.gui.kit.icons import icon
from medlabeler.gui.kit.plain import ElidedLines, PlainLabel, tip
from medlabeler.gui.kit.theme import set_role
from medlabeler.gui.queue import words as queue_words
from medlabeler.gui.queue.header import QueueHeader
from medlabeler.open_project.open_project import OpenProject
from medlabeler.open_project.suggestion import Suggestion

MARKS = (
    (tr("Skip"), "U", "skip", LabelKind.SKIP),
    (tr("Not sure"), "N", "not-sure", LabelKind.NOT_SURE),
    (tr("Bad image"), "X", "bad-image", LabelKind.BAD_IMAGE),
)
TEXTS_FROM = 480
"""Width in pixels from which the buttons have texts, if these fit into one line: the place above and below
has room for one.
"""
CHIP_LINES = 3
"""Lines of classes for which there is room; further ones are scrolled to."""
NARROW_LINES = 2
"""Lines of the reason in a narrow column, where more of them would leave no room for the buttons."""


class ChipArea(QScrollArea):
    """Whole lines of chips, however high it is; `line` is the height of one with its gap."""

    def __init__(self) -> None:
        super().__init__()
        self.line = 0

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.snap()

    def snap(self) -> None:
        """Leave the room below the last whole line empty."""
        lines = (self.height() - 2 + int(GAP)) // self.line if self.line else 0
        spare = self.height() - 2 + int(GAP) - lines * self.line if lines else 0
        if spare != self.viewportMargins().bottom():
            self.setViewportMargins(0, 0, 0, spare)


class QueuePanel(QWidget):
    """What is asked about the current image: one line of words, the classes as keys and chips, the marks.

    Enter accepts the prediction, class keys choose a class, U skips, N is not sure, X is a bad image; left
    and right look at other suggestions without deciding. `header`, the choice of strategy and the way through
    the queue, is laid out by whoever shows this.
    """

    def __init__(self, opened: OpenProject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.opened = opened
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("The image to label next"))
        self.header = QueueHeader(opened, self)
        self.header.hide()
        self.chips = ClassChips(opened)
        self._build_words()
        self._build_buttons()
        self._lay_out()
        self._keys = ClassKeys(opened, self, self.rows, confirm=self.accept)
        self.header.stepped.connect(opened.step)
        self.chips.chosen.connect(self.label)
        opened.suggestions_changed.connect(self.refresh)
        opened.current_changed.connect(self.refresh)
        opened.selection_changed.connect(self._show_words)
        opened.view_changed.connect(self.refresh)
        opened.changed.connect(self._on_changed)
        self.refresh()

    # Building

    def _build_words(self) -> None:
        self.opinion = PlainLabel()
        self.opinion.setFont(small(self.font(), 1.15, bold=True))
        self.reason = ElidedLines()
        self.reason.setFont(small(self.font(), 0.95))
        self.reason.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        set_role(self.reason, "muted")

    def _build_buttons(self) -> None:
        self.accept_button = QPushButton(tr("Accept  \u21b5"))
        set_role(self.accept_button, "primary")
        self.accept_button.setToolTip(tr("Label it with the prediction (Enter)"))
        self.accept_button.clicked.connect(self.accept)
        self.marks = []
        for text, key, _, kind in MARKS:
            button = QPushButton()
            button.setAccessibleName(text)
            # Small enough that the panel can be made narrow in one go; the texts then become icons.
            button.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
            button.setMinimumWidth(44)
            button.setToolTip(tip(f"{text} ({key})"))
            button.clicked.connect(lambda _checked=False, k=kind: self.mark(k))
            self.marks.append(button)
        for button in (self.accept_button, *self.marks):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def _lay_out(self) -> None:
        self.chip_area = chips = ChipArea()
        chips.setWidget(self.chips)
        chips.setWidgetResizable(True)
        chips.setFrameShape(QFrame.Shape.NoFrame)
        chips.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        chips.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        chips.viewport().setAutoFillBackground(False)
        self.chips.setAutoFillBackground(False)
        self._words = words = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        words.addWidget(self.opinion)
        words.addWidget(self.reason, 1)
        buttons = FlowLayout()
        for button in (self.accept_button, *self.marks):
            buttons.addWidget(button)
        self._box = box = QVBoxLayout(self)
        box.setContentsMargins(10, 6, 10, 8)
        box.setSpacing(6)
        box.addLayout(words)
        box.addWidget(chips)
        box.addLayout(buttons)
        self._arrange()

    def _arrange(self) -> None:
        """Texts on the buttons where there is room; as many lines of classes as there are, up to a few."""
        for button, (_, _, name, _) in zip(self.marks, MARKS, strict=True):
            button.setIcon(icon(name))
        wide = self.width() >= max(TEXTS_FROM, self._texts_take())
        self._words.setDirection(
            QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        )
        self._words.setSpacing(12 if wide else 2)
        for button, (text, key, _, _) in zip(self.marks, MARKS, strict=True):
            button.setText(f"{text}  {key}" if wide else key)
        line = self.chips.line_height()
        wanted = self.chips.minimumSizeHint().height()
        # Without the gap below the last line, where the next one would begin. Where the column is low they
        # give way, and scroll: the list of classes has them all.
        most = max(line, min(wanted, CHIP_LINES * line - int(GAP))) + 2
        self.chip_area.setMaximumHeight(most)
        self.chip_area.setMinimumHeight(most if wide else min(most, line + 2))
        self.chip_area.line = line
        self.chip_area.snap()
        self.reason.set_most(0 if wide else NARROW_LINES)

    def _texts_take(self) -> int:
        """Width in pixels of the panel at which all buttons have texts and stand in one line."""
        edge = self._box.contentsMargins()
        taken = edge.left() + edge.right() + self.accept_button.sizeHint().width()
        for button, (text, key, _, _) in zip(self.marks, MARKS, strict=True):
            measure = button.fontMetrics().horizontalAdvance
            taken += LINE_GAP + button.sizeHint().width() + measure(f"{text}  {key}") - measure(button.text())
        return taken

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "chip_area"):
            self.header.tint()
            self._arrange()
        super().changeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def sizeHint(self) -> QSize:
        return QSize(600, super().sizeHint().height())

    # Following the open project

    @property
    def head(self) -> int:
        """Row of the image on show, -1 for none."""
        current = self.opened.current
        return current if 0 <= current < self.opened.n else -1

    def rows(self) -> NDArray[np.int64]:
        """What a key labels; empty if there is nothing."""
        return self.opened.targets()

    def suggestion(self) -> Suggestion | None:
        """The suggestion on show."""
        found: Suggestion | None = self.opened.queue.find(self.head)
        return found

    def refresh(self) -> None:
        """Say what is to be labelled now."""
        self._arrange()
        self.header.refresh(self.head)
        self._show_words()

    def _show_words(self) -> None:
        opened, row = self.opened, self.head
        predicted = int(opened.prediction[row]) if row >= 0 else NO_CLASS
        suggestion = self.suggestion()
        named = suggestion.classes if suggestion and not opened.blind else ()
        self.chips.refresh(predicted, named)
        # It stays where it is, so that the buttons beside it do not move under the mouse.
        self.accept_button.setVisible(not opened.blind)
        self.accept_button.setEnabled(predicted != NO_CLASS)
        several = int(np.count_nonzero(opened.selection))
        if several > 1:
            self.opinion.setText(queue_words.several(opened))
            self.reason.set_full(tr("A key or a class labels all of them; Escape goes back to one."))
        elif row >= 0:
            self.opinion.setText(queue_words.opinion(opened, row))
            self.reason.set_full(queue_words.reason(opened, row))
        else:
            self.opinion.clear()
            self.reason.set_full("")

    def _on_changed(self, changes: Changes) -> None:
        if changes & (Changes.IMAGES | Changes.EMBEDDING | Changes.LABELS | Changes.MODEL | Changes.CLASSES):
            self.refresh()

    # What a person does here

    def accept(self) -> None:
        """Label what is on show with the prediction shown for it."""
        if not self.opened.blind and len(rows := self.rows()):
            self.opened.confirm_predictions(rows)

    def label(self, class_id: int) -> None:
        """Label what is on show."""
        if len(rows := self.rows()):
            self.opened.label_rows(rows, class_id)

    def mark(self, kind: LabelKind) -> None:
        """Skip what is on show, or mark it as not sure or bad."""
        if len(rows := self.rows()):
            self.opened.mark_rows(rows, kind)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.opened.step(1 if event.key() == Qt.Key.Key_Right else -1)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.opened.current < 0:
            self.opened.go_on()
