"""An image beside others: at any zoom, with its file and what was decided about it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from medlabeler.domain.changes import Changes
from medlabeler.domain.language import tr
from medlabeler.domain.types import LabelKind, Split
from medlabeler.gui.grid.gallery_items import KIND_NAMES
from medlabeler.gui.kit.elements import Ink, draw_swatch, small
from medlabeler.gui.kit.plain import Elided
from medlabeler.gui.kit.theme import set_role
from medlabeler.gui.stage.image_canvas import ImageCanvas
from medlabeler.open_project.image_loader import ImageLoader, LoadedImage
from medlabeler.open_project.open_project import OpenProject
from medlabeler.open_project.pixel_size import across_mm


class LabelLine(QWidget):
    """A class's colour and name, or another decision in words."""

    def __init__(self) -> None:
        super().__init__()
        self.text, self.colour = "", ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def say(self, text: str, colour: str = "") -> None:
        """Show another decision."""
        self.text, self.colour = text, colour
        self.setAccessibleName(text)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(80, self.fontMetrics().height() + 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        ink, left = Ink.of(self.palette()), 0.0
        if self.colour:
            square = QRectF(0, (self.height() - 12) / 2, 12, 12)
            draw_swatch(painter, square, QColor(self.colour), ink)
            left = 18.0
        painter.setFont(small(self.font(), 1.0, bold=bool(self.colour)))
        painter.setPen(ink.text if self.colour else ink.muted)
        area = QRectF(left, 0, self.width() - left, self.height())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, self.text)


class LabelledPicture(QFrame):
    """One image at any zoom, its file and its label; or, blind, nothing but the image."""

    shown = Signal()  # another image has arrived

    def __init__(self, opened: OpenProject) -> None:
        super().__init__()
        set_role(self, "card")
        self.opened, self.row = opened, -1
        self.canvas, self.loader = ImageCanvas(), ImageLoader(self, lambda: opened.project.rendering)
        self.name, self.label = Elided(), LabelLine()
        self.name.setFont(small(self.font(), 0.92))
        set_role(self.name, "muted")
        box = QVBoxLayout(self)
        box.setContentsMargins(8, 8, 8, 6)
        box.setSpacing(3)
        box.addWidget(self.canvas, 1)
        box.addWidget(self.label)
        box.addWidget(self.name)
        self.loader.loaded.connect(self._on_loaded)
        self.loader.failed.connect(self._on_failed)
        self.loader.replaced.connect(opened.note_replaced)
        opened.changed.connect(self._on_changed)

    def show_row(self, row: int, *, blind: bool = False) -> None:
        """Show another image; -1: none."""
        if row != self.row:
            self.row = row
            self.loader.cancel()
            self.canvas.show_image(None)
            self._load()
        self.setVisible(row >= 0)
        self.label.setVisible(not blind)
        self.name.setVisible(not blind)
        if row >= 0 and not blind:
            self.say_label()
            split = tr(" · test set") if self.opened.split[row] == Split.TEST else ""
            self.name.set_full(self.opened.project.catalog.name(row) + split)

    def _load(self) -> None:
        if self.row >= 0:
            self.loader.load(self.opened.project.catalog, self.row)

    def _on_changed(self, changes: Changes) -> None:
        if changes & Changes.IMAGES:  # the file may have been replaced
            self._load()

    def say_label(self) -> None:
        """The label as it is now."""
        opened = self.opened
        definition = opened.class_of(int(opened.label[self.row]))
        kind = LabelKind(int(opened.kind[self.row]))
        if kind == LabelKind.LABEL and definition is not None:
            self.label.say(definition.name, definition.colour)
        else:
            self.label.say(KIND_NAMES.get(kind, tr("no label")))

    def _on_loaded(self, row: int, image: LoadedImage) -> None:
        if row == self.row:
            self.canvas.show_image(image)
            self._show_scale()
            self.shown.emit()

    def _show_scale(self) -> None:
        image = self.canvas.image
        self.canvas.set_pixel_size(None if image is None else across_mm(self.opened.project, image))

    def _on_failed(self, row: int, sentence: str) -> None:
        if row == self.row:
            self.label.say(sentence)
