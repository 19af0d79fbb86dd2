"""The panels of one open project, in four modes. A room puts a panel into a mode with `modes[Mode.X].add`."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from medlabeler.domain.changes import Changes
from medlabeler.domain.language import tr
from medlabeler.gui.accuracy.card import AccuracyCard
from medlabeler.gui.accuracy.details_page import DetailsPage
from medlabeler.gui.accuracy.panel import AccuracyPanel
from medlabeler.gui.accuracy.test_set_page import TestSetPage
from medlabeler.gui.browse.filter_bar import FilterBar
from medlabeler.gui.browse.panel import BrowsePanel
from medlabeler.gui.classes.palette import ClassPalette
from medlabeler.gui.grid.gallery import MANY, Gallery
from medlabeler.gui.grid.panel import GridPanel
from medlabeler.gui.grid.thumbnail_view import ThumbnailView
from medlabeler.gui.kit.turns import Patient
from medlabeler.gui.map.panel import MapPanel
from medlabeler.gui.queue.upcoming_strip import UpcomingStrip
from medlabeler.gui.remarks.panel import RemarksPanel
from medlabeler.gui.second_looks.page import SecondLooksPage
from medlabeler.gui.stage.about_image import AboutImage
from medlabeler.gui.stage.image_facts import ImageFacts
from medlabeler.gui.stage.stage import Stage
from medlabeler.gui.start.export_page import ExportPage
from medlabeler.gui.trust.causes_page import CausesPage
from medlabeler.gui.trust.counts_page import CountsPage
from medlabeler.gui.trust.silence_page import SilencePage
from medlabeler.gui.window.mode_page import Dock, ModePage, Spot
from medlabeler.gui.window.modes import Mode
from medlabeler.gui.window.question_bar import QuestionBar
from medlabeler.open_project.open_project import OpenProject

MAP_TIP = tr("All images as points (G changes between map and grid)")
BROWSE_TIP = tr("Every image with name, label and confidence: find, sort, select (Ctrl+F)")
GRID_TIP = tr("Many images of one predicted class, or of a lasso, to confirm a page at a time (G)")
LOOKS_TIP = tr("Labels to look at again, bulk checks, agreement of readers (Ctrl+L)")
TEST_TIP = tr("Reserve it, label it blind, measure on it, check for leaks")
POLISHED_AT_ONCE = 60
SWITCH_MS = 15
"""How much later the mode follows a large selection."""
REMEMBER_MS = 100
"""How much later a mode is noted as the one that comes up with the project."""
CARD = 80
"""Pixels that the card of the accuracy has at first."""
SIX_CLASSES = 293
"""Pixels that six classes, their number and the field for a further one take."""
SETTING = "mode"


def scrolled(panel: QWidget) -> QScrollArea:
    """`panel`, to be scrolled where the window is lower than it."""
    area = QScrollArea()
    area.setWidget(panel)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area


class ProjectPage(QWidget):
    """Label: the stage. Explore: map, all images, grid. Review: second looks, test set. Results: accuracy,
    export.

    `action_wanted`: a panel asks for the action of that name.
    """

    mode_changed = Signal(object)  # Mode
    action_wanted = Signal(str)
    full_changed = Signal(bool)  # whether the image has the whole screen

    def __init__(self, opened: OpenProject, store: QSettings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.opened = opened
        self._store = store
        self.mode = Mode.LABEL
        self.full = False
        self._switch = Patient(self, self._to_selection, SWITCH_MS)
        # The disk may take as long as the mode takes to come up.
        self._remember = Patient(self, self._keep_mode, REMEMBER_MS)
        # A mode is put together in one turn and painted in the next: both at once hold the window too long.
        self._paint = Patient(self, lambda: self.setUpdatesEnabled(True))
        self.modes: dict[Mode, ModePage] = {}
        self._aside: QWidget | None = None

    def build(self) -> Iterator[None]:
        """Make the panels; call before anything else. Between two steps the window may have its turn."""
        opened = self.opened
        self.classes = ClassPalette(opened, self)
        yield
        self.map = MapPanel(opened, self)
        yield
        self.grid = GridPanel(opened, self)
        yield
        self.gallery = Gallery(opened, self)
        yield
        self.browse = BrowsePanel(opened, self)
        self.filter = FilterBar(opened, self)
        self.map.put_above(self.filter)
        yield
        self.stage = Stage(opened, self)
        self.queue, self.image = self.stage.queue, self.stage.image
        yield
        self.about = AboutImage(opened, self)
        self.remarks = RemarksPanel(opened, self)
        self.about.put_below(self.remarks)
        self.upcoming = UpcomingStrip(opened)
        self.facts = ImageFacts(opened, self)
        yield
        self.looks = SecondLooksPage(opened, self)
        yield
        self.test_set = TestSetPage(opened, self)
        self.export = ExportPage(opened, self)
        for panel in (self.test_set, self.export):
            panel.wanted.connect(self.action_wanted)
        yield
        self.accuracy = AccuracyPanel(opened, self)
        self.card = AccuracyCard(opened, self)
        self.card.chosen.connect(lambda: self.choose_mode(Mode.RESULTS))
        yield
        self.details = DetailsPage(opened, self)
        yield
        self.counts = CountsPage(opened, self)
        yield
        self.silence = SilencePage(opened, self)
        yield
        self.causes = CausesPage(opened, self)
        yield
        yield from self._arrange()
        self.question = QuestionBar(opened, self)
        yield
        yield from self._polish()

    def _arrange(self) -> Iterator[None]:
        """Put the panels into the modes; widgets are dressed when they come into the page, so one by one."""
        self._stack = QStackedWidget()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._stack)
        below = {Mode.REVIEW: CARD}
        self.modes = {mode: ModePage(mode.value, self._store, below=below.get(mode, 200)) for mode in Mode}
        label, explore, review, results = (self.modes[mode] for mode in Mode)
        label.add(Spot.MAIN, tr("Image"), self.stage, shared=True)
        label.add(Spot.RIGHT, tr("Classes"), self.classes, shared=True, height=380, lowest=SIX_CLASSES)
        label.add(Spot.RIGHT, tr("This image"), self.about, shared=True, height=240)
        last = {tr("Next"): self.upcoming, tr("Facts"): self.facts}
        label.add_together(Spot.RIGHT, last, height=100, lowest=106)
        label.columns[Spot.RIGHT].pin(tr("Accuracy"), Dock(self.card), CARD)
        yield
        explore.add(Spot.LEFT, tr("Classes"), self.classes, shared=True, height=290)
        explore.add(Spot.LEFT, tr("Legend"), self.map.legend, height=190)
        explore.columns[Spot.LEFT].pin(tr("Accuracy"), Dock(self.card), CARD)
        yield
        explore.add(Spot.MAIN, tr("Map"), self.map, tip=MAP_TIP)
        explore.add(Spot.MAIN, tr("Images"), self.browse, tip=BROWSE_TIP)
        explore.add(Spot.MAIN, tr("Confirm many"), self.grid, tip=GRID_TIP)
        explore.add(Spot.BELOW, tr("Selection"), self.gallery)
        explore.add(Spot.RIGHT, tr("Image"), self.stage, shared=True, height=420)
        explore.add(Spot.RIGHT, tr("This image"), self.about, shared=True, height=240)
        yield
        review.add(Spot.MAIN, tr("Second looks"), self.looks, tip=LOOKS_TIP)
        review.add(Spot.MAIN, tr("Test set"), self.test_set, tip=TEST_TIP)
        review.add(Spot.BELOW, tr("Accuracy"), self.card, shared=True)
        yield
        results.add(Spot.MAIN, tr("Accuracy"), scrolled(self.accuracy))
        results.add(Spot.MAIN, tr("In detail"), self.details)
        results.add(Spot.MAIN, tr("Counts"), self.counts)
        results.add(Spot.MAIN, tr("Ask a person"), self.silence)
        results.add(Spot.MAIN, tr("Other causes"), self.causes)
        results.add(Spot.MAIN, tr("Export and report"), self.export)
        self.accuracy.details_wanted.connect(lambda: results.bring_up(self.details))
        self.accuracy.sharpen_wanted.connect(lambda: self.action_wanted.emit("sharpen"))
        yield
        for page in self.modes.values():
            page.settle()
            yield
            self._stack.addWidget(page)
            yield
        self._map_awaited = not np.isfinite(self.opened.xy).any()
        if self._map_awaited:
            explore.bring_up(self.browse)
            explore.main.tabBarClicked.connect(self._on_own_choice)
        explore.main.currentChanged.connect(self._on_tab)
        review.main.currentChanged.connect(self._on_review_tab)
        self._on_tab(0)
        self.filter.left.connect(self.map.view.setFocus)
        self.browse.enlarge_wanted.connect(self._enlarge)
        self.opened.changed.connect(self._on_changed)
        self.opened.selection_changed.connect(self._on_selection)
        self.opened.current_changed.connect(self._follow_look)
        for canvas in (self.image.canvas, self.stage.beside.picture.canvas):
            canvas.full_wanted.connect(self.toggle_full)
        self.about.strip.beside_wanted.connect(self.compare)
        self.looks.looked_at.connect(self._follow_look)
        stored = self.opened.project.settings.get(SETTING, Mode.LABEL.value)
        self.show_mode(Mode(stored) if stored in list(Mode) else Mode.LABEL)

    def _polish(self) -> Iterator[None]:
        """Let the widgets take the sheet a few at a time; else all take it in the turn that shows them."""
        for at, widget in enumerate(self.findChildren(QWidget)):
            widget.ensurePolished()
            if at % POLISHED_AT_ONCE == 0:
                yield

    # ------------------------------------------------------------------ modes

    def choose_mode(self, mode: Mode) -> None:
        """Bring up a mode, as a person does: it is remembered, and the keys go there."""
        if mode != self.mode:
            self.opened.project.settings.keep_soon(SETTING, mode.value)
            self._remember.start()
        self.show_mode(mode)
        self.take_focus()

    def _keep_mode(self) -> None:
        settings = self.opened.project.settings
        if not self.opened.closed:
            settings.keep(SETTING, settings.get(SETTING))

    def show_mode(self, mode: Mode) -> None:
        """Bring up a mode. Where one image is labelled at a time nothing else stays selected."""
        if mode != Mode.LABEL:
            self.show_full(False)
            self.stage.beside.leave()
        left, self.mode = self.mode, mode
        if mode != Mode.EXPLORE:
            self.opened.clear_selection()
        if left == Mode.REVIEW != mode:
            self._leave_looks()
        self.paint_later()
        self._take_in(self.modes[mode])
        self._stack.setCurrentWidget(self.modes[mode])
        self._follow_look()
        self.mode_changed.emit(mode)

    def paint_later(self) -> None:
        """What comes into sight now is painted in a turn of its own."""
        self.setUpdatesEnabled(False)
        self._paint.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.take_focus()  # else Enter would press the first button of the window

    def toggle_full(self) -> None:
        """Give the image the whole screen, or take it back."""
        if self.mode in (Mode.LABEL, Mode.EXPLORE):
            self.show_full(not self.full)

    def show_full(self, full: bool) -> None:
        """The stage alone: the same image, the same keys."""
        if full == self.full:
            return
        self.full = full
        if full:
            self.choose_mode(Mode.LABEL)
        self.modes[Mode.LABEL].columns[Spot.RIGHT].setHidden(full)
        self.full_changed.emit(full)
        self.take_focus()

    def compare(self, row: int = -1) -> None:
        """Two images side by side: the current one, and `row`; without it the other one of two that are
        selected, else one that fits; once more: one image again.
        """
        if self.mode not in (Mode.LABEL, Mode.EXPLORE):
            return
        selected = np.flatnonzero(self.opened.selection)
        if row < 0 and len(selected) == 2:
            row = int(selected[selected != self.opened.current][0])
        self.choose_mode(Mode.LABEL)
        self.stage.compare(row)

    def take_focus(self) -> None:
        """Give the keys to the subject of the mode."""
        if self.mode == Mode.EXPLORE:
            subjects = (self.grid.view, self.browse.view, self.map.view)
            next(view for view in subjects if view is self.map.view or view.isVisible()).setFocus()
        elif self.mode == Mode.LABEL:
            self.stage.setFocus()
        elif self.looking:
            self.looks.setFocus()

    def _on_selection(self) -> None:
        """Several images are looked at in Explore: nowhere else can they be seen."""
        n = int(np.count_nonzero(self.opened.selection))
        if n > MANY:
            self._switch.start()
        else:
            self._to_selection()

    def _to_selection(self) -> None:
        n = int(np.count_nonzero(self.opened.selection))
        if (n > 1 and self.mode != Mode.EXPLORE) or (n and self.mode == Mode.RESULTS):
            self.choose_mode(Mode.EXPLORE)

    def _follow_look(self) -> None:
        """In Review the current image is the one that is large there."""
        if self.looking and self.looks.row >= 0:
            self.opened.set_current(self.looks.row)

    @property
    def looking(self) -> bool:
        """Whether the second looks are in front: the keys are theirs then, and theirs alone."""
        return self.mode == Mode.REVIEW and self.modes[Mode.REVIEW].shows(self.looks)

    def _on_own_choice(self, _index: int) -> None:
        self._map_awaited = False

    def _on_changed(self, changes: Changes) -> None:
        """The first map comes to the front by itself, but never under the hands of somebody in Explore."""
        if (
            self._map_awaited
            and changes & Changes.PROJECTION
            and self.mode != Mode.EXPLORE
            and np.isfinite(self.opened.xy).any()
        ):
            self._map_awaited = False
            self.modes[Mode.EXPLORE].bring_up(self.map)

    def _on_review_tab(self, _index: int) -> None:
        if self.mode == Mode.REVIEW and not self.looking:
            self._leave_looks()
        self._follow_look()

    def _leave_looks(self) -> None:
        """The current image is again the one that is asked about; in blind mode it never was another."""
        if not self.opened.blind:
            self.opened.go_on()

    def show_looks(self) -> None:
        """Bring up the second looks."""
        self.modes[Mode.REVIEW].bring_up(self.looks)
        self.choose_mode(Mode.REVIEW)

    def _on_tab(self, _index: int) -> None:
        """Confirming many is a way of working of its own, and all images show the selection among them: both
        have the room of the selection as well.
        """
        explore = self.modes[Mode.EXPLORE]
        explore.below.setHidden(explore.shows(self.grid) or explore.shows(self.browse))

    def start_filter(self) -> None:
        """Let the person type what to find: above the map if that is in front, else above all images."""
        explore = self.modes[Mode.EXPLORE]
        if not explore.shows(self.map):
            explore.bring_up(self.browse)
        self.choose_mode(Mode.EXPLORE)
        (self.filter if explore.shows(self.map) else self.browse).start()

    def start_note(self) -> None:
        """Let the person write a note on the image on show."""
        if self.mode not in (Mode.LABEL, Mode.EXPLORE):
            self.choose_mode(Mode.LABEL)
        self.remarks.start()

    def select_all(self) -> None:
        """Select what is found; where only the selection is shown, pick all of it."""
        focus = QApplication.focusWidget()
        if isinstance(focus, ThumbnailView):
            focus.selectAll()
        else:
            self.opened.select_found()

    def _enlarge(self, row: int) -> None:
        self.opened.set_current(row)
        self.choose_mode(Mode.LABEL)

    def show_grid(self, on: bool) -> None:
        """Bring up the grid, or the map, and let the keys mean what is on it."""
        self.modes[Mode.EXPLORE].bring_up(self.grid if on else self.map)
        self.choose_mode(Mode.EXPLORE)

    def toggle_grid(self) -> None:
        """From the map to the grid, or back; from another mode to the grid."""
        self.show_grid(self.mode != Mode.EXPLORE or not self.modes[Mode.EXPLORE].shows(self.grid))

    # ------------------------------------------------------------------ theme

    def set_aside(self) -> Iterator[None]:
        """Take the modes that are not on show out of the window, one by one, until `take_in`.

        A new sheet dresses all that belongs to the window in one turn; seven in eight widgets are of modes
        that nobody sees then.
        """
        if self._aside is None:
            self._aside = QWidget()  # without a window's sheet, and never shown
        for mode, page in self.modes.items():
            if mode != self.mode and page.parentWidget() is self._stack:
                self._stack.removeWidget(page)
                page.setParent(self._aside)
                yield

    def drop_aside(self) -> None:
        """What is put aside goes with the page, which is left."""
        if self._aside is not None:
            self._aside.deleteLater()
            self._aside = None

    def take_in(self) -> Iterator[None]:
        """Put the modes back, one by one; each is dressed as it comes into the window."""
        for page in self.modes.values():
            if page.parentWidget() is self._aside:
                self._take_in(page)
                yield
        self.drop_aside()

    def _take_in(self, page: ModePage) -> None:
        if page.parentWidget() is not self._stack:
            self._stack.addWidget(page)

    def set_dark(self, dark: bool) -> None:
        """Follow the theme."""
        self.map.view.set_dark(dark)
