"""A card that says how one thing stands, with the buttons that do something about it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout

from medlabeler.gui.kit.form import Sentence
from medlabeler.gui.kit.plain import PlainLabel, caption
from medlabeler.gui.kit.theme import set_role


class StepCard(QFrame):
    """Title and sentence at the left, buttons at the right."""

    def __init__(self, title: str, sentence: str = "") -> None:
        super().__init__()
        set_role(self, "card")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        heading = PlainLabel(title)
        set_role(heading, "heading")
        self.sentence = Sentence(sentence)
        said = QVBoxLayout()
        said.setSpacing(3)
        said.addWidget(heading)
        said.addWidget(self.sentence)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(14, 10, 14, 10)
        self.row.setSpacing(16)
        self.row.addLayout(said, 1)

    def say(self, sentence: str) -> None:
        """How it stands now."""
        self.sentence.say(sentence)

    def add_button(self, text: str) -> QPushButton:
        """One more button at the right."""
        button = QPushButton(caption(text), autoDefault=False)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        return button
