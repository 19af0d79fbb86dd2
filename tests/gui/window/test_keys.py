"""The real window driven by keys and clicks, on a small project without child processes' results."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from panels_support import N_TEST, N, make_project, predict, suggest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from shown_window import shown_window

from medlabeler.domain.types import NO_CLASS, LabelKind
from medlabeler.gui.window.main_window import MainWindow
from medlabeler.gui.window.modes import Mode
from medlabeler.open_project.open_project import OpenProject


@pytest.fixture
def window(qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    with shown_window(make_project(tmp_path), monkeypatch, whole=False) as shown:
        yield shown


def opened_of(window: MainWindow) -> OpenProject:
    assert window.opened is not None
    return window.opened


def press(window: MainWindow, text: str, focus: object = None) -> None:
    """Type at whatever has the focus."""
    assert window.page is not None
    target = focus or window.page.map.view.canvas
    target.setFocus()
    if text in ("\n", "\r"):
        QTest.keyClick(target, Qt.Key.Key_Return)
    else:
        QTest.keyClicks(target, text)


def test_a_digit_labels_the_selection_while_the_map_has_the_focus(window: MainWindow) -> None:
    opened = opened_of(window)
    opened.set_selection([3, 4])
    press(window, "2")
    assert opened.label[[3, 4]].tolist() == [opened.classes[1].id] * 2


@pytest.mark.parametrize("place", ["image", "accuracy", "classes"])
def test_digits_work_wherever_the_focus_is(window: MainWindow, place: str) -> None:
    opened = opened_of(window)
    opened.set_current(6)
    widget = getattr(window.page, place)
    press(window, "3", widget.view if place == "classes" else window.tools.backbone)
    assert opened.label[6] == opened.classes[2].id


def test_typing_a_class_name_labels_nothing(window: MainWindow) -> None:
    opened = opened_of(window)
    opened.set_current(6)
    adder = window.page.classes.adder
    press(window, "type 1 un", adder)
    assert adder.text() == "type 1 un"
    assert opened.label[6] == NO_CLASS
    assert opened.kind[6] == LabelKind.CLEAR


def test_two_keys_reach_the_twelfth_class(window: MainWindow) -> None:
    opened = opened_of(window)
    for i in range(4, 14):
        opened.add_class(f"class {i}")
    opened.set_current(2)
    press(window, ".2")
    assert opened.label[2] == opened.classes[11].id


def test_enter_confirms_and_arrows_move_through_the_suggestions(window: MainWindow) -> None:
    opened = opened_of(window)
    predict(opened)
    suggest(opened, [7, 9, 11])
    opened.set_current(7)
    press(window, "\n")
    assert opened.label[7] == opened.prediction[7]
    assert opened.current == 9
    QTest.keyClick(window.page.map.view.canvas, Qt.Key.Key_Right)
    assert opened.current == 11


def test_with_nothing_selected_keys_mean_the_image_of_the_queue_and_stay_there(window: MainWindow) -> None:
    opened = opened_of(window)
    suggest(opened, [5, 6, 7, 8])
    assert opened.targets().tolist() == [5]
    press(window, "1", window.page.queue)
    queue = window.page.queue
    assert opened.label[5] == opened.classes[0].id
    assert (queue.head, opened.current) == (6, 6)
    QTest.keyClicks(window.focusWidget(), "2")
    QTest.keyClicks(window.focusWidget(), "x")
    assert opened.label[6] == opened.classes[1].id
    assert opened.kind[7] == LabelKind.BAD_IMAGE
    assert opened.project.labels.n_labelled == 2


@pytest.mark.parametrize("mode", [Mode.REVIEW, Mode.RESULTS])
def test_an_image_that_is_not_in_sight_is_not_labelled(window: MainWindow, mode: Mode) -> None:
    opened = opened_of(window)
    suggest(opened, [5, 6])
    predict(opened)
    window.page.choose_mode(mode)
    for key in "1", "x", "\n":
        window.status.say("")
        press(window, key, window.page)
        assert mode == Mode.REVIEW or "No image is labelled here" in window.status.note.full()
    assert (opened.kind == LabelKind.CLEAR).all()


def test_arrows_in_a_selection_label_only_what_is_on_show(window: MainWindow) -> None:
    opened = opened_of(window)
    opened.set_selection([3, 8, 15])
    QTest.keyClick(window.page.map.view.canvas, Qt.Key.Key_Right)
    assert opened.current == 8
    press(window, "1")
    assert opened.label[[3, 8, 15]].tolist() == [NO_CLASS, opened.classes[0].id, NO_CLASS]


@pytest.mark.parametrize(
    ("key", "kind"), [("u", LabelKind.SKIP), ("n", LabelKind.NOT_SURE), ("x", LabelKind.BAD_IMAGE)]
)
def test_letters_mark_an_image(window: MainWindow, key: str, kind: LabelKind) -> None:
    opened = opened_of(window)
    opened.set_selection([5])
    press(window, key)
    assert opened.kind[5] == kind


def test_undo_says_what_it_takes_back(window: MainWindow) -> None:
    opened = opened_of(window)
    opened.set_selection([5, 6])
    press(window, "1")
    assert window.actions_["undo"].text() == "Undo: label 2 images basophil"
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert (opened.label[[5, 6]] == NO_CLASS).all()
    assert window.actions_["redo"].text() == "Redo: label 2 images basophil"
    assert not window.actions_["undo"].text().startswith("Undo: label")


def test_a_click_on_the_map_shows_the_image_and_its_key_labels_it(window: MainWindow) -> None:
    opened = opened_of(window)
    view = window.page.map.view
    spread = np.stack([np.arange(N) % 8, np.arange(N) // 8], 1).astype(np.float32)
    view.set_points(spread)
    QTest.qWait(1)
    place = view.canvas.position_of(10)
    view.tools.clicked.emit(10, Qt.KeyboardModifier.NoModifier)
    assert place is not None
    assert opened.current == 10
    press(window, "1")
    assert opened.label[10] == opened.classes[0].id


def test_the_status_bar_counts_pool_and_test_set_apart(window: MainWindow) -> None:
    opened = opened_of(window)
    opened.label_rows([0, 1], opened.classes[0].id)
    text = window.status.facts.text()
    assert text == f"2 labelled of {N - N_TEST} · test set 0/{N_TEST} labelled · saved"


def test_blind_mode_is_announced_and_left_by_its_answer(window: MainWindow) -> None:
    window.actions_["blind"].trigger()
    assert opened_of(window).blind
    assert "blind" in window.notices.sentences()
    assert window.actions_["blind"].isChecked()
    window.actions_["blind"].trigger()
    assert not opened_of(window).blind
    assert "blind" not in window.notices.sentences()


def test_the_last_blind_label_leads_on_to_measuring(window: MainWindow) -> None:
    """Fails before: a line at the bottom said that all were labelled, and nothing led on."""
    opened = opened_of(window)
    window.actions_["blind"].trigger()
    for _ in range(N_TEST):
        assert "Measure…" not in answers(window)
        press(window, "1")
    assert opened.blind
    assert answers(window) == ["Measure…", "Leave"]
    assert "measure on them" in window.notices.sentences()["blind"]
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert answers(window) == ["Leave"]
    press(window, "1")
    window.notices._shown["blind"].buttons[0].click()
    assert not opened.blind
    assert opened.question is not None or window.status.note.full(), "it asks, or says what is missing"


def answers(window: MainWindow) -> list[str]:
    return [button.text() for button in window.notices._shown["blind"].buttons]


def test_the_window_fits_a_small_laptop(window: MainWindow) -> None:
    window.resize(1024, 700)
    QTest.qWait(1)
    assert (window.width(), window.height()) == (1024, 700)


def test_the_menu_of_an_image_offers_every_class(window: MainWindow) -> None:
    opened = opened_of(window)
    opened.set_selection([5])
    menu = window.menus.image_menu()
    texts = [action.iconText().split("\t")[0] for action in menu.actions()]
    for definition in opened.classes:
        assert definition.name in texts
    next(a for a in menu.actions() if a.iconText().startswith("monocyte")).trigger()
    assert opened.label[5] == opened.classes[2].id


def test_a_fault_in_a_slot_is_reported_and_no_label_is_lost(window: MainWindow, home: Path) -> None:
    import sys

    from medlabeler.gui.window.crash import CrashReporter

    opened = opened_of(window)
    opened.label_rows([0], opened.classes[0].id)
    reporter = CrashReporter(window.report_fault, window.refuse, window)
    try:
        try:
            raise ZeroDivisionError("a test's own fault")
        except ZeroDivisionError as error:
            sys.excepthook(ZeroDivisionError, error, error.__traceback__)
        QTest.qWait(1)
    finally:
        reporter.remove()
    assert "ZeroDivisionError" in window.notices.sentences()["bug"]
    report = next((home / "crash-reports").glob("*.txt")).read_text(encoding="utf-8")
    assert "a test's own fault" in report
    assert opened.label[0] == opened.classes[0].id


def test_the_help_on_accuracy_opens_beside_the_work_and_closes(window: MainWindow) -> None:
    from medlabeler.gui.accuracy.help import AccuracyHelp

    window.actions_["accuracy_help"].trigger()
    (page,) = window.findChildren(AccuracyHelp)
    assert page.isVisible()
    assert not page.isModal()
    press(window, "1")
    QTest.mouseClick(page.close_button, Qt.MouseButton.LeftButton)
    assert not page.isVisible()
