"""Next: what to label now, why, and one key to do it. In blind mode it walks through the test set instead."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from medlabeler.domain.changes import Changes
from medlabeler.domain.types import NO_CLASS, LabelKind, LabelSource, Split
from medlabeler.gui.classes.chips import ClassChips
from medlabeler.gui.classes.keys import ClassKeys
from medlabeler.gui.kit.elements import EmptyState, small
from medlabeler.gui.kit.icons import icon
from medlabeler.gui.kit.plain import PlainLabel, tip
from medlabeler.gui.kit.theme import set_role
from medlabeler.gui.queue import words as queue_words
from medlabeler.gui.queue.header import QueueHeader
from medlabeler.gui.queue.upcoming_strip import UpcomingStrip
from medlabeler.gui.stage.image_canvas import ImageCanvas
from medlabeler.gui.stage.neighbour_strip import NeighbourStrip
from medlabeler.open_project.image_loader import ImageLoader, LoadedImage
from medlabeler.open_project.open_project import OpenProject
from medlabeler.open_project.suggestion import Suggestion

MARKS = (
    ("Skip", "U", "skip", LabelKind.SKIP),
    ("Not sure", "N", "not-sure", LabelKind.NOT_SURE),
    ("Bad image", "X", "bad-image", LabelKind.BAD_IMAGE),
)
TEXTS_FROM = 490
"""Width in pixels, beside the image and the upcoming ones, from which the buttons have texts."""
NEIGHBOURS_FROM = 560
"""The same for the nearest labelled images."""
STRIP_FROM = 720
"""Width in pixels of the panel from which there is room for the upcoming suggestions."""
AHEAD = 3
"""Images read before they are on show."""


class QueuePanel(QWidget):
    """One suggestion large, the reason it was picked, the classes as keys and chips, and what comes after.

    Enter accepts the prediction, class keys choose a class, U skips, N is not sure, X is a bad image; left
    and right look at the other suggestions without deciding.
    """

    def __init__(self, opened: OpenProject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.opened = opened
        self.head = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("The image to label next")
        self.loader = ImageLoader(self)
        self.canvas = ImageCanvas()
        self.canvas.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.canvas.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.canvas.setMinimumSize(110, 100)
        self.header = QueueHeader(opened)
        self.chips = ClassChips(opened)
        self.strip = UpcomingStrip(opened)
        self.neighbours = NeighbourStrip(opened)
        self.empty = EmptyState("", "")
        self._build_words()
        self._build_buttons()
        self._lay_out()
        self._keys = ClassKeys(opened, self, self.rows, LabelSource.QUEUE, self.accept)
        self.loader.loaded.connect(self._on_loaded)
        self.loader.failed.connect(self._on_failed)
        self.loader.replaced.connect(opened.note_replaced)
        self.header.stepped.connect(self.step)
        self.chips.chosen.connect(self.label)
        self.strip.chosen.connect(self.look_at)
        self.strip.pointed.connect(opened.queue.point_at)
        self.neighbours.chosen.connect(opened.set_current)
        opened.suggestions_changed.connect(self.refresh)
        opened.current_changed.connect(self._on_current)
        opened.view_changed.connect(self.refresh)
        opened.changed.connect(self._on_changed)
        opened.neighbours_changed.connect(self._on_neighbours)
        self.refresh()

    # Building

    def _build_words(self) -> None:
        self.opinion = PlainLabel()
        self.opinion.setFont(small(self.font(), 1.15, bold=True))
        self.opinion.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.reason = PlainLabel()
        self.reason.setWordWrap(True)
        self.reason.setFont(small(self.font(), 0.95))
        set_role(self.reason, "muted")

    def _build_buttons(self) -> None:
        self.accept_button = QPushButton("Accept  \u21b5")
        set_role(self.accept_button, "primary")
        self.accept_button.setToolTip("Label it with the prediction (Enter)")
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
        chips = QScrollArea()
        chips.setWidget(self.chips)
        chips.setWidgetResizable(True)
        chips.setFrameShape(QFrame.Shape.NoFrame)
        chips.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        chips.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        chips.viewport().setAutoFillBackground(False)
        self.chips.setAutoFillBackground(False)
        choice = QHBoxLayout()
        choice.setSpacing(12)
        choice.addWidget(chips, 1)
        choice.addWidget(self.neighbours, 1, Qt.AlignmentFlag.AlignTop)
        buttons = QHBoxLayout()
        buttons.setSpacing(6)
        for button in (self.accept_button, *self.marks):
            buttons.addWidget(button)
        buttons.addStretch(1)
        middle = QVBoxLayout()
        middle.setContentsMargins(0, 2, 0, 0)
        middle.setSpacing(6)
        middle.addWidget(self.opinion)
        middle.addWidget(self.reason)
        middle.addLayout(choice, 1)
        middle.addLayout(buttons)
        row = QHBoxLayout()
        row.setContentsMargins(8, 0, 8, 8)
        row.setSpacing(12)
        row.addWidget(self.canvas)
        row.addLayout(middle, 1)
        row.addWidget(self.strip, 1)
        self.body, holder = QWidget(), QWidget()
        self.body.setLayout(row)
        self.stack = QStackedLayout(holder)
        self.stack.addWidget(self.body)
        self.stack.addWidget(self.empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(holder, 1)
        self._arrange()

    def _arrange(self) -> None:
        """Give each part the room it needs, the upcoming and the neighbours only what is left."""
        blind = self.opened.blind
        self.canvas.setMaximumWidth(max(110, min(self.height() - 46, int(self.width() * 0.34))))
        self.strip.setVisible(self.width() >= STRIP_FROM and not blind)
        self.strip.setMaximumWidth(self.strip.width_for(4 if self.width() >= 1300 else 2))
        strip = 0 if self.strip.isHidden() else self.strip.maximumWidth()
        middle = self.width() - self.canvas.maximumWidth() - strip
        for button, (text, key, name, _) in zip(self.marks, MARKS, strict=True):
            button.setText(f"{text}  {key}" if middle >= TEXTS_FROM else key)
            button.setIcon(icon(name))
        self.neighbours.setVisible(middle >= NEIGHBOURS_FROM and not blind)
        self.neighbours.setMaximumWidth(self.neighbours.width_for(5 if middle >= 700 else 3))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "body"):
            self.header.tint()
            self._arrange()
        super().changeEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(820, 230)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    # Following the open project

    def rows(self) -> NDArray[np.int64]:
        """The image on show, as what a key labels; empty if there is none."""
        return np.array([self.head] if self.head >= 0 else [], dtype=np.int64)

    def suggestion(self) -> Suggestion | None:
        """The suggestion on show."""
        found: Suggestion | None = self.opened.queue.find(self.head)
        return found

    def _choose_head(self) -> int:
        opened = self.opened
        if not opened.blind:
            return int(opened.queue.shown)
        current = opened.current
        return current if current >= 0 and opened.split[current] == Split.TEST else -1

    def refresh(self) -> None:
        """Show what is to be labelled next."""
        opened, before = self.opened, self.head
        self.head = self._choose_head()
        self._arrange()
        self.header.refresh(self.head)
        self._show_words()
        self.strip.show_items(opened.suggestions, self.head)
        self.stack.setCurrentWidget(self.body if self.head >= 0 else self.empty)
        if self.head < 0:
            self.canvas.show_image(None)
            self.empty.set_text(*queue_words.nothing(opened))
        elif self.head != before or self.canvas.image is None:
            self.loader.load(opened.project.catalog, self.head)
        if self.head != before:
            self.neighbours.show_neighbours([])
            opened.request_neighbours(self.head)
        self._prefetch()
        if self.head >= 0 and self.head != before and self._has_focus():
            opened.set_current(self.head)

    def _prefetch(self) -> None:
        for row in [] if self.opened.blind else self.opened.queue.after(self.head, AHEAD):
            self.loader.prefetch(self.opened.project.catalog, row)

    def _has_focus(self) -> bool:
        """Whether the person is labelling here; choosing a strategy is not labelling."""
        buttons = (self.accept_button, *self.marks, *self.header.buttons())
        return self.hasFocus() or any(button.hasFocus() for button in buttons)

    def _show_words(self) -> None:
        opened, row = self.opened, self.head
        predicted = int(opened.prediction[row]) if row >= 0 else NO_CLASS
        suggestion = self.suggestion()
        named = suggestion.classes if suggestion and not opened.blind else ()
        self.chips.refresh(predicted, named)
        # It stays where it is, so that the buttons beside it do not move under the mouse.
        self.accept_button.setVisible(not opened.blind)
        self.accept_button.setEnabled(predicted != NO_CLASS)
        if row >= 0:
            self.opinion.setText(queue_words.opinion(opened, row))
            self.reason.setText(queue_words.reason(opened, row))

    def _on_neighbours(self, row: int) -> None:
        if row == self.head and not self.opened.judged_blind(row):
            self.neighbours.show_neighbours(self.opened.neighbours.get(row, []))

    def _on_changed(self, changes: Changes) -> None:
        if changes & Changes.IMAGES and self.head >= 0:  # its file may have been replaced
            self.loader.load(self.opened.project.catalog, self.head)
        if changes & (Changes.IMAGES | Changes.EMBEDDING):
            self.refresh()
        elif changes & (Changes.LABELS | Changes.MODEL | Changes.CLASSES):
            self.header.refresh(self.head)
            self._show_words()
            self.strip.update()
            if changes & Changes.MODEL and self.head != self.opened.current:
                # For the image on show in the image panel it is asked there.
                self.opened.request_neighbours(self.head)
            if self.head < 0:
                self.empty.set_text(*queue_words.nothing(self.opened))

    def _on_current(self) -> None:
        opened = self.opened
        if opened.blind:
            self.refresh()
        elif opened.queue.find(opened.current) is not None:
            opened.queue.show(opened.current)

    def _on_loaded(self, row: int, image: LoadedImage) -> None:
        if row == self.head:
            self.canvas.fitted = True
            self.canvas.show_image(image)

    def _on_failed(self, row: int, sentence: str) -> None:
        if row == self.head:
            self.canvas.show_image(None)
            self.reason.setText(sentence)

    # What a person does here

    def accept(self) -> None:
        """Label the image on show with the prediction shown for it."""
        if self.head >= 0 and not self.opened.blind:
            self._attend()
            self.opened.confirm_predictions(self.rows(), LabelSource.QUEUE)

    def label(self, class_id: int) -> None:
        """Label the image on show."""
        if self.head >= 0:
            self._attend()
            self.opened.label_rows(self.rows(), class_id, LabelSource.QUEUE)

    def mark(self, kind: LabelKind) -> None:
        """Skip the image on show, or mark it as not sure or bad."""
        if self.head >= 0:
            self._attend()
            self.opened.mark_rows(self.rows(), kind, LabelSource.QUEUE)

    def look_at(self, row: int) -> None:
        """Put another suggestion on show."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.opened.queue.show(row)
        self._attend()

    def step(self, by: int) -> None:
        """Look at the next or the previous image without deciding about this one."""
        if self.opened.blind:
            self.opened.next_blind(by)
            return
        rows = [s.row for s in self.opened.suggestions]
        if rows:
            place = rows.index(self.head) if self.head in rows else 0
            self.look_at(rows[(place + by) % len(rows)])

    def _attend(self) -> None:
        """What is decided about here is what the image panel shows."""
        if self.head >= 0 and self.opened.current != self.head:
            self.opened.set_current(self.head)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.step(1 if event.key() == Qt.Key.Key_Right else -1)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._attend()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._attend()
