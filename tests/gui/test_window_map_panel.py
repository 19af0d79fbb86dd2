"""What the map of the window shows of the session: what is grey, and what can be coloured by."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from panels_support import make_project, open_session
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from medlabeler.domain.changes import Changes
from medlabeler.gui.actions import Actions
from medlabeler.gui.map_panel import MapPanel
from medlabeler.gui.session import Session
from medlabeler.gui.toolbar import MainToolBar
from medlabeler.project.columns import NewImage


def with_groups(folder: Path) -> Session:
    """A session on three images of two slides."""
    project = make_project(folder)
    facts = ("a" * 64, 60, 48, "RGB", 100, 1, "train")
    project.catalog.add(
        [NewImage(str(folder / "more"), f"{at}.png", *facts, group) for at, group in enumerate("AAB")]
    )
    return open_session(project)


def test_one_selected_image_leaves_the_colours_of_the_others(qtbot: QtBot, tmp_path: Path) -> None:
    session = open_session(make_project(tmp_path))
    panel = MapPanel(session)
    qtbot.addWidget(panel)
    panel.view.set_points(np.random.default_rng(0).random((session.n, 2)).astype(np.float32))
    points = panel.view.points
    session.set_selection([3])
    assert len(points.drawn)
    assert not points.several_selected
    session.set_selection([5], "add")
    assert len(points.drawn)
    assert points.several_selected
    assert np.flatnonzero(points.selection).tolist() == [3, 5]
    session.close()


def test_images_can_be_coloured_by_their_group(qtbot: QtBot, tmp_path: Path) -> None:
    session = with_groups(tmp_path)
    panel = MapPanel(session)
    bar = MainToolBar(Actions(panel), panel)
    bar.set_session(session)
    qtbot.addWidget(panel)
    assert bar.colour.findData("group") >= 0
    with qtbot.waitSignal(session.view_changed):
        session.set_colour_by("group")
    session.changed.emit(Changes.IMAGES)
    names = {entry.name: entry.in_all for entry in panel._compute().entries()}
    assert (names["A"], names["B"]) == (2, 1)
    session.close()


def test_a_project_without_groups_does_not_offer_them(qtbot: QtBot, tmp_path: Path) -> None:
    session = open_session(make_project(tmp_path))
    window = QMainWindow()
    bar = MainToolBar(Actions(window), window)
    bar.set_session(session)
    qtbot.addWidget(window)
    assert bar.colour.findData("group") < 0
    session.close()
