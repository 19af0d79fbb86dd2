"""The query strategies as menus show them: in groups, each with its sentence."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QComboBox, QMenu

from medlabeler.gui.session import Session
from medlabeler.gui.suggestion_queue import DRAW_EVERY
from medlabeler.learning.query.names import STRATEGIES, StrategyInfo

FAMILIES = (
    ("auto",),
    ("least_confident", "margin", "entropy", "dropquery"),
    ("coreset", "typiclust", "probcover"),
    ("rare",),
)
"""The classifier's choice by evidence, by doubt, by coverage of the images, by class; the rest comes last."""

SHARE = f"1 in {DRAW_EVERY} suggestions is drawn at random, so that accuracy can be measured without bias."


def families() -> list[list[StrategyInfo]]:
    """The strategies in menu order, like with like."""
    named = {name for family in FAMILIES for name in family}
    groups = [[STRATEGIES[name] for name in family if name in STRATEGIES] for family in FAMILIES]
    groups.append([info for info in STRATEGIES.values() if info.name not in named])
    return [group for group in groups if group]


def explain(info: StrategyInfo) -> str:
    """What a strategy does, for a tooltip."""
    return f"{info.sentence}\n{SHARE}" if info.name != "random" else info.sentence


class StrategyBox(QComboBox):
    """Chooses the strategy of a session."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.setAccessibleName("Query strategy")
        # Typed digits are labels, not a search in a box that happens to have the focus.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for at, family in enumerate(families()):
            if at:
                self.insertSeparator(self.count())
            for info in family:
                self.addItem(info.title, info.name)
                self.setItemData(self.count() - 1, explain(info), Qt.ItemDataRole.ToolTipRole)
        self.activated.connect(lambda _index: session.set_strategy(self.currentData()))
        self.refresh()

    def refresh(self) -> None:
        """Show the session's strategy."""
        self.setCurrentIndex(self.findData(self._session.strategy))
        self.setToolTip(f"How the images to label next are chosen\n{self.currentText()}: "
                        f"{explain(STRATEGIES[self._session.strategy])}")  # fmt: skip


def fill_menu(menu: QMenu, session: Session) -> None:
    """The strategies as a menu of choices."""
    menu.setToolTipsVisible(True)
    choices = QActionGroup(menu)
    for at, family in enumerate(families()):
        if at:
            menu.addSeparator()
        for info in family:
            action = choices.addAction(menu.addAction(info.title))
            action.setCheckable(True)
            action.setChecked(info.name == session.strategy)
            action.setToolTip(explain(info))
            action.triggered.connect(lambda _=False, name=info.name: session.set_strategy(name))
