"""No key that a focused field takes labels an image: every key that labels, in every focus state."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from every_window import every_window
from filled_project import filled_project
from more_states import every_state
from panels_support import make_project, predict, suggest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot
from shown_window import shown_window

from medlabeler.domain.types import LabelKind
from medlabeler.gui.start.labels_out import LabelsOutDialog
from medlabeler.gui.window.main_window import MainWindow
from medlabeler.open_project.open_project import OpenProject

Key = Qt.Key
LABELLING = (Key.Key_1, Key.Key_3, Key.Key_U, Key.Key_N, Key.Key_X, Key.Key_Return, Key.Key_Enter)
TYPED_IN = (QLineEdit, QAbstractSpinBox, QComboBox, QTextEdit, QPlainTextEdit)


@pytest.fixture
def window(qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    with shown_window(make_project(tmp_path), monkeypatch, whole=False) as shown:
        yield shown


def ready(window: MainWindow) -> OpenProject:
    """A current image with a prediction, suggestions in the queue, the first tabs on show."""
    opened = window.opened
    assert opened is not None
    predict(opened)
    suggest(opened, [7, 9, 11, 13])
    opened.set_current(7)
    return opened


def focusable(window: MainWindow) -> list[QWidget]:
    """Every widget of the window that keys can reach."""
    return [
        widget
        for widget in window.findChildren(QWidget)
        if widget.isVisible() and widget.isEnabled() and widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and widget.window() is window
    ]  # fmt: skip


def decided(opened: OpenProject) -> list[int]:
    return np.flatnonzero(opened.kind != LabelKind.CLEAR).tolist()


def test_no_field_lets_a_key_through_that_labels(window: MainWindow) -> None:
    opened = ready(window)
    fields = [w for w in focusable(window) if isinstance(w, TYPED_IN)]
    assert len(fields) >= 3
    for field in fields:
        for key in LABELLING:
            field.setFocus()
            assert QApplication.focusWidget() is field, field.objectName()
            QTest.keyClick(field, key)
            assert decided(opened) == [], (type(field).__name__, field.objectName(), key)
            if QApplication.activePopupWidget() is not None:
                QApplication.activePopupWidget().close()
            if isinstance(field, QLineEdit):
                field.clear()


def test_enter_on_a_button_presses_it_and_confirms_nothing(window: MainWindow) -> None:
    opened = ready(window)
    buttons = [w for w in focusable(window) if isinstance(w, QAbstractButton)]
    assert len(buttons) >= 5
    for button in buttons:
        button.blockSignals(True)  # what the button does is not the question here
        button.setFocus()
        assert QApplication.focusWidget() is button, button.text()
        QTest.keyClick(button, Key.Key_Return)
        button.blockSignals(False)
        assert decided(opened) == [], (type(button).__name__, button.text())
    pressed: list[bool] = []
    extra = QPushButton("extra", window.page)
    extra.clicked.connect(lambda: pressed.append(True))
    extra.show()
    extra.setFocus()
    QTest.keyClick(extra, Key.Key_Return)
    assert pressed == [True]


def test_adding_a_class_by_enter_confirms_nothing_and_leaves_the_focus_where_it_was(
    window: MainWindow,
) -> None:
    opened = ready(window)
    assert window.page is not None
    adder = window.page.classes.adder
    adder.setFocus()
    for name in ("nux naevus", "nux 13"):
        QTest.keyClicks(adder, name)
        QTest.keyClick(adder, Key.Key_Return)
        assert QApplication.focusWidget() is adder
    assert [c.name for c in opened.classes][-2:] == ["nux naevus", "nux 13"]
    assert decided(opened) == []


def test_escape_leaves_the_field_and_the_keys_label_again(window: MainWindow) -> None:
    """Fails before: the focus stayed in the field, and the keys of classes were written into it."""
    opened = window.opened
    assert opened is not None
    assert window.page is not None
    opened.set_selection([3, 4])
    adder = window.page.classes.adder
    adder.setFocus()
    QTest.keyClick(adder, Key.Key_Escape)
    assert QApplication.focusWidget() is not adder
    assert opened.selection.sum() == 2, "what is selected stays"
    row = 5
    opened.clear_selection()
    opened.set_current(row)
    QTest.keyClick(QApplication.focusWidget(), Key.Key_1)
    assert adder.text() == ""
    assert opened.label[row] == opened.classes[0].id


def test_with_no_image_on_show_class_names_are_not_commands(window: MainWindow) -> None:
    opened = ready(window)
    opened.clear_selection()
    assert window.page is not None
    adder = window.page.classes.adder
    adder.setFocus()
    for name in ("nux naevus", "nux"):
        QTest.keyClicks(QApplication.focusWidget(), name)
        QTest.keyClick(QApplication.focusWidget(), Key.Key_Return)
    assert [c.name for c in opened.classes][-2:] == ["nux naevus", "nux"]
    assert decided(opened) == []


def test_undo_in_a_field_undoes_in_the_field(window: MainWindow) -> None:
    opened = ready(window)
    opened.label_rows([7], opened.classes[0].id)
    assert window.page is not None
    adder = window.page.classes.adder
    adder.setFocus()
    QTest.keyClicks(adder, "typo")
    QTest.keyClick(adder, Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert adder.text() != "typo"
    assert decided(opened) == [7]
    QTest.keyClick(adder, Key.Key_Delete)
    QTest.keyClick(adder, Key.Key_Backspace)
    assert decided(opened) == [7]


def test_a_key_pressed_on_a_plain_part_labels_the_current_image_alone(window: MainWindow) -> None:
    opened = ready(window)
    assert window.page is not None
    window.page.map.view.canvas.setFocus()
    QTest.keyClick(window.page.map.view.canvas, Key.Key_1)
    assert decided(opened) == [7]


def test_enter_on_a_button_of_a_dialog_never_presses_its_main_button_instead(window: MainWindow) -> None:
    """Fails before: Enter on Cancel of "Labels for other programs" wrote them."""
    assert press_each_by_enter(every_window(window)) >= 3


@pytest.mark.slow
def test_enter_on_a_button_of_a_filled_dialog_never_presses_its_main_button_instead(
    qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with shown_window(filled_project(tmp_path), monkeypatch, lively=True) as window:
        assert press_each_by_enter(every_state(window)) > 10


def press_each_by_enter(sights: Iterator[tuple[str, QWidget]]) -> int:
    """Enter on each button beside the main one of each dialog; how many there were."""
    pressed: list[QPushButton] = []
    seen = 0
    for name, dialog in sights:
        buttons = [b for b in dialog.findChildren(QPushButton) if b.isVisible() and b.isEnabled()]
        main = next((button for button in buttons if button.isDefault()), None)
        if main is None or not isinstance(dialog, QDialog):
            continue
        main.clicked.disconnect()
        main.clicked.connect(partial(pressed.append, main))
        for other in buttons:
            if other is main or other.focusPolicy() == Qt.FocusPolicy.NoFocus:
                continue
            other.blockSignals(True)  # what it does is not the question here
            other.setFocus()
            QTest.keyClick(other, Key.Key_Return)
            other.blockSignals(False)
            assert pressed == [], (name, other.text())
            seen += 1
    return seen


def test_enter_on_cancel_closes_a_dialog(window: MainWindow, qtbot: QtBot) -> None:
    window.actions_["labels_out"].trigger()
    dialog = next(top for top in QApplication.topLevelWidgets() if isinstance(top, LabelsOutDialog))
    dialog.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is dialog)
    cancel = next(button for button in dialog.findChildren(QPushButton) if button.text() == "Cancel")
    cancel.setFocus()
    QTest.keyClick(cancel, Key.Key_Return)
    assert not dialog.isVisible()
    assert window.opened is not None
    assert not window.opened.runner.running()
