"""One mode: a large subject in the middle and places round it, into which rooms put their panels."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QByteArray, QSettings, QSize, Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QSplitter, QTabWidget, QVBoxLayout, QWidget

from medlabeler.gui.kit.plain import PlainLabel, caption
from medlabeler.gui.kit.theme import set_role

LOWEST = 110
"""Pixels that a panel of a column has at least, if it is not told otherwise; where there are fewer the column
shows tabs.
"""

HEADING = 26
"""Height in pixels of the heading of a panel in a column."""


class Spot(StrEnum):
    """Where a panel stands in a mode."""

    MAIN = "main"
    LEFT = "left"
    RIGHT = "right"
    BELOW = "below"


class Dock(QWidget):
    """A place for a panel that several modes show: it holds the panel while it can be seen."""

    def __init__(self, panel: QWidget) -> None:
        super().__init__()
        self.panel = panel
        # Until a place of it is shown it belongs to none, and would lie in the corner over everything.
        panel.hide()
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)

    def minimumSizeHint(self) -> QSize:
        return self.panel.minimumSizeHint().expandedTo(self.panel.minimumSize())

    def showEvent(self, event: QShowEvent) -> None:
        if self.panel.parentWidget() is not self:
            self._box.addWidget(self.panel)
            self.panel.show()
        super().showEvent(event)


class ModePage(QWidget):
    """Put a panel in with `add`; several in one spot are tabs in the middle and below, a column at a side.

    Where each splitter stands is remembered under the name of the mode.
    """

    def __init__(self, name: str, store: QSettings, *, left: int = 230, right: int = 290, below: int = 200):
        super().__init__()
        self._name, self._store = name, store
        self._widths = {Spot.LEFT: left, Spot.RIGHT: right}
        self._below_height = below
        self.main, self.below = Tabs(), Tabs()
        self.columns = {spot: Column(f"{name}/{spot}", store) for spot in (Spot.LEFT, Spot.RIGHT)}
        self._middle = QSplitter(Qt.Orientation.Vertical)
        self._across = QSplitter(Qt.Orientation.Horizontal)
        stacked: tuple[QWidget, ...] = (self.main, self.below)
        beside = (self.columns[Spot.LEFT], self._middle, self.columns[Spot.RIGHT])
        for splitter, parts in ((self._middle, stacked), (self._across, beside)):
            splitter.setHandleWidth(1)
            splitter.setChildrenCollapsible(False)
            for part in parts:
                splitter.addWidget(part)
        self._middle.setStretchFactor(0, 1)
        # The middle takes most of what a larger window gives, and gives most of what a smaller one takes.
        self._across.setStretchFactor(1, 4)
        self._across.setStretchFactor(2, 1)
        for empty in (self.below, *self.columns.values()):
            empty.hide()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._across)

    def add(
        self,
        spot: Spot,
        title: str,
        panel: QWidget,
        *,
        shared: bool = False,
        height: int = 200,
        lowest: int = LOWEST,
        tip: str = "",
    ) -> None:
        """Put `panel` into `spot` under `title`.

        `shared`: the panel stands in other modes as well; it goes to whichever is shown. `height` in pixels
        is what it has at first in a column, `lowest` what it has at least, `tip` what hovering over its tab
        says.
        """
        held = Dock(panel) if shared else panel
        if spot in self.columns:
            self.columns[spot].add(title, held, height, lowest)
            self.columns[spot].show()
        else:
            tabs = self.main if spot == Spot.MAIN else self.below
            tabs.add(title, held, tip)
            tabs.show()

    def settle(self) -> None:
        """All panels are in: give the splitters their places."""
        across = [self._widths[Spot.LEFT], 1000, self._widths[Spot.RIGHT]]
        remember(self._across, f"{self._name}/across", self._store, across)
        remember(self._middle, f"{self._name}/middle", self._store, [1000, self._below_height])
        for column in self.columns.values():
            column.settle()

    def bring_up(self, panel: QWidget) -> None:
        """Bring the tab of `panel` to the front."""
        for tabs in (self.main, self.below):
            tabs.bring_up(panel)

    def shows(self, panel: QWidget) -> bool:
        """Whether `panel` is the one in front, in the middle or below."""
        return any(_inside(tabs.currentWidget()) is panel for tabs in (self.main, self.below))


def remember(splitter: QSplitter, name: str, store: QSettings, sizes: list[int]) -> None:
    """Put a splitter where it was left, else at `sizes`; keep it in `store` when it is moved."""
    stored = store.value(f"splitter/{name}")
    if not isinstance(stored, QByteArray) or not splitter.restoreState(stored):
        splitter.setSizes(sizes)
    splitter.splitterMoved.connect(
        lambda _pos, _index: store.setValue(f"splitter/{name}", splitter.saveState())
    )


def _inside(held: QWidget | None) -> QWidget | None:
    return held.panel if isinstance(held, Dock) else held


class Tabs(QTabWidget):
    """Panels in front of each other; a panel alone has no tab."""

    def __init__(self) -> None:
        super().__init__(documentMode=True)
        self.tabBar().setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setTabBarAutoHide(True)

    def add(self, title: str, held: QWidget, tip: str) -> None:
        """One more, behind the others."""
        self.setTabToolTip(self.addTab(held, caption(title)), tip)

    def bring_up(self, panel: QWidget) -> None:
        """Bring `panel` to the front, if it is here."""
        for at in range(self.count()):
            if _inside(self.widget(at)) is panel:
                self.setCurrentIndex(at)


class Column(QWidget):
    """Panels one above the other under small headings, or as tabs where there is no room for that."""

    def __init__(self, name: str, store: QSettings) -> None:
        super().__init__()
        self._name, self._store = name, store
        self._panels: list[tuple[str, QWidget]] = []
        self._holders: list[Titled] = []
        self._heights: list[int] = []
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self.tabs = QTabWidget(documentMode=True)
        bar = self.tabs.tabBar()
        bar.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        # All of them in sight: a tab behind an arrow is not found.
        bar.setUsesScrollButtons(False)
        bar.setElideMode(Qt.TextElideMode.ElideRight)
        set_role(self.tabs, "column")
        self.low = False
        self.tabs.hide()
        self.pinned: QWidget | None = None
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(0)
        self._box.addWidget(self.splitter, 1)
        self._box.addWidget(self.tabs, 1)

    def add(self, title: str, panel: QWidget, height: int, lowest: int) -> None:
        """One more, below the others."""
        holder = Titled(title.upper(), panel)
        holder.setMinimumHeight(lowest)
        self._panels.append((title, panel))
        self._holders.append(holder)
        self._heights.append(height)
        self.splitter.addWidget(holder)

    def pin(self, title: str, panel: QWidget, height: int) -> None:
        """Keep `panel` in sight below all others, `height` pixels high, whatever they show."""
        self.pinned = Titled(title.upper(), panel)
        self.pinned.setFixedHeight(height + HEADING)
        self._box.addWidget(self.pinned)

    def settle(self) -> None:
        """All panels are in."""
        remember(self.splitter, self._name, self._store, self._heights)
        self._rearrange()

    @property
    def _needed(self) -> int:
        lowest = [max(panel.minimumSizeHint().height(), panel.minimumHeight()) for _, panel in self._panels]
        return sum(
            max(holder.minimumHeight(), height + HEADING)
            for holder, height in zip(self._holders, lowest, strict=True)
        )

    def minimumSizeHint(self) -> QSize:
        widths = [panel.minimumSizeHint().width() for _, panel in self._panels]
        return QSize(max([190, *widths]), 160)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._rearrange()

    def _rearrange(self) -> None:
        """Move the panels between the splitter and the tabs; each keeps its state."""
        room = self.height() - (self.pinned.height() if self.pinned is not None else 0)
        low = len(self._panels) > 1 and room < self._needed
        if low == self.low:
            return
        self.low = low
        for (title, panel), holder in zip(self._panels, self._holders, strict=True):
            if low:
                self.tabs.setTabToolTip(self.tabs.addTab(panel, caption(title)), title)
            else:
                holder.box.addWidget(panel, 1)
                panel.show()
        self.splitter.setVisible(not low)
        self.tabs.setVisible(low)


class Titled(QFrame):
    """A panel under its small heading."""

    def __init__(self, text: str, panel: QWidget) -> None:
        super().__init__()
        heading = PlainLabel(text)
        set_role(heading, "section")
        heading.setContentsMargins(10, 6, 10, 2)
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(0, 0, 0, 0)
        self.box.setSpacing(0)
        self.box.addWidget(heading)
        self.box.addWidget(panel, 1)
