"""The panels of one open project, in four modes. A room puts a panel into a mode with `modes[Mode.X].add`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

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
from medlabeler.gui.kit.turns import Patient, Turns
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
from medlabeler.gui.window.later import Later
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
SEEN_MS = 200
"""After so long a page has been painted, and answers."""
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


def _polish(panel: QWidget) -> Iterator[None]:
    """Let the widgets take the sheet a few at a time; else all take it in the turn that shows them."""
    for at, widget in enumerate(panel.findChildren(QWidget)):
        widget.ensurePolished()
        if at % POLISHED_AT_ONCE == 0:
            yield


class ProjectPage(QWidget):
    """Label: the stage. Explore: map, all images, grid. Review: second looks, test set. Results: accuracy,
    export.

    `action_wanted`: a panel asks for the action of that name; `menu_wanted`: for a menu of the selection.
    """

    mode_changed = Signal(object)  # Mode
    action_wanted = Signal(str)
    menu_wanted = Signal(object)  # global position
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
        self._aside = QWidget()  # without a window's sheet, and never shown
        self.destroyed.connect(self._aside.deleteLater)
        self._rest = Turns(self)
        self._seen = Patient(self, lambda: self._rest.begin(self.make_the_rest()), SEEN_MS)
        self._browse = Later(self._make_browse)
        self._grid = Later(lambda: GridPanel(opened))
        self._looks = Later(self._make_looks)
        self._test_set = Later(self._make_test_set)
        self._accuracy = Later(lambda: scrolled(self._make_accuracy()))
        self._details = Later(lambda: DetailsPage(opened))
        self._counts = Later(lambda: CountsPage(opened))
        self._silence = Later(lambda: SilencePage(opened))
        self._causes = Later(lambda: CausesPage(opened))
        self._export = Later(self._make_export)
        self._laters: tuple[Later[Any], ...] = (
            self._browse,
            self._grid,
            self._looks,
            self._accuracy,
            self._test_set,
            self._details,
            self._counts,
            self._silence,
            self._causes,
            self._export,
        )

    def build(self) -> Iterator[None]:
        """Make what is seen first; call before anything else, and `begin_the_rest` after it. Between two
        steps the window may have its turn.

        A panel belongs to no window until it is in its place: what is dressed is dressed again wherever it is
        put.
        """
        opened = self.opened
        self.classes = ClassPalette(opened, self._aside)
        yield
        self.map = MapPanel(opened, self._aside)
        self.map.menu_wanted.connect(self.menu_wanted)
        yield
        self.filter = FilterBar(opened, self._aside)
        self.map.put_above(self.filter)
        self.gallery = Gallery(opened, self._aside)
        yield
        self.stage = Stage(opened, self._aside)
        self.queue, self.image = self.stage.queue, self.stage.image
        yield
        self.about = AboutImage(opened, self._aside)
        self.remarks = RemarksPanel(opened, self._aside)
        self.about.put_below(self.remarks)
        self.upcoming = UpcomingStrip(opened, self._aside)
        self.facts = ImageFacts(opened, self._aside)
        yield
        self.card = AccuracyCard(opened, self._aside)
        self.card.chosen.connect(lambda: self.choose_mode(Mode.RESULTS))
        yield
        yield from self._arrange()
        self.question = QuestionBar(opened, self)
        yield
        yield from self.modes[self.mode].hold()
        yield from _polish(self)

    def begin_the_rest(self) -> None:
        """Make what is behind something else, once the page is painted, one panel in each turn in which
        nothing else happens.
        """
        self._seen.start()

    def make_the_rest(self) -> Iterator[None]:
        """Make each panel that nobody asked for yet."""
        for later in self._laters:
            yield
            if self.opened.closed:
                return
            if later.made is None:
                later()
                yield
                yield from _polish(later())

    def leave(self) -> None:
        """The project is taken off the screen: no more panels are made for it."""
        self._seen.stop()
        self._rest.begin(iter(()))
        self._aside.deleteLater()

    @property
    def browse(self) -> BrowsePanel:
        """All images."""
        return self._browse()

    @property
    def grid(self) -> GridPanel:
        """Many images to confirm."""
        return self._grid()

    @property
    def looks(self) -> SecondLooksPage:
        """The second looks."""
        return self._looks()

    @property
    def test_set(self) -> TestSetPage:
        """The test set."""
        return self._test_set()

    @property
    def accuracy(self) -> AccuracyPanel:
        """The accuracy and what it was measured on."""
        panel = self._accuracy().widget()
        assert isinstance(panel, AccuracyPanel)  # noqa: S101 - which `_make_accuracy` made
        return panel

    @property
    def details(self) -> DetailsPage:
        """The accuracy class by class."""
        return self._details()

    @property
    def counts(self) -> CountsPage:
        """How often each class occurs."""
        return self._counts()

    @property
    def silence(self) -> SilencePage:
        """When to ask a person."""
        return self._silence()

    @property
    def export(self) -> ExportPage:
        """What can be taken out of the program."""
        return self._export()

    @property
    def causes(self) -> CausesPage:
        """What else may explain an accuracy."""
        return self._causes()

    def _make_browse(self) -> BrowsePanel:
        panel = BrowsePanel(self.opened)
        panel.menu_wanted.connect(self.menu_wanted)
        panel.enlarge_wanted.connect(self._enlarge)
        return panel

    def _make_looks(self) -> SecondLooksPage:
        panel = SecondLooksPage(self.opened)
        panel.looked_at.connect(self._follow_look)
        return panel

    def _make_test_set(self) -> TestSetPage:
        panel = TestSetPage(self.opened)
        panel.wanted.connect(self.action_wanted)
        return panel

    def _make_export(self) -> ExportPage:
        panel = ExportPage(self.opened)
        panel.wanted.connect(self.action_wanted)
        return panel

    def _make_accuracy(self) -> AccuracyPanel:
        panel = AccuracyPanel(self.opened)
        panel.details_wanted.connect(lambda: self.modes[Mode.RESULTS].bring_up(self._details))
        panel.sharpen_wanted.connect(lambda: self.action_wanted.emit("sharpen"))
        return panel

    def _arrange(self) -> Iterator[None]:
        """Put the panels into the modes; widgets are dressed when they come into the page, so one by one."""
        self._stack = QStackedWidget()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._stack)
        below = {Mode.REVIEW: CARD}
        self.modes = {mode: ModePage(mode.value, self._store, below=below.get(mode, 200)) for mode in Mode}
        for page in self.modes.values():
            self._stack.addWidget(page)
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
        explore.add(Spot.MAIN, tr("Images"), self._browse, tip=BROWSE_TIP)
        explore.add(Spot.MAIN, tr("Confirm many"), self._grid, tip=GRID_TIP)
        explore.add(Spot.BELOW, tr("Selection"), self.gallery)
        explore.add(Spot.RIGHT, tr("Image"), self.stage, shared=True, height=420)
        explore.add(Spot.RIGHT, tr("This image"), self.about, shared=True, height=240)
        yield
        review.add(Spot.MAIN, tr("Second looks"), self._looks, tip=LOOKS_TIP)
        review.add(Spot.MAIN, tr("Test set"), self._test_set, tip=TEST_TIP)
        review.add(Spot.BELOW, tr("Accuracy"), self.card, shared=True)
        yield
        results.add(Spot.MAIN, tr("Accuracy"), self._accuracy)
        results.add(Spot.MAIN, tr("In detail"), self._details)
        results.add(Spot.MAIN, tr("Counts"), self._counts)
        results.add(Spot.MAIN, tr("Ask a person"), self._silence)
        results.add(Spot.MAIN, tr("Other causes"), self._causes)
        results.add(Spot.MAIN, tr("Export and report"), self._export)
        yield
        for page in self.modes.values():
            page.settle()
            yield
        self._map_awaited = not np.isfinite(self.opened.xy).any()
        if self._map_awaited:
            explore.bring_up(self._browse)
            explore.main.tabBarClicked.connect(self._on_own_choice)
        explore.main.currentChanged.connect(self._on_tab)
        review.main.currentChanged.connect(self._on_review_tab)
        self._on_tab(0)
        self.filter.left.connect(self.map.view.setFocus)
        self.opened.changed.connect(self._on_changed)
        self.opened.selection_changed.connect(self._on_selection)
        self.opened.current_changed.connect(self._follow_look)
        for canvas in (self.image.canvas, self.stage.beside.picture.canvas):
            canvas.full_wanted.connect(self.toggle_full)
        self.about.strip.beside_wanted.connect(self.compare)
        stored = self.opened.project.settings.get(SETTING, Mode.LABEL.value)
        self.show_mode(Mode(stored) if stored in list(Mode) else Mode.LABEL)

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
            made = [panel for panel in (self._grid.made, self._browse.made) if panel is not None]
            next((panel.view for panel in made if panel.view.isVisible()), self.map.view).setFocus()
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
        return self.mode == Mode.REVIEW and self.modes[Mode.REVIEW].shows(self._looks)

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
        self.modes[Mode.REVIEW].bring_up(self._looks)
        self.choose_mode(Mode.REVIEW)

    def _on_tab(self, _index: int) -> None:
        """Confirming many is a way of working of its own, and all images show the selection among them: both
        have the room of the selection as well.
        """
        explore = self.modes[Mode.EXPLORE]
        explore.below.setHidden(explore.shows(self._grid) or explore.shows(self._browse))

    def start_filter(self) -> None:
        """Let the person type what to find: above the map if that is in front, else above all images."""
        explore = self.modes[Mode.EXPLORE]
        if not explore.shows(self.map):
            explore.bring_up(self._browse)
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
        self.modes[Mode.EXPLORE].bring_up(self._grid if on else self.map)
        self.choose_mode(Mode.EXPLORE)

    def toggle_grid(self) -> None:
        """From the map to the grid, or back; from another mode to the grid."""
        self.show_grid(self.mode != Mode.EXPLORE or not self.modes[Mode.EXPLORE].shows(self._grid))

    # ------------------------------------------------------------------ theme

    def set_aside(self) -> Iterator[None]:
        """Take the modes that are not on show out of the window, and the panels behind others, one by one,
        until `take_in`.

        A new sheet dresses all that belongs to the window in one turn; seven in eight widgets are of modes
        that nobody sees then.
        """
        for mode, page in self.modes.items():
            if mode != self.mode and page.parentWidget() is self._stack:
                self._stack.removeWidget(page)
                page.setParent(self._aside)
                yield
        for later in self._laters:
            if later.made is not None and later.made.window() is self.window() and not later.made.isVisible():
                later.made.setParent(self._aside)
                yield

    def take_in(self) -> Iterator[None]:
        """Put them back, one by one; each is dressed as it comes into the window."""
        for page in self.modes.values():
            if page.parentWidget() is self._aside:
                self._take_in(page)
                yield
        for later in self._laters:
            if later.made is not None and later.made.parentWidget() is self._aside:
                later.place()
                yield

    def _take_in(self, page: ModePage) -> None:
        if page.parentWidget() is not self._stack:
            self._stack.addWidget(page)

    def set_dark(self, dark: bool) -> None:
        """Follow the theme."""
        self.map.view.set_dark(dark)
