"""One mode: a large subject in the middle and places round it, into which rooms put their panels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from PySide6.QtCore import QByteArray, QSettings, QSize, Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QSplitter, QTabWidget, QVBoxLayout, QWidget

from medlabeler.gui.kit.plain import PlainLabel, caption
from medlabeler.gui.kit.theme import set_role
from medlabeler.gui.window.later import Later

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
    """A place for a panel that several modes show, which it holds while it can be seen, or for one that is
    made when it is first seen, or asked for.
    """

    def __init__(self, panel: QWidget | Later[Any]) -> None:
        super().__init__()
        self._panel = panel
        if isinstance(panel, Later):
            panel.place = self.hold
        else:
            # Until a place of it is shown it belongs to none, and would lie in the corner over everything.
            panel.hide()
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)

    def is_of(self, panel: QWidget | Later[Any]) -> bool:
        """Whether it is the place of `panel`."""
        return panel is self._panel or (isinstance(self._panel, Later) and panel is self._panel.made)

    @property
    def waits(self) -> bool:
        """Whether its panel is not made yet."""
        return isinstance(self._panel, Later) and self._panel.made is None

    def hold(self) -> None:
        """Have the panel here."""
        panel = self._panel() if isinstance(self._panel, Later) else self._panel
        if panel.parentWidget() is not self:
            self._box.addWidget(panel)
            panel.show()

    def minimumSizeHint(self) -> QSize:
        panel = self._panel.made if isinstance(self._panel, Later) else self._panel
        return QSize() if panel is None else panel.minimumSizeHint().expandedTo(panel.minimumSize())

    def showEvent(self, event: QShowEvent) -> None:
        self.hold()
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
        panel: QWidget | Later[Any],
        *,
        shared: bool = False,
        height: int = 200,
        lowest: int = LOWEST,
        tip: str = "",
    ) -> None:
        """Put `panel` into `spot` under `title`; one that is made later into no column.

        `shared`: the panel stands in other modes as well; it goes to whichever is shown. `height` in pixels
        is what it has at first in a column, `lowest` what it has at least, `tip` what hovering over its tab
        says.
        """
        held = Dock(panel) if shared or isinstance(panel, Later) else panel
        if spot in self.columns:
            self.columns[spot].add([(title, held)], height, lowest)
            self.columns[spot].show()
        else:
            tabs = self.main if spot == Spot.MAIN else self.below
            tabs.add(title, held, tip)
            tabs.show()

    def add_together(self, spot: Spot, panels: dict[str, QWidget], *, height: int, lowest: int) -> None:
        """Put panels, by their titles, into one place of a column, in front of each other."""
        self.columns[spot].add(list(panels.items()), height, lowest)
        self.columns[spot].show()

    def settle(self) -> None:
        """All panels are in: give the splitters their places."""
        across = [self._widths[Spot.LEFT], 1000, self._widths[Spot.RIGHT]]
        remember(self._across, f"{self._name}/across", self._store, across)
        remember(self._middle, f"{self._name}/middle", self._store, [1000, self._below_height])
        for column in self.columns.values():
            column.settle()

    def hold(self) -> Iterator[None]:
        """Have the panels here that are seen when the mode is shown, one by one."""
        for dock in self.findChildren(Dock):
            if not dock.waits or dock in (self.main.currentWidget(), self.below.currentWidget()):
                dock.hold()
                yield

    def bring_up(self, panel: QWidget | Later[Any]) -> None:
        """Bring the tab of `panel` to the front."""
        for tabs in (self.main, self.below):
            tabs.bring_up(panel)

    def shows(self, panel: QWidget | Later[Any]) -> bool:
        """Whether `panel` is the one in front, in the middle or below."""
        return any(_holds(tabs.currentWidget(), panel) for tabs in (self.main, self.below))


def remember(splitter: QSplitter, name: str, store: QSettings, sizes: list[int]) -> None:
    """Put a splitter where it was left, else at `sizes`; keep it in `store` when it is moved."""
    stored = store.value(f"splitter/{name}")
    if not isinstance(stored, QByteArray) or not splitter.restoreState(stored):
        splitter.setSizes(sizes)
    splitter.splitterMoved.connect(
        lambda _pos, _index: store.setValue(f"splitter/{name}", splitter.saveState())
    )


def _holds(held: QWidget | None, panel: QWidget | Later[Any]) -> bool:
    return held.is_of(panel) if isinstance(held, Dock) else held is panel


class Tabs(QTabWidget):
    """Panels in front of each other; a panel alone has no tab."""

    def __init__(self) -> None:
        super().__init__(documentMode=True)
        self.tabBar().setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setTabBarAutoHide(True)

    def add(self, title: str, held: QWidget, tip: str) -> None:
        """One more, behind the others."""
        self.setTabToolTip(self.addTab(held, caption(title)), tip)

    def bring_up(self, panel: QWidget | Later[Any]) -> None:
        """Bring `panel` to the front, if it is here."""
        for at in range(self.count()):
            if _holds(self.widget(at), panel):
                self.setCurrentIndex(at)


class SideTabs(QTabWidget):
    """Panels of a column in front of each other; every tab is in sight: behind an arrow it is not found."""

    def __init__(self) -> None:
        super().__init__(documentMode=True)
        bar = self.tabBar()
        bar.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        bar.setUsesScrollButtons(False)
        bar.setElideMode(Qt.TextElideMode.ElideRight)
        set_role(self, "column")

    def take(self, title: str, panel: QWidget) -> None:
        """One more, behind the others."""
        self.setTabToolTip(self.addTab(panel, caption(title)), title)


class Titled(QFrame):
    """A panel under its small heading."""

    def __init__(self) -> None:
        super().__init__()
        self._heading = PlainLabel()
        set_role(self._heading, "section")
        self._heading.setContentsMargins(10, 6, 10, 2)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(0)
        self._box.addWidget(self._heading)

    def take(self, title: str, panel: QWidget) -> None:
        """Hold `panel`, which nobody else does any more."""
        self._heading.setText(title.upper())
        self._box.addWidget(panel, 1)
        panel.show()


@dataclass
class Place:
    """A part of a column's height: the panels that share it by their titles, and what holds them there."""

    holder: Titled | SideTabs
    panels: list[tuple[str, QWidget]]
    height: int
    lowest: int

    def fill(self) -> None:
        """Hold the panels."""
        for title, panel in self.panels:
            self.holder.take(title, panel)

    @property
    def needed(self) -> int:
        """The least height in pixels at which nothing in it is cut."""
        lowest = [max(panel.minimumSizeHint().height(), panel.minimumHeight()) for _, panel in self.panels]
        return max(self.lowest, max(lowest) + HEADING)


class Column(QWidget):
    """Panels one above the other under small headings, or as tabs where there is no room for that."""

    def __init__(self, name: str, store: QSettings) -> None:
        super().__init__()
        self._name, self._store = name, store
        self._places: list[Place] = []
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self.tabs = SideTabs()
        self.low = False
        self.tabs.hide()
        self.pinned: QWidget | None = None
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(0)
        self._box.addWidget(self.splitter, 1)
        self._box.addWidget(self.tabs, 1)

    def add(self, panels: list[tuple[str, QWidget]], height: int, lowest: int) -> None:
        """One more place, below the others; several panels in it stand in front of each other."""
        place = Place(SideTabs() if len(panels) > 1 else Titled(), panels, height, lowest)
        place.fill()
        self._places.append(place)
        self.splitter.addWidget(place.holder)

    def pin(self, title: str, panel: QWidget, height: int) -> None:
        """Keep `panel` in sight below all others, `height` pixels high, whatever they show."""
        held = Titled()
        held.take(title, panel)
        held.setFixedHeight(height + HEADING)
        self.pinned = held
        self._box.addWidget(held)

    def settle(self) -> None:
        """All panels are in. Whether there is room for all is known when the column is seen: panels that are
        moved between places are dressed anew in each.
        """
        remember(self.splitter, self._name, self._store, [place.height for place in self._places])
        self._hold_up()

    @property
    def _panels(self) -> list[tuple[str, QWidget]]:
        return [entry for place in self._places for entry in place.panels]

    def minimumSizeHint(self) -> QSize:
        widths = [panel.minimumSizeHint().width() for _, panel in self._panels]
        tabs = self.tabs.tabBar().sizeHint().width()  # nothing while the panels are not behind tabs
        return QSize(max([190, tabs, *widths]), 160)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._rearrange()

    def _hold_up(self) -> int:
        """Give each place the height that it needs at least; the sum of all, in pixels."""
        needed = [place.needed for place in self._places]
        for place, least in zip(self._places, needed, strict=True):
            place.holder.setMinimumHeight(least)
        return sum(needed)

    def _rearrange(self) -> None:
        """Move the panels between the splitter and the tabs; each keeps its state."""
        room = self.height() - (self.pinned.height() if self.pinned is not None else 0)
        low = len(self._panels) > 1 and room < self._hold_up()
        if low == self.low:
            return
        self.low = low
        if low:
            for title, panel in self._panels:
                self.tabs.take(title, panel)
        else:
            for place in self._places:
                place.fill()
        self.splitter.setVisible(not low)
        self.tabs.setVisible(low)
        self.updateGeometry()  # no name of a tab is cut
