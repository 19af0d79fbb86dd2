"""Backbones side by side: compared in a worker on the labels at hand, and put to use by a click."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from panels_support import add_embedding, make_project, open_for_test
from PySide6.QtCore import Qt

from medlabeler.domain.types import Split
from medlabeler.gui.backbones.window import NONE, ONE, BackbonesWindow
from medlabeler.jobs import embed
from medlabeler.open_project.open_project import OpenProject

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def opened(tmp_path: Path, qtbot: Any) -> Iterator[OpenProject]:
    opened = open_for_test(make_project(tmp_path))
    pool = np.flatnonzero(opened.split == Split.POOL)
    for at, definition in enumerate(opened.classes):
        opened.label_rows(pool[pool % 3 == at], definition.id)
    yield opened
    opened.close()


def shown(opened: OpenProject, qtbot: Any) -> BackbonesWindow:
    window = BackbonesWindow(opened)
    qtbot.addWidget(window)
    window.show()
    return window


def test_an_empty_page_says_what_to_do(opened: OpenProject, qtbot: Any) -> None:
    window = shown(opened, qtbot)
    assert window.words.text() == NONE
    key = add_embedding(opened.project, "poor", 0.3)
    opened.refresh(embed.use(opened.project, key))
    assert window.words.text() == ONE
    assert not window.compare.isEnabled()
    with qtbot.waitSignal(window.add_wanted):
        qtbot.mouseClick(window.add, LEFT)


def test_two_backbones_are_compared_and_the_better_one_is_put_to_use(opened: OpenProject, qtbot: Any) -> None:
    poor = add_embedding(opened.project, "poor", 0.3)
    good = add_embedding(opened.project, "excellent", 6.0)
    opened.refresh(embed.use(opened.project, poor))
    window = shown(opened, qtbot)
    assert [row.in_use for row in window.table.source.rows] == [True, False]
    assert window.empty.isVisible()
    with qtbot.waitSignal(opened.runner.finished, timeout=60_000):
        qtbot.mouseClick(window.compare, LEFT)
        assert window.compare.text() == "Stop"
    assert "Excellent is better than Poor" in window.words.text()
    assert "by cross-validation" in window.words.text()
    assert window.plot.isVisible()
    assert [s.classifier for s in window.plot.series] == ["Poor", "Excellent"]
    assert window.table.source.rows[1].texts[-1].startswith("+")
    assert opened.project.history.looks() == 0

    window.table.selectRow(1)
    with qtbot.waitSignal(window.used):
        qtbot.mouseClick(window.use, LEFT)
    assert opened.project.settings.get("embedding", "") == good
    assert opened.embedding_info is not None
    assert opened.embedding_info.title == "Excellent"
    assert set(opened.project.vectors.keys()) == {poor, good}

    again = shown(opened, qtbot)
    assert "Excellent is better than Poor" in again.words.text()


def test_a_comparison_that_is_refused_says_why(opened: OpenProject, qtbot: Any) -> None:
    for name in ("poor", "excellent"):
        opened.refresh(embed.use(opened.project, add_embedding(opened.project, name, 1.0)))
    opened.clear_rows(np.flatnonzero(opened.label != opened.label[0]))
    window = shown(opened, qtbot)
    qtbot.mouseClick(window.compare, LEFT)
    assert "at least two classes" in window.words.text()
    assert window.compare.text() == "Compare"
