"""The bars above and below the grid: what it shows, from which confidence on, and what to do with it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QPushButton,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from medlabeler.domain.language import tr
from medlabeler.domain.types import ClassDef
from medlabeler.gui.grid.words import AGREED_HELP, CHECKS_HELP
from medlabeler.gui.kit.choice_box import ChoiceBox
from medlabeler.gui.kit.elements import swatch_icon
from medlabeler.gui.kit.icons import icon
from medlabeler.gui.kit.plain import Elided, PlainLabel, caption, tip
from medlabeler.gui.kit.theme import set_role
from medlabeler.open_project.bulk_sources import SELECTION
from medlabeler.open_project.open_project import OpenProject

PAGES = ((tr("One screen"), 0), ("100", 100), ("300", 300))
PAGES_HELP = tr(
    "How many images make a page. One screen: nothing is confirmed that was not in sight.\n"
    "Of a longer page only the images scrolled to are confirmed."
)
SIZES = (32, 80, 200)
"""Smallest, first and largest side of a thumbnail, in pixels."""


def _box(name: str, letters: int) -> QComboBox:
    box = ChoiceBox(name)
    box.setToolTip(tip(name))
    box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    box.setMinimumContentsLength(letters)
    box.setMinimumWidth(90)  # rather narrower than its text than pushing the panels beside the grid away
    return box


def _slider(name: str, low: int, high: int, value: int) -> QSlider:
    slider = QSlider(Qt.Orientation.Horizontal)
    slider.setRange(low, high)
    slider.setValue(value)
    slider.setToolTip(tip(name))
    slider.setAccessibleName(name)
    # Keys go on meaning the images after the mouse has moved a slider.
    slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return slider


def _line() -> Elided:
    label = Elided(Qt.TextElideMode.ElideRight)
    set_role(label, "muted")
    return label


class TopBar(QWidget):
    """Source, order, page size and size of the thumbnails; the slider for the confidence; two figures."""

    source_chosen = Signal(int)
    order_chosen = Signal(bool)  # surest first
    page_chosen = Signal()
    low_changed = Signal(float)

    def __init__(self, opened: OpenProject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._opened = opened
        self.source = _box(tr("What the grid shows"), 12)
        self.order = _box(tr("Order of the images"), 11)
        self.order.addItem(tr("Surest first"), True)
        self.order.addItem(tr("Doubtful first"), False)
        self.pages = _box(PAGES_HELP, 8)
        self.pages.setAccessibleName(tr("Images on a page"))
        for text, n in PAGES:
            self.pages.addItem(text if not n else tr("{text} a page", text=text), n)
        self.side = _slider(tr("Size of the thumbnails"), SIZES[0], SIZES[2], SIZES[1])
        self.side.setMinimumWidth(36)
        self.side.setMaximumWidth(110)
        self.low = _slider(tr("Show images from this confidence on"), 0, 100, 0)
        self.low.setMinimumWidth(50)
        self.low.setMaximumWidth(180)
        self.low_label = PlainLabel()
        self.range_label, self.facts = _line(), PlainLabel()
        self.facts.setWordWrap(True)
        self.facts.setToolTip(tip(f"{CHECKS_HELP}\n\n{AGREED_HELP}"))
        self.doubt = PlainLabel(wordWrap=True)
        set_role(self.doubt, "doubt")
        self.doubt.hide()
        self._agreed, self._error = "", ""
        self.update_button = QToolButton()
        self.update_button.setText(tr("Newer predictions"))
        self.update_button.setToolTip(
            tr(
                "The classifier has learned since this page was laid out; it stays as it is until you turn "
                "it.\n"
                "Click to lay it out again by what is predicted now: marks on it are lost."
            )
        )
        self.update_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.update_button.hide()
        self._lay_out()
        self.list_classes()
        self.source.activated.connect(lambda _i: self.source_chosen.emit(self.source.currentData()))
        self.order.activated.connect(lambda _i: self.order_chosen.emit(self.order.currentData()))
        self.pages.activated.connect(lambda _i: self.page_chosen.emit())
        self.low.valueChanged.connect(self._on_low)
        self._on_low(0)

    def _lay_out(self) -> None:
        first, second, third = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        first.addWidget(self.source)
        first.addWidget(self.order)
        first.addStretch(1)
        first.addWidget(self.side)
        above = PlainLabel(tr("Confidence from"))
        set_role(above, "muted")
        second.addWidget(above)
        second.addWidget(self.low, 1)
        second.addWidget(self.low_label)
        second.addWidget(self.range_label, 2)
        second.addWidget(self.update_button)
        box = QVBoxLayout(self)
        box.setContentsMargins(8, 5, 8, 5)
        box.setSpacing(4)
        third.addWidget(self.facts, 1)
        third.addWidget(self.pages)
        for row in (first, second, third):
            row.setSpacing(8)
            box.addLayout(row)
        box.addWidget(self.doubt)

    # What is chosen

    def page_size(self) -> int:
        """Images on a page, 0 for what fits."""
        return int(self.pages.currentData())

    def _on_low(self, value: int) -> None:
        self.low_label.setText(f"{value} %")
        self.low_label.setMinimumWidth(self.fontMetrics().horizontalAdvance("100 %"))
        self.low_changed.emit(value / 100)

    # What is shown

    def list_classes(self) -> None:
        """Read the classes again."""
        chosen = self.source.currentData()
        self.source.clear()
        self.source.addItem(tr("Selection"), SELECTION)
        for definition in self._opened.classes:
            self.source.addItem(swatch_icon(definition.colour), definition.name, definition.id)
        self.source.setCurrentIndex(max(0, self.source.findData(chosen)))

    def show_counts(self, counts: dict[int, int], n_selected: int) -> None:
        """How many there are of each source."""
        for index in range(self.source.count()):
            key = self.source.itemData(index)
            if key == SELECTION:
                self.source.setItemText(
                    index,
                    tr("Selection ({n_selected:,})", n_selected=n_selected)
                    if n_selected
                    else tr("Selection"),
                )
            else:
                self.source.setItemText(
                    index,
                    tr(
                        "{class_name} ({counts:,})",
                        class_name=self._opened.class_name(key),
                        counts=counts.get(key, 0),
                    ),
                )

    def show_source(self, source: int) -> None:
        """Show which source is chosen."""
        self.source.setCurrentIndex(max(0, self.source.findData(source)))

    def show_range(self, above: int, total: int) -> None:
        """How many images have at least the confidence."""
        self.range_label.set_full(tr("{above:,} of {total:,} undecided", above=above, total=total))

    def show_agreed(self, text: str) -> None:
        """How often such predictions were right."""
        self._agreed = text
        self._show_facts()

    def show_doubt(self, text: str) -> None:
        """Why the rest is not offered to be confirmed; empty if it is."""
        self.doubt.setText(text)
        self.doubt.setVisible(bool(text))

    def show_error(self, text: str) -> None:
        """How many bulk labels are wrong."""
        self._error = text
        self._show_facts()

    def _show_facts(self) -> None:
        self.facts.setText(" · ".join(text for text in (self._error, self._agreed) if text))


class BottomBar(QWidget):
    """The button that confirms, as what, the ones that turn pages, and what is on the page."""

    as_chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.confirm_button = QPushButton(tr("Confirm"))
        set_role(self.confirm_button, "primary")
        self.confirm_button.setToolTip(
            tr("All that is not marked, and the corrections, as one step (Ctrl+Enter)")
        )
        self.as_box = _box(tr("What the selected images are confirmed as"), 9)
        self.as_box.activated.connect(lambda _i: self.as_chosen.emit())
        self.back_button, self.next_button = QToolButton(), QToolButton()
        self.back_button.setAccessibleName(tr("Previous page"))
        self.next_button.setAccessibleName(tr("Next page"))
        self.next_button.setToolTip(tr("Next page: leave this one undecided for now (Page Down)"))
        self.back_button.setToolTip(tr("To the page left undecided last (Page Up)"))
        self.again_button = QPushButton(tr("Show them again"))
        self.again_button.hide()
        self.words = _line()
        box = QHBoxLayout(self)
        box.setContentsMargins(8, 6, 8, 6)
        box.setSpacing(8)
        parts = (self.confirm_button, self.as_box, self.again_button, self.back_button, self.next_button)
        for part in parts:
            part.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            box.addWidget(part)
        box.addWidget(self.words, 1)
        self._tint()

    def _tint(self) -> None:
        self.back_button.setIcon(icon("previous"))
        self.next_button.setIcon(icon("next"))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "words"):
            self._tint()
        super().changeEvent(event)

    def as_class(self) -> int | None:
        """The class a selection is confirmed as, None as predicted."""
        chosen = self.as_box.currentData()
        return None if chosen is None else int(chosen)

    def list_classes(self, classes: Sequence[ClassDef]) -> None:
        """What a selection can be confirmed as."""
        chosen = self.as_box.currentData()
        self.as_box.clear()
        self.as_box.addItem(tr("As predicted"), None)
        for definition in classes:
            self.as_box.addItem(
                swatch_icon(definition.colour), tr("As {name}", name=definition.name), definition.id
            )
        self.as_box.setCurrentIndex(max(0, self.as_box.findData(chosen)))

    def show_state(
        self,
        confirm: str,
        *,
        can_confirm: bool,
        words: str,
        can_turn: bool,
        can_go_back: bool,
    ) -> None:
        """Name the button, and offer what makes sense now."""
        self.confirm_button.setText(caption(confirm))
        self.confirm_button.setEnabled(can_confirm)
        self.words.set_full(words)
        self.next_button.setVisible(can_turn or can_go_back)
        self.next_button.setEnabled(can_turn)
        self.back_button.setVisible(can_turn or can_go_back)
        self.back_button.setEnabled(can_go_back)
