"""What a session came to: a row of figures, for the welcome screen and for the sessions page."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.gui.kit.elements import small
from medlabeler.gui.kit.plain import PlainLabel
from medlabeler.gui.kit.theme import set_role
from medlabeler.gui.sessions.words import tiles, when
from medlabeler.jobs import sessions
from medlabeler.project.creation import DATABASE
from medlabeler.project.project import Project


def last_session(project: Project) -> dict[str, Any]:
    """What to keep of the session that ends now, as JSON: where, when, figures; empty without labels.

    Leaving must never fail over a summary, so a disk that cannot be read gives an empty one.
    """
    with contextlib.suppress(UserError):
        for told in sessions.told(project, only=project.session_id):
            if told.session.n_labels:
                figures = [list(tile) for tile in tiles(told)]
                return {"project": str(project.path), "started": told.session.started, "tiles": figures}
    return {}


class Tiles(QWidget):
    """Figures side by side, what each is below it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(26)
        self._grid.setVerticalSpacing(0)

    def show_tiles(self, figures: Sequence[Sequence[str]]) -> None:
        """Replace what is shown."""
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._grid.setColumnStretch(self._grid.columnCount() - 1, 0)
        for column, (figure, caption) in enumerate(figures):
            value, below = PlainLabel(figure), PlainLabel(caption)
            value.setFont(small(self.font(), 1.6, bold=True))
            set_role(below, "muted")
            below.setFont(small(self.font(), 0.92))
            self._grid.addWidget(value, 0, column)
            self._grid.addWidget(below, 1, column, Qt.AlignmentFlag.AlignTop)
        self._grid.setColumnStretch(len(figures), 1)
        self.setAccessibleName(", ".join(f"{caption}: {figure}" for figure, caption in figures))


class LastSession(QFrame):
    """A card about the last session; asks to compare it with those before."""

    compare_wanted = Signal(Path)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "card")
        self._path = Path()
        self.heading = PlainLabel()
        set_role(self.heading, "heading")
        self.tiles = Tiles()
        self.compare = QPushButton(tr("Compare sessions"))
        set_role(self.compare, "quiet")
        self.compare.clicked.connect(lambda: self.compare_wanted.emit(self._path))
        top = QHBoxLayout()
        top.addWidget(self.heading, 1)
        top.addWidget(self.compare)
        box = QVBoxLayout(self)
        box.setContentsMargins(18, 10, 12, 14)
        box.setSpacing(8)
        box.addLayout(top)
        box.addWidget(self.tiles)

    def show_last(self, stored: dict[str, Any]) -> bool:
        """Show what `last_session` kept; False (and hidden) if there is nothing, or its project is gone."""
        known = False
        with contextlib.suppress(KeyError, TypeError, ValueError, AttributeError, OSError, OverflowError):
            self._path = Path(stored["project"])
            known = (self._path / DATABASE).is_file()
            self.heading.setText(
                tr("Your session in {name}, {when}", name=self._path.name, when=when(stored["started"]))
            )
            self.tiles.show_tiles([(str(figure), str(caption)) for figure, caption in stored["tiles"]])
        self.setVisible(known)
        return known
