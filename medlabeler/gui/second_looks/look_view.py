"""The images of one second look, large and side by side, with what can be decided about them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from medlabeler.domain.changes import Changes
from medlabeler.domain.language import tr
from medlabeler.domain.types import NO_CLASS, LabelKind
from medlabeler.gui.classes.chips import ClassChips
from medlabeler.gui.kit.flow import FlowLayout
from medlabeler.gui.kit.icons import icon
from medlabeler.gui.kit.plain import PlainLabel, caption, tip
from medlabeler.gui.kit.theme import set_role
from medlabeler.gui.stage.labelled_picture import LabelledPicture
from medlabeler.gui.stage.neighbour_strip import NeighbourStrip
from medlabeler.open_project.open_project import OpenProject
from medlabeler.open_project.second_looks import Look

MOST = 4
"""Images of one look that are shown; a sentence tells of the rest."""
BLIND_HINT = tr("Its label, its prediction and its name are hidden.")


class LookView(QWidget):
    """Shows a look, or an image to read blind, and tells by signals what a person wants done."""

    keep_wanted = Signal()
    class_chosen = Signal(int)  # class id
    kind_chosen = Signal(object)  # LabelKind
    step_wanted = Signal(int)
    trail_wanted = Signal(int)  # row

    def __init__(self, opened: OpenProject) -> None:
        super().__init__()
        self.opened = opened
        self.rows: tuple[int, ...] = ()
        self.blind = False
        self.reason, self.more = PlainLabel(wordWrap=True), PlainLabel(wordWrap=True)
        set_role(self.reason, "heading")
        set_role(self.more, "muted")
        self.pictures = [LabelledPicture(opened) for _ in range(MOST)]
        self.strip_title = PlainLabel(tr("Nearest labelled images"))
        set_role(self.strip_title, "section")
        self.strip = NeighbourStrip(opened)
        self.chips = ClassChips(opened)
        self._build_buttons()
        self._lay_out()
        self.chips.chosen.connect(self.class_chosen)
        opened.neighbours_changed.connect(self._on_neighbours)
        opened.changed.connect(self._on_changed)

    def _build_buttons(self) -> None:
        def button(text: str, icon_name: str, words: str) -> QPushButton:
            made = QPushButton(caption(text), autoDefault=False, default=False)
            if icon_name:
                made.setIcon(icon(icon_name))
                self._icons[made] = icon_name
            made.setToolTip(tip(words))
            made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            return made

        self._icons: dict[QPushButton, str] = {}
        self.keep = button(tr("Keep"), "", tr("The label is right (K or Enter)"))
        self.not_sure = button(tr("Not sure"), "not-sure", tr("Not sure (N)"))
        self.bad = button(tr("Bad image"), "bad-image", tr("Bad image (X)"))
        self.back = button("", "previous", tr("The one before (Left)"))
        self.next = button("", "next", tr("The next one (Right)"))
        self.trail = button(tr("History…"), "recent", tr("Who labelled it: every decision about this image"))
        set_role(self.keep, "primary")
        set_role(self.trail, "quiet")
        self.back.setAccessibleName(tr("The one before"))
        self.next.setAccessibleName(tr("The next one"))
        self.keep.clicked.connect(self.keep_wanted)
        self.not_sure.clicked.connect(lambda: self.kind_chosen.emit(LabelKind.NOT_SURE))
        self.bad.clicked.connect(lambda: self.kind_chosen.emit(LabelKind.BAD_IMAGE))
        self.back.clicked.connect(lambda: self.step_wanted.emit(-1))
        self.next.clicked.connect(lambda: self.step_wanted.emit(1))
        self.trail.clicked.connect(lambda: self.trail_wanted.emit(self.rows[0]) if self.rows else None)

    def tint(self) -> None:
        """Take the icons' colour from the theme."""
        for made, name in self._icons.items():
            made.setIcon(icon(name))

    def _lay_out(self) -> None:
        buttons, answers = QHBoxLayout(), FlowLayout()  # in two lines where they do not fit beside the rest
        buttons.setSpacing(6)
        for made in (self.keep, self.not_sure, self.bad):
            answers.addWidget(made)
        buttons.addLayout(answers, 1)
        for made in (self.trail, self.back, self.next):
            buttons.addWidget(made)
        self.grid = QGridLayout()
        self.grid.setSpacing(10)
        for place, picture in enumerate(self.pictures):
            self.grid.addWidget(picture, place // 2, place % 2)
            picture.hide()  # until there is an image for it: empty ones would make the window higher
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addWidget(self.reason)
        box.addWidget(self.more)
        box.addLayout(self.grid, 1)
        box.addWidget(self.strip_title)
        box.addWidget(self.strip)
        box.addWidget(self.chips)
        box.addLayout(buttons)

    def show_look(self, look: Look, further: str = "", keep: str = tr("Keep")) -> None:
        """Show a look; `further` is a second, quieter sentence, `keep` what the first button says."""
        self._show(look.rows, blind=False)
        self.reason.setText(f"{look.reason[:1].upper()}{look.reason[1:]}.")
        hidden = len(look.rows) - MOST
        if hidden > 0:
            further = tr(
                "{further} {hidden} more of them are not shown.", further=further, hidden=hidden
            ).strip()
        self.more.setText(further)
        self.more.setVisible(bool(further))
        self.keep.setText({1: keep, 2: tr("Keep both")}.get(len(look.rows), tr("Keep all")))
        self.chips.refresh(look.other)

    def show_blind(self, row: int, progress: str) -> None:
        """Show one image to read without any hint."""
        self._show((row,), blind=True)
        self.reason.setText(progress)
        self.more.setText(BLIND_HINT)
        self.more.show()
        self.chips.refresh(-1)

    def _show(self, rows: Sequence[int], *, blind: bool) -> None:
        self.rows, self.blind = tuple(rows), blind
        for place, picture in enumerate(self.pictures):
            picture.show_row(self.rows[place] if place < len(self.rows) else -1, blind=blind)
        alone = len(self.rows) == 1 and not blind
        self.strip_title.setVisible(alone)
        self.strip.setVisible(alone)
        for widget in (self.keep, self.trail, self.back, self.next):
            widget.setVisible(not blind)
        if alone:
            self._on_neighbours(self.rows[0])
            self.opened.request_neighbours(self.rows[0])

    def _on_neighbours(self, row: int) -> None:
        if self.blind or self.rows != (row,):
            return
        opened = self.opened
        found = [(r, s) for r, s in opened.neighbours.get(row, []) if r != row]
        sentence = (
            ""
            if opened.embedding_info is not None
            else tr("They appear once an image model has looked at the images.")
        )
        if not (opened.label != NO_CLASS).any():
            sentence = tr("They appear with the first labels.")
        self.strip.show_neighbours(found, sentence)

    def _on_changed(self, changes: Changes) -> None:
        if changes & (Changes.CLASSES | Changes.LABELS) and not self.opened.closed:
            for picture in self.pictures:
                if 0 <= picture.row < self.opened.n and not self.blind:
                    picture.say_label()
            self.chips.refresh(self.chips.predicted)
        if changes & Changes.MODEL and self.strip.isVisible() and not self.opened.closed:
            self.opened.request_neighbours(self.rows[0])

    def shown(self) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """Rows of the images that can be seen."""
        return np.array([p.row for p in self.pictures if p.row >= 0], np.int64)
