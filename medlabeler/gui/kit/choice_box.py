"""A choice of one among several, whose words are not cut."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QToolTip

from medlabeler.gui.kit.plain import tip_below

MOST = 56
"""Letters that a choice asks room for at most: names of files and groups may be as long as they like."""


class ChoiceBox(QComboBox):
    """As wide as the widest of its entries, however late they come: Qt's own box keeps the width of its first
    show, and cuts what is filled in later.

    Where there is less room it gives way, down to `letters`; hovering then tells the whole entry.
    """

    def __init__(self, name: str = "", letters: int = 8) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.setMinimumContentsLength(letters)

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return hint.boundedTo(QSize(self.fontMetrics().averageCharWidth() * MOST, hint.height()))

    @property
    def cut(self) -> bool:
        """Whether the entry in use does not fit."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        room = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        icon = 0 if self.itemIcon(self.currentIndex()).isNull() else self.iconSize().width() + 4
        return self.fontMetrics().horizontalAdvance(self.currentText()) + icon > room.width()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and self.cut:
            QToolTip.showText(event.globalPos(), tip_below(self.toolTip(), self.currentText()), self)
            return True
        return super().event(event)
