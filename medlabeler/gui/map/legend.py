"""The legend of the map: what each colour means, how many images it has, and which are shown."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QObject,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPalette, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from medlabeler.domain.language import tr
from medlabeler.gui.kit.model_index import NO_PARENT, Index
from medlabeler.gui.kit.plain import PlainLabel, tip
from medlabeler.gui.map.colouring import LegendEntry, Scale
from medlabeler.gui.map.scale_bar import ScaleBar

_NAME, _CHOSEN, _ALL = range(3)
_EYE, _SWATCH = 24, 20
"""Widths in pixels of the two marks before a name; both hide and show."""
_ROW = 26
_AROUND = 8
_ENTRY = int(Qt.ItemDataRole.UserRole)


class LegendModel(QAbstractTableModel):
    """Lines of the legend with name, count in the selection, count in all; hidden ones by code."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.entries: list[LegendEntry] = []
        self.hidden: set[int] = set()
        self.title = tr("Class")

    def set_entries(self, entries: Sequence[LegendEntry]) -> None:
        """Replace the lines; where only counts changed, the view keeps its place."""
        entries = list(entries)
        if entries == self.entries:
            return
        if [e.code for e in entries] == [e.code for e in self.entries]:
            self.entries = entries
            if entries:
                self.dataChanged.emit(self.index(0, 0), self.index(len(entries) - 1, _ALL))
            return
        self.beginResetModel()
        self.entries = entries
        self.endResetModel()

    def set_hidden(self, hidden: set[int]) -> None:
        """Which codes are hidden."""
        if hidden == self.hidden:
            return
        self.hidden = hidden
        if self.entries:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.entries) - 1, _ALL))

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.entries)

    def columnCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else 3

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> object:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return (self.title, tr("selected"), tr("all"))[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignLeft if section == _NAME else Qt.AlignmentFlag.AlignRight
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ToolTipRole:
            return ("", tr("Images in the selection"), tr("All images of the project"))[section]
        return None

    def data(self, index: Index, role: int = 0) -> object:
        entry = self.entries[index.row()]
        column = index.column()
        if role == _ENTRY:
            return entry
        if role == Qt.ItemDataRole.DisplayRole:
            if column == _NAME:
                return entry.name
            return tr(
                "{in_selection:,}", in_selection=entry.in_selection if column == _CHOSEN else entry.in_all
            )
        if role == Qt.ItemDataRole.TextAlignmentRole and column != _NAME:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.AccessibleTextRole and column == _NAME:
            state = tr("hidden") if entry.code in self.hidden else tr("shown")
            return tr(
                "{name}, {state}, {in_selection} of {in_all} selected",
                name=entry.name,
                state=state,
                in_selection=entry.in_selection,
                in_all=entry.in_all,
            )
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(
                tr(
                    "{name}\n"
                    "Click the eye or the colour to hide or show (Space), double-click to show "
                    "only this (Enter).",
                    name=entry.name,
                )
            )
        return None


class _NameDelegate(QStyledItemDelegate):
    """Eye, swatch, name; a hidden line is faint and its eye crossed out."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        # Asked for every line whenever a count changes, so nothing else of the line is looked at.
        marks = _EYE + _SWATCH if index.column() == _NAME else 6
        return QSize(option.fontMetrics.horizontalAdvance(str(index.data())) + _AROUND + marks, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        entry: LegendEntry = index.data(_ENTRY)
        hidden = isinstance(model, LegendModel) and entry.code in model.hidden
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        role = QPalette.ColorRole.HighlightedText if chosen else QPalette.ColorRole.Text
        ink = QColor(option.palette.color(role))
        if chosen:
            painter.fillRect(option.rect, option.palette.color(QPalette.ColorRole.Highlight))
        if hidden and not chosen:
            ink = option.palette.color(QPalette.ColorRole.PlaceholderText)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRect(option.rect)
        if index.column() == _NAME:
            _draw_eye(painter, QPointF(rect.x() + _EYE / 2 + 1, rect.center().y() + 0.5), ink, hidden)
            box = QRectF(rect.x() + _EYE + 2, rect.center().y() - 5.5, 12, 12)
            painter.setPen(QPen(QColor(entry.colour), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush if hidden else QColor(entry.colour))
            painter.drawRoundedRect(box, 3, 3)
            rect.setLeft(rect.x() + _EYE + _SWATCH)
        painter.setPen(ink)
        align = Qt.AlignmentFlag.AlignVCenter
        align |= Qt.AlignmentFlag.AlignLeft if index.column() == _NAME else Qt.AlignmentFlag.AlignRight
        rect.adjust(2, 0, -6, 0)
        text = painter.fontMetrics().elidedText(str(index.data()), Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, align, text)
        painter.restore()


def _draw_eye(painter: QPainter, middle: QPointF, ink: QColor, crossed: bool) -> None:
    painter.setPen(QPen(ink, 1.2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    left, right = middle + QPointF(-7, 0), middle + QPointF(7, 0)
    lids = QPainterPath(left)
    lids.quadTo(middle + QPointF(0, -8.5), right)
    lids.quadTo(middle + QPointF(0, 8.5), left)
    painter.drawPath(lids)
    painter.setBrush(ink)
    if crossed:
        painter.drawLine(middle + QPointF(-6, 5), middle + QPointF(6, -5))
    else:
        painter.drawEllipse(middle, 1.6, 1.6)


class Legend(QWidget):
    """Lists the colours; a click on eye or swatch (or Space) hides and shows, a double click (Enter) shows
    only one.
    """

    hidden_changed = Signal(set)
    """Codes not to draw."""
    clicked = Signal(int)
    """Code of a line whose name was clicked: whoever listens may select its images."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = LegendModel(self)
        self._hidden_names: set[str] = set()
        self.table = QTableView(self)
        self.table.setModel(self._model)
        self.table.setItemDelegate(_NameDelegate(self.table))
        self.table.setShowGrid(False)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.table.setTabKeyNavigation(False)
        self.table.setWordWrap(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(_ROW)
        self.table.verticalHeader().setMinimumSectionSize(_ROW)
        header = self.table.horizontalHeader()
        header.setSectionsClickable(False)
        header.setHighlightSections(False)
        header.setSectionResizeMode(_NAME, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(_CHOSEN, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(_ALL, QHeaderView.ResizeMode.ResizeToContents)
        self.table.setAccessibleName(tr("Legend of the map"))
        self.table.installEventFilter(self)
        self.table.viewport().installEventFilter(self)
        self.note = PlainLabel(self)
        self.show_all_button = QToolButton(self)
        self.show_all_button.setText(tr("Show all"))
        self.show_all_button.setAutoRaise(True)
        self.show_all_button.clicked.connect(self.show_all)
        foot = QHBoxLayout()
        foot.setContentsMargins(6, 0, 2, 0)
        foot.addWidget(self.note, 1)
        foot.addWidget(self.show_all_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        self.scale = ScaleBar(self)
        layout.addWidget(self.scale)
        layout.addWidget(self.table, 1)
        layout.addLayout(foot)
        self.setFocusProxy(self.table)
        self._refresh_foot()

    def set_entries(self, entries: Sequence[LegendEntry], title: str = tr("Class")) -> None:
        """Show these lines under `title`.

        What is hidden stays hidden by name while the title stays the same; another title shows everything
        again.
        """
        if title != self._model.title:
            self._model.title = title
            self._model.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, 0)
            self._hidden_names.clear()
        before = set(self._model.hidden)
        self._model.set_entries([LegendEntry(*entry) for entry in entries])
        now = {e.code for e in self._model.entries if e.name in self._hidden_names}
        self._model.set_hidden(now)
        self._refresh_foot()
        if now != before:
            self.hidden_changed.emit(now)

    def set_scale(self, scale: Scale | None) -> None:
        """Show the colours of a continuous scheme above its steps; None: there is none."""
        if scale is None:
            self.scale.show_scale(np.empty((0, 3), np.uint8), [], "")
        else:
            self.scale.show_scale(scale.palette[1:], scale.marks, self._model.title)

    @property
    def hidden(self) -> set[int]:
        """Codes that are hidden."""
        return set(self._model.hidden)

    def toggle(self, code: int) -> None:
        """Hide or show one."""
        self._set_hidden(self._model.hidden ^ {code})

    def show_only(self, code: int) -> None:
        """Hide all others; if they are hidden already, show everything."""
        others = {e.code for e in self._model.entries} - {code}
        self._set_hidden(set() if self._model.hidden == others else others)

    def show_all(self) -> None:
        """Hide nothing."""
        self._set_hidden(set())

    def _set_hidden(self, hidden: set[int]) -> None:
        if hidden == self._model.hidden:
            return
        self._hidden_names = {e.name for e in self._model.entries if e.code in hidden}
        self._model.set_hidden(set(hidden))
        self._refresh_foot()
        self.hidden_changed.emit(set(hidden))

    def _refresh_foot(self) -> None:
        count = len(self._model.hidden)
        self.note.setText(tr("{count} hidden", count=count) if count else "")
        self.note.setVisible(bool(count))
        self.show_all_button.setVisible(bool(count))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Clicks on the marks, double clicks, Space and Enter."""
        if watched is self.table.viewport():
            if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonDblClick:
                return self._double_clicked(event)
            if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonRelease:
                self._released(event)
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._key(event)
        return False

    def _entry_at(self, event: QMouseEvent) -> tuple[LegendEntry | None, bool]:
        """The line under the mouse, and whether it is on one of the marks."""
        index = self.table.indexAt(event.position().toPoint())
        if not index.isValid() or event.button() != Qt.MouseButton.LeftButton:
            return None, False
        return self._model.entries[index.row()], event.position().x() < _EYE + _SWATCH

    def _released(self, event: QMouseEvent) -> None:
        entry, on_marks = self._entry_at(event)
        if entry is None:
            return
        if on_marks:
            self.toggle(entry.code)
        else:
            self.clicked.emit(entry.code)

    def _double_clicked(self, event: QMouseEvent) -> bool:
        entry, on_marks = self._entry_at(event)
        if entry is not None and not on_marks:
            self.show_only(entry.code)
        # On the marks the second release toggles back, as two clicks should.
        return True

    def _key(self, event: QKeyEvent) -> bool:
        index = self.table.currentIndex()
        if not index.isValid() or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        code = self._model.entries[index.row()].code
        if event.key() == Qt.Key.Key_Space:
            self.toggle(code)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.show_only(code)
        else:
            return False
        return True
