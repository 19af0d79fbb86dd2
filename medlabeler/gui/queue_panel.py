"""Next: what to label now, why, and one key to do it. In blind mode it walks through the test set instead."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from medlabeler.domain.changes import Changes
from medlabeler.domain.types import NO_CLASS, LabelKind, LabelSource, Split
from medlabeler.gui.class_chips import ClassChips
from medlabeler.gui.class_keys import ClassKeys
from medlabeler.gui.elements import EmptyState, small
from medlabeler.gui.icons import icon
from medlabeler.gui.image_canvas import ImageCanvas
from medlabeler.gui.image_loader import ImageLoader, LoadedImage
from medlabeler.gui.state import Suggestion
from medlabeler.gui.theme import set_role
from medlabeler.gui.upcoming_strip import UpcomingStrip

STRATEGIES = (("least_confident", "Least confident"), ("random", "Random"))
MARKS = (
    ("Skip", "U", "skip", LabelKind.SKIP),
    ("Not sure", "N", "not-sure", LabelKind.NOT_SURE),
    ("Bad image", "X", "bad-image", LabelKind.BAD_IMAGE),
)
TEXTS_FROM = 490
"""Width in pixels, beside the image and the upcoming ones, from which the buttons have texts."""
STRIP_FROM = 720
"""Width in pixels from which there is room for the upcoming suggestions."""


class QueuePanel(QWidget):
    """One suggestion large, the reason it was picked, the classes as keys and chips, and what comes after.

    Enter accepts the prediction, class keys choose a class, U skips, N is not sure, X is a bad image; left
    and right look at the other suggestions without deciding.
    """

    def __init__(self, session: Any, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.head = -1
        self._wanted = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.loader = ImageLoader(self)
        self.canvas = ImageCanvas()
        self.canvas.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.canvas.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.canvas.setMinimumSize(110, 100)
        self.chips = ClassChips(session)
        self.strip = UpcomingStrip(session)
        self.empty = EmptyState("", "")
        self._build_header()
        self._build_buttons()
        self._lay_out()
        self._keys = ClassKeys(session, self, self.rows, LabelSource.QUEUE, self.accept)
        self.loader.loaded.connect(self._on_loaded)
        self.loader.failed.connect(self._on_failed)
        self.chips.chosen.connect(self.label)
        self.strip.chosen.connect(self.look_at)
        session.suggestions_changed.connect(self.refresh)
        session.current_changed.connect(self._on_current)
        session.view_changed.connect(self.refresh)
        session.changed.connect(self._on_changed)
        self.refresh()

    # Building

    def _build_header(self) -> None:
        self.strategy = QComboBox()
        self.strategy.setAccessibleName("Query strategy")
        self.strategy.setToolTip("How the images to label next are chosen")
        self.strategy.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for key, text in STRATEGIES:
            self.strategy.addItem(text, key)
        self.strategy.activated.connect(lambda _i: self.session.set_strategy(self.strategy.currentData()))
        self.status = QLabel()
        self.status.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        set_role(self.status, "muted")
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setMaximumWidth(220)
        self.progress.setFixedHeight(6)
        self.previous_button, self.next_button = QToolButton(), QToolButton()
        self.previous_button.setToolTip("Previous image (Left)")
        self.next_button.setToolTip("Next image (Right)")
        self.previous_button.clicked.connect(lambda: self.step(-1))
        self.next_button.clicked.connect(lambda: self.step(1))

    def _build_buttons(self) -> None:
        self.reason = QLabel()
        self.reason.setWordWrap(True)
        self.reason.setFont(small(self.font(), 0.95))
        set_role(self.reason, "muted")
        self.opinion = QLabel()
        self.opinion.setFont(small(self.font(), 1.15, bold=True))
        self.opinion.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
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
            button.setToolTip(f"{text} ({key})")
            button.clicked.connect(lambda _checked=False, k=kind: self.mark(k))
            self.marks.append(button)
        for button in (self.accept_button, *self.marks, self.previous_button, self.next_button):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def _lay_out(self) -> None:
        header = QHBoxLayout()
        header.setContentsMargins(8, 5, 8, 5)
        header.setSpacing(8)
        for widget in (self.strategy, self.previous_button, self.next_button):
            header.addWidget(widget)
        header.addWidget(self.status, 1)
        header.addWidget(self.progress)
        middle = QVBoxLayout()
        middle.setContentsMargins(0, 2, 0, 0)
        middle.setSpacing(6)
        middle.addWidget(self.opinion)
        middle.addWidget(self.reason)
        chips = QScrollArea()
        chips.setWidget(self.chips)
        chips.setWidgetResizable(True)
        chips.setFrameShape(QFrame.Shape.NoFrame)
        chips.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        chips.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        chips.viewport().setAutoFillBackground(False)
        self.chips.setAutoFillBackground(False)
        middle.addWidget(chips, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(6)
        buttons.addWidget(self.accept_button)
        for button in self.marks:
            buttons.addWidget(button)
        buttons.addStretch(1)
        middle.addLayout(buttons)
        row = QHBoxLayout()
        row.setContentsMargins(8, 0, 8, 8)
        row.setSpacing(12)
        row.addWidget(self.canvas)
        row.addLayout(middle, 1)
        row.addWidget(self.strip, 1)
        body, holder = QWidget(), QWidget()
        body.setLayout(row)
        self.stack = QStackedLayout(holder)
        self.stack.addWidget(body)
        self.stack.addWidget(self.empty)
        self.body = body
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(header)
        layout.addWidget(holder, 1)
        self._tint()

    def _tint(self) -> None:
        strip = self.strip.maximumWidth() if self.width() >= STRIP_FROM and not self.session.blind else 0
        wide = self.width() - self.canvas.maximumWidth() - strip >= TEXTS_FROM
        for button, (text, key, name, _) in zip(self.marks, MARKS, strict=True):
            button.setText(f"{text}  {key}" if wide else key)
            button.setIcon(icon(name))
        self.previous_button.setIcon(icon("previous"))
        self.next_button.setIcon(icon("next"))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "body"):
            self._tint()
        super().changeEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(820, 230)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        side = max(110, min(self.height() - 46, int(self.width() * 0.34)))
        self.canvas.setMaximumWidth(side)
        self._place_strip()
        self._tint()

    def _place_strip(self) -> None:
        self.strip.setVisible(self.width() >= STRIP_FROM and not self.session.blind)
        self.strip.setMaximumWidth(self.strip.width_for(4 if self.width() >= 1100 else 2))

    # Following the session

    def rows(self) -> NDArray[np.int64]:
        """The image on show, as what a key labels; empty if there is none."""
        return np.array([self.head] if self.head >= 0 else [], dtype=np.int64)

    def suggestion(self) -> Suggestion | None:
        """The suggestion on show."""
        return next((s for s in self.session.suggestions if s.row == self.head), None)

    def _choose_head(self) -> int:
        session = self.session
        if session.blind:
            current = session.current
            return current if current >= 0 and session.split[current] == Split.TEST else -1
        waiting = [s.row for s in session.suggestions if session.split[s.row] == Split.POOL]
        if self._wanted in waiting:
            return self._wanted
        return waiting[0] if waiting else -1

    def refresh(self) -> None:
        """Show what is to be labelled next."""
        session, before = self.session, self.head
        self.head = self._choose_head()
        index = self.strategy.findData(session.strategy)
        self.strategy.setCurrentIndex(max(0, index))
        self.strategy.setVisible(not session.blind)
        self._place_strip()
        self._show_status()
        self._show_opinion()
        self.strip.show_items(session.suggestions, self.head)
        self.stack.setCurrentWidget(self.body if self.head >= 0 else self.empty)
        if self.head < 0:
            self.canvas.show_image(None)
            self.empty.set_text(*self._nothing())
        elif self.head != before or self.canvas.image is None:
            self.loader.load(self.head, session.project.catalog.path(self.head))
            self._prefetch()
        if self.head >= 0 and self.head != before and self._has_focus():
            session.set_current(self.head)

    def _prefetch(self) -> None:
        rows = [s.row for s in self.session.suggestions if s.row != self.head][:2]
        for row in [] if self.session.blind else rows:
            self.loader.prefetch(row, self.session.project.catalog.path(row))

    def _has_focus(self) -> bool:
        """Whether the person is labelling here; choosing a strategy is not labelling."""
        buttons = (self.accept_button, *self.marks, self.previous_button, self.next_button)
        return self.hasFocus() or any(button.hasFocus() for button in buttons)

    def _show_status(self) -> None:
        session = self.session
        self.progress.setVisible(session.blind)
        for button in (self.previous_button, self.next_button):
            button.setVisible(session.blind or len(session.suggestions) > 1)
        if session.blind:
            test = session.split == Split.TEST
            total = int(np.count_nonzero(test))
            done = int(np.count_nonzero(test & (session.kind != LabelKind.CLEAR)))
            self.progress.setRange(0, max(1, total))
            self.progress.setValue(done)
            self.status.setText(f"Blind test: {done:,} of {total:,} test images labelled")
            return
        places = [s.row for s in session.suggestions]
        if self.head in places:
            self.status.setText(f"{places.index(self.head) + 1} of {len(places)} waiting")
        else:
            self.status.setText("")

    def _show_opinion(self) -> None:
        session, row = self.session, self.head
        predicted = int(session.prediction[row]) if row >= 0 else NO_CLASS
        name = session.class_name(predicted) if predicted != NO_CLASS else ""
        self.chips.refresh(predicted)
        self.accept_button.setVisible(bool(name))
        if row < 0:
            return
        kind = LabelKind(int(session.kind[row]))
        if session.blind:
            decided = session.class_name(int(session.label[row])) if kind == LabelKind.LABEL else ""
            self.opinion.setText(f"Labelled {decided}" if decided else "Which class is this?")
            self.reason.setText("Predictions stay hidden, so that your label is your own.")
            return
        if name:
            self.opinion.setText(f"{name}, {100 * float(session.confidence[row]):.0f} % confident")
        elif session.classes:
            self.opinion.setText("Which class is this?")
        else:
            self.opinion.setText("Add a class to begin")
        suggestion = self.suggestion()
        reason = suggestion.reason if suggestion else ""
        ended = reason if not reason or reason.endswith(".") else f"{reason}."
        self.reason.setText(ended[:1].upper() + ended[1:])

    def _nothing(self) -> tuple[str, str]:
        session = self.session
        pool = session.split == Split.POOL
        if session.blind:
            test = session.split == Split.TEST
            if not test.any():
                return "No test set", "Reserve test images first; then they can be labelled blind."
            return "Every test image is labelled", "Leave blind mode to see how the classifier does on them."
        if not session.n:
            return "No images yet", "Import a folder of images to begin."
        if not (pool & (session.kind == LabelKind.CLEAR)).any():
            return "Nothing left to suggest", "You have decided about every image of the pool."
        if session.embedding_info is None:
            return "No suggestions yet", "They start once the images have an embedding."
        return "Choosing what to label next", "Suggestions appear here in a moment."

    def _on_changed(self, changes: Changes) -> None:
        if changes & (Changes.IMAGES | Changes.EMBEDDING):
            self.refresh()
        elif changes & (Changes.LABELS | Changes.MODEL | Changes.CLASSES):
            self._show_status()
            self._show_opinion()
            self.strip.update()
            if self.head < 0:
                self.empty.set_text(*self._nothing())

    def _on_current(self) -> None:
        session = self.session
        if session.blind:
            self.refresh()
        elif session.current != self.head and any(s.row == session.current for s in session.suggestions):
            self._wanted = session.current
            self.refresh()

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
        if self.head < 0 or self.session.blind:
            return
        self._attend()
        self.session.confirm_predictions(self.rows(), LabelSource.QUEUE)

    def label(self, class_id: int) -> None:
        """Label the image on show."""
        if self.head >= 0:
            self._attend()
            self.session.label_rows(self.rows(), class_id, LabelSource.QUEUE)

    def mark(self, kind: LabelKind) -> None:
        """Skip the image on show, or mark it as not sure or bad."""
        if self.head >= 0:
            self._attend()
            self.session.mark_rows(self.rows(), kind, LabelSource.QUEUE)

    def look_at(self, row: int) -> None:
        """Bring another suggestion to the front."""
        self._wanted = row
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.refresh()
        self._attend()

    def step(self, by: int) -> None:
        """Look at the next or the previous image without deciding about this one."""
        if self.session.blind:
            self.session.next_blind(by)
            return
        rows = [s.row for s in self.session.suggestions]
        if rows:
            place = rows.index(self.head) if self.head in rows else 0
            self.look_at(rows[(place + by) % len(rows)])

    def _attend(self) -> None:
        """What is decided about here is what the image panel shows."""
        if self.head >= 0 and self.session.current != self.head:
            self.session.set_current(self.head)

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
