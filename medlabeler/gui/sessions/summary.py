"""What a session came to: a row of figures, for the welcome screen and for the sessions page."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from medlabeler.domain.checked_json import Json, Mismatch, stored
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import language, tr
from medlabeler.gui.kit.elements import small
from medlabeler.gui.kit.plain import PlainLabel
from medlabeler.gui.kit.theme import set_role
from medlabeler.gui.sessions.words import tiles, when
from medlabeler.jobs import sessions
from medlabeler.project.creation import DATABASE
from medlabeler.project.project import Project


@dataclass(frozen=True)
class SessionFigures:
    """What the settings keep of a session: the folder of its project, when it began (ISO 8601), and figures,
    each with what it is in the words of a language, empty where an earlier version did not tell which.
    """

    project: str
    started: str
    tiles: tuple[tuple[str, str], ...]
    language: str = ""

    def to_json(self) -> Json:
        """What `stored_session` reads."""
        return {**vars(self), "tiles": [list(tile) for tile in self.tiles]}


def last_session(project: Project) -> SessionFigures | None:
    """What to keep of the session that ends now; None without labels.

    Leaving must never fail over a summary, so a disk that cannot be read gives none.
    """
    with contextlib.suppress(UserError):
        for told in sessions.told(project, only=project.session_id):
            if told.session.n_labels:
                return SessionFigures(str(project.path), told.session.started, tuple(tiles(told)), language())
    return None


def stored_session(value: Any) -> SessionFigures | None:
    """What the settings hold, None if that is nothing, damaged, or in words of another language."""
    try:
        found = stored(SessionFigures, value)
    except Mismatch:
        return None
    return found if found.language in ("", language()) else None


LONGEST = 120
"""Pixels of a line below a figure; what is longer is wrapped where there is less room."""


class Tiles(QWidget):
    """Figures side by side, what each is below it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(26)
        self._grid.setVerticalSpacing(0)
        self._widths: list[int] = []
        """Of each column, as it is without wrapping."""

    def show_tiles(self, figures: Sequence[Sequence[str]]) -> None:
        """Replace what is shown."""
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for column in range(self._grid.columnCount()):
            self._grid.setColumnStretch(column, 0)
        self._widths = []
        for column, (figure, caption) in enumerate(figures):
            value, below = PlainLabel(figure), PlainLabel(caption)
            value.setFont(small(self.font(), 1.6, bold=True))
            set_role(below, "muted")
            below.setFont(small(self.font(), 0.92))
            below.setAlignment(Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(value, 0, column)
            self._grid.addWidget(below, 1, column)
            width = below.sizeHint().width() + 2
            below.setWordWrap(width > LONGEST)
            self._widths.append(max(width, value.sizeHint().width()))
        self._share()
        told = [f"{caption}: {figure}".replace("\n", ", ") for figure, caption in figures]
        self.setAccessibleName(", ".join(told))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share()

    def _share(self) -> None:
        """Long lines have their length where there is room for all, else what is left by the short ones."""
        grid, widths = self._grid, self._widths
        spare = self.width() - sum(widths) - grid.horizontalSpacing() * len(widths)
        for column, width in enumerate(widths):
            # By stretch, not by a least width, or the window could not become narrower again.
            grid.setColumnStretch(column, width if width > LONGEST else 0)
        grid.setColumnStretch(len(widths), max(spare, 0 if max(widths, default=0) > LONGEST else 1))


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

    def show_last(self, last: SessionFigures | None) -> bool:
        """Show what the last session came to; False (and hidden) if there was none or its project is gone."""
        known = False
        if last is not None:
            with contextlib.suppress(ValueError, OSError, OverflowError):  # no time, no name of a file
                self._path = Path(last.project)
                self.heading.setText(
                    tr("Your session in {name}, {when}", name=self._path.name, when=when(last.started))
                )
                self.tiles.show_tiles(last.tiles)
                known = (self._path / DATABASE).is_file()
        self.setVisible(known)
        return known
