"""One image in full: native pixels, its file, its label, the prediction and its nearest labelled images."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QSlider,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from medlabeler.domain.changes import Changes
from medlabeler.domain.types import NO_CLASS, LabelKind, Split
from medlabeler.gui.kit.elements import EmptyState, small
from medlabeler.gui.kit.icons import icon
from medlabeler.gui.kit.plain import Elided, PlainLabel, tip
from medlabeler.gui.kit.theme import set_role
from medlabeler.gui.stage.explanation_panel import ExplanationPanel
from medlabeler.gui.stage.image_canvas import LIMIT, ImageCanvas
from medlabeler.gui.stage.neighbour_strip import DISTANCE, NeighbourStrip
from medlabeler.gui.stage.verdict_view import VerdictView
from medlabeler.open_project.image_loader import ImageLoader, LoadedImage
from medlabeler.open_project.open_project import OpenProject

SPLITS = {Split.POOL: "pool", Split.TEST: "test set", Split.HELD_BACK: "held back beside the test set"}

LOW = 470
"""A panel of fewer pixels has no room for neighbours below an image under close inspection."""


class ImageViewer(QWidget):
    """Shows the current image of the open project. Brightness and contrast are for the eye only."""

    def __init__(self, opened: OpenProject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.opened = opened
        self.setMinimumWidth(220)
        self.shown = -1
        self.loader = ImageLoader(self)
        self.canvas = ImageCanvas()
        self.empty = EmptyState("No image on show", "Click a point on the map or a thumbnail.")
        self.name, self.facts, self.note = Elided(), Elided(Qt.TextElideMode.ElideRight), PlainLabel()
        self.verdict = VerdictView(opened)
        self.strip = NeighbourStrip(opened)
        self.explanation = ExplanationPanel(opened, self.canvas)
        self._build_tools()
        self._lay_out()
        self.loader.loaded.connect(self._on_loaded)
        self.loader.failed.connect(self._on_failed)
        self.loader.replaced.connect(opened.note_replaced)
        self.canvas.adjusted.connect(self._on_adjusted)
        self.canvas.scale_changed.connect(lambda scale: self.scale.setText(f"{100 * scale:.0f} %"))
        self.strip.chosen.connect(opened.set_current)
        opened.current_changed.connect(self.refresh)
        opened.view_changed.connect(self.refresh)
        opened.changed.connect(self._on_changed)
        opened.neighbours_changed.connect(self._on_neighbours)
        self.explanation.switched.connect(self._make_room)
        self.refresh()

    def _build_tools(self) -> None:
        self._icon_names: dict[QToolButton, str] = {}

        def button(name: str, words: str) -> QToolButton:
            made = QToolButton()
            made.setIconSize(QSize(16, 16))
            made.setToolTip(tip(words))
            made.setAccessibleName(words)
            made.setAutoRaise(True)
            made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self._icon_names[made] = name
            return made

        def slider(name: str) -> QSlider:
            made = QSlider(Qt.Orientation.Horizontal)
            made.setRange(-LIMIT, LIMIT)
            made.setMinimumWidth(36)
            made.setMaximumWidth(120)
            made.setToolTip(tip(f"{name} (or drag the image with the right button)"))
            made.setAccessibleName(name)
            return made

        self.fit_button = button("fit", "Fit the whole image")
        self.native_button = button("native-size", "One image pixel per screen pixel")
        self.fit_button.clicked.connect(self.canvas.fit)
        self.native_button.clicked.connect(self.canvas.native)
        self.scale = PlainLabel("")
        self.scale.setFont(small(self.font()))
        self.scale.setMinimumWidth(QFontMetrics(self.scale.font()).horizontalAdvance("1000 %"))
        set_role(self.scale, "muted")
        self.brightness, self.contrast = slider("Brightness"), slider("Contrast")
        self.reset_button = button("refresh", "Reset brightness and contrast")
        self.reset_button.clicked.connect(lambda: self.canvas.adjust(0, 0))
        self.reset_button.setEnabled(False)
        for one in (self.brightness, self.contrast):
            one.valueChanged.connect(
                lambda _value: self.canvas.adjust(self.brightness.value(), self.contrast.value())
            )
        self.icons = {"brightness": PlainLabel(), "contrast": PlainLabel()}
        self._tint()

    def _tint(self) -> None:
        for made, name in self._icon_names.items():
            made.setIcon(icon(name))
        for name, label in self.icons.items():
            label.setPixmap(icon(name).pixmap(16, 16))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "icons"):
            self._tint()
        super().changeEvent(event)

    def _lay_out(self) -> None:
        self.name.setFont(small(self.font(), 1.0, bold=True))
        self.facts.setFont(small(self.font(), 0.92))
        self.note.setFont(small(self.font(), 0.92))
        self.note.setWordWrap(True)
        set_role(self.facts, "muted")
        set_role(self.note, "muted")
        told = QVBoxLayout()
        told.setSpacing(1)
        for widget in (self.name, self.facts, self.note):
            told.addWidget(widget)
        head = QHBoxLayout()
        head.setContentsMargins(10, 6, 8, 5)
        head.setSpacing(6)
        head.addLayout(told, 1)
        head.addWidget(self.explanation.button, 0, Qt.AlignmentFlag.AlignTop)
        tools = QHBoxLayout()
        tools.setContentsMargins(6, 2, 8, 2)
        tools.setSpacing(3)
        tools.addWidget(self.fit_button)
        tools.addWidget(self.native_button)
        tools.addWidget(self.scale)
        tools.addStretch(1)
        tools.addWidget(self.explanation.controls, 8)
        tools.addWidget(self.icons["brightness"])
        tools.addWidget(self.brightness, 4)
        tools.addWidget(self.icons["contrast"])
        tools.addWidget(self.contrast, 4)
        tools.addWidget(self.reset_button)
        self.below = QFrame()
        below = QVBoxLayout(self.below)
        below.setContentsMargins(10, 4, 10, 6)
        below.setSpacing(4)
        below.addWidget(self.verdict)
        self.strip_title = PlainLabel("Nearest labelled images · cosine distance")
        self.strip_title.setToolTip(DISTANCE)
        set_role(self.strip_title, "section")
        below.addWidget(self.strip_title)
        below.addWidget(self.strip)
        holder = QWidget()
        self.stack = QStackedLayout(holder)
        self.stack.addWidget(self.canvas)
        self.stack.addWidget(self.empty)
        self.head, self.tools = QWidget(), QWidget()
        self.head.setLayout(head)
        self.tools.setLayout(tools)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.head)
        layout.addWidget(holder, 1)
        layout.addWidget(self.explanation)
        layout.addWidget(self.tools)
        layout.addWidget(self.below)

    # Following the open project

    def refresh(self) -> None:
        """Show the current image of the open project."""
        opened = self.opened
        row = opened.current if 0 <= opened.current < opened.n else -1
        here = row >= 0
        for widget in (self.head, self.tools, self.below):
            widget.setVisible(here)
        if row != self.shown:
            self.shown = row
            self.explanation.show_row(-1)
            self.loader.cancel()
            if here:
                self.loader.load(opened.project.catalog, row)
            else:
                self.canvas.show_image(None)
        if not here:
            self.empty.set_text("No image on show", "Click a point on the map or a thumbnail.")
            self.stack.setCurrentWidget(self.empty)
            return
        self.explanation.refresh()
        self._show_facts(row)
        self.verdict.show_row(row)
        self._make_room()
        self._on_neighbours(row)

    def _make_room(self) -> None:
        """Where it looks takes the place of brightness and contrast, and of the neighbours in a low panel."""
        looking = self.explanation.isVisibleTo(self)
        for widget in (*self.icons.values(), self.brightness, self.contrast, self.reset_button):
            widget.setVisible(not looking)
        neighbours = not self.opened.blind and not (looking and self.height() < LOW)
        self.strip_title.setVisible(neighbours)
        self.strip.setVisible(neighbours)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _show_facts(self, row: int) -> None:
        record = self.opened.project.catalog.record(row)
        if self.opened.blind:
            # File names, folders and metadata often give the answer away.
            self.name.set_full("Test image")
            self.facts.set_full(f"{record.width} × {record.height} px · file name hidden in blind mode")
            return
        self.name.set_full(self.opened.project.catalog.name(row), record.path)
        facts = [f"{record.width} × {record.height} px"]
        facts.append(SPLITS[record.split])
        if record.group:
            facts.append(f"group {record.group}")
        # The reference is shown once the clinician has decided, not before.
        if record.reference and self.opened.kind[row] == LabelKind.LABEL:
            facts.append(f"reference {record.reference}")
        facts += [f"{key} {value}" for key, value in record.metadata.items() if value]
        self.facts.set_full(" · ".join(facts), "\n".join(facts))

    def _on_changed(self, changes: Changes) -> None:
        if changes & Changes.IMAGES:
            self.shown = -1
            self.refresh()
        elif (
            changes & (Changes.LABELS | Changes.CLASSES | Changes.MODEL | Changes.EMBEDDING)
            and self.shown >= 0
        ):
            self._show_facts(self.shown)
            self.verdict.show_row(self.shown)
            self.strip.update()
            if changes & Changes.MODEL and not self.opened.blind:
                # A refit means that labels changed, and with them who the nearest labelled are.
                self.opened.request_neighbours(self.shown)

    def _on_loaded(self, row: int, image: LoadedImage) -> None:
        if row != self.shown:
            return
        self.stack.setCurrentWidget(self.canvas)
        self.canvas.show_image(image)
        self.explanation.show_row(row)
        self.note.setText(image.note)
        self.note.setVisible(bool(image.note))

    def _on_failed(self, row: int, sentence: str) -> None:
        if row != self.shown:
            return
        self.canvas.show_image(None)
        self.note.hide()
        self.empty.set_text("This image cannot be shown", sentence)
        self.stack.setCurrentWidget(self.empty)

    def _on_neighbours(self, row: int) -> None:
        if row != self.shown or self.opened.blind:
            return
        found = [(r, s) for r, s in self.opened.neighbours.get(row, []) if r != row]
        if row >= 0 and self.opened.judged_blind(row):
            # They would give away what the classifier thinks.
            found, sentence = [], "They appear once you have labelled this random draw."
        elif self.opened.embedding_info is None:
            sentence = "They appear once the images have an embedding."
        elif not (self.opened.label != NO_CLASS).any():
            sentence = "They appear with the first labels."
        else:
            sentence = ""
        self.strip.show_neighbours(found, sentence)

    def _on_adjusted(self, brightness: int, contrast: int) -> None:
        for widget, value in ((self.brightness, brightness), (self.contrast, contrast)):
            widget.blockSignals(True)
            widget.setValue(value)
            widget.blockSignals(False)
        self.reset_button.setEnabled(bool(brightness or contrast))
