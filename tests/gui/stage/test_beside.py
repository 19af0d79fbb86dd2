"""Two images side by side: which one stands there, linked zoom, and keys that label the current one alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from panels_support import class_named, suggest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from medlabeler.domain.progress import SilentProgress
from medlabeler.domain.types import LabelKind
from medlabeler.gui.stage.beside import Beside
from medlabeler.gui.stage.companions import Kind
from medlabeler.gui.stage.image_canvas import ImageCanvas
from medlabeler.gui.window.main_window import MainWindow
from medlabeler.gui.window.modes import Mode
from medlabeler.gui.window.project_page import ProjectPage
from medlabeler.jobs import new
from medlabeler.open_project.open_project import OpenProject
from medlabeler.project.project import Project
from medlabeler.project.sources import Manifest

VISITS = 3
N = 12
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def window(qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    """Twelve images of two sizes: three visits of each of three patients, and three of nobody."""
    monkeypatch.setattr("medlabeler.open_project.engine.EngineBridge.start", lambda self: None)
    lines = ["image,patient"]
    for row in range(N):
        size = (120, 90) if row % 2 else (60, 60)
        Image.fromarray(np.full((size[1], size[0], 3), 20 * row, np.uint8)).save(tmp_path / f"{row:02d}.png")
        lines.append(f"{row:02d}.png,{row // VISITS if row < 9 else ''}")
    (tmp_path / "list.csv").write_text("\n".join(lines))
    manifests = (Manifest(tmp_path / "list.csv"),)
    new.run(None, new.Params(tmp_path / "project", manifests=manifests, group="patient"), SilentProgress())
    project = Project.open(tmp_path / "project")
    for name in ("calm", "active"):
        project.journal.add_class(name)
    shown = MainWindow()
    shown.resize(1440, 900)
    shown.current.take(project, start=False)
    shown.show()
    shown.activateWindow()
    assert QTest.qWaitForWindowActive(shown)
    yield shown
    shown.close()
    shown.deleteLater()


def parts(window: MainWindow) -> tuple[OpenProject, ProjectPage, Beside]:
    assert window.opened is not None
    assert window.page is not None
    return window.opened, window.page, window.page.stage.beside


def canvases(window: MainWindow, qtbot: Any) -> tuple[ImageCanvas, ImageCanvas]:
    """Both, once their images are there."""
    _, page, beside = parts(window)
    first, other = page.image.canvas, beside.picture.canvas
    qtbot.waitUntil(lambda: first.image is not None and other.image is not None)
    return first, other


def grey(canvas: ImageCanvas) -> int:
    """Which row it shows."""
    assert canvas.image is not None
    return int(canvas.image.levels[0][0, 0, 0]) // 20


def press(window: MainWindow, key: Qt.Key) -> None:
    QTest.keyClick(window.focusWidget() or window, key)


def seen(canvas: ImageCanvas) -> tuple[float, ...]:
    assert canvas.sight is not None
    return astuple(canvas.sight)


def test_the_next_visit_of_the_group_stands_beside_and_the_walk_goes_round(
    window: MainWindow, qtbot: Any
) -> None:
    opened, _page, beside = parts(window)
    opened.set_current(4)
    press(window, Qt.Key.Key_B)
    first, other = canvases(window, qtbot)
    assert beside.isVisible()
    assert (grey(first), grey(other)) == (4, 5)
    rows = []
    for _ in range(VISITS):
        beside.next.click()
        rows.append(beside.row)
    assert rows == [3, 5, 3]
    beside.back.click()
    assert beside.row == 5
    opened.set_current(1)
    assert beside.row == 2
    press(window, Qt.Key.Key_Escape)
    assert not beside.isVisible()
    assert opened.current == 1


def test_zoom_and_pan_are_linked_both_ways_whatever_the_sizes(window: MainWindow, qtbot: Any) -> None:
    opened, page, _ = parts(window)
    opened.set_current(3)
    press(window, Qt.Key.Key_B)
    first, other = canvases(window, qtbot)
    assert first.image is not None
    assert other.image is not None
    assert first.image.width != other.image.width
    first.zoom_to(first.scale * 3)
    assert seen(other) == pytest.approx(seen(first))
    for moved, follower in ((first, other), (other, first)):
        middle = moved.rect().center()
        before = seen(follower)
        qtbot.mousePress(moved, LEFT, pos=middle)
        qtbot.mouseMove(moved, middle + QPoint(40, 25))
        qtbot.mouseRelease(moved, LEFT, pos=middle + QPoint(40, 25))
        assert seen(follower) != before
        assert seen(follower) == pytest.approx(seen(moved))
    other.zoom_to(other.scale * 1.5)
    assert seen(first) == pytest.approx(seen(other))
    other.adjust(20, -30)
    assert (first.brightness, first.contrast) == (20, -30)
    page.image.fit_button.click()
    assert first.fitted
    assert other.fitted
    press(window, Qt.Key.Key_Escape)
    first.zoom_to(first.scale * 2)
    assert other.fitted


def test_an_image_that_comes_later_is_seen_as_the_current_one(window: MainWindow, qtbot: Any) -> None:
    opened, page, _ = parts(window)
    opened.set_current(3)
    qtbot.waitUntil(lambda: page.image.canvas.image is not None)
    page.image.canvas.zoom_to(page.image.canvas.scale * 4)
    press(window, Qt.Key.Key_B)
    first, other = canvases(window, qtbot)
    assert not first.fitted
    assert seen(other) == pytest.approx(seen(first))


def test_keys_label_only_the_current_image_which_is_marked(window: MainWindow, qtbot: Any) -> None:
    opened, page, beside = parts(window)
    suggest(opened, [3, 7, 10])
    opened.set_current(3)
    press(window, Qt.Key.Key_B)
    first, other = canvases(window, qtbot)
    assert page.stage.meant.isVisible()
    corner = first.grab().toImage().pixelColor(1, 1)
    assert corner == first.palette().highlight().color()
    assert other.grab().toImage().pixelColor(1, 1) != corner
    qtbot.mouseClick(other, LEFT)  # the focus stands on the other one
    press(window, Qt.Key.Key_1)
    assert opened.kind[3] == LabelKind.LABEL
    assert [int(r) for r in np.flatnonzero(opened.kind == LabelKind.LABEL)] == [3]
    # The next one is asked about: the image beside is of its group now.
    assert opened.current == 7
    assert beside.row == 8
    press(window, Qt.Key.Key_N)
    assert opened.kind[7] == LabelKind.NOT_SURE
    assert opened.kind[8] == LabelKind.CLEAR
    assert opened.current == 10  # of no group
    assert beside.row == -1
    assert "same group" in beside.empty.text()
    assert beside.empty.isVisible()


def test_two_selected_in_explore_are_seen_and_change_places(window: MainWindow, qtbot: Any) -> None:
    opened, page, beside = parts(window)
    page.choose_mode(Mode.EXPLORE)
    opened.set_selection([2, 9])
    press(window, Qt.Key.Key_B)
    assert page.mode == Mode.LABEL
    assert {opened.current, beside.row} == {2, 9}
    was = opened.current, beside.row
    assert opened.targets().tolist() == [opened.current]
    beside.swap.click()
    assert (beside.row, opened.current) == was
    first, other = canvases(window, qtbot)
    qtbot.waitUntil(lambda: (grey(other), grey(first)) == was)
    press(window, Qt.Key.Key_2)
    assert np.flatnonzero(opened.kind == LabelKind.LABEL).tolist() == [was[1]]


def test_a_similar_image_is_put_there_from_its_menu(window: MainWindow, qtbot: Any) -> None:
    opened, page, beside = parts(window)
    opened.label_rows([0, 6], class_named(opened, "calm"))
    opened.set_current(10)
    opened.adopt_neighbours(10, [(6, 0.9), (0, 0.8)])
    menu = page.about.strip.menu_at(1)
    next(action for action in menu.actions() if action.iconText() == "Side by side").trigger()
    assert (beside.row, beside.kind.currentData()) == (0, Kind.CHOSEN)
    assert opened.current == 10
    press(window, Qt.Key.Key_B)
    press(window, Qt.Key.Key_B)
    assert (beside.row, beside.kind.currentData()) == (6, Kind.SIMILAR)
    assert beside.picture.label.text == "calm"


def test_on_the_whole_screen_escape_leaves_first_the_one_then_the_other(
    window: MainWindow, qtbot: Any
) -> None:
    opened, page, beside = parts(window)
    opened.set_current(3)
    press(window, Qt.Key.Key_Space)
    press(window, Qt.Key.Key_B)
    first, other = canvases(window, qtbot)
    assert page.full
    assert abs(first.width() - other.width()) < 30
    press(window, Qt.Key.Key_Escape)
    assert (page.full, beside.on) == (True, False)
    press(window, Qt.Key.Key_Escape)
    assert not page.full


def test_blind_nothing_stands_beside(window: MainWindow) -> None:
    opened, page, beside = parts(window)
    opened.set_current(3)
    press(window, Qt.Key.Key_B)
    assert beside.on
    opened.blind = True
    opened.view_changed.emit()
    assert not beside.on
    assert not page.image.beside_button.isVisible()
    press(window, Qt.Key.Key_B)
    assert not beside.on


def test_another_mode_has_one_image_again(window: MainWindow) -> None:
    opened, _, beside = parts(window)
    opened.set_current(3)
    press(window, Qt.Key.Key_B)
    press(window, Qt.Key.Key_F3)
    assert not beside.on
