"""Backbones side by side: compared in a worker on the labels at hand, and put to use by a click."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from panels_support import N, make_project, open_session
from PySide6.QtCore import Qt

from medlabeler.domain.types import Split
from medlabeler.gui.backbones_window import NONE, ONE, BackbonesWindow
from medlabeler.gui.session import Session
from medlabeler.jobs import embed
from medlabeler.project.project import Project
from medlabeler.project.vectors import EmbeddingInfo

LEFT = Qt.MouseButton.LeftButton


def add_embedding(project: Project, name: str, distance: float) -> str:
    """Vectors of the three colours, the better told apart the larger `distance`."""
    rng = np.random.default_rng(len(name))
    values = np.eye(3, 6)[np.arange(N) % 3] * distance + rng.normal(size=(N, 6))
    info = EmbeddingInfo(name, name.title(), f"{len(name):064d}", 6, {"size": 8}, "avg", "f", True, "MIT")
    key = project.vectors.create(info)
    staging = project.path / "staging" / name
    project.vectors.write_shard(
        staging, "all", np.arange(N), project.catalog.digest, values.astype(np.float32)
    )
    project.vectors.adopt(key, staging)
    return key


@pytest.fixture
def session(tmp_path: Path, qtbot: Any) -> Iterator[Session]:
    opened = open_session(make_project(tmp_path))
    pool = np.flatnonzero(opened.split == Split.POOL)
    for at, definition in enumerate(opened.classes):
        opened.label_rows(pool[pool % 3 == at], definition.id)
    yield opened
    opened.close()


def shown(session: Session, qtbot: Any) -> BackbonesWindow:
    window = BackbonesWindow(session)
    qtbot.addWidget(window)
    window.show()
    return window


def test_an_empty_page_says_what_to_do(session: Session, qtbot: Any) -> None:
    window = shown(session, qtbot)
    assert window.words.text() == NONE
    key = add_embedding(session.project, "poor", 0.3)
    session.refresh(embed.use(session.project, key))
    assert window.words.text() == ONE
    assert not window.compare.isEnabled()
    with qtbot.waitSignal(window.add_wanted):
        qtbot.mouseClick(window.add, LEFT)


def test_two_backbones_are_compared_and_the_better_one_is_put_to_use(session: Session, qtbot: Any) -> None:
    poor = add_embedding(session.project, "poor", 0.3)
    good = add_embedding(session.project, "excellent", 6.0)
    session.refresh(embed.use(session.project, poor))
    window = shown(session, qtbot)
    assert [row.in_use for row in window.table.source.rows] == [True, False]
    assert window.empty.isVisible()
    with qtbot.waitSignal(session.runner.finished, timeout=60_000):
        qtbot.mouseClick(window.compare, LEFT)
        assert window.compare.text() == "Stop"
    assert "Excellent is better than Poor" in window.words.text()
    assert "by cross-validation" in window.words.text()
    assert window.plot.isVisible()
    assert [s["classifier"] for s in window.plot.series] == ["Poor", "Excellent"]
    assert window.table.source.rows[1].texts[-1].startswith("+")
    assert session.project.history.looks() == 0

    window.table.selectRow(1)
    with qtbot.waitSignal(window.used):
        qtbot.mouseClick(window.use, LEFT)
    assert session.project.settings.get("embedding", "") == good
    assert session.embedding_info is not None
    assert session.embedding_info.title == "Excellent"
    assert set(session.project.vectors.keys()) == {poor, good}

    again = shown(session, qtbot)
    assert "Excellent is better than Poor" in again.words.text()


def test_a_comparison_that_is_refused_says_why(session: Session, qtbot: Any) -> None:
    for name in ("poor", "excellent"):
        session.refresh(embed.use(session.project, add_embedding(session.project, name, 1.0)))
    session.clear_rows(np.flatnonzero(session.label != session.label[0]))
    window = shown(session, qtbot)
    qtbot.mouseClick(window.compare, LEFT)
    assert "at least two classes" in window.words.text()
    assert window.compare.text() == "Compare"
