"""Bulk confirm in the real window: clicks, drags and keys on a project of 420 pictures."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from panels_support import labelled, predict, suggest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from shown_window import shown_window

from medlabeler.domain.types import NO_CLASS, LabelKind, LabelSource, Split
from medlabeler.gui.grid import panel
from medlabeler.gui.grid.corrections import corrections_menu
from medlabeler.gui.grid.panel import GridPanel
from medlabeler.gui.window.main_window import MainWindow
from medlabeler.open_project.bulk_errors import answer_check, error_of_bulk_labels, next_checks
from medlabeler.open_project.bulk_sources import SELECTION
from medlabeler.open_project.open_project import OpenProject
from medlabeler.project.catalog import NewImage
from medlabeler.project.project import Project
from medlabeler.project.readings import Purpose

N, N_TEST, N_HELD = 420, 30, 10
LEFT, PLAIN = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
NAMES = ("basophil", "eosinophil", "monocyte")


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("pictures")
    for row in range(N):
        Image.fromarray(np.full((8, 8, 3), row % 256, np.uint8)).save(folder / f"cell_{row:03d}.png")
    return folder


def make(folder: Path, pictures: Path) -> Project:
    """420 pictures; rows 380 to 409 are the test set, the last ten are held back."""
    images = []
    for row in range(N):
        digest = hashlib.sha256(f"{row}".encode()).hexdigest()
        split = "test" if N - N_TEST - N_HELD <= row < N - N_HELD else "train"
        name = f"cell_{row:03d}.png"
        images.append(NewImage(str(pictures), name, digest, 8, 8, "RGB", 1, 1, given_split=split))
    project = Project.create(folder / "project")
    project.catalog.add(images)
    project.catalog.move(np.arange(N - N_HELD, N), Split.HELD_BACK, "beside the test set")
    for name in NAMES:
        project.journal.add_class(name)
    return project


@pytest.fixture
def window(
    qapp: object, tmp_path: Path, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MainWindow]:
    with shown_window(make(tmp_path, pictures), monkeypatch, size=(1440, 900), whole=False) as shown:
        yield shown


@pytest.fixture
def grid(window: MainWindow, qtbot: object) -> GridPanel:
    """Everything is predicted eosinophil, the surer the higher its row; the grid is on show."""
    opened = opened_of(window)
    let_predict(opened)
    QTest.keyClick(window.page.map.view.canvas, Qt.Key.Key_G)
    panel = window.page.grid
    qtbot.waitUntil(lambda: panel.page is not None and len(panel.page.rows) > 1)
    return panel


def opened_of(window: MainWindow) -> OpenProject:
    assert window.opened is not None
    return window.opened


def let_predict(opened: OpenProject, name: str = "eosinophil") -> None:
    class_id = next(c.id for c in opened.classes if c.name == name)
    predict(opened, np.full(opened.n, class_id))
    opened._raw_confidence = np.linspace(0.4, 0.99, opened.n).astype(np.float32)
    opened._mask_predictions()


def ident(panel: GridPanel, name: str) -> int:
    return next(c.id for c in panel.opened.classes if c.name == name)


def long_page(panel: GridPanel) -> None:
    """300 images on a page, as a person chooses it, scrolled through to the end."""
    box = panel.top.pages
    box.setCurrentIndex(box.findData(300))
    box.activated.emit(box.currentIndex())
    assert len(panel.page.rows) == 300
    bar = panel.view.verticalScrollBar()
    bar.setValue(bar.maximum())
    bar.setValue(0)


def click(panel: GridPanel, place: int, modifier: Qt.KeyboardModifier = PLAIN) -> None:
    QTest.mouseClick(panel.view.viewport(), LEFT, modifier, panel.view.rect_of(place).center())


def drag(panel: GridPanel, places: list[int]) -> None:
    viewport, spots = panel.view.viewport(), [panel.view.rect_of(p).center() for p in places]
    QTest.mousePress(viewport, LEFT, PLAIN, spots[0])
    for spot in spots[1:]:
        QTest.mouseMove(viewport, spot)
    QTest.mouseRelease(viewport, LEFT, PLAIN, spots[-1])


def key(panel: GridPanel, which: Qt.Key, modifier: Qt.KeyboardModifier = PLAIN) -> None:
    panel.view.setFocus()
    QTest.keyClick(panel.view, which, modifier)
    say_yes(panel)


def say_yes(panel: GridPanel) -> None:
    """To the question about more than fifty images."""
    if panel.opened.question is not None:
        bar = panel.window().page.question
        assert bar.isVisible()
        QTest.keyClick(bar, Qt.Key.Key_Return)


def marked(panel: GridPanel) -> list[int]:
    return np.flatnonzero(panel.page.marked).tolist()


def steps(opened: OpenProject) -> int:
    return int(opened.project.database.row("SELECT COUNT(*) FROM step WHERE kind = 'do'")[0])


def test_three_hundred_images_are_one_step_and_undo_brings_all_back(grid: GridPanel) -> None:
    opened = grid.opened
    long_page(grid)
    rows, before = grid.page.rows, steps(opened)
    assert grid.bottom.confirm_button.text() == "Confirm 300 as eosinophil"
    key(grid, Qt.Key.Key_Return, CTRL)
    assert steps(opened) == before + 1
    assert sorted(labelled(opened, "eosinophil")) == sorted(rows.tolist())
    assert opened.undo_name == "confirm 300 images as eosinophil"
    event = opened.project.labels.events(int(rows[7]))[0]
    assert event.source == LabelSource.BULK
    assert event.shown_class_id == ident(grid, "eosinophil")
    assert event.shown_confidence == pytest.approx(np.linspace(0.4, 0.99, N)[rows[7]], abs=1e-6)
    assert event.model_revision == 1
    assert not np.isin(grid.page.rows, rows).any()  # the next page came
    QTest.keyClick(grid.view, Qt.Key.Key_Z, CTRL)
    assert opened.project.labels.n_labelled == 0
    assert grid.page.rows.tolist() == rows.tolist()  # and the page is here again
    QTest.keyClick(grid.view, Qt.Key.Key_Z, CTRL | SHIFT)
    assert opened.project.labels.n_labelled == 300


def test_marked_images_get_their_class_or_stay_unlabelled_in_the_same_step(grid: GridPanel) -> None:
    opened, rows = grid.opened, grid.page.rows.copy()
    before = steps(opened)
    click(grid, 3)
    key(grid, Qt.Key.Key_1)
    drag(grid, [5, 6, 7])
    key(grid, Qt.Key.Key_3)
    click(grid, 9)
    click(grid, 10)
    key(grid, Qt.Key.Key_X)
    assert grid.bottom.confirm_button.text() == f"Confirm {len(rows) - 6} as eosinophil"
    assert "1 left out · 5 corrected" in grid.bottom.words.full()
    QTest.mouseClick(grid.bottom.confirm_button, LEFT)
    say_yes(grid)
    assert steps(opened) == before + 1
    assert labelled(opened, "basophil") == [rows[3]]
    assert sorted(labelled(opened, "monocyte")) == sorted(rows[5:8].tolist())
    assert opened.kind[rows[9]] == LabelKind.CLEAR
    assert opened.kind[rows[10]] == LabelKind.BAD_IMAGE
    assert len(labelled(opened, "eosinophil")) == len(rows) - 6
    assert rows[9] not in grid.page.rows  # skipped this time
    opened.undo()
    assert opened.project.labels.n_labelled == 0
    assert (opened.kind == LabelKind.CLEAR).all()
    assert marked(grid) == [3, 5, 6, 7, 9, 10]  # the marks are here again, too


def test_test_and_held_back_images_never_appear(grid: GridPanel, window: MainWindow) -> None:
    opened = opened_of(window)
    opened.set_selection(np.arange(N - 60, N))
    allowed = set(range(N - N_TEST - N_HELD))
    seen: list[int] = []
    for source in (SELECTION, ident(grid, "eosinophil")):
        grid.show_source(source)
        while len(grid.page.rows):
            seen += grid.page.rows.tolist()
            key(grid, Qt.Key.Key_Return, CTRL)
    assert set(seen) == allowed
    assert len(seen) == len(allowed)
    assert (opened.kind[N - N_TEST - N_HELD :] == LabelKind.CLEAR).all()
    assert grid.empty.isVisible()
    assert not grid.bottom.confirm_button.isEnabled()


def test_the_page_stands_still_during_refits(grid: GridPanel) -> None:
    rows, opened = grid.page.rows.copy(), grid.opened
    click(grid, 4)
    spot = grid.view.rect_of(8)
    let_predict(opened, "monocyte")
    assert grid.page.rows.tolist() == rows.tolist()
    assert marked(grid) == [4]
    assert grid.view.rect_of(8) == spot
    key(grid, Qt.Key.Key_Return, CTRL)
    # What was on show is what was confirmed, not what the new classifier says.
    assert sorted(labelled(opened, "eosinophil")) == sorted(np.delete(rows, 4).tolist())
    assert grid.empty.isVisible()  # no image is predicted eosinophil now


def test_a_new_prediction_is_offered_not_imposed(grid: GridPanel) -> None:
    opened = grid.opened
    assert not grid.top.update_button.isVisible()
    opened.model = opened.model.__class__(2, "logistic", 9, 1.0, 1.0, 3.0)
    opened._raw_confidence = opened._raw_confidence[::-1].copy()
    opened.adopt_predictions(opened.model, opened._raw_prediction, opened._raw_confidence)
    assert grid.top.update_button.isVisible()
    first = grid.page.rows[0]
    QTest.mouseClick(grid.top.update_button, LEFT)
    assert grid.page.rows[0] != first
    assert not grid.top.update_button.isVisible()


def test_images_decided_elsewhere_are_not_confirmed_again(grid: GridPanel) -> None:
    opened, rows = grid.opened, grid.page.rows.copy()
    opened.label_rows([rows[2]], ident(grid, "monocyte"))
    assert grid.page.rows.tolist() == rows.tolist()
    key(grid, Qt.Key.Key_Return, CTRL)
    assert labelled(opened, "monocyte") == [rows[2]]


def test_only_what_was_in_sight_is_confirmed(grid: GridPanel) -> None:
    opened = grid.opened
    box = grid.top.pages
    box.setCurrentIndex(box.findData(300))
    box.activated.emit(box.currentIndex())
    seen = grid.page.seen
    assert 0 < seen < 300
    assert grid.bottom.confirm_button.text() == f"Confirm {seen} as eosinophil"
    assert f"{300 - seen} below, not seen yet" in grid.bottom.words.full()
    rows = grid.page.rows
    key(grid, Qt.Key.Key_Return, CTRL)
    assert sorted(labelled(opened, "eosinophil")) == sorted(rows[:seen].tolist())
    assert grid.page.rows[0] == rows[seen]


def test_one_screen_needs_no_scrolling(grid: GridPanel) -> None:
    assert len(grid.page.rows) == grid.view.most() == grid.page.seen
    assert grid.view.verticalScrollBar().maximum() == 0


def test_slider_and_order(grid: GridPanel) -> None:
    sure = grid.page.shown_confidence
    assert (np.diff(sure) <= 0).all()
    assert grid.top.range_label.full() == "380 of 380 undecided"
    grid.top.low.setFocus()
    for _ in range(60):
        QTest.keyClick(grid.top.low, Qt.Key.Key_Right)
    pool = np.linspace(0.4, 0.99, N)[: N - N_TEST - N_HELD]
    above = int((pool.astype(np.float32) >= 0.6).sum())
    assert grid.top.range_label.full() == f"{above} of 380 undecided"
    grid.top.order.setCurrentIndex(1)
    grid.top.order.activated.emit(1)
    assert (np.diff(grid.page.shown_confidence) >= 0).all()
    assert grid.page.shown_confidence.min() >= 0.6


def test_arrows_space_and_shift_mark(grid: GridPanel) -> None:
    columns = grid.view._grid.columns
    for which in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Space):
        key(grid, which)
    assert marked(grid) == [1 + columns]
    assert grid.opened.current == grid.page.rows[1 + columns]
    key(grid, Qt.Key.Key_Right, SHIFT)
    assert marked(grid) == [1 + columns, 2 + columns]
    key(grid, Qt.Key.Key_1)  # means both
    assert grid.page.given[[1 + columns, 2 + columns]].tolist() == [ident(grid, "basophil")] * 2
    key(grid, Qt.Key.Key_Delete)
    assert marked(grid) == []
    assert grid.opened.project.labels.n_labelled == 0  # none of these keys labelled anything
    key(grid, Qt.Key.Key_Return)
    assert grid.opened.project.labels.n_labelled == 0  # only Ctrl+Enter does


def test_a_drag_leaves_no_gaps_and_unmarks_when_it_begins_on_a_mark(grid: GridPanel) -> None:
    drag(grid, [0, 6])  # one single move over six images
    assert marked(grid) == list(range(7))
    drag(grid, [2, 4])
    assert marked(grid) == [0, 1, 5, 6]
    click(grid, 12, SHIFT)
    assert set(range(5, 13)) <= set(marked(grid))


def test_its_own_class_is_no_correction(grid: GridPanel) -> None:
    click(grid, 2)
    key(grid, Qt.Key.Key_2)
    assert marked(grid) == []


def test_pages_turn_without_deciding_and_back(grid: GridPanel) -> None:
    first = grid.page.rows.tolist()
    key(grid, Qt.Key.Key_PageDown)
    assert not set(first) & set(grid.page.rows.tolist())
    key(grid, Qt.Key.Key_PageUp)
    assert grid.page.rows.tolist() == first
    assert grid.opened.project.labels.n_labelled == 0


def test_what_was_left_out_can_be_shown_again(grid: GridPanel) -> None:
    grid.top.low.setValue(90)
    left = grid.page.rows[0]
    click(grid, 0)
    while len(grid.page.rows):
        key(grid, Qt.Key.Key_Return, CTRL)
    assert grid.empty.text() == "That was all Left out this time: 1 image."
    QTest.mouseClick(grid.bottom.again_button, LEFT)
    assert grid.page.rows.tolist() == [left]


def test_a_lasso_is_grouped_by_prediction_and_confirmed_as_predicted(
    window: MainWindow, qtbot: object
) -> None:
    opened = opened_of(window)
    predict(opened)
    opened.set_selection(np.arange(20))
    opened.label_rows([0], opened.classes[0].id)
    QTest.keyClick(window.page.map.view.canvas, Qt.Key.Key_G)
    panel = window.page.grid
    qtbot.waitUntil(lambda: panel.page is not None and len(panel.page.rows) == 19)
    assert panel.sources.chosen == SELECTION
    assert panel.page.starts() == [0, 6, 13]
    assert len(panel.view._grid.headings) == 3
    assert panel.bottom.confirm_button.text() == "Confirm 19 as predicted"
    predicted = opened.prediction[:20].copy()
    key(panel, Qt.Key.Key_Return, CTRL)
    assert opened.label[1:20].tolist() == predicted[1:].tolist()
    assert opened.undo_name == "confirm 19 images as predicted"


def test_a_lasso_confirmed_as_one_class(window: MainWindow, qtbot: object) -> None:
    opened = opened_of(window)
    predict(opened)
    opened.set_selection(np.arange(20))
    QTest.keyClick(window.page.map.view.canvas, Qt.Key.Key_G)
    panel = window.page.grid
    qtbot.waitUntil(lambda: panel.page is not None and len(panel.page.rows) == 20)
    box = panel.bottom.as_box
    box.setCurrentIndex(box.findData(ident(panel, "monocyte")))
    box.activated.emit(box.currentIndex())
    assert panel.bottom.confirm_button.text() == "Confirm 20 as monocyte"
    click(panel, 0)
    left_out = panel.page.rows[0]
    key(panel, Qt.Key.Key_Return, CTRL)
    assert sorted(labelled(opened, "monocyte")) == sorted(set(range(20)) - {left_out})


def test_a_few_are_asked_again_and_the_estimate_is_shown(grid: GridPanel) -> None:
    opened, project = grid.opened, grid.opened.project
    long_page(grid)
    click(grid, 0)
    key(grid, Qt.Key.Key_1)
    corrected = grid.page.rows[0]
    key(grid, Qt.Key.Key_Return, CTRL)
    checks = next_checks(project)
    assert len(checks) == 9  # 3 in 100 of 299
    assert corrected not in checks
    assert grid.top.facts.text().startswith("Bulk labels: 9 will be asked again")
    for row in checks.tolist():
        said = ident(grid, "monocyte") if row == checks[4] else ident(grid, "eosinophil")
        answer_check(project, row, LabelKind.LABEL, said)
    assert (opened.label[checks] == ident(grid, "eosinophil")).all()
    assert error_of_bulk_labels(project).disagreed == 1
    opened.suggestions_changed.emit()
    assert grid.top.facts.text() == "Bulk labels: 1 of 9 re-asked disagreed, 0.3 to 48 %"


def test_blind_mode_shows_nothing(grid: GridPanel) -> None:
    grid.opened.set_blind(True)
    assert grid.empty.isVisible()
    key(grid, Qt.Key.Key_Return, CTRL)
    assert grid.opened.project.labels.n_labelled == 0
    grid.opened.set_blind(False)
    assert len(grid.page.rows) > 1


def test_a_new_class_can_be_added_and_used_without_losing_the_page(grid: GridPanel) -> None:
    rows = grid.page.rows.tolist()
    click(grid, 3)
    added = grid.opened.add_class("lymphocyte")
    assert grid.page.rows.tolist() == rows
    assert marked(grid) == [3]
    key(grid, Qt.Key.Key_4)
    assert grid.page.given[3] == added.id


def test_touched_pages_survive_a_resize_and_g_leads_back(grid: GridPanel, window: MainWindow) -> None:
    click(grid, 3)
    rows = grid.page.rows.tolist()
    window.resize(1024, 700)
    QTest.qWait(1)
    assert grid.page.rows.tolist() == rows
    assert window.minimumSizeHint().width() <= 1024
    key(grid, Qt.Key.Key_G)
    assert window.page.map.isVisible()
    assert window.page.gallery.isVisible()
    QTest.keyClick(window.page.map.view.canvas, Qt.Key.Key_G)
    assert grid.page.rows.tolist() == rows
    assert marked(grid) == [3]
    assert not window.page.gallery.isVisible()


def test_without_predictions_it_says_why(window: MainWindow, qtbot: object) -> None:
    QTest.keyClick(window.page.map.view.canvas, Qt.Key.Key_G)
    panel = window.page.grid
    qtbot.waitUntil(panel.empty.isVisible)
    assert "second class" in panel.empty.text()
    assert panel.page.shown_class.tolist() == []
    assert not (opened_of(window).label != NO_CLASS).any()


def test_empty_ground_marks_nothing(grid: GridPanel) -> None:
    QTest.mouseClick(grid.view.viewport(), LEFT, PLAIN, QPoint(1, grid.view.viewport().height() - 1))
    assert marked(grid) == []


def work_to_a_check(grid: GridPanel, window: MainWindow) -> int:
    """Confirm a page, then label suggestions with the keyboard until an image is asked again; its row."""
    opened = grid.opened
    key(grid, Qt.Key.Key_Return, CTRL)
    assert opened.project.labels.n_labelled > 33
    window.page.show_grid(False)
    free = np.flatnonzero((opened.kind == LabelKind.CLEAR) & (opened.split == Split.POOL))
    suggest(opened, free[:12].tolist())
    window.page.queue.setFocus()
    opened.set_current(opened.queue.shown)
    for _ in range(9):
        assert opened.queue.shown != opened.checks.row
        QTest.keyClick(window.page.queue, Qt.Key.Key_1)
    assert opened.queue.shown == opened.checks.row == opened.current
    return opened.current


def test_a_check_comes_up_in_the_queue_without_label_or_prediction(
    grid: GridPanel, window: MainWindow
) -> None:
    opened, labels = grid.opened, grid.opened.project.labels
    row, before = work_to_a_check(grid, window), steps(grid.opened)
    eosinophil, monocyte = ident(grid, "eosinophil"), ident(grid, "monocyte")
    assert labels.class_id[row] == eosinophil
    assert (opened.label[row], opened.kind[row]) == (NO_CLASS, LabelKind.CLEAR)
    assert opened.prediction[row] == NO_CLASS
    assert opened.judged_blind(row)
    assert opened.queue.find(row).strategy == "random"
    assert row not in grid.sources.rows()
    QTest.keyClick(window.page.queue, Qt.Key.Key_Return)  # Enter has nothing to confirm
    assert opened.checks.row == row
    QTest.keyClick(window.page.queue, Qt.Key.Key_3)
    assert labels.class_id[row] == opened.label[row] == eosinophil  # the label stays
    assert steps(opened) == before
    pairs = opened.project.readings.pairs(Purpose.BULK_CHECK)
    assert (pairs.rows.tolist(), pairs.first.tolist()) == ([row], [eosinophil])
    assert pairs.second.tolist() == [monocyte]
    assert opened.queue.find(row) is None
    assert opened.current == opened.queue.shown != row


def test_undo_takes_back_the_answer_and_nothing_else(grid: GridPanel, window: MainWindow) -> None:
    opened, labels = grid.opened, grid.opened.project.labels
    row = work_to_a_check(grid, window)
    labelled_before = labels.n_labelled
    QTest.keyClick(window.page.queue, Qt.Key.Key_3)
    assert window.actions_["undo"].text() == "Undo: label 1 image monocyte"
    QTest.keyClick(window.page.queue, Qt.Key.Key_Z, CTRL)
    assert labels.n_labelled == labelled_before
    assert opened.current == opened.queue.shown == opened.checks.row == row
    assert opened.kind[row] == LabelKind.CLEAR
    QTest.keyClick(window.page.queue, Qt.Key.Key_2)
    assert error_of_bulk_labels(opened.project).disagreed == 0
    QTest.keyClick(window.page.queue, Qt.Key.Key_1)
    QTest.keyClick(window.page.queue, Qt.Key.Key_Z, CTRL)
    assert error_of_bulk_labels(opened.project).asked == 1  # a later label is undone, not the answer


def test_a_check_goes_when_its_bulk_label_is_taken_back(grid: GridPanel, window: MainWindow) -> None:
    opened = grid.opened
    row = work_to_a_check(grid, window)
    opened.clear_rows([row, row - 1])
    assert opened.checks.row != row
    assert opened.queue.find(row) is None
    assert opened.kind[row] == LabelKind.CLEAR


def test_the_menu_says_the_same_as_the_keys(grid: GridPanel) -> None:
    drag(grid, [1, 2])
    menu = corrections_menu(grid.view)
    chosen = {action.text(): action for action in menu.actions()}
    chosen["monocyte"].trigger()
    assert grid.page.given[[1, 2]].tolist() == [ident(grid, "monocyte")] * 2
    chosen["Not sure"].trigger()
    assert grid.page.kind[[1, 2]].tolist() == [LabelKind.NOT_SURE] * 2
    chosen["It is right"].trigger()
    assert marked(grid) == []


def one_by_one(panel: GridPanel, right: int, wrong: int) -> None:
    """Decide images singly with the prediction in sight."""
    opened = panel.opened
    for row in range(right):
        opened.label_rows([row], ident(panel, "eosinophil"))
    for row in range(right, right + wrong):
        opened.label_rows([row], ident(panel, "monocyte"))


def test_the_rest_is_not_offered_where_the_checked_ones_were_wrong(grid: GridPanel) -> None:
    """Fails before: "Confirm" was the blue button while small grey text said that 3 of 12 were right."""
    opened = grid.opened
    one_by_one(grid, 3, 9)
    grid.show_source(ident(grid, "eosinophil"))
    long_page(grid)
    assert grid.bottom.confirm_button.text() == "Confirm"
    assert not grid.bottom.confirm_button.isEnabled()
    assert grid.top.doubt.isVisible()
    assert "Of 12 such predictions 9 were wrong" in grid.top.doubt.text()
    assert grid.top.doubt.property("role") == "doubt"
    assert grid.top.facts.property("role") != "muted"
    before = steps(opened)
    key(grid, Qt.Key.Key_Return, CTRL)
    assert steps(opened) == before, "Ctrl+Enter is no way round"
    # What a person says of an image is theirs.
    grid.page.give([4, 5], LabelKind.LABEL, ident(grid, "monocyte"))
    grid.view.edited.emit()
    assert grid.bottom.confirm_button.text() == "Correct 2"
    rows = grid.page.rows[[4, 5]].tolist()
    key(grid, Qt.Key.Key_Return, CTRL)
    assert steps(opened) == before + 1
    assert set(rows) <= set(labelled(opened, "monocyte"))
    assert len(labelled(opened, "eosinophil")) == 3


def test_the_rest_is_offered_where_the_checked_ones_were_right(grid: GridPanel) -> None:
    one_by_one(grid, 11, 1)
    grid.show_source(ident(grid, "eosinophil"))
    long_page(grid)
    assert grid.bottom.confirm_button.isEnabled()
    assert not grid.top.doubt.isVisible()


def test_the_rest_is_not_offered_where_answers_to_checks_disagreed(grid: GridPanel) -> None:
    opened = grid.opened
    long_page(grid)
    key(grid, Qt.Key.Key_Return, CTRL)
    for row in next_checks(opened.project).tolist():
        answer_check(opened.project, row, LabelKind.LABEL, ident(grid, "monocyte"))
    opened.suggestions_changed.emit()
    assert error_of_bulk_labels(opened.project).asked >= 5
    assert not grid.bottom.confirm_button.isEnabled()
    assert "asked again" in grid.top.doubt.text()


def test_a_page_is_described_once_for_each_confirm(grid: GridPanel, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def noting(name: str) -> None:
        real = getattr(panel, name)
        monkeypatch.setattr(panel, name, lambda *of: (asked.append(name), real(*of))[1])

    for name in ("agreed", "error_of_bulk_labels", "next_checks"):
        noting(name)
    before = grid.page
    key(grid, Qt.Key.Key_Return, CTRL)
    assert grid.page is not before
    assert len(grid.page.rows)
    assert sorted(asked) == ["agreed", "error_of_bulk_labels", "next_checks"]
    shown = [label.text() for label in grid.findChildren(QLabel)]
    grid._show_errors()
    grid._describe()
    assert [label.text() for label in grid.findChildren(QLabel)] == shown, "once is enough"
