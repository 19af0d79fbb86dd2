"""Finding, selecting all, remarks and history by menu and key, in the window they belong to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from panels_support import make_project, predict
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from medlabeler.domain.changes import Changes
from medlabeler.domain.types import Remark
from medlabeler.gui.remarks.history import HistoryWindow
from medlabeler.gui.window.main_window import MainWindow
from medlabeler.gui.window.modes import Mode
from medlabeler.gui.window.project_page import ProjectPage
from medlabeler.open_project.open_project import OpenProject
from medlabeler.project.remarks import ON

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(tmp_path: Path, qtbot: Any) -> Iterator[MainWindow]:
    made = MainWindow()
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    made.current.take(make_project(tmp_path), start=False)
    qtbot.waitUntil(lambda: made.page is not None)
    made.activateWindow()
    yield made
    made.close()


def page_of(window: MainWindow) -> tuple[ProjectPage, OpenProject]:
    assert window.page is not None
    assert window.opened is not None
    return window.page, window.opened


def in_front(page: ProjectPage, panel: object) -> bool:
    return page.modes[Mode.EXPLORE].shows(panel)  # type: ignore[arg-type]  # any widget will do


def test_where_there_is_no_map_yet_explore_shows_the_images(window: MainWindow) -> None:
    page, opened = page_of(window)
    page.choose_mode(Mode.EXPLORE)
    assert in_front(page, page.browse)
    assert page.browse.view.isVisible()
    assert len(page.browse.view.rows) == opened.n
    assert page.browse.view.hasFocus()


def test_ctrl_f_brings_up_the_filter_where_the_person_is(window: MainWindow, qtbot: Any) -> None:
    page, opened = page_of(window)
    window.actions_["find"].trigger()
    assert page.mode == Mode.EXPLORE
    assert page.browse.bar.field.hasFocus()
    page.modes[Mode.EXPLORE].bring_up(page.map)
    window.actions_["find"].trigger()
    assert page.filter.field.hasFocus()
    QTest.keyClicks(page.filter.field, "cell_07")
    qtbot.waitUntil(lambda: opened.finder.rows.tolist() == [7])
    assert page.browse.bar.field.text() == "cell_07", "both bars show the filter that is in force"
    assert opened.kind.max() == 0, "no key of the filter labels"
    QTest.keyClick(page.filter.field, Qt.Key.Key_Escape)
    assert window.focusWidget() is page.map.view.canvas
    page.modes[Mode.EXPLORE].bring_up(page.grid)
    window.actions_["find"].trigger()
    assert in_front(page, page.browse)


def test_select_all_takes_what_is_found(window: MainWindow, qtbot: Any) -> None:
    page, opened = page_of(window)
    page.choose_mode(Mode.EXPLORE)
    opened.finder.look_for("cell_1")
    qtbot.waitUntil(lambda: not opened.finder.busy)
    window.actions_["select_all"].trigger()
    assert np.flatnonzero(opened.selection).tolist() == list(range(10, 20))
    page.browse.start()
    QTest.keyClick(page.browse.bar.field, Qt.Key.Key_A, CTRL)
    assert page.browse.bar.field.selectedText() == "cell_1", "in a field it means the text"


def test_an_image_is_flagged_and_noted_by_key_in_every_mode(window: MainWindow, qtbot: Any) -> None:
    page, opened = page_of(window)
    for row, mode in enumerate((Mode.LABEL, Mode.EXPLORE)):
        page.choose_mode(mode)
        opened.set_current(row)
        window.actions_["flag"].trigger()
        window.actions_["favourite"].trigger()
        assert opened.project.remarks.get(Remark.FLAG, row) == ON
        assert opened.project.remarks.get(Remark.FAVOURITE, row) == ON
        window.actions_["note"].trigger()
        assert page.remarks.note.hasFocus() or not page.remarks.isVisible()
        page.remarks.note.setPlainText(f"note {row} 1 2 3")
        page.remarks.keep()
        assert opened.project.remarks.get(Remark.NOTE, row) == f"note {row} 1 2 3"
    assert opened.kind.max() == 0
    window.actions_["undo"].trigger()
    assert opened.project.remarks.get(Remark.NOTE, 1) == ""
    assert "Undo" in window.actions_["undo"].text()
    assert "make 1 image favourite" in (opened.undo_name or "")


def test_the_menu_of_the_images_flags_what_is_selected(window: MainWindow) -> None:
    page, opened = page_of(window)
    page.choose_mode(Mode.EXPLORE)
    opened.set_selection([4, 5])
    menu = window.menus.image_menu()
    assert window.actions_["flag"] in menu.actions()
    window.actions_["flag"].trigger()
    assert np.flatnonzero(opened.project.remarks.mask(Remark.FLAG, opened.n)).tolist() == [4, 5]


def test_the_history_opens_once_and_a_double_click_enlarges(window: MainWindow, qtbot: Any) -> None:
    page, opened = page_of(window)
    for _ in range(2):
        window.actions_["history"].trigger()
    assert len(page.findChildren(HistoryWindow)) == 1
    page.choose_mode(Mode.EXPLORE)
    page.browse.enlarge_wanted.emit(6)
    assert page.mode == Mode.LABEL
    assert opened.current == 6


def test_predictions_of_the_test_set_cannot_be_found_in_the_window(window: MainWindow, qtbot: Any) -> None:
    _, opened = page_of(window)
    predict(opened)
    opened.changed.emit(Changes.MODEL)
    opened.finder.look_for("is:test prediction:*")
    qtbot.waitUntil(lambda: not opened.finder.busy)
    assert len(opened.finder.rows) == 0
    opened.finder.look_for("is:test confidence>0")
    qtbot.waitUntil(lambda: not opened.finder.busy)
    assert len(opened.finder.rows) == 0
