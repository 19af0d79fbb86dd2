"""The four modes of the window, and the row that chooses between them."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from medlabeler.gui.kit.theme import set_role
from medlabeler.gui.window.actions import Actions


class Mode(StrEnum):
    """What a person is doing: labelling, exploring, reviewing, or reading results."""

    LABEL = "label"
    EXPLORE = "explore"
    REVIEW = "review"
    RESULTS = "results"


def action_of(mode: Mode) -> str:
    """Name of the action that brings up a mode."""
    return f"mode_{mode}"


class ModeBar(QWidget):
    """One button for each mode, joined; the one in use is filled."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons: dict[Mode, QToolButton] = {}
        self._group = QActionGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for mode in Mode:
            action = actions[action_of(mode)]
            self._group.addAction(action)
            button = QToolButton()
            button.setDefaultAction(action)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            set_role(button, "segment")
            self.buttons[mode] = button
            row.addWidget(button)

    def show_mode(self, mode: Mode) -> None:
        """Mark the one in use."""
        self.buttons[mode].defaultAction().setChecked(True)
