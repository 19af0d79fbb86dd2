"""One image in full: native pixels, its file, and the tools to look at it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QSlider,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
    QWidgetAction,
)

from medlabeler.domain.changes import Changes
from medlabeler.domain.language import tr
from medlabeler.domain.retelling import retold
from medlabeler.domain.types import LabelKind, Split
from medlabeler.domain.words import capital
from medlabeler.gui.kit.elements import EmptyState, small
from medlabeler.gui.kit.icons import icon
from medlabeler.gui.kit.plain import Elided, PlainLabel, tip
from medlabeler.gui.kit.theme import set_role
from medlabeler.gui.stage.explanation_panel import ExplanationPanel
from medlabeler.gui.stage.image_canvas import LIMIT, ImageCanvas
from medlabeler.gui.stage.pixel_size_field import PixelSizeField
from medlabeler.gui.stage.window_control import WindowControl
from medlabeler.open_project.image_loader import ImageLoader, LoadedImage
from medlabeler.open_project.open_project import OpenProject
from medlabeler.open_project.pixel_size import across_mm

SPLITS = {
    Split.POOL: tr("training image"),
    Split.TEST: tr("test set"),
    Split.HELD_BACK: tr("held back beside the test set"),
}


NOTHING = (tr("No image on show"), tr("Click a point on the map or a thumbnail."))


class ImageViewer(QWidget):
    """Shows the current image of the open project. Brightness and contrast are for the eye only.

    `title` (name and facts) and `tools` are laid out by whoever shows this.
    """

    def __init__(self, opened: OpenProject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.opened = opened
        self.shown = -1
        self.loader = ImageLoader(self, lambda: opened.project.rendering)
        self.canvas = ImageCanvas()
        self.empty = EmptyState("")
        self.nothing: Callable[[], tuple[str, str]] = lambda: NOTHING
        self.name, self.facts, self.note = Elided(), Elided(Qt.TextElideMode.ElideRight), PlainLabel()
        self.explanation = ExplanationPanel(opened, self.canvas)
        self.window_control = WindowControl(opened)
        self.window_control.tried.connect(self._show_tried)
        self.canvas.take_drag = self._drag_window
        self._build_tools()
        self._lay_out()
        self.loader.loaded.connect(self._on_loaded)
        self.loader.failed.connect(self._on_failed)
        self.loader.replaced.connect(opened.note_replaced)
        self.canvas.adjusted.connect(self._on_adjusted)
        self.canvas.scale_changed.connect(
            lambda scale: self.scale.setText(tr("{scale:.0f} %", scale=100 * scale))
        )
        opened.current_changed.connect(self.refresh)
        opened.view_changed.connect(self.refresh)
        opened.changed.connect(self._on_changed)
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
            made.setToolTip(tip(tr("{name} (or drag the image with the right button)", name=name)))
            made.setAccessibleName(name)
            return made

        self.beside_button = button("beside", tr("Side by side with another image (B)"))
        self.beside_button.setCheckable(True)
        self.around_button = button("rectangle", tr("What lies around this place"))
        self.around_button.setCheckable(True)
        self.around_button.toggled.connect(self._load)
        self.fit_button = button("fit", tr("Fit the whole image"))
        self.native_button = button("native-size", tr("One image pixel per screen pixel"))
        self.fit_button.clicked.connect(self.canvas.fit)
        self.native_button.clicked.connect(self.canvas.native)
        self.scale = PlainLabel("")
        self.scale.setFont(small(self.font()))
        self.scale.setMinimumWidth(QFontMetrics(self.scale.font()).horizontalAdvance("1000 %"))
        set_role(self.scale, "muted")
        self.brightness, self.contrast = slider(tr("Brightness")), slider(tr("Contrast"))
        self.reset_button = button("refresh", tr("Reset brightness and contrast"))
        self.reset_button.clicked.connect(self._reset)
        self.reset_button.setEnabled(False)
        for one in (self.brightness, self.contrast):
            one.valueChanged.connect(
                lambda _value: self.canvas.adjust(self.brightness.value(), self.contrast.value())
            )
        self.icons = {"brightness": PlainLabel(), "contrast": PlainLabel()}
        self.pixel_size = PixelSizeField(self.opened)
        self.pixel_size.changed.connect(self._show_scale)
        self.adjust_button = button(
            "contrast", tr("Brightness, contrast (or drag with the right button), pixels")
        )
        self.adjust_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.adjust_button.setMenu(self._sliders())
        self._tint()

    def _sliders(self) -> QMenu:
        """What the button opens: both sliders and a way back; below, how large a pixel is."""
        inside = QWidget()
        box = QVBoxLayout(inside)
        box.setContentsMargins(10, 6, 10, 6)
        row = QHBoxLayout()
        box.addLayout(row)
        box.addWidget(self.pixel_size)
        for name, slider in (("brightness", self.brightness), ("contrast", self.contrast)):
            row.addWidget(self.icons[name])
            row.addWidget(slider)
        row.addWidget(self.reset_button)
        menu = QMenu(self)
        holder = QWidgetAction(menu)
        holder.setDefaultWidget(inside)
        menu.addAction(holder)
        return menu

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
        self.note.setContentsMargins(10, 2, 10, 0)
        self.title, self.tools = QWidget(self), QWidget(self)
        self.title.setMinimumWidth(40)
        told = QHBoxLayout(self.title)
        told.setContentsMargins(0, 0, 0, 0)
        told.setSpacing(8)
        told.addWidget(self.name, 2)
        told.addWidget(self.facts, 3)
        tools = QHBoxLayout(self.tools)
        tools.setContentsMargins(0, 0, 0, 0)
        tools.setSpacing(2)
        for widget in (
            self.explanation.button, self.beside_button, self.around_button, self.adjust_button,
            self.fit_button, self.native_button, self.scale,
        ):  # fmt: skip
            tools.addWidget(widget)
        holder = QWidget()
        self.stack = QStackedLayout(holder)
        self.stack.addWidget(self.canvas)
        self.stack.addWidget(self.empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(holder, 1)
        below = QHBoxLayout()
        below.setContentsMargins(0, 0, 8, 0)
        below.addWidget(self.explanation, 1)
        below.addWidget(self.explanation.controls)
        layout.addLayout(below)
        layout.addWidget(self.note)
        layout.addWidget(self.window_control)

    def set_wide(self, wide: bool, *, words: bool) -> None:
        """Whether there is room for the scale, and for `words` beside the name of the image."""
        style = Qt.ToolButtonStyle
        beside = style.ToolButtonTextBesideIcon if words else style.ToolButtonIconOnly
        self.explanation.button.setToolButtonStyle(beside)
        self.facts.setVisible(words)
        self.scale.setVisible(wide)

    # Following the open project

    def refresh(self) -> None:
        """Show the current image of the open project."""
        opened = self.opened
        row = opened.current if 0 <= opened.current < opened.n else -1
        here = row >= 0
        for widget in (self.title, self.tools):
            widget.setVisible(here)
        self.beside_button.setVisible(not opened.blind)
        if row != self.shown:
            self.shown = row
            if here:
                self._load()
            else:
                self.explanation.show_row(-1)
                self.loader.cancel()
                self.canvas.show_image(None)
        if not here:
            self.note.hide()
            self.empty.set_text(*self.nothing())
            self.stack.setCurrentWidget(self.empty)
            return
        self.explanation.refresh()
        self._show_facts(row)

    def _load(self) -> None:
        """Start reading the image on show, with what lies around it where that is wanted and there is any."""
        self.explanation.show_row(-1)
        self.loader.cancel()
        catalog, row = self.opened.project.catalog, self.shown
        if row < 0:
            return
        # By its name alone: no disk is asked here.
        is_place = "xywh=" in catalog.path(row).name
        self.around_button.setVisible(is_place)
        self.loader.load(catalog, row, is_place and self.around_button.isChecked())

    def _show_facts(self, row: int) -> None:
        record = self.opened.project.catalog.record(row)
        if self.opened.blind:
            # File names, folders and metadata often give the answer away.
            self.name.set_full(tr("Test image"))
            self.facts.set_full(
                tr(
                    "{width} × {height} px · file name hidden in blind mode",
                    width=record.width,
                    height=record.height,
                )
            )
            return
        self.name.set_full(self.opened.project.catalog.name(row), record.path)
        facts = [tr("{width} × {height} px", width=record.width, height=record.height)]
        facts.append(SPLITS[record.split])
        if record.group:
            facts.append(tr("group {group}", group=record.group))
        # The reference is shown once the clinician has decided, not before.
        if record.reference and self.opened.kind[row] == LabelKind.LABEL:
            facts.append(tr("reference {reference}", reference=record.reference))
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

    def _on_loaded(self, row: int, image: LoadedImage) -> None:
        if row != self.shown:
            return
        self.stack.setCurrentWidget(self.canvas)
        self.canvas.show_image(image)
        self._show_scale()
        self.window_control.show_image(image)
        # What the classifier looked at is the image alone.
        self.explanation.show_row(-1 if image.frame is not None else row)
        self._say(image.note)

    def _drag_window(self, across: int, up: int) -> bool:
        """Of more than eight bits a drag looks at all that are there, where no other image must follow it."""
        return not self.beside_button.isChecked() and self.window_control.drag(across, up)

    def _show_tried(self, image: LoadedImage, words: str) -> None:
        """The image in another window, which is nobody's but the eye's until it is used for all."""
        self.canvas.show_image(image)
        self._say(image.note, words)

    def _say(self, *notes: str) -> None:
        told = "; ".join(
            retold(note) for note in notes if note
        )  # the reader is a process that speaks English
        self.note.setText(capital(told))
        self.note.setVisible(bool(told))

    def _reset(self) -> None:
        self.canvas.adjust(0, 0)
        self.window_control.again()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.window_control.fit(self.width())

    def _show_scale(self) -> None:
        image = self.canvas.image
        self.canvas.set_pixel_size(None if image is None else across_mm(self.opened.project, image))

    def _on_failed(self, row: int, sentence: str) -> None:
        if row != self.shown:
            return
        self.canvas.show_image(None)
        self.window_control.show_image(None)
        self.note.hide()
        self.empty.set_text(tr("This image cannot be shown"), sentence)
        self.stack.setCurrentWidget(self.empty)

    def _on_adjusted(self, brightness: int, contrast: int) -> None:
        for widget, value in ((self.brightness, brightness), (self.contrast, contrast)):
            widget.blockSignals(True)
            widget.setValue(value)
            widget.blockSignals(False)
        self.reset_button.setEnabled(bool(brightness or contrast))
