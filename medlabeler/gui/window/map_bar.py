"""The tools above the map: what a drag does, and what the colours mean."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from medlabeler.domain.changes import Changes
from medlabeler.domain.language import tr
from medlabeler.gui.kit.choice_box import ChoiceBox
from medlabeler.gui.kit.plain import PlainLabel, tip
from medlabeler.gui.kit.theme import ICON, set_role
from medlabeler.gui.window.actions import Actions
from medlabeler.open_project.open_project import OpenProject

SCHEMES = (
    ("label", tr("Label")),
    ("prediction", tr("Prediction")),
    ("confidence", tr("Confidence")),
    ("agreement", tr("Agreement")),
    ("split", tr("Split")),
    ("reference", tr("Reference label")),
    ("by", tr("Labelled by")),
    ("date", tr("Labelled on")),
    ("remarks", tr("Flags and notes")),
)


class MapBar(QWidget):
    """Tools as buttons of the window's actions, and a box that chooses the colours."""

    def __init__(self, actions: Actions, opened: OpenProject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._opened = opened
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for name in ("pan", "lasso", "rectangle", "fit"):
            button = QToolButton()
            button.setDefaultAction(actions[name])
            button.setIconSize(QSize(ICON, ICON))
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setAccessibleName(actions[name].text())
            row.addWidget(button)
        self.caption = PlainLabel(tr("Colour"))
        set_role(self.caption, "muted")
        self.caption.setContentsMargins(8, 0, 4, 0)
        row.addWidget(self.caption)
        self.colour = ChoiceBox(tr("Colour the map by"))
        self.colour.setToolTip(tip(tr("Colour the map by")))
        # Typed digits are labels, not a search in a box that happens to have the focus.
        self.colour.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.colour.activated.connect(self._choose)
        row.addWidget(self.colour)
        opened.changed.connect(self._on_changed)
        opened.view_changed.connect(self._show)
        self._list()

    def _on_changed(self, changes: Changes) -> None:
        if changes & Changes.IMAGES:
            self._list()

    def _list(self) -> None:
        catalog = self._opened.project.catalog
        wanted = [*SCHEMES, *([("group", tr("Group"))] if catalog.has_groups else [])]
        wanted += [(f"meta:{name}", name) for name in catalog.metadata_columns()]
        self.colour.clear()
        for at, (key, text) in enumerate(wanted):
            if at == len(SCHEMES):
                self.colour.insertSeparator(at)
            self.colour.addItem(text, key)
        self._show()

    def _show(self) -> None:
        opened = self._opened
        self.colour.setEnabled(opened.n > 0 and not opened.blind)
        self.colour.setCurrentIndex(max(0, self.colour.findData(opened.colour_by)))

    def _choose(self) -> None:
        self._opened.set_colour_by(self.colour.currentData())
