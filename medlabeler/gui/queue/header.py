"""The line above the suggestion: strategy, forward and back, how many wait, and a menu for the rest."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QProgressBar,
    QToolButton,
    QWidget,
)

from medlabeler.domain.language import tr
from medlabeler.domain.words import count
from medlabeler.gui.kit.icons import icon
from medlabeler.gui.kit.plain import PlainLabel, tip
from medlabeler.gui.kit.theme import set_role
from medlabeler.gui.queue import words as queue_words
from medlabeler.gui.queue.strategy_choice import SHARE, StrategyBox
from medlabeler.open_project.open_project import OpenProject


class QueueHeader(QWidget):
    """Follows the queue; in blind mode it shows how far the test is."""

    stepped = Signal(int)  # 1: to the next image, -1: to the previous one

    def __init__(self, opened: OpenProject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.opened = opened
        self.strategy = StrategyBox(opened)
        self.previous = self._button(tr("Previous image (Left)"))
        self.next = self._button(tr("Next image (Right)"))
        self.previous.clicked.connect(lambda: self.stepped.emit(-1))
        self.next.clicked.connect(lambda: self.stepped.emit(1))
        self.status = PlainLabel()
        self.status.setToolTip(SHARE)
        set_role(self.status, "muted")
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setMaximumWidth(220)
        self.progress.setFixedHeight(6)
        self.more = self._button(tr("More about the queue"))
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = QMenu(self)
        self.menu.setToolTipsVisible(True)
        self.menu.aboutToShow.connect(self._fill)
        self.more.setMenu(self.menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for widget in (self.strategy, self.previous, self.next):
            row.addWidget(widget)
        row.addWidget(self.status)
        row.addWidget(self.progress)
        row.addWidget(self.more)
        self.tint()

    def _button(self, words: str) -> QToolButton:
        made = QToolButton()
        made.setToolTip(tip(words))
        made.setAccessibleName(words)
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return made

    def buttons(self) -> tuple[QToolButton, ...]:
        """Those that are part of labelling."""
        return self.previous, self.next

    def tint(self) -> None:
        """Take the colours of the theme."""
        for button, name in ((self.previous, "previous"), (self.next, "next"), (self.more, "more")):
            button.setIcon(icon(name))

    def refresh(self, head: int) -> None:
        """Show where `head` stands."""
        opened = self.opened
        self.strategy.refresh()
        self.strategy.setVisible(not opened.blind)
        self.more.setVisible(not opened.blind)
        self.progress.setVisible(opened.blind)
        for button in self.buttons():
            button.setVisible(opened.blind or len(opened.suggestions) > 1)
        if opened.blind:
            done, total = queue_words.blind_progress(opened)
            self.progress.setRange(0, max(1, total))
            self.progress.setValue(done)
        self.status.setText(queue_words.progress(opened, head))

    def _fill(self) -> None:
        queue, menu = self.opened.queue, self.menu
        menu.clear()
        hide = menu.addAction(tr("Hide the prediction of random draws"))
        hide.setCheckable(True)
        hide.setChecked(queue.hides_draws)
        hide.setToolTip(
            tip(
                tr(
                    "{share}\nLabels given without sight of the prediction can be scored honestly.",
                    share=SHARE,
                )
            )
        )
        hide.toggled.connect(queue.set_hides_draws)
        menu.addSeparator()
        skipped = len(queue.skipped)
        again = menu.addAction(
            tr("Show skipped again") + (f" ({count(skipped, 'image')})" if skipped else "")
        )
        again.setEnabled(skipped > 0)
        again.triggered.connect(self.opened.show_skipped)
