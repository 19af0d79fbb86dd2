"""The stage: the current image large, with what is asked about it above and below. There is one of it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from medlabeler.domain.changes import Changes
from medlabeler.domain.language import tr
from medlabeler.gui.kit.plain import Elided
from medlabeler.gui.kit.theme import set_role
from medlabeler.gui.queue import words as queue_words
from medlabeler.gui.queue.panel import QueuePanel
from medlabeler.gui.stage.beside import Beside
from medlabeler.gui.stage.image_viewer import ImageViewer
from medlabeler.open_project.open_project import OpenProject

NARROW = 560
"""Width in pixels below which it is an image with its keys, without the way through the queue."""

ROOMY = 860
"""Width in pixels below which facts and words in the line above the image leave no room for its name."""

AHEAD = 3
"""Images read before they are on show."""


class Stage(QWidget):
    """Image, question and answers in one column, so that the eye stays where the image is."""

    def __init__(self, opened: OpenProject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.opened = opened
        self.image = ImageViewer(opened)
        self.queue = QueuePanel(opened)
        self.image.nothing = lambda: queue_words.nothing(opened)
        self.setFocusProxy(self.queue)
        self.head = QWidget(self)
        head = QHBoxLayout(self.head)
        head.setContentsMargins(10, 3, 8, 3)
        head.setSpacing(8)
        head.addWidget(self.queue.header)
        head.addWidget(self.image.title, 1)
        head.addWidget(self.image.tools)
        self.beside = Beside(opened, self.image.canvas)
        self.beside.compared.connect(self._on_compared)
        self.meant = Elided(Qt.TextElideMode.ElideRight, tr("Current image: keys label this one"))
        self.meant.setContentsMargins(10, 2, 4, 4)
        set_role(self.meant, "section")
        self.meant.hide()
        current = QVBoxLayout()
        current.setSpacing(0)
        current.addWidget(self.meant)
        current.addWidget(self.image, 1)
        images = QHBoxLayout()
        images.setSpacing(6)
        images.addLayout(current, 1)
        images.addWidget(self.beside, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.head)
        box.addLayout(images, 1)
        box.addWidget(self.queue)
        self.image.beside_button.clicked.connect(lambda _on: self.compare())
        opened.suggestions_changed.connect(self._on_suggestions)
        opened.current_changed.connect(self._read_ahead)
        opened.changed.connect(self._on_changed)
        opened.jobs_changed.connect(self._say_nothing)
        self.image.refresh()

    def minimumSizeHint(self) -> QSize:
        return QSize(250, 300)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= NARROW
        self.queue.header.setVisible(wide)
        self.image.set_wide(wide, words=self.width() >= ROOMY)

    def compare(self, row: int = -1) -> None:
        """Put an image beside the current one, `row` or a fitting one; with no `row`, also take it away."""
        if self.beside.on and row < 0:
            self.beside.leave()
        else:
            self.beside.compare(row)
        self.image.beside_button.setChecked(self.beside.on)

    def _on_compared(self, on: bool) -> None:
        self.meant.setVisible(on)
        self.image.beside_button.setChecked(on)

    def _on_changed(self, changes: Changes) -> None:
        if changes & (Changes.IMAGES | Changes.LABELS | Changes.EMBEDDING | Changes.CLASSES):
            self._say_nothing()

    def _on_suggestions(self) -> None:
        self._say_nothing()
        self._read_ahead()

    def _read_ahead(self) -> None:
        """Read what will probably be on show next."""
        opened = self.opened
        for row in [] if opened.blind else opened.queue.after(opened.current, AHEAD):
            self.image.loader.prefetch(opened.project.catalog, row)

    def _say_nothing(self) -> None:
        """Why no image is on show, where none is."""
        if self.image.shown < 0:
            self.image.empty.set_text(*self.image.nothing())
