"""What must be seen, over a corner of the window: a notice says one thing and offers at most three answers.

Nothing below moves for it, nothing is modal. Every notice is bound to its reason: it goes as soon as that no
longer stands, whoever ended it. One that only informs lies over the accuracy no longer than it takes to read:
when the person goes on labelling it folds into a button at the bottom of the window.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from PySide6.QtCore import QChildEvent, QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from medlabeler.domain.language import tr
from medlabeler.domain.words import count
from medlabeler.gui.kit.flow import FlowLayout
from medlabeler.gui.kit.icons import icon, icon_button, pixmap
from medlabeler.gui.kit.plain import PlainLabel, caption
from medlabeler.gui.kit.theme import current_tones, set_role

Answer = tuple[str, Callable[[], None]]
WIDTH, MARGIN = 330, 12
MOST = 2
"""So many are shown at a time, since they lie over something: those that need an answer, then the newest; the
others wait behind a button."""
READ_S = 8.0
"""Seconds within which a notice is read."""


class Notice(QFrame):
    """One message with its answers; `stands` tells whether its reason still does."""

    closed = Signal()

    def __init__(
        self,
        sentence: str,
        answers: Sequence[Answer],
        stands: Callable[[], bool],
        *,
        closable: bool,
        sign: str,
        passing: bool,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        set_role(self, "banner")
        self.stands, self.closable, self.passing = stands, closable, passing
        self.folded, self.since = False, time.monotonic()
        self._name = sign
        self._sign = PlainLabel()
        self.label = PlainLabel(sentence, wordWrap=True)
        self.buttons: list[QPushButton] = []
        self._close = icon_button("close", tr("Close"))
        self._close.setAccessibleName(tr("Close this message"))
        self._close.clicked.connect(self.closed)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self.label, 1)
        if closable:
            top.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        else:
            self._close.setParent(self)
            self._close.hide()
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 8, 8, 8)
        box.setSpacing(6)
        box.addLayout(top)
        if answers:
            box.addLayout(self._answers(answers))
        self.tint()

    def _answers(self, answers: Sequence[Answer]) -> FlowLayout:
        line = FlowLayout()
        line.setContentsMargins(26, 0, 0, 0)  # below the words
        for at, (text, action) in enumerate(answers):
            button = QPushButton(caption(text))
            set_role(button, "primary" if at == 0 and len(answers) > 1 else "plain")
            button.clicked.connect(lambda _=False, action=action: action())
            self.buttons.append(button)
            line.addWidget(button)
        return line

    def tint(self) -> None:
        """Take the colours of the theme."""
        ink = current_tones().warning_text
        self._sign.setPixmap(pixmap(self._name, 18, ink))
        self._close.setIcon(icon("close", ink))


class Notices(QWidget):
    """All notices whose reason stands, in the lower right corner of `parent`, each under a name."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self._shown: dict[str, Notice] = {}
        self._unfolded = False
        self.more = QPushButton()
        """Says how many are not to be seen, and shows them; laid out by whoever owns the window."""
        set_role(self.more, "quiet")
        self.more.clicked.connect(self._unfold)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(6)
        self.setAccessibleName(tr("Messages"))
        parent.installEventFilter(self)
        self._arrange()

    def tell(
        self,
        name: str,
        sentence: str,
        answers: Sequence[Answer] = (),
        *,
        stands: Callable[[], bool],
        closable: bool = True,
        sign: str = "warning",
        passing: bool = False,
    ) -> Notice:
        """Show (or replace) the notice `name`, until it is closed or `stands` is no longer true.

        A `passing` one only informs, so it folds when the person goes on.
        """
        self._take_away(name)
        notice = Notice(sentence, answers, stands, closable=closable, sign=sign, passing=passing, parent=self)
        notice.closed.connect(lambda: self.clear(name))
        self._shown[name] = notice
        self._box.addWidget(notice)
        self._arrange()
        QAccessible.updateAccessibility(QAccessibleEvent(notice.label, QAccessible.Event.Alert))
        return notice

    def review(self) -> None:
        """Take away what no longer has a reason."""
        gone = [name for name, notice in self._shown.items() if not notice.stands()]
        for name in gone:
            self._take_away(name)
        if gone:
            self._arrange()

    def go_on(self) -> None:
        """The person works on: what only informs and could be read folds into the button."""
        now = time.monotonic()
        folding = [
            notice
            for notice in self._shown.values()
            if notice.passing and not notice.folded and now - notice.since >= READ_S
        ]
        for notice in folding:
            notice.folded = True
        if folding:
            self._arrange()

    def clear(self, name: str) -> None:
        """Take the notice `name` away."""
        self._take_away(name)
        self._arrange()

    def clear_all(self) -> None:
        """Take all notices away."""
        for name in list(self._shown):
            self._take_away(name)
        self._arrange()

    def sentences(self) -> dict[str, str]:
        """What is to be seen, by name."""
        return {name: notice.label.text() for name, notice in self._shown.items()}

    def tint(self) -> None:
        """Take the colours of the theme."""
        for notice in self._shown.values():
            notice.tint()

    def _take_away(self, name: str) -> None:
        notice = self._shown.pop(name, None)
        if notice is not None:
            self._box.removeWidget(notice)
            notice.hide()
            notice.deleteLater()

    def _unfold(self) -> None:
        self._unfolded = True
        for notice in self._shown.values():
            notice.folded, notice.since = False, time.monotonic()
        self._arrange()

    def _arrange(self) -> None:
        """The newest at the bottom, as high as they need to be, in the corner."""
        notices = list(self._shown.values())
        if len(notices) <= MOST:
            self._unfolded = False
        open_ = [notice for notice in notices if not notice.closable]
        others = [notice for notice in notices if notice.closable and not notice.folded]
        n = len(others) if self._unfolded else max(0, MOST - len(open_))
        open_ += others[-n:] if n else []
        hidden = len(notices) - len(open_)
        words = count(hidden, "more message") if open_ else count(hidden, "message")
        self.more.setText(f"{words}…" if hidden else "")
        self.more.setVisible(bool(hidden))
        for notice in notices:
            notice.setVisible(notice in open_)
        self.setVisible(bool(open_))
        self._place()
        self.raise_()

    def _place(self) -> None:
        inside = self._over.size()
        width = min(WIDTH, inside.width() - 2 * MARGIN)
        self._box.invalidate()
        size = QSize(width, min(self._box.heightForWidth(width), inside.height() - 2 * MARGIN))
        self.setGeometry(
            inside.width() - size.width() - MARGIN,
            inside.height() - size.height() - MARGIN,
            size.width(),
            size.height(),
        )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._over and event.type() == QEvent.Type.Resize:
            self._place()
        # Raising makes it a child anew, which would raise it again, for ever.
        added = isinstance(event, QChildEvent) and event.added() and event.child() is not self
        if watched is self._over and added:
            self.raise_()
        return super().eventFilter(watched, event)
