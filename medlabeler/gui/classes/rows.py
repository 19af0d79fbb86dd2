"""The rows of the class palette: their model and how they are painted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QLineEdit, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from medlabeler.domain.language import tr
from medlabeler.domain.types import ClassDef
from medlabeler.gui.classes.keys import key_hint
from medlabeler.gui.kit.elements import Ink, blend, draw_bar, draw_keycaps, draw_swatch, small
from medlabeler.gui.kit.model_index import NO_PARENT, Index
from medlabeler.gui.kit.plain import tip
from medlabeler.open_project.finding.table import folded
from medlabeler.open_project.open_project import OpenProject

CLASS_MIME = "application/x-medlabeler-class"
DEFINITION = Qt.ItemDataRole.UserRole
COUNT = Qt.ItemDataRole.UserRole + 1
TARGET = Qt.ItemDataRole.UserRole + 2
POSITION = Qt.ItemDataRole.UserRole + 3
"""Among all classes: the key follows from it."""

ROW_HEIGHT = 34
"""In pixels: as many classes as possible are in sight beside the image, and a button is still easy to hit."""


def swatch_rect(row: QRect) -> QRect:
    """The label button of a row: key and colour."""
    return QRect(row.left() + 6, row.top() + 3, 52, row.height() - 6)


def menu_rect(row: QRect) -> QRect:
    """The three dots of a row, seen while the pointer is over it."""
    return QRect(row.right() - 26, row.top() + 3, 22, 22)


def meant(definition: ClassDef, text: str) -> bool:
    """Whether every word of `text` stands in what is known of the class."""
    known = folded(f"{definition.name}\n{definition.full_name}\n{definition.description}")
    return all(word in known for word in folded(text).split())


class ClassModel(QAbstractListModel):
    """The live classes in order, with their counts in the pool."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._classes: list[ClassDef] = []
        self._positions: list[int] = []
        self._sought = ""
        self._counts: dict[int, int] = {}
        self._target = 0

    def show_classes(self, classes: Sequence[ClassDef], counts: dict[int, int], target: int) -> None:
        """Replace what is shown; counts alone change without resetting the view."""
        found = [at for at, c in enumerate(classes) if meant(c, self._sought)]
        same = [classes[at].id for at in found] == [c.id for c in self._classes]
        same = same and found == self._positions
        if not same:
            self.beginResetModel()
        self._classes, self._positions = [classes[at] for at in found], found
        self._counts, self._target = dict(counts), target
        if not same:
            self.endResetModel()
        elif self._classes:
            self.dataChanged.emit(self.index(0), self.index(len(self._classes) - 1))

    def seek(self, text: str) -> None:
        """Show, from the next `show_classes` on, only classes whose name, full name or description holds
        every word of `text`.
        """
        self._sought = text

    @property
    def sought(self) -> bool:
        """Whether only some classes are shown."""
        return bool(self._sought.strip())

    def position(self, index: Index) -> int:
        """The place of the class in a row among all classes: its key follows from it."""
        return self._positions[index.row()]

    def definition(self, index: Index) -> ClassDef:
        """The class in a row."""
        return self._classes[index.row()]

    def index_of(self, class_id: int) -> QModelIndex:
        """The row of a class; an invalid index if it is not there."""
        for row, definition in enumerate(self._classes):
            if definition.id == class_id:
                return self.index(row)
        return QModelIndex()

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._classes)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        definition = self._classes[index.row()]
        count = self._counts.get(definition.id, 0)
        if role == Qt.ItemDataRole.EditRole:
            return definition.name
        if role == Qt.ItemDataRole.DisplayRole:
            return definition.title
        if role == DEFINITION:
            return definition
        if role == POSITION:
            return self.position(index)
        if role == COUNT:
            return count
        if role == TARGET:
            return self._target
        if role == Qt.ItemDataRole.ToolTipRole:
            keys = tr(" then ").join(key_hint(self.position(index)))
            how = (
                tr("Click the colour, or press {keys}, to label. ", keys=keys)
                if keys
                else tr("Click the colour to label. ")
            )
            short = f" ({definition.name})" if definition.full_name else ""
            words = tr(
                "{title}{short}: {count:,} of {target:,}",
                title=definition.title,
                short=short,
                count=count,
                target=self._target,
            )
            if definition.description:
                words += f"\n{definition.description}"
            return tip(tr("{words}\n{how}Click the name to see its images.", words=words, how=how))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            short = f" ({definition.name})" if definition.full_name else ""
            return tr(
                "{title}{short}, {count} of {target} labelled",
                title=definition.title,
                short=short,
                count=count,
                target=self._target,
            )
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        return (
            Qt.ItemFlag.ItemIsEnabled
            | Qt.ItemFlag.ItemIsSelectable
            | Qt.ItemFlag.ItemIsEditable
            | Qt.ItemFlag.ItemIsDragEnabled
            | Qt.ItemFlag.ItemIsDropEnabled
        )

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction | Qt.DropAction.CopyAction

    def mimeTypes(self) -> list[str]:
        return [CLASS_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        data = QMimeData()
        data.setData(CLASS_MIME, str(self.definition(indexes[0]).id).encode())
        return data


class ClassView(QListView):
    """What the delegate asks of the list: where the mouse is, whose classes they are, onto which of them
    something is dragged.
    """

    hover: QPoint
    opened: OpenProject
    target: int | None


class ClassRowDelegate(QStyledItemDelegate):
    """Paints a class: key and colour as one button, name, count and a slim bar toward the target."""

    def __init__(self, view: ClassView, rename: Callable[[int, str], None]) -> None:
        super().__init__(view)
        self._view, self._rename = view, rename
        self._narrow: bool | None = None

    def begin(self) -> None:
        """The rows are painted now, all of one width."""
        self._narrow = None

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(160, max(ROW_HEIGHT, option.fontMetrics.height() + 19))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        ink = Ink.of(option.palette)
        definition: ClassDef = index.data(DEFINITION)
        count, target = index.data(COUNT), index.data(TARGET)
        row = option.rect
        hovered = row.contains(self._view.hover)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._background(painter, row, index, option, hovered, ink)
        self._button(painter, row, index.data(POSITION), definition, ink)
        left, right = row.left() + 66, row.right() - 10
        counted = (
            tr("{count:,} of {target:,}", count=count, target=target)
            if target
            else tr("{count:,}", count=count)
        )
        count_font = small(option.font, 0.9)
        count_metrics = QFontMetrics(count_font)
        if self._narrow is None:
            self._narrow = self._is_narrow(option, index.model(), right - left - 14)
        if target and self._narrow:
            counted = tr("{count:,}/{target:,}", count=count, target=target)
        width = count_metrics.horizontalAdvance(counted) + 2
        baseline = QRectF(left, row.top() + 3, right - left, row.height() - 16)
        painter.setFont(count_font)
        if hovered:
            self._dots(painter, menu_rect(row), ink)
            width = 24
        else:
            painter.setPen(ink.text if target and count >= target else ink.muted)
            painter.drawText(
                baseline, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), counted
            )
        painter.setFont(option.font)
        painter.setPen(ink.text)
        room = int(baseline.width() - width - 8)
        name = option.fontMetrics.elidedText(definition.title, Qt.TextElideMode.ElideRight, max(20, room))
        painter.drawText(baseline, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), name)
        beside = baseline.adjusted(option.fontMetrics.horizontalAdvance(name) + 6, 0, -width - 8, 0)
        if definition.full_name and beside.width() >= count_metrics.horizontalAdvance(definition.name):
            painter.setFont(count_font)
            painter.setPen(ink.muted)
            align = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            painter.drawText(beside, align, definition.name)
        bar = QRectF(left, row.bottom() - 9, right - left, 4)
        draw_bar(painter, bar, count / target if target else 0.0, QColor(definition.colour), ink.line)
        painter.restore()

    def _is_narrow(self, option: QStyleOptionViewItem, model: QAbstractItemModel, room: int) -> bool:
        """Whether one of the counts does not fit beside its name in words: all are then written alike."""
        metrics, names = QFontMetrics(small(option.font, 0.9)), option.fontMetrics
        return any(
            names.horizontalAdvance(row.data(DEFINITION).title)
            + metrics.horizontalAdvance(
                tr("{count:,} of {target:,}", count=row.data(COUNT), target=row.data(TARGET))
            )
            > room
            for row in (model.index(at, 0) for at in range(model.rowCount()))
        )

    def _background(
        self,
        painter: QPainter,
        row: QRect,
        index: Index,
        option: QStyleOptionViewItem,
        hovered: bool,
        ink: Ink,
    ) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        area = QRectF(row).adjusted(3, 1, -3, -1)
        if self._view.target == index.row():
            painter.setPen(QPen(ink.accent, 2))
            painter.setBrush(blend(ink.accent, ink.base, 0.8))
            painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), 6, 6)
            return
        if self._view.opened.active_class == index.data(DEFINITION).id:
            painter.setBrush(blend(ink.accent, ink.base, 0.88))
            painter.drawRoundedRect(area, 6, 6)
        elif hovered or (self._view.hasFocus() and option.state & QStyle.StateFlag.State_HasFocus):
            painter.setBrush(blend(ink.text, ink.base, 0.94))
            painter.drawRoundedRect(area, 6, 6)

    def _button(self, painter: QPainter, row: QRect, number: int, definition: ClassDef, ink: Ink) -> None:
        colour = QColor(definition.colour)
        button = QRectF(swatch_rect(row))
        hot = swatch_rect(row).contains(self._view.hover)
        painter.setPen(QPen(colour, 2.2) if hot else QPen(blend(colour, ink.base, 0.35), 1))
        painter.setBrush(blend(colour, ink.base, 0.66 if hot else 0.82))
        painter.drawRoundedRect(button.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        draw_swatch(painter, QRectF(button.left() + 7, button.center().y() - 7, 14, 14), colour, ink)
        keys = key_hint(number)
        space = QRectF(button.left() + 23, button.top(), button.width() - 25, button.height())
        draw_keycaps(painter, space, keys, ink, small(self._view.font(), 0.85, bold=len(keys) > 1))

    def _dots(self, painter: QPainter, area: QRect, ink: Ink) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        if area.contains(self._view.hover):
            painter.setBrush(blend(ink.text, ink.base, 0.86))
            painter.drawRoundedRect(QRectF(area), 5, 5)
        painter.setBrush(ink.muted)
        centre = QRectF(area).center()
        for offset in (-5.0, 0.0, 5.0):
            painter.drawEllipse(QRectF(centre.x() + offset - 1.4, centre.y() - 1.4, 2.8, 2.8))

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = QLineEdit(parent)
        editor.setMaxLength(80)
        return editor

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        row = option.rect
        height = editor.sizeHint().height()
        editor.setGeometry(
            row.left() + 62, row.top() + (row.height() - height) // 2, row.width() - 68, height
        )

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        # Counts change while a name is being typed; what was typed must stay.
        if isinstance(editor, QLineEdit) and not editor.isModified():
            super().setEditorData(editor, index)

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        name = editor.text().strip() if isinstance(editor, QLineEdit) else ""
        definition: ClassDef = index.data(DEFINITION)
        if name and name != definition.name:
            self._rename(definition.id, name)
