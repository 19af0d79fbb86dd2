"""The class palette, driven by clicks, keys and drags on a real project."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from panels_support import class_named, drop, labelled, make_project, open_for_test
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QLineEdit, QMenu

from medlabeler.gui.classes.details import ClassDetails
from medlabeler.gui.classes.keys import KeyReader, key_hint
from medlabeler.gui.classes.palette import ClassPalette
from medlabeler.gui.classes.rows import CLASS_MIME, POSITION, menu_rect, swatch_rect
from medlabeler.gui.kit.dragging import mime_of
from medlabeler.open_project.open_project import OpenProject

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def palette(opened: OpenProject, qtbot: Any) -> ClassPalette:
    widget = ClassPalette(opened)
    qtbot.addWidget(widget)
    widget.resize(240, 420)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def row_of(palette: ClassPalette, name: str) -> Any:
    index = palette.model.index_of(class_named(palette.opened, name))
    return palette.view.visualRect(index)


def name_spot(palette: ClassPalette, name: str) -> QPoint:
    return row_of(palette, name).center() + QPoint(10, -8)


def test_click_on_the_label_button_labels_the_selection_as_one_step(
    palette: ClassPalette, qtbot: Any
) -> None:
    opened = palette.opened
    opened.set_selection([1, 2, 3])
    spot = swatch_rect(row_of(palette, "eosinophil")).center()
    qtbot.mouseClick(palette.view.viewport(), LEFT, pos=spot)
    assert labelled(opened, "eosinophil") == [1, 2, 3]
    assert opened.pool_counts[class_named(opened, "eosinophil")] == 3
    opened.undo()
    assert labelled(opened, "eosinophil") == []


def test_click_on_the_label_button_with_nothing_selected_says_what_to_do(
    palette: ClassPalette, qtbot: Any
) -> None:
    spot = swatch_rect(row_of(palette, "basophil")).center()
    with qtbot.waitSignal(palette.opened.message) as told:
        qtbot.mouseClick(palette.view.viewport(), LEFT, pos=spot)
    assert "Select images first" in told.args[0]
    assert palette.opened.project.labels.n_labelled == 0


def test_click_on_the_name_shows_the_images_of_the_class(palette: ClassPalette, qtbot: Any) -> None:
    opened = palette.opened
    opened.label_rows([4, 9], class_named(opened, "monocyte"))
    opened.set_selection([0])
    qtbot.mouseClick(palette.view.viewport(), LEFT, pos=name_spot(palette, "monocyte"))
    assert np.flatnonzero(opened.selection).tolist() == [4, 9]


def test_keys_label_while_the_palette_has_the_focus(palette: ClassPalette, qtbot: Any) -> None:
    opened = palette.opened
    opened.set_selection([5])
    palette.view.setFocus()
    qtbot.keyClick(palette.view, Qt.Key.Key_3)
    assert labelled(opened, "monocyte") == [5]


def test_a_class_is_added_by_typing_and_a_taken_name_keeps_the_text(
    palette: ClassPalette, qtbot: Any
) -> None:
    qtbot.keyClicks(palette.adder, "platelet")
    qtbot.keyClick(palette.adder, Qt.Key.Key_Return)
    assert [c.name for c in palette.opened.classes][-1] == "platelet"
    assert palette.adder.text() == ""
    qtbot.keyClicks(palette.adder, "platelet")
    with qtbot.waitSignal(palette.opened.failed):
        qtbot.keyClick(palette.adder, Qt.Key.Key_Return)
    assert palette.adder.text() == "platelet"
    assert len(palette.opened.classes) == 4


def test_double_click_renames_in_place(palette: ClassPalette, qtbot: Any) -> None:
    spot = name_spot(palette, "basophil")
    qtbot.mouseDClick(palette.view.viewport(), LEFT, pos=spot)
    editor = palette.view.findChild(QLineEdit)
    assert editor is not None
    editor.selectAll()
    qtbot.keyClicks(editor, "BAS")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: palette.opened.classes[0].name == "BAS")


def test_delete_says_how_many_labels_it_takes_and_undo_brings_them_back(
    palette: ClassPalette, qtbot: Any
) -> None:
    opened = palette.opened
    opened.label_rows([0, 1, 2], class_named(opened, "eosinophil"))
    said: list[str] = []
    opened.message.connect(said.append)
    palette.view.delete(opened.class_of(class_named(opened, "eosinophil")))
    assert [c.name for c in opened.classes] == ["basophil", "monocyte"]
    assert "3 labels" in said[-1]
    assert opened.project.labels.n_labelled == 0
    opened.undo()
    assert labelled(opened, "eosinophil") == [0, 1, 2]
    assert palette.model.rowCount() == 3


def test_merge_from_the_menu_moves_the_labels(palette: ClassPalette) -> None:
    opened = palette.opened
    opened.label_rows([6, 7], class_named(opened, "eosinophil"))
    menu = palette.view.menu_for(opened.class_of(class_named(opened, "eosinophil")))
    merging = next(a.menu() for a in menu.actions() if a.text() == "Merge into")
    assert [a.text() for a in merging.actions()] == ["basophil", "monocyte"]
    merging.actions()[1].trigger()
    assert labelled(opened, "monocyte") == [6, 7]


def test_recolour_from_the_menu(palette: ClassPalette) -> None:
    opened = palette.opened
    menu = palette.view.menu_for(opened.classes[0])
    colours = next(a.menu() for a in menu.actions() if a.text() == "Colour")
    other = next(a for a in colours.actions() if a.isCheckable() and not a.isChecked())
    other.trigger()
    assert opened.classes[0].colour.lower() == other.text().lower()


def test_three_dots_open_the_menu_of_the_class(palette: ClassPalette, qtbot: Any) -> None:
    row = row_of(palette, "monocyte")
    qtbot.mouseMove(palette.view.viewport(), menu_rect(row).center())
    qtbot.mouseClick(palette.view.viewport(), LEFT, pos=menu_rect(row).center())
    menu = palette.view.findChild(QMenu, "class_menu")
    assert menu is not None
    assert menu.isVisible()
    menu.close()


def test_images_dropped_on_a_class_are_labelled(palette: ClassPalette) -> None:
    opened = palette.opened
    spot = row_of(palette, "basophil").center()
    assert drop(palette.view.viewport(), spot, mime_of(np.array([3, 8])))
    assert labelled(opened, "basophil") == [3, 8]
    opened.set_selection([10, 11])
    assert drop(palette.view.viewport(), row_of(palette, "monocyte").center(), mime_of())
    assert labelled(opened, "monocyte") == [10, 11]
    assert palette.view.target is None


def test_test_images_dropped_on_a_class_are_left_out(palette: ClassPalette) -> None:
    opened = palette.opened
    drop(palette.view.viewport(), row_of(palette, "basophil").center(), mime_of(np.array([2, 39])))
    assert labelled(opened, "basophil") == [2]


def test_a_dragged_class_takes_its_new_place_and_key(palette: ClassPalette) -> None:
    opened = palette.opened
    data = palette.model.mimeData([palette.model.index(0)])
    assert data.hasFormat(CLASS_MIME)
    below = row_of(palette, "monocyte").center() + QPoint(0, 12)
    assert drop(palette.view.viewport(), below, data)
    assert [c.name for c in opened.classes] == ["eosinophil", "monocyte", "basophil"]


def test_counts_leave_the_test_set_out(palette: ClassPalette) -> None:
    opened = palette.opened
    opened.set_blind(True)
    opened.label_rows([39], class_named(opened, "basophil"))
    opened.set_blind(False)
    opened.label_rows([0], class_named(opened, "basophil"))
    assert opened.pool_counts == {class_named(opened, "basophil"): 1}


def test_thirty_classes_have_keys_and_scroll(tmp_path: Path, qtbot: Any) -> None:
    opened = open_for_test(make_project(tmp_path, tuple(f"class {i:02d}" for i in range(30))))
    try:
        palette = ClassPalette(opened)
        qtbot.addWidget(palette)
        palette.resize(240, 300)
        palette.show()
        assert palette.view.verticalScrollBar().maximum() > 0
        opened.set_selection([0])
        palette.view.setFocus()
        qtbot.keyClicks(palette.view, ",0")
        assert labelled(opened, "class 29") == [0]
        qtbot.keyClicks(palette.view, ".1")
        assert labelled(opened, "class 10") == [0]
    finally:
        opened.close()


def test_an_empty_project_asks_for_the_first_class(tmp_path: Path, qtbot: Any) -> None:
    opened = open_for_test(make_project(tmp_path, ()))
    try:
        palette = ClassPalette(opened)
        qtbot.addWidget(palette)
        palette.show()
        assert "Add your first class" in palette.empty.text()
        assert palette.empty.isVisible()
        qtbot.keyClicks(palette.adder, "EOS")
        qtbot.keyClick(palette.adder, Qt.Key.Key_Return)
        assert palette.view.isVisible()
        assert not palette.empty.isVisible()
    finally:
        opened.close()


def test_key_reader_needs_the_prefix_only_where_there_are_that_many_classes() -> None:
    reader = KeyReader()
    assert reader.read(".", 8) is None
    assert reader.read("3", 8) == 2
    assert reader.read(".", 14) is None
    assert reader.waiting
    assert reader.read("4", 14) == 13
    assert reader.read("9", 8) is None
    assert reader.read("0", 10) == 9


def test_every_key_hint_is_read_back_as_its_position() -> None:
    for position in range(30):
        reader = KeyReader()
        answers = [reader.read(key, 30) for key in key_hint(position)]
        assert answers[-1] == position
    assert key_hint(30) == ()


def test_the_full_name_is_what_is_read_and_the_short_one_what_is_stored(
    palette: ClassPalette, qtbot: Any
) -> None:
    opened = palette.opened
    first = opened.classes[0]
    opened.describe_class(first.id, "basophilic <granulocyte> & kin", "dark grains", [])
    index = palette.model.index_of(first.id)
    data = palette.model.data
    assert data(index) == "basophilic <granulocyte> & kin"
    assert data(index, Qt.ItemDataRole.EditRole) == "basophil"
    assert "dark grains" in data(index, Qt.ItemDataRole.ToolTipRole)
    assert data(index, Qt.ItemDataRole.AccessibleTextRole).startswith(
        "basophilic <granulocyte> & kin (basophil)"
    )
    assert opened.class_name(first.id) == "basophil"


def with_many(palette: ClassPalette, n: int) -> None:
    for number in range(len(palette.opened.classes), n):
        palette.opened.add_class(f"class {number:02d}")


def test_more_than_twelve_classes_can_be_searched_and_keep_their_keys(
    palette: ClassPalette, qtbot: Any
) -> None:
    opened = palette.opened
    with_many(palette, 12)
    assert not palette.seeker.isVisible()
    with_many(palette, 14)
    assert palette.seeker.isVisible()
    opened.describe_class(opened.classes[12].id, "Mélanome", "irregular rim", [])
    for text, name in (("mélan", "class 12"), ("RIM irregular", "class 12"), ("13", "class 13")):
        palette.seeker.setText(text)
        assert [
            palette.model.definition(palette.model.index(r)).name for r in range(palette.model.rowCount())
        ] == [name]
    index = palette.model.index(0)
    assert palette.model.data(index, POSITION) == 13
    assert ".4" in palette.model.data(index, Qt.ItemDataRole.ToolTipRole).replace(" then ", "")
    palette.seeker.setText("no such thing")
    assert palette.model.rowCount() == 0
    qtbot.keyClick(palette.seeker, Qt.Key.Key_Escape)
    assert palette.model.rowCount() == 14


def test_a_class_found_by_searching_is_labelled_with_and_no_key_of_the_search_labels(
    palette: ClassPalette, qtbot: Any
) -> None:
    opened = palette.opened
    with_many(palette, 14)
    opened.set_selection([2])
    qtbot.keyClicks(palette.seeker, "class 13")
    qtbot.keyClick(palette.seeker, Qt.Key.Key_Return)
    assert labelled(opened, "class 13") == []
    assert palette.view.hasFocus() or palette.view.currentIndex().row() == 0
    spot = swatch_rect(palette.view.visualRect(palette.model.index(0))).center()
    qtbot.mouseClick(palette.view.viewport(), LEFT, pos=spot)
    assert labelled(opened, "class 13") == [2]


def test_what_a_class_means_is_edited_in_a_dialog(palette: ClassPalette, qtbot: Any) -> None:
    opened = palette.opened
    first = opened.classes[0]
    opened.set_current(4)
    dialog = ClassDetails(opened, first, palette)
    dialog.show()
    dialog.name.setText("baso")
    dialog.full_name.setText(" basophilic   granulocyte ")
    dialog.description.setPlainText("dark grains\n")
    dialog.add_button.click()
    assert not dialog.add_button.isEnabled()
    opened.set_current(6)
    dialog.add_button.click()
    opened.set_current(opened.n - 1)
    assert not dialog.add_button.isEnabled(), "an image of the test set is no example"
    qtbot.waitUntil(lambda: not dialog.examples.item(0).icon().isNull())
    dialog.accept()
    now = opened.class_of(first.id)
    assert now is not None
    assert (now.name, now.full_name, now.description, now.examples) == (
        "baso", "basophilic granulocyte", "dark grains", (4, 6),
    )  # fmt: skip
    opened.undo()
    opened.undo()
    assert opened.class_of(first.id) == first


def test_a_name_that_is_taken_is_refused_in_the_dialog_and_nothing_changes(palette: ClassPalette) -> None:
    opened = palette.opened
    first = opened.classes[0]
    dialog = ClassDetails(opened, first, palette)
    dialog.show()
    dialog.name.setText("monocyte")
    dialog.full_name.setText("something")
    dialog.accept()
    assert dialog.isVisible()
    assert "already a class named monocyte" in dialog.problem.text()
    assert opened.class_of(first.id) == first
    dialog.reject()


def test_all_counts_are_written_alike(palette: ClassPalette, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails before: "0 of 100" above "0/100", by the length of each name."""
    opened = palette.opened
    opened.add_class("a name that leaves little room")
    painted: list[str] = []
    monkeypatch.setattr(QPainter, "drawText", lambda self, *args: painted.append(str(args[-1])))
    palette.view.grab()
    assert painted.count("0/100") == 4
    assert "0 of 100" not in painted
