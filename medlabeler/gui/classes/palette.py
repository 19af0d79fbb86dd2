"""The classes: how far each is, and every way to label with them except the map and the grid."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, QRect, Qt
from PySide6.QtGui import (
    QAction,
    QColor,
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QColorDialog,
    QFrame,
    QLineEdit,
    QMenu,
    QVBoxLayout,
    QWidget,
)

from medlabeler.domain.changes import Changes
from medlabeler.domain.language import tr
from medlabeler.domain.palette import CLASS_COLOURS
from medlabeler.domain.types import ClassDef
from medlabeler.gui.classes.details import ClassDetails
from medlabeler.gui.classes.keys import ClassKeys
from medlabeler.gui.classes.rows import (
    CLASS_MIME,
    ClassModel,
    ClassRowDelegate,
    ClassView,
    menu_rect,
    swatch_rect,
)
from medlabeler.gui.kit.dialogs import show_dialog
from medlabeler.gui.kit.dragging import MIME, rows_of
from medlabeler.gui.kit.elements import EmptyState, Ink, counted, small, swatch_icon
from medlabeler.gui.kit.plain import PlainLabel, add_action
from medlabeler.open_project.open_project import OpenProject

SEARCHED_FROM = 12
"""With more classes than this they can be searched."""


class ClassPalette(QWidget):
    """One row per class: key, colour, name and count against the target; a row is also a drop target.

    A click on the key or the colour labels the targets, a click on the name shows the class's labelled
    images, a double click or F2 renames, dragging a row moves it, and a right click offers the rest.
    """

    def __init__(self, opened: OpenProject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.opened = opened
        self.setMinimumWidth(190)
        self.model = ClassModel(self)
        self.view = ClassList(opened, self.model, self)
        self.summary = PlainLabel()
        self.summary.setFont(small(self.font(), 0.92))
        self.summary.setIndent(10)
        self.empty = EmptyState(
            tr("No classes yet"), tr("Add your first class: type its name below and press Enter.")
        )
        self.seeker = QLineEdit()
        self.seeker.setObjectName("seek_class")
        self.seeker.setClearButtonEnabled(True)
        self.seeker.setPlaceholderText(tr("Search the classes"))
        self.seeker.setAccessibleName(tr("Search the classes"))
        self.seeker.textChanged.connect(self._seek)
        self.seeker.installEventFilter(self)
        self.adder = QLineEdit()
        self.adder.setAccessibleName(tr("Name of a class to add"))
        self.adder.setObjectName("add_class")
        self.adder.setClearButtonEnabled(True)
        self.adder.setMaxLength(80)
        self.adder.returnPressed.connect(self._add)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.summary)
        above = QVBoxLayout()
        above.setContentsMargins(8, 2, 8, 4)
        above.addWidget(self.seeker)
        layout.addLayout(above)
        layout.addWidget(self.empty, 1)
        layout.addWidget(self.view, 1)
        footer = QVBoxLayout()
        footer.setContentsMargins(8, 6, 8, 8)
        footer.addWidget(self.adder)
        layout.addLayout(footer)
        self._keys = ClassKeys(opened, self.view, opened.targets)
        opened.changed.connect(self._on_changed)
        opened.view_changed.connect(self.refresh)
        self.refresh()

    def _on_changed(self, changes: Changes) -> None:
        if changes & (Changes.LABELS | Changes.CLASSES | Changes.IMAGES):
            self.refresh()

    def refresh(self) -> None:
        """Show the classes and counts of the open project; cheap, called after each label."""
        opened = self.opened
        classes, counts = opened.classes, opened.pool_counts
        many = len(classes) > SEARCHED_FROM
        self.seeker.setVisible(many)
        if not many and self.seeker.text():
            self.seeker.clear()
        self.model.show_classes(classes, counts, opened.target_per_class)
        self.view.setVisible(bool(classes))
        self.empty.setVisible(not classes)
        done = sum(counts.values())
        self.summary.setVisible(bool(classes))
        plural = tr("1 class") if len(classes) == 1 else tr("{classes:,} classes", classes=len(classes))
        self.summary.setText(tr("{plural} · {done:,} labelled", plural=plural, done=done))
        self.summary.setToolTip(
            tr("Counts are of the training images; labelled test images are not mixed in.")
        )
        self.adder.setPlaceholderText(
            tr("+ Add a class") if classes else tr("Type the name of the first class")
        )

    def _seek(self, text: str) -> None:
        self.model.seek(text)
        self.refresh()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """From the search to the classes it finds, and back to all of them."""
        if watched is self.seeker and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Escape and self.seeker.text():
                self.seeker.clear()
                return True
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
                if self.model.rowCount():
                    self.view.setCurrentIndex(self.model.index(0))
                    self.view.setFocus(Qt.FocusReason.OtherFocusReason)
                return True
        return False

    def _add(self) -> None:
        name = self.adder.text().strip()
        if not name:
            return
        if self.opened.add_class(name) is not None:
            self.adder.clear()
            self.view.scrollToBottom()


class ClassList(ClassView):
    """The rows; translates clicks, drags and drops into actions of the open project."""

    def __init__(self, opened: OpenProject, model: ClassModel, parent: QWidget) -> None:
        super().__init__(parent)
        self.opened = opened
        self.setModel(model)
        self.classes = model
        self._rows = ClassRowDelegate(self, opened.rename_class)
        self.setItemDelegate(self._rows)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setAcceptDrops(True)
        self.setUniformItemSizes(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName(tr("Classes"))
        self.hover = QPoint(-1, -1)
        self.target: int | None = None
        """Row images would be dropped on, while they are dragged over it."""
        self.insert_at: int | None = None
        """Where a dragged class would go."""
        self._pressed: QModelIndex | None = None
        self._press_pos = QPoint()

    # What can be done with a class

    def label_targets(self, class_id: int) -> None:
        """Label the selection, else the image on show."""
        rows = np.asarray(self.opened.targets(), dtype=np.int64)
        if not rows.size:
            self.opened.message.emit(
                tr("Select images first, on the map or in the grid; then choose a class.")
            )
            return
        self._label(rows, class_id)

    def _label(self, rows: NDArray[np.int64], class_id: int) -> None:
        self.opened.label_rows(rows, class_id)

    def show_class(self, class_id: int) -> None:
        """Select all images labelled with the class, for review."""
        count, name = self._labels_of(class_id), self.opened.class_name(class_id)
        self.opened.select_class(class_id)
        if count:
            self.opened.message.emit(
                tr("Showing {images} labelled {name}.", images=counted(count, "image"), name=name)
            )
        else:
            self.opened.message.emit(tr("No image is labelled {name} yet.", name=name))

    def _labels_of(self, class_id: int) -> int:
        return int(np.count_nonzero(self.opened.label == class_id))

    def delete(self, definition: ClassDef) -> None:
        """Delete a class; undo brings it and its labels back, and the status line says so."""
        self.opened.delete_class(definition.id)

    def merge(self, source: ClassDef, target: ClassDef) -> None:
        """Give the labels of one class to another."""
        self.opened.merge_classes(source.id, target.id)

    def describe(self, definition: ClassDef) -> None:
        """Its full name, description and example images."""
        show_dialog(ClassDetails(self.opened, definition, self))

    def pick_colour(self, definition: ClassDef) -> None:
        """Choose any colour in a window that does not block the rest."""
        dialog = QColorDialog(QColor(definition.colour), self)
        dialog.setWindowTitle(tr("Colour of {name}", name=definition.name))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.colorSelected.connect(lambda c: self.opened.recolour_class(definition.id, c.name()))
        dialog.open()

    def menu_for(self, definition: ClassDef) -> QMenu:
        """The menu of one class."""
        menu = QMenu(self)
        opened = self.opened

        def add(target: QMenu, text: str, call: Callable[[], object]) -> QAction:
            action = add_action(target, text)
            action.triggered.connect(lambda _checked=False: call())
            return action

        targets = int(np.asarray(opened.targets()).size)
        label = add(
            menu,
            tr("Label {images} {name}", images=counted(targets, "image"), name=definition.name),
            lambda: self.label_targets(definition.id),
        )
        label.setEnabled(targets > 0)
        add(menu, tr("Show its images"), lambda: self.show_class(definition.id))
        menu.addSeparator()
        index = self.classes.index_of(definition.id)
        add(menu, tr("About the class…"), lambda: self.describe(definition))
        rename = add(menu, tr("Rename"), lambda: self.edit(index))
        rename.setShortcut("F2")
        colours = menu.addMenu(tr("Colour"))
        for colour in CLASS_COLOURS:
            choose = add(colours, colour, partial(opened.recolour_class, definition.id, colour))
            choose.setIcon(swatch_icon(colour))
            choose.setCheckable(True)
            choose.setChecked(colour.lower() == definition.colour.lower())
        colours.addSeparator()
        add(colours, tr("Other…"), lambda: self.pick_colour(definition))
        merging = menu.addMenu(tr("Merge into"))
        for other in opened.classes:
            if other.id != definition.id:
                into = add(merging, other.name, partial(self.merge, definition, other))
                into.setIcon(swatch_icon(other.colour))
        merging.setEnabled(len(opened.classes) > 1)
        menu.addSeparator()
        add(menu, tr("Delete"), lambda: self.delete(definition))
        return menu

    def _open_menu(self, definition: ClassDef, where: QPoint) -> None:
        menu = self.menu_for(definition)
        menu.setObjectName("class_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(where)

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self._press_pos = event.position().toPoint()
        index = self.indexAt(self._press_pos)
        self._pressed = index if index.isValid() and event.button() == Qt.MouseButton.LeftButton else None

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        where, pressed = event.position().toPoint(), self._pressed
        self._pressed = None
        if pressed is None or self.indexAt(where) != pressed:
            return
        definition, row = self.classes.definition(pressed), self.visualRect(pressed)
        if menu_rect(row).contains(where):
            self._open_menu(definition, self.viewport().mapToGlobal(menu_rect(row).bottomLeft()))
        elif swatch_rect(row).contains(where):
            self.label_targets(definition.id)
        else:
            self.show_class(definition.id)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and not swatch_rect(self.visualRect(index)).contains(event.position().toPoint()):
            self._pressed = None
            self.edit(index)
        else:
            # The second of two quick clicks on the label button is a label of its own.
            self.mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.hover = event.position().toPoint()
        super().mouseMoveEvent(event)
        self.viewport().update()

    def leaveEvent(self, event: QEvent) -> None:
        self.hover = QPoint(-1, -1)
        super().leaveEvent(event)
        self.viewport().update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        index = self.indexAt(event.pos())
        if index.isValid():
            self._open_menu(self.classes.definition(index), event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if index.isValid() and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.show_class(self.classes.definition(index).id)
        elif index.isValid() and event.key() == Qt.Key.Key_Delete:
            self.delete(self.classes.definition(index))
        else:
            super().keyPressEvent(event)

    # Drag and drop: images onto a class, a class to another place

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasFormat(MIME) or event.mimeData().hasFormat(CLASS_MIME):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        where = event.position().toPoint()
        if event.mimeData().hasFormat(CLASS_MIME):
            self.insert_at = self._gap_at(where)
            event.acceptProposedAction()
        elif event.mimeData().hasFormat(MIME):
            index = self.indexAt(where)
            self.target = index.row() if index.isValid() else None
            event.setAccepted(index.isValid())
        self.viewport().update()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._drop_done()

    def dropEvent(self, event: QDropEvent) -> None:
        data, where = event.mimeData(), event.position().toPoint()
        self._drop_done()
        if data.hasFormat(CLASS_MIME):
            class_id = int(bytes(data.data(CLASS_MIME).data()))
            old, gap = self.classes.index_of(class_id).row(), self._gap_at(where)
            position = gap - 1 if gap > old else gap
            if position != old:
                self.opened.move_class(class_id, position)
            event.acceptProposedAction()
            return
        index = self.indexAt(where)
        if not index.isValid():
            return
        rows = rows_of(data)
        rows = np.asarray(self.opened.targets(), dtype=np.int64) if rows is None else rows
        event.acceptProposedAction()
        if rows.size:
            self._label(rows, self.classes.definition(index).id)

    def _drop_done(self) -> None:
        self.target = self.insert_at = None
        self.viewport().update()

    def _gap_at(self, where: QPoint) -> int:
        index = self.indexAt(where)
        if not index.isValid():
            return self.classes.rowCount()
        return index.row() + (where.y() > self.visualRect(index).center().y())

    def startDrag(self, actions: Qt.DropAction) -> None:
        # The label button is not a handle: a slip of the hand while labelling must not reorder the classes.
        index = self.indexAt(self._press_pos)
        if self.classes.sought:
            return  # between which other classes it would go cannot be seen
        if index.isValid() and not swatch_rect(self.visualRect(index)).contains(self._press_pos):
            self._pressed = None
            super().startDrag(Qt.DropAction.MoveAction)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._rows.begin()
        super().paintEvent(event)
        if self.insert_at is None:
            return
        last = self.insert_at >= self.classes.rowCount()
        index = self.classes.index(self.classes.rowCount() - 1 if last else self.insert_at)
        row: QRect = self.visualRect(index)
        y = row.bottom() if last else row.top()
        painter = QPainter(self.viewport())
        painter.setPen(QPen(Ink.of(self.palette()).accent, 2))
        painter.drawLine(6, y, self.viewport().width() - 6, y)
