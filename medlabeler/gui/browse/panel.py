"""All images from the moment of import: found, sorted, looked at, labelled."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QSlider,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from medlabeler.domain.changes import Changes
from medlabeler.domain.language import tr
from medlabeler.gui.browse.filter_bar import FilterBar
from medlabeler.gui.browse.view import BrowseView
from medlabeler.gui.kit.choice_box import ChoiceBox
from medlabeler.gui.kit.elements import EmptyState, counted
from medlabeler.gui.kit.icons import icon
from medlabeler.gui.kit.plain import Elided
from medlabeler.open_project.finding.fields import Kind
from medlabeler.open_project.open_project import OpenProject

AS_IMPORTED = tr("As imported")
BLIND = (
    tr("Blind mode"),
    tr("Names, labels and predictions would tell too much: the images are back when you leave it."),
)


class BrowsePanel(QWidget):
    """The filter, how many it finds, and the images. `menu_wanted`: a menu for what is selected."""

    menu_wanted = Signal(object)  # global position
    enlarge_wanted = Signal(int)  # row

    def __init__(self, opened: OpenProject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.opened = opened
        self.bar = FilterBar(opened)
        self.view = BrowseView(opened)
        self.empty = EmptyState("", "")
        self.count = Elided(Qt.TextElideMode.ElideRight)
        self.all_button = QPushButton(tr("Select all"))
        self.all_button.setToolTip(tr("Select every image that is found (Ctrl+A)"))
        self.again_button = QPushButton(tr("Sort again"))
        self.again_button.setToolTip(tr("Labels or predictions changed since: put everything in order"))
        self.order = ChoiceBox(tr("Sort by"))
        self.order.setToolTip(tr("Sort by"))
        self.order.setMinimumContentsLength(9)
        self.down_button = QToolButton()
        self.down_button.setCheckable(True)
        self.down_button.setToolTip(tr("The other way round: largest, last or latest first"))
        self.down_button.setAccessibleName(tr("The other way round"))
        self.side = QSlider(Qt.Orientation.Horizontal)
        self.side.setRange(72, 256)
        self.side.setValue(self.view.cells.side)
        self.side.setMinimumWidth(48)
        self.side.setMaximumWidth(90)
        self.side.setToolTip(tr("Size of the thumbnails"))
        self.side.setAccessibleName(tr("Size of the thumbnails"))
        self._lay_out()
        self.setFocusProxy(self.view)
        self.bar.left.connect(self.view.setFocus)
        self.view.menu_wanted.connect(self.menu_wanted)
        self.view.enlarge_wanted.connect(self.enlarge_wanted)
        self.all_button.clicked.connect(self.view.select_all)
        self.again_button.clicked.connect(opened.finder.sort_again)
        self.order.activated.connect(lambda _index: self._sort())
        self.down_button.toggled.connect(lambda _on: self._sort())
        self.side.valueChanged.connect(self.view.set_side)
        opened.finder.changed.connect(self.refresh)
        opened.selection_changed.connect(self._describe)
        opened.changed.connect(self._on_changed)
        self._list_orders()
        self.refresh()

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setContentsMargins(8, 2, 8, 6)
        line.setSpacing(6)
        self.count.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        line.addWidget(self.count, 1)
        for widget in (self.all_button, self.again_button, self.order, self.down_button, self.side):
            line.addWidget(widget)
        holder = QWidget()
        self.stack = QStackedLayout(holder)
        self.stack.addWidget(self.view)
        self.stack.addWidget(self.empty)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.bar)
        box.addLayout(line)
        box.addWidget(holder, 1)

    def start(self) -> None:
        """Let the person type what to find."""
        self.bar.start()

    # ------------------------------------------------------------------ order

    def _list_orders(self) -> None:
        fields = [field for field in self.opened.finder.fields if field.kind is not Kind.STATE]
        wanted = [("", AS_IMPORTED), *((field.key, field.title) for field in fields)]
        if wanted != [(self.order.itemData(i), self.order.itemText(i)) for i in range(self.order.count())]:
            self.order.clear()
            for key, title in wanted:
                self.order.addItem(title, key)

    def _sort(self) -> None:
        self.opened.finder.sort_by(self.order.currentData() or "", self.down_button.isChecked())

    # ------------------------------------------------------------------ what is shown

    def _on_changed(self, changes: Changes) -> None:
        if changes & (Changes.IMAGES | Changes.MODEL):
            self._list_orders()
            self._describe()

    def refresh(self) -> None:
        """Show what the finder found."""
        finder = self.opened.finder
        self.order.setCurrentIndex(max(0, self.order.findData(finder.order.field)))
        self.down_button.blockSignals(True)
        self.down_button.setChecked(finder.order.descending)
        self.down_button.blockSignals(False)
        self.down_button.setIcon(icon("down" if finder.order.descending else "up"))
        self.again_button.setVisible(finder.unsorted)
        self._describe()

    def _describe(self) -> None:
        opened, finder = self.opened, self.opened.finder
        found, chosen = len(finder.rows), int(np.count_nonzero(opened.selection))
        if opened.blind:
            self.empty.set_text(*BLIND)
        elif not opened.n:
            self.empty.set_text(
                tr("No images yet"), tr("They appear here one after the other as they are imported.")
            )
        else:
            self.empty.set_text(
                tr("No image meets all conditions"), tr("Take a condition away, or change it above.")
            )
        self.stack.setCurrentWidget(self.view if found else self.empty)
        every = counted(opened.n, "image")
        text = every if finder.match is None else tr("{found:,} of {n:,}", found=found, n=opened.n)
        if chosen:
            text += tr(" · {chosen:,} selected", chosen=chosen)
        if finder.busy:
            text += tr(" · looking…")
        told = (
            tr("{found:,} of {every} meet the filter", found=found, every=every)
            if finder.match is not None
            else text
        )
        self.count.set_full("" if opened.blind else text, "" if opened.blind else told)
        for widget in (self.all_button, self.order, self.down_button):
            widget.setEnabled(bool(found))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "stack"):
            self.refresh()
