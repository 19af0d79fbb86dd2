"""Another image beside the current one: of the same group, a similar one, or one that was chosen."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QToolButton, QVBoxLayout, QWidget

from medlabeler.domain.changes import Changes
from medlabeler.domain.language import tr
from medlabeler.gui.kit.choice_box import ChoiceBox
from medlabeler.gui.kit.elements import EmptyState
from medlabeler.gui.kit.icons import icon
from medlabeler.gui.kit.plain import tip
from medlabeler.gui.stage.companions import NONE, TITLES, Kind, companions
from medlabeler.gui.stage.image_canvas import ImageCanvas
from medlabeler.gui.stage.labelled_picture import LabelledPicture
from medlabeler.gui.stage.linked_canvases import LinkedCanvases
from medlabeler.open_project.open_project import OpenProject

NOTHING = tr("Nothing to compare with")


class Beside(QWidget):
    """Hidden until `compare`; follows the current image, which stays the one that keys label."""

    compared = Signal(bool)  # whether two images are seen

    def __init__(self, opened: OpenProject, canvas: ImageCanvas, parent: QWidget | None = None) -> None:
        """`canvas` shows the current image."""
        super().__init__(parent)
        self.opened, self.row, self._chosen, self._current = opened, -1, -1, -1
        self.on = False
        self._canvas = canvas
        self.picture = LabelledPicture(opened)
        self.empty = EmptyState(NOTHING)
        self.links = LinkedCanvases(canvas, self.picture.canvas)
        self.kind = ChoiceBox(tr("What stands beside the current image"))
        self.kind.setToolTip(tr("What stands beside the current image"))
        self.kind.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for kind in Kind:
            self.kind.addItem(TITLES[kind], kind)
        self._icons: dict[QToolButton, str] = {}
        self.back = self._button("previous", tr("The one before, beside the same image"))
        self.next = self._button("next", tr("The next one, beside the same image"))
        self.swap = self._button("label", tr("Make it the current image: the one that keys label"))
        self.close_button = self._button("close", tr("One image again (B or Escape)"))
        self._lay_out()
        self._tint()
        self.kind.activated.connect(lambda _at: self.refresh())
        self.back.clicked.connect(lambda: self._step(-1))
        self.next.clicked.connect(lambda: self._step(1))
        self.swap.clicked.connect(self._swap)
        self.close_button.clicked.connect(self.leave)
        self.picture.shown.connect(self.links.follow)
        opened.current_changed.connect(self._on_current)
        opened.view_changed.connect(self.refresh)
        opened.changed.connect(self._on_changed)
        opened.neighbours_changed.connect(lambda _row: self.refresh())
        self.hide()

    def _button(self, name: str, words: str) -> QToolButton:
        made = QToolButton()
        made.setIconSize(QSize(16, 16))
        made.setAutoRaise(True)
        made.setToolTip(tip(words))
        made.setAccessibleName(words)
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._icons[made] = name
        return made

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(8, 0, 4, 0)
        head.setSpacing(2)
        head.addWidget(self.kind, 1)
        for made in (self.back, self.next, self.swap, self.close_button):
            head.addWidget(made)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(head)
        self._stack = QStackedLayout()
        box.addLayout(self._stack, 1)
        # Its first widget is shown at once: before it lies in this one it would be a window of its own.
        self._stack.addWidget(self.picture)
        self._stack.addWidget(self.empty)

    def _tint(self) -> None:
        for made, name in self._icons.items():
            made.setIcon(icon(name))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_icons"):
            self._tint()
        super().changeEvent(event)

    # ------------------------------------------------------------------ what is seen

    def compare(self, row: int = -1) -> None:
        """Put `row` beside the current image; -1: the next of its group, else the most similar one."""
        opened = self.opened
        if opened.blind or not 0 <= opened.current < opened.n:
            return
        self._current = opened.current
        if row >= 0:
            self._chosen = row
            self._choose(Kind.CHOSEN)
        else:
            kinds = (Kind.GROUP, Kind.SIMILAR)
            self._choose(next((kind for kind in kinds if self._found(kind)), Kind.SIMILAR))
        self._turn(True)

    def leave(self) -> None:
        """One image again."""
        self._turn(False)

    def _turn(self, on: bool) -> None:
        changed, self.on, self.links.on = on != self.on, on, on
        self._canvas.set_framed(on)
        self.setVisible(on)
        self.refresh()
        if changed:
            self.compared.emit(on)

    def refresh(self) -> None:
        """Show what can stand beside the current image; what stands there stays if it can."""
        if self.on and (self.opened.blind or self.opened.current < 0):
            self.leave()
        if not self.on:
            self._show(-1)
            return
        kind = Kind(self.kind.currentData())
        found = self._found(kind)
        self._show(self.row if self.row in found else found[0] if found else -1)
        for made in (self.back, self.next):
            made.setEnabled(len(found) > 1)
        self.swap.setEnabled(bool(found))
        self.empty.set_text(NOTHING, NONE[kind])
        self._stack.setCurrentWidget(self.picture if found else self.empty)

    def _show(self, row: int) -> None:
        self.row = row
        self.picture.show_row(row)
        self.links.follow()

    def _found(self, kind: Kind) -> list[int]:
        return companions(self.opened, self.opened.current, kind, self._chosen)

    def _choose(self, kind: Kind) -> None:
        self.kind.setCurrentIndex(self.kind.findData(kind))

    def _step(self, by: int) -> None:
        found = self._found(Kind(self.kind.currentData()))
        if self.row in found:
            self._show(found[(found.index(self.row) + by) % len(found)])

    def _swap(self) -> None:
        """The two change places."""
        if self.row >= 0:
            self.opened.set_current(self.row)

    def _on_current(self) -> None:
        left, self._current = self._current, self.opened.current
        if self.on and self._current == self.row:
            # They changed places: what was asked about stays in sight.
            self._chosen, self.row = left, left
            if left not in self._found(Kind(self.kind.currentData())):
                self._choose(Kind.CHOSEN)
        self.refresh()

    def _on_changed(self, changes: Changes) -> None:
        if changes & (Changes.IMAGES | Changes.LABELS | Changes.CLASSES | Changes.EMBEDDING):
            self.refresh()
