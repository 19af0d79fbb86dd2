"""Beside the image: its label, what the classifier makes of it, and the labelled images nearest to it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from medlabeler.domain.changes import Changes
from medlabeler.domain.language import tr
from medlabeler.domain.types import LabelKind
from medlabeler.gui.kit.plain import Elided
from medlabeler.gui.kit.theme import set_role
from medlabeler.gui.stage.neighbour_strip import DISTANCE, NeighbourStrip
from medlabeler.gui.stage.verdict_view import VerdictView
from medlabeler.open_project.open_project import OpenProject


class AboutImage(QWidget):
    """Follows the current image of the open project."""

    def __init__(self, opened: OpenProject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.opened = opened
        self.verdict = VerdictView(opened)
        self.strip = NeighbourStrip(opened)
        self.strip_title = Elided(Qt.TextElideMode.ElideRight)
        self.strip_title.set_full(tr("Most similar labelled images"), DISTANCE)
        set_role(self.strip_title, "section")
        box = QVBoxLayout(self)
        box.setContentsMargins(10, 4, 10, 6)
        box.setSpacing(4)
        for widget in (self.verdict, self.strip_title, self.strip):
            box.addWidget(widget)
        box.addStretch(1)
        self.strip.chosen.connect(opened.set_current)
        opened.current_changed.connect(self.refresh)
        opened.view_changed.connect(self.refresh)
        opened.changed.connect(self._on_changed)
        opened.neighbours_changed.connect(self._on_neighbours)
        self.refresh()

    def put_below(self, widget: QWidget) -> None:
        """Let `widget` stand below all that is told of the image."""
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)  # noqa: S101 - made above
        layout.addWidget(widget)

    @property
    def shown(self) -> int:
        """Row of the image it is about, -1 for none."""
        opened = self.opened
        return opened.current if 0 <= opened.current < opened.n else -1

    def refresh(self) -> None:
        """Tell of the current image."""
        row = self.shown
        self.verdict.show_row(row)
        for widget in (self.strip_title, self.strip):
            widget.setVisible(row >= 0 and not self.opened.blind)
        self._on_neighbours(row)

    def _on_changed(self, changes: Changes) -> None:
        if changes & Changes.IMAGES:
            self.refresh()
        elif changes & (Changes.LABELS | Changes.CLASSES | Changes.MODEL | Changes.EMBEDDING):
            self.verdict.show_row(self.shown)
            self._on_neighbours(self.shown)
            self.strip.update()
            if changes & Changes.MODEL and self.shown >= 0 and not self.opened.blind:
                # A refit means that labels changed, and with them who the nearest labelled are.
                self.opened.request_neighbours(self.shown)

    def _on_neighbours(self, row: int) -> None:
        if row != self.shown or self.opened.blind:
            return
        found = [(r, s) for r, s in self.opened.neighbours.get(row, []) if r != row]
        if row >= 0 and self.opened.judged_blind(row):
            # They would give away what the classifier thinks.
            found, sentence = [], tr("They appear once you have labelled this random draw.")
        elif self.opened.embedding_info is None:
            sentence = tr("They appear once an image model has looked at the images.")
        elif not self.opened.n_decided(LabelKind.LABEL):
            sentence = tr("They appear with the first labels.")
        else:
            sentence = ""
        self.strip.show_neighbours(found, sentence)
