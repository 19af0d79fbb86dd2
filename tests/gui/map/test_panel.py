"""What the map of the window shows of the open project: what is grey, and what can be coloured by."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from panels_support import make_project, open_for_test
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from medlabeler.domain.changes import Changes
from medlabeler.gui.map.panel import MapPanel
from medlabeler.gui.window.actions import Actions
from medlabeler.gui.window.toolbar import MainToolBar
from medlabeler.open_project.open_project import OpenProject
from medlabeler.project.columns import NewImage


def with_groups(folder: Path) -> OpenProject:
    """A project of three images of two slides."""
    project = make_project(folder)
    facts = ("a" * 64, 60, 48, "RGB", 100, 1, "train")
    project.catalog.add(
        [NewImage(str(folder / "more"), f"{at}.png", *facts, group) for at, group in enumerate("AAB")]
    )
    return open_for_test(project)


def test_one_selected_image_leaves_the_colours_of_the_others(qtbot: QtBot, tmp_path: Path) -> None:
    opened = open_for_test(make_project(tmp_path))
    panel = MapPanel(opened)
    qtbot.addWidget(panel)
    panel.view.set_points(np.random.default_rng(0).random((opened.n, 2)).astype(np.float32))
    points = panel.view.points
    opened.set_selection([3])
    assert len(points.drawn)
    assert not points.several_selected
    opened.set_selection([5], "add")
    assert len(points.drawn)
    assert points.several_selected
    assert np.flatnonzero(points.selection).tolist() == [3, 5]
    opened.close()


def test_images_can_be_coloured_by_their_group(qtbot: QtBot, tmp_path: Path) -> None:
    opened = with_groups(tmp_path)
    panel = MapPanel(opened)
    bar = MainToolBar(Actions(panel), panel)
    bar.set_opened(opened)
    qtbot.addWidget(panel)
    assert bar.colour.findData("group") >= 0
    with qtbot.waitSignal(opened.view_changed):
        opened.set_colour_by("group")
    opened.changed.emit(Changes.IMAGES)
    names = {entry.name: entry.in_all for entry in panel._compute().entries()}
    assert (names["A"], names["B"]) == (2, 1)
    opened.close()


def test_a_project_without_groups_does_not_offer_them(qtbot: QtBot, tmp_path: Path) -> None:
    opened = open_for_test(make_project(tmp_path))
    window = QMainWindow()
    bar = MainToolBar(Actions(window), window)
    bar.set_opened(opened)
    qtbot.addWidget(window)
    assert bar.colour.findData("group") < 0
    opened.close()
