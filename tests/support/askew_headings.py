"""A heading stands on the side where the cells below it stand."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QTableView, QWidget

SIDES = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignHCenter
ALIGNED = Qt.ItemDataRole.TextAlignmentRole


def tables(shown: QWidget) -> list[QTableView]:
    """Those in sight that have headings."""
    found = shown.findChildren(QTableView)
    return [table for table in found if table.isVisible() and not table.horizontalHeader().isHidden()]


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
