"""The query strategies as menus show them: in groups, each with its sentence."""

from __future__ import annotations

from typing import get_args

from PySide6.QtCore import Qt
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QSizePolicy

from medlabeler.domain.language import tr
from medlabeler.gui.kit.choice_box import ChoiceBox
from medlabeler.gui.kit.plain import tip
from medlabeler.learning.query.registry import RANDOM, STRATEGIES, Family, StrategyInfo
from medlabeler.open_project.open_project import OpenProject
from medlabeler.open_project.suggestion_queue import DRAW_EVERY

FAMILIES = get_args(Family)
"""In menu order."""

SHARE = tr(
    "1 in {draw_every} suggestions is drawn at random, so that accuracy can be measured without bias.",
    draw_every=DRAW_EVERY,
)


def families() -> list[list[StrategyInfo]]:
    """The strategies in menu order, like with like."""
    groups = [[info for info in STRATEGIES.values() if info.family == family] for family in FAMILIES]
    return [group for group in groups if group]


def explain(info: StrategyInfo) -> str:
    """What a strategy does, for a tooltip."""
    return f"{info.sentence}\n{SHARE}" if info.name != RANDOM else info.sentence


class StrategyBox(ChoiceBox):
    """Chooses the strategy of an open project."""

    def __init__(self, opened: OpenProject) -> None:
        super().__init__()
        self._opened = opened
        self.setAccessibleName(tr("What next"))
        # Typed digits are labels, not a search in a box that happens to have the focus.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        # Else it grows across the window while there is no image, and shrinks when there is one.
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        for at, family in enumerate(families()):
            if at:
                self.insertSeparator(self.count())
            for info in family:
                self.addItem(info.title, info.name)
                self.setItemData(self.count() - 1, explain(info), Qt.ItemDataRole.ToolTipRole)
        self.activated.connect(lambda _index: opened.set_strategy(self.currentData()))
        self.refresh()

    def refresh(self) -> None:
        """Show the open project's strategy."""
        self.setCurrentIndex(self.findData(self._opened.strategy))
        self.setToolTip(
            tip(
                tr(
                    "How the images to label next are chosen\n{currentText}: {explain}",
                    currentText=self.currentText(),
                    explain=explain(STRATEGIES[self._opened.strategy]),
                )
            )
        )


def fill_menu(menu: QMenu, opened: OpenProject) -> None:
    """The strategies as a menu of choices."""
    menu.setToolTipsVisible(True)
    choices = QActionGroup(menu)
    for at, family in enumerate(families()):
        if at:
            menu.addSeparator()
        for info in family:
            action = choices.addAction(menu.addAction(info.title))
            action.setCheckable(True)
            action.setChecked(info.name == opened.strategy)
            action.setToolTip(tip(explain(info)))
            action.triggered.connect(lambda _=False, name=info.name: opened.set_strategy(name))
