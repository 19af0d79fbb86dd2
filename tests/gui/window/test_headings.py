"""A heading stands on the side where the cells below it stand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from filled_project import filled_project
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QTableView
from shown_window import shown_window
from windows_and_states import Sights, windows_and_states

from medlabeler.gui.window.main_window import MainWindow

SIDES = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignHCenter
ALIGNED = Qt.ItemDataRole.TextAlignmentRole


@pytest.fixture
def window(qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    with shown_window(filled_project(tmp_path), monkeypatch, size=(1440, 900), lively=True) as shown:
        yield shown


@windows_and_states
def test_headings_and_cells_stand_on_one_side(window: MainWindow, sights: Sights) -> None:
    """Fails before: the headings of newly predicted images stood in the middle, their words at the left."""
    wrong, seen = set(), 0
    for name, shown in sights(window):
        for table in shown.findChildren(QTableView):
            if table.isVisible() and not table.horizontalHeader().isHidden():
                found = list(askew(table))
                seen += 1
                wrong |= {f"{name}: {table.accessibleName()}: {heading}" for heading in found}
    assert seen > 3
    assert not wrong, "\n".join(sorted(wrong))


def askew(table: QTableView) -> Iterator[str]:
    """Headings that stand elsewhere than their cells."""
    model, header = table.model(), table.horizontalHeader()
    for column in range(model.columnCount(QModelIndex()) if model.rowCount(QModelIndex()) else 0):
        heading = str(model.headerData(column, Qt.Orientation.Horizontal) or "")
        own = model.headerData(column, Qt.Orientation.Horizontal, ALIGNED)
        above = side(own if own is not None else header.defaultAlignment())
        below = side(model.index(0, column).data(ALIGNED) or Qt.AlignmentFlag.AlignLeft)
        if heading and above != below:
            yield heading


def side(alignment: object) -> Qt.AlignmentFlag:
    return Qt.AlignmentFlag(alignment) & SIDES or Qt.AlignmentFlag.AlignLeft
