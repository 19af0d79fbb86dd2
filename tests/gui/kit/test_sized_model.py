"""Tables and lists whose size Qt knows without asking."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItemModel
from pytestqt.qtbot import QtBot

from medlabeler.gui.grid.gallery_items import GalleryModel
from medlabeler.gui.kit.plain_table import PlainModel, PlainTable


class Letters(PlainModel):
    columns = (("Letter", "One letter"), ("Count", "How often"))
    to_the_right = range(1, 2)

    def data(self, index, role=Qt.ItemDataRole.DisplayRole):
        return self.rows[index.row()][index.column()] if role == Qt.ItemDataRole.DisplayRole else None


def test_what_is_asked_thousands_of_times_is_not_answered_by_python() -> None:
    for model in (PlainModel, GalleryModel):
        for name in ("rowCount", "columnCount", "headerData", "index", "parent"):
            assert getattr(model, name) is getattr(QStandardItemModel, name), f"{model.__name__}.{name}"


def test_a_table_shows_other_rows_in_one_reset(qtbot: QtBot) -> None:
    table, model = PlainTable(), Letters()
    qtbot.addWidget(table)
    table.setModel(model)
    heard: list[str] = []
    model.rowsInserted.connect(lambda *_: heard.append("inserted"))
    model.rowsRemoved.connect(lambda *_: heard.append("removed"))
    model.modelReset.connect(lambda: heard.append("reset"))
    model.show_rows([("a", 1), ("b", 2)])
    model.show_rows([("c", 3)])
    assert heard == ["reset", "reset"]
    assert [model.index(0, column).data() for column in range(model.columnCount())] == ["c", 3]
    heads = [model.headerData(at, Qt.Orientation.Horizontal) for at in range(2)]
    assert (model.rowCount(), heads) == (1, ["Letter", "Count"])
    right = model.headerData(1, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole)
    assert right == int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    assert not model.flags(model.index(0, 0)) & Qt.ItemFlag.ItemIsEditable


def test_all_images_of_a_large_project_fit_into_the_gallery(opened) -> None:
    model = GalleryModel(opened)
    model.show_rows(np.arange(171_375))
    assert model.rowCount() == 171_375
    assert model.index(171_374, 0).isValid()
    assert not model.index(171_375, 0).isValid()
