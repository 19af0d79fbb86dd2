"""All that widgets say, as a person or a screen reader gets it."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QLabel,
    QLineEdit,
    QSpinBox,
    QTabBar,
    QWidget,
)

from medlabeler.gui.kit.elements import EmptyState
from medlabeler.gui.kit.plain import Elided, ElidedLines

ROLES = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole)
ROWS = 30


def texts(widget: QWidget) -> Iterator[str]:
    """All that a widget says, its tooltip and its name for screen readers included."""
    yield from (
        widget.toolTip(),
        widget.accessibleName(),
        widget.accessibleDescription(),
        widget.windowTitle(),
    )
    if isinstance(widget, (Elided, ElidedLines)):
        yield widget.full()
    elif isinstance(widget, (QLabel, QAbstractButton)):
        yield widget.text()
    elif isinstance(widget, QLineEdit):
        yield widget.placeholderText()
    elif isinstance(widget, QSpinBox):
        yield from (widget.prefix(), widget.suffix(), widget.specialValueText())
    elif isinstance(widget, QComboBox):
        yield from (widget.itemText(at) for at in range(widget.count()))
    elif isinstance(widget, QTabBar):
        yield from (
            text for at in range(widget.count()) for text in (widget.tabText(at), widget.tabToolTip(at))
        )
    elif isinstance(widget, EmptyState):
        yield widget.text()


def texts_of_items(widget: QWidget) -> Iterator[str]:
    """What the first rows of a list or table say, and its headings."""
    model = widget.model() if isinstance(widget, QAbstractItemView) else None
    if not isinstance(model, QAbstractItemModel):
        return
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount(QModelIndex())
    for column in range(columns):
        for role in ROLES:
            yield _text(model.headerData(column, Qt.Orientation.Horizontal, role))
            for row in range(min(ROWS, model.rowCount(QModelIndex()))):
                yield _text(model.data(model.index(row, column), role))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
