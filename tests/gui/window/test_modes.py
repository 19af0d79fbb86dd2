"""The four modes: how they are reached and remembered, how large the image is, where the eye has to go."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from events_noted import Noted
from layout_faults import faults
from opening_support import open_and_wait
from panels_support import make_project, predict, suggest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QRect, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QSplitter, QToolButton, QWidget
from showing import wait
from shown_window import shown_window

from medlabeler.domain.changes import Changes
from medlabeler.domain.types import LabelKind
from medlabeler.gui.window.main_window import MainWindow
from medlabeler.gui.window.mode_page import Column, Spot
from medlabeler.gui.window.modes import Mode
from medlabeler.gui.window.project_page import ProjectPage
from medlabeler.open_project.open_project import OpenProject

SIZES = ((1024, 700), (1440, 900), (2560, 1440))
KEYS = {Mode.LABEL: Qt.Key.Key_F2, Mode.EXPLORE: Qt.Key.Key_F3, Mode.REVIEW: Qt.Key.Key_F4,
        Mode.RESULTS: Qt.Key.Key_F5}  # fmt: skip


@pytest.fixture
def window(qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    with shown_window(make_project(tmp_path), monkeypatch) as shown:
        yield shown


def parts(window: MainWindow) -> tuple[OpenProject, ProjectPage]:
    assert window.opened is not None
    assert window.page is not None
    return window.opened, window.page


def place(widget: QWidget, window: QWidget) -> QRect:
    """Where `widget` is in the window."""
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


def test_function_keys_bring_up_the_modes_and_the_project_remembers(window: MainWindow) -> None:
    opened, page = parts(window)
    assert page.mode == Mode.LABEL
    for mode, key in reversed(KEYS.items()):
        QTest.keyClick(window, key)
        assert page.mode == mode
        assert window.tools.modes.buttons[mode].isChecked()
    QTest.keyClick(window, Qt.Key.Key_F3)
    path = opened.project.path
    assert page._remember.isActive(), "the disk is not waited for; closing sees to it"
    window.close_project()
    assert open_and_wait(window, path)
    assert parts(window)[1].mode == Mode.EXPLORE
    assert window.tools.modes.buttons[Mode.EXPLORE].isChecked()


def test_a_mode_is_put_together_in_one_turn_and_painted_in_the_next(
    window: MainWindow, qapp: QApplication
) -> None:
    """Fails before: both at once held the window for 70 ms on a project of 171,375 images."""
    _, page = parts(window)
    for mode in (Mode.EXPLORE, Mode.LABEL):
        qapp.processEvents()
        painted = Noted(QEvent.Type.Paint, page.findChildren(QWidget))
        page.choose_mode(mode)
        QCoreApplication.sendPostedEvents()  # what is left of this turn
        assert painted.take()[0] == 0
        assert page.stage.isVisible()
        wait(lambda painted=painted: bool(painted.times))
        assert page.updatesEnabled()
        painted.end()


@pytest.mark.parametrize("mode", Mode)
def test_a_project_left_in_any_mode_opens_with_the_panels_of_that_mode_alone(
    qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: Mode
) -> None:
    """Panels of several modes lay in the corner over Results until one of their modes was shown."""
    project = make_project(tmp_path)
    project.settings.set("mode", mode.value)
    with shown_window(project, monkeypatch) as shown:
        page = parts(shown)[1]
        assert page.mode == mode
        for panel in (page.stage, page.classes, page.about, page.card):
            if panel.isVisible():
                assert page.modes[mode].isAncestorOf(panel), type(panel).__name__
        assert page.card.isVisible() == (mode != Mode.RESULTS)


@pytest.mark.parametrize("size", SIZES)
def test_the_image_is_at_least_half_of_the_window(
    window: MainWindow, qtbot: Any, size: tuple[int, int]
) -> None:
    opened, page = parts(window)
    suggest(opened, [1, 2, 3])
    predict(opened)
    window.resize(*size)
    canvas = page.image.canvas
    qtbot.waitUntil(canvas.isVisible)  # a picture is read elsewhere
    assert (window.width(), window.height()) == size
    assert canvas.width() * canvas.height() >= 0.5 * size[0] * size[1]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("mode", list(Mode))
def test_each_mode_fits(window: MainWindow, mode: Mode, size: tuple[int, int]) -> None:
    opened, page = parts(window)
    predict(opened)
    page.choose_mode(mode)
    window.resize(*size)
    QTest.qWait(1)
    assert (window.width(), window.height()) == size
    assert place(page, window).right() <= size[0]
    assert place(page, window).width() >= 0.99 * size[0]


@pytest.mark.parametrize("size", SIZES)
def test_fifty_images_by_keyboard_without_a_long_way_for_the_eye(
    window: MainWindow, qtbot: Any, size: tuple[int, int]
) -> None:
    """From image to suggestion, to prediction, to class keys, to buttons: never over half the window."""
    opened, page = parts(window)
    window.resize(*size)
    suggest(opened, list(range(32)))
    predict(opened)
    labelled = 0
    for step in range(50):
        if not opened.suggestions:  # forty images are not fifty: the rest is taken back and labelled anew
            QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        row = opened.current
        assert opened.kind[row] == LabelKind.CLEAR
        qtbot.waitUntil(page.image.canvas.isVisible)  # a picture is read elsewhere
        spots = [page.image.canvas, page.queue.opinion, page.queue.reason, page.queue.chips,
                 page.queue.accept_button, page.queue.marks[-1]]  # fmt: skip
        centres = [place(spot, window).center() for spot in spots]
        for at in centres:
            for other in centres:
                assert abs(at.x() - other.x()) <= size[0] / 2
                assert abs(at.y() - other.y()) <= size[1] / 2
        QTest.keyClick(window.focusWidget() or window, Qt.Key.Key_Return if step % 3 else Qt.Key.Key_2)
        assert opened.kind[row] == LabelKind.LABEL, (step, row)
        labelled += 1
    assert labelled == 50


def test_space_gives_the_image_the_whole_screen_and_escape_takes_it_back(window: MainWindow) -> None:
    opened, page = parts(window)
    suggest(opened, [1, 2, 3])
    before = page.image.canvas.size()
    QTest.keyClick(page.queue, Qt.Key.Key_Space)
    assert page.full
    assert window.isFullScreen()
    assert not window.tools.isVisible()
    assert page.image.canvas.width() >= before.width()
    QTest.keyClick(page.queue, Qt.Key.Key_1)
    assert opened.kind[1] == LabelKind.LABEL
    assert opened.current == 2
    QTest.keyClick(page.queue, Qt.Key.Key_Escape)
    assert not page.full
    assert not window.isFullScreen()
    assert window.tools.isVisible()
    QTest.mouseDClick(page.image.canvas, Qt.MouseButton.LeftButton)
    assert page.full
    QTest.keyClick(page.queue, Qt.Key.Key_Space)
    assert not page.full


def first_map(opened: OpenProject) -> None:
    opened.xy = np.random.default_rng(0).normal(size=(opened.n, 2)).astype(np.float32)
    opened.changed.emit(Changes.PROJECTION)


def test_the_first_map_comes_to_the_front_by_itself(window: MainWindow) -> None:
    opened, page = parts(window)
    explore = page.modes[Mode.EXPLORE]
    assert explore.shows(page.browse)
    first_map(opened)
    assert explore.shows(page.map)
    explore.bring_up(page.browse)
    first_map(opened)
    assert explore.shows(page.browse), "only the first one"


def test_the_first_map_disturbs_nobody_who_looks_at_the_images(window: MainWindow) -> None:
    opened, page = parts(window)
    explore = page.modes[Mode.EXPLORE]
    page.choose_mode(Mode.EXPLORE)
    first_map(opened)
    assert explore.shows(page.browse)
    page.choose_mode(Mode.LABEL)
    bar = explore.main.tabBar()
    page.choose_mode(Mode.EXPLORE)
    QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(1).center())
    page.choose_mode(Mode.LABEL)
    first_map(opened)
    assert explore.shows(page.browse), "a choice of one's own stands"


def test_classes_beside_the_image_are_in_sight_and_so_is_every_tab(window: MainWindow, qtbot: Any) -> None:
    opened, page = parts(window)
    for name in "defgh":
        opened.add_class(name)
    predict(opened)
    column = page.modes[Mode.LABEL].columns[Spot.RIGHT]
    rows = page.classes.view

    def all_in_sight() -> bool:
        last = rows.model().index(rows.model().rowCount() - 1, 0)
        return bool(rows.viewport().rect().contains(rows.visualRect(last)))

    window.resize(1440, 900)
    qtbot.waitUntil(lambda: not column.low)
    qtbot.waitUntil(lambda: rows.model().rowCount() == 8)
    qtbot.waitUntil(all_in_sight)
    # What is beside them is not squeezed for it: it was given less than it needs.
    for panel in (page.about, page.upcoming):
        assert panel.isVisible()
        assert panel.height() >= panel.minimumSizeHint().height()

    window.resize(1024, 700)
    qtbot.waitUntil(lambda: column.low)
    qtbot.waitUntil(all_in_sight)
    bar = column.tabs.tabBar()
    qtbot.waitUntil(lambda: bar.tabRect(bar.count() - 1).right() <= bar.width())
    assert [bar.tabToolTip(at) for at in range(bar.count())] == ["Classes", "This image", "Next", "Facts"]
    assert not [button for button in bar.findChildren(QToolButton) if button.isVisible()]


def test_the_name_of_the_image_is_read_in_the_smallest_window(window: MainWindow, qtbot: Any) -> None:
    """Fails before: words of a tool stood in its place."""
    opened, page = parts(window)
    suggest(opened, [1, 2, 3])
    window.resize(1024, 700)
    qtbot.waitUntil(lambda: page.image.name.text() == page.image.name.full() != "")


def test_a_column_is_as_wide_as_the_names_of_its_tabs(qtbot: Any, tmp_path: Path) -> None:
    """Fails before: "Über das Bild" was cut in the smallest window."""
    column = Column("column", QSettings(str(tmp_path / "store.ini"), QSettings.Format.IniFormat))
    for title in ("Klassen", "Über das ganze Bild", "Nächste Bilder", "Fakten"):
        column.add([(title, QWidget())], 100, 100)
    beside = QSplitter()
    beside.addWidget(QWidget())
    beside.addWidget(column)
    beside.setChildrenCollapsible(False)
    qtbot.addWidget(beside)
    column.settle()
    beside.resize(700, 200)
    beside.setSizes([690, 10])
    beside.show()
    qtbot.waitUntil(lambda: column.low)
    qtbot.waitUntil(lambda: not faults(beside))
    assert column.tabs.tabBar().isVisible()


def test_a_column_that_nobody_saw_yet_leaves_its_panels_where_they_are(qtbot: Any, tmp_path: Path) -> None:
    """Fails before: not laid out yet it was taken for low, and each panel dressed twice more."""
    column = Column("column", QSettings(str(tmp_path / "store.ini"), QSettings.Format.IniFormat))
    qtbot.addWidget(column)
    for title in ("Classes", "This image", "Next"):
        column.add([(title, QWidget())], 250, 250)
    column.settle()
    assert not column.low
    column.resize(300, 900)
    column.show()
    assert not column.low
