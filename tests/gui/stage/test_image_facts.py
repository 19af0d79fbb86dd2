"""The panel of all that is known about an image, and what it keeps back."""

from __future__ import annotations

from typing import Any

import pytest
from panels_support import N

from medlabeler.gui.stage.image_facts import ImageFacts
from medlabeler.open_project.open_project import OpenProject


@pytest.fixture
def panel(opened: OpenProject, qtbot: Any) -> ImageFacts:
    widget = ImageFacts(opened)
    qtbot.addWidget(widget)
    return widget


def told(panel: ImageFacts) -> dict[str, str]:
    items = [panel.topLevelItem(i) for i in range(panel.topLevelItemCount())]
    return {item.text(0): item.text(1) for item in items if item is not None}


def test_it_tells_of_the_file_the_table_and_the_project(panel: ImageFacts) -> None:
    opened = panel.opened
    assert told(panel) == {}
    opened.set_current(7)
    found = told(panel)
    assert found["File"] == "cell_07.png"
    assert (found["Size"], found["Part"], found["site"]) == ("60 × 48 px", "training images", "Barcelona")
    assert found["SHA-256"] == opened.project.catalog.record(7).digest
    opened.set_current(N - 1)
    assert told(panel)["Part"] == "test set"


def test_blind_nothing_gives_the_answer_away(panel: ImageFacts) -> None:
    panel.opened.set_blind(True)
    assert set(told(panel)) == {"Size"}
