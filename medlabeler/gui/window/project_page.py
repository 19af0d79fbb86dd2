"""The panels of one open project, side by side, in splitters whose places are remembered."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtCore import QByteArray, QSettings, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QSplitter, QTabWidget, QVBoxLayout, QWidget

from medlabeler.gui.accuracy.panel import AccuracyPanel
from medlabeler.gui.classes.palette import ClassPalette
from medlabeler.gui.grid.gallery import Gallery
from medlabeler.gui.grid.panel import GridPanel
from medlabeler.gui.kit.plain import PlainLabel
from medlabeler.gui.kit.theme import set_role
from medlabeler.gui.map.panel import MapPanel
from medlabeler.gui.queue.panel import QueuePanel
from medlabeler.gui.stage.image_viewer import ImageViewer
from medlabeler.open_project.open_project import OpenProject

MAP_TIP = "All images as points (G changes between map and grid)"
GRID_TIP = "Many images of one predicted class, or of a lasso, to confirm a page at a time (G)"
POLISHED_AT_ONCE = 60
HORIZONTAL, VERTICAL = Qt.Orientation.Horizontal, Qt.Orientation.Vertical


class ProjectPage(QWidget):
    """Classes and legend, map, the next images, the image, accuracy."""

    def __init__(self, opened: OpenProject, store: QSettings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.opened = opened
        self._store = store
        self._had_selection = False

    def build(self) -> Iterator[None]:
        """Make the panels; call before anything else. Between two steps the window may have its turn."""
        opened = self.opened
        self.classes = ClassPalette(opened, self)
        yield
        self.map = MapPanel(opened, self)
        yield
        self.grid = GridPanel(opened, self)
        yield
        self.queue = QueuePanel(opened, self)
        self.gallery = Gallery(opened, self)
        yield
        self.image = ImageViewer(opened, self)
        self.accuracy = AccuracyPanel(opened, self)
        yield
        self.tabs = QTabWidget(self, documentMode=True)
        self.tabs.addTab(self.queue, "Next")
        self.tabs.addTab(self.gallery, "Selection")
        self.tabs.tabBar().setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.centre = QTabWidget(self, documentMode=True)
        for panel, name, tip in ((self.map, "Map", MAP_TIP), (self.grid, "Grid", GRID_TIP)):
            self.centre.setTabToolTip(self.centre.addTab(panel, name), tip)
        self.centre.tabBar().setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.left = Column(
            [("Classes", self.classes), ("Legend", self.map.legend)],
            lambda parts: self._split("left", VERTICAL, parts, [290, 190]),
            low=400,
        )
        yield
        self.right = Column(
            [("Image", self.image), ("Accuracy", self.accuracy)],
            lambda parts: self._split("right", VERTICAL, parts, [395, 350]),
            low=730,
        )
        yield
        self._arrange()
        yield from self._polish()

    def _arrange(self) -> None:
        """Put the parts beside each other."""
        top = self._split("top", HORIZONTAL, [self.left, self.centre], [252, 640])
        middle = self._split("middle", VERTICAL, [top, self.tabs], [560, 270])
        self.outer = self._split("outer", HORIZONTAL, [middle, self.right], [1070, 370])
        self.outer.setStretchFactor(0, 1)
        top.setStretchFactor(1, 1)
        middle.setStretchFactor(0, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.outer)
        self.centre.currentChanged.connect(self._on_page)
        self.opened.selection_changed.connect(self._on_selection)

    def _polish(self) -> Iterator[None]:
        """Let the widgets take the sheet a few at a time; else all take it in the turn that shows them."""
        for at, widget in enumerate(self.findChildren(QWidget)):
            widget.ensurePolished()
            if at % POLISHED_AT_ONCE == 0:
                yield

    def _split(self, name: str, way: Qt.Orientation, parts: list[QWidget], sizes: list[int]) -> QSplitter:
        splitter = QSplitter(way)
        splitter.setHandleWidth(1)
        splitter.setChildrenCollapsible(False)
        for part in parts:
            splitter.addWidget(part)
        stored = self._store.value(f"splitter/{name}")
        if not isinstance(stored, QByteArray) or not splitter.restoreState(stored):
            splitter.setSizes(sizes)
        splitter.splitterMoved.connect(
            lambda _pos, _index: self._store.setValue(f"splitter/{name}", splitter.saveState())
        )
        return splitter

    def _on_selection(self) -> None:
        """A selection of several brings the grid up; when it is gone the queue comes back."""
        several = int(self.opened.selection.sum()) > 1
        if several != self._had_selection:
            self._had_selection = several
            self.tabs.setCurrentWidget(self.gallery if several else self.queue)

    def _on_page(self, _index: int) -> None:
        """The grid is a way of working of its own: it has the room of the queue as well."""
        self.tabs.setHidden(self.centre.currentWidget() is self.grid)

    def show_grid(self, on: bool) -> None:
        """Bring up the grid, or the map, and let the keys mean what is on it."""
        self.centre.setCurrentWidget(self.grid if on else self.map)
        (self.grid.view if on else self.map.view).setFocus()

    def toggle_grid(self) -> None:
        """From the map to the grid, or back."""
        self.show_grid(self.centre.currentWidget() is not self.grid)

    def set_dark(self, dark: bool) -> None:
        """Follow the theme."""
        self.map.view.set_dark(dark)


class Column(QWidget):
    """Panels one above the other, or as tabs where it is lower than `low` pixels."""

    def __init__(
        self, panels: list[tuple[str, QWidget]], split: Callable[[list[QWidget]], QSplitter], *, low: int
    ) -> None:
        super().__init__()
        self._low = low
        self._panels = panels
        self._holders = [Titled(name.upper(), panel) for name, panel in panels]
        for holder, (_, panel) in zip(self._holders, panels, strict=True):
            if not panel.minimumHeight():  # else the panel's own minimum counts, which may grow
                holder.setMinimumHeight(120)
        self.splitter = split(list(self._holders))
        self.tabs = QTabWidget(documentMode=True)
        self.tabs.tabBar().setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.tabs.hide()
        self.low = False
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.addWidget(self.splitter)
        self._box.addWidget(self.tabs)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.splitter.minimumSizeHint().width(), min(240, self._low // 2))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        low = self.height() < self._low
        if low != self.low:
            self.low = low
            self._rearrange()

    def _rearrange(self) -> None:
        """Move the panels between the splitter and the tabs; each keeps its state."""
        for (name, panel), holder in zip(self._panels, self._holders, strict=True):
            if self.low:
                self.tabs.addTab(panel, name)
            else:
                holder.box.addWidget(panel, 1)
                panel.show()
        self.splitter.setVisible(not self.low)
        self.tabs.setVisible(self.low)


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
