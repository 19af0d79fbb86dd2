"""Choices are as wide as what they offer, however late that comes."""

from __future__ import annotations

import ast
from types import SimpleNamespace
from typing import Any

import pytest
from program_code import PACKAGE, files, nodes
from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from medlabeler.gui.kit import choice_box
from medlabeler.gui.kit.choice_box import ChoiceBox

LONG = "slide 17 of the second scanner"


@pytest.fixture
def boxed(qtbot: Any) -> tuple[QWidget, ChoiceBox]:
    """A choice that is shown before it has anything to offer, with room beside it."""
    around, box = QWidget(), ChoiceBox("Group")
    row = QHBoxLayout(around)
    row.addWidget(box)
    row.addStretch(1)
    qtbot.addWidget(around)
    around.resize(600, 60)
    around.show()
    return around, box


def test_a_choice_grows_with_what_it_is_given_after_it_was_shown(
    boxed: tuple[QWidget, ChoiceBox], qtbot: Any
) -> None:
    _, box = boxed
    narrow = box.width()
    box.addItems(["all", LONG])
    box.setCurrentIndex(1)
    qtbot.waitUntil(lambda: box.width() > narrow)
    assert not box.cut


def test_where_there_is_no_room_hovering_tells_the_whole_entry(
    boxed: tuple[QWidget, ChoiceBox], qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    around, box = boxed
    box.setToolTip("Which group")
    box.addItem(LONG)
    around.resize(150, 60)
    qtbot.waitUntil(lambda: box.cut)
    told: list[str] = []
    monkeypatch.setattr(
        choice_box, "QToolTip", SimpleNamespace(showText=lambda at, text, widget: told.append(text))
    )
    at = QPoint(5, 5)
    box.event(QHelpEvent(QEvent.Type.ToolTip, at, box.mapToGlobal(at)))
    assert told == [f"Which group\n{LONG}"]


def test_no_name_of_a_file_makes_a_dialog_wider_than_a_screen(boxed: tuple[QWidget, ChoiceBox]) -> None:
    _, box = boxed
    box.addItem("x" * 500)
    assert box.sizeHint().width() < 600
    assert box.minimumSizeHint().width() < 200


def test_every_choice_of_the_window_is_one_of_these() -> None:
    """Qt's own keeps the width of its first show: thirteen of ours cut what was filled in later."""
    made = []
    for path in files(PACKAGE / "gui"):
        for node in nodes(path):
            called = node.func if isinstance(node, ast.Call) else None
            bases = node.bases if isinstance(node, ast.ClassDef) else []
            if any(isinstance(name, ast.Name) and name.id == "QComboBox" for name in (called, *bases)):
                made.append(path.name)
    assert made == ["choice_box.py"]
