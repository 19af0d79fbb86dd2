"""The panels of one open project, side by side, in splitters whose places are remembered."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QSettings, Qt
from PySide6.QtWidgets import QFrame, QLabel, QSplitter, QTabWidget, QVBoxLayout, QWidget

from medlabeler.gui.curve_panel import CurvePanel
from medlabeler.gui.gallery import Gallery
from medlabeler.gui.image_viewer import ImageViewer
from medlabeler.gui.label_palette import LabelPalette
from medlabeler.gui.map_panel import MapPanel
from medlabeler.gui.queue_panel import QueuePanel
from medlabeler.gui.session import Session
from medlabeler.gui.theme import set_role

HORIZONTAL, VERTICAL = Qt.Orientation.Horizontal, Qt.Orientation.Vertical


class Workspace(QWidget):
    """Classes and legend, map, the next images, the image, accuracy."""

    def __init__(self, session: Session, store: QSettings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self._store = store
        self.palette_panel = LabelPalette(session)
        self.map = MapPanel(session)
        self.queue = QueuePanel(session)
        self.gallery = Gallery(session)
        self.image = ImageViewer(session)
        self.curve = CurvePanel(session)
        self.tabs = QTabWidget(documentMode=True)
        self.tabs.addTab(self.queue, "Next")
        self.tabs.addTab(self.gallery, "Selection")
        self.tabs.tabBar().setFocusPolicy(Qt.FocusPolicy.NoFocus)
        left = self._split(
            "left",
            VERTICAL,
            [titled("CLASSES", self.palette_panel), titled("LEGEND", self.map.legend)],
            [3, 2],
        )
        top = self._split("top", HORIZONTAL, [left, self.map], [210, 640])
        middle = self._split("middle", VERTICAL, [top, self.tabs], [560, 270])
        right = self._split(
            "right", VERTICAL, [titled("IMAGE", self.image), titled("ACCURACY", self.curve)], [470, 400]
        )
        self.outer = self._split("outer", HORIZONTAL, [middle, right], [930, 360])
        self.outer.setStretchFactor(0, 1)
        top.setStretchFactor(1, 1)
        middle.setStretchFactor(0, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.outer)
        self._had_selection = False
        session.selection_changed.connect(self._on_selection)

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
        several = int(self.session.selection.sum()) > 1
        if several != self._had_selection:
            self._had_selection = several
            self.tabs.setCurrentWidget(self.gallery if several else self.queue)

    def set_dark(self, dark: bool) -> None:
        """Follow the theme."""
        self.map.view.set_dark(dark)


def titled(text: str, panel: QWidget) -> QWidget:
    """A panel under its small heading."""
    holder = QFrame()
    heading = QLabel(text)
    set_role(heading, "section")
    heading.setContentsMargins(10, 6, 10, 2)
    box = QVBoxLayout(holder)
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(0)
    box.addWidget(heading)
    box.addWidget(panel, 1)
    return holder
