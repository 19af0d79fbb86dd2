"""A tour of five steps over the window: a frame around a thing, and a card that says what it is for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from medlabeler.domain.language import tr
from medlabeler.gui.kit.elements import Ink
from medlabeler.gui.kit.form import Sentence, row
from medlabeler.gui.kit.plain import PlainLabel
from medlabeler.gui.kit.theme import set_role

AWAY = 14
"""Pixels between the card and what it speaks of."""
CARD = 340


@dataclass(frozen=True)
class Step:
    """`target` finds what it is about, None if that is not on the screen now."""

    title: str
    text: str
    target: Callable[[], QWidget | None]


class Ring(QWidget):
    """A frame around a part of the window; clicks go through it."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(Ink.of(self.palette()).accent, 3))
        painter.drawRoundedRect(self.rect().adjusted(2, 2, -3, -3), 8, 8)


class Tour(QFrame):
    """The card. It takes no focus by itself: keys go on to mean what they mean."""

    ended = Signal()

    def __init__(self, window: QWidget, steps: tuple[Step, ...]) -> None:
        super().__init__(window)
        self.setAccessibleName(tr("Tour"))
        self.setAutoFillBackground(True)
        set_role(self, "card")
        self._window, self.steps, self.at = window, steps, 0
        self.ring = Ring(window)
        self.title, self.count = PlainLabel(), PlainLabel()
        set_role(self.title, "heading")
        set_role(self.count, "muted")
        self.text = Sentence(role="")
        self.skip = QPushButton(tr("&Skip the tour"), autoDefault=False)
        set_role(self.skip, "quiet")
        self.back = QPushButton(tr("&Back"), autoDefault=False)
        self.next = QPushButton(tr("&Next"), autoDefault=False)
        set_role(self.next, "primary")
        for button in (self.skip, self.back, self.next):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._box = box = QVBoxLayout(self)
        box.setContentsMargins(16, 12, 16, 12)
        box.addLayout(row(self.title, None, self.count))
        box.addWidget(self.text)
        box.addLayout(row(self.skip, None, self.back, self.next))
        self.skip.clicked.connect(self.end)
        self.back.clicked.connect(lambda: self.go_to(self.at - 1))
        self.next.clicked.connect(lambda: self.go_to(self.at + 1))
        window.installEventFilter(self)
        self.go_to(0)

    def go_to(self, at: int) -> None:
        """Show a step; behind the last one the tour is over."""
        if at >= len(self.steps):
            self.end()
            return
        self.at = max(0, at)
        step = self.steps[self.at]
        self.title.setText(step.title)
        self.count.setText(tr("{at} of {steps}", at=self.at + 1, steps=len(self.steps)))
        self.text.say(step.text)
        self.back.setEnabled(self.at > 0)
        last = self.at == len(self.steps) - 1
        self.next.setText(tr("&Done") if last else tr("&Next"))
        self.skip.setVisible(not last)
        self._place()

    def end(self) -> None:
        """Take the card away for good."""
        self._window.removeEventFilter(self)
        self.ring.deleteLater()
        self.hide()
        self.deleteLater()
        self.ended.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self._place()
        return False

    def _place(self) -> None:
        window = self._window
        target = self.steps[self.at].target()
        shown = target is not None and target.isVisible()
        self.ring.setVisible(shown)
        area = QRect()
        if target is not None and shown:
            area = QRect(target.mapTo(window, QPoint()), target.size()).intersected(window.rect())
            self.ring.setGeometry(area)
        # Words of another language, or large ones, may need more room for the buttons; how much is known when
        # they are shown in the style of the window.
        self.show()
        self._box.activate()
        width = max(CARD, self._box.totalMinimumSize().width())
        self.setFixedWidth(width)
        self.resize(
            width, self.heightForWidth(width) if self.hasHeightForWidth() else self.sizeHint().height()
        )
        self.move(place_beside(area, self.size(), window.size()))
        self.ring.raise_()
        self.raise_()


def place_beside(target: QRect, card: QSize, room: QSize) -> QPoint:
    """Where a card goes: right of `target`, else left, below, above; over its middle if nothing has room."""
    middle = target.center() if not target.isEmpty() else QPoint(room.width() // 2, room.height() // 2)
    y = min(max(AWAY, middle.y() - card.height() // 2), room.height() - card.height() - AWAY)
    x = min(max(AWAY, middle.x() - card.width() // 2), room.width() - card.width() - AWAY)
    if not target.isEmpty():
        if target.right() + AWAY + card.width() <= room.width() - AWAY:
            return QPoint(target.right() + AWAY, y)
        if target.left() - AWAY - card.width() >= AWAY:
            return QPoint(target.left() - AWAY - card.width(), y)
        if target.bottom() + AWAY + card.height() <= room.height() - AWAY:
            return QPoint(x, target.bottom() + AWAY)
        if target.top() - AWAY - card.height() >= AWAY:
            return QPoint(x, target.top() - AWAY - card.height())
    return QPoint(x, y)
