"""The legend by mouse and by keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from medlabeler.gui.map.colouring import LegendEntry
from medlabeler.gui.map.legend import Legend

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
ENTRIES = [
    LegendEntry(1, "EOS", "#005ac6", 2, 12_345),
    LegendEntry(2, "BAS", "#d87e12", 0, 7),
    LegendEntry(0, "no label", "#9b9fa4", 1, 9),
]


@pytest.fixture
def legend(qtbot) -> Legend:
    out = Legend()
    qtbot.addWidget(out)
    out.resize(260, 300)
    out.show()
    qtbot.waitExposed(out)
    out.set_entries(ENTRIES, "Label")
    return out


def spot(legend: Legend, line: int, x: int) -> QPoint:
    return QPoint(x, legend.table.visualRect(legend.table.model().index(line, 0)).center().y())


def test_names_and_counts_under_a_heading(legend: Legend) -> None:
    model = legend.table.model()
    shown = [[model.index(r, k).data() for k in range(3)] for r in range(model.rowCount())]
    assert shown == [["EOS", "2", "12,345"], ["BAS", "0", "7"], ["no label", "1", "9"]]
    heading = [model.headerData(k, Qt.Orientation.Horizontal, Qt.ItemDataRole.DisplayRole) for k in range(3)]
    assert heading == ["Label", "selected", "all"]


def test_a_click_on_the_swatch_hides_and_shows(legend: Legend, qtbot) -> None:
    with qtbot.assertNotEmitted(legend.clicked), qtbot.waitSignal(legend.hidden_changed) as caught:
        QTest.mouseClick(legend.table.viewport(), LEFT, NONE, spot(legend, 1, 30))
    assert caught.args == [{2}]
    assert legend.show_all_button.isVisible()
    with qtbot.waitSignal(legend.hidden_changed) as caught:
        QTest.mouseClick(legend.table.viewport(), LEFT, NONE, spot(legend, 1, 10))
    assert caught.args == [set()]
    assert not legend.show_all_button.isVisible()


def test_a_click_on_the_name_is_for_whoever_listens(legend: Legend, qtbot) -> None:
    with qtbot.assertNotEmitted(legend.hidden_changed), qtbot.waitSignal(legend.clicked) as caught:
        QTest.mouseClick(legend.table.viewport(), LEFT, NONE, spot(legend, 1, 70))
    assert caught.args == [2]


def test_a_double_click_shows_only_one_and_again_all(legend: Legend) -> None:
    for expected in ({0, 2}, set()):
        QTest.mouseDClick(legend.table.viewport(), LEFT, NONE, spot(legend, 0, 70))
        assert legend.hidden == expected


def test_the_keyboard_does_it_all(legend: Legend) -> None:
    legend.table.setFocus()
    legend.table.setCurrentIndex(legend.table.model().index(0, 0))
    QTest.keyClick(legend.table, Qt.Key.Key_Down)
    QTest.keyClick(legend.table, Qt.Key.Key_Space)
    assert legend.hidden == {2}
    QTest.keyClick(legend.table, Qt.Key.Key_Return)
    assert legend.hidden == {0, 1}


def test_show_all(legend: Legend) -> None:
    legend.show_only(1)
    QTest.mouseClick(legend.show_all_button, LEFT)
    assert legend.hidden == set()


def test_hidden_names_survive_new_counts_and_codes_but_not_another_scheme(legend: Legend, qtbot) -> None:
    legend.toggle(2)
    legend.set_entries([e._replace(in_all=e.in_all + 1) for e in ENTRIES], "Label")
    assert legend.hidden == {2}
    moved = [LegendEntry(1, "BAS", "#d87e12", 0, 7), LegendEntry(2, "EOS", "#005ac6", 2, 12)]
    with qtbot.waitSignal(legend.hidden_changed) as caught:
        legend.set_entries(moved, "Label")
    assert caught.args == [{1}]
    with qtbot.waitSignal(legend.hidden_changed) as caught:
        legend.set_entries(moved, "Prediction")
    assert caught.args == [set()]


def test_a_screen_reader_hears_the_state(legend: Legend) -> None:
    legend.toggle(1)
    spoken = legend.table.model().index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "EOS, hidden, 2 of 12345 selected"
