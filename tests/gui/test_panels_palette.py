"""The class palette, driven by clicks, keys and drags on a real project."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from panels_support import class_named, drop, labelled, make_project, open_session
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLineEdit, QMenu

from medlabeler.gui.class_keys import KeyReader, key_hint
from medlabeler.gui.class_rows import CLASS_MIME, menu_rect, swatch_rect
from medlabeler.gui.dragging import mime_of
from medlabeler.gui.label_palette import LabelPalette, pool_counts
from medlabeler.gui.session import Session

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def palette(session: Session, qtbot: Any) -> LabelPalette:
    widget = LabelPalette(session)
    qtbot.addWidget(widget)
    widget.resize(240, 420)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def row_of(palette: LabelPalette, name: str) -> Any:
    index = palette.model.index_of(class_named(palette.session, name))
    return palette.view.visualRect(index)


def name_spot(palette: LabelPalette, name: str) -> QPoint:
    return row_of(palette, name).center() + QPoint(10, -8)


def test_click_on_the_label_button_labels_the_selection_as_one_step(
    palette: LabelPalette, qtbot: Any
) -> None:
    session = palette.session
    session.set_selection([1, 2, 3])
    spot = swatch_rect(row_of(palette, "eosinophil")).center()
    qtbot.mouseClick(palette.view.viewport(), LEFT, pos=spot)
    assert labelled(session, "eosinophil") == [1, 2, 3]
    assert pool_counts(session)[class_named(session, "eosinophil")] == 3
    session.undo()
    assert labelled(session, "eosinophil") == []


def test_click_on_the_label_button_with_nothing_selected_says_what_to_do(
    palette: LabelPalette, qtbot: Any
) -> None:
    spot = swatch_rect(row_of(palette, "basophil")).center()
    with qtbot.waitSignal(palette.session.message) as told:
        qtbot.mouseClick(palette.view.viewport(), LEFT, pos=spot)
    assert "Select images first" in told.args[0]
    assert palette.session.project.labels.n_labelled == 0


def test_click_on_the_name_shows_the_images_of_the_class(palette: LabelPalette, qtbot: Any) -> None:
    session = palette.session
    session.label_rows([4, 9], class_named(session, "monocyte"))
    session.set_selection([0])
    qtbot.mouseClick(palette.view.viewport(), LEFT, pos=name_spot(palette, "monocyte"))
    assert np.flatnonzero(session.selection).tolist() == [4, 9]


def test_keys_label_while_the_palette_has_the_focus(palette: LabelPalette, qtbot: Any) -> None:
    session = palette.session
    session.set_selection([5])
    palette.view.setFocus()
    qtbot.keyClick(palette.view, Qt.Key.Key_3)
    assert labelled(session, "monocyte") == [5]


def test_a_class_is_added_by_typing_and_a_taken_name_keeps_the_text(
    palette: LabelPalette, qtbot: Any
) -> None:
    qtbot.keyClicks(palette.adder, "platelet")
    qtbot.keyClick(palette.adder, Qt.Key.Key_Return)
    assert [c.name for c in palette.session.classes][-1] == "platelet"
    assert palette.adder.text() == ""
    qtbot.keyClicks(palette.adder, "platelet")
    with qtbot.waitSignal(palette.session.failed):
        qtbot.keyClick(palette.adder, Qt.Key.Key_Return)
    assert palette.adder.text() == "platelet"
    assert len(palette.session.classes) == 4


def test_double_click_renames_in_place(palette: LabelPalette, qtbot: Any) -> None:
    spot = name_spot(palette, "basophil")
    qtbot.mouseDClick(palette.view.viewport(), LEFT, pos=spot)
    editor = palette.view.findChild(QLineEdit)
    assert editor is not None
    editor.selectAll()
    qtbot.keyClicks(editor, "BAS")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: palette.session.classes[0].name == "BAS")


def test_delete_says_how_many_labels_it_takes_and_undo_brings_them_back(
    palette: LabelPalette, qtbot: Any
) -> None:
    session = palette.session
    session.label_rows([0, 1, 2], class_named(session, "eosinophil"))
    said: list[str] = []
    session.message.connect(said.append)
    palette.view.delete(session.class_of(class_named(session, "eosinophil")))
    assert [c.name for c in session.classes] == ["basophil", "monocyte"]
    assert "3 labels" in said[-1]
    assert session.project.labels.n_labelled == 0
    session.undo()
    assert labelled(session, "eosinophil") == [0, 1, 2]
    assert palette.model.rowCount() == 3


def test_merge_from_the_menu_moves_the_labels(palette: LabelPalette) -> None:
    session = palette.session
    session.label_rows([6, 7], class_named(session, "eosinophil"))
    menu = palette.view.menu_for(session.class_of(class_named(session, "eosinophil")))
    merging = next(a.menu() for a in menu.actions() if a.text() == "Merge into")
    assert [a.text() for a in merging.actions()] == ["basophil", "monocyte"]
    merging.actions()[1].trigger()
    assert labelled(session, "monocyte") == [6, 7]


def test_recolour_from_the_menu(palette: LabelPalette) -> None:
    session = palette.session
    menu = palette.view.menu_for(session.classes[0])
    colours = next(a.menu() for a in menu.actions() if a.text() == "Colour")
    other = next(a for a in colours.actions() if a.isCheckable() and not a.isChecked())
    other.trigger()
    assert session.classes[0].colour.lower() == other.text().lower()


def test_three_dots_open_the_menu_of_the_class(palette: LabelPalette, qtbot: Any) -> None:
    row = row_of(palette, "monocyte")
    qtbot.mouseMove(palette.view.viewport(), menu_rect(row).center())
    qtbot.mouseClick(palette.view.viewport(), LEFT, pos=menu_rect(row).center())
    menu = palette.view.findChild(QMenu, "class_menu")
    assert menu is not None
    assert menu.isVisible()
    menu.close()


def test_images_dropped_on_a_class_are_labelled(palette: LabelPalette) -> None:
    session = palette.session
    spot = row_of(palette, "basophil").center()
    assert drop(palette.view.viewport(), spot, mime_of(np.array([3, 8])))
    assert labelled(session, "basophil") == [3, 8]
    session.set_selection([10, 11])
    assert drop(palette.view.viewport(), row_of(palette, "monocyte").center(), mime_of())
    assert labelled(session, "monocyte") == [10, 11]
    assert palette.view.target is None


def test_test_images_dropped_on_a_class_are_left_out(palette: LabelPalette) -> None:
    session = palette.session
    drop(palette.view.viewport(), row_of(palette, "basophil").center(), mime_of(np.array([2, 39])))
    assert labelled(session, "basophil") == [2]


def test_a_dragged_class_takes_its_new_place_and_key(palette: LabelPalette) -> None:
    session = palette.session
    data = palette.model.mimeData([palette.model.index(0)])
    assert data.hasFormat(CLASS_MIME)
    below = row_of(palette, "monocyte").center() + QPoint(0, 12)
    assert drop(palette.view.viewport(), below, data)
    assert [c.name for c in session.classes] == ["eosinophil", "monocyte", "basophil"]


def test_counts_leave_the_test_set_out(palette: LabelPalette) -> None:
    session = palette.session
    session.set_blind(True)
    session.label_rows([39], class_named(session, "basophil"))
    session.set_blind(False)
    session.label_rows([0], class_named(session, "basophil"))
    assert pool_counts(session) == {class_named(session, "basophil"): 1}


def test_thirty_classes_have_keys_and_scroll(tmp_path: Path, qtbot: Any) -> None:
    session = open_session(make_project(tmp_path, tuple(f"class {i:02d}" for i in range(30))))
    try:
        palette = LabelPalette(session)
        qtbot.addWidget(palette)
        palette.resize(240, 300)
        palette.show()
        assert palette.view.verticalScrollBar().maximum() > 0
        session.set_selection([0])
        palette.view.setFocus()
        qtbot.keyClicks(palette.view, ",0")
        assert labelled(session, "class 29") == [0]
        qtbot.keyClicks(palette.view, ".1")
        assert labelled(session, "class 10") == [0]
    finally:
        session.close()


def test_an_empty_project_asks_for_the_first_class(tmp_path: Path, qtbot: Any) -> None:
    session = open_session(make_project(tmp_path, ()))
    try:
        palette = LabelPalette(session)
        qtbot.addWidget(palette)
        palette.show()
        assert "Add your first class" in palette.empty.text()
        assert palette.empty.isVisible()
        qtbot.keyClicks(palette.adder, "EOS")
        qtbot.keyClick(palette.adder, Qt.Key.Key_Return)
        assert palette.view.isVisible()
        assert not palette.empty.isVisible()
    finally:
        session.close()


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
