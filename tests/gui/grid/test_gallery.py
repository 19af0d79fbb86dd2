"""The grid of thumbnails, driven by clicks and keys on a real project."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from panels_support import class_named, labelled, predict, suggest
from PySide6.QtCore import Qt

from medlabeler.domain.types import LabelKind
from medlabeler.gui.grid.gallery import PREDICTED, SUGGESTIONS, Gallery
from medlabeler.gui.kit.dragging import rows_of
from medlabeler.open_project.open_project import OpenProject

LEFT = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def gallery(opened: OpenProject, qtbot: Any) -> Gallery:
    widget = Gallery(opened)
    qtbot.addWidget(widget)
    widget.resize(760, 420)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def settle(qtbot: Any, gallery: Gallery) -> None:
    """Wait until the last cell is laid out."""
    last = gallery.model.index(gallery.model.rowCount() - 1, 0)
    qtbot.waitUntil(lambda: gallery.view.visualRect(last).isValid())


def pick(qtbot: Any, gallery: Gallery, place: int, modifier: Any = Qt.KeyboardModifier.NoModifier) -> None:
    settle(qtbot, gallery)
    spot = gallery.view.visualRect(gallery.model.index(place, 0)).center()
    qtbot.mouseClick(gallery.view.viewport(), LEFT, modifier, spot)


def test_it_follows_the_selection_and_counts_the_test_images(gallery: Gallery) -> None:
    assert gallery.empty.isVisible()
    gallery.opened.set_selection([3, 1, 38])
    assert gallery.model.rows.tolist() == [1, 3, 38]
    assert gallery.view.isVisible()
    assert gallery.count.full() == "3 images, 1 of the test set"


def test_keys_label_only_what_is_picked(gallery: Gallery, qtbot: Any) -> None:
    opened = gallery.opened
    opened.set_selection(range(10))
    pick(qtbot, gallery, 2)
    pick(qtbot, gallery, 5, CTRL)
    assert opened.current == 5
    assert opened.targets().tolist() == [2, 5]
    qtbot.keyClick(gallery.view, Qt.Key.Key_2)
    assert labelled(opened, "eosinophil") == [2, 5]
    assert opened.undo_name == "label 2 images eosinophil"


def test_keys_label_the_whole_selection_when_nothing_is_picked(gallery: Gallery, qtbot: Any) -> None:
    opened = gallery.opened
    opened.set_selection([0, 1, 2, 39])
    gallery.view.clearSelection()
    qtbot.keyClick(gallery.view, Qt.Key.Key_1)
    assert labelled(opened, "basophil") == [0, 1, 2]


def test_marks_by_key(gallery: Gallery, qtbot: Any) -> None:
    opened = gallery.opened
    opened.set_selection([4, 5, 6])
    pick(qtbot, gallery, 0)
    qtbot.keyClick(gallery.view, Qt.Key.Key_X)
    pick(qtbot, gallery, 1)
    qtbot.keyClick(gallery.view, Qt.Key.Key_N)
    kinds = opened.project.labels.kind[[4, 5, 6]].tolist()
    assert kinds == [LabelKind.BAD_IMAGE, LabelKind.NOT_SURE, LabelKind.CLEAR]


def test_enter_confirms_the_predictions_of_what_is_picked(gallery: Gallery, qtbot: Any) -> None:
    opened = gallery.opened
    predict(opened)
    opened.set_selection([0, 1, 2, 3])
    pick(qtbot, gallery, 0)
    pick(qtbot, gallery, 1, CTRL)
    assert gallery.confirm_button.text() == "Confirm 2"
    qtbot.keyClick(gallery.view, Qt.Key.Key_Return)
    assert labelled(opened, "basophil") == [0]
    assert labelled(opened, "eosinophil") == [1]
    opened.undo()
    assert opened.project.labels.n_labelled == 0


def test_predicted_class_shows_unlabelled_pool_images_only_and_shrinks(gallery: Gallery, qtbot: Any) -> None:
    opened = gallery.opened
    opened.label_rows([0], class_named(opened, "basophil"))
    predict(opened)
    gallery.show_source(PREDICTED, class_named(opened, "basophil"))
    expected = [row for row in range(32) if row % 3 == 0 and row != 0]
    assert sorted(gallery.model.rows.tolist()) == expected
    pick(qtbot, gallery, 0)
    row = opened.current
    qtbot.keyClick(gallery.view, Qt.Key.Key_Return)
    assert row in labelled(opened, "basophil")
    assert sorted(gallery.model.rows.tolist()) == [r for r in expected if r != row]


def test_a_refit_never_reorders_under_the_hand(gallery: Gallery) -> None:
    opened = gallery.opened
    predict(opened)
    opened.set_selection(range(6))
    gallery.order.setCurrentIndex(gallery.order.findData("prediction"))
    gallery.refill()
    before = gallery.model.rows.tolist()
    ids = [c.id for c in opened.classes]
    predict(opened, [ids[2 - r % 3] for r in range(opened.n)])
    assert gallery.model.rows.tolist() == before
    assert gallery.update_button.isVisible()
    gallery.update_button.click()
    assert gallery.model.rows.tolist() != before


def test_least_confident_first(gallery: Gallery) -> None:
    opened = gallery.opened
    predict(opened)
    opened.confidence = np.linspace(1, 0, opened.n).astype(np.float32)
    opened.set_selection([2, 8, 5])
    gallery.order.setCurrentIndex(gallery.order.findData("sure last"))
    gallery.refill()
    assert gallery.model.rows.tolist() == [8, 5, 2]


def test_suggestions_and_blind_mode(gallery: Gallery) -> None:
    opened = gallery.opened
    suggest(opened, [7, 3])
    gallery.show_source(SUGGESTIONS)
    assert gallery.model.rows.tolist() == [7, 3]
    opened.set_blind(True)
    offered = [gallery.source.itemData(i) for i in range(gallery.source.count())]
    assert offered == ["selection"]


def test_a_drag_carries_the_rows(gallery: Gallery, qtbot: Any) -> None:
    gallery.opened.set_selection([11, 12, 13])
    pick(qtbot, gallery, 1)
    data = gallery.model.mimeData(gallery.view.selectedIndexes())
    assert rows_of(data).tolist() == [12]


def test_menu_labels_and_clears(gallery: Gallery, qtbot: Any) -> None:
    opened = gallery.opened
    opened.set_selection([1, 2])
    pick(qtbot, gallery, 0)
    pick(qtbot, gallery, 1, CTRL)
    next(a for a in gallery.menu().actions() if a.text() == "Label monocyte").trigger()
    assert labelled(opened, "monocyte") == [1, 2]
    next(a for a in gallery.menu().actions() if a.text() == "Take the label away").trigger()
    assert labelled(opened, "monocyte") == []


def test_thumbnails_arrive_and_grow(gallery: Gallery, qtbot: Any) -> None:
    opened = gallery.opened
    with qtbot.waitSignal(opened.thumbnails.loaded):
        opened.set_selection([0, 1])
        gallery.grab()
    before = gallery.view.gridSize()
    gallery.side.setValue(200)
    assert gallery.view.gridSize().height() > before.height() + 60


def test_select_all_picks_everything_as_one(gallery: Gallery, qtbot: Any) -> None:
    gallery.opened.set_selection(range(20))
    gallery.view.setFocus()
    qtbot.keyClick(gallery.view, Qt.Key.Key_A, CTRL)
    assert gallery.picked().tolist() == list(range(20))


def test_a_large_selection_is_shown_in_a_turn_of_its_own_and_meant_at_once(
    gallery: Gallery, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = gallery.opened
    monkeypatch.setattr("medlabeler.gui.grid.gallery.MANY", 5)
    opened.set_selection([7, 8])
    gallery.view.selectAll()
    assert gallery.picked().tolist() == [7, 8]
    opened.set_selection(range(20))
    assert gallery.model.rows.tolist() == [7, 8]
    assert gallery.targets().tolist() == list(range(20))
    qtbot.waitUntil(lambda: len(gallery.model.rows) == 20)
    opened.set_selection(range(10))
    opened.set_selection([3])
    assert gallery.model.rows.tolist() == [3]
    qtbot.waitUntil(lambda: not gallery._later.isActive())
    assert gallery.model.rows.tolist() == [3]
