"""A grid of thumbnails: the selection, the suggestions, or what the classifier takes for one class."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QItemSelection, QModelIndex, Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QPushButton,
    QSlider,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from medlabeler.domain.changes import Changes
from medlabeler.domain.language import tr
from medlabeler.domain.types import NO_CLASS, LabelKind, Split
from medlabeler.gui.classes.keys import ClassKeys
from medlabeler.gui.grid.gallery_items import GalleryModel, ThumbnailDelegate
from medlabeler.gui.grid.thumbnail_view import ThumbnailView
from medlabeler.gui.kit.choice_box import ChoiceBox
from medlabeler.gui.kit.elements import EmptyState, counted, swatch_icon
from medlabeler.gui.kit.plain import Elided, add_action
from medlabeler.gui.kit.thumbnail_images import ThumbnailImages
from medlabeler.gui.kit.turns import Patient
from medlabeler.open_project.open_project import OpenProject

SELECTION, SUGGESTIONS, PREDICTED = "selection", "suggestions", "predicted"
SORTS = (
    ("sure last", tr("Least confident first")),
    ("sure first", tr("Most confident first")),
    ("prediction", tr("By prediction")),
    ("label", tr("By label")),
    ("name", tr("By name")),
)
MANY = 2000
"""Selected images from which on each part of the window follows in a turn of its own."""
LATER_MS = 40
"""How much later, so that what is under the hand, the map, is painted in between."""
NAMES_SORTED_UP_TO = 5000
"""Beyond this many images sorting by name keeps the order of import, which is by name within each import."""


class Gallery(QWidget):
    """Thumbnails to review and label many at once.

    It follows the selection of the open project. Picking thumbnails narrows what the class keys label; Enter
    confirms their predictions; they can be dragged onto a class.
    """

    def __init__(self, opened: OpenProject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.opened = opened
        self.model = GalleryModel(opened, self)
        self.delegate = ThumbnailDelegate(opened, self)
        self.view = ThumbnailView(self.model, self.delegate, self.menu, self)
        self.empty = EmptyState("", "")
        self.count = Elided(Qt.TextElideMode.ElideRight)
        self.source = ChoiceBox(tr("What the grid shows"))
        self.source.setMinimumContentsLength(14)
        self.order = ChoiceBox(tr("Order of the grid"))
        for key, text in SORTS:
            self.order.addItem(text, key)
        self.order.setCurrentIndex(len(SORTS) - 1)
        self.update_button = QToolButton()
        self.update_button.setText(tr("Update"))
        self.update_button.setToolTip(tr("The classifier has learned since: show what it predicts now"))
        self.update_button.clicked.connect(self.refill)
        self.confirm_button = QPushButton(tr("Confirm"))
        self.confirm_button.setToolTip(tr("Label each picked image with its prediction (Enter)"))
        self.confirm_button.clicked.connect(self.confirm)
        self.side = QSlider(Qt.Orientation.Horizontal)
        self.side.setRange(56, 240)
        self.side.setValue(self.delegate.side)
        self.side.setFixedWidth(96)
        self.side.setToolTip(tr("Size of the thumbnails"))
        self.side.setAccessibleName(tr("Size of the thumbnails"))
        self._lay_out()
        self._keys = ClassKeys(opened, self.view, self.targets, confirm=self.confirm)
        self.source.activated.connect(lambda _index: self.refill())
        self.order.activated.connect(lambda _index: self.refill())
        self.side.valueChanged.connect(self._resize_thumbnails)
        self.view.selectionModel().selectionChanged.connect(self._on_picked)
        self.view.selectionModel().currentChanged.connect(self._on_current)
        self.model.modelReset.connect(lambda: opened.set_picked(None))
        self._later = Patient(self, self._follow_selection, LATER_MS)
        opened.changed.connect(self._on_changed)
        opened.selection_changed.connect(self._on_selection)
        opened.suggestions_changed.connect(self._on_suggestions)
        opened.view_changed.connect(self._on_view)
        ThumbnailImages.of(opened).loaded.connect(self._on_thumbnails)
        self._list_sources()
        self.refill()

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setContentsMargins(8, 5, 8, 5)
        bar.setSpacing(6)
        bar.addWidget(self.source)
        bar.addWidget(self.count, 1)
        for widget in (self.confirm_button, self.update_button, self.order, self.side):
            bar.addWidget(widget)
        holder = QWidget()
        self.stack = QStackedLayout(holder)
        self.stack.addWidget(self.view)
        self.stack.addWidget(self.empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(bar)
        layout.addWidget(holder, 1)

    # What is shown

    def show_source(self, source: str, class_id: int | None = None) -> None:
        """Show the `selection`, the `suggestions`, or the unlabelled images `predicted` as a class."""
        index = self.source.findData(f"{source}:{class_id}" if source == PREDICTED else source)
        if index >= 0:
            self.source.setCurrentIndex(index)
            self.refill()

    def _list_sources(self) -> None:
        chosen = self.source.currentData()
        self.source.clear()
        self.source.addItem(tr("Selection"), SELECTION)
        if not self.opened.blind:
            self.source.addItem(tr("Suggestions"), SUGGESTIONS)
            for definition in self.opened.classes:
                icon = swatch_icon(definition.colour)
                self.source.addItem(
                    icon, tr("Predicted {name}", name=definition.name), f"{PREDICTED}:{definition.id}"
                )
        self.source.setCurrentIndex(max(0, self.source.findData(chosen)))

    def _wanted(self) -> NDArray[np.int64]:
        opened, source = self.opened, self.source.currentData() or SELECTION
        if source == SUGGESTIONS:
            return np.array([s.row for s in opened.suggestions], dtype=np.int64)
        if source.startswith(PREDICTED):
            predicted = opened.prediction == int(source.split(":")[1])
            waiting = (opened.kind == LabelKind.CLEAR) & (opened.split == Split.POOL)
            return self._sorted(np.flatnonzero(predicted & waiting))
        return self._sorted(np.flatnonzero(opened.selection))

    def _sorted(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        opened, key = self.opened, self.order.currentData()
        if key == "sure last":
            return rows[np.argsort(opened.confidence[rows], kind="stable")]
        if key == "sure first":
            return rows[np.argsort(-opened.confidence[rows], kind="stable")]
        if key in ("prediction", "label"):
            ids = opened.prediction[rows] if key == "prediction" else opened.label[rows]
            top = max([int(ids.max(initial=0)), *(c.id for c in opened.classes)])
            place = np.full(top + 2, len(opened.classes))  # the last is for NO_CLASS, which is -1
            place[[c.id for c in opened.classes]] = [c.position for c in opened.classes]
            return rows[np.lexsort((opened.confidence[rows], place[ids]))]
        if len(rows) <= NAMES_SORTED_UP_TO:
            names = [opened.project.catalog.name(int(row)) for row in rows]
            return rows[np.argsort(np.array(names, dtype=object), kind="stable")] if names else rows
        return rows

    def refill(self) -> None:
        """Show afresh what the chosen source holds, in the chosen order."""
        self.model.show_rows(self._wanted())
        self.update_button.hide()
        self._describe()

    def _describe(self) -> None:
        rows, source = self.model.rows, self.source.currentData() or SELECTION
        self.order.setEnabled(source != SUGGESTIONS)
        self.stack.setCurrentWidget(self.view if len(rows) else self.empty)
        picked = self.picked()
        text = counted(len(rows), "image") if len(rows) else ""
        n_test = int(np.count_nonzero(self.opened.split[rows] == Split.TEST)) if len(rows) else 0
        if n_test and not self.opened.blind:
            text += tr(", {n_test:,} of the test set", n_test=n_test)
        if len(picked):
            text += tr(" · {picked:,} picked", picked=len(picked))
        self.count.set_full(text)
        self.confirm_button.setVisible(self._confirmable().size > 0 and not self.opened.blind)
        self.confirm_button.setText(tr("Confirm {size:,}", size=self._confirmable().size))
        if source == SELECTION:
            title = tr("Nothing selected")
            sentence = tr(
                "Select images on the map with the lasso, or click the name of a class to review its images."
            )
        elif source == SUGGESTIONS:
            title, sentence = (
                tr("No suggestions yet"),
                tr("They come as soon as an image model has looked at the images."),
            )
        else:
            title = tr("No unlabelled image is predicted as this class")
            sentence = (
                self.opened.model_sentence if self.opened.model is None else tr("Choose another class above.")
            )
        self.empty.set_text(title, sentence)

    # What happens elsewhere

    def _on_changed(self, changes: Changes) -> None:
        if changes & Changes.CLASSES:
            self.delegate.refresh()
            self._list_sources()
        if changes & Changes.IMAGES:
            self.refill()
        if changes & (Changes.LABELS | Changes.MODEL | Changes.CLASSES):
            self._keep_up()
        self.view.viewport().update()

    def _keep_up(self) -> None:
        """Labelled images leave a list of unlabelled ones; the order under the hand never jumps by itself."""
        source = self.source.currentData() or SELECTION
        if source.startswith(PREDICTED):
            rows = self.model.rows
            left = rows[(self.opened.kind[rows] == LabelKind.CLEAR) & (self.opened.split[rows] == Split.POOL)]
            if not len(left):
                self.refill()
                return
            self.view.keep_place(left)
            self.update_button.setVisible(not np.array_equal(np.sort(self._wanted()), np.sort(left)))
        elif source == SELECTION:
            self.update_button.setVisible(
                self.order.currentData() != "name" and not np.array_equal(self._wanted(), self.model.rows)
            )
        self._describe()

    def _on_selection(self) -> None:
        if np.count_nonzero(self.opened.selection) > MANY:
            self.view.clearSelection()  # a key means the new selection from now on
            self._later.start()
        else:
            self._later.stop()
            self._follow_selection()

    def _follow_selection(self) -> None:
        if self.source.currentData() != SELECTION and self.opened.selection.any():
            self.source.setCurrentIndex(self.source.findData(SELECTION))
        if self.source.currentData() == SELECTION:
            self.refill()

    def _on_suggestions(self) -> None:
        if self.source.currentData() == SUGGESTIONS:
            self.view.keep_place(self._wanted())
            self._describe()

    def _on_thumbnails(self, _rows: object) -> None:
        self.view.viewport().update()

    def _on_view(self) -> None:
        self._list_sources()
        self._on_selection()
        if self.source.currentData() != SELECTION:
            self.refill()
        self.view.viewport().update()

    # What a person does here

    def picked(self) -> NDArray[np.int64]:
        """The rows picked in the grid, in its order."""
        return self.view.picked()

    def targets(self) -> NDArray[np.int64]:
        """What a key labels here: the thumbnails picked, else what the open project would label."""
        picked = self.picked()
        return picked if picked.size else np.asarray(self.opened.targets(), dtype=np.int64)

    def _confirmable(self) -> NDArray[np.int64]:
        rows, opened = self.picked(), self.opened
        fine = (opened.prediction[rows] != NO_CLASS) & (opened.split[rows] == Split.POOL)
        confirmable: NDArray[np.int64] = rows[fine & (opened.kind[rows] == LabelKind.CLEAR)]
        return confirmable

    def confirm(self) -> None:
        """Label each picked, unlabelled image with the class predicted for it: one step to undo."""
        rows = self._confirmable()
        if rows.size:
            self.opened.confirm_predictions(rows)

    def _on_picked(self, *_: QItemSelection) -> None:
        picked = self.picked()
        self.opened.set_picked(picked if picked.size else None)
        self._describe()

    def _on_current(self, index: QModelIndex, _before: QModelIndex | None = None) -> None:
        if index.isValid():
            self.opened.set_current(int(self.model.rows[index.row()]))

    def _resize_thumbnails(self, side: int) -> None:
        self.delegate.side = side
        self.view.fit_cells()

    def menu(self) -> QMenu:
        """What can be done with the picked images."""
        menu, rows, opened = QMenu(self), self.targets(), self.opened

        def add(text: str, call: Callable[[], object], icon: str = "") -> None:
            action = add_action(menu, text)
            if icon:
                action.setIcon(swatch_icon(icon))
            action.triggered.connect(lambda _checked=False: call())

        n = self._confirmable().size
        if n and not opened.blind:
            add(tr("Confirm {predictions}", predictions=counted(int(n), "prediction")), self.confirm)
            menu.addSeparator()
        for definition in opened.classes:
            add(
                tr("Label {name}", name=definition.name),
                partial(opened.label_rows, rows, definition.id),
                definition.colour,
            )
        menu.addSeparator()
        add(tr("Skip"), lambda: opened.mark_rows(rows, LabelKind.SKIP))
        add(tr("Not sure"), lambda: opened.mark_rows(rows, LabelKind.NOT_SURE))
        add(tr("Bad image"), lambda: opened.mark_rows(rows, LabelKind.BAD_IMAGE))
        menu.addSeparator()
        add(tr("Take the label away"), lambda: opened.clear_rows(rows))
        return menu
