"""The browser of all images: there from the moment of import, moved in by keys, found in by a filter."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from panels_support import N_TEST, N, class_named, make_project, open_for_test, predict
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QToolButton

from medlabeler.domain.changes import Changes
from medlabeler.domain.types import Remark
from medlabeler.gui.browse.filter_name import FilterNameDialog
from medlabeler.gui.browse.panel import BrowsePanel
from medlabeler.gui.kit.plain import caption
from medlabeler.open_project.open_project import OpenProject
from medlabeler.project.catalog import NewImage
from medlabeler.project.project import Project
from medlabeler.project.remarks import ON

SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(opened: OpenProject, qtbot: Any) -> BrowsePanel:
    made = BrowsePanel(opened)
    qtbot.addWidget(made)
    made.resize(900, 600)
    with qtbot.waitExposed(made):
        made.show()
    made.view.setFocus()
    return made


def find(panel: BrowsePanel, qtbot: Any, text: str) -> list[int]:
    """Type a filter and wait for what it finds."""
    panel.bar.field.setText(text)
    panel.bar.field.apply()
    qtbot.waitUntil(lambda: not panel.opened.finder.busy)
    return [int(row) for row in panel.view.rows]


def click(
    panel: BrowsePanel, place: int, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    QTest.mouseClick(panel.view.viewport(), LEFT, modifiers, panel.view.rect_of(place).center())


def selected(panel: BrowsePanel) -> list[int]:
    return [int(row) for row in np.flatnonzero(panel.opened.selection)]


def entries(menu: QMenu) -> dict[str, QAction]:
    """What a menu offers once it is open."""
    menu.aboutToShow.emit()
    return {action.text(): action for action in menu.actions() if action.text()}


def test_images_appear_as_they_are_imported_before_there_is_anything_else(tmp_path: Path, qtbot: Any) -> None:
    project = Project.create(tmp_path / "project")
    opened = open_for_test(project)
    panel = BrowsePanel(opened)
    qtbot.addWidget(panel)
    panel.show()
    assert panel.stack.currentWidget() is panel.empty
    assert "No images yet" in panel.empty.text()
    for part in (0, 3):
        images = [NewImage("/d", f"{i}.png", f"{i:064x}", 9, 9, "RGB", 1, 1) for i in range(part, part + 3)]
        project.catalog.add(images)
        opened.refresh(Changes.IMAGES)
        assert panel.view.rows.tolist() == list(range(part + 3))
        assert panel.stack.currentWidget() is panel.view
    assert panel.count.full() == "6 images"
    opened.close()


def test_thumbnails_stream_into_what_is_in_sight(panel: BrowsePanel, qtbot: Any) -> None:
    sight = [int(row) for row in panel.view.in_sight()]
    assert 0 < len(sight) < N
    qtbot.waitUntil(lambda: all(panel.view.thumbnails.get(row) is not None for row in sight))
    white = panel.view.grab(panel.view.rect_of(0)).toImage()
    assert white.pixelColor(white.width() // 2, 60) != panel.view.palette().base().color()


def test_a_click_shows_an_image_large_and_keys_move_on(panel: BrowsePanel) -> None:
    opened = panel.opened
    click(panel, 4)
    assert (opened.current, selected(panel)) == (4, [4])
    columns = panel.view._columns
    for key, row in (
        (Qt.Key.Key_Right, 5), (Qt.Key.Key_Down, 5 + columns), (Qt.Key.Key_Left, 4 + columns),
        (Qt.Key.Key_Up, 4), (Qt.Key.Key_End, N - 1), (Qt.Key.Key_Right, N - 1), (Qt.Key.Key_Home, 0),
        (Qt.Key.Key_Up, 0),
    ):  # fmt: skip
        QTest.keyClick(panel.view, key)
        assert opened.current == row
        assert panel.view.viewport().rect().intersects(panel.view.rect_of(row))


def test_several_are_selected_with_shift_ctrl_and_all_at_once(panel: BrowsePanel, qtbot: Any) -> None:
    click(panel, 2)
    click(panel, 5, SHIFT)
    assert selected(panel) == [2, 3, 4, 5]
    click(panel, 3, CTRL)
    assert selected(panel) == [2, 4, 5]
    click(panel, 6)
    QTest.keyClick(panel.view, Qt.Key.Key_Right, SHIFT)
    QTest.keyClick(panel.view, Qt.Key.Key_Right, SHIFT)
    assert selected(panel) == [6, 7, 8]
    find(panel, qtbot, "cell_1")
    QTest.keyClick(panel.view, Qt.Key.Key_A, CTRL)
    assert selected(panel) == list(range(10, 20))
    assert "10 selected" in panel.count.full()
    find(panel, qtbot, "")
    panel.all_button.click()
    assert selected(panel) == list(range(N))


def test_what_a_new_filter_hides_is_not_selected_any_more(panel: BrowsePanel, qtbot: Any) -> None:
    panel.opened.set_selection([3, 12, 13])
    find(panel, qtbot, "cell_1")
    assert selected(panel) == [12, 13]
    find(panel, qtbot, "cell_2")
    assert selected(panel) == []


def test_space_and_a_double_click_enlarge(panel: BrowsePanel, qtbot: Any) -> None:
    with qtbot.waitSignal(panel.enlarge_wanted) as twice:
        QTest.mouseDClick(panel.view.viewport(), LEFT, pos=panel.view.rect_of(3).center())
    assert twice.args == [3]
    click(panel, 2)
    with qtbot.waitSignal(panel.enlarge_wanted) as by_key:
        QTest.keyClick(panel.view, Qt.Key.Key_Space)
    assert by_key.args == [2]


def test_an_image_says_its_name_label_confidence_and_marks(panel: BrowsePanel) -> None:
    opened = panel.opened
    predict(opened)
    opened.label_rows([0], class_named(opened, "monocyte"))
    opened.describe_class(class_named(opened, "monocyte"), "Monozyt <b>", "", [])
    opened.remark([0], Remark.FLAG, ON)
    opened.remark([0], Remark.NOTE, "a & b")
    assert panel.view.cells.words(0).split("\n") == [
        "cell_00.png", "label Monozyt <b>", "prediction basophil, 80 %", "flagged", "note: a & b",
    ]  # fmt: skip
    assert "prediction" not in panel.view.cells.words(N - 1)
    assert "test set" in panel.view.cells.words(N - 1)
    click(panel, 0)
    assert panel.view.accessibleDescription() == panel.view.cells.words(0)


def test_conditions_are_chips_and_a_click_takes_one_away(panel: BrowsePanel, qtbot: Any) -> None:
    assert find(panel, qtbot, "is:training cell_1 -cell_11") == [10, 12, 13, 14, 15, 16, 17, 18, 19]
    assert panel.bar.chips() == ["training images", "with “cell_1”", "without “cell_11”"]
    button = panel.bar._flow.itemAt(2).widget()  # type: ignore[union-attr]  # it is there
    assert isinstance(button, QToolButton)
    button.click()
    qtbot.waitUntil(lambda: not panel.opened.finder.busy)
    assert panel.bar.field.text() == "is:training cell_1"
    assert len(panel.view.rows) == 10


def test_conditions_are_added_by_choosing(panel: BrowsePanel, qtbot: Any) -> None:
    opened = panel.opened
    opened.label_rows([4], class_named(opened, "eosinophil"))
    menu = panel.bar.add_button.menu()
    assert menu is not None
    fields = entries(menu)
    assert {"File name…", "Label", "Prediction", "Confidence", "Labelled by", "Labelled on", "State", "Note…",
            "site"} <= set(fields)  # fmt: skip
    values = entries(fields["Label"].menu())  # type: ignore[arg-type]  # it fits, which the checker cannot tell
    values[caption("eosinophil")].trigger()
    qtbot.waitUntil(lambda: not opened.finder.busy)
    assert panel.view.rows.tolist() == [4]
    entries(menu)["Note…"].trigger()
    assert panel.bar.field.text() == "label:eosinophil note:"
    assert "Barcelona" in entries(entries(menu)["site"].menu())  # type: ignore[arg-type]  # it fits, which the checker cannot tell


def test_what_could_come_next_is_offered_while_typing(panel: BrowsePanel) -> None:
    field = panel.bar.field
    QTest.keyClicks(field, "lab")
    assert field.offered()[0] == "label:"
    QTest.keyClicks(field, "el:mo")
    assert field.offered() == ["monocyte "]
    field._take(field._model.stringList()[0])
    assert field.text() == "label:monocyte "


def test_typing_finds_by_itself_and_a_filter_that_is_wrong_says_so(panel: BrowsePanel, qtbot: Any) -> None:
    QTest.keyClicks(panel.bar.field, "cell_07")
    qtbot.waitUntil(lambda: panel.view.rows.tolist() == [7])
    assert panel.count.full().startswith("1 of 40")
    find(panel, qtbot, "colour:red")
    assert panel.bar.problem.isVisible()
    assert "No field is called colour" in panel.bar.problem.full()
    assert panel.view.rows.tolist() == [7]
    find(panel, qtbot, "nothing_like_it")
    assert not panel.bar.problem.isVisible()
    assert "No image meets all conditions" in panel.empty.text()


def test_escape_and_down_give_the_keys_back_to_the_images(panel: BrowsePanel) -> None:
    for key in (Qt.Key.Key_Escape, Qt.Key.Key_Down):
        panel.start()
        assert panel.bar.field.hasFocus()
        QTest.keyClick(panel.bar.field, key)
        assert panel.view.hasFocus()


def test_a_filter_is_kept_and_brought_back_with_its_order(panel: BrowsePanel, qtbot: Any) -> None:
    find(panel, qtbot, "cell_1")
    panel.order.setCurrentIndex(panel.order.findData("file"))
    panel.order.activated.emit(panel.order.currentIndex())
    panel.down_button.click()
    qtbot.waitUntil(lambda: panel.view.rows.tolist() == list(range(19, 9, -1)))
    panel.bar.save("the & tens")
    find(panel, qtbot, "")
    panel.opened.finder.sort_by("")
    menu = panel.bar.saved_button.menu()
    assert menu is not None
    entries(menu)[caption("the & tens")].trigger()
    qtbot.waitUntil(lambda: panel.view.rows.tolist() == list(range(19, 9, -1)))
    panel.bar._ask_to_save()
    dialog = panel.bar.findChild(FilterNameDialog)
    assert isinstance(dialog, FilterNameDialog)
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    assert dialog.isVisible(), "fails before: it closed, and what was typed next was searched for"
    assert dialog.buttons.missing.text() == "A filter needs a name."
    QTest.keyClicks(dialog.field, "the & tens")
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert "already a filter named the & tens" in dialog.buttons.missing.text()
    QTest.keyClicks(dialog.field, " more")
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    assert not dialog.isVisible()
    assert [one.name for one in panel.opened.filters.all()] == ["the & tens", "the & tens more"]
    panel.bar.delete("the & tens more")
    panel.opened.filters.rename("the & tens", "tens")
    entries(entries(menu)["Delete"].menu())["tens"].trigger()  # type: ignore[arg-type]  # it fits, which the checker cannot tell
    assert panel.opened.filters.all() == []


def test_in_blind_mode_no_image_and_no_word_is_in_sight(panel: BrowsePanel) -> None:
    predict(panel.opened)
    panel.opened.set_blind(True)
    assert panel.stack.currentWidget() is panel.empty
    assert "Blind mode" in panel.empty.text()
    assert not panel.bar.isEnabled()
    assert panel.count.full() == ""
    panel.opened.set_blind(False)
    assert len(panel.view.rows) == N


def test_labelling_by_key_goes_to_what_is_selected_here(panel: BrowsePanel) -> None:
    click(panel, 1)
    click(panel, 3, SHIFT)
    assert panel.opened.targets().tolist() == [1, 2, 3]


def test_the_first_image_in_sight_stays_when_thumbnails_change_their_size(panel: BrowsePanel) -> None:
    bar = panel.view.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    first = panel.view.row_at(QPoint(panel.view._left + 2, 2))
    panel.side.setValue(90)
    assert panel.view.viewport().rect().intersects(panel.view.rect_of(panel.view.place_of(first)))


def test_only_what_is_in_sight_is_asked_for(tmp_path: Path, qtbot: Any) -> None:
    project = make_project(tmp_path)
    extra = [NewImage("/d", f"{i}.png", f"{i:064x}", 9, 9, "RGB", 1, 1) for i in range(20_000)]
    project.catalog.add(extra)
    opened = open_for_test(project)
    panel = BrowsePanel(opened)
    qtbot.addWidget(panel)
    panel.resize(900, 600)
    asked: set[int] = set()
    opened.thumbnails.ask = asked.add  # type: ignore[method-assign]  # another one in its place
    with qtbot.waitExposed(panel):
        panel.show()
    panel.view.viewport().repaint()
    panel.view.verticalScrollBar().setValue(panel.view.verticalScrollBar().maximum())
    panel.view.viewport().repaint()
    assert asked <= {*range(60), *range(opened.n - 60, opened.n)}
    assert opened.n - 1 in asked
    opened.close()


def test_the_test_set_is_told_apart(panel: BrowsePanel, qtbot: Any) -> None:
    assert find(panel, qtbot, "is:test") == list(range(N - N_TEST, N))
