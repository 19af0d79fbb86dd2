"""Notes, flags and favourites in the window: on disk before they are said to be, and no label by accident."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from panels_support import class_named, undecided
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from medlabeler.domain.types import Remark
from medlabeler.gui.remarks.history import HistoryWindow
from medlabeler.gui.remarks.panel import RemarksPanel
from medlabeler.open_project.open_project import OpenProject
from medlabeler.project.remarks import MOST, ON


@pytest.fixture
def panel(opened: OpenProject, qtbot: Any) -> Iterator[RemarksPanel]:
    """The panel with another field beside it, to go to."""
    around = QWidget()
    qtbot.addWidget(around)
    made = RemarksPanel(opened, around)
    box = QVBoxLayout(around)
    box.addWidget(made)
    box.addWidget(QLineEdit())
    with qtbot.waitExposed(around):
        around.show()
    opened.set_current(3)
    yield made
    around.close()


def note(opened: OpenProject, row: int) -> str:
    return opened.project.remarks.get(Remark.NOTE, row)


def test_a_note_is_stored_when_the_person_pauses(panel: RemarksPanel, qtbot: Any) -> None:
    panel.start()
    QTest.keyClicks(panel.note, "scar 1 & <b>")
    assert panel.state.full() == "not stored yet"
    assert note(panel.opened, 3) == ""
    qtbot.waitUntil(lambda: note(panel.opened, 3) == "scar 1 & <b>")
    assert panel.state.full() == "stored"
    assert undecided(panel.opened) == panel.opened.n, "no key of a note labels"
    panel.opened.undo()
    assert panel.note.toPlainText() == ""


def test_a_note_is_stored_at_once_for_the_image_it_was_written_on_when_another_one_comes(
    panel: RemarksPanel,
) -> None:
    panel.start()
    QTest.keyClicks(panel.note, "of three")
    panel.opened.set_current(4)
    assert (note(panel.opened, 3), note(panel.opened, 4)) == ("of three", "")
    assert panel.note.toPlainText() == ""
    panel.opened.set_current(3)
    assert panel.note.toPlainText() == "of three"


@pytest.mark.parametrize("leave", ["escape", "control enter", "focus"])
def test_leaving_the_note_stores_it(panel: RemarksPanel, leave: str) -> None:
    panel.start()
    QTest.keyClicks(panel.note, "done")
    if leave == "escape":
        QTest.keyClick(panel.note, Qt.Key.Key_Escape)
    elif leave == "control enter":
        QTest.keyClick(panel.note, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    else:
        panel.parentWidget().findChild(QLineEdit).setFocus()  # type: ignore[union-attr]  # it is there
    assert note(panel.opened, 3) == "done"


def test_a_note_that_is_refused_stays_in_the_field_and_is_told(panel: RemarksPanel, qtbot: Any) -> None:
    panel.note.setPlainText("x" * (MOST + 1))
    with qtbot.waitSignal(panel.opened.failed) as refused:
        panel.keep()
    assert "at most 20,000 characters" in refused.args[0]
    assert panel.state.full() == "not stored"
    assert len(panel.note.toPlainText()) == MOST + 1
    assert note(panel.opened, 3) == ""
    panel.opened.set_current(4)
    assert panel.note.toPlainText() == ""
    panel.opened.set_current(3)
    assert len(panel.note.toPlainText()) == MOST + 1, "going on loses nothing"
    panel.note.setPlainText("shorter")
    panel.keep()
    assert note(panel.opened, 3) == "shorter"


def test_flags_mean_all_that_is_selected_and_are_undone_as_one(panel: RemarksPanel) -> None:
    opened = panel.opened
    opened.set_selection([1, 2, 5])
    panel.buttons[Remark.FLAG].click()
    flagged = lambda: np.flatnonzero(opened.project.remarks.mask(Remark.FLAG, opened.n)).tolist()  # noqa: E731
    assert flagged() == [1, 2, 5]
    assert panel.buttons[Remark.FLAG].isChecked()
    opened.set_selection([1, 7])
    assert not panel.buttons[Remark.FLAG].isChecked()
    panel.buttons[Remark.FLAG].click()
    assert flagged() == [1, 2, 5, 7]
    panel.buttons[Remark.FLAG].click()
    assert flagged() == [2, 5]
    for _ in range(3):
        opened.undo()
    assert flagged() == []
    assert opened.undo_name is None or "flag" not in opened.undo_name


def test_in_blind_mode_no_remark_is_in_sight(panel: RemarksPanel) -> None:
    opened = panel.opened
    opened.remark(range(opened.n), Remark.NOTE, "basophil!")
    opened.remark(range(opened.n), Remark.FLAG, ON)
    opened.set_blind(True)
    assert panel.note.toPlainText() == ""
    assert not panel.buttons[Remark.FLAG].isChecked()
    assert not panel.isEnabled()
    opened.set_blind(False)
    opened.set_current(2)
    assert panel.note.toPlainText() == "basophil!"


@pytest.fixture
def history(opened: OpenProject, qtbot: Any) -> HistoryWindow:
    for row in range(3):
        opened.label_rows([row], class_named(opened, "monocyte"))
    opened.remark([9], Remark.FLAG, ON)
    made = HistoryWindow(opened)
    qtbot.addWidget(made)
    made.show()
    return made


def names(history: HistoryWindow) -> list[str]:
    model = history.model
    return [
        str(model.data(model.index(row))).split("   ")[-1].split(" (")[0] for row in range(model.rowCount())
    ]


def choose(history: HistoryWindow, row: int, qtbot: Any) -> None:
    history.list.setCurrentIndex(history.model.index(row))
    history.jump()
    qtbot.waitUntil(lambda: not history.opened.walk.running and not history._later.isActive())


def test_steps_are_listed_and_one_can_be_gone_back_to(history: HistoryWindow, qtbot: Any) -> None:
    opened = history.opened
    assert names(history)[:4] == ["flag 1 image"] + ["label 1 image monocyte"] * 3
    assert names(history)[-1] == "Beginning"
    assert not history.go.isEnabled()
    choose(history, 2, qtbot)
    assert np.flatnonzero(opened.kind == 1).tolist() == [0, 1]
    assert not opened.project.remarks.any()
    assert history.list.currentIndex().row() == 2
    assert len(names(history)) == 8, "what was taken back stays listed"
    history.list.setCurrentIndex(history.model.index(0))
    assert "Does 2 steps again" in history.note.full()
    choose(history, 0, qtbot)
    assert np.flatnonzero(opened.kind == 1).tolist() == [0, 1, 2]
    assert opened.project.remarks.get(Remark.FLAG, 9) == ON


def test_all_the_way_back_and_a_new_label_ends_what_could_be_done_again(
    history: HistoryWindow, qtbot: Any
) -> None:
    opened = history.opened
    choose(history, history.model.rowCount() - 1, qtbot)
    assert opened.classes == []
    assert opened.undo_name is None
    choose(history, 4, qtbot)
    assert [c.name for c in opened.classes] == ["basophil", "eosinophil", "monocyte"]
    opened.label_rows([7], class_named(opened, "basophil"))
    qtbot.waitUntil(lambda: names(history)[0] == "label 1 image basophil")
    assert opened.redo_name is None


def test_a_decision_on_the_way_ends_the_way(history: HistoryWindow) -> None:
    opened = history.opened
    opened.walk.go(4)
    opened.label_rows([20], class_named(opened, "eosinophil"))
    assert not opened.walk.running
    assert opened.label[20] == class_named(opened, "eosinophil")
    assert opened.undo_name == "label 1 image eosinophil"
